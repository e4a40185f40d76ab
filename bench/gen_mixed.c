/* gen_mixed OUT BYTES CAPTURE...: traffic of many kinds, from small captures.
 *
 * All packets of the captures (classic pcap, Ethernet), interleaved, again and again until there
 * are BYTES. Each copy has addresses of its own, checksums mended: repeated unchanged, every copy
 * would be an old flow, and an engine that looks at the first packets of a flow would look like
 * three. */
#include "frames.h"

#include <stdlib.h>
#include <string.h>

enum { FRAME_MAX = 65536 };

struct packet {
    uint8_t *at;
    uint32_t len;
};

struct capture {
    struct packet *packets;
    size_t count, next;
};

static uint32_t load32(const uint8_t *p, bool swapped)
{
    const uint32_t v = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    return swapped ? __builtin_bswap32(v) : v;
}

static bool load_capture(const char *path, struct capture *out)
{
    uint8_t head[24], record[16];
    FILE *in = fopen(path, "rb");
    if (!in)
        die(path, "cannot be read");
    *out = (struct capture){0};
    bool is_ours = fread(head, 1, sizeof head, in) == sizeof head;
    const uint32_t magic = is_ours ? load32(head, false) : 0;
    const bool swapped = magic == 0xd4c3b2a1 || magic == 0x4d3cb2a1;
    is_ours = is_ours && (swapped || magic == 0xa1b2c3d4 || magic == 0xa1b23c4d) &&
              load32(head + 20, swapped) == 1;
    size_t room = 0;
    while (is_ours && fread(record, 1, 16, in) == 16) {
        const uint32_t len = load32(record + 8, swapped);
        if (len > FRAME_MAX)
            break;
        uint8_t *frame = malloc(len ? len : 1);
        if (!frame || fread(frame, 1, len, in) != len)
            break;
        if (out->count == room)
            out->packets = realloc(out->packets, (room = room * 2 + 64) * sizeof *out->packets);
        if (!out->packets)
            die(path, "out of memory");
        out->packets[out->count++] = (struct packet){frame, len};
    }
    fclose(in);
    return out->count > 0;
}

static unsigned load16be(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

/* Changes the 32-bit word at `at` and the checksum at `check` (NULL: none) with it. */
static void change_word(uint8_t *at, uint32_t key, uint8_t *check, uint8_t *check2)
{
    const uint32_t old = load16be(at) << 16 | load16be(at + 2), new = old ^ key;
    at[0] = (uint8_t)(new >> 24);
    at[1] = (uint8_t)(new >> 16);
    at[2] = (uint8_t)(new >> 8);
    at[3] = (uint8_t) new;
    uint8_t *const checks[] = {check, check2};
    for (int i = 0; i < 2; i++) {
        if (!checks[i])
            continue;
        const uint16_t sum = checksum_after((uint16_t)load16be(checks[i]), old, new);
        checks[i][0] = (uint8_t)(sum >> 8);
        checks[i][1] = (uint8_t)sum;
    }
}

/* Where the checksum over the pseudo header stands; NULL where there is none. */
static uint8_t *check_of(uint8_t *l4, size_t len, unsigned protocol)
{
    if (protocol == 6 && len >= 20)
        return l4 + 16;
    if (protocol == 17 && len >= 8 && load16be(l4 + 6))
        return l4 + 6;
    return protocol == 58 && len >= 4 ? l4 + 2 : NULL;
}

static void readdress(uint8_t *frame, size_t len, uint32_t key)
{
    size_t at = 12;
    while (at + 4 <= len && (load16be(frame + at) == 0x8100 || load16be(frame + at) == 0x88a8))
        at += 4;
    if (at + 2 > len)
        return;
    const unsigned type = load16be(frame + at);
    uint8_t *ip = frame + at + 2;
    const size_t left = len - at - 2;
    if (type == 0x0800 && left >= 20) {
        const size_t head = (size_t)(ip[0] & 15) * 4;
        const bool is_first = !(load16be(ip + 6) & 0x1fff);
        uint8_t *check =
            is_first && head >= 20 && left > head ? check_of(ip + head, left - head, ip[9]) : NULL;
        change_word(ip + 12, key, ip + 10, check);
        change_word(ip + 16, key, ip + 10, check);
    } else if (type == 0x86dd && left >= 40) {
        uint8_t *check = check_of(ip + 40, left - 40, ip[6]);
        change_word(ip + 16, key, check, NULL); /* fourth to last word of the source's eight */
        change_word(ip + 32, key, check, NULL);
    }
}

int main(int argc, char **argv)
{
    if (argc < 4)
        die(argv[0], "OUT BYTES CAPTURE...");
    const uint64_t want = strtoull(argv[2], NULL, 10);
    struct capture *captures = calloc((size_t)argc, sizeof *captures);
    size_t count = 0;
    for (int i = 3; captures && i < argc; i++)
        count += load_capture(argv[i], &captures[count]);
    if (!count)
        die(argv[0], "no capture that is classic pcap of Ethernet");

    struct out out;
    uint64_t random = 1;
    unsigned copies = 0;
    static uint8_t frame[FRAME_MAX];
    out_open(&out, argv[1], 4);
    while (out.bytes < want) {
        const uint32_t key = copies++ ? (uint32_t)random_next(&random) : 0;
        size_t live = count;
        for (size_t i = 0; i < count; i++)
            captures[i].next = 0;
        while (live) {
            live = 0;
            for (size_t i = 0; i < count; i++) {
                struct capture *c = &captures[i];
                if (c->next == c->count)
                    continue;
                live++;
                const struct packet *p = &c->packets[c->next++];
                memcpy(frame, p->at, p->len);
                readdress(frame, p->len, key);
                out_frame(&out, frame, p->len);
            }
        }
    }
    out_close(&out);
    printf("%s: %llu packets, %llu bytes, %u copies of %zu captures\n", argv[1],
           (unsigned long long)out.packets, (unsigned long long)out.bytes, copies, count);
    return 0;
}
