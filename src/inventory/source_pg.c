/* PostgreSQL and what speaks its protocol (openGauss, KingbaseES). Large tables are sampled by
 * TABLESAMPLE SYSTEM, which reads whole pages spread over the table; of views and foreign tables
 * the first rows are read, and where they can be counted as many again from all over. */
#include "inventory/source_pg.h"

enum {
    PAGES_MIN = 100,
    PAGES_UNKNOWN = 250, /* of a table that was never analysed: its rows are judged by them */
};

static zj_err load_calls(struct zj_job *job, struct zj_pg_calls *out)
{
    static const char *const all[] = {ZJ_PG_CALLS(ZJ_LIBRARY_NAME)};
    return zj_library_load(job, "libpq.so.5", all, ZJ_COUNT(all), out);
}

static char *quote(struct zj_pg *s, const char *name)
{
    const struct zj_pg_calls *pq = s->pq;
    char *quoted = pq->PQescapeIdentifier(s->conn, name, strlen(name));
    char *copy = zj_arena_strdup(&s->source->job->arena, quoted ? quoted : "\"\"");
    pq->PQfreemem(quoted);
    return copy;
}

static bool open_session(struct zj_pg *s)
{
    const struct zj_pg_calls *pq = s->pq;
    char options[200], timeout[16];
    const int64_t ms = s->source->opts->timeout_ms ? s->source->opts->timeout_ms : ZJ_STATEMENT_MS;
    snprintf(options, sizeof options,
             "-c default_transaction_read_only=on -c statement_timeout=%lld -c lock_timeout=5000 "
             "-c client_encoding=UTF8 -c extra_float_digits=0",
             (long long)ms);
    snprintf(timeout, sizeof timeout, "%d", ZJ_CONNECT_S);
    const char *const keys[] = {"dbname",           "options",         "connect_timeout",
                                "application_name", "keepalives_idle", NULL};
    const char *const values[] = {s->source->dsn, options, timeout, "zhuji inventory", "30", NULL};
    s->conn = pq->PQconnectdbParams(keys, values, 1);
    pq->PQsetErrorVerbosity(s->conn, PQERRORS_VERBOSE); /* which names the code */
    return pq->PQstatus(s->conn) == CONNECTION_OK;
}

static bool is_denied(const struct zj_pg_calls *pq, const PGresult *r, int row)
{
    return pq->PQgetisnull(r, row, 3) || pq->PQgetvalue(r, row, 3)[0] != 't';
}

/* What a role may not select of a table is told; the rest is read. *out_denied counts it. */
static zj_err tell_denied(struct zj_pg *s, const char *path, const PGresult *r, int *out_denied)
{
    const struct zj_pg_calls *pq = s->pq;
    ZJ_AUTO(zj_buf_release) struct zj_buf names = {0};
    const int count = pq->PQntuples(r);
    int denied = 0;
    for (int i = 0; i < count; i++)
        if (is_denied(pq, r, i) && denied++ < 10)
            zj_buf_printf(&names, "%s%s", names.len ? ", " : "", pq->PQgetvalue(r, i, 0));
    *out_denied = denied;
    if (!denied || denied == count) /* of all: the server will say so */
        return ZJ_OK;
    return zj_source_unread(
        s->source, path,
        zj_arena_printf(
            &s->source->job->arena,
            zj_tr(s->source->job, "no right to select %d columns: %s", "无权读取 %d 列：%s"),
            denied, zj_buf_cstr(&names)));
}

/* Columns into the table, and the list of what to ask for; "" where it has none. */
static const char *describe(struct zj_pg *s, const struct zj_pg_table *table, const char *path,
                            struct zj_buf *out, zj_err *out_err)
{
    const struct zj_pg_calls *pq = s->pq;
    const char *const values[] = {table->oid};
    int denied = 0;
    PGresult *r = pq->PQexecParams(s->conn,
                                   "SELECT a.attname, format_type(a.atttypid, a.atttypmod), "
                                   "col_description(a.attrelid, a.attnum), "
                                   "has_column_privilege(a.attrelid, a.attnum, 'SELECT') "
                                   "FROM pg_attribute a "
                                   "WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT "
                                   "a.attisdropped ORDER BY a.attnum",
                                   1, NULL, values, NULL, NULL, 0);
    if (pq->PQresultStatus(r) != PGRES_TUPLES_OK) {
        pq->PQclear(r);
        return pq->PQerrorMessage(s->conn);
    }
    *out_err = tell_denied(s, path, r, &denied);
    const bool is_closed = denied == pq->PQntuples(r);
    for (int i = 0; i < pq->PQntuples(r) && i < ZJ_TABLE_COLS_MAX; i++) {
        const char *name = pq->PQgetvalue(r, i, 0), *type = pq->PQgetvalue(r, i, 1);
        const char *quoted = quote(s, name);
        const char *comment = pq->PQgetisnull(r, i, 2) ? NULL : pq->PQgetvalue(r, i, 2);
        const bool is_unread = is_denied(pq, r, i) && !is_closed;
        (is_unread ? zj_source_closed_column : zj_source_column)(s->source, name, type, comment);
        zj_buf_str(out, i ? ", " : "");
        if (is_unread)
            zj_buf_str(out, "NULL");
        else if (strcmp(type, "bytea") == 0)
            zj_buf_printf(out, "encode(substring(%s from 1 for 1024), 'escape')", quoted);
        else
            zj_buf_printf(out, "left(%s::text, %d)", quoted, ZJ_CELL_CHARS);
    }
    pq->PQclear(r);
    return NULL;
}

/* What there is to read of a table. */
struct extent {
    double pages; /* now */
    double rows;  /* -1: the server does not know */
};

/* A table that was never analysed has no rows in the catalogue, and one that grew since has too
 * few: its pages tell. Gives what went wrong, or NULL. */
static const char *measure(struct zj_pg *s, const struct zj_pg_table *table, struct extent *out)
{
    static const char sql[] =
        "WITH RECURSIVE t(oid) AS (SELECT $1::oid UNION SELECT i.inhrelid FROM pg_inherits i JOIN "
        "t ON i.inhparent = t.oid WHERE $2::boolean), "
        "p AS (SELECT c.reltuples, c.relpages, CASE WHEN pg_relation_size(c.oid) > 0 THEN "
        "pg_relation_size(c.oid) / current_setting('block_size')::float8 ELSE c.relpages END AS "
        "pages FROM t JOIN pg_class c ON c.oid = t.oid) "
        "SELECT COALESCE(sum(pages), 0), COALESCE(sum(CASE WHEN relpages > 0 THEN "
        "reltuples::float8 / relpages * pages ELSE 0 END), 0), COALESCE(bool_or(pages > 0 AND "
        "(relpages <= 0 OR reltuples < 0)), false) FROM p";
    const struct zj_pg_calls *pq = s->pq;
    const char *const values[] = {table->oid, table->reads_children ? "t" : "f"};
    *out = (struct extent){0, -1};
    if (table->kind == ZJ_PG_VIEW || table->kind == ZJ_PG_FOREIGN)
        return NULL;
    PGresult *r = pq->PQexecParams(s->conn, sql, 2, NULL, values, NULL, NULL, 0);
    const bool is_told = pq->PQresultStatus(r) == PGRES_TUPLES_OK && pq->PQntuples(r) == 1;
    if (is_told) {
        out->pages = strtod(pq->PQgetvalue(r, 0, 0), NULL);
        if (pq->PQgetvalue(r, 0, 2)[0] != 't')
            out->rows = strtod(pq->PQgetvalue(r, 0, 1), NULL);
    }
    pq->PQclear(r);
    return is_told ? NULL : pq->PQerrorMessage(s->conn);
}

/* The part of a table that is read. */
struct share {
    const char *clause;
    double percent; /* of its pages; 0: its first rows */
    bool is_whole;
};

static struct share share_of(struct zj_pg *s, const struct zj_pg_table *table,
                             const struct extent *extent)
{
    struct share all = {.clause = "", .percent = 100, .is_whole = true}, share = {0};
    const bool is_small =
        extent->pages <= PAGES_MIN ||
        (extent->rows >= 0 && extent->rows <= ZJ_WHOLE_ROWS && extent->pages < 100 * PAGES_MIN);
    if (s->source->opts->reads_all_rows)
        return all;
    if (table->kind == ZJ_PG_VIEW || table->kind == ZJ_PG_FOREIGN) {
        share.clause = zj_arena_printf(&s->source->job->arena, " LIMIT %d", ZJ_WHOLE_ROWS);
        return share;
    }
    if (is_small)
        return all;
    const double by_rows = extent->rows > 0 ? 100.0 * ZJ_SAMPLE_ROWS / extent->rows : 0;
    const double by_pages = 100.0 * (extent->rows >= 0 ? PAGES_MIN : PAGES_UNKNOWN) / extent->pages;
    share.percent = by_rows > by_pages ? by_rows : by_pages;
    if (share.percent >= 100)
        return all;
    share.clause = zj_arena_printf(&s->source->job->arena,
                                   " TABLESAMPLE SYSTEM (%.6f) REPEATABLE (1) LIMIT %d",
                                   share.percent, 4 * ZJ_WHOLE_ROWS);
    return share;
}

/* Row by row, so that no result is held whole. Gives what went wrong, or NULL. */
static const char *fetch_rows(struct zj_pg *s, const char *sql)
{
    const struct zj_pg_calls *pq = s->pq;
    const char *fault = NULL;
    if (!pq->PQsendQuery(s->conn, sql) || !pq->PQsetSingleRowMode(s->conn))
        return pq->PQerrorMessage(s->conn);
    for (PGresult *r; (r = pq->PQgetResult(s->conn)) != NULL; pq->PQclear(r)) {
        const ExecStatusType status = pq->PQresultStatus(r);
        if (status == PGRES_SINGLE_TUPLE && !fault) {
            const int count = pq->PQnfields(r);
            for (int i = 0; i < count && (size_t)i < s->source->columns; i++)
                if (!pq->PQgetisnull(r, 0, i))
                    zj_source_cell(
                        s->source, (size_t)i,
                        zj_span_of(pq->PQgetvalue(r, 0, i), (size_t)pq->PQgetlength(r, 0, i)));
            zj_source_row(s->source);
        } else if (status != PGRES_TUPLES_OK && !fault) {
            fault = zj_arena_strdup(&s->source->job->arena, pq->PQresultErrorMessage(r));
        }
        if (zj_is_interrupted(s->source->job) && !fault) {
            char reason[256];
            PGcancel *cancel = pq->PQgetCancel(s->conn);
            (void)pq->PQcancel(cancel, reason,
                               sizeof reason); /* the rest is read to its end then */
            pq->PQfreeCancel(cancel);
            fault = "interrupted";
        }
    }
    return fault;
}

static const char *table_path(struct zj_pg *s, const struct zj_pg_table *table)
{
    return zj_arena_printf(&s->source->job->arena, "%s.%s", table->schema, table->name);
}

static const char *kind_name(const struct zj_pg_table *table)
{
    switch (table->kind) {
    case ZJ_PG_VIEW:
        return "view";
    case ZJ_PG_STORED_VIEW:
        return "matview";
    case ZJ_PG_FOREIGN:
        return "foreign";
    case ZJ_PG_TABLE:
    case ZJ_PG_PARTITIONED:
    default:
        return "postgresql";
    }
}

/* Of a view or a foreign table nobody knows how many rows it has: they are counted within the time
 * of a statement, and stay unknown where it does not suffice. */
static double count_share(struct zj_pg *s, const char *from)
{
    const struct zj_pg_calls *pq = s->pq;
    PGresult *r =
        pq->PQexec(s->conn, zj_arena_printf(&s->source->job->arena, "SELECT count(*)%s", from));
    const double rows =
        pq->PQresultStatus(r) == PGRES_TUPLES_OK ? strtod(pq->PQgetvalue(r, 0, 0), NULL) : 0;
    pq->PQclear(r);
    return rows;
}

/* Reads what is read of it; *extent gets its rows, 0 where nobody knows. */
static const char *read_share(struct zj_pg *s, const struct zj_pg_table *table, struct zj_buf *sql,
                              struct extent *extent, bool *out_is_whole)
{
    const char *fault = measure(s, table, extent);
    if (fault)
        return fault;
    const struct share share = share_of(s, table, extent);
    const size_t select_len = sql->len;
    const bool is_alone = table->has_children && !table->reads_children;
    const char *from =
        zj_arena_printf(&s->source->job->arena, " FROM %s%s.%s", is_alone ? "ONLY " : "",
                        quote(s, table->schema), quote(s, table->name));
    zj_buf_printf(sql, "%s%s", from, share.clause);
    fault = fetch_rows(s, zj_buf_cstr(sql));
    *out_is_whole = share.is_whole || (share.percent <= 0 && s->source->rows < ZJ_WHOLE_ROWS);
    if (extent->rows < 0 && share.percent > 0)
        extent->rows = (double)s->source->rows * 100 / share.percent;
    else if (extent->rows < 0)
        extent->rows = fault || *out_is_whole ? 0 : count_share(s, from);
    if (!fault && !*out_is_whole && share.percent <= 0 && extent->rows > 2.0 * ZJ_WHOLE_ROWS) {
        sql->len = select_len;
        zj_buf_printf(sql, "%s WHERE random() < %.9f LIMIT %d", from,
                      ZJ_WHOLE_ROWS / extent->rows, ZJ_WHOLE_ROWS);
        fault = fetch_rows(s, zj_buf_cstr(sql));
        if (!zj_is_interrupted(s->source->job) && s->pq->PQstatus(s->conn) == CONNECTION_OK)
            fault = NULL; /* the first rows are a sample, too */
    }
    return fault;
}

static zj_err read_table(struct zj_pg *s, const struct zj_pg_table *table)
{
    struct zj_source *source = s->source;
    const char *path = table_path(s, table);
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    struct extent extent = {0};
    bool is_whole = true;
    if (zj_source_is_done(source, path))
        return ZJ_OK;
    if (table->view_of)
        return zj_source_view(source, path, table->comment, table->view_of);
    zj_source_begin(source, path, kind_name(table), table->comment);
    zj_buf_str(&sql, "SELECT ");
    zj_err err = ZJ_OK;
    const char *fault = describe(s, table, path, &sql, &err);
    if (!fault && !source->columns)
        fault = zj_tr(source->job, "has no column, or was dropped meanwhile",
                      "没有列，或在读取期间被删除");
    if (!fault && !err && table->has_policies)
        err = zj_source_unread(
            source, path,
            zj_tr(source->job,
                  "row security is active for this role: rows that its policies hide are not read",
                  "该角色受行级安全策略限制：策略不允许其查看的行未读取"));
    if (!fault)
        fault = read_share(s, table, &sql, &extent, &is_whole);
    const zj_err ended = zj_source_end(source, (uint64_t)(extent.rows > 0 ? extent.rows + 0.5 : 0),
                                       is_whole, fault ? zj_pg_line(s, fault) : NULL);
    return err ? err : ended;
}

/* The connection was lost for good. */
static zj_err skip_tables(struct zj_pg *s, const struct zj_pg_table *tables, size_t count)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; !err && i < count; i++)
        err = zj_source_skip(s->source, table_path(s, &tables[i]),
                             zj_tr(s->source->job, "not read: the connection was lost before",
                                   "未读取：此前连接已断开"));
    return err;
}

static zj_err read_tables(struct zj_pg *s)
{
    const struct zj_pg_calls *pq = s->pq;
    struct zj_pg_table *tables = NULL;
    size_t count = 0;
    zj_err err = zj_pg_list(s, &tables, &count);
    zj_source_list(s->source, count);
    for (size_t i = 0; !err && i < count && !zj_is_interrupted(s->source->job); i++) {
        err = read_table(s, &tables[i]);
        zj_progress_at(&s->source->progress, i + 1);
        if (err || pq->PQstatus(s->conn) == CONNECTION_OK)
            continue;
        pq->PQreset(s->conn);
        if (pq->PQstatus(s->conn) != CONNECTION_OK)
            return skip_tables(s, tables + i + 1, count - i - 1);
    }
    return err;
}

static zj_err read(struct zj_source *source)
{
    struct zj_pg_calls pq;
    struct zj_pg s = {.source = source, .pq = &pq};
    zj_err err = load_calls(source->job, &pq);
    if (err)
        return err;
    err = open_session(&s)
              ? read_tables(&s)
              : zj_source_unread(source, NULL, zj_pg_line(&s, pq.PQerrorMessage(s.conn)));
    pq.PQfinish(s.conn);
    return err;
}

const struct zj_source_kind zj_source_postgresql = {
    .name = "postgresql",
    .schemes = "postgresql|postgres",
    .read = read,
};
