/* What happened to a case, who was told, and remarks on its fields. */
#include "base/clock.h"
#include "work/common.h"
#include "work/rows.h"

enum { COMMENTS_MAX = 2000 };

zj_err zj_event_add(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                    const char *action, const char *from_state, const char *note,
                    int64_t snapshot_id, int64_t now_us)
{
    int64_t id = 0;
    const struct zj_value values[] = {
        zj_value_int("case_id", c->id),
        zj_value_int("org_id", desk->who.org_id),
        zj_value_int("at", now_us),
        zj_value_text("actor", desk->who.login),
        zj_value_text("side", zj_side_name(c, party)),
        zj_value_text("action", action),
        zj_value_text("from_state", from_state),
        zj_value_text("to_state", c->state->name),
        zj_value_text("note", note),
        zj_value_int("snapshot_id", snapshot_id),
        zj_value_int("round", c->round),
    };
    return zj_work_row_put(desk, "work_event", &id, true, c->org_id, values, ZJ_COUNT(values),
                           action);
}

zj_err zj_notice_add(struct zj_desk *desk, const struct zj_case *c, unsigned side,
                     const char *login, const char *kind, int64_t now_us)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "INSERT INTO work_notice"
                                  " (case_id, org_id, login, side, kind, at, read_at)"
                                  " VALUES ($1, $2, $3, $4, $5, $6, 0)",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, c->id);
    zj_stmt_bind_int(stmt, 2, side == ZJ_PARTY_COMPANY ? c->org_id : 0);
    zj_stmt_bind_str(stmt, 3, login);
    zj_stmt_bind_str(stmt, 4, zj_party_name(side));
    zj_stmt_bind_str(stmt, 5, kind);
    zj_stmt_bind_int(stmt, 6, now_us);
    return zj_stmt_run(desk->job, stmt);
}

zj_err zj_work_notice_read(struct zj_desk *desk, int64_t notice_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    const struct zj_work_who *who = &desk->who;
    zj_err err = zj_store_begin(desk->job, desk->store);
    if (!err)
        err = zj_store_prepare(desk->job, desk->store,
                               "UPDATE work_notice SET read_at = $1 WHERE id = $2"
                               " AND (login = '' OR login = $3)"
                               " AND ((side = 'bureau' AND $4 = 1)"
                               "  OR (side = 'company' AND org_id = $5 AND $4 = 0)"
                               "  OR (side = 'expert' AND login = $3))",
                               &stmt);
    if (!err) {
        zj_stmt_bind_int(stmt, 1, zj_now_us(desk->job));
        zj_stmt_bind_int(stmt, 2, notice_id);
        zj_stmt_bind_str(stmt, 3, who->login);
        zj_stmt_bind_int(stmt, 4, who->is_bureau);
        zj_stmt_bind_int(stmt, 5, who->org_id);
        err = zj_stmt_run(desk->job, stmt);
    }
    if (!err && zj_store_changes(desk->store) == 0)
        err = zj_fail(desk->job, ZJ_ENOTFOUND, "%s",
                      zj_tr(desk->job, "no such notice", "没有该提醒"));
    return zj_store_end(desk->job, desk->store, err);
}

/* --- the timeline ------------------------------------------------------------------------------ */

/* What a side does within itself, the other does not see; experts answer to the bureau. */
static bool is_hidden(const struct zj_case *c, unsigned party, const char *action,
                      struct zj_span side, bool moved)
{
    const struct zj_case_action *known = zj_case_action_find(c->type, action);
    if (zj_span_eq_str(side, zj_side_name(c, party)))
        return false;
    if (known && known->flags & ZJ_ACT_SIGN && !moved)
        return true; /* one word of two */
    if (party == ZJ_PARTY_BUREAU && zj_span_eq_str(side, "expert"))
        return false;
    if (strcmp(action, "edit") == 0 || zj_span_eq_str(side, "expert"))
        return true;
    return known && known->flags & ZJ_ACT_INTERNAL;
}

static void put_event(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                      const struct zj_stmt *row, struct zj_json *out)
{
    struct zj_arena *arena = &desk->job->arena;
    const char *action = zj_arena_span(arena, zj_stmt_text(row, 4));
    const struct zj_case_action *known = zj_case_action_find(c->type, action);
    const bool moved = !zj_span_eq(zj_stmt_text(row, 5), zj_stmt_text(row, 6));
    if (is_hidden(c, party, action, zj_stmt_text(row, 3), moved))
        return;
    zj_json_object(out);
    zj_json_kint(out, "id", zj_stmt_int(row, 0));
    zj_json_ktime(out, "at", zj_stmt_int(row, 1));
    zj_json_kspan(out, "actor", zj_stmt_text(row, 2));
    zj_json_kspan(out, "side", zj_stmt_text(row, 3));
    zj_json_kstr(out, "action", action);
    zj_json_kstr(out, "zh",
                 known                         ? known->zh
                 : strcmp(action, "open") == 0 ? "发起"
                                               : "修改表单");
    zj_json_kstr(out, "en",
                 known                         ? known->en
                 : strcmp(action, "open") == 0 ? "Open"
                                               : "Change the form");
    zj_json_kspan(out, "from", zj_stmt_text(row, 5));
    zj_json_kspan(out, "to", zj_stmt_text(row, 6));
    zj_json_kspan(out, "note", zj_stmt_text(row, 7));
    zj_json_kint(out, "snapshot", zj_stmt_int(row, 8));
    zj_json_kint(out, "round", zj_stmt_int(row, 9));
    zj_json_object_end(out);
}

zj_err zj_work_timeline(struct zj_desk *desk, int64_t id, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct zj_case c;
    unsigned party = 0;
    bool has_row;
    zj_err err = zj_case_load(desk, id, &c, &party);
    if (!err)
        err = zj_store_prepare(desk->job, desk->store,
                               "SELECT e.id, e.at, e.actor, e.side, e.action, e.from_state,"
                               " e.to_state, e.note, COALESCE(s.n, 0), e.round FROM work_event e"
                               " LEFT JOIN work_snapshot s ON s.id = e.snapshot_id"
                               " WHERE e.case_id = $1 ORDER BY e.id",
                               &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    zj_json_object(out);
    zj_json_key(out, "rows");
    zj_json_array(out);
    while (!(err = zj_stmt_step(desk->job, stmt, &has_row)) && has_row)
        put_event(desk, &c, party, stmt, out);
    zj_json_array_end(out);
    zj_json_object_end(out);
    return err;
}

/* --- remarks ----------------------------------------------------------------------------------- */

zj_err zj_work_comments(struct zj_desk *desk, int64_t id, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct zj_case c;
    unsigned party = 0;
    zj_err err = zj_case_load(desk, id, &c, &party);
    if (!err)
        err = zj_store_prepare(desk->job, desk->store,
                               "SELECT id, field, at, actor, side, text, resolved_at"
                               " FROM work_comment WHERE case_id = $1"
                               " AND (side <> 'expert' OR $2 = 1) ORDER BY id",
                               &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    zj_stmt_bind_int(stmt, 2, party != ZJ_PARTY_COMPANY);
    static const struct zj_row_col cols[] = {
        {"id", ZJ_ROW_INT}, {"field", ZJ_ROW_TEXT}, {"at", ZJ_ROW_TIME}, {"actor", ZJ_ROW_TEXT},
        {"side", ZJ_ROW_TEXT}, {"text", ZJ_ROW_TEXT}, {"resolved_at", ZJ_ROW_TIME},
    };
    return zj_work_put_rows(desk->job, stmt, cols, ZJ_COUNT(cols), out);
}

static zj_err check_comment(struct zj_desk *desk, const struct zj_case *c, const char *field,
                            struct zj_span text)
{
    int64_t count = 0;
    if (!desk->who.may_act)
        return zj_fail(desk->job, ZJ_EFORBIDDEN, "%s",
                       zj_tr(desk->job, "this account may read only", "该账号只有查看权限"));
    if (zj_span_trim(text).len == 0 || text.len > ZJ_COMMENT_BYTES_MAX)
        return zj_fail(desk->job, ZJ_EREFUSED, "%s",
                       zj_tr(desk->job, "a remark is some text, of 8000 bytes at most",
                             "意见不能为空，且不超过 8000 字节"));
    if (field[0] && zj_form_field(c->reg, field) < 0)
        return zj_fail(desk->job, ZJ_EREFUSED,
                       zj_tr(desk->job, "no field '%.60s'", "没有字段“%.60s”"), field);
    zj_err err = zj_store_query_int(desk->job, desk->store,
                                    zj_arena_printf(&desk->job->arena,
                                                    "SELECT count(*) FROM work_comment"
                                                    " WHERE case_id = %lld",
                                                    (long long)c->id),
                                    0, &count);
    if (!err && count >= COMMENTS_MAX)
        err = zj_fail(desk->job, ZJ_ELIMIT, "%s",
                      zj_tr(desk->job, "a case holds 2000 remarks at most", "意见条数已达上限"));
    return err;
}

static zj_err put_comment(struct zj_desk *desk, const struct zj_case *c, int64_t *id,
                          const char *field, const char *actor, const char *side,
                          struct zj_span text, int64_t at, int64_t resolved_at)
{
    const bool is_new = *id == 0;
    const struct zj_value values[] = {
        zj_value_int("case_id", c->id),
        zj_value_text("field", field),
        zj_value_int("at", at),
        zj_value_text("actor", actor),
        zj_value_text("side", side),
        {.column = "text", .type = ZJ_VALUE_TEXT, .bytes = text},
        zj_value_int("resolved_at", resolved_at),
    };
    return zj_work_row_put(desk, "work_comment", id, is_new, c->org_id, values, ZJ_COUNT(values),
                           field);
}

zj_err zj_work_comment(struct zj_desk *desk, int64_t id, const char *field, struct zj_span text,
                       int64_t *out_comment)
{
    struct zj_case c;
    unsigned party = 0;
    int64_t comment = 0;
    const int64_t now_us = zj_now_us(desk->job);
    field = field ? field : "";
    zj_err err = zj_store_begin(desk->job, desk->store);
    if (!err)
        err = zj_case_load(desk, id, &c, &party);
    if (!err)
        err = check_comment(desk, &c, field, text);
    if (!err)
        err = put_comment(desk, &c, &comment, field, desk->who.login, zj_side_name(&c, party), text,
                          now_us, 0);
    err = zj_store_end(desk->job, desk->store, err);
    if (!err)
        *out_comment = comment;
    return err;
}

static zj_err resolve_now(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                          int64_t comment_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct zj_arena *arena = &desk->job->arena;
    bool has_row;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT field, at, actor, side, text FROM work_comment"
                                  " WHERE id = $1 AND case_id = $2 AND (side <> 'expert' OR $3 = 1)",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, comment_id);
    zj_stmt_bind_int(stmt, 2, c->id);
    zj_stmt_bind_int(stmt, 3, party != ZJ_PARTY_COMPANY);
    err = zj_stmt_step(desk->job, stmt, &has_row);
    if (!err && !has_row)
        return zj_fail(desk->job, ZJ_ENOTFOUND, "%s",
                       zj_tr(desk->job, "no such remark", "没有该意见"));
    if (err)
        return err;
    return put_comment(desk, c, &comment_id, zj_arena_span(arena, zj_stmt_text(stmt, 0)),
                       zj_arena_span(arena, zj_stmt_text(stmt, 2)),
                       zj_arena_span(arena, zj_stmt_text(stmt, 3)),
                       zj_span_str(zj_arena_span(arena, zj_stmt_text(stmt, 4))),
                       zj_stmt_int(stmt, 1), zj_now_us(desk->job));
}

zj_err zj_work_resolve(struct zj_desk *desk, int64_t id, int64_t comment_id)
{
    struct zj_case c;
    unsigned party = 0;
    zj_err err = zj_store_begin(desk->job, desk->store);
    if (!err)
        err = zj_case_load(desk, id, &c, &party);
    if (!err && !desk->who.may_act)
        err = zj_fail(desk->job, ZJ_EFORBIDDEN, "%s",
                      zj_tr(desk->job, "this account may read only", "该账号只有查看权限"));
    if (!err)
        err = resolve_now(desk, &c, party, comment_id);
    return zj_store_end(desk->job, desk->store, err);
}
