/* Bearer tokens for programs: made, listed and ended by the person whose they are. */
#include "server/core.h"

static zj_err read_scopes(struct zj_call *call, unsigned *out)
{
    const struct zj_jval *list = zj_jval_get(zj_jdoc_root(call->body), "scopes");
    unsigned scopes = 0;
    for (const struct zj_jval *v = zj_jval_first(list); v; v = zj_jval_next(v)) {
        unsigned bit = 0;
        struct zj_span wrong;
        if (!zj_names_to_bits(zj_token_scope_infos, zj_jval_text(v), &bit, &wrong))
            return zj_fail(call->job, ZJ_EREFUSED, "%s",
                           zj_tr(call->job, "unknown scope", "未知用途"));
        scopes |= bit;
    }
    *out = scopes;
    return ZJ_OK;
}

static zj_err make(struct zj_call *call)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf token = {0};
    const struct zj_jval *body = zj_jdoc_root(call->body);
    unsigned scopes = 0;
    if (call->is_token)
        return zj_fail(call->job, ZJ_EREFUSED, "%s",
                       zj_tr(call->job, "a token makes no tokens", "令牌不能创建令牌"));
    zj_err err = read_scopes(call, &scopes);
    if (!err && (scopes & ~(unsigned)ZJ_TOKEN_READ) && !call->scope.may_write)
        err = zj_fail(call->job, ZJ_EREFUSED, "%s",
                      zj_tr(call->job, "who may not write makes no token that may",
                            "无写入权限，不能创建写入令牌"));
    if (!err)
        err = zj_token_create(call->job, call->store, call->account.id,
                              zj_jval_cstr(zj_jval_get(body, "name"), "api"), scopes,
                              zj_jval_int(zj_jval_get(body, "days"), 0), &token);
    if (err)
        return err;
    call->res->status = 201;
    zj_json_object(&call->json);
    zj_json_kspan(&call->json, "token", zj_buf_all(&token));
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

static zj_err own(struct zj_call *call)
{
    zj_json_object(&call->json);
    zj_json_key(&call->json, "rows");
    zj_err err = zj_token_list(call->job, call->store, call->account.id, &call->json);
    zj_json_object_end(&call->json);
    return err;
}

static zj_err end(struct zj_call *call)
{
    int64_t id = 0;
    zj_err err = zj_call_id(call, 0, &id);
    if (!err)
        err = zj_token_end(call->job, call->store, id, call->account.id);
    if (!err)
        zj_buf_str(&call->res->body, "{}");
    return err;
}

static const struct zj_param add_fields[] = {
    {"name", "string", NULL, "what it is for", "用途说明", false},
    {"scopes", "array", NULL, "of read, write, ingest", "权限：read、write、ingest", true},
    {"days", "integer", NULL, "its life; 365", "有效天数，默认 365", false},
    {0},
};

/* Who reads nothing has no use for one: and so neither has who still has to change his password. */
const struct zj_route zj_routes_tokens[] = {
    {.method = ZJ_GET,
     .path = "/api/v1/me/tokens",
     .en = "One's own bearer tokens that are good, without their secrets",
     .zh = "本人有效的程序令牌（不含令牌内容）",
     .need = ZJ_NEED_READ,
     .answer = "{rows: [{id, name, scopes, created_at, expires_at, last_used}]}",
     .handle = own},
    {.method = ZJ_POST,
     .path = "/api/v1/me/tokens",
     .en = "Make a bearer token for a program",
     .zh = "创建程序令牌",
     .need = ZJ_NEED_READ,
     .body = ZJ_BODY_JSON,
     .fields = add_fields,
     .answer = "{token}; 201",
     .handle = make},
    {.method = ZJ_DELETE,
     .path = "/api/v1/me/tokens/{id}",
     .en = "End one of one's own bearer tokens",
     .zh = "停用本人的某个程序令牌",
     .need = ZJ_NEED_READ,
     .answer = "{}",
     .handle = end},
    {0},
};
