/* Databases as sources. One is a file that ends in a descriptor, and a line in sources.def. Reading
 * changes nothing there: the session is read-only, every statement has a time limit, and of large
 * tables a sample is read. What fails is told by its table, and the rest goes on.
 *
 * A source speaks with the server and nothing else: names, comments and cells go unread to a child
 * in the sandbox (tables.c), which looks at what they hold. */
#ifndef ZJ_INVENTORY_SOURCE_H
#define ZJ_INVENTORY_SOURCE_H

#include "base/progress.h"
#include "inventory/table.h"

enum {
    ZJ_SAMPLE_ROWS = 4000, /* wanted of a large table */
    ZJ_WHOLE_ROWS = 20000, /* tables up to this are read whole */
    ZJ_CELL_CHARS = 4096,  /* of a value; the rest is not asked for */
    ZJ_CELL_BYTES_MAX = 4 * ZJ_CELL_CHARS,
    ZJ_STATEMENT_MS = 60000,
    ZJ_TABLES_MAX = 100000, /* of a database */
    ZJ_CONNECT_S = 10,
};

struct zj_tables;

struct zj_source {
    struct zj_job *job;
    const struct zj_inv_sink *sink;
    const struct zj_inv_opts *opts;
    const char *dsn;  /* as given */
    const char *name; /* without the password: what is shown and stored */
    struct zj_progress progress;
    uint64_t bytes; /* read so far, for the rate */
    int64_t start_ns;
    struct zj_tables *tables; /* the child */
    size_t listed, told;      /* tables; those that were read, passed over or told as not read */
    /* of the table being read */
    const char *path;
    size_t columns;
    uint64_t rows, bytes_before;
    bool has_unread;
};

struct zj_source_kind {
    const char *name;
    const char *schemes; /* "postgresql|postgres" */
    zj_err (*read)(struct zj_source *source);
};

/* The kind of a DSN, NULL: it is no DSN. */
const struct zj_source_kind *zj_source_find(const char *dsn);
zj_err zj_source_read(struct zj_job *job, const struct zj_source_kind *kind, const char *dsn,
                      const struct zj_inv_opts *opts, const struct zj_inv_sink *sink);

/* So many tables are there; each is begun and ended, done before or skipped. */
void zj_source_list(struct zj_source *source, size_t count);

/* How many tables and views are looked at; a database is asked for one more. */
size_t zj_source_tables_max(const struct zj_source *source);
/* It has more: those from this one on are not read. */
zj_err zj_source_cut(struct zj_source *source, const char *schema, const char *name);

/* Something of the table `path`, or of the whole source (NULL), cannot be read. */
zj_err zj_source_unread(struct zj_source *source, const char *path, const char *reason);
/* A view that is not begun: it shows nothing but the tables `view_of`, which are read themselves.
 */
zj_err zj_source_view(struct zj_source *source, const char *path, const char *comment,
                      const char *view_of);
/* A table that is not begun. */
zj_err zj_source_skip(struct zj_source *source, const char *path, const char *reason);

/* What a server said, by the code that it gave, in the job's language; or `said` where base/reason.h
 * has words for it. */
const char *zj_server_said(struct zj_job *job, const char *code, const char *said);
const char *zj_server_fault(struct zj_job *job, const char *code, const char *said);

/* Was this table read before in a run that now goes on? Then it is passed over. */
bool zj_source_is_done(struct zj_source *source, const char *path);

/* One table after the other: begun, its columns, then its rows cell by cell, and ended. `comment`
 * and `data_type` may be NULL. A cell keeps the rate. A column that may not be selected is there,
 * and has no cells. */
void zj_source_begin(struct zj_source *source, const char *path, const char *kind,
                     const char *comment);
void zj_source_column(struct zj_source *source, const char *name, const char *data_type,
                      const char *comment);
void zj_source_closed_column(struct zj_source *source, const char *name, const char *data_type,
                             const char *comment);
void zj_source_cell(struct zj_source *source, size_t col, struct zj_span value);
void zj_source_row(struct zj_source *source);
/* `rows` is what the catalogue says, 0 where nobody knows; a table read in part is scaled to it, or
 * has at least the rows that were read. `fault`: why reading broke off, NULL where it did not; a
 * table of which nothing came then is not there. Gives what the sink says. */
zj_err zj_source_end(struct zj_source *source, uint64_t rows, bool is_whole, const char *fault);

/* tables.c: the child that looks at tables. */
struct zj_tables *zj_tables_new(struct zj_source *source);
void zj_tables_free(struct zj_tables *tables); /* accepts NULL */
void zj_tables_begin(struct zj_tables *tables, const char *path, const char *kind,
                     const char *comment);
void zj_tables_column(struct zj_tables *tables, const char *name, const char *data_type,
                      const char *comment, bool is_closed);
void zj_tables_cell(struct zj_tables *tables, size_t col, struct zj_span value);
void zj_tables_row(struct zj_tables *tables);
enum zj_table_end {
    ZJ_TABLE_SAMPLED,
    ZJ_TABLE_WHOLE,
    ZJ_TABLE_PARTIAL, /* it broke off */
    ZJ_TABLE_NOTHING, /* before the first row */
};
zj_err zj_tables_end(struct zj_tables *tables, uint64_t rows, enum zj_table_end how);

#endif
