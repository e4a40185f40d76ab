/* What falls due: reminders, the digest, and a feed for calendar programs. The feed's address holds
 * a token of its own that opens nothing else; only its hash is kept. */
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "server/core.h"

enum { TOKEN_BYTES = 24, TOKEN_CHARS = 2 * TOKEN_BYTES };

static zj_err need_tables(struct zj_call *call)
{
    zj_err err = zj_call_need_plan(call);
    return err ? err : zj_plan_migrate(call->job, call->store);
}

static zj_err reminders(struct zj_call *call)
{
    struct zj_reminder_filter filter = {.kind = zj_call_param(call, "kind"),
                                        .title_of = zj_work_title};
    int64_t total = 0;
    zj_err err = need_tables(call);
    if (!err)
        err = zj_call_org(call, &filter.org_id);
    if (!err)
        err = zj_call_int(call, "since", 0, 0, INT64_MAX, &filter.since_id);
    if (!err)
        err = zj_call_page(call, &filter.limit, &filter.offset);
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_key(&call->json, "rows");
    err = zj_plan_reminders(call->job, call->store, &call->scope, &filter, &call->json, &total);
    zj_json_kint(&call->json, "total", total);
    zj_json_object_end(&call->json);
    return err;
}

static zj_err digest(struct zj_call *call)
{
    int64_t org = 0;
    zj_err err = need_tables(call);
    if (!err)
        err = zj_call_org(call, &org);
    if (err)
        return err;
    if (!call->scope.sees_all)
        org = call->scope.org_id ? call->scope.org_id : -1;
    zj_json_object(&call->json);
    zj_json_key(&call->json, "rows");
    err = zj_plan_digest(call->job, call->store, org, false, &call->json);
    zj_json_object_end(&call->json);
    return err;
}

/* --- feed ---------------------------------------------------------------------------------------
 */

static zj_err keep_feed(struct zj_call *call, const uint8_t *hash)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = zj_store_prepare(
        call->job, call->store,
        hash ? "INSERT INTO plan_feed (account_id, token_hash, created_at) VALUES ($1, $2, $3)"
               " ON CONFLICT (account_id) DO UPDATE SET token_hash = excluded.token_hash,"
               " created_at = excluded.created_at"
             : "DELETE FROM plan_feed WHERE account_id = $1",
        &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, call->account.id);
    if (hash) {
        zj_stmt_bind_blob(s, 2, zj_span_of(hash, ZJ_SM3_BYTES));
        zj_stmt_bind_int(s, 3, zj_now_us(call->job));
    }
    return zj_stmt_run(call->job, s);
}

static zj_err change_feed(struct zj_call *call, const uint8_t *hash)
{
    const struct zj_audit_entry entry = {
        .org_id = call->account.org_id,
        .action = hash ? "open" : "close",
        .object = "calendar_feed",
        .note = zj_span_str(call->account.login),
    };
    zj_err err = need_tables(call);
    if (!err)
        err = zj_store_begin(call->job, call->store);
    if (err)
        return err;
    err = keep_feed(call, hash);
    if (!err)
        err = zj_audit_append(call->job, call->store, &entry);
    return zj_store_end(call->job, call->store, err);
}

static zj_err open_feed(struct zj_call *call)
{
    uint8_t random[TOKEN_BYTES], hash[ZJ_SM3_BYTES];
    ZJ_AUTO(zj_buf_release) struct zj_buf token = {0};
    if (call->is_token)
        return ZJ_EFORBIDDEN; /* a person opens his own */
    zj_random(random, sizeof random);
    zj_buf_hex(&token, zj_span_of(random, sizeof random));
    zj_sm3(zj_buf_all(&token), hash);
    zj_err err = change_feed(call, hash);
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_kstr(&call->json, "url",
                 zj_arena_printf(&call->job->arena, "/api/v1/calendar.ics?token=%s&lang=%s",
                                 zj_buf_cstr(&token), zj_tr(call->job, "en", "zh")));
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

static zj_err close_feed(struct zj_call *call)
{
    zj_err err = change_feed(call, NULL);
    if (err)
        return err;
    zj_json_object(&call->json);
    zj_json_kbool(&call->json, "closed", true);
    zj_json_object_end(&call->json);
    return ZJ_OK;
}

static zj_err find_reader(struct zj_call *call, struct zj_account *out)
{
    const char *token = zj_call_param(call, "token");
    uint8_t hash[ZJ_SM3_BYTES];
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = false;
    if (!token || strlen(token) != TOKEN_CHARS)
        return ZJ_ENOTFOUND; /* an address that does not exist */
    zj_sm3(zj_span_str(token), hash);
    zj_err err = zj_store_prepare(call->job, call->store,
                                  "SELECT account_id FROM plan_feed WHERE token_hash = $1", &s);
    if (err)
        return err;
    zj_stmt_bind_blob(s, 1, zj_span_of(hash, sizeof hash));
    err = zj_stmt_step(call->job, s, &is_row);
    if (!err && is_row)
        err = zj_account_get(call->job, call->store, zj_stmt_int(s, 0), out);
    return err ? err : is_row && !out->is_locked ? ZJ_OK : ZJ_ENOTFOUND;
}

static zj_err feed(struct zj_call *call)
{
    struct zj_account reader;
    zj_err err = need_tables(call);
    if (!err)
        err = find_reader(call, &reader);
    if (!err)
        err = zj_auth_as(call, &reader);
    if (!err && !(call->needs & 1u << ZJ_NEED_READ))
        err = ZJ_ENOTFOUND; /* who may no longer read has no calendar */
    if (err)
        return err;
    call->res->content_type = "text/calendar; charset=utf-8";
    return zj_plan_ics(call->job, call->server->plan, call->store, &call->scope,
                       zj_work_title, &call->res->body);
}

static const struct zj_param reminder_query[] = {
    {"kind", "string", "T-30|T-7|T-1|overdue", "of one kind", "提醒类型", false},
    {"since", "integer", NULL, "after this id", "从该编号之后", false},
    ZJ_PARAM_ORG,
    ZJ_PARAMS_PAGE,
    {0},
};
static const struct zj_param digest_query[] = {
    ZJ_PARAM_ORG,
    {0},
};
static const struct zj_param feed_query[] = {
    {"token", "string", NULL, "of the feed's address", "订阅地址中的令牌", true},
    {"lang", "string", "zh|en", "its language", "语言", false},
    {0},
};

const struct zj_route zj_routes_reminders[] = {
    {.method = ZJ_GET,
     .path = "/api/v1/reminders",
     .en = "Reminders of deadlines, newest first",
     .zh = "到期提醒",
     .need = ZJ_NEED_READ,
     .query = reminder_query,
     .answer = "{rows, total}",
     .handle = reminders},
    {.method = ZJ_GET,
     .path = "/api/v1/reminders/digest",
     .en = "What is overdue and falls due in 1, 7 and 30 days, by organisation",
     .zh = "逾期和 1、7、30 天内到期汇总",
     .need = ZJ_NEED_READ,
     .query = digest_query,
     .answer = "{rows}",
     .handle = digest},
    {.method = ZJ_POST,
     .path = "/api/v1/calendar/feed",
     .en = "An address for calendar programs; an earlier one ends",
     .zh = "生成日历订阅地址，原地址失效",
     .need = ZJ_NEED_READ,
     .answer = "{url}",
     .handle = open_feed},
    {.method = ZJ_DELETE,
     .path = "/api/v1/calendar/feed",
     .en = "End the address for calendar programs",
     .zh = "停用日历订阅地址",
     .need = ZJ_NEED_READ,
     .answer = "{closed}",
     .handle = close_feed},
    {.method = ZJ_GET,
     .path = "/api/v1/calendar.ics",
     .en = "Deadlines as iCalendar (RFC 5545), by the token in the address",
     .zh = "iCalendar 期限订阅",
     .query = feed_query,
     .answer = "VCALENDAR",
     .answer_type = "text/calendar",
     .handle = feed},
    {0},
};
