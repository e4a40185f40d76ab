/* MySQL, MariaDB and what speaks their protocol (TiDB, OceanBase). Large tables are sampled by
 * strides over their integer key; one without such a key is read from its start, and a view from
 * its start and all over. */
#include <errmsg.h>
#include <inttypes.h>

#include "inventory/source_mysql.h"

enum {
    STRIDES = 80,
    STRIDE_ROWS = ZJ_SAMPLE_ROWS / STRIDES,
    STALE_ROWS = 10 * ZJ_WHOLE_ROWS, /* of a table that the server says is small */
};

static const char *decode(struct zj_job *job, struct zj_span text)
{
    struct zj_buf out = {0};
    for (size_t i = 0; i < text.len; i++) {
        char hex[3] = {0};
        if (text.at[i] == '%' && i + 2 < text.len) {
            memcpy(hex, text.at + i + 1, 2);
            zj_buf_byte(&out, (uint8_t)strtoul(hex, NULL, 16));
            i += 2;
        } else {
            zj_buf_byte(&out, text.at[i]);
        }
    }
    const char *copy = zj_arena_span(&job->arena, zj_buf_all(&out));
    zj_buf_release(&out);
    return copy;
}

/* mysql://user:password@host:port/database */
static bool open_session(struct zj_mysql *s)
{
    struct zj_job *job = s->source->job;
    const char *rest = strstr(s->source->dsn, "://") + 3;
    const size_t end = strcspn(rest, "/?");
    const char *slash = rest[end] == '/' ? rest + end + 1 : "";
    const char *at = memrchr(rest, '@', end);
    const char *host = at ? at + 1 : rest;
    const char *colon = at ? memchr(rest, ':', (size_t)(at - rest)) : NULL;
    const size_t host_len = (size_t)(rest + end - host);
    const char *port = memchr(host, ':', host_len);
    const size_t name_len = port ? (size_t)(port - host) : host_len;
    const unsigned connect_s = ZJ_CONNECT_S, read_s = 120, never = 0;
    const char *user =
        at ? decode(job, zj_span_of(rest, (size_t)((colon ? colon : at) - rest))) : NULL;
    const char *password =
        colon ? decode(job, zj_span_of(colon + 1, (size_t)(at - colon - 1))) : NULL;
    const char *database = zj_arena_span(&job->arena, zj_span_of(slash, strcspn(slash, "?")));
    s->conn = mysql_init(NULL);
    mysql_optionsv(s->conn, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
    mysql_optionsv(s->conn, MYSQL_OPT_READ_TIMEOUT, &read_s);
    mysql_optionsv(s->conn, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_optionsv(s->conn, MYSQL_OPT_LOCAL_INFILE, &never); /* a server may ask for our files */
    return mysql_real_connect(s->conn, zj_arena_span(&job->arena, zj_span_of(host, name_len)), user,
                              password, *database ? database : NULL,
                              port ? (unsigned)strtoul(port + 1, NULL, 10) : 3306, NULL, 0) != NULL;
}

/* Nothing is changed, and no statement runs for long; the two servers name the limit differently.
 */
static bool hold_still(struct zj_mysql *s)
{
    char limit[80];
    const int64_t ms = s->source->opts->timeout_ms ? s->source->opts->timeout_ms : ZJ_STATEMENT_MS;
    snprintf(limit, sizeof limit, "SET SESSION max_statement_time = %.3f", (double)ms / 1000);
    if (mysql_query(s->conn, limit) != 0) {
        snprintf(limit, sizeof limit, "SET SESSION max_execution_time = %" PRId64, ms);
        (void)mysql_query(s->conn, limit); /* neither: the read time-out of the socket stays */
    }
    /* MySQL 8 else says how many rows there were up to a day ago; others do not know it */
    (void)mysql_query(s->conn, "SET SESSION information_schema_stats_expiry = 0");
    return mysql_query(s->conn, "SET SESSION TRANSACTION READ ONLY") == 0;
}

/* Columns into the table and the list of what to ask for; *out_key: the integer key, if one. */
static bool describe(struct zj_mysql *s, const struct zj_mysql_table *table, struct zj_buf *out,
                     const char **out_key)
{
    struct zj_buf sql = {0};
    enum { NAME_BYTES = 64 * 4 }; /* characters of a name */
    char schema[2 * NAME_BYTES + 1], name[2 * NAME_BYTES + 1];
    mysql_real_escape_string(s->conn, schema, table->schema,
                             (unsigned long)strnlen(table->schema, NAME_BYTES));
    mysql_real_escape_string(s->conn, name, table->name,
                             (unsigned long)strnlen(table->name, NAME_BYTES));
    zj_buf_printf(&sql,
                  "SELECT column_name, column_type, column_comment, column_key = 'PRI' AND "
                  "data_type LIKE '%%int' FROM information_schema.columns WHERE table_schema = "
                  "'%s' AND table_name = '%s' ORDER BY ordinal_position LIMIT %d",
                  schema, name, ZJ_TABLE_COLS_MAX);
    MYSQL_RES *r =
        mysql_query(s->conn, zj_buf_cstr(&sql)) == 0 ? mysql_store_result(s->conn) : NULL;
    zj_buf_release(&sql);
    if (!r)
        return false;
    MYSQL_ROW row;
    for (size_t keys = 0; (row = mysql_fetch_row(r)) != NULL;) {
        zj_buf_str(out, s->source->columns ? ", LEFT(" : "LEFT(");
        zj_mysql_quote(row[0], out);
        zj_buf_printf(out, ", %d)", ZJ_CELL_CHARS);
        zj_source_column(s->source, row[0], row[1], row[2]);
        if (row[3] && row[3][0] == '1')
            *out_key = keys++ ? NULL : zj_arena_strdup(&s->source->job->arena, row[0]);
    }
    mysql_free_result(r);
    return true;
}

static bool fetch_rows(struct zj_mysql *s, const char *sql)
{
    MYSQL_RES *r = mysql_query(s->conn, sql) == 0 ? mysql_use_result(s->conn) : NULL;
    if (!r)
        return false;
    const unsigned count = mysql_num_fields(r);
    for (MYSQL_ROW row; (row = mysql_fetch_row(r)) != NULL;) {
        const unsigned long *lens = mysql_fetch_lengths(r);
        for (unsigned i = 0; i < count && i < s->source->columns; i++)
            if (row[i])
                zj_source_cell(s->source, i, zj_span_of(row[i], lens[i]));
        zj_source_row(s->source);
    }
    const bool is_whole = mysql_errno(s->conn) == 0;
    mysql_free_result(r);
    return is_whole;
}

static bool key_range(struct zj_mysql *s, const char *from, const char *key, int64_t *out_min,
                      int64_t *out_max)
{
    struct zj_buf sql = {0};
    zj_buf_str(&sql, "SELECT MIN(");
    zj_mysql_quote(key, &sql);
    zj_buf_str(&sql, "), MAX(");
    zj_mysql_quote(key, &sql);
    zj_buf_printf(&sql, ") FROM %s", from);
    MYSQL_RES *r =
        mysql_query(s->conn, zj_buf_cstr(&sql)) == 0 ? mysql_store_result(s->conn) : NULL;
    zj_buf_release(&sql);
    MYSQL_ROW row = r ? mysql_fetch_row(r) : NULL;
    const bool has_range = row && row[0] && row[1];
    if (has_range) {
        *out_min = strtoll(row[0], NULL, 10);
        *out_max = strtoll(row[1], NULL, 10);
    }
    if (r)
        mysql_free_result(r);
    return has_range;
}

static bool read_strides(struct zj_mysql *s, const char *cols, const char *from, const char *key)
{
    int64_t min = 0, max = 0;
    if (!key_range(s, from, key, &min, &max))
        return mysql_errno(s->conn) == 0; /* it is empty */
    for (int i = 0; i < STRIDES; i++) {
        struct zj_buf sql = {0};
        const double part = ((double)max - (double)min) / STRIDES * i;
        zj_buf_printf(&sql, "%s FROM %s WHERE ", cols, from);
        zj_mysql_quote(key, &sql);
        zj_buf_printf(&sql, " >= %" PRId64 " ORDER BY ", min + (int64_t)part);
        zj_mysql_quote(key, &sql);
        zj_buf_printf(&sql, " LIMIT %d", STRIDE_ROWS);
        const bool is_read = fetch_rows(s, zj_buf_cstr(&sql));
        zj_buf_release(&sql);
        if (!is_read)
            return false;
    }
    return true;
}

static const char *table_path(struct zj_mysql *s, const struct zj_mysql_table *table)
{
    return zj_arena_printf(&s->source->job->arena, "%s.%s", table->schema, table->name);
}

/* The connection was lost for good. */
static zj_err skip_tables(struct zj_mysql *s, const struct zj_mysql_table *tables, size_t count)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; !err && i < count; i++)
        err = zj_source_skip(s->source, table_path(s, &tables[i]),
                             zj_tr(s->source->job, "not read: the connection was lost before",
                                   "未读取：此前连接已断开"));
    return err;
}

/* Of a view nobody knows how many rows it has: they are counted within the time of a statement, and
 * stay unknown, 0, where it does not suffice. */
static uint64_t count_share(struct zj_mysql *s, const char *from)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    zj_buf_printf(&sql, "SELECT COUNT(*) FROM %s", from);
    MYSQL_RES *r =
        mysql_query(s->conn, zj_buf_cstr(&sql)) == 0 ? mysql_store_result(s->conn) : NULL;
    MYSQL_ROW row = r ? mysql_fetch_row(r) : NULL;
    const uint64_t rows = row && row[0] ? strtoull(row[0], NULL, 10) : 0;
    mysql_free_result(r);
    return rows;
}

static bool is_lost(struct zj_mysql *s)
{
    const unsigned code = mysql_errno(s->conn);
    return code == CR_SERVER_GONE_ERROR || code == CR_SERVER_LOST;
}

/* The part of a table. */
struct extent {
    uint64_t rows;
    bool is_whole;
};

static bool read_share(struct zj_mysql *s, const struct zj_mysql_table *table, struct zj_buf *cols,
                       const char *key, struct extent *out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf from = {0};
    const bool reads_all = s->source->opts->reads_all_rows;
    zj_mysql_quote_table(table, &from);
    if (table->is_versioned) /* what was deleted is there still */
        zj_buf_str(&from, " FOR SYSTEM_TIME ALL");
    const char *where = zj_buf_cstr(&from);
    *out = (struct extent){table->rows,
                           reads_all || (!table->is_view && table->rows <= ZJ_WHOLE_ROWS)};
    if (!out->is_whole && key && !table->is_view) {
        const bool is_read = read_strides(s, zj_buf_cstr(cols), where, key);
        out->is_whole = is_read && !s->source->rows;
        return is_read;
    }
    const int limit = out->is_whole ? STALE_ROWS : ZJ_WHOLE_ROWS;
    zj_buf_printf(cols, " FROM %s", where);
    const size_t select_len = cols->len;
    if (!reads_all)
        zj_buf_printf(cols, " LIMIT %d", limit);
    if (!fetch_rows(s, zj_buf_cstr(cols)))
        return false;
    const bool is_cut = !reads_all && s->source->rows >= (uint64_t)limit;
    if (is_cut && (table->is_view || out->is_whole))
        out->rows = count_share(s, where);
    out->is_whole = !is_cut;
    if (!is_cut || !table->is_view || out->rows <= 2 * ZJ_WHOLE_ROWS)
        return true;
    cols->len = select_len; /* as many again from all over it */
    zj_buf_printf(cols, " WHERE rand() < %.9f LIMIT %d", ZJ_WHOLE_ROWS / (double)out->rows, limit);
    return fetch_rows(s, zj_buf_cstr(cols)) || !is_lost(s);
}

/* A view that does not work has no columns: what asking for its rows says. */
static const char *why_empty(struct zj_mysql *s, const struct zj_mysql_table *table)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    zj_buf_str(&sql, "SELECT 1 FROM ");
    zj_mysql_quote_table(table, &sql);
    zj_buf_str(&sql, " LIMIT 0");
    if (mysql_query(s->conn, zj_buf_cstr(&sql)) != 0)
        return zj_mysql_fault(s);
    mysql_free_result(mysql_store_result(s->conn));
    return zj_tr(s->source->job, "has no column, or was dropped meanwhile",
                 "没有列，或在读取期间被删除");
}

static zj_err read_table(struct zj_mysql *s, const struct zj_mysql_table *table)
{
    struct zj_source *source = s->source;
    const char *path = table_path(s, table);
    ZJ_AUTO(zj_buf_release) struct zj_buf cols = {0};
    struct extent extent = {.rows = table->rows};
    const char *key = NULL, *fault = NULL;
    if (zj_source_is_done(source, path))
        return ZJ_OK;
    if (table->view_of)
        return zj_source_view(source, path, table->comment, table->view_of);
    zj_source_begin(source, path, table->is_view ? "view" : "mysql", table->comment);
    zj_buf_str(&cols, "SELECT ");
    const bool is_described = describe(s, table, &cols, &key);
    if (is_described && !source->columns)
        fault = why_empty(s, table);
    else if (!is_described || !read_share(s, table, &cols, key, &extent))
        fault = zj_mysql_fault(s);
    return zj_source_end(source, extent.rows, extent.is_whole, fault);
}

static zj_err read_tables(struct zj_mysql *s)
{
    struct zj_mysql_table *tables = NULL;
    size_t count = 0;
    zj_err err = zj_mysql_list(s, &tables, &count);
    zj_source_list(s->source, count);
    for (size_t i = 0; !err && i < count && !zj_is_interrupted(s->source->job); i++) {
        err = read_table(s, &tables[i]);
        zj_progress_at(&s->source->progress, i + 1);
        if (err || !is_lost(s))
            continue;
        mysql_close(s->conn);
        if (!open_session(s) || !hold_still(s))
            return skip_tables(s, tables + i + 1, count - i - 1);
    }
    return err;
}

static zj_err read(struct zj_source *source)
{
    struct zj_mysql s = {.source = source};
    const zj_err err = open_session(&s) && hold_still(&s)
                           ? read_tables(&s)
                           : zj_source_unread(source, NULL, zj_mysql_fault(&s));
    mysql_close(s.conn);
    return err;
}

const struct zj_source_kind zj_source_mysql = {
    .name = "mysql",
    .schemes = "mysql|mariadb",
    .read = read,
};
