#include "register/refer.h"

#include <stdio.h>
#include <string.h>

#include "register/query.h"

void zj_refs_release(struct zj_refs *refs)
{
    for (size_t i = 0; i < ZJ_FIELDS_MAX; i++)
        zj_stmt_release(refs->find[i]);
    *refs = (struct zj_refs){0};
}

/* Finds the row of that key; where the two must agree in a field, what it holds there goes to
 * `out_where`. */
static zj_err find_target(struct zj_job *job, struct zj_store *store, const struct zj_register *to,
                          const char *where, struct zj_stmt **find, int64_t org_id,
                          struct zj_span key, struct zj_buf *out_where, bool *out_found)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    zj_err err = ZJ_OK;
    zj_buf_printf(&sql, "SELECT %s FROM reg_%s r WHERE %s = $1 AND deleted_at = 0",
                  where ? where : "1", to->name, to->fields[zj_register_key(to)].name);
    if (!to->is_global) {
        zj_buf_str(&sql, " AND ");
        zj_put_owned(to, 2, &sql);
    }
    if (!*find)
        err = zj_store_prepare(job, store, zj_buf_cstr(&sql), find);
    if (err)
        return err;
    zj_stmt_bind_span(*find, 1, key);
    if (!to->is_global)
        zj_stmt_bind_int(*find, 2, org_id);
    err = zj_stmt_step(job, *find, out_found);
    if (!err && *out_found && where)
        zj_buf_span(out_where, zj_stmt_text(*find, 0));
    zj_stmt_reset(*find);
    return err;
}

static struct zj_span cell_of(const struct zj_register *reg, const struct zj_draft *draft,
                              const char *name)
{
    for (size_t i = 0; i < reg->field_count; i++)
        if (strcmp(reg->fields[i].name, name) == 0)
            return draft->cells[i];
    return (struct zj_span){0};
}

static void tell_missing(const struct zj_register *to, size_t field, struct zj_draft *draft)
{
    char en[200], zh[200];
    snprintf(en, sizeof en, "no row of '%s' has this code: add it there, or correct it", to->en);
    snprintf(zh, sizeof zh, "“%s”登记表中没有该编号，请先登记或更正。", to->zh);
    zj_row_fault_add(&draft->faults, (int)field, true, en, zh);
}

/* A grading of another system, a contract with another partner. */
static void refuse_anothers(const struct zj_register *reg, const struct zj_register *to,
                            size_t field, struct zj_span theirs, struct zj_draft *draft)
{
    const struct zj_span own = cell_of(reg, draft, reg->fields[field].refers_where);
    char en[300], zh[300];
    if (!own.len || !theirs.len || zj_span_eq(own, theirs))
        return;
    snprintf(en, sizeof en, "this row of '%s' is of %.*s, not of %.*s: choose one of its own", to->en,
             (int)theirs.len, (const char *)theirs.at, (int)own.len,
             (const char *)own.at);
    snprintf(zh, sizeof zh, "该“%s”属于 %.*s，不属于 %.*s，请选择对应的记录。", to->zh,
             (int)theirs.len, (const char *)theirs.at, (int)own.len,
             (const char *)own.at);
    zj_row_fault_add(&draft->faults, (int)field, false, en, zh);
}

zj_err zj_refs_check(struct zj_job *job, struct zj_store *store, struct zj_refs *refs,
                     const struct zj_register *reg, int64_t org_id, struct zj_draft *draft)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < reg->field_count && !err; i++) {
        const struct zj_field *f = &reg->fields[i];
        const struct zj_register *to = f->refers ? zj_register_find(f->refers) : NULL;
        ZJ_AUTO(zj_buf_release) struct zj_buf theirs = {0};
        bool is_found = false;
        if (!to || draft->cells[i].len == 0)
            continue;
        err = find_target(job, store, to, f->refers_where, &refs->find[i], org_id, draft->cells[i],
                          &theirs, &is_found);
        if (!err && !is_found)
            tell_missing(to, i, draft);
        else if (!err && f->refers_where)
            refuse_anothers(reg, to, i, zj_buf_all(&theirs), draft);
    }
    return err;
}
