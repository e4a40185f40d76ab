/* Grading methods, control catalogues, and how rules stand. */
#include <string.h>

#include "server/core.h"

enum { DAY_CHARS = 10, NOTE_BYTES_MAX = 500 };

static zj_err methods(struct zj_call *call)
{
    zj_err err = zj_call_need_plan(call);
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_key(&call->json, "rows");
    zj_plan_methods(call->server->plan, &call->json);
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

static zj_err method(struct zj_call *call)
{
    zj_err err = zj_call_need_plan(call);
    if (err)
        return err;
    return zj_plan_method(call->server->plan, zj_call_param(call, "method"), &call->json)
               ? ZJ_OK
               : ZJ_ENOTFOUND;
}

static zj_err compute(struct zj_call *call)
{
    enum { ELEMENTS = 3, ELEMENT_MAX = 5 };
    static const char *const names[ELEMENTS] = {"i", "v", "r"};
    struct zj_json *j = &call->json;
    struct zj_arena *arena = &call->job->arena;
    int64_t element[ELEMENTS] = {0};
    struct zj_grade grade;
    zj_err err = zj_call_need_plan(call);
    for (size_t at = 0; at < ELEMENTS && !err; at++) {
        err = zj_call_int(call, names[at], 0, 1, ELEMENT_MAX, &element[at]);
        if (!err && element[at] == 0)
            err = zj_fail(call->job, ZJ_EUSAGE,
                          zj_tr(call->job, "%s is missing: 1 to 5", "缺少 %s：取 1 至 5"),
                          names[at]);
    }
    if (err)
        return err;
    const int i = (int)element[0], v = (int)element[1], r = (int)element[2];
    if (!zj_plan_grade(call->server->plan, zj_call_param(call, "method"), i, v, r, &grade))
        return ZJ_ENOTFOUND;
    const char *k = zj_arena_printf(arena, "%d.%d", grade.k_tenths / 10, grade.k_tenths % 10);
    zj_json_object(j);
    zj_json_kstr(j, "method", grade.method);
    zj_json_kstr(j, "version", grade.version);
    zj_json_kint(j, "level", grade.level);
    zj_json_kint(j, "sum", grade.sum);
    zj_json_kstr(j, "score", k);
    zj_json_kstr(j, "why_zh",
                 zj_arena_printf(arena, "2^%d + 2^%d + 2^%d = %d，K = %s，定为第 %d 级", i, v, r,
                                 grade.sum, k, grade.level));
    zj_json_kstr(j, "why_en", zj_arena_printf(arena, "2^%d + 2^%d + 2^%d = %d, K = %s: level %d", i,
                                              v, r, grade.sum, k, grade.level));
    zj_json_object_end(j);
    return ZJ_OK;
}

static zj_err controls(struct zj_call *call)
{
    int64_t level = 0;
    zj_err err = zj_call_need_plan(call);
    if (!err)
        err = zj_call_int(call, "level", 0, 0, 5, &level);
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_key(&call->json, "catalogues");
    zj_plan_controls(call->server->plan, zj_call_param(call, "catalogue"), (int)level, &call->json);
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

static zj_err rules(struct zj_call *call)
{
    int64_t task = 0;
    zj_err err = zj_call_need_plan(call);
    if (!err)
        err = zj_call_int(call, "task", 0, 0, 1000, &task);
    if (!err)
        err = zj_plan_migrate(call->job, call->store);
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_key(&call->json, "rows");
    err = zj_plan_rule_states(call->job, call->server->plan, call->store, (int)task, false,
                              &call->json);
    zj_json_key(&call->json, "clocks");
    if (!err)
        err = zj_work_unverified(call->job, call->store, call->server->work, NULL, &call->json);
    zj_json_object_end(&call->json);
    return err;
}

static zj_err confirm(struct zj_call *call)
{
    const struct zj_jval *v = zj_jval_get(zj_jdoc_root(call->body), "confirmed");
    zj_err err = zj_call_need_plan(call);
    if (!err && call->scope.org_id && !call->scope.sees_all)
        return ZJ_EFORBIDDEN; /* it holds for everybody in this store */
    if (!err && zj_jval_type(v) != ZJ_J_BOOL)
        err = zj_fail(call->job, ZJ_EUSAGE, "%s",
                      zj_tr(call->job, "'confirmed' is true or false",
                            "confirmed 为 true 或 false"));
    if (!err && zj_work_is_clock(call->args[0]))
        err = zj_work_confirm(call->job, call->store, call->server->work, call->args[0],
                              zj_jval_bool(v, false));
    else if (!err)
        err = zj_plan_confirm(call->job, call->server->plan, call->store, call->args[0],
                              zj_jval_bool(v, false));
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_kstr(&call->json, "rule", call->args[0]);
    zj_json_kbool(&call->json, "confirmed", zj_jval_bool(v, false));
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

static zj_err done(struct zj_call *call)
{
    int64_t id = 0;
    const char *on = zj_call_text(call, "done_on"), *note = zj_call_text(call, "note");
    zj_err err = zj_call_need_plan(call);
    if (!err)
        err = zj_call_id(call, 0, &id);
    if (!err && (!on || strlen(on) != DAY_CHARS || (note && strlen(note) > NOTE_BYTES_MAX)))
        err = zj_fail(call->job, ZJ_EUSAGE, "%s",
                      zj_tr(call->job, "'done_on' is a day, YYYY-MM-DD; a note has 500 bytes",
                            "done_on 为日期（YYYY-MM-DD），备注不超过 500 字节"));
    if (!err)
        err = zj_plan_done(call->job, call->server->plan, call->store, &call->scope, id, on, note);
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_kint(&call->json, "id", id);
    zj_json_kstr(&call->json, "done_on", on);
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

static const struct zj_param method_query[] = {
    {"method", "string", NULL, "the first where not given", "方法，默认第一种", false},
    {0},
};
static const struct zj_param compute_query[] = {
    {"method", "string", NULL, "the first where not given", "方法，默认第一种", false},
    {"i", "integer", NULL, "social influence, 1 to 5", "社会影响力，1 至 5", true},
    {"v", "integer", NULL, "importance of the service, 1 to 5", "服务重要性，1 至 5", true},
    {"r", "integer", NULL, "scale and coverage, 1 to 5", "规模和服务范围，1 至 5", true},
    {0},
};
static const struct zj_param controls_query[] = {
    {"level", "integer", "0..5", "items up to this level", "适用级别", false},
    {"catalogue", "string", NULL, "name of a catalogue", "目录名称", false},
    {0},
};
static const struct zj_param rules_query[] = {
    {"task", "integer", "0..1000", "number of the task", "任务编号", false},
    {0},
};
static const struct zj_param confirm_fields[] = {
    {"confirmed", "boolean", NULL, "the rule runs", "确认启用", true},
    {0},
};
static const struct zj_param done_fields[] = {
    {"done_on", "string", NULL, "day it was handed in", "报送日期", true},
    {"note", "string", NULL, "where and under which number", "报送去向和文号", false},
    {0},
};

const struct zj_route zj_routes_methods[] = {
    {.method = ZJ_GET,
     .path = "/api/v1/grading/methods",
     .en = "Grading methods with their elements, levels and source",
     .zh = "定级方法及其要素、级别和来源",
     .need = ZJ_NEED_READ,
     .answer = "{rows}",
     .handle = methods},
    {.method = ZJ_GET,
     .path = "/api/v1/grading/method",
     .en = "One grading method: its factors and what each value means",
     .zh = "一种定级方法：要素和赋值说明",
     .need = ZJ_NEED_READ,
     .query = method_query,
     .answer = "{name, version, source, mark, factors, levels}",
     .handle = method},
    {.method = ZJ_GET,
     .path = "/api/v1/grading/compute",
     .en = "The level that follows from I, V and R",
     .zh = "按 I、V、R 计算级别",
     .need = ZJ_NEED_READ,
     .query = compute_query,
     .answer = "{method, version, level, sum, score, why_zh, why_en}",
     .handle = compute},
    {.method = ZJ_GET,
     .path = "/api/v1/controls",
     .en = "Control catalogues, items up to a level",
     .zh = "防护检查项目录",
     .need = ZJ_NEED_READ,
     .query = controls_query,
     .answer = "{catalogues}",
     .handle = controls},
    {.method = ZJ_GET,
     .path = "/api/v1/rules",
     .en = "Rules with source, mark, clock and how each stands in this store",
     .zh = "规则及其来源、标注、时限和启用情况",
     .need = ZJ_NEED_READ,
     .query = rules_query,
     .answer = "{rows, clocks}",
     .handle = rules},
    {.method = ZJ_PUT,
     .path = "/api/v1/rules/{id}",
     .en = "Confirm an unverified rule, or take that back",
     .zh = "确认或取消确认待确认规则",
     .need = ZJ_NEED_USERS,
     .body = ZJ_BODY_JSON,
     .fields = confirm_fields,
     .answer = "{rule, confirmed}",
     .handle = confirm},
    {.method = ZJ_POST,
     .path = "/api/v1/duties/{id}/done",
     .en = "A yearly report that no register holds was handed in",
     .zh = "登记年度报告已报送",
     .need = ZJ_NEED_WRITE,
     .body = ZJ_BODY_JSON,
     .fields = done_fields,
     .answer = "{id, done_on}",
     .handle = done},
    {0},
};
