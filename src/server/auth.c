/* Who asks, and what he may do: cookie sessions for the console, bearer tokens for programs. */
#include <string.h>
#include <strings.h>

#include "server/core.h"

static const char cookie_name[] = "zj_session";

/* The cookie's value in a Cookie header; empty where it is not there. */
static struct zj_span find_cookie(const char *header)
{
    const size_t name = sizeof cookie_name - 1;
    for (const char *at = header; at && *at;) {
        at += strspn(at, " ;");
        const size_t len = strcspn(at, ";");
        if (len > name && strncmp(at, cookie_name, name) == 0 && at[name] == '=')
            return zj_span_trim(zj_span_of(at + name + 1, len - name - 1));
        at += len;
    }
    return zj_span_of(NULL, 0);
}

static unsigned needs_of_roles(const struct zj_account *account, const struct zj_scope *scope,
                               bool is_token)
{
    const unsigned roles = account->roles;
    unsigned needs = 1u << ZJ_NEED_NOTHING | 1u << ZJ_NEED_LOGIN;
    if (account->must_change && !is_token)
        return needs; /* a token was made by somebody who may, its password is not used */
    if (roles & ~(unsigned)(ZJ_ROLES_SEPARATE | ZJ_ROLE_AUDITOR))
        needs |= 1u << ZJ_NEED_READ; /* of a guest: nothing but his cases */
    if (needs & 1u << ZJ_NEED_READ && scope->sees_all)
        needs |= 1u << ZJ_NEED_SUPERVISE;
    if (scope->may_write)
        needs |= 1u << ZJ_NEED_WRITE;
    if (scope->may_write ||
        roles & (ZJ_ROLE_OFFICER | ZJ_ROLE_BUREAU | ZJ_ROLE_EXPERT | ZJ_ROLE_ASSESSOR))
        needs |= 1u << ZJ_NEED_WORK;
    if (roles & (ZJ_ROLE_ADMIN | ZJ_ROLE_SYSADMIN | ZJ_ROLE_SECADMIN))
        needs |= 1u << ZJ_NEED_USERS;
    if (roles & (ZJ_ROLE_AUDITOR | ZJ_ROLE_AUDITADMIN))
        needs |= 1u << ZJ_NEED_AUDIT;
    return needs;
}

/* A token does what its account may do and its scopes say, and never shows personal data. */
static void narrow_to_token(struct zj_call *call, unsigned scopes)
{
    unsigned allowed = 1u << ZJ_NEED_NOTHING | 1u << ZJ_NEED_LOGIN;
    if (scopes & ZJ_TOKEN_READ)
        allowed |= 1u << ZJ_NEED_READ | 1u << ZJ_NEED_SUPERVISE;
    if (scopes & ZJ_TOKEN_WRITE)
        allowed |= 1u << ZJ_NEED_WRITE | 1u << ZJ_NEED_WORK;
    call->needs &= allowed;
    if (scopes & ZJ_TOKEN_INGEST)
        call->needs |= 1u << ZJ_NEED_INGEST;
    call->scope.may_write &= (scopes & ZJ_TOKEN_WRITE) != 0;
    call->scope.may_decide &= (scopes & ZJ_TOKEN_WRITE) != 0;
    call->scope.sees_personal = false;
}

/* Of a token: its id below zero. */
static void remember_use(struct zj_server *server, int64_t used)
{
    pthread_mutex_lock(&server->touched_lock);
    size_t i = 0;
    while (i < server->touched_count && server->touched[i] != used)
        i++;
    if (i == server->touched_count && i < ZJ_TOUCHED_MAX)
        server->touched[server->touched_count++] = used;
    pthread_mutex_unlock(&server->touched_lock);
}

/* Where administration is divided there is no administrator of everything. */
static zj_err drop_undivided(struct zj_call *call)
{
    bool is_on = false;
    if (!(call->account.roles & ZJ_ROLE_ADMIN))
        return ZJ_OK;
    zj_err err = zj_separation_is_on(call->job, call->store, &is_on);
    if (is_on)
        call->account.roles &= ~(unsigned)ZJ_ROLE_ADMIN;
    return err;
}

zj_err zj_auth_as(struct zj_call *call, const struct zj_account *account)
{
    call->account = *account;
    call->is_known = true;
    zj_err err = drop_undivided(call);
    if (err)
        return err;
    call->scope = zj_account_scope(&call->account);
    call->needs = needs_of_roles(&call->account, &call->scope, call->is_token);
    return ZJ_OK;
}

zj_err zj_auth(struct zj_call *call)
{
    const char *bearer = zj_http_header(call->req, "Authorization");
    struct zj_account account;
    unsigned scopes = 0;
    int64_t token = 0;
    zj_err err;
    call->needs = 1u << ZJ_NEED_NOTHING;
    if (bearer) {
        if (strncasecmp(bearer, "Bearer ", 7) != 0)
            return zj_fail(
                call->job, ZJ_EAUTH, "%s",
                zj_tr(call->job, "only bearer tokens are taken here", "此处只接受 Bearer 令牌"));
        err = zj_token_find(call->job, call->store, zj_span_trim(zj_span_str(bearer + 7)),
                            &account, &scopes, &token);
        if (!err)
            remember_use(call->server, -token);
        call->is_token = true;
    } else {
        struct zj_span cookie = find_cookie(zj_http_header(call->req, "Cookie"));
        if (cookie.len == 0 || cookie.len > ZJ_TOKEN_CHARS)
            return ZJ_OK;
        err = zj_session_find(call->job, call->store, cookie, &account, &call->session_id);
        if (err == ZJ_EAUTH) {
            zj_job_clear(call->job);
            return ZJ_OK; /* an old cookie is no login, and no fault either */
        }
        if (!err)
            remember_use(call->server, call->session_id);
    }
    if (!err)
        err = zj_auth_as(call, &account);
    if (!err && call->is_token)
        narrow_to_token(call, scopes);
    return err;
}

const char *zj_auth_cookie(struct zj_call *call, const char *token)
{
    const char *scheme = zj_http_header(call->req, "X-Forwarded-Proto");
    const bool is_https = scheme && strcasecmp(scheme, "https") == 0;
    return zj_arena_printf(call->arena, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", cookie_name,
                           token, token[0] ? "" : "; Max-Age=0", is_https ? "; Secure" : "");
}

/* --- failed logins by address ------------------------------------------------------------------
 */

enum { FAILURES_BY_ADDRESS = 30 };
static const int64_t window_ns = INT64_C(600) * 1000000000;

/* Who has one IPv6 address has the 2^64 of its network. */
static struct zj_addr network_of(const struct zj_addr *addr)
{
    struct zj_addr network = *addr;
    if (!zj_addr_is_v4(addr))
        memset(network.bytes + 8, 0, sizeof network.bytes - 8);
    return network;
}

static size_t slot_of(const struct zj_guard *guard, const struct zj_addr *addr)
{
    uint64_t h = guard->seed;
    for (size_t i = 0; i < sizeof addr->bytes; i++)
        h = (h ^ addr->bytes[i]) * UINT64_C(0x100000001b3);
    return (size_t)(h >> 20) % ZJ_GUARD_SLOTS;
}

bool zj_guard_allows(struct zj_guard *guard, const struct zj_addr *addr, int64_t now_ns)
{
    const struct zj_addr network = network_of(addr);
    pthread_mutex_lock(&guard->lock);
    const size_t at = slot_of(guard, &network);
    const bool is_blocked = zj_addr_eq(&guard->slots[at].addr, &network) &&
                            now_ns - guard->slots[at].since_ns < window_ns &&
                            guard->slots[at].failures >= FAILURES_BY_ADDRESS;
    pthread_mutex_unlock(&guard->lock);
    return !is_blocked;
}

/* Two addresses in one slot push each other out: then the lock of the login itself still holds. */
void zj_guard_count(struct zj_guard *guard, const struct zj_addr *addr, int64_t now_ns)
{
    const struct zj_addr network = network_of(addr);
    pthread_mutex_lock(&guard->lock);
    const size_t at = slot_of(guard, &network);
    if (!zj_addr_eq(&guard->slots[at].addr, &network) ||
        now_ns - guard->slots[at].since_ns >= window_ns) {
        guard->slots[at].addr = network;
        guard->slots[at].since_ns = now_ns;
        guard->slots[at].failures = 0;
    }
    guard->slots[at].failures++;
    pthread_mutex_unlock(&guard->lock);
}
