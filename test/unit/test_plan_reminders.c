/* What people say about duties, reminders, and the calendar feed. Days are counted by hand. */
#include "unit/plan_world.h"

static void an_unverified_rule_runs_once_confirmed(void **state)
{
    struct world *w = *state;
    const struct scene scene = {.rule = "T9.lead-time", .subject = "R"};
    const char *got, *due;
    enter(w, "tsp");
    put(w, "releases code=R|version=2|planned_on=2026-12-04|filed_on=");
    set_clock(w, "2026-11-20T10:00:00+08:00");
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, false));
    find(w, &scene, &got, &due);
    assert_null(got);
    assert_int_equal(zj_plan_confirm(&w->job, w->plan, w->store, "T3.file", true), ZJ_EUSAGE);
    assert_int_equal(zj_plan_confirm(&w->job, w->plan, w->store, "T99.x", true), ZJ_ENOTFOUND);
    zj_job_clear(&w->job);
    OK(w, zj_plan_confirm(&w->job, w->plan, w->store, scene.rule, true));
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, false));
    find(w, &scene, &got, &due);
    assert_non_null(got);
    assert_string_equal(due, "2026-11-27"); /* from Friday 4 December: 3, 2, 1, 30, 27 */
    OK(w, zj_plan_confirm(&w->job, w->plan, w->store, scene.rule, false));
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, false));
    find(w, &scene, &got, &due);
    assert_null(got);
}

static void a_yearly_report_is_said_to_be_handed_in(void **state)
{
    struct world *w = *state;
    const struct scene scene = {.rule = "T12.ministry", .subject = ORG};
    const char *got, *due;
    int64_t id = 0, other = 0;
    enter(w, "bureau");
    set_clock(w, "2026-12-20T10:00:00+08:00");
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, false));
    find(w, &scene, &got, &due);
    assert_string_equal(got, "due_soon");
    OK(w, zj_store_query_int(&w->job, w->store, "SELECT id FROM duty WHERE rule = 'T12.ministry'",
                             0, &id));
    OK(w, zj_store_query_int(&w->job, w->store, "SELECT id FROM duty WHERE rule = 'T2.sessions'", 0,
                             &other));
    const struct zj_scope stranger = {.org_id = w->org_id + 1};
    assert_int_equal(zj_plan_done(&w->job, w->plan, w->store, &stranger, id, "2026-12-19", ""),
                     ZJ_ENOTFOUND);
    assert_int_equal(zj_plan_done(&w->job, w->plan, w->store, &all, other, "2026-12-19", ""),
                     ZJ_EUSAGE); /* follows from a register */
    assert_int_equal(zj_plan_done(&w->job, w->plan, w->store, &all, id, "2026-12-21", ""),
                     ZJ_EUSAGE); /* tomorrow */
    zj_job_clear(&w->job);
    OK(w, zj_plan_done(&w->job, w->plan, w->store, &all, id, "2026-12-19", "文号"));
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, false));
    find(w, &scene, &got, &due);
    assert_string_equal(got, "met");
    set_clock(w, "2027-01-01T00:00:00+08:00"); /* another year, another report */
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, false));
    find(w, &scene, &got, &due);
    assert_string_equal(got, "open");
    assert_string_equal(due, "2027-12-25");
}

static int64_t reminders_of(struct world *w, const char *now, const char *kind)
{
    int64_t count = 0;
    set_clock(w, now);
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, false));
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, true)); /* says nothing twice */
    OK(w, zj_store_query_int(&w->job, w->store,
                             zj_arena_printf(&w->job.arena,
                                             "SELECT COUNT(*) FROM reminder WHERE rule ="
                                             " 'T5.findings' AND kind = '%s'",
                                             kind),
                             0, &count));
    return count;
}

/* Due on 1 March 2028, after a leap day: 30 days before is 31 January, 7 before 23 February. */
static void reminders_come_once(void **state)
{
    struct world *w = *state;
    int64_t all_of_it = 0;
    enter(w, "tsp");
    put(w, "findings code=F|assessment=A|system=S|due_on=2028-03-01");
    assert_int_equal(reminders_of(w, "2028-01-30T23:59:59+08:00", "T-30"), 0);
    assert_int_equal(reminders_of(w, "2028-01-31T00:00:00+08:00", "T-30"), 1);
    assert_int_equal(reminders_of(w, "2028-02-22T23:59:59+08:00", "T-7"), 0);
    assert_int_equal(reminders_of(w, "2028-02-23T00:00:00+08:00", "T-7"), 1);
    assert_int_equal(reminders_of(w, "2028-02-28T23:59:59+08:00", "T-1"), 0);
    assert_int_equal(reminders_of(w, "2028-02-29T00:00:00+08:00", "T-1"), 1);
    assert_int_equal(reminders_of(w, "2028-03-01T23:59:59+08:00", "overdue"), 0);
    assert_int_equal(reminders_of(w, "2028-03-02T00:00:00+08:00", "overdue"), 1);
    reminders_of(w, "2028-03-20T00:00:00+08:00", "overdue");
    OK(w, zj_store_query_int(&w->job, w->store,
                             "SELECT COUNT(*) FROM reminder WHERE rule = 'T5.findings'", 0,
                             &all_of_it));
    assert_int_equal(all_of_it, 4);
}

static const char *in_words(struct zj_job *job, const char *type, const char *title,
                            const char *subject, enum zj_lang lang)
{
    return zj_arena_printf(&job->arena, "%s %s %s %s", lang == ZJ_ZH ? "zh" : "en", type, title,
                           subject);
}

/* A vulnerability has its duty of two days and a case whose clock says the same: one reminder, that of
 * the case, in the reader's language. Without a clock that runs the duty reminds. */
static void a_case_and_its_duty_remind_once(void **state)
{
    struct world *w = *state;
    struct zj_buf text = {0};
    int64_t duties = 0, total = 0;
    static const char count[] = "SELECT COUNT(*) FROM reminder WHERE rule = 'T8.report'";
    enter(w, "vehicle_maker;tsp");
    put(w, "vulnerabilities code=V|known_at="
           "2026-11-22T15:40:00+08:00");
    put_case(w, "@vulnerabilities V found company -");
    /* 2026-11-24 15:40 in Beijing */
    OK(w, zj_store_exec(&w->job, w->store,
                        "INSERT INTO work_clock (case_id, key, started_at, due_at, met_at) SELECT"
                        " id, 'D09', 1, 1795506000000000, 0 FROM work_case"));
    set_clock(w, "2026-11-23T22:00:00+08:00");
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, false));
    OK(w, zj_store_query_int(&w->job, w->store, "SELECT COUNT(*) FROM duty WHERE rule ="
                             " 'T8.report' AND state = 'due_soon'", 0, &duties));
    assert_int_equal(duties, 1);
    OK(w, zj_store_query_int(&w->job, w->store, count, 0, &duties));
    assert_int_equal(duties, 0);
    const struct zj_scope mine = {.org_id = w->org_id};
    const struct zj_reminder_filter filter = {.kind = "T-1", .limit = 10, .title_of = in_words};
    w->job.lang = ZJ_EN;
    struct zj_json j = zj_json_to(&text);
    OK(w, zj_plan_reminders(&w->job, w->store, &mine, &filter, &j, &total));
    assert_int_equal(total, 1);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"title\":\"en vulnerabilities  \""));
    text.len = 0;
    OK(w, zj_plan_ics(&w->job, w->plan, w->store, &mine, in_words, &text));
    assert_non_null(strstr(zj_buf_cstr(&text), "SUMMARY:en vulnerabilities"));
    assert_null(strstr(zj_buf_cstr(&text), "SUMMARY:Report"));
    OK(w, zj_store_exec(&w->job, w->store, "UPDATE work_clock SET met_at = 1"));
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, true));
    OK(w, zj_store_query_int(&w->job, w->store, count, 0, &duties));
    assert_int_equal(duties, 1);
    text.len = 0;
    j = zj_json_to(&text);
    OK(w, zj_plan_reminders(&w->job, w->store, &mine, &filter, &j, &total));
    assert_non_null(strstr(zj_buf_cstr(&text), "\"due_text\":\"2026-11-24"));
    assert_null(strstr(zj_buf_cstr(&text), "found 2026-11-22T"));
    zj_buf_release(&text);
}

static void the_feed_is_icalendar(void **state)
{
    struct world *w = *state;
    struct zj_buf text = {0};
    enter(w, "tsp");
    put(w, "findings code=F|assessment=A|system=S,1|due_on=2026-11-30");
    put(w, "incidents code=I|found_at=2026-11-23T21:30:00+08:00|grade_national=3|is_cii=no");
    set_clock(w, "2026-11-23T22:00:00+08:00");
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, false));
    const struct zj_scope mine = {.org_id = w->org_id}, other = {.org_id = w->org_id + 1};
    w->job.lang = ZJ_ZH;
    OK(w, zj_plan_ics(&w->job, w->plan, w->store, &mine, NULL, &text));
    const char *got = zj_buf_cstr(&text);
    assert_int_equal(strncmp(got, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", 30), 0);
    assert_non_null(strstr(got, "\r\nDTSTART;VALUE=DATE:20261130\r\n"));
    assert_non_null(strstr(got, "\r\nDTSTART:20261123T173000Z\r\n")); /* 21:30 + 4 h, less 8 h */
    assert_non_null(strstr(got, "\r\nDTSTAMP:20261123T140000Z\r\n"));
    assert_non_null(strstr(got, "S\\,1")); /* a comma in text is escaped */
    assert_string_equal(got + text.len - 15, "END:VCALENDAR\r\n");
    for (const char *line = got; *line;) { /* 75 octets a line, and none ends inside a character */
        const char *end = strstr(line, "\r\n");
        assert_true(end && end - line <= 75);
        assert_true(((uint8_t)line[line[0] == ' '] & 0xc0) != 0x80);
        line = end + 2;
    }
    text.len = 0;
    OK(w, zj_plan_ics(&w->job, w->plan, w->store, &other, NULL, &text));
    assert_null(strstr(zj_buf_cstr(&text), "VEVENT"));
    zj_buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(an_unverified_rule_runs_once_confirmed),
        SCENE(a_yearly_report_is_said_to_be_handed_in),
        SCENE(reminders_come_once),
        SCENE(a_case_and_its_duty_remind_once),
        SCENE(the_feed_is_icalendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
