/* Organisations in scope, and accounts for who administers them. */
#include <string.h>

#include "server/core.h"

static zj_err orgs(struct zj_call *call)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    int64_t count = 0;
    bool has_row;
    zj_err err = zj_store_prepare(call->job, call->store,
                                  "SELECT id, code, name, NOT EXISTS (SELECT 1 FROM reg_item i"
                                  " WHERE i.register = 'organisations' AND i.row_id ="
                                  " reg_organisations.id AND i.field = 'kinds' AND i.value IN"
                                  " ('bureau', 'assessor')) FROM reg_organisations"
                                  " WHERE deleted_at = 0 AND ($1 = 1 OR id = $2)"
                                  " ORDER BY name LIMIT 2000",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, call->scope.sees_all);
    zj_stmt_bind_int(stmt, 2, call->scope.org_id);
    zj_json_object(&call->json);
    zj_json_key(&call->json, "rows");
    zj_json_array(&call->json);
    while (!(err = zj_stmt_step(call->job, stmt, &has_row)) && has_row) {
        zj_json_object(&call->json);
        zj_json_kint(&call->json, "id", zj_stmt_int(stmt, 0));
        zj_json_kspan(&call->json, "code", zj_stmt_text(stmt, 1));
        zj_json_kspan(&call->json, "name", zj_stmt_text(stmt, 2));
        zj_json_kbool(&call->json, "is_company", zj_stmt_int(stmt, 3));
        zj_json_object_end(&call->json);
        count++;
    }
    zj_json_array_end(&call->json);
    zj_json_kint(&call->json, "total", count);
    zj_json_object_end(&call->json);
    return err;
}

struct account_list {
    struct zj_call *call;
    int64_t count;
    zj_err err;
};

static void write_account(void *ctx, const struct zj_account *account, int64_t last_login_us)
{
    struct account_list *list = ctx;
    struct zj_json *j = &list->call->json;
    zj_json_object(j);
    zj_json_kint(j, "id", account->id);
    zj_json_kstr(j, "login", account->login);
    zj_json_kstr(j, "name", account->name);
    if (!list->err)
        list->err = zj_org_write(list->call, account->org_id);
    zj_json_key(j, "roles");
    zj_bits_to_names(zj_role_infos, account->roles, j);
    zj_json_kbool(j, "locked", account->is_locked);
    zj_json_ktime(j, "waits_until", account->waits_until_us);
    zj_json_kbool(j, "must_change", account->must_change);
    zj_json_ktime(j, "last_login", last_login_us);
    zj_json_object_end(j);
    list->count++;
}

/* Whose accounts a caller handles. A bureau's administrator reads every organisation, and still
 * handles his own people only: else he could make an administrator of everything. */
static struct zj_scope reach_of(const struct zj_call *call)
{
    struct zj_scope reach = call->scope;
    reach.sees_all = call->account.org_id == 0;
    return reach;
}

static zj_err users(struct zj_call *call)
{
    struct account_list list = {.call = call};
    const struct zj_scope reach = reach_of(call);
    zj_json_object(&call->json);
    zj_json_key(&call->json, "rows");
    zj_json_array(&call->json);
    zj_err err = zj_account_list(call->job, call->store, &reach, write_account, &list);
    zj_json_array_end(&call->json);
    zj_json_kint(&call->json, "total", list.count);
    zj_json_object_end(&call->json);
    return err ? err : list.err;
}

static zj_err say_no(struct zj_call *call, const char *en, const char *zh)
{
    return zj_fail(call->job, ZJ_EREFUSED, "%s", zj_tr(call->job, en, zh));
}

static zj_err read_roles(struct zj_call *call, const struct zj_jval *roles, unsigned *out)
{
    unsigned bits = 0;
    struct zj_span wrong;
    for (const struct zj_jval *v = zj_jval_first(roles); v; v = zj_jval_next(v)) {
        unsigned bit = 0;
        if (!zj_names_to_bits(zj_role_infos, zj_jval_text(v), &bit, &wrong))
            return say_no(call, "unknown role", "未知角色");
        bits |= bit;
    }
    *out = bits;
    return ZJ_OK;
}

static zj_err read_org(struct zj_call *call, const struct zj_jval *org, int64_t *out)
{
    const char *code = zj_jval_cstr(org, NULL);
    if (!code) /* an organisation as it was read: {"id","code","name"} */
        code = zj_jval_cstr(zj_jval_get(org, "code"), NULL);
    *out = 0;
    return code && code[0] ? zj_org_by_code(call, code, out) : ZJ_OK;
}

/* Name, organisation, roles and lock of a body into the account. */
static zj_err read_account(struct zj_call *call, struct zj_account *account)
{
    const struct zj_jval *body = zj_jdoc_root(call->body);
    const char *name = zj_jval_cstr(zj_jval_get(body, "name"), NULL);
    zj_err err = ZJ_OK;
    if (name && strlen(name) > ZJ_NAME_CHARS)
        return say_no(call, "the name is too long", "姓名过长");
    if (name)
        snprintf(account->name, sizeof account->name, "%s", name);
    if (zj_jval_get(body, "roles"))
        err = read_roles(call, zj_jval_get(body, "roles"), &account->roles);
    if (!err && zj_jval_get(body, "org"))
        err = read_org(call, zj_jval_get(body, "org"), &account->org_id);
    account->is_locked = zj_jval_bool(zj_jval_get(body, "locked"), account->is_locked);
    return err;
}

/* An administrator of one organisation handles its people only; bureau staff are made by a bureau. */
static zj_err check_reach(struct zj_call *call, const struct zj_account *account)
{
    const struct zj_scope reach = reach_of(call);
    if (reach.sees_all)
        return ZJ_OK;
    if (account->org_id != reach.org_id)
        return ZJ_ENOTFOUND;
    if (account->roles & (ZJ_ROLE_BUREAU | ZJ_ROLE_EXPERT) && !reach.may_decide)
        return say_no(call, "only a bureau or an administrator of all organisations makes bureau staff and experts",
                      "主管部门和专家账号只能由主管部门或全局管理员设置");
    return ZJ_OK;
}

static void answer_account(struct zj_call *call, int64_t id, struct zj_buf *password)
{
    zj_json_object(&call->json);
    zj_json_kint(&call->json, "id", id);
    if (password->len)
        zj_json_kspan(&call->json, "password", zj_buf_all(password));
    zj_json_object_end(&call->json);
}

/* Where administration is divided a second person decides; *out_asked: that is the answer. */
static zj_err ask_first(struct zj_call *call, const struct zj_approval *approval, bool *out_asked)
{
    int64_t id = 0;
    zj_err err = zj_separation_is_on(call->job, call->store, out_asked);
    if (err || !*out_asked)
        return err;
    err = zj_approval_ask(call->job, call->store, approval, &call->account, &id);
    if (err)
        return err;
    call->res->status = 202;
    zj_json_object(&call->json);
    zj_json_kint(&call->json, "approval", id);
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

static zj_err add_user(struct zj_call *call)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf password = {0};
    const struct zj_jval *body = zj_jdoc_root(call->body);
    struct zj_account account = {.must_change = true, .org_id = call->scope.org_id};
    const char *login = zj_jval_cstr(zj_jval_get(body, "login"), "");
    bool is_asked = false;
    int64_t id = 0;
    if (strlen(login) > ZJ_LOGIN_CHARS)
        return say_no(call, "the login is too long", "登录名过长");
    snprintf(account.login, sizeof account.login, "%s", login);
    snprintf(account.name, sizeof account.name, "%s", login);
    zj_err err = read_account(call, &account);
    if (!err)
        err = check_reach(call, &account);
    if (err)
        return err;
    account.is_locked = false;
    err = ask_first(call, &(struct zj_approval){ZJ_APPROVE_ACCOUNT_ADD, account, true, false},
                    &is_asked);
    if (err || is_asked)
        return err;
    zj_password_make(&password);
    err = zj_account_create(call->job, call->store, &account, zj_buf_all(&password), &id);
    if (err)
        return err;
    call->res->status = 201;
    answer_account(call, id, &password);
    return ZJ_OK;
}

static const unsigned may_administer = ZJ_ROLE_ADMIN | ZJ_ROLE_SYSADMIN | ZJ_ROLE_SECADMIN;

/* A lock and a name take nobody by surprise; everything else may give a right. */
static bool gives_rights(const struct zj_account *old, const struct zj_account *account)
{
    return account->roles != old->roles || account->org_id != old->org_id ||
           (old->is_locked && !account->is_locked);
}

static zj_err change_user(struct zj_call *call)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf password = {0};
    const bool resets = zj_jval_bool(
        zj_jval_get(zj_jdoc_root(call->body), "reset_password"), false);
    struct zj_account account = {0};
    bool is_asked = false;
    int64_t id = 0;
    zj_err err = zj_call_id(call, 0, &id);
    if (!err)
        err = zj_account_get(call->job, call->store, id, &account);
    const struct zj_account old = account;
    if (!err)
        err = check_reach(call, &account); /* as it is */
    if (!err)
        err = read_account(call, &account);
    if (!err)
        err = check_reach(call, &account); /* as it would be */
    if (err)
        return err;
    if (id == call->account.id && (account.is_locked || !(account.roles & may_administer)))
        return say_no(call, "nobody locks himself out", "不能锁定自己或取消自己的管理员角色");
    if (resets || gives_rights(&old, &account))
        err = ask_first(
            call, &(struct zj_approval){ZJ_APPROVE_ACCOUNT_CHANGE, account, resets, false},
            &is_asked);
    if (err || is_asked)
        return err;
    err = zj_account_update(call->job, call->store, &account);
    if (!err && resets) {
        zj_password_make(&password);
        err = zj_account_set_password(call->job, call->store, id, zj_buf_all(&password), true, 0);
    }
    if (!err)
        answer_account(call, id, &password);
    return err;
}

#define ROLE_WORDS                                                                                 \
    "of admin, officer, auditor, viewer, bureau, expert, assessor; sysadmin, secadmin, auditadmin"

static const struct zj_param new_fields[] = {
    {"login", "string", NULL, "a-z 0-9 . _ - @", "登录名：a-z 0-9 . _ - @", true},
    {"name", "string", NULL, "the person's name", "姓名", false},
    {"org", "string", NULL, "organisation code; one's own where not given",
     "单位代码，默认为本单位", false},
    {"roles", "array", NULL, ROLE_WORDS, "角色", true},
    {0},
};

static const struct zj_param change_fields[] = {
    {"name", "string", NULL, "the person's name", "姓名", false},
    {"org", "string", NULL, "organisation code", "单位代码", false},
    {"roles", "array", NULL, ROLE_WORDS, "角色", false},
    {"locked", "boolean", NULL, "may not log in", "锁定", false},
    {"reset_password", "boolean", NULL, "make a new one-time password", "重置为一次性口令", false},
    {0},
};

const struct zj_route zj_routes_users[] = {
    {.method = ZJ_GET,
     .path = "/api/v1/orgs",
     .en = "Organisations in scope",
     .zh = "可见单位",
     .need = ZJ_NEED_LOGIN,
     .answer = "{rows, total}",
     .handle = orgs},
    {.method = ZJ_GET,
     .path = "/api/v1/users",
     .en = "Accounts",
     .zh = "账号列表",
     .need = ZJ_NEED_USERS,
     .answer = "{rows, total}",
     .handle = users},
    {.method = ZJ_POST,
     .path = "/api/v1/users",
     .en = "Add an account; the answer holds its one-time password",
     .zh = "新增账号，返回一次性口令",
     .need = ZJ_NEED_USERS,
     .body = ZJ_BODY_JSON,
     .fields = new_fields,
     .answer = "{id, password}; 201; 202 {approval} where a second person decides",
     .handle = add_user},
    {.method = ZJ_PUT,
     .path = "/api/v1/users/{id}",
     .en = "Change an account",
     .zh = "修改账号",
     .need = ZJ_NEED_USERS,
     .body = ZJ_BODY_JSON,
     .fields = change_fields,
     .answer = "{id, password?}; 202 {approval} where a second person decides",
     .handle = change_user},
    {0},
};
