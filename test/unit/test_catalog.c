/* What people decide about what an inventory proposes: it outlives the next run, and is asked for
 * again when the rules changed and say something else. And the year's comparison. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/hll.h"
#include "catalog/catalog.h"
#include "facts/facts.h"
#include "inventory/input.h"
#include "register/register.h"

static const struct zj_scope everything = {.sees_all = true, .may_write = true};

struct world {
    struct zj_job job;
    struct zj_store *store;
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
    w->job.actor = "tester";
    ok(w, zj_store_open(&w->job, ":memory:", ZJ_STORE_CREATE, &w->store));
    ok(w, zj_registers_migrate(&w->job, w->store));
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = world_of(state);
    zj_store_close(w->store);
    zj_job_release(&w->job);
    free(w);
    return 0;
}

/* A run over one table with one column. */
static void run_in(struct world *w, const char *source, int year, const char *rules,
                   const char *type, int grade, uint64_t rows, const char *path)
{
    const struct zj_catalog_sheet sheet = {
        .org_id = 1, .year = year, .scope = source, .rules = rules};
    const struct zj_inv_column col = {
        .name = "c1",
        .values = rows,
        .proposal_count = type ? 1 : 0,
        .proposals = {{.type = type,
                       .state = ZJ_INV_CONFIRMED,
                       .category = "A5.2",
                       .grade = grade,
                       .is_personal = true,
                       .why = "because"}},
        .sample_count = 1,
        .samples = {"138******45"},
    };
    const struct zj_inv_object object = {.source = source,
                                         .path = path,
                                         .kind = "csv",
                                         .rows = rows,
                                         .bytes = rows * 10,
                                         .grade = grade,
                                         .is_personal = true,
                                         .column_count = 1,
                                         .columns = &col};
    const struct zj_inv_totals totals = {.files = 1};
    struct zj_catalog_run *run = NULL;
    ok(w, zj_catalog_begin(&w->job, w->store, &sheet, &run));
    const struct zj_inv_sink *sink = zj_catalog_sink(run);
    ok(w, sink->object(&w->job, sink->ctx, &object));
    ok(w, zj_catalog_end(&w->job, run, &totals, ZJ_OK));
}

static void run_of(struct world *w, int year, const char *rules, const char *type, int grade,
                   uint64_t rows, const char *path)
{
    run_in(w, "s", year, rules, type, grade, rows, path);
}

static int64_t ask(struct world *w, const char *sql)
{
    int64_t value = 0;
    ok(w, zj_store_query_int(&w->job, w->store, sql, -1, &value));
    return value;
}

static void judge(struct world *w, enum zj_verdict verdict, const char *type, int grade,
                  const char *reason, zj_err want)
{
    const int64_t ids[] = {1, 999};
    const struct zj_catalog_decision said = {
        .verdict = verdict, .type = type, .grade = grade, .reason = reason};
    struct zj_catalog_judged judged = {0};
    const zj_err err = zj_catalog_judge(&w->job, w->store, &everything, ids, 2, &said, &judged);
    assert_int_equal(err, want);
    if (!err)
        assert_int_equal(judged.changed, 1); /* 999 is nobody's column */
    zj_job_clear(&w->job);
}

static void verdicts_outlive_runs(void **state)
{
    struct world *w = world_of(state);
    run_of(w, 2025, "1", "CN_MOBILE", 3, 100, "a.csv");
    assert_int_equal(ask(w, "SELECT is_offered FROM inv_column"), 1);
    judge(w, ZJ_VERDICT_CORRECT, "CN_LANDLINE", 2, "", ZJ_EUSAGE); /* no reason */
    judge(w, ZJ_VERDICT_CORRECT, "NO_SUCH_TYPE", 2, "office numbers", ZJ_EUSAGE);
    judge(w, ZJ_VERDICT_CORRECT, "CN_LANDLINE", 2, "office numbers", ZJ_OK);
    run_of(w, 2025, "1", "CN_IOT_MSISDN", 3, 100, "a.csv"); /* same rules: he has seen it */
    assert_int_equal(ask(w, "SELECT is_offered FROM inv_column"), 0);
    assert_int_equal(ask(w, "SELECT count(*) FROM inv_column WHERE type = 'CN_IOT_MSISDN' AND "
                            "final_type = 'CN_LANDLINE' AND final_grade = 2"),
                     1);
    run_of(w, 2025, "2", "CN_MOBILE", 3, 100, "a.csv"); /* new rules, same proposal */
    assert_int_equal(ask(w, "SELECT is_offered FROM inv_column"), 0);
    run_of(w, 2025, "2", "VIN", 3, 100, "a.csv"); /* new rules, another proposal */
    assert_int_equal(ask(w, "SELECT is_offered FROM inv_column"), 1);
    assert_int_equal(ask(w, "SELECT count(*) FROM inv_column WHERE final_type = 'CN_LANDLINE'"), 1);
    judge(w, ZJ_VERDICT_REJECT, NULL, 0, "a test bench", ZJ_OK);
    assert_int_equal(ask(w, "SELECT count(*) FROM inv_column WHERE final_type = '' AND "
                            "is_offered = 0"),
                     1);
    assert_int_equal(ask(w, "SELECT count(*) FROM inv_verdict"), 2);
    struct zj_audit_report report;
    ok(w, zj_audit_verify(&w->job, w->store, &report));
    assert_int_equal(report.bad_rows, 0);
    assert_int_equal(report.rows, 2);
}

static void others_are_left_alone(void **state)
{
    struct world *w = world_of(state);
    const struct zj_scope stranger = {.org_id = 2, .may_write = true};
    const int64_t id = 1;
    const struct zj_catalog_decision said = {.verdict = ZJ_VERDICT_ACCEPT};
    struct zj_catalog_judged judged = {.changed = 9};
    run_of(w, 2025, "1", "CN_MOBILE", 3, 100, "a.csv");
    ok(w, zj_catalog_judge(&w->job, w->store, &stranger, &id, 1, &said, &judged));
    assert_int_equal(judged.changed, 0);
    assert_int_equal(ask(w, "SELECT is_offered FROM inv_column"), 1);
    struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    int64_t total = 9;
    const struct zj_catalog_filter filter = {.limit = 10};
    ok(w, zj_catalog_columns(&w->job, w->store, &stranger, &filter, &j, &total));
    assert_int_equal(total, 0);
    assert_string_equal(zj_buf_cstr(&text), "[]");
    zj_buf_release(&text);
}

/* 130 of 100 rows is grown, 129 is not (166 Art. 12: 30 % or more). */
static void years_are_compared(void **state)
{
    struct world *w = world_of(state);
    struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    int64_t total = 0;
    const struct zj_catalog_filter filter = {.limit = 10};
    run_of(w, 2025, "1", "CN_MOBILE", 3, 100, "a.csv");
    run_of(w, 2026, "1", "CN_MOBILE", 3, 129, "a.csv");
    ok(w, zj_catalog_changes(&w->job, w->store, &everything, &filter, &j, &total));
    assert_int_equal(total, 0);
    run_of(w, 2026, "1", "CN_MOBILE", 3, 130, "a.csv");
    ok(w, zj_catalog_changes(&w->job, w->store, &everything, &filter, &j, &total));
    assert_int_equal(total, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"change\":\"grown\""));
    run_of(w, 2026, "1", "CN_MOBILE", 3, 130, "b.csv");
    text.len = 0;
    j = zj_json_to(&text);
    ok(w, zj_catalog_changes(&w->job, w->store, &everything, &filter, &j, &total));
    assert_int_equal(total, 2);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"change\":\"gone\""));
    assert_non_null(strstr(zj_buf_cstr(&text), "\"change\":\"new\""));
    zj_buf_release(&text);
}

static void list_into(struct world *w, zj_catalog_list_fn *list, struct zj_buf *text, int64_t want)
{
    const struct zj_catalog_filter filter = {.limit = 10};
    int64_t total = -1;
    text->len = 0;
    struct zj_json j = zj_json_to(text);
    ok(w, list(&w->job, w->store, &everything, &filter, &j, &total));
    assert_int_equal(total, want);
    (void)zj_buf_cstr(text);
}

/* A year is all of its runs: a source that is not run again is neither gone nor forgotten. */
static void a_year_is_all_sources(void **state)
{
    struct world *w = world_of(state);
    struct zj_buf text = {0};
    run_in(w, "/y", 2025, "1", "CN_MOBILE", ZJ_INV_GRADE_IMPORTANT, 100, "/y/a.csv");
    run_in(w, "/q", 2025, "1", "CN_MOBILE", 3, 100, "/q/b.csv");
    run_in(w, "/q", 2026, "1", "CN_MOBILE", 3, 100, "/q/b.csv");
    list_into(w, zj_catalog_changes, &text, 0); /* /y was not looked at in 2026 */
    list_into(w, zj_catalog_important, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "/y/a.csv"));
    run_in(w, "/y", 2026, "1", "CN_MOBILE", ZJ_INV_GRADE_IMPORTANT, 100, "/y/a.csv");
    run_in(w, "/q", 2026, "1", "CN_MOBILE", 3, 200, "/q/b.csv");
    list_into(w, zj_catalog_changes, &text, 1); /* /y is compared by its own last run */
    assert_non_null(strstr(zj_buf_cstr(&text), "\"change\":\"grown\""));
    list_into(w, zj_catalog_important, &text, 1);
    run_in(w, "/y", 2026, "1", "CN_MOBILE", 3, 5, "/y/c.csv");
    list_into(w, zj_catalog_changes, &text, 3);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"change\":\"gone\""));
    list_into(w, zj_catalog_important, &text, 0); /* its source was run again without it */
    zj_buf_release(&text);
}

/* What a person raised to important is proposed, with that person's reason. */
static void a_correction_is_proposed(void **state)
{
    struct world *w = world_of(state);
    struct zj_buf text = {0};
    run_in(w, "/y", 2026, "1", "CN_MOBILE", 3, 100, "/y/a.csv");
    run_in(w, "/q", 2026, "1", "CN_MOBILE", 3, 100, "/q/b.csv");
    list_into(w, zj_catalog_important, &text, 0);
    judge(w, ZJ_VERDICT_CORRECT, "CN_MOBILE", ZJ_INV_GRADE_IMPORTANT, "owners of all cars", ZJ_OK);
    list_into(w, zj_catalog_important, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "/y/a.csv"));
    assert_non_null(strstr(zj_buf_cstr(&text), "\"grade_why\":\"owners of all cars\""));
    zj_buf_release(&text);
}

/* A rule that holds of the whole but gives it no higher level is not why it is important. */
static void a_class_is_the_reason(void **state)
{
    struct world *w = world_of(state);
    struct zj_buf text = {0};
    run_of(w, 2026, "1", "BANK_CARD", ZJ_INV_GRADE_IMPORTANT, 100, "a.csv");
    ok(w, zj_store_exec(&w->job, w->store, "UPDATE inv_object SET final_why = 'R9: three types'"));
    list_into(w, zj_catalog_important, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"grade_why\":\"the level of its class"));
    /* 100,000 persons (R1): no column is important by itself */
    ok(w, zj_store_exec(&w->job, w->store, "UPDATE inv_column SET final_grade = 3"));
    ok(w, zj_store_exec(&w->job, w->store, "UPDATE inv_held SET grade = 3"));
    list_into(w, zj_catalog_important, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"grade_why\":\"R9: three types\""));
    zj_buf_release(&text);
}

/* What a person rejected is not personal data, whatever the machine says. */
static void a_rejected_column_is_not_personal(void **state)
{
    struct world *w = world_of(state);
    struct zj_buf text = {0};
    run_of(w, 2026, "1", "CN_MOBILE", 3, 100, "a.csv");
    list_into(w, zj_catalog_columns, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"is_personal\":true"));
    judge(w, ZJ_VERDICT_REJECT, NULL, 0, "a test bench", ZJ_OK);
    list_into(w, zj_catalog_columns, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"is_personal\":false"));
    zj_buf_release(&text);
}

/* Text with cards, telephones and identity numbers, and more of what `count` leaves out. */
static void run_text(struct world *w, const char *rules, size_t count, enum zj_inv_state third)
{
    const struct zj_catalog_sheet sheet = {.org_id = 1, .scope = "s", .rules = rules};
    const struct zj_inv_column col = {
        .name = "note",
        .values = 100,
        .sampled = 100,
        .proposal_count = count,
        .proposals = {{"BANK_CARD", ZJ_INV_CONTAINS, "A7", 4, true, true, .ratio = 1},
                      {"CN_MOBILE", ZJ_INV_CONTAINS, "A5.2", 3, true, .ratio = 1},
                      {"CN_RESIDENT_ID", third, "A2.1", 3, true, .ratio = 1}}};
    const struct zj_inv_object object = {.source = "s",
                                         .path = "a.log",
                                         .kind = "text",
                                         .rows = 100,
                                         .grade = ZJ_INV_GRADE_IMPORTANT,
                                         .is_personal = true,
                                         .column_count = 1,
                                         .columns = &col};
    const struct zj_inv_totals totals = {.files = 1};
    struct zj_catalog_run *run = NULL;
    ok(w, zj_catalog_begin(&w->job, w->store, &sheet, &run));
    const struct zj_inv_sink *sink = zj_catalog_sink(run);
    ok(w, sink->object(&w->job, sink->ctx, &object));
    ok(w, zj_catalog_end(&w->job, run, &totals, ZJ_OK));
}

/* The types that the column holds, in their order. */
static void holds(struct world *w, const char *wanted)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    ok(w, zj_store_prepare(&w->job, w->store,
                           "SELECT COALESCE((SELECT group_concat(type, ' ') FROM (SELECT type FROM "
                           "inv_held ORDER BY type)), '') || CASE WHEN (SELECT is_offered FROM "
                           "inv_column) = 1 THEN ' ?' || (SELECT type FROM inv_column) ELSE '' END",
                           &stmt));
    ok(w, zj_stmt_step(&w->job, stmt, &has_row));
    assert_string_equal(zj_arena_span(&w->job.arena, zj_stmt_text(stmt, 0)), wanted);
}

/* Text holds several types: each is in the proposed catalogue, and a verdict is about one of them,
 * also after the next run. What only its name speaks of counts nowhere. */
static void a_verdict_is_about_one_type(void **state)
{
    struct world *w = world_of(state);
    struct zj_buf text = {0};
    run_text(w, "1", 3, ZJ_INV_SUSPECTED);
    holds(w, "BANK_CARD CN_MOBILE ?BANK_CARD");
    run_text(w, "1", 3, ZJ_INV_CONTAINS);
    holds(w, "BANK_CARD CN_MOBILE CN_RESIDENT_ID ?BANK_CARD");
    list_into(w, zj_catalog_important, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"category\":\"A7,A2.1,A5.2\""));
    judge(w, ZJ_VERDICT_REJECT, NULL, 0, "numbers of parts", ZJ_OK);
    holds(w, "CN_MOBILE CN_RESIDENT_ID ?CN_MOBILE");
    run_text(w, "1", 3, ZJ_INV_CONTAINS);
    holds(w, "CN_MOBILE CN_RESIDENT_ID ?CN_MOBILE");
    judge(w, ZJ_VERDICT_ACCEPT, NULL, 0, NULL, ZJ_OK);
    run_text(w, "1", 3, ZJ_INV_CONTAINS);
    holds(w, "CN_MOBILE CN_RESIDENT_ID");
    judge(w, ZJ_VERDICT_REJECT, NULL, 0, "hot line", ZJ_OK);
    judge(w, ZJ_VERDICT_REJECT, NULL, 0, "samples", ZJ_OK);
    holds(w, "");
    run_text(w, "1", 2, ZJ_INV_CONTAINS);
    holds(w, "");
    run_text(w, "2", 3, ZJ_INV_SUSPECTED); /* other rules that say the same */
    holds(w, "");
    zj_buf_release(&text);
}

/* What a person corrects of text is its first type; of a column of values it is the whole. */
static void a_correction_leaves_the_rest_of_text(void **state)
{
    struct world *w = world_of(state);
    run_text(w, "1", 3, ZJ_INV_CONTAINS);
    judge(w, ZJ_VERDICT_CORRECT, "IMEI", 3, "numbers of devices", ZJ_OK);
    holds(w, "CN_MOBILE CN_RESIDENT_ID IMEI");
    assert_int_equal(ask(w, "SELECT grade FROM inv_held WHERE type = 'IMEI'"), 3);
    ok(w, zj_store_exec(&w->job, w->store, "UPDATE inv_column SET state = 'confirmed'"));
    judge(w, ZJ_VERDICT_CORRECT, "IMEI", 3, "numbers of devices", ZJ_OK);
    holds(w, "IMEI");
}

/* The data list as a file has the words. */
static void file_has(struct world *w, struct zj_buf *rows, const char *wanted)
{
    const struct zj_paper_head head = {.title = "t", .org = "o", .is_one_org = true};
    char *text = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&text, &len);
    struct zj_paper *paper = NULL;
    struct zj_jdoc *doc = NULL;
    ok(w, zj_jdoc_parse(&w->job, zj_buf_all(rows), 1 << 20, &doc));
    ok(w, zj_paper_open(&w->job, ZJ_PAPER_CSV, &head, file, &paper));
    ok(w, zj_paper_begin(&w->job, paper, &zj_paper_columns));
    ok(w, zj_paper_row(&w->job, paper, zj_jval_first(zj_jdoc_root(doc))));
    ok(w, zj_paper_close(&w->job, paper));
    fclose(file);
    if (!strstr(text, wanted))
        fail_msg("%s lacks %s", text, wanted);
    zj_jdoc_free(doc);
    free(text);
}

/* Other rules, another proposal: the row has what holds and what is proposed, by which rules; and
 * accepting takes what was shown, not what came since. */
static void an_offer_shows_both(void **state)
{
    struct world *w = world_of(state);
    struct zj_buf text = {0};
    const int64_t id = 1;
    const struct zj_catalog_seen seen = {"BANK_CARD", 4};
    const struct zj_catalog_decision said = {.verdict = ZJ_VERDICT_ACCEPT, .seen = &seen};
    struct zj_catalog_judged judged = {0};
    run_of(w, 2026, "1", "BANK_CARD", 4, 100, "a.csv");
    ok(w, zj_catalog_judge(&w->job, w->store, &everything, &id, 1, &said, &judged));
    assert_int_equal(judged.changed, 1);
    run_of(w, 2026, "2", "BANK_CARD", ZJ_INV_GRADE_IMPORTANT, 100, "a.csv");
    list_into(w, zj_catalog_columns, &text, 1);
    static const char *const wanted[] = {
        "\"is_offered\":true",    "\"final_grade\":\"L4\"",      "\"grade\":\"important\"",
        "\"verdict\":\"accept\"", "\"verdict_on_grade\":\"L4\"", "\"verdict_rules\":\"1\"",
        "\"rules\":\"2\"",
    };
    for (size_t i = 0; i < ZJ_COUNT(wanted); i++)
        if (!strstr(zj_buf_cstr(&text), wanted[i]))
            fail_msg("%s lacks %s", zj_buf_cstr(&text), wanted[i]);
    file_has(w, &text, "Bank card number Important");
    judged = (struct zj_catalog_judged){0};
    ok(w, zj_catalog_judge(&w->job, w->store, &everything, &id, 1, &said, &judged));
    assert_int_equal(judged.changed, 0);
    assert_int_equal(judged.stale, 1);
    assert_int_equal(ask(w, "SELECT final_grade FROM inv_column WHERE is_offered = 1"), 4);
    zj_buf_release(&text);
}

/* Rules that change back to what the verdict was given on take the offer back. */
static void an_offer_is_taken_back(void **state)
{
    struct world *w = world_of(state);
    run_of(w, 2026, "1", "BANK_CARD", 4, 100, "a.csv");
    judge(w, ZJ_VERDICT_ACCEPT, NULL, 0, NULL, ZJ_OK);
    run_of(w, 2026, "2", "BANK_CARD", ZJ_INV_GRADE_IMPORTANT, 100, "a.csv");
    assert_int_equal(ask(w, "SELECT is_offered FROM inv_column"), 1);
    run_of(w, 2026, "2", "BANK_CARD", ZJ_INV_GRADE_IMPORTANT, 100, "a.csv"); /* still so */
    assert_int_equal(ask(w, "SELECT is_offered FROM inv_column"), 1);
    run_of(w, 2026, "3", "BANK_CARD", 4, 100, "a.csv");
    assert_int_equal(ask(w, "SELECT is_offered FROM inv_column"), 0);
    assert_int_equal(ask(w, "SELECT final_grade FROM inv_column WHERE verdict = 'accept'"), 4);
}

/* What people say of a column is what holds of its table and its source too. */
static void a_verdict_reaches_the_whole(void **state)
{
    struct world *w = world_of(state);
    struct zj_buf text = {0};
    run_of(w, 2026, "1", "CN_MOBILE", 3, 100, "a.csv");
    list_into(w, zj_catalog_objects, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"grade\":\"L3\",\"is_personal\":true"));
    /* of charging networks (E2), which are no personal data */
    judge(w, ZJ_VERDICT_CORRECT, "CHARGER_ID", 2, "numbers of stations", ZJ_OK);
    list_into(w, zj_catalog_objects, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"grade\":\"L2\",\"is_personal\":false"));
    list_into(w, zj_catalog_columns, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"category\":\"E2\""));
    run_of(w, 2026, "1", "CN_MOBILE", 3, 100, "a.csv"); /* the machine says it again */
    list_into(w, zj_catalog_sources, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"grade\":\"L2\",\"is_personal\":false"));
    judge(w, ZJ_VERDICT_REJECT, NULL, 0, "a test bench", ZJ_OK);
    list_into(w, zj_catalog_objects, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"grade\":\"\",\"is_personal\":false"));
    judge(w, ZJ_VERDICT_ACCEPT, NULL, 0, NULL, ZJ_OK);
    list_into(w, zj_catalog_objects, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"grade\":\"L3\",\"is_personal\":true"));
    zj_buf_release(&text);
}

/* A column in which nothing was found is classified by a person, also by a class that no type stands
 * for; it outlives runs and reaches table, list and proposal. */
static void what_was_missed_is_named(void **state)
{
    struct world *w = world_of(state);
    struct zj_buf text = {0};
    run_of(w, 2026, "1", NULL, 0, 100, "a.csv");
    assert_int_equal(ask(w, "SELECT is_offered FROM inv_column"), 0);
    judge(w, ZJ_VERDICT_CORRECT, "Z9", 3, "no such class", ZJ_EUSAGE);
    /* 166 Art. 10: flows are important by the taxonomy's class E1; it is no personal data */
    judge(w, ZJ_VERDICT_CORRECT, "E1", ZJ_INV_GRADE_IMPORTANT, "counts of vehicles a day", ZJ_OK);
    run_of(w, 2026, "1", NULL, 0, 100, "a.csv");
    run_of(w, 2026, "2", NULL, 0, 100, "a.csv"); /* other rules, and still nothing: no new offer */
    assert_int_equal(ask(w, "SELECT count(*) FROM inv_column WHERE final_type = 'E1' AND "
                            "final_category = 'E1' AND final_grade = 5 AND final_personal = 0 AND "
                            "is_offered = 0"),
                     1);
    const struct zj_catalog_filter found = {.limit = 10, .is_found = true};
    int64_t total = 0;
    struct zj_json j = zj_json_to(&text);
    ok(w, zj_catalog_columns(&w->job, w->store, &everything, &found, &j, &total));
    assert_int_equal(total, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"final_type_name\":\"Traffic and logistics\""));
    list_into(w, zj_catalog_important, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"title\":\"Traffic and logistics\""));
    assert_non_null(strstr(zj_buf_cstr(&text), "counts of vehicles a day"));
    judge(w, ZJ_VERDICT_CORRECT, "PERSON_NAME", 2, "names without a header", ZJ_OK);
    list_into(w, zj_catalog_objects, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"grade\":\"L2\",\"is_personal\":true"));
    zj_buf_release(&text);
}

/* A file that two sources hold is one file, and what was decided about it holds in both. */
static void sources_that_overlap_count_once(void **state)
{
    struct world *w = world_of(state);
    struct zj_buf text = {0};
    run_in(w, "/y/z", 2025, "1", "CN_MOBILE", 3, 100, "/y/z/a.csv");
    judge(w, ZJ_VERDICT_CORRECT, "CN_MOBILE", ZJ_INV_GRADE_IMPORTANT, "all owners", ZJ_OK);
    run_in(w, "/y", 2026, "1", "CN_MOBILE", 3, 150, "/y/z/a.csv");
    list_into(w, zj_catalog_objects, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"source\":\"/y\""));
    assert_non_null(strstr(zj_buf_cstr(&text), "\"grade\":\"important\""));
    list_into(w, zj_catalog_columns, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"verdict\":\"correct\""));
    list_into(w, zj_catalog_sources, &text, 1);
    list_into(w, zj_catalog_important, &text, 1);
    list_into(w, zj_catalog_changes, &text, 1); /* 150 of 100: the year before it was in /y/z */
    assert_non_null(strstr(zj_buf_cstr(&text), "\"change\":\"grown\""));
    run_in(w, "db", 2026, "1", "CN_MOBILE", 3, 100, "public.owner");
    run_in(w, "db2", 2026, "1", "CN_MOBILE", 3, 100, "public.owner");
    list_into(w, zj_catalog_objects, &text, 3); /* tables of the same name are two */
    zj_buf_release(&text);
}

/* What a run of the source "s" tells: objects, each with one column, and a place that it could not
 * read. */
struct tale {
    const char *path, *kind, *column, *type;
    uint64_t rows, sampled;
    bool is_partial;
    const struct zj_hll *seen; /* its subjects */
};

static void run_tales(struct world *w, int year, const struct tale *tales, size_t count,
                      const char *unread)
{
    const struct zj_catalog_sheet sheet = {.org_id = 1, .year = year, .scope = "s", .rules = "1"};
    const struct zj_inv_totals totals = {.files = 1};
    struct zj_catalog_run *run = NULL;
    ok(w, zj_catalog_begin(&w->job, w->store, &sheet, &run));
    const struct zj_inv_sink *sink = zj_catalog_sink(run);
    for (size_t i = 0; i < count; i++) {
        const struct tale *t = &tales[i];
        const struct zj_inv_column col = {.name = t->column ? t->column : "c1",
                                          .sampled = t->sampled,
                                          .proposal_count = t->type ? 1 : 0,
                                          .proposals = {{.type = t->type,
                                                         .state = ZJ_INV_CONFIRMED,
                                                         .category = "A5.2",
                                                         .grade = 3,
                                                         .why = "because"}}};
        struct zj_inv_object object = {.source = "s",
                                       .path = t->path,
                                       .kind = t->kind ? t->kind : "postgresql",
                                       .rows = t->rows,
                                       .bytes = t->rows,
                                       .grade = t->type ? 3 : 0,
                                       .is_partial = t->is_partial,
                                       .column_count = 1,
                                       .columns = &col};
        if (t->seen)
            object.sketches[object.sketch_count++] =
                (struct zj_inv_sketch){t->type, zj_hll_count(t->seen), t->seen};
        ok(w, sink->object(&w->job, sink->ctx, &object));
    }
    if (unread)
        ok(w, sink->unread(&w->job, sink->ctx, unread, "time-out"));
    ok(w, zj_catalog_end(&w->job, run, &totals, unread ? ZJ_EINPUT : ZJ_OK));
}

#define RUN(year, unread, ...)                                                                     \
    run_tales(w, year, (const struct tale[]){__VA_ARGS__},                                         \
              sizeof((const struct tale[]){__VA_ARGS__}) / sizeof(struct tale), unread)

/* That the last run of a year could not read a table makes it neither new nor gone the year after.
 */
static void an_unread_table_is_not_new(void **state)
{
    struct world *w = world_of(state);
    struct zj_buf text = {0};
    RUN(2025, NULL, {"t", .rows = 100}, {"u", .rows = 5});
    RUN(2025, "s!t", {"u", .rows = 5});
    RUN(2026, NULL, {"t", .rows = 100}, {"u", .rows = 5});
    list_into(w, zj_catalog_changes, &text, 0);
    RUN(2026, NULL, {"t", .rows = 130},
        {"u", .rows = 5}); /* it is compared with what was counted */
    list_into(w, zj_catalog_changes, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"change\":\"grown\""));
    RUN(2026, "s!t", {"u", .rows = 5}); /* and so is what an earlier run of this year counted */
    list_into(w, zj_catalog_changes, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"change\":\"grown\""));
    RUN(2026, NULL, {"u", .rows = 5});
    list_into(w, zj_catalog_changes, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"change\":\"gone\""));
    RUN(2027, "s!v", {"u", .rows = 5});
    RUN(2028, NULL, {"u", .rows = 5}, {"v", .rows = 9}); /* it was there, and never read */
    list_into(w, zj_catalog_changes, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"change\":\"unsure\""));
    zj_buf_release(&text);
}

/* What was read in part is known in part: the next part may tell more, and never less; it is marked
 * in the year's counts, and not compared. */
static void parts_become_more(void **state)
{
    struct world *w = world_of(state);
    struct zj_buf text = {0};
    RUN(2025, "s!t", {"t", .rows = 10, .sampled = 10, .is_partial = true});
    assert_int_equal(ask(w, "SELECT is_partial FROM inv_count"), 1);
    RUN(2025, "s!t", {"t", .type = "CN_MOBILE", .rows = 50, .sampled = 40, .is_partial = true});
    assert_int_equal(ask(w, "SELECT row_count FROM inv_object WHERE final_grade = 3"), 50);
    RUN(2025, "s!t", {"t", .rows = 20, .sampled = 20, .is_partial = true});
    assert_int_equal(ask(w, "SELECT row_count FROM inv_object WHERE final_grade = 3"), 50);
    assert_int_equal(ask(w, "SELECT sampled FROM inv_column WHERE final_type = 'CN_MOBILE'"), 40);
    RUN(2025, "s!t", {"t", .type = "VIN", .rows = 20, .sampled = 20, .is_partial = true});
    assert_int_equal(ask(w, "SELECT sampled FROM inv_column WHERE final_type = 'CN_MOBILE'"), 40);
    list_into(w, zj_catalog_objects, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"is_partial\":true"));
    RUN(2026, NULL, {"t", .type = "VIN", .rows = 100, .sampled = 100});
    list_into(w, zj_catalog_changes, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"change\":\"unsure\""));
    RUN(2026, "s!t", {"t", .rows = 900, .sampled = 900, .is_partial = true});
    assert_int_equal(ask(w, "SELECT sampled FROM inv_column WHERE final_type = 'VIN'"), 100);
    list_into(w, zj_catalog_objects, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"is_partial\":false"));
    zj_buf_release(&text);
}

/* Subjects of tables that were not read this time count still; views count only where one shows
 * more than all tables. 1000 numbers of one table and 1000 others of the next are 2000, within 6 %.
 */
static void sums_keep_and_count_once(void **state)
{
    struct world *w = world_of(state);
    struct zj_buf text = {0};
    struct zj_hll *seen = zj_alloc(3 * sizeof *seen);
    for (uint64_t n = 0; n < 3000; n++)
        zj_hll_add(&seen[n / 1000], zj_hash(zj_span_of(&n, sizeof n), 7));
    static const char sum[] = "SELECT subjects FROM inv_source_subject WHERE type = 'CN_MOBILE'";
    RUN(2026, NULL, {"a", .type = "CN_MOBILE", .rows = 1000, .seen = &seen[0]},
        {"b", .type = "CN_MOBILE", .rows = 1000, .seen = &seen[1]});
    assert_in_range(ask(w, sum), 1880, 2120);
    RUN(2026, "s!b", {"a", .type = "CN_MOBILE", .rows = 1000, .seen = &seen[0]});
    assert_in_range(ask(w, sum), 1880, 2120);
    list_into(w, zj_catalog_objects, &text, 2);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"is_kept\":true"));
    RUN(2026, NULL, {"a", .type = "CN_MOBILE", .rows = 1000, .seen = &seen[0]},
        {"v", .kind = "view", .type = "CN_MOBILE", .rows = 1000, .seen = &seen[2]});
    assert_in_range(ask(w, sum), 940, 1060);
    list_into(w, zj_catalog_sources, &text, 1);
    zj_hll_merge(&seen[2], &seen[1]);
    RUN(2026, NULL, {"a", .type = "CN_MOBILE", .rows = 1000, .seen = &seen[0]},
        {"v", .kind = "view", .type = "CN_MOBILE", .rows = 2000, .seen = &seen[2]});
    assert_in_range(ask(w, sum), 1880, 2120);
    zj_buf_release(&text);
    free(seen);
}

/* Nothing follows from a column that is gone; what a person said of it is there when it comes back.
 */
static void gone_columns_leave(void **state)
{
    struct world *w = world_of(state);
    struct zj_buf text = {0};
    RUN(2026, NULL, {"t", .column = "a", .type = "CN_MOBILE", .rows = 9});
    judge(w, ZJ_VERDICT_CORRECT, "CN_MOBILE", ZJ_INV_GRADE_IMPORTANT, "all owners", ZJ_OK);
    RUN(2026, "s!t", {"t", .column = "b", .rows = 9, .is_partial = true}); /* it broke off */
    list_into(w, zj_catalog_columns, &text, 1);
    RUN(2026, NULL, {"t", .column = "b", .rows = 9});
    list_into(w, zj_catalog_columns, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"name\":\"b\""));
    list_into(w, zj_catalog_objects, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"grade\":\"\""));
    assert_non_null(strstr(zj_buf_cstr(&text), "\"column_count\":1"));
    const struct zj_catalog_filter filter = {.limit = 10, .is_gone = true};
    int64_t total = 0;
    text.len = 0;
    struct zj_json j = zj_json_to(&text);
    ok(w, zj_catalog_columns(&w->job, w->store, &everything, &filter, &j, &total));
    assert_int_equal(total, 2);
    RUN(2026, NULL, {"t", .column = "a", .type = "CN_MOBILE", .rows = 9});
    list_into(w, zj_catalog_objects, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"grade\":\"important\""));
    assert_int_equal(ask(w, "SELECT count(*) FROM inv_verdict"), 1);
    zj_buf_release(&text);
}

/* A table that is gone is in no sum and in no list but the tables'; of a source that could not be
 * read at all everything is as it was. */
static void gone_tables_leave(void **state)
{
    struct world *w = world_of(state);
    struct zj_buf text = {0};
    RUN(2026, NULL, {"t", .type = "CN_MOBILE", .rows = 9}, {"u", .rows = 5});
    RUN(2026, NULL, {"u", .rows = 5});
    list_into(w, zj_catalog_sources, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"objects\":1,\"row_count\":5,"));
    assert_non_null(strstr(zj_buf_cstr(&text), "\"grade\":\"\""));
    list_into(w, zj_catalog_columns, &text, 1);
    list_into(w, zj_catalog_objects, &text, 2);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"is_gone\":true"));
    run_tales(w, 2026, NULL, 0, "s");
    list_into(w, zj_catalog_sources, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"objects\":1,\"row_count\":5,"));
    assert_non_null(strstr(zj_buf_cstr(&text), "\"kept\":1"));
    RUN(2026, NULL, {"t", .type = "CN_MOBILE", .rows = 9}, {"u", .rows = 5});
    list_into(w, zj_catalog_sources, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"objects\":2,\"row_count\":14,"));
    assert_non_null(strstr(zj_buf_cstr(&text), "\"kept\":0"));
    zj_buf_release(&text);
}

/* After a run of many objects the store knows how its tables are filled. */
static void large_runs_are_analysed(void **state)
{
    struct world *w = world_of(state);
    const struct zj_catalog_sheet sheet = {.org_id = 1, .year = 2026, .scope = "/y", .rules = "1"};
    struct zj_catalog_run *run = NULL;
    char path[32];
    ok(w, zj_catalog_begin(&w->job, w->store, &sheet, &run));
    const struct zj_inv_sink *sink = zj_catalog_sink(run);
    for (int i = 0; i < 600; i++) {
        snprintf(path, sizeof path, "/y/%d.csv", i);
        const struct zj_inv_column col = {.name = "c1"};
        const struct zj_inv_object object = {
            .source = "/y", .path = path, .kind = "csv", .column_count = 1, .columns = &col};
        ok(w, sink->object(&w->job, sink->ctx, &object));
    }
    ok(w, zj_catalog_end(&w->job, run, &(const struct zj_inv_totals){.objects = 600}, ZJ_OK));
    assert_int_equal(
        ask(w, "SELECT CAST(stat AS INTEGER) FROM sqlite_stat1 WHERE tbl = 'inv_column' LIMIT 1"),
        600);
}

static void put(struct world *w, const char *sql)
{
    struct zj_stmt *stmt = NULL;
    ok(w, zj_store_prepare(&w->job, w->store, sql, &stmt));
    ok(w, zj_stmt_run(&w->job, stmt));
    zj_stmt_release(stmt);
}

#define PARTNER(id, code, contract_to, type)                                                       \
    put(w,                                                                                         \
        "INSERT INTO reg_partners (id, org_id, code, name, contract_to, created_at, "              \
        "updated_at) VALUES (" #id ", 1, '" code "', 'name " code "', '" contract_to "', 0, 0)");  \
    put(w,                                                                                         \
        "INSERT INTO reg_item (register, row_id, org_id, field, value) VALUES ('partners', " #id   \
        ", 1, 'data_types', '" type "')")
#define EXPORT_TO(id, type)                                                                        \
    put(w, "INSERT INTO reg_exports (id, org_id, code, receiver, created_at, updated_at) VALUES "  \
           "(" #id ", 1, 'E" #id "', 'abroad " #id "', 0, 0)");                                    \
    put(w, "INSERT INTO reg_item (register, row_id, org_id, field, value) VALUES ('exports', " #id \
           ", 1, 'data_types', '" type "')")

/* Only who is on record for this data is named: not who gets other types, whose contract ran out,
 * or whose shares are of another store. The class is named by the taxonomy, its axis by the
 * register. */
static void the_catalogue_names_receivers(void **state)
{
    struct world *w = world_of(state);
    struct zj_buf text = {0};
    PARTNER(1, "P1", "2999-12-31", "CN_MOBILE");
    PARTNER(2, "P2", "2999-12-31", "VIN");
    PARTNER(3, "P3", "2020-12-31", "CN_MOBILE");
    PARTNER(4, "P4", "", "CN_MOBILE");
    PARTNER(5, "P5", "", "VIN");
    EXPORT_TO(1, "CN_MOBILE");
    EXPORT_TO(2, "VIN");
    put(w, "INSERT INTO reg_data_stores (id, org_id, code, system, location, is_encrypted, "
           "created_at, updated_at) VALUES (1, 1, 'D1', 'S1', '/y', 1, 0, 0), (2, 1, 'D2', 'S2', "
           "'/q', 0, 0, 0)");
    put(w, "INSERT INTO reg_data_assets (id, org_id, code, store, created_at, updated_at) VALUES "
           "(1, 1, 'A1', 'D1', 0, 0), (2, 1, 'A2', 'D2', 0, 0)");
    put(w, "INSERT INTO reg_shares (id, org_id, code, partner, data_asset, created_at, updated_at) "
           "VALUES (1, 1, 'H1', 'P5', 'A1', 0, 0), (2, 1, 'H2', 'P4', 'A2', 0, 0)");
    run_in(w, "/y", 2026, "1", "CN_MOBILE", ZJ_INV_GRADE_IMPORTANT, 100, "/y/a.csv");
    list_into(w, zj_catalog_important, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"sharing\":\"name P1; name P5\""));
    assert_non_null(strstr(zj_buf_cstr(&text), "\"export\":\"abroad 1\""));
    assert_non_null(strstr(zj_buf_cstr(&text), "\"title\":\"Identifiers of networks\""));
    assert_non_null(strstr(zj_buf_cstr(&text), "\"axis\":\"service\""));
    assert_non_null(strstr(zj_buf_cstr(&text), "\"safeguards\":\"stored encrypted\""));
    /* and whom the sensor saw receive it */
    ok(w, zj_facts_migrate(&w->job, w->store));
    put(w, "INSERT INTO reg_range (register, row_id, org_id, field, lo, hi, port, host) VALUES "
           "('partners', 2, 1, 'endpoints', '', '', 0, 'p2.example')");
    put(w, "INSERT INTO fact_transfer (org_id, fact_key, host, data_type) VALUES (1, x'01', "
           "'in.p2.example', 'CN_MOBILE')");
    list_into(w, zj_catalog_important, &text, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"sharing\":\"name P1; name P2; name P5\""));
    zj_buf_release(&text);
}

/* Standard error of 4096 registers is 1.04 / 64, so 6 % is more than three of them. */
static void sketches_count(void **state)
{
    (void)state; /* needs no store */
    static const uint64_t counts[] = {0, 1, 10, 1000, 20000, 1000000};
    for (size_t i = 0; i < ZJ_COUNT(counts); i++) {
        struct zj_hll *half = zj_alloc(2 * sizeof *half);
        for (uint64_t n = 0; n < counts[i]; n++)
            for (int again = 0; again < 2; again++)
                zj_hll_add(&half[n % 2], zj_hash(zj_span_of(&n, sizeof n), 7));
        zj_hll_merge(&half[0], &half[1]);
        const double got = (double)zj_hll_count(&half[0]), want = (double)counts[i];
        assert_true(got >= want * 0.94 && got <= want * 1.06);
        free(half);
    }
}

/* 中 is D6 D0 in GB18030, 2D 4E in UTF-16LE (Unicode's tables). */
static void charsets_are_told(void **state)
{
    (void)state; /* needs no store */
    static const struct {
        struct zj_span head;
        enum zj_charset want;
    } cases[] = {
        {ZJ_SPAN_LIT("plain"), ZJ_CHARSET_UTF8},
        {ZJ_SPAN_LIT("\xe4\xb8\xad"), ZJ_CHARSET_UTF8},
        {ZJ_SPAN_LIT("\xe4\xb8\xad\xe4\xb8"), ZJ_CHARSET_UTF8}, /* cut */
        {ZJ_SPAN_LIT("a,\xd6\xd0,b,\xd6\xd0,c\n"), ZJ_CHARSET_GB18030},
        {ZJ_SPAN_LIT("\xe4\xb8\xad,\xe4\xb8\xad\n\xd6\xd0\n"), ZJ_CHARSET_UTF8}, /* mostly */
        {ZJ_SPAN_LIT("\xff\xfe\x2d\x4e"), ZJ_CHARSET_UTF16LE},
        {ZJ_SPAN_LIT("\xfe\xff\x4e\x2d"), ZJ_CHARSET_UTF16BE},
        {ZJ_SPAN_LIT("a\0b\0c\0d\0e\0"), ZJ_CHARSET_UTF16LE},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++)
        assert_int_equal(zj_charset_of(cases[i].head), cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(verdicts_outlive_runs, setup, teardown),
        cmocka_unit_test_setup_teardown(others_are_left_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(years_are_compared, setup, teardown),
        cmocka_unit_test_setup_teardown(a_year_is_all_sources, setup, teardown),
        cmocka_unit_test_setup_teardown(a_correction_is_proposed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_rejected_column_is_not_personal, setup, teardown),
        cmocka_unit_test_setup_teardown(a_verdict_is_about_one_type, setup, teardown),
        cmocka_unit_test_setup_teardown(a_correction_leaves_the_rest_of_text, setup, teardown),
        cmocka_unit_test_setup_teardown(a_class_is_the_reason, setup, teardown),
        cmocka_unit_test_setup_teardown(an_offer_shows_both, setup, teardown),
        cmocka_unit_test_setup_teardown(an_offer_is_taken_back, setup, teardown),
        cmocka_unit_test_setup_teardown(a_verdict_reaches_the_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_missed_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(sources_that_overlap_count_once, setup, teardown),
        cmocka_unit_test_setup_teardown(an_unread_table_is_not_new, setup, teardown),
        cmocka_unit_test_setup_teardown(parts_become_more, setup, teardown),
        cmocka_unit_test_setup_teardown(sums_keep_and_count_once, setup, teardown),
        cmocka_unit_test_setup_teardown(gone_columns_leave, setup, teardown),
        cmocka_unit_test_setup_teardown(gone_tables_leave, setup, teardown),
        cmocka_unit_test_setup_teardown(large_runs_are_analysed, setup, teardown),
        cmocka_unit_test_setup_teardown(the_catalogue_names_receivers, setup, teardown),
        cmocka_unit_test(sketches_count),
        cmocka_unit_test(charsets_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
