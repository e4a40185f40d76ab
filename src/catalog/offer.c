#include "catalog/offer.h"

void zj_offer_release(struct zj_offer *offer)
{
    zj_buf_release(&offer->others);
}

/* --- while a run writes --------------------------------------------------------------------------
 */
/* What people said of the column's proposals, by the place of each in them. */
struct said {
    bool is_rejected[ZJ_INV_PROPOSALS_MAX];
    size_t last; /* the one that was rejected last; ZJ_INV_PROPOSALS_MAX: none */
};

/* Rules that changed and give the type another grade ask again. The same file met as part of
 * another source is the same column. */
static zj_err read_said(struct zj_job *job, struct zj_store *store, int64_t object_id,
                        const char *rules, const struct zj_inv_column *col, struct said *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    *out = (struct said){.last = ZJ_INV_PROPOSALS_MAX};
    zj_err err = zj_store_prepare(
        job, store,
        "SELECT v.proposed_type, v.proposed_grade, v.verdict, v.rules FROM inv_object o JOIN "
        "inv_object d ON d.org_id = o.org_id AND d.path = o.path AND (d.id = o.id OR (substr("
        "o.path, 1, length(o.source)) = o.source AND substr(d.path, 1, length(d.source)) = "
        "d.source)) JOIN inv_column c ON c.object_id = d.id AND c.name = $2 JOIN inv_verdict v ON "
        "v.column_id = c.id WHERE o.id = $1 ORDER BY v.id",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, object_id);
    zj_stmt_bind_str(stmt, 2, col->name);
    while (!err && !(err = zj_stmt_step(job, stmt, &has_row)) && has_row)
        for (size_t i = 0; i < col->proposal_count; i++) {
            const struct zj_inv_proposal *p = &col->proposals[i];
            if (!zj_span_eq_str(zj_stmt_text(stmt, 0), p->type))
                continue;
            out->is_rejected[i] =
                zj_span_eq_str(zj_stmt_text(stmt, 2), "reject") &&
                (zj_stmt_int(stmt, 1) == p->grade || zj_span_eq_str(zj_stmt_text(stmt, 3), rules));
            if (out->is_rejected[i])
                out->last = i;
        }
    return err;
}

zj_err zj_offer_pick(struct zj_job *job, struct zj_store *store, int64_t object_id,
                     const char *rules, const struct zj_inv_column *col, struct zj_offer *out)
{
    struct said said;
    const zj_err err = read_said(job, store, object_id, rules, col, &said);
    if (err)
        return err;
    const bool is_any = said.last < ZJ_INV_PROPOSALS_MAX;
    for (size_t i = 0; i < col->proposal_count; i++) {
        const struct zj_inv_proposal *p = &col->proposals[i];
        if (said.is_rejected[i] || (p->state == ZJ_INV_SUSPECTED && (is_any || out->first)))
            continue;
        if (out->first)
            zj_buf_printf(&out->others, "%s%s", out->others.len ? ";" : "", p->type);
        else
            out->first = p;
    }
    out->is_next = is_any && out->first;
    if (!out->first && col->proposal_count)
        out->first = &col->proposals[is_any ? said.last : 0];
    return ZJ_OK;
}

/* --- when a person decides -----------------------------------------------------------------------
 */
static zj_err put_next(struct zj_job *job, struct zj_store *store, int64_t column_id,
                       const char *type, const char *others, const struct zj_inv_class *class)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    const zj_err err = zj_store_prepare(
        job, store,
        "UPDATE inv_column SET why = $8, why_zh = $9, type = $2, state = 'contains', category = $4, "
        "grade = $5, is_personal = $6, is_sensitive = $7, ratio = 0, bound = 0, samples = '', "
        "subjects = "
        "COALESCE((SELECT s.subjects FROM inv_subject s WHERE s.object_id = inv_column.object_id "
        "AND s.type = $2), 0), others = $3, verdict = '', verdict_id = 0, final_type = $2, "
        "final_grade = $5, final_category = $4, final_personal = $6, final_sensitive = $7, "
        "is_offered = 1 WHERE id = $1",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, column_id);
    zj_stmt_bind_str(stmt, 2, type);
    zj_stmt_bind_str(stmt, 3, others);
    zj_stmt_bind_str(stmt, 4, class->id);
    zj_stmt_bind_int(stmt, 5, class->grade);
    zj_stmt_bind_int(stmt, 6, class->is_personal);
    zj_stmt_bind_int(stmt, 7, class->is_sensitive);
    zj_stmt_bind_str(stmt, 8, "held besides a type that was rejected");
    zj_stmt_bind_str(stmt, 9, "同列所含的另一类型，此前的类型已驳回");
    return zj_stmt_run(job, stmt);
}

zj_err zj_offer_next(struct zj_job *job, struct zj_store *store,
                     const struct zj_inv_classes *classes, int64_t column_id, bool *out_is_next)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct zj_inv_class class;
    bool has_row = false;
    *out_is_next = false;
    zj_err err = zj_store_prepare(
        job, store, "SELECT others FROM inv_column WHERE id = $1 AND others <> ''", &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, column_id);
    err = zj_stmt_step(job, stmt, &has_row);
    if (err || !has_row)
        return err;
    char *type = zj_arena_span(&job->arena, zj_stmt_text(stmt, 0));
    char *end = strchr(type, ';');
    const char *others = end ? end + 1 : "";
    if (end)
        *end = '\0';
    if (!zj_inv_class_of(classes, type, &class))
        return ZJ_OK;
    *out_is_next = true;
    return put_next(job, store, column_id, type, others, &class);
}
