/* What the API asks of a register: lists, one row, a change, a deletion. Each is bound to a scope;
 * a row of another organisation is as if it were not there. */
#include <stdio.h>

#include "base/clock.h"
#include "base/words.h"
#include "register/doubt.h"
#include "register/handed.h"
#include "register/query.h"

static int column_of(const struct zj_table *table, enum zj_table_col_kind kind, int field)
{
    for (size_t i = 0; i < table->col_count; i++)
        if (table->cols[i].kind == kind && (field < 0 || table->cols[i].field == field))
            return (int)i;
    return -1;
}

static zj_err put_field(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                        const struct zj_table *table, const struct zj_stmt *row, int field,
                        struct zj_json *out)
{
    const struct zj_field *f = &table->reg->fields[field];
    const int col = column_of(table, ZJ_TABLE_FIELD, field);
    ZJ_AUTO(zj_buf_release) struct zj_buf value = {0}, masked = {0};
    if (col < 0 || zj_stmt_is_null(row, col) || zj_field_is_kept(scope, f)) {
        zj_json_null(out);
        return ZJ_OK;
    }
    if (f->type == ZJ_FIELD_BOOL && !(f->flags & ZJ_FIELD_PERSONAL)) {
        zj_json_bool(out, zj_stmt_int(row, col) != 0);
        return ZJ_OK;
    }
    if (f->type == ZJ_FIELD_INT) {
        zj_json_int(out, zj_stmt_int(row, col));
        return ZJ_OK;
    }
    zj_err err = zj_table_cell(job, store, table, row, (size_t)col, &value);
    if (err) {
        zj_json_null(out);
        return err;
    }
    if (zj_field_is_masked(scope, f)) {
        zj_mask(f, zj_buf_all(&value), &masked);
        zj_json_span(out, zj_buf_all(&masked));
    } else {
        zj_json_span(out, zj_buf_all(&value));
    }
    return ZJ_OK;
}

static zj_err put_row(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                      const struct zj_table *table, const struct zj_stmt *row, struct zj_json *out)
{
    zj_err err = ZJ_OK;
    zj_json_object(out);
    zj_json_kint(out, "id", zj_stmt_int(row, column_of(table, ZJ_TABLE_ID, -1)));
    zj_json_kspan(out, "org", zj_stmt_text(row, (int)table->col_count));
    for (size_t i = 0; i < table->reg->field_count; i++) {
        zj_json_key(out, table->reg->fields[i].name);
        const zj_err late = put_field(job, store, scope, table, row, (int)i, out);
        err = err ? err : late;
    }
    zj_json_ktime(out, "updated_at", zj_stmt_int(row, column_of(table, ZJ_TABLE_UPDATED, -1)));
    zj_json_object_end(out);
    return err;
}

zj_err zj_register_list(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                        const struct zj_register *reg, const struct zj_query *query,
                        struct zj_json *out)
{
    struct zj_select select = {0};
    const int limit = query->limit > 0 && query->limit < ZJ_QUERY_LIMIT_MAX ? query->limit
                                                                            : ZJ_QUERY_LIMIT_MAX;
    int64_t last = 0;
    int count = 0;
    bool has_row = false;
    /* one more than asked for tells whether there is a next page */
    zj_err err = zj_select_open(job, store, scope, reg, query, limit + 1, true, &select);
    if (err) {
        zj_select_close(&select);
        return err;
    }
    const int id = column_of(&select.table, ZJ_TABLE_ID, -1);
    zj_json_object(out);
    zj_json_key(out, "rows");
    zj_json_array(out);
    while (!err && count < limit && !(err = zj_stmt_step(job, select.rows, &has_row)) && has_row) {
        last = zj_stmt_int(select.rows, id);
        err = put_row(job, store, scope, &select.table, select.rows, out);
        count++;
    }
    if (!err && has_row)
        err = zj_stmt_step(job, select.rows, &has_row);
    zj_json_array_end(out);
    zj_json_kint(out, "total", select.total);
    zj_json_kbool(out, "total_is_bounded", select.is_total_bounded);
    if (query->search && query->search[0])
        zj_json_kstr(out, "match", select.is_by_start ? "start" : "anywhere");
    zj_json_key(out, "next");
    if (!err && has_row && !(query->sort && query->sort[0]))
        zj_json_int(out, last);
    else
        zj_json_null(out);
    zj_json_object_end(out);
    zj_select_close(&select);
    return err;
}

static zj_err no_such_row(struct zj_job *job, const struct zj_register *reg, int64_t id)
{
    return zj_fail(job, ZJ_ENOTFOUND, zj_tr(job, "no row %lld in %s", "%2$s中没有记录 %1$lld"),
                   (long long)id, zj_tr(job, reg->name, reg->zh));
}

zj_err zj_row_org(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                  const struct zj_register *reg, int64_t id, int64_t *out_org)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    bool has_row;
    const int64_t org_id = zj_scope_org(scope, 0);
    zj_buf_printf(&sql,
                  "SELECT org_id FROM reg_%s r WHERE id = $1 AND deleted_at = 0 AND ($2 = 0 OR ",
                  reg->name);
    zj_put_owned(reg, 2, &sql);
    zj_buf_str(&sql, ")");
    zj_put_draft_filter(scope, reg, "r", &sql);
    zj_err err = zj_rows_may_be_read(job, scope, reg);
    if (!err)
        err = zj_store_prepare(job, store, zj_buf_cstr(&sql), &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    zj_stmt_bind_int(stmt, 2, org_id);
    err = zj_stmt_step(job, stmt, &has_row);
    if (!err && !has_row)
        return no_such_row(job, reg, id);
    if (!err)
        *out_org = zj_stmt_int(stmt, 0);
    return err;
}

zj_err zj_register_get(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                       const struct zj_register *reg, int64_t id, struct zj_json *out)
{
    struct zj_table table;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    bool has_row;
    int64_t org_id;
    zj_err err = zj_row_org(job, store, scope, reg, id, &org_id);
    if (!err)
        err = zj_table_load(job, store, reg, &table);
    if (err)
        return err;
    zj_buf_str(&sql, "SELECT ");
    zj_put_handed_columns(scope, &table, &sql);
    zj_buf_printf(&sql, ", o.code FROM reg_%s r LEFT JOIN reg_organisations o ON o.id = r.org_id",
                  reg->name);
    zj_put_handed_join(scope, reg, &sql);
    zj_buf_str(&sql, " WHERE r.id = $1 AND r.org_id = $2");
    err = zj_store_prepare(job, store, zj_buf_cstr(&sql), &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    zj_stmt_bind_int(stmt, 2, org_id);
    err = zj_stmt_step(job, stmt, &has_row);
    if (!err && !has_row)
        return no_such_row(job, reg, id);
    return err ? err : put_row(job, store, scope, &table, stmt, out);
}

zj_err zj_register_get_at(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          const struct zj_register *reg, int64_t id, int64_t as_at_us,
                          struct zj_json *out)
{
    struct zj_select select = {0};
    const struct zj_query query = {.as_at_us = as_at_us, .row_id = id};
    bool has_row = false;
    zj_err err = zj_select_open(job, store, scope, reg, &query, 1, false, &select);
    if (!err)
        err = zj_stmt_step(job, select.rows, &has_row);
    if (!err && !has_row)
        err = no_such_row(job, reg, id);
    if (!err)
        err = put_row(job, store, scope, &select.table, select.rows, out);
    zj_select_close(&select);
    return err;
}

static zj_err put_named(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                        const struct zj_select *select, size_t field, const char *name,
                        struct zj_json *out)
{
    zj_json_key(out, name);
    return put_field(job, store, scope, &select->table, select->rows, (int)field, out);
}

static struct zj_span told(const struct zj_job *job, const struct zj_field *f,
                           struct zj_span value)
{
    for (const struct zj_field_value *v = f->values; v && v->name; v++)
        if (zj_span_eq_str(value, v->name))
            return zj_span_str(zj_tr(job, v->en, v->zh));
    return value;
}

/* What tells one row from another, "SYS-1 · 3 · 2026-01-08". */
static zj_err put_told(struct zj_job *job, struct zj_store *store, const struct zj_select *select,
                       const char *fields, struct zj_json *out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf name = {0};
    const struct zj_register *reg = select->table.reg;
    struct zj_span word;
    zj_err err = ZJ_OK;
    while (!err && zj_word_next(&fields, &word))
        for (size_t i = 0; i < reg->field_count && !err; i++) {
            ZJ_AUTO(zj_buf_release) struct zj_buf cell = {0};
            const struct zj_field *f = &reg->fields[i];
            if (!zj_span_eq_str(word, f->name))
                continue;
            err = zj_table_cell(job, store, &select->table, select->rows,
                                (size_t)column_of(&select->table, ZJ_TABLE_FIELD, (int)i), &cell);
            zj_buf_str(&name, name.len && cell.len ? " · " : "");
            zj_buf_span(&name, told(job, f, zj_buf_all(&cell)));
        }
    zj_json_key(out, "name");
    zj_json_span(out, zj_buf_all(&name));
    return err;
}

zj_err zj_register_options(struct zj_job *job, struct zj_store *store,
                           const struct zj_scope *scope, const struct zj_register *reg,
                           const struct zj_query *query, struct zj_json *out)
{
    struct zj_select select = {0};
    const struct zj_field *title = zj_register_title(reg);
    bool has_row = false;
    zj_err err = zj_select_open(job, store, scope, reg, query, query->limit, false, &select);
    zj_json_object(out);
    zj_json_key(out, "rows");
    zj_json_array(out);
    while (!err && !(err = zj_stmt_step(job, select.rows, &has_row)) && has_row) {
        zj_json_object(out);
        err = put_named(job, store, scope, &select, zj_register_key(reg), "code", out);
        if (!err && reg->told_by)
            err = put_told(job, store, &select, reg->told_by, out);
        else if (!err && title)
            err = put_named(job, store, scope, &select, (size_t)(title - reg->fields), "name", out);
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    zj_json_object_end(out);
    zj_select_close(&select);
    return err;
}

/* Does a bureau set fields of the companies' rows, and those alone? Of the form of a case it does so
 * through the case. */
static bool is_decided(const struct zj_scope *scope, const struct zj_register *reg)
{
    bool has_official = false;
    for (size_t i = 0; i < reg->field_count; i++)
        has_official |= (reg->fields[i].flags & ZJ_FIELD_OFFICIAL) != 0;
    return has_official && !reg->is_case_form && reg->side == ZJ_SIDE_COMPANY &&
           scope->may_decide && !scope->may_write;
}

zj_err zj_register_may_write(struct zj_job *job, const struct zj_scope *scope,
                             const struct zj_register *reg, int64_t id)
{
    const bool is_bureau = scope->may_decide &&
                           (reg->side == ZJ_SIDE_BUREAU || (id && is_decided(scope, reg)));
    if (reg->side == ZJ_SIDE_BUREAU && !scope->sees_all && !is_bureau)
        return zj_fail(job, ZJ_EFORBIDDEN, "%s",
                       zj_tr(job, "this register is kept by the bureau",
                             "该登记表由主管部门维护"));
    if (!scope->may_write && !is_bureau)
        return zj_fail(job, ZJ_EFORBIDDEN, "%s",
                       zj_tr(job, "this account may read only", "该账号只有查看权限"));
    if (reg->is_global && id == 0 && !scope->sees_all)
        return zj_fail(job, ZJ_EFORBIDDEN, "%s",
                       zj_tr(job, "only an administrator of all organisations adds one",
                             "只有全局管理员可以新增单位"));
    if (!reg->is_global && id == 0 && scope->org_id == 0)
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "say which organisation the row belongs to",
                             "请指明该记录所属单位"));
    return ZJ_OK;
}

/* A masked value that comes back from a form is not a new value. */
static bool is_masked(const struct zj_scope *scope, const struct zj_field *f, struct zj_span cell)
{
    return !scope->sees_personal && f->flags & ZJ_FIELD_PERSONAL && cell.at &&
           memchr(cell.at, '*', cell.len);
}

static zj_err doubt(struct zj_job *job, struct zj_store *store, const struct zj_register *reg,
                    int64_t org_id, int64_t id, struct zj_draft *draft)
{
    ZJ_AUTO(zj_doubts_closep) struct zj_doubts *doubts = NULL;
    const struct zj_doubts_opts opts = {.org_id = org_id};
    bool in_sum;
    zj_err err = zj_doubts_open(job, store, reg, &opts, &doubts);
    return err ? err : zj_doubts_check(job, doubts, id, 0, draft, &in_sum);
}

static zj_err write_draft(struct zj_job *job, struct zj_store *store,
                          const struct zj_register *reg, int64_t org_id, int64_t id,
                          const struct zj_writer_opts *opts, struct zj_draft *draft,
                          int64_t *out_id)
{
    ZJ_AUTO(zj_writer_closep) struct zj_writer *writer = NULL;
    enum zj_put_result result = ZJ_PUT_REFUSED;
    zj_err err = zj_writer_open(job, store, reg, opts, &writer);
    if (!err)
        err = zj_writer_put(job, writer, id ? ZJ_PUT_UPDATE : ZJ_PUT_INSERT, org_id, id, draft,
                            &result, out_id);
    if (!err && result != ZJ_PUT_REFUSED)
        err = doubt(job, store, reg, org_id, *out_id, draft);
    if (!err && result == ZJ_PUT_REFUSED)
        return zj_fail(job, ZJ_EREFUSED, "%s",
                       zj_tr(job, "the row was refused", "该记录未通过检查"));
    return err ? err : zj_writer_settle(job, writer);
}

static zj_err set_row(struct zj_job *job, struct zj_store *store, const struct zj_register *reg,
                      int64_t org_id, int64_t id, const struct zj_span *cells,
                      const struct zj_writer_opts *opts, int64_t *out_id,
                      struct zj_row_fault *out_faults, size_t max_faults, size_t *out_fault_count)
{
    struct zj_sheet_cell raw[ZJ_FIELDS_MAX] = {0};
    ZJ_AUTO(zj_draft_release) struct zj_draft draft = {0};
    int64_t written = 0;
    *out_fault_count = 0;
    for (size_t i = 0; i < reg->field_count; i++)
        raw[i].text = cells[i];
    zj_draft_fill(&draft, reg, raw);
    zj_err err = write_draft(job, store, reg, org_id, id, opts, &draft, &written);
    if (err && err != ZJ_EREFUSED)
        return err;
    for (size_t i = 0; i < draft.faults.count && i < max_faults; i++)
        out_faults[(*out_fault_count)++] = draft.faults.at[i];
    if (!err)
        *out_id = written;
    return err;
}

zj_err zj_register_set(struct zj_job *job, struct zj_store *store, const struct zj_register *reg,
                       int64_t org_id, int64_t id, const struct zj_span *cells, int64_t *out_id,
                       struct zj_row_fault *out_faults, size_t max_faults, size_t *out_fault_count)
{
    const struct zj_writer_opts opts = {.marks_rows = true};
    return set_row(job, store, reg, org_id, id, cells, &opts, out_id, out_faults, max_faults,
                   out_fault_count);
}

/* A row that may be written is one's own: what another tells is read only. */
static zj_err own_row_org(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          const struct zj_register *reg, int64_t id, int64_t *out_org)
{
    zj_err err = zj_row_org(job, store, scope, reg, id, out_org);
    if (!err && reg->told && !scope->sees_all && *out_org != scope->org_id)
        err = zj_fail(job, ZJ_EFORBIDDEN, "%s",
                      zj_tr(job, "this row is another organisation's", "该记录属于其他单位"));
    return err;
}

zj_err zj_register_changed(struct zj_job *job, struct zj_store *store,
                           const struct zj_register *reg, int64_t id, int64_t *out_us)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(
        job, store,
        zj_arena_printf(&job->arena,
                        "SELECT updated_at FROM reg_%s WHERE id = $1 AND deleted_at = 0",
                        reg->name),
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    err = zj_stmt_step(job, stmt, &has_row);
    if (!err && !has_row)
        return no_such_row(job, reg, id);
    if (!err)
        *out_us = zj_stmt_int(stmt, 0);
    return err;
}

/* Who changed the row and when, for who read it before. */
static zj_err tell_changed(struct zj_job *job, struct zj_store *store,
                           const struct zj_register *reg, int64_t id, int64_t at_us)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    char at[ZJ_TIME_TEXT];
    bool has_row;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT actor FROM audit WHERE object = $1 AND row_id = $2 "
                                  "ORDER BY seq DESC LIMIT 1",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, zj_arena_printf(&job->arena, "reg_%s", reg->name));
    zj_stmt_bind_int(stmt, 2, id);
    err = zj_stmt_step(job, stmt, &has_row);
    if (err)
        return err;
    zj_time_format(at_us * 1000, at);
    return zj_fail(job, ZJ_ECHANGED,
                   zj_tr(job, "%s changed this row at %s, after it was read here: load it again",
                         "%s 已于 %s 修改该记录，晚于此处读取：请重新载入"),
                   has_row ? zj_arena_span(&job->arena, zj_stmt_text(stmt, 0)) : "-", at);
}

static zj_err refuse_changed(struct zj_job *job, struct zj_store *store,
                             const struct zj_register *reg, int64_t id, int64_t seen_us)
{
    int64_t at_us = 0;
    zj_err err = seen_us ? zj_register_changed(job, store, reg, id, &at_us) : ZJ_OK;
    if (!err && seen_us != at_us)
        err = tell_changed(job, store, reg, id, at_us);
    return err;
}

zj_err zj_register_put(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                       const struct zj_register *reg, int64_t id, const struct zj_span *cells,
                       int64_t *out_id, struct zj_row_fault *out_faults, size_t max_faults,
                       size_t *out_fault_count)
{
    return zj_register_put_seen(job, store, scope, reg, id, 0, cells, out_id, out_faults,
                                max_faults, out_fault_count);
}

zj_err zj_register_put_seen(struct zj_job *job, struct zj_store *store,
                            const struct zj_scope *scope, const struct zj_register *reg, int64_t id,
                            int64_t seen_us, const struct zj_span *cells, int64_t *out_id,
                            struct zj_row_fault *out_faults, size_t max_faults,
                            size_t *out_fault_count)
{
    const struct zj_writer_opts opts = {
        .marks_rows = true,
        .keeps_official = !scope->sees_all && !scope->may_decide,
        .keeps_held = true,
    };
    struct zj_span given[ZJ_FIELDS_MAX] = {0};
    int64_t org_id = scope->org_id, written = 0;
    *out_fault_count = 0;
    zj_err err = zj_register_may_write(job, scope, reg, id);
    if (!err && id)
        err = own_row_org(job, store, scope, reg, id, &org_id);
    if (err)
        return err;
    const bool is_official_only = is_decided(scope, reg);
    for (size_t i = 0; i < reg->field_count; i++)
        if (!is_masked(scope, &reg->fields[i], cells[i]) &&
            (!is_official_only || reg->fields[i].flags & ZJ_FIELD_OFFICIAL))
            given[i] = cells[i];
    err = zj_store_begin(job, store);
    if (!err && id)
        err = refuse_changed(job, store, reg, id, seen_us);
    if (!err)
        err = set_row(job, store, reg, org_id, id, given, &opts, &written, out_faults, max_faults,
                      out_fault_count);
    err = zj_store_end(job, store, err);
    if (!err)
        *out_id = written;
    return err;
}

static zj_err refuse_if_used(struct zj_job *job, struct zj_store *store, int64_t org_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT COALESCE(SUM(live), 0) FROM reg_count WHERE org_id = $1 "
                                  "AND register <> 'organisations'",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, org_id);
    err = zj_stmt_step(job, stmt, &has_row);
    if (!err && zj_stmt_int(stmt, 0) > 0)
        err = zj_fail(job, ZJ_ECONFLICT,
                      zj_tr(job, "%lld rows of registers are this organisation's: delete them first",
                            "该单位名下还有 %lld 条登记记录，请先删除"),
                      (long long)zj_stmt_int(stmt, 0));
    return err;
}

zj_err zj_register_delete(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          const struct zj_register *reg, int64_t id)
{
    ZJ_AUTO(zj_writer_closep) struct zj_writer *writer = NULL;
    const struct zj_writer_opts opts = {.marks_rows = true, .keeps_held = true};
    int64_t org_id = 0;
    zj_err err = zj_register_may_write(job, scope, reg, id);
    if (!err && reg->is_global && !scope->sees_all)
        err = zj_fail(job, ZJ_EFORBIDDEN, "%s",
                      zj_tr(job, "only an administrator of all organisations deletes one",
                            "只有全局管理员可以删除单位"));
    if (!err)
        err = own_row_org(job, store, scope, reg, id, &org_id);
    if (!err)
        err = zj_store_begin(job, store);
    if (!err && reg->is_global)
        err = refuse_if_used(job, store, id);
    if (!err)
        err = zj_writer_open(job, store, reg, &opts, &writer);
    if (!err)
        err = zj_writer_delete(job, writer, org_id, id);
    if (!err)
        err = zj_writer_settle(job, writer);
    return zj_store_end(job, store, err);
}
