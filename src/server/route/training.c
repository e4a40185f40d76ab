/* Examinations, the acknowledgement of policies, and briefings as companies meet them. */
#include "register/register.h"
#include "server/core.h"

enum { ANSWERS_MAX = 500 };

static zj_err scope_of(struct zj_call *call, struct zj_scope *out)
{
    *out = call->scope;
    return zj_call_own_org(call, &out->org_id);
}

static zj_err paper(struct zj_call *call)
{
    struct zj_scope scope;
    zj_err err = scope_of(call, &scope);
    return err ? err
               : zj_exam_paper(call->job, call->store, &scope, call->args[0], &call->json);
}

static size_t read_answers(const struct zj_jval *body, struct zj_exam_answer out[ANSWERS_MAX])
{
    size_t count = 0;
    for (const struct zj_jval *v = zj_jval_first(zj_jval_get(body, "answers"));
         v && count < ANSWERS_MAX; v = zj_jval_next(v))
        if (zj_jval_key(v))
            out[count++] = (struct zj_exam_answer){zj_span_str(zj_jval_key(v)), zj_jval_text(v)};
    return count;
}

static zj_err take_exam(struct zj_call *call)
{
    struct zj_exam_answer answers[ANSWERS_MAX];
    const struct zj_jval *body = zj_jdoc_root(call->body);
    struct zj_scope scope;
    const size_t count = read_answers(body, answers);
    zj_err err = scope_of(call, &scope);
    if (err)
        return err;
    err = zj_exam_take(call->job, call->store, &scope, call->args[0],
                       zj_jval_cstr(zj_jval_get(body, "person"), ""), answers, count, &call->json);
    if (!err)
        call->res->status = 201;
    return err;
}

static zj_err readers(struct zj_call *call)
{
    struct zj_scope scope;
    zj_err err = scope_of(call, &scope);
    return err ? err
               : zj_policy_readers(call->job, call->store, &scope, call->args[0], &call->json);
}

static zj_err note_read(struct zj_call *call)
{
    const struct zj_jval *body = zj_jdoc_root(call->body);
    struct zj_scope scope;
    zj_err err = scope_of(call, &scope);
    return err ? err
               : zj_policy_read(call->job, call->store, &scope, call->args[0],
                                zj_jval_cstr(zj_jval_get(body, "person"), ""), &call->json);
}

static zj_err session(struct zj_call *call)
{
    struct zj_scope scope;
    int64_t id = 0;
    zj_err err = zj_call_id(call, 0, &id);
    if (!err)
        err = scope_of(call, &scope);
    return err ? err : zj_briefing_stand(call->job, call->store, &scope, id, &call->json);
}

static zj_err sign_in(struct zj_call *call)
{
    const struct zj_jval *body = zj_jdoc_root(call->body);
    struct zj_scope scope;
    int64_t id = 0;
    zj_err err = zj_call_id(call, 0, &id);
    if (!err)
        err = scope_of(call, &scope);
    if (!err)
        err = zj_briefing_sign_in(call->job, call->store, &scope, id,
                                  zj_jval_cstr(zj_jval_get(body, "person"), ""));
    return err ? err : zj_briefing_stand(call->job, call->store, &scope, id, &call->json);
}

static zj_err take_quiz(struct zj_call *call)
{
    struct zj_exam_answer answers[ANSWERS_MAX];
    const size_t count = read_answers(zj_jdoc_root(call->body), answers);
    struct zj_scope scope;
    int64_t id = 0;
    zj_err err = zj_call_id(call, 0, &id);
    if (!err)
        err = scope_of(call, &scope);
    return err ? err
               : zj_briefing_quiz(call->job, call->store, &scope, id, answers, count,
                                  &call->json);
}

static const struct zj_param org_query[] = {
    {"org", "string", NULL, "organisation code; one's own where not given", "单位代码", false},
    {0},
};

static const struct zj_param take_fields[] = {
    {"person", "string", NULL, "code of the person", "人员编号", true},
    {"answers", "object", NULL, "code of each question to the letters chosen", "题目编号到所选字母",
     true},
    {0},
};

static const struct zj_param read_fields[] = {
    {"person", "string", NULL, "code of the person", "人员编号", true},
    {0},
};

static const struct zj_param sign_in_fields[] = {
    {"person", "string", NULL, "name of who attends", "参加人姓名", true},
    {0},
};

static const struct zj_param quiz_fields[] = {
    {"answers", "object", NULL, "code of each question to the letters chosen", "题目编号到所选字母",
     true},
    {0},
};

const struct zj_route zj_routes_training[] = {
    {.method = ZJ_GET,
     .path = "/api/v1/courses/{code}/paper",
     .en = "The questions of a course, without their answers",
     .zh = "课程试题，不含答案",
     .need = ZJ_NEED_READ,
     .query = org_query,
     .answer = "{course, title, questions}",
     .handle = paper},
    {.method = ZJ_POST,
     .path = "/api/v1/courses/{code}/exams",
     .en = "Take the examination of a course",
     .zh = "参加课程考核",
     .need = ZJ_NEED_WRITE,
     .body = ZJ_BODY_JSON,
     .query = org_query,
     .fields = take_fields,
     .answer = "{code, right, questions, score, is_passed}; 201",
     .handle = take_exam},
    {.method = ZJ_GET,
     .path = "/api/v1/policies/{code}/readers",
     .en = "Who has read a policy and who has not",
     .zh = "制度阅知情况",
     .need = ZJ_NEED_READ,
     .query = org_query,
     .answer = "{policy, people, read, missing}",
     .handle = readers},
    {.method = ZJ_POST,
     .path = "/api/v1/policies/{code}/readers",
     .en = "Note that a person has read a policy",
     .zh = "登记制度已阅知",
     .need = ZJ_NEED_WRITE,
     .body = ZJ_BODY_JSON,
     .query = org_query,
     .fields = read_fields,
     .answer = "{code, read_on}",
     .handle = note_read},
    {.method = ZJ_GET,
     .path = "/api/v1/briefings/{id}/attendance",
     .en = "How a company stands to a briefing: signed in, quiz, questions",
     .zh = "单位在某场宣贯中的签到与测验情况",
     .need = ZJ_NEED_READ,
     .query = org_query,
     .answer = "{id, held_on, closes_on, is_open, can_sign_in, attendance, question_count, questions}",
     .handle = session},
    {.method = ZJ_POST,
     .path = "/api/v1/briefings/{id}/attendance",
     .en = "Sign in for a briefing",
     .zh = "宣贯签到",
     .need = ZJ_NEED_WRITE,
     .body = ZJ_BODY_JSON,
     .query = org_query,
     .fields = sign_in_fields,
     .answer = "as above",
     .handle = sign_in},
    {.method = ZJ_POST,
     .path = "/api/v1/briefings/{id}/quiz",
     .en = "Answer the quiz of a briefing, once",
     .zh = "提交宣贯测验，仅一次",
     .need = ZJ_NEED_WRITE,
     .body = ZJ_BODY_JSON,
     .query = org_query,
     .fields = quiz_fields,
     .answer = "{right, questions, score}",
     .handle = take_quiz},
    {0},
};
