#include "register/refer.h"

#include <stdio.h>

void zj_refs_release(struct zj_refs *refs)
{
    for (size_t i = 0; i < ZJ_FIELDS_MAX; i++)
        zj_stmt_release(refs->find[i]);
    *refs = (struct zj_refs){0};
}

static zj_err find_target(struct zj_job *job, struct zj_store *store, const struct zj_register *to,
                          struct zj_stmt **find, int64_t org_id, struct zj_span key,
                          bool *out_found)
{
    char sql[200];
    zj_err err = ZJ_OK;
    snprintf(sql, sizeof sql, "SELECT 1 FROM reg_%s WHERE %s%s = $1 AND deleted_at = 0", to->name,
             to->is_global ? "" : "org_id = $2 AND ", to->fields[zj_register_key(to)].name);
    if (!*find)
        err = zj_store_prepare(job, store, sql, find);
    if (err)
        return err;
    zj_stmt_bind_span(*find, 1, key);
    if (!to->is_global)
        zj_stmt_bind_int(*find, 2, org_id);
    err = zj_stmt_step(job, *find, out_found);
    zj_stmt_reset(*find);
    return err;
}

zj_err zj_refs_check(struct zj_job *job, struct zj_store *store, struct zj_refs *refs,
                     const struct zj_register *reg, int64_t org_id, struct zj_draft *draft)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < reg->field_count && !err; i++) {
        const struct zj_field *f = &reg->fields[i];
        const struct zj_register *to = f->refers ? zj_register_find(f->refers) : NULL;
        bool is_found = false;
        if (!to || draft->cells[i].len == 0)
            continue;
        err = find_target(job, store, to, &refs->find[i], org_id, draft->cells[i], &is_found);
        if (err || is_found)
            continue;
        char en[200], zh[200];
        snprintf(en, sizeof en, "no row of '%s' has this code: add it there, or correct it",
                 to->en);
        snprintf(zh, sizeof zh, "“%s”登记表中没有该编号，请先登记或更正。", to->zh);
        zj_row_fault_add(&draft->faults, (int)i, true, en, zh);
    }
    return err;
}
