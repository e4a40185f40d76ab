/* What a reader gives: cells by row, or blocks of running text. A table keeps for each column a
 * count of distinct values and a sample spread over all rows, and looks into every long cell; when
 * it is ended it says what it holds. */
#ifndef ZJ_INVENTORY_TABLE_H
#define ZJ_INVENTORY_TABLE_H

#include "base/hll.h"
#include "inventory/reader.h"

enum {
    ZJ_TABLE_COLS_MAX = 4096,
    ZJ_TABLE_NAME_MAX = 200,
    ZJ_TABLE_SAMPLE = 2000,          /* distinct values kept of a column */
    ZJ_TABLE_SAMPLE_BYTES = 1 << 18, /* of all of them */
    ZJ_TABLE_VALUE_MAX = 2048,       /* of one of them; the rest is looked into as text */
    ZJ_TABLE_PLACES_MAX = 5,
    ZJ_TABLE_MAPS_MAX = 64,
};

/* One type found inside longer text. */
struct zj_hits {
    uint64_t count;
    uint64_t lines; /* of running text that hold it */
    struct zj_hll subjects;
    char *samples[ZJ_INV_SAMPLES_MAX]; /* masked, in the table's arena */
};

/* A value of the sample: before its bytes. */
struct zj_sampled {
    uint32_t len, times; /* how often it was looked at since it was taken */
};

struct zj_col_state {
    char *name, *data_type, *comment;
    bool is_unread;         /* no right to select it */
    uint64_t values, bytes; /* not empty ones and their bytes */
    uint64_t lines;         /* of running text */
    struct zj_hll *distinct;
    struct zj_hll *numbers; /* the same of values as zj_subject_plain gives them; NULL: no other */
    struct zj_buf sample;   /* zj_sampled and value, again and again */
    uint32_t *seen;         /* set of hashes of the values in the sample, */
    uint32_t *seen_at;      /* and where they are in it */
    uint32_t sampled;
    double factor;         /* what a sample's distinct values stand for; 0: they are all */
    uint64_t stride;       /* every stride-th value is looked at */
    struct zj_buf batch;   /* long cells, to be looked into together */
    struct zj_hits **hits; /* by type, NULL where none */
};

struct zj_inv_table {
    struct zj_scan *scan;
    struct zj_arena arena;
    char *path;
    const char *kind;
    const char *comment;
    uint64_t rows, bytes;
    bool is_estimate, is_least, is_partial; /* as zj_inv_object has them */
    struct zj_col_state *cols;
    size_t count, cap;
    uint32_t *names; /* open-addressed: index + 1 of a column by its name */
    size_t names_cap;
    bool is_full;         /* more columns than are kept */
    struct zj_lead *lead; /* first rows that wait for the names of the columns (rows.h) */
    size_t named;         /* columns by the header or the first row */
    uint64_t lines;       /* line ends read, of kinds that tell places by them */
    uint64_t unclosed;    /* quotes, */
    uint64_t unclosed_at[ZJ_TABLE_PLACES_MAX]; /* and the lines of the first of them */
    bool has_paths;                            /* names of columns are paths of a document, */
    size_t map_count;
    uint64_t maps[ZJ_TABLE_MAPS_MAX]; /* and these hashes those of its maps (maps.h) */
    bool is_bytes; /* of a format that is not read: it is an object only where something is found */
};

struct zj_inv_table *zj_inv_table_new(struct zj_scan *scan, const char *path, const char *kind);
void zj_inv_table_free(struct zj_inv_table *table); /* accepts NULL */
static inline void zj_inv_table_freep(struct zj_inv_table **table)
{
    zj_inv_table_free(*table);
}

/* The column of this name, made where it is not there; a table that is full gives its last one. */
size_t zj_inv_table_col(struct zj_inv_table *table, struct zj_span name);
void zj_inv_table_describe(struct zj_inv_table *table, size_t col, struct zj_span data_type,
                           struct zj_span comment);
void zj_inv_table_cell(struct zj_inv_table *table, size_t col, struct zj_span value);
static inline void zj_inv_table_row(struct zj_inv_table *table)
{
    table->rows++;
}
/* A quote in the line behind those read is not closed: told with the table. */
void zj_inv_table_unclosed(struct zj_inv_table *table);
/* The first bytes of a file that is read cell by cell: what only the whole shows, a map, becomes
 * the column "(content)". */
void zj_inv_table_head(struct zj_inv_table *table, struct zj_span head);
/* A block of running text that ends where no value is cut, as column "(text)". */
void zj_inv_table_text(struct zj_inv_table *table, struct zj_span block);
/* The same, where each line is a row. */
void zj_inv_table_lines(struct zj_inv_table *table, struct zj_span block);
/* Where a block that goes on is cut so that no value is. */
size_t zj_text_cut(struct zj_span block);

/* Columns get the names `name_of` gives; of those that get the same one is made. */
void zj_inv_table_rename(struct zj_inv_table *table,
                         struct zj_span (*name_of)(void *ctx, const char *name), void *ctx);

/* What `from` counted becomes part of `table`, as if it had been read behind it. */
void zj_inv_table_merge(struct zj_inv_table *table, struct zj_inv_table *from);

/* Says what the table holds, or hands it over to who keeps it; nothing where it has no column. */
zj_err zj_inv_table_emit(struct zj_inv_table *table);

/* verdict.c: proposals of a column and the grade of the whole. */
void zj_inv_table_judge(struct zj_inv_table *table, struct zj_col_state *col,
                        struct zj_inv_column *out);
void zj_inv_propose(const struct zj_inv_table *table, struct zj_inv_column *out, size_t type,
                    struct zj_inv_proposal p);
/* track.c: positions of vehicles over time, which no column shows by itself. */
void zj_inv_table_track(struct zj_inv_table *table, struct zj_inv_column *cols);
void zj_object_grade(struct zj_inv_table *table, struct zj_inv_object *object);

#endif
