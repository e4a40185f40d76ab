#include "server/http.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/temp.h"
#include "base/text.h"

enum {
    LISTEN_BACKLOG = 128,
    HEAD_BYTES_MAX =
        32 * 1024, /* of the library's pool for one connection: request line, headers */
    REFUSED_BYTES_MAX =
        1024 * 1024, /* read on after a refusal, so that the client sees the answer */
    STREAM_BLOCK = 4096,
    WORKERS_MAX = 32,
    IO_THREADS = 2,
};

enum phase {
    PHASE_GATE,    /* a worker looks at the head */
    PHASE_BODY,    /* the body comes in */
    PHASE_REFUSED, /* the rest of the body is read and dropped */
    PHASE_WORK,    /* a worker does it */
    PHASE_DONE,    /* the answer waits to be sent */
};

struct exchange {
    struct zj_http_request req;
    struct zj_http_response res;
    struct zj_http *http;
    struct MHD_Connection *connection;
    enum phase phase;
    struct zj_buf body;
    int body_file;
    bool is_open; /* the head is done with: what comes now is the body, or its end */
    size_t declared, dropped;
    struct exchange *next; /* in the queue */

    bool is_stream, is_waiting; /* guarded by streams_lock */
    struct exchange *stream_prev, *stream_next;
};

struct worker {
    struct zj_http *http;
    unsigned number;
    pthread_t thread;
};

struct zj_http {
    struct zj_http_opts opts;
    struct zj_http_app app;
    struct MHD_Daemon *daemon;
    int listener;
    uint16_t port;
    uint64_t id_base;
    atomic_uint_fast64_t id_next;
    atomic_uint connections;

    pthread_mutex_t lock; /* of the queue */
    pthread_cond_t has_work, is_idle;
    struct exchange *first, **last;
    unsigned under_way;
    bool is_closing; /* no more requests are taken */
    bool is_ending;  /* workers go home */
    struct worker workers[WORKERS_MAX];

    pthread_mutex_t streams_lock;
    struct exchange *streams;
    unsigned stream_count;
    bool streams_end;
};

static const char *const method_names[] = {"GET", "POST", "PUT", "DELETE", "OTHER"};

const char *zj_method_name(enum zj_method method)
{
    return method_names[method];
}

static enum zj_method method_of(const char *name)
{
    if (strcmp(name, "HEAD") == 0)
        return ZJ_GET; /* the library leaves the body out */
    for (size_t i = 0; i < ZJ_METHOD_OTHER; i++)
        if (strcmp(name, method_names[i]) == 0)
            return (enum zj_method)i;
    return ZJ_METHOD_OTHER;
}

const char *zj_http_param(const struct zj_http_request *req, const char *name)
{
    for (size_t i = 0; i < req->param_count; i++)
        if (strcmp(req->params[i].name, name) == 0)
            return req->params[i].value;
    return NULL;
}

const char *zj_http_header(const struct zj_http_request *req, const char *name)
{
    for (size_t i = 0; i < req->header_count; i++)
        if (strcasecmp(req->headers[i].name, name) == 0)
            return req->headers[i].value;
    return NULL;
}

void zj_http_respond_header(struct zj_http_response *res, const char *name, const char *value)
{
    if (res->header_count < ZJ_HTTP_HEADERS_MAX)
        res->headers[res->header_count++] = (struct zj_pair){name, value};
}

/* --- one exchange ------------------------------------------------------------------------------
 */

struct pairs {
    struct exchange *ex;
    struct zj_pair *at;
    size_t count, max;
};

static enum MHD_Result add_pair(void *ctx, enum MHD_ValueKind kind, const char *key, size_t key_len,
                                const char *value, size_t value_len)
{
    struct pairs *pairs = ctx;
    struct exchange *ex = pairs->ex;
    const struct zj_span k = zj_span_of(key, key_len), v = zj_span_of(value, value ? value_len : 0);
    if (kind == MHD_GET_ARGUMENT_KIND &&
        (!zj_utf8_is_valid(k) || !zj_utf8_is_valid(v) || memchr(key, 0, key_len) ||
         (v.len && memchr(value, 0, value_len))))
        ex->req.is_malformed = true;
    if (pairs->count < pairs->max) {
        struct zj_pair *pair = &pairs->at[pairs->count++];
        pair->name = zj_arena_span(&ex->req.arena, k);
        pair->value = zj_arena_span(&ex->req.arena, v);
    }
    return MHD_YES;
}

static const struct zj_pair *copy_pairs(struct exchange *ex, enum MHD_ValueKind kind,
                                        size_t *out_count)
{
    int count = MHD_get_connection_values_n(ex->connection, kind, NULL, NULL);
    struct pairs pairs = {.ex = ex, .max = count > 0 ? (size_t)count : 0};
    pairs.at = zj_arena_alloc(&ex->req.arena, (pairs.max + 1) * sizeof *pairs.at);
    MHD_get_connection_values_n(ex->connection, kind, add_pair, &pairs);
    *out_count = pairs.count;
    return pairs.at;
}

static struct zj_addr remote_of(struct MHD_Connection *connection)
{
    struct zj_addr addr = {{0}};
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (!info || !info->client_addr)
        return addr;
    if (info->client_addr->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, info->client_addr, sizeof in);
        return zj_addr_v4(ntohl(in.sin_addr.s_addr));
    }
    if (info->client_addr->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, info->client_addr, sizeof in6);
        memcpy(addr.bytes, &in6.sin6_addr, sizeof addr.bytes);
    }
    return addr;
}

static struct exchange *exchange_new(struct zj_http *http, struct MHD_Connection *connection,
                                     const char *url, const char *method)
{
    struct exchange *ex = zj_alloc(sizeof *ex);
    ex->http = http;
    ex->connection = connection;
    ex->body_file = -1;
    ex->res.file = -1;
    ex->res.status = 200;
    struct zj_http_request *req = &ex->req;
    snprintf(req->id, sizeof req->id, "%010llx-%06llx",
             (unsigned long long)(http->id_base & 0xffffffffff),
             (unsigned long long)(atomic_fetch_add(&http->id_next, 1) & 0xffffffffffff));
    req->method = method_of(method);
    req->path = zj_arena_strdup(&req->arena, url);
    req->is_malformed = !zj_utf8_is_valid(zj_span_str(req->path));
    req->params = copy_pairs(ex, MHD_GET_ARGUMENT_KIND, &req->param_count);
    req->headers = copy_pairs(ex, MHD_HEADER_KIND, &req->header_count);
    req->remote = remote_of(connection);
    req->started_ns = zj_clock_ns();
    return ex;
}

static void remove_body(struct exchange *ex)
{
    zj_buf_release(&ex->body);
    ex->body = (struct zj_buf){0};
    if (ex->body_file >= 0)
        close(ex->body_file);
    if (ex->req.body_path)
        unlink(ex->req.body_path);
    ex->body_file = -1;
    ex->req.body_path = NULL;
}

static void exchange_free(struct exchange *ex)
{
    struct zj_http *http = ex->http;
    if (ex->is_stream) {
        pthread_mutex_lock(&http->streams_lock);
        if (ex->stream_prev)
            ex->stream_prev->stream_next = ex->stream_next;
        else
            http->streams = ex->stream_next;
        if (ex->stream_next)
            ex->stream_next->stream_prev = ex->stream_prev;
        pthread_mutex_unlock(&http->streams_lock);
    }
    if (ex->res.stream.read) {
        pthread_mutex_lock(&http->streams_lock);
        http->stream_count--;
        pthread_mutex_unlock(&http->streams_lock);
    }
    if (ex->res.stream.free)
        ex->res.stream.free(ex->res.stream.ctx);
    remove_body(ex);
    zj_buf_release(&ex->res.body);
    if (ex->res.file >= 0)
        close(ex->res.file);
    zj_arena_release(&ex->req.arena);
    free(ex);
}

/* --- workers -----------------------------------------------------------------------------------
 */

/* From here on the exchange is a worker's, until it is resumed. */
static enum MHD_Result submit(struct exchange *ex, enum phase phase)
{
    struct zj_http *http = ex->http;
    pthread_mutex_lock(&http->lock);
    const bool is_late = http->is_closing;
    http->under_way += !is_late;
    pthread_mutex_unlock(&http->lock);
    if (is_late)
        return MHD_NO;
    ex->phase = phase;
    ex->next = NULL;
    MHD_suspend_connection(ex->connection); /* before a worker can resume it */
    pthread_mutex_lock(&http->lock);
    *http->last = ex;
    http->last = &ex->next;
    pthread_cond_signal(&http->has_work);
    pthread_mutex_unlock(&http->lock);
    return MHD_YES;
}

static void work_on(struct zj_http *http, unsigned number, struct exchange *ex)
{
    if (ex->phase == PHASE_GATE) {
        bool is_welcome = http->app.gate(http->app.ctx, number, &ex->req, &ex->res);
        ex->phase = is_welcome ? PHASE_BODY : PHASE_REFUSED;
        return;
    }
    ex->req.body = zj_buf_all(&ex->body);
    http->app.handle(http->app.ctx, number, &ex->req, &ex->res);
    ex->phase = PHASE_DONE;
}

static void *worker_run(void *arg)
{
    struct worker *worker = arg;
    struct zj_http *http = worker->http;
    pthread_mutex_lock(&http->lock);
    for (;;) {
        while (!http->first && !http->is_ending)
            pthread_cond_wait(&http->has_work, &http->lock);
        struct exchange *ex = http->first;
        if (!ex)
            break;
        http->first = ex->next;
        if (!http->first)
            http->last = &http->first;
        pthread_mutex_unlock(&http->lock);
        work_on(http, worker->number, ex);
        MHD_resume_connection(ex->connection); /* the exchange is the library's again */
        pthread_mutex_lock(&http->lock);
        if (--http->under_way == 0)
            pthread_cond_broadcast(&http->is_idle);
    }
    pthread_mutex_unlock(&http->lock);
    return NULL;
}

/* --- answers -----------------------------------------------------------------------------------
 */

static ssize_t stream_read(void *ctx, uint64_t at, char *out, size_t max)
{
    struct exchange *ex = ctx;
    struct zj_http *http = ex->http;
    (void)at; /* a stream has no positions */
    pthread_mutex_lock(&http->streams_lock);
    int64_t n =
        http->streams_end ? -1 : ex->res.stream.read(ex->res.stream.ctx, (uint8_t *)out, max);
    if (n == 0) {
        ex->is_waiting = true;
        MHD_suspend_connection(ex->connection);
    }
    pthread_mutex_unlock(&http->streams_lock);
    return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : (ssize_t)n;
}

static struct MHD_Response *open_stream(struct exchange *ex)
{
    struct zj_http *http = ex->http;
    pthread_mutex_lock(&http->streams_lock);
    ex->is_stream = true;
    ex->stream_next = http->streams;
    if (http->streams)
        http->streams->stream_prev = ex;
    http->streams = ex;
    pthread_mutex_unlock(&http->streams_lock);
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, stream_read, ex, NULL);
}

static struct MHD_Response *response_of(struct exchange *ex)
{
    struct zj_http_response *res = &ex->res;
    if (res->stream.read)
        return open_stream(ex);
    if (res->file >= 0) {
        struct MHD_Response *file =
            MHD_create_response_from_fd64((uint64_t)res->file_bytes, res->file);
        if (file)
            res->file = -1; /* the library closes it */
        return file;
    }
    struct MHD_Response *body =
        MHD_create_response_from_buffer(res->body.len, res->body.at, MHD_RESPMEM_MUST_FREE);
    if (body)
        res->body = (struct zj_buf){0};
    return body;
}

static enum MHD_Result answer(struct exchange *ex)
{
    ex->phase = PHASE_DONE;
    struct MHD_Response *response = response_of(ex);
    if (!response)
        return MHD_NO;
    if (ex->res.content_type)
        MHD_add_response_header(response, "Content-Type", ex->res.content_type);
    MHD_add_response_header(response, "X-Request-Id", ex->req.id);
    for (const struct zj_pair *h = ex->http->opts.headers; h && h->name; h++)
        MHD_add_response_header(response, h->name, h->value);
    for (size_t i = 0; i < ex->res.header_count; i++)
        MHD_add_response_header(response, ex->res.headers[i].name, ex->res.headers[i].value);
    enum MHD_Result is_queued =
        MHD_queue_response(ex->connection, (unsigned)ex->res.status, response);
    MHD_destroy_response(response);
    return is_queued;
}

/* --- bodies ------------------------------------------------------------------------------------
 */

static void refuse_body(struct exchange *ex, int status, const char *code, const char *detail,
                        const char *detail_zh)
{
    remove_body(ex);
    ex->phase = PHASE_REFUSED;
    ex->res.status = status;
    ex->res.content_type = "application/problem+json";
    ex->res.body.len = 0;
    zj_buf_printf(&ex->res.body,
                  "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"code\":\"%s\","
                  "\"detail\":\"%s\",\"detail_zh\":\"%s\",\"instance\":\"%s\"}",
                  detail, status, code, detail, detail_zh, ex->req.id);
}

static void refuse_large(struct exchange *ex)
{
    char en[96], zh[96];
    const size_t kib = ex->req.body_bytes_max >> 10;
    snprintf(en, sizeof en, "the body is larger than the %zu KiB allowed here", kib);
    snprintf(zh, sizeof zh, "请求体超出此接口的上限 %zu KiB", kib);
    refuse_body(ex, 413, "ELIMIT", en, zh);
}

static bool open_body_file(struct exchange *ex)
{
    char *path;
    ex->body_file = zj_temp_file(&ex->req.arena, "upload", &path);
    if (ex->body_file < 0)
        return false;
    ex->req.body_path = path;
    return true;
}

static bool write_all(int file, const char *at, size_t len)
{
    while (len) {
        ssize_t n = write(file, at, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

static void take_body(struct exchange *ex, const char *at, size_t len)
{
    struct zj_http_request *req = &ex->req;
    if ((size_t)req->body_bytes + len > req->body_bytes_max) {
        refuse_large(ex);
        return;
    }
    req->body_bytes += (int64_t)len;
    if (!req->wants_file) {
        zj_buf_span(&ex->body, zj_span_of(at, len));
        return;
    }
    if ((ex->body_file < 0 && !open_body_file(ex)) || !write_all(ex->body_file, at, len))
        refuse_body(ex, 507, "EIO", "no room to keep the upload", "没有空间保存上传的文件");
}

static enum MHD_Result body_part(struct exchange *ex, const char *at, size_t *len)
{
    if (ex->phase == PHASE_BODY)
        take_body(ex, at, *len);
    else if ((ex->dropped += *len) > REFUSED_BYTES_MAX)
        return MHD_NO;
    *len = 0;
    return MHD_YES;
}

/* --- the library's callbacks -------------------------------------------------------------------
 */

static enum MHD_Result take_head(struct exchange *ex)
{
    const char *length = zj_http_header(&ex->req, "Content-Length");
    const char *coding = zj_http_header(&ex->req, "Transfer-Encoding");
    const unsigned long long bytes = length ? strtoull(length, NULL, 10) : 0;
    if (bytes > ex->http->opts.upload_bytes_max) {
        refuse_body(ex, 413, "ELIMIT", "the body is larger than allowed", "请求体超出上限");
        return answer(ex);
    }
    ex->declared = coding ? 0 : (size_t)bytes;
    if (bytes || coding)
        return submit(ex, PHASE_GATE);
    ex->phase = PHASE_BODY;
    ex->is_open = true;
    return MHD_YES; /* the library asks again at once; an answer given here closes the connection */
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_len, void **state)
{
    (void)version; /* the library speaks 1.0 and 1.1 and refuses others */
    struct exchange *ex = *state;
    if (!ex) {
        *state = ex = exchange_new(ctx, connection, url, method);
        return take_head(ex);
    }
    const bool is_again = !ex->is_open && !*upload_len; /* the head once more, after the gate */
    ex->is_open = true;
    if (*upload_len)
        return body_part(ex, upload, upload_len);
    if (is_again && (ex->phase == PHASE_BODY || ex->declared <= REFUSED_BYTES_MAX))
        return MHD_YES;
    return ex->phase == PHASE_BODY ? submit(ex, PHASE_WORK) : answer(ex);
}

static void on_completed(void *ctx, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode why)
{
    (void)ctx, (void)connection, (void)why; /* however it ended, it ends the same way here */
    if (*state)
        exchange_free(*state);
    *state = NULL;
}

static void on_connection(void *ctx, struct MHD_Connection *connection, void **state,
                          enum MHD_ConnectionNotificationCode what)
{
    struct zj_http *http = ctx;
    (void)connection, (void)state; /* only counted */
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        atomic_fetch_add(&http->connections, 1);
    else
        atomic_fetch_sub(&http->connections, 1);
}

/* --- opening and closing -----------------------------------------------------------------------
 */

/* "127.0.0.1:8800", "[::1]:0" */
static bool parse_place(const char *place, struct zj_addr *out_addr, uint16_t *out_port)
{
    const char *colon = strrchr(place, ':');
    if (!colon)
        return false;
    struct zj_span host = zj_span_of(place, (size_t)(colon - place));
    if (host.len > 2 && host.at[0] == '[' && host.at[host.len - 1] == ']')
        host = zj_span_part(host, 1, host.len - 2);
    char *end;
    const long port = strtol(colon + 1, &end, 10);
    *out_port = (uint16_t)port;
    return end != colon + 1 && *end == '\0' && port >= 0 && port <= UINT16_MAX &&
           zj_addr_parse(host, out_addr);
}

static zj_err open_listener(struct zj_job *job, const char *place, int *out_fd, uint16_t *out_port)
{
    struct zj_addr at;
    uint16_t port;
    if (!parse_place(place, &at, &port))
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "--listen wants ADDRESS:PORT, not '%s'",
                             "--listen 应为 地址:端口，而不是“%s”"),
                       place);
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    const bool is_v4 = zj_addr_is_v4(&at);
    memcpy(&in.sin_addr, at.bytes + 12, 4);
    memcpy(&in6.sin6_addr, at.bytes, 16);
    struct sockaddr *addr = is_v4 ? (struct sockaddr *)&in : (struct sockaddr *)&in6;
    socklen_t len = is_v4 ? sizeof in : sizeof in6;
    const int on = 1;
    int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(fd, addr, len) == 0 && listen(fd, LISTEN_BACKLOG) == 0 &&
        getsockname(fd, addr, &len) == 0) {
        *out_port = ntohs(is_v4 ? in.sin_port : in6.sin6_port);
        *out_fd = fd;
        return ZJ_OK;
    }
    const int error = errno;
    if (fd >= 0)
        close(fd);
    if (error == EADDRINUSE)
        return zj_fail(job, ZJ_EIO,
                       zj_tr(job, "%s is taken by another program; choose another with --listen",
                             "%s 已被其他程序占用，请用 --listen 换一个端口"),
                       place);
    return zj_fail(job, ZJ_EIO, "%s: %s", place, zj_strerror(job, error));
}

static struct MHD_Daemon *start_daemon(struct zj_http *http)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC, 0, NULL, NULL,
        on_request, http, MHD_OPTION_LISTEN_SOCKET, http->listener, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)IO_THREADS, MHD_OPTION_CONNECTION_LIMIT, http->opts.connections_max,
        MHD_OPTION_CONNECTION_TIMEOUT, http->opts.idle_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)HEAD_BYTES_MAX, MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, http, MHD_OPTION_END);
}

zj_err zj_http_open(struct zj_job *job, const struct zj_http_opts *opts,
                    const struct zj_http_app *app, struct zj_http **out)
{
    struct zj_http *http = zj_alloc(sizeof *http);
    http->opts = *opts;
    http->app = *app;
    http->last = &http->first;
    http->id_base = (uint64_t)zj_now_ns(job) >> 20;
    pthread_mutex_init(&http->lock, NULL);
    pthread_mutex_init(&http->streams_lock, NULL);
    pthread_cond_init(&http->has_work, NULL);
    pthread_cond_init(&http->is_idle, NULL);
    zj_err err = open_listener(job, opts->listen, &http->listener, &http->port);
    if (err) {
        free(http);
        return err;
    }
    if (http->opts.workers < 1 || http->opts.workers > WORKERS_MAX)
        http->opts.workers = http->opts.workers < 1 ? 1 : WORKERS_MAX;
    for (unsigned i = 0; i < http->opts.workers; i++) {
        http->workers[i] = (struct worker){.http = http, .number = i};
        if (pthread_create(&http->workers[i].thread, NULL, worker_run, &http->workers[i]) != 0)
            abort(); /* a process that cannot start four threads cannot serve */
    }
    http->daemon = start_daemon(http);
    if (!http->daemon) {
        close(http->listener);
        zj_http_close(http);
        return zj_fail(job, ZJ_EIO, "%s: the HTTP daemon does not start", opts->listen);
    }
    *out = http;
    return ZJ_OK;
}

uint16_t zj_http_port(const struct zj_http *http)
{
    return http->port;
}

unsigned zj_http_connections(const struct zj_http *http)
{
    return atomic_load(&http->connections);
}

bool zj_http_take_stream(struct zj_http *http)
{
    pthread_mutex_lock(&http->streams_lock);
    bool has_room = http->stream_count < http->opts.streams_max && !http->streams_end;
    http->stream_count += has_room;
    pthread_mutex_unlock(&http->streams_lock);
    return has_room;
}

void zj_http_wake(struct zj_http *http)
{
    pthread_mutex_lock(&http->streams_lock);
    for (struct exchange *ex = http->streams; ex; ex = ex->stream_next) {
        if (!ex->is_waiting)
            continue;
        ex->is_waiting = false;
        MHD_resume_connection(ex->connection);
    }
    pthread_mutex_unlock(&http->streams_lock);
}

void zj_http_close(struct zj_http *http)
{
    if (!http)
        return;
    int listener = http->daemon ? MHD_quiesce_daemon(http->daemon) : -1;
    pthread_mutex_lock(&http->lock);
    http->is_closing = true;
    while (http->under_way)
        pthread_cond_wait(&http->is_idle, &http->lock);
    http->is_ending = true;
    pthread_cond_broadcast(&http->has_work);
    pthread_mutex_unlock(&http->lock);
    for (unsigned i = 0; i < http->opts.workers; i++)
        pthread_join(http->workers[i].thread, NULL);

    pthread_mutex_lock(&http->streams_lock);
    http->streams_end = true;
    pthread_mutex_unlock(&http->streams_lock);
    zj_http_wake(http);
    if (http->daemon)
        MHD_stop_daemon(http->daemon);
    if (listener >= 0)
        close(listener);
    pthread_cond_destroy(&http->has_work);
    pthread_cond_destroy(&http->is_idle);
    pthread_mutex_destroy(&http->lock);
    pthread_mutex_destroy(&http->streams_lock);
    free(http);
}
