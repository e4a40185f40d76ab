/* A request that is sent again with the same Idempotency-Key, because its answer was lost, is
 * answered as before and not done again. Kept in memory for ten minutes: what must outlive a
 * restart (cases) keeps its own keys. Answers may hold a one-time password, so no longer than that.
 */
#include <string.h>

#include "base/crypto.h"
#include "server/core.h"

enum { KEY_CHARS_MAX = 128, LIFE_S = 600, BODY_BYTES_MAX = 64 * 1024 };

static struct zj_replayed *find_kept(struct zj_replays *replays, int64_t account_id,
                                     const char *key)
{
    for (size_t i = 0; i < ZJ_REPLAYS_KEPT; i++)
        if (replays->kept[i].key && replays->kept[i].account_id == account_id &&
            strcmp(replays->kept[i].key, key) == 0)
            return &replays->kept[i];
    return NULL;
}

static void forget(struct zj_replayed *r)
{
    free(r->key);
    if (r->body.at)
        zj_wipe(r->body.at, r->body.len);
    zj_buf_release(&r->body);
    *r = (struct zj_replayed){0};
}

/* Method, address, parameters and body. */
static void digest_of(const struct zj_call *call, uint8_t out[ZJ_SM3_BYTES])
{
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    zj_buf_printf(&text, "%s %s\n", zj_method_name(call->req->method), call->req->path);
    for (size_t i = 0; i < call->req->param_count; i++)
        zj_buf_printf(&text, "%s=%s\n", call->req->params[i].name, call->req->params[i].value);
    zj_buf_span(&text, call->req->body);
    zj_sm3(zj_buf_all(&text), out);
}

static const char *sent_key(const struct zj_call *call)
{
    const bool is_kept = call->is_known && call->req->method != ZJ_GET && !call->req->body_path;
    const char *key = is_kept ? zj_http_header(call->req, "Idempotency-Key") : NULL;
    return key && key[0] ? key : NULL;
}

zj_err zj_replay_find(struct zj_call *call, bool *out_answered)
{
    struct zj_replays *replays = &call->server->replays;
    const char *key = sent_key(call);
    uint8_t digest[ZJ_SM3_BYTES];
    bool is_other = false;
    *out_answered = false;
    if (!key)
        return ZJ_OK;
    if (strlen(key) > KEY_CHARS_MAX)
        return zj_fail(call->job, ZJ_EUSAGE, "%s",
                       zj_tr(call->job, "the Idempotency-Key is too long", "幂等键过长"));
    digest_of(call, digest);
    const int64_t now_s = zj_now_ns(call->job) / 1000000000;
    pthread_mutex_lock(&replays->lock);
    struct zj_replayed *r = find_kept(replays, call->account.id, key);
    if (r && now_s - r->at_s > LIFE_S) {
        forget(r);
        r = NULL;
    }
    if (r && memcmp(r->digest, digest, sizeof digest) != 0) {
        is_other = true;
    } else if (r) {
        call->res->status = r->status;
        zj_buf_span(&call->res->body, zj_buf_all(&r->body));
        *out_answered = true;
    }
    pthread_mutex_unlock(&replays->lock);
    return is_other ? zj_fail(call->job, ZJ_ECONFLICT, "%s",
                              zj_tr(call->job, "this Idempotency-Key was used for another request",
                                    "该幂等键已用于其他请求"))
                    : ZJ_OK;
}

void zj_replay_keep(struct zj_call *call)
{
    struct zj_replays *replays = &call->server->replays;
    const char *key = sent_key(call);
    const int status = call->res->status;
    if (!key || status < 200 || status > 299 || call->res->body.len > BODY_BYTES_MAX)
        return;
    pthread_mutex_lock(&replays->lock);
    struct zj_replayed *r = find_kept(replays, call->account.id, key);
    if (!r)
        r = &replays->kept[replays->next++ % ZJ_REPLAYS_KEPT];
    forget(r);
    r->account_id = call->account.id;
    r->key = zj_strdup(key);
    r->at_s = zj_now_ns(call->job) / 1000000000;
    r->status = status;
    digest_of(call, r->digest);
    zj_buf_span(&r->body, zj_buf_all(&call->res->body));
    pthread_mutex_unlock(&replays->lock);
}

void zj_replays_release(struct zj_replays *replays)
{
    for (size_t i = 0; i < ZJ_REPLAYS_KEPT; i++)
        forget(&replays->kept[i]);
}
