/* The yearly run: what is new, gone or grown, what the data list lacks, and what of it belongs into
 * the catalogue of important data. */
#include "catalog/rows.h"

/* The newest year of each organisation, of each source its last finished run of that year, and its
 * last one of the year it was run in before. */
#define RUNS                                                                                       \
    "WITH " ZJ_ROWS_SEEN ", y AS (SELECT org_id, max(year) AS year FROM seen GROUP BY org_id), "   \
    "now AS (SELECT s.org_id, s.source, max(s.id) AS id FROM seen s JOIN y ON y.org_id = "         \
    "s.org_id AND y.year = s.year GROUP BY s.org_id, s.source), "                                  \
    "before AS (SELECT s.org_id, s.source, max(s.year) AS year FROM seen s JOIN y ON y.org_id = "  \
    "s.org_id AND s.year < y.year GROUP BY s.org_id, s.source), "                                  \
    "past AS (SELECT s.org_id, s.source, max(s.id) AS id FROM seen s JOIN before b ON b.org_id "   \
    "= s.org_id AND b.source = s.source AND b.year = s.year GROUP BY s.org_id, s.source) "

zj_err zj_catalog_changes(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          const struct zj_catalog_filter *filter, struct zj_json *out,
                          int64_t *out_total)
{
    /* 30 % or more of the count or the storage: refiling within three months (166 Art. 12) */
    const struct zj_rows_query query = {
        .sql = RUNS
        "SELECT * FROM (SELECT o.id AS object_id, o.source, o.path, o.grade, o.is_personal, "
        "CASE WHEN b.object_id IS NULL THEN 'new' WHEN 10 * a.row_count >= 13 * b.row_count "
        "AND b.row_count > 0 THEN 'grown' WHEN 10 * a.bytes >= 13 * b.bytes AND b.bytes > 0 "
        "THEN 'grown' WHEN 10 * a.row_count <= 7 * b.row_count AND b.row_count > 0 THEN "
        "'shrunk' ELSE 'same' END AS change, b.row_count AS rows_before, a.row_count AS "
        "rows_now, b.bytes AS bytes_before, a.bytes AS bytes_now, b.grade AS before_grade "
        "FROM now JOIN inv_count a ON a.run_id = now.id JOIN inv_object o ON o.id = "
        "a.object_id AND o.source = now.source LEFT JOIN past ON past.org_id = now.org_id AND "
        "past.source = now.source LEFT JOIN inv_count b ON b.run_id = past.id AND b.object_id = "
        "a.object_id WHERE EXISTS (SELECT 1 FROM before e WHERE e.org_id = now.org_id) "
        /* gone: its source was run again without it, and it is not that it could not be read */
        "UNION ALL SELECT o.id, o.source, o.path, o.grade, o.is_personal, 'gone', b.row_count, "
        "0, b.bytes, 0, b.grade FROM past JOIN inv_count b ON b.run_id = past.id JOIN "
        "inv_object o ON o.id = b.object_id AND o.source = past.source JOIN now ON now.org_id = "
        "past.org_id AND now.source = past.source WHERE NOT EXISTS (SELECT 1 FROM inv_count a "
        "WHERE a.run_id = now.id AND a.object_id = b.object_id) AND NOT" ZJ_ROWS_UNREAD(
            "now.id", "o") ") x WHERE x.change <> 'same' ORDER BY x.grade DESC, x.change, x.path"};
    const zj_err err = zj_rows_write(job, store, scope, filter, &query, out);
    return err ? err : zj_rows_count(job, store, scope, filter, &query, out_total);
}

zj_err zj_rows_year_runs(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         const struct zj_catalog_filter *filter, struct zj_json *out,
                         int64_t *out_total)
{
    const struct zj_rows_query query = {
        .sql = RUNS "SELECT " ZJ_ROWS_RUN "WHERE" ZJ_ROWS_SCOPE(
            "r.org_id") "AND (r.id IN (SELECT id FROM now) OR r.id = (SELECT max(m.id) FROM "
                        "inv_run m WHERE m.org_id = r.org_id)) ORDER BY r.id DESC"};
    const zj_err err = zj_rows_write(job, store, scope, filter, &query, out);
    return err ? err : zj_rows_count(job, store, scope, filter, &query, out_total);
}

zj_err zj_rows_year_unread(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                           const struct zj_catalog_filter *filter, struct zj_json *out,
                           int64_t *out_total)
{
    const struct zj_rows_query query = {
        .sql =
            RUNS "SELECT u.id, u.run_id, u.place, u.reason FROM inv_unread u WHERE" ZJ_ROWS_SCOPE(
                "u.org_id") "AND (u.run_id IN (SELECT id FROM now) OR u.run_id = (SELECT "
                            "max(m.id) FROM inv_run m WHERE m.org_id = u.org_id)) ORDER BY u.id"};
    const zj_err err = zj_rows_write(job, store, scope, filter, &query, out);
    return err ? err : zj_rows_count(job, store, scope, filter, &query, out_total);
}

/* The eleven items of 166 Art. 12; what only people know is empty. Encryption, sharing and export
 * come from the registers of stores, partners and exports. */
zj_err zj_catalog_important(struct zj_job *job, struct zj_store *store,
                            const struct zj_scope *scope, const struct zj_catalog_filter *filter,
                            struct zj_json *out, int64_t *out_total)
{
    const struct zj_rows_query query = {
        .sql =
            "WITH " ZJ_ROWS_SEEN " SELECT o.id AS object_id, o.path AS title, o.source, "
            "COALESCE((SELECT group_concat(DISTINCT c.category) FROM inv_column c WHERE "
            "c.object_id = o.id AND c.final_type <> '' AND c.state <> 'suspected'), '') AS "
            "category, "
            "max(o.grade, COALESCE((SELECT max(c.final_grade) FROM inv_column c WHERE c.object_id "
            "= o.id AND c.verdict <> ''), 0)) AS grade, o.row_count AS records, o.bytes, o.kind AS "
            "carrier, '' AS purpose, '' AS used_in, "
            "COALESCE((SELECT g.name FROM reg_organisations g WHERE g.id = o.org_id), '') AS "
            "responsible, "
            "COALESCE((SELECT group_concat(DISTINCT p.name) FROM reg_partners p JOIN reg_item i ON "
            "i.register = 'partners' AND i.field = 'data_types' AND i.row_id = p.id WHERE p.org_id "
            "= o.org_id AND p.deleted_at = 0 AND i.value IN (SELECT c.final_type FROM inv_column c "
            "WHERE c.object_id = o.id)), '') AS sharing, "
            "COALESCE((SELECT group_concat(DISTINCT e.receiver) FROM reg_exports e JOIN reg_item i "
            "ON i.register = 'exports' AND i.field = 'data_types' AND i.row_id = e.id WHERE "
            "e.org_id = o.org_id AND e.deleted_at = 0 AND i.value IN (SELECT c.final_type FROM "
            "inv_column c WHERE c.object_id = o.id)), '') AS export, '' AS safeguards, "
            "o.subjects, COALESCE((SELECT v.reason FROM inv_column c JOIN inv_verdict v ON v.id = "
            "c.verdict_id WHERE c.object_id = o.id AND c.final_grade >= 5 AND c.final_grade > "
            "c.grade "
            "AND c.final_grade > o.grade AND v.reason <> '' ORDER BY c.final_grade DESC, v.id DESC "
            "LIMIT 1), " ZJ_ROWS_TEXT("o.grade_why",
                                      "$4") ") AS grade_why FROM inv_object o "
                                            "WHERE" ZJ_ROWS_SCOPE(
                                                "o.org_id") "AND max(o.grade, "
                                                            "COALESCE((SELECT "
                                                            "max(c.final_grade) "
                                                            "FROM "
                                                            "inv_column c WHERE "
                                                            "c.object_id = o.id AND "
                                                            "c.verdict <> ''), 0)) "
                                                            ">= 5 AND "
                                                            "NOT" ZJ_ROWS_GONE("o") "ORDER BY 5 "
                                                                                    "DESC, o.path",
        .ints = {job->lang == ZJ_ZH},
        .int_count = 1};
    const zj_err err = zj_rows_write(job, store, scope, filter, &query, out);
    return err ? err : zj_rows_count(job, store, scope, filter, &query, out_total);
}

zj_err zj_catalog_unlisted(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                           const struct zj_catalog_filter *filter, struct zj_json *out,
                           int64_t *out_total)
{
    bool has_gaps = false;
    const struct zj_rows_query query = {
        .sql = zj_arena_printf(&job->arena,
                               "SELECT g.id, g.subject, g.%s AS why, g.last_seen AS seen_at FROM "
                               "gap g WHERE" ZJ_ROWS_SCOPE(
                                   "g.org_id") "AND g.state = 'open' AND "
                                               "g.rule = 'T11.unlisted-data' ORDER BY g.subject",
                               zj_tr(job, "why_en", "why_zh"))};
    zj_err err = zj_store_has_table(job, store, "gap", &has_gaps);
    if (!err && has_gaps) {
        err = zj_rows_write(job, store, scope, filter, &query, out);
        return err ? err : zj_rows_count(job, store, scope, filter, &query, out_total);
    }
    zj_json_array(out);
    zj_json_array_end(out);
    if (out_total)
        *out_total = 0;
    return err;
}
