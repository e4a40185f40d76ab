/* The form of a case: a row of a register. */
#include <stdio.h>

#include "work/case.h"

enum { FORM_BYTES_MAX = 4 << 20 };

void zj_desk_clear(struct zj_desk *desk)
{
    desk->fault_count = 0;
    desk->fault_register = NULL;
    desk->link = (struct zj_work_link){0};
}

void zj_desk_fault(struct zj_desk *desk, const struct zj_register *reg, int field, const char *en,
                   const char *zh)
{
    if (desk->fault_count == ZJ_WORK_FAULTS_MAX)
        return;
    struct zj_row_fault *fault = &desk->faults[desk->fault_count++];
    desk->fault_register = reg;
    *fault = (struct zj_row_fault){.field = field};
    snprintf(fault->en, sizeof fault->en, "%s", en);
    snprintf(fault->zh, sizeof fault->zh, "%s", zh);
}

int zj_form_field(const struct zj_register *reg, const char *name)
{
    for (size_t i = 0; i < reg->field_count; i++)
        if (strcmp(reg->fields[i].name, name) == 0)
            return (int)i;
    return -1;
}

zj_err zj_form_read(struct zj_desk *desk, const struct zj_case *c, struct zj_jdoc **out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    const struct zj_scope all = {.sees_all = true, .sees_personal = true};
    zj_err err = zj_register_get(desk->job, desk->store, &all, c->reg, c->row_id, &j);
    return err ? err : zj_jdoc_parse(desk->job, zj_buf_all(&text), FORM_BYTES_MAX, out);
}

const char *zj_form_text(struct zj_desk *desk, const struct zj_jdoc *form, const char *field)
{
    const struct zj_jval *value = zj_jval_get(zj_jdoc_root(form), field);
    if (zj_jval_type(value) == ZJ_J_NUMBER)
        return zj_arena_printf(&desk->job->arena, "%.15g", zj_jval_num(value, 0));
    if (zj_jval_type(value) == ZJ_J_BOOL)
        return zj_jval_bool(value, false) ? "yes" : "no";
    return zj_arena_strdup(&desk->job->arena, zj_jval_cstr(value, ""));
}

static bool read_fields(struct zj_desk *desk, const struct zj_register *reg,
                        const struct zj_work_field *fields, size_t count, struct zj_span *cells)
{
    bool is_right = true;
    for (size_t i = 0; i < count; i++) {
        const int at = zj_form_field(reg, fields[i].name);
        char en[120], zh[120];
        if (at >= 0 && at < ZJ_WORK_FIELDS_MAX) {
            cells[at] = fields[i].value.at ? fields[i].value : ZJ_SPAN_LIT("");
            continue;
        }
        snprintf(en, sizeof en, "no field '%.60s'", fields[i].name);
        snprintf(zh, sizeof zh, "没有字段“%.60s”", fields[i].name);
        zj_desk_fault(desk, reg, -1, en, zh);
        is_right = false;
    }
    return is_right;
}

zj_err zj_form_write(struct zj_desk *desk, const struct zj_register *reg, int64_t org_id,
                     int64_t *row_id, const struct zj_work_field *fields, size_t count)
{
    struct zj_span cells[ZJ_WORK_FIELDS_MAX] = {0};
    size_t fault_count = 0;
    zj_desk_clear(desk);
    if (!read_fields(desk, reg, fields, count, cells))
        return zj_fail(desk->job, ZJ_EREFUSED, "%s",
                       zj_tr(desk->job, "the form has no such field", "表单没有该字段"));
    desk->fault_register = reg;
    zj_err err = zj_register_set(desk->job, desk->store, reg, org_id, *row_id, cells, row_id,
                                 desk->faults, ZJ_WORK_FAULTS_MAX, &fault_count);
    desk->fault_count = fault_count;
    return err;
}

static void miss(struct zj_desk *desk, const struct zj_register *reg, int at)
{
    char en[200], zh[200];
    snprintf(en, sizeof en, "%.150s is missing", reg->fields[at].en);
    snprintf(zh, sizeof zh, "请填写%.150s", reg->fields[at].zh);
    zj_desk_fault(desk, reg, at, en, zh);
}

size_t zj_form_missing(struct zj_desk *desk, const struct zj_case *c, const struct zj_jdoc *form,
                       const char *list)
{
    const size_t before = desk->fault_count;
    for (size_t i = 0; i < c->reg->field_count; i++) {
        const struct zj_field *f = &c->reg->fields[i];
        const bool is_asked = list ? zj_word_in(list, f->name)
                                   : f->flags & (ZJ_FIELD_TO_SUBMIT | ZJ_FIELD_REQUIRED);
        if (is_asked && !zj_form_text(desk, form, f->name)[0])
            miss(desk, c->reg, (int)i);
    }
    return desk->fault_count - before;
}

zj_err zj_row_by_key(struct zj_desk *desk, const struct zj_register *reg, int64_t org_id,
                     const char *key, int64_t *out_id)
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
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  zj_arena_printf(&desk->job->arena,
                                                  "SELECT id FROM reg_%s WHERE org_id = $1 AND"
                                                  " %s = $2 AND deleted_at = 0",
                                                  reg->name, column),
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, org_id);
    zj_stmt_bind_str(stmt, 2, key);
    err = zj_stmt_step(desk->job, stmt, &has_row);
    if (!err && has_row)
        *out_id = zj_stmt_int(stmt, 0);
    return err;
}

const char *zj_text_in(struct zj_desk *desk, const struct zj_register *reg, int64_t org_id,
                       const char *key, const char *field)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *form = NULL;
    struct zj_case other = {.org_id = org_id, .reg = reg};
    if (zj_form_field(reg, field) < 0 ||
        zj_row_by_key(desk, reg, org_id, key, &other.row_id) || !other.row_id ||
        zj_form_read(desk, &other, &form))
        return "";
    return zj_form_text(desk, form, field);
}

/* "release.kind": by way of the field `release`, which refers to a row of another register. */
static const char *text_by_way(struct zj_desk *desk, const struct zj_case *c,
                               const struct zj_jdoc *form, const char *path)
{
    const char *dot = strchr(path, '.');
    if (!dot)
        return zj_form_text(desk, form, path);
    const char *name =
        zj_arena_span(&desk->job->arena, zj_span_of(path, (size_t)(dot - path)));
    const int at = zj_form_field(c->reg, name);
    const struct zj_register *reg =
        at >= 0 && c->reg->fields[at].refers ? zj_register_find(c->reg->fields[at].refers) : NULL;
    return reg ? zj_text_in(desk, reg, c->org_id, zj_form_text(desk, form, name), dot + 1) : "";
}

bool zj_when_is(struct zj_desk *desk, const struct zj_case *c, const struct zj_when *when,
                const struct zj_jdoc *form)
{
    for (size_t i = 0; i < when->count; i++) {
        const char *text = text_by_way(desk, c, form, when->of[i].field);
        if (!zj_word_in(when->of[i].words, text[0] ? text : "-"))
            return false;
    }
    return true;
}
