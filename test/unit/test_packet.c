/* Headers from link to transport, and fragments. Layouts after the RFCs named at each; link types
 * after the tcpdump group's list. */
#include "craft.h"

static const char *const inner_syn = /* 10.0.0.1:40000 > 10.0.0.2:32960, SYN, sequence 100 */
    "4500002800010000400600000a0000010a000002"
    "9c4080c00000006400000000"
    "5002ffff00000000";

struct parsed {
    bool is_ok;
    struct zj_layers l;
    struct zj_sense_stats stats;
};

static struct parsed parse(uint32_t link, const char *hex)
{
    struct parsed result = {0};
    struct zj_parser p;
    struct zj_buf bytes = {0};
    put_bytes(&bytes, hex);
    uint8_t *exact = zj_alloc(bytes.len);
    memcpy(exact, bytes.at, bytes.len);
    const struct zj_packet pkt = {.at = exact,
                                  .len = (uint32_t)bytes.len,
                                  .wire_len = (uint32_t)bytes.len,
                                  .time_ns = START,
                                  .link = link};
    zj_parser_init(&p, &result.stats, 1 << 20);
    result.is_ok = zj_layers_parse(&p, &pkt, &result.l);
    result.l.payload.at = NULL; /* not good any more */
    zj_parser_release(&p);
    free(exact);
    zj_buf_release(&bytes);
    return result;
}

static void every_encapsulation_ends_at_the_same_segment(void **state)
{
    (void)state;
    static const struct {
        uint32_t link;
        const char *head; /* before inner_syn */
    } cases[] = {
        {ZJ_LINK_RAW, ""},
        {ZJ_LINK_IPV4, ""},
        {ZJ_LINK_ETHERNET, "020000000001 020000000002 0800"},
        {ZJ_LINK_ETHERNET, "020000000001 020000000002 8100 0005 0800"},           /* 802.1Q */
        {ZJ_LINK_ETHERNET, "020000000001 020000000002 88a8 0005 8100 0006 0800"}, /* 802.1ad */
        {ZJ_LINK_ETHERNET, "020000000001 020000000002 9100 0005 8100 0006 0800"},
        {ZJ_LINK_ETHERNET, "020000000001 020000000002 8847 00001040 00002140"}, /* RFC 3032 */
        {ZJ_LINK_ETHERNET, "020000000001 020000000002 8864 1100 0001 002a 0021"}, /* RFC 2516 */
        {ZJ_LINK_SLL, "0000 0001 0006 0200000000010000 0800"},
        {ZJ_LINK_SLL2, "0800 0000 00000001 0001 00 06 0200000000010000"},
        {ZJ_LINK_NULL, "02000000"},
        {ZJ_LINK_LOOP, "00000002"},
        {ZJ_LINK_PPP, "ff03 0021"},
        /* IP in IP, RFC 2003; GRE plain, with checksum, key and number: RFC 2784, 2890 */
        {ZJ_LINK_RAW, "4500003c00010000400400000b0000010b000002"},
        {ZJ_LINK_RAW, "4500004000010000402f00000b0000010b000002 00000800"},
        {ZJ_LINK_RAW, "4500004c00010000402f00000b0000010b000002 b0000800 000000000000000100000002"},
        /* transparent Ethernet bridging, RFC 1701; ERSPAN II with its 8 bytes */
        {ZJ_LINK_RAW, "4500004e00010000402f00000b0000010b000002 00006558"
                      "020000000001 020000000002 0800"},
        {ZJ_LINK_RAW, "4500005a00010000402f00000b0000010b000002 100088be 00000001 1000000000000000"
                      "020000000001 020000000002 0800"},
        /* VXLAN, RFC 7348 */
        {ZJ_LINK_RAW, "4500005a00010000401100000b0000010b000002 303912b500460000 0800000000000500"
                      "020000000001 020000000002 0800"},
        /* 4 in 6, RFC 2473 */
        {ZJ_LINK_RAW, "60000000002804402001000000000000000000000000000120010000000000000000000000000002"},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        char hex[1024];
        snprintf(hex, sizeof hex, "%s%s", cases[i].head, inner_syn);
        struct parsed r = parse(cases[i].link, hex);
        if (!r.is_ok)
            fail_msg("case %zu (%s) was dropped", i, cases[i].head);
        assert_int_equal(r.l.port[0], 40000);
        assert_int_equal(r.l.port[1], 32960);
        assert_int_equal(r.l.seq, 100);
        assert_int_equal(r.l.tcp_flags, ZJ_TCP_SYN);
        assert_int_equal(r.l.payload.len, 0);
        const struct zj_addr want = zj_addr_v4(0x0a000001);
        assert_memory_equal(r.l.addr[0], want.bytes, 16);
        assert_int_equal(r.stats.tcp, 1);
    }
}

static void padding_and_options_are_cut_off(void **state)
{
    (void)state;
    /* IPv4 with 4 bytes of options, UDP of 3 bytes, then the padding of a 60-byte frame */
    struct parsed r = parse(ZJ_LINK_ETHERNET,
                            "020000000001 020000000002 0800"
                            "46000023000100004011000001010101020202020101010" "1"
                            "1388 0035 000b 0000 616263 00000000000000");
    assert_true(r.is_ok);
    assert_int_equal(r.l.payload.len, 3);
    assert_int_equal(r.l.payload_wire, 3);
    /* a total length of 4148 in a frame of 43 bytes: the frame tells */
    r = parse(ZJ_LINK_RAW, "4500103400010000400600000a0000010a000002"
                           "9c4080c000000064000000005010ffff00000000 616263");
    assert_true(r.is_ok);
    assert_int_equal(r.l.payload_wire, 3);
    /* IPv6 with hop-by-hop, routing, destination options, then UDP: RFC 8200 */
    r = parse(ZJ_LINK_RAW, "6000000000230040"
                           "20010000000000000000000000000001" "20010000000000000000000000000002"
                           "2b00010400000000" "3c00000000000000" "1100010400000000"
                           "1388 0035 000b 0000 616263");
    assert_true(r.is_ok);
    assert_int_equal(r.l.payload.len, 3);
    assert_int_equal(r.l.port[1], 53);
}

static void what_is_dropped_is_counted_as_what_it_is(void **state)
{
    (void)state;
    static const struct {
        uint32_t link;
        const char *hex;
        size_t counter;
    } cases[] = {
#define AT(counter) offsetof(struct zj_sense_stats, counter)
        {ZJ_LINK_ETHERNET, "0200000000", AT(drop_link)},
        {227 /* CAN_SOCKETCAN */, "0000012302000000aabb", AT(drop_link)},
        {212 /* LIN */, "0000", AT(drop_link)},
        {210 /* FLEXRAY */, "0000", AT(drop_link)},
        {ZJ_LINK_SLL, "0001 0118 0000 0000000000000000 000c", AT(drop_link)}, /* CAN in SLL */
        {ZJ_LINK_ETHERNET, "020000000001 020000000002 0806 0001", AT(other_network)}, /* ARP */
        {ZJ_LINK_RAW, "4500", AT(drop_network)},
        {ZJ_LINK_RAW, "4400002800010000400600000a0000010a000002", AT(drop_network)}, /* ihl 4 */
        {ZJ_LINK_RAW, "4500001000010000400600000a0000010a000002", AT(drop_network)}, /* total 16 */
        {ZJ_LINK_RAW, "55000028", AT(drop_network)},
        {ZJ_LINK_RAW, "4500001800010000400600000a0000010a000002 9c4080c0", AT(drop_transport)},
        {ZJ_LINK_RAW, "4500002800010000400600000a0000010a000002 9c4080c0 00000064 00000000"
                      "4002ffff00000000", AT(drop_transport)}, /* data offset 4 */
        {ZJ_LINK_RAW, "4500002800010000400600000a0000010a000002 9c4080c0 00000064 00000000"
                      "f002ffff00000000", AT(drop_transport)}, /* data offset past the end */
        {ZJ_LINK_RAW, "4500001c00010000401100000a0000010a000002 1388003500070000",
         AT(drop_transport)}, /* UDP length 7 */
        {ZJ_LINK_RAW, "4500001c00010000400100000a0000010a000002 0800000000000000",
         AT(other_transport)}, /* ICMP */
        {ZJ_LINK_RAW, "4500001c00010000403200000a0000010a000002 0800000000000000",
         AT(other_transport)}, /* ESP */
        {ZJ_LINK_RAW, "6000000000080000 20010000000000000000000000000001"
                      "20010000000000000000000000000002 06ff000000000000",
         AT(drop_network)}, /* an extension header past the end */
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct parsed r = parse(cases[i].link, cases[i].hex);
        uint64_t value;
        memcpy(&value, (const char *)&r.stats + cases[i].counter, sizeof value);
        if (r.is_ok || value != 1)
            fail_msg("case %zu: counter is %d", i, (int)value);
    }
}

static void nesting_has_an_end(void **state)
{
    (void)state;
    struct zj_buf inner = {0};
    put_bytes(&inner, inner_syn);
    for (int i = 0; i < 40; i++) { /* IP in IP in IP … */
        struct zj_buf outer = {0};
        put_ipv4(&outer, 1, 2, 4, 1, 0, zj_buf_all(&inner));
        zj_buf_release(&inner);
        inner = outer;
    }
    struct zj_buf hex = {0};
    zj_buf_hex(&hex, zj_buf_all(&inner));
    struct parsed r = parse(ZJ_LINK_RAW, zj_buf_cstr(&hex));
    assert_false(r.is_ok);
    assert_int_equal(r.stats.drop_nested, 1);
    zj_buf_release(&inner);
    zj_buf_release(&hex);
}

static void both_directions_and_fragments_choose_one_worker(void **state)
{
    (void)state;
    struct zj_buf there = {0}, back = {0}, frag = {0};
    struct zj_sense_stats aside = {0};
    put_ipv4(&there, 1, 2, 6, 1, 0, ZJ_SPAN_LIT("01234567890123456789"));
    put_ipv4(&back, 2, 1, 6, 1, 0, ZJ_SPAN_LIT("x"));
    put_ipv4(&frag, 1, 2, 17, 1, 5, ZJ_SPAN_LIT("y"));
    struct zj_packet pkt = {.at = there.at, .len = (uint32_t)there.len, .link = ZJ_LINK_RAW};
    const uint64_t spread = zj_packet_spread(&pkt, &aside);
    pkt.at = back.at;
    pkt.len = (uint32_t)back.len;
    assert_true(zj_packet_spread(&pkt, &aside) == spread);
    pkt.at = frag.at;
    pkt.len = (uint32_t)frag.len;
    assert_true(zj_packet_spread(&pkt, &aside) == spread);
    zj_buf_release(&there);
    zj_buf_release(&back);
    zj_buf_release(&frag);
}

/* --- fragments: 48 bytes of "abc…" as a datagram --------------------------------------------------- */
static const char whole[] = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKL";

struct part {
    unsigned at, len;
    bool is_last;
    const char *bytes; /* NULL: those of `whole` */
};

static struct zj_sense_stats stats;
static char joined[64];

/* How many datagrams the parts make; the last one's bytes go to `joined`. */
static int join(bool is_v6, const struct part *parts, size_t count, int64_t step_ns)
{
    int made = 0;
    stats = (struct zj_sense_stats){0};
    memset(joined, 0, sizeof joined);
    struct zj_fragments *f = zj_fragments_new(&stats, 1 << 20);
    for (size_t i = 0; i < count; i++) {
        const char *bytes = parts[i].bytes ? parts[i].bytes : whole + parts[i].at;
        const struct zj_fragment part = {.id = 7,
                                         .proto = ZJ_PROTO_UDP,
                                         .is_v6 = is_v6,
                                         .is_last = parts[i].is_last,
                                         .at = parts[i].at,
                                         .bytes = zj_span_of(bytes, parts[i].len)};
        struct zj_span out;
        uint8_t proto;
        if (zj_fragments_add(f, &part, START + (int64_t)i * step_ns, &out, &proto)) {
            assert_int_equal(proto, ZJ_PROTO_UDP);
            memcpy(joined, out.at, out.len < 63 ? out.len : 63);
            made++;
        }
        zj_fragments_batch_end(f);
    }
    zj_fragments_free(f);
    return made;
}

static void fragments_in_any_order_make_the_datagram(void **state)
{
    (void)state;
    const struct part in_order[] = {{0, 16, false, NULL}, {16, 16, false, NULL}, {32, 16, true, NULL}};
    const struct part backwards[] = {{32, 16, true, NULL}, {16, 16, false, NULL}, {0, 16, false, NULL}};
    const struct part twice[] = {{0, 16, false, NULL}, {0, 16, false, NULL}, {16, 32, true, NULL}};
    assert_int_equal(join(false, in_order, 3, 0), 1);
    assert_string_equal(joined, whole);
    assert_int_equal(join(false, backwards, 3, 0), 1);
    assert_string_equal(joined, whole);
    assert_int_equal(join(true, backwards, 3, 0), 1);
    assert_string_equal(joined, whole);
    assert_int_equal(join(false, twice, 3, 0), 1);
    assert_string_equal(joined, whole);
    assert_int_equal(stats.fragments_joined, 1);
}

static void overlaps_keep_the_first_bytes_or_end_the_datagram(void **state)
{
    (void)state;
    const struct part overlap[] = {
        {0, 16, false, NULL}, {8, 24, false, "XXXXXXXXXXXXXXXXXXXXXXXX"}, {32, 16, true, NULL}};
    assert_int_equal(join(false, overlap, 3, 0), 1);
    assert_memory_equal(joined, "abcdefghijklmnopXXXXXXXXXXXXXXXX", 32);
    assert_int_equal(join(true, overlap, 3, 0), 0); /* RFC 5722 */
    assert_true(stats.drop_fragment >= 2);
}

static void bad_and_late_fragments_are_given_up(void **state)
{
    (void)state;
    const struct part odd[] = {{0, 15, false, NULL}, {16, 32, true, NULL}};
    const struct part late[] = {{0, 16, false, NULL}, {16, 32, true, NULL}};
    const struct part two_ends[] = {{16, 16, true, NULL}, {16, 32, true, NULL}};
    const struct part past_end[] = {{0, 16, true, NULL}, {8, 16, false, NULL}};
    const struct part death[] = {{65528, 16, true, "0123456789abcdef"}}; /* ping of death */
    assert_int_equal(join(false, odd, 2, 0), 0);
    assert_int_equal(stats.drop_fragment, 1);
    assert_int_equal(join(false, late, 2, 31 * SECOND), 0);
    assert_int_equal(stats.drop_fragment, 1);
    assert_int_equal(join(false, late, 2, 29 * SECOND), 1);
    assert_int_equal(join(false, two_ends, 2, 0), 0);
    assert_int_equal(stats.drop_fragment, 2);
    assert_int_equal(join(false, past_end, 1, 0), 1);
    assert_int_equal(join(false, death, 1, 0), 0);
    assert_int_equal(stats.drop_fragment, 1);
}

/* More half datagrams than there are places: the oldest go, counted, and memory stays. */
static void a_flood_of_fragments_is_bounded(void **state)
{
    (void)state;
    stats = (struct zj_sense_stats){0};
    struct zj_fragments *f = zj_fragments_new(&stats, 1 << 20);
    struct zj_span out;
    uint8_t proto;
    for (uint32_t id = 0; id < 1000; id++) {
        const struct zj_fragment part = {
            .id = id, .proto = 17, .at = 0, .bytes = ZJ_SPAN_LIT("01234567")};
        assert_false(zj_fragments_add(f, &part, START + id, &out, &proto));
    }
    assert_in_range(stats.drop_fragment, 900, 999);
    const struct zj_fragment rest = {
        .id = 999, .proto = 17, .at = 8, .is_last = true, .bytes = ZJ_SPAN_LIT("89")};
    assert_true(zj_fragments_add(f, &rest, START + 1000, &out, &proto));
    assert_int_equal(out.len, 10);
    zj_fragments_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_encapsulation_ends_at_the_same_segment),
        cmocka_unit_test(padding_and_options_are_cut_off),
        cmocka_unit_test(what_is_dropped_is_counted_as_what_it_is),
        cmocka_unit_test(nesting_has_an_end),
        cmocka_unit_test(both_directions_and_fragments_choose_one_worker),
        cmocka_unit_test(fragments_in_any_order_make_the_datagram),
        cmocka_unit_test(overlaps_keep_the_first_bytes_or_end_the_datagram),
        cmocka_unit_test(bad_and_late_fragments_are_given_up),
        cmocka_unit_test(a_flood_of_fragments_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
