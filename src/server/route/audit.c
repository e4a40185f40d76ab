/* The audit chain: who did what, and whether anything was changed behind Zhuji's back. */
#include "server/core.h"

#define ENTRY_COLUMNS                                                                              \
    "a.seq, a.at, a.actor, COALESCE(o.code, ''), a.action, a.object, a.row_id, a.note, a.hash"

static void write_entry(struct zj_json *j, const struct zj_stmt *stmt)
{
    zj_json_object(j);
    zj_json_kint(j, "id", zj_stmt_int(stmt, 0));
    zj_json_kint(j, "seq", zj_stmt_int(stmt, 0));
    zj_json_ktime(j, "at", zj_stmt_int(stmt, 1));
    zj_json_kspan(j, "user", zj_stmt_text(stmt, 2));
    zj_json_kspan(j, "org", zj_stmt_text(stmt, 3));
    zj_json_kspan(j, "action", zj_stmt_text(stmt, 4));
    zj_json_kspan(j, "object", zj_stmt_text(stmt, 5));
    zj_json_kint(j, "row_id", zj_stmt_int(stmt, 6));
    zj_json_kspan(j, "note", zj_stmt_text(stmt, 7));
    zj_json_key(j, "hash");
    zj_json_hex(j, zj_stmt_blob(stmt, 8));
    zj_json_object_end(j);
}

static zj_err write_entries(struct zj_call *call, struct zj_stmt *stmt, int64_t *out_count)
{
    bool has_row;
    zj_err err;
    zj_json_key(&call->json, "rows");
    zj_json_array(&call->json);
    while (!(err = zj_stmt_step(call->job, stmt, &has_row)) && has_row) {
        write_entry(&call->json, stmt);
        ++*out_count;
    }
    zj_json_array_end(&call->json);
    return err;
}

/* What both statements below filter by: $1 all organisations, $2 his, $3… the parameters. */
#define ENTRY_FILTER                                                                               \
    " WHERE ($1 = 1 OR a.org_id = $2) AND ($3 = '' OR a.action = $3)"                              \
    " AND ($4 = '' OR a.object = $4) AND ($5 = '' OR a.actor = $5)"                                \
    " AND ($6 = 0 OR a.org_id = $6) AND ($7 = 0 OR a.row_id = $7)"

static zj_err bind_filter(struct zj_call *call, struct zj_stmt *stmt)
{
    static const char *const names[] = {"action", "object", "user"};
    int64_t org = 0, row_id = 0;
    zj_err err = zj_call_org(call, &org);
    if (!err)
        err = zj_call_int(call, "row_id", 0, 0, INT64_MAX, &row_id);
    zj_stmt_bind_int(stmt, 1, call->scope.sees_all);
    zj_stmt_bind_int(stmt, 2, call->scope.org_id);
    for (int i = 0; i < (int)ZJ_COUNT(names); i++) {
        const char *value = zj_call_param(call, names[i]);
        zj_stmt_bind_str(stmt, i + 3, value ? value : "");
    }
    zj_stmt_bind_int(stmt, 6, org);
    zj_stmt_bind_int(stmt, 7, row_id);
    return err;
}

static zj_err count_entries(struct zj_call *call, int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(call->job, call->store,
                                  "SELECT count(*) FROM audit a" ENTRY_FILTER, &stmt);
    if (!err)
        err = bind_filter(call, stmt);
    if (!err)
        err = zj_stmt_step(call->job, stmt, &has_row);
    if (!err)
        *out = zj_stmt_int(stmt, 0);
    return err;
}

static zj_err audit(struct zj_call *call)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    int64_t limit = 0, offset = 0, total = 0, count = 0;
    zj_err err = zj_call_page(call, &limit, &offset);
    if (!err)
        err = count_entries(call, &total);
    if (!err)
        err = zj_store_prepare(call->job, call->store,
                               "SELECT " ENTRY_COLUMNS " FROM audit a"
                               " LEFT JOIN reg_organisations o ON o.id = a.org_id" ENTRY_FILTER
                               " ORDER BY a.seq DESC LIMIT $8 OFFSET $9",
                               &stmt);
    if (!err)
        err = bind_filter(call, stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 8, limit);
    zj_stmt_bind_int(stmt, 9, offset);
    zj_json_object(&call->json);
    err = write_entries(call, stmt, &count);
    zj_json_kint(&call->json, "total", total);
    zj_json_object_end(&call->json);
    return err;
}

static zj_err verify(struct zj_call *call)
{
    struct zj_audit_report r = {0};
    struct zj_json *j = &call->json;
    zj_err err = zj_audit_verify(call->job, call->store, &r);
    if (err && err != ZJ_EFOUND)
        return err;
    zj_job_clear(call->job);
    zj_json_object(j);
    zj_json_kbool(j, "ok", !r.bad_entry && !r.bad_rows && r.head_fits);
    zj_json_kint(j, "entries", r.entries);
    zj_json_kint(j, "rows", r.rows);
    zj_json_kint(j, "bad_entry", r.bad_entry);
    zj_json_kint(j, "bad_rows", r.bad_rows);
    zj_json_kstr(j, "bad_table", r.bad_table[0] ? r.bad_table : NULL);
    zj_json_kint(j, "bad_row_id", r.bad_row_id);
    zj_json_kbool(j, "head_fits", r.head_fits);
    zj_json_kbool(j, "head_is_keyed", r.head_is_keyed);
    zj_json_key(j, "head");
    zj_json_hex(j, zj_span_of(r.head, sizeof r.head));
    zj_json_object_end(j);
    return ZJ_OK;
}

static const struct zj_param audit_query[] = {
    {"user", "string", NULL, "who did it", "操作人", false},
    {"action", "string", NULL, "insert, update, delete, login …", "动作", false},
    {"object", "string", NULL, "table or thing", "对象", false},
    {"row_id", "integer", NULL, "row of the table", "行号", false},
    ZJ_PARAM_ORG,
    ZJ_PARAMS_PAGE,
    {0},
};

const struct zj_route zj_routes_audit[] = {
    {.method = ZJ_GET,
     .path = "/api/v1/audit",
     .en = "The audit chain, newest first",
     .zh = "审计记录",
     .need = ZJ_NEED_AUDIT,
     .query = audit_query,
     .answer = "{rows, total}",
     .handle = audit},
    {.method = ZJ_POST,
     .path = "/api/v1/audit/verify",
     .en = "Check the whole chain and every hashed row",
     .zh = "校验审计链",
     .need = ZJ_NEED_AUDIT,
     .flags = ZJ_ROUTE_SLOW,
     .answer = "{ok, entries, rows, bad_entry, bad_rows, head}",
     .handle = verify},
    {0},
};
