/* From reminders to messages, and from messages to receivers. A message is written down before it is
 * sent and again with what was answered, so that one is lost with neither side's failure; a receiver
 * may get it twice and knows it by its number.
 *
 * A webhook gets a POST of JSON with X-Zhuji-Delivery (the number), X-Zhuji-Timestamp (seconds) and
 * X-Zhuji-Signature: "sha256=" and the HMAC-SHA-256 of timestamp, "." and body, in hex. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/send.h"
#include "plan/plan.h"
#include "plan/reminders.h"
#include "plan/tables.h"

enum { BATCH = 200, SEND_AT_ONCE = 20, TRIES_MAX = 12, TRIES_SLOW = 9 };
static const char secret_field[] = "notify_channel.secret";
static const char password_field[] = "plan_state.mail_password";

/* --- fill ---------------------------------------------------------------------------------------
 */

struct message {
    struct zj_job *job;
    enum zj_lang lang;
    zj_case_title_fn *title_of;
    struct zj_buf json, text;
    int64_t last;
    int count;
};

static const char *kind_of(struct zj_span kind, enum zj_lang lang)
{
    static const struct {
        const char *name, *en, *zh;
    } kinds[] = {
        {"overdue", "overdue", "已逾期"},
        {"T-1", "due within a day", "1 天内到期"},
        {"T-7", "due within 7 days", "7 天内到期"},
        {"T-30", "due within 30 days", "30 天内到期"},
    };
    for (size_t i = 0; i < ZJ_COUNT(kinds); i++)
        if (zj_span_eq_str(kind, kinds[i].name))
            return lang == ZJ_ZH ? kinds[i].zh : kinds[i].en;
    return "";
}

static void put_line(struct message *m, const struct zj_stmt *s, struct zj_span title)
{
    zj_buf_printf(&m->text, "[%s] ", kind_of(zj_stmt_text(s, 1), m->lang));
    zj_time_tell(&m->text, zj_stmt_text(s, 6));
    zj_buf_str(&m->text, "  ");
    zj_buf_span(&m->text, zj_stmt_text(s, 2));
    zj_buf_str(&m->text, "  ");
    zj_buf_span(&m->text, title);
    zj_buf_byte(&m->text, '\n');
}

static void put_reminder(struct message *m, const struct zj_stmt *s)
{
    enum { TITLE = 7 };
    struct zj_json j = zj_json_to(&m->json);
    const struct zj_span zh = zj_reminder_title(m->job, s, TITLE, m->title_of, ZJ_ZH);
    const struct zj_span en = zj_reminder_title(m->job, s, TITLE, m->title_of, ZJ_EN);
    if (m->count++)
        zj_buf_byte(&m->json, ',');
    zj_json_object(&j);
    zj_json_kint(&j, "id", zj_stmt_int(s, 0));
    zj_json_kspan(&j, "kind", zj_stmt_text(s, 1));
    zj_json_kspan(&j, "org", zj_stmt_text(s, 2));
    zj_json_kint(&j, "task", zj_stmt_int(s, 3));
    zj_json_kspan(&j, "rule", zj_stmt_text(s, 4));
    zj_json_kspan(&j, "subject", zj_stmt_text(s, 5));
    zj_json_kspan(&j, "title_zh", zh);
    zj_json_kspan(&j, "title_en", en);
    zj_json_kspan(&j, "due", zj_stmt_text(s, 6));
    zj_json_object_end(&j);
    put_line(m, s, m->lang == ZJ_ZH ? zh : en);
    m->last = zj_stmt_int(s, 0);
}

static zj_err read_reminders(struct zj_store *store, int64_t org_id, int64_t after,
                             struct message *m)
{
    struct zj_job *job = m->job;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = true;
    zj_err err = zj_store_prepare(
        job, store,
        zj_arena_printf(&job->arena,
                        "SELECT r.id, r.kind, COALESCE(o.code, ''), r.task, r.rule, r.subject,"
                        " r.due," ZJ_REMINDER_TITLE " FROM reminder r"
                        " LEFT JOIN reg_organisations o ON o.id = r.org_id" ZJ_REMINDER_CASE
                        " WHERE r.id > $1 AND ($2 = 0 OR r.org_id = $2) ORDER BY r.id LIMIT %d",
                        BATCH),
        &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, after);
    zj_stmt_bind_int(s, 2, org_id);
    zj_buf_str(&m->json, "{\"reminders\":[");
    while (!(err = zj_stmt_step(job, s, &is_row)) && is_row)
        put_reminder(m, s);
    zj_buf_str(&m->json, "]}");
    return err;
}

static zj_err queue(struct zj_job *job, struct zj_store *store, int64_t channel, bool is_mail,
                    const struct message *m)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *add = NULL, *mark = NULL;
    const int64_t now_us = zj_now_us(job);
    zj_err err = zj_store_prepare(
        job, store,
        "INSERT INTO outbox (channel_id, subject, body, created_at, next_at, tries, state, receipt,"
        " sent_at) VALUES ($1, $2, $3, $4, $4, 0, 'waiting', '', 0)",
        &add);
    if (!err)
        err = zj_store_prepare(
            job, store, "UPDATE notify_channel SET last_reminder = $2 WHERE id = $1", &mark);
    if (err)
        return err;
    zj_stmt_bind_int(add, 1, channel);
    zj_stmt_bind_str(add, 2, zj_arena_printf(&job->arena,
                                             m->lang == ZJ_ZH ? "筑基：%d 项到期提醒"
                                                              : "Zhuji: %d reminders of deadlines",
                                             m->count));
    zj_stmt_bind_span(add, 3, zj_buf_all(is_mail ? &m->text : &m->json));
    zj_stmt_bind_int(add, 4, now_us);
    err = zj_stmt_run(job, add);
    if (err)
        return err;
    zj_stmt_bind_int(mark, 1, channel);
    zj_stmt_bind_int(mark, 2, m->last);
    return zj_stmt_run(job, mark);
}

struct due_channel {
    int64_t id, org_id, last;
    bool is_mail;
    enum zj_lang lang;
};

static zj_err read_channels(struct zj_job *job, struct zj_store *store, struct due_channel *out,
                            size_t max, size_t *out_count)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = true;
    zj_err err = zj_store_prepare(
        job, store,
        "SELECT c.id, c.org_id, c.last_reminder, c.kind, c.lang FROM notify_channel c WHERE c.is_on = 1"
        " AND EXISTS (SELECT 1 FROM reminder r WHERE r.id > c.last_reminder"
        " AND (c.org_id = 0 OR r.org_id = c.org_id)) ORDER BY c.id",
        &s);
    *out_count = 0;
    while (!err && *out_count < max && !(err = zj_stmt_step(job, s, &is_row)) && is_row)
        out[(*out_count)++] =
            (struct due_channel){zj_stmt_int(s, 0), zj_stmt_int(s, 1), zj_stmt_int(s, 2),
                                 zj_span_eq_str(zj_stmt_text(s, 3), "mail"),
                                 zj_span_eq_str(zj_stmt_text(s, 4), "en") ? ZJ_EN : ZJ_ZH};
    return err;
}

zj_err zj_outbox_fill(struct zj_job *job, struct zj_store *store, zj_case_title_fn *title_of)
{
    struct due_channel due[BATCH];
    size_t count = 0;
    zj_err err = zj_plan_migrate(job, store);
    if (!err)
        err = read_channels(job, store, due, BATCH, &count);
    if (err || count == 0)
        return err;
    err = zj_store_begin(job, store);
    for (size_t i = 0; i < count && !err; i++) {
        struct message m = {.job = job, .lang = due[i].lang, .title_of = title_of};
        err = read_reminders(store, due[i].org_id, due[i].last, &m);
        if (!err && m.count)
            err = queue(job, store, due[i].id, due[i].is_mail, &m);
        zj_buf_release(&m.json);
        zj_buf_release(&m.text);
    }
    return zj_store_end(job, store, err);
}

/* --- send ---------------------------------------------------------------------------------------
 */

struct parcel {
    int64_t id;
    int tries;
    const char *kind, *target, *subject;
    struct zj_span secret, body;
};

static zj_err read_parcels(struct zj_job *job, struct zj_store *store, struct parcel *out,
                           size_t *out_count)
{
    struct zj_arena *arena = &job->arena;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = true;
    zj_err err = zj_store_prepare(
        job, store,
        zj_arena_printf(arena,
                        "SELECT m.id, m.tries, c.kind, c.target, m.subject, c.secret, m.body"
                        " FROM outbox m JOIN notify_channel c ON c.id = m.channel_id"
                        " WHERE m.state = 'waiting' AND m.next_at <= $1 AND c.is_on = 1"
                        " ORDER BY m.next_at, m.id LIMIT %d",
                        SEND_AT_ONCE),
        &s);
    *out_count = 0;
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, zj_now_us(job));
    while (!(err = zj_stmt_step(job, s, &is_row)) && is_row) {
        struct parcel *p = &out[(*out_count)++];
        ZJ_AUTO(zj_buf_release) struct zj_buf secret = {0};
        *p = (struct parcel){
            .id = zj_stmt_int(s, 0),
            .tries = (int)zj_stmt_int(s, 1),
            .kind = zj_arena_span(arena, zj_stmt_text(s, 2)),
            .target = zj_arena_span(arena, zj_stmt_text(s, 3)),
            .subject = zj_arena_span(arena, zj_stmt_text(s, 4)),
        };
        p->body = zj_span_str(zj_arena_span(arena, zj_stmt_text(s, 6)));
        if (!zj_stmt_is_null(s, 5) &&
            zj_store_decrypt(store, secret_field, zj_stmt_blob(s, 5), &secret))
            p->secret = zj_span_str(zj_arena_span(arena, zj_buf_all(&secret)));
    }
    return err;
}

static zj_err post(struct zj_job *job, const struct parcel *p, long *out_code)
{
    struct zj_arena *arena = &job->arena;
    uint8_t mac[ZJ_SHA256_BYTES];
    ZJ_AUTO(zj_buf_release) struct zj_buf hex = {0};
    const char *stamp =
        zj_arena_printf(arena, "%lld", (long long)(zj_now_ns(job) / ZJ_NS_PER_S));
    const char *signed_text =
        zj_arena_printf(arena, "%s.%s", stamp, (const char *)p->body.at);
    zj_hmac_sha256(p->secret, zj_span_str(signed_text), mac);
    zj_buf_hex(&hex, zj_span_of(mac, sizeof mac));
    const char *const headers[] = {
        "Content-Type: application/json",
        "User-Agent: zhuji",
        "Expect:",
        zj_arena_printf(arena, "X-Zhuji-Delivery: %lld", (long long)p->id),
        zj_arena_printf(arena, "X-Zhuji-Timestamp: %s", stamp),
        zj_arena_printf(arena, "X-Zhuji-Signature: sha256=%s", zj_buf_cstr(&hex)),
        NULL,
    };
    return zj_send_post(job, p->target, headers, p->body, out_code);
}

static zj_err mail(struct zj_job *job, struct zj_store *store, const struct parcel *p,
                   long *out_code)
{
    char url[256], user[256], from[256], hex[1024];
    ZJ_AUTO(zj_buf_release) struct zj_buf cipher = {0}, password = {0};
    zj_err err = zj_plan_setting_get(job, store, "mail_url", url, sizeof url);
    if (!err)
        err = zj_plan_setting_get(job, store, "mail_user", user, sizeof user);
    if (!err)
        err = zj_plan_setting_get(job, store, "mail_from", from, sizeof from);
    if (!err)
        err = zj_plan_setting_get(job, store, "mail_password", hex, sizeof hex);
    if (err)
        return err;
    if (!url[0])
        return zj_fail(job, ZJ_EIO, "%s",
                       zj_tr(job, "no mail server is set", "尚未设置邮件服务器"));
    if (hex[0] && (!zj_buf_from_hex(&cipher, zj_span_str(hex)) ||
                   !zj_store_decrypt(store, password_field, zj_buf_all(&cipher), &password)))
        return zj_fail(job, ZJ_ESTORE, "%s",
                       zj_tr(job, "the mail password does not decrypt", "邮件口令无法解密"));
    const struct zj_mail_server server = {
        url, user[0] ? user : NULL, password.len ? zj_buf_cstr(&password) : NULL, from};
    err = zj_send_mail(job, &server, p->target, p->subject, p->body, out_code);
    zj_wipe(password.at, password.len);
    return err;
}

/* After 1, 2, 4 … minutes, at most every four and a quarter hours. */
static int64_t pause_us(int tries)
{
    const int64_t minute_us = 60000000;
    return minute_us << (tries < TRIES_SLOW ? tries : TRIES_SLOW - 1);
}

static zj_err note_answer(struct zj_job *job, struct zj_store *store, const struct parcel *p,
                   bool is_sent, const char *receipt)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    const int64_t now_us = zj_now_us(job);
    const char *state = is_sent ? "sent" : p->tries + 1 >= TRIES_MAX ? "failed" : "waiting";
    zj_err err = zj_store_begin(job, store);
    if (!err)
        err = zj_store_prepare(job, store,
                               "UPDATE outbox SET tries = $2, state = $3, receipt = $4,"
                               " next_at = $5, sent_at = $6 WHERE id = $1",
                               &s);
    if (!err) {
        zj_stmt_bind_int(s, 1, p->id);
        zj_stmt_bind_int(s, 2, p->tries + 1);
        zj_stmt_bind_str(s, 3, state);
        zj_stmt_bind_str(s, 4, receipt);
        zj_stmt_bind_int(s, 5, now_us + pause_us(p->tries));
        zj_stmt_bind_int(s, 6, is_sent ? now_us : 0);
        err = zj_stmt_run(job, s);
    }
    return zj_store_end(job, store, err);
}

zj_err zj_outbox_send(struct zj_job *job, struct zj_store *store, int64_t *out_sent)
{
    struct parcel parcels[SEND_AT_ONCE];
    size_t count = 0;
    int64_t sent = 0;
    zj_err err = zj_plan_migrate(job, store);
    if (!err)
        err = read_parcels(job, store, parcels, &count);
    for (size_t i = 0; i < count && !err; i++) {
        const struct parcel *p = &parcels[i];
        const bool is_mail = strcmp(p->kind, "mail") == 0;
        long code = 0;
        if (zj_is_interrupted(job))
            break; /* it waits for the next start */
        const zj_err failed = is_mail ? mail(job, store, p, &code) : post(job, p, &code);
        const bool is_sent = !failed && code >= 200 && code < 300;
        const char *receipt = failed ? zj_arena_strdup(&job->arena, job->message)
                                     : zj_arena_printf(&job->arena, "%ld", code);
        zj_job_clear(job);
        err = note_answer(job, store, p, is_sent, receipt);
        sent += is_sent;
    }
    if (!err)
        *out_sent = sent;
    return err;
}
