/* What was counted, so that a capture that overlaps another adds nothing twice: a row for the times
 * of a flow's messages in one run over files. Rules and pages do not look at it. */
#include "facts/tables.h"

enum { SEEN_MAX = 2000000 };

struct zj_seen_list {
    struct zj_seen *rows;
    size_t count, room;
};

zj_err zj_seen_write(struct zj_job *job, struct zj_store *store, int64_t org_id, struct zj_span rows)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    if (!rows.len)
        return ZJ_OK;
    zj_err err = zj_store_prepare(
        job, store,
        "INSERT INTO fact_seen (org_id, ends, from_ns, to_ns, rest_bytes) VALUES ($1, $2, $3, $4, "
        "$5) ON CONFLICT (org_id, ends, from_ns) DO UPDATE SET "
        "to_ns = CASE WHEN excluded.to_ns > fact_seen.to_ns THEN excluded.to_ns "
        "ELSE fact_seen.to_ns END, "
        "rest_bytes = CASE WHEN excluded.rest_bytes > fact_seen.rest_bytes "
        "THEN excluded.rest_bytes ELSE fact_seen.rest_bytes END",
        &stmt);
    struct zj_seen row;
    for (size_t at = 0; !err && at < rows.len; at += sizeof row) {
        memcpy(&row, rows.at + at, sizeof row);
        zj_stmt_bind_int(stmt, 1, org_id);
        zj_stmt_bind_int(stmt, 2, (int64_t)row.ends);
        zj_stmt_bind_int(stmt, 3, row.from_ns);
        zj_stmt_bind_int(stmt, 4, row.to_ns);
        zj_stmt_bind_int(stmt, 5, row.rest_bytes);
        err = zj_stmt_run(job, stmt);
    }
    return err;
}

/* The oldest go where there are too many: what is read again after that counts again. */
static zj_err prune(struct zj_job *job, struct zj_store *store)
{
    int64_t count = 0;
    zj_err err = zj_store_query_int(job, store, "SELECT count(*) FROM fact_seen", 0, &count);
    if (err || count <= SEEN_MAX)
        return err;
    return zj_store_exec(job, store,
                         zj_arena_printf(&job->arena,
                                         "DELETE FROM fact_seen WHERE to_ns <= (SELECT to_ns FROM "
                                         "fact_seen ORDER BY to_ns DESC LIMIT 1 OFFSET %d)",
                                         SEEN_MAX));
}

static zj_err read_rows(struct zj_job *job, struct zj_store *store, int64_t org_id,
                        struct zj_seen_list *list)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT ends, from_ns, to_ns, rest_bytes FROM fact_seen "
                                  "WHERE org_id = $1 ORDER BY ends, from_ns",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, org_id);
    while (!(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        if (list->count == list->room) {
            list->room = list->room ? 2 * list->room : 1024;
            list->rows = zj_realloc(list->rows, list->room * sizeof *list->rows);
        }
        list->rows[list->count++] =
            (struct zj_seen){(uint64_t)zj_stmt_int(stmt, 0), zj_stmt_int(stmt, 1),
                             zj_stmt_int(stmt, 2), zj_stmt_int(stmt, 3)};
    }
    return err;
}

zj_err zj_facts_seen(struct zj_job *job, struct zj_store *store, int64_t org_id,
                     struct zj_seen **out, size_t *out_count)
{
    struct zj_seen_list list = {0};
    zj_err err = prune(job, store);
    if (!err)
        err = read_rows(job, store, org_id, &list);
    if (err) {
        free(list.rows);
        return err;
    }
    *out = list.rows;
    *out_count = list.count;
    return ZJ_OK;
}
