/* Who is told of deadlines: webhooks, mail addresses, the mail server, and what was sent. */
#include <string.h>

#include "server/core.h"

typedef zj_err list_fn(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                       struct zj_json *out);

static zj_err put_rows(struct zj_call *call, list_fn *list)
{
    zj_err err = zj_plan_migrate(call->job, call->store);
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_key(&call->json, "rows");
    err = list(call->job, call->store, &call->scope, &call->json);
    zj_json_object_end(&call->json);
    return err;
}

static zj_err channels(struct zj_call *call)
{
    return put_rows(call, zj_channel_list);
}

static zj_err outbox(struct zj_call *call)
{
    return put_rows(call, zj_outbox_list);
}

static zj_err answer_int(struct zj_call *call, const char *key, int64_t value)
{
    zj_json_object(&call->json);
    zj_json_kint(&call->json, key, value);
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

static zj_err add_channel(struct zj_call *call)
{
    const char *kind = zj_call_text(call, "kind"), *target = zj_call_text(call, "target");
    int64_t id = 0;
    if (!kind || !target)
        return zj_fail(call->job, ZJ_EUSAGE, "%s",
                       zj_tr(call->job, "kind and target are text", "kind 和 target 为文本"));
    /* a bureau, or who administers the whole store, is told of all organisations */
    const struct zj_channel channel = {
        .org_id = call->scope.sees_all ? 0 : call->scope.org_id,
        .kind = kind,
        .target = target,
        .secret = zj_call_text(call, "secret"),
    };
    if (channel.org_id == 0 && !call->scope.sees_all)
        return ZJ_EFORBIDDEN;
    if (channel.org_id && strncmp(target, "http://", 7) == 0) /* to programs on the server itself */
        return zj_fail(call->job, ZJ_EUSAGE, "%s",
                       zj_tr(call->job, "an address begins with https://", "地址须以 https:// 开头"));
    zj_err err = zj_channel_add(call->job, call->store, &channel, &id);
    return err ? err : answer_int(call, "id", id);
}

static zj_err drop_channel(struct zj_call *call)
{
    int64_t id = 0;
    zj_err err = zj_call_id(call, 0, &id);
    if (!err)
        err = zj_channel_remove(call->job, call->store, &call->scope, id);
    return err ? err : answer_int(call, "id", id);
}

static zj_err switch_channel(struct zj_call *call)
{
    const struct zj_jval *is_on = zj_jval_get(zj_jdoc_root(call->body), "is_on");
    int64_t id = 0;
    if (zj_jval_type(is_on) != ZJ_J_BOOL)
        return zj_fail(call->job, ZJ_EUSAGE, "%s",
                       zj_tr(call->job, "is_on is true or false", "is_on 为 true 或 false"));
    zj_err err = zj_call_id(call, 0, &id);
    if (!err)
        err = zj_channel_switch(call->job, call->store, &call->scope, id,
                                zj_jval_bool(is_on, false));
    return err ? err : answer_int(call, "id", id);
}

static zj_err try_channel(struct zj_call *call)
{
    int64_t id = 0, message = 0;
    zj_err err = zj_call_id(call, 0, &id);
    if (!err)
        err = zj_channel_try(call->job, call->store, &call->scope, id, &message);
    return err ? err : answer_int(call, "message", message);
}

static zj_err get_mail(struct zj_call *call)
{
    zj_err err = zj_plan_migrate(call->job, call->store);
    return err ? err : zj_mail_server_get(call->job, call->store, &call->json);
}

static zj_err set_mail(struct zj_call *call)
{
    const char *url = zj_call_text(call, "url");
    if (call->account.org_id)
        return ZJ_EFORBIDDEN; /* the server is everybody's */
    if (!url)
        return zj_fail(call->job, ZJ_EUSAGE, "%s",
                       zj_tr(call->job, "url is text", "url 为文本"));
    zj_err err = zj_mail_server_set(call->job, call->store, url, zj_call_text(call, "user"),
                                    zj_call_text(call, "password"), zj_call_text(call, "from"));
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_kstr(&call->json, "url", url);
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

static const struct zj_param channel_fields[] = {
    {"kind", "string", "webhook|mail", "what it is", "类型", true},
    {"target", "string", NULL, "https address, or mail address", "https 地址或邮件地址", true},
    {"secret", "string", NULL, "key of a webhook's signature, 16 to 256 characters",
     "Webhook 签名密钥，16 至 256 个字符", false},
    {0},
};
static const struct zj_param switch_fields[] = {
    {"is_on", "boolean", NULL, "whether it is told", "是否启用", true},
    {0},
};
static const struct zj_param mail_fields[] = {
    {"url", "string", NULL, "smtps://HOST:PORT; empty takes it away", "smtps://主机:端口，留空为停用",
     true},
    {"user", "string", NULL, "login", "用户名", false},
    {"password", "string", NULL, "kept encrypted; not given: stays", "口令，加密保存，不填则不变",
     false},
    {"from", "string", NULL, "sender's address", "发件地址", false},
    {0},
};

const struct zj_route zj_routes_channels[] = {
    {.method = ZJ_GET,
     .path = "/api/v1/notify/channels",
     .en = "Who is told of deadlines",
     .zh = "提醒渠道",
     .need = ZJ_NEED_USERS,
     .answer = "{rows}",
     .handle = channels},
    {.method = ZJ_POST,
     .path = "/api/v1/notify/channels",
     .en = "Tell somebody of reminders from now on",
     .zh = "新增提醒渠道",
     .need = ZJ_NEED_USERS,
     .body = ZJ_BODY_JSON,
     .fields = channel_fields,
     .answer = "{id}",
     .handle = add_channel},
    {.method = ZJ_DELETE,
     .path = "/api/v1/notify/channels/{id}",
     .en = "Tell him no longer; what waits for him is not sent",
     .zh = "删除提醒渠道",
     .need = ZJ_NEED_USERS,
     .answer = "{id}",
     .handle = drop_channel},
    {.method = ZJ_PUT,
     .path = "/api/v1/notify/channels/{id}",
     .en = "Switch it off for a while, or on again",
     .zh = "停用或启用提醒渠道",
     .need = ZJ_NEED_USERS,
     .body = ZJ_BODY_JSON,
     .fields = switch_fields,
     .answer = "{id}",
     .handle = switch_channel},
    {.method = ZJ_POST,
     .path = "/api/v1/notify/channels/{id}/test",
     .en = "Send a message that says it is a trial",
     .zh = "发送一条测试提醒",
     .need = ZJ_NEED_USERS,
     .answer = "{message}",
     .handle = try_channel},
    {.method = ZJ_GET,
     .path = "/api/v1/notify/mail",
     .en = "The server that mails go through, without its password",
     .zh = "查询邮件服务器",
     .need = ZJ_NEED_USERS,
     .answer = "{url, user, from, has_password}",
     .handle = get_mail},
    {.method = ZJ_PUT,
     .path = "/api/v1/notify/mail",
     .en = "The server that mails go through",
     .zh = "设置邮件服务器",
     .need = ZJ_NEED_USERS,
     .body = ZJ_BODY_JSON,
     .fields = mail_fields,
     .answer = "{url}",
     .handle = set_mail},
    {.method = ZJ_GET,
     .path = "/api/v1/notify/outbox",
     .en = "The last 200 messages with tries and receipts",
     .zh = "最近 200 条提醒的发送情况",
     .need = ZJ_NEED_USERS,
     .answer = "{rows}",
     .handle = outbox},
    {0},
};
