/* Lists for the console and the command line. */
#include "catalog/rows.h"

/* The source as it is called, or its last part, by which who supervises knows it. */
#define OF_SOURCE                                                                                  \
    " ($4 = '' OR o.source = $4 OR substr(o.source, length(o.source) - length($4)) = '/' || $4) "

static zj_err both(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                   const struct zj_catalog_filter *filter, const struct zj_rows_query *query,
                   struct zj_json *out, int64_t *out_total)
{
    const zj_err err = zj_rows_write(job, store, scope, filter, query, out);
    return err ? err : zj_rows_count(job, store, scope, filter, query, out_total);
}

zj_err zj_catalog_runs(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                       const struct zj_catalog_filter *filter, struct zj_json *out,
                       int64_t *out_total)
{
    const struct zj_rows_query query = {
        .sql = "SELECT " ZJ_ROWS_RUN "WHERE" ZJ_ROWS_SCOPE("r.org_id") "ORDER BY r.id DESC"};
    return both(job, store, scope, filter, &query, out, out_total);
}

zj_err zj_catalog_unread(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         const struct zj_catalog_filter *filter, struct zj_json *out,
                         int64_t *out_total)
{
    const struct zj_rows_query query = {
        .sql = "SELECT u.id, u.run_id, u.place, u.reason AS unread_reason FROM inv_unread u WHERE" ZJ_ROWS_SCOPE(
            "u.org_id") "AND u.run_id = $4 ORDER BY u.id",
        .ints = {filter->object_id},
        .int_count = 1};
    return both(job, store, scope, filter, &query, out, out_total);
}

zj_err zj_catalog_sources(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          const struct zj_catalog_filter *filter, struct zj_json *out,
                          int64_t *out_total)
{
    const struct zj_rows_query query = {
        .sql =
            "SELECT x.org, x.source, COALESCE(s.code, '') AS store, COALESCE(s.name, '') AS "
            "store_name, COALESCE(s.system, '') AS system, x.objects, x.row_count, x.is_estimate, x.bytes, "
            "x.grade, x.is_personal, x.is_sensitive, x.subjects, x.offered, x.kept, x.seen_at FROM "
            "(SELECT o.org_id, COALESCE(r.code, '') AS org, o.source, sum(1 - o.is_gone) AS "
            "objects, sum(o.is_kept) AS kept, "
            /* a view may show the rows of the tables */
            "max(sum(CASE WHEN o.kind = 'view' THEN 0 ELSE (1 - o.is_gone) * o.row_count END), "
            "max((1 - o.is_gone) * o.row_count)) AS row_count, "
            "sum(CASE WHEN o.kind = 'view' THEN 0 ELSE (1 - o.is_gone) * o.bytes END) AS bytes, "
            "max((1 - o.is_gone) * o.final_grade) AS grade, "
            "max((1 - o.is_gone) * o.final_personal) AS is_personal, "
            "max((1 - o.is_gone) * o.final_sensitive) AS is_sensitive, "
            /* what people say counts though the machine has no sketch of it */
            "max(COALESCE((SELECT max(u.subjects) FROM inv_source_subject u WHERE u.org_id = "
            "o.org_id AND u.source = o.source), 0), max((1 - o.is_gone) * o.final_subjects)) AS "
            "subjects, "
            "max((1 - o.is_gone) * o.is_estimate) AS is_estimate, max(o.seen_at) AS seen_at, "
            "(SELECT count(*) FROM inv_column c JOIN inv_object p ON p.id = c.object_id WHERE "
            "p.org_id = o.org_id AND p.source = o.source AND p.is_twin = 0 AND p.is_gone = 0 AND "
            "c.is_offered = 1) "
            "AS "
            "offered, " ZJ_PLACE_STORE(
                "o.source",
                "o.org_id") " AS store_id "
                            "FROM inv_object o LEFT JOIN reg_organisations r ON r.id = o.org_id "
                            "WHERE o.is_twin = 0 AND" ZJ_ROWS_SCOPE(
                                "o.org_id") "GROUP BY o.org_id, r.code, o.source) x "
                                            "LEFT JOIN reg_data_stores s ON s.id = x.store_id "
                                            "ORDER BY x.grade DESC, x.source"};
    return both(job, store, scope, filter, &query, out, out_total);
}

zj_err zj_catalog_objects(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          const struct zj_catalog_filter *filter, struct zj_json *out,
                          int64_t *out_total)
{
    const struct zj_rows_query query = {
        .sql =
            "SELECT o.id, o.source, o.path, o.kind, o.comment, o.row_count, o.is_estimate, "
            "o.is_least, o.is_partial, o.view_of, o.bytes, o.final_grade AS grade, "
            "o.final_personal AS is_personal, o.final_sensitive "
            "AS "
            "is_sensitive, NULLIF(o.final_subjects, 0) AS subjects, " ZJ_ROWS_TEXT(
                "o.final_why",
                "$8") " AS grade_why, "
                      "o.seen_at, (SELECT count(*) FROM inv_column c WHERE c.object_id = o.id "
                      "AND c.is_gone = 0) AS "
                      "column_count, (SELECT count(*) FROM inv_column c WHERE c.object_id = o.id "
                      "AND "
                      "c.final_type <> '') AS found, (SELECT count(*) FROM inv_column c WHERE "
                      "c.object_id = o.id AND c.is_offered = 1) AS offered, "
                      "o.is_gone, o.is_kept FROM inv_object o WHERE" ZJ_ROWS_SCOPE(
                          "o.org_id") "AND" OF_SOURCE "AND ($5 = "
                                      "'' OR "
                                      "instr(o.path, $5) > 0) "
                                      "AND o.final_grade >= $6 AND (o.is_twin = "
                                      "0 OR $7 > 0) AND "
                                      "($7 = 0 OR o.id = "
                                      "$7) ORDER BY o.final_grade DESC, "
                                      "o.path",
        .texts = {filter->source, filter->search},
        .text_count = 2,
        .ints = {filter->grade_min, filter->object_id, job->lang == ZJ_ZH},
        .int_count = 3};
    return both(job, store, scope, filter, &query, out, out_total);
}

#define COLUMN_STORE                                                                               \
    "COALESCE((SELECT s.code FROM reg_data_stores s WHERE s.id = " ZJ_PLACE_STORE(                 \
        "(o.source || char(10) || o.path)", "o.org_id") "), '') AS store, "

/* What the machine proposes (…_proposed, type, grade), what holds (final_…), and what the verdict
 * was given on (verdict_…). */
#define COLUMN_ROW                                                                                 \
    "c.id, c.object_id, o.source, o.path, o.kind, o.row_count, o.bytes, o.seen_at, c.last_run AS " \
    "run_id, " COLUMN_STORE "c.name, c.data_type, c.comment, c.value_count, c.sampled, "           \
    "c.distinct_count, c.is_gone, (SELECT r.started_at FROM inv_run r WHERE r.id = c.last_run) "   \
    "AS last_seen_at, c.type, c.state, CASE WHEN c.final_category = '' THEN c.category ELSE "      \
    "c.final_category END AS category, c.category AS category_proposed, c.grade, "                 \
    "c.is_personal AS is_personal_proposed, c.is_sensitive AS is_sensitive_proposed, "             \
    "max(c.final_personal, COALESCE((SELECT max(h.is_personal) FROM inv_held h WHERE h.column_id " \
    "= c.id), 0)) AS is_personal, max(c.final_sensitive, COALESCE((SELECT max(h.is_sensitive) "    \
    "FROM inv_held h WHERE h.column_id = c.id), 0)) AS is_sensitive, c.ratio, c.bound, "           \
    "NULLIF(c.subjects, 0) AS subjects, " ZJ_ROWS_TEXT(                                            \
        "c.why",                                                                                   \
        "$13") " AS why, c.others, "                                                               \
               "CASE WHEN $12 = 1 THEN c.samples ELSE '' END AS samples, c.rules, c.verdict, "     \
               "c.final_type, "                                                                    \
               "c.final_grade, c.is_offered, COALESCE(v.actor, '') AS actor, COALESCE(v.reason, "  \
               "'') AS "                                                                           \
               "reason, COALESCE(v.at, 0) AS verdict_at, COALESCE(v.rules, '') AS verdict_rules, " \
               "COALESCE(v.proposed_type, '') AS verdict_on_type, COALESCE(v.proposed_grade, 0) "  \
               "AS "                                                                               \
               "verdict_on_grade "

/* What its class and type are called, the class's value in the data list, how many subjects of this
 * type the whole source holds, each counted once (NULL: the type has no such count), and how many
 * its own table has. */
#define COLUMN_CLASS                                                                               \
    "FROM class k WHERE k.id = CASE WHEN c.final_category = '' THEN c.category ELSE "              \
    "c.final_category END), '') AS "
#define COLUMN_NAMES                                                                               \
    ", CASE WHEN c.type = '' OR c.state = 'suspected' OR (c.verdict IN ('correct', 'reject') AND " \
    "c.final_type <> c.type) OR c.ratio = 0 THEN NULL ELSE c.ratio END AS share, "                 \
    "COALESCE((SELECT k.label "                                                                    \
    COLUMN_CLASS "category_name, COALESCE((SELECT k.axis " COLUMN_CLASS                            \
    "category_axis, COALESCE((SELECT n.label FROM kind n WHERE n.name = "                          \
    "c.final_type), c.final_type) AS final_type_name, (SELECT u.subjects FROM inv_source_subject " \
    "u WHERE u.org_id = c.org_id AND u.source = o.source AND u.type = CASE WHEN $5 = '' THEN "     \
    "c.final_type ELSE $5 END) AS source_subjects, NULLIF(o.final_subjects, 0) AS object_subjects "

static const char columns_sql[] =
    "SELECT " COLUMN_ROW COLUMN_NAMES
    "FROM inv_column c JOIN inv_object o ON o.id = c.object_id LEFT JOIN inv_verdict v ON v.id = "
    "c.verdict_id WHERE" ZJ_ROWS_SCOPE("c.org_id") "AND" OF_SOURCE "AND ($5 = '' OR "
    "c.final_type = $5 OR EXISTS (SELECT 1 FROM inv_held h WHERE h.column_id = c.id AND h.type = "
    "$5) OR (c.is_offered = 1 AND c.type = $5)) AND ($6 = '' OR instr(o.path, $6) > "
    "0 OR instr(c.name, $6) > 0) AND (c.final_grade >= $7 OR (c.is_offered = 1 AND c.grade >= $7)) "
    "AND (o.is_twin = 0 OR $8 > 0) AND ($8 = 0 OR c.object_id = $8) AND ($9 = 0 OR c.is_offered = "
    "1) AND ($10 = 0 OR c.type <> '' OR c.verdict <> '') AND ($11 = 0 OR c.id = $11) AND "
    "((c.is_gone = 0 AND (o.is_gone = 0 OR $8 > 0 OR $11 > 0)) OR $14 = 1) ORDER BY CASE "
    "WHEN $8 > 0 THEN c.id ELSE 0 END, c.grade DESC, o.path, c.id";

zj_err zj_catalog_columns(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          const struct zj_catalog_filter *filter, struct zj_json *out,
                          int64_t *out_total)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf names = {0};
    zj_buf_str(&names, "WITH ");
    const zj_err err = zj_rows_classes(job, &names);
    if (err)
        return err;
    zj_buf_str(&names, columns_sql);
    const struct zj_rows_query query = {
        .sql = zj_buf_cstr(&names),
        .texts = {filter->source, filter->type, filter->search},
        .text_count = 3,
        .ints = {filter->grade_min, filter->object_id, filter->is_offered, filter->is_found,
                 filter->column_id, !scope->sees_all || scope->sees_personal || !scope->user_id,
                 job->lang == ZJ_ZH, filter->is_gone},
        .int_count = 8};
    return both(job, store, scope, filter, &query, out, out_total);
}

zj_err zj_catalog_grades(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         const struct zj_catalog_filter *filter, struct zj_json *out,
                         int64_t *out_total)
{
    const struct zj_rows_query query = {
        .sql = "SELECT g.grade, sum(g.objects) AS objects, sum(g.columns) AS columns, "
               "sum(g.personal) AS personal, sum(g.sensitive) AS sensitive FROM (SELECT "
               "o.final_grade AS grade, 1 AS objects, 0 AS columns, 0 AS personal, 0 AS sensitive "
               "FROM inv_object o WHERE o.is_twin = 0 AND o.is_gone = 0 AND" ZJ_ROWS_SCOPE(
                   "o.org_id") "UNION ALL SELECT c.final_grade, 0, 1, c.final_personal, "
                               "c.final_sensitive FROM inv_column c JOIN inv_object o ON o.id = "
                               "c.object_id WHERE c.final_type <> '' AND o.is_twin = 0 AND "
                               "o.is_gone = 0 "
                               "AND" ZJ_ROWS_SCOPE("c.org_id") ") g GROUP BY g.grade ORDER BY "
                                                               "g.grade DESC"};
    return both(job, store, scope, filter, &query, out, out_total);
}

zj_err zj_catalog_verdicts(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                           const struct zj_catalog_filter *filter, struct zj_json *out,
                           int64_t *out_total)
{
    const struct zj_rows_query query = {
        .sql = "SELECT v.id, v.column_id, v.verdict, v.type, v.grade, v.reason, v.proposed_type, "
               "v.proposed_grade, v.rules, v.actor, v.at FROM inv_verdict v WHERE" ZJ_ROWS_SCOPE(
                   "v.org_id") "AND v.column_id = $4 ORDER BY v.id DESC",
        .ints = {filter->column_id},
        .int_count = 1};
    return both(job, store, scope, filter, &query, out, out_total);
}
