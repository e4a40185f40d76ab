/* Briefings of the bureaus as a company meets them: it signs in and answers the quiz (task 2). */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "register/query.h"
#include "register/quiz.h"

enum { CODE_TEXT = 65, SCORE_MAX = 100 };

/* A session and what the company has of it. */
struct session {
    int64_t bureau_id, attendance_id, score; /* 0: has not signed in; -1: no score */
    char code[CODE_TEXT], held_on[ZJ_TIME_TEXT], closes_on[ZJ_TIME_TEXT], today[ZJ_TIME_TEXT];
    char org[20], row_code[CODE_TEXT + 20], signed_in_on[ZJ_TIME_TEXT];
};

static void set_text(char *out, size_t size, struct zj_span text)
{
    snprintf(out, size, "%.*s", (int)text.len, (const char *)text.at);
}

static zj_err read_attendance(struct zj_job *job, struct zj_store *store, struct session *s)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *row = NULL;
    bool has_row = false;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT id, code, signed_in_on, quiz_score FROM"
                                  " reg_briefing_attendance WHERE briefing = $1 AND org_id = $2 AND"
                                  " organisation = $3 AND deleted_at = 0 ORDER BY id LIMIT 1",
                                  &row);
    if (err)
        return err;
    zj_stmt_bind_str(row, 1, s->code);
    zj_stmt_bind_int(row, 2, s->bureau_id);
    zj_stmt_bind_str(row, 3, s->org);
    err = zj_stmt_step(job, row, &has_row);
    if (err || !has_row)
        return err;
    s->attendance_id = zj_stmt_int(row, 0);
    set_text(s->row_code, sizeof s->row_code, zj_stmt_text(row, 1));
    set_text(s->signed_in_on, sizeof s->signed_in_on, zj_stmt_text(row, 2));
    s->score = zj_stmt_is_null(row, 3) ? -1 : zj_stmt_int(row, 3);
    return ZJ_OK;
}

/* The session where the company may read it. */
static zj_err read_session(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                           int64_t id, struct session *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *row = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf sql = {0};
    bool has_row = false;
    *out = (struct session){.score = -1};
    zj_buf_str(&sql,
               "SELECT r.org_id, r.code, r.held_on, COALESCE(r.sign_in_until, r.held_on), o.code"
               " FROM reg_briefings r JOIN reg_organisations o ON o.id = $2 WHERE r.id = $1 AND"
               " r.deleted_at = 0 AND ");
    zj_put_owned(zj_register_find("briefings"), 2, &sql);
    zj_err err = zj_store_prepare(job, store, zj_buf_cstr(&sql), &row);
    if (err)
        return err;
    zj_stmt_bind_int(row, 1, id);
    zj_stmt_bind_int(row, 2, scope->org_id);
    err = zj_stmt_step(job, row, &has_row);
    if (!err && !has_row)
        err = zj_fail(job, ZJ_ENOTFOUND, "%s", zj_tr(job, "no such briefing", "没有该宣贯培训"));
    if (err)
        return err;
    out->bureau_id = zj_stmt_int(row, 0);
    set_text(out->code, sizeof out->code, zj_stmt_text(row, 1));
    set_text(out->held_on, sizeof out->held_on, zj_stmt_text(row, 2));
    set_text(out->closes_on, sizeof out->closes_on, zj_stmt_text(row, 3));
    set_text(out->org, sizeof out->org, zj_stmt_text(row, 4));
    zj_date_format(zj_date_of_time(zj_now_ns(job)), out->today);
    zj_stmt_reset(row);
    return read_attendance(job, store, out);
}

/* Dates are YYYY-MM-DD: their order as text is that of the days. */
static bool is_open(const struct session *s)
{
    return strcmp(s->today, s->held_on) >= 0 && strcmp(s->today, s->closes_on) <= 0;
}

static zj_err prepare_questions(struct zj_job *job, struct zj_store *store, const struct session *s,
                                const char *columns, struct zj_stmt **out)
{
    const char *sql = zj_arena_printf(&job->arena,
                                      "SELECT %s FROM reg_briefing_questions WHERE briefing = $1"
                                      " AND org_id = $2 AND deleted_at = 0 ORDER BY code",
                                      columns);
    zj_err err = zj_store_prepare(job, store, sql, out);
    if (err)
        return err;
    zj_stmt_bind_str(*out, 1, s->code);
    zj_stmt_bind_int(*out, 2, s->bureau_id);
    return ZJ_OK;
}

static void put_attendance(const struct session *s, struct zj_json *out)
{
    zj_json_key(out, "attendance");
    if (!s->attendance_id) {
        zj_json_null(out);
        return;
    }
    zj_json_object(out);
    zj_json_kint(out, "id", s->attendance_id);
    zj_json_kstr(out, "code", s->row_code);
    zj_json_kstr(out, "signed_in_on", s->signed_in_on);
    if (s->score >= 0)
        zj_json_kint(out, "quiz_score", s->score);
    zj_json_object_end(out);
}

zj_err zj_briefing_stand(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         int64_t id, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *rows = NULL, *number = NULL;
    struct session s;
    bool has_row = false;
    zj_err err = read_session(job, store, scope, id, &s);
    if (!err)
        err = prepare_questions(job, store, &s, "code, text, options, answer", &rows);
    if (!err)
        err = prepare_questions(job, store, &s, "COUNT(*) OVER ()", &number);
    if (!err)
        err = zj_stmt_step(job, number, &has_row);
    if (err)
        return err;
    zj_json_object(out);
    zj_json_kint(out, "id", id);
    zj_json_kstr(out, "held_on", s.held_on);
    zj_json_kstr(out, "closes_on", s.closes_on);
    zj_json_kbool(out, "is_open", is_open(&s));
    zj_json_kbool(out, "can_sign_in", is_open(&s) && !s.attendance_id);
    put_attendance(&s, out);
    zj_json_kint(out, "question_count", has_row ? zj_stmt_int(number, 0) : 0);
    if (s.attendance_id && s.score < 0) {
        zj_json_key(out, "questions");
        err = zj_quiz_put(job, rows, out);
    }
    zj_json_object_end(out);
    return err;
}

/* Writes the bureau's row of attendance: a new one, or the score of the one that is there. */
static zj_err write_attendance(struct zj_job *job, struct zj_store *store, const struct session *s,
                      const char *const *pairs)
{
    const struct zj_register *reg = zj_register_find("briefing_attendance");
    struct zj_span cells[ZJ_FIELDS_MAX] = {0};
    struct zj_row_fault fault;
    size_t count = 0;
    int64_t id;
    for (; pairs[0]; pairs += 2)
        cells[zj_register_field(reg, zj_span_str(pairs[0]))] = zj_span_str(pairs[1]);
    zj_err err = zj_store_begin(job, store);
    if (!err)
        err = zj_register_set(job, store, reg, s->bureau_id, s->attendance_id, cells, &id, &fault,
                              1, &count);
    if (err == ZJ_EREFUSED && count)
        err = zj_fail(job, err, "%s", zj_tr(job, fault.en, fault.zh));
    return zj_store_end(job, store, err);
}

zj_err zj_briefing_sign_in(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                           int64_t id, const char *person)
{
    struct session s;
    char code[CODE_TEXT];
    zj_err err = read_session(job, store, scope, id, &s);
    if (err || s.attendance_id)
        return err;
    if (!is_open(&s))
        return zj_fail(job, ZJ_ECONFLICT,
                       zj_tr(job, "sign-in is open from %s to %s", "签到时间为 %s 至 %s"),
                       s.held_on, s.closes_on);
    snprintf(code, sizeof code, "SI-%.40s-%.18s", s.code, s.org);
    return write_attendance(job, store, &s,
                   (const char *const[]){"code", code, "briefing", s.code, "organisation", s.org,
                                         "person", person, "signed_in_on", s.today, NULL});
}

zj_err zj_briefing_quiz(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                        int64_t id, const struct zj_exam_answer *answers, size_t count,
                        struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *rows = NULL;
    struct session s;
    char text[12];
    int right = 0, asked = 0;
    zj_err err = read_session(job, store, scope, id, &s);
    if (!err && !s.attendance_id)
        err = zj_fail(job, ZJ_ECONFLICT, "%s",
                      zj_tr(job, "sign in first", "请先签到，再参加测验"));
    if (!err && s.score >= 0)
        err = zj_fail(job, ZJ_ECONFLICT, "%s",
                      zj_tr(job, "the quiz was answered already", "测验已作答，不能重复提交"));
    if (!err)
        err = prepare_questions(job, store, &s, "code, text, options, answer", &rows);
    if (!err)
        err = zj_quiz_mark(job, rows, answers, count, &right, &asked);
    if (err)
        return err;
    zj_stmt_reset(rows); /* the row is written in a transaction of its own */
    const int score = right * SCORE_MAX / asked;
    snprintf(text, sizeof text, "%d", score);
    err = write_attendance(job, store, &s, (const char *const[]){"quiz_score", text, NULL});
    if (err)
        return err;
    zj_json_object(out);
    zj_json_kint(out, "right", right);
    zj_json_kint(out, "questions", asked);
    zj_json_kint(out, "score", score);
    zj_json_object_end(out);
    return ZJ_OK;
}
