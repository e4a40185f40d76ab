/* Clocks of a case, and the numbers that are issued. Which action starts and meets a clock, and how
 * long it runs, stands in packs/clocks. Overdue is not stored: it follows from the time. */
#include "base/clock.h"
#include "work/case.h"

/* A date of the form counts from its day's beginning. */
static int64_t start_ns(struct zj_desk *desk, const struct zj_clock_rule *rule,
                        const struct zj_jdoc *form, int64_t now_us)
{
    const char *text = rule->from ? zj_form_text(desk, form, rule->from) : "";
    int64_t time_ns;
    int32_t date;
    if (text[0] && zj_date_parse(zj_span_str(text), &date)) {
        int year, month, day;
        zj_date_split(date, &year, &month, &day);
        return zj_time_of_beijing(year, month, day, 0, 0, 0) * ZJ_NS_PER_S;
    }
    if (text[0] && zj_time_parse(zj_span_str(text), &time_ns))
        return time_ns;
    return now_us * 1000;
}

static zj_err running(struct zj_desk *desk, const struct zj_case *c, const char *key,
                      int64_t *out_id, int64_t *out_started, int64_t *out_due)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT id, started_at, due_at FROM work_clock"
                                  " WHERE case_id = $1 AND key = $2 AND met_at = 0",
                                  &stmt);
    *out_id = 0;
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, c->id);
    zj_stmt_bind_str(stmt, 2, key);
    err = zj_stmt_step(desk->job, stmt, &has_row);
    if (!err && has_row) {
        *out_id = zj_stmt_int(stmt, 0);
        *out_started = zj_stmt_int(stmt, 1);
        *out_due = zj_stmt_int(stmt, 2);
    }
    return err;
}

static zj_err put_clock(struct zj_desk *desk, const struct zj_case *c, int64_t id, const char *key,
                        int64_t started, int64_t due, int64_t met)
{
    const struct zj_value values[] = {
        zj_value_int("case_id", c->id),    zj_value_text("key", key),
        zj_value_int("started_at", started), zj_value_int("due_at", due),
        zj_value_int("met_at", met),
    };
    const bool is_new = id == 0;
    return zj_work_row_put(desk, "work_clock", &id, is_new, c->org_id, values, ZJ_COUNT(values),
                           key);
}

static zj_err meet(struct zj_desk *desk, const struct zj_case *c, const char *key, int64_t now_us)
{
    int64_t id, started = 0, due = 0;
    zj_err err = running(desk, c, key, &id, &started, &due);
    return err || !id ? err : put_clock(desk, c, id, key, started, due, now_us);
}

static zj_err first_due(struct zj_desk *desk, struct zj_case *c)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT COALESCE(min(due_at), 0) FROM work_clock"
                                  " WHERE case_id = $1 AND met_at = 0",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, c->id);
    err = zj_stmt_step(desk->job, stmt, &has_row);
    if (!err)
        c->due_at = c->state->flags & ZJ_STATE_FINAL ? 0 : zj_stmt_int(stmt, 0);
    return err;
}

zj_err zj_clocks_turn(struct zj_desk *desk, struct zj_case *c, const char *action,
                      const struct zj_jdoc *form, int64_t now_us)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < desk->work->clock_count && !err; i++) {
        const struct zj_clock_rule *rule = &desk->work->clocks[i];
        bool is_on;
        if (strcmp(rule->type, c->type->name) != 0)
            continue;
        err = zj_clock_is_on(desk->job, desk->store, rule, &is_on);
        if (err || !is_on)
            continue;
        if (zj_word_in(rule->meets, action))
            err = meet(desk, c, rule->key, now_us);
        if (!err && zj_word_in(rule->starts, action) && zj_when_is(desk, c, &rule->when, form)) {
            const int64_t start = start_ns(desk, rule, form, now_us);
            int64_t id, started, due;
            err = running(desk, c, rule->key, &id, &started, &due);
            if (!err)
                err = put_clock(desk, c, id, rule->key, start / 1000,
                                zj_clock_due_ns(rule, desk->work->calendar, start) / 1000, 0);
        }
    }
    return err ? err : first_due(desk, c);
}

static bool is_done_from(const struct zj_case_type *type, const char *actions, const char *state)
{
    struct zj_span word;
    while (zj_word_next(&actions, &word))
        for (size_t i = 0; type->actions[i].name; i++)
            if (zj_span_eq_str(word, type->actions[i].name) &&
                zj_word_in(type->actions[i].from, state))
                return true;
    return false;
}

bool zj_clock_asks(const struct zj_clock_rule *rule, unsigned party, struct zj_buf *out)
{
    const struct zj_case_type *type = zj_case_type_find(rule->type);
    const char *meets = rule->meets, *gap = "";
    struct zj_span word;
    if (!type) /* one that is off has no row to ask with */
        return false;
    while (zj_word_next(&meets, &word)) {
        size_t i = 0;
        while (type->actions[i].name && !zj_span_eq_str(word, type->actions[i].name))
            i++;
        if (!type->actions[i].name || type->actions[i].by != party)
            return false;
    }
    zj_buf_printf(out, "c.type = '%s' AND k.key = '%s' AND k.met_at = 0 AND c.state IN (",
                  type->name, rule->key);
    for (const struct zj_case_state *state = type->states; state->name; state++)
        if (state->side != party && !(state->flags & ZJ_STATE_FINAL) &&
            is_done_from(type, rule->meets, state->name)) {
            zj_buf_printf(out, "%s'%s'", gap, state->name);
            gap = ", ";
        }
    zj_buf_byte(out, ')');
    return gap[0];
}

/* "At once" has no hour to keep: once it is met it was in time. */
static bool is_at_once(const struct zj_clock_rule *rule)
{
    return rule && rule->deadline.unit == ZJ_IN_HOURS && rule->deadline.count == 0;
}

/* Where a clock does not run from the act but from a day or hour of the form: its name. */
static void put_from(const struct zj_case *c, const struct zj_clock_rule *rule,
                     struct zj_json *out)
{
    if (is_at_once(rule)) {
        zj_json_kstr(out, "from_zh", "立即");
        zj_json_kstr(out, "from_en", "At once");
        return;
    }
    const int at = rule && rule->from ? zj_form_field(c->reg, rule->from) : -1;
    zj_json_kstr(out, "from_zh", at < 0 ? NULL : c->reg->fields[at].zh);
    zj_json_kstr(out, "from_en", at < 0 ? NULL : c->reg->fields[at].en);
}

zj_err zj_clocks_put(struct zj_desk *desk, const struct zj_case *c, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    const int64_t now_us = zj_now_us(desk->job);
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT key, started_at, due_at, met_at FROM work_clock"
                                  " WHERE case_id = $1 ORDER BY id",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, c->id);
    zj_json_array(out);
    while (!(err = zj_stmt_step(desk->job, stmt, &has_row)) && has_row) {
        const char *key = zj_arena_span(&desk->job->arena, zj_stmt_text(stmt, 0));
        const struct zj_clock_rule *rule = zj_clock_rule_find(desk->work, c->type->name, key);
        const int64_t due = zj_stmt_int(stmt, 2), met = zj_stmt_int(stmt, 3);
        zj_json_object(out);
        zj_json_kstr(out, "key", key);
        zj_json_kstr(out, "zh", rule ? rule->zh : "限期");
        zj_json_kstr(out, "en", rule ? rule->en : "Set deadline");
        zj_json_kstr(out, "source", rule ? rule->source : NULL);
        zj_json_kstr(out, "mark", rule ? rule->mark : NULL);
        put_from(c, rule, out);
        zj_json_ktime(out, "started_at", zj_stmt_int(stmt, 1));
        zj_json_ktime(out, "due_at", is_at_once(rule) ? 0 : due);
        zj_json_ktime(out, "met_at", met);
        zj_json_kbool(out, "is_overdue",
                      met ? met > due && !is_at_once(rule) : due < now_us);
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    return err;
}

/* --- numbers ----------------------------------------------------------------------------------- */

static zj_err next_number(struct zj_desk *desk, const char *type, int year, int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT COALESCE(max(n), 0) + 1 FROM work_number"
                                  " WHERE type = $1 AND year = $2",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, type);
    zj_stmt_bind_int(stmt, 2, year);
    err = zj_stmt_step(desk->job, stmt, &has_row);
    *out = zj_stmt_int(stmt, 0);
    return err;
}

zj_err zj_number_issue(struct zj_desk *desk, struct zj_case *c, int64_t now_us)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf number = {0};
    const struct zj_number_rule *rule = zj_number_rule_find(desk->work, c->type->name);
    int year, month, day;
    int64_t n = 0;
    if (c->number[0])
        return ZJ_OK; /* a change keeps it */
    zj_date_split(zj_date_of_time(now_us * 1000), &year, &month, &day);
    zj_err err = next_number(desk, c->type->name, year, &n);
    if (!err)
        err = zj_store_prepare(desk->job, desk->store,
                               "INSERT INTO work_number (type, year, n, case_id, issued_at, number)"
                               " VALUES ($1, $2, $3, $4, $5, $6)",
                               &stmt);
    if (err)
        return err;
    if (rule)
        zj_number_format(rule->pattern, year, n, &number);
    else
        zj_buf_printf(&number, "%s-%d-%06lld", c->type->name, year, (long long)n);
    zj_stmt_bind_str(stmt, 1, c->type->name);
    zj_stmt_bind_int(stmt, 2, year);
    zj_stmt_bind_int(stmt, 3, n);
    zj_stmt_bind_int(stmt, 4, c->id);
    zj_stmt_bind_int(stmt, 5, now_us);
    zj_stmt_bind_span(stmt, 6, zj_buf_all(&number));
    err = zj_stmt_run(desk->job, stmt);
    if (!err)
        c->number = zj_arena_span(&desk->job->arena, zj_buf_all(&number));
    return err;
}
