#include "base/addr.h"

#include <arpa/inet.h>
#include <stdio.h>

bool zj_addr_is_v4(const struct zj_addr *a)
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return memcmp(a->bytes, mapped, sizeof mapped) == 0;
}

bool zj_addr_parse(struct zj_span text, struct zj_addr *out)
{
    char copy[INET6_ADDRSTRLEN];
    struct in_addr v4;
    if (text.len == 0 || text.len >= sizeof copy)
        return false;
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    if (inet_pton(AF_INET, copy, &v4) == 1) {
        *out = zj_addr_v4(ntohl(v4.s_addr));
        return true;
    }
    return inet_pton(AF_INET6, copy, out->bytes) == 1;
}

/* IPv4 by hand: every row of facts has two addresses, and inet_ntop formats with printf. */
void zj_addr_format(const struct zj_addr *a, char out[ZJ_ADDR_TEXT])
{
    char *p = out;
    if (!zj_addr_is_v4(a)) {
        inet_ntop(AF_INET6, a->bytes, out, ZJ_ADDR_TEXT);
        return;
    }
    for (size_t i = 12; i < 16; i++) {
        const unsigned byte = a->bytes[i];
        if (byte >= 100)
            *p++ = (char)('0' + byte / 100);
        if (byte >= 10)
            *p++ = (char)('0' + byte / 10 % 10);
        *p++ = (char)('0' + byte % 10);
        *p++ = i < 15 ? '.' : '\0';
    }
}

void zj_addr_key(const struct zj_addr *a, char out[ZJ_ADDR_KEY])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < 16; i++) {
        out[2 * i] = digits[a->bytes[i] >> 4];
        out[2 * i + 1] = digits[a->bytes[i] & 15];
    }
    out[32] = '\0';
}

struct block {
    uint8_t head[16];
    unsigned bits;
};

static bool has_prefix(const uint8_t *address, const struct block *block)
{
    const unsigned whole = block->bits / 8, rest = block->bits % 8;
    if (memcmp(address, block->head, whole) != 0)
        return false;
    if (rest == 0)
        return true;
    const uint8_t mask = (uint8_t)(0xff << (8 - rest));
    return (address[whole] & mask) == (block->head[whole] & mask);
}

static bool is_in(const uint8_t *address, const struct block *blocks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (has_prefix(address, &blocks[i]))
            return true;
    return false;
}

bool zj_addr_is_public(const struct zj_addr *a)
{
    /* RFC 6890 and its successors: what is never an address on the open Internet */
    static const struct block v4[] = {
        {{0}, 8},           {{10}, 8},          {{100, 64}, 10},    {{127}, 8},
        {{169, 254}, 16},   {{172, 16}, 12},    {{192, 0, 2}, 24},  {{192, 168}, 16},
        {{198, 51, 100}, 24}, {{203, 0, 113}, 24}, {{224}, 4},      {{240}, 4},
    };
    static const struct block v6[] = {
        {{0}, 127},            /* :: and ::1 */
        {{0xfc}, 7},           {{0xfe, 0x80}, 10}, {{0x20, 0x01, 0x0d, 0xb8}, 32},
        {{0x3f, 0xff, 0x00}, 20}, {{0xff}, 8},
    };
    return zj_addr_is_v4(a) ? !is_in(a->bytes + 12, v4, ZJ_COUNT(v4))
                            : !is_in(a->bytes, v6, ZJ_COUNT(v6));
}

bool zj_addr_is_nearby(const struct zj_addr *a)
{
    static const struct block v4[] = {
        {{10}, 8},       {{100, 64}, 10},  {{127}, 8}, {{169, 254}, 16},
        {{172, 16}, 12}, {{192, 168}, 16}, {{224}, 4}, {{255, 255, 255, 255}, 32},
    };
    static const struct block v6[] = {{{0}, 127}, {{0xfc}, 7}, {{0xfe, 0x80}, 10}, {{0xff}, 8}};
    return zj_addr_is_v4(a) ? is_in(a->bytes + 12, v4, ZJ_COUNT(v4))
                            : is_in(a->bytes, v6, ZJ_COUNT(v6));
}

static bool parse_number(struct zj_span text, unsigned max, unsigned *out)
{
    unsigned value = 0;
    if (text.len == 0 || text.len > 5)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        value = value * 10 + (unsigned)(text.at[i] - '0');
    }
    *out = value;
    return value <= max;
}

static bool parse_range(struct zj_span text, struct zj_endpoint *out)
{
    const uint8_t *slash = memchr(text.at, '/', text.len);
    struct zj_span head = text;
    unsigned bits = 128;
    if (slash)
        head.len = (size_t)(slash - text.at);
    if (!zj_addr_parse(head, &out->lo))
        return false;
    const bool is_v4 = zj_addr_is_v4(&out->lo) && memchr(head.at, '.', head.len);
    if (slash) {
        struct zj_span tail = zj_span_part(text, head.len + 1, text.len);
        if (!parse_number(tail, is_v4 ? 32 : 128, &bits))
            return false;
        bits += is_v4 ? 96 : 0;
    }
    out->hi = out->lo;
    for (unsigned i = bits; i < 128; i++) {
        const uint8_t bit = (uint8_t)(0x80 >> i % 8);
        out->lo.bytes[i / 8] &= (uint8_t)~bit;
        out->hi.bytes[i / 8] |= bit;
    }
    return true;
}

static bool is_host_name(struct zj_span s)
{
    bool has_letter = false, has_dot = false;
    if (s.len < 3 || s.len > 253 || s.at[0] == '.' || s.at[0] == '-')
        return false;
    for (size_t i = 0; i < s.len; i++) {
        const uint8_t c = s.at[i];
        const bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '_' && c != '*')
            return false;
        has_letter |= letter;
        has_dot |= c == '.';
    }
    if (!has_letter || !has_dot)
        return false;
    size_t top = s.len; /* a top-level domain has two letters or more, and begins with one */
    while (s.at[top - 1] != '.')
        top--;
    return s.len - top >= 2 && (s.at[top] | 0x20) >= 'a' && (s.at[top] | 0x20) <= 'z';
}

bool zj_endpoint_parse(struct zj_span text, struct zj_endpoint *out)
{
    struct zj_endpoint found = {0};
    struct zj_span head = zj_span_trim(text), tail = {0};
    unsigned port = 0;
    if (head.len && head.at[0] == '[') {
        const uint8_t *close = memchr(head.at, ']', head.len);
        if (!close)
            return false;
        tail = zj_span_of(close + 1, (size_t)(head.at + head.len - close - 1));
        head = zj_span_of(head.at + 1, (size_t)(close - head.at - 1));
        if (tail.len && tail.at[0] != ':')
            return false;
    } else {
        const uint8_t *colon = memchr(head.at, ':', head.len);
        const size_t before = colon ? (size_t)(colon - head.at) : head.len;
        if (colon && !memchr(colon + 1, ':', head.len - before - 1)) { /* one colon: a port */
            tail = zj_span_of(colon, head.len - before);
            head.len = before;
        }
    }
    if (tail.len && (!parse_number(zj_span_part(tail, 1, tail.len), 65535, &port) || port == 0))
        return false;
    found.port = (uint16_t)port;
    if (head.len == 0)
        return false;
    if (!parse_range(head, &found)) {
        if (!is_host_name(head))
            return false;
        found.is_host = true;
        found.host = head;
    }
    *out = found;
    return true;
}
