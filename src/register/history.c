/* The past of one row: its versions, what changed between them and who did it; and what refers to it
 * now. */
#include <stdio.h>

#include "register/handed.h"
#include "register/query.h"

enum { VERSIONS_MAX = 200, LINKS_COUNTED = 1000 };

/* Cells of one version, in field order. */
struct version {
    struct zj_buf text;
    struct zj_span cells[ZJ_FIELDS_MAX];
    int64_t at_us;
    bool is_deleted;
};

static zj_err read_version(struct zj_job *job, struct zj_store *store,
                           const struct zj_table *table, const struct zj_stmt *row,
                           struct version *out)
{
    size_t ends[ZJ_TABLE_COLS_MAX];
    zj_err err = ZJ_OK;
    out->text.len = 0;
    for (size_t i = 0; i < table->col_count && !err; i++) {
        const enum zj_table_col_kind kind = table->cols[i].kind;
        if (kind == ZJ_TABLE_FIELD)
            err = zj_table_cell(job, store, table, row, i, &out->text);
        else if (kind == ZJ_TABLE_UPDATED)
            out->at_us = zj_stmt_int(row, (int)i);
        else if (kind == ZJ_TABLE_DELETED)
            out->is_deleted = zj_stmt_int(row, (int)i) != 0;
        ends[i] = out->text.len;
    }
    zj_buf_byte(&out->text, 0); /* so that an empty row has an address too */
    for (size_t i = 0; i < table->col_count && !err; i++)
        if (table->cols[i].kind == ZJ_TABLE_FIELD) {
            const size_t from = i ? ends[i - 1] : 0;
            out->cells[table->cols[i].field] = zj_span_of(out->text.at + from, ends[i] - from);
        }
    return err;
}

static void put_cell(const struct zj_scope *scope, const struct zj_field *f, const char *key,
                     struct zj_span cell, struct zj_json *out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf masked = {0};
    zj_json_key(out, key);
    if (cell.len == 0 || zj_field_is_kept(scope, f)) {
        zj_json_null(out);
    } else if (zj_field_is_masked(scope, f)) {
        zj_mask(f, cell, &masked);
        zj_json_span(out, zj_buf_all(&masked));
    } else if (f->type == ZJ_FIELD_BOOL) {
        zj_json_bool(out, zj_span_eq_str(cell, "yes"));
    } else {
        zj_json_span(out, cell);
    }
}

static void put_changes(const struct zj_scope *scope, const struct zj_register *reg,
                        const struct version *from, const struct version *to, struct zj_json *out)
{
    zj_json_key(out, "changes");
    zj_json_array(out);
    for (size_t i = 0; i < reg->field_count && from; i++) {
        if (zj_span_eq(from->cells[i], to->cells[i]))
            continue;
        zj_json_object(out);
        zj_json_kstr(out, "field", reg->fields[i].name);
        put_cell(scope, &reg->fields[i], "from", from->cells[i], out);
        put_cell(scope, &reg->fields[i], "to", to->cells[i], out);
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
}

/* The chain has an entry for each version, in the same order. */
static zj_err put_entry(struct zj_job *job, const struct zj_scope *scope,
                        const struct zj_register *reg, struct zj_stmt *audit,
                        const struct version *older, const struct version *it,
                        struct zj_json *out)
{
    bool has_row;
    zj_err err = zj_stmt_step(job, audit, &has_row);
    if (err)
        return err;
    zj_json_object(out);
    zj_json_ktime(out, "at", it->at_us);
    zj_json_kstr(out, "action", !older ? "insert" : it->is_deleted ? "delete" : "update");
    zj_json_kspan(out, "user", has_row ? zj_stmt_text(audit, 0) : ZJ_SPAN_LIT(""));
    put_changes(scope, reg, older, it, out);
    zj_json_object_end(out);
    return ZJ_OK;
}

static zj_err open_versions(struct zj_job *job, struct zj_store *store,
                            const struct zj_scope *scope, const struct zj_table *table, int64_t id,
                            struct zj_stmt **out_rows, struct zj_stmt **out_audit)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    zj_buf_str(&sql, "SELECT ");
    zj_put_handed_columns(scope, table, &sql);
    zj_buf_str(&sql, " FROM ");
    zj_table_put_versions(table, &sql);
    zj_buf_str(&sql, " r");
    zj_put_handed_join(scope, table->reg, &sql);
    zj_buf_str(&sql, " WHERE r.id = $1");
    zj_put_handed_since(scope, table->reg, &sql);
    zj_buf_printf(&sql, " ORDER BY r.until_at DESC LIMIT %d", VERSIONS_MAX);
    zj_err err = zj_store_prepare(job, store, zj_buf_cstr(&sql), out_rows);
    if (!err)
        err = zj_store_prepare(job, store,
                               "SELECT actor FROM audit WHERE object = $1 AND row_id = $2 AND "
                               "action IN ('insert', 'update', 'delete') ORDER BY seq DESC",
                               out_audit);
    if (err)
        return err;
    zj_stmt_bind_int(*out_rows, 1, id);
    zj_stmt_bind_str(*out_audit, 1, table->name);
    zj_stmt_bind_int(*out_audit, 2, id);
    return ZJ_OK;
}

zj_err zj_register_history(struct zj_job *job, struct zj_store *store,
                           const struct zj_scope *scope, const struct zj_register *reg, int64_t id,
                           struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *rows = NULL, *audit = NULL;
    struct zj_table table;
    struct version versions[2] = {0};
    int64_t org_id;
    size_t count = 0;
    bool has_row = false;
    zj_err err = zj_row_org(job, store, scope, reg, id, &org_id);
    if (!err)
        err = zj_table_load(job, store, reg, &table);
    if (!err)
        err = open_versions(job, store, scope, &table, id, &rows, &audit);
    if (err)
        return err;
    zj_json_array(out);
    while (!err && !(err = zj_stmt_step(job, rows, &has_row)) && has_row) {
        err = read_version(job, store, &table, rows, &versions[count % 2]);
        if (!err && count)
            err = put_entry(job, scope, reg, audit, &versions[count % 2],
                            &versions[(count + 1) % 2], out);
        count++;
    }
    if (!err && count && count < VERSIONS_MAX)
        err = put_entry(job, scope, reg, audit, NULL, &versions[(count + 1) % 2], out);
    zj_json_array_end(out);
    zj_buf_release(&versions[0].text);
    zj_buf_release(&versions[1].text);
    return err;
}

/* --- what refers to it ------------------------------------------------------------------------ */

static zj_err count_links(struct zj_job *job, struct zj_store *store, const struct zj_register *from,
                          const struct zj_field *field, struct zj_span key, int64_t org_id,
                          int64_t *out_count)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    bool has_row;
    zj_buf_printf(&sql,
                  "SELECT COUNT(*) FROM (SELECT 1 FROM reg_%s r WHERE %s = $1 AND deleted_at = 0"
                  " AND ($2 = 0 OR ",
                  from->name, field->name);
    zj_put_owned(from, 2, &sql);
    zj_buf_printf(&sql, ") LIMIT %d) n", LINKS_COUNTED);
    zj_err err = zj_store_prepare(job, store, zj_buf_cstr(&sql), &stmt);
    if (err)
        return err;
    zj_stmt_bind_span(stmt, 1, key);
    zj_stmt_bind_int(stmt, 2, org_id);
    err = zj_stmt_step(job, stmt, &has_row);
    if (!err)
        *out_count = zj_stmt_int(stmt, 0);
    return err;
}

static zj_err put_links(struct zj_job *job, struct zj_store *store, const struct zj_register *reg,
                        struct zj_span key, int64_t org_id, struct zj_json *out)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < zj_register_count; i++) {
        const struct zj_register *from = zj_registers[i];
        for (size_t f = 0; f < from->field_count && !err; f++) {
            const struct zj_field *field = &from->fields[f];
            int64_t count = 0;
            if (!field->refers || strcmp(field->refers, reg->name) != 0)
                continue;
            err = count_links(job, store, from, field, key, org_id, &count);
            if (err || count == 0)
                continue;
            zj_json_object(out);
            zj_json_kstr(out, "register", from->name);
            zj_json_kstr(out, "field", field->name);
            zj_json_kstr(out, "en", from->en);
            zj_json_kstr(out, "zh", from->zh);
            zj_json_kint(out, "count", count);
            zj_json_object_end(out);
        }
    }
    return err;
}

zj_err zj_register_links(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         const struct zj_register *reg, int64_t id, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    char sql[128];
    int64_t org_id;
    bool has_row;
    zj_err err = zj_row_org(job, store, scope, reg, id, &org_id);
    if (err)
        return err;
    snprintf(sql, sizeof sql, "SELECT %s FROM reg_%s WHERE id = $1",
             reg->fields[zj_register_key(reg)].name, reg->name);
    err = zj_store_prepare(job, store, sql, &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    err = zj_stmt_step(job, stmt, &has_row);
    if (err)
        return err;
    /* of an organisation: whatever the caller may see names it */
    if (reg->is_global)
        org_id = zj_scope_org(scope, 0);
    zj_json_array(out);
    err = put_links(job, store, reg, zj_stmt_text(stmt, 0), org_id, out);
    zj_json_array_end(out);
    return err;
}
