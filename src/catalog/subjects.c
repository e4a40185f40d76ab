/* One person in two files is one subject: sketches of numbers of the same type are merged, those of
 * different types never, since nobody knows which number belongs to whom. */
#include "catalog/subjects.h"
#include "catalog/rows.h"

static zj_err run_with(struct zj_job *job, struct zj_store *store, const char *sql, int64_t id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    const zj_err err = zj_store_prepare(job, store, sql, &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    return zj_stmt_run(job, stmt);
}

zj_err zj_subjects_put(struct zj_job *job, struct zj_store *store, int64_t object_id,
                       const struct zj_inv_object *object, bool is_part)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf packed = {0};
    zj_err err = ZJ_OK;
    if (!is_part) /* of parts the larger count stays */
        err = run_with(job, store, "DELETE FROM inv_subject WHERE object_id = $1", object_id);
    for (size_t i = 0; !err && i < object->sketch_count; i++) {
        ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
        const struct zj_inv_sketch *s = &object->sketches[i];
        packed.len = 0;
        zj_hll_pack(s->seen, &packed);
        err = zj_store_prepare(job, store,
                               "INSERT INTO inv_subject (object_id, type, subjects, sketch) VALUES "
                               "($1, $2, $3, $4) ON CONFLICT (object_id, type) DO UPDATE SET "
                               "subjects = excluded.subjects, sketch = excluded.sketch WHERE "
                               "excluded.subjects > inv_subject.subjects",
                               &stmt);
        if (err)
            break;
        zj_stmt_bind_int(stmt, 1, object_id);
        zj_stmt_bind_str(stmt, 2, s->type);
        zj_stmt_bind_int(stmt, 3, (int64_t)s->subjects);
        zj_stmt_bind_blob(stmt, 4, zj_buf_all(&packed));
        err = zj_stmt_run(job, stmt);
    }
    return err;
}

/* --- sources -------------------------------------------------------------------------------------
 */
struct group {
    char *source, *type; /* NULL: none yet */
    struct zj_inv_union all;
    struct zj_hll view; /* the view that shows the most: it may show the same as the rest */
    uint64_t view_subjects;
};

static uint64_t count_group(const struct group *g)
{
    const uint64_t count = zj_inv_union_count(&g->all);
    return count > g->view_subjects ? count : g->view_subjects;
}

static zj_err put_group(struct zj_job *job, struct zj_store *store, int64_t org_id,
                        const struct group *g)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf packed = {0};
    zj_err err = ZJ_OK;
    if (g->source)
        err = zj_store_prepare(job, store,
                               "INSERT INTO inv_source_subject (org_id, source, type, subjects, "
                               "sketch) VALUES ($1, $2, $3, $4, $5)",
                               &stmt);
    if (err || !g->source)
        return err;
    const uint64_t count = count_group(g);
    zj_hll_pack(count == g->view_subjects ? &g->view : &g->all.seen, &packed);
    zj_stmt_bind_int(stmt, 1, org_id);
    zj_stmt_bind_str(stmt, 2, g->source);
    zj_stmt_bind_str(stmt, 3, g->type);
    zj_stmt_bind_int(stmt, 4, (int64_t)count);
    zj_stmt_bind_blob(stmt, 5, zj_buf_all(&packed));
    return zj_stmt_run(job, stmt);
}

static void drop_group(struct group *g)
{
    free(g->source);
    free(g->type);
    *g = (struct group){0};
}

/* Rows are source (or system), type, subjects, sketch and whether they are of a view, ordered by
 * the first two. */
static bool is_of(const struct group *g, const struct zj_stmt *row)
{
    return g->source && zj_span_eq_str(zj_stmt_text(row, 0), g->source) &&
           zj_span_eq_str(zj_stmt_text(row, 1), g->type);
}

static void add_row(struct group *g, const struct zj_stmt *row)
{
    struct zj_hll seen;
    if (!g->source) {
        g->source = zj_strndup(zj_stmt_text(row, 0));
        g->type = zj_strndup(zj_stmt_text(row, 1));
    }
    if (!zj_hll_unpack(zj_stmt_blob(row, 3), &seen))
        return;
    const uint64_t subjects = (uint64_t)zj_stmt_int(row, 2);
    if (!zj_stmt_int(row, 4)) {
        zj_inv_union_add(&g->all, &seen, subjects);
    } else if (subjects > g->view_subjects) {
        g->view = seen;
        g->view_subjects = subjects;
    }
}

zj_err zj_subjects_sum(struct zj_job *job, struct zj_store *store, int64_t org_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct group *g = zj_alloc(sizeof *g);
    bool has_row;
    zj_err err = run_with(job, store, "DELETE FROM inv_source_subject WHERE org_id = $1", org_id);
    if (!err)
        err = zj_store_prepare(
            job, store,
            "SELECT o.source, s.type, s.subjects, s.sketch, CASE WHEN o.kind = 'view' THEN 1 ELSE "
            "0 END FROM inv_subject s JOIN inv_object o ON "
            "o.id = s.object_id WHERE o.org_id = $1 AND o.is_twin = 0 AND o.is_gone = 0 AND EXISTS "
            "(SELECT 1 FROM inv_held h WHERE h.object_id = o.id AND h.type = s.type) "
            "ORDER BY o.source, s.type",
            &stmt);
    if (!err)
        zj_stmt_bind_int(stmt, 1, org_id);
    while (!err && !(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        if (!is_of(g, stmt)) {
            err = put_group(job, store, org_id, g);
            drop_group(g);
        }
        add_row(g, stmt);
    }
    if (!err)
        err = put_group(job, store, org_id, g);
    drop_group(g);
    free(g);
    return err;
}

/* --- systems -------------------------------------------------------------------------------------
 */
struct best {
    char *system; /* NULL: none yet */
    char type[40];
    uint64_t subjects;
};

static void take_best(struct best *best, const struct group *g)
{
    const uint64_t subjects = g->source ? zj_inv_union_count(&g->all) : 0;
    if (subjects <= best->subjects)
        return;
    best->subjects = subjects;
    snprintf(best->type, sizeof best->type, "%s", g->type);
}

static void write_best(struct zj_json *j, struct best *best)
{
    if (best->system && best->subjects) {
        zj_json_object(j);
        zj_json_kstr(j, "system", best->system);
        zj_json_kstr(j, "type", best->type);
        zj_json_kint(j, "subjects", (int64_t)best->subjects);
        zj_json_object_end(j);
    }
    free(best->system);
    *best = (struct best){0};
}

/* Of each system the type with the most subjects: each type alone is a count that is not too high.
 */
zj_err zj_catalog_subjects(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                           const struct zj_catalog_filter *filter, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct group *g = zj_alloc(sizeof *g);
    struct best best = {0};
    bool has_row;
    zj_json_array(out);
    zj_err err = zj_store_prepare(
        job, store,
        "SELECT COALESCE((SELECT s.system FROM reg_data_stores s WHERE s.id = " ZJ_PLACE_STORE(
            "u.source",
            "u.org_id") "), '') AS system, u.type, u.subjects, u.sketch, 0 FROM "
                        "inv_source_subject u WHERE" ZJ_ROWS_SCOPE("u.org_id") "ORDER BY 1, 2",
        &stmt);
    if (!err) {
        zj_stmt_bind_int(stmt, 1, scope->sees_all);
        zj_stmt_bind_int(stmt, 2, scope->org_id);
        zj_stmt_bind_int(stmt, 3, filter->org_id);
    }
    while (!err && !(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        if (!is_of(g, stmt)) {
            take_best(&best, g);
            drop_group(g);
        }
        if (best.system && !zj_span_eq_str(zj_stmt_text(stmt, 0), best.system))
            write_best(out, &best);
        if (!best.system)
            best.system = zj_strndup(zj_stmt_text(stmt, 0));
        add_row(g, stmt);
    }
    take_best(&best, g);
    write_best(out, &best);
    drop_group(g);
    free(g);
    zj_json_array_end(out);
    return err;
}
