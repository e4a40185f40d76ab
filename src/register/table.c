#include "register/table.h"

#include <stdio.h>

#include "base/crypto.h"

static const char shared_tables[] =
    "CREATE TABLE IF NOT EXISTS reg_item (\n"
    "  register TEXT NOT NULL,\n"
    "  row_id INTEGER NOT NULL,\n"
    "  org_id INTEGER NOT NULL,\n"
    "  field TEXT NOT NULL,\n"
    "  value TEXT NOT NULL,\n"
    "  PRIMARY KEY (register, row_id, field, value)\n"
    ") STRICT;\n"
    "CREATE INDEX IF NOT EXISTS reg_item_value ON reg_item (register, field, value);\n"
    "CREATE TABLE IF NOT EXISTS reg_range (\n"
    "  register TEXT NOT NULL,\n"
    "  row_id INTEGER NOT NULL,\n"
    "  org_id INTEGER NOT NULL,\n"
    "  field TEXT NOT NULL,\n"
    "  lo TEXT NOT NULL,\n"
    "  hi TEXT NOT NULL,\n"
    "  port INTEGER NOT NULL,\n"
    "  host TEXT NOT NULL\n"
    ") STRICT;\n"
    "CREATE INDEX IF NOT EXISTS reg_range_row ON reg_range (register, row_id, field);\n"
    "CREATE INDEX IF NOT EXISTS reg_range_lo ON reg_range (register, field, lo);\n"
    "CREATE INDEX IF NOT EXISTS reg_range_host ON reg_range (register, field, host);\n"
    /* live rows, kept with every change: counting a million rows takes too long for a page */
    "CREATE TABLE IF NOT EXISTS reg_count (\n"
    "  register TEXT NOT NULL,\n"
    "  org_id INTEGER NOT NULL,\n"
    "  live INTEGER NOT NULL,\n"
    "  PRIMARY KEY (register, org_id)\n"
    ") STRICT;\n"
    "CREATE TABLE IF NOT EXISTS reg_batch (\n"
    "  id INTEGER PRIMARY KEY NOT NULL,\n"
    "  register TEXT NOT NULL,\n"
    "  org_id INTEGER NOT NULL,\n"
    "  source TEXT NOT NULL,\n"
    "  actor TEXT NOT NULL,\n"
    "  state TEXT NOT NULL,\n" /* running, done, interrupted, failed */
    "  last_row INTEGER NOT NULL,\n" /* of the file: rows up to it are dealt with */
    "  inserted INTEGER NOT NULL,\n"
    "  updated INTEGER NOT NULL,\n"
    "  refused INTEGER NOT NULL,\n"
    "  started_at INTEGER NOT NULL,\n"
    "  changed_at INTEGER NOT NULL\n"
    ") STRICT;\n";

static const char *sql_type(const struct zj_field *f)
{
    if (f->flags & ZJ_FIELD_PERSONAL)
        return "BLOB";
    return zj_field_is_number(f) ? "INTEGER" : "TEXT";
}

static void put_field_columns(const struct zj_register *reg, struct zj_buf *sql)
{
    for (size_t i = 0; i < reg->field_count; i++) {
        const struct zj_field *f = &reg->fields[i];
        zj_buf_printf(sql, "  %s %s,\n", f->name, sql_type(f));
        if (f->flags & ZJ_FIELD_PERSONAL)
            zj_buf_printf(sql, "  %s_bi BLOB,\n", f->name);
    }
}

/* The old versions of rows, as they were until replaced_at: they say what was declared on a day. */
static void put_tables(const struct zj_register *reg, struct zj_buf *sql)
{
    zj_buf_printf(sql,
                  "CREATE TABLE IF NOT EXISTS reg_%s (\n"
                  "  id INTEGER PRIMARY KEY NOT NULL,\n"
                  "  org_id INTEGER NOT NULL,\n",
                  reg->name);
    put_field_columns(reg, sql);
    zj_buf_str(sql, "  created_at INTEGER NOT NULL,\n"
                    "  updated_at INTEGER NOT NULL,\n"
                    "  deleted_at INTEGER NOT NULL DEFAULT 0,\n"
                    "  batch_id INTEGER NOT NULL DEFAULT 0,\n"
                    "  row_hash BLOB\n"
                    ") STRICT;\n");
    zj_buf_printf(sql,
                  "CREATE TABLE IF NOT EXISTS reg_%s_history (\n"
                  "  id INTEGER PRIMARY KEY NOT NULL,\n"
                  "  row_id INTEGER NOT NULL,\n"
                  "  replaced_at INTEGER NOT NULL,\n"
                  "  org_id INTEGER NOT NULL,\n",
                  reg->name);
    put_field_columns(reg, sql);
    zj_buf_str(sql, "  created_at INTEGER NOT NULL,\n"
                    "  updated_at INTEGER NOT NULL,\n"
                    "  deleted_at INTEGER NOT NULL,\n"
                    "  batch_id INTEGER NOT NULL\n"
                    ") STRICT;\n");
}

/* Indexes a large import can do without: it drops them and makes them anew. */
static void put_indexes(const struct zj_register *reg, struct zj_buf *sql)
{
    const char *name = reg->name;
    zj_buf_printf(sql,
                  "CREATE INDEX IF NOT EXISTS reg_%s_org ON reg_%s (org_id, id) "
                  "WHERE deleted_at = 0;\n",
                  name, name);
    zj_buf_printf(sql, "CREATE INDEX IF NOT EXISTS reg_%s_history_row ON reg_%s_history (row_id);\n",
                  name, name);
    for (size_t i = 0; i < reg->field_count; i++) {
        const struct zj_field *f = &reg->fields[i];
        if (f->flags & ZJ_FIELD_PERSONAL)
            zj_buf_printf(sql,
                          "CREATE INDEX IF NOT EXISTS reg_%s_%s_bi ON reg_%s (%s_bi) "
                          "WHERE deleted_at = 0 AND %s_bi IS NOT NULL;\n",
                          name, f->name, name, f->name, f->name);
        else if (f->flags & ZJ_FIELD_INDEXED)
            zj_buf_printf(sql, /* codes are alike in many organisations */
                          "DROP INDEX IF EXISTS reg_%s_%s;\n"
                          "CREATE INDEX IF NOT EXISTS reg_%s_%s_in ON reg_%s (%s, org_id) "
                          "WHERE deleted_at = 0;\n",
                          name, f->name, name, f->name, name, f->name);
    }
}

static void put_unique_index(const struct zj_register *reg, struct zj_buf *sql)
{
    zj_buf_printf(sql,
                  "CREATE UNIQUE INDEX IF NOT EXISTS reg_%s_unique ON reg_%s (%s%s) "
                  "WHERE deleted_at = 0;\n",
                  reg->name, reg->name, reg->is_global ? "" : "org_id, ",
                  reg->fields[zj_register_key(reg)].name);
}

static void put_drops(const struct zj_register *reg, struct zj_buf *sql)
{
    const char *name = reg->name;
    zj_buf_printf(sql, "DROP INDEX IF EXISTS reg_%s_org;\n", name);
    zj_buf_printf(sql, "DROP INDEX IF EXISTS reg_%s_history_row;\n", name);
    for (size_t i = 0; i < reg->field_count; i++) {
        const struct zj_field *f = &reg->fields[i];
        if (f->flags & ZJ_FIELD_PERSONAL)
            zj_buf_printf(sql, "DROP INDEX IF EXISTS reg_%s_%s_bi;\n", name, f->name);
        else if (f->flags & ZJ_FIELD_INDEXED)
            zj_buf_printf(sql, "DROP INDEX IF EXISTS reg_%s_%s_in;\n", name, f->name);
    }
}

static bool has_column(const struct zj_stmt *row, const char *name)
{
    for (int i = 0; i < zj_stmt_col_count(row); i++)
        if (strcmp(zj_stmt_col_name(row, i), name) == 0)
            return true;
    return false;
}

static void add_column(const struct zj_stmt *row, const char *table, const char *name,
                       const char *type, struct zj_buf *sql)
{
    if (!has_column(row, name))
        zj_buf_printf(sql, "ALTER TABLE %s ADD COLUMN %s %s;\n", table, name, type);
}

/* Columns that a field added since the table was made asks for. */
static zj_err add_columns(struct zj_job *job, struct zj_store *store,
                          const struct zj_register *reg, const char *suffix)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    char table[ZJ_TABLE_NAME], text[ZJ_TABLE_NAME + 32], blind[ZJ_TABLE_NAME];
    struct zj_stmt *row;
    snprintf(table, sizeof table, "reg_%s%s", reg->name, suffix);
    snprintf(text, sizeof text, "SELECT * FROM %s LIMIT 0", table);
    zj_err err = zj_store_prepare(job, store, text, &row);
    if (err)
        return err;
    for (size_t i = 0; i < reg->field_count; i++) {
        const struct zj_field *f = &reg->fields[i];
        snprintf(blind, sizeof blind, "%s_bi", f->name);
        add_column(row, table, f->name, sql_type(f), &sql);
        if (f->flags & ZJ_FIELD_PERSONAL)
            add_column(row, table, blind, "BLOB", &sql);
    }
    zj_stmt_release(row);
    return sql.len ? zj_store_exec(job, store, zj_buf_cstr(&sql)) : ZJ_OK;
}

static zj_err make_all(struct zj_job *job, struct zj_store *store)
{
    zj_err err = zj_store_exec(job, store, shared_tables);
    for (size_t i = 0; i < zj_register_count && !err; i++) {
        ZJ_AUTO(zj_buf_release) struct zj_buf tables = {0}, indexes = {0};
        put_tables(zj_registers[i], &tables);
        put_unique_index(zj_registers[i], &indexes);
        put_indexes(zj_registers[i], &indexes);
        err = zj_store_exec(job, store, zj_buf_cstr(&tables));
        if (!err)
            err = add_columns(job, store, zj_registers[i], "");
        if (!err)
            err = add_columns(job, store, zj_registers[i], "_history");
        if (!err)
            err = zj_store_exec(job, store, zj_buf_cstr(&indexes));
    }
    return err;
}

static const char schema_key[] = "registers_schema"; /* in meta: the SM3 of all of it */

static void schema_name(struct zj_buf *out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    uint8_t sm3[ZJ_SM3_BYTES];
    zj_buf_str(&text, shared_tables);
    for (size_t i = 0; i < zj_register_count; i++) {
        put_tables(zj_registers[i], &text);
        put_unique_index(zj_registers[i], &text);
        put_indexes(zj_registers[i], &text);
    }
    zj_sm3(zj_buf_all(&text), sm3);
    zj_buf_hex(out, zj_span_of(sm3, sizeof sm3));
}

zj_err zj_registers_migrate(struct zj_job *job, struct zj_store *store)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf want = {0}, have = {0};
    bool is_there;
    schema_name(&want);
    zj_err err = zj_store_meta_get(job, store, schema_key, &have, &is_there);
    if (err || (is_there && zj_span_eq(zj_buf_all(&have), zj_buf_all(&want))))
        return err;
    err = zj_store_begin(job, store);
    if (!err)
        err = make_all(job, store);
    if (!err)
        err = zj_store_meta_set(job, store, schema_key, zj_buf_all(&want));
    err = zj_store_end(job, store, err);
    return err ? zj_fail(job, err, "%s", zj_tr(job, "making the registers", "创建登记表")) : ZJ_OK;
}

zj_err zj_table_drop_indexes(struct zj_job *job, struct zj_store *store,
                             const struct zj_register *reg)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    put_drops(reg, &sql);
    /* an import that is killed leaves this behind: the next migration makes the indexes */
    zj_err err = zj_store_meta_set(job, store, schema_key, ZJ_SPAN_LIT("indexes dropped"));
    return err ? err : zj_store_exec(job, store, zj_buf_cstr(&sql));
}

/* Each is a transaction of its own, and others write between two. */
zj_err zj_table_make_indexes(struct zj_job *job, struct zj_store *store,
                             const struct zj_register *reg)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0}, name = {0};
    zj_err err = ZJ_OK;
    put_indexes(reg, &sql);
    schema_name(&name);
    zj_buf_cstr(&sql); /* ends it */
    for (char *at = (char *)sql.at, *end; !err && (end = strchr(at, '\n')); at = end + 1) {
        *end = '\0'; /* a statement a line */
        zj_store_give_way(store);
        err = zj_store_begin(job, store);
        if (!err)
            err = zj_store_exec(job, store, at);
        err = zj_store_end(job, store, err);
    }
    if (!err)
        err = zj_store_begin(job, store);
    return err ? err
               : zj_store_end(job, store,
                              zj_store_meta_set(job, store, schema_key, zj_buf_all(&name)));
}

static void classify(const struct zj_register *reg, struct zj_table_col *col)
{
    static const struct {
        const char *name;
        enum zj_table_col_kind kind;
    } own[] = {
        {"id", ZJ_TABLE_ID},           {"org_id", ZJ_TABLE_ORG},
        {"created_at", ZJ_TABLE_CREATED}, {"updated_at", ZJ_TABLE_UPDATED},
        {"deleted_at", ZJ_TABLE_DELETED}, {"batch_id", ZJ_TABLE_BATCH},
        {"row_hash", ZJ_TABLE_HASH},
    };
    const struct zj_span name = zj_span_str(col->name);
    col->kind = ZJ_TABLE_OTHER;
    for (size_t i = 0; i < ZJ_COUNT(own); i++)
        if (strcmp(own[i].name, col->name) == 0)
            col->kind = own[i].kind;
    col->field = zj_register_field(reg, name);
    if (col->field >= 0)
        col->kind = ZJ_TABLE_FIELD;
    else if (name.len > 3 && memcmp(name.at + name.len - 3, "_bi", 3) == 0 &&
             (col->field = zj_register_field(reg, zj_span_part(name, 0, name.len - 3))) >= 0)
        col->kind = ZJ_TABLE_BLIND;
}

zj_err zj_table_load(struct zj_job *job, struct zj_store *store, const struct zj_register *reg,
                     struct zj_table *out)
{
    char sql[ZJ_TABLE_NAME + 32];
    struct zj_stmt *row;
    *out = (struct zj_table){.reg = reg};
    snprintf(out->name, sizeof out->name, "reg_%s", reg->name);
    snprintf(sql, sizeof sql, "SELECT * FROM %s LIMIT 0", out->name);
    zj_err err = zj_store_prepare(job, store, sql, &row);
    if (err)
        return zj_fail(job, err, "%s", reg->name);
    const size_t count = (size_t)zj_stmt_col_count(row);
    if (count > ZJ_TABLE_COLS_MAX) {
        zj_stmt_release(row);
        return zj_fail(job, ZJ_ESTORE, "%s: %zu columns", out->name, count);
    }
    for (size_t i = 0; i < count; i++) {
        struct zj_table_col *col = &out->cols[out->col_count++];
        snprintf(col->name, sizeof col->name, "%s", zj_stmt_col_name(row, (int)i));
        classify(reg, col);
    }
    zj_stmt_release(row);
    return ZJ_OK;
}

void zj_table_put_columns(const struct zj_table *table, const char *prefix, struct zj_buf *sql)
{
    for (size_t i = 0; i < table->col_count; i++)
        zj_buf_printf(sql, "%s%s%s", i ? ", " : "", prefix, table->cols[i].name);
}

void zj_table_put_version(const struct zj_table *table, bool is_old, struct zj_buf *sql)
{
    if (!is_old) {
        zj_buf_str(sql, "SELECT ");
        zj_table_put_columns(table, "", sql);
        zj_buf_printf(sql, ", %lld AS until_at FROM %s", (long long)INT64_MAX, table->name);
        return;
    }
    for (size_t i = 0; i < table->col_count; i++) {
        const enum zj_table_col_kind kind = table->cols[i].kind;
        zj_buf_printf(sql, "%s%s", i ? ", " : "SELECT ",
                      kind == ZJ_TABLE_ID     ? "row_id AS id"
                      : kind == ZJ_TABLE_HASH ? "NULL AS row_hash"
                                              : table->cols[i].name);
    }
    zj_buf_printf(sql, ", replaced_at AS until_at FROM %s_history", table->name);
}

void zj_table_put_versions(const struct zj_table *table, struct zj_buf *sql)
{
    zj_buf_byte(sql, '(');
    zj_table_put_version(table, false, sql);
    zj_buf_str(sql, " UNION ALL ");
    zj_table_put_version(table, true, sql);
    zj_buf_byte(sql, ')');
}

void zj_field_key_name(const struct zj_register *reg, size_t field, char out[ZJ_TABLE_NAME])
{
    snprintf(out, ZJ_TABLE_NAME, "%s.%s", reg->name, reg->fields[field].name);
}

void zj_field_blind(struct zj_store *store, const struct zj_register *reg, size_t field,
                    struct zj_span value, uint8_t out[16])
{
    char name[ZJ_TABLE_NAME];
    zj_field_key_name(reg, field, name);
    zj_store_blind_index(store, name, value, out);
}

zj_err zj_table_cell(struct zj_job *job, struct zj_store *store, const struct zj_table *table,
                     const struct zj_stmt *row, size_t col, struct zj_buf *out)
{
    const struct zj_field *f = &table->reg->fields[table->cols[col].field];
    char name[ZJ_TABLE_NAME];
    if (zj_stmt_is_null(row, (int)col))
        return ZJ_OK;
    if (f->flags & ZJ_FIELD_PERSONAL) {
        zj_field_key_name(table->reg, (size_t)table->cols[col].field, name);
        if (!zj_store_decrypt(store, name, zj_stmt_blob(row, (int)col), out))
            return zj_fail(job, ZJ_ESTORE,
                           zj_tr(job, "%s of a row does not decrypt: run 'zhuji audit verify'",
                                 "有一行的 %s 无法解密，请运行 zhuji audit verify"),
                           name);
        return ZJ_OK;
    }
    if (f->type == ZJ_FIELD_BOOL)
        zj_buf_str(out, zj_stmt_int(row, (int)col) ? "yes" : "no");
    else if (f->type == ZJ_FIELD_INT)
        zj_buf_i64(out, zj_stmt_int(row, (int)col));
    else
        zj_buf_span(out, zj_stmt_text(row, (int)col));
    return ZJ_OK;
}
