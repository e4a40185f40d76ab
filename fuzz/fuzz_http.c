/* Requests through dispatch and handlers, over a store in memory: the first line is the method and
 * the address with its query, the rest the body. Whatever comes in, the answer is whole, JSON where
 * it says so, and no fault of Zhuji's own. */
#include <assert.h>
#include <stdio.h>
#include <unistd.h>

#include "base/text.h"
#include "facts/facts.h"
#include "register/register.h"
#include "server/core.h"
#include "server/ingest.h"

static struct zj_server *server;
static char cookie[128];

/* Login of somebody who may do everything that a session may. */
static void open_server(void)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf token = {0};
    static const struct zj_serve_opts opts = {.listen = ""};
    const struct zj_account account = {.login = "fuzz",
                                       .name = "fuzz",
                                       .org_id = 1,
                                       .roles = ZJ_ROLE_ADMIN | ZJ_ROLE_OFFICER | ZJ_ROLE_AUDITOR};
    static const struct zj_session_from from = {"::1", NULL};
    int64_t id;
    server = zj_alloc(sizeof *server);
    server->opts = &opts;
    struct zj_job *job = &server->rooms[0].job;
    zj_job_init(job);
    job->quiet = true;
    assert(!zj_store_open(job, ":memory:", ZJ_STORE_CREATE, &server->rooms[0].store));
    struct zj_store *store = server->rooms[0].store;
    assert(!zj_registers_migrate(job, store) && !zj_facts_migrate(job, store));
    assert(!zj_account_create(job, store, &account, ZJ_SPAN_LIT("Long-Enough-42"), &id));
    assert(!zj_session_open(job, store, id, &from, &token));
    snprintf(cookie, sizeof cookie, "zj_session=%s", zj_buf_cstr(&token));
    zj_plan_load(job, NULL, &server->plan); /* without packs the plan's pages say so */
    zj_job_clear(job);
}

static enum zj_method method_of(struct zj_span word)
{
    for (int m = 0; m < ZJ_METHOD_OTHER; m++)
        if (zj_span_eq_str(word, zj_method_name((enum zj_method)m)))
            return (enum zj_method)m;
    return ZJ_METHOD_OTHER;
}

static struct zj_span take_until(struct zj_span *rest, uint8_t mark)
{
    const uint8_t *end = rest->len ? memchr(rest->at, mark, rest->len) : NULL;
    const size_t len = end ? (size_t)(end - rest->at) : rest->len;
    struct zj_span part = zj_span_part(*rest, 0, len);
    *rest = zj_span_part(*rest, len + (end != NULL), rest->len);
    return part;
}

static void fill(struct zj_http_request *req, struct zj_span in, struct zj_pair *params)
{
    static const struct zj_pair headers[] = {
        {"Cookie", cookie}, {"X-Zhuji", "1"}, {"Content-Type", "application/json"}};
    struct zj_span head = take_until(&in, '\n');
    req->method = method_of(take_until(&head, ' '));
    req->path = zj_arena_span(&req->arena, take_until(&head, '?'));
    while (head.len && req->param_count < 16) {
        struct zj_span pair = take_until(&head, '&');
        params[req->param_count].name = zj_arena_span(&req->arena, take_until(&pair, '='));
        params[req->param_count++].value = zj_arena_span(&req->arena, pair);
    }
    for (size_t i = 0; i < req->param_count; i++) /* as http.c does */
        req->is_malformed |= !zj_utf8_is_valid(zj_span_str(params[i].name)) ||
                             !zj_utf8_is_valid(zj_span_str(params[i].value));
    req->is_malformed |= !zj_utf8_is_valid(zj_span_str(req->path));
    req->params = params;
    req->headers = headers;
    req->header_count = ZJ_COUNT(headers);
    req->body = in;
    snprintf(req->id, sizeof req->id, "fuzz");
}

/* What works on files or threads is fuzzed elsewhere, or costs too much here. */
static bool is_left_out(const char *path)
{
    static const char *const parts[] = {"/import", "/export",   "/events", "/metrics",
                                        "/login",  "/password", "/users"};
    for (size_t i = 0; i < ZJ_COUNT(parts); i++)
        if (strstr(path, parts[i]))
            return true;
    return strncmp(path, "/api/", 5) != 0;
}

static zj_err drop(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                   const struct zj_cell *cells)
{
    (void)sink, (void)job, (void)kind, (void)cells; /* that it came this far is the test */
    return ZJ_OK;
}

static void ingest_lines(struct zj_span in)
{
    struct zj_sink sink = {.fact = drop};
    struct zj_ingest ingest = {.sink = &sink};
    struct zj_job job;
    zj_job_init(&job);
    while (in.len) {
        zj_err err;
        zj_ingest_line(&job, &ingest, take_until(&in, '\n'), &err);
        assert(!err);
    }
    zj_job_release(&job);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct zj_pair params[16];
    struct zj_http_request req = {0};
    struct zj_http_response res = {.status = 200, .file = -1};
    if (!server)
        open_server();
    if (size && data[0] == '{') {
        ingest_lines(zj_span_of(data, size));
        return 0;
    }
    fill(&req, zj_span_of(data, size), params);
    if (!is_left_out(req.path)) {
        if (req.body.len == 0 || zj_app_gate(server, 0, &req, &res))
            zj_app_handle(server, 0, &req, &res);
        assert(res.status >= 200 && res.status < 500);
        struct zj_jdoc *doc = NULL;
        assert(!zj_jdoc_parse(&server->rooms[0].job, zj_buf_all(&res.body), 64 << 20, &doc));
        zj_jdoc_free(doc);
    }
    zj_buf_release(&res.body);
    zj_arena_release(&req.arena);
    return 0;
}
