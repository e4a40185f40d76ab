/* PostgreSQL and what speaks its protocol (openGauss, KingbaseES). Large tables are sampled by
 * TABLESAMPLE SYSTEM, which reads whole pages spread over the table. */
#include <libpq-fe.h>

#include "base/library.h"
#include "inventory/source.h"

enum { PAGES_MIN = 100 };

/* Loaded when the first such database is read: Kerberos and LDAP come with it. */
#define CALLS(X)                                                                                   \
    X(PQcancel)                                                                                    \
    X(PQclear)                                                                                     \
    X(PQconnectdbParams)                                                                           \
    X(PQerrorMessage)                                                                              \
    X(PQescapeIdentifier)                                                                          \
    X(PQexec)                                                                                      \
    X(PQexecParams)                                                                                \
    X(PQfinish)                                                                                    \
    X(PQfreeCancel)                                                                                \
    X(PQfreemem)                                                                                   \
    X(PQgetCancel)                                                                                 \
    X(PQgetResult)                                                                                 \
    X(PQgetisnull)                                                                                 \
    X(PQgetlength)                                                                                 \
    X(PQgetvalue)                                                                                  \
    X(PQnfields)                                                                                   \
    X(PQntuples)                                                                                   \
    X(PQreset)                                                                                     \
    X(PQresultErrorMessage)                                                                        \
    X(PQresultStatus)                                                                              \
    X(PQsendQuery)                                                                                 \
    X(PQsetSingleRowMode)                                                                          \
    X(PQstatus)

struct calls {
    CALLS(ZJ_LIBRARY_CALL)
};

static zj_err load_calls(struct zj_job *job, struct calls *out)
{
    static const char *const all[] = {CALLS(ZJ_LIBRARY_NAME)};
    return zj_library_load(job, "libpq.so.5", all, ZJ_COUNT(all), out);
}

struct listed {
    char *schema, *name, *comment, *oid;
    double rows, pages;
    bool is_foreign;
};

struct session {
    struct zj_source *source;
    const struct calls *pq;
    PGconn *conn;
};

static const char *first_line(struct session *s, const char *message)
{
    return zj_arena_span(&s->source->job->arena, zj_span_of(message, strcspn(message, "\n")));
}

static char *quote(struct session *s, const char *name)
{
    const struct calls *pq = s->pq;
    char *quoted = pq->PQescapeIdentifier(s->conn, name, strlen(name));
    char *copy = zj_arena_strdup(&s->source->job->arena, quoted ? quoted : "\"\"");
    pq->PQfreemem(quoted);
    return copy;
}

static bool open_session(struct session *s)
{
    const struct calls *pq = s->pq;
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
    return pq->PQstatus(s->conn) == CONNECTION_OK;
}

static char *copy_field(struct session *s, PGresult *r, int row, int col)
{
    return s->pq->PQgetisnull(r, row, col)
               ? NULL
               : zj_arena_strdup(&s->source->job->arena, s->pq->PQgetvalue(r, row, col));
}

/* Partitions are tables of their own: newest and oldest are all there. */
static zj_err list_tables(struct session *s, struct listed **out, size_t *out_count)
{
    static const char sql[] =
        "SELECT n.nspname, c.relname, c.reltuples, c.relpages, c.oid, c.relkind, "
        "obj_description(c.oid, 'pg_class') FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm', 'f') "
        "AND n.nspname NOT IN ('pg_catalog', 'information_schema') "
        "AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%' "
        "AND c.relpersistence <> 't' ORDER BY 1, 2 LIMIT 100000";
    const struct calls *pq = s->pq;
    PGresult *r = pq->PQexec(s->conn, sql);
    zj_err err = ZJ_OK;
    if (pq->PQresultStatus(r) != PGRES_TUPLES_OK) {
        err = zj_source_unread(s->source, NULL, first_line(s, pq->PQerrorMessage(s->conn)));
    } else {
        const int count = pq->PQntuples(r);
        struct listed *tables =
            zj_arena_alloc(&s->source->job->arena, ((size_t)count + 1) * sizeof *tables);
        for (int i = 0; i < count; i++)
            tables[i] = (struct listed){
                .schema = copy_field(s, r, i, 0),
                .name = copy_field(s, r, i, 1),
                .rows = strtod(pq->PQgetvalue(r, i, 2), NULL),
                .pages = strtod(pq->PQgetvalue(r, i, 3), NULL),
                .oid = copy_field(s, r, i, 4),
                .is_foreign = pq->PQgetvalue(r, i, 5)[0] == 'f',
                .comment = copy_field(s, r, i, 6),
            };
        *out = tables;
        *out_count = (size_t)count;
    }
    pq->PQclear(r);
    return err;
}

static bool is_denied(const struct calls *pq, const PGresult *r, int row)
{
    return pq->PQgetisnull(r, row, 3) || pq->PQgetvalue(r, row, 3)[0] != 't';
}

/* What a role may not select of a table is told; the rest is read. *out_denied counts it. */
static zj_err tell_denied(struct session *s, const char *path, const PGresult *r, int *out_denied)
{
    const struct calls *pq = s->pq;
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
static const char *describe(struct session *s, const struct listed *listed, const char *path,
                            struct zj_buf *out, zj_err *out_err)
{
    const struct calls *pq = s->pq;
    const char *const values[] = {listed->oid};
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

static const char *clause_of(struct session *s, const struct listed *listed, bool *out_is_whole)
{
    const bool reads_all = s->source->opts->reads_all_rows;
    *out_is_whole = reads_all || (listed->rows >= 0 && listed->rows <= ZJ_WHOLE_ROWS &&
                                  listed->pages < 100 * PAGES_MIN);
    if (*out_is_whole && !reads_all && listed->pages > 0)
        return "";
    if (reads_all)
        return "";
    if (listed->is_foreign || listed->rows < 0 || listed->pages <= PAGES_MIN) {
        /* never analysed, or small: from its start, and whole where that is all there is */
        *out_is_whole = false;
        return zj_arena_printf(&s->source->job->arena, " LIMIT %d", ZJ_WHOLE_ROWS);
    }
    const double by_rows = 100.0 * ZJ_SAMPLE_ROWS / listed->rows;
    const double by_pages = 100.0 * PAGES_MIN / listed->pages;
    const double percent = by_rows > by_pages ? by_rows : by_pages;
    return zj_arena_printf(&s->source->job->arena,
                           " TABLESAMPLE SYSTEM (%.6f) REPEATABLE (1) LIMIT %d",
                           percent < 100 ? percent : 100, 4 * ZJ_WHOLE_ROWS);
}

/* Row by row, so that no result is held whole. Gives what went wrong, or NULL. */
static const char *fetch_rows(struct session *s, const char *sql)
{
    const struct calls *pq = s->pq;
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

static const char *table_path(struct session *s, const struct listed *listed)
{
    return zj_arena_printf(&s->source->job->arena, "%s.%s", listed->schema, listed->name);
}

static zj_err read_table(struct session *s, const struct listed *listed)
{
    struct zj_source *source = s->source;
    const char *path = table_path(s, listed);
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    bool is_whole = true;
    if (zj_source_is_done(source, path))
        return ZJ_OK;
    zj_source_begin(source, path, "postgresql", listed->comment);
    zj_buf_str(&sql, "SELECT ");
    zj_err err = ZJ_OK;
    const char *fault = describe(s, listed, path, &sql, &err);
    if (!fault && !source->columns)
        fault = zj_tr(source->job, "has no column, or was dropped meanwhile",
                      "没有列，或在读取期间被删除");
    if (!fault) {
        const char *clause = clause_of(s, listed, &is_whole);
        zj_buf_printf(&sql, " FROM %s.%s%s", quote(s, listed->schema), quote(s, listed->name),
                      clause);
        fault = fetch_rows(s, zj_buf_cstr(&sql));
    }
    const zj_err ended = zj_source_end(source, listed->rows > 0 ? (uint64_t)listed->rows : 0,
                                       is_whole, fault ? first_line(s, fault) : NULL);
    return err ? err : ended;
}

/* The connection was lost for good. */
static zj_err skip_tables(struct session *s, const struct listed *tables, size_t count)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; !err && i < count; i++)
        err = zj_source_skip(s->source, table_path(s, &tables[i]),
                             zj_tr(s->source->job, "not read: the connection was lost before",
                                   "未读取：此前连接已断开"));
    return err;
}

static zj_err read_tables(struct session *s)
{
    const struct calls *pq = s->pq;
    struct listed *tables = NULL;
    size_t count = 0;
    zj_err err = list_tables(s, &tables, &count);
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
    struct calls pq;
    struct session s = {.source = source, .pq = &pq};
    zj_err err = load_calls(source->job, &pq);
    if (err)
        return err;
    err = open_session(&s)
              ? read_tables(&s)
              : zj_source_unread(source, NULL, first_line(&s, pq.PQerrorMessage(s.conn)));
    pq.PQfinish(s.conn);
    return err;
}

const struct zj_source_kind zj_source_postgresql = {
    .name = "postgresql",
    .schemes = "postgresql|postgres",
    .read = read,
};
