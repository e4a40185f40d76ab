/* Capture readers, over files made in memory after the formats' own descriptions: the libpcap file
 * format (pcap-savefile) and draft-ietf-opsawg-pcapng. */
#include "craft.h"

#include <sys/mman.h>
#include <unistd.h>

#include "sense/capture.h"

struct result {
    zj_err err;
    size_t count;
    struct zj_packet first, last;
    uint8_t first_bytes[16];
    uint64_t bytes;
    char message[1024];
};

static struct result read_all(struct zj_span file)
{
    struct result result = {0};
    struct zj_packet pkts[ZJ_BATCH];
    struct zj_job job;
    size_t n;
    zj_job_init(&job);
    const int fd = memfd_create("capture", 0);
    assert_int_equal(write(fd, file.at, file.len), file.len);
    lseek(fd, 0, SEEK_SET);
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
        {"d4c3b2a1 0200 0400 0000", "packet 1 at offset 0: the file ends inside its header (10 / 24)",
         0},
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
static void pcapng_blocks(void **state)
{
    (void)state;
    struct result r = read_hex(SHB IDB "06000000 24000000 00000000 240a0600 05401e18 02000000 40000000"
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
    r = read_hex(SHB
                 "01000000 20000000 6500 0000 00000000 0900 0100 8a000000 0000 0000 20000000"
                 "06000000 24000000 00000000 95010000 0002c44f 02000000 02000000 abcd0000 24000000");
    assert_int_equal(r.first.time_ns, START + SECOND / 2);
    /* if_tsoffset: 1700000000 s are added to 5 microseconds */
    r = read_hex(SHB "01000000 24000000 6500 0000 00000000 0e00 0800 00f1536500000000 0000 0000 24000000"
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
        cmocka_unit_test(packets_survive_the_end_of_the_buffer),
        cmocka_unit_test(pcapng_blocks),
        cmocka_unit_test(pcapng_clocks),
        cmocka_unit_test(pcapng_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
