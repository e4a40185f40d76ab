/* Rows of the catalogue as JSON. Inside of this room. */
#ifndef ZJ_CATALOG_ROWS_H
#define ZJ_CATALOG_ROWS_H

#include "base/store_place.h"
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

/* What the taxonomy and the list of types call things, as tables of a WITH: class (id, label, axis)
 * and kind (name, label) of types and classes. */
zj_err zj_rows_classes(struct zj_job *job, struct zj_buf *out);

/* What every statement filters by. */
#define ZJ_ROWS_SCOPE(org) " ($1 = 1 OR " org " = $2) AND ($3 = 0 OR " org " = $3) "

/* A sentence that is kept in both languages, in the one that `is_zh` (a parameter) asks for. */
#define ZJ_ROWS_TEXT(column, is_zh)                                                                \
    "CASE WHEN " is_zh " = 1 AND " column "_zh <> '' THEN " column "_zh ELSE " column " END"

/* seen: which finished run went over which source, by its sheet and by what it found. A run over a
 * folder inside of a source went over a part only, though unchanged files of it count for the run. */
#define ZJ_ROWS_SEEN                                                                               \
    "done AS (SELECT id, org_id, year, char(10) || scope || char(10) AS scope FROM inv_run WHERE " \
    "state IN ('done', 'partial') AND" ZJ_ROWS_SCOPE("org_id") "), " ZJ_ROWS_SEEN_OF

#define ZJ_ROWS_SEEN_OF                                                                            \
    "named AS (SELECT DISTINCT org_id, source FROM inv_object UNION SELECT org_id, scope FROM "    \
    "inv_run), seen AS (SELECT d.org_id, s.source, d.year, d.id FROM done d JOIN (SELECT "         \
    "DISTINCT org_id, source FROM inv_object) s ON s.org_id = d.org_id AND instr(d.scope, "        \
    "char(10) || s.source || char(10)) > 0 UNION SELECT d.org_id, o.source, d.year, d.id FROM "    \
    "done d JOIN inv_count c ON c.run_id = d.id JOIN inv_object o ON o.id = c.object_id WHERE "    \
    "NOT EXISTS (SELECT 1 FROM named p WHERE p.org_id = d.org_id AND substr(p.source, 1, "         \
    "length(o.source) + 1) = o.source || '/' AND instr(d.scope, char(10) || p.source || "          \
    "char(10)) > 0)) "

/* The run could not read this object, or what holds it: its source, a folder or an archive. A table
 * of a database is named with its source, since another has tables of the same name. */
#define ZJ_ROWS_UNREAD(run, object)                                                                \
    " (EXISTS (SELECT 1 FROM inv_unread u WHERE u.run_id = " run " AND u.place IN (" object        \
    ".source, " object ".path, " object ".source || '!' || " object ".path)) OR (instr(" object    \
    ".path, '/') + instr(" object ".path, '!') > 0 AND EXISTS (SELECT 1 FROM inv_unread u WHERE "  \
    "u.run_id = " run " AND u.place < " object ".path AND substr(" object                          \
    ".path, 1, length(u.place) + 1) IN (u.place || '/', u.place || '!')))) "

#define ZJ_ROWS_RUN                                                                                \
    "r.id, COALESCE(o.code, '') AS org, r.year, r.scope, COALESCE(NULLIF(e.process, ''), "         \
    "r.process) AS process, COALESCE(NULLIF(e.operators, ''), r.operators) AS operators, r.rules, "\
    "r.state, r.started_at, r.ended_at, r.files, r.skipped, r.objects, r.columns, r.found, "       \
    "r.unread, r.bytes, COALESCE(e.id, 0) AS entered, COALESCE(e.code, '') AS entered_code FROM "  \
    "inv_run r LEFT JOIN reg_organisations o ON o.id = r.org_id LEFT JOIN reg_inventory_runs e "   \
    "ON e.id = (SELECT min(x.id) FROM reg_inventory_runs x WHERE x.org_id = r.org_id AND x.run = " \
    "r.id AND x.deleted_at = 0) "

/* The runs of the newest year, the last one first, and what they could not read. */
zj_catalog_list_fn zj_rows_year_runs, zj_rows_year_unread;

#endif
