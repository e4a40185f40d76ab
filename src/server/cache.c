/* Answers that took long, kept for the next who asks the same with the same rights: as long as
 * nothing changed, or for ten times as long as the work took. */
#include "server/core.h"

enum { SLOW_NS = 20 * 1000000, TIMES = 10, BODY_BYTES_MAX = 512 * 1024 };

static const char *ask_of(const struct zj_call *call)
{
    struct zj_buf key = {0};
    const struct zj_scope *scope = &call->scope;
    zj_buf_printf(&key, "%lld|%d%d%d%d|%d|%s", (long long)scope->org_id, scope->sees_all,
                  scope->sees_personal, scope->may_write, scope->may_decide, call->job->lang,
                  call->req->path);
    for (size_t i = 0; i < call->req->param_count; i++)
        zj_buf_printf(&key, "\n%s=%s", call->req->params[i].name, call->req->params[i].value);
    const char *text = zj_arena_span(&call->job->arena, zj_buf_all(&key));
    zj_buf_release(&key);
    return text;
}

static uint64_t pulse_of(struct zj_server *server)
{
    pthread_mutex_lock(&server->pulse.lock);
    const uint64_t number = server->pulse.number;
    pthread_mutex_unlock(&server->pulse.lock);
    return number;
}

bool zj_cache_find(struct zj_call *call, struct zj_cache_ticket *out)
{
    struct zj_cache *cache = &call->server->cache;
    *out = (struct zj_cache_ticket){.key = ask_of(call), .pulse = pulse_of(call->server)};
    out->began_ns = zj_now_ns(call->job);
    bool is_found = false;
    pthread_mutex_lock(&cache->lock);
    for (size_t i = 0; i < ZJ_CACHE_KEPT && !is_found; i++) {
        const struct zj_cached *c = &cache->kept[i];
        if (!c->key || strcmp(c->key, out->key) != 0 ||
            (c->pulse != out->pulse && out->began_ns >= c->good_until_ns))
            continue;
        zj_buf_span(&call->res->body, zj_buf_all(&c->body));
        is_found = true;
    }
    pthread_mutex_unlock(&cache->lock);
    return is_found;
}

void zj_cache_keep(struct zj_call *call, const struct zj_cache_ticket *ticket)
{
    struct zj_cache *cache = &call->server->cache;
    const int64_t now_ns = zj_now_ns(call->job), took_ns = now_ns - ticket->began_ns;
    const struct zj_buf *body = &call->res->body;
    if (took_ns < SLOW_NS || body->len > BODY_BYTES_MAX || call->res->status != 200)
        return;
    pthread_mutex_lock(&cache->lock);
    struct zj_cached *slot = NULL;
    for (size_t i = 0; i < ZJ_CACHE_KEPT && !slot; i++)
        if (cache->kept[i].key && strcmp(cache->kept[i].key, ticket->key) == 0)
            slot = &cache->kept[i];
    if (!slot)
        slot = &cache->kept[cache->next++ % ZJ_CACHE_KEPT];
    free(slot->key);
    slot->key = zj_strdup(ticket->key);
    slot->pulse = ticket->pulse;
    slot->good_until_ns = now_ns + TIMES * took_ns;
    slot->body.len = 0;
    zj_buf_span(&slot->body, zj_buf_all(body));
    pthread_mutex_unlock(&cache->lock);
}

void zj_cache_release(struct zj_cache *cache)
{
    for (size_t i = 0; i < ZJ_CACHE_KEPT; i++) {
        free(cache->kept[i].key);
        zj_buf_release(&cache->kept[i].body);
    }
}
