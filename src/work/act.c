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

zj_err zj_act_set_today(struct zj_act *act, const char *field)
{
    return zj_act_text(act, field)[0] ? ZJ_OK : zj_act_set(act, field, zj_act_today(act));
}

zj_err zj_act_set_in(struct zj_act *act, const char *reg_name, const char *key,
                     const struct zj_work_field *fields, size_t count)
{
    const struct zj_register *reg = zj_register_find(reg_name);
    int64_t id = 0;
    zj_err err = reg ? zj_row_by_key(act->desk, reg, act->c->org_id, key, &id) : ZJ_OK;
    if (err || !id)
        return err;
    err = zj_form_write(act->desk, reg, act->c->org_id, &id, fields, count);
    return err ? zj_fail(act->desk->job, err, "%s %s",
                         zj_tr(act->desk->job, reg->en, reg->zh), key)
               : ZJ_OK;
}

zj_err zj_act_add_in(struct zj_act *act, const char *reg_name, const struct zj_work_field *fields,
                     size_t count)
{
    const struct zj_register *reg = zj_register_find(reg_name);
    int64_t id = 0;
    return reg ? zj_form_write(act->desk, reg, act->c->org_id, &id, fields, count) : ZJ_OK;
}

const char *zj_act_text_in(struct zj_act *act, const char *reg_name, const char *key,
                           const char *field)
{
    const struct zj_register *reg = zj_register_find(reg_name);
    return reg ? zj_text_in(act->desk, reg, act->c->org_id, key, field) : "";
}

zj_err zj_act_query(struct zj_act *act, const char *sql, const char *second, const char *third,
                    int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(act->desk->job, act->desk->store, sql, &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, act->c->org_id);
    if (second)
        zj_stmt_bind_str(stmt, 2, second);
    if (third)
        zj_stmt_bind_str(stmt, 3, third);
    err = zj_stmt_step(act->desk->job, stmt, &has_row);
    if (!err)
        *out = has_row ? zj_stmt_int(stmt, 0) : 0;
    return err;
}
