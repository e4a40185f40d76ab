/* Examinations from the bank of questions, and acknowledgement of policies (tasks 1 and 16). */
#include <stdio.h>

#include "base/clock.h"
#include "register/query.h"
#include "register/quiz.h"

enum { PASS_SCORE = 60, MISSING_MAX = 500, CODE_TEXT = 65 };

static void today(const struct zj_job *job, char out[ZJ_TIME_TEXT])
{
    zj_date_format(zj_date_of_time(zj_now_ns(job)), out);
}

/* Prepares with $1 a key and $2 the organisation. */
static zj_err prepare_of(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         const char *sql, const char *key, struct zj_stmt **out)
{
    if (scope->org_id <= 0)
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "say for which organisation", "请指明单位"));
    zj_err err = zj_store_prepare(job, store, sql, out);
    if (err)
        return err;
    zj_stmt_bind_str(*out, 1, key);
    zj_stmt_bind_int(*out, 2, scope->org_id);
    return ZJ_OK;
}

/* A row must be there; *out stays on it. */
static zj_err find_one(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                       const char *sql, const char *key, struct zj_stmt **out)
{
    bool has_row = false;
    zj_err err = prepare_of(job, store, scope, sql, key, out);
    if (!err)
        err = zj_stmt_step(job, *out, &has_row);
    if (!err && !has_row)
        err = zj_fail(job, ZJ_ENOTFOUND, zj_tr(job, "no row '%s'", "没有记录“%s”"), key);
    return err;
}

static const char course_sql[] = "SELECT title, pass_score FROM reg_courses WHERE code = $1 AND "
                                 "org_id = $2 AND deleted_at = 0";
static const char person_sql[] =
    "SELECT 1 FROM reg_people WHERE code = $1 AND org_id = $2 AND deleted_at = 0";
static const char policy_sql[] =
    "SELECT 1 FROM reg_policies WHERE code = $1 AND org_id = $2 AND deleted_at = 0";
static const char questions_sql[] = "SELECT code, text, options, answer FROM reg_questions WHERE "
                                    "course = $1 AND org_id = $2 AND deleted_at = 0 ORDER BY code";

/* Writes a row of a register from pairs of field and value; NULL ends them. */
static zj_err put_cells(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                        const char *name, const char *const *pairs)
{
    const struct zj_register *reg = zj_register_find(name);
    struct zj_span cells[ZJ_FIELDS_MAX] = {0};
    struct zj_row_fault fault;
    size_t count;
    int64_t id;
    for (; pairs[0]; pairs += 2)
        cells[zj_register_field(reg, zj_span_str(pairs[0]))] = zj_span_str(pairs[1]);
    zj_err err = zj_register_put(job, store, scope, reg, 0, cells, &id, &fault, 1, &count);
    return err == ZJ_EREFUSED && count ? zj_fail(job, err, "%s", zj_tr(job, fault.en, fault.zh))
                                       : err;
}

/* --- examinations ----------------------------------------------------------------------------- */

static void put_question(const struct zj_stmt *row, struct zj_json *out)
{
    struct zj_span options = zj_stmt_text(row, 2), option;
    zj_json_object(out);
    zj_json_kspan(out, "code", zj_stmt_text(row, 0));
    zj_json_kspan(out, "text", zj_stmt_text(row, 1));
    zj_json_key(out, "options");
    zj_json_array(out);
    while (zj_list_next(&options, &option))
        zj_json_span(out, option);
    zj_json_array_end(out);
    zj_json_kbool(out, "is_multiple", zj_stmt_text(row, 3).len > 1);
    zj_json_object_end(out);
}

zj_err zj_quiz_put(struct zj_job *job, struct zj_stmt *rows, struct zj_json *out)
{
    bool has_row = false;
    zj_err err;
    zj_json_array(out);
    while (!(err = zj_stmt_step(job, rows, &has_row)) && has_row)
        put_question(rows, out);
    zj_json_array_end(out);
    return err;
}

zj_err zj_exam_paper(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                     const char *course, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *head = NULL, *rows = NULL;
    zj_err err = find_one(job, store, scope, course_sql, course, &head);
    if (!err)
        err = prepare_of(job, store, scope, questions_sql, course, &rows);
    if (err)
        return err;
    zj_json_object(out);
    zj_json_kstr(out, "course", course);
    zj_json_kspan(out, "title", zj_stmt_text(head, 0));
    zj_json_key(out, "questions");
    err = zj_quiz_put(job, rows, out);
    zj_json_object_end(out);
    return err;
}

static unsigned letters_of(struct zj_span text)
{
    unsigned set = 0;
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = text.at[i] & 0xdf; /* upper case */
        if (c >= 'A' && c <= 'Z')
            set |= 1u << (c - 'A');
    }
    return set;
}

static bool is_right(const struct zj_stmt *row, const struct zj_exam_answer *answers, size_t count)
{
    const struct zj_span code = zj_stmt_text(row, 0);
    for (size_t i = 0; i < count; i++)
        if (zj_span_eq(answers[i].question, code))
            return letters_of(answers[i].letters) == letters_of(zj_stmt_text(row, 3));
    return false;
}

zj_err zj_quiz_mark(struct zj_job *job, struct zj_stmt *rows, const struct zj_exam_answer *answers,
                    size_t count, int *out_right, int *out_asked)
{
    bool has_row = false;
    zj_err err = ZJ_OK;
    *out_right = *out_asked = 0;
    while (!err && !(err = zj_stmt_step(job, rows, &has_row)) && has_row) {
        ++*out_asked;
        *out_right += is_right(rows, answers, count);
    }
    if (!err && *out_asked == 0)
        err = zj_fail(job, ZJ_ENOTFOUND, "%s",
                      zj_tr(job, "there are no questions", "没有题目"));
    return err;
}

zj_err zj_exam_take(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                    const char *course, const char *person, const struct zj_exam_answer *answers,
                    size_t count, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *head = NULL, *who = NULL, *rows = NULL;
    char day[ZJ_TIME_TEXT], score_text[12], code[CODE_TEXT];
    int right = 0, asked = 0;
    zj_err err = find_one(job, store, scope, course_sql, course, &head);
    if (!err)
        err = find_one(job, store, scope, person_sql, person, &who);
    if (!err)
        err = prepare_of(job, store, scope, questions_sql, course, &rows);
    if (!err)
        err = zj_quiz_mark(job, rows, answers, count, &right, &asked);
    if (err)
        return err;
    const int score = right * 100 / asked;
    const int64_t pass = zj_stmt_is_null(head, 1) ? PASS_SCORE : zj_stmt_int(head, 1);
    zj_stmt_reset(head); /* the row is written in a transaction of its own */
    zj_stmt_reset(who);
    zj_stmt_reset(rows);
    today(job, day);
    snprintf(score_text, sizeof score_text, "%d", score);
    snprintf(code, sizeof code, "EX-%lld-%.40s", (long long)(zj_now_ns(job) / 1000000), person);
    err = put_cells(job, store, scope, "exams",
                    (const char *const[]){"code", code, "course", course, "person", person,
                                          "taken_on", day, "score", score_text, "is_passed",
                                          score >= pass ? "yes" : "no", NULL});
    if (err)
        return err;
    zj_json_object(out);
    zj_json_kstr(out, "code", code);
    zj_json_kint(out, "right", right);
    zj_json_kint(out, "questions", asked);
    zj_json_kint(out, "score", score);
    zj_json_kbool(out, "is_passed", score >= pass);
    zj_json_object_end(out);
    return ZJ_OK;
}

/* --- policies --------------------------------------------------------------------------------- */

zj_err zj_policy_read(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                      const char *policy, const char *person, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *it = NULL, *who = NULL, *old = NULL;
    char day[ZJ_TIME_TEXT], code[CODE_TEXT];
    bool has_row = false;
    zj_err err = find_one(job, store, scope, policy_sql, policy, &it);
    if (!err)
        err = find_one(job, store, scope, person_sql, person, &who);
    if (!err)
        err = prepare_of(job, store, scope,
                         "SELECT code, read_on FROM reg_policy_reads WHERE policy = $1 AND "
                         "org_id = $2 AND person = $3 AND deleted_at = 0",
                         policy, &old);
    if (err)
        return err;
    zj_stmt_bind_str(old, 3, person);
    err = zj_stmt_step(job, old, &has_row);
    snprintf(code, sizeof code, "%.30s/%.30s", policy, person);
    today(job, day);
    if (!err && has_row) {
        const struct zj_span had = zj_stmt_text(old, 0), on = zj_stmt_text(old, 1);
        snprintf(code, sizeof code, "%.*s", (int)had.len, (const char *)had.at);
        snprintf(day, sizeof day, "%.*s", (int)on.len, (const char *)on.at);
    }
    zj_stmt_reset(it);
    zj_stmt_reset(who);
    zj_stmt_reset(old);
    if (!err && !has_row)
        err = put_cells(job, store, scope, "policy_reads",
                        (const char *const[]){"code", code, "policy", policy, "person", person,
                                              "read_on", day, NULL});
    if (err)
        return err;
    zj_json_object(out);
    zj_json_kstr(out, "code", code);
    zj_json_kstr(out, "read_on", day);
    zj_json_object_end(out);
    return ZJ_OK;
}

zj_err zj_policy_readers(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         const char *policy, struct zj_json *out)
{
    static const char sql[] =
        "SELECT p.code, EXISTS (SELECT 1 FROM reg_policy_reads d WHERE d.policy = $1 AND "
        "d.person = p.code AND d.org_id = $2 AND d.deleted_at = 0) FROM reg_people p WHERE "
        "p.org_id = $2 AND p.deleted_at = 0 AND (p.left_on IS NULL OR p.left_on > $3) "
        "ORDER BY p.code";
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *it = NULL, *rows = NULL;
    char day[ZJ_TIME_TEXT];
    int64_t people = 0, read = 0;
    bool has_row = false;
    zj_err err = find_one(job, store, scope, policy_sql, policy, &it);
    if (!err)
        err = prepare_of(job, store, scope, sql, policy, &rows);
    if (err)
        return err;
    today(job, day);
    zj_stmt_bind_str(rows, 3, day);
    zj_json_object(out);
    zj_json_kstr(out, "policy", policy);
    zj_json_key(out, "missing");
    zj_json_array(out);
    while (!(err = zj_stmt_step(job, rows, &has_row)) && has_row) {
        people++;
        read += zj_stmt_int(rows, 1);
        if (!zj_stmt_int(rows, 1) && people - read <= MISSING_MAX)
            zj_json_span(out, zj_stmt_text(rows, 0));
    }
    zj_json_array_end(out);
    zj_json_kint(out, "people", people);
    zj_json_kint(out, "read", read);
    zj_json_object_end(out);
    return err;
}
