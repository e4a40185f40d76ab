/* Gap and duty rules: what each finds, what it leaves alone, and that a change is followed. The
 * scenes are the definitions of the nine gaps, one fact or one register row apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "facts/facts.h"
#include "plan/plan.h"
#include "register/register.h"

/* Registered codes and numbers with right check digits: GB 32100 annex, SAE J853 and Luhn by hand. */
#define ORG   "91350100M000100Y43"
#define VIN_A "1M8GDM9AXKP042788"
#define VIN_B "11111111111111111"
#define CARD  "89860100123456789015"

struct world {
    struct zj_job job;
    struct zj_store *store;
    struct zj_plan *plan;
    struct zj_sink *sink;
    int64_t org_id;
};

static const struct zj_scope all = {.sees_all = true, .may_write = true, .sees_personal = true};

#define OK(w, call)                                                                                \
    do {                                                                                           \
        zj_err err_ = (call);                                                                      \
        if (err_)                                                                                  \
            fail_msg("%s: %s", #call, (w)->job.message);                                           \
    } while (0)

struct pair {
    const char *field, *value;
};

/* Inserts a row, or changes row `id`. */
static int64_t put(struct world *w, const char *name, int64_t id, const struct pair *pairs)
{
    const struct zj_register *reg = zj_register_find(name);
    struct zj_span cells[64] = {0};
    struct zj_row_fault faults[8];
    struct zj_scope scope = all;
    size_t fault_count = 0;
    int64_t out_id = 0;
    scope.org_id = w->org_id;
    assert_non_null(reg);
    for (; pairs->field; pairs++) {
        size_t i = 0;
        while (i < reg->field_count && strcmp(reg->fields[i].name, pairs->field) != 0)
            i++;
        assert_true(i < reg->field_count);
        cells[i] = zj_span_str(pairs->value);
    }
    zj_err err = zj_register_put(&w->job, w->store, &scope, reg, id, cells, &out_id, faults, 8,
                                 &fault_count);
    if (err)
        fail_msg("%s: %s %s", name, w->job.message, fault_count ? faults[0].en : "");
    return out_id;
}
#define PUT(w, name, id, ...) put(w, name, id, (const struct pair[]){__VA_ARGS__, {0}})

static struct zj_addr addr(const char *text)
{
    struct zj_addr a = {{0}};
    assert_true(zj_addr_parse(zj_span_str(text), &a));
    return a;
}

static void seen(struct zj_cell *cells, int first_seen)
{
    const int64_t at = INT64_C(1767225599) * ZJ_NS_PER_S;
    cells[first_seen].num = cells[first_seen + 1].num = at;
    cells[first_seen + 2].text = ZJ_SPAN_LIT("test.pcap");
    cells[first_seen + 3].num = 7;
    cells[first_seen + 4].num = at;
}

static void service(struct world *w, const char *at, int port, const char *security, bool is_public)
{
    struct zj_cell c[ZJ_SV_COLS] = {0};
    c[ZJ_SV_ADDR].addr = addr(at);
    c[ZJ_SV_PORT].num = port;
    c[ZJ_SV_PROTOCOL].text = ZJ_SPAN_LIT("gb32960");
    c[ZJ_SV_SECURITY].text = zj_span_str(security);
    c[ZJ_SV_IS_VEHICLE].num = 1;
    c[ZJ_SV_IS_PUBLIC].num = is_public;
    c[ZJ_SV_FRAMES].num = 1;
    seen(c, ZJ_SV_FIRST_SEEN);
    OK(w, w->sink->fact(w->sink, &w->job, ZJ_FACT_SERVICE, c));
}

static void identity(struct world *w, const char *vin, const char *iccid, const char *phone,
                     int64_t other_frames)
{
    struct zj_cell c[ZJ_ID_COLS] = {0};
    c[ZJ_ID_PROTOCOL].text = ZJ_SPAN_LIT("gb32960");
    c[ZJ_ID_VIN].text = zj_span_str(vin);
    c[ZJ_ID_ICCID].text = zj_span_str(iccid);
    c[ZJ_ID_PHONE].text = zj_span_str(phone);
    c[ZJ_ID_SERVER].addr = addr("10.1.0.5");
    c[ZJ_ID_CLIENT].addr = addr("10.200.0.9");
    c[ZJ_ID_PORT].num = 32960;
    c[ZJ_ID_SECURITY].text = ZJ_SPAN_LIT("none");
    c[ZJ_ID_LOGINS].num = 1;
    c[ZJ_ID_LIFE_FRAMES].num = 3;
    c[ZJ_ID_OTHER_FRAMES].num = other_frames;
    seen(c, ZJ_ID_FIRST_SEEN);
    OK(w, w->sink->fact(w->sink, &w->job, ZJ_FACT_IDENTITY, c));
}

/* The country is set here, so that the test needs no country database. */
static void transfer(struct world *w, const char *src, const char *dst, const char *host,
                     const char *type, const char *country)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    struct zj_cell c[ZJ_TR_COLS] = {0};
    c[ZJ_TR_SRC].addr = addr(src);
    c[ZJ_TR_DST].addr = addr(dst);
    c[ZJ_TR_PORT].num = 443;
    c[ZJ_TR_PROTOCOL].text = ZJ_SPAN_LIT("http");
    c[ZJ_TR_HOST].text = zj_span_str(host);
    c[ZJ_TR_DATA_TYPE].text = zj_span_str(type);
    c[ZJ_TR_ITEMS].num = 1;
    seen(c, ZJ_TR_FIRST_SEEN);
    OK(w, w->sink->fact(w->sink, &w->job, ZJ_FACT_TRANSFER, c));
    OK(w, w->sink->flush(w->sink, &w->job));
    OK(w, zj_store_prepare(&w->job, w->store,
                           "UPDATE fact_transfer SET country = $1 WHERE dst = $2", &s));
    zj_stmt_bind_str(s, 1, country);
    zj_stmt_bind_str(s, 2, dst);
    OK(w, zj_stmt_run(&w->job, s));
}

static void upgrade(struct world *w, const char *version, const char *host)
{
    struct zj_cell c[ZJ_CM_COLS] = {0};
    c[ZJ_CM_KIND].text = ZJ_SPAN_LIT("upgrade");
    c[ZJ_CM_PROTOCOL].text = ZJ_SPAN_LIT("jt808");
    c[ZJ_CM_SENDER].addr = addr("10.1.0.5");
    c[ZJ_CM_VERSION].text = zj_span_str(version);
    c[ZJ_CM_HOST].text = zj_span_str(host);
    c[ZJ_CM_TARGET].text = ZJ_SPAN_LIT(VIN_A);
    c[ZJ_CM_COUNT].num = 1;
    seen(c, ZJ_CM_FIRST_SEEN);
    OK(w, w->sink->fact(w->sink, &w->job, ZJ_FACT_COMMAND, c));
}

/* The open gaps as "rule subject\n…", sorted by rule as the list gives them. */
static const char *gaps(struct world *w)
{
    struct zj_buf text = {0}, found = {0};
    const struct zj_plan_filter filter = {.as_lines = true};
    struct zj_json j = zj_json_to(&text);
    OK(w, w->sink->flush(w->sink, &w->job));
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, false));
    OK(w, zj_plan_gaps(&w->job, w->plan, w->store, &all, &filter, &j, NULL));
    for (char *line = (char *)zj_buf_cstr(&text); *line;) {
        char rule[64], subject[64];
        const char *at = strstr(line, "\"gap\":\""), *id = strstr(line, "\"id\":\"");
        assert_int_equal(sscanf(at, "\"gap\":\"%63[^\"]", rule), 1);
        assert_int_equal(sscanf(id, "\"id\":\"%63[^\"]", subject), 1);
        zj_buf_printf(&found, "%s %s\n", rule, subject);
        line = strchr(line, '\n') + 1;
    }
    const char *result = zj_arena_strdup(&w->job.arena, zj_buf_cstr(&found));
    zj_buf_release(&text);
    zj_buf_release(&found);
    return result;
}

static int make_world(void **state)
{
    struct world *w = zj_alloc(sizeof *w);
    zj_job_init(&w->job);
    w->job.fixed_now_ns = (int64_t)zj_date_of(2026, 9, 30) * 86400 * ZJ_NS_PER_S;
    OK(w, zj_store_open(&w->job, ":memory:", ZJ_STORE_CREATE, &w->store));
    OK(w, zj_registers_migrate(&w->job, w->store));
    OK(w, zj_facts_migrate(&w->job, w->store));
    OK(w, zj_plan_load(&w->job, NULL, &w->plan));
    PUT(w, "organisations", 0, {"code", ORG}, {"name", "示例车企"}, {"kinds", "vehicle_maker"},
        {"networks", "10.1.0.0/16"});
    OK(w, zj_org_find(&w->job, w->store, ORG, &w->org_id));
    w->sink = zj_facts_sink(w->store, w->org_id);
    *state = w;
    return 0;
}

static int end_world(void **state)
{
    struct world *w = *state;
    w->sink->free(w->sink);
    zj_plan_free(w->plan);
    zj_store_close(w->store);
    zj_job_release(&w->job);
    free(w);
    return 0;
}

static void nothing_declared_nothing_seen(void **state)
{
    assert_string_equal(gaps(*state), "");
}

static void undeclared_asset(void **state)
{
    struct world *w = *state;
    service(w, "10.1.0.5", 32960, "none", false);
    service(w, "192.168.7.7", 32960, "none", false); /* not the organisation's network */
    assert_string_equal(gaps(w), "T3.undeclared-asset 10.1.0.5:32960\n");
    int64_t id = PUT(w, "systems", 0, {"code", "S1"}, {"name", "平台"}, {"kind", "platform"},
                     {"level", "3"}, {"addresses", "10.1.0.5:8443"});
    assert_string_equal(gaps(w), "T3.undeclared-asset 10.1.0.5:32960\n"); /* another port */
    PUT(w, "systems", id, {"addresses", "10.1.0.0/24"});
    assert_string_equal(gaps(w), "");
}

static void vehicle_plaintext(void **state)
{
    struct world *w = *state;
    int64_t id = PUT(w, "systems", 0, {"code", "S1"}, {"name", "平台"}, {"kind", "platform"},
                     {"level", "1"}, {"addresses", "10.1.0.5"});
    service(w, "10.1.0.5", 32960, "none", true);
    assert_string_equal(gaps(w), ""); /* level 1 */
    PUT(w, "systems", id, {"level", "2"});
    assert_string_equal(gaps(w), "T4.vehicle-plaintext S1\n");
}

static void private_and_tls_services_are_fine(void **state)
{
    struct world *w = *state;
    PUT(w, "systems", 0, {"code", "S1"}, {"name", "平台"}, {"kind", "platform"}, {"level", "3"},
        {"addresses", "10.1.0.5"});
    service(w, "10.1.0.5", 32960, "none", false);
    service(w, "10.1.0.5", 8883, "tls", true);
    assert_string_equal(gaps(w), "");
}

static void card_not_registered(void **state)
{
    struct world *w = *state;
    identity(w, VIN_A, CARD, "", 5);
    assert_string_equal(gaps(w), "T6.card-not-registered " CARD "\n");
    int64_t id = PUT(w, "cards", 0, {"iccid", CARD}, {"vin", VIN_A}, {"state", "test"});
    assert_string_equal(gaps(w), "");
    PUT(w, "cards", id, {"state", "suspended"});
    assert_string_equal(gaps(w), "T6.card-not-registered " CARD "\n");
}

/* A pass that is told to stop leaves the changes for the next one, and what changes while a
 * pass is at work is its own again. */
static void stopped_pass_is_caught_up(void **state)
{
    struct world *w = *state;
    atomic_bool stop = true;
    int64_t left = 0;
    assert_string_equal(gaps(w), "");
    identity(w, VIN_A, CARD, "", 5);
    OK(w, w->sink->flush(w->sink, &w->job));
    w->job.interrupted = &stop;
    assert_int_equal(zj_plan_evaluate(&w->job, w->plan, w->store, false), ZJ_EINTR);
    w->job.interrupted = NULL;
    zj_job_clear(&w->job);
    OK(w, zj_store_query_int(&w->job, w->store, "SELECT count(*) FROM dirty", 0, &left));
    assert_true(left > 0);
    assert_string_equal(gaps(w), "T6.card-not-registered " CARD "\n");
    OK(w, zj_store_query_int(&w->job, w->store, "SELECT count(*) FROM dirty", 0, &left));
    assert_int_equal(left, 0);
    /* as if a pass had claimed it: a change meanwhile is its own again */
    OK(w, zj_store_exec(&w->job, w->store,
                        "INSERT INTO dirty (kind, key, since) VALUES ('cards', '" CARD "', -7)"));
    OK(w, zj_store_mark_dirty(&w->job, w->store, "cards", zj_span_str(CARD)));
    OK(w, zj_store_query_int(&w->job, w->store, "SELECT since > 0 FROM dirty", 0, &left));
    assert_int_equal(left, 1);
}

static void optout_card_active(void **state)
{
    struct world *w = *state;
    PUT(w, "cards", 0, {"iccid", CARD}, {"vin", VIN_A}, {"state", "opted_out"});
    identity(w, VIN_A, CARD, "", 0); /* only what keeps the link */
    assert_string_equal(gaps(w), "");
    identity(w, VIN_A, CARD, "", 2);
    assert_string_equal(gaps(w), "T6.optout-card-active " CARD "\n");
}

static void optout_card_is_known_by_its_number_too(void **state)
{
    struct world *w = *state;
    PUT(w, "cards", 0, {"iccid", CARD}, {"msisdn", "1440000012345"}, {"vin", VIN_A},
        {"state", "opted_out"});
    identity(w, "", "", "1440000012345", 4);
    assert_string_equal(gaps(w), "T6.optout-card-active " CARD "\n");
}

/* Frames of 2025-12-31 23:59:59 UTC, 2026-01-01 in Beijing: a cut confirmed on that day or later is
 * younger than they are, as far as a day can tell. */
static void optout_card_is_judged_by_what_came_after(void **state)
{
    struct world *w = *state;
    PUT(w, "cards", 0, {"iccid", CARD}, {"vin", VIN_A}, {"state", "opted_out"});
    identity(w, VIN_A, CARD, "", 2);
    int64_t id = PUT(w, "optouts", 0, {"code", "L1"}, {"iccid", CARD},
                     {"signed_on", "2025-12-30"}, {"cut_confirmed_on", "2026-01-01"});
    assert_string_equal(gaps(w), "");
    PUT(w, "optouts", id, {"cut_confirmed_on", "2025-12-31"});
    assert_string_equal(gaps(w), "T6.optout-card-active " CARD "\n");
    /* the case tells the second: confirmed at 23:59:59, and a second before */
    OK(w, zj_store_exec(&w->job, w->store,
                        "INSERT INTO work_case (id, type, org_id, opener_org_id, opener,"
                        " opener_side, register, row_id, subject, title, state, side, round,"
                        " opened_at, submitted_at, state_at, due_at, closed_at, number,"
                        " assignee, version) SELECT 1, 'optout', org_id, org_id, 'a',"
                        " 'company', 'optouts', id, 'L1', 'L1', 'opted_out', 'none', 1, 1, 0,"
                        " 1, 0, 0, '', '', 1 FROM reg_optouts"));
    OK(w, zj_store_exec(&w->job, w->store,
                        "INSERT INTO work_event (case_id, org_id, at, actor, side, action,"
                        " from_state, to_state, note, snapshot_id, round) VALUES (1, 1,"
                        " 1767225599000000, 'a', 'company', 'confirm', 'cutting', 'opted_out',"
                        " '', 0, 1)"));
    OK(w, zj_store_mark_dirty(&w->job, w->store, "optouts", zj_span_str("L1")));
    assert_string_equal(gaps(w), "");
    OK(w, zj_store_exec(&w->job, w->store, "UPDATE work_event SET at = at - 1000000"));
    OK(w, zj_store_mark_dirty(&w->job, w->store, "optouts", zj_span_str("L1")));
    assert_string_equal(gaps(w), "T6.optout-card-active " CARD "\n");
}

static void card_two_vins(void **state)
{
    struct world *w = *state;
    PUT(w, "cards", 0, {"iccid", CARD}, {"vin", VIN_A}, {"state", "test"});
    identity(w, VIN_A, CARD, "", 1);
    assert_string_equal(gaps(w), "");
    identity(w, VIN_B, CARD, "", 1);
    assert_string_equal(gaps(w), "T6.card-two-vins " CARD "\n");
}

static void unfiled_release(void **state)
{
    struct world *w = *state;
    upgrade(w, "2.0.1", "ota.example.com");
    assert_string_equal(gaps(w), "T9.unfiled-release-commanded 2.0.1\n");
    int64_t id = PUT(w, "releases", 0, {"code", "R1"}, {"product", "TBOX"}, {"kind", "ota"},
                     {"version", "2.0.1"}, {"hosts", "ota.example.com"}, {"tested_on", "2026-08-01"});
    assert_string_equal(gaps(w), "T9.unfiled-release-commanded 2.0.1\n"); /* not filed yet */
    PUT(w, "releases", id, {"filed_on", "2026-10-01"}, {"filing_number", "B-1"}); /* tomorrow */
    assert_string_equal(gaps(w), "T9.unfiled-release-commanded 2.0.1\n");
    PUT(w, "releases", id, {"filed_on", "2026-08-10"});
    assert_string_equal(gaps(w), "");
    upgrade(w, "2.0.1", "203.0.113.9"); /* the version is filed, the host is not */
    assert_string_equal(gaps(w), "T9.unfiled-release-commanded 2.0.1\n");
    PUT(w, "releases", id, {"hosts", "ota.example.com;203.0.113.9"});
    assert_string_equal(gaps(w), "");
    upgrade(w, "", "198.51.100.1");
    assert_string_equal(gaps(w), "T9.unfiled-release-commanded 198.51.100.1\n");
}

/* The gaps of a rule as that language prints them. */
static const char *told(struct world *w, const char *rule, enum zj_lang lang)
{
    struct zj_buf text = {0};
    const struct zj_plan_filter filter = {.rule = rule, .as_lines = true};
    const enum zj_lang before = w->job.lang;
    struct zj_json j = zj_json_to(&text);
    w->job.lang = lang;
    OK(w, zj_plan_gaps(&w->job, w->plan, w->store, &all, &filter, &j, NULL));
    w->job.lang = before;
    const char *result = zj_arena_strdup(&w->job.arena, zj_buf_cstr(&text));
    zj_buf_release(&text);
    return result;
}

static void every_type_is_named(void **state)
{
    struct world *w = *state;
    transfer(w, "10.1.0.5", "114.114.114.9", "", "VIN", "CN");
    transfer(w, "10.1.0.5", "114.114.114.9", "", "CN_MOBILE", "CN");
    transfer(w, "10.1.0.7", "114.114.114.9", "", "VIN", "CN");
    assert_string_equal(gaps(w), "T13.undeclared-partner 114.114.114.9\n");
    const char *en = told(w, "T13.undeclared-partner", ZJ_EN);
    const char *zh = told(w, "T13.undeclared-partner", ZJ_ZH);
    assert_non_null(strstr(en, "10.1.0.5, 10.1.0.7 sends VIN, mobile number to 114.114.114.9"));
    assert_non_null(strstr(zh, "10.1.0.5、10.1.0.7 向 114.114.114.9"));
    assert_non_null(strstr(zh, "发送了 车辆识别代号、手机号码，"));
    /* a search looks at the sentence as well: the senders are in no subject */
    const struct zj_plan_filter by_sender = {.search = "10.1.0.7"}, by_nobody = {.search = "10.9"};
    struct zj_buf unused = {0};
    struct zj_json j = zj_json_to(&unused);
    int64_t total = 0, none = 1;
    OK(w, zj_plan_gaps(&w->job, w->plan, w->store, &all, &by_sender, &j, &total));
    OK(w, zj_plan_gaps(&w->job, w->plan, w->store, &all, &by_nobody, &j, &none));
    zj_buf_release(&unused);
    assert_int_equal(total, 1);
    assert_int_equal(none, 0);
}

static void undeclared_partner_and_type(void **state)
{
    struct world *w = *state;
    transfer(w, "10.1.0.5", "114.114.114.9", "", "VIN", "CN");
    transfer(w, "10.1.0.5", "10.1.0.6", "", "VIN", "-"); /* one's own */
    transfer(w, "10.200.0.9", "114.114.114.8", "", "VIN", "CN"); /* not from one's own */
    assert_string_equal(gaps(w), "T13.undeclared-partner 114.114.114.9\n");
    int64_t id = PUT(w, "partners", 0, {"code", "P1"}, {"name", "合作方"}, {"country", "CN"},
                     {"endpoints", "114.114.114.0/24"}, {"data_types", "GEO_COORD"});
    assert_string_equal(gaps(w), "T13.undeclared-type P1\n");
    PUT(w, "partners", id, {"data_types", "GEO_COORD;VIN"});
    assert_string_equal(gaps(w), "");
}

static void partner_is_known_by_host_name(void **state)
{
    struct world *w = *state;
    PUT(w, "partners", 0, {"code", "P1"}, {"name", "合作方"}, {"country", "CN"},
        {"endpoints", "example.com"}, {"data_types", "VIN"});
    transfer(w, "10.1.0.5", "114.114.114.9", "api.example.com", "VIN", "CN");
    transfer(w, "10.1.0.5", "114.114.114.8", "badexample.com", "VIN", "CN");
    assert_string_equal(gaps(w), "T13.undeclared-partner 114.114.114.8\n");
}

static void export_without_record(void **state)
{
    struct world *w = *state;
    PUT(w, "partners", 0, {"code", "P1"}, {"name", "境外合作方"}, {"country", "US"},
        {"endpoints", "8.8.8.0/24;9.9.9.9;114.114.114.0/24"},
        {"data_types", "VIN;EMAIL;CHARGER_ID;GEO_COORD"});
    transfer(w, "10.1.0.5", "114.114.114.9", "", "VIN", "CN");
    transfer(w, "10.1.0.5", "8.8.8.4", "", "CHARGER_ID", "US"); /* no personal data */
    assert_string_equal(gaps(w), "");
    transfer(w, "10.1.0.5", "8.8.8.8", "", "VIN", "US");
    transfer(w, "10.1.0.5", "9.9.9.9", "", "VIN", ""); /* unknown is not domestic */
    transfer(w, "10.1.0.5", "8.8.8.7", "", "GEO_COORD", "HK");
    transfer(w, "10.1.0.5", "8.8.8.6", "", "VIN", "-"); /* of use nearby: in no country */
    assert_string_equal(gaps(w), "T14.export-without-record 8.8.8.7\n"
                                 "T14.export-without-record 8.8.8.8\n"
                                 "T14.export-without-record 9.9.9.9\n");
    int64_t id = PUT(w, "exports", 0, {"code", "X1"}, {"receiver", "境外接收方"}, {"country", "US"},
                     {"endpoints", "8.8.8.0/24;9.9.9.9"}, {"data_types", "VIN"},
                     {"basis", "contract"}, {"receipt_no", "2026-1"}, {"valid_from", "2026-01-01"},
                     {"valid_to", "2026-09-29"});
    assert_string_equal(gaps(w), "T14.export-without-record 8.8.8.7\n"
                                 "T14.export-without-record 8.8.8.8\n"
                                 "T14.export-without-record 9.9.9.9\n"); /* it ended yesterday */
    PUT(w, "exports", id, {"valid_to", "2026-09-30"});
    assert_string_equal(gaps(w), "T14.export-without-record 8.8.8.7\n"); /* another type */
}

static void duties(void **state)
{
    struct world *w = *state;
    struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    const struct zj_plan_filter filter = {.as_lines = true};
    PUT(w, "systems", 0, {"code", "S3"}, {"name", "三级平台"}, {"kind", "platform"}, {"level", "3"},
        {"filing_number", "F1"}, {"filed_on", "2024-02-29"});
    PUT(w, "partners", 0, {"code", "P1"}, {"name", "合作方"}, {"country", "CN"},
        {"endpoints", "example.com"}, {"data_types", "VIN"}, {"contract_from", "2025-01-01"},
        {"contract_to", "2026-10-30"}, {"evidence_ref", "E1"}, {"evidence_to", "2026-10-31"});
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, false));
    OK(w, zj_plan_duties(&w->job, w->plan, w->store, &all, &filter, &j, NULL));
    const char *got = zj_buf_cstr(&text);
    /* a year after 29 February 2024; thirty days before 30 October is 30 September */
    static const char *const wanted[] = {
        "\"duty\":\"T5.conformity.level3\",\"task\":5,\"org\":\"" ORG
        "\",\"subject\":{\"kind\":\"system\",\"id\":\"S3\"},\"state\":\"overdue\",\"due\":\"2025-02-28\"",
        "\"duty\":\"T13.contract\",\"task\":13,\"org\":\"" ORG
        "\",\"subject\":{\"kind\":\"partner\",\"id\":\"P1\"},\"state\":\"met\",\"due\":\"2026-10-30\"",
        "\"duty\":\"T13.evidence\",\"task\":13,\"org\":\"" ORG
        "\",\"subject\":{\"kind\":\"partner\",\"id\":\"P1\"},\"state\":\"met\",\"due\":\"2026-10-31\"",
    };
    for (size_t i = 0; i < ZJ_COUNT(wanted); i++)
        if (!strstr(got, wanted[i]))
            fail_msg("%s\nnot in\n%s", wanted[i], got);
    assert_null(strstr(got, "T5.conformity.level2"));
    w->job.fixed_now_ns += INT64_C(86400) * ZJ_NS_PER_S; /* the clock alone moves a duty */
    text.len = 0;
    j = zj_json_to(&text);
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, false));
    OK(w, zj_plan_duties(&w->job, w->plan, w->store, &all, &filter, &j, NULL));
    assert_non_null(strstr(zj_buf_cstr(&text), "\"state\":\"due_soon\",\"due\":\"2026-10-30\""));
    zj_buf_release(&text);
}

static void another_organisation_sees_nothing(void **state)
{
    struct world *w = *state;
    struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    const struct zj_scope other = {.user_id = 9, .org_id = w->org_id + 1};
    const struct zj_plan_filter mine = {.limit = 10}, theirs = {.org_id = w->org_id, .limit = 10};
    int64_t total = -1;
    identity(w, VIN_A, CARD, "", 5);
    assert_string_not_equal(gaps(w), "");
    /* all of them opened by now, none after it */
    struct zj_plan_filter since = {.limit = 10, .sort = "-changed"};
    since.changed_since_us = w->job.fixed_now_ns / 1000 + 1;
    OK(w, zj_plan_gaps(&w->job, w->plan, w->store, &all, &since, &j, &total));
    assert_int_equal(total, 0);
    since.changed_since_us = w->job.fixed_now_ns / 1000;
    OK(w, zj_plan_gaps(&w->job, w->plan, w->store, &all, &since, &j, &total));
    assert_true(total > 0);
    OK(w, zj_plan_gaps(&w->job, w->plan, w->store, &other, &mine, &j, &total));
    assert_int_equal(total, 0);
    OK(w, zj_plan_gaps(&w->job, w->plan, w->store, &other, &theirs, &j, &total));
    assert_int_equal(total, 0);
    zj_buf_release(&text);
}

int main(void)
{
#define SCENE(name) cmocka_unit_test_setup_teardown(name, make_world, end_world)
    const struct CMUnitTest tests[] = {
        SCENE(nothing_declared_nothing_seen),
        SCENE(undeclared_asset),
        SCENE(vehicle_plaintext),
        SCENE(private_and_tls_services_are_fine),
        SCENE(card_not_registered),
        SCENE(stopped_pass_is_caught_up),
        SCENE(optout_card_active),
        SCENE(optout_card_is_known_by_its_number_too),
        SCENE(optout_card_is_judged_by_what_came_after),
        SCENE(card_two_vins),
        SCENE(unfiled_release),
        SCENE(undeclared_partner_and_type),
        SCENE(every_type_is_named),
        SCENE(partner_is_known_by_host_name),
        SCENE(export_without_record),
        SCENE(duties),
        SCENE(another_organisation_sees_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
