/* Rows of the catalogue as JSON. Inside of this room. */
#ifndef ZJ_CATALOG_ROWS_H
#define ZJ_CATALOG_ROWS_H

#include "catalog/catalog.h"

enum { ZJ_ROWS_LIMIT = 500 };

/* Runs `sql`, whose $1, $2, $3 are scope, its organisation and the filter's (0: all), whose further
 * parameters are `texts` (from $4) and then `ints`, and writes an array of its rows. Columns tell
 * by their names how they are written: grade, is_…, …_at, samples and others (lists). */
struct zj_rows_query {
    const char *sql;
    const char *texts[4];
    size_t text_count;
    int64_t ints[8];
    size_t int_count;
};
zj_err zj_rows_write(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                     const struct zj_catalog_filter *filter, const struct zj_rows_query *query,
                     struct zj_json *out);
zj_err zj_rows_count(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                     const struct zj_catalog_filter *filter, const struct zj_rows_query *query,
                     int64_t *out_total);

/* What every statement filters by. */
#define ZJ_ROWS_SCOPE(org) " ($1 = 1 OR " org " = $2) AND ($3 = 0 OR " org " = $3) "

/* A sentence that is kept in both languages, in the one that `is_zh` (a parameter) asks for. */
#define ZJ_ROWS_TEXT(column, is_zh)                                                                \
    "CASE WHEN " is_zh " = 1 AND " column "_zh <> '' THEN " column "_zh ELSE " column " END"

/* A store of the register stands for a source where its location is part of the source's name. */
#define ZJ_ROWS_STORE(source, org)                                                                 \
    "(SELECT s.id FROM reg_data_stores s WHERE s.org_id = " org " AND s.deleted_at = 0 AND "       \
    "COALESCE(s.location, '') <> '' AND instr(" source ", s.location) > 0 ORDER BY "               \
    "length(s.location) DESC LIMIT 1)"

#endif
