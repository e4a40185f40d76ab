#include "register/register.h"

#include <stdio.h>

enum { LISTED = 10 };

/* Codes and names of companies, the first of them: "9111… 示例汽车, 9111… …". Rows are never
 * imported for a bureau without its code. */
static zj_err list_codes(struct zj_job *job, struct zj_store *store, int64_t *out_count,
                         int64_t *out_first, struct zj_buf *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row = false;
    int64_t count = 0;
    zj_err err = zj_store_prepare(
        job, store,
        "SELECT o.id, o.code, SUBSTR(o.name, 1, 20), COUNT(*) OVER () FROM reg_organisations o "
        "WHERE o.deleted_at = 0 AND NOT EXISTS (SELECT 1 FROM reg_item i WHERE i.register = "
        "'organisations' AND i.row_id = o.id AND i.field = 'kinds' AND i.value = 'bureau') "
        "ORDER BY o.id LIMIT $1",
        &stmt);
    if (!err)
        zj_stmt_bind_int(stmt, 1, LISTED);
    while (!err && !(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        if (out->len)
            zj_buf_str(out, zj_tr(job, ", ", "、"));
        else
            *out_first = zj_stmt_int(stmt, 0);
        zj_buf_span(out, zj_stmt_text(stmt, 1));
        zj_buf_byte(out, ' ');
        zj_buf_span(out, zj_stmt_text(stmt, 2));
        count = zj_stmt_int(stmt, 3);
    }
    if (count > LISTED)
        zj_buf_str(out, " …");
    *out_count = count;
    return err;
}

static zj_err fail_without(struct zj_job *job)
{
    return zj_fail(job, ZJ_EUSAGE, "%s",
                   zj_tr(job, "no organisation yet: import organisations first",
                         "还没有单位，请先导入单位登记表"));
}

static zj_err find_only(struct zj_job *job, struct zj_store *store, int64_t *out_id)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf codes = {0};
    int64_t count = 0, first = 0;
    zj_err err = list_codes(job, store, &count, &first, &codes);
    if (!err && count == 0)
        err = fail_without(job);
    if (!err && count > 1)
        err = zj_fail(job, ZJ_EUSAGE,
                      zj_tr(job, "several organisations: say which with --org CODE (%s)",
                            "有多个单位，请用 --org 指明单位代码（%s）"),
                      zj_buf_cstr(&codes));
    if (!err)
        *out_id = first;
    return err;
}

static zj_err fail_unknown(struct zj_job *job, struct zj_store *store, const char *code)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf codes = {0};
    int64_t count = 0, first;
    zj_err err = list_codes(job, store, &count, &first, &codes);
    if (err)
        return err;
    if (count == 0)
        return fail_without(job);
    return zj_fail(job, ZJ_ENOTFOUND,
                   zj_tr(job, "no organisation %s; there are %s", "没有单位 %s，已有单位：%s"), code,
                   zj_buf_cstr(&codes));
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
        err = fail_unknown(job, store, code);
    if (!err)
        *out_id = zj_stmt_int(stmt, 0);
    return err;
}

zj_err zj_org_name(struct zj_job *job, struct zj_store *store, int64_t org_id,
                   const char **out_name, bool *out_is_synthetic)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT (SELECT name FROM reg_organisations WHERE id = $1),"
                                  " EXISTS (SELECT 1 FROM reg_organisations WHERE deleted_at = 0"
                                  " AND ($1 = 0 OR id = $1) AND name LIKE '%（合成数据）%')",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, org_id);
    err = zj_stmt_step(job, stmt, &has_row);
    if (err)
        return err;
    *out_name = zj_stmt_is_null(stmt, 0) ? zj_tr(job, "All organisations", "全部单位")
                                         : zj_arena_span(&job->arena, zj_stmt_text(stmt, 0));
    *out_is_synthetic = zj_stmt_int(stmt, 1);
    return ZJ_OK;
}
