#include "register/register.h"

#include <stdio.h>

static zj_err find_only(struct zj_job *job, struct zj_store *store, int64_t *out_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(
        job, store,
        "SELECT COUNT(*), MIN(o.id) FROM reg_organisations o WHERE o.deleted_at = 0 AND NOT EXISTS "
        "(SELECT 1 FROM reg_item i WHERE i.register = 'organisations' AND i.row_id = o.id AND "
        "i.field = 'kinds' AND i.value = 'bureau')",
        &stmt);
    if (!err)
        err = zj_stmt_step(job, stmt, &has_row);
    if (err)
        return err;
    if (zj_stmt_int(stmt, 0) == 0)
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "no organisation yet: import organisations first",
                             "还没有单位，请先导入单位登记表"));
    if (zj_stmt_int(stmt, 0) > 1)
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "several organisations: say whose rows these are with --org CODE",
                             "有多个单位，请用 --org 指明这些记录属于哪个单位"));
    *out_id = zj_stmt_int(stmt, 1);
    return ZJ_OK;
}

zj_err zj_org_find(struct zj_job *job, struct zj_store *store, const char *code, int64_t *out_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row = false;
    if (!code)
        return find_only(job, store, out_id);
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT id FROM reg_organisations WHERE code = $1 "
                                  "AND deleted_at = 0",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, code);
    err = zj_stmt_step(job, stmt, &has_row);
    if (!err && !has_row)
        err = zj_fail(job, ZJ_ENOTFOUND,
                      zj_tr(job, "no organisation %s; import organisations first",
                            "没有单位 %s，请先导入单位登记表"),
                      code);
    if (!err)
        *out_id = zj_stmt_int(stmt, 0);
    return err;
}
