/* Sessions of the console and tokens of programs. The store holds SM3 hashes: whoever reads it
 * learns no token. */
#include <string.h>

#include "base/crypto.h"
#include "server/accounts.h"

enum { NAME_BYTES_MAX = 200 };
static const int64_t us_per_s = 1000000;

static zj_err note(struct zj_job *job, struct zj_store *store, const char *action,
                   const struct zj_account *account, const char *text)
{
    const struct zj_audit_entry entry = {account->org_id,     action,           "session", 0,
                                         zj_span_of(NULL, 0), zj_span_str(text)};
    return zj_audit_append(job, store, &entry);
}

static void make_token(const char *prefix, struct zj_buf *out, uint8_t hash[ZJ_SM3_BYTES])
{
    uint8_t secret[32];
    const size_t from = out->len;
    zj_random(secret, sizeof secret);
    zj_buf_str(out, prefix);
    zj_buf_base64url(out, zj_span_of(secret, sizeof secret));
    zj_sm3(zj_span_of(out->at + from, out->len - from), hash);
    zj_wipe(secret, sizeof secret);
}

zj_err zj_session_add(struct zj_job *job, struct zj_store *store, int64_t account_id,
                      const struct zj_session_from *from, struct zj_buf *out_token)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    uint8_t hash[ZJ_SM3_BYTES];
    make_token("", out_token, hash);
    zj_err err = zj_store_prepare(job, store,
                                  "INSERT INTO session (token_hash, account_id, created_at,"
                                  " last_used, remote, agent) VALUES ($1, $2, $3, $3, $4, $5)",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_blob(stmt, 1, zj_span_of(hash, sizeof hash));
    zj_stmt_bind_int(stmt, 2, account_id);
    zj_stmt_bind_int(stmt, 3, zj_now_us(job));
    zj_stmt_bind_str(stmt, 4, from->remote);
    zj_stmt_bind_span(stmt, 5, zj_span_part(zj_span_str(from->agent ? from->agent : ""), 0, 200));
    return zj_stmt_run(job, stmt);
}

zj_err zj_session_open(struct zj_job *job, struct zj_store *store, int64_t account_id,
                       const struct zj_session_from *from, struct zj_buf *out_token)
{
    zj_err err = zj_store_begin(job, store);
    return err ? err
               : zj_store_end(job, store, zj_session_add(job, store, account_id, from, out_token));
}

static zj_err by_token(struct zj_job *job, struct zj_store *store, const char *sql,
                       struct zj_span token, int64_t from_us, int64_t since_us,
                       struct zj_account *out, int64_t *out_id, int64_t *out_more)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    uint8_t hash[ZJ_SM3_BYTES];
    bool has_row = false;
    zj_sm3(token, hash);
    zj_err err = zj_store_prepare(job, store, sql, &stmt);
    if (err)
        return err;
    zj_stmt_bind_blob(stmt, 1, zj_span_of(hash, sizeof hash));
    zj_stmt_bind_int(stmt, 2, from_us);
    zj_stmt_bind_int(stmt, 3, since_us);
    err = zj_stmt_step(job, stmt, &has_row);
    if (err)
        return err;
    if (!has_row)
        return zj_fail(job, ZJ_EAUTH, "%s",
                       zj_tr(job, "log in first, or again", "请先登录或重新登录"));
    err = zj_account_get(job, store, zj_stmt_int(stmt, 0), out);
    if (!err) {
        *out_id = zj_stmt_int(stmt, 1);
        *out_more = zj_stmt_int(stmt, 2);
    }
    return err;
}

zj_err zj_session_find(struct zj_job *job, struct zj_store *store, struct zj_span token,
                       struct zj_account *out, int64_t *out_session)
{
    const int64_t now = zj_now_us(job);
    int64_t created;
    return by_token(job, store,
                    "SELECT s.account_id, s.id, s.created_at FROM session s"
                    " JOIN user_account a ON a.id = s.account_id WHERE s.token_hash = $1"
                    " AND s.last_used > $2 AND s.created_at > $3 AND a.is_locked = 0",
                    token, now - ZJ_SESSION_IDLE_S * us_per_s, now - ZJ_SESSION_MAX_S * us_per_s,
                    out, out_session, &created);
}

zj_err zj_token_find(struct zj_job *job, struct zj_store *store, struct zj_span token,
                     struct zj_account *out, unsigned *out_scopes, int64_t *out_id)
{
    int64_t scopes = 0;
    zj_err err = by_token(job, store,
                          "SELECT t.account_id, t.id, t.scopes FROM api_token t"
                          " JOIN user_account a ON a.id = t.account_id WHERE t.token_hash = $1"
                          " AND t.expires_at > $2 AND t.created_at <= $3 AND a.is_locked = 0",
                          token, zj_now_us(job), zj_now_us(job), out, out_id, &scopes);
    if (!err)
        *out_scopes = (unsigned)scopes;
    return err;
}

/* One session or token of an account, if it is that account's. */
static zj_err end_one(struct zj_job *job, struct zj_store *store, const char *sql, int64_t id,
                      int64_t account_id, const char *action, const char *absent)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct zj_account account;
    zj_err err = zj_account_get(job, store, account_id, &account);
    if (!err)
        err = zj_store_prepare(job, store, sql, &stmt);
    if (!err)
        err = zj_store_begin(job, store);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, id);
    zj_stmt_bind_int(stmt, 2, account_id);
    err = zj_stmt_run(job, stmt);
    if (!err && zj_store_changes(store) == 0)
        err = zj_fail(job, ZJ_ENOTFOUND, "%s", absent);
    if (!err)
        err = note(job, store, action, &account, account.login);
    return zj_store_end(job, store, err);
}

zj_err zj_session_close(struct zj_job *job, struct zj_store *store, int64_t session_id,
                        int64_t account_id)
{
    return end_one(job, store, "DELETE FROM session WHERE id = $1 AND account_id = $2", session_id,
                   account_id, "logout", zj_tr(job, "no such session", "没有此会话"));
}

zj_err zj_sessions_touch(struct zj_job *job, struct zj_store *store, const int64_t *ids,
                         size_t count)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *touch = NULL;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *touch_token = NULL;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *sweep = NULL;
    const int64_t now = zj_now_us(job);
    zj_err err =
        zj_store_prepare(job, store, "UPDATE session SET last_used = $2 WHERE id = $1", &touch);
    if (!err)
        err = zj_store_prepare(job, store, "UPDATE api_token SET last_used = $2 WHERE id = $1",
                               &touch_token);
    if (!err)
        err = zj_store_prepare(
            job, store, "DELETE FROM session WHERE last_used < $1 OR created_at < $2", &sweep);
    if (!err)
        err = zj_store_begin(job, store);
    if (err)
        return err;
    for (size_t i = 0; i < count && !err; i++) {
        struct zj_stmt *stmt = ids[i] < 0 ? touch_token : touch;
        zj_stmt_bind_int(stmt, 1, ids[i] < 0 ? -ids[i] : ids[i]);
        zj_stmt_bind_int(stmt, 2, now);
        err = zj_stmt_run(job, stmt);
    }
    zj_stmt_bind_int(sweep, 1, now - ZJ_SESSION_IDLE_S * us_per_s);
    zj_stmt_bind_int(sweep, 2, now - ZJ_SESSION_MAX_S * us_per_s);
    if (!err)
        err = zj_stmt_run(job, sweep);
    return zj_store_end(job, store, err);
}

zj_err zj_session_list(struct zj_job *job, struct zj_store *store, int64_t account_id,
                       int64_t current, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT id, created_at, last_used, remote, agent FROM session"
                                  " WHERE account_id = $1 ORDER BY last_used DESC",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, account_id);
    zj_json_array(out);
    while (!(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        zj_json_object(out);
        zj_json_kint(out, "id", zj_stmt_int(stmt, 0));
        zj_json_ktime(out, "created_at", zj_stmt_int(stmt, 1));
        zj_json_ktime(out, "last_used", zj_stmt_int(stmt, 2));
        zj_json_kspan(out, "remote", zj_stmt_text(stmt, 3));
        zj_json_kspan(out, "agent", zj_stmt_text(stmt, 4));
        zj_json_kbool(out, "is_current", zj_stmt_int(stmt, 0) == current);
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    return err;
}

zj_err zj_token_create(struct zj_job *job, struct zj_store *store, int64_t account_id,
                       const char *name, unsigned scopes, int64_t days, struct zj_buf *out_token)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    struct zj_account account;
    uint8_t hash[ZJ_SM3_BYTES];
    if (!name[0] || strlen(name) > NAME_BYTES_MAX)
        return zj_fail(job, ZJ_EREFUSED, "%s",
                       zj_tr(job, "a token needs a name of at most 200 bytes",
                             "令牌须有名称，不超过 200 字节"));
    if (days < 0 || days > 3660 || !scopes)
        return zj_fail(job, ZJ_EREFUSED, "%s",
                       zj_tr(job, "a token needs a scope, and a life of at most 3660 days",
                             "令牌须有用途，有效期不超过 3660 天"));
    zj_err err = zj_account_get(job, store, account_id, &account);
    if (!err)
        err = zj_store_prepare(job, store,
                               "INSERT INTO api_token (token_hash, account_id, name, scopes,"
                               " created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
                               &stmt);
    if (!err)
        err = zj_store_begin(job, store);
    if (err)
        return err;
    make_token("zj_", out_token, hash);
    zj_stmt_bind_blob(stmt, 1, zj_span_of(hash, sizeof hash));
    zj_stmt_bind_int(stmt, 2, account_id);
    zj_stmt_bind_str(stmt, 3, name);
    zj_stmt_bind_int(stmt, 4, scopes);
    zj_stmt_bind_int(stmt, 5, zj_now_us(job));
    zj_stmt_bind_int(stmt, 6, zj_now_us(job) + (days ? days : 365) * 86400 * us_per_s);
    err = zj_stmt_run(job, stmt);
    if (!err)
        err = note(job, store, "token", &account, name);
    return zj_store_end(job, store, err);
}

zj_err zj_token_list(struct zj_job *job, struct zj_store *store, int64_t account_id,
                     struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT id, name, scopes, created_at, expires_at, last_used"
                                  " FROM api_token WHERE account_id = $1 AND expires_at > $2 ORDER BY id DESC",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, account_id);
    zj_stmt_bind_int(stmt, 2, zj_now_us(job));
    zj_json_array(out);
    while (!(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        zj_json_object(out);
        zj_json_kint(out, "id", zj_stmt_int(stmt, 0));
        zj_json_kspan(out, "name", zj_stmt_text(stmt, 1));
        zj_json_key(out, "scopes");
        zj_bits_to_names(zj_token_scope_infos, (unsigned)zj_stmt_int(stmt, 2), out);
        zj_json_ktime(out, "created_at", zj_stmt_int(stmt, 3));
        zj_json_ktime(out, "expires_at", zj_stmt_int(stmt, 4));
        zj_json_ktime(out, "last_used", zj_stmt_int(stmt, 5));
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    return err;
}

zj_err zj_token_end(struct zj_job *job, struct zj_store *store, int64_t token_id,
                    int64_t account_id)
{
    return end_one(job, store, "DELETE FROM api_token WHERE id = $1 AND account_id = $2", token_id,
                   account_id, "token_ended", zj_tr(job, "no such token", "没有此令牌"));
}
