/* What cases of each type change beside their state, and when their clocks run out. Deadlines are
 * counted by hand on a calendar; the day everything starts is Monday 2026-03-02, 10:00 in Beijing. */
#include "work_desk.h"

#include <sys/stat.h>
#include <unistd.h>

#include "work/rules.h"

static const char card_old[] = "89860000000000000019", card_new[] = "89860000000000000027";
static const char vin[] = "LZJTEST06S0000001";

/* The clock of that key: its deadline as it is shown, "met" behind it where it is met. */
static const char *clock_of(struct office *o, int64_t id, const char *key)
{
    struct zj_stmt *stmt;
    bool has_row;
    char text[ZJ_TIME_TEXT];
    must(o, zj_store_prepare(&o->job, o->store,
                             "SELECT due_at, met_at FROM work_clock WHERE case_id = $1 AND key = $2"
                             " ORDER BY id DESC LIMIT 1",
                             &stmt));
    zj_stmt_bind_int(stmt, 1, id);
    zj_stmt_bind_str(stmt, 2, key);
    must(o, zj_stmt_step(&o->job, stmt, &has_row));
    zj_time_format(zj_stmt_int(stmt, 0) * 1000, text);
    const char *shown = has_row ? zj_arena_printf(&o->job.arena, "%.16s%s", text,
                                                  zj_stmt_int(stmt, 1) ? " met" : "")
                                : "none";
    zj_stmt_release(stmt);
    return shown;
}

/* What waits for somebody; the list of it has as many rows as the groups count. */
static const char *todo_of(struct office *o, int org)
{
    const struct zj_work_filter mine = {.mine = "todo"};
    struct zj_buf list = {0};
    struct zj_json j = zj_json_to(&list);
    must(o, zj_work_list(at_desk(o, org), &mine, &j));
    o->text.len = 0;
    j = zj_json_to(&o->text);
    must(o, zj_work_todo(at_desk(o, org), &j));
    const bool is_asked = strstr(zj_buf_cstr(&o->text), "\"kind\":\"clock\"") != NULL;
    if (is_asked)
        assert_non_null(strstr(zj_buf_cstr(&list), "\"total\":1"));
    zj_buf_release(&list);
    return zj_buf_cstr(&o->text);
}

static void must_refuse(struct office *o, int org, int64_t id, const char *action, const char *text)
{
    const char *before = state_of(o, id);
    const zj_err err = act(o, org, id, action, "because", NULL, text);
    if (err != ZJ_EREFUSED)
        fail_msg("%s: %s", action, zj_err_info(err)->name);
    assert_string_equal(state_of(o, id), before);
}

/* Where the last refusal says that it is mended. */
static void links_to(struct office *o, const char *reg, const char *key, const char *field,
                     bool is_new)
{
    const struct zj_work_link *link = &o->desk.link;
    assert_non_null(link->reg);
    assert_string_equal(link->reg->name, reg);
    assert_string_equal(link->key ? link->key : "", key ? key : "");
    assert_string_equal(link->field ? link->field : "", field ? field : "");
    assert_int_equal(link->is_new, is_new);
    assert_int_equal(link->row_id != 0, key != NULL);
}

static int64_t attach(struct office *o, int org, int64_t id)
{
    char sha[65];
    must(o, zj_work_file_add(at_desk(o, org), id, "", "paper.pdf", ZJ_SPAN_LIT("paper"), sha));
    return id;
}

static void opt_out_needs_letter_and_cut(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    struct zj_buf row = {0};
    zj_buf_printf(&row, "iccid=%s\nvin=%s\nstate=awaiting\ncarrier=telecom", card_old, vin);
    const int64_t card = put_row(o, "cards", o->orgs[MAKER], zj_buf_cstr(&row));
    row.len = 0;
    zj_buf_printf(&row, "iccid=%s\nvin=%s", card_old, vin);
    const int64_t id = open_case(o, MAKER, "optout", zj_buf_cstr(&row));
    must_refuse(o, MAKER, id, "sign", "letter_no=L1\nsigned_on=2026-03-01"); /* no letter */
    attach(o, MAKER, id);
    must_act(o, MAKER, id, "sign", "letter_no=L1\nsigned_on=2026-03-01");
    must_refuse(o, MAKER, id, "cut", "profile=full");
    must_act(o, MAKER, id, "cut", "profile=life_safety");
    must_refuse(o, MAKER, id, "confirm", NULL); /* nobody has confirmed */
    assert_string_equal(cell(o, "cards", card, "state"), "awaiting");
    must_act(o, MAKER, id, "confirm", "cut_confirmed_on=2026-03-02");
    assert_string_equal(cell(o, "cards", card, "state"), "opted_out");
    struct zj_json j = zj_json_to(&o->text);
    assert_int_equal(zj_work_get(at_desk(o, BCA), id, &j), ZJ_ENOTFOUND); /* rates only */
    must_act(o, MAKER, id, "resume", NULL);
    assert_string_equal(cell(o, "cards", card, "state"), "awaiting");
    chain_fits(o);
    zj_buf_release(&row);
    close_office(o);
}

static void a_replacement_keeps_the_vehicle(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    struct zj_buf row = {0};
    zj_buf_printf(&row, "iccid=%s\nvin=%s\nstate=awaiting\ncarrier=telecom", card_old, vin);
    const int64_t old = put_row(o, "cards", o->orgs[MAKER], zj_buf_cstr(&row));
    row.len = 0;
    zj_buf_printf(&row, "iccid=%s\nstate=stock\ncarrier=telecom", card_new);
    const int64_t fresh = put_row(o, "cards", o->orgs[MAKER], zj_buf_cstr(&row));
    row.len = 0;
    zj_buf_printf(&row, "code=B1\niccid=%s\nvin=%s\nfrom_on=2025-01-01", card_old, vin);
    const int64_t binding = put_row(o, "bindings", o->orgs[MAKER], zj_buf_cstr(&row));
    row.len = 0;
    zj_buf_printf(&row, "kind=replacement\niccid=%s\nnew_iccid=%s\nvin=%s\nrequested_on=2026-03-01",
                  card_old, card_new, vin);
    const int64_t id = open_case(o, MAKER, "card_change", zj_buf_cstr(&row));
    must_refuse(o, MAKER, id, "end", NULL); /* that is for scrapping */
    must_act(o, MAKER, id, "unbind", "unbound_on=2026-03-01");
    must_act(o, MAKER, id, "register", "registered_on=2026-03-02");
    assert_string_equal(cell(o, "cards", old, "state"), "scrapped");
    assert_string_equal(cell(o, "cards", fresh, "vin"), vin);
    assert_string_equal(cell(o, "bindings", binding, "to_on"), "2026-03-02");
    int64_t bound = 0;
    must(o, zj_store_query_int(&o->job, o->store,
                               "SELECT count(*) FROM reg_bindings WHERE iccid ="
                               " '89860000000000000027' AND from_on = '2026-03-02'",
                               0, &bound));
    assert_int_equal(bound, 1);
    zj_buf_release(&row);
    close_office(o);
}

static void a_transfer_frees_the_old_owner(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    struct zj_buf row = {0};
    zj_buf_printf(&row,
                  "iccid=%s\nvin=%s\nstate=registered\ncarrier=telecom\nregistered_on=2025-01-01\n"
                  "owner_kind=person\nowner_name=张三\nowner_id_kind=passport\n"
                  "owner_id_number=E12345678",
                  card_old, vin);
    const int64_t card = put_row(o, "cards", o->orgs[MAKER], zj_buf_cstr(&row));
    row.len = 0;
    zj_buf_printf(&row, "kind=transfer\niccid=%s\nrequested_on=2026-03-01", card_old);
    const int64_t id = open_case(o, MAKER, "card_change", zj_buf_cstr(&row));
    must_act(o, MAKER, id, "unbind", "unbound_on=2026-03-01");
    assert_string_equal(cell(o, "cards", card, "state"), "awaiting");
    assert_string_equal(cell(o, "cards", card, "owner_name"), "");
    must_refuse(o, MAKER, id, "register", "registered_on=2026-03-02"); /* whose is it now? */
    zj_buf_release(&row);
    close_office(o);
}

static void a_vulnerability_has_two_days(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    const int64_t id = open_case(o, MAKER, "vulnerability",
                                 "code=V1\ntitle=weak password\nproduct=P1\n"
                                 "known_at=2026-02-27T23:30:00+08:00\nupstream=ACME");
    assert_string_equal(clock_of(o, id, "D09"), "2026-03-01T23:59"); /* 27 February + 2 days */
    must_act(o, MAKER, id, "verify", NULL);
    assert_string_equal(clock_of(o, id, "D10"), "none");
    must_act(o, MAKER, id, "confirm", "severity=high\nscope=all of 2024\nis_danger=yes");
    assert_string_equal(clock_of(o, id, "D10"), "2026-02-28T23:30"); /* 24 hours from 23:30 */
    must_act(o, MAKER, id, "report", "reported_at=2026-03-02T10:00:00+08:00");
    assert_string_equal(clock_of(o, id, "D09"), "2026-03-01T23:59 met");
    must_act(o, MAKER, id, "fix", NULL);
    must_act(o, MAKER, id, "release_fix", "fixed_in=1.0.1\nfixed_on=2026-03-02");
    must_refuse(o, MAKER, id, "publish", NULL); /* no advisory with a fix */
    put_row(o, "advisories", o->orgs[MAKER],
            "code=A1\nvulnerability=V1\npublished_on=2026-03-02\ntext=t\nfix=update");
    must_act(o, MAKER, id, "publish", NULL);
    must_refuse(o, MAKER, id, "tell_users", NULL);
    put_row(o, "user_notices", o->orgs[MAKER],
            "code=N1\nkind=vulnerability\nvulnerability=V1\nchannel=app\nsent_on=2026-03-02");
    must_act(o, MAKER, id, "tell_users", NULL);
    must_refuse(o, MAKER, id, "close", NULL); /* ACME does not know */
    must(o, act(o, MAKER, id, "return", "upstream", "fixed", NULL));
    must_act(o, MAKER, id, "tell_upstream", "upstream_told_on=2026-03-02");
    must_act(o, MAKER, id, "tell_users", NULL);
    must_act(o, MAKER, id, "close", NULL);
    chain_fits(o);
    close_office(o);
}

/* 214 annex: 1 million persons is III, 10 million II; loss 50 million yuan III. 281 §3: 1 million III.
 * National annex: 10 million persons II; loss 20 million yuan II; of CII an outage of an hour II. */
static void grades_follow_from_numbers(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    const int64_t id =
        open_case(o, MAKER, "incident",
                  "title=leak\ncategory=leak\nfound_at=2026-03-02T09:30:00+08:00\n"
                  "persons=1000000\nloss_yuan=20000000\noutage_minutes=60");
    const struct zj_jval *proposed = zj_jval_get(page(o, MAKER, id), "proposed");
    assert_int_equal(zj_jval_int(zj_jval_get(proposed, "grade_214"), 0), 3);
    assert_int_equal(zj_jval_int(zj_jval_get(proposed, "grade_281"), 0), 3);
    assert_int_equal(zj_jval_int(zj_jval_get(proposed, "grade_national"), 0), 2);
    assert_int_equal(act(o, MAKER, id, "grade", NULL, NULL, "grade_214=4"), ZJ_EREFUSED);
    assert_int_equal(act(o, MAKER, id, "grade", NULL, NULL, "persons=999999\nloss_yuan=0"), ZJ_OK);
    assert_string_equal(cell(o, "incidents", 1, "grade_214"), "4"); /* below all bounds */
    assert_string_equal(cell(o, "incidents", 1, "grade_281"), "4");
    assert_int_equal(act(o, MAKER, id, "grade", NULL, NULL, "persons=10000000"), ZJ_EREFUSED);
    must_act(o, MAKER, id, "grade", "persons=10000000\ngrade_214=3"); /* with a reason */
    assert_string_equal(cell(o, "incidents", 1, "grade_214"), "3");
    close_office(o);
}

static void an_incident_has_three_clocks(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    const int64_t id = open_case(o, MAKER, "incident",
                                 "title=leak\ncategory=leak\nfound_at=2026-03-02T09:30:00+08:00");
    must_refuse(o, MAKER, id, "grade", NULL);
    must_act(o, MAKER, id, "grade", "grade_214=2\ngrade_281=4\ngrade_national=3");
    assert_string_equal(clock_of(o, id, "D21"), "2026-03-02T10:02"); /* at once */
    assert_string_equal(clock_of(o, id, "D23"), "2026-03-02T13:30"); /* 4 hours from 09:30 */
    assert_string_equal(clock_of(o, id, "D24"), "none");
    assert_true(zj_jval_bool(
        zj_jval_get(zj_jval_get(page(o, MAKER, id), "case"), "is_overdue"), false) == false);
    must_refuse(o, MAKER, id, "close_ordinary", NULL);
    must_act(o, MAKER, id, "report", "scope=one system\nmeasures=cut off");
    assert_string_equal(clock_of(o, id, "D23"), "2026-03-02T13:30 met");
    assert_true(cell(o, "incidents", 1, "first_reported_at")[0]);
    must_act(o, MAKER, id, "respond", NULL);
    must_act(o, MAKER, id, "end", "ended_on=2026-03-03\ncause=bug");
    o->job.fixed_now_ns = zj_time_of_beijing(2026, 3, 4, 10, 0, 0) * ZJ_NS_PER_S;
    /* from Tuesday 3 March: 5 working days end on Tuesday the 10th, 10 on the 17th, 30 days on
     * 2 April */
    assert_string_equal(clock_of(o, id, "D22"), "2026-03-10T23:59");
    assert_string_equal(clock_of(o, id, "D26"), "2026-03-17T23:59");
    assert_string_equal(clock_of(o, id, "D25"), "2026-04-02T23:59");
    must_act(o, MAKER, id, "summarise", NULL);
    must_act(o, BCA, id, "close", NULL);
    chain_fits(o);
    close_office(o);
}

static void critical_infrastructure_has_one_hour(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    const int64_t id = open_case(o, MAKER, "incident",
                                 "title=outage\ncategory=outage\nis_cii=yes\n"
                                 "found_at=2026-03-02T09:30:00+08:00");
    must_act(o, MAKER, id, "grade", "grade_national=1");
    assert_string_equal(clock_of(o, id, "D24"), "2026-03-02T10:30");
    assert_string_equal(clock_of(o, id, "D23"), "none");
    close_office(o);
}

static void a_catalogue_is_decided_in_working_days(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    o->job.fixed_now_ns = zj_time_of_beijing(2026, 2, 9, 10, 0, 0) * ZJ_NS_PER_S; /* a Monday */
    const int64_t id = open_case(
        o, MAKER, "important_data",
        "title=charging\nsource=own\ncategory=operation\nlevel=important\nrecords=5\n"
        "carrier=db\npurpose=p\nused_in=u\nresponsible=r\nsharing=none\nexport=none\nsafeguards=s");
    must_act(o, MAKER, id, "submit", NULL);
    /* 2026-02-15 to 23 are days off, 14 and 28 February are worked: the 20th working day after
     * 9 February is 10, 11, 12, 13, 14 | 24, 25, 26, 27, 28 | 2 … 6 March | 9 … 13 March */
    assert_string_equal(clock_of(o, id, "D13"), "2026-03-13T23:59");
    must_act(o, BCA, id, "refuse", "opinion=no");
    assert_true(strstr(clock_of(o, id, "D13"), "met") != NULL);
    /* 15 working days: to 14 February 5, to 28 February 10, to 6 March 15 */
    assert_string_equal(clock_of(o, id, "D14"), "2026-03-06T23:59");
    must_refuse(o, MAKER, id, "resubmit", NULL); /* as it was */
    const struct zj_work_field records = {"records", ZJ_SPAN_LIT("6")};
    must(o, zj_work_edit(at_desk(o, MAKER), id, 0, &records, 1));
    must_act(o, MAKER, id, "resubmit", NULL);
    must_act(o, BCA, id, "file", "opinion=yes");
    assert_string_equal(cell(o, "important_data", 1, "number"), "ML2026-000001");
    must_act(o, MAKER, id, "change", "changed_on=2026-02-09");
    assert_string_equal(clock_of(o, id, "D15"), "2026-05-09T23:59");
    close_office(o);
}

static void a_notice_is_answered_and_checked(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    struct zj_json j = zj_json_to(&o->text);
    int64_t none = 0;
    const struct zj_work_field title = {"title", ZJ_SPAN_LIT("t")};
    const struct zj_work_new about = {.type = "threat_notice", .org_id = o->orgs[ASSESSOR],
                                      .fields = &title, .field_count = 1};
    assert_int_equal(zj_work_open(at_desk(o, BCA), &about, &none), ZJ_EUSAGE);
    const int64_t id = open_case(o, BCA, "threat_notice",
                                 "title=open login\nseverity=high\ndetail=d\nfound_on=2026-02-20\n"
                                 "due_on=2026-03-10");
    assert_int_equal(zj_work_get(at_desk(o, MAKER), id, &j), ZJ_ENOTFOUND); /* a draft */
    must_act(o, BCA, id, "notify", NULL);
    assert_string_equal(clock_of(o, id, "T9-rectify"), "2026-03-10T23:59");
    assert_int_equal(act(o, MAKER, id, "recheck_pass", NULL, NULL, NULL), ZJ_EFORBIDDEN);
    must_act(o, MAKER, id, "receive", NULL);
    must_act(o, MAKER, id, "rectify", NULL);
    const struct zj_work_field number = {"code", ZJ_SPAN_LIT("TN-MINE")};
    assert_int_equal(zj_work_edit(at_desk(o, MAKER), id, 0, &number, 1), ZJ_EREFUSED);
    assert_int_equal(act(o, MAKER, id, "return", "back", "received", NULL), ZJ_ECONFLICT);
    must_refuse(o, BCA, id, "supervise", NULL); /* not late yet */
    page(o, BCA, id);
    assert_non_null(strstr(zj_buf_cstr(&o->text), "\"blocked\":\"the period is not over yet\""));
    must_refuse(o, MAKER, id, "reply", NULL);
    must_act(o, MAKER, id, "reply", "reply=done\nreplied_on=2026-03-02");
    must_act(o, BCA, id, "recheck_fail", "due_on=2026-03-12");
    assert_string_equal(cell(o, "threat_notices", 1, "recheck"), "failed");
    assert_string_equal(clock_of(o, id, "T9-rectify"), "2026-03-12T23:59");
    must_refuse(o, BCA, id, "extend", "due_on=2026-03-12"); /* the date it has */
    assert_non_null(strstr(o->job.message, "2026-03-12"));
    must_refuse(o, BCA, id, "extend", NULL);
    must_act(o, BCA, id, "extend", "due_on=2026-03-14");
    must_act(o, BCA, id, "extend", "due_on=2026-03-12");
    o->job.fixed_now_ns = zj_time_of_beijing(2026, 3, 13, 10, 0, 0) * ZJ_NS_PER_S;
    assert_true(zj_jval_bool(
        zj_jval_get(zj_jval_get(page(o, MAKER, id), "case"), "is_overdue"), false));
    must_act(o, BEIT, id, "supervise", NULL);
    assert_null(strstr(todo_of(o, BCA), "答复申诉"));
    must_act(o, MAKER, id, "appeal", NULL); /* pauses nothing */
    assert_non_null(strstr(todo_of(o, BCA), "\"waits_for\":{\"key\":\"D30\",\"zh\":\"答复申诉\""));
    assert_null(strstr(todo_of(o, MAKER), "答复申诉"));
    assert_string_equal(clock_of(o, id, "T9-rectify"), "2026-03-12T23:59");
    must_act(o, BCA, id, "uphold", NULL);
    assert_null(strstr(todo_of(o, BCA), "答复申诉"));
    must_act(o, MAKER, id, "reply", NULL);
    must_act(o, BCA, id, "recheck_pass", NULL);
    assert_string_equal(cell(o, "threat_notices", 1, "recheck"), "passed");
    chain_fits(o);
    close_office(o);
}

static void a_release_has_the_filings_of_its_class(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    const int64_t release = put_row(o, "releases", o->orgs[MAKER],
                                    "code=R1\nproduct=TBOX\nkind=ota\nversion=2.0");
    const int64_t id =
        open_case(o, MAKER, "release_filing", "release=R1\nclass=parameters\nplanned_on=2026-03-20");
    must_act(o, MAKER, id, "test", NULL);
    must_act(o, MAKER, id, "pass_test", "test_report=T1\ntested_by=self\ntested_on=2026-03-01");
    must_refuse(o, MAKER, id, "report", NULL); /* without the report */
    attach(o, MAKER, id);
    must_act(o, MAKER, id, "report", NULL);
    /* five working days before Friday 20 March */
    assert_string_equal(clock_of(o, id, "D11"), "2026-03-13T23:59");
    must_act(o, BCA, id, "receipt", NULL);
    assert_string_equal(cell(o, "releases", release, "filing_number"), "BB2026-000001");
    assert_string_equal(cell(o, "releases", release, "filed_on"), "2026-03-02");
    must_refuse(o, MAKER, id, "clear", "miit_capability_no=1\nmiit_model_no=2\nmiit_activity_no=3\n"
                                       "samr_on=2026-03-02");
    must_act(o, MAKER, id, "clear", "miit_capability_no=1\nmiit_model_no=2\nmiit_activity_no=3\n"
                                    "miit_change_no=4\nsamr_on=2026-03-02");
    must_act(o, MAKER, id, "release", NULL);
    must_act(o, MAKER, id, "finish", NULL);
    chain_fits(o);
    close_office(o);
}

static void an_app_needs_the_report_alone(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    put_row(o, "releases", o->orgs[MAKER], "code=R2\nproduct=APP\nkind=app\nversion=2.0");
    const int64_t id =
        open_case(o, MAKER, "release_filing", "release=R2\nclass=none\nplanned_on=2026-03-20");
    attach(o, MAKER, id);
    must_act(o, MAKER, id, "test", NULL);
    must_act(o, MAKER, id, "pass_test", "test_report=T1\ntested_by=self\ntested_on=2026-03-01");
    must_act(o, MAKER, id, "report", NULL);
    must_act(o, BCA, id, "receipt", NULL);
    must_act(o, MAKER, id, "clear", NULL);
    assert_string_equal(clock_of(o, id, "D11"), "none");
    close_office(o);
}

/* 第5项 rests on 第4项: the items that are not met become the assessment's findings, each once. */
static void unmet_items_become_findings(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    static const char *const results[] = {"M2.1\nresult=met", "M2.2\nresult=partly",
                                          "M4.3\nresult=unmet\nevidence=nobody named"};
    const int64_t id = open_case(o, MAKER, "assessment", "code=AS1\nsystem=S\nkind=conformity\nby=self");
    for (int i = 0; i < 3; i++)
        put_row(o, "control_results", o->orgs[MAKER],
                zj_arena_printf(&o->job.arena,
                                "code=CR%d\nsystem=S\ncatalogue=vehicle-platform\nassessment=AS1\n"
                                "item=%s",
                                i, results[i]));
    const struct zj_jval *counts = zj_jval_get(page(o, MAKER, id), "counts");
    assert_int_equal(zj_jval_int(zj_jval_get(counts, "met"), -1), 1);
    assert_int_equal(zj_jval_int(zj_jval_get(counts, "unmet"), -1), 1);
    assert_int_equal(zj_jval_int(zj_jval_get(counts, "na"), -1), 0);
    must_act(o, MAKER, id, "start", "started_on=2026-02-01");
    must_act(o, MAKER, id, "take_findings", NULL);
    assert_string_equal(cell(o, "findings", 1, "item"), "M2.2");
    assert_string_equal(cell(o, "findings", 2, "description"), "nobody named");
    must_refuse(o, MAKER, id, "take_findings", NULL); /* they are there */
    close_office(o);
}

static void findings_become_orders(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    const int64_t id = open_case(o, MAKER, "assessment", "code=AS1\nsystem=S\nkind=conformity\nby=self");
    put_row(o, "findings", o->orgs[MAKER],
            "code=F1\nassessment=AS1\nsystem=S\nseverity=high\ndescription=no admin");
    put_row(o, "findings", o->orgs[MAKER],
            "code=F2\nassessment=AS1\nsystem=S\nseverity=low\ndescription=done\n"
            "rectified_on=2026-03-01");
    must_act(o, MAKER, id, "start", "started_on=2026-02-01");
    must_act(o, MAKER, id, "finish", "finished_on=2026-02-28\nresult=basically\nreport=PC-1");
    assert_string_equal(clock_of(o, id, "D07"), "2026-03-30T23:59"); /* 28 February + 30 days */
    assert_string_equal(clock_of(o, id, "D08"), "none");
    must_act(o, MAKER, id, "report", NULL);
    must_refuse(o, BCA, id, "close", NULL);
    must_act(o, BCA, id, "order", NULL);
    int64_t order = 0, count = 0;
    must(o, zj_store_query_int(&o->job, o->store,
                               "SELECT id FROM work_case WHERE type = 'rectification'", 0, &order));
    must(o, zj_store_query_int(&o->job, o->store,
                               "SELECT count(*) FROM work_case WHERE type = 'rectification'", 0,
                               &count));
    assert_int_equal(count, 1); /* the other finding is rectified */
    must_act(o, MAKER, order, "plan", "plan=appoint\ndue_on=2026-03-20");
    assert_string_equal(clock_of(o, order, "T5-rectify"), "2026-03-20T23:59");
    must_refuse(o, MAKER, order, "verify_self", "rectified_on=2026-03-02"); /* a bureau ordered it */
    must_refuse(o, MAKER, id, "rectified", NULL);
    must_act(o, MAKER, order, "reply", "rectified_on=2026-03-02");
    must_act(o, BCA, order, "verify", NULL);
    must_act(o, MAKER, id, "rectified", NULL);
    must_act(o, BCA, id, "close", NULL);
    chain_fits(o);
    close_office(o);
}

static void important_data_waits_for_the_check(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    put_row(o, "partners", o->orgs[MAKER], "code=PT\nname=map\ncountry=CN");
    put_row(o, "contracts", o->orgs[MAKER],
            "code=CT\npartner=PT\ntitle=c\nsigned_on=2026-01-01\nhas_data=yes\nhas_duties=yes\n"
            "has_safeguards=yes\nhas_liability=no");
    put_row(o, "contracts", o->orgs[MAKER],
            "code=CT2\npartner=PT\ntitle=c\nsigned_on=2026-01-01\nhas_data=yes\nhas_duties=yes\n"
            "has_safeguards=yes\nhas_liability=yes");
    const int64_t id = open_case(o, MAKER, "share",
                                 "partner=PT\ndata_level=important\nscale=s\npurpose=p\nmanner=m\n"
                                 "safeguards=g");
    must_act(o, MAKER, id, "verify", NULL);
    must_refuse(o, MAKER, id, "contract", "contract=CT"); /* a clause is missing: which, of which */
    assert_string_equal(o->job.message, "contract CT lacks: States liability");
    links_to(o, "contracts", "CT", "has_liability", false);
    must_act(o, MAKER, id, "contract", "contract=CT2");
    must_refuse(o, MAKER, id, "activate", NULL);
    links_to(o, "partner_evidence", NULL, NULL, true);
    assert_string_equal(o->desk.link.with[0].field, "partner");
    assert_string_equal(o->desk.link.with[0].value, "PT");
    put_row(o, "partner_evidence", o->orgs[MAKER],
            "code=E1\npartner=PT\nkind=report\nissued_by=x\nvalid_to=2026-06-30\n"
            "verified_on=2026-02-01");
    must_refuse(o, MAKER, id, "activate", NULL); /* evidence, but no check of the capability */
    put_row(o, "capability_checks", o->orgs[MAKER],
            "code=K1\npartner=PT\nchecked_on=2026-02-02\nresult=passed");
    must_act(o, MAKER, id, "activate", NULL);
    must_refuse(o, MAKER, id, "lapse", NULL);
    o->job.fixed_now_ns = zj_time_of_beijing(2026, 7, 1, 10, 0, 0) * ZJ_NS_PER_S;
    int64_t moved = 0;
    must(o, zj_work_tick(&o->job, o->store, o->work, &moved));
    assert_int_equal(moved, 1);
    assert_string_equal(state_of(o, id), "review");
    must(o, zj_work_tick(&o->job, o->store, o->work, &moved));
    assert_int_equal(moved, 0);
    must_refuse(o, MAKER, id, "activate", NULL);
    close_office(o);
}

static void a_risk_report_is_valid_for_a_year(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    const int64_t id = open_case(
        o, MAKER, "data_risk",
        "year=2026\nby=self\nscope=s\nlawfulness=y\nrules=y\norganisation=y\ncapability=y\nstaff=y\n"
        "impact=y\nreceivers=y\nexport=y\nteam=four\nstarted_on=2026-01-05");
    assert_string_equal(clock_of(o, id, "D17"), "2026-09-30T23:59");
    must_act(o, MAKER, id, "issue", "issued_on=2026-02-27\nreport=R\nconclusion=c");
    assert_string_equal(cell(o, "data_risk_assessments", 1, "valid_to"), "2027-02-26");
    /* from Friday 27 February: Saturday the 28th is worked, then 2 … 6 and 9 … 12 March */
    assert_string_equal(clock_of(o, id, "D16"), "2026-03-12T23:59");
    must_act(o, MAKER, id, "report", NULL);
    must_act(o, BCA, id, "approve", "opinion=ok");
    must_refuse(o, MAKER, id, "expire", NULL);
    o->job.fixed_now_ns = zj_time_of_beijing(2027, 2, 28, 10, 0, 0) * ZJ_NS_PER_S;
    must_act(o, MAKER, id, "expire", NULL);
    close_office(o);
}

static void progress_cites_facts(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    struct zj_buf row = {0};
    const int64_t id = open_case(o, BCA, "progress", "code=P1\ntitle=half year\nas_of=2026-02-28");
    must_act(o, BCA, id, "start", NULL);
    must_refuse(o, BCA, id, "conclude", NULL);
    links_to(o, "progress_marks", NULL, NULL, true);
    page(o, BCA, id); /* and before it is tried */
    assert_non_null(strstr(zj_buf_cstr(&o->text),
                           "\"blocked_link\":{\"register\":\"progress_marks\",\"org\":"
                           "\"11110000000000001R\",\"id\":null,\"key\":null,\"field\":null,"
                           "\"is_new\":true,\"with\":{\"round\":\"P1\"}}"));
    zj_buf_printf(&row, "code=M1\nround=P1\norganisation=%s\nkind=praise\nreason=filed\nfacts=D03",
                  cell(o, "organisations", o->orgs[MAKER], "code"));
    put_row(o, "progress_marks", o->orgs[BCA], zj_buf_cstr(&row));
    must_act(o, BCA, id, "conclude", NULL);
    must_act(o, BEIT, id, "publish", NULL);
    int64_t told = 0;
    must(o, zj_store_query_int(&o->job, o->store,
                               "SELECT count(*) FROM work_notice WHERE kind = 'publish'", 0, &told));
    assert_int_equal(told, 1);
    o->text.len = 0;
    struct zj_json j = zj_json_to(&o->text);
    must(o, zj_work_todo(at_desk(o, MAKER), &j));
    assert_non_null(strstr(zj_buf_cstr(&o->text), "\"kind\":\"notice\""));
    zj_buf_release(&row);
    close_office(o);
}

static void an_algorithm_needs_its_rules(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    static const char *const kinds[] = {"permission", "emergency", "intervention"};
    const int64_t id = open_case(o, MAKER, "algorithm", "model=M1\nversion=1.0");
    must_act(o, MAKER, id, "assess", NULL);
    must_refuse(o, MAKER, id, "pass", "result=passed");
    must_act(o, MAKER, id, "pass",
             "robustness=r\ncontrollability=c\nexplainability=e\nattacks=poisoning\nthresholds=t\n"
             "result=passed\nassessed_on=2026-03-01\nreport=R");
    must_refuse(o, MAKER, id, "clear", NULL);
    for (size_t i = 0; i < ZJ_COUNT(kinds); i++)
        put_row(o, "algorithm_rules", o->orgs[MAKER],
                zj_arena_printf(&o->job.arena, "code=AR%zu\nkind=%s\ntitle=t", i, kinds[i]));
    must_act(o, MAKER, id, "clear", NULL);
    must_act(o, MAKER, id, "new_version", "version=1.1");
    assert_string_equal(state_of(o, id), "assessing");
    close_office(o);
}

/* A third party works on the assessment that it was given, before anything is handed in; the company
 * reads what it says. */
static void an_assessor_sees_what_he_was_given(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    struct zj_json j = zj_json_to(&o->text);
    const int64_t id =
        open_case(o, MAKER, "assessment", "code=AS1\nsystem=S\nkind=risk\nby=third_party");
    const int64_t other = open_case(o, MAKER, "filing", "system=S\nkind=new");
    assert_int_equal(zj_work_get(at_desk(o, ASSESSOR), id, &j), ZJ_ENOTFOUND);
    assert_int_equal(act(o, MAKER, other, "invite", NULL, "assessor", NULL), ZJ_ECONFLICT);
    must(o, act(o, MAKER, id, "invite", NULL, "assessor", NULL));
    assert_string_equal(
        zj_jval_cstr(zj_jval_get(zj_jval_get(page(o, ASSESSOR, id), "fields"), "code"), ""), "AS1");
    attach(o, ASSESSOR, id);
    must_act(o, ASSESSOR, id, "opine", NULL);
    assert_int_equal(act(o, ASSESSOR, id, "start", NULL, NULL, NULL), ZJ_EFORBIDDEN);
    assert_int_equal(zj_work_edit(at_desk(o, ASSESSOR), id, 0, NULL, 0), ZJ_ECONFLICT);
    o->text.len = 0;
    j = zj_json_to(&o->text);
    must(o, zj_work_files(at_desk(o, MAKER), id, &j));
    assert_non_null(strstr(zj_buf_cstr(&o->text), "\"side\":\"assessor\""));
    o->text.len = 0;
    j = zj_json_to(&o->text);
    must(o, zj_work_list(at_desk(o, ASSESSOR), &(struct zj_work_filter){0}, &j));
    assert_non_null(strstr(zj_buf_cstr(&o->text), "\"total\":1"));
    assert_int_equal(zj_work_get(at_desk(o, BCA), id, &j), ZJ_ENOTFOUND);
    chain_fits(o);
    close_office(o);
}

/* A pack that says nonsense is not loaded, and the message names the place. */
static void wrong_packs_are_refused(void **state)
{
    (void)state;
    static const char head[] = "clocks:\n  - key: X\n    zh: x\n    en: x\n    source: x\n"
                               "    mark: sure\n";
    static const struct {
        const char *rest, *says; /* NULL: it is right */
    } cases[] = {
        {"    case: filing\n    starts: change\n    meets: submit\n    amount: 3\n    unit: days\n",
         NULL},
        {"    case: nothing\n    starts: change\n    meets: submit\n    amount: 3\n    unit: days\n",
         "no case type"},
        {"    case: filing\n    starts: jump\n    meets: submit\n    amount: 3\n    unit: days\n",
         "no action 'jump'"},
        {"    case: filing\n    starts: change\n    meets: submit\n    amount: 3\n    unit: weeks\n",
         "unit is"},
        {"    case: filing\n    starts: change\n    meets: submit\n    amount: x\n    unit: days\n",
         "amount is"},
        {"    case: filing\n    starts: change\n    meets: submit\n    unit: fixed\n"
         "    fixed: 13-40\n",
         "amount is"},
        {"    case: filing\n    starts: change\n    meets: submit\n    amount: 3\n    unit: days\n"
         "    from: birthday\n",
         "no field 'birthday'"},
        {"    case: filing\n    starts: change\n    meets: submit\n    amount: 3\n    unit: days\n"
         "    when: {colour: red}\n",
         "no field 'colour'"},
    };
    char dir[] = "/tmp/zhuji-packs-XXXXXX";
    assert_non_null(mkdtemp(dir));
    static const char *const folders[] = {"clocks", "numbers", "bureaus",
                                          "needs",  "grades",  "calendars"};
    struct zj_job job;
    zj_job_init(&job);
    for (size_t i = 0; i < ZJ_COUNT(folders); i++)
        assert_int_equal(mkdir(zj_arena_printf(&job.arena, "%s/%s", dir, folders[i]), 0700), 0);
    const char *path = zj_arena_printf(&job.arena, "%s/clocks/x.yaml", dir);
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct zj_work *work = NULL;
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fprintf(file, "%s%s", head, cases[i].rest);
        fclose(file);
        zj_job_clear(&job);
        const zj_err err = zj_work_load(&job, dir, &work);
        if (cases[i].says && (err != ZJ_EPACK || !strstr(job.message, cases[i].says)))
            fail_msg("pack %zu: %s: %s", i, zj_err_info(err)->name, job.message);
        if (!cases[i].says && err)
            fail_msg("pack %zu: %s", i, job.message);
        zj_work_free(work);
    }
    unlink(path);
    for (size_t i = 0; i < ZJ_COUNT(folders); i++)
        rmdir(zj_arena_printf(&job.arena, "%s/%s", dir, folders[i]));
    rmdir(dir);
    zj_job_release(&job);
}

static void what_is_not_verified_does_not_run(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    const int64_t id = open_case(o, BCA, "threat_notice",
                                 "title=t\nseverity=high\ndetail=d\ndue_on=2026-03-10");
    must_act(o, BCA, id, "notify", NULL);
    assert_non_null(zj_clock_rule_find(o->work, "threat_notice", "D30-appeal"));
    assert_string_equal(clock_of(o, id, "D30-appeal"), "none");
    /* shown as to be confirmed; vouched for, it runs with the next notice: 2 March is a Monday, 3 to 6
     * (4), 9 to 13 (9), 16 (10) */
    page(o, BCA, id);
    assert_non_null(strstr(zj_buf_cstr(&o->text), "\"unverified\":[{\"id\":\"clock.threat_notice"
                                                  ".D30-appeal\""));
    assert_non_null(strstr(zj_buf_cstr(&o->text), "\"state\":\"off\""));
    assert_int_equal(zj_work_confirm(&o->job, o->store, o->work, "clock.threat_notice.D30", true),
                     ZJ_EUSAGE);
    zj_job_clear(&o->job);
    assert_int_equal(zj_work_confirm(&o->job, o->store, o->work, "clock.x.D30", true),
                     ZJ_ENOTFOUND);
    zj_job_clear(&o->job);
    must(o, zj_work_confirm(&o->job, o->store, o->work, "clock.threat_notice.D30-appeal", true));
    const int64_t next = open_case(o, BCA, "threat_notice",
                                   "title=u\nseverity=high\ndetail=d\ndue_on=2026-03-20");
    must_act(o, BCA, next, "notify", NULL);
    assert_string_equal(clock_of(o, next, "D30-appeal"), "2026-03-16T23:59");
    page(o, BCA, id);
    assert_non_null(strstr(zj_buf_cstr(&o->text), "\"state\":\"on\""));
    must(o, zj_work_confirm(&o->job, o->store, o->work, "clock.threat_notice.D30-appeal", false));
    chain_fits(o);
    close_office(o);
}

static void numbers_follow_their_pattern(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        int year;
        int64_t n;
        const char *want;
    } cases[] = {
        {"DJ{year}-{n:6}", 2026, 7, "DJ2026-000007"},
        {"{n}", 2026, 1234567, "1234567"},
        {"{n:3}/{year}", 2027, 12345, "12345/2027"}, /* it grows past its width */
        {"京{n:4}号", 2026, 1, "京0001号"},
        {"{x}{n:2", 2026, 1, "{x}{n:2"},
    };
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct zj_buf out = {0};
        zj_number_format(cases[i].pattern, cases[i].year, cases[i].n, &out);
        assert_string_equal(zj_buf_cstr(&out), cases[i].want);
        zj_buf_release(&out);
    }
}

/* Through the register, a bureau does not read what lies on a company's desk. */
static void drafts_stay_on_the_desk(void **state)
{
    (void)state;
    struct office *o = open_office(":memory:");
    const struct zj_register *reg = zj_register_find("risk_reports");
    const struct zj_scope bureau = {.org_id = o->orgs[BCA], .sees_all = true, .may_decide = true};
    const struct zj_query query = {.limit = 10};
    const int64_t id = open_case(o, MAKER, "risk_report",
                                 "code=RR1\ncategory=other\nfound_at=2026-03-01T09:30:00+08:00\n"
                                 "description=d\nscope=s\nmeasures=m");
    struct zj_json j = zj_json_to(&o->text);
    o->text.len = 0;
    must(o, zj_register_list(&o->job, o->store, &bureau, reg, &query, &j));
    assert_null(strstr(zj_buf_cstr(&o->text), "RR1"));
    int64_t live = -1; /* the count is that of the rows */
    must(o, zj_register_live(&o->job, o->store, &bureau, reg, &live));
    assert_int_equal(live, 0);
    bool may_go = true;
    must(o, zj_work_row_may_go(&o->job, o->store, "risk_reports", 1, &may_go));
    assert_false(may_go);
    assert_int_equal(zj_register_get(&o->job, o->store, &bureau, reg, 1, &j), ZJ_ENOTFOUND);
    zj_job_clear(&o->job);
    must_act(o, MAKER, id, "report", NULL);
    o->text.len = 0;
    j = zj_json_to(&o->text);
    must(o, zj_register_list(&o->job, o->store, &bureau, reg, &query, &j));
    assert_non_null(strstr(zj_buf_cstr(&o->text), "RR1"));
    must(o, zj_register_live(&o->job, o->store, &bureau, reg, &live));
    assert_int_equal(live, 1);
    bool is_free = true;
    must(o, zj_work_row_is_free(&o->job, o->store, "risk_reports", 1, &is_free));
    assert_false(is_free);
    close_office(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opt_out_needs_letter_and_cut),
        cmocka_unit_test(a_replacement_keeps_the_vehicle),
        cmocka_unit_test(a_transfer_frees_the_old_owner),
        cmocka_unit_test(a_vulnerability_has_two_days),
        cmocka_unit_test(grades_follow_from_numbers),
        cmocka_unit_test(an_incident_has_three_clocks),
        cmocka_unit_test(critical_infrastructure_has_one_hour),
        cmocka_unit_test(a_catalogue_is_decided_in_working_days),
        cmocka_unit_test(a_notice_is_answered_and_checked),
        cmocka_unit_test(a_release_has_the_filings_of_its_class),
        cmocka_unit_test(an_app_needs_the_report_alone),
        cmocka_unit_test(unmet_items_become_findings),
        cmocka_unit_test(findings_become_orders),
        cmocka_unit_test(important_data_waits_for_the_check),
        cmocka_unit_test(a_risk_report_is_valid_for_a_year),
        cmocka_unit_test(progress_cites_facts),
        cmocka_unit_test(an_algorithm_needs_its_rules),
        cmocka_unit_test(drafts_stay_on_the_desk),
        cmocka_unit_test(an_assessor_sees_what_he_was_given),
        cmocka_unit_test(wrong_packs_are_refused),
        cmocka_unit_test(what_is_not_verified_does_not_run),
        cmocka_unit_test(numbers_follow_their_pattern),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
