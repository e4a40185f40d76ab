/* The tables behind the registers, made from the descriptors, and the one way rows change. */
#ifndef ZJ_REGISTER_TABLE_H
#define ZJ_REGISTER_TABLE_H

#include "register/field.h"

enum { ZJ_TABLE_COLS_MAX = 2 * ZJ_FIELDS_MAX + 8, ZJ_TABLE_NAME = 64 };

enum zj_table_col_kind {
    ZJ_TABLE_ID,
    ZJ_TABLE_ORG,
    ZJ_TABLE_FIELD,
    ZJ_TABLE_BLIND, /* blind index of a personal field */
    ZJ_TABLE_CREATED,
    ZJ_TABLE_UPDATED,
    ZJ_TABLE_DELETED,
    ZJ_TABLE_BATCH,
    ZJ_TABLE_HASH,
    ZJ_TABLE_OTHER, /* of a field that a later release dropped */
};

struct zj_table_col {
    char name[ZJ_TABLE_NAME];
    enum zj_table_col_kind kind;
    int field;
};

/* A register's table as it stands in this store: columns added later come last, and a row's hash
 * goes over the columns in the table's order. */
struct zj_table {
    const struct zj_register *reg;
    char name[ZJ_TABLE_NAME];
    struct zj_table_col cols[ZJ_TABLE_COLS_MAX];
    size_t col_count;
};

zj_err zj_table_load(struct zj_job *job, struct zj_store *store, const struct zj_register *reg,
                     struct zj_table *out);

/* Takes away, inside a transaction, all indexes but the unique one, and brings them back: sorting a
 * million keys once costs a tenth of finding the place of each. A store left without them makes
 * them at the next migration. */
zj_err zj_table_drop_indexes(struct zj_job *job, struct zj_store *store,
                             const struct zj_register *reg);
zj_err zj_table_make_indexes(struct zj_job *job, struct zj_store *store,
                             const struct zj_register *reg);

/* "cards.owner_name", the name a personal field's keys are derived for. */
void zj_field_key_name(const struct zj_register *reg, size_t field, char out[ZJ_TABLE_NAME]);
/* Names compare by their bytes; identifiers are in one case already. */
void zj_field_blind(struct zj_store *store, const struct zj_register *reg, size_t field,
                    struct zj_span value, uint8_t out[16]);
/* Appends the cell in column `col` of a row of SELECT * as plain text; empty where it is NULL. */
zj_err zj_table_cell(struct zj_job *job, struct zj_store *store, const struct zj_table *table,
                     const struct zj_stmt *row, size_t col, struct zj_buf *out);

/* The columns of a row, each with `prefix` before it. */
void zj_table_put_columns(const struct zj_table *table, const char *prefix, struct zj_buf *sql);
/* One half of all versions, with until_at: the rows as they are, or as they were. */
void zj_table_put_version(const struct zj_table *table, bool is_old, struct zj_buf *sql);
/* A source of all versions of all rows, with until_at: when the version was replaced. */
void zj_table_put_versions(const struct zj_table *table, struct zj_buf *sql);

/* --- writing ---------------------------------------------------------------------------------- */

enum zj_put_mode {
    ZJ_PUT_UPSERT, /* by key */
    ZJ_PUT_INSERT, /* a key that is there is a fault */
    ZJ_PUT_UPDATE, /* by id */
};

enum zj_put_result { ZJ_PUT_REFUSED, ZJ_PUT_INSERTED, ZJ_PUT_UPDATED, ZJ_PUT_UNCHANGED };

struct zj_writer;

/* Statements of all columns in the table's order: of an insert; of an update, whose last parameter is
 * the id; of the copy into the history of row $1, replaced at $2. */
void zj_table_insert_sql(const struct zj_table *t, struct zj_buf *sql);
void zj_table_update_sql(const struct zj_table *t, struct zj_buf *sql);
void zj_table_keep_sql(const struct zj_table *t, struct zj_buf *sql);

/* Within one transaction of the caller's, or several; `batch_id` goes into the rows. A dry writer
 * tells what it would do. With `marks_rows` false rules are told only that the register changed. */
struct zj_writer_opts {
    int64_t batch_id;
    bool is_dry;
    bool marks_rows;
    bool refuses_twice; /* a key that this writer wrote or met before is a fault */
    bool keeps_official; /* a change of an official field is a fault */
    bool keeps_held;     /* and so is one of a field that is held */
    zj_row_free_fn *is_free; /* NULL: none is kept */
};
zj_err zj_writer_open(struct zj_job *job, struct zj_store *store, const struct zj_register *reg,
                      const struct zj_writer_opts *opts, struct zj_writer **out);
void zj_writer_close(struct zj_writer *writer); /* accepts NULL */
static inline void zj_writer_closep(struct zj_writer **writer)
{
    zj_writer_close(*writer);
}

/* `draft` is filled already; finishes it against what is stored and writes it. Refusals stand in
 * the draft. `id` only for UPDATE. */
zj_err zj_writer_put(struct zj_job *job, struct zj_writer *writer, enum zj_put_mode mode,
                     int64_t org_id, int64_t id, struct zj_draft *draft,
                     enum zj_put_result *out_result, int64_t *out_id);
/* ZJ_ENOTFOUND: no such live row of this organisation. */
zj_err zj_writer_delete(struct zj_job *job, struct zj_writer *writer, int64_t org_id, int64_t id);
/* What is owed before a commit: counts of live rows, marks for the rules. */
zj_err zj_writer_settle(struct zj_job *job, struct zj_writer *writer);

#endif
