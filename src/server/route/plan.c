/* The plan board, gaps and duties. */
#include <string.h>

#include "register/register.h"
#include "server/core.h"

enum { TASK_ROWS = 50, GAP_BYTES_MAX = 1024 * 1024 };

static zj_err board(struct zj_call *call)
{
    zj_err err = zj_call_need_plan(call);
    if (!err)
        err = zj_plan_board(call->job, call->server->plan, call->store, &call->scope, &call->json);
    if (err)
        return err;
    zj_json_object_reopen(&call->json);
    zj_json_key(&call->json, "registers");
    err = zj_registers_count(call);
    zj_json_object_end(&call->json);
    return err;
}

static zj_err task(struct zj_call *call)
{
    struct zj_json *j = &call->json;
    struct zj_plan *plan = call->server->plan;
    int64_t number = 0, gaps = 0, duties = 0;
    zj_err err = zj_call_need_plan(call);
    if (!err)
        err = zj_call_id(call, 0, &number);
    if (err)
        return err;
    if (number > 1000 || !zj_plan_task(plan, (int)number, j))
        return ZJ_ENOTFOUND;
    const struct zj_plan_filter filter = {.task = (int)number, .limit = TASK_ROWS};
    zj_json_object_reopen(j);
    zj_json_key(j, "rules");
    zj_plan_rules(plan, (int)number, j);
    zj_json_key(j, "gaps");
    err = zj_plan_gaps(call->job, plan, call->store, &call->scope, &filter, j, &gaps);
    if (err)
        return err;
    zj_json_kint(j, "gap_count", gaps);
    zj_json_key(j, "duties");
    err = zj_plan_duties(call->job, plan, call->store, &call->scope, &filter, j, &duties);
    if (err)
        return err;
    zj_json_kint(j, "duty_count", duties);
    zj_json_object_end(j);
    return ZJ_OK;
}

static zj_err read_filter(struct zj_call *call, struct zj_plan_filter *out)
{
    int64_t task_number = 0, limit = 0, offset = 0, org = 0, since = 0;
    zj_err err = zj_call_need_plan(call);
    if (!err)
        err = zj_call_int(call, "task", 0, 0, 1000, &task_number);
    if (!err)
        err = zj_call_page(call, &limit, &offset);
    if (!err)
        err = zj_call_org(call, &org);
    if (!err)
        err = zj_call_since(call, &since);
    const char *rule = zj_call_param(call, "rule");
    if (!err && rule && !zj_plan_has_rule(call->server->plan, rule))
        err = zj_fail(call->job, ZJ_EUSAGE,
                      zj_tr(call->job, "no rule '%.60s': /api/v1/rules has them all",
                            "没有规则“%.60s”，全部规则见 /api/v1/rules"), rule);
    if (err)
        return err;
    *out = (struct zj_plan_filter){
        .task = (int)task_number,
        .org_id = org,
        .rule = rule,
        .severity = zj_call_param(call, "severity"),
        .state = zj_call_param(call, "state"),
        .search = zj_call_param(call, "q"),
        .sort = zj_call_param(call, "sort"),
        .changed_since_us = since,
        .offset = offset,
        .limit = (int)limit,
    };
    return ZJ_OK;
}

typedef zj_err list_fn(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                       const struct zj_scope *scope, const struct zj_plan_filter *filter,
                       struct zj_json *out, int64_t *out_total);

static zj_err list_found(struct zj_call *call, list_fn *rows)
{
    struct zj_plan_filter filter;
    int64_t total = 0;
    zj_err err = read_filter(call, &filter);
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_key(&call->json, "rows");
    err = rows(call->job, call->server->plan, call->store, &call->scope, &filter, &call->json,
               &total);
    zj_json_kint(&call->json, "total", total);
    zj_json_object_end(&call->json);
    return err;
}

static zj_err gaps(struct zj_call *call)
{
    return list_found(call, zj_plan_gaps);
}

static zj_err duties(struct zj_call *call)
{
    if (zj_call_param(call, "severity"))
        return zj_fail(call->job, ZJ_EUSAGE, "%s",
                       zj_tr(call->job, "duties have no severity", "义务没有级别"));
    return list_found(call, zj_plan_duties);
}

static zj_err write_rule(struct zj_call *call, const struct zj_jval *gap)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    struct zj_json j = zj_json_to(&text);
    zj_plan_rules(call->server->plan, (int)zj_jval_int(zj_jval_get(gap, "task"), 0), &j);
    zj_err err = zj_jdoc_parse(call->job, zj_buf_all(&text), GAP_BYTES_MAX, &doc);
    if (err)
        return err;
    const struct zj_span id = zj_jval_text(zj_jval_get(gap, "gap"));
    for (const struct zj_jval *r = zj_jval_first(zj_jdoc_root(doc)); r; r = zj_jval_next(r)) {
        if (!zj_span_eq(zj_jval_text(zj_jval_get(r, "id")), id))
            continue;
        zj_json_key(&call->json, "rule");
        zj_json_object(&call->json);
        for (const struct zj_jval *m = zj_jval_first(r); m; m = zj_jval_next(m))
            if (zj_jval_type(m) == ZJ_J_STRING)
                zj_json_kspan(&call->json, zj_jval_key(m), zj_jval_text(m));
        zj_json_object_end(&call->json);
    }
    return ZJ_OK;
}

static zj_err gap(struct zj_call *call)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    struct zj_plan_filter filter = {.state = "all"};
    struct zj_json j = zj_json_to(&text);
    zj_err err = zj_call_need_plan(call);
    if (!err)
        err = zj_call_id(call, 0, &filter.id);
    if (!err)
        err = zj_plan_gaps(call->job, call->server->plan, call->store, &call->scope, &filter, &j,
                           NULL);
    if (!err)
        err = zj_jdoc_parse(call->job, zj_buf_all(&text), GAP_BYTES_MAX, &doc);
    if (err)
        return err;
    const struct zj_jval *row = zj_jval_first(zj_jdoc_root(doc));
    if (!row)
        return ZJ_ENOTFOUND;
    zj_json_raw(&call->json, zj_span_of(text.at + 1, text.len - 2)); /* the array's one object */
    zj_json_object_reopen(&call->json);
    err = write_rule(call, row);
    if (!err)
        err = zj_evidence_rows(call, row);
    zj_json_object_end(&call->json);
    return err;
}

static zj_err gap_pool(struct zj_call *call)
{
    int64_t id = 0;
    zj_err err = zj_call_id(call, 0, &id);
    return err ? err : zj_plan_pool_of_gap(call->job, call->store, &call->scope, id, &call->json);
}

static zj_err pool_gaps(struct zj_call *call)
{
    int64_t id = 0;
    zj_err err = zj_call_id(call, 0, &id);
    return err ? err : zj_plan_gaps_of_pool(call->job, call->store, &call->scope, id, &call->json);
}

static const struct zj_param gap_query[] = {
    {"task", "integer", "0..1000", "number of the task", "任务编号", false},
    {"rule", "string", NULL, "name of the rule", "规则编号", false},
    {"severity", "string", "high|medium|low", "severity", "级别", false},
    {"state", "string", "open|closed|all", "open where not given", "状态，默认为未关闭", false},
    ZJ_PARAM_ORG,
    {"q", "string", NULL, "part of the subject or of the reason", "对象或说明关键字", false},
    {"changed_since", "string", NULL, "opened or closed since this time (RFC 3339)", "此时间以后新增或关闭（RFC 3339）", false},
    ZJ_PARAM_SORT,
    ZJ_PARAMS_PAGE,
    {0},
};

static const struct zj_param duty_query[] = {
    {"task", "integer", "0..1000", "number of the task", "任务编号", false},
    {"rule", "string", NULL, "name of the rule", "规则编号", false},
    {"state", "string", "pressing|overdue|due_soon|open|met|not_applicable|past",
     "state; pressing: overdue or due soon; past: was overdue and is not any more",
     "状态，pressing 为已逾期或即将到期，past 为曾逾期的历史记录", false},
    ZJ_PARAM_ORG,
    {"q", "string", NULL, "part of the subject", "对象关键字", false},
    ZJ_PARAM_SORT,
    ZJ_PARAMS_PAGE,
    {0},
};

const struct zj_route zj_routes_plan[] = {
    {.method = ZJ_GET,
     .path = "/api/v1/plan",
     .en = "The board: 18 tasks and 3 safeguards with their gaps and duties",
     .zh = "任务总览",
     .need = ZJ_NEED_READ,
     .flags = ZJ_ROUTE_CACHED,
     .answer = "{tasks, safeguards, registers}",
     .paper = &zj_paper_board,
     .handle = board},
    {.method = ZJ_GET,
     .path = "/api/v1/plan/tasks/{n}",
     .en = "One task: its text, rules, duties and gaps",
     .zh = "单项任务：要求、规则、义务与差距",
     .need = ZJ_NEED_READ,
     .answer = "{task, text_zh, text_en, rules, gaps, duties}",
     .handle = task},
    {.method = ZJ_GET,
     .path = "/api/v1/gaps",
     .en = "Gaps, worst first",
     .zh = "差距列表",
     .need = ZJ_NEED_READ,
     .flags = ZJ_ROUTE_CACHED | ZJ_ROUTE_AT_ONCE,
     .query = gap_query,
     .answer = "{rows, total}",
     .paper = &zj_paper_gaps,
     .handle = gaps},
    {.method = ZJ_GET,
     .path = "/api/v1/gaps/{id}",
     .en = "One gap with the rows behind it and the frame that was seen",
     .zh = "单个差距及其证据、报文",
     .need = ZJ_NEED_READ,
     .answer = "{…gap, rule, evidence_rows, register, register_row, columns, column_total}",
     .handle = gap},
    {.method = ZJ_GET,
     .path = "/api/v1/duties",
     .en = "Duties, overdue first",
     .zh = "义务列表",
     .need = ZJ_NEED_READ,
     .flags = ZJ_ROUTE_CACHED | ZJ_ROUTE_AT_ONCE,
     .query = duty_query,
     .answer = "{rows, total}",
     .paper = &zj_paper_duties,
     .handle = duties},
    {.method = ZJ_GET,
     .path = "/api/v1/gaps/{id}/pool",
     .en = "Published items of the resource pool that fit a gap",
     .zh = "与差距匹配的资源池产品和方案",
     .need = ZJ_NEED_READ,
     .answer = "{rows}",
     .handle = gap_pool},
    {.method = ZJ_GET,
     .path = "/api/v1/pool/{id}/gaps",
     .en = "Open gaps that an item of the resource pool fits, by rule",
     .zh = "资源池产品或方案适用的未关闭差距",
     .need = ZJ_NEED_READ,
     .answer = "{rows, total}",
     .handle = pool_gaps},
    {0},
};
