/* From a request to its handler: finds the route, asks who it is, checks his rights and the body.
 */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "server/core.h"

enum { JSON_BYTES_MAX = 1024 * 1024, UNUSED_BODY_MAX = 64 * 1024 };

static enum zj_lang language_of(const struct zj_http_request *req)
{
    const char *wish = zj_http_param(req, "lang");
    if (!wish || !wish[0])
        wish = zj_http_header(req, "Accept-Language");
    return wish && strncasecmp(wish, "en", 2) == 0 ? ZJ_EN : ZJ_ZH;
}

static struct zj_call call_of(struct zj_server *server, unsigned worker,
                              struct zj_http_request *req, struct zj_http_response *res)
{
    struct zj_room *room = &server->rooms[worker];
    zj_arena_reset(&room->job.arena);
    zj_job_clear(&room->job);
    room->job.lang = language_of(req);
    room->job.actor = "nobody";
    res->content_type = "application/json";
    return (struct zj_call){
        .server = server,
        .job = &room->job,
        .store = room->store,
        .req = req,
        .res = res,
        .arena = &req->arena,
        .json = zj_json_to(&res->body),
    };
}

static bool is_api(const char *path)
{
    return strncmp(path, "/api", 4) == 0 && (path[4] == '/' || path[4] == '\0');
}

/* Where people look for the document first. */
static bool answer_moved(struct zj_call *call)
{
    static const char *const guesses[] = {"/openapi.json", "/api/v1/openapi.json"};
    for (size_t i = 0; i < ZJ_COUNT(guesses); i++)
        if (call->req->method == ZJ_GET && strcmp(call->req->path, guesses[i]) == 0) {
            call->res->status = 308;
            call->res->content_type = NULL;
            zj_http_respond_header(call->res, "Location", "/api/openapi.json");
            return true;
        }
    return false;
}

static void answer_no_route(struct zj_call *call, unsigned allow)
{
    if (!allow) {
        zj_problem(call, ZJ_ENOTFOUND);
        return;
    }
    struct zj_buf list = {0};
    for (unsigned m = 0; m < ZJ_METHOD_OTHER; m++)
        if (allow & 1u << m)
            zj_buf_printf(&list, "%s%s", list.len ? ", " : "", zj_method_name((enum zj_method)m));
    zj_http_respond_header(call->res, "Allow", zj_arena_span(call->arena, zj_buf_all(&list)));
    zj_buf_release(&list);
    zj_problem_status(call, 405, "EMETHOD", "this path does not take this method",
                      "此地址不支持该方法");
}

/* Another site's page can make a browser send a cookie, but not this header. */
static bool is_forged(const struct zj_call *call)
{
    const char *mark = zj_http_header(call->req, "X-Zhuji");
    return call->req->method != ZJ_GET && call->is_known && !call->is_token &&
           !(mark && strcmp(mark, "1") == 0);
}

static bool may(struct zj_call *call)
{
    zj_err err = zj_auth(call);
    const enum zj_need need = call->route->need;
    if (!err && is_forged(call)) {
        zj_problem_status(call, 403, "ECSRF", "the header X-Zhuji: 1 is missing",
                          "缺少请求头 X-Zhuji: 1");
        return false;
    }
    if (!err && !(call->needs & 1u << need))
        err = call->is_known ? ZJ_EFORBIDDEN : ZJ_EAUTH;
    if (err == ZJ_EFORBIDDEN && call->account.must_change && !call->is_token) {
        zj_problem_status(call, 403, "EPASSWORD", "change the password first", "请先修改口令");
        return false;
    }
    if (err == ZJ_EAUTH)
        zj_http_respond_header(call->res, "WWW-Authenticate", "Bearer realm=\"zhuji\"");
    if (err)
        zj_problem(call, err);
    else if (call->is_known)
        call->job->actor = zj_arena_strdup(&call->job->arena, call->account.login);
    return !err;
}

static bool has_type(const struct zj_call *call, const char *type)
{
    const char *given = zj_http_header(call->req, "Content-Type");
    const size_t len = strlen(type);
    return given && strncasecmp(given, type, len) == 0 &&
           (given[len] == '\0' || given[len] == ';' || given[len] == ' ');
}

/* Finds the route and checks the rights; false: the answer is written. */
static bool enter(struct zj_call *call)
{
    unsigned allow;
    if (call->req->is_malformed) {
        zj_problem_status(call, 400, "EUSAGE", "the address is not valid UTF-8 text",
                          "请求地址不是有效的 UTF-8 文本");
        return false;
    }
    call->route =
        zj_route_find(call->req->method, call->req->path, call->arena, call->args, &allow);
    if (!call->route) {
        answer_no_route(call, allow);
        return false;
    }
    if (!may(call))
        return false;
    const zj_err err = is_api(call->req->path) ? zj_query_check(call) : ZJ_OK;
    if (err)
        zj_problem(call, err);
    return !err;
}

bool zj_app_gate(void *ctx, unsigned worker, struct zj_http_request *req,
                 struct zj_http_response *res)
{
    struct zj_server *server = ctx;
    struct zj_call call = call_of(server, worker, req, res);
    if (!enter(&call))
        return false;
    req->wants_file = call.route->body == ZJ_BODY_FILE;
    req->body_bytes_max = call.route->body == ZJ_BODY_FILE   ? ZJ_UPLOAD_BYTES_MAX
                          : call.route->body == ZJ_BODY_JSON ? JSON_BYTES_MAX
                                                             : UNUSED_BODY_MAX;
    if (call.route->body == ZJ_BODY_JSON && !has_type(&call, "application/json")) {
        zj_problem_status(&call, 415, "ETYPE", "the body must be application/json",
                          "请求体应为 application/json");
        return false;
    }
    return true;
}

static zj_err read_body(struct zj_call *call)
{
    if (call->route->body != ZJ_BODY_JSON)
        return ZJ_OK;
    zj_err err = zj_jdoc_parse(call->job, call->req->body, JSON_BYTES_MAX, &call->body);
    if (!err && zj_jval_type(zj_jdoc_root(call->body)) != ZJ_J_OBJECT)
        err = zj_fail(call->job, ZJ_EINPUT, "%s",
                      zj_tr(call->job, "the body must be a JSON object", "请求体应为 JSON 对象"));
    if (err == ZJ_EINPUT)
        err = ZJ_EUSAGE; /* a body that is no JSON is a bad request, not a refused row */
    return err;
}

/* A summary over everything is asked for again and again by every open page. */
static zj_err handle_cached(struct zj_call *call)
{
    struct zj_cache_ticket ticket;
    if (!(call->route->flags & ZJ_ROUTE_CACHED))
        return call->route->handle(call);
    if (zj_cache_find(call, &ticket))
        return ZJ_OK;
    zj_err err = call->route->handle(call);
    if (!err)
        zj_cache_keep(call, &ticket);
    return err;
}

static zj_err run_handler(struct zj_call *call)
{
    struct zj_server *server = call->server;
    const bool wants_paper = zj_call_wants_paper(call);
    const bool is_slow = wants_paper || call->route->flags & ZJ_ROUTE_SLOW;
    if (is_slow && atomic_fetch_add(&server->slow, 1) >= ZJ_SLOW_AT_ONCE) {
        atomic_fetch_sub(&server->slow, 1);
        return zj_fail(call->job, ZJ_EBUSY, "%s",
                       zj_tr(call->job, "other long work is under way; try again in a minute",
                             "正在处理其他耗时任务，请一分钟后再试"));
    }
    bool is_answered = false;
    zj_err err = read_body(call);
    if (!err)
        err = zj_replay_find(call, &is_answered);
    if (!err && !is_answered)
        err = wants_paper ? zj_call_paper(call) : handle_cached(call);
    if (!err && !is_answered)
        zj_replay_keep(call);
    zj_store_rollback(call->store); /* what a failed handler left open */
    zj_jdoc_free(call->body);
    if (is_slow)
        atomic_fetch_sub(&server->slow, 1);
    return err;
}

static void finish(struct zj_call *call, zj_err err)
{
    struct zj_http_response *res = call->res;
    if (err && res->file >= 0) {
        close(res->file);
        res->file = -1;
    }
    if (err && zj_err_info(err)->http_status == 500) {
        zj_log("error", "request_failed", "req_id=%s code=%s msg=\"%s\"", call->req->id,
               zj_err_info(err)->name, call->job->message);
        zj_job_clear(call->job); /* for the log, not for the client */
    }
    if (err && err != ZJ_EFOUND)
        zj_problem(call, err);
    if (is_api(call->req->path) || res->status != 200)
        zj_http_respond_header(res, "Cache-Control", "no-store");
    const int64_t ns = zj_clock_ns() - call->req->started_ns;
    zj_metrics_observe(&call->server->metrics, res->status, ns);
    if (call->server->opts->logs_requests)
        zj_log("info", "request", "req_id=%s method=%s path=%s status=%d ms=%lld user=%lld",
               call->req->id, zj_method_name(call->req->method), call->req->path, res->status,
               (long long)(ns / 1000000), (long long)call->account.id);
}

void zj_app_handle(void *ctx, unsigned worker, struct zj_http_request *req,
                   struct zj_http_response *res)
{
    struct zj_server *server = ctx;
    struct zj_call call = call_of(server, worker, req, res);
    unsigned allow;
    const bool is_page = req->method == ZJ_GET && !is_api(req->path) && !req->is_malformed &&
                         !zj_route_find(ZJ_GET, req->path, &req->arena, call.args, &allow);
    zj_err err = ZJ_OK;
    if (answer_moved(&call))
        ;
    else if (is_page)
        zj_static_serve(&call);
    else if (enter(&call))
        err = run_handler(&call);
    finish(&call, err);
}
