/* A PostgreSQL server that is read, and what it has: for source_pg.c and source_pg_list.c. */
#ifndef ZJ_INVENTORY_SOURCE_PG_H
#define ZJ_INVENTORY_SOURCE_PG_H

#include <libpq-fe.h>

#include "base/library.h"
#include "inventory/source.h"

/* Loaded when the first such database is read: Kerberos and LDAP come with it. */
#define ZJ_PG_CALLS(X)                                                                             \
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
    X(PQsetErrorVerbosity)                                                                         \
    X(PQsetSingleRowMode)                                                                          \
    X(PQstatus)

struct zj_pg_calls {
    ZJ_PG_CALLS(ZJ_LIBRARY_CALL)
};

struct zj_pg {
    struct zj_source *source;
    const struct zj_pg_calls *pq;
    PGconn *conn;
};

/* pg_class.relkind */
enum zj_pg_kind {
    ZJ_PG_TABLE = 'r',
    ZJ_PG_PARTITIONED = 'p',
    ZJ_PG_VIEW = 'v',
    ZJ_PG_STORED_VIEW = 'm',
    ZJ_PG_FOREIGN = 'f',
};

/* A table, a view: its texts live in the job's arena. */
struct zj_pg_table {
    char *schema, *name, *comment, *oid;
    enum zj_pg_kind kind;
    bool may_read, may_read_all;
    bool has_policies; /* which hide rows from this role, or may */ /* some column, the whole */
    bool has_children;           /* partitions, or tables that inherit from it */
    bool reads_children;         /* they are read through it */
    const char *view_of; /* of a view that needs no reading: the tables it shows; else NULL */
};

/* What is to be read: partitions by themselves, or where the role may not, their parent; every
 * view, but those that show nothing else than tables in the list are not to be read. */
zj_err zj_pg_list(struct zj_pg *s, struct zj_pg_table **out, size_t *out_count);

/* Why the server did not do what it was asked: of what it says, with its code, the first line. */
const char *zj_pg_line(struct zj_pg *s, const char *message);

#endif
