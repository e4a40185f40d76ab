#include "server/accounts.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/text.h"

enum { FAILURES_MAX = 5, LOCK_S = 600, PASSWORD_CHARS_MIN = 10, PASSWORD_BYTES_MAX = 256 };

const struct zj_role_info zj_role_infos[] = {
    {"admin", "Administrator", "系统管理员", ZJ_ROLE_ADMIN},
    {"officer", "Security officer", "安全员", ZJ_ROLE_OFFICER},
    {"auditor", "Auditor", "审计员", ZJ_ROLE_AUDITOR},
    {"viewer", "Viewer", "查看员", ZJ_ROLE_VIEWER},
    {"bureau", "Bureau", "主管部门", ZJ_ROLE_BUREAU},
    {"expert", "Expert", "评审专家", ZJ_ROLE_EXPERT},
    {"assessor", "Assessor", "测评人员", ZJ_ROLE_ASSESSOR},
    {"sysadmin", "System administrator", "系统管理员（三员）", ZJ_ROLE_SYSADMIN},
    {"secadmin", "Security administrator", "安全管理员（三员）", ZJ_ROLE_SECADMIN},
    {"auditadmin", "Audit administrator", "安全审计员（三员）", ZJ_ROLE_AUDITADMIN},
    {NULL, NULL, NULL, 0},
};

const struct zj_role_info zj_token_scope_infos[] = {
    {"read", "Read", "读取", ZJ_TOKEN_READ},
    {"write", "Write", "写入", ZJ_TOKEN_WRITE},
    {"ingest", "Send observations", "上报观测", ZJ_TOKEN_INGEST},
    {NULL, NULL, NULL, 0},
};

static const int64_t us_per_s = 1000000;

/* --- roles -------------------------------------------------------------------------------------
 */

static unsigned bit_of(const struct zj_role_info *infos, struct zj_span name)
{
    for (; infos->name; infos++)
        if (zj_span_eq_str(name, infos->name))
            return infos->bit;
    return 0;
}

bool zj_names_to_bits(const struct zj_role_info *infos, struct zj_span text, unsigned *out_bits,
                      struct zj_span *out_wrong)
{
    unsigned bits = 0;
    size_t at = 0;
    while (at < text.len) {
        size_t end = at;
        while (end < text.len && !strchr(";, ", text.at[end]))
            end++;
        struct zj_span name = zj_span_part(text, at, end - at);
        const unsigned bit = bit_of(infos, name);
        if (name.len && !bit) {
            *out_wrong = name;
            return false;
        }
        bits |= bit;
        at = end + 1;
    }
    *out_bits = bits;
    return true;
}

void zj_bits_to_names(const struct zj_role_info *infos, unsigned bits, struct zj_json *out)
{
    zj_json_array(out);
    for (; infos->name; infos++)
        if (bits & infos->bit)
            zj_json_str(out, infos->name);
    zj_json_array_end(out);
}

bool zj_account_is_guest(const struct zj_account *account)
{
    const unsigned guests = ZJ_ROLE_EXPERT | ZJ_ROLE_ASSESSOR;
    return (account->roles & guests) && !(account->roles & ~guests);
}

struct zj_scope zj_account_scope(const struct zj_account *account)
{
    const bool is_bureau = account->roles & ZJ_ROLE_BUREAU;
    const unsigned of_all = ZJ_ROLE_ADMIN | ZJ_ROLE_AUDITOR | ZJ_ROLES_SEPARATE;
    return (struct zj_scope){
        .user_id = account->id,
        .org_id = zj_account_is_guest(account) ? -1 : account->org_id,
        .sees_all = is_bureau || (account->org_id == 0 && (account->roles & of_all)),
        .may_write = !is_bureau && (account->roles & (ZJ_ROLE_ADMIN | ZJ_ROLE_OFFICER)),
        .may_decide = is_bureau,
        .sees_personal = !is_bureau && (account->roles & ZJ_ROLE_OFFICER),
    };
}

/* --- passwords ---------------------------------------------------------------------------------
 */

void zj_password_make(struct zj_buf *out)
{
    /* Without letters that look alike; 57 of them and 20 places give 116 bits. */
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    const unsigned count = sizeof letters - 1, limit = 256 / count * count;
    for (int i = 0; i < 20;) {
        uint8_t byte;
        zj_random(&byte, 1);
        if (byte >= limit)
            continue;
        zj_buf_byte(out, (uint8_t)letters[byte % count]);
        if (++i % 5 == 0 && i < 20)
            zj_buf_byte(out, '-');
    }
}

const char *zj_password_fault(struct zj_span password, const char *login, const char **out_zh)
{
    unsigned classes = 0;
    size_t chars = 0;
    for (size_t i = 0; i < password.len; i++) {
        const uint8_t c = password.at[i];
        chars += (c & 0xc0) != 0x80;
        classes |= c >= '0' && c <= '9'   ? 1
                   : c >= 'a' && c <= 'z' ? 2
                   : c >= 'A' && c <= 'Z' ? 4
                                          : 8;
    }
    if (password.len > PASSWORD_BYTES_MAX || !zj_utf8_is_valid(password)) {
        *out_zh = "口令过长或不是文本";
        return "the password is too long or not text";
    }
    if (chars < PASSWORD_CHARS_MIN || (chars < 16 && __builtin_popcount(classes) < 3)) {
        *out_zh = "口令至少 10 个字符，含大写、小写、数字、符号中的三类；16 个字符以上不限类别";
        return "at least 10 characters of three kinds (upper case, lower case, digits, others), or "
               "16 "
               "of any";
    }
    if (zj_span_eq_str(password, login)) {
        *out_zh = "口令不能与登录名相同";
        return "the password is the login";
    }
    return NULL;
}

static zj_err check_password(struct zj_job *job, struct zj_span password, const char *login)
{
    const char *zh = NULL, *en = zj_password_fault(password, login, &zh);
    return en ? zj_fail(job, ZJ_EREFUSED, "%s", zj_tr(job, en, zh)) : ZJ_OK;
}

/* --- rows --------------------------------------------------------------------------------------
 */

#define ACCOUNT_COLUMNS                                                                            \
    "a.id, a.org_id, a.login, a.name, a.roles, a.must_change, a.is_locked, a.password"
enum { COL_PASSWORD = 7, COL_MORE };

static void copy_text(char *out, size_t size, struct zj_span text)
{
    const size_t len = text.len < size - 1 ? text.len : size - 1;
    if (len)
        memcpy(out, text.at, len);
    out[len] = '\0';
}

static void read_account(const struct zj_stmt *stmt, struct zj_account *out)
{
    *out = (struct zj_account){
        .id = zj_stmt_int(stmt, 0),
        .org_id = zj_stmt_int(stmt, 1),
        .roles = (unsigned)zj_stmt_int(stmt, 4),
        .must_change = zj_stmt_int(stmt, 5) != 0,
        .is_locked = zj_stmt_int(stmt, 6) != 0,
    };
    copy_text(out->login, sizeof out->login, zj_stmt_text(stmt, 2));
    copy_text(out->name, sizeof out->name, zj_stmt_text(stmt, 3));
}

/* The hash of an account as stored, into its row and into the chain: a role changed behind Zhuji's
 * back is found by `zhuji audit verify`. */
static zj_err seal(struct zj_job *job, struct zj_store *store, int64_t id, const char *action,
                   const char *note)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *read = NULL;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *write = NULL;
    bool has_row = false;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT org_id, login, name, roles, password, must_change,"
                                  " is_locked, created_at FROM user_account WHERE id = $1",
                                  &read);
    if (err)
        return err;
    zj_stmt_bind_int(read, 1, id);
    err = zj_stmt_step(job, read, &has_row);
    if (err || !has_row)
        return err ? err
                   : zj_fail(job, ZJ_ENOTFOUND, "%s", zj_tr(job, "no such account", "没有此账号"));
    struct zj_value values[8];
    for (int i = 0; i < 8; i++)
        values[i] = (struct zj_value){
            .column = zj_stmt_col_name(read, i),
            .type = zj_stmt_is_text(read, i) ? ZJ_VALUE_TEXT : ZJ_VALUE_INT,
            .num = zj_stmt_is_text(read, i) ? 0 : zj_stmt_int(read, i),
            .bytes = zj_stmt_is_text(read, i) ? zj_stmt_text(read, i) : zj_span_of(NULL, 0),
        };
    uint8_t hash[32];
    zj_store_row_hash(store, "user_account", values, ZJ_COUNT(values), hash);
    const int64_t org_id = zj_stmt_int(read, 0);
    zj_stmt_reset(read);

    err =
        zj_store_prepare(job, store, "UPDATE user_account SET row_hash = $2 WHERE id = $1", &write);
    if (err)
        return err;
    zj_stmt_bind_int(write, 1, id);
    zj_stmt_bind_blob(write, 2, zj_span_of(hash, sizeof hash));
    err = zj_stmt_run(job, write);
    if (err)
        return err;
    const struct zj_audit_entry entry = {
        org_id, action, "user_account", id, zj_span_of(hash, sizeof hash), zj_span_str(note)};
    return zj_audit_append(job, store, &entry);
}

/* An entry of the chain that has no row behind it: a login, a token. */
static zj_err note(struct zj_job *job, struct zj_store *store, const char *action,
                   const struct zj_account *account, const char *text)
{
    const struct zj_audit_entry entry = {account->org_id,     action,           "session", 0,
                                         zj_span_of(NULL, 0), zj_span_str(text)};
    return zj_audit_append(job, store, &entry);
}

static zj_err turn_down(struct zj_job *job, const char *en, const char *zh)
{
    return zj_fail(job, ZJ_EREFUSED, "%s", zj_tr(job, en, zh));
}

static zj_err is_bureau_org(struct zj_job *job, struct zj_store *store, int64_t org_id, bool *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT 1 FROM reg_item WHERE register = 'organisations'"
                                  " AND row_id = $1 AND field = 'kinds' AND value = 'bureau'",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, org_id);
    return zj_stmt_step(job, stmt, out);
}

static zj_err check_roles(struct zj_job *job, const struct zj_account *account)
{
    const unsigned roles = account->roles, separate = roles & ZJ_ROLES_SEPARATE;
    if (!roles)
        return turn_down(job, "an account needs a role", "账号须有角色");
    if (separate && roles != separate)
        return turn_down(job,
                         "who administers the system, its security or its audit has no other role",
                         "三员账号不能兼任其他角色");
    if (__builtin_popcount(separate) > 1)
        return turn_down(job, "system, security and audit administrators are three persons",
                         "系统管理员、安全管理员、安全审计员不得由同一账号兼任");
    if ((roles & (ZJ_ROLE_OFFICER | ZJ_ROLE_VIEWER | ZJ_ROLE_ASSESSOR)) && account->org_id == 0)
        return turn_down(job, "officers, viewers and assessors belong to an organisation",
                         "安全员、查看员和测评人员必须属于一个单位");
    return ZJ_OK;
}

zj_err zj_account_check(struct zj_job *job, struct zj_store *store,
                        const struct zj_account *account)
{
    const char *c = account->login;
    bool is_good = c[0], is_bureau = true;
    for (; *c; c++)
        is_good &= strchr("abcdefghijklmnopqrstuvwxyz0123456789._-@", *c) != NULL;
    if (!is_good)
        return zj_fail(job, ZJ_EREFUSED,
                       zj_tr(job, "a login is made of a-z, 0-9 and . _ - @, not '%s'",
                             "登录名只能由 a-z、0-9 和 . _ - @ 组成：“%s”"),
                       account->login);
    zj_err err = check_roles(job, account);
    if (!err && (account->roles & ZJ_ROLE_BUREAU) && account->org_id)
        err = is_bureau_org(job, store, account->org_id, &is_bureau);
    if (!err && !is_bureau)
        err = turn_down(job, "bureau staff belong to an organisation of kind bureau",
                        "主管部门账号所属单位的类型须为主管部门");
    return err;
}

static zj_err insert_account(struct zj_job *job, struct zj_store *store,
                             const struct zj_account *account, const char *encoded, int64_t *out_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(job, store,
                                  "INSERT INTO user_account (org_id, login, name, roles, password,"
                                  " must_change, is_locked, created_at)"
                                  " VALUES ($1, $2, $3, $4, $5, $6, 0, $7)",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, account->org_id);
    zj_stmt_bind_str(stmt, 2, account->login);
    zj_stmt_bind_str(stmt, 3, account->name);
    zj_stmt_bind_int(stmt, 4, account->roles);
    zj_stmt_bind_str(stmt, 5, encoded);
    zj_stmt_bind_int(stmt, 6, account->must_change);
    zj_stmt_bind_int(stmt, 7, zj_now_us(job));
    err = zj_stmt_run(job, stmt);
    if (err)
        return err;
    *out_id = zj_store_last_id(store);
    return seal(job, store, *out_id, "insert", "");
}

static zj_err add_account(struct zj_job *job, struct zj_store *store,
                          const struct zj_account *account, const char *encoded, int64_t *out_id)
{
    struct zj_account old;
    zj_err err = zj_account_find(job, store, account->login, &old);
    if (!err)
        return zj_fail(job, ZJ_ECONFLICT, zj_tr(job, "the login '%s' exists", "登录名“%s”已存在"),
                       account->login);
    if (err != ZJ_ENOTFOUND)
        return err;
    zj_job_clear(job);
    return insert_account(job, store, account, encoded, out_id);
}

zj_err zj_account_create(struct zj_job *job, struct zj_store *store,
                         const struct zj_account *account, struct zj_span password, int64_t *out_id)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf encoded = {0};
    int64_t id = 0;
    zj_err err = zj_account_check(job, store, account);
    if (!err)
        err = check_password(job, password, account->login);
    if (err)
        return err;
    zj_password_hash(password, &encoded);
    err = zj_store_begin(job, store);
    if (err)
        return err;
    err = zj_store_end(job, store, add_account(job, store, account, zj_buf_cstr(&encoded), &id));
    if (!err)
        *out_id = id;
    return err;
}

static zj_err end_sessions(struct zj_job *job, struct zj_store *store, int64_t account_id,
                           int64_t keep)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(job, store,
                                  "DELETE FROM session WHERE account_id = $1 AND id <> $2", &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, account_id);
    zj_stmt_bind_int(stmt, 2, keep);
    return zj_stmt_run(job, stmt);
}

static zj_err end_tokens(struct zj_job *job, struct zj_store *store, int64_t account_id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err =
        zj_store_prepare(job, store, "DELETE FROM api_token WHERE account_id = $1", &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, account_id);
    return zj_stmt_run(job, stmt);
}

static zj_err write_update(struct zj_job *job, struct zj_store *store,
                           const struct zj_account *account)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct zj_account old;
    zj_err err = zj_account_get(job, store, account->id, &old);
    if (err)
        return err;
    err = zj_store_prepare(
        job, store,
        "UPDATE user_account SET name = $2, org_id = $3, roles = $4, is_locked = $5"
        " WHERE id = $1",
        &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, account->id);
    zj_stmt_bind_str(stmt, 2, account->name);
    zj_stmt_bind_int(stmt, 3, account->org_id);
    zj_stmt_bind_int(stmt, 4, account->roles);
    zj_stmt_bind_int(stmt, 5, account->is_locked);
    err = zj_stmt_run(job, stmt);
    if (!err &&
        (account->is_locked || account->roles != old.roles || account->org_id != old.org_id))
        err = end_sessions(job, store, account->id, 0);
    return err ? err : seal(job, store, account->id, "update", "");
}

zj_err zj_account_update(struct zj_job *job, struct zj_store *store,
                         const struct zj_account *account)
{
    zj_err err = zj_account_check(job, store, account);
    if (!err)
        err = zj_store_begin(job, store);
    return err ? err : zj_store_end(job, store, write_update(job, store, account));
}

static zj_err write_password(struct zj_job *job, struct zj_store *store, int64_t id,
                             const char *encoded, bool must_change, int64_t keep_session)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(
        job, store, "UPDATE user_account SET password = $2, must_change = $3 WHERE id = $1", &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    zj_stmt_bind_str(stmt, 2, encoded);
    zj_stmt_bind_int(stmt, 3, must_change);
    err = zj_stmt_run(job, stmt);
    if (!err)
        err = end_sessions(job, store, id, keep_session);
    if (!err && must_change)
        err = end_tokens(job, store, id);
    return err ? err : seal(job, store, id, "password", "");
}

zj_err zj_account_put(struct zj_job *job, struct zj_store *store, const struct zj_account *account,
                      const char *password_hash, int64_t *out_id)
{
    zj_err err = zj_account_check(job, store, account);
    if (err)
        return err;
    if (account->id == 0)
        return add_account(job, store, account, password_hash, out_id);
    *out_id = account->id;
    err = write_update(job, store, account);
    if (!err && password_hash)
        err = write_password(job, store, account->id, password_hash, true, 0);
    return err;
}

zj_err zj_account_set_password(struct zj_job *job, struct zj_store *store, int64_t id,
                               struct zj_span password, bool must_change, int64_t keep_session)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf encoded = {0};
    struct zj_account account;
    zj_err err = zj_account_get(job, store, id, &account);
    if (!err)
        err = check_password(job, password, account.login);
    if (err)
        return err;
    zj_password_hash(password, &encoded);
    err = zj_store_begin(job, store);
    return err ? err
               : zj_store_end(job, store,
                              write_password(job, store, id, zj_buf_cstr(&encoded), must_change,
                                             keep_session));
}

/* One account by a statement whose first parameter the caller has bound; its password too. */
static zj_err one_account(struct zj_job *job, struct zj_stmt *stmt, struct zj_account *out,
                          struct zj_buf *out_password)
{
    bool has_row = false;
    zj_err err = zj_stmt_step(job, stmt, &has_row);
    if (err)
        return err;
    if (!has_row)
        return zj_fail(job, ZJ_ENOTFOUND, "%s", zj_tr(job, "no such account", "没有此账号"));
    read_account(stmt, out);
    if (out_password)
        zj_buf_span(out_password, zj_stmt_text(stmt, COL_PASSWORD));
    return ZJ_OK;
}

static zj_err find_account(struct zj_job *job, struct zj_store *store, const char *login,
                           struct zj_account *out, struct zj_buf *out_password)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(
        job, store, "SELECT " ACCOUNT_COLUMNS " FROM user_account a WHERE a.login = $1", &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, login);
    return one_account(job, stmt, out, out_password);
}

zj_err zj_account_find(struct zj_job *job, struct zj_store *store, const char *login,
                       struct zj_account *out)
{
    return find_account(job, store, login, out, NULL);
}

static zj_err get_account(struct zj_job *job, struct zj_store *store, int64_t id,
                          struct zj_account *out, struct zj_buf *out_password)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(
        job, store, "SELECT " ACCOUNT_COLUMNS " FROM user_account a WHERE a.id = $1", &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    return one_account(job, stmt, out, out_password);
}

zj_err zj_account_get(struct zj_job *job, struct zj_store *store, int64_t id,
                      struct zj_account *out)
{
    return get_account(job, store, id, out, NULL);
}

zj_err zj_account_verify(struct zj_job *job, struct zj_store *store, int64_t id,
                         struct zj_span password, bool *out_is_right)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf encoded = {0};
    struct zj_account account;
    zj_err err = get_account(job, store, id, &account, &encoded);
    if (!err)
        *out_is_right = zj_password_verify(zj_buf_cstr(&encoded), password);
    return err;
}

zj_err zj_account_list(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                       void (*each)(void *ctx, const struct zj_account *account,
                                    int64_t last_login_us),
                       void *ctx)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err =
        zj_store_prepare(job, store,
                         "SELECT " ACCOUNT_COLUMNS ", (SELECT max(s.last_used) FROM session s"
                         " WHERE s.account_id = a.id), COALESCE((SELECT g.locked_until FROM"
                         " login_guard g WHERE g.login = a.login AND g.locked_until > $3), 0)"
                         " FROM user_account a"
                         " WHERE $1 = 1 OR a.org_id = $2 ORDER BY a.login",
                         &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, scope->sees_all);
    zj_stmt_bind_int(stmt, 2, scope->org_id);
    zj_stmt_bind_int(stmt, 3, zj_now_us(job));
    bool has_row;
    while (!(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        struct zj_account account;
        read_account(stmt, &account);
        account.waits_until_us = zj_stmt_int(stmt, COL_MORE + 1);
        each(ctx, &account, zj_stmt_int(stmt, COL_MORE));
    }
    return err;
}

/* --- logging in --------------------------------------------------------------------------------
 */

/* Counts this attempt before the password is looked at, so that many at once gain nothing. */
static zj_err count_attempt(struct zj_job *job, struct zj_store *store, const char *login)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *read = NULL;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *write = NULL;
    const int64_t now = zj_now_us(job), window = LOCK_S * us_per_s;
    int64_t failures = 0, since = now;
    bool has_row = false;
    zj_err err = zj_store_prepare(
        job, store, "SELECT failures, since, locked_until FROM login_guard WHERE login = $1",
        &read);
    if (err)
        return err;
    zj_stmt_bind_str(read, 1, login);
    err = zj_stmt_step(job, read, &has_row);
    if (err)
        return err;
    if (has_row && zj_stmt_int(read, 2) > now)
        return zj_fail(job, ZJ_ERATE,
                       zj_tr(job, "locked after %d failures; try again in %d minutes",
                             "连续 %d 次失败，账号已锁定，请 %d 分钟后再试"),
                       FAILURES_MAX, (int)((zj_stmt_int(read, 2) - now) / us_per_s / 60) + 1);
    if (has_row && now - zj_stmt_int(read, 1) < window) {
        failures = zj_stmt_int(read, 0);
        since = zj_stmt_int(read, 1);
    }
    failures++;
    err = zj_store_prepare(job, store,
                           "INSERT INTO login_guard (login, failures, since, locked_until)"
                           " VALUES ($1, $2, $3, $4) ON CONFLICT (login) DO UPDATE SET"
                           " failures = $2, since = $3, locked_until = $4",
                           &write);
    if (err)
        return err;
    zj_stmt_bind_str(write, 1, login);
    zj_stmt_bind_int(write, 2, failures < FAILURES_MAX ? failures : 0);
    zj_stmt_bind_int(write, 3, since);
    zj_stmt_bind_int(write, 4, failures < FAILURES_MAX ? 0 : now + window);
    return zj_stmt_run(job, write);
}

static zj_err forget_attempts(struct zj_job *job, struct zj_store *store, const char *login)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    zj_err err = zj_store_prepare(job, store,
                                  "DELETE FROM login_guard WHERE login = $1 OR since < $2", &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, login);
    zj_stmt_bind_int(stmt, 2, zj_now_us(job) - 2 * LOCK_S * us_per_s);
    return zj_stmt_run(job, stmt);
}

zj_err zj_account_forget_failures(struct zj_job *job, struct zj_store *store, const char *login)
{
    zj_err err = zj_store_begin(job, store);
    return err ? err : zj_store_end(job, store, forget_attempts(job, store, login));
}

/* An unknown login takes as long as a known one: against a hash that no password has. */
static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

zj_err zj_account_login(struct zj_job *job, struct zj_store *store, const char *login,
                        struct zj_span password, const struct zj_session_from *from,
                        struct zj_account *out, struct zj_buf *out_token)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf encoded = {0};
    struct zj_account account = {0};
    zj_err err = zj_store_begin(job, store);
    if (err)
        return err;
    err = zj_store_end(job, store, count_attempt(job, store, login));
    if (err)
        return err;
    err = find_account(job, store, login, &account, &encoded);
    if (err && err != ZJ_ENOTFOUND)
        return err;
    zj_job_clear(job);
    const bool is_right =
        zj_password_verify(err ? nobody : zj_buf_cstr(&encoded), password) && !err;
    err = zj_store_begin(job, store);
    if (err)
        return err;
    if (is_right && !account.is_locked)
        err = forget_attempts(job, store, login);
    if (!err && is_right && !account.is_locked && from)
        err = zj_session_add(job, store, account.id, from, out_token);
    if (!err)
        err = note(job, store, is_right && !account.is_locked ? "login" : "login_failed", &account,
                   account.login);
    err = zj_store_end(job, store, err);
    if (err)
        return err;
    if (!is_right || account.is_locked)
        return zj_fail(job, ZJ_EAUTH, "%s",
                       zj_tr(job, "login or password is wrong", "登录名或口令错误"));
    *out = account;
    return ZJ_OK;
}
