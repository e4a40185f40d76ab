/* Work: types of cases, lists, what waits for the caller, deadlines. */
#include <string.h>

#include "base/clock.h"
#include "server/core.h"

zj_err zj_call_desk(struct zj_call *call, struct zj_desk *out)
{
    if (!call->server->work)
        return zj_fail(call->job, ZJ_EPACK, "%s",
                       zj_tr(call->job, "the packs of cases were not found",
                             "未找到事项规则包"));
    const bool is_bureau = call->account.roles & ZJ_ROLE_BUREAU;
    /* an administrator of everything reads like a bureau and acts for nobody */
    const bool acts_for_somebody = is_bureau || !call->scope.sees_all;
    *out = (struct zj_desk){
        .job = call->job,
        .store = call->store,
        .work = call->server->work,
        .who = {.user_id = call->account.id,
                .org_id = zj_account_is_guest(&call->account) ? 0 : call->account.org_id,
                .login = call->account.login,
                .is_bureau = is_bureau,
                .sees_all = call->scope.sees_all,
                .may_act = acts_for_somebody && (call->needs & 1u << ZJ_NEED_WORK),
                .sees_personal = call->scope.sees_personal},
    };
    return ZJ_OK;
}

/* A JSON value as a cell's text; lists with ';' between. False: neither. */
static bool cell_of(struct zj_call *call, const struct zj_jval *value, struct zj_span *out)
{
    struct zj_buf list = {0};
    switch (zj_jval_type(value)) {
    case ZJ_J_NULL:
        *out = ZJ_SPAN_LIT("");
        return true;
    case ZJ_J_STRING:
        *out = zj_jval_text(value);
        return true;
    case ZJ_J_BOOL:
        *out = zj_span_str(zj_jval_bool(value, false) ? "yes" : "no");
        return true;
    case ZJ_J_NUMBER:
        *out = zj_span_str(zj_arena_printf(&call->job->arena, "%.15g", zj_jval_num(value, 0)));
        return true;
    case ZJ_J_ARRAY:
        for (const struct zj_jval *v = zj_jval_first(value); v; v = zj_jval_next(v)) {
            zj_buf_str(&list, list.len ? ";" : "");
            zj_buf_span(&list, zj_jval_text(v));
        }
        *out = zj_span_str(zj_arena_span(&call->job->arena, zj_buf_all(&list)));
        zj_buf_release(&list);
        return true;
    case ZJ_J_NONE:
    case ZJ_J_OBJECT:
        break;
    }
    return false;
}

zj_err zj_call_work_fields(struct zj_call *call, struct zj_work_field *out, size_t max,
                           size_t *out_count)
{
    const struct zj_jval *fields = zj_jval_get(zj_jdoc_root(call->body), "fields");
    size_t count = 0;
    if (fields && zj_jval_type(fields) != ZJ_J_OBJECT)
        return zj_fail(call->job, ZJ_EUSAGE, "%s",
                       zj_tr(call->job, "fields is an object", "fields 应为对象"));
    for (const struct zj_jval *m = zj_jval_first(fields); m; m = zj_jval_next(m)) {
        struct zj_span value;
        if (count == max || !cell_of(call, m, &value))
            return zj_fail(call->job, ZJ_EUSAGE,
                           zj_tr(call->job, "field '%.60s' is neither text, a number nor a list",
                                 "字段“%.60s”应为文本、数字或列表"),
                           zj_jval_key(m));
        out[count].name = zj_jval_key(m);
        /* a masked personal value that comes back from a form is not a new one */
        if (!call->scope.sees_personal && zj_span_eq_str(value, "***"))
            continue;
        out[count++].value = value;
    }
    *out_count = count;
    return ZJ_OK;
}

zj_err zj_answer_work(struct zj_call *call, const struct zj_desk *desk, zj_err err)
{
    if (err != ZJ_EREFUSED || (!desk->fault_count && !desk->link.reg))
        return err;
    zj_problem(call, err);
    struct zj_json j = zj_json_to(&call->res->body);
    zj_json_object_reopen(&j);
    if (desk->link.reg) {
        zj_json_key(&j, "link");
        zj_work_link_put(&desk->link, &j);
    }
    zj_json_key(&j, "faults");
    zj_json_array(&j);
    for (size_t i = 0; i < desk->fault_count; i++) {
        const struct zj_row_fault *fault = &desk->faults[i];
        const struct zj_register *reg = desk->fault_register;
        zj_json_object(&j);
        zj_json_kstr(&j, "field",
                     reg && fault->field >= 0 ? reg->fields[fault->field].name : NULL);
        zj_json_kstr(&j, "en", fault->en);
        zj_json_kstr(&j, "zh", fault->zh);
        zj_json_kbool(&j, "warning", fault->is_warning);
        zj_json_object_end(&j);
    }
    zj_json_array_end(&j);
    zj_json_object_end(&j);
    return ZJ_OK;
}

static zj_err types(struct zj_call *call)
{
    zj_work_types(&call->json);
    return ZJ_OK;
}

static zj_err list(struct zj_call *call)
{
    struct zj_desk desk;
    struct zj_work_filter f = {
        .type = zj_call_param(call, "type"),
        .state = zj_call_param(call, "state"),
        .side = zj_call_param(call, "side"),
        .mine = zj_call_param(call, "mine"),
        .search = zj_call_param(call, "search"),
        .sort = zj_call_param(call, "sort"),
    };
    int64_t task = 0, overdue = 0;
    zj_err err = zj_call_desk(call, &desk);
    if (!err)
        err = zj_call_page(call, &f.limit, &f.offset);
    if (!err)
        err = zj_call_int(call, "task", 0, 0, 99, &task);
    if (!err)
        err = zj_call_int(call, "overdue", 0, 0, 1, &overdue);
    if (!err)
        err = zj_call_org(call, &f.org_id);
    if (!err)
        err = zj_call_int(call, "row_id", 0, 0, INT64_MAX / 2, &f.row_id);
    if (!err)
        err = zj_call_since(call, &f.changed_since_us);
    f.task = (int)task;
    f.is_overdue = overdue;
    return err ? err : zj_work_list(&desk, &f, &call->json);
}

static zj_err open_one(struct zj_call *call)
{
    const struct zj_jval *body = zj_jdoc_root(call->body);
    struct zj_work_field fields[ZJ_WORK_FIELDS_MAX];
    struct zj_desk desk;
    struct zj_work_new what = {
        .type = zj_jval_cstr(zj_jval_get(body, "type"), ""),
        .row_id = zj_jval_int(zj_jval_get(body, "row"), 0),
        .fields = fields,
        .key = zj_http_header(call->req, "Idempotency-Key"),
    };
    const char *org = zj_jval_cstr(zj_jval_get(body, "org"), NULL);
    int64_t id = 0;
    zj_err err = zj_call_desk(call, &desk);
    if (!err)
        err = zj_call_work_fields(call, fields, ZJ_COUNT(fields), &what.field_count);
    if (!err && org && org[0])
        err = zj_org_by_code(call, org, &what.org_id);
    if (!err)
        err = zj_work_open(&desk, &what, &id);
    if (err)
        return zj_answer_work(call, &desk, err);
    call->res->status = 201;
    zj_json_object(&call->json);
    zj_json_kint(&call->json, "id", id);
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

static void put_outcome(struct zj_call *call, int64_t id, zj_err err)
{
    struct zj_json *j = &call->json;
    const struct zj_err_info *info = zj_err_info(err);
    zj_json_object(j);
    zj_json_kint(j, "id", id);
    zj_json_kbool(j, "is_done", !err);
    if (err) {
        zj_json_kstr(j, "code", info->name);
        zj_json_kstr(j, "why", info->http_status < 500 && call->job->message[0]
                                   ? call->job->message
                                   : zj_tr(call->job, info->en, info->zh));
    }
    zj_json_object_end(j);
}

/* Each case is a deed of its own with an answer of its own: one that is refused keeps none of the
 * others back. */
static zj_err act_on_many(struct zj_call *call)
{
    enum { CASES_MAX = 200 };
    const struct zj_jval *body = zj_jdoc_root(call->body), *cases = zj_jval_get(body, "cases");
    const char *key = zj_http_header(call->req, "Idempotency-Key");
    struct zj_desk desk;
    int64_t done = 0;
    zj_err err = zj_call_desk(call, &desk);
    if (!err && (zj_jval_type(cases) != ZJ_J_ARRAY || zj_jval_count(cases) > CASES_MAX))
        err = zj_fail(call->job, ZJ_EUSAGE,
                      zj_tr(call->job, "cases is a list of {id, version}, %d at most",
                            "cases 应为 {id, version} 的列表，最多 %d 件"),
                      CASES_MAX);
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_key(&call->json, "rows");
    zj_json_array(&call->json);
    for (const struct zj_jval *one = zj_jval_first(cases); one && err != ZJ_EINTR;
         one = zj_jval_next(one)) {
        const int64_t id = zj_jval_int(zj_jval_get(one, "id"), 0);
        const struct zj_work_deed deed = {
            .action = zj_jval_cstr(zj_jval_get(body, "action"), ""),
            .version = zj_jval_int(zj_jval_get(one, "version"), 0),
            .comment = zj_jval_cstr(zj_jval_get(body, "comment"), NULL),
            .to = zj_jval_cstr(zj_jval_get(body, "to"), NULL),
            .is_one_of_many = true,
            .key = key ? zj_arena_printf(call->arena, "%s/%lld", key, (long long)id) : NULL,
        };
        zj_job_clear(call->job);
        err = zj_work_do(&desk, id, &deed);
        put_outcome(call, id, err);
        done += !err;
    }
    zj_job_clear(call->job);
    zj_json_array_end(&call->json);
    zj_json_kint(&call->json, "done", done);
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

static zj_err todo(struct zj_call *call)
{
    struct zj_desk desk;
    zj_err err = zj_call_desk(call, &desk);
    return err ? err : zj_work_todo(&desk, &call->json);
}

static zj_err read_day(struct zj_call *call, const char *name, int32_t absent, int32_t *out)
{
    const char *text = zj_call_param(call, name);
    *out = absent;
    if (text && !zj_date_parse(zj_span_str(text), out))
        return zj_fail(call->job, ZJ_EUSAGE,
                       zj_tr(call->job, "%s is a date like 2026-09-30",
                             "%s 应为日期，如 2026-09-30"),
                       name);
    return ZJ_OK;
}

static zj_err calendar(struct zj_call *call)
{
    struct zj_desk desk;
    const int32_t today = zj_date_of_time(zj_now_ns(call->job));
    int32_t from = 0, to = 0;
    zj_err err = zj_call_desk(call, &desk);
    if (!err)
        err = read_day(call, "from", today, &from);
    if (!err)
        err = read_day(call, "to", today + 31, &to);
    if (!err && (to < from || to - from > 800))
        err = zj_fail(call->job, ZJ_EUSAGE, "%s",
                      zj_tr(call->job, "from one day to another, 800 days at most",
                            "from 应早于 to，且不超过 800 天"));
    return err ? err : zj_work_calendar(&desk, from, to, &call->json);
}

static zj_err read_notice(struct zj_call *call)
{
    struct zj_desk desk;
    int64_t id = 0;
    zj_err err = zj_call_desk(call, &desk);
    if (!err)
        err = zj_call_id(call, 0, &id);
    if (!err)
        err = zj_work_notice_read(&desk, id);
    if (!err)
        zj_buf_str(&call->res->body, "{}");
    return err;
}

static const struct zj_param many_fields[] = {
    {"action", "string", NULL, "one that asks for nothing but a word: accept, remind, reassign, copy",
     "操作名，限受理、催办、转办、抄送等无须逐件填写的操作", true},
    {"cases", "array", NULL, "[{id, version}], 200 at most", "事项列表 [{id, version}]，最多 200 件", true},
    {"comment", "string", NULL, "reason or opinion", "理由或意见", false},
    {"to", "string", NULL, "a login, where the action asks for it", "人员登录名", false},
    {0},
};

static const struct zj_param list_query[] = {
    {"type", "string", NULL, "type of case", "事项类型", false},
    {"task", "integer", "0..99", "task of the plan", "任务编号", false},
    {"state", "string", NULL, "state; of a type, see work/types", "状态：各类事项的状态见 work/types", false},
    {"side", "string", "company|bureau|none", "who must act", "待办方", false},
    ZJ_PARAM_ORG,
    {"mine", "string", "todo|done|opened", "waiting for me; acted on by me; opened by me",
     "待我处理；我已处理；我发起的", false},
    {"search", "string", NULL, "in title, subject and number", "标题、对象、编号中的文字", false},
    {"row_id", "integer", NULL, "whose form is this row of the register; with type",
     "表单的登记记录编号，与 type 同用", false},
    {"overdue", "integer", "0|1", "only overdue ones; 1", "仅逾期：1", false},
    {"changed_since", "string", NULL, "in another state since this time (RFC 3339)", "此时间以后状态有变化（RFC 3339）", false},
    {"sort", "string", NULL,
     "due, opened_at, org, state, submitted_at or type, with - before it the other way round; else"
     " the newest first",
     "due、opened_at、org、state、submitted_at 或 type，前加 - 为倒序；缺省按新旧", false},
    ZJ_PARAMS_PAGE,
    {0},
};

static const struct zj_param add_fields[] = {
    {"type", "string", NULL, "type of case", "事项类型", true},
    {"org", "string", NULL, "of a bureau: the organisation it is about", "主管部门发起时的单位代码",
     false},
    {"row", "integer", NULL, "a row of the form's register that is there already",
     "已有登记记录的编号", false},
    {"fields", "object", NULL, "the form; see the register", "表单字段", false},
    {0},
};

static const struct zj_param calendar_query[] = {
    {"from", "string", NULL, "first day, today by default", "开始日期，默认今天", false},
    {"to", "string", NULL, "last day", "结束日期", false},
    {0},
};

const struct zj_route zj_routes_work[] = {
    {.method = ZJ_GET,
     .path = "/api/v1/work/types",
     .en = "types of cases with their states and actions",
     .zh = "事项类型及其状态和操作",
     .need = ZJ_NEED_READ,
     .answer = "{types}",
     .handle = types},
    {.method = ZJ_GET,
     .path = "/api/v1/work/cases",
     .en = "cases the caller may see",
     .zh = "可见的事项",
     .need = ZJ_NEED_READ,
     .flags = ZJ_ROUTE_AT_ONCE,
     .query = list_query,
     .answer = "{rows, total}",
     .paper = &zj_paper_cases,
     .handle = list},
    {.method = ZJ_POST,
     .path = "/api/v1/work/cases",
     .en = "open a case; Idempotency-Key is honoured",
     .zh = "发起事项，支持 Idempotency-Key",
     .need = ZJ_NEED_WORK,
     .body = ZJ_BODY_JSON,
     .fields = add_fields,
     .answer = "{id}",
     .handle = open_one},
    {.method = ZJ_POST,
     .path = "/api/v1/work/cases/actions",
     .en = "do one thing with several cases, each answered by itself",
     .zh = "批量办理，逐件返回结果",
     .need = ZJ_NEED_WORK,
     .body = ZJ_BODY_JSON,
     .fields = many_fields,
     .answer = "{rows: [{id, is_done, code, why}], done}",
     .handle = act_on_many},
    {.method = ZJ_GET,
     .path = "/api/v1/work/todo",
     .en = "what waits for the caller, by task",
     .zh = "待办",
     .need = ZJ_NEED_READ,
     .answer = "{groups, count}",
     .handle = todo},
    {.method = ZJ_GET,
     .path = "/api/v1/work/calendar",
     .en = "deadlines of cases and duties",
     .zh = "事项和义务的期限日历",
     .need = ZJ_NEED_READ,
     .query = calendar_query,
     .answer = "{rows}",
     .handle = calendar},
    {.method = ZJ_POST,
     .path = "/api/v1/work/notices/{id}/read",
     .en = "a notice was read",
     .zh = "标记提醒已读",
     .need = ZJ_NEED_READ,
     .answer = "{}",
     .handle = read_notice},
    {0},
};
