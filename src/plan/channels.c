/* Who is told: webhooks, mail addresses and the mail server. Secrets are encrypted and never shown. */
#include <stdio.h>
#include <string.h>

#include "base/send.h"
#include "plan/plan.h"
#include "plan/tables.h"

enum { SECRET_BYTES_MIN = 16, SECRET_BYTES_MAX = 256, TARGET_BYTES_MAX = 500, ROWS_MAX = 200 };

static zj_err check_channel(struct zj_job *job, const struct zj_channel *c)
{
    const bool is_webhook = strcmp(c->kind, "webhook") == 0;
    const size_t secret = c->secret ? strlen(c->secret) : 0;
    if (!is_webhook && strcmp(c->kind, "mail") != 0)
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "kind is webhook or mail", "kind 为 webhook 或 mail"));
    if (strlen(c->target) > TARGET_BYTES_MAX ||
        (is_webhook ? !zj_send_url_is_good(c->target) : !zj_send_address_is_good(c->target)))
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       is_webhook ? zj_tr(job, "the address of a webhook begins with https://",
                                          "Webhook 地址须以 https:// 开头")
                                  : zj_tr(job, "not a mail address", "不是有效的邮件地址"));
    if (is_webhook && (secret < SECRET_BYTES_MIN || secret > SECRET_BYTES_MAX))
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "the key of the signature has 16 to 256 characters",
                             "签名密钥为 16 至 256 个字符"));
    return ZJ_OK;
}

static zj_err insert_channel(struct zj_job *job, struct zj_store *store, const struct zj_channel *c,
                     int64_t *out_id)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf cipher = {0};
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = zj_store_prepare(
        job, store,
        "INSERT INTO notify_channel (org_id, kind, target, secret, is_on, last_reminder,"
        " created_at, actor, lang) VALUES ($1, $2, $3, $4, 1,"
        " (SELECT COALESCE(MAX(id), 0) FROM reminder), $5, $6, $7)",
        &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, c->org_id);
    zj_stmt_bind_str(s, 2, c->kind);
    zj_stmt_bind_str(s, 3, c->target);
    if (c->secret && c->secret[0]) {
        zj_store_encrypt(store, "notify_channel.secret", zj_span_str(c->secret), &cipher);
        zj_stmt_bind_blob(s, 4, zj_buf_all(&cipher));
    } else {
        zj_stmt_bind_null(s, 4);
    }
    zj_stmt_bind_int(s, 5, zj_now_us(job));
    zj_stmt_bind_str(s, 6, job->actor ? job->actor : "");
    zj_stmt_bind_str(s, 7, zj_tr(job, "en", "zh"));
    err = zj_stmt_run(job, s);
    if (!err)
        *out_id = zj_store_last_id(store);
    return err;
}

static zj_err audit(struct zj_job *job, struct zj_store *store, int64_t org_id, const char *action,
                    const char *object, const char *note)
{
    const struct zj_audit_entry entry = {
        .org_id = org_id, .action = action, .object = object, .note = zj_span_str(note)};
    return zj_audit_append(job, store, &entry);
}

zj_err zj_channel_add(struct zj_job *job, struct zj_store *store, const struct zj_channel *channel,
                      int64_t *out_id)
{
    int64_t id = 0, count = 0;
    zj_err err = check_channel(job, channel);
    if (!err)
        err = zj_plan_migrate(job, store);
    if (!err)
        err = zj_store_begin(job, store);
    if (err)
        return err;
    err = zj_store_query_int(job, store, "SELECT COUNT(*) FROM notify_channel", 0, &count);
    if (!err && count >= ROWS_MAX)
        err = zj_fail(job, ZJ_ELIMIT, "%d channels, the limit is %d", (int)count, ROWS_MAX);
    if (!err)
        err = insert_channel(job, store, channel, &id);
    if (!err)
        err = audit(job, store, channel->org_id, "insert", "notify_channel", channel->kind);
    err = zj_store_end(job, store, err);
    if (!err)
        *out_id = id;
    return err;
}

zj_err zj_channel_remove(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         int64_t id)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    const bool is_all = scope->sees_all || scope->org_id == 0;
    zj_err err = zj_plan_migrate(job, store);
    if (!err)
        err = zj_store_begin(job, store);
    if (err)
        return err;
    err = zj_store_prepare(
        job, store, "DELETE FROM notify_channel WHERE id = $1 AND ($2 = 1 OR org_id = $3)", &s);
    if (!err) {
        zj_stmt_bind_int(s, 1, id);
        zj_stmt_bind_int(s, 2, is_all);
        zj_stmt_bind_int(s, 3, scope->org_id);
        err = zj_stmt_run(job, s);
    }
    if (!err && zj_store_changes(store) == 0)
        err = ZJ_ENOTFOUND;
    if (!err)
        err = audit(job, store, scope->org_id, "delete", "notify_channel",
                    zj_arena_printf(&job->arena, "%lld", (long long)id));
    return zj_store_end(job, store, err);
}

zj_err zj_channel_switch(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         int64_t id, bool is_on)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = zj_plan_migrate(job, store);
    if (!err)
        err = zj_store_begin(job, store);
    if (err)
        return err;
    /* what fell due while it was off is not sent afterwards */
    err = zj_store_prepare(job, store,
                           "UPDATE notify_channel SET is_on = $4, last_reminder ="
                           " (SELECT COALESCE(MAX(id), 0) FROM reminder)"
                           " WHERE id = $1 AND ($2 = 1 OR org_id = $3)",
                           &s);
    if (!err) {
        zj_stmt_bind_int(s, 1, id);
        zj_stmt_bind_int(s, 2, scope->sees_all || scope->org_id == 0);
        zj_stmt_bind_int(s, 3, scope->org_id);
        zj_stmt_bind_int(s, 4, is_on);
        err = zj_stmt_run(job, s);
    }
    if (!err && zj_store_changes(store) == 0)
        err = ZJ_ENOTFOUND;
    if (!err)
        err = audit(job, store, scope->org_id, is_on ? "enable" : "disable", "notify_channel",
                    zj_arena_printf(&job->arena, "%lld", (long long)id));
    return zj_store_end(job, store, err);
}

/* Of the scope and switched on? */
static zj_err find_channel(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                           int64_t id, bool *out_is_mail)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = false;
    zj_err err = zj_store_prepare(job, store,
                                  "SELECT kind, is_on FROM notify_channel"
                                  " WHERE id = $1 AND ($2 = 1 OR org_id = $3)",
                                  &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, id);
    zj_stmt_bind_int(s, 2, scope->sees_all || scope->org_id == 0);
    zj_stmt_bind_int(s, 3, scope->org_id);
    err = zj_stmt_step(job, s, &is_row);
    if (err || !is_row)
        return err ? err : ZJ_ENOTFOUND;
    *out_is_mail = zj_span_eq_str(zj_stmt_text(s, 0), "mail");
    return zj_stmt_int(s, 1) ? ZJ_OK
                             : zj_fail(job, ZJ_EUSAGE, "%s",
                                       zj_tr(job, "the channel is off", "该渠道已停用"));
}

zj_err zj_channel_try(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                      int64_t id, int64_t *out_message)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    int64_t message = 0;
    bool is_mail = false;
    zj_err err = zj_plan_migrate(job, store);
    if (!err)
        err = find_channel(job, store, scope, id, &is_mail);
    if (!err)
        err = zj_store_begin(job, store);
    if (err)
        return err;
    err = zj_store_prepare(
        job, store,
        "INSERT INTO outbox (channel_id, subject, body, created_at, next_at, tries, state, receipt,"
        " sent_at) VALUES ($1, $2, $3, $4, $4, 0, 'waiting', '', 0)",
        &s);
    if (!err) {
        zj_stmt_bind_int(s, 1, id);
        zj_stmt_bind_str(s, 2, "筑基：测试提醒");
        zj_stmt_bind_str(s, 3,
                         is_mail ? "这是一条测试提醒，收到即表示渠道可用。\n"
                                   "A trial: whoever reads it will get reminders.\n"
                                 : "{\"test\":true,\"reminders\":[]}");
        zj_stmt_bind_int(s, 4, zj_now_us(job));
        err = zj_stmt_run(job, s);
        message = zj_store_last_id(store);
    }
    if (!err)
        err = audit(job, store, scope->org_id, "test", "notify_channel",
                    zj_arena_printf(&job->arena, "%lld", (long long)id));
    err = zj_store_end(job, store, err);
    if (!err)
        *out_message = message;
    return err;
}

zj_err zj_channel_list(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                       struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = true;
    zj_err err = zj_store_prepare(
        job, store,
        "SELECT c.id, COALESCE(o.code, ''), c.kind, c.target, c.is_on, c.lang,"
        " (SELECT COUNT(*) FROM outbox m WHERE m.channel_id = c.id AND m.state = 'waiting'),"
        " (SELECT COUNT(*) FROM outbox m WHERE m.channel_id = c.id AND m.state = 'failed')"
        " FROM notify_channel c LEFT JOIN reg_organisations o ON o.id = c.org_id"
        " WHERE $1 = 1 OR c.org_id = $2 ORDER BY c.id",
        &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, scope->sees_all || scope->org_id == 0);
    zj_stmt_bind_int(s, 2, scope->org_id);
    zj_json_array(out);
    while (!(err = zj_stmt_step(job, s, &is_row)) && is_row) {
        zj_json_object(out);
        zj_json_kint(out, "id", zj_stmt_int(s, 0));
        zj_json_kspan(out, "org", zj_stmt_text(s, 1));
        zj_json_kspan(out, "kind", zj_stmt_text(s, 2));
        zj_json_kspan(out, "target", zj_stmt_text(s, 3));
        zj_json_kbool(out, "is_on", zj_stmt_int(s, 4) != 0);
        zj_json_kspan(out, "lang", zj_stmt_text(s, 5));
        zj_json_kint(out, "waiting", zj_stmt_int(s, 6));
        zj_json_kint(out, "failed", zj_stmt_int(s, 7));
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    return err;
}

static zj_err set_mail(struct zj_job *job, struct zj_store *store, const char *url,
                       const char *user, const char *password, const char *from)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf cipher = {0}, hex = {0};
    zj_err err = zj_plan_setting_set(job, store, "mail_url", url);
    if (!err)
        err = zj_plan_setting_set(job, store, "mail_user", user ? user : "");
    if (!err)
        err = zj_plan_setting_set(job, store, "mail_from", from ? from : "");
    if (err || !password) /* not given: it stays */
        return err;
    if (password[0]) {
        zj_store_encrypt(store, "plan_state.mail_password", zj_span_str(password), &cipher);
        zj_buf_hex(&hex, zj_buf_all(&cipher));
    }
    return zj_plan_setting_set(job, store, "mail_password", zj_buf_cstr(&hex));
}

zj_err zj_mail_server_set(struct zj_job *job, struct zj_store *store, const char *url,
                          const char *user, const char *password, const char *from)
{
    enum { WORD_MAX = 250 };
    if (url[0] && (!zj_send_mail_url_is_good(url) || !from || !zj_send_address_is_good(from)))
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "url is smtps://HOST:PORT or smtp://HOST:PORT, from an address",
                             "url 为 smtps://主机:端口 或 smtp://主机:端口，from 为邮件地址"));
    if (strlen(url) > WORD_MAX || (user && strlen(user) > WORD_MAX) ||
        (password && strlen(password) > WORD_MAX))
        return zj_fail(job, ZJ_EUSAGE, "%s", zj_tr(job, "a word is too long", "内容过长"));
    zj_err err = zj_plan_migrate(job, store);
    if (!err)
        err = zj_store_begin(job, store);
    if (err)
        return err;
    err = set_mail(job, store, url, user, password, from);
    if (!err)
        err = audit(job, store, 0, "update", "mail_server", url);
    return zj_store_end(job, store, err);
}

zj_err zj_mail_server_get(struct zj_job *job, struct zj_store *store, struct zj_json *out)
{
    static const char *const shown[][2] = {
        {"mail_url", "url"}, {"mail_user", "user"}, {"mail_from", "from"}};
    char text[1024];
    zj_err err = ZJ_OK;
    zj_json_object(out);
    for (size_t i = 0; i < ZJ_COUNT(shown) && !err; i++) {
        err = zj_plan_setting_get(job, store, shown[i][0], text, sizeof text);
        zj_json_kstr(out, shown[i][1], err ? "" : text);
    }
    if (!err)
        err = zj_plan_setting_get(job, store, "mail_password", text, sizeof text);
    zj_json_kbool(out, "has_password", !err && text[0]);
    zj_json_object_end(out);
    return err;
}

zj_err zj_outbox_list(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                      struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = true;
    zj_err err = zj_store_prepare(
        job, store,
        "SELECT m.id, m.channel_id, m.subject, m.state, m.tries, m.receipt, m.created_at,"
        " m.next_at, m.sent_at FROM outbox m JOIN notify_channel c ON c.id = m.channel_id"
        " WHERE $1 = 1 OR c.org_id = $2 ORDER BY m.id DESC LIMIT 200",
        &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, scope->sees_all || scope->org_id == 0);
    zj_stmt_bind_int(s, 2, scope->org_id);
    zj_json_array(out);
    while (!(err = zj_stmt_step(job, s, &is_row)) && is_row) {
        zj_json_object(out);
        zj_json_kint(out, "id", zj_stmt_int(s, 0));
        zj_json_kint(out, "channel", zj_stmt_int(s, 1));
        zj_json_kspan(out, "subject", zj_stmt_text(s, 2));
        zj_json_kspan(out, "state", zj_stmt_text(s, 3));
        zj_json_kint(out, "tries", zj_stmt_int(s, 4));
        zj_json_kspan(out, "receipt", zj_stmt_text(s, 5));
        zj_json_ktime(out, "created_at", zj_stmt_int(s, 6));
        zj_json_ktime(out, "next_at", zj_stmt_int(s, 7));
        zj_json_ktime(out, "sent_at", zj_stmt_int(s, 8));
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    return err;
}
