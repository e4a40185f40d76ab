/* Every duty of the packs: what it finds in a small world and the day on which it falls due. Days
 * are counted by hand, the arithmetic beside them; the clock stands still at the time of the scene,
 * in Beijing. A rule without a scene fails the last test. */
#include "unit/plan_world.h"

/* Two yearly runs (the later one ends at 10:00 of 30 Nov 2025 in Beijing), one object and what each
 * run counted in it. $1 is the organisation. */
#define RUNS(ended_us)                                                                             \
    "INSERT INTO inv_run (id, org_id, year, scope, process, operators, rules, state, started_at,"  \
    " ended_at, files, skipped, objects, columns, found, unread, bytes) VALUES"                    \
    " (1, $1, 2024, '', '', '', '', 'done', 1, 1, 1, 0, 1, 1, 1, 0, 1),"                           \
    " (2, $1, 2025, '', '', '', '', 'done', 2, " ended_us ", 1, 0, 1, 1, 1, 0, 1)"
/* The object that both runs found, in a source that their sheets do not name. */
#define OBJECT                                                                                     \
    "INSERT INTO inv_object (id, org_id, source, path, kind, comment, row_count, bytes,"           \
    " is_estimate, grade, is_personal, is_sensitive, subjects, grade_why, first_run, last_run,"    \
    " seen_at, final_grade) VALUES (1, $1, '/s1', '/s1/a.csv', 'csv', '', 1, 1, 0, 5, 0, 0, 0,"    \
    " '', 1, 2, 1, 5)"
/* A later run of 2025 over another source alone. */
#define OTHER_SOURCE                                                                               \
    "INSERT INTO inv_run (id, org_id, year, scope, process, operators, rules, state, started_at,"  \
    " ended_at, files, skipped, objects, columns, found, unread, bytes) VALUES"                    \
    " (3, $1, 2025, '/s2', '', '', '', 'done', 3, 1764554400000000, 1, 0, 1, 1, 1, 0, 1)"
/* The later run could not read it. */
#define UNREAD                                                                                     \
    "INSERT INTO inv_unread (run_id, org_id, place, reason) VALUES (2, $1, '/s1/a.csv', 'r')"
#define COLUMN(grade)                                                                              \
    "INSERT INTO inv_held (column_id, type, object_id, category, grade, is_personal,"              \
    " is_sensitive, is_confirmed) SELECT 1, 'MAP_DATA', 1, 'C1', " grade ", 0, 0, 1 WHERE $1 > 0"
/* Telephones of more than 100,000 persons: none of them is important by itself. */
#define PERSONS                                                                                    \
    "INSERT INTO inv_held (column_id, type, object_id, category, grade, is_personal,"              \
    " is_sensitive, is_confirmed) SELECT 1, 'CN_MOBILE', 1, 'A5.2', 3, 1, 0, 1 WHERE $1 > 0"
#define COUNTS(before, now)                                                                        \
    "INSERT INTO inv_count (run_id, object_id, row_count, bytes, subjects, grade)"                 \
    " SELECT 1, 1, " before ", 1000, 0, 5 WHERE $1 > 0 UNION ALL SELECT 2, 1, " now ", 1000, 0, 5"

static void run_sql(struct world *w, const char *sql)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    OK(w, zj_store_prepare(&w->job, w->store, sql, &s));
    zj_stmt_bind_int(s, 1, w->org_id);
    OK(w, zj_stmt_run(&w->job, s));
}

static void play(struct world *w, const struct scene *scene)
{
    const char *state, *due;
    set_clock(w, "2024-01-01T09:00:00+08:00"); /* when everything was entered */
    OK(w, zj_org_find(&w->job, w->store, ORG, &w->org_id));
    for (size_t i = 0; i < ROWS_MAX && scene->rows[i]; i++)
        if (scene->rows[i][0] == '@')
            put_case(w, scene->rows[i]);
        else if (strncmp(scene->rows[i], "INSERT", 6) == 0)
            run_sql(w, scene->rows[i]);
        else
            put(w, scene->rows[i]);
    set_clock(w, scene->now);
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, true));
    find(w, scene, &state, &due);
    if (!scene->state) {
        if (state)
            fail_msg("%s at %s: %s is %s", scene->rule, scene->now, scene->subject, state);
        return;
    }
    if (!state)
        fail_msg("%s at %s: nothing of %s", scene->rule, scene->now, scene->subject);
    if (strcmp(state, scene->state) != 0 || strcmp(due, scene->due) != 0)
        fail_msg("%s at %s: %s due '%s', wanted %s due '%s'", scene->rule, scene->now, state, due,
                 scene->state, scene->due);
}

/* clang-format off */
static const struct scene scenes[] = {
    {"T1.responsible-person", "2026-11-23T10:00:00+08:00", "tsp",
     {"appointments code=A|post=responsible_person|from_on=2024-01-01"},
     ORG, "met", ""},
    /* he left yesterday */
    {"T1.responsible-person", "2026-11-23T10:00:00+08:00", "tsp",
     {"appointments code=A|post=responsible_person|from_on=2024-01-01|to_on=2026-11-22"},
     ORG, "open", ""},
    /* a bureau is not bound */
    {"T1.responsible-person", "2026-11-23T10:00:00+08:00", "bureau",
     {NULL},
     ORG, NULL, ""},
    {"T1.department", "2026-11-23T10:00:00+08:00", "tsp",
     {"departments code=D|function=cybersecurity"},
     ORG, "met", ""},
    {"T1.coordination", "2026-11-23T10:00:00+08:00", "tsp",
     {"departments code=A|function=cybersecurity",
      "departments code=B|function=it",
      "departments code=C|function=rnd",
      "departments code=D|function=compliance"},
     ORG, "met", ""},
    /* a maker has production as well */
    {"T1.coordination", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"departments code=A|function=cybersecurity",
      "departments code=B|function=it",
      "departments code=C|function=rnd",
      "departments code=D|function=compliance"},
     ORG, "open", ""},
    {"T1.policies", "2026-11-23T10:00:00+08:00", "tsp",
     {"policies code=P|area=response|approved_on=2025-01-01|effective_on=2025-02-01"},
     ORG "/response", "met", ""},
    {"T1.policies", "2026-11-23T10:00:00+08:00", "tsp",
     {"policies code=P|area=response|approved_on=2025-01-01|effective_on=2025-02-01|"
      "repealed_on=2026-11-23"},
     ORG "/response", "open", ""},
    /* a year after a leap day */
    {"T1.policy-review", "2026-11-23T10:00:00+08:00", "tsp",
     {"policies code=P|area=data|approved_on=2024-02-29|effective_on=2024-03-01"},
     "P", "overdue", "2025-02-28"},
    /* 38 days are left: more than 30 */
    {"T1.policy-review", "2026-11-23T10:00:00+08:00", "tsp",
     {"policies code=P|area=data|approved_on=2024-02-29|effective_on=2024-03-01|"
      "reviewed_on=2025-12-31"},
     "P", "met", "2026-12-31"},
    /* 30 days are left */
    {"T1.policy-review", "2026-12-01T00:00:00+08:00", "tsp",
     {"policies code=P|area=data|approved_on=2024-02-29|effective_on=2024-03-01|"
      "reviewed_on=2025-12-31"},
     "P", "due_soon", "2026-12-31"},
    {"T1.data-posts", "2026-11-23T10:00:00+08:00", "tsp",
     {"data_assets code=X|level=important"},
     ORG "/data_direct_responsible", "open", ""},
    /* no important data, no such post */
    {"T1.data-posts", "2026-11-23T10:00:00+08:00", "tsp",
     {"data_assets code=X|level=general"},
     ORG "/data_direct_responsible", NULL, ""},
    {"T1.pledge", "2026-11-23T10:00:00+08:00", "tsp",
     {"data_assets code=X|level=core",
      "appointments code=A|post=data_handling|from_on=2026-11-01|"
      "pledge_signed_on=2026-11-02"},
     "A", "met", "2026-11-01"},
    /* last year does not count */
    {"T1.resources", "2026-11-23T10:00:00+08:00", "tsp",
     {"resources code=R|year=2025"},
     ORG, "open", "2026-12-31"},
    {"T1.resources", "2026-11-23T10:00:00+08:00", "tsp",
     {"resources code=R|year=2026"},
     ORG, "met", "2026-12-31"},
    {"T2.sessions", "2026-11-23T10:00:00+08:00", "bureau",
     {"briefings code=B|held_on=2026-11-23"},
     ORG, "met", ""},
    {"T2.sessions", "2026-11-23T10:00:00+08:00", "bureau",
     {NULL},
     ORG, "open", ""},
    /* none of thirty */
    {"T2.companies", "2026-11-23T10:00:00+08:00", "bureau",
     {"briefings code=B|held_on=2026-05-01"},
     ORG, "open", ""},
    /* 30 days from 1 January: 31 January */
    {"T3.grade", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S"},
     "S", "overdue", "2024-01-31"},
    /* 16 days of December, 14 of January */
    {"T3.file", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S|level=2",
      "gradings code=G|system=S|decided_on=2025-12-15"},
     "S", "overdue", "2026-01-14"},
    /* 28 days to the leap day, 2 of March; the last second */
    {"T3.file", "2024-03-02T23:59:59+08:00", "tsp",
     {"systems code=S|level=2",
      "gradings code=G|system=S|decided_on=2024-02-01"},
     "S", "due_soon", "2024-03-02"},
    {"T3.file", "2024-03-03T00:00:00+08:00", "tsp",
     {"systems code=S|level=2",
      "gradings code=G|system=S|decided_on=2024-02-01"},
     "S", "overdue", "2024-03-02"},
    {"T3.file", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S|level=2",
      "gradings code=G|system=S|decided_on=2026-11-01",
      "filings code=F|system=S|kind=new",
      "@filings F submitted bureau 2026-11-02T00:30:00+08:00"},
     "S", "met", "2026-12-01"},
    {"T3.number", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S|level=2",
      "filings code=F|system=S|kind=new",
      "@filings F passed none 2026-11-02T00:30:00+08:00 N-1"},
     "S", "met", ""},
    {"T3.number", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S|level=2",
      "filings code=F|system=S|kind=new",
      "@filings F submitted bureau 2026-11-02T00:30:00+08:00"},
     "S", "open", ""},
    /* the 30 days of November */
    {"T3.change", "2026-11-23T10:00:00+08:00", "tsp",
     {"filings code=F|system=S|kind=change|changed_on=2026-10-31",
      "@filings F changing company -"},
     "F", "due_soon", "2026-11-30"},
    /* late, but done */
    {"T3.change", "2026-11-23T10:00:00+08:00", "tsp",
     {"filings code=F|system=S|kind=change|changed_on=2026-10-01",
      "@filings F submitted bureau 2026-11-20T09:00:00+08:00"},
     "F", "met", "2026-10-31"},
    {"T3.correction", "2026-11-23T10:00:00+08:00", "tsp",
     {"filings code=F|system=S|kind=new",
      "@filings F needs_correction company 2026-11-02T00:30:00+08:00"},
     "F", "open", ""},
    {"T4.checklist", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S|level=1",
      "control_results code=C|system=S|item=M1.1|result=met"},
     "S", "open", ""},
    {"T4.plan-of-action", "2026-11-23T10:00:00+08:00", "tsp",
     {"control_results code=C|system=S|item=A5|result=unmet|planned_on=2026-11-22"},
     "C", "overdue", "2026-11-22"},
    {"T4.plan-of-action", "2026-11-23T10:00:00+08:00", "tsp",
     {"control_results code=C|system=S|item=A5|result=met"},
     "C", NULL, ""},
    /* the oldest counts */
    {"T4.evidence.level3", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S|level=3",
      "control_results code=C|system=S|item=A5|result=met|checked_on=2025-11-22",
      "control_results code=E|system=S|item=A4|result=met|checked_on=2026-11-01"},
     "S", "overdue", "2026-11-22"},
    {"T4.evidence.level2", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S|level=2",
      "control_results code=C|system=S|item=A5|result=met|checked_on=2025-11-22"},
     "S", "met", "2027-11-22"},
    {"T5.conformity.level3", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S|level=3|filing_number=N|filed_on=2025-11-23"},
     "S", "due_soon", "2026-11-23"},
    {"T5.conformity.level3", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S|level=3|filing_number=N|filed_on=2024-01-01",
      "assessments code=A|system=S|kind=conformity|started_on=2026-01-01|"
      "finished_on=2026-02-28"},
     "S", "met", "2027-02-28"},
    /* no level 3, no such duty */
    {"T5.conformity.level3", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S|level=2|filing_number=N|filed_on=2024-01-01"},
     "S", NULL, ""},
    /* the other kind does not count */
    {"T5.risk.level3", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S|level=4|filing_number=N|filed_on=2024-02-29",
      "assessments code=A|system=S|kind=conformity|finished_on=2026-02-28"},
     "S", "overdue", "2025-02-28"},
    {"T5.conformity.level2", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S|level=2|filing_number=N|filed_on=2024-02-29"},
     "S", "overdue", "2026-02-28"},
    {"T5.risk.level2", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S|level=2|filing_number=N|filed_on=2024-02-29",
      "assessments code=A|system=S|kind=risk|started_on=2024-12-01|finished_on=2024-12-31"},
     "S", "met", "2026-12-31"},
    {"T5.risk.level2", "2026-12-01T08:00:00+08:00", "tsp",
     {"systems code=S|level=2|filing_number=N|filed_on=2024-02-29",
      "assessments code=A|system=S|kind=risk|started_on=2024-12-01|finished_on=2024-12-31"},
     "S", "due_soon", "2026-12-31"},
    /* 15 days of November, 31, 31 (77), 13 of February */
    {"T5.level-change", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S|level=3",
      "gradings code=G|system=S|i=2|v=2|r=2|level=2|decided_on=2025-01-01",
      "gradings code=H|system=S|i=3|v=3|r=3|level=3|decided_on=2025-11-15"},
     "S", "overdue", "2026-02-13"},
    {"T5.level-change", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S|level=2",
      "gradings code=G|system=S|i=2|v=2|r=2|level=2|decided_on=2025-01-01"},
     "S", NULL, ""},
    /* 7 days of October, 23 of November */
    {"T5.report.conformity", "2026-11-23T10:00:00+08:00", "tsp",
     {"assessments code=A|system=S|kind=conformity|finished_on=2026-10-24"},
     "A", "due_soon", "2026-11-23"},
    {"T5.report.risk", "2026-11-23T10:00:00+08:00", "tsp",
     {"assessments code=A|system=S|kind=risk|finished_on=2026-10-23"},
     "A", "overdue", "2026-11-22"},
    {"T5.findings", "2026-11-23T10:00:00+08:00", "tsp",
     {"findings code=F|assessment=A|system=S|due_on=2026-11-20|rectified_on=2026-11-21"},
     "F", "met", "2026-11-20"},
    {"T6.register-sold", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"vehicles vin=1M8GDM9AXKP042788|sold_on=2026-01-01",
      "cards iccid=89860100123456789015|vin=1M8GDM9AXKP042788|state=awaiting"},
     ORG, "overdue", "2026-01-01"},
    {"T6.optout-letter", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"cards iccid=89860100123456789015|vin=1M8GDM9AXKP042788|state=opted_out",
      "optouts code=L|iccid=89860100123456789015|letter_no=7|signed_on=2026-01-01"},
     "89860100123456789015", "met", ""},
    {"T6.optout-letter", "2026-11-23T10:00:00+08:00", "carrier",
     {"cards iccid=89860100123456789015|vin=1M8GDM9AXKP042788|state=opted_out"},
     "89860100123456789015", "open", ""},
    /* a map service is not bound by task 6 */
    {"T6.optout-letter", "2026-11-23T10:00:00+08:00", "map",
     {"cards iccid=89860100123456789015|vin=1M8GDM9AXKP042788|state=opted_out"},
     "89860100123456789015", NULL, ""},
    {"T6.optout-cut", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"optouts code=L|iccid=89860100123456789015|letter_no=7|signed_on=2026-01-01"},
     "L", "open", ""},
    {"T6.rebind", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"card_changes code=H|kind=transfer|iccid=89860100123456789015|"
      "requested_on=2026-01-01|unbound_on=2026-01-02|registered_on=2026-01-03"},
     "H", "met", ""},
    /* it starts tomorrow */
    {"T7.source", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S|level=2|filing_number=N|filed_on=2026-01-01",
      "monitor_sources code=M|kind=cloud|system=S|started_on=2026-11-24"},
     "S", "open", ""},
    {"T7.source", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S|level=2|filing_number=N|filed_on=2026-01-01",
      "monitor_sources code=M|kind=cloud|system=S|started_on=2026-11-23"},
     "S", "met", ""},
    /* a sensor that is declared and sends nothing */
    {"T7.source", "2026-11-23T10:00:00+08:00", "tsp",
     {"systems code=S|level=2|filing_number=N|filed_on=2026-01-01",
      "monitor_sources code=M|kind=sensor|sensor=s1|system=S|started_on=2026-01-01"},
     "S", "open", ""},
    {"T7.scope", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"monitor_sources code=M|scope=vehicles;production_line|started_on=2026-01-01"},
     ORG "/production_line", "met", ""},
    /* no maker, no production line */
    {"T7.scope", "2026-11-23T10:00:00+08:00", "tsp",
     {NULL},
     ORG "/production_line", NULL, ""},
    {"T7.logs", "2026-11-23T10:00:00+08:00", "tsp",
     {"monitor_sources code=M|log_months=5"},
     "M", "open", ""},
    {"T7.logs", "2026-11-23T10:00:00+08:00", "tsp",
     {"monitor_sources code=M|log_months=6"},
     "M", "met", ""},
    {"T7.risk-report", "2026-11-23T10:00:00+08:00", "tsp",
     {"risk_reports code=R|found_at=2026-11-01T10:00:00+08:00"},
     "R", "open", ""},
    {"T8.procedure", "2026-11-23T10:00:00+08:00", "terminal_maker",
     {"policies code=P|area=vulnerability|effective_on=2025-02-01"},
     ORG "/vulnerability", "met", ""},
    /* task 8 binds makers alone */
    {"T8.procedure", "2026-11-23T10:00:00+08:00", "tsp",
     {NULL},
     ORG "/vulnerability", NULL, ""},
    /* 27 February and two days, in a leap year */
    {"T8.report", "2024-02-29T23:59:59+08:00", "vehicle_maker",
     {"vulnerabilities code=V|known_at=2024-02-27T23:30:00+08:00"},
     "V", "due_soon", "2024-02-29"},
    {"T8.report", "2024-03-01T00:00:00+08:00", "vehicle_maker",
     {"vulnerabilities code=V|known_at=2024-02-27T23:30:00+08:00"},
     "V", "overdue", "2024-02-29"},
    /* 16:30 UTC of 31 December is 1 January in Beijing */
    {"T8.report", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"vulnerabilities code=V|known_at=2025-12-31T16:30:00Z|"
      "reported_at=2026-01-02T09:00:00+08:00"},
     "V", "met", "2026-01-03"},
    {"T8.upstream", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"vulnerabilities code=V|known_at=2026-01-01T09:00:00+08:00|upstream=供应商"},
     "V", "open", ""},
    {"T8.users", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"vulnerabilities code=V|known_at=2026-01-01T09:00:00+08:00|fixed_in=2|"
      "fixed_on=2026-01-09",
      "user_notices code=U|kind=vulnerability|vulnerability=V|sent_on=2026-01-10"},
     "V", "met", ""},
    /* a false alarm is not reported */
    {"T8.report", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"vulnerabilities code=V|known_at=2026-01-01T09:00:00+08:00",
      "@vulnerabilities V false_alarm none -"},
     "V", NULL, ""},
    {"T9.test-and-file", "2026-11-23T10:00:00+08:00", "tsp",
     {"releases code=R|version=2|tested_on=2026-01-01|filed_on=2026-01-02"},
     "R", "met", ""},
    {"T9.test-and-file", "2026-11-23T10:00:00+08:00", "tsp",
     {"releases code=R|version=2|planned_on=2026-11-01|tested_on=|filed_on=",
      "release_filings code=F|release=R|tested_on=2026-10-01",
      "@release_filings F reported bureau 2026-10-02T10:00:00+08:00"},
     "R", "met", "2026-11-01"},
    {"T9.test-and-file", "2026-11-23T10:00:00+08:00", "tsp",
     {"releases code=R|version=2|planned_on=2026-12-01",
      "release_filings code=F|release=R|tested_on=2026-10-01",
      "@release_filings F testing company -"},
     "R", "due_soon", "2026-12-01"},
    /* 1 to 7 October off; 30, 29, 28 (3); 25 to 27 off; 24, 23 (5) */
    {"T9.samr", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"releases code=R|version=2|has_ota=yes|planned_on=2026-10-08"},
     "R", "overdue", "2026-09-23"},
    /* from Friday 4 December: 3, 2, 1, 30, 27 */
    {"T9.samr", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"releases code=R|version=2|has_ota=yes|planned_on=2026-12-04",
      "release_filings code=F|release=R|samr_on=2026-11-20"},
     "R", "met", "2026-11-27"},
    {"T9.samr", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"releases code=R|version=2|has_ota=no|planned_on=2026-10-08"},
     "R", NULL, ""},
    /* the day before */
    {"T9.miit", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"releases code=R|version=2|has_ota=yes|planned_on=2026-12-01"},
     "R", "due_soon", "2026-11-30"},
    {"T9.miit-change", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"releases code=R|version=2|class=parameters|planned_on=2026-12-01",
      "release_filings code=F|release=R|miit_change_no=C1"},
     "R", "met", "2026-11-30"},
    {"T9.notice", "2026-11-23T10:00:00+08:00", "tsp",
     {"threat_notices code=T|due_on=2026-11-22",
      "@threat_notices T rectifying company 2026-11-01T09:00:00+08:00"},
     "T", "overdue", "2026-11-22"},
    {"T9.policies", "2026-11-23T10:00:00+08:00", "tsp",
     {"policies code=P|area=ota|effective_on=2025-02-01"},
     ORG "/ota", "met", ""},
    {"T9.notice", "2026-11-23T10:00:00+08:00", "tsp",
     {"threat_notices code=T|due_on=2026-11-22",
      "@threat_notices T revoked none 2026-11-01T09:00:00+08:00"},
     "T", NULL, ""},
    /* not verified: off until somebody confirms it */
    {"T9.lead-time", "2026-11-23T10:00:00+08:00", "tsp",
     {"releases code=R|version=2|planned_on=2026-12-04|filed_on="},
     "R", NULL, ""},
    {"T10.matrix", "2026-11-23T10:00:00+08:00", "tsp",
     {"lifecycle code=collect|stage=collect|level=general|procedure=规程",
      "lifecycle code=store|stage=store|level=general|procedure=规程",
      "lifecycle code=use|stage=use|level=general|procedure=规程",
      "lifecycle code=process|stage=process|level=general|procedure=规程",
      "lifecycle code=transmit|stage=transmit|level=general|procedure=规程",
      "lifecycle code=provide|stage=provide|level=general|procedure=规程",
      "lifecycle code=publish|stage=publish|level=general|procedure=规程"},
     ORG "/general", "met", ""},
    {"T10.matrix", "2026-11-23T10:00:00+08:00", "tsp",
     {"lifecycle code=collect|stage=collect|level=general|procedure=规程",
      "lifecycle code=store|stage=store|level=general|procedure=规程",
      "lifecycle code=use|stage=use|level=general|procedure=规程",
      "lifecycle code=process|stage=process|level=general|procedure=规程",
      "lifecycle code=transmit|stage=transmit|level=general|procedure=规程",
      "lifecycle code=provide|stage=provide|level=general|procedure=规程"},
     ORG "/general", "open", ""},
    {"T10.policy", "2026-11-23T10:00:00+08:00", "tsp",
     {"policies code=P|area=data|effective_on=2025-02-01"},
     ORG "/data", "met", ""},
    {"T11.inventory", "2026-11-23T10:00:00+08:00", "tsp",
     {"inventory_runs code=I|year=2026|started_on=2026-11-01|finished_on=2026-11-23"},
     ORG, "met", "2026-12-31"},
    /* a new year, a new run */
    {"T11.inventory", "2027-01-01T00:00:00+08:00", "tsp",
     {"inventory_runs code=I|year=2026|started_on=2026-11-01|finished_on=2026-11-23"},
     ORG, "open", "2027-12-31"},
    {"T11.personal-marked", "2026-11-23T10:00:00+08:00", "tsp",
     {"data_assets code=X|is_personal=yes"},
     ORG, "met", ""},
    {"T11.catalogue", "2026-11-23T10:00:00+08:00", "tsp",
     {"data_assets code=X|level=important"},
     ORG, "open", ""},
    {"T11.catalogue", "2026-11-23T10:00:00+08:00", "tsp",
     {"data_assets code=X|level=general"},
     ORG, NULL, ""},
    /* three months on there is no 30 February */
    {"T11.change", "2024-02-29T12:00:00+08:00", "tsp",
     {"important_data code=I|changed_on=2023-11-30"},
     "I", "due_soon", "2024-02-29"},
    {"T11.change", "2026-11-23T10:00:00+08:00", "tsp",
     {"important_data code=I|changed_on=2026-08-01",
      "@important_data I submitted bureau 2026-08-31T23:00:00+08:00"},
     "I", "met", "2026-11-01"},
    /* Fri 18 Sep; Sun 20 worked (1), 21 to 24 (5), 25 to 27 off, 28 to 30 (8), 1 to 7 off, 8, 9
     * (10), Sat 10 worked (11), 12 to 15 (15) */
    /* Fri 18 Sep; Sun 20 worked (1), 21 to 24 (5), 25 to 27 off, 28 to 30 (8), 1 to 7 off, 8, 9
     * (10) */
    {"T10.deletion", "2026-10-09T10:00:00+08:00", "tsp",
     {"deletion_requests code=Q|requested_on=2026-09-18|is_sensitive=yes|deleted_on="},
     "Q", "due_soon", "2026-10-09"},
    {"T10.deletion", "2026-10-10T00:00:00+08:00", "tsp",
     {"deletion_requests code=Q|requested_on=2026-09-18|is_sensitive=no|deleted_on="},
     "Q", NULL, ""},
    /* 1000 rows to 1300: 30 %; the run ended on 30 Nov 2025, and February ends on the 28th */
    {"T11.growth", "2026-02-27T10:00:00+08:00", "tsp",
     {RUNS("1764468000000000"), OBJECT, COLUMN("5"), COUNTS("1000", "1300")},
     "C1", "due_soon", "2026-02-28"},
    /* 29.9 % */
    {"T11.growth", "2026-02-27T10:00:00+08:00", "tsp",
     {RUNS("1764468000000000"), OBJECT, COLUMN("5"), COUNTS("1000", "1299")},
     "C1", NULL, ""},
    /* 30 % less */
    {"T11.growth", "2026-03-01T10:00:00+08:00", "tsp",
     {RUNS("1764468000000000"), OBJECT, COLUMN("5"), COUNTS("1000", "700")},
     "C1", "overdue", "2026-02-28"},
    /* general data are not in the catalogue */
    {"T11.growth", "2026-02-27T10:00:00+08:00", "tsp",
     {RUNS("1764468000000000"), OBJECT, COLUMN("4"), COUNTS("1000", "1300")},
     "C1", NULL, ""},
    /* what a rule about the whole raised is important too */
    {"T11.growth", "2026-02-27T10:00:00+08:00", "tsp",
     {RUNS("1764468000000000"), OBJECT, PERSONS, COUNTS("1000", "1300")},
     "A5.2", "due_soon", "2026-02-28"},
    /* a run over another source says nothing of this one: neither hides growth nor makes it gone */
    {"T11.growth", "2026-02-27T10:00:00+08:00", "tsp",
     {RUNS("1764468000000000"), OBJECT, COLUMN("5"), COUNTS("1000", "1300"), OTHER_SOURCE},
     "C1", "due_soon", "2026-02-28"},
    {"T11.growth", "2026-02-27T10:00:00+08:00", "tsp",
     {RUNS("1764468000000000"), OBJECT, COLUMN("5"), COUNTS("1000", "1000"), OTHER_SOURCE},
     "C1", NULL, ""},
    /* what could not be read has not shrunk */
    {"T11.growth", "2026-02-27T10:00:00+08:00", "tsp",
     {RUNS("1764468000000000"), OBJECT, COLUMN("5"), COUNTS("1000", "0"), UNREAD},
     "C1", NULL, ""},
    {"T11.growth", "2026-02-27T10:00:00+08:00", "tsp",
     {RUNS("1764468000000000"), OBJECT, COLUMN("5"), COUNTS("1000", "1300"), "important_data code=I",
      "@important_data I submitted bureau 2025-12-31T23:00:00+08:00"},
     "C1", "met", "2026-02-28"},
    {"T11.resubmit", "2026-11-23T10:00:00+08:00", "tsp",
     {"important_data code=I",
      "@important_data I refused company 2026-09-18T10:00:00+08:00"},
     "I", "overdue", "2026-10-15"},
    /* Mon 2 Nov; 3 to 6 (4), 9 to 13 (9), 16 to 20 (14), 23 to 27 (19), 30 (20) */
    {"T11.decide", "2026-11-23T10:00:00+08:00", "bureau",
     {"important_data code=I",
      "@important_data I submitted bureau 2026-11-02T10:00:00+08:00"},
     "case/1", "due_soon", "2026-11-30"},
    {"T11.annual", "2026-11-23T10:00:00+08:00", "tsp",
     {"data_assets code=X|level=important"},
     ORG, "due_soon", "2026-12-15"},
    {"T12.assessment", "2026-11-23T10:00:00+08:00", "tsp",
     {NULL},
     ORG, "overdue", "2026-09-30"},
    {"T12.assessment", "2026-09-30T23:59:59+08:00", "tsp",
     {NULL},
     ORG, "due_soon", "2026-09-30"},
    {"T12.assessment", "2026-11-23T10:00:00+08:00", "tsp",
     {"data_risk_assessments code=A|year=2026|issued_on=2026-09-01|submitted_on=2026-09-08"},
     ORG, "met", "2026-09-30"},
    /* ten working days lead into October: 30 September is earlier */
    {"T12.report", "2026-11-23T10:00:00+08:00", "tsp",
     {"data_risk_assessments code=A|year=2026|issued_on=2026-09-23"},
     "A", "overdue", "2026-09-30"},
    /* Thu 12 Feb; 13, Sat 14 worked (2), 15 to 23 off, 24 to 27 (6), Sat 28 worked (7), 2 to 4
     * March (10) */
    {"T12.report", "2026-11-23T10:00:00+08:00", "tsp",
     {"data_risk_assessments code=A|year=2026|issued_on=2026-02-12|submitted_on=2026-03-06"},
     "A", "met", "2026-03-04"},
    {"T12.valid", "2025-02-28T10:00:00+08:00", "tsp",
     {"data_risk_assessments code=A|year=2024|issued_on=2024-02-29"},
     ORG, "due_soon", "2025-02-28"},
    {"T12.risks", "2026-11-23T10:00:00+08:00", "tsp",
     {"risks code=K|due_on=2026-11-01"},
     "K", "overdue", "2026-11-01"},
    /* 32 days */
    {"T12.ministry", "2026-11-23T10:00:00+08:00", "bureau",
     {NULL},
     ORG, "open", "2026-12-25"},
    {"T13.contract", "2026-11-23T10:00:00+08:00", "tsp",
     {"partners code=P|contract_from=2025-01-01|contract_to=2026-11-30"},
     "P", "due_soon", "2026-11-30"},
    {"T13.evidence", "2026-11-23T10:00:00+08:00", "tsp",
     {"partners code=P|evidence_ref=E|evidence_to=2026-11-22"},
     "P", "overdue", "2026-11-22"},
    {"T13.capability", "2026-11-23T10:00:00+08:00", "tsp",
     {"partners code=P|data_level=important"},
     "P", "open", ""},
    {"T13.capability", "2026-11-23T10:00:00+08:00", "tsp",
     {"partners code=P|data_level=important",
      "capability_checks code=K|partner=P|checked_on=2026-01-01|result=passed"},
     "P", "met", ""},
    {"T13.clauses", "2026-11-23T10:00:00+08:00", "tsp",
     {"contracts code=C|has_data=yes|has_duties=yes|has_safeguards=yes|has_liability=no"},
     "C", "open", ""},
    /* 30 days */
    {"T13.evidence-valid", "2026-11-23T10:00:00+08:00", "tsp",
     {"partner_evidence code=E|partner=P|valid_to=2026-12-23"},
     "E", "due_soon", "2026-12-23"},
    /* back from Fri 19 March 2027, by the week alone: 18 to 1 March (14), February (34), January
     * (55), 31 to 28 December (59), 25 (60) */
    {"T13.export-renewal", "2026-11-23T10:00:00+08:00", "tsp",
     {"exports code=X|basis=assessment|valid_from=2024-03-20|valid_to=2027-03-19"},
     "X", "met", "2026-12-25"},
    {"T14.drill", "2026-11-23T10:00:00+08:00", "tsp",
     {"drills code=D|held_on=2025-12-31"},
     ORG, "open", "2026-12-31"},
    {"T14.drill", "2026-11-23T10:00:00+08:00", "tsp",
     {"drills code=D|held_on=2026-01-01"},
     ORG, "met", "2026-12-31"},
    {"T14.plan", "2026-11-23T10:00:00+08:00", "tsp",
     {"emergency_plans code=P|approved_on=2025-01-01|data_level=general"},
     ORG "/general", "met", ""},
    {"T14.plan", "2026-11-23T10:00:00+08:00", "tsp",
     {"emergency_plans code=P|approved_on=2025-01-01|data_level=general",
      "data_assets code=X|level=core"},
     ORG "/core", "open", ""},
    {"T14.incident.at-once", "2024-02-28T21:30:01+08:00", "tsp",
     {"incidents code=I|found_at=2024-02-28T21:30:00+08:00|grade_214=3"},
     "I", "overdue", "2024-02-28T21:30:00+08:00"},
    /* ordinary incidents are not reported at once */
    {"T14.incident.at-once", "2026-11-23T10:00:00+08:00", "tsp",
     {"incidents code=I|found_at=2024-02-28T21:30:00+08:00|grade_214=4"},
     "I", NULL, ""},
    /* four hours, over midnight into the leap day */
    {"T14.incident.national", "2024-02-29T01:30:00+08:00", "tsp",
     {"incidents code=I|found_at=2024-02-28T21:30:00+08:00|grade_national=3|is_cii=no"},
     "I", "due_soon", "2024-02-29T01:30:00+08:00"},
    {"T14.incident.national", "2024-02-29T01:30:01+08:00", "tsp",
     {"incidents code=I|found_at=2024-02-28T21:30:00+08:00|grade_national=3|is_cii=no"},
     "I", "overdue", "2024-02-29T01:30:00+08:00"},
    {"T14.incident.cii", "2024-02-28T22:30:00+08:00", "tsp",
     {"incidents code=I|found_at=2024-02-28T21:30:00+08:00|grade_national=2|is_cii=yes|"
      "first_reported_at=2024-02-28T22:00:00+08:00"},
     "I", "met", "2024-02-28T22:30:00+08:00"},
    /* Fri 27 Sep; Sun 29 worked (1), Mon 30 (2), 1 to 7 October off, 8 to 10 (5) */
    {"T14.incident.summary-214", "2026-11-23T10:00:00+08:00", "tsp",
     {"incidents code=I|found_at=2024-02-28T21:30:00+08:00|grade_214=2|ended_on=2024-09-27"},
     "I", "overdue", "2024-10-10"},
    /* 30 days of March */
    {"T14.incident.summary-national", "2024-03-30T10:00:00+08:00", "tsp",
     {"incidents code=I|found_at=2024-02-28T21:30:00+08:00|grade_national=3|"
      "ended_on=2024-02-29"},
     "I", "due_soon", "2024-03-30"},
    /* 24 to 27 (4), 30, 31 (6), 1 January off, 2, 3 (8), 6, 7 (10) */
    {"T14.incident.summary-281", "2026-11-23T10:00:00+08:00", "tsp",
     {"incidents code=I|found_at=2024-02-28T21:30:00+08:00|grade_281=4|ended_on=2024-12-23|"
      "summary_on=2025-01-07"},
     "I", "met", "2025-01-07"},
    {"T14.yearly", "2026-11-23T10:00:00+08:00", "tsp",
     {"data_assets code=X|level=core"},
     ORG, "open", "2026-12-31"},
    /* another version was assessed; the day before */
    {"T15.assess", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"models code=M|automation_level=2|version=2|factory_on=2026-11-24",
      "algorithm_assessments code=A|model=M|version=1|result=passed|assessed_on=2026-01-01"},
     "M", "due_soon", "2026-11-23"},
    {"T15.assess", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"models code=M|automation_level=2|version=2|factory_on=2026-11-24",
      "algorithm_assessments code=A|model=M|version=2|result=passed|assessed_on=2026-11-23"},
     "M", "met", "2026-11-23"},
    {"T15.assess", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"models code=M|automation_level=0|version=2|factory_on=2026-11-24"},
     "M", NULL, ""},
    {"T15.rules", "2026-11-23T10:00:00+08:00", "vehicle_maker",
     {"models code=M|automation_level=2|version=2",
      "algorithm_rules code=R|kind=emergency|effective_on=2026-01-01"},
     ORG "/emergency", "met", ""},
    {"T16.posts", "2026-11-23T10:00:00+08:00", "tsp",
     {"appointments code=A|post=cdo|from_on=2024-01-01"},
     ORG "/cdo", "met", ""},
    {"T16.posts", "2026-11-23T10:00:00+08:00", "tsp",
     {"appointments code=A|post=cdo|from_on=2024-01-01"},
     ORG "/data_engineer", "open", ""},
    {"T16.trained", "2026-11-23T10:00:00+08:00", "tsp",
     {"appointments code=A|post=data_handling|person=P|from_on=2024-01-01",
      "trainings code=T|person=P|completed_on=2026-03-01",
      "exams code=E|person=P|taken_on=2026-03-02|score=90|is_passed=yes"},
     "A", "met", "2026-12-31"},
    /* 38 days */
    {"T16.trained", "2026-11-23T10:00:00+08:00", "tsp",
     {"appointments code=A|post=data_handling|person=P|from_on=2024-01-01",
      "trainings code=T|person=P|completed_on=2026-03-01",
      "exams code=E|person=P|taken_on=2025-03-02|score=90|is_passed=yes"},
     "A", "open", "2026-12-31"},
    {"T18.special", "2026-11-23T10:00:00+08:00", "ad_solution",
     {"models code=M|automation_level=3|version=1",
      "special_assessments code=S|model=M|assessed_on=2025-12-01|valid_to=2026-12-01"},
     "M", "due_soon", "2026-12-01"},
    {"T18.special", "2026-11-23T10:00:00+08:00", "ad_solution",
     {"models code=M|automation_level=2|version=1"},
     "M", NULL, ""},
};
/* clang-format on */

static void every_scene(void **state)
{
    const struct world *shared = *state; /* the packs are read once */
    for (size_t i = 0; i < ZJ_COUNT(scenes); i++) {
        struct world *w = zj_alloc(sizeof *w);
        make_store(w);
        w->plan = shared->plan;
        set_clock(w, "2024-01-01T09:00:00+08:00");
        put(w, zj_arena_printf(&w->job.arena, "organisations code=" ORG "|name=单位|kinds=%s",
                               scenes[i].kinds));
        play(w, &scenes[i]);
        zj_store_close(w->store);
        zj_job_release(&w->job);
        free(w);
    }
}

static int64_t number(struct world *w, const char *sql)
{
    int64_t n = 0;
    OK(w, zj_store_query_int(&w->job, w->store, sql, 0, &n));
    return n;
}

static const struct zj_jval *first_link(struct world *w, const struct zj_scope *scope,
                                        struct zj_jdoc **out_doc)
{
    const struct zj_plan_filter filter = {.rule = "T8.report", .limit = 1};
    struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    zj_jdoc_free(*out_doc);
    OK(w, zj_plan_duties(&w->job, w->plan, w->store, scope, &filter, &j, NULL));
    OK(w, zj_jdoc_parse(&w->job, zj_buf_all(&text), 1 << 20, out_doc));
    zj_buf_release(&text);
    const struct zj_jval *row = zj_jval_first(zj_jdoc_root(*out_doc));
    assert_non_null(row);
    return zj_jval_get(row, "link");
}

/* A bureau is not led to a form that the company has not handed in. */
static void a_link_leads_to_what_is_seen(void **state)
{
    struct world *w = *state;
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    enter(w, "vehicle_maker");
    const struct zj_scope company = {.org_id = w->org_id};
    put(w, "vulnerabilities code=V1|known_at=2024-01-01T08:00:00+08:00");
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, true));
    const struct zj_jval *link = first_link(w, &all, &doc);
    assert_string_equal(zj_jval_cstr(zj_jval_get(link, "register"), ""), "vulnerabilities");
    assert_int_equal(zj_jval_int(zj_jval_get(link, "id"), 0), 1);
    put_case(w, "@vulnerabilities V1 received company -");
    link = first_link(w, &company, &doc);
    assert_int_equal(zj_jval_int(zj_jval_get(link, "case"), 0), 1);
    assert_int_equal(zj_jval_type(first_link(w, &all, &doc)), ZJ_J_NULL);
    assert_int_equal(number(w, "SELECT sum(n) FROM case_cell"), 0);
    OK(w, zj_store_exec(&w->job, w->store, "UPDATE work_case SET submitted_at = 1"));
    assert_int_equal(number(w, "SELECT sum(n) FROM case_cell"), 1); /* open, and handed in */
    link = first_link(w, &all, &doc);
    assert_int_equal(zj_jval_int(zj_jval_get(link, "case"), 0), 1);
    OK(w, zj_store_exec(&w->job, w->store, "UPDATE work_case SET closed_at = 1"));
    assert_int_equal(number(w, "SELECT sum(n) FROM case_cell"), 0);
}

static void cells_are_counted_right(struct world *w)
{
    assert_int_equal(
        number(w, "SELECT count(*) FROM (SELECT org_id, task, sum(state = 'met') met,"
                  " sum(state = 'open' AND due <> '') open, sum(state = 'due_soon') due_soon,"
                  " sum(state = 'overdue') overdue, sum(state = 'open' AND due = '') undone"
                  " FROM duty GROUP BY org_id, task) d LEFT JOIN plan_cell c ON"
                  " c.org_id = d.org_id AND c.task = d.task WHERE c.met IS NOT d.met OR"
                  " c.open IS NOT d.open OR c.due_soon IS NOT d.due_soon OR"
                  " c.overdue IS NOT d.overdue OR c.undone IS NOT d.undone"),
        0);
    assert_int_equal(
        number(w, "SELECT (SELECT count(*) FROM duty WHERE state IN ('met', 'open', 'due_soon',"
                  " 'overdue')) - (SELECT sum(met + open + due_soon + overdue + undone) FROM"
                  " plan_cell)"),
        0);
    assert_int_equal(number(w, "SELECT (SELECT count(*) FROM gap WHERE state = 'open') -"
                               " (SELECT sum(gaps) FROM plan_cell)"),
                     0);
    assert_int_equal(number(w, "SELECT (SELECT count(*) FROM gap WHERE state = 'open' AND severity"
                               " = 'medium') - (SELECT sum(gaps_medium) FROM plan_cell)"),
                     0);
    assert_int_equal(number(w, "SELECT (SELECT count(*) FROM duty WHERE state ="
                               " 'not_applicable') - (SELECT sum(not_applicable) FROM plan_cell)"),
                     0);
}

/* "rule due state;" of what was overdue. */
static const char *past_of(struct world *w)
{
    const struct zj_plan_filter filter = {.state = "past", .sort = "duty"};
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0}, out = {0};
    struct zj_json j = zj_json_to(&text);
    OK(w, zj_plan_duties(&w->job, w->plan, w->store, &all, &filter, &j, NULL));
    OK(w, zj_jdoc_parse(&w->job, zj_buf_all(&text), 1 << 20, &doc));
    for (const struct zj_jval *d = zj_jval_first(zj_jdoc_root(doc)); d; d = zj_jval_next(d)) {
        const char *rule = zj_jval_cstr(zj_jval_get(d, "duty"), "");
        if (strncmp(rule, "T5.conf", 7) != 0 && strncmp(rule, "T3.g", 4) != 0)
            continue;
        assert_non_null(zj_jval_get(d, "ended_at"));
        zj_buf_printf(&out, "%s %s %s;", rule, zj_jval_cstr(zj_jval_get(d, "due"), ""),
                      zj_jval_cstr(zj_jval_get(d, "state"), ""));
    }
    return zj_arena_span(&w->job.arena, zj_buf_all(&out));
}

/* Entered on 1 Jan 2024: to be graded by 31 January, assessed by 1 Jan 2025. Graded and filed in
 * March 2025 both are in order, and both were late: that is kept. */
static void what_was_overdue_is_kept(void **state)
{
    struct world *w = *state;
    set_clock(w, "2024-01-01T09:00:00+08:00");
    enter(w, "vehicle_maker;tsp");
    set_clock(w, "2024-01-01T09:00:00+08:00");
    put(w, "systems code=S");
    put(w, "systems code=L|level=3");
    set_clock(w, "2025-03-01T09:00:00+08:00");
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, true));
    assert_string_equal(past_of(w), "");
    run_sql(w, "UPDATE reg_systems SET filed_on = '2025-03-01', filing_number = 'N', level = 3"
               " WHERE org_id = $1");
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, true));
    assert_string_equal(past_of(w),
                        "T3.grade 2024-01-31 late;T5.conformity.level3 2025-01-01 moved;");
    /* level 1 has no such period: a year on it is overdue again, and then gone */
    set_clock(w, "2026-03-02T09:00:00+08:00");
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, true));
    run_sql(w, "UPDATE reg_systems SET level = 1 WHERE org_id = $1 AND code = 'L'");
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, true));
    assert_string_equal(past_of(w), "T3.grade 2024-01-31 late;T5.conformity.level3 2025-01-01"
                                    " moved;T5.conformity.level3 2026-03-01 gone;");
    /* entered anew as it was: it is overdue, and no past */
    run_sql(w, "UPDATE reg_systems SET level = 3 WHERE org_id = $1 AND code = 'L'");
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, true));
    assert_string_equal(past_of(w),
                        "T3.grade 2024-01-31 late;T5.conformity.level3 2025-01-01 moved;");
}

static const char *state_in(const struct zj_jval *list, int task)
{
    for (const struct zj_jval *t = zj_jval_first(list); t; t = zj_jval_next(t))
        if (zj_jval_int(zj_jval_get(t, "task"), 0) == task)
            return zj_jval_cstr(zj_jval_get(t, "state"), "");
    return "";
}

/* The company's board and the bureaus' heat map say the same of each task: of 2 and 17 that no duty
 * binds the company, also while a case of it is open. */
static void board_and_heatmap_agree(void **state)
{
    static const struct zj_case_tasks cases[] = {{"pilots", 17}, {0}};
    const struct zj_heatmap_filter filter = {.limit = 10, .case_tasks = cases};
    struct world *w = *state;
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *board = NULL, *map = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    enter(w, "vehicle_maker;tsp");
    put(w, "systems code=S1|name=A|level=3");
    put(w, "pilots code=P");
    put_case(w, "@pilots P submitted bureau 2026-11-02T00:30:00+08:00");
    set_clock(w, "2027-01-01T09:00:00+08:00");
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, true));
    const struct zj_scope own = {.org_id = w->org_id};
    struct zj_json j = zj_json_to(&text);
    OK(w, zj_plan_board(&w->job, w->plan, w->store, &own, &j));
    OK(w, zj_jdoc_parse(&w->job, zj_buf_all(&text), 1 << 22, &board));
    text.len = 0;
    j = zj_json_to(&text);
    OK(w, zj_plan_heatmap(&w->job, w->plan, w->store, &filter, &j));
    OK(w, zj_jdoc_parse(&w->job, zj_buf_all(&text), 1 << 22, &map));
    const struct zj_jval *tasks = zj_jval_get(zj_jdoc_root(board), "tasks");
    const struct zj_jval *cells =
        zj_jval_get(zj_jval_first(zj_jval_get(zj_jdoc_root(map), "orgs")), "cells");
    for (int task = 1; task <= 18; task++)
        assert_string_equal(state_in(tasks, task), state_in(cells, task));
    assert_string_equal(state_in(tasks, 2), "none");
    assert_string_equal(state_in(tasks, 17), "none");
    assert_string_equal(state_in(tasks, 3), "bad"); /* S1 was to be filed within 30 days */
}

/* The counts of the heat map follow every change of what they count. */
static void cells_follow(void **state)
{
    struct world *w = *state;
    enter(w, "vehicle_maker;tsp");
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, true));
    cells_are_counted_right(w);
    put(w, "systems code=S1|name=A|level=3");
    put(w, "partners code=P1|name=B|country=CN|contract_to=2024-06-30");
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, false));
    cells_are_counted_right(w);
    const int64_t before = number(w, "SELECT sum(gaps_high) FROM plan_cell");
    OK(w, zj_store_exec(&w->job, w->store,
                        "INSERT INTO gap (rule, org_id, subject, task, severity, subject_kind,"
                        " why_en, why_zh, evidence, first_seen, last_seen, state, opened_at,"
                        " closed_at, pass) VALUES ('x', 1, 'S', 3, 'high', 'system', '', '', '[]',"
                        " 1, 1, 'open', 1, 0, 1)"));
    assert_int_equal(number(w, "SELECT sum(gaps_high) FROM plan_cell"), before + 1);
    cells_are_counted_right(w);
    set_clock(w, "2026-01-01T09:00:00+08:00");
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, false));
    cells_are_counted_right(w);
    OK(w, zj_store_exec(&w->job, w->store,
                        "UPDATE gap SET state = 'closed';"
                        " DELETE FROM duty WHERE id % 2 = 0"));
    cells_are_counted_right(w);
}

/* 第7项: what is declared is held against what is observed. */
static void a_sensor_counts_while_it_sends(void **state)
{
    struct world *w = *state;
    static const char met[] =
        "SELECT count(*) FROM duty WHERE rule = 'T7.source' AND state = 'met'";
    enter(w, "tsp");
    put(w, "systems code=S|level=2|filing_number=N|filed_on=2024-01-01");
    put(w, "monitor_sources code=M|kind=sensor|sensor=s1|system=S|started_on=2024-01-01");
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, true));
    assert_int_equal(number(w, met), 0);
    OK(w, zj_store_exec(
              &w->job, w->store,
              zj_arena_printf(&w->job.arena,
                              "INSERT INTO fact_sensor (org_id, fact_key, sensor, counter,"
                              " value, last_seen) VALUES (%lld, x'01', 's1', 'packets', 9,"
                              " %lld)",
                              (long long)w->org_id, (long long)(w->job.fixed_now_ns / 1000))));
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, true));
    assert_int_equal(number(w, met), 1);
    set_clock(w, "2024-01-03T09:00:00+08:00"); /* the day after tomorrow: nothing since */
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, false));
    assert_int_equal(number(w, met), 0);
}

static void every_rule_runs_and_has_a_scene(void **state)
{
    struct world *w = *state;
    struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, true));
    OK(w, zj_plan_rule_states(&w->job, w->plan, w->store, 0, false, &j));
    OK(w, zj_jdoc_parse(&w->job, zj_buf_all(&text), 1 << 20, &doc));
    int duties = 0;
    for (const struct zj_jval *r = zj_jval_first(zj_jdoc_root(doc)); r; r = zj_jval_next(r)) {
        const char *id = zj_arena_span(&w->job.arena, zj_jval_text(zj_jval_get(r, "id")));
        const bool is_off = zj_span_eq_str(zj_jval_text(zj_jval_get(r, "mark")), "unverified");
        if (!zj_span_eq_str(zj_jval_text(zj_jval_get(r, "state")), is_off ? "off" : "on"))
            fail_msg("%s: %s %s", id,
                     zj_arena_span(&w->job.arena, zj_jval_text(zj_jval_get(r, "state"))),
                     zj_arena_span(&w->job.arena, zj_jval_text(zj_jval_get(r, "note"))));
        if (!zj_span_eq_str(zj_jval_text(zj_jval_get(r, "kind")), "duty"))
            continue;
        size_t i = 0;
        while (i < ZJ_COUNT(scenes) && strcmp(scenes[i].rule, id) != 0)
            i++;
        if (i == ZJ_COUNT(scenes))
            fail_msg("no scene for %s", id);
        duties++;
    }
    assert_true(duties > 70);
    zj_buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_scene, make_world, end_world),
        cmocka_unit_test_setup_teardown(a_link_leads_to_what_is_seen, make_world, end_world),
        cmocka_unit_test_setup_teardown(what_was_overdue_is_kept, make_world, end_world),
        cmocka_unit_test_setup_teardown(board_and_heatmap_agree, make_world, end_world),
        cmocka_unit_test_setup_teardown(cells_follow, make_world, end_world),
        cmocka_unit_test_setup_teardown(a_sensor_counts_while_it_sends, make_world, end_world),
        cmocka_unit_test_setup_teardown(every_rule_runs_and_has_a_scene, make_world, end_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
