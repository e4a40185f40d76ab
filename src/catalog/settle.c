#include "catalog/settle.h"

#include "catalog/rows.h"

enum { HELD_MAX = 4096 };

/* What an object holds, as it is read column by column. */
struct held {
    struct zj_job *job;
    struct zj_store *store;
    const struct zj_inv_classes *classes;
    int64_t object_id, column_id; /* the column that is read */
    struct zj_inv_holding at[HELD_MAX];
    size_t count;
};

static const char *copy_text(struct held *h, struct zj_span text)
{
    return zj_arena_span(&h->job->arena, text);
}

static zj_err keep_held(struct held *h, const char *type, int grade,
                        const struct zj_inv_class *class, bool is_confirmed)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    const zj_err err = zj_store_prepare(
        h->job, h->store,
        "INSERT INTO inv_held (column_id, type, object_id, category, grade, is_personal, "
        "is_sensitive, is_confirmed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO "
        "NOTHING",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, h->column_id);
    zj_stmt_bind_str(stmt, 2, type);
    zj_stmt_bind_int(stmt, 3, h->object_id);
    zj_stmt_bind_str(stmt, 4, class->id);
    zj_stmt_bind_int(stmt, 5, grade);
    zj_stmt_bind_int(stmt, 6, class->is_personal);
    zj_stmt_bind_int(stmt, 7, class->is_sensitive);
    zj_stmt_bind_int(stmt, 8, is_confirmed);
    return zj_stmt_run(h->job, stmt);
}

/* category "": the type's own. grade 0: the class's. */
static zj_err put_held(struct held *h, const char *type, const char *category, int grade,
                       bool is_confirmed)
{
    struct zj_inv_class class = {.id = ""};
    if (!type[0])
        return ZJ_OK;
    if (!zj_inv_class_named(h->classes, category, &class) &&
        !zj_inv_class_of(h->classes, type, &class))
        return ZJ_OK;
    if (!grade)
        grade = class.grade;
    if (h->count < HELD_MAX)
        h->at[h->count++] = (struct zj_inv_holding){type, class.id, grade, is_confirmed};
    return keep_held(h, type, grade, &class, is_confirmed);
}

/* What a column of text holds besides its strongest type. */
static zj_err add_others(struct held *h, struct zj_span others)
{
    zj_err err = ZJ_OK;
    while (!err && others.len) {
        const uint8_t *end = memchr(others.at, ';', others.len);
        const size_t len = end ? (size_t)(end - others.at) : others.len;
        err = put_held(h, copy_text(h, zj_span_of(others.at, len)), "", 0, false);
        others = zj_span_part(others, len + 1, others.len);
    }
    return err;
}

/* Columns of a row: type, state, category, others, verdict, final_type, final_grade, id. What a
 * person said of a type leaves the other types that text holds as they are; what it said of a
 * column whose values are of one type is the whole. */
static zj_err add_column(struct held *h, const struct zj_stmt *row)
{
    const struct zj_span state = zj_stmt_text(row, 1), verdict = zj_stmt_text(row, 4);
    const char *proposed = copy_text(h, zj_stmt_text(row, 0));
    const char *type = copy_text(h, zj_stmt_text(row, 5));
    const int grade = (int)zj_stmt_int(row, 6);
    const bool is_same = strcmp(type, proposed) == 0,
               is_confirmed = zj_span_eq_str(state, "confirmed"),
               is_text = zj_span_eq_str(state, "contains");
    zj_err err;
    h->column_id = zj_stmt_int(row, 7);
    if (zj_span_eq_str(verdict, "reject") || (!verdict.len && zj_span_eq_str(state, "suspected")))
        return ZJ_OK;
    if (zj_span_eq_str(verdict, "correct")) {
        err = put_held(h, type, "", grade, !is_text);
        return err || !(is_text || is_same) ? err : add_others(h, zj_stmt_text(row, 3));
    }
    err = put_held(h, type, is_same ? copy_text(h, zj_stmt_text(row, 2)) : "", grade, is_confirmed);
    if (!err && !is_same && (is_confirmed || is_text)) /* what came after it was accepted */
        err = put_held(h, proposed, "", 0, is_confirmed);
    return err ? err : add_others(h, zj_stmt_text(row, 3));
}

static zj_err exec_with(struct zj_job *job, struct zj_store *store, const char *sql, int64_t id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    const zj_err err = zj_store_prepare(job, store, sql, &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    return zj_stmt_run(job, stmt);
}

static zj_err settle_column(struct held *h, const struct zj_stmt *row)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct zj_inv_class class = {.id = ""};
    const char *category = copy_text(h, zj_stmt_text(row, 2)),
               *type = copy_text(h, zj_stmt_text(row, 5));
    const bool is_as_proposed = zj_span_eq_str(zj_stmt_text(row, 0), type);
    if (type[0] && (!is_as_proposed || !zj_inv_class_named(h->classes, category, &class)))
        zj_inv_class_of(h->classes, type, &class);
    const zj_err err = zj_store_prepare(
        h->job, h->store,
        "UPDATE inv_column SET final_category = $2, final_personal = $3, final_sensitive = $4 "
        "WHERE id = $1",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, zj_stmt_int(row, 7));
    zj_stmt_bind_str(stmt, 2, class.id);
    zj_stmt_bind_int(stmt, 3, class.is_personal);
    zj_stmt_bind_int(stmt, 4, class.is_sensitive);
    return zj_stmt_run(h->job, stmt);
}

static zj_err read_columns(struct held *h, bool *out_is_judged)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = exec_with(h->job, h->store, "DELETE FROM inv_held WHERE object_id = $1",
                           h->object_id);
    if (!err)
        err = zj_store_prepare(h->job, h->store,
                               "SELECT type, state, category, others, verdict, final_type, "
                               "final_grade, id FROM inv_column WHERE object_id = $1 AND "
                               "(type <> '' OR verdict <> '') AND is_gone = 0",
                               &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, h->object_id);
    while (!err && !(err = zj_stmt_step(h->job, stmt, &has_row)) && has_row) {
        err = add_column(h, stmt);
        if (err || !zj_stmt_text(stmt, 4).len)
            continue;
        *out_is_judged = true;
        err = settle_column(h, stmt);
    }
    return err;
}

/* Of the types that count subjects among what is still held the one with the most; where people say
 * that a column is of a type and the machine did not, its distinct values. */
static zj_err count_subjects(struct held *h, uint64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    *out = 0;
    zj_err err = zj_store_prepare(
        h->job, h->store,
        "SELECT h.type, COALESCE((SELECT s.subjects FROM inv_subject s WHERE s.object_id = $1 AND "
        "s.type = h.type), max(CASE WHEN c.final_type = h.type THEN c.distinct_count ELSE 0 END)) "
        "FROM inv_held h JOIN inv_column c ON c.id = h.column_id WHERE h.object_id = $1 GROUP BY "
        "h.type",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, h->object_id);
    while (!err && !(err = zj_stmt_step(h->job, stmt, &has_row)) && has_row) {
        const uint64_t subjects = (uint64_t)zj_stmt_int(stmt, 1);
        if (subjects > *out && zj_inv_type_counts(h->classes, copy_text(h, zj_stmt_text(stmt, 0))))
            *out = subjects;
    }
    return err;
}

static zj_err put_graded(struct zj_job *job, struct zj_store *store, int64_t object_id,
                         const struct zj_inv_graded *g, uint64_t subjects)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    const zj_err err = zj_store_prepare(
        job, store,
        "UPDATE inv_object SET final_grade = $2, final_personal = $3, final_sensitive = $4, "
        "final_subjects = $5, final_why = $6, final_why_zh = $7 WHERE id = $1",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, object_id);
    zj_stmt_bind_int(stmt, 2, g->grade);
    zj_stmt_bind_int(stmt, 3, g->is_personal);
    zj_stmt_bind_int(stmt, 4, g->is_sensitive);
    zj_stmt_bind_int(stmt, 5, (int64_t)subjects);
    zj_stmt_bind_str(stmt, 6, g->why ? g->why : "");
    zj_stmt_bind_str(stmt, 7, g->why_zh ? g->why_zh : "");
    return zj_stmt_run(job, stmt);
}

zj_err zj_settle_object(struct zj_job *job, struct zj_store *store,
                        const struct zj_inv_classes *classes, int64_t object_id)
{
    struct held *h = zj_alloc(sizeof *h);
    struct zj_inv_graded graded;
    uint64_t subjects = 0;
    bool is_judged = false;
    h->job = job;
    h->store = store;
    h->classes = classes;
    h->object_id = object_id;
    zj_err err = read_columns(h, &is_judged);
    if (!err && !is_judged) {
        err = exec_with(job, store,
                        "UPDATE inv_object SET final_grade = grade, final_personal = is_personal, "
                        "final_sensitive = is_sensitive, final_subjects = subjects, final_why = "
                        "grade_why, final_why_zh = grade_why_zh WHERE id = $1",
                        object_id);
    } else if (!err) {
        err = count_subjects(h, &subjects);
        zj_inv_grade(job, classes, h->at, h->count, subjects, &graded);
        if (!err)
            err = put_graded(job, store, object_id, &graded, subjects);
    }
    free(h);
    return err;
}

/* --- sources that overlap ------------------------------------------------------------------------
 */

/* Tables of databases have the same names in many of them; the path of a file begins with its
 * source. */
#define IS_FILE(o) " substr(" o ".path, 1, length(" o ".source)) = " o ".source "
#define IS_SAME(d, o)                                                                              \
    d ".org_id = " o ".org_id AND " d ".path = " o ".path AND " d ".id <> " o ".id "

zj_err zj_settle_adopt(struct zj_job *job, struct zj_store *store, int64_t object_id)
{
    return exec_with(
        job, store,
        "UPDATE inv_column SET verdict = t.verdict, verdict_id = t.verdict_id, final_type = "
        "t.final_type, final_grade = t.final_grade, is_offered = t.is_offered FROM inv_column t "
        "JOIN inv_object d ON d.id = t.object_id JOIN inv_object o ON " IS_SAME(
            "d", "o") "AND" IS_FILE("o") "AND" IS_FILE("d") "WHERE o.id = $1 AND "
                                                            "inv_column.object_id = o.id AND "
                                                            "inv_column.is_gone = 0 AND "
                                                            "t.is_gone = 0 AND "
                                                            "t.name = inv_column.name AND "
                                                            "t.verdict_id > "
                                                            "inv_column.verdict_id",
        object_id);
}

zj_err zj_settle_twins(struct zj_job *job, struct zj_store *store, int64_t org_id)
{
    return exec_with(
        job, store,
        "UPDATE inv_object SET is_twin = x.is_twin FROM (SELECT o.id, CASE WHEN EXISTS (SELECT 1 "
        "FROM inv_object d WHERE " IS_SAME("d", "o") "AND" IS_FILE(
            "d") "AND (d.last_run > o.last_run OR (d.last_run = o.last_run AND d.id > o.id))) "
                 "THEN 1 ELSE 0 END AS is_twin FROM inv_object o WHERE o.org_id = $1 AND" IS_FILE(
                     "o") ") x WHERE x.id = inv_object.id AND x.is_twin <> inv_object.is_twin",
        org_id);
}

/* --- what a run did not meet ---------------------------------------------------------------------
 */
/* A run over a folder inside of the source, whose unchanged files it met, went over that folder only.
 */
#define BESIDE                                                                                     \
    "EXISTS (SELECT 1 FROM (SELECT source FROM inv_object UNION SELECT scope FROM inv_run WHERE "  \
    "id = $1) p WHERE instr(char(10) || r.scope || char(10), char(10) || p.source || char(10)) > " \
    "0 AND substr(p.source, 1, length(o.source) + 1) = o.source || '/' AND substr(o.path, 1, "     \
    "length(p.source) + 1) NOT IN (p.source || '/', p.source || '!'))"
#define UNSEEN                                                                                     \
    "inv_run r JOIN inv_object o ON o.org_id = r.org_id WHERE r.id = $1 AND o.last_run < $1 AND "  \
    "o.is_gone = 0 AND (instr(char(10) || r.scope || char(10), char(10) || o.source || char(10)) " \
    "> 0 OR (o.source IN (SELECT source FROM inv_object WHERE org_id = r.org_id AND last_run = "   \
    "$1) AND NOT " BESIDE "))"

zj_err zj_settle_unseen(struct zj_job *job, struct zj_store *store, int64_t run_id)
{
    return exec_with(
        job, store,
        "UPDATE inv_object SET is_kept = x.is_kept, is_gone = 1 - x.is_kept FROM (SELECT o.id, "
        "CASE WHEN" ZJ_ROWS_UNREAD("$1", "o") "THEN 1 ELSE 0 END AS is_kept FROM " UNSEEN ") x "
        "WHERE x.id = inv_object.id",
        run_id);
}
