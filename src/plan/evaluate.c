/* Brings the tables gap and duty up to date.
 *
 * A rule is one SELECT that gives a row for each fact or declaration behind a subject. Rows of one
 * subject stand together and become one gap or duty. The store is locked only while differences are
 * written (found.c); what is no longer found is closed. After a change only the rules that read the
 * changed table run, and where the change names a subject, only for that subject. */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "plan/calendar.h"
#include "plan/due.h"
#include "plan/found.h"
#include "plan/methods.h"
#include "plan/reminders.h"
#include "plan/rules.h"
#include "plan/tables.h"
#include "plan/why.h"

enum { EVIDENCE_MAX = 20, SUBJECTS_MAX = 400, ORGS_MAX = 50 };

struct pass {
    struct zj_job *job;
    const struct zj_plan *plan;
    struct zj_store *store;
    int64_t number;
    int64_t now_ns, now_us;
    char today[ZJ_TIME_TEXT], digest[20]; /* of the packs */
    bool is_full, is_new_day, is_hour_due;
    struct zj_calendar *calendar;
    const bool *runs; /* rules, by their place in the plan */
};

/* One gap or duty while its rows are read. */
struct group {
    const struct zj_rule *rule;
    bool is_open; /* rows were read */
    int64_t org_id, first_seen, last_seen, from_at;
    bool is_met, is_done, is_not_applicable;
    size_t evidence_count;
    struct zj_buf subject, evidence, from_date, from_time, done_on;
    struct zj_why why;
    struct zj_json evidence_json;
};

static int64_t int_col(const struct zj_stmt *stmt, const char *name)
{
    const int col = zj_why_col(stmt, zj_span_str(name));
    return col < 0 ? 0 : zj_stmt_int(stmt, col);
}

static struct zj_span text_col(const struct zj_stmt *stmt, const char *name)
{
    const int col = zj_why_col(stmt, zj_span_str(name));
    return col < 0 ? (struct zj_span){0} : zj_stmt_text(stmt, col);
}

static void add_evidence(struct group *g, const char *kind_key, struct zj_span kind, int64_t id)
{
    if (id == 0 || kind.len == 0 || g->evidence_count >= EVIDENCE_MAX)
        return;
    ZJ_AUTO(zj_buf_release) struct zj_buf one = {0};
    struct zj_json j = zj_json_to(&one);
    zj_json_object(&j);
    zj_json_kspan(&j, kind_key, kind);
    zj_json_kint(&j, "id", id);
    zj_json_object_end(&j);
    if (memmem(g->evidence.at, g->evidence.len, one.at, one.len))
        return; /* a join gives a fact more than once */
    g->evidence_count++;
    zj_json_raw(&g->evidence_json, zj_buf_all(&one));
}

static void start_group(const struct zj_plan *plan, struct group *g, const struct zj_stmt *row)
{
    g->is_open = true;
    g->org_id = int_col(row, "org_id");
    g->first_seen = INT64_MAX;
    g->last_seen = 0;
    g->evidence_count = 0;
    g->subject.len = g->evidence.len = g->from_date.len = g->from_time.len = g->done_on.len = 0;
    zj_buf_span(&g->subject, text_col(row, "subject"));
    zj_buf_span(&g->from_date, text_col(row, "from_date"));
    zj_buf_span(&g->from_time, text_col(row, "from_time"));
    zj_buf_span(&g->done_on, text_col(row, "done_on"));
    g->from_at = int_col(row, "from_at");
    g->is_met = int_col(row, "is_met") != 0;
    g->is_done = int_col(row, "is_done") != 0;
    g->is_not_applicable = int_col(row, "is_not_applicable") != 0;
    zj_why_begin(&g->why, plan, g->rule, row);
    g->evidence_json = zj_json_to(&g->evidence);
    zj_json_array(&g->evidence_json);
    add_evidence(g, "register", text_col(row, "register"), int_col(row, "row_id"));
}

static void add_row(const struct zj_plan *plan, struct group *g, const struct zj_stmt *row)
{
    const int64_t first = int_col(row, "first_seen"), last = int_col(row, "last_seen");
    add_evidence(g, "fact", text_col(row, "fact_kind"), int_col(row, "fact_id"));
    if (first && first < g->first_seen)
        g->first_seen = first;
    if (last > g->last_seen)
        g->last_seen = last;
    zj_why_add(&g->why, plan, row);
}

static struct zj_finding finding_of(const struct group *g)
{
    return (struct zj_finding){
        .org_id = g->org_id,
        .subject = zj_buf_all(&g->subject),
        .why_en = zj_buf_all(&g->why.en),
        .why_zh = zj_buf_all(&g->why.zh),
        .evidence = zj_buf_all(&g->evidence),
        .first_seen = g->first_seen == INT64_MAX ? 0 : g->first_seen,
        .last_seen = g->last_seen,
    };
}

/* What the reader must know about the date beside it. */
static void add_remarks(struct group *g, const struct zj_due *due)
{
    if (due->is_late) {
        zj_buf_str(&g->why.en, " (done late)");
        zj_buf_str(&g->why.zh, "（逾期完成）");
    }
    if (!due->is_known) {
        zj_buf_str(&g->why.en, " (no calendar of that year: working days by the week alone)");
        zj_buf_str(&g->why.zh, "（未导入该年度节假日安排，工作日仅按周一至周五计算）");
    }
}

static zj_err add_duty(const struct pass *p, struct group *g)
{
    const struct zj_event event = {
        .date = zj_buf_all(&g->from_date),
        .time = zj_buf_all(&g->from_time),
        .at_us = g->from_at,
        .done_on = zj_buf_all(&g->done_on),
        .is_met = g->is_met,
        .is_done = g->is_done,
        .is_not_applicable = g->is_not_applicable,
    };
    struct zj_due due;
    zj_due_find(g->rule, p->calendar, &event, p->now_ns, &due);
    add_remarks(g, &due);
    struct zj_finding finding = finding_of(g);
    finding.first_seen = finding.last_seen = 0;
    finding.due = due.text;
    finding.state = due.state;
    return zj_found_add(p->job, p->store, &finding);
}

static zj_err end_group(const struct pass *p, struct group *g)
{
    if (!g->is_open)
        return ZJ_OK;
    g->is_open = false;
    zj_json_array_end(&g->evidence_json);
    zj_why_end(&g->why);
    if (g->rule->kind == ZJ_RULE_DUTY)
        return add_duty(p, g);
    const struct zj_finding finding = finding_of(g);
    return zj_found_add(p->job, p->store, &finding);
}

static zj_err read_rows(const struct pass *p, struct group *g, struct zj_stmt *rows)
{
    for (;;) {
        bool is_row = false;
        zj_err err = zj_stmt_step(p->job, rows, &is_row);
        if (err)
            return err;
        if (!is_row)
            return end_group(p, g);
        if (g->is_open && (g->org_id != int_col(rows, "org_id") ||
                           !zj_span_eq(zj_buf_all(&g->subject), text_col(rows, "subject"))))
            err = end_group(p, g);
        if (!err && !g->is_open)
            start_group(p->plan, g, rows);
        if (err)
            return err;
        add_row(p->plan, g, rows);
    }
}

static zj_err run_rule(const struct pass *p, const struct zj_rule *rule,
                       const struct zj_rule_part *part)
{
    struct group g = {.rule = rule};
    char soon[ZJ_TIME_TEXT];
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *rows = NULL;
    zj_err err =
        zj_store_prepare(p->job, p->store, zj_rule_sql(p->job, rule, part, p->now_ns), &rows);
    if (!err) {
        zj_date_format(zj_date_of_time(p->now_ns) + rule->soon_days, soon);
        zj_stmt_bind_str(rows, 1, p->today);
        zj_stmt_bind_str(rows, 2, soon);
        if (part->subject)
            zj_stmt_bind_str(rows, 3, part->subject);
        else if (part->org_id)
            zj_stmt_bind_int(rows, 3, part->org_id);
        err = read_rows(p, &g, rows);
    }
    zj_buf_release(&g.subject);
    zj_why_release(&g.why);
    zj_buf_release(&g.evidence);
    zj_buf_release(&g.from_date);
    zj_buf_release(&g.from_time);
    zj_buf_release(&g.done_on);
    if (!err)
        err = zj_found_ask(p->job, p->store, part);
    return err ? zj_fail(p->job, err, "%s", rule->id) : ZJ_OK;
}

struct change {
    const char *kind, *key;
};

/* Reads what changed: up to SUBJECTS_MAX keys of a kind; a kind with more stands once, key "". */
static zj_err read_changes(const struct pass *p, struct change **out, size_t *out_count)
{
    struct zj_job *job = p->job;
    size_t count = 0, cap = 64;
    struct change *changes = zj_arena_alloc(&job->arena, cap * sizeof *changes);
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err =
        zj_store_prepare(job, p->store, "SELECT kind, key FROM dirty ORDER BY kind, key", &s);
    size_t of_kind = 0;
    while (!err) {
        bool is_row = false;
        err = zj_stmt_step(job, s, &is_row);
        if (err || !is_row)
            break;
        const struct zj_span kind = zj_stmt_text(s, 0), key = zj_stmt_text(s, 1);
        if (count && zj_span_eq_str(kind, changes[count - 1].kind)) {
            if (++of_kind > SUBJECTS_MAX) {
                changes[count - 1].key = "";
                continue;
            }
        } else {
            of_kind = 1;
        }
        if (count == cap) {
            struct change *more = zj_arena_alloc(&job->arena, 2 * cap * sizeof *more);
            memcpy(more, changes, cap * sizeof *more);
            changes = more;
            cap *= 2;
        }
        changes[count++] =
            (struct change){zj_arena_span(&job->arena, kind), zj_arena_span(&job->arena, key)};
    }
    *out = changes;
    *out_count = count;
    return err;
}

static const struct zj_rule_input *input_of(const struct zj_rule *rule, const char *source)
{
    for (size_t i = 0; i < rule->input_count; i++)
        if (strcmp(rule->inputs[i].source, source) == 0)
            return &rule->inputs[i];
    return NULL;
}

/* Who is bound follows from the register of organisations, whether a rule names it or not. */
static const struct zj_rule_input kinds_input = {"organisations", false, true, "code"};

static const struct zj_rule_input *change_input(const struct zj_rule *rule, const char *source)
{
    const struct zj_rule_input *input = input_of(rule, source);
    if (!input && strcmp(source, kinds_input.source) == 0 && strstr(rule->sql, "{orgs}"))
        return &kinds_input;
    return input;
}

static bool is_for_all(const struct zj_rule_input *input, const struct change *change)
{
    return (!input->is_by_subject && !input->is_by_org) || !change->key[0];
}

static zj_err run_orgs(const struct pass *p, const struct zj_rule *rule, const int64_t *orgs,
                       size_t count)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < count && !err; i++)
        err = run_rule(p, rule, &(struct zj_rule_part){.org_id = orgs[i]});
    return err;
}

/* Runs a rule for what the changes ask of it: nothing, some subjects or organisations, or all. */
static zj_err find_rule(const struct pass *p, const struct zj_rule *rule,
                          const struct change *changes, size_t count)
{
    const struct zj_rule_part everything = {0};
    const bool is_hours = rule->has_deadline && rule->deadline.unit == ZJ_IN_HOURS;
    bool is_all = p->is_full || (p->is_new_day && input_of(rule, "clock")) ||
                  (p->is_hour_due && is_hours);
    int64_t orgs[ORGS_MAX];
    size_t org_count = 0;
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < count && !is_all && !err; i++) {
        const struct zj_rule_input *input = change_input(rule, changes[i].kind);
        bool fits = true;
        is_all = input && is_for_all(input, &changes[i]);
        if (input && !is_all && input->is_by_org)
            err = zj_rule_orgs(p->job, p->store, changes[i].kind, input->key, changes[i].key, orgs,
                               ORGS_MAX, &org_count, &fits);
        is_all |= !fits;
    }
    if (err || is_all)
        return err ? err : run_rule(p, rule, &everything);
    for (size_t i = 0; i < count && !err; i++) {
        const struct zj_rule_input *input = change_input(rule, changes[i].kind);
        if (input && input->is_by_subject)
            err = run_rule(p, rule, &(struct zj_rule_part){.subject = changes[i].key});
    }
    return err ? err : run_orgs(p, rule, orgs, org_count);
}

static zj_err update_rule(const struct pass *p, const struct zj_rule *rule,
                          const struct change *changes, size_t count)
{
    bool is_asked = p->is_full || p->is_new_day || p->is_hour_due;
    for (size_t i = 0; i < count && !is_asked; i++)
        is_asked = change_input(rule, changes[i].kind) != NULL;
    if (!is_asked)
        return ZJ_OK;
    if (zj_is_interrupted(p->job))
        return ZJ_EINTR;
    zj_err err = zj_found_begin(p->job, p->store);
    if (!err)
        err = find_rule(p, rule, changes, count);
    return err ? err : zj_found_write(p->job, p->store, rule, p->number, p->now_us);
}

/* FNV-1a over everything the packs say: another digest means that all rules run again. */
static zj_err digest_of(const struct pass *p, const struct zj_plan *plan, char out[20])
{
    uint64_t h = 14695981039346656037u;
#define MIX(text)                                                                                  \
    for (const char *c_ = (text) ? (text) : ""; *c_; c_++)                                         \
    h = (h ^ (uint8_t)*c_) * 1099511628211u
    for (size_t i = 0; i < plan->rule_count; i++) {
        MIX(plan->rules[i].id);
        MIX(plan->rules[i].sql);
        MIX(plan->rules[i].why_en);
        MIX(plan->rules[i].why_zh);
        const struct zj_deadline *d = &plan->rules[i].deadline;
        h = (h ^ (uint64_t)(d->count * 131 + (int)d->unit * 17 + d->month * 7919 + d->day)) *
            1099511628211u;
        for (const struct zj_yaml *n = plan->rules[i].org_kinds ? plan->rules[i].org_kinds->first
                                                                : NULL;
             n; n = n->next)
            MIX(n->text);
    }
    for (const struct zj_yaml *col = plan->words_zh->first; col; col = col->next)
        for (const struct zj_yaml *n = col->first; n; n = n->next)
            MIX(n->text);
    for (const struct zj_yaml *n = plan->regions->first; n; n = n->next) {
        MIX(n->key);
        MIX(n->text);
    }
    for (const struct zj_yaml *n = plan->data_types->first; n; n = n->next) {
        MIX(n->key);
        MIX(n->text);
    }
#undef MIX
    zj_err err = zj_rules_mix(p->job, plan, p->store, &h);
    snprintf(out, 20, "%016" PRIx64, h);
    return err;
}

static zj_err write_map(const struct pass *p, const char *table, const char *insert,
                        const struct zj_yaml *map)
{
    char sql[64];
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    snprintf(sql, sizeof sql, "DELETE FROM %s", table);
    zj_err err = zj_store_exec(p->job, p->store, sql);
    if (!err)
        err = zj_store_prepare(p->job, p->store, insert, &s);
    for (const struct zj_yaml *n = map->first; n && !err; n = n->next) {
        zj_stmt_bind_str(s, 1, n->key);
        zj_stmt_bind_str(s, 2, n->text);
        err = zj_stmt_run(p->job, s);
    }
    return err;
}

/* New packs: policies are written again and everything is judged anew. */
static zj_err take_packs(struct pass *p, const struct zj_plan *plan)
{
    char stored[64];
    zj_err err = digest_of(p, plan, p->digest);
    if (!err)
        err = zj_plan_setting_get(p->job, p->store, "packs", stored, sizeof stored);
    if (err || strcmp(p->digest, stored) == 0)
        return err;
    p->is_full = true;
    err = zj_plan_controls_store(p->job, plan, p->store);
    if (!err)
        err = zj_rules_settle(p->job, plan, p->store, p->now_ns);
    if (!err)
        err = write_map(p, "plan_region",
                    "INSERT INTO plan_region (country, treatment) VALUES ($1, $2)", plan->regions);
    if (!err)
        err = write_map(p, "plan_data_type",
                        "INSERT INTO plan_data_type (data_type, class) VALUES ($1, $2)",
                        plan->data_types);
    return err;
}

/* A clock of hours has run out since rules last looked: its due time stands among the days, longer
 * by its "T". */
static zj_err look_at_hours(struct pass *p)
{
    char now[ZJ_TIME_TEXT];
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = zj_store_prepare(p->job, p->store,
                                  "SELECT 1 FROM duty WHERE state = 'due_soon' AND due < $1"
                                  " AND due LIKE '%T%' LIMIT 1",
                                  &s);
    if (err)
        return err;
    zj_time_format(p->now_ns, now);
    zj_stmt_bind_str(s, 1, now);
    return zj_stmt_step(p->job, s, &p->is_hour_due);
}

/* Changes are ours from now on: -1, -2 … says whose. What changes again meanwhile, and what a pass
 * that does not come to its end leaves behind, is looked at by the next. */
static zj_err claim_changes(const struct pass *p)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = zj_store_prepare(p->job, p->store, "UPDATE dirty SET since = $1", &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, -p->number);
    return zj_stmt_run(p->job, s);
}

static zj_err drop_changes(const struct pass *p)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = zj_store_prepare(p->job, p->store, "DELETE FROM dirty WHERE since = $1", &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, -p->number);
    return zj_stmt_run(p->job, s);
}

/* What there is to do; number stays 0 where nothing is. In a transaction. */
static zj_err take_work(struct pass *p, struct change **changes, size_t *count)
{
    const struct zj_plan *plan = p->plan;
    char stored[64];
    zj_err err = take_packs(p, plan);
    if (!err)
        err = zj_plan_setting_get(p->job, p->store, "day", stored, sizeof stored);
    p->is_new_day = !err && strcmp(stored, p->today) != 0;
    if (!err)
        err = look_at_hours(p);
    if (!err)
        err = zj_plan_setting_get(p->job, p->store, "pass", stored, sizeof stored);
    if (!err)
        err = read_changes(p, changes, count);
    if (err || (!p->is_full && !p->is_new_day && !p->is_hour_due && *count == 0))
        return err;
    p->number = strtoll(stored, NULL, 10) + 1;
    err = zj_rules_running(p->job, plan, p->store, &p->runs);
    if (!err)
        err = zj_plan_calendar_of(p->job, plan, p->store, &p->calendar);
    if (!err)
        err = claim_changes(p);
    snprintf(stored, sizeof stored, "%" PRId64, p->number);
    return err ? err : zj_plan_setting_set(p->job, p->store, "pass", stored);
}

static zj_err end_work(const struct pass *p)
{
    zj_err err = drop_changes(p);
    if (!err)
        err = zj_plan_remind(p->job, p->store, p->now_ns,
                             p->is_full || p->is_new_day ? 0 : p->number);
    if (!err)
        err = zj_plan_setting_set(p->job, p->store, "day", p->today);
    return err ? err : zj_plan_setting_set(p->job, p->store, "packs", p->digest);
}

static zj_err end_transaction(const struct pass *p, zj_err err)
{
    return zj_store_end(p->job, p->store, err);
}

static zj_err evaluate(struct pass *p)
{
    struct change *changes = NULL;
    size_t count = 0;
    zj_err err = zj_store_begin(p->job, p->store);
    if (!err)
        err = end_transaction(p, take_work(p, &changes, &count));
    if (err || p->number == 0)
        return err;
    for (size_t i = 0; i < p->plan->rule_count && !err; i++)
        if (p->runs[i])
            err = update_rule(p, &p->plan->rules[i], changes, count);
    if (!err)
        err = zj_store_begin(p->job, p->store);
    return err ? err : end_transaction(p, end_work(p));
}

zj_err zj_plan_evaluate(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                        bool full)
{
    struct pass p = {.job = job, .plan = plan, .store = store, .is_full = full};
    p.now_ns = zj_now_ns(job);
    p.now_us = p.now_ns / 1000;
    zj_date_format(zj_date_of_time(p.now_ns), p.today);
    zj_err err = zj_plan_migrate(job, store);
    if (!err)
        err = evaluate(&p);
    zj_calendar_free(p.calendar);
    return err;
}
