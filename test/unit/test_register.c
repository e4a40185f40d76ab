/* Fields and their checks, rows and their history, and who sees which. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "register/query.h"

struct world {
    struct zj_job job;
    struct zj_store *store;
    int64_t org[2];
};

static void ok(struct world *w, zj_err err)
{
    if (err)
        fail_msg("%s: %s", zj_err_info(err)->name, w->job.message);
}

static const struct zj_scope everything = {.sees_all = true, .may_write = true,
                                           .sees_personal = true};

/* "field=value" pairs, '|' between, to cells in field order. */
static void parse_cells(const struct zj_register *reg, const char *text,
                        struct zj_span cells[ZJ_FIELDS_MAX])
{
    memset(cells, 0, ZJ_FIELDS_MAX * sizeof *cells);
    while (*text) {
        const char *equals = strchr(text, '='), *end = strchr(text, '|');
        assert_non_null(equals);
        end = end ? end : text + strlen(text);
        const int field =
            zj_register_field(reg, zj_span_of(text, (size_t)(equals - text)));
        assert_true(field >= 0);
        cells[field] = zj_span_of(equals + 1, (size_t)(end - equals - 1));
        text = *end ? end + 1 : end;
    }
}

static zj_err put(struct world *w, const struct zj_scope *scope, const char *name, int64_t id,
                  const char *text, int64_t *out_id)
{
    const struct zj_register *reg = zj_register_find(name);
    struct zj_span cells[ZJ_FIELDS_MAX];
    struct zj_row_fault faults[ZJ_ROW_FAULTS_MAX];
    size_t count;
    parse_cells(reg, text, cells);
    zj_job_clear(&w->job);
    return zj_register_put(&w->job, w->store, scope, reg, id, cells, out_id, faults,
                           ZJ_COUNT(faults), &count);
}

static int setup(void **state)
{
    /* codes made by the rule of GB 32100: weights 3^i mod 31 */
    static const char *const orgs[] = {"code=91110000MA0000001L|name=甲|kinds=vehicle_maker",
                                       "code=91110000MA0000002P|name=乙|kinds=bureau"};
    struct world *w = zj_alloc(sizeof *w);
    zj_job_init(&w->job);
    w->job.lang = ZJ_EN;
    w->job.actor = "test";
    ok(w, zj_store_open(&w->job, ":memory:", ZJ_STORE_CREATE, &w->store));
    ok(w, zj_registers_migrate(&w->job, w->store));
    ok(w, zj_registers_migrate(&w->job, w->store)); /* again: nothing to do */
    for (size_t i = 0; i < 2; i++)
        ok(w, put(w, &everything, "organisations", 0, orgs[i], &w->org[i]));
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    zj_store_close(w->store);
    zj_job_release(&w->job);
    free(w);
    return 0;
}

static int64_t count(struct world *w, const char *sql)
{
    int64_t n = -1;
    ok(w, zj_store_query_int(&w->job, w->store, sql, 0, &n));
    return n;
}

static void list(struct world *w, const struct zj_scope *scope, const char *name,
                 const struct zj_query *query, struct zj_buf *out)
{
    struct zj_json json = zj_json_to(out);
    out->len = 0;
    ok(w, zj_register_list(&w->job, w->store, scope, zj_register_find(name), query, &json));
}

/* --- cells ------------------------------------------------------------------------------------ */

static void test_cells(void **state)
{
    static const struct {
        const char *reg, *field, *in;
        enum zj_sheet_kind kind;
        const char *want; /* NULL: refused */
    } cases[] = {
        /* the example of GB 11643-1999, and the same with one digit changed */
        {"cards", "owner_id_number", "11010519491231002x", ZJ_SHEET_TEXT, "11010519491231002X"},
        {"organisations", "code", "91350100M000100Y43", ZJ_SHEET_TEXT, "91350100M000100Y43"},
        {"organisations", "code", "91350100M000100Y44", ZJ_SHEET_TEXT, NULL},
        /* the example of ISO 3779 in use for the check digit */
        {"vehicles", "vin", "1m8gdm9axkp042788", ZJ_SHEET_TEXT, "1M8GDM9AXKP042788"},
        {"vehicles", "vin", "1M8GDM9A1KP042788", ZJ_SHEET_TEXT, NULL},
        {"vehicles", "vin", "LSVAU2180N218329O", ZJ_SHEET_TEXT, NULL},
        {"vehicles", "vin", "WVWZZZ1JZXW000001", ZJ_SHEET_TEXT, "WVWZZZ1JZXW000001"},
        {"vehicles", "vin", "LZ0EA1A0", ZJ_SHEET_TEXT, NULL},
        /* 89860000000000000019: Luhn by hand, 8+8+(9*2-9)+... = 50 */
        {"cards", "iccid", "8986 0000 0000 0000 0019", ZJ_SHEET_TEXT, "89860000000000000019"},
        {"cards", "iccid", "89860000000000000018", ZJ_SHEET_TEXT, NULL},
        {"cards", "iccid", "8.986E+19", ZJ_SHEET_TEXT, NULL},
        {"cards", "iccid", "8.9860000000000004E+19", ZJ_SHEET_NUMBER, NULL},
        {"cards", "msisdn", "1440000000001", ZJ_SHEET_NUMBER, "1440000000001"},
        {"cards", "msisdn", "+8614400000001", ZJ_SHEET_TEXT, NULL},
        {"cards", "imsi", "4.60000000000001E+14", ZJ_SHEET_NUMBER, "460000000000001"},
        {"cards", "state", "已实名", ZJ_SHEET_TEXT, "registered"},
        {"cards", "state", "In Stock", ZJ_SHEET_TEXT, "stock"},
        {"cards", "state", "sold", ZJ_SHEET_TEXT, NULL},
        {"cards", "state", "\xe3\x80\x80库存 ", ZJ_SHEET_TEXT, "stock"},
        {"cards", "registered_on", "2024-02-29", ZJ_SHEET_TEXT, "2024-02-29"},
        {"cards", "registered_on", "2023-02-29", ZJ_SHEET_TEXT, NULL},
        {"cards", "registered_on", "2025年3月1日", ZJ_SHEET_TEXT, "2025-03-01"},
        {"cards", "registered_on", "2025-03-01 00:00:00", ZJ_SHEET_TEXT, "2025-03-01"},
        {"cards", "registered_on", "45931", ZJ_SHEET_NUMBER, "2025-10-01"},
        {"cards", "registered_on", "45931", ZJ_SHEET_TEXT, NULL},
        {"cards", "registered_on", "2025-10-01", ZJ_SHEET_DATE, "2025-10-01"},
        {"cards", "owner_name", "#N/A", ZJ_SHEET_FAULT, NULL},
        {"cards", "owner_name", "\xff\xfe", ZJ_SHEET_TEXT, NULL},
        {"systems", "level", "3", ZJ_SHEET_NUMBER, "3"},
        {"systems", "level", "第三级", ZJ_SHEET_TEXT, "3"},
        {"systems", "level", "6", ZJ_SHEET_TEXT, NULL},
        {"systems", "addresses", "10.0.0.0/8；[2001:DB8::1]:443、ota.Example.com:443",
         ZJ_SHEET_TEXT, "10.0.0.0/8;[2001:db8::1]:443;ota.example.com:443"},
        {"systems", "addresses", "10.0.0.0/33", ZJ_SHEET_TEXT, NULL},
        {"systems", "addresses", "10.0.0.1:70000", ZJ_SHEET_TEXT, NULL},
        {"organisations", "kinds", "车辆生产企业; TSP ;tsp", ZJ_SHEET_TEXT, "vehicle_maker;tsp"},
        {"organisations", "kinds", "vehicle_maker;shop", ZJ_SHEET_TEXT, NULL},
        {"partners", "country", "hk", ZJ_SHEET_TEXT, "HK"},
        {"partners", "country", "XX", ZJ_SHEET_TEXT, NULL},
        {"partners", "country", "中国", ZJ_SHEET_TEXT, NULL},
        {"partners", "data_types", "vin; GEO_COORD", ZJ_SHEET_TEXT, "VIN;GEO_COORD"},
        {"partners", "data_types", "位置", ZJ_SHEET_TEXT, NULL},
        {"partners", "purpose", "'=1+1", ZJ_SHEET_TEXT, "'=1+1"}, /* the reader of CSV mends it */
        /* full width and no width, as an input method or a page leaves them */
        {"cards", "iccid", "８９８６００００００００００００００１9", ZJ_SHEET_TEXT, "89860000000000000019"},
        {"cards", "iccid", "89860000000000000019\xe2\x80\x8b", ZJ_SHEET_TEXT, "89860000000000000019"},
        {"cards", "registered_on", "２０２４－０２－２９", ZJ_SHEET_TEXT, "2024-02-29"},
        {"systems", "level", "３", ZJ_SHEET_TEXT, "3"},
        {"systems", "addresses", "１０．１．２．３：３２９６０", ZJ_SHEET_TEXT, "10.1.2.3:32960"},
        {"partners", "name", "ＡＢ（北京）", ZJ_SHEET_TEXT, "ＡＢ（北京）"},
        {"releases", "version", "1.2000000000000002", ZJ_SHEET_NUMBER, "1.2"},
        {"releases", "package_sha256", "ABCD", ZJ_SHEET_TEXT, NULL},
    };
    (void)state;
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        ZJ_AUTO(zj_draft_release) struct zj_draft draft = {0};
        const struct zj_register *reg = zj_register_find(cases[i].reg);
        struct zj_sheet_cell raw[ZJ_FIELDS_MAX] = {0};
        const int field = zj_register_field(reg, zj_span_str(cases[i].field));
        assert_true(field >= 0);
        raw[field] = (struct zj_sheet_cell){zj_span_str(cases[i].in), cases[i].kind};
        zj_draft_fill(&draft, reg, raw);
        const struct zj_span got = draft.cells[field];
        if (zj_draft_is_refused(&draft) != !cases[i].want ||
            (cases[i].want && !zj_span_eq_str(got, cases[i].want)))
            fail_msg("%s '%s': got '%.*s'%s%s", cases[i].field, cases[i].in, (int)got.len,
                     (const char *)got.at, draft.faults.count ? ", " : "",
                     draft.faults.count ? draft.faults.at[0].en : "");
    }
}

static void test_states_of_cards(void **state)
{
    static const struct {
        const char *row;
        const char *field; /* the first refused, NULL: good */
    } cases[] = {
        {"iccid=89860000000000000019|state=stock", NULL},
        {"iccid=89860000000000000019|state=scrapped", NULL},
        {"iccid=89860000000000000019", "state"},
        {"state=stock", "iccid"},
        {"iccid=89860000000000000019|state=opted_out", "vin"},
        {"iccid=89860000000000000019|state=opted_out|vin=1M8GDM9AXKP042788", NULL},
        {"iccid=89860000000000000019|state=registered|vin=1M8GDM9AXKP042788", "registered_on"},
        {"iccid=89860000000000000019|state=registered|vin=1M8GDM9AXKP042788|registered_on="
         "2025-01-01|owner_kind=person|owner_name=张三|owner_id_kind=resident_id|"
         "owner_id_number=11010519491231002X",
         NULL},
        {"iccid=89860000000000000019|state=registered|vin=1M8GDM9AXKP042788|registered_on="
         "2025-01-01|owner_kind=person|owner_name=张三|owner_id_kind=resident_id|"
         "owner_id_number=110105194912310021",
         "owner_id_number"},
        {"iccid=89860000000000000019|state=stock|owner_id_kind=uscc|owner_id_number="
         "91350100M000100Y43",
         NULL},
        {"iccid=89860000000000000019|state=stock|owner_id_number=E12345678", "owner_id_kind"},
        {"iccid=89860000000000000019|state=stock|owner_id_kind=passport|owner_id_number=E12345678",
         NULL},
    };
    const struct zj_register *reg = zj_register_find("cards");
    (void)state;
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        ZJ_AUTO(zj_draft_release) struct zj_draft draft = {0};
        struct zj_span cells[ZJ_FIELDS_MAX];
        struct zj_sheet_cell raw[ZJ_FIELDS_MAX] = {0};
        const char *field = NULL;
        parse_cells(reg, cases[i].row, cells);
        for (size_t f = 0; f < reg->field_count; f++)
            raw[f].text = cells[f];
        zj_draft_fill(&draft, reg, raw);
        zj_draft_finish(&draft, reg);
        for (size_t f = draft.faults.count; f-- > 0;)
            if (!draft.faults.at[f].is_warning)
                field = reg->fields[draft.faults.at[f].field].name;
        if ((field == NULL) != (cases[i].field == NULL) ||
            (field && strcmp(field, cases[i].field) != 0))
            fail_msg("%s: got %s", cases[i].row, field ? field : "no fault");
    }
}

static void test_headers(void **state)
{
    const struct zj_register *reg = zj_register_find("cards");
    static const char *const heads[] = {"state", "STATE", " State ", "状态", "状态 *", "\xe3\x80\x80状态"};
    (void)state;
    for (size_t i = 0; i < ZJ_COUNT(heads); i++)
        assert_int_equal(zj_register_header(reg, zj_span_str(heads[i])), 5);
    assert_int_equal(zj_register_header(reg, zj_span_str("colour")), -1);
}

static void test_masks(void **state)
{
    static const struct {
        const char *field, *in, *want;
    } cases[] = {
        {"owner_name", "张三", "张*"},
        {"owner_name", "欧阳小红", "欧***"},
        {"owner_phone", "13800001234", "138****1234"},
        {"owner_id_number", "11010519491231002X", "1*************002X"},
        {"owner_id_number", "E1234", "E****"},
    };
    const struct zj_register *reg = zj_register_find("cards");
    (void)state;
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        ZJ_AUTO(zj_buf_release) struct zj_buf got = {0};
        const int field = zj_register_field(reg, zj_span_str(cases[i].field));
        zj_mask(&reg->fields[field], zj_span_str(cases[i].in), &got);
        assert_string_equal(zj_buf_cstr(&got), cases[i].want);
    }
}

/* --- rows ------------------------------------------------------------------------------------- */

static const char owned_card[] =
    "iccid=89860000000000000019|state=registered|vin=1M8GDM9AXKP042788|registered_on=2025-01-01|"
    "owner_kind=person|owner_name=张三|owner_id_kind=resident_id|"
    "owner_id_number=11010519491231002X|owner_phone=13800001234";

static void test_rows_and_history(void **state)
{
    struct world *w = *state;
    const struct zj_scope own = {.org_id = w->org[0], .may_write = true, .sees_personal = true};
    const struct zj_register *cards = zj_register_find("cards");
    ZJ_AUTO(zj_buf_release) struct zj_buf got = {0};
    struct zj_json json = zj_json_to(&got);
    struct zj_audit_report report;
    int64_t id, again;
    ok(w, put(w, &own, "cards", 0, owned_card, &id));
    assert_int_equal(put(w, &own, "cards", 0, owned_card, &again), ZJ_EREFUSED); /* key is taken */
    ok(w, put(w, &own, "cards", id, "state=suspended", &again)); /* the other cells stay */
    assert_int_equal(id, again);
    ok(w, zj_register_get(&w->job, w->store, &own, cards, id, &json));
    assert_non_null(strstr(zj_buf_cstr(&got), "\"state\":\"suspended\""));
    assert_non_null(strstr(zj_buf_cstr(&got), "\"owner_name\":\"张三\""));
    assert_int_equal(count(w, "SELECT COUNT(*) FROM reg_cards_history WHERE state = 'registered'"),
                     1);
    assert_int_equal(count(w, "SELECT COUNT(*) FROM audit WHERE object = 'reg_cards'"), 2);
    /* nothing personal in the clear */
    assert_int_equal(count(w, "SELECT COUNT(*) FROM reg_cards WHERE instr(owner_name, '张') > 0 OR "
                              "instr(owner_phone, '1380') > 0"),
                     0);
    ok(w, put(w, &own, "cards", id, "state=suspended", &again)); /* nothing new: nothing written */
    assert_int_equal(count(w, "SELECT COUNT(*) FROM audit WHERE object = 'reg_cards'"), 2);
    ok(w, zj_register_delete(&w->job, w->store, &own, cards, id));
    assert_int_equal(zj_register_get(&w->job, w->store, &own, cards, id, &json), ZJ_ENOTFOUND);
    ok(w, put(w, &own, "cards", 0, owned_card, &again)); /* the key is free again */
    assert_int_not_equal(id, again);
    assert_int_equal(count(w, "SELECT live FROM reg_count WHERE register = 'cards'"), 1);
    assert_int_equal(count(w, "SELECT COUNT(*) FROM dirty WHERE kind = 'cards' AND "
                              "key = '89860000000000000019'"),
                     1);
    ok(w, zj_audit_verify(&w->job, w->store, &report));
    assert_int_equal(report.bad_entry, 0);
    assert_int_equal(report.bad_rows, 0);
    assert_true(report.rows >= 4);
    ok(w, zj_store_exec(&w->job, w->store, "UPDATE reg_cards SET vin = NULL WHERE deleted_at = 0"));
    ok(w, zj_audit_verify(&w->job, w->store, &report));
    assert_int_equal(report.bad_rows, 1); /* changed behind our back */
}

static void test_lists_of_a_row(void **state)
{
    struct world *w = *state;
    const struct zj_scope own = {.org_id = w->org[0], .may_write = true};
    int64_t id;
    ok(w, put(w, &own, "systems", 0, "code=S1|name=N|addresses=10.0.0.0/8;a.example.com:443", &id));
    assert_int_equal(count(w, "SELECT COUNT(*) FROM reg_range WHERE register = 'systems' AND "
                              "lo = '00000000000000000000ffff0a000000' AND "
                              "hi = '00000000000000000000ffff0affffff' AND port = 0 AND host = ''"),
                     1);
    assert_int_equal(count(w, "SELECT COUNT(*) FROM reg_range WHERE host = 'a.example.com' AND "
                              "port = 443"),
                     1);
    ok(w, put(w, &own, "systems", id, "addresses=192.0.2.1", &id));
    assert_int_equal(count(w, "SELECT COUNT(*) FROM reg_range WHERE register = 'systems'"), 1);
    ok(w, zj_register_delete(&w->job, w->store, &own, zj_register_find("systems"), id));
    assert_int_equal(count(w, "SELECT COUNT(*) FROM reg_range WHERE register = 'systems'"), 0);
    assert_int_equal(count(w, "SELECT COUNT(*) FROM reg_item WHERE register = 'systems'"), 0);
}

static void test_list_search_and_pages(void **state)
{
    struct world *w = *state;
    const struct zj_scope own = {.org_id = w->org[0], .may_write = true, .sees_personal = true};
    const struct zj_scope masked = {.org_id = w->org[0]};
    ZJ_AUTO(zj_buf_release) struct zj_buf got = {0};
    int64_t id;
    char row[96];
    for (int i = 0; i < 25; i++) {
        snprintf(row, sizeof row, "code=P%02d|name=合作方 %d%%|country=%s", i, i,
                 i % 5 ? "CN" : "DE");
        ok(w, put(w, &own, "partners", 0, row, &id));
    }
    list(w, &own, "partners", &(struct zj_query){.limit = 10}, &got);
    assert_non_null(strstr(zj_buf_cstr(&got), "\"total\":25,\"total_is_bounded\":false"));
    assert_non_null(strstr(zj_buf_cstr(&got), "P24"));
    assert_null(strstr(zj_buf_cstr(&got), "P14"));
    assert_non_null(strstr(zj_buf_cstr(&got), "\"next\":16"));
    list(w, &own, "partners", &(struct zj_query){.limit = 10, .after_id = 16}, &got);
    assert_non_null(strstr(zj_buf_cstr(&got), "P14"));
    assert_null(strstr(zj_buf_cstr(&got), "P15"));
    list(w, &own, "partners", &(struct zj_query){.limit = 2, .sort = "code", .offset = 3}, &got);
    assert_non_null(strstr(zj_buf_cstr(&got), "P03"));
    assert_non_null(strstr(zj_buf_cstr(&got), "P04"));
    list(w, &own, "partners",
         &(struct zj_query){.filters = {{"country", "de"}}, .filter_count = 1, .limit = 3}, &got);
    assert_non_null(strstr(zj_buf_cstr(&got), "\"total\":5"));
    list(w, &own, "partners", &(struct zj_query){.search = "方 7%"}, &got);
    assert_non_null(strstr(zj_buf_cstr(&got), "\"total\":1,"));
    list(w, &own, "partners", &(struct zj_query){.search = "' OR 1=1 --"}, &got);
    assert_non_null(strstr(zj_buf_cstr(&got), "\"total\":0,"));
    struct zj_json json = zj_json_to(&got);
    assert_int_equal(zj_register_list(&w->job, w->store, &own, zj_register_find("partners"),
                                      &(struct zj_query){.sort = "code; DROP TABLE x"}, &json),
                     ZJ_EUSAGE);
    ok(w, put(w, &own, "cards", 0, owned_card, &id));
    list(w, &masked, "cards", &(struct zj_query){.search = "13800001234"}, &got);
    assert_non_null(strstr(zj_buf_cstr(&got), "\"total\":1,"));
    assert_non_null(strstr(zj_buf_cstr(&got), "138****1234"));
    assert_null(strstr(zj_buf_cstr(&got), "13800001234"));
    assert_null(strstr(zj_buf_cstr(&got), "张三"));
    list(w, &masked, "cards", &(struct zj_query){.search = "1380000123"}, &got);
    assert_non_null(strstr(zj_buf_cstr(&got), "\"total\":0,"));
}

/* 25,000 systems S00001… whose names end in their number; every 5,000th is a facility. What a search
 * must find is counted by hand. */
static void test_large_register(void **state)
{
    struct world *w = *state;
    const struct zj_scope own = {.org_id = w->org[0], .may_write = true};
    const struct zj_register *systems = zj_register_find("systems");
    ZJ_AUTO(zj_buf_release) struct zj_buf got = {0};
    static const struct {
        struct zj_query query;
        const char *total, *match, *first;
    } cases[] = {
        {{.search = "S"}, "\"total\":10000,\"total_is_bounded\":true", "start", "S25000"},
        {{.search = "s2499"}, "\"total\":10,", "anywhere", "S24999"},
        {{.search = "S", .filters = {{"kind", "facility"}}, .filter_count = 1},
         "\"total\":5,\"total_is_bounded\":false", "start", "S25000"},
        {{.search = "S", .sort = "code"}, "\"total\":10000,", "start", "S00001"},
        {{.search = "S0", .sort = "-code"}, "\"total\":9999,\"total_is_bounded\":false", "start",
         "S09999"},
        {{.search = "S2", .sort = "-name"}, "\"total\":5001,", "start", "S25000"},
        {{.search = "4999"}, "\"total\":3,", "anywhere", "S24999"},
        {{.search = "4999", .sort = "code"}, "\"total\":3,", "anywhere", "S04999"},
        {{.search = "4999", .filters = {{"kind", "facility"}}, .filter_count = 1}, "\"total\":0,",
         "anywhere", NULL},
        {{.search = "统 1", .sort = "name"}, "\"total\":10000,", "anywhere", "S00001"},
        {{.search = "S2499", .searches_anywhere = true}, "\"total\":10,", "anywhere", "S24999"},
        {{.sort = "-filed_on"}, "\"total\":25000,", "", NULL},
    };
    ok(w, zj_store_exec(&w->job, w->store,
                        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE"
                        " i < 25000) INSERT INTO reg_systems (org_id, code, name, kind, created_at,"
                        " updated_at) SELECT 1, printf('S%05d', i), '系统 ' || i,"
                        " CASE WHEN i % 5000 THEN 'system' ELSE 'facility' END, 1, 1 FROM n"));
    ok(w, zj_store_exec(&w->job, w->store,
                        "INSERT INTO reg_count (register, org_id, live) VALUES ('systems', 1, 25000)"));
    assert_int_equal(w->org[0], 1);
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct zj_query query = cases[i].query;
        char first[64], match[64];
        query.limit = 2;
        snprintf(first, sizeof first, "\"code\":\"%s\"", cases[i].first ? cases[i].first : "");
        snprintf(match, sizeof match, "\"match\":\"%s\"", cases[i].match);
        list(w, &own, "systems", &query, &got);
        const char *text = zj_buf_cstr(&got), *code = strstr(text, "\"code\"");
        if (!strstr(text, cases[i].total) || (query.search && !strstr(text, match)) ||
            (cases[i].first && (!code || strncmp(code, first, strlen(first)) != 0)))
            fail_msg("search %zu: %s", i, text);
    }
    /* a file of what a search finds has all of it */
    char path[] = "/tmp/zhuji-test-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    ok(w, zj_register_export(&w->job, w->store, &own, systems, &(struct zj_query){.search = "S"},
                             &(struct zj_export_opts){.format = ZJ_SHEET_CSV}, path));
    FILE *file = fopen(path, "r");
    int lines = 0;
    for (int c; (c = fgetc(file)) != EOF;)
        lines += c == '\n';
    fclose(file);
    close(fd);
    unlink(path);
    assert_int_equal(lines, 25001);
}

/* Whatever is asked, a row of another organisation is as if it were not there. */
static void test_tenants(void **state)
{
    static const char *const rows[][2] = {
        {"systems", "code=S1|name=geheim"},
        {"vehicles", "vin=1M8GDM9AXKP042788"},
        {"cards", "iccid=89860000000000000019|state=stock"},
        {"partners", "code=P1|name=geheim"},
        {"exports", "code=E1|receiver=geheim"},
        {"releases", "code=R1|product=geheim|version=1"},
    };
    struct world *w = *state;
    const struct zj_scope mine = {.org_id = w->org[0], .may_write = true};
    const struct zj_scope theirs = {.org_id = w->org[1], .may_write = true, .sees_personal = true};
    const struct zj_scope nobody = {.may_write = true};
    ZJ_AUTO(zj_buf_release) struct zj_buf got = {0};
    struct zj_json json = zj_json_to(&got);
    int64_t id, other;
    for (size_t i = 0; i < ZJ_COUNT(rows); i++) {
        const struct zj_register *reg = zj_register_find(rows[i][0]);
        const char *key = reg->fields[zj_register_key(reg)].name;
        ok(w, put(w, &mine, reg->name, 0, rows[i][1], &id));
        const struct zj_query queries[] = {
            {0}, {.org_id = w->org[0]}, {.search = "geheim"}, {.sort = key}, {.after_id = 1000},
            {.filters = {{key, strchr(rows[i][1], '=') + 1}}, .filter_count = 1}};
        for (size_t q = 0; q < ZJ_COUNT(queries); q++) {
            list(w, &theirs, reg->name, &queries[q], &got);
            assert_non_null(strstr(zj_buf_cstr(&got), "{\"rows\":[],\"total\":0,"));
            list(w, &nobody, reg->name, &queries[q], &got);
            assert_non_null(strstr(zj_buf_cstr(&got), "{\"rows\":[],\"total\":0,"));
        }
        list(w, &mine, reg->name, &queries[0], &got);
        assert_non_null(strstr(zj_buf_cstr(&got), "\"total\":1,"));
        zj_job_clear(&w->job);
        assert_int_equal(zj_register_get(&w->job, w->store, &theirs, reg, id, &json), ZJ_ENOTFOUND);
        assert_int_equal(put(w, &theirs, reg->name, id, rows[i][1], &other), ZJ_ENOTFOUND);
        assert_int_equal(zj_register_delete(&w->job, w->store, &theirs, reg, id), ZJ_ENOTFOUND);
        assert_int_equal(zj_register_delete(&w->job, w->store, &nobody, reg, id), ZJ_ENOTFOUND);
        ok(w, put(w, &theirs, reg->name, 0, rows[i][1], &other)); /* the same key of their own */
        list(w, &everything, reg->name, &queries[0], &got);
        assert_non_null(strstr(zj_buf_cstr(&got), "\"total\":2,"));
    }
    const struct zj_scope reader = {.org_id = w->org[0]};
    assert_int_equal(put(w, &reader, "systems", 0, "code=S2|name=N", &id), ZJ_EFORBIDDEN);
    assert_int_equal(put(w, &mine, "organisations", 0, "code=91350100M000100Y43|name=N", &id),
                     ZJ_EFORBIDDEN);
    assert_int_equal(put(w, &mine, "organisations", w->org[1], "name=taken", &id), ZJ_ENOTFOUND);
    zj_job_clear(&w->job);
    assert_int_equal(zj_register_delete(&w->job, w->store, &everything,
                                        zj_register_find("organisations"), w->org[0]),
                     ZJ_ECONFLICT); /* it has rows */
}

static void test_descriptors(void **state)
{
    (void)state;
    for (size_t i = 0; i < zj_register_count; i++) {
        const struct zj_register *reg = zj_registers[i];
        size_t keys = 0;
        assert_true(reg->field_count <= ZJ_FIELDS_MAX);
        for (size_t f = 0; f < reg->field_count; f++) {
            const struct zj_field *field = &reg->fields[f];
            const bool is_enum =
                field->type == ZJ_FIELD_ENUM || field->type == ZJ_FIELD_ENUM_LIST;
            assert_true(field->name && field->en && field->zh && field->sample);
            assert_true(!is_enum || field->values);
            keys += (field->flags & ZJ_FIELD_KEY) != 0;
            /* each header names one field */
            assert_int_equal(zj_register_header(reg, zj_span_str(field->en)), (int)f);
            assert_int_equal(zj_register_header(reg, zj_span_str(field->zh)), (int)f);
        }
        assert_int_equal(keys, 1);
        /* the sample row is good */
        ZJ_AUTO(zj_draft_release) struct zj_draft draft = {0};
        struct zj_sheet_cell raw[ZJ_FIELDS_MAX] = {0};
        for (size_t f = 0; f < reg->field_count; f++)
            raw[f].text = zj_span_str(reg->fields[f].sample);
        zj_draft_fill(&draft, reg, raw);
        zj_draft_finish(&draft, reg);
        if (draft.faults.count)
            fail_msg("%s: %s", reg->name, draft.faults.at[0].en);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_states_of_cards),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_masks),
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test_setup_teardown(test_rows_and_history, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lists_of_a_row, setup, teardown),
        cmocka_unit_test_setup_teardown(test_list_search_and_pages, setup, teardown),
        cmocka_unit_test_setup_teardown(test_large_register, setup, teardown),
        cmocka_unit_test_setup_teardown(test_tenants, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
