/* What people decide. A verdict is a row of its own with its audit entry; the column points at the
 * last one and says what holds. */
#include <string.h>

#include "catalog/offer.h"
#include "catalog/settle.h"
#include "catalog/subjects.h"

enum { REASON_MAX = 1000 };

static const char *const names[] = {"accept", "correct", "reject"};

struct judged {
    struct zj_job *job;
    struct zj_store *store;
    const struct zj_scope *scope;
    struct zj_inv_classes *classes;
    const struct zj_catalog_decision *said;
    struct zj_catalog_judged count;
    int64_t org_id, object_id; /* of the last column; 0: none yet */
};

struct column {
    int64_t id, org_id, object_id, grade;
    char type[64], rules[64];
};

static zj_err find_column(struct judged *j, int64_t id, struct column *out, bool *out_has)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(j->job, j->store,
                                  "SELECT org_id, type, grade, rules, object_id FROM inv_column "
                                  "WHERE id = $1 AND ($2 = 1 OR org_id = $3) AND is_gone = 0",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    zj_stmt_bind_int(stmt, 2, j->scope->sees_all);
    zj_stmt_bind_int(stmt, 3, j->scope->org_id);
    err = zj_stmt_step(j->job, stmt, out_has);
    if (err || !*out_has)
        return err;
    *out = (struct column){.id = id,
                           .org_id = zj_stmt_int(stmt, 0),
                           .object_id = zj_stmt_int(stmt, 4),
                           .grade = zj_stmt_int(stmt, 2)};
    const struct zj_span type = zj_stmt_text(stmt, 1), rules = zj_stmt_text(stmt, 3);
    snprintf(out->type, sizeof out->type, "%.*s", (int)type.len, (const char *)type.at);
    snprintf(out->rules, sizeof out->rules, "%.*s", (int)rules.len, (const char *)rules.at);
    return ZJ_OK;
}

static struct zj_value text_value(const char *column, const char *text)
{
    return (struct zj_value){.column = column, .type = ZJ_VALUE_TEXT, .bytes = zj_span_str(text)};
}

static struct zj_value int_value(const char *column, int64_t num)
{
    return (struct zj_value){.column = column, .type = ZJ_VALUE_INT, .num = num};
}

static zj_err insert(struct judged *j, const struct column *col, const char *type, int64_t grade,
                     int64_t *out_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    uint8_t hash[32];
    const struct zj_value values[] = {
        int_value("org_id", col->org_id),
        int_value("column_id", col->id),
        text_value("verdict", names[j->said->verdict]),
        text_value("type", type),
        int_value("grade", grade),
        text_value("reason", j->said->reason ? j->said->reason : ""),
        text_value("proposed_type", col->type),
        int_value("proposed_grade", col->grade),
        text_value("rules", col->rules),
        text_value("actor", j->job->actor),
        int_value("at", zj_now_us(j->job)),
    };
    zj_store_row_hash(j->store, "inv_verdict", values, ZJ_COUNT(values), hash);
    zj_err err = zj_store_prepare(
        j->job, j->store,
        "INSERT INTO inv_verdict (org_id, column_id, verdict, type, grade, reason, proposed_type, "
        "proposed_grade, rules, actor, at, row_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
        "$10, $11, $12)",
        &stmt);
    if (err)
        return err;
    for (size_t i = 0; i < ZJ_COUNT(values); i++) {
        if (values[i].type == ZJ_VALUE_INT)
            zj_stmt_bind_int(stmt, (int)i + 1, values[i].num);
        else
            zj_stmt_bind_span(stmt, (int)i + 1, values[i].bytes);
    }
    zj_stmt_bind_blob(stmt, (int)ZJ_COUNT(values) + 1, zj_span_of(hash, sizeof hash));
    err = zj_stmt_run(j->job, stmt);
    if (err)
        return err;
    *out_id = zj_store_last_id(j->store);
    const struct zj_audit_entry entry = {
        .org_id = col->org_id,
        .action = "insert",
        .object = "inv_verdict",
        .row_id = *out_id,
        .row_hash = zj_span_of(hash, sizeof hash),
        .note = zj_span_str(names[j->said->verdict]),
    };
    return zj_audit_append(j->job, j->store, &entry);
}

static zj_err settle(struct judged *j, const struct column *col, int64_t verdict_id,
                     const char *type, int64_t grade)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(j->job, j->store,
                                  "UPDATE inv_column SET verdict = $2, verdict_id = $3, "
                                  "final_type = $4, final_grade = $5, is_offered = 0 WHERE id = "
                                  "$1",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, col->id);
    zj_stmt_bind_str(stmt, 2, names[j->said->verdict]);
    zj_stmt_bind_int(stmt, 3, verdict_id);
    zj_stmt_bind_str(stmt, 4, type);
    zj_stmt_bind_int(stmt, 5, grade);
    return zj_stmt_run(j->job, stmt);
}

/* Columns come object by object: what follows for an object is worked out once. */
static zj_err settle_last(struct judged *j, int64_t org_id, int64_t object_id)
{
    zj_err err = ZJ_OK;
    if (j->object_id && j->object_id != object_id)
        err = zj_settle_object(j->job, j->store, j->classes, j->object_id);
    if (!err && j->org_id && j->org_id != org_id)
        err = zj_subjects_sum(j->job, j->store, j->org_id);
    j->object_id = object_id;
    j->org_id = org_id;
    return err;
}

/* What was shown is accepted or rejected: not what was proposed since. */
static bool is_stale(const struct zj_catalog_decision *said, const struct column *col, size_t at)
{
    const struct zj_catalog_seen *seen = said->seen ? &said->seen[at] : NULL;
    return said->verdict != ZJ_VERDICT_CORRECT && seen &&
           (strcmp(seen->type, col->type) != 0 || seen->grade != col->grade);
}

static zj_err judge_one(struct judged *j, int64_t id, size_t at)
{
    struct column col;
    bool has_column = false;
    int64_t verdict_id = 0;
    zj_err err = find_column(j, id, &col, &has_column);
    if (err || !has_column)
        return err;
    if (is_stale(j->said, &col, at)) {
        j->count.stale++;
        return ZJ_OK;
    }
    const bool is_corrected = j->said->verdict == ZJ_VERDICT_CORRECT,
               is_rejected = j->said->verdict == ZJ_VERDICT_REJECT;
    const char *type = is_rejected ? "" : is_corrected ? j->said->type : col.type;
    const int64_t grade = is_rejected ? 0 : is_corrected ? j->said->grade : col.grade;
    err = insert(j, &col, type, grade, &verdict_id);
    bool is_next = false;
    if (!err && is_rejected)
        err = zj_offer_next(j->job, j->store, j->classes, id, &is_next);
    if (!err && !is_next)
        err = settle(j, &col, verdict_id, type, grade);
    if (!err)
        err = settle_last(j, col.org_id, col.object_id);
    j->count.changed += !err;
    j->count.next += !err && is_next;
    return err;
}

static zj_err check_words(struct zj_job *job, const struct zj_inv_classes *classes,
                          const struct zj_catalog_decision *said)
{
    struct zj_inv_class class;
    if (said->verdict != ZJ_VERDICT_ACCEPT && (!said->reason || !said->reason[0]))
        return zj_fail(job, ZJ_EUSAGE, "%s", zj_tr(job, "a reason is wanted", "请填写理由"));
    if (said->reason && strlen(said->reason) > REASON_MAX)
        return zj_fail(job, ZJ_EUSAGE, "%s", zj_tr(job, "the reason is too long", "理由过长"));
    if (said->verdict != ZJ_VERDICT_CORRECT)
        return ZJ_OK;
    if (!said->type || !zj_inv_class_of(classes, said->type, &class) || said->grade < 1 ||
        said->grade > ZJ_INV_GRADE_CORE)
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "a type or a class of the taxonomy and a grade are wanted",
                             "请选择分类目录中的类型或类别，以及级别"));
    return ZJ_OK;
}

zj_err zj_catalog_judge(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                        const int64_t *ids, size_t count,
                        const struct zj_catalog_decision *decision,
                        struct zj_catalog_judged *out_judged)
{
    struct judged j = {.job = job, .store = store, .scope = scope, .said = decision};
    zj_err err = zj_inv_classes_open(job, &j.classes);
    if (err)
        return err;
    err = check_words(job, j.classes, decision);
    if (err) {
        zj_inv_classes_close(j.classes);
        return err;
    }
    err = zj_store_begin(job, store);
    for (size_t i = 0; !err && i < count; i++)
        err = judge_one(&j, ids[i], i);
    if (!err)
        err = settle_last(&j, 0, 0);
    if (!err)
        err = zj_store_mark_dirty(job, store, "inv_column", ZJ_SPAN_LIT(""));
    err = zj_store_end(job, store, err);
    zj_inv_classes_close(j.classes);
    if (!err)
        *out_judged = j.count;
    return err;
}
