/* The resource pool beside the gaps: which published items say that they solve a gap's task or"
            " rule, and
 * how many open gaps an item fits (task 17). */
#include "plan/plan.h"

#define SOLVES "i.register = 'pool_items' AND i.field = 'solves'"

/* ZJ_ENOTFOUND where the scope does not see $1. */
static zj_err must_see(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                       const char *sql, int64_t id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *row = NULL;
    bool has_row = false;
    zj_err err = zj_store_prepare(job, store, sql, &row);
    if (err)
        return err;
    zj_stmt_bind_int(row, 1, id);
    zj_stmt_bind_int(row, 2, scope->sees_all);
    zj_stmt_bind_int(row, 3, scope->org_id);
    err = zj_stmt_step(job, row, &has_row);
    return err || has_row ? err : ZJ_ENOTFOUND;
}

zj_err zj_plan_pool_of_gap(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                           int64_t gap_id, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *rows = NULL;
    bool has_row = false;
    zj_err err = must_see(job, store, scope,
                          "SELECT 1 FROM gap WHERE id = $1 AND ($2 = 1 OR org_id = $3)", gap_id);
    if (!err)
        err = zj_store_prepare(
            job, store,
            "SELECT DISTINCT p.id, p.code, p.title, p.kind, COALESCE(o.name, ''),"
        " COALESCE(p.contact, '') FROM gap g JOIN reg_item i ON " SOLVES
            " AND i.value IN (g.rule, 'T' || g.task) JOIN reg_pool_items p ON p.id = i.row_id AND"
            " p.deleted_at = 0 AND p.published_on IS NOT NULL LEFT JOIN reg_organisations o ON"
            " o.id = p.org_id WHERE g.id = $1 AND ($2 = 1 OR g.org_id = $3) ORDER BY p.id LIMIT 50",
            &rows);
    if (err)
        return err;
    zj_stmt_bind_int(rows, 1, gap_id);
    zj_stmt_bind_int(rows, 2, scope->sees_all);
    zj_stmt_bind_int(rows, 3, scope->org_id);
    zj_json_object(out);
    zj_json_key(out, "rows");
    zj_json_array(out);
    while (!(err = zj_stmt_step(job, rows, &has_row)) && has_row) {
        static const char *const names[] = {"code", "title", "kind", "org_name", "contact"};
        zj_json_object(out);
        zj_json_kint(out, "id", zj_stmt_int(rows, 0));
        for (size_t i = 0; i < ZJ_COUNT(names); i++)
            zj_json_kspan(out, names[i], zj_stmt_text(rows, (int)i + 1));
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    zj_json_object_end(out);
    return err;
}

zj_err zj_plan_gaps_of_pool(struct zj_job *job, struct zj_store *store,
                            const struct zj_scope *scope, int64_t item_id, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *rows = NULL;
    bool has_row = false;
    int64_t total = 0;
    zj_err err = must_see(job, store, scope,
                          "SELECT 1 FROM reg_pool_items WHERE id = $1 AND deleted_at = 0 AND"
                          " ($2 = 1 OR org_id = $3 OR published_on IS NOT NULL)",
                          item_id);
    if (!err)
        err = zj_store_prepare(
            job, store,
            "SELECT g.task, g.rule, COUNT(*) FROM gap g WHERE g.state = 'open' AND ($2 = 1 OR"
            " g.org_id = $3) AND EXISTS (SELECT 1 FROM reg_item i WHERE"
            " " SOLVES " AND i.row_id = $1 AND i.value IN (g.rule, 'T' || g.task))"
            " GROUP BY g.task, g.rule ORDER BY g.task, g.rule",
            &rows);
    if (err)
        return err;
    zj_stmt_bind_int(rows, 1, item_id);
    zj_stmt_bind_int(rows, 2, scope->sees_all);
    zj_stmt_bind_int(rows, 3, scope->org_id);
    zj_json_object(out);
    zj_json_key(out, "rows");
    zj_json_array(out);
    while (!(err = zj_stmt_step(job, rows, &has_row)) && has_row) {
        zj_json_object(out);
        zj_json_kint(out, "task", zj_stmt_int(rows, 0));
        zj_json_kspan(out, "rule", zj_stmt_text(rows, 1));
        zj_json_kint(out, "gaps", zj_stmt_int(rows, 2));
        zj_json_object_end(out);
        total += zj_stmt_int(rows, 2);
    }
    zj_json_array_end(out);
    zj_json_kint(out, "total", total);
    zj_json_object_end(out);
    return err;
}
