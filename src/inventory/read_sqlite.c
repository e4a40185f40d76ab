/* SQLite databases, GeoPackage and NDS among them, opened in memory over the mapped file: nothing
 * is written and no journal is looked for. Every table is an object. */
#include <sqlite3.h>
#include <sys/mman.h>

#include "inventory/table.h"

enum { HEADER_BYTES = 100, WRITE_VERSION_AT = 18, WAL = 2 };

static int probe(struct zj_span head, const char *extension)
{
    (void)extension; /* the bytes tell */
    return zj_span_starts(head, ZJ_SPAN_LIT("SQLite format 3\0")) ? 100 : 0;
}

static zj_err failed(struct zj_scan *scan, sqlite3 *db, const char *path)
{
    return zj_scan_unread(scan, path, sqlite3_errmsg(db));
}

static void take_value(struct zj_inv_table *table, sqlite3_stmt *stmt, int col)
{
    if (sqlite3_column_type(stmt, col) == SQLITE_NULL)
        return;
    const void *text = sqlite3_column_type(stmt, col) == SQLITE_BLOB
                           ? sqlite3_column_blob(stmt, col)
                           : (const void *)sqlite3_column_text(stmt, col);
    const int len = sqlite3_column_bytes(stmt, col);
    if (text && len > 0)
        zj_inv_table_cell(table, (size_t)col, zj_span_of(text, (size_t)len));
}

static zj_err read_table(struct zj_scan *scan, sqlite3 *db, const char *path, const char *name)
{
    ZJ_AUTO(zj_inv_table_freep) struct zj_inv_table *table = NULL;
    sqlite3_stmt *stmt = NULL;
    char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", name);
    char *place = zj_arena_printf(&scan->job->arena, "%s!%s", path, name);
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    sqlite3_free(sql);
    table = zj_inv_table_new(scan, place, "sqlite");
    const int count = rc == SQLITE_OK ? sqlite3_column_count(stmt) : 0;
    for (int i = 0; i < count && i < ZJ_TABLE_COLS_MAX; i++) {
        const char *type = sqlite3_column_decltype(stmt, i);
        const size_t col = zj_inv_table_col(table, zj_span_str(sqlite3_column_name(stmt, i)));
        zj_inv_table_describe(table, col, zj_span_str(type ? type : ""), (struct zj_span){0});
    }
    while (rc == SQLITE_OK || rc == SQLITE_ROW) {
        rc = sqlite3_step(stmt);
        for (int i = 0; rc == SQLITE_ROW && (size_t)i < table->count; i++)
            take_value(table, stmt, i);
        if (rc == SQLITE_ROW)
            zj_inv_table_row(table);
    }
    zj_err err = rc == SQLITE_DONE ? ZJ_OK : failed(scan, db, place);
    sqlite3_finalize(stmt);
    const zj_err emitted = zj_inv_table_emit(table);
    return err ? err : emitted;
}

/* Names first: reading them and the tables at once would hold two statements over a broken file. */
static zj_err read_tables(struct zj_scan *scan, sqlite3 *db, const char *path)
{
    static const char sql[] =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 "
        "AND name NOT LIKE 'sqlite^_%' ESCAPE '^' ORDER BY name LIMIT 4096";
    sqlite3_stmt *stmt = NULL;
    struct zj_buf names = {0};
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    while (rc == SQLITE_OK || rc == SQLITE_ROW) {
        rc = sqlite3_step(stmt);
        const char *name = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
        if (name)
            zj_buf_span(&names, zj_span_of(name, strlen(name) + 1));
    }
    zj_err err = rc == SQLITE_DONE ? ZJ_OK : failed(scan, db, path);
    sqlite3_finalize(stmt);
    for (size_t at = 0; !err && at < names.len; at += strlen((char *)names.at + at) + 1)
        err = read_table(scan, db, path, (char *)names.at + at);
    zj_buf_release(&names);
    return err;
}

static zj_err read(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    struct zj_span bytes;
    sqlite3 *db = NULL;
    if (!zj_in_whole(in, ZJ_SCAN_WHOLE_MAX, &bytes) && !in->whole.len)
        return zj_scan_unread(
            scan, path, zj_tr(scan->job, "too large inside of an archive", "压缩包内文件过大"));
    if (bytes.len < HEADER_BYTES)
        return zj_scan_unread(scan, path, zj_tr(scan->job, "cut off", "文件不完整"));
    /* a private copy of the first page, with the mark of a write-ahead log taken off: the log is a
     * file of its own and looked into as bytes */
    uint8_t *page = (uint8_t *)bytes.at;
    const bool is_wal = page[WRITE_VERSION_AT] == WAL || page[WRITE_VERSION_AT + 1] == WAL;
    const bool is_mapped = in->whole.len > 0;
    if (is_wal) {
        if (is_mapped && mprotect(page, HEADER_BYTES, PROT_READ | PROT_WRITE) != 0)
            return zj_fail(scan->job, ZJ_EINPUT, "mprotect");
        page[WRITE_VERSION_AT] = page[WRITE_VERSION_AT + 1] = 1;
    }
    zj_err err = ZJ_OK;
    if (sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_deserialize(db, "main", page, (sqlite3_int64)bytes.len, (sqlite3_int64)bytes.len,
                            SQLITE_DESERIALIZE_READONLY) != SQLITE_OK) {
        err = failed(scan, db, path);
    } else {
        sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 64 << 20);
        sqlite3_exec(db, "PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON", NULL, NULL,
                     NULL);
        err = read_tables(scan, db, path);
    }
    sqlite3_close(db);
    return err;
}

const struct zj_reader_kind zj_reader_sqlite = {
    .name = "sqlite",
    .en = "SQLite database",
    .zh = "SQLite 数据库",
    .probe = probe,
    .read = read,
};
