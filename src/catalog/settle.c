#include "catalog/settle.h"

#include "catalog/rows.h"

enum { HELD_MAX = 4096 };

struct held {
    struct zj_job *job;
    const struct zj_inv_classes *classes;
    struct zj_inv_holding at[HELD_MAX];
    size_t count;
};

static const char *copy_text(struct held *h, struct zj_span text)
{
    return zj_arena_span(&h->job->arena, text);
}

static void put_held(struct held *h, const char *type, const char *category, int grade,
                     bool is_confirmed)
{
    if (type[0] && h->count < HELD_MAX)
        h->at[h->count++] = (struct zj_inv_holding){type, category, grade, is_confirmed};
}

/* What a column of text holds besides its strongest type. */
static void add_others(struct held *h, struct zj_span others)
{
    while (others.len) {
        const uint8_t *end = memchr(others.at, ';', others.len);
        const size_t len = end ? (size_t)(end - others.at) : others.len;
        const char *type = copy_text(h, zj_span_of(others.at, len));
        struct zj_inv_class class;
        if (zj_inv_class_of(h->classes, type, &class))
            put_held(h, type, class.id, class.grade, false);
        others = zj_span_part(others, len + 1, others.len);
    }
}

/* Columns of a row: type, state, category, others, verdict, final_type, final_grade. */
static void add_column(struct held *h, const struct zj_stmt *row)
{
    const struct zj_span state = zj_stmt_text(row, 1), verdict = zj_stmt_text(row, 4);
    const char *type = copy_text(h, zj_stmt_text(row, 5));
    const bool is_confirmed = zj_span_eq_str(state, "confirmed");
    struct zj_inv_class class;
    if (zj_span_eq_str(verdict, "reject") || (!verdict.len && zj_span_eq_str(state, "suspected")))
        return;
    if (zj_span_eq_str(verdict, "correct")) {
        if (zj_inv_class_of(h->classes, type, &class))
            put_held(h, type, class.id, (int)zj_stmt_int(row, 6),
                     !zj_span_eq_str(state, "contains"));
        return;
    }
    put_held(h, type, copy_text(h, zj_stmt_text(row, 2)), (int)zj_stmt_int(row, 6), is_confirmed);
    add_others(h, zj_stmt_text(row, 3));
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

static zj_err settle_column(struct held *h, struct zj_store *store, int64_t id,
                            const struct zj_stmt *row)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct zj_inv_class class = {.id = ""};
    const char *category = copy_text(h, zj_stmt_text(row, 2)),
               *type = copy_text(h, zj_stmt_text(row, 5));
    const bool is_as_proposed = zj_span_eq_str(zj_stmt_text(row, 0), type);
    if (type[0] && (!is_as_proposed || !zj_inv_class_named(h->classes, category, &class)))
        zj_inv_class_of(h->classes, type, &class);
    const zj_err err = zj_store_prepare(
        h->job, store,
        "UPDATE inv_column SET final_category = $2, final_personal = $3, final_sensitive = $4 "
        "WHERE id = $1",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    zj_stmt_bind_str(stmt, 2, class.id);
    zj_stmt_bind_int(stmt, 3, class.is_personal);
    zj_stmt_bind_int(stmt, 4, class.is_sensitive);
    return zj_stmt_run(h->job, stmt);
}

static zj_err read_columns(struct held *h, struct zj_store *store, int64_t object_id,
                           bool *out_is_judged)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(h->job, store,
                                  "SELECT type, state, category, others, verdict, final_type, "
                                  "final_grade, id FROM inv_column WHERE object_id = $1 AND "
                                  "(type <> '' OR verdict <> '') AND is_gone = 0",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, object_id);
    while (!err && !(err = zj_stmt_step(h->job, stmt, &has_row)) && has_row) {
        add_column(h, stmt);
        if (!zj_stmt_text(stmt, 4).len)
            continue;
        *out_is_judged = true;
        err = settle_column(h, store, zj_stmt_int(stmt, 7), stmt);
    }
    return err;
}

/* The subjects of the type that counts them among what is still held; where people say that a
 * column is of that type and the machine did not, its distinct values. */
static zj_err count_subjects(struct held *h, struct zj_store *store, int64_t object_id,
                             uint64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    const char *type = zj_inv_subject_of(h->classes, h->at, h->count);
    bool has_row = false;
    *out = 0;
    if (!type)
        return ZJ_OK;
    zj_err err = zj_store_prepare(
        h->job, store,
        "SELECT COALESCE((SELECT subjects FROM inv_subject WHERE object_id = $1 AND type = $2), "
        "(SELECT max(distinct_count) FROM inv_column WHERE object_id = $1 AND final_type = $2), 0)",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, object_id);
    zj_stmt_bind_str(stmt, 2, type);
    err = zj_stmt_step(h->job, stmt, &has_row);
    if (!err && has_row && zj_stmt_int(stmt, 0) > 0)
        *out = (uint64_t)zj_stmt_int(stmt, 0);
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
    h->classes = classes;
    zj_err err = read_columns(h, store, object_id, &is_judged);
    if (!err && !is_judged) {
        err = exec_with(job, store,
                        "UPDATE inv_object SET final_grade = grade, final_personal = is_personal, "
                        "final_sensitive = is_sensitive, final_subjects = subjects, final_why = "
                        "grade_why, final_why_zh = grade_why_zh WHERE id = $1",
                        object_id);
    } else if (!err) {
        err = count_subjects(h, store, object_id, &subjects);
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
