/* Databases as sources. One is a file that ends in a descriptor, and a line in sources.def. Reading
 * changes nothing there: the session is read-only, every statement has a time limit, and of large
 * tables a sample is read. What fails is told by its table, and the rest goes on. */
#ifndef ZJ_INVENTORY_SOURCE_H
#define ZJ_INVENTORY_SOURCE_H

#include "base/progress.h"
#include "inventory/table.h"

enum {
    ZJ_SAMPLE_ROWS = 4000, /* wanted of a large table */
    ZJ_WHOLE_ROWS = 20000, /* tables up to this are read whole */
    ZJ_CELL_CHARS = 4096,  /* of a value; the rest is not asked for */
    ZJ_STATEMENT_MS = 60000,
    ZJ_CONNECT_S = 10,
};

struct zj_source {
    struct zj_job *job;
    struct zj_scan scan;
    const struct zj_inv_opts *opts;
    const char *dsn;  /* as given */
    const char *name; /* without the password: what is shown and stored */
    struct zj_progress progress;
    uint64_t bytes; /* read so far, for the rate */
    int64_t start_ns;
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

/* What of a table was read: sets rows and the distinct values of the whole from those of the
 * sample. `rows` is what the catalogue says, 0 where it does not know. */
void zj_source_scale(struct zj_inv_table *table, uint64_t rows, bool is_whole);

/* Tells a cell to the table and keeps the rate. */
void zj_source_cell(struct zj_source *source, struct zj_inv_table *table, size_t col,
                    struct zj_span value);

#endif
