/* Capture readers, over files made in memory after the formats' own descriptions: the libpcap file
 * format (pcap-savefile) and draft-ietf-opsawg-pcapng. */
#include "craft.h"

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "sense/capture.h"

struct result {
    zj_err err;
    size_t count;
    struct zj_packet first, last;
    uint8_t first_bytes[16];
    uint64_t bytes;
    char message[1024];
};

static struct result read_fd(int fd)
{
    struct result result = {0};
    struct zj_packet pkts[ZJ_BATCH];
    struct zj_job job;
    size_t n;
    zj_job_init(&job);
    struct zj_capture *cap = zj_capture_of_fd(fd, "made.pcap");
    do {
        result.err = zj_capture_batch(&job, cap, pkts, &n);
        for (size_t i = 0; i < n; i++) {
            if (result.count++ == 0) {
                result.first = pkts[i];
                memcpy(result.first_bytes, pkts[i].at, pkts[i].len < 16 ? pkts[i].len : 16);
            }
            result.last = pkts[i];
            result.bytes += pkts[i].len;
        }
    } while (!result.err && n);
    memcpy(result.message, job.message, sizeof result.message);
    zj_capture_close(cap);
    zj_job_release(&job);
    return result;
}

static int memory_file(struct zj_span file)
{
    const int fd = memfd_create("capture", 0);
    assert_int_equal(write(fd, file.at, file.len), file.len);
    lseek(fd, 0, SEEK_SET);
    return fd;
}

struct feed {
    int fd;
    struct zj_span file;
};

static void *feed(void *arg)
{
    struct feed *f = arg;
    for (ssize_t n; f->file.len && (n = write(f->fd, f->file.at, f->file.len)) > 0;)
        f->file = zj_span_part(f->file, (size_t)n, f->file.len);
    close(f->fd);
    return NULL;
}

/* As a file, which is read in place, and through a pipe, which cannot be: both give the same. */
static struct result read_all(struct zj_span file)
{
    const struct result result = read_fd(memory_file(file));
    int ends[2];
    pthread_t thread;
    assert_int_equal(pipe(ends), 0);
    struct feed by_pipe = {ends[1], file};
    assert_int_equal(pthread_create(&thread, NULL, feed, &by_pipe), 0);
    const struct result piped = read_fd(ends[0]);
    pthread_join(thread, NULL);
    assert_int_equal(piped.err, result.err);
    assert_int_equal(piped.count, result.count);
    assert_int_equal(piped.bytes, result.bytes);
    assert_int_equal(piped.last.time_ns, result.last.time_ns);
    assert_memory_equal(piped.first_bytes, result.first_bytes, sizeof result.first_bytes);
    assert_string_equal(piped.message, result.message);
    return result;
}

static struct result read_hex(const char *hex)
{
    struct zj_buf file = {0};
    put_bytes(&file, hex);
    struct result result = read_all(zj_buf_all(&file));
    zj_buf_release(&file);
    return result;
}

static void assert_says(const struct result *result, const char *text)
{
    if (!strstr(result->message, text))
        fail_msg("message is: %s", result->message);
}

/* 1700000000 is 0x6553f100; the second part of the time is 5. */
#define LITTLE "d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000"
#define BIG    "a1b2c3d4 0002 0004 00000000 00000000 00040000 00000001"
#define NANO   "4d3cb2a1 0200 0400 00000000 00000000 00000400 65000000"
#define OLD    "34cdb2a1 0200 0400 00000000 00000000 00000400 01000000"

static void pcap_in_both_orders_and_units(void **state)
{
    (void)state;
    struct result r = read_hex(LITTLE "00f15365 05000000 02000000 40000000 abcd");
    assert_int_equal(r.err, ZJ_OK);
    assert_int_equal(r.count, 1);
    assert_int_equal(r.first.time_ns, START + 5000);
    assert_int_equal(r.first.len, 2);
    assert_int_equal(r.first.wire_len, 0x40);
    assert_int_equal(r.first.link, ZJ_LINK_ETHERNET);
    assert_int_equal(r.first_bytes[0], 0xab);
    r = read_hex(BIG "6553f100 00000005 00000002 00000040 abcd");
    assert_int_equal(r.first.time_ns, START + 5000);
    assert_int_equal(r.first.wire_len, 0x40);
    r = read_hex(NANO "00f15365 05000000 02000000 02000000 abcd");
    assert_int_equal(r.first.time_ns, START + 5);
    assert_int_equal(r.first.link, ZJ_LINK_RAW);
    r = read_hex(OLD "00f15365 05000000 02000000 02000000 0100000008000000 abcd");
    assert_int_equal(r.count, 1);
    assert_int_equal(r.first_bytes[1], 0xcd);
}

static void pcap_faults_name_packet_and_offset(void **state)
{
    (void)state;
    static const struct {
        const char *hex, *says;
        size_t kept;
    } cases[] = {
        /* one good packet of 18 bytes at 24, so the next record is packet 2 at offset 42 */
        {LITTLE "00f15365 05000000 02000000 02000000 abcd 00f15365 05000000 0a000000 0a000000 ab",
         "made.pcap: packet 2 at offset 42: the file is cut off inside a packet (17 / 26)", 1},
        {LITTLE "00f15365 05000000 02000000 02000000 abcd 00f153", "packet 2 at offset 42", 1},
        {LITTLE "00f15365 05000000 02000000 02000000 abcd 00f15365 05000000 ffffffff 0a000000 abcd",
         "packet 2 at offset 42: impossible packet length (4294967295 / 524288)", 1},
        {"d4c3b2a1 0200 0400 0000",
         "packet 1 at offset 0: the file ends inside its header (10 / 24)", 0},
        {"d4c3", "no capture", 0},
        {"", "no capture", 0},
        {"25504446 2d312e34", "neither pcap nor pcapng (starts with 25504446)", 0},
        {"1f8b0800 00000000", "compressed", 0},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct result r = read_hex(cases[i].hex);
        assert_int_equal(r.err, ZJ_EINPUT);
        assert_int_equal(r.count, cases[i].kept);
        assert_says(&r, cases[i].says);
    }
    struct result r = read_hex(LITTLE); /* no packets is no fault */
    assert_int_equal(r.err, ZJ_OK);
    assert_int_equal(r.count, 0);
}

static size_t put_member(struct zj_buf *out, struct zj_span bytes)
{
    const size_t before = out->len;
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 0, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    zj_buf_reserve(out, deflateBound(&z, bytes.len));
    z.next_in = (uint8_t *)bytes.at;
    z.avail_in = (unsigned)bytes.len;
    z.next_out = out->at + out->len;
    z.avail_out = (unsigned)deflateBound(&z, bytes.len);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->len += z.total_out;
    deflateEnd(&z);
    return out->len - before;
}

/* Two members, the second of which begins with the last byte of a read, or near it; what stands behind
 * them is no capture. */
static void a_gzip_member_begins_where_a_read_ends(void **state)
{
    (void)state;
    enum { IN_BYTES = 160 * 1024, PACKETS = 2000, PACKET_BYTES = 100 };
    struct zj_buf file = {0}, packed = {0};
    put_bytes(&file, BIG);
    for (uint32_t i = 0; i < PACKETS; i++) {
        put32(&file, 1700000000 + i);
        put32(&file, 0);
        put32(&file, PACKET_BYTES);
        put32(&file, PACKET_BYTES);
        for (uint32_t k = 0; k < PACKET_BYTES; k++)
            zj_buf_byte(&file, (uint8_t)(i * k));
    }
    const size_t overhead = put_member(&packed, zj_span_of(file.at, IN_BYTES)) - IN_BYTES;
    for (size_t end = IN_BYTES - 3; end <= IN_BYTES + 3; end++) {
        packed.len = 0;
        assert_int_equal(put_member(&packed, zj_span_of(file.at, end - overhead)), end);
        put_member(&packed, zj_span_part(zj_buf_all(&file), end - overhead, file.len));
        for (int i = 0; i < 600; i++)
            zj_buf_byte(&packed, 0);
        struct result r = read_fd(memory_file(zj_buf_all(&packed)));
        assert_int_equal(r.err, ZJ_OK);
        assert_int_equal(r.count, PACKETS);
        assert_int_equal(r.bytes, PACKETS * PACKET_BYTES);
        assert_int_equal(r.last.time_ns, (1700000000 + PACKETS - 1) * INT64_C(1000000000));
    }
    zj_buf_release(&file);
    zj_buf_release(&packed);
}

/* More than a buffer of packets of awkward sizes: each keeps its bytes over the refills. */
static void packets_survive_the_end_of_the_buffer(void **state)
{
    (void)state;
    struct zj_buf file = {0};
    uint64_t bytes = 0;
    put_bytes(&file, BIG);
    for (uint32_t i = 0; i < 900; i++) {
        const uint32_t len = i * 7919 % 9000;
        put32(&file, 1700000000 + i);
        put32(&file, 0);
        put32(&file, len);
        put32(&file, len);
        for (uint32_t k = 0; k < len; k++)
            zj_buf_byte(&file, (uint8_t)i);
        bytes += len;
    }
    assert_true(file.len > 3 * ZJ_CAPTURE_BUFFER);
    struct result r = read_all(zj_buf_all(&file));
    assert_int_equal(r.err, ZJ_OK);
    assert_int_equal(r.count, 900);
    assert_int_equal(r.bytes, bytes);
    assert_int_equal(r.last.number, 900);
    assert_int_equal(r.last.time_ns, START + 899 * SECOND);
    zj_buf_release(&file);
}

/* Section header in both orders; an interface of link type 101 (0x65) and no options. */
#define SHB    "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000"
#define IDB    "01000000 14000000 6500 0000 00000000 14000000"
#define SHB_BE "0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c"
#define IDB_BE "00000001 00000014 0065 0000 00000000 00000014"

/* 1700000000.000005 s in microseconds is 0x00060a24181e4005. */
enum { EACH = 1000 };

/* `count` packets of 1000 bytes 0xa5, in records of pcap or blocks of pcapng. */
static void put_packets(struct zj_buf *file, bool is_ng, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const uint32_t head[] = {6, 32 + EACH, 0, 1700000000, 0, EACH, EACH};
        for (size_t k = is_ng ? 0 : 3; k < ZJ_COUNT(head); k++)
            put32(file, head[k]);
        zj_buf_reserve(file, EACH);
        memset(file->at + file->len, 0xa5, EACH);
        file->len += EACH;
        if (is_ng)
            put32(file, 32 + EACH);
    }
}

struct cut {
    zj_err err;
    size_t count, whole; /* packets given, and those of them that had all their bytes */
    char message[1024];
};

/* A file cut to `bytes` after its first packets were given. */
static struct cut read_while_cut(const char *head, bool is_ng, uint64_t bytes)
{
    struct cut cut = {0};
    struct zj_buf file = {0};
    struct zj_packet pkts[ZJ_BATCH];
    struct zj_job job;
    size_t n;
    zj_job_init(&job);
    put_bytes(&file, head);
    put_packets(&file, is_ng, 8000);
    const int fd = memory_file(zj_buf_all(&file));
    struct zj_capture *cap = zj_capture_of_fd(fd, "made.pcap");
    do {
        cut.err = zj_capture_batch(&job, cap, pkts, &n);
        if (cut.count == 0)
            assert_int_equal(ftruncate(fd, (off_t)bytes), 0); /* under what was given just now */
        for (size_t i = 0; i < n; i++) {
            size_t good = 0;
            for (uint32_t k = 0; k < pkts[i].len; k++)
                good += pkts[i].at[k] == 0xa5;
            cut.whole += good == EACH;
        }
        cut.count += n;
    } while (!cut.err && n);
    memcpy(cut.message, job.message, sizeof cut.message);
    zj_capture_close(cap);
    zj_buf_release(&file);
    zj_job_release(&job);
    return cut;
}

#define NG_BIG                                                                                     \
    "0a0d0d0a 0000001c 1a2b3c4d 00010000 ffffffffffffffff 0000001c"                                \
    "00000001 00000014 0001 0000 00000000 00000014"

/* Cut in front of the reader, behind it, and where a page and a window end. What lies before the
 * cut is given whole, and nothing ends the process. */
static void a_file_cut_while_it_is_read_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *head;
        size_t head_bytes, record_bytes;
    } formats[] = {{BIG, 24, 16 + EACH}, {NG_BIG, 28 + 20, 32 + EACH}};
    static const uint64_t cuts[] = {0, 5000, 1000000, 1 << 21, (1 << 21) + 40, 7000000};
    for (size_t i = 0; i < ZJ_COUNT(cuts) * ZJ_COUNT(formats); i++) {
        const bool is_ng = i % 2;
        const uint64_t bytes = cuts[i / 2], head = formats[is_ng].head_bytes;
        const struct cut cut = read_while_cut(formats[is_ng].head, is_ng, bytes);
        const size_t before = bytes < head ? 0 : (bytes - head) / formats[is_ng].record_bytes;
        assert_int_equal(cut.err, ZJ_EINPUT);
        if (!strstr(cut.message, "the file became shorter while it was read"))
            fail_msg("message is: %s", cut.message);
        assert_int_equal(cut.whole, before);
        assert_true(cut.count <= (before > ZJ_BATCH ? before + 1 : ZJ_BATCH));
    }
}

static void what_is_written_while_it_is_read_is_read_too(void **state)
{
    (void)state;
    struct zj_buf file = {0}, more = {0};
    struct zj_packet pkts[ZJ_BATCH];
    struct zj_job job;
    size_t n, count = 0;
    zj_job_init(&job);
    put_bytes(&file, BIG);
    put_packets(&file, false, 100);
    put_packets(&more, false, 3000);
    const int fd = memory_file(zj_buf_all(&file)), writer = dup(fd);
    struct zj_capture *cap = zj_capture_of_fd(fd, "made.pcap");
    do {
        assert_int_equal(zj_capture_batch(&job, cap, pkts, &n), ZJ_OK);
        if (count == 0)
            assert_int_equal(pwrite(writer, more.at, more.len, (off_t)file.len), more.len);
        count += n;
    } while (n);
    assert_int_equal(count, 3100);
    close(writer);
    zj_capture_close(cap);
    zj_buf_release(&file);
    zj_buf_release(&more);
    zj_job_release(&job);
}

static void pcapng_blocks(void **state)
{
    (void)state;
    struct result r =
        read_hex(SHB IDB "06000000 24000000 00000000 240a0600 05401e18 02000000 40000000"
                         "abcd0000 24000000");
    assert_int_equal(r.err, ZJ_OK);
    assert_int_equal(r.count, 1);
    assert_int_equal(r.first.time_ns, START + 5000);
    assert_int_equal(r.first.len, 2);
    assert_int_equal(r.first.wire_len, 0x40);
    assert_int_equal(r.first.link, ZJ_LINK_RAW);
    r = read_hex(SHB_BE IDB_BE "00000006 00000024 00000000 00060a24 181e4005 00000002 00000040"
                               "abcd0000 00000024");
    assert_int_equal(r.first.time_ns, START + 5000);
    /* a block of a kind nobody knows, the simple block and the obsolete one */
    r = read_hex(SHB IDB "ad0b0000 14000000 0102030405060708 14000000"
                         "03000000 14000000 03000000 aabbcc00 14000000"
                         "02000000 24000000 0000 0000 240a0600 05401e18 02000000 40000000"
                         "abcd0000 24000000");
    assert_int_equal(r.err, ZJ_OK);
    assert_int_equal(r.count, 2);
    assert_int_equal(r.first.len, 3);
    assert_int_equal(r.first_bytes[2], 0xcc);
    assert_int_equal(r.last.time_ns, START + 5000);
}

/* if_tsresol 9 (nanoseconds): 1700000000000000005 = 0x17979cfe362a0005; 0x8a: 2^-10 s, where
 * 1700000000.5 s are 1740800000512 = 0x1954fc40200 units. */
static void pcapng_clocks(void **state)
{
    (void)state;
    struct result r = read_hex(
        SHB "01000000 20000000 6500 0000 00000000 0900 0100 09000000 0000 0000 20000000"
            "06000000 24000000 00000000 fe9c9717 05002a36 02000000 02000000 abcd0000 24000000");
    assert_int_equal(r.first.time_ns, START + 5);
    r = read_hex(
        SHB "01000000 20000000 6500 0000 00000000 0900 0100 8a000000 0000 0000 20000000"
            "06000000 24000000 00000000 95010000 0002c44f 02000000 02000000 abcd0000 24000000");
    assert_int_equal(r.first.time_ns, START + SECOND / 2);
    /* if_tsoffset: 1700000000 s are added to 5 microseconds */
    r = read_hex(
        SHB "01000000 24000000 6500 0000 00000000 0e00 0800 00f1536500000000 0000 0000 24000000"
            "06000000 24000000 00000000 00000000 05000000 02000000 02000000 abcd0000 24000000");
    assert_int_equal(r.first.time_ns, START + 5000);
}

static void pcapng_faults(void **state)
{
    (void)state;
    static const struct {
        const char *hex, *says;
    } cases[] = {
        {SHB IDB "06000000 24000000 00000000", "cut off inside a block (12 / 36)"},
        {SHB IDB "06000000 24", "cut off inside a block (5 / 12)"},
        {SHB IDB "06000000 25000000 00000000", "impossible block length (37 / 12)"},
        {SHB IDB "06000000 08000000 00000000", "impossible block length (8 / 12)"},
        {SHB IDB "06000000 fcffffff 00000000", "impossible block length (4294967292 / "},
        {SHB IDB "ad0b0000 fcffffff 00000000", "cut off inside a block"},
        {SHB IDB "06000000 24000000 00000000 00000000 00000000 02000000 02000000 abcd0000 28000000",
         "the two lengths of a block differ (40 / 36)"},
        {SHB IDB "06000000 24000000 00000000 00000000 00000000 05000000 05000000 abcd0000 24000000",
         "bad packet block"},
        {SHB "06000000 24000000 00000000 00000000 00000000 02000000 02000000 abcd0000 24000000",
         "bad packet block"}, /* no interface */
        {"0a0d0d0a 1c000000 00000000 0100 0000 ffffffffffffffff 1c000000", "without a byte order"},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct result r = read_hex(cases[i].hex);
        assert_int_equal(r.err, ZJ_EINPUT);
        assert_int_equal(r.count, 0);
        assert_says(&r, cases[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pcap_in_both_orders_and_units),
        cmocka_unit_test(pcap_faults_name_packet_and_offset),
        cmocka_unit_test(a_gzip_member_begins_where_a_read_ends),
        cmocka_unit_test(packets_survive_the_end_of_the_buffer),
        cmocka_unit_test(a_file_cut_while_it_is_read_is_told),
        cmocka_unit_test(what_is_written_while_it_is_read_is_read_too),
        cmocka_unit_test(pcapng_blocks),
        cmocka_unit_test(pcapng_clocks),
        cmocka_unit_test(pcapng_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
