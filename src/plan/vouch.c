/* What people say about rules and duties: an unverified rule is confirmed, a report that no register
 * holds was handed in. And the list of rules with how each stands in this store. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "plan/rules.h"
#include "plan/tables.h"

static const struct zj_rule *rule_find(const struct zj_plan *plan, const char *id)
{
    for (size_t i = 0; i < plan->rule_count; i++)
        if (strcmp(plan->rules[i].id, id) == 0)
            return &plan->rules[i];
    return NULL;
}

static zj_err write_confirmation(struct zj_job *job, struct zj_store *store, const char *rule,
                                 bool is_confirmed)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = zj_store_prepare(
        job, store,
        is_confirmed ? "INSERT INTO plan_confirmed (rule, actor, at) VALUES ($1, $2, $3)"
                       " ON CONFLICT (rule) DO NOTHING"
                     : "DELETE FROM plan_confirmed WHERE rule = $1",
        &s);
    if (err)
        return err;
    zj_stmt_bind_str(s, 1, rule);
    if (is_confirmed) {
        zj_stmt_bind_str(s, 2, job->actor ? job->actor : "");
        zj_stmt_bind_int(s, 3, zj_now_us(job));
    }
    return zj_stmt_run(job, s);
}

zj_err zj_plan_confirm(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                       const char *id, bool is_confirmed)
{
    const struct zj_rule *rule = rule_find(plan, id);
    if (!rule)
        return zj_fail(job, ZJ_ENOTFOUND, zj_tr(job, "no rule '%s'", "没有规则“%s”"), id);
    if (strcmp(rule->mark, "unverified") != 0)
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "%s is marked '%s' and runs as it is",
                             "%s 标注为“%s”，无须确认"),
                       id, rule->mark);
    zj_err err = zj_plan_migrate(job, store);
    if (!err)
        err = zj_store_begin(job, store);
    if (err)
        return err;
    const struct zj_audit_entry entry = {
        .action = is_confirmed ? "confirm" : "unconfirm",
        .object = "plan_rule",
        .note = zj_span_str(id),
    };
    err = write_confirmation(job, store, id, is_confirmed);
    if (!err)
        err = zj_audit_append(job, store, &entry);
    return zj_store_end(job, store, err);
}

/* --- handed in ----------------------------------------------------------------------------------
 */

static zj_err find_duty(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                        const struct zj_scope *scope, int64_t id, const struct zj_rule **out_rule,
                        int64_t *out_org)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = false;
    *out_rule = NULL;
    zj_err err = zj_store_prepare(job, store, "SELECT rule, org_id FROM duty WHERE id = $1", &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, id);
    err = zj_stmt_step(job, s, &is_row);
    if (err || !is_row || (!scope->sees_all && zj_stmt_int(s, 1) != scope->org_id))
        return err ? err : ZJ_ENOTFOUND;
    *out_org = zj_stmt_int(s, 1);
    *out_rule = rule_find(plan, zj_arena_span(&job->arena, zj_stmt_text(s, 0)));
    return *out_rule ? ZJ_OK : ZJ_ENOTFOUND;
}

static bool is_declared(const struct zj_rule *rule)
{
    for (size_t i = 0; i < rule->input_count; i++)
        if (strcmp(rule->inputs[i].source, "plan_done") == 0)
            return true;
    return false;
}

static zj_err write_done(struct zj_job *job, struct zj_store *store, const struct zj_rule *rule,
                         int64_t org_id, const char *period, const char *done_on, const char *note)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    char org[24];
    zj_err err = zj_store_prepare(
        job, store,
        "INSERT INTO plan_done (rule, org_id, period, done_on, note, actor, at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (rule, org_id, period) DO UPDATE SET"
        " done_on = excluded.done_on, note = excluded.note, actor = excluded.actor,"
        " at = excluded.at",
        &s);
    if (err)
        return err;
    zj_stmt_bind_str(s, 1, rule->id);
    zj_stmt_bind_int(s, 2, org_id);
    zj_stmt_bind_str(s, 3, period);
    zj_stmt_bind_str(s, 4, done_on);
    zj_stmt_bind_str(s, 5, note ? note : "");
    zj_stmt_bind_str(s, 6, job->actor ? job->actor : "");
    zj_stmt_bind_int(s, 7, zj_now_us(job));
    err = zj_stmt_run(job, s);
    snprintf(org, sizeof org, "%lld", (long long)org_id);
    return err ? err : zj_store_mark_dirty(job, store, "plan_done", zj_span_str(org));
}

zj_err zj_plan_done(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                    const struct zj_scope *scope, int64_t duty_id, const char *done_on,
                    const char *note)
{
    const struct zj_rule *rule;
    int64_t org_id = 0;
    int32_t date;
    int year, month, day;
    const int32_t today = zj_date_of_time(zj_now_ns(job));
    zj_err err = find_duty(job, plan, store, scope, duty_id, &rule, &org_id);
    if (err)
        return err;
    if (!is_declared(rule))
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "this duty follows from the registers; change those",
                             "该义务由登记内容判定，请更新相应登记"));
    if (!zj_date_parse(zj_span_str(done_on), &date) || date > today)
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "the day is a date up to today", "日期应为今天或以前的日期"));
    zj_date_split(today, &year, &month, &day);
    const char *period = zj_arena_printf(&job->arena, "%04d", year);
    const struct zj_audit_entry entry = {
        .org_id = org_id,
        .action = "declare",
        .object = "plan_done",
        .note = zj_span_str(zj_arena_printf(&job->arena, "%s %s %s", rule->id, period, done_on)),
    };
    err = zj_store_begin(job, store);
    if (!err)
        err = write_done(job, store, rule, org_id, period, done_on, note);
    if (!err)
        err = zj_audit_append(job, store, &entry);
    return zj_store_end(job, store, err);
}

/* --- how rules stand ----------------------------------------------------------------------------
 */

static void put_clock(const struct zj_rule *rule, struct zj_json *out)
{
    static const char *const units[] = {
        [ZJ_IN_HOURS] = "hours",   [ZJ_IN_DAYS] = "days",   [ZJ_IN_WORKING_DAYS] = "working_days",
        [ZJ_IN_MONTHS] = "months", [ZJ_IN_YEARS] = "years", [ZJ_ON_DATE] = "fixed",
    };
    const struct zj_deadline *d = &rule->deadline;
    char text[64] = "";
    if (rule->has_deadline && d->unit == ZJ_ON_DATE)
        snprintf(text, sizeof text, "%02d-%02d", d->month, d->day);
    else if (rule->has_deadline)
        snprintf(text, sizeof text, "%d %s", d->count, units[d->unit]);
    zj_json_kstr(out, "clock", text);
}

static void put_rule(struct zj_job *job, const struct zj_rule *rule, const struct zj_stmt *row,
                     struct zj_json *out)
{
    zj_json_object(out);
    zj_json_kstr(out, "id", rule->id);
    zj_json_kstr(out, "kind", rule->kind == ZJ_RULE_GAP ? "gap" : "duty");
    zj_json_kint(out, "task", rule->task);
    zj_json_kstr(out, "title", zj_tr(job, rule->en, rule->zh));
    zj_json_kstr(out, "zh", rule->zh);
    zj_json_kstr(out, "en", rule->en);
    zj_json_kstr(out, "source", rule->source);
    zj_json_kstr(out, "mark", rule->mark);
    zj_json_kspan(out, "state", zj_stmt_text(row, 1));
    zj_json_kspan(out, "note", zj_stmt_text(row, 2));
    put_clock(rule, out);
    zj_json_kbool(out, "is_declared", is_declared(rule));
    zj_json_key(out, "bound");
    zj_json_array(out);
    for (const struct zj_yaml *n = rule->org_kinds ? rule->org_kinds->first : NULL; n; n = n->next)
        zj_json_str(out, n->text);
    zj_json_array_end(out);
    zj_json_object_end(out);
}

zj_err zj_plan_rule_states(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                           int task, bool as_lines, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = true;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT rule, state, note FROM plan_rule ORDER BY rule", &s);
    if (err)
        return err;
    if (!as_lines)
        zj_json_array(out);
    while (!(err = zj_stmt_step(job, s, &is_row)) && is_row) {
        struct zj_json line = zj_json_to(out->out);
        const struct zj_rule *rule =
            rule_find(plan, zj_arena_span(&job->arena, zj_stmt_text(s, 0)));
        if (!rule || (task && rule->task != task))
            continue;
        put_rule(job, rule, s, as_lines ? &line : out);
        if (as_lines)
            zj_buf_byte(out->out, '\n');
    }
    if (!as_lines)
        zj_json_array_end(out);
    return err;
}
