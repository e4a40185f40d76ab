/* Logging in and out, and what a person sees of himself. */
#include <string.h>

#include "server/core.h"

enum { PASSWORD_BYTES_MAX = 1024 };

zj_err zj_org_write(struct zj_call *call, int64_t org_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct zj_json *j = &call->json;
    bool has_row = false;
    zj_json_key(j, "org");
    if (org_id == 0) {
        zj_json_null(j);
        return ZJ_OK;
    }
    zj_err err = zj_store_prepare(call->job, call->store,
                                  "SELECT code, name FROM reg_organisations WHERE id = $1", &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, org_id);
    err = zj_stmt_step(call->job, stmt, &has_row);
    if (err || !has_row) {
        zj_json_null(j);
        return err;
    }
    zj_json_object(j);
    zj_json_kint(j, "id", org_id);
    zj_json_kspan(j, "code", zj_stmt_text(stmt, 0));
    zj_json_kspan(j, "name", zj_stmt_text(stmt, 1));
    zj_json_object_end(j);
    return ZJ_OK;
}

static zj_err write_me(struct zj_call *call)
{
    struct zj_json *j = &call->json;
    const struct zj_account *account = &call->account;
    zj_json_object(j);
    zj_json_key(j, "user");
    zj_json_object(j);
    zj_json_kint(j, "id", account->id);
    zj_json_kstr(j, "login", account->login);
    zj_json_kstr(j, "name", account->name);
    zj_err err = zj_org_write(call, account->org_id);
    zj_json_key(j, "roles");
    zj_bits_to_names(zj_role_infos, account->roles, j);
    zj_json_kbool(j, "sees_all", call->scope.sees_all);
    zj_json_kbool(j, "sees_personal", call->scope.sees_personal);
    zj_json_kbool(j, "may_write", call->scope.may_write);
    zj_json_kbool(j, "must_change", account->must_change);
    zj_json_object_end(j);
    zj_json_kstr(j, "lang", zj_tr(call->job, "en", "zh"));
    zj_json_object_end(j);
    return err;
}

static zj_err check_login(struct zj_call *call, const char *login, struct zj_span password,
                          struct zj_buf *out_token)
{
    struct zj_guard *guard = &call->server->guard;
    const int64_t now = zj_now_ns(call->job);
    char remote[ZJ_ADDR_TEXT];
    zj_addr_format(&call->req->remote, remote);
    const struct zj_session_from from = {remote, zj_http_header(call->req, "User-Agent")};
    if (!zj_guard_allows(guard, &call->req->remote, now))
        return zj_fail(call->job, ZJ_ERATE, "%s",
                       zj_tr(call->job,
                             "too many failed logins from your address; wait ten minutes",
                             "来自您地址的登录失败次数过多，请十分钟后再试"));
    zj_err err =
        zj_account_login(call->job, call->store, login, password, &from, &call->account, out_token);
    if (err == ZJ_EAUTH) {
        zj_guard_count(guard, &call->req->remote, now);
        zj_log("warn", "login_failed", "req_id=%s remote=%s", call->req->id, remote);
    }
    return err;
}

static zj_err login(struct zj_call *call)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf token = {0};
    const struct zj_jval *body = zj_jdoc_root(call->body);
    const char *name = zj_jval_cstr(zj_jval_get(body, "login"), "");
    const struct zj_span password = zj_jval_text(zj_jval_get(body, "password"));
    if (!name[0] || strlen(name) > ZJ_LOGIN_CHARS || !password.len ||
        password.len > PASSWORD_BYTES_MAX)
        return zj_fail(call->job, ZJ_EAUTH, "%s",
                       zj_tr(call->job, "login or password is wrong", "登录名或口令错误"));
    zj_err err = check_login(call, name, password, &token);
    if (err)
        return err;
    call->scope = zj_account_scope(&call->account);
    zj_http_respond_header(call->res, "Set-Cookie", zj_auth_cookie(call, zj_buf_cstr(&token)));
    return write_me(call);
}

static zj_err logout(struct zj_call *call)
{
    zj_err err = ZJ_OK;
    if (!call->is_token)
        err = zj_session_close(call->job, call->store, call->session_id, call->account.id);
    zj_http_respond_header(call->res, "Set-Cookie", zj_auth_cookie(call, ""));
    zj_buf_str(&call->res->body, "{}");
    return err;
}

static zj_err me(struct zj_call *call)
{
    return write_me(call);
}

static zj_err change_password(struct zj_call *call)
{
    const struct zj_jval *body = zj_jdoc_root(call->body);
    const struct zj_span old = zj_jval_text(zj_jval_get(body, "old"));
    const struct zj_span new = zj_jval_text(zj_jval_get(body, "new"));
    bool is_right = false;
    if (call->is_token)
        return zj_fail(call->job, ZJ_EFORBIDDEN, "%s",
                       zj_tr(call->job, "a token changes no password", "令牌不能修改口令"));
    if (zj_span_eq(old, new))
        return zj_fail(call->job, ZJ_EREFUSED, "%s",
                       zj_tr(call->job, "the new password is the old one", "新口令与原口令相同"));
    /* Counted like a login, so that a session left open is no way to try passwords. */
    if (!zj_guard_allows(&call->server->guard, &call->req->remote, zj_now_ns(call->job)))
        return ZJ_ERATE;
    zj_err err = zj_account_verify(call->job, call->store, call->account.id, old, &is_right);
    if (!err && !is_right) {
        zj_guard_count(&call->server->guard, &call->req->remote, zj_now_ns(call->job));
        err = zj_fail(call->job, ZJ_EREFUSED, "%s",
                      zj_tr(call->job, "the old password is wrong", "原口令错误"));
    }
    if (!err)
        err = zj_account_set_password(call->job, call->store, call->account.id, new, false,
                                      call->session_id);
    if (err)
        return err;
    call->account.must_change = false;
    return write_me(call);
}

static zj_err sessions(struct zj_call *call)
{
    zj_json_object(&call->json);
    zj_json_key(&call->json, "rows");
    zj_err err =
        zj_session_list(call->job, call->store, call->account.id, call->session_id, &call->json);
    zj_json_object_end(&call->json);
    return err;
}

static zj_err end_session(struct zj_call *call)
{
    int64_t id;
    zj_err err = zj_call_id(call, 0, &id);
    if (!err)
        err = zj_session_close(call->job, call->store, id, call->account.id);
    if (!err)
        zj_buf_str(&call->res->body, "{}");
    return err;
}

static const struct zj_param login_fields[] = {
    {"login", "string", NULL, "login name", "登录名", true},
    {"password", "string", NULL, "password", "口令", true},
    {0},
};

static const struct zj_param password_fields[] = {
    {"old", "string", NULL, "the password so far", "原口令", true},
    {"new", "string", NULL, "the new one: 10 characters of three kinds, or 16 of any",
     "新口令：10 个字符以上含三类，或 16 个字符以上", true},
    {0},
};

const struct zj_route zj_routes_session[] = {
    {.method = ZJ_POST,
     .path = "/api/v1/login",
     .en = "Log in; the answer sets the cookie",
     .zh = "登录，响应设置会话 Cookie",
     .need = ZJ_NEED_NOTHING,
     .body = ZJ_BODY_JSON,
     .fields = login_fields,
     .answer = "{user, lang}",
     .handle = login},
    {.method = ZJ_POST,
     .path = "/api/v1/logout",
     .en = "Log out",
     .zh = "退出登录",
     .need = ZJ_NEED_LOGIN,
     .answer = "{}",
     .handle = logout},
    {.method = ZJ_GET,
     .path = "/api/v1/me",
     .en = "Who is logged in, and what he may do",
     .zh = "当前用户及其权限",
     .need = ZJ_NEED_LOGIN,
     .answer = "{user, lang}",
     .handle = me},
    {.method = ZJ_POST,
     .path = "/api/v1/me/password",
     .en = "Change one's own password",
     .zh = "修改本人口令",
     .need = ZJ_NEED_LOGIN,
     .body = ZJ_BODY_JSON,
     .fields = password_fields,
     .answer = "{user, lang}",
     .handle = change_password},
    {.method = ZJ_GET,
     .path = "/api/v1/sessions",
     .en = "One's own sessions",
     .zh = "本人的会话列表",
     .need = ZJ_NEED_LOGIN,
     .answer = "{rows}",
     .handle = sessions},
    {.method = ZJ_DELETE,
     .path = "/api/v1/sessions/{id}",
     .en = "End one of one's own sessions",
     .zh = "结束本人的某个会话",
     .need = ZJ_NEED_LOGIN,
     .answer = "{}",
     .handle = end_session},
    {0},
};
