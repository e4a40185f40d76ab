/* The audit chain to read: who did what, newest first. */
#include "store/backend.h"

enum { LIMIT_DEFAULT = 100, LIMIT_MAX = 1000 };

static void write_entry(const struct zj_stmt *row, struct zj_json *out)
{
    zj_json_object(out);
    zj_json_kint(out, "seq", zj_stmt_int(row, 0));
    zj_json_ktime(out, "at", zj_stmt_int(row, 1));
    zj_json_kspan(out, "actor", zj_stmt_text(row, 2));
    zj_json_kint(out, "org_id", zj_stmt_int(row, 3));
    zj_json_kspan(out, "action", zj_stmt_text(row, 4));
    zj_json_kspan(out, "object", zj_stmt_text(row, 5));
    zj_json_kint(out, "row_id", zj_stmt_int(row, 6));
    zj_json_kspan(out, "note", zj_stmt_text(row, 7));
    zj_json_key(out, "hash");
    zj_json_hex(out, zj_stmt_blob(row, 8));
    zj_json_object_end(out);
}

/* Every condition is in the text always; a NULL or 0 turns it off. So there is one statement. */
static const char list_sql[] =
    "SELECT seq, at, actor, org_id, action, object, row_id, note, hash FROM audit "
    "WHERE ($1 = 1 OR org_id = $2) AND ($3 = '' OR object = $3) AND ($4 = '' OR action = $4) "
    "AND ($5 = '' OR actor = $5) AND ($6 = 0 OR row_id = $6) AND seq < $7 "
    "ORDER BY seq DESC LIMIT $8";
/* One row's history: by the index of the chain, not by walking all of it. */
static const char history_sql[] =
    "SELECT seq, at, actor, org_id, action, object, row_id, note, hash FROM audit "
    "WHERE object = $3 AND row_id = $6 AND ($1 = 1 OR org_id = $2) AND ($4 = '' OR action = $4) "
    "AND ($5 = '' OR actor = $5) AND seq < $7 ORDER BY seq DESC LIMIT $8";

zj_err zj_audit_list(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                     const struct zj_audit_query *query, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    const int limit = query->limit <= 0          ? LIMIT_DEFAULT
                      : query->limit > LIMIT_MAX ? LIMIT_MAX
                                                 : query->limit;
    bool has_row;
    zj_err err = zj_store_prepare(job, store,
                                  query->object && query->row_id ? history_sql : list_sql, &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, scope->sees_all);
    zj_stmt_bind_int(stmt, 2, scope->org_id ? scope->org_id : -1);
    zj_stmt_bind_str(stmt, 3, query->object ? query->object : "");
    zj_stmt_bind_str(stmt, 4, query->action ? query->action : "");
    zj_stmt_bind_str(stmt, 5, query->actor ? query->actor : "");
    zj_stmt_bind_int(stmt, 6, query->row_id);
    zj_stmt_bind_int(stmt, 7, query->before_seq ? query->before_seq : INT64_MAX);
    zj_stmt_bind_int(stmt, 8, limit);
    if (!query->as_lines)
        zj_json_array(out);
    while (!(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        struct zj_json line = zj_json_to(out->out);
        write_entry(stmt, query->as_lines ? &line : out);
        if (query->as_lines)
            zj_buf_byte(out->out, '\n');
    }
    if (!query->as_lines)
        zj_json_array_end(out);
    return err;
}
