/* Changes of accounts that wait for a second person, and the division of administration. */
#include "server/core.h"

static zj_err approvals(struct zj_call *call)
{
    bool is_on = false;
    int64_t count = 0;
    zj_err err = zj_separation_is_on(call->job, call->store, &is_on);
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_kbool(&call->json, "separation", is_on);
    zj_json_key(&call->json, "rows");
    err = zj_approval_list(call->job, call->store, &call->scope, zj_call_param(call, "state"),
                           &call->json, &count);
    zj_json_kint(&call->json, "total", count);
    zj_json_object_end(&call->json);
    return err;
}

static zj_err ask(struct zj_call *call)
{
    const struct zj_jval *wish = zj_jval_get(zj_jdoc_root(call->body), "separation");
    struct zj_approval approval = {.kind = ZJ_APPROVE_MODE};
    int64_t id = 0;
    if (zj_jval_type(wish) != ZJ_J_BOOL)
        return zj_fail(
            call->job, ZJ_EREFUSED, "%s",
            zj_tr(call->job, "separation is true or false", "separation 应为 true 或 false"));
    if (call->account.org_id)
        return zj_fail(call->job, ZJ_EFORBIDDEN, "%s",
                       zj_tr(call->job, "only for an administrator of all organisations",
                             "仅全局管理员可以切换"));
    approval.separation = zj_jval_bool(wish, false);
    zj_err err = zj_approval_ask(call->job, call->store, &approval, &call->account, &id);
    if (err)
        return err;
    call->res->status = 202;
    zj_json_object(&call->json);
    zj_json_kint(&call->json, "approval", id);
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

static zj_err decide(struct zj_call *call, bool grants)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf password = {0};
    int64_t id = 0;
    zj_err err = zj_call_id(call, 0, &id);
    if (!err)
        err = zj_approval_decide(call->job, call->store, &call->account, id, grants,
                                 zj_jval_cstr(zj_jval_get(zj_jdoc_root(call->body), "note"), ""),
                                 &password);
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_kint(&call->json, "id", id);
    zj_json_kstr(&call->json, "state", grants ? "approved" : "rejected");
    if (password.len)
        zj_json_kspan(&call->json, "password", zj_buf_all(&password));
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

static zj_err approve(struct zj_call *call)
{
    return decide(call, true);
}

static zj_err reject(struct zj_call *call)
{
    return decide(call, false);
}

static const struct zj_param list_query[] = {
    {"state", "string", "open|approved|rejected", "only these", "状态", false},
    {0},
};

static const struct zj_param ask_fields[] = {
    {"separation", "boolean", NULL, "whether administration is to be divided", "是否启用三员分立",
     true},
    {0},
};

static const struct zj_param decide_fields[] = {
    {"note", "string", NULL, "why", "审批说明", false},
    {0},
};

const struct zj_route zj_routes_approvals[] = {
    {.method = ZJ_GET,
     .path = "/api/v1/approvals",
     .en = "What waits for a second person, and what was decided",
     .zh = "待审批与已审批的账号变更",
     .need = ZJ_NEED_USERS,
     .query = list_query,
     .answer = "{separation, rows, total}",
     .handle = approvals},
    {.method = ZJ_POST,
     .path = "/api/v1/approvals",
     .en = "Ask for the division of administration, or for its end",
     .zh = "申请启用或停用三员分立",
     .need = ZJ_NEED_USERS,
     .body = ZJ_BODY_JSON,
     .fields = ask_fields,
     .answer = "{approval}; 202",
     .handle = ask},
    {.method = ZJ_POST,
     .path = "/api/v1/approvals/{id}/approve",
     .en = "Grant it; the answer holds a one-time password where one was made",
     .zh = "批准，返回一次性口令（如有）",
     .need = ZJ_NEED_USERS,
     .body = ZJ_BODY_JSON,
     .fields = decide_fields,
     .answer = "{id, state, password?}",
     .handle = approve},
    {.method = ZJ_POST,
     .path = "/api/v1/approvals/{id}/reject",
     .en = "Reject it, or take back one's own",
     .zh = "驳回，或撤回本人的申请",
     .need = ZJ_NEED_USERS,
     .body = ZJ_BODY_JSON,
     .fields = decide_fields,
     .answer = "{id, state}",
     .handle = reject},
    {0},
};
