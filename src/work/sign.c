/* 会签: an act that both bureaus must agree to. Which organisation is which bureau follows from its
 * name (packs/bureaus); where the store knows neither, any bureau's word is enough. */
#include "base/clock.h"
#include "work/case.h"

#define ANY_BUREAU "bureau"

static zj_err bureau_name_has(struct zj_desk *desk, int64_t org_id, const char *text, bool *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(
        desk->job, desk->store,
        "SELECT 1 FROM reg_organisations o JOIN reg_item i ON i.register = 'organisations'"
        " AND i.row_id = o.id AND i.field = 'kinds' AND i.value = 'bureau'"
        " WHERE o.deleted_at = 0 AND ($1 = 0 OR o.id = $1) AND o.name LIKE $2 LIMIT 1",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, org_id);
    zj_stmt_bind_str(stmt, 2, zj_arena_printf(&desk->job->arena, "%%%s%%", text));
    return zj_stmt_step(desk->job, stmt, out);
}

/* The roles whose word is needed, as bits of the pack's list; none where no bureau is known by its
 * name. */
static zj_err wanted(struct zj_desk *desk, unsigned *out_bits, int *out_own)
{
    zj_err err = ZJ_OK;
    *out_bits = 0;
    *out_own = -1;
    for (size_t i = 0; i < desk->work->bureau_count && !err; i++) {
        const char *name = desk->work->bureaus[i].name_has;
        bool is_there = false, is_own = false;
        err = bureau_name_has(desk, 0, name, &is_there);
        if (!err && is_there && desk->who.org_id)
            err = bureau_name_has(desk, desk->who.org_id, name, &is_own);
        if (is_there)
            *out_bits |= 1u << i;
        if (is_own)
            *out_own = (int)i;
    }
    return err;
}

static zj_err has_agreed(struct zj_desk *desk, const struct zj_case *c, const char *action,
                         const char *role, bool *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT 1 FROM work_sign WHERE case_id = $1 AND round = $2"
                                  " AND action = $3 AND role = $4 AND verdict = 'agree'"
                                  " AND is_void = 0",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, c->id);
    zj_stmt_bind_int(stmt, 2, c->round);
    zj_stmt_bind_str(stmt, 3, action);
    zj_stmt_bind_str(stmt, 4, role);
    return zj_stmt_step(desk->job, stmt, out);
}

static const char *role_name(const struct zj_desk *desk, unsigned bits, int own)
{
    return !bits ? ANY_BUREAU : own >= 0 ? desk->work->bureaus[own].role : "";
}

zj_err zj_bureau_role(struct zj_desk *desk, const char **out_role)
{
    unsigned bits;
    int own;
    zj_err err = wanted(desk, &bits, &own);
    if (!err)
        *out_role = role_name(desk, bits, own);
    return err;
}

/* The same for who is about to sign: an account of neither bureau may not. */
static zj_err role_of(struct zj_desk *desk, unsigned *out_bits, const char **out_role)
{
    int own;
    zj_err err = wanted(desk, out_bits, &own);
    if (!err)
        *out_role = role_name(desk, *out_bits, own);
    if (!err && !(*out_role)[0])
        return zj_fail(desk->job, ZJ_EFORBIDDEN, "%s",
                       zj_tr(desk->job, "both bureaus sign this; this account belongs to neither",
                             "该操作须由两个主管部门会签，当前账号不属于其中任何一个"));
    return err;
}

bool zj_role_owns(const char *own_fields, const char *role, const char *field)
{
    struct zj_span word;
    while (own_fields && zj_word_next(&own_fields, &word)) {
        const uint8_t *colon = memchr(word.at, ':', word.len);
        const size_t len = colon ? (size_t)(colon - word.at) : word.len;
        const bool is_his = !role || strcmp(role, ANY_BUREAU) == 0 ||
                            zj_span_eq_str(zj_span_part(word, 0, len), role);
        if (is_his && zj_span_eq_str(zj_span_part(word, len + 1, SIZE_MAX), field))
            return true;
    }
    return false;
}

zj_err zj_has_signed(struct zj_desk *desk, const struct zj_case *c, const char *action,
                     bool *out_has)
{
    unsigned bits;
    const char *role;
    zj_err err = role_of(desk, &bits, &role);
    if (err == ZJ_EFORBIDDEN) {
        zj_job_clear(desk->job);
        *out_has = true; /* there is nothing for him to sign */
        return ZJ_OK;
    }
    return err ? err : has_agreed(desk, c, action, role, out_has);
}

static zj_err add_verdict(struct zj_desk *desk, const struct zj_case *c, const char *action,
                          const char *role, bool refuses, int64_t now_us)
{
    int64_t id = 0;
    const struct zj_value values[] = {
        zj_value_int("case_id", c->id),     zj_value_int("round", c->round),
        zj_value_text("action", action),    zj_value_text("role", role),
        zj_value_text("verdict", refuses ? "refuse" : "agree"),
        zj_value_int("at", now_us),         zj_value_text("actor", desk->who.login),
        zj_value_int("is_void", 0),
    };
    return zj_work_row_put(desk, "work_sign", &id, true, c->org_id, values, ZJ_COUNT(values),
                           role);
}

zj_err zj_sign(struct zj_desk *desk, const struct zj_case *c, const char *action, bool refuses,
               int64_t now_us, bool *out_is_through)
{
    unsigned bits;
    const char *role;
    bool has = false;
    zj_err err = role_of(desk, &bits, &role);
    if (!err && !refuses)
        err = has_agreed(desk, c, action, role, &has);
    if (!err && has)
        return zj_fail(desk->job, ZJ_ECONFLICT, "%s",
                       zj_tr(desk->job, "this bureau has agreed already; the other has not yet",
                             "本部门已同意，尚待另一部门会签"));
    if (!err)
        err = add_verdict(desk, c, action, role, refuses, now_us);
    *out_is_through = !refuses;
    for (size_t i = 0; i < desk->work->bureau_count && !err && *out_is_through; i++)
        if (bits & 1u << i)
            err = has_agreed(desk, c, action, desk->work->bureaus[i].role, out_is_through);
    return err;
}

static zj_err void_one(struct zj_desk *desk, const struct zj_case *c, struct zj_stmt *row)
{
    int64_t id = zj_stmt_int(row, 0);
    struct zj_arena *arena = &desk->job->arena;
    const struct zj_value values[] = {
        zj_value_int("case_id", c->id),
        zj_value_int("round", zj_stmt_int(row, 1)),
        zj_value_text("action", zj_arena_span(arena, zj_stmt_text(row, 2))),
        zj_value_text("role", zj_arena_span(arena, zj_stmt_text(row, 3))),
        zj_value_text("verdict", zj_arena_span(arena, zj_stmt_text(row, 4))),
        zj_value_int("at", zj_stmt_int(row, 5)),
        zj_value_text("actor", zj_arena_span(arena, zj_stmt_text(row, 6))),
        zj_value_int("is_void", 1),
    };
    return zj_work_row_put(desk, "work_sign", &id, false, c->org_id, values, ZJ_COUNT(values),
                           "void");
}

zj_err zj_signs_void(struct zj_desk *desk, const struct zj_case *c)
{
    zj_err err = ZJ_OK;
    bool has_row = true;
    while (!err && has_row) { /* one at a time: the statement reads what the update writes */
        struct zj_stmt *stmt = NULL;
        err = zj_store_prepare(desk->job, desk->store,
                               "SELECT id, round, action, role, verdict, at, actor FROM work_sign"
                               " WHERE case_id = $1 AND is_void = 0 LIMIT 1",
                               &stmt);
        if (err)
            return err;
        zj_stmt_bind_int(stmt, 1, c->id);
        err = zj_stmt_step(desk->job, stmt, &has_row);
        if (!err && has_row)
            err = void_one(desk, c, stmt);
        zj_stmt_release(stmt);
    }
    return err;
}

static void put_role(struct zj_desk *desk, struct zj_span role, struct zj_json *out)
{
    zj_json_kspan(out, "role", role);
    for (size_t i = 0; i < desk->work->bureau_count; i++)
        if (zj_span_eq_str(role, desk->work->bureaus[i].role)) {
            zj_json_kstr(out, "zh", desk->work->bureaus[i].zh);
            zj_json_kstr(out, "en", desk->work->bureaus[i].en);
            return;
        }
    zj_json_kstr(out, "zh", "主管部门");
    zj_json_kstr(out, "en", "Bureau");
}

zj_err zj_signs_put(struct zj_desk *desk, const struct zj_case *c, unsigned party,
                    struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    /* while the bureaus have the case, who of them has said what is theirs to know */
    const bool hides_current = party != ZJ_PARTY_BUREAU && c->state->side == ZJ_PARTY_BUREAU;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT role, verdict, at, actor, round, action, is_void"
                                  " FROM work_sign WHERE case_id = $1 AND is_void >= $2"
                                  " ORDER BY id",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, c->id);
    zj_stmt_bind_int(stmt, 2, hides_current);
    zj_json_array(out);
    while (!(err = zj_stmt_step(desk->job, stmt, &has_row)) && has_row) {
        zj_json_object(out);
        put_role(desk, zj_stmt_text(stmt, 0), out);
        zj_json_kspan(out, "verdict", zj_stmt_text(stmt, 1));
        zj_json_ktime(out, "at", zj_stmt_int(stmt, 2));
        zj_json_kspan(out, "actor", zj_stmt_text(stmt, 3));
        zj_json_kint(out, "round", zj_stmt_int(stmt, 4));
        zj_json_kspan(out, "action", zj_stmt_text(stmt, 5));
        zj_json_kbool(out, "is_current", !zj_stmt_int(stmt, 6));
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    return err;
}
