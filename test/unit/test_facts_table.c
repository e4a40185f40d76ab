/* Tables of facts in bounded memory, and EVE lines. */
#include "base/hash.h"
#include "sense/facts_strings.h"
#include "sense/facts_table.h"
#include "unit/observe.h"

struct record {
    struct zj_link link;
    uint32_t key;
    uint32_t pending;
};

enum { KEYS = 5000 };

struct totals {
    uint64_t sent[KEYS];
};

static void spill(void *owner, void *record)
{
    struct record *r = record;
    ((struct totals *)owner)->sent[r->key] += r->pending;
    r->pending = 0;
}

/* A small generator of its own, so that a failure repeats. */
static uint32_t next_number(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(*state >> 33);
}

static void init(struct zj_table *t, struct totals *totals, uint64_t *dropped, int64_t records)
{
    zj_table_init(
        t, &(struct zj_table_shape){
               .record_bytes = sizeof(struct record),
               .key_at = offsetof(struct record, key),
               .key_bytes = sizeof(uint32_t),
               .memory_bytes = records * (int64_t)(sizeof(struct record) + 3 * sizeof(uint32_t)),
               .seed = 7,
               .dropped = dropped,
               .spill = spill,
               .owner = totals,
           });
}

static void nothing_counted_is_lost(void **state)
{
    (void)state;
    static struct totals totals, want;
    uint64_t dropped = 0, random = 1;
    struct zj_table t;
    init(&t, &totals, &dropped, 300);
    for (int i = 0; i < 200000; i++) {
        const uint32_t key = next_number(&random) % KEYS;
        bool is_new;
        struct record *r = zj_table_get(&t, &key, NULL, i, &is_new);
        assert_int_equal(r->key, key);
        r->pending++;
        want.sent[key]++;
        zj_table_mark(&t, r);
        if (i % 10007 == 0)
            zj_table_spill_all(&t);
    }
    zj_table_spill_all(&t);
    for (int i = 0; i < KEYS; i++)
        assert_int_equal(totals.sent[i], want.sent[i]);
    assert_int_equal(t.count, 300);
    assert_true(dropped > 100000); /* 5000 keys in 300 places */
    zj_table_release(&t);
}

static void keys_come_and_go(void **state)
{
    (void)state;
    static struct totals totals;
    static bool is_there[KEYS];
    uint64_t dropped = 0, random = 3;
    uint32_t there = 0;
    struct zj_table t;
    init(&t, &totals, &dropped, KEYS + 1);
    for (int i = 0; i < 300000; i++) {
        const uint32_t key = next_number(&random) % KEYS;
        struct record *r = zj_table_find(&t, &key, NULL);
        assert_int_equal(r != NULL, is_there[key]);
        bool is_new;
        if (r) {
            zj_table_remove(&t, r);
        } else {
            zj_table_get(&t, &key, NULL, i, &is_new);
            assert_true(is_new);
        }
        is_there[key] = !is_there[key];
        there += is_there[key] ? 1u : -1u;
        assert_int_equal(t.count, there);
    }
    uint32_t at = 0, seen = 0;
    for (struct record *r; (r = zj_table_next(&t, &at)); seen++)
        assert_true(is_there[r->key]);
    assert_int_equal(seen, there);
    assert_int_equal(dropped, 0);
    zj_table_release(&t);
}

static void a_hint_may_be_stale(void **state)
{
    (void)state;
    static struct totals totals;
    uint64_t dropped = 0;
    struct zj_table t;
    bool is_new;
    uint32_t a = 1, b = 2, hint = 0;
    init(&t, &totals, &dropped, 100);
    struct record *first = zj_table_get(&t, &a, &hint, 1, &is_new);
    assert_ptr_equal(zj_table_find(&t, &a, &hint), first);
    zj_table_remove(&t, first);
    assert_null(zj_table_find(&t, &a, &hint));
    struct record *second = zj_table_get(&t, &b, NULL, 2, &is_new); /* takes the place */
    assert_ptr_equal(second, first);
    assert_null(zj_table_find(&t, &a, &hint));
    assert_ptr_equal(zj_table_find(&t, &b, &hint), second);
    zj_table_release(&t);
}

static void the_oldest_makes_room(void **state)
{
    (void)state;
    static struct totals totals;
    uint64_t dropped = 0;
    struct zj_table t;
    bool is_new;
    init(&t, &totals, &dropped, 64);
    for (uint32_t key = 0; key < 64; key++)
        zj_table_get(&t, &key, NULL, 1000 + key, &is_new);
    const uint32_t keep = 5, more = 100;
    zj_table_get(&t, &keep, NULL, 5000, &is_new);
    zj_table_get(&t, &more, NULL, 5001, &is_new);
    assert_int_equal(dropped, 1);
    assert_int_equal(t.count, 64);
    assert_non_null(zj_table_find(&t, &keep, NULL)); /* touched: not the oldest */
    assert_non_null(zj_table_find(&t, &more, NULL));
    zj_table_release(&t);
}

static void texts_are_held_once(void **state)
{
    (void)state;
    uint64_t dropped = 0;
    struct zj_strings s;
    zj_strings_init(&s, 60000, 1, &dropped);
    const uint32_t a = zj_string_id(&s, ZJ_SPAN_LIT("ota.example.com"));
    assert_int_equal(zj_string_id(&s, ZJ_SPAN_LIT("ota.example.com")), a);
    assert_int_equal(zj_string_id(&s, ZJ_SPAN_LIT("")), 0);
    assert_true(zj_span_eq_str(zj_string(&s, a), "ota.example.com"));
    /* GBK on the wire, UTF-8 here */
    assert_true(
        zj_span_eq_str(zj_string(&s, zj_string_id(&s, ZJ_SPAN_LIT("\xbe\xa9\x41"))), "京A"));
    char text[600];
    memset(text, 'x', sizeof text);
    assert_int_equal(zj_string(&s, zj_string_id(&s, zj_span_of(text, sizeof text))).len, 255);
    for (int i = 0; i < 2000; i++) {
        snprintf(text, sizeof text, "host-%d.example.com", i);
        const uint32_t id = zj_string_id(&s, zj_span_str(text));
        assert_true(id == 0 || zj_span_eq_str(zj_string(&s, id), text));
    }
    assert_true(dropped > 500 && dropped < 1900); /* full: counted, and no more memory */
    zj_strings_release(&s);
}

static void hashes_spread(void **state)
{
    (void)state;
    enum { BUCKETS = 256 };
    unsigned counts[BUCKETS] = {0};
    for (uint32_t i = 0; i < 100 * BUCKETS; i++) { /* addresses in a row */
        const struct zj_addr a = zj_addr_v4(0x0a000000 + i);
        counts[zj_hash(zj_span_of(a.bytes, 16), 42) % BUCKETS]++;
    }
    for (size_t i = 0; i < BUCKETS; i++)
        assert_in_range(counts[i], 50, 160); /* mean 100, deviation 10 */
    assert_true(zj_hash(ZJ_SPAN_LIT("a"), 1) != zj_hash(ZJ_SPAN_LIT("a"), 2));
    assert_true(zj_hash(ZJ_SPAN_LIT(""), 1) != zj_hash(zj_span_of("\0", 1), 1));
}

/* A worker with so little memory that vehicles push each other out still adds up. */
static void sums_hold_in_little_memory(void **state)
{
    (void)state;
    struct bench *b = bench_new(100000);
    b->obs->want_events = false;
    struct flow f = flow_of("gb32960", "10.9.0.1", "198.51.100.10", 32960);
    message(b, ZJ_MSG_PLATFORM_LOGIN, 5);
    send(b, &f, 0);
    for (int i = 0; i < 3000; i++) {
        char vin[32];
        snprintf(vin, sizeof vin, "LZJTEST00%08d", i % 500);
        message(b, ZJ_MSG_REPORT, 2)->vin = zj_span_str(vin);
        send(b, &f, 0);
        pass(b, 1);
        assert_int_equal(flush(b, false), ZJ_OK);
    }
    end_flow(b, &f);
    flush(b, true);
    int64_t frames = 0;
    for (size_t i = 0; i < b->out.count; i++)
        if (b->out.rows[i].kind == ZJ_FACT_IDENTITY) {
            assert_int_equal(b->out.rows[i].num[ZJ_ID_OTHER_FRAMES], 6);
            frames += b->out.rows[i].num[ZJ_ID_OTHER_FRAMES];
        }
    assert_int_equal(rows_of(b, ZJ_FACT_IDENTITY), 500);
    assert_int_equal(frames, 3000);
    assert_true(b->stats.drop_fact > 0);
    bench_free(b);
}

/* An endless stream of new names must not end in nameless facts. */
static void names_never_run_out(void **state)
{
    (void)state;
    struct bench *b = bench_new(3000000);
    b->obs->want_events = false;
    struct flow f = flow_of("http", "10.0.0.5", "203.0.113.9", 80);
    for (int i = 0; i < 20000; i++) {
        char host[32];
        snprintf(host, sizeof host, "h%d.example.com", i);
        struct zj_msg *m = message(b, ZJ_MSG_REQUEST, 1);
        m->host = zj_span_str(host);
        send(b, &f, 0);
        pass(b, 20);
        assert_int_equal(flush(b, false), ZJ_OK);
        const struct row *service = row_of(b, ZJ_FACT_SERVICE, ZJ_SV_PROTOCOL, "http");
        assert_true(i < 50 || service->text[ZJ_SV_NAME][0]);
    }
    end_flow(b, &f);
    flush(b, true);
    const struct row *service = row_of(b, ZJ_FACT_SERVICE, ZJ_SV_PROTOCOL, "http");
    assert_string_equal(service->text[ZJ_SV_NAME], "h19999.example.com");
    assert_int_equal(service->num[ZJ_SV_FRAMES], 20000);
    assert_int_equal(service->num[ZJ_SV_FLOWS], 1);
    assert_int_equal(b->stats.drop_fact, 0);
    assert_true(b->obs->epoch > 0);
    bench_free(b);
}

static void events_are_json_with_suricatas_names(void **state)
{
    (void)state;
    struct bench *b = bench_new(0);
    struct flow f = flow_of("gb32960", "10.1.0.1", "2001:db8::1", 32960);
    struct zj_msg *m = message(b, ZJ_MSG_LOGIN, 1);
    m->vin = ZJ_SPAN_LIT("LZJTEST0000000001");
    m->secret = ZJ_SPAN_LIT("hidden");
    pass(b, 1);
    send(b, &f, 0);
    struct flow q = flow_of("mqtt", "10.1.0.1", "198.51.100.40", 1883);
    m = message(b, ZJ_MSG_PUBLISH, 3);
    m->name = "PUBLISH";
    m->topic = ZJ_SPAN_LIT("a\"b\\c\n\xff");
    m->payload = ZJ_SPAN_LIT("private");
    send(b, &q, 1);
    end_flow(b, &f);
    end_flow(b, &q);
    flush(b, true);
    const char *text = zj_buf_cstr(&b->out.events);
    assert_null(strstr(text, "hidden"));
    assert_null(strstr(text, "private"));
    static const char first[] = "{\"timestamp\":\"2026-01-01T08:00:00.001000+0800\",\"flow_id\":";
    assert_memory_equal(text, first, sizeof first - 1);
    assert_non_null(strstr(text,
                           "\"event_type\":\"gb32960\",\"src_ip\":\"10.1.0.1\",\"src_port\":40000,"
                           "\"dest_ip\":\"2001:db8::1\",\"dest_port\":32960,\"proto\":\"TCP\","
                           "\"app_proto\":\"gb32960\",\"gb32960\":{\"edition\":\"2016\","
                           "\"command\":1,\"vin\":\"LZJTEST0000000001\"}}\n"));
    /* from the broker: the ends change places */
    assert_non_null(strstr(text, "\"src_ip\":\"198.51.100.40\",\"src_port\":1883"));
    assert_non_null(strstr(text, "\"topic\":\"a\\\"b\\\\c\\n\xef\xbf\xbd\",\"qos\":0,"
                                 "\"retain\":false,\"payload_bytes\":7"));
    assert_non_null(strstr(text, "\"event_type\":\"flow\""));
    assert_int_equal(b->stats.events, 4);
    bench_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_counted_is_lost),
        cmocka_unit_test(keys_come_and_go),
        cmocka_unit_test(a_hint_may_be_stale),
        cmocka_unit_test(the_oldest_makes_room),
        cmocka_unit_test(texts_are_held_once),
        cmocka_unit_test(hashes_spread),
        cmocka_unit_test(sums_hold_in_little_memory),
        cmocka_unit_test(names_never_run_out),
        cmocka_unit_test(events_are_json_with_suricatas_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
