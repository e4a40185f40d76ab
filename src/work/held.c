/* Fields that a bureau gives with its verdict before the other has given one. They are kept beside the
 * form, for the bureaus to see, and written into it when both have spoken. */
#include "work/case.h"

enum { HELD_CHARS = 200, HELD_CHARS_NOTE = 4000 };

static zj_err sign_id(struct zj_act *act, int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(act->desk->job, act->desk->store,
                                  "SELECT max(id) FROM work_sign WHERE case_id = $1 AND action = $2"
                                  " AND is_void = 0",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, act->c->id);
    zj_stmt_bind_str(stmt, 2, act->action->name);
    err = zj_stmt_step(act->desk->job, stmt, &has_row);
    if (!err)
        *out = zj_stmt_int(stmt, 0);
    return err;
}

/* The form would refuse it later, when it is the other bureau's act. */
static zj_err check_length(struct zj_act *act, const struct zj_work_field *field)
{
    const int at = zj_form_field(act->c->reg, field->name);
    const struct zj_field *f = at < 0 ? NULL : &act->c->reg->fields[at];
    size_t chars = 0;
    for (size_t i = 0; i < field->value.len; i++)
        chars += (field->value.at[i] & 0xC0) != 0x80;
    const size_t max = !f               ? 0
                       : f->max_chars   ? f->max_chars
                       : f->type == ZJ_FIELD_NOTE ? HELD_CHARS_NOTE
                                        : HELD_CHARS;
    return chars <= max ? ZJ_OK
                        : zj_fail(act->desk->job, ZJ_EREFUSED,
                                  zj_tr(act->desk->job, "%zu characters, at most %zu",
                                        "共 %zu 个字符，不得超过 %zu 个"),
                                  chars, max);
}

zj_err zj_held_add(struct zj_act *act)
{
    int64_t sign = 0;
    zj_err err = sign_id(act, &sign);
    for (size_t i = 0; i < act->deed->field_count && !err; i++) {
        const struct zj_work_field *field = &act->deed->fields[i];
        const struct zj_value values[] = {
            zj_value_int("case_id", act->c->id),
            zj_value_int("sign_id", sign),
            zj_value_text("field", field->name),
            zj_value_text("value", zj_arena_span(&act->desk->job->arena, field->value)),
        };
        int64_t id = 0;
        err = check_length(act, field);
        if (!err)
            err = zj_work_row_put(act->desk, "work_held", &id, true, act->c->org_id, values,
                                  ZJ_COUNT(values), "hold");
    }
    return err;
}

zj_err zj_held_load(struct zj_desk *desk, const struct zj_case *c, struct zj_work_field *out,
                    size_t *out_count)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct zj_arena *arena = &desk->job->arena;
    bool has_row = true;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT h.field, h.value FROM work_held h JOIN work_sign s ON"
                                  " s.id = h.sign_id AND s.is_void = 0 WHERE h.case_id = $1"
                                  " ORDER BY h.id",
                                  &stmt);
    *out_count = 0;
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, c->id);
    while (*out_count < ZJ_WORK_FIELDS_MAX &&
           !(err = zj_stmt_step(desk->job, stmt, &has_row)) && has_row) {
        out[*out_count].name = zj_arena_span(arena, zj_stmt_text(stmt, 0));
        out[(*out_count)++].value =
            zj_span_str(zj_arena_span(arena, zj_stmt_text(stmt, 1)));
    }
    return err;
}

/* What was held, then what comes with the word that decides. */
zj_err zj_held_write(struct zj_act *act)
{
    struct zj_work_field fields[ZJ_WORK_FIELDS_MAX];
    size_t count = 0;
    zj_err err = zj_held_load(act->desk, act->c, fields, &count);
    for (size_t i = 0; i < act->deed->field_count && count < ZJ_WORK_FIELDS_MAX; i++)
        fields[count++] = act->deed->fields[i];
    if (err || !count)
        return err;
    err = zj_form_write(act->desk, act->c->reg, act->c->org_id, &act->c->row_id, fields, count);
    if (err)
        return err;
    zj_jdoc_free(act->form);
    act->form = NULL;
    return zj_form_read(act->desk, act->c, &act->form);
}
