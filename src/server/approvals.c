#include "server/approvals.h"

#include "base/crypto.h"

enum { LIST_MAX = 500, NOTE_BYTES_MAX = 1000 };

static const char *const kind_names[] = {
    [ZJ_APPROVE_ACCOUNT_ADD] = "account_add",
    [ZJ_APPROVE_ACCOUNT_CHANGE] = "account_change",
    [ZJ_APPROVE_MODE] = "mode",
};

static const char meta_key[] = "separation";

zj_err zj_separation_is_on(struct zj_job *job, struct zj_store *store, bool *out)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf value = {0};
    bool is_found;
    zj_err err = zj_store_meta_get(job, store, meta_key, &value, &is_found);
    if (!err)
        *out = zj_span_eq_str(zj_buf_all(&value), "on");
    return err;
}

static zj_err turn_down(struct zj_job *job, zj_err err, const char *en, const char *zh)
{
    return zj_fail(job, err, "%s", zj_tr(job, en, zh));
}

/* --- rows --------------------------------------------------------------------------------------
 */

#define COLUMNS                                                                                    \
    "kind, org_id, account_id, login, name, roles, is_locked, resets_password, separation,"        \
    " asked_by, asked_login, asked_role, asked_at, state, decided_login, decided_at, note"
enum {
    COL_KIND,
    COL_ORG,
    COL_ACCOUNT,
    COL_LOGIN,
    COL_NAME,
    COL_ROLES,
    COL_LOCKED,
    COL_RESETS,
    COL_SEPARATION,
    COL_ASKED_BY,
    COL_ASKED_LOGIN,
    COL_ASKED_ROLE,
    COL_ASKED_AT,
    COL_STATE,
    COL_DECIDED_LOGIN,
    COL_DECIDED_AT,
    COL_NOTE,
    COL_COUNT,
    COL_ORG_CODE = COL_COUNT,
    COL_ORG_NAME,
    COL_ID
};

/* The row's hash into the row and into the chain. */
static zj_err seal(struct zj_job *job, struct zj_store *store, int64_t id, const char *action)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *read = NULL;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *write = NULL;
    struct zj_value values[COL_COUNT];
    uint8_t hash[32];
    bool has_row = false;
    zj_err err =
        zj_store_prepare(job, store, "SELECT " COLUMNS " FROM approval WHERE id = $1", &read);
    if (err)
        return err;
    zj_stmt_bind_int(read, 1, id);
    err = zj_stmt_step(job, read, &has_row);
    if (err || !has_row)
        return err ? err : ZJ_ENOTFOUND;
    for (int i = 0; i < COL_COUNT; i++) {
        const bool is_text = zj_stmt_is_text(read, i);
        values[i] = (struct zj_value){
            .column = zj_stmt_col_name(read, i),
            .type = is_text ? ZJ_VALUE_TEXT : ZJ_VALUE_INT,
            .num = is_text ? 0 : zj_stmt_int(read, i),
            .bytes = is_text ? zj_stmt_text(read, i) : zj_span_of(NULL, 0),
        };
    }
    zj_store_row_hash(store, "approval", values, COL_COUNT, hash);
    const int64_t org_id = zj_stmt_int(read, COL_ORG);
    zj_stmt_reset(read);
    err = zj_store_prepare(job, store, "UPDATE approval SET row_hash = $2 WHERE id = $1", &write);
    if (err)
        return err;
    zj_stmt_bind_int(write, 1, id);
    zj_stmt_bind_blob(write, 2, zj_span_of(hash, sizeof hash));
    err = zj_stmt_run(job, write);
    const struct zj_audit_entry entry = {
        org_id, action, "approval", id, zj_span_of(hash, sizeof hash), zj_span_of(NULL, 0)};
    return err ? err : zj_audit_append(job, store, &entry);
}

static zj_err insert_wish(struct zj_job *job, struct zj_store *store, const struct zj_approval *a,
                          const struct zj_account *by, int64_t *out_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = zj_store_prepare(job, store,
                                  "INSERT INTO approval (" COLUMNS ") VALUES ($1, $2, $3, $4, $5,"
                                  " $6, $7, $8, $9, $10, $11, $12, $13, 'open', '', 0, '')",
                                  &s);
    if (err)
        return err;
    zj_stmt_bind_str(s, 1, kind_names[a->kind]);
    zj_stmt_bind_int(s, 2, a->account.org_id);
    zj_stmt_bind_int(s, 3, a->account.id);
    zj_stmt_bind_str(s, 4, a->account.login);
    zj_stmt_bind_str(s, 5, a->account.name);
    zj_stmt_bind_int(s, 6, a->account.roles);
    zj_stmt_bind_int(s, 7, a->account.is_locked);
    zj_stmt_bind_int(s, 8, a->resets_password);
    zj_stmt_bind_int(s, 9, a->separation);
    zj_stmt_bind_int(s, 10, by ? by->id : 0);
    zj_stmt_bind_str(s, 11, by ? by->login : "cli");
    zj_stmt_bind_int(s, 12, by ? by->roles & ZJ_ROLES_SEPARATE : 0);
    zj_stmt_bind_int(s, 13, zj_now_us(job));
    err = zj_stmt_run(job, s);
    if (err)
        return err;
    *out_id = zj_store_last_id(store);
    return seal(job, store, *out_id, "ask");
}

/* --- asking ------------------------------------------------------------------------------------
 */

/* Nobody is shut out: each of the three is there, for all organisations, and may log in. */
static zj_err check_mode(struct zj_job *job, struct zj_store *store, bool separation)
{
    static const unsigned roles[] = {ZJ_ROLE_SYSADMIN, ZJ_ROLE_SECADMIN, ZJ_ROLE_AUDITADMIN};
    bool is_on = false;
    zj_err err = zj_separation_is_on(job, store, &is_on);
    if (!err && is_on == separation)
        return turn_down(job, ZJ_ECONFLICT, "it is so already", "当前已是该模式");
    for (size_t i = 0; i < ZJ_COUNT(roles) && !err && separation; i++) {
        ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
        bool has_row = false;
        err = zj_store_prepare(job, store,
                               "SELECT 1 FROM user_account WHERE roles = $1 AND org_id = 0"
                               " AND is_locked = 0 LIMIT 1",
                               &s);
        if (err)
            return err;
        zj_stmt_bind_int(s, 1, roles[i]);
        err = zj_stmt_step(job, s, &has_row);
        if (!err && !has_row)
            err = turn_down(job, ZJ_EREFUSED,
                            "first make a system, a security and an audit administrator of no "
                            "organisation (sysadmin, secadmin, auditadmin)",
                            "请先创建不属于任何单位的系统管理员、安全管理员和安全审计员账号");
    }
    return err;
}

/* One wish for one account at a time. */
static zj_err check_open(struct zj_job *job, struct zj_store *store, const struct zj_approval *a)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool has_row = false;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT 1 FROM approval WHERE state = 'open' AND"
                                  " ((kind = 'mode' AND $1 = 'mode') OR"
                                  " (kind <> 'mode' AND $1 <> 'mode' AND login = $2)) LIMIT 1",
                                  &s);
    if (err)
        return err;
    zj_stmt_bind_str(s, 1, kind_names[a->kind]);
    zj_stmt_bind_str(s, 2, a->account.login);
    err = zj_stmt_step(job, s, &has_row);
    if (!err && has_row)
        err = turn_down(job, ZJ_ECONFLICT, "one is open for this already", "已有待审批的同类申请");
    return err;
}

static zj_err check_new(struct zj_job *job, struct zj_store *store,
                        const struct zj_account *account)
{
    struct zj_account old;
    zj_err err = zj_account_find(job, store, account->login, &old);
    if (!err)
        return zj_fail(job, ZJ_ECONFLICT, zj_tr(job, "the login '%s' exists", "登录名“%s”已存在"),
                       account->login);
    if (err == ZJ_ENOTFOUND) {
        zj_job_clear(job);
        err = ZJ_OK;
    }
    return err;
}

static zj_err check(struct zj_job *job, struct zj_store *store, const struct zj_approval *a)
{
    zj_err err = check_open(job, store, a);
    if (err || a->kind == ZJ_APPROVE_MODE)
        return err ? err : check_mode(job, store, a->separation);
    err = zj_account_check(job, store, &a->account);
    if (!err && a->kind == ZJ_APPROVE_ACCOUNT_ADD)
        err = check_new(job, store, &a->account);
    return err;
}

zj_err zj_approval_ask(struct zj_job *job, struct zj_store *store,
                       const struct zj_approval *approval, const struct zj_account *by,
                       int64_t *out_id)
{
    zj_err err = zj_store_begin(job, store);
    if (err)
        return err;
    err = check(job, store, approval);
    if (!err)
        err = insert_wish(job, store, approval, by, out_id);
    return zj_store_end(job, store, err);
}

/* --- deciding ----------------------------------------------------------------------------------
 */

struct open_approval {
    struct zj_approval what;
    int64_t org_id, asked_by;
    unsigned asked_role;
    bool is_open;
};

static void copy_text(char *out, size_t size, struct zj_span text)
{
    const size_t len = text.len < size - 1 ? text.len : size - 1;
    if (len)
        memcpy(out, text.at, len);
    out[len] = '\0';
}

static zj_err load_wish(struct zj_job *job, struct zj_store *store, int64_t id,
                        struct open_approval *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool has_row = false;
    *out = (struct open_approval){0};
    zj_err err = zj_store_prepare(job, store, "SELECT " COLUMNS " FROM approval WHERE id = $1", &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, id);
    err = zj_stmt_step(job, s, &has_row);
    if (err || !has_row)
        return err ? err : turn_down(job, ZJ_ENOTFOUND, "no such approval", "没有此审批");
    for (int k = 0; k <= ZJ_APPROVE_MODE; k++)
        if (zj_span_eq_str(zj_stmt_text(s, COL_KIND), kind_names[k]))
            out->what.kind = (enum zj_approval_kind)k;
    struct zj_account *account = &out->what.account;
    account->id = zj_stmt_int(s, COL_ACCOUNT);
    account->org_id = out->org_id = zj_stmt_int(s, COL_ORG);
    account->roles = (unsigned)zj_stmt_int(s, COL_ROLES);
    account->is_locked = zj_stmt_int(s, COL_LOCKED) != 0;
    account->must_change = true;
    copy_text(account->login, sizeof account->login, zj_stmt_text(s, COL_LOGIN));
    copy_text(account->name, sizeof account->name, zj_stmt_text(s, COL_NAME));
    out->what.resets_password = zj_stmt_int(s, COL_RESETS) != 0;
    out->what.separation = zj_stmt_int(s, COL_SEPARATION) != 0;
    out->asked_by = zj_stmt_int(s, COL_ASKED_BY);
    out->asked_role = (unsigned)zj_stmt_int(s, COL_ASKED_ROLE);
    out->is_open = zj_span_eq_str(zj_stmt_text(s, COL_STATE), "open");
    return ZJ_OK;
}

/* The other of the two, another person, and not about himself; who asked may take it back. */
static zj_err check_decider(struct zj_job *job, const struct open_approval *a,
                            const struct zj_account *by, bool grants)
{
    const unsigned wanted = a->asked_role == ZJ_ROLE_SECADMIN ? ZJ_ROLE_SYSADMIN : ZJ_ROLE_SECADMIN;
    if (by->org_id && (by->org_id != a->org_id || a->what.kind == ZJ_APPROVE_MODE))
        return turn_down(job, ZJ_ENOTFOUND, "no such approval", "没有此审批");
    if (!a->is_open)
        return turn_down(job, ZJ_ECONFLICT, "it was decided before", "该审批已处理");
    if (!grants && a->asked_by == by->id)
        return ZJ_OK;
    if (a->asked_by == by->id || a->what.account.id == by->id)
        return turn_down(job, ZJ_EFORBIDDEN, "a second person decides", "须由另一人审批");
    if (!(by->roles & wanted))
        return turn_down(job, ZJ_EFORBIDDEN,
                         wanted == ZJ_ROLE_SECADMIN ? "a security administrator decides"
                                                    : "a system administrator decides",
                         wanted == ZJ_ROLE_SECADMIN ? "须由安全管理员审批" : "须由系统管理员审批");
    return ZJ_OK;
}

static zj_err note_decision(struct zj_job *job, struct zj_store *store, int64_t id,
                            const struct zj_account *by, bool grants, const char *note)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = zj_store_prepare(job, store,
                                  "UPDATE approval SET state = $2, decided_login = $3,"
                                  " decided_at = $4, note = $5 WHERE id = $1",
                                  &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, id);
    zj_stmt_bind_str(s, 2, grants ? "approved" : "rejected");
    zj_stmt_bind_str(s, 3, by->login);
    zj_stmt_bind_int(s, 4, zj_now_us(job));
    zj_stmt_bind_str(s, 5, note);
    err = zj_stmt_run(job, s);
    return err ? err : seal(job, store, id, grants ? "approve" : "reject");
}

/* The change itself. What was good when it was asked for is looked at again. */
static zj_err carry_out(struct zj_job *job, struct zj_store *store, const struct zj_approval *a,
                        const char *password_hash)
{
    int64_t id = 0;
    if (a->kind != ZJ_APPROVE_MODE)
        return zj_account_put(job, store, &a->account, password_hash, &id);
    zj_err err = check_mode(job, store, a->separation);
    const char *value = a->separation ? "on" : "off";
    if (!err)
        err = zj_store_meta_set(job, store, meta_key, zj_span_str(value));
    const struct zj_audit_entry entry = {
        .action = "separation", .object = "meta", .note = zj_span_str(value)};
    return err ? err : zj_audit_append(job, store, &entry);
}

static zj_err decide(struct zj_job *job, struct zj_store *store, const struct zj_account *by,
                     int64_t id, bool grants, const char *note, const char *password_hash)
{
    struct open_approval a;
    zj_err err = load_wish(job, store, id, &a);
    if (!err)
        err = check_decider(job, &a, by, grants);
    if (!err)
        err = note_decision(job, store, id, by, grants, note);
    return err || !grants ? err : carry_out(job, store, &a.what, password_hash);
}

zj_err zj_approval_decide(struct zj_job *job, struct zj_store *store, const struct zj_account *by,
                          int64_t id, bool grants, const char *note, struct zj_buf *out_password)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf password = {0}, hash = {0};
    struct open_approval a;
    if (note && strlen(note) > NOTE_BYTES_MAX)
        return turn_down(job, ZJ_EREFUSED, "the note is too long", "说明过长");
    zj_err err = load_wish(job, store, id, &a);
    if (!err)
        err = check_decider(job, &a, by, grants); /* before the work of a password's hash */
    if (err)
        return err;
    const bool makes_password =
        grants && (a.what.kind == ZJ_APPROVE_ACCOUNT_ADD || a.what.resets_password);
    if (makes_password) {
        zj_password_make(&password);
        zj_password_hash(zj_buf_all(&password), &hash);
    }
    err = zj_store_begin(job, store);
    if (!err)
        err = zj_store_end(job, store,
                           decide(job, store, by, id, grants, note ? note : "",
                                  makes_password ? zj_buf_cstr(&hash) : NULL));
    if (!err)
        zj_buf_span(out_password, zj_buf_all(&password));
    return err;
}

/* --- reading -----------------------------------------------------------------------------------
 */

static void write_approval(struct zj_json *out, const struct zj_stmt *s)
{
    zj_json_object(out);
    zj_json_kint(out, "id", zj_stmt_int(s, COL_ID));
    zj_json_kspan(out, "kind", zj_stmt_text(s, COL_KIND));
    zj_json_key(out, "org");
    if (zj_stmt_int(s, COL_ORG)) {
        zj_json_object(out);
        zj_json_kspan(out, "code", zj_stmt_text(s, COL_ORG_CODE));
        zj_json_kspan(out, "name", zj_stmt_text(s, COL_ORG_NAME));
        zj_json_object_end(out);
    } else {
        zj_json_null(out);
    }
    zj_json_kspan(out, "login", zj_stmt_text(s, COL_LOGIN));
    zj_json_kspan(out, "name", zj_stmt_text(s, COL_NAME));
    zj_json_key(out, "roles");
    zj_bits_to_names(zj_role_infos, (unsigned)zj_stmt_int(s, COL_ROLES), out);
    zj_json_kbool(out, "locked", zj_stmt_int(s, COL_LOCKED));
    zj_json_kbool(out, "resets_password", zj_stmt_int(s, COL_RESETS));
    zj_json_kbool(out, "separation", zj_stmt_int(s, COL_SEPARATION));
    zj_json_kspan(out, "asked_by", zj_stmt_text(s, COL_ASKED_LOGIN));
    zj_json_key(out, "asked_role");
    zj_bits_to_names(zj_role_infos, (unsigned)zj_stmt_int(s, COL_ASKED_ROLE), out);
    zj_json_ktime(out, "asked_at", zj_stmt_int(s, COL_ASKED_AT));
    zj_json_kspan(out, "state", zj_stmt_text(s, COL_STATE));
    zj_json_kspan(out, "decided_by", zj_stmt_text(s, COL_DECIDED_LOGIN));
    zj_json_ktime(out, "decided_at", zj_stmt_int(s, COL_DECIDED_AT));
    zj_json_kspan(out, "note", zj_stmt_text(s, COL_NOTE));
    zj_json_object_end(out);
}

zj_err zj_approval_list(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                        const char *state, struct zj_json *out, int64_t *out_count)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT a.kind, a.org_id, a.account_id, a.login, a.name,"
                                  " a.roles, a.is_locked, a.resets_password, a.separation,"
                                  " a.asked_by, a.asked_login, a.asked_role, a.asked_at, a.state,"
                                  " a.decided_login, a.decided_at, a.note,"
                                  " COALESCE(o.code, ''), COALESCE(o.name, ''), a.id"
                                  " FROM approval a LEFT JOIN reg_organisations o"
                                  " ON o.id = a.org_id WHERE ($1 = 1 OR a.org_id = $2)"
                                  " AND ($3 = '' OR a.state = $3) ORDER BY a.id DESC LIMIT $4",
                                  &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, scope->sees_all);
    zj_stmt_bind_int(s, 2, scope->org_id);
    zj_stmt_bind_str(s, 3, state ? state : "");
    zj_stmt_bind_int(s, 4, LIST_MAX);
    *out_count = 0;
    zj_json_array(out);
    while (!(err = zj_stmt_step(job, s, &has_row)) && has_row) {
        write_approval(out, s);
        ++*out_count;
    }
    zj_json_array_end(out);
    return err;
}
