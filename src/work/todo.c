/* 待办: what waits for the caller, by task; and the calendar of deadlines. Duties are read from the
 * table that rules keep (room plan). */
#include "base/clock.h"
#include "work/case.h"

enum { TODO_ROWS = 5, CASE_COLUMNS = 21 /* of zj_case_columns */ };

struct group {
    const char *kind;
    int task;
    int64_t count, overdue;
};

static void open_group(const struct group *g, const char *zh, const char *en, struct zj_json *out)
{
    zj_json_object(out);
    zj_json_kstr(out, "kind", g->kind);
    zj_json_kint(out, "task", g->task);
    zj_json_kstr(out, "zh", zh);
    zj_json_kstr(out, "en", en);
    zj_json_kint(out, "count", g->count);
    zj_json_kint(out, "overdue", g->overdue);
    zj_json_key(out, "rows");
    zj_json_array(out);
}

static void close_group(struct zj_json *out)
{
    zj_json_array_end(out);
    zj_json_object_end(out);
}

/* --- cases -------------------------------------------------------------------------------------
 */

/* What waits for the caller. A company's cases are found by its organisation (the + keeps the
 * planner from walking everybody's), the bureau's by whose turn it is. */
static const char *own_cases(const struct zj_desk *desk)
{
    return desk->who.is_bureau
               ? " FROM work_case c LEFT JOIN reg_organisations o ON o.id = c.org_id"
                 " WHERE c.side = $1 AND c.closed_at = 0 AND $2 = $2"
                 " AND (c.submitted_at > 0 OR c.opener_side = $1)"
                 " AND (c.assignee = '' OR c.assignee = $3)"
               : " FROM work_case c LEFT JOIN reg_organisations o ON o.id = c.org_id"
                 " WHERE +c.side = $1 AND +c.closed_at = 0 AND c.org_id = $2"
                 " AND (c.submitted_at > 0 OR c.opener_side = $1)"
                 " AND (c.assignee = '' OR c.assignee = $3)";
}

static void bind_own(const struct zj_desk *desk, struct zj_stmt *stmt)
{
    const struct zj_work_who *who = &desk->who;
    zj_stmt_bind_str(stmt, 1, who->is_bureau ? "bureau" : "company");
    zj_stmt_bind_int(stmt, 2, who->org_id ? who->org_id : -1);
    zj_stmt_bind_str(stmt, 3, who->login);
}

/* Those with a deadline first, in two steps: so that an index gives the order. */
static zj_err put_some(struct zj_desk *desk, const char *type, bool has_due, int *left,
                       struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row = true;
    zj_err err = zj_store_prepare(
        desk->job, desk->store,
        zj_arena_printf(&desk->job->arena,
                        "SELECT %s%s AND c.type = $4 AND c.due_at %s ORDER BY %s LIMIT %d",
                        zj_case_columns, own_cases(desk), has_due ? "> 0" : "= 0",
                        has_due ? "c.due_at" : "c.id", TODO_ROWS),
        &stmt);
    if (err)
        return err;
    bind_own(desk, stmt);
    zj_stmt_bind_str(stmt, 4, type);
    for (; *left > 0; --*left) {
        err = zj_stmt_step(desk->job, stmt, &has_row);
        if (err || !has_row)
            break;
        zj_case_row_put(desk, stmt, out);
    }
    return err;
}

static zj_err put_case_rows(struct zj_desk *desk, const char *type, struct zj_json *out)
{
    int left = TODO_ROWS;
    zj_err err = put_some(desk, type, true, &left, out);
    return err || !left ? err : put_some(desk, type, false, &left, out);
}

static zj_err put_cases(struct zj_desk *desk, struct zj_json *out, int64_t *total)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(
        desk->job, desk->store,
        zj_arena_printf(&desk->job->arena,
                        "SELECT c.type, count(*), sum(CASE WHEN c.due_at > 0 AND c.due_at < $4 THEN"
                        " 1 ELSE 0 END)%s GROUP BY c.type ORDER BY c.type",
                        own_cases(desk)),
        &stmt);
    if (err)
        return err;
    bind_own(desk, stmt);
    zj_stmt_bind_int(stmt, 4, zj_now_us(desk->job));
    while (!err && !(err = zj_stmt_step(desk->job, stmt, &has_row)) && has_row) {
        const char *name = zj_arena_span(&desk->job->arena, zj_stmt_text(stmt, 0));
        const struct zj_case_type *type = zj_case_type_find(name);
        const struct group g = {"case", type ? type->task : 0, zj_stmt_int(stmt, 1),
                                zj_stmt_int(stmt, 2)};
        open_group(&g, type ? type->zh : name, type ? type->en : name, out);
        err = put_case_rows(desk, name, out);
        close_group(out);
        *total += g.count;
    }
    return err;
}

/* Such a row tells what is waited for and until when: its state, and its own deadline, are the other
 * side's. */
static void put_waits_for(const struct zj_clock_rule *rule, int64_t due, int64_t now_us,
                          struct zj_json *out)
{
    zj_json_object_reopen(out);
    zj_json_key(out, "waits_for");
    zj_json_object(out);
    zj_json_kstr(out, "key", rule->key);
    zj_json_kstr(out, "zh", rule->zh);
    zj_json_kstr(out, "en", rule->en);
    zj_json_kstr(out, "actions", rule->meets);
    zj_json_ktime(out, "due_at", due);
    zj_json_kbool(out, "is_overdue", due && due < now_us);
    zj_json_object_end(out);
    zj_json_object_end(out);
}

/* A case that is with the other side, while a clock asks this one: an appeal waits for its answer. */
static zj_err put_asked_rows(struct zj_desk *desk, const struct zj_clock_rule *rule,
                             const char *where, struct zj_json *out, int64_t *total)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    const struct zj_work_who *who = &desk->who;
    const int64_t now_us = zj_now_us(desk->job);
    struct group g = {.kind = "clock", .task = zj_case_type_find(rule->type)->task};
    bool has_row;
    zj_err err = zj_store_prepare(
        desk->job, desk->store,
        zj_arena_printf(&desk->job->arena,
                        "SELECT %s, k.due_at, count(*) OVER (), sum(CASE WHEN k.due_at < $2 THEN 1"
                        " ELSE 0 END) OVER () FROM work_case c JOIN work_clock k ON k.case_id ="
                        " c.id LEFT JOIN reg_organisations o ON o.id = c.org_id WHERE %s AND"
                        " c.submitted_at > 0 AND c.closed_at = 0 AND (c.org_id = $1 OR $3 = 1)"
                        " ORDER BY k.due_at, c.id LIMIT %d",
                        zj_case_columns, where, TODO_ROWS),
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, who->org_id ? who->org_id : -1);
    zj_stmt_bind_int(stmt, 2, now_us);
    zj_stmt_bind_int(stmt, 3, who->is_bureau);
    while (!(err = zj_stmt_step(desk->job, stmt, &has_row)) && has_row) {
        if (!g.count) {
            g.count = zj_stmt_int(stmt, CASE_COLUMNS + 1);
            g.overdue = zj_stmt_int(stmt, CASE_COLUMNS + 2);
            open_group(&g, rule->zh, rule->en, out);
        }
        zj_case_row_put(desk, stmt, out);
        put_waits_for(rule, zj_stmt_int(stmt, CASE_COLUMNS), now_us, out);
    }
    if (g.count)
        close_group(out);
    *total += g.count;
    return err;
}

static zj_err put_asked(struct zj_desk *desk, struct zj_json *out, int64_t *total)
{
    const unsigned party = desk->who.is_bureau ? ZJ_PARTY_BUREAU : ZJ_PARTY_COMPANY;
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < desk->work->clock_count && !err; i++) {
        ZJ_AUTO(zj_buf_release) struct zj_buf where = {0};
        if (zj_clock_asks(&desk->work->clocks[i], party, &where))
            err = put_asked_rows(desk, &desk->work->clocks[i], zj_buf_cstr(&where), out, total);
    }
    return err;
}

/* --- duties ------------------------------------------------------------------------------------
 */

static zj_err put_duty_rows(struct zj_desk *desk, int64_t task, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(
        desk->job, desk->store,
        zj_arena_printf(&desk->job->arena,
                        "SELECT id, rule, subject_kind, subject, state, due, why_zh, why_en FROM"
                        " duty d WHERE org_id = $1 AND task = $2 AND state IN ('overdue',"
                        " 'due_soon')%s ORDER BY due, id LIMIT %d",
                        zj_duty_has_no_case, TODO_ROWS),
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, desk->who.org_id);
    zj_stmt_bind_int(stmt, 2, task);
    while (!(err = zj_stmt_step(desk->job, stmt, &has_row)) && has_row) {
        zj_json_object(out);
        zj_json_kint(out, "id", zj_stmt_int(stmt, 0));
        zj_json_kspan(out, "duty", zj_stmt_text(stmt, 1));
        zj_json_key(out, "subject");
        zj_json_object(out);
        zj_json_kspan(out, "kind", zj_stmt_text(stmt, 2));
        zj_json_kspan(out, "id", zj_stmt_text(stmt, 3));
        zj_json_object_end(out);
        zj_json_kspan(out, "state", zj_stmt_text(stmt, 4));
        zj_json_kspan(out, "due", zj_stmt_text(stmt, 5));
        zj_json_kspan(out, "zh", zj_stmt_text(stmt, 6));
        zj_json_kspan(out, "en", zj_stmt_text(stmt, 7));
        zj_json_object_end(out);
    }
    return err;
}

static zj_err put_duties(struct zj_desk *desk, struct zj_json *out, int64_t *total)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    if (desk->who.is_bureau || !desk->who.org_id)
        return ZJ_OK; /* duties are the companies' */
    zj_err err = zj_store_prepare(
        desk->job, desk->store,
        zj_arena_printf(&desk->job->arena,
                        "SELECT task, count(*), sum(CASE WHEN state = 'overdue' THEN 1 ELSE 0 END)"
                        " FROM duty d WHERE org_id = $1 AND state IN ('overdue', 'due_soon')%s"
                        " GROUP BY task ORDER BY task",
                        zj_duty_has_no_case),
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, desk->who.org_id);
    while (!err && !(err = zj_stmt_step(desk->job, stmt, &has_row)) && has_row) {
        const struct group g = {"duty", (int)zj_stmt_int(stmt, 0), zj_stmt_int(stmt, 1),
                                zj_stmt_int(stmt, 2)};
        open_group(&g, "到期和逾期义务", "Duties due or overdue", out);
        err = put_duty_rows(desk, g.task, out);
        close_group(out);
        *total += g.count;
    }
    return err;
}

/* --- notices -----------------------------------------------------------------------------------
 */

/* Of a case that has ended only how it ended is news. */
static const char own_notices[] =
    " FROM work_notice n JOIN work_case c ON c.id = n.case_id"
    " LEFT JOIN reg_organisations o ON o.id = c.org_id WHERE n.read_at = 0"
    " AND (c.closed_at = 0 OR n.at >= c.closed_at)"
    " AND (n.login = '' OR n.login = $1) AND ((n.side = 'bureau' AND $2 = 1) OR"
    " (n.side = 'company' AND n.org_id = $3 AND $2 = 0) OR (n.side = 'expert' AND n.login = $1))";

static void bind_notices(const struct zj_desk *desk, struct zj_stmt *stmt)
{
    zj_stmt_bind_str(stmt, 1, desk->who.login);
    zj_stmt_bind_int(stmt, 2, desk->who.is_bureau);
    zj_stmt_bind_int(stmt, 3, desk->who.org_id ? desk->who.org_id : -1);
}

static void put_notice(struct zj_desk *desk, const struct zj_stmt *row, struct zj_json *out)
{
    struct zj_arena *arena = &desk->job->arena;
    const struct zj_case_type *type = zj_case_type_find(zj_arena_span(arena, zj_stmt_text(row, 4)));
    const char *kind = zj_arena_span(arena, zj_stmt_text(row, 2));
    const struct zj_case_action *action = type ? zj_case_action_find(type, kind) : NULL;
    zj_json_object(out);
    zj_json_kint(out, "notice_id", zj_stmt_int(row, 0));
    zj_json_kint(out, "id", zj_stmt_int(row, 1)); /* of the case */
    zj_json_kstr(out, "action", kind);
    zj_json_kstr(out, "zh", action ? action->zh : kind);
    zj_json_kstr(out, "en", action ? action->en : kind);
    zj_json_ktime(out, "at", zj_stmt_int(row, 3));
    zj_json_kspan(out, "type", zj_stmt_text(row, 4));
    zj_json_kint(out, "task", type ? type->task : 0);
    zj_case_put_title(desk, type, zj_stmt_text(row, 5), zj_stmt_text(row, 9), out);
    zj_json_kspan(out, "state", zj_stmt_text(row, 6));
    zj_json_key(out, "org");
    zj_json_object(out);
    zj_json_kspan(out, "code", zj_stmt_text(row, 7));
    zj_json_kspan(out, "name", zj_stmt_text(row, 8));
    zj_json_object_end(out);
    zj_json_object_end(out);
}

static zj_err put_notices(struct zj_desk *desk, struct zj_json *out, int64_t *total)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *counted = NULL, *rows = NULL;
    struct group g = {.kind = "notice"};
    bool has_row;
    zj_err err = zj_store_prepare(
        desk->job, desk->store,
        zj_arena_printf(&desk->job->arena, "SELECT count(*)%s", own_notices), &counted);
    if (err)
        return err;
    bind_notices(desk, counted);
    err = zj_stmt_step(desk->job, counted, &has_row);
    g.count = err ? 0 : zj_stmt_int(counted, 0);
    if (err || !g.count)
        return err;
    err = zj_store_prepare(
        desk->job, desk->store,
        zj_arena_printf(&desk->job->arena,
                        "SELECT n.id, n.case_id, n.kind, n.at, c.type, c.title,"
                        " c.state, o.code, o.name, c.subject%s ORDER BY n.id DESC LIMIT %d",
                        own_notices, TODO_ROWS),
        &rows);
    if (err)
        return err;
    bind_notices(desk, rows);
    open_group(&g, "提醒和抄送", "Notices and copies", out);
    while (!(err = zj_stmt_step(desk->job, rows, &has_row)) && has_row)
        put_notice(desk, rows, out);
    close_group(out);
    *total += g.count;
    return err;
}

zj_err zj_work_todo(struct zj_desk *desk, struct zj_json *out)
{
    int64_t total = 0;
    zj_json_object(out);
    zj_json_key(out, "groups");
    zj_json_array(out);
    zj_err err = put_cases(desk, out, &total);
    if (!err)
        err = put_asked(desk, out, &total);
    if (!err)
        err = put_duties(desk, out, &total);
    if (!err)
        err = put_notices(desk, out, &total);
    zj_json_array_end(out);
    zj_json_kint(out, "count", total);
    zj_json_object_end(out);
    return err;
}

/* --- the calendar ------------------------------------------------------------------------------
 */

static int64_t day_begins_us(int32_t date)
{
    int year, month, day;
    zj_date_split(date, &year, &month, &day);
    return zj_time_of_beijing(year, month, day, 0, 0, 0) * 1000000;
}

static void put_day(struct zj_json *out, const char *kind, const char *day, int64_t id, int task,
                    struct zj_span code, struct zj_span name)
{
    zj_json_object(out);
    zj_json_kstr(out, "day", day);
    zj_json_kstr(out, "kind", kind);
    zj_json_kint(out, "id", id);
    zj_json_kint(out, "task", task);
    zj_json_key(out, "org");
    zj_json_object(out);
    zj_json_kspan(out, "code", code);
    zj_json_kspan(out, "name", name);
    zj_json_object_end(out);
}

static void put_case_day(struct zj_desk *desk, const struct zj_stmt *row, struct zj_json *out)
{
    char day[ZJ_TIME_TEXT];
    struct zj_arena *arena = &desk->job->arena;
    const struct zj_case_type *type = zj_case_type_find(zj_arena_span(arena, zj_stmt_text(row, 1)));
    const char *key = zj_arena_span(arena, zj_stmt_text(row, 3));
    const struct zj_clock_rule *rule =
        type ? zj_clock_rule_find(desk->work, type->name, key) : NULL;
    const int64_t due = zj_stmt_int(row, 4);
    zj_date_format(zj_date_of_time(due * 1000), day);
    put_day(out, "case", day, zj_stmt_int(row, 0), type ? type->task : 0, zj_stmt_text(row, 6),
            zj_stmt_text(row, 7));
    zj_json_kspan(out, "type", zj_stmt_text(row, 1));
    zj_case_put_title(desk, type, zj_stmt_text(row, 2), zj_stmt_text(row, 9), out);
    zj_json_kspan(out, "state", zj_stmt_text(row, 8));
    zj_json_kspan(out, "side", zj_stmt_text(row, 5));
    zj_json_kstr(out, "key", key);
    zj_json_kstr(out, "zh", rule ? rule->zh : NULL);
    zj_json_kstr(out, "en", rule ? rule->en : NULL);
    zj_json_ktime(out, "due_at", due);
    zj_json_kbool(out, "is_overdue", due < zj_now_us(desk->job));
    zj_json_object_end(out);
}

static zj_err put_case_days(struct zj_desk *desk, int32_t from, int32_t to, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    const struct zj_work_who *who = &desk->who;
    const bool sees_all = who->is_bureau || who->sees_all;
    bool has_row;
    zj_err err = zj_store_prepare(
        desk->job, desk->store,
        "SELECT c.id, c.type, c.title, k.key, k.due_at, c.side, o.code, o.name, c.state, c.subject"
        " FROM work_case c JOIN work_clock k ON k.case_id = c.id AND k.met_at = 0"
        " LEFT JOIN reg_organisations o ON o.id = c.org_id"
        " WHERE c.due_at > 0 AND c.due_at < $2 AND k.due_at >= $1 AND k.due_at < $2"
        " AND c.closed_at = 0 AND (c.org_id = $3 OR $4 = 1)"
        " AND (c.submitted_at > 0 OR c.opener_side = $5) ORDER BY k.due_at, c.id LIMIT 2000",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, day_begins_us(from));
    zj_stmt_bind_int(stmt, 2, day_begins_us(to + 1));
    zj_stmt_bind_int(stmt, 3, who->org_id ? who->org_id : -1);
    zj_stmt_bind_int(stmt, 4, sees_all);
    zj_stmt_bind_str(stmt, 5, sees_all ? "bureau" : "company");
    while (!(err = zj_stmt_step(desk->job, stmt, &has_row)) && has_row)
        put_case_day(desk, stmt, out);
    return err;
}

static void put_duty_day(struct zj_desk *desk, const struct zj_stmt *row, struct zj_json *out)
{
    const char *day = zj_arena_span(&desk->job->arena, zj_stmt_text(row, 5));
    put_day(out, "duty", day, zj_stmt_int(row, 0), (int)zj_stmt_int(row, 2), zj_stmt_text(row, 8),
            zj_stmt_text(row, 9));
    zj_json_kspan(out, "duty", zj_stmt_text(row, 1));
    zj_json_kspan(out, "subject", zj_stmt_text(row, 3));
    zj_json_kspan(out, "title", zj_stmt_text(row, desk->job->lang == ZJ_ZH ? 6 : 7));
    zj_json_kspan(out, "state", zj_stmt_text(row, 4));
    zj_json_kspan(out, "zh", zj_stmt_text(row, 6));
    zj_json_kspan(out, "en", zj_stmt_text(row, 7));
    zj_json_kbool(out, "is_overdue", zj_span_eq_str(zj_stmt_text(row, 4), "overdue"));
    zj_json_object_end(out);
}

static zj_err put_duty_days(struct zj_desk *desk, int32_t from, int32_t to, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    const struct zj_work_who *who = &desk->who;
    char first[ZJ_TIME_TEXT], last[ZJ_TIME_TEXT];
    bool has_row;
    zj_err err = zj_store_prepare(
        desk->job, desk->store,
        zj_arena_printf(&desk->job->arena,
                        "SELECT d.id, d.rule, d.task, d.subject, d.state, d.due, d.why_zh,"
                        " d.why_en, o.code, o.name"
                        " FROM duty d LEFT JOIN reg_organisations o ON o.id = d.org_id"
                        " WHERE d.due >= $1 AND d.due <= $2 AND (d.org_id = $3 OR $4 = 1)"
                        " AND d.state IN ('open', 'due_soon', 'overdue')%s"
                        " ORDER BY d.due, d.id LIMIT 2000",
                        zj_duty_has_no_case),
        &stmt);
    if (err)
        return err;
    zj_date_format(from, first);
    zj_date_format(to, last);
    zj_stmt_bind_str(stmt, 1, first);
    zj_stmt_bind_str(stmt, 2, last);
    zj_stmt_bind_int(stmt, 3, who->org_id ? who->org_id : -1);
    zj_stmt_bind_int(stmt, 4, who->is_bureau || who->sees_all);
    while (!(err = zj_stmt_step(desk->job, stmt, &has_row)) && has_row)
        put_duty_day(desk, stmt, out);
    return err;
}

zj_err zj_work_calendar(struct zj_desk *desk, int32_t from, int32_t to, struct zj_json *out)
{
    zj_json_object(out);
    zj_json_key(out, "rows");
    zj_json_array(out);
    zj_err err = put_case_days(desk, from, to, out);
    if (!err)
        err = put_duty_days(desk, from, to, out);
    zj_json_array_end(out);
    zj_json_object_end(out);
    return err;
}
