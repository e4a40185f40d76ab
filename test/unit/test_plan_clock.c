/* The clocks of the plan: working days, months, fixed dates. Calendars are the arrangements as the
 * State Council published them; every date is counted by hand, the arithmetic beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/paths.h"
#include "plan/calendar.h"
#include "plan/due.h"

static int32_t day(const char *text)
{
    int32_t date = 0;
    if (!zj_date_parse(zj_span_str(text), &date))
        fail_msg("not a date: %s", text);
    return date;
}

static int load(void **state)
{
    static struct zj_job job;
    zj_job_init(&job);
    *state = zj_calendar_new();
    if (zj_calendars_read(&job, &job.arena, zj_data_path(&job, "packs/calendars"), *state))
        fail_msg("%s", job.message);
    return 0;
}

static int unload(void **state)
{
    zj_calendar_free(*state);
    return 0;
}

static void days_off_and_days_worked(void **state)
{
    static const struct {
        const char *date;
        bool is_work;
    } cases[] = {
        {"2024-02-04", true},  /* Sunday, worked for the Spring Festival */
        {"2024-02-09", true},  /* New Year's Eve was no day off in 2024 */
        {"2024-02-12", false}, /* Monday of the festival */
        {"2024-02-18", true},  {"2024-02-29", true}, /* Thursday */
        {"2024-09-29", true},  /* Sunday */
        {"2024-10-01", false}, {"2024-12-28", false}, /* Saturday */
        {"2025-01-26", true},  /* Sunday */
        {"2025-01-28", false}, {"2025-02-05", true}, {"2025-10-08", false}, {"2025-10-11", true},
        {"2026-01-02", false}, /* Friday between */
        {"2026-01-04", true},  /* Sunday */
        {"2026-02-23", false}, {"2026-02-24", true}, {"2026-09-20", true}, {"2026-10-10", true},
        {"2026-11-23", true}, /* Monday */
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++)
        if (zj_calendar_is_work(*state, day(cases[i].date)) != cases[i].is_work)
            fail_msg("%s", cases[i].date);
}

static void working_days_are_counted(void **state)
{
    static const struct {
        const char *from;
        int count;
        const char *to;
        bool is_known;
    } cases[] = {
        /* Fri 27 Sep; Sun 29 and Mon 30 worked (1, 2); 1–7 Oct off; 8 9 10 11 (3–6); Sat 12 worked
         * (7); Mon 14, 15, 16 (8–10) */
        {"2024-09-27", 10, "2024-10-16", true},
        /* Mon 23 Dec; 24–27 (1–4); 30, 31 (5, 6); 1 Jan off; 2, 3 (7, 8); 6, 7 (9, 10) */
        {"2024-12-23", 10, "2025-01-07", true},
        /* Thu 12 Feb; Fri 13, Sat 14 worked (1, 2); 15–23 off; Tue 24 (3), 25, 26 (4, 5) */
        {"2026-02-12", 5, "2026-02-26", true},
        /* backwards from Thu 8 Oct 2026: 1–7 off; 30, 29, 28 Sep (1–3); 25–27 off; 24, 23 (4, 5) */
        {"2026-10-08", -5, "2026-09-23", true},
        /* Wed 30 Dec 2026: Thu 31 (1); 2027 not published: Fri 1 Jan (2), Mon 4 (3) */
        {"2026-12-30", 3, "2027-01-04", false},
        {"2026-02-17", 0, "2026-02-17", true}, /* nothing to count, though it is a day off */
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        bool is_known = true;
        char got[ZJ_TIME_TEXT];
        zj_date_format(zj_calendar_add(*state, day(cases[i].from), cases[i].count, &is_known), got);
        assert_string_equal(got, cases[i].to);
        assert_int_equal(is_known, cases[i].is_known);
    }
}

static void periods_end_by_the_rule_of_the_month(void **state)
{
    static const struct {
        struct zj_deadline deadline;
        const char *from, *to;
    } cases[] = {
        {{ZJ_IN_MONTHS, 3, 0, 0}, "2023-11-30", "2024-02-29"},  /* no 30 February: leap year's 29 */
        {{ZJ_IN_MONTHS, 3, 0, 0}, "2024-11-30", "2025-02-28"},
        {{ZJ_IN_MONTHS, 1, 0, 0}, "2025-01-31", "2025-02-28"},
        {{ZJ_IN_MONTHS, -2, 0, 0}, "2025-01-31", "2024-11-30"}, /* over the year's end, no 31 Nov */
        {{ZJ_IN_YEARS, 1, 0, 0}, "2024-02-29", "2025-02-28"},
        {{ZJ_IN_YEARS, 4, 0, 0}, "2024-02-29", "2028-02-29"},
        {{ZJ_IN_YEARS, 2, 0, 0}, "2024-12-31", "2026-12-31"},
        {{ZJ_IN_DAYS, 30, 0, 0}, "2024-02-01", "2024-03-02"},   /* 28 to 29 Feb, 2 more */
        {{ZJ_IN_DAYS, 30, 0, 0}, "2025-12-15", "2026-01-14"},   /* 16 to 31 Dec, 14 more */
        {{ZJ_IN_DAYS, 90, 0, 0}, "2025-11-15", "2026-02-13"},   /* 15 + 31 + 31 = 77, 13 more */
        {{ZJ_ON_DATE, 0, 9, 30}, "2026-03-01", "2026-09-30"},
        {{ZJ_ON_DATE, 1, 12, 25}, "2025-12-31", "2026-12-25"},
        /* 10 working days after Wed 23 Sep 2026 lead into October: 30 September comes first */
        {{ZJ_IN_WORKING_DAYS, 10, 9, 30}, "2026-09-23", "2026-09-30"},
        /* Mon 2 Mar 2026: 3–6 (1–4), 9–13 (5–9), 16 (10) */
        {{ZJ_IN_WORKING_DAYS, 10, 9, 30}, "2026-03-02", "2026-03-16"},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        bool is_known = true;
        char got[ZJ_TIME_TEXT];
        zj_date_format(
            zj_deadline_date(&cases[i].deadline, *state, day(cases[i].from), &is_known), got);
        assert_string_equal(got, cases[i].to);
    }
}

/* 2026-11-22T15:59:59Z is 23:59:59 of the 22nd in Beijing; one second later it is the 23rd. */
static void the_day_changes_at_midnight_in_beijing(void **state)
{
    const struct zj_rule rule = {.has_deadline = true, .deadline = {ZJ_IN_DAYS, 30, 0, 0}};
    const struct zj_event event = {.date = ZJ_SPAN_LIT("2026-10-23")};
    int64_t now_ns = 0;
    struct zj_due due;
    assert_true(zj_time_parse(ZJ_SPAN_LIT("2026-11-22T15:59:59Z"), &now_ns));
    zj_due_find(&rule, *state, &event, now_ns, &due);
    assert_string_equal(due.text, "2026-11-22"); /* 8 days of October, 22 of November */
    assert_string_equal(due.state, "due_soon");
    zj_due_find(&rule, *state, &event, now_ns + ZJ_NS_PER_S, &due);
    assert_string_equal(due.state, "overdue");
}

static void hours_run_out_to_the_second(void **state)
{
    const struct zj_rule rule = {.has_deadline = true, .deadline = {ZJ_IN_HOURS, 4, 0, 0}};
    const struct zj_event event = {.time = ZJ_SPAN_LIT("2024-02-28T21:30:00+08:00")};
    struct zj_event done = event;
    int64_t now_ns = 0;
    struct zj_due due;
    assert_true(zj_time_parse(ZJ_SPAN_LIT("2024-02-29T01:30:00+08:00"), &now_ns));
    zj_due_find(&rule, *state, &event, now_ns, &due);
    assert_string_equal(due.text, "2024-02-29T01:30:00+08:00"); /* into the leap day */
    assert_string_equal(due.state, "due_soon");
    zj_due_find(&rule, *state, &event, now_ns + ZJ_NS_PER_S, &due);
    assert_string_equal(due.state, "overdue");
    done.is_met = true;
    done.done_on = ZJ_SPAN_LIT("2024-02-28T17:30:01Z"); /* a second late */
    zj_due_find(&rule, *state, &done, now_ns, &due);
    assert_string_equal(due.state, "met");
    assert_true(due.is_late);
    done.done_on = ZJ_SPAN_LIT("2024-02-28T17:30:00Z");
    zj_due_find(&rule, *state, &done, now_ns, &due);
    assert_false(due.is_late);
}

static void a_year_without_calendar_follows_the_week(void **state)
{
    bool is_known = true;
    assert_true(zj_calendar_is_work(NULL, day("2024-10-01"))); /* a Tuesday */
    assert_false(zj_calendar_knows(*state, 2031));
    zj_calendar_add(*state, day("2031-06-02"), 1, &is_known);
    assert_false(is_known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_off_and_days_worked),
        cmocka_unit_test(working_days_are_counted),
        cmocka_unit_test(periods_end_by_the_rule_of_the_month),
        cmocka_unit_test(the_day_changes_at_midnight_in_beijing),
        cmocka_unit_test(hours_run_out_to_the_second),
        cmocka_unit_test(a_year_without_calendar_follows_the_week),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
