/* The observed side: folding, ownership, marks for rules, reading with the tenant filter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/distinct.h"
#include "base/geo.h"
#include "base/hash.h"
#include "facts/facts.h"

struct world {
    struct zj_job job;
    struct zj_store *store;
    struct zj_sink *sink;
};

static struct world *world_of(void **state)
{
    return *state;
}

static void ok(struct world *w, zj_err err)
{
    if (err)
        fail_msg("%s: %s", zj_err_info(err)->name, w->job.message);
}

static int setup(void **state)
{
    struct world *w = zj_alloc(sizeof *w);
    zj_job_init(&w->job);
    ok(w, zj_store_open(&w->job, ":memory:", ZJ_STORE_CREATE, &w->store));
    ok(w, zj_facts_migrate(&w->job, w->store));
    w->sink = zj_facts_sink(w->store, 7);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = world_of(state);
    w->sink->free(w->sink);
    zj_store_close(w->store);
    zj_job_release(&w->job);
    free(w);
    return 0;
}

static int64_t query(struct world *w, const char *sql)
{
    int64_t n;
    ok(w, zj_store_query_int(&w->job, w->store, sql, -1, &n));
    return n;
}

static void assert_query(struct world *w, const char *sql, const char *want)
{
    struct zj_stmt *stmt;
    struct zj_buf got = {0};
    bool has_row;
    ok(w, zj_store_prepare(&w->job, w->store, sql, &stmt));
    ok(w, zj_stmt_step(&w->job, stmt, &has_row));
    for (int i = 0; has_row && i < zj_stmt_col_count(stmt); i++) {
        if (i)
            zj_buf_byte(&got, '|');
        zj_buf_span(&got, zj_stmt_text(stmt, i));
    }
    zj_stmt_release(stmt);
    assert_string_equal(zj_buf_cstr(&got), want);
    zj_buf_release(&got);
}

static struct zj_addr addr(const char *text)
{
    struct zj_addr a;
    assert_true(zj_addr_parse(zj_span_str(text), &a));
    return a;
}

#define S(value)   ((struct zj_cell){.text = ZJ_SPAN_LIT(value)})
#define N(value)   ((struct zj_cell){.num = (value)})
#define A(value)   ((struct zj_cell){.addr = addr(value)})
#define T(seconds) N((seconds)*INT64_C(1000000000))

static void identity(struct world *w, const char *vin, const char *iccid, const char *server,
                     int64_t other_frames, int64_t at_s)
{
    struct zj_cell c[ZJ_ID_COLS] = {
        [ZJ_ID_PROTOCOL] = S("gb32960"),
        [ZJ_ID_VIN] = {.text = zj_span_str(vin)},
        [ZJ_ID_ICCID] = {.text = zj_span_str(iccid)},
        [ZJ_ID_SERVER] = A(server),
        [ZJ_ID_PORT] = N(32960),
        [ZJ_ID_SECURITY] = S("none"),
        [ZJ_ID_CLIENT] = A("100.64.0.9"),
        [ZJ_ID_LIFE_FRAMES] = N(1),
        [ZJ_ID_OTHER_FRAMES] = N(other_frames),
        [ZJ_ID_BYTES] = N(100),
        [ZJ_ID_FIRST_SEEN] = T(at_s),
        [ZJ_ID_LAST_SEEN] = T(at_s),
        [ZJ_ID_EV_PACKET] = N(at_s % 1000),
        [ZJ_ID_EV_FRAME] = S("\x23\x23\x01\xfe"),
    };
    ok(w, w->sink->fact(w->sink, &w->job, ZJ_FACT_IDENTITY, c));
}

static void transfer(struct world *w, const char *src, const char *dst, const char *host,
                     const char *type, int64_t items)
{
    struct zj_cell c[ZJ_TR_COLS] = {
        [ZJ_TR_SRC] = A(src),
        [ZJ_TR_DST] = A(dst),
        [ZJ_TR_PORT] = N(443),
        [ZJ_TR_PROTOCOL] = S("http"),
        [ZJ_TR_HOST] = {.text = zj_span_str(host)},
        [ZJ_TR_DATA_TYPE] = {.text = zj_span_str(type)},
        [ZJ_TR_ITEMS] = N(items),
        [ZJ_TR_BYTES] = N(10 * items),
        [ZJ_TR_FIRST_SEEN] = T(1000),
        [ZJ_TR_LAST_SEEN] = T(1000),
    };
    ok(w, w->sink->fact(w->sink, &w->job, ZJ_FACT_TRANSFER, c));
}

static void flush(struct world *w)
{
    ok(w, w->sink->flush(w->sink, &w->job));
}

enum { DAY = 86400, NOON = 1767240000 }; /* 2026-01-01 12:00 in Beijing */

static void folds(void **state)
{
    struct world *w = world_of(state);
    identity(w, "LA9", "8986", "10.0.0.1", 0, NOON + 50);
    identity(w, "LA9", "8986", "10.0.0.1", 3, NOON + 10);
    assert_int_equal(query(w, "SELECT count(*) FROM fact_identity"), 0); /* held until the batch */
    flush(w);
    identity(w, "LA9", "8986", "10.0.0.1", 4, NOON + 90);
    identity(w, "LA9", "8986", "10.0.0.2", 1, NOON);
    flush(w);
    assert_query(w, "SELECT count(*), sum(life_frames) FROM fact_identity", "2|4");
    assert_query(w,
                 "SELECT org_id, vin, iccid, server, server_key, client, port, other_frames, bytes,"
                 " first_seen, last_seen, ev_packet FROM fact_identity WHERE server = '10.0.0.1'",
                 "7|LA9|8986|10.0.0.1|00000000000000000000ffff0a000001|100.64.0.9|32960|7|300|"
                 "1767240010000000|1767240090000000|50");
    /* the frame is not there in the clear */
    assert_query(w,
                 "SELECT min(length(ev_frame)), sum(instr(ev_frame, x'232301fe')) "
                 "FROM fact_identity",
                 "36|0");
}

static void marks(void **state)
{
    struct world *w = world_of(state);
    identity(w, "LA9", "8986", "10.0.0.1", 0, NOON);
    flush(w);
    assert_query(w, "SELECT kind, key FROM dirty", "fact_identity|8986");
    ok(w, zj_store_exec(&w->job, w->store, "DELETE FROM dirty"));
    identity(w, "LA9", "8986", "10.0.0.1", 0, NOON + 5);
    flush(w);
    assert_int_equal(query(w, "SELECT count(*) FROM dirty"), 0); /* nothing a rule looks at */
    identity(w, "LA9", "8986", "10.0.0.1", 2, NOON + 6);
    flush(w);
    assert_int_equal(query(w, "SELECT count(*) FROM dirty"), 1); /* more than link keeping */
    ok(w, zj_store_exec(&w->job, w->store, "DELETE FROM dirty"));
    identity(w, "LA9", "8986", "10.0.0.1", 2, NOON + DAY);
    flush(w);
    assert_int_equal(query(w, "SELECT count(*) FROM dirty"), 1); /* seen on another day */
    ok(w, zj_store_exec(&w->job, w->store, "DELETE FROM dirty"));
    identity(w, "LB7", "", "10.0.0.1", 0, NOON);
    flush(w);
    assert_query(w, "SELECT kind, key FROM dirty", "fact_identity|LB7");
    ok(w, zj_store_exec(&w->job, w->store, "DELETE FROM dirty"));
    for (int i = 0; i < 3000; i++) { /* too many to name */
        char vin[32];
        snprintf(vin, sizeof vin, "V%d", i);
        identity(w, vin, "", "10.0.0.1", 0, NOON);
    }
    flush(w);
    assert_int_equal(query(w, "SELECT count(*) FROM dirty WHERE key = ''"), 1);
    assert_int_equal(query(w, "SELECT count(*) FROM dirty"), 2001);
}

/* What a register would have made: two organisations, one network inside the other's. */
static void declare_networks(struct world *w)
{
    ok(w, zj_store_exec(&w->job, w->store,
                        "CREATE TABLE IF NOT EXISTS reg_organisations (id INTEGER PRIMARY KEY, "
                        "code TEXT, kinds TEXT, deleted_at INTEGER NOT NULL) STRICT;"
                        "CREATE TABLE IF NOT EXISTS reg_range (register TEXT, row_id INTEGER, "
                        "org_id INTEGER, field TEXT, lo TEXT, hi TEXT, port INTEGER, host TEXT) "
                        "STRICT;"
                        "INSERT INTO reg_organisations VALUES (1, 'A', NULL, 0), "
                        "(2, 'B', 'vehicle_maker;tsp', 0);"
                        "INSERT INTO reg_range VALUES "
                        "('organisations', 1, 0, 'networks', '00000000000000000000ffff0a000000', "
                        "'00000000000000000000ffff0affffff', 0, ''),"
                        "('organisations', 2, 0, 'networks', '00000000000000000000ffff0a090000', "
                        "'00000000000000000000ffff0a09ffff', 0, '')"));
    ok(w, zj_store_begin(&w->job, w->store));
    ok(w, zj_audit_append(&w->job, w->store,
                          &(struct zj_audit_entry){.action = "insert", .object = "organisations"}));
    ok(w, zj_store_commit(&w->job, w->store));
}

static void owners(void **state)
{
    struct world *w = world_of(state);
    identity(w, "OLD", "1", "10.9.0.1", 0, NOON);
    transfer(w, "10.0.0.5", "8.8.8.8", "", "VIN", 1);
    flush(w);
    assert_query(w, "SELECT org_id FROM fact_identity", "7");
    declare_networks(w);
    ok(w, zj_store_exec(&w->job, w->store, "DELETE FROM dirty"));
    ok(w, zj_facts_attribute(&w->job, w->store)); /* what was stored moves to its owner */
    assert_query(w, "SELECT org_id FROM fact_identity", "2");
    assert_query(w, "SELECT org_id FROM fact_transfer", "1");
    assert_int_equal(query(w, "SELECT count(*) FROM dirty WHERE key = ''"), 2);
    identity(w, "NEW", "2", "10.8.0.1", 0, NOON);
    identity(w, "NEW", "2", "10.9.0.1", 0, NOON); /* the narrower network wins */
    identity(w, "NEW", "2", "11.0.0.1", 0, NOON);
    identity(w, "OLD", "1", "10.9.0.1", 0, NOON); /* folds into the row that moved */
    flush(w);
    assert_query(w,
                 "SELECT group_concat(org_id) FROM (SELECT org_id FROM fact_identity ORDER BY id)",
                 "2,1,2,7");
}

static void detection(struct world *w, const char *vin)
{
    struct zj_cell c[ZJ_DT_COLS] = {
        [ZJ_DT_RULE] = S("unknown-platform-command"),
        [ZJ_DT_SUBJECT_KIND] = S("vin"),
        [ZJ_DT_SUBJECT] = {.text = zj_span_str(vin)},
        [ZJ_DT_SRC] = A("203.0.113.66"),
        [ZJ_DT_DST] = A("11.0.0.66"),
        [ZJ_DT_COUNT] = N(1),
        [ZJ_DT_FIRST_SEEN] = T(NOON),
        [ZJ_DT_LAST_SEEN] = T(NOON),
    };
    ok(w, w->sink->fact(w->sink, &w->job, ZJ_FACT_DETECTION, c));
}

static void counter(struct world *w)
{
    struct zj_cell c[ZJ_SN_COLS] = {
        [ZJ_SN_SENSOR] = S("eth1"),
        [ZJ_SN_COUNTER] = S("packets"),
        [ZJ_SN_VALUE] = N(3),
        [ZJ_SN_FIRST_SEEN] = T(NOON),
        [ZJ_SN_LAST_SEEN] = T(NOON),
    };
    ok(w, w->sink->fact(w->sink, &w->job, ZJ_FACT_SENSOR, c));
}

static const char nobodys[] = "SELECT (SELECT count(*) FROM fact_identity WHERE org_id = 0), "
                              "(SELECT count(*) FROM fact_detection WHERE org_id = 0), "
                              "(SELECT count(*) FROM fact_sensor WHERE org_id = 0)";

/* In the middle of a test: rows that nobody owns. */
static void without_default(struct world *w)
{
    w->sink->free(w->sink);
    w->sink = zj_facts_sink(w->store, 0);
}

static void hour_at(struct world *w, const char *server, int64_t at_s, uint32_t first,
                    uint32_t count)
{
    struct zj_distinct seen = {0};
    uint8_t room[ZJ_DISTINCT_BYTES];
    for (uint32_t i = first; i < first + count; i++)
        zj_distinct_add(&seen, (uint32_t)(zj_hash(zj_span_of(&i, sizeof i), 0) >> 16));
    struct zj_cell c[ZJ_HR_COLS] = {
        [ZJ_HR_HOUR] = T(at_s),
        [ZJ_HR_SERVER] = A(server),
        [ZJ_HR_PORT] = N(32960),
        [ZJ_HR_PROTOCOL] = S("gb32960"),
        [ZJ_HR_SECURITY] = S("none"),
        [ZJ_HR_VEHICLES] = N(zj_distinct_count(&seen)),
        [ZJ_HR_VEHICLES_SEEN] = {.text = zj_distinct_pack(&seen, room)},
        [ZJ_HR_FRAMES] = N(count),
        [ZJ_HR_FIRST_SEEN] = T(at_s),
        [ZJ_HR_LAST_SEEN] = T(at_s),
        [ZJ_HR_EV_FRAME] = S("\x23\x23\x01\xfe"), /* a second blob of the row */
    };
    ok(w, w->sink->fact(w->sink, &w->job, ZJ_FACT_HOURLY, c));
}

static void hour(struct world *w, int64_t at_s, uint32_t first, uint32_t count)
{
    hour_at(w, "10.0.0.1", at_s, first, count);
}

/* Two workers or two captures of one hour: of 19 and 11 vehicles, one of them seen by both. */
static void hours_join(void **state)
{
    struct world *w = world_of(state);
    const struct zj_scope all = {.sees_all = true, .sees_personal = true};
    ZJ_AUTO(zj_buf_release) struct zj_buf out = {0};
    hour(w, NOON, 1, 19);
    flush(w);
    hour(w, NOON, 19, 11);
    hour(w, NOON, 1, 5); /* told again */
    flush(w);
    assert_query(w, "SELECT vehicles, frames FROM fact_hourly", "29|35");
    hour(w, NOON + 3600, 25, 10); /* 5 of the hour before, 5 more */
    flush(w);
    struct zj_json j = zj_json_to(&out);
    ok(w, zj_facts_fleet(&w->job, w->store, &all, 0, NOON * INT64_C(1000000), 0, &j));
    assert_non_null(strstr(zj_buf_cstr(&out), "{\"vehicles\":34,"));
    out.len = 0;
    j = zj_json_to(&out);
    ok(w, zj_facts_fleet(&w->job, w->store, &all, 0, (NOON + 3600) * INT64_C(1000000), 0, &j));
    assert_non_null(strstr(zj_buf_cstr(&out), "{\"vehicles\":10,"));
    out.len = 0;
    j = zj_json_to(&out); /* nothing lately: none */
    ok(w, zj_facts_fleet(&w->job, w->store, &all, 0, (NOON + DAY) * INT64_C(1000000), 0, &j));
    assert_non_null(strstr(zj_buf_cstr(&out), "{\"vehicles\":0,"));
    hour_at(w, "10.0.0.2", NOON + 3600, 30, 8); /* 5 of them speak with the other server too */
    flush(w);
    out.len = 0;
    j = zj_json_to(&out);
    ok(w, zj_facts_fleet(&w->job, w->store, &all, 0, (NOON + 3600) * INT64_C(1000000), 0, &j));
    assert_non_null(strstr(zj_buf_cstr(&out), "\"vehicles\":13,\"frames\":18,"));
    hour(w, NOON, 1000, 2000); /* estimated, and still joined */
    hour(w, NOON, 2000, 2000);
    flush(w);
    assert_in_range(query(w, "SELECT vehicles FROM fact_hourly WHERE frames > 100"), 2700, 3360);
}

/* A bureau is told which capture it was, and not where it lies. */
static void bureau_sees_no_paths(void **state)
{
    struct world *w = world_of(state);
    const struct zj_scope bureau = {.sees_all = true, .may_decide = true};
    const struct zj_scope own = {.sees_all = true, .sees_personal = true};
    const struct zj_facts_query q = {.limit = 10};
    ZJ_AUTO(zj_buf_release) struct zj_buf out = {0};
    struct zj_json j = zj_json_to(&out);
    struct zj_cell c[ZJ_SN_COLS] = {
        [ZJ_SN_SENSOR] = S("/data/wang/a b.pcap + /srv/c.pcap + 2"),
        [ZJ_SN_COUNTER] = S("packets"),
        [ZJ_SN_VALUE] = N(7),
        [ZJ_SN_FIRST_SEEN] = T(NOON),
        [ZJ_SN_LAST_SEEN] = T(NOON),
    };
    ok(w, w->sink->fact(w->sink, &w->job, ZJ_FACT_SENSOR, c));
    flush(w);
    ok(w, zj_facts_list(&w->job, w->store, &bureau, ZJ_FACT_SENSOR, &q, &j));
    assert_non_null(strstr(zj_buf_cstr(&out), "\"sensor\":\"a b.pcap + c.pcap + 2\""));
    out.len = 0;
    j = zj_json_to(&out);
    ok(w, zj_facts_list(&w->job, w->store, &own, ZJ_FACT_SENSOR, &q, &j));
    assert_non_null(strstr(zj_buf_cstr(&out), "\"/data/wang/a b.pcap + /srv/c.pcap + 2\""));
}

static void one_company(void **state)
{
    struct world *w = world_of(state);
    int64_t org_id, count;
    without_default(w);
    identity(w, "OLD", "1", "10.9.0.1", 0, NOON);
    detection(w, "OLD");
    counter(w);
    flush(w);
    assert_query(w, nobodys, "1|1|1");
    declare_networks(w); /* and then the second turns out to be the bureau */
    ok(w, zj_store_exec(&w->job, w->store,
                        "DELETE FROM reg_range;"
                        "UPDATE reg_organisations SET kinds = 'bureau' WHERE id = 2"));
    ok(w, zj_facts_attribute(&w->job, w->store));
    assert_query(w, nobodys, "0|0|0");
    assert_query(w, "SELECT org_id, count FROM fact_tally WHERE what = 'vehicle'", "1|1");
    identity(w, "NEW", "2", "11.0.0.1", 0, NOON);
    detection(w, "NEW");
    flush(w);
    assert_query(w, "SELECT min(org_id), max(org_id), count(*) FROM fact_identity", "1|1|2");
    assert_query(w, "SELECT min(org_id), max(org_id), count(*) FROM fact_detection", "1|1|2");
    assert_query(w, "SELECT org_id FROM fact_sensor", "1");
    ok(w, zj_facts_only_org(&w->job, w->store, &org_id));
    assert_int_equal(org_id, 1);
    ok(w, zj_facts_nobodys(&w->job, w->store, &count));
    assert_int_equal(count, 0);
}

static void declared(void **state)
{
    struct world *w = world_of(state);
    int64_t org_id, count;
    without_default(w);
    declare_networks(w);
    ok(w, zj_store_exec(&w->job, w->store,
                        "CREATE TABLE reg_vehicles (id INTEGER PRIMARY KEY, org_id INTEGER, "
                        "vin TEXT, deleted_at INTEGER NOT NULL) STRICT;"
                        "CREATE TABLE reg_cards (id INTEGER PRIMARY KEY, org_id INTEGER, "
                        "iccid TEXT, vin TEXT, deleted_at INTEGER NOT NULL) STRICT;"
                        "INSERT INTO reg_vehicles VALUES (1, 1, 'AA', 0), (2, 2, 'BOTH', 0), "
                        "(3, 1, 'BOTH', 0), (4, 2, 'GONE', 5);"
                        "INSERT INTO reg_cards VALUES (1, 2, '8986', '', 0)"));
    identity(w, "AA", "1", "11.0.0.1", 0, NOON);
    identity(w, "", "8986", "11.0.0.1", 0, NOON);
    identity(w, "BOTH", "2", "11.0.0.1", 0, NOON);
    identity(w, "GONE", "3", "11.0.0.1", 0, NOON);
    identity(w, "AA", "1", "10.9.0.1", 0, NOON); /* an address tells more than a number */
    detection(w, "AA");
    detection(w, "LATER");
    flush(w);
    assert_query(w, "SELECT group_concat(vin || iccid || '=' || org_id) FROM (SELECT * FROM "
                    "fact_identity ORDER BY vin, server)",
                 "8986=2,AA1=2,AA1=1,BOTH2=0,GONE3=0");
    assert_query(w, "SELECT group_concat(subject || org_id) FROM (SELECT * FROM fact_detection "
                    "ORDER BY subject)",
                 "AA1,LATER0");
    ok(w, zj_facts_nobodys(&w->job, w->store, &count));
    assert_int_equal(count, 3);
    ok(w, zj_facts_only_org(&w->job, w->store, &org_id));
    assert_int_equal(org_id, 0);
    /* entered afterwards, as an import does it */
    ok(w, zj_store_exec(&w->job, w->store,
                        "INSERT INTO reg_vehicles VALUES (9, 2, 'LATER', 0), (10, 2, 'GONE', 0)"));
    ok(w, zj_store_begin(&w->job, w->store));
    ok(w, zj_store_mark_dirty(&w->job, w->store, "vehicles", (struct zj_span){0}));
    ok(w, zj_store_commit(&w->job, w->store));
    ok(w, zj_facts_attribute(&w->job, w->store));
    assert_query(w, "SELECT org_id FROM fact_detection WHERE subject = 'LATER'", "2");
    assert_query(w, "SELECT group_concat(vin) FROM fact_identity WHERE org_id = 0", "BOTH");
}

static void incoming(void **state)
{
    struct world *w = world_of(state);
    declare_networks(w);
    transfer(w, "100.64.0.1", "10.0.0.9", "", "VIN", 1);
    transfer(w, "100.64.0.2", "10.0.0.9", "", "VIN", 2); /* another vehicle to the same platform */
    transfer(w, "100.64.0.2", "8.8.8.8", "", "VIN", 4);  /* nobody's: kept as it is */
    transfer(w, "10.0.0.9", "10.9.0.1", "", "VIN", 8);   /* from one organisation to another */
    flush(w);
    assert_query(w, "SELECT org_id, src, items FROM fact_transfer WHERE dst = '10.0.0.9'", "1||3");
    assert_query(w, "SELECT org_id, src, items FROM fact_transfer WHERE dst = '8.8.8.8'",
                 "7|100.64.0.2|4");
    assert_query(w, "SELECT org_id, src, items FROM fact_transfer WHERE dst = '10.9.0.1'",
                 "1|10.0.0.9|8");
}

/* The tally against counting: new, known again, one vehicle by two rows, moved to its owner. */
static void tallies(void **state)
{
    struct world *w = world_of(state);
    static const char differs[] =
        "SELECT (SELECT group_concat(org_id || what || count) FROM (SELECT * FROM fact_tally "
        "WHERE count <> 0 ORDER BY org_id, what)) <> (SELECT group_concat(line) FROM (SELECT "
        "org_id "
        "|| 'identity' || count(*) AS line FROM fact_identity GROUP BY org_id UNION ALL SELECT "
        "org_id || 'protocol' || count(DISTINCT vin) FROM fact_identity GROUP BY org_id UNION ALL "
        "SELECT org_id || 'vehicle' || count(DISTINCT vin) FROM fact_identity GROUP BY org_id ORDER BY "
        "1))";
    identity(w, "V1", "1", "10.9.0.1", 0, NOON);
    identity(w, "V2", "2", "10.8.0.1", 0, NOON);
    identity(w, "V1", "1", "10.9.0.1", 0, NOON + 1);
    flush(w);
    identity(w, "V1", "3", "10.9.0.1", 0, NOON); /* another card in the same vehicle */
    identity(w, "V3", "4", "11.0.0.1", 0, NOON);
    flush(w);
    assert_query(w,
                 "SELECT group_concat(what || count) FROM (SELECT * FROM fact_tally ORDER BY what)",
                 "identity4,protocol3,vehicle3");
    assert_int_equal(query(w, differs), 0);
    declare_networks(w);
    ok(w, zj_facts_attribute(&w->job, w->store));
    assert_int_equal(query(w, differs), 0);
    assert_int_equal(query(w, "SELECT count(*) FROM fact_tally WHERE what = 'vehicle'"), 3);
    identity(w, "V2", "5", "10.9.0.1", 0, NOON); /* known to one organisation, new to the other */
    flush(w);
    assert_int_equal(query(w, differs), 0);
}

static void terminal(struct world *w, const char *vin, const char *iccid, const char *server,
                     int64_t frames, int64_t at_s)
{
    struct zj_cell c[ZJ_ID_COLS] = {
        [ZJ_ID_PROTOCOL] = S("jt808"),
        [ZJ_ID_VIN] = {.text = zj_span_str(vin)},
        [ZJ_ID_ICCID] = {.text = zj_span_str(iccid)},
        [ZJ_ID_PHONE] = S("13800138000"),
        [ZJ_ID_SERVER] = A(server),
        [ZJ_ID_PORT] = N(7611),
        [ZJ_ID_SECURITY] = S("none"),
        [ZJ_ID_EDITION] = S("2019"),
        [ZJ_ID_OTHER_FRAMES] = N(frames),
        [ZJ_ID_FIRST_SEEN] = T(at_s),
        [ZJ_ID_LAST_SEEN] = T(at_s),
    };
    ok(w, w->sink->fact(w->sink, &w->job, ZJ_FACT_IDENTITY, c));
}

#define ROWS                                                                                       \
    "SELECT group_concat(vin || '/' || iccid || '/' || other_frames, ' ') FROM "                   \
    "(SELECT * FROM fact_identity ORDER BY vin, iccid, server)"
#define COUNTS                                                                                     \
    "SELECT group_concat(what || count) FROM (SELECT what, sum(count) AS count FROM fact_tally "   \
    "GROUP BY what ORDER BY what)"

/* By hand: what is known of one terminal, bit by bit, in one run and over runs. */
static void one_terminal_is_one_row(void **state)
{
    struct world *w = world_of(state);
    terminal(w, "", "", "10.0.0.1", 1, NOON);
    terminal(w, "", "8986A", "10.0.0.1", 2, NOON + 1); /* the card becomes known */
    flush(w);
    assert_query(w, ROWS, "/8986A/3");
    terminal(w, "V1", "8986A", "10.0.0.1", 4, NOON + 2); /* and the VIN */
    terminal(w, "", "", "10.0.0.1", 8, NOON + 3);        /* what was not yet sent of before */
    flush(w);
    assert_query(w, ROWS, "V1/8986A/15");
    assert_query(w, COUNTS, "identity1,protocol1,vehicle1");
    w->sink->free(w->sink);
    w->sink = zj_facts_sink(w->store, 7); /* another run begins before the registration */
    terminal(w, "", "", "10.0.0.1", 16, NOON + 4);
    terminal(w, "V1", "", "10.0.0.1", 32, NOON + 5);
    flush(w);
    assert_query(w, ROWS, "V1/8986A/63");
    assert_query(w, COUNTS, "identity1,protocol1,vehicle1");
    assert_int_equal(query(w, "SELECT first_seen / 1000000 FROM fact_identity"), NOON);
}

/* Another card or another vehicle is what rules look for; another platform is another row. */
static void what_differs_stays_apart(void **state)
{
    struct world *w = world_of(state);
    terminal(w, "V1", "8986A", "10.0.0.1", 1, NOON);
    terminal(w, "V1", "8986B", "10.0.0.1", 2, NOON + 1);
    terminal(w, "V2", "8986B", "10.0.0.1", 4, NOON + 2);
    terminal(w, "V1", "", "10.0.0.2", 8, NOON + 3);
    flush(w);
    assert_query(w, ROWS, "V1//8 V1/8986A/1 V1/8986B/2 V2/8986B/4");
    assert_query(w, COUNTS, "identity4,protocol2,vehicle2");
    w->sink->free(w->sink);
    w->sink = zj_facts_sink(w->store, 7);
    terminal(w, "V1", "", "10.0.0.1", 16, NOON + 4); /* of the two, the one seen last */
    flush(w);
    assert_query(w, ROWS, "V1//8 V1/8986A/1 V1/8986B/18 V2/8986B/4");
}

/* A VIN that is there already by another protocol: the number was no vehicle of its own. */
static void a_number_that_gets_a_known_vin_is_no_second_vehicle(void **state)
{
    struct world *w = world_of(state);
    identity(w, "V1", "", "10.0.0.9", 0, NOON);
    terminal(w, "", "", "10.0.0.1", 1, NOON);
    flush(w);
    assert_query(w, COUNTS, "identity2,protocol2,vehicle2");
    terminal(w, "V1", "", "10.0.0.1", 2, NOON + 1);
    flush(w);
    assert_query(w, COUNTS, "identity2,protocol2,vehicle1");
    ok(w, zj_store_exec(&w->job, w->store, "DELETE FROM fact_tally WHERE what = 'protocol'"));
    ok(w, zj_facts_migrate(&w->job, w->store)); /* as a store of before: counted again */
    assert_query(w, COUNTS, "identity2,protocol2,vehicle1");
}

static void countries(void **state)
{
    struct world *w = world_of(state);
    static const struct {
        const char *addr, *country;
    } cases[] = {
        {"192.168.3.4", "-"}, {"100.64.1.1", "-"},       {"fd00::1", "-"},
        {"8.8.8.8", "US"},    {"114.114.114.114", "CN"}, {"2001:4860:4860::8888", "US"},
        /* RFC 1112 and 5737: reserved, and documentation; RFC 2365: a group in one's own site */
        {"241.1.2.3", ""},    {"203.0.113.9", ""},       {"239.255.255.250", "-"},
    };
    struct zj_geo *geo;
    char country[ZJ_COUNTRY_TEXT];
    ok(w, zj_geo_open(&w->job, &geo));
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        const struct zj_addr a = addr(cases[i].addr);
        zj_geo_country(geo, &a, country);
        /* without a database a public address is of unknown country */
        assert_string_equal(country, geo || cases[i].country[0] == '-' ? cases[i].country : "");
    }
    zj_geo_close(geo);
    transfer(w, "10.0.0.5", "192.168.3.4", "", "VIN", 1);
    flush(w);
    assert_query(w, "SELECT country FROM fact_transfer", "-");
}

/* A row of before the database of countries was there, or of another one, is told anew. */
static void countries_follow_the_database(void **state)
{
    struct world *w = world_of(state);
    struct zj_geo *geo;
    ok(w, zj_geo_open(&w->job, &geo));
    const bool has_geo = geo;
    zj_geo_close(geo);
    transfer(w, "10.0.0.5", "8.8.8.8", "", "VIN", 1);
    transfer(w, "10.0.0.5", "192.168.3.4", "", "VIN", 1);
    flush(w);
    ok(w, zj_store_exec(&w->job, w->store, "UPDATE fact_transfer SET country = ''"));
    ok(w, zj_facts_migrate(&w->job, w->store)); /* the same database: not looked at again */
    assert_query(w, "SELECT group_concat(country) FROM fact_transfer", ",");
    ok(w, zj_store_begin(&w->job, w->store));
    ok(w, zj_store_meta_set(&w->job, w->store, "facts_geo", ZJ_SPAN_LIT("1")));
    ok(w, zj_store_commit(&w->job, w->store));
    ok(w, zj_facts_migrate(&w->job, w->store));
    assert_query(w,
                 "SELECT group_concat(country) FROM (SELECT country FROM fact_transfer "
                 "ORDER BY dst)",
                 has_geo ? "-,US" : ",");
}

static void assert_json(struct world *w, struct zj_buf *got, zj_err err, const char *want)
{
    ok(w, err);
    if (!strstr(zj_buf_cstr(got), want))
        fail_msg("wanted %s in %s", want, zj_buf_cstr(got));
    got->len = 0;
}

static void reading(void **state)
{
    struct world *w = world_of(state);
    struct zj_scope all = {.sees_all = true, .sees_personal = true}, mine = {.org_id = 7},
                    theirs = {.org_id = 8};
    struct zj_buf out = {0};
    struct zj_json j;
    declare_networks(w);
    identity(w, "LA9AAA", "8986", "11.0.0.1", 0, NOON);
    identity(w, "LB7BBB", "8987", "10.9.0.1", 0, NOON);
    flush(w);
    struct zj_facts_query q = {.filter_count = 1, .filters = {{"vin", "LA9*"}}};
#define LIST(scope)                                                                                \
    (j = zj_json_to(&out), zj_facts_list(&w->job, w->store, scope, ZJ_FACT_IDENTITY, &q, &j))
    assert_json(w, &out, LIST(&all), "\"vin\":\"LA9AAA\"");
    assert_json(w, &out, LIST(&all), "\"total\":1");
    assert_json(w, &out, LIST(&all), "\"ev_frame\":\"232301fe\"");
    assert_json(w, &out, LIST(&all), "\"first_seen\":\"2026-01-01T12:00:00+08:00\"");
    assert_json(w, &out, LIST(&mine), "\"total\":1");
    ok(w, LIST(&mine));
    assert_null(strstr(zj_buf_cstr(&out), "232301fe"));
    out.len = 0;
    assert_json(w, &out, LIST(&theirs), "\"rows\":[],\"total\":0");
    q.filters[0].column = "server", q.filters[0].value = "10.9.0.1";
    assert_json(w, &out, LIST(&all), "\"org\":\"B\"");
    assert_json(w, &out, LIST(&mine), "\"total\":0");
    q.filters[0].column = "other_frames", q.filters[0].value = ">=1";
    assert_json(w, &out, LIST(&all), "\"total\":0");
    q.filters[0].column = "id; DROP TABLE x", q.filters[0].value = "1";
    assert_int_equal(LIST(&all), ZJ_EUSAGE);
    zj_job_clear(&w->job);
    out.len = 0;
    j = zj_json_to(&out);
    assert_json(w, &out, zj_facts_get(&w->job, w->store, &mine, ZJ_FACT_IDENTITY, 1, &j), "LA9AAA");
    j = zj_json_to(&out);
    assert_int_equal(zj_facts_get(&w->job, w->store, &mine, ZJ_FACT_IDENTITY, 2, &j), ZJ_ENOTFOUND);
    zj_job_clear(&w->job);
    out.len = 0;
    j = zj_json_to(&out);
    assert_json(w, &out, zj_facts_fleet(&w->job, w->store, &all, 0, 0, 0, &j), "\"vehicles\":2");
    j = zj_json_to(&out);
    assert_json(w, &out, zj_facts_fleet(&w->job, w->store, &mine, 0, 0, 0, &j), "\"vehicles\":1");
    zj_buf_release(&out);
}

static void flows(void **state)
{
    struct world *w = world_of(state);
    struct zj_scope all = {.sees_all = true}, other = {.org_id = 5};
    struct zj_buf out = {0};
    struct zj_json j = zj_json_to(&out);
    declare_networks(w);
    ok(w, zj_store_exec(&w->job, w->store,
                        "CREATE TABLE reg_partners (id INTEGER PRIMARY KEY, org_id INTEGER, "
                        "name TEXT, deleted_at INTEGER NOT NULL) STRICT;"
                        "INSERT INTO reg_partners VALUES (3, 1, '合作方', 0);"
                        "INSERT INTO reg_range VALUES "
                        "('partners', 3, 1, 'endpoints', '00000000000000000000ffff08080808', "
                        "'00000000000000000000ffff08080808', 0, ''),"
                        "('partners', 3, 1, 'endpoints', '', '', 443, 'api.example.com')"));
    transfer(w, "10.0.0.5", "8.8.8.8", "", "VIN", 1);
    transfer(w, "10.0.0.5", "9.9.9.9", "x.api.example.com", "VIN", 2);
    transfer(w, "10.0.0.5", "9.9.9.9", "other.example.net", "PLATE", 4);
    transfer(w, "10.0.0.6", "9.9.9.8", "", "PLATE", 8);
    transfer(w, "10.0.0.6", "10.0.0.7", "inside.example.com", "PLATE", 16);
    flush(w);
    ok(w, zj_facts_transfers(&w->job, w->store, &all, 0, false, &j));
    const char *text = zj_buf_cstr(&out);
    /* both go to the partner: by address and by name under its domain */
    assert_non_null(strstr(text, "\"name\":\"合作方\",\"is_partner\":true"));
    assert_non_null(strstr(
        text, "{\"source\":\"type:VIN\",\"target\":\"to:合作方\",\"items\":3,\"bytes\":30}"));
    assert_non_null(
        strstr(text, "{\"source\":\"type:PLATE\",\"target\":\"to:other.example.net\",\"items\":4"));
    assert_non_null(
        strstr(text, "{\"source\":\"type:PLATE\",\"target\":\"to:9.9.9.8\",\"items\":8"));
    assert_non_null(strstr(text, "inside.example.com"));
    out.len = 0;
    j = zj_json_to(&out);
    ok(w, zj_facts_transfers(&w->job, w->store, &all, 0, true, &j)); /* what leaves */
    assert_null(strstr(zj_buf_cstr(&out), "inside.example.com"));
    assert_non_null(strstr(zj_buf_cstr(&out), "to:9.9.9.8"));
    out.len = 0;
    j = zj_json_to(&out);
    assert_json(w, &out, zj_facts_transfers(&w->job, w->store, &other, 0, false, &j),
                "{\"nodes\":[],\"links\":[]}");
    zj_buf_release(&out);
}

/* The order by hand: what leaves before what stays; of that what goes abroad before the rest; of that
 * strangers before partners; of those the larger first. */
static void worst_first(void **state)
{
    static const struct {
        const char *src, *dst, *country;
        int bytes;
    } rows[] = {
        {"10.0.0.5", "8.8.8.8", "US", 900},  /* abroad, a partner */
        {"10.0.0.5", "9.9.9.9", "US", 100},  /* abroad, a stranger */
        {"10.0.0.5", "9.9.9.7", "US", 200},  /* the same, more of it */
        {"10.0.0.5", "9.9.9.6", "CN", 5000}, /* at home, a stranger */
        {"10.0.0.5", "8.8.8.8", "CN", 9999}, /* at home, a partner */
        {"10.0.0.6", "10.0.0.7", "-", 99999}, /* stays */
        {"10.0.0.5", "9.9.9.5", "unknown", 50},
    };
    static const char *const want[] = {"9.9.9.7", "9.9.9.9", "9.9.9.5", "8.8.8.8",
                                       "9.9.9.6", "8.8.8.8", "10.0.0.7"};
    struct world *w = world_of(state);
    const struct zj_scope all = {.sees_all = true};
    struct zj_buf out = {0};
    char sql[200];
    declare_networks(w);
    ok(w, zj_store_exec(&w->job, w->store,
                        "CREATE TABLE reg_partners (id INTEGER PRIMARY KEY, org_id INTEGER, "
                        "name TEXT, deleted_at INTEGER NOT NULL) STRICT;"
                        "INSERT INTO reg_partners VALUES (3, 1, 'P', 0);"
                        "INSERT INTO reg_range VALUES "
                        "('partners', 3, 1, 'endpoints', '00000000000000000000ffff08080808', "
                        "'00000000000000000000ffff08080808', 0, '')"));
    for (size_t i = 0; i < ZJ_COUNT(rows); i++) {
        char type[8];
        snprintf(type, sizeof type, "T%zu", i);
        transfer(w, rows[i].src, rows[i].dst, "", type, 1);
    }
    flush(w);
    for (size_t i = 0; i < ZJ_COUNT(rows); i++) {
        snprintf(sql, sizeof sql, "UPDATE fact_transfer SET bytes = %d, country = '%s' WHERE data_type = 'T%zu'",
                 rows[i].bytes, rows[i].country, i);
        ok(w, zj_store_exec(&w->job, w->store, sql));
    }
    for (int limit = 1; limit <= 8; limit++) /* whatever the pages, the order is one */
        for (size_t at = 0; at < ZJ_COUNT(want);) {
            struct zj_json j = zj_json_to(&out);
            const struct zj_facts_query page = {.sort = "worst", .limit = limit, .offset = (int64_t)at};
            out.len = 0;
            ok(w, zj_facts_list(&w->job, w->store, &all, ZJ_FACT_TRANSFER, &page, &j));
            assert_non_null(strstr(zj_buf_cstr(&out), "\"total\":7"));
            const char *row = zj_buf_cstr(&out);
            for (int n = 0; n < limit && at < ZJ_COUNT(want); n++, at++) {
                char dst[64];
                snprintf(dst, sizeof dst, "\"dst\":\"%s\"", want[at]);
                row = strstr(row, "\"dst\":");
                assert_non_null(row);
                assert_memory_equal(row, dst, strlen(dst));
                row++;
            }
            assert_null(strstr(row, "\"dst\":"));
        }
    struct zj_json j = zj_json_to(&out);
    const struct zj_facts_query leaving = {.sort = "worst", .outside_only = true};
    out.len = 0;
    ok(w, zj_facts_list(&w->job, w->store, &all, ZJ_FACT_TRANSFER, &leaving, &j));
    assert_non_null(strstr(zj_buf_cstr(&out), "\"total\":6"));
    assert_null(strstr(zj_buf_cstr(&out), "10.0.0.7"));
    zj_buf_release(&out);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(folds),    CASE(marks),     CASE(owners),  CASE(one_company), CASE(hours_join), CASE(declared), CASE(tallies), CASE(countries_follow_the_database),
        CASE(folds),    CASE(marks),     CASE(owners),  CASE(one_company), CASE(bureau_sees_no_paths), CASE(declared), CASE(tallies), CASE(countries_follow_the_database),
        CASE(one_terminal_is_one_row), CASE(what_differs_stays_apart),
        CASE(a_number_that_gets_a_known_vin_is_no_second_vehicle),
        CASE(incoming), CASE(countries), CASE(reading), CASE(flows), CASE(worst_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
