/* What who supervises reads of cards and vehicles: how many each organisation has, by one field,
 * never which ones they are (plan, task 6). */
#include "base/json.h"
#include "register/query.h"

static bool tells_one_thing(const struct zj_register *reg)
{
    return reg->fields[zj_register_key(reg)].flags & ZJ_FIELD_IDENTITY;
}

zj_err zj_rows_may_be_read(struct zj_job *job, const struct zj_scope *scope,
                           const struct zj_register *reg)
{
    if (!zj_scope_supervises(scope) || !tells_one_thing(reg))
        return ZJ_OK;
    return zj_fail(job, ZJ_EFORBIDDEN,
                   zj_tr(job, "a bureau reads rates of %s, not single rows",
                         "主管部门只看%s的统计，不看逐条记录"),
                   zj_tr(job, reg->name, reg->zh));
}

static zj_err open_counts(struct zj_job *job, struct zj_store *store, const struct zj_register *reg,
                          int64_t org_id, struct zj_stmt **out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    const char *by = reg->rates_by ? reg->rates_by : "''";
    zj_buf_printf(&sql,
                  "SELECT o.code, o.name, c.value, c.n FROM (SELECT org_id, %s AS value,"
                  " COUNT(*) AS n FROM reg_%s WHERE deleted_at = 0 AND ($1 = 0 OR org_id = $1)"
                  " GROUP BY value, org_id) c JOIN reg_organisations o ON o.id = c.org_id"
                  " ORDER BY o.name, o.id, c.value",
                  by, reg->name);
    zj_err err = zj_store_prepare(job, store, zj_buf_cstr(&sql), out);
    if (!err)
        zj_stmt_bind_int(*out, 1, org_id);
    return err;
}

static void begin_org(struct zj_json *j, const struct zj_stmt *row)
{
    zj_json_object(j);
    zj_json_key(j, "org");
    zj_json_object(j);
    zj_json_kspan(j, "code", zj_stmt_text(row, 0));
    zj_json_kspan(j, "name", zj_stmt_text(row, 1));
    zj_json_object_end(j);
    zj_json_key(j, "counts");
    zj_json_object(j);
}

static void end_org(struct zj_json *j, int64_t count)
{
    zj_json_object_end(j);
    zj_json_kint(j, "count", count);
    zj_json_object_end(j);
}

static void put_count(struct zj_json *j, const struct zj_stmt *row)
{
    char value[64];
    const struct zj_span text = zj_stmt_text(row, 2);
    snprintf(value, sizeof value, "%.*s", (int)text.len, (const char *)text.at);
    zj_json_kint(j, value, zj_stmt_int(row, 3));
}

zj_err zj_register_rates(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         const struct zj_register *reg, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf last = {0};
    int64_t sum = 0, total = 0;
    bool has_row = false;
    zj_err err = open_counts(job, store, reg, zj_scope_org(scope, 0), &stmt);
    if (err)
        return err;
    zj_json_object(out);
    zj_json_kstr(out, "by", reg->rates_by ? reg->rates_by : "");
    zj_json_key(out, "rows");
    zj_json_array(out);
    while (!(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        const struct zj_span code = zj_stmt_text(stmt, 0);
        if (last.len && !zj_span_eq(zj_buf_all(&last), code)) {
            end_org(out, sum);
            last.len = 0, sum = 0;
        }
        if (last.len == 0) {
            begin_org(out, stmt);
            zj_buf_span(&last, code);
        }
        put_count(out, stmt);
        sum += zj_stmt_int(stmt, 3), total += zj_stmt_int(stmt, 3);
    }
    if (last.len)
        end_org(out, sum);
    zj_json_array_end(out);
    zj_json_kint(out, "total", total);
    zj_json_object_end(out);
    return err;
}
