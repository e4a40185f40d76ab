/* The yearly run: what is new, gone or grown, and what the data list lacks. */
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

/* What a run counted of its source's objects; of one that it could not read, what an earlier run
 * counted. */
#define COUNTS(run, when)                                                                          \
    "SELECT " run ".org_id, c.object_id, max(c.run_id) AS run_id FROM " run " JOIN y ON y.org_id " \
    "= " run ".org_id JOIN inv_object o ON o.org_id = " run ".org_id AND o.source = " run          \
    ".source JOIN inv_count c ON c.object_id = o.id AND c.run_id <= " run ".id JOIN done d ON "    \
    "d.id = c.run_id AND " when " WHERE o.view_of = '' GROUP BY " run ".org_id, " run              \
    ".id, c.object_id, o.source, o.path HAVING max(c.run_id) = " run                               \
    ".id OR" ZJ_ROWS_UNREAD(run ".id", "o")

/* What was read in part in one of the years, or was there and not read, cannot be compared. 30 % or
 * more of the count or the storage is filed again within three months (166 Art. 12). */
#define UNREAD_BEFORE ZJ_ROWS_UNREAD("c.past_id", "c")
#define CHANGE                                                                                     \
    "CASE WHEN c.rows_before IS NULL AND NOT" UNREAD_BEFORE "THEN 'new' "                          \
    "WHEN c.rows_before IS NULL OR c.parts > 0 THEN 'unsure' "                                     \
    "WHEN 10 * c.rows_now >= 13 * c.rows_before AND c.rows_before > 0 THEN 'grown' "               \
    "WHEN 10 * c.bytes_now >= 13 * c.bytes_before AND c.bytes_before > 0 THEN 'grown' "            \
    "WHEN 10 * c.rows_now <= 7 * c.rows_before AND c.rows_before > 0 THEN 'shrunk' "               \
    "ELSE 'same' END AS change"

/* t: the year before met it as part of another source. */
#define TWIN_COUNT                                                                                 \
    "LEFT JOIN inv_count t ON b.object_id IS NULL AND t.object_id = (SELECT max(d.id) FROM "       \
    "inv_object d WHERE d.org_id = o.org_id AND d.path = o.path AND d.id <> o.id AND d.is_twin = " \
    "1) AND t.run_id = (SELECT max(n.run_id) FROM inv_count n JOIN inv_run r ON r.id = n.run_id "  \
    "AND r.state IN ('done', 'partial') AND r.year < y.year WHERE n.object_id = t.object_id) "
#define COMPARED                                                                                   \
    "SELECT o.id AS object_id, o.source, o.path, o.final_grade AS grade, o.final_personal AS "     \
    "is_personal, COALESCE(b.row_count, t.row_count) AS rows_before, a.row_count AS rows_now, "    \
    "COALESCE(b.bytes, t.bytes) AS bytes_before, a.bytes AS bytes_now, COALESCE(b.grade, "         \
    "t.grade) AS before_grade, a.is_partial + COALESCE(b.is_partial, t.is_partial, 0) AS parts, "  \
    "past.id AS past_id FROM has JOIN y ON y.org_id = has.org_id JOIN inv_count a ON a.run_id = "  \
    "has.run_id AND a.object_id = has.object_id JOIN inv_object o ON o.id = has.object_id AND "    \
    "o.is_twin = 0 LEFT JOIN past ON past.org_id = has.org_id AND past.source = o.source LEFT "    \
    "JOIN had ON had.object_id = has.object_id LEFT JOIN inv_count b ON b.run_id = had.run_id "    \
    "AND b.object_id = had.object_id " TWIN_COUNT "WHERE EXISTS (SELECT 1 FROM before e WHERE "    \
    "e.org_id = has.org_id)"

/* Its source was run again without it, and it is not that it could not be read. */
#define GONE                                                                                       \
    "SELECT o.id, o.source, o.path, o.final_grade, o.final_personal, 'gone', b.row_count, 0, "     \
    "b.bytes, 0, b.grade FROM had JOIN inv_count b ON b.run_id = had.run_id AND b.object_id = "    \
    "had.object_id JOIN inv_object o ON o.id = b.object_id JOIN now ON now.org_id = had.org_id "   \
    "AND now.source = o.source WHERE o.is_twin = 0 AND b.object_id NOT IN (SELECT object_id FROM " \
    "has) AND NOT" ZJ_ROWS_UNREAD("now.id", "o")

#define HAS COUNTS("now", "d.year = y.year")
#define HAD COUNTS("past", "d.year < y.year")

zj_err zj_catalog_changes(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          const struct zj_catalog_filter *filter, struct zj_json *out,
                          int64_t *out_total)
{
    const struct zj_rows_query query = {
        .sql = RUNS ", has AS MATERIALIZED (" HAS "), had AS MATERIALIZED (" HAD
                    ") SELECT * FROM (SELECT c.object_id, c.source, c.path, c.grade, "
                    "c.is_personal, " CHANGE ", c.rows_before, c.rows_now, c.bytes_before, "
                    "c.bytes_now, c.before_grade FROM (" COMPARED ") c UNION ALL " GONE
                    ") x WHERE x.change <> 'same' ORDER BY x.grade DESC, x.change, x.path"};
    const zj_err err = zj_rows_write(job, store, scope, filter, &query, out);
    return err ? err : zj_rows_count(job, store, scope, filter, &query, out_total);
}

zj_err zj_rows_year_runs(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         const struct zj_catalog_filter *filter, struct zj_json *out,
                         int64_t *out_total)
{
    const struct zj_rows_query query = {
        .sql = "SELECT " ZJ_ROWS_RUN "WHERE" ZJ_ROWS_SCOPE(
            "r.org_id") "AND r.year = (SELECT max(m.year) FROM inv_run m WHERE m.org_id = "
                        "r.org_id) ORDER BY r.id DESC"};
    const zj_err err = zj_rows_write(job, store, scope, filter, &query, out);
    return err ? err : zj_rows_count(job, store, scope, filter, &query, out_total);
}

/* What the runs of the newest year could not read and no later run went over again: that has either
 * read it, or tells it itself. */
#define UNREAD_SOURCES                                                                             \
    "WITH y AS (SELECT org_id, max(year) AS year FROM inv_run GROUP BY org_id), ran AS (SELECT "   \
    "id, org_id, char(10) || scope || char(10) AS scope FROM inv_run WHERE state IN ('done', "     \
    "'partial')), src AS (SELECT DISTINCT org_id, source FROM inv_object UNION SELECT org_id, "    \
    "scope FROM inv_run) "
#define UNREAD_LATER                                                                               \
    "EXISTS (SELECT 1 FROM ran n JOIN src s ON s.org_id = n.org_id AND instr(n.scope, char(10) "   \
    "|| s.source || char(10)) > 0 WHERE n.org_id = u.org_id AND n.id > u.run_id AND (s.source = "  \
    "u.place OR substr(u.place, 1, length(s.source) + 1) IN (s.source || '/', s.source || '!'))) " \
    "OR EXISTS (SELECT 1 FROM inv_unread m WHERE m.org_id = u.org_id AND m.place = u.place AND "   \
    "m.run_id > u.run_id)"

zj_err zj_rows_year_unread(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                           const struct zj_catalog_filter *filter, struct zj_json *out,
                           int64_t *out_total)
{
    const struct zj_rows_query query = {
        .sql = UNREAD_SOURCES
        "SELECT DISTINCT u.run_id, r.started_at AS run_at, u.place, u.reason AS unread_reason FROM "
        "inv_unread u "
        "JOIN inv_run r ON r.id = u.run_id JOIN y ON y.org_id = r.org_id AND y.year = r.year "
        "WHERE" ZJ_ROWS_SCOPE("u.org_id") "AND NOT (" UNREAD_LATER
                                          ") ORDER BY u.run_id DESC, u.place, u.reason"};
    const zj_err err = zj_rows_write(job, store, scope, filter, &query, out);
    return err ? err : zj_rows_count(job, store, scope, filter, &query, out_total);
}

zj_err zj_catalog_unlisted(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                           const struct zj_catalog_filter *filter, struct zj_json *out,
                           int64_t *out_total)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    bool has_gaps = false;
    zj_err err = zj_store_has_table(job, store, "gap", &has_gaps);
    zj_buf_str(&sql, "WITH ");
    if (!err)
        err = zj_rows_classes(job, &sql);
    zj_buf_printf(&sql,
                  "SELECT g.id, g.subject, COALESCE((SELECT substr(g.subject, 1, length(g.subject) "
                  "- length(k.name)) || k.label FROM kind k WHERE substr(g.subject, "
                  "length(g.subject) - length(k.name) - 2) = ' · ' || k.name), g.subject) AS "
                  "subject_name, g.%s AS why, g.last_seen AS seen_at FROM gap g "
                  "WHERE" ZJ_ROWS_SCOPE("g.org_id") "AND g.state = 'open' AND g.rule = "
                                                    "'T11.unlisted-data' ORDER BY g.subject",
                  zj_tr(job, "why_en", "why_zh"));
    const struct zj_rows_query query = {.sql = zj_buf_cstr(&sql)};
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
