/* For guards and effects of case types: reading and writing the form, and rows of other registers
 * that belong together with it. */
#include <stdio.h>

#include "base/clock.h"
#include "work/case.h"

const char *zj_act_text(struct zj_act *act, const char *field)
{
    return zj_form_text(act->desk, act->form, field);
}

bool zj_act_is(struct zj_act *act, const char *field, const char *value)
{
    return strcmp(zj_act_text(act, field), value) == 0;
}

const char *zj_act_today(struct zj_act *act)
{
    char text[ZJ_TIME_TEXT];
    zj_date_format(zj_date_of_time(act->now_us * 1000), text);
    return zj_arena_strdup(&act->desk->job->arena, text);
}

zj_err zj_act_refuse(struct zj_act *act, const char *en, const char *zh)
{
    return zj_fail(act->desk->job, ZJ_EREFUSED, "%s", zj_tr(act->desk->job, en, zh));
}

zj_err zj_act_set(struct zj_act *act, const char *field, const char *text)
{
    const struct zj_work_field one = {field, zj_span_str(text)};
    struct zj_jdoc *form = NULL;
    zj_err err =
        zj_form_write(act->desk, act->c->reg, act->c->org_id, &act->c->row_id, &one, 1);
    if (!err)
        err = zj_form_read(act->desk, act->c, &form);
    if (err)
        return err;
    zj_jdoc_free(act->form);
    act->form = form;
    return ZJ_OK;
}

/* 0: there is none. */
static zj_err row_by_key(struct zj_act *act, const struct zj_register *reg, const char *key,
                         int64_t *out_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    const char *column = NULL;
    bool has_row;
    *out_id = 0;
    for (size_t i = 0; i < reg->field_count; i++)
        if (reg->fields[i].flags & ZJ_FIELD_KEY)
            column = reg->fields[i].name;
    if (!column || !key[0])
        return ZJ_OK;
    zj_err err = zj_store_prepare(act->desk->job, act->desk->store,
                                  zj_arena_printf(&act->desk->job->arena,
                                                  "SELECT id FROM reg_%s WHERE org_id = $1 AND"
                                                  " %s = $2 AND deleted_at = 0",
                                                  reg->name, column),
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, act->c->org_id);
    zj_stmt_bind_str(stmt, 2, key);
    err = zj_stmt_step(act->desk->job, stmt, &has_row);
    if (!err && has_row)
        *out_id = zj_stmt_int(stmt, 0);
    return err;
}

zj_err zj_act_set_in(struct zj_act *act, const char *reg_name, const char *key,
                     const struct zj_work_field *fields, size_t count)
{
    const struct zj_register *reg = zj_register_find(reg_name);
    int64_t id = 0;
    zj_err err = reg ? row_by_key(act, reg, key, &id) : ZJ_OK;
    if (err || !id)
        return err;
    err = zj_form_write(act->desk, reg, act->c->org_id, &id, fields, count);
    return err ? zj_fail(act->desk->job, err, "%s %s",
                         zj_tr(act->desk->job, reg->en, reg->zh), key)
               : ZJ_OK;
}

const char *zj_act_text_in(struct zj_act *act, const char *reg_name, const char *key,
                           const char *field)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *form = NULL;
    struct zj_case other = {.org_id = act->c->org_id, .reg = zj_register_find(reg_name)};
    if (!other.reg || zj_form_field(other.reg, field) < 0 ||
        row_by_key(act, other.reg, key, &other.row_id) || !other.row_id ||
        zj_form_read(act->desk, &other, &form))
        return "";
    return zj_form_text(act->desk, form, field);
}

zj_err zj_act_count_in(struct zj_act *act, const char *reg_name, const char *field,
                       const char *value, const char *empty, int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    const struct zj_register *reg = zj_register_find(reg_name);
    bool has_row;
    *out = 0;
    if (!reg || zj_form_field(reg, field) < 0 || (empty && zj_form_field(reg, empty) < 0))
        return ZJ_OK;
    zj_err err = zj_store_prepare(
        act->desk->job, act->desk->store,
        zj_arena_printf(&act->desk->job->arena,
                        "SELECT count(*) FROM reg_%s WHERE org_id = $1 AND %s = $2 AND"
                        " deleted_at = 0 AND COALESCE(%s, '') = ''",
                        reg->name, field, empty ? empty : "NULL"),
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, act->c->org_id);
    zj_stmt_bind_str(stmt, 2, value);
    err = zj_stmt_step(act->desk->job, stmt, &has_row);
    if (!err)
        *out = zj_stmt_int(stmt, 0);
    return err;
}
