/* The flow table: finding under collisions, expiry in packet time, eviction, the budget. */
#include "craft.h"

static struct zj_layers udp_between(uint32_t a, uint16_t a_port, uint32_t b, uint16_t b_port,
                                    uint64_t hash)
{
    struct zj_layers l = {.proto = ZJ_PROTO_UDP, .port = {a_port, b_port}, .hash = hash};
    const struct zj_addr from = zj_addr_v4(a), to = zj_addr_v4(b);
    memcpy(l.addr[0], from.bytes, 16);
    memcpy(l.addr[1], to.bytes, 16);
    return l;
}

static struct zj_layers reversed(struct zj_layers l)
{
    struct zj_layers r = l;
    memcpy(r.addr[0], l.addr[1], 16);
    memcpy(r.addr[1], l.addr[0], 16);
    r.port[0] = l.port[1];
    r.port[1] = l.port[0];
    return r;
}

static void both_directions_are_one_flow(void **state)
{
    (void)state;
    struct zj_flows t;
    int dir = -1;
    zj_flows_init(&t, (struct zj_budget){.own = 1 << 24}, 1 << 24);
    const struct zj_layers l = udp_between(1, 5000, 2, 53, 77), back = reversed(l);
    struct zj_flow *flow = zj_flow_add(&t, &l, true, ZJ_AGE_UDP, START);
    assert_ptr_equal(zj_flow_find(&t, &l, &dir), flow);
    assert_int_equal(dir, 0);
    assert_ptr_equal(zj_flow_find(&t, &back, &dir), flow);
    assert_int_equal(dir, 1);
    zj_flow_swap(flow);
    zj_flow_find(&t, &l, &dir);
    assert_int_equal(dir, 1);
    zj_flows_release(&t);
}

/* Hashes that are all alike, or differ in a few bits: removing in any order never loses another. */
static void nothing_is_lost_under_collisions(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    static const uint64_t masks[] = {UINT64_MAX, 0xff, 0};
    for (size_t m = 0; m < ZJ_COUNT(masks); m++) {
        const uint32_t count = masks[m] == UINT64_MAX ? COUNT : 600;
        struct zj_flows t;
        int dir;
        zj_flows_init(&t, (struct zj_budget){.own = 1 << 26}, 1 << 26);
        for (uint32_t i = 0; i < count; i++) {
            const uint64_t hash = (i * UINT64_C(0x9e3779b97f4a7c15) >> 20) & masks[m];
            const struct zj_layers l = udp_between(i, 1, 2, 3, hash);
            assert_null(zj_flow_find(&t, &l, &dir));
            zj_flow_add(&t, &l, true, ZJ_AGE_UDP, START);
        }
        for (uint32_t i = 0; i < count; i++) { /* 7919 is prime to both counts: any order */
            const uint32_t k = (uint32_t)((uint64_t)i * 7919 % count);
            const uint64_t hash = (k * UINT64_C(0x9e3779b97f4a7c15) >> 20) & masks[m];
            const struct zj_layers l = udp_between(k, 1, 2, 3, hash);
            struct zj_flow *flow = zj_flow_find(&t, &l, &dir);
            assert_non_null(flow);
            zj_flow_remove(&t, flow);
            assert_null(zj_flow_find(&t, &l, &dir));
        }
        assert_int_equal(t.count, 0);
        uint32_t at = 0;
        assert_null(zj_flows_next(&t, &at));
        zj_flows_release(&t);
    }
}

static void flows_end_by_their_age(void **state)
{
    (void)state;
    static const struct {
        enum zj_flow_age age;
        int64_t lives_s, is_gone_s;
    } cases[] = {{ZJ_AGE_UDP, 119, 122},
                 {ZJ_AGE_HALF_OPEN, 29, 32},
                 {ZJ_AGE_OPEN, 3599, 3602},
                 {ZJ_AGE_CLOSED, 4, 7}};
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct zj_flows t;
        zj_flows_init(&t, (struct zj_budget){.own = 1 << 20}, 1 << 20);
        zj_flows_expired(&t, START);
        const struct zj_layers l = udp_between(1, 2, 3, 4, 5);
        struct zj_flow *flow = zj_flow_add(&t, &l, true, cases[i].age, START);
        assert_null(zj_flows_expired(&t, START + cases[i].lives_s * SECOND));
        flow->last_ns = START + cases[i].lives_s * SECOND; /* a packet: it lives on */
        assert_null(zj_flows_expired(&t, START + 2 * cases[i].lives_s * SECOND));
        assert_ptr_equal(
            zj_flows_expired(&t, START + (cases[i].lives_s + cases[i].is_gone_s) * SECOND), flow);
        zj_flow_remove(&t, flow);
        assert_null(zj_flows_expired(&t, START + 999999 * SECOND));
        zj_flows_release(&t);
    }
}

/* A clock that jumps to another day and back neither keeps a flow for ever nor loses the table. */
static void clocks_may_jump(void **state)
{
    (void)state;
    struct rig *rig = rig_new(64 << 20);
    const int64_t day = 86400 * SECOND;
    const int64_t times[] = {START, START + 30 * day, START, START + 5000 * SECOND, START - 400 * day};
    for (size_t i = 0; i < ZJ_COUNT(times); i++) {
        rig_segment(rig, true, 1, SYN, (struct zj_span){0}, times[i]);
        assert_int_equal(rig->w.flows.count, 1);
    }
    rig_free(rig);
}

static void packet(struct rig *rig, uint32_t i, int64_t time_ns)
{
    struct zj_buf udp = {0}, ip = {0};
    put_udp(&udp, 1000 + i % 50000, 9, ZJ_SPAN_LIT("x"));
    put_ipv4(&ip, 0x10000 + i / 50000 * 7 + 1, 2, ZJ_PROTO_UDP, 0, 0, zj_buf_all(&udp));
    rig_packet(rig, ZJ_LINK_RAW, zj_buf_all(&ip), time_ns);
    zj_buf_release(&udp);
    zj_buf_release(&ip);
}

/* More flows than the budget holds: those quiet longest go, and the newest are all there. */
static void a_full_table_gives_up_the_oldest(void **state)
{
    (void)state;
    struct rig *rig = rig_new(1 << 20);
    const uint32_t max = rig->w.flows.max;
    assert_in_range(max, 1024, 4000);
    for (uint32_t i = 0; i < 3 * max; i++)
        packet(rig, i, START + (int64_t)i * SECOND / 100);
    assert_int_equal(rig->w.stats.flows, 3 * max);
    assert_int_equal(rig->w.flows.count, max);
    assert_int_equal(rig->w.stats.flows_evicted + rig->w.stats.flows_expired, 2 * max);
    for (uint32_t i = 2 * max + 200; i < 3 * max; i++) /* the last are known: no new flow */
        packet(rig, i, START + (int64_t)3 * max * SECOND / 100);
    assert_int_equal(rig->w.stats.flows, 3 * max);
    rig_free(rig);
}

/* What a flow costs: issue 2 asks for at most 512 bytes of an idle flow, with all its shares. */
static void a_flow_is_small(void **state)
{
    (void)state;
    assert_true(ZJ_FLOW_COST + sizeof(struct zj_stream) <= 512);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_directions_are_one_flow),
        cmocka_unit_test(nothing_is_lost_under_collisions),
        cmocka_unit_test(flows_end_by_their_age),
        cmocka_unit_test(clocks_may_jump),
        cmocka_unit_test(a_full_table_gives_up_the_oldest),
        cmocka_unit_test(a_flow_is_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
