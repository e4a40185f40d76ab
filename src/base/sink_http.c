/* A sink that sends JSON Lines to a server's /api/v1/ingest, a batch a request. What a server did
 * not acknowledge is sent again, so that a batch whose answer was lost may count twice, never not
 * at all. Plain HTTP only: between machines a proxy on each side does TLS. */
#include <errno.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json_read.h"
#include "base/sink.h"

enum {
    BATCH_BYTES = 4 * 1024 * 1024,
    ANSWER_BYTES_MAX = 256 * 1024,
    TRIES = 6, /* with pauses of 1, 2, 4 … s between */
    SEND_S = 30,
    ANSWER_S = 180, /* the server may wait for others who write */
};

struct http_sink {
    struct zj_sink sink;
    char *host, *port, *path, *token;
    struct zj_sink *lines; /* writes to text */
    FILE *text;
    char *at;
    size_t len;
};

static void open_batch(struct http_sink *s)
{
    s->text = open_memstream(&s->at, &s->len);
    if (!s->text)
        abort(); /* memory is all it can lack */
    s->lines = zj_sink_jsonl(s->text);
}

static void close_batch(struct http_sink *s)
{
    s->lines->free(s->lines);
    fclose(s->text);
    free(s->at);
    s->at = NULL;
}

static zj_err connect_to(struct zj_job *job, const struct http_sink *s, int *out_fd)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    const struct timeval send_limit = {SEND_S, 0}, answer_limit = {ANSWER_S, 0};
    struct addrinfo *found = NULL;
    const int wrong = getaddrinfo(s->host, s->port, &hints, &found);
    if (wrong)
        return zj_fail(job, ZJ_EIO, "%s: %s", s->host, zj_tr(job, gai_strerror(wrong), "无法解析主机名"));
    int fd = -1, error = 0;
    for (const struct addrinfo *a = found; a && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0)
            continue;
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &send_limit, sizeof send_limit);
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &answer_limit, sizeof answer_limit);
        if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
            break;
        error = errno;
        close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    if (fd < 0)
        return zj_fail(job, ZJ_EIO, "%s:%s: %s", s->host, s->port, zj_strerror(job, error));
    *out_fd = fd;
    return ZJ_OK;
}

static bool send_all(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len) {
        const ssize_t n = send(fd, at, len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

static void read_all(int fd, struct zj_buf *out)
{
    uint8_t part[4096];
    while (out->len < ANSWER_BYTES_MAX) {
        const ssize_t n = recv(fd, part, sizeof part, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        zj_buf_span(out, zj_span_of(part, (size_t)n));
    }
}

static zj_err exchange(struct zj_job *job, const struct http_sink *s, struct zj_buf *answer)
{
    struct zj_buf head = {0};
    int fd = -1;
    zj_err err = connect_to(job, s, &fd);
    if (err)
        return err;
    zj_buf_printf(&head,
                  "POST %s/api/v1/ingest HTTP/1.1\r\nHost: %s:%s\r\nAuthorization: Bearer %s\r\n"
                  "Content-Type: application/x-ndjson\r\nContent-Length: %zu\r\n"
                  "Connection: close\r\n\r\n",
                  s->path, s->host, s->port, s->token, s->len);
    if (send_all(fd, head.at, head.len))
        send_all(fd, s->at, s->len); /* a server that refuses early has answered nevertheless */
    read_all(fd, answer);
    close(fd);
    zj_buf_release(&head);
    if (answer->len < 12)
        return zj_fail(job, ZJ_EIO, "%s:%s: %s", s->host, s->port,
                       zj_tr(job, "no answer", "没有应答"));
    return ZJ_OK;
}

/* The status, and what the body says went wrong. */
static zj_err judge(struct zj_job *job, const struct http_sink *s, struct zj_buf *answer)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    const char *text = zj_buf_cstr(answer), *body = strstr(text, "\r\n\r\n");
    const int status = strncmp(text, "HTTP/1.1 ", 9) == 0 ? (int)strtol(text + 9, NULL, 10) : 0;
    if (!body || zj_jdoc_parse(job, zj_span_str(body + 4), ANSWER_BYTES_MAX, &doc)) {
        zj_job_clear(job);
        return zj_fail(job, ZJ_EIO, "%s:%s: %s (%d)", s->host, s->port,
                       zj_tr(job, "this is no Zhuji server", "对方不是筑基服务"), status);
    }
    const struct zj_jval *root = zj_jdoc_root(doc);
    if (status == 200 && (zj_jval_int(zj_jval_get(root, "refused"), 0) == 0 ||
                          zj_jval_int(zj_jval_get(root, "facts"), 0) > 0))
        return ZJ_OK; /* some lines of other networks are for others to tell */
    const struct zj_jval *why = status == 200 ? zj_jval_first(zj_jval_get(root, "faults")) : root;
    const char *en = zj_jval_cstr(zj_jval_get(why, status == 200 ? "en" : "detail"), "");
    const char *zh = zj_jval_cstr(zj_jval_get(why, status == 200 ? "zh" : "detail_zh"), en);
    return zj_fail(job,
                   status == 200                    ? ZJ_EREFUSED
                   : status == 401 || status == 403 ? ZJ_EAUTH
                   : status == 503 || status == 429 ? ZJ_EBUSY
                                                    : ZJ_EIO,
                   "%s:%s: %d %s", s->host, s->port, status, zj_tr(job, en, zh));
}

static zj_err send_batch(struct http_sink *s, struct zj_job *job)
{
    zj_err err = ZJ_OK;
    fflush(s->text);
    for (int i = 0; s->len && i < TRIES; i++) {
        ZJ_AUTO(zj_buf_release) struct zj_buf answer = {0};
        if (i && !zj_is_interrupted(job))
            sleep(1u << (i - 1));
        zj_job_clear(job);
        err = exchange(job, s, &answer);
        if (!err)
            err = judge(job, s, &answer);
        if ((err != ZJ_EIO && err != ZJ_EBUSY) || zj_is_interrupted(job))
            break;
    }
    close_batch(s);
    open_batch(s);
    return err;
}

static zj_err http_fact(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                        const struct zj_cell *cells)
{
    struct http_sink *s = (struct http_sink *)sink;
    zj_err err = s->lines->fact(s->lines, job, kind, cells);
    return err || ftello(s->text) < BATCH_BYTES ? err : send_batch(s, job);
}

static zj_err http_flush(struct zj_sink *sink, struct zj_job *job)
{
    return send_batch((struct http_sink *)sink, job);
}

static void http_free(struct zj_sink *sink)
{
    struct http_sink *s = (struct http_sink *)sink;
    close_batch(s);
    free(s->host);
    free(s->port);
    free(s->path);
    free(s->token);
    free(s);
}

zj_err zj_sink_http(struct zj_job *job, const char *url, const char *token, struct zj_sink **out)
{
    struct zj_span rest = zj_span_str(url);
    if (!zj_span_starts(rest, ZJ_SPAN_LIT("http://")))
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "'%s': an address http://HOST:PORT is wanted; a proxy adds TLS",
                             "“%s”：应为 http://主机:端口，TLS 由代理提供"),
                       url);
    rest = zj_span_part(rest, 7, SIZE_MAX);
    const uint8_t *slash = rest.len ? memchr(rest.at, '/', rest.len) : NULL;
    struct zj_span place = slash ? zj_span_part(rest, 0, (size_t)(slash - rest.at)) : rest;
    struct zj_span path = zj_span_part(rest, place.len, SIZE_MAX);
    while (path.len && path.at[path.len - 1] == '/')
        path.len--;
    const uint8_t *colon = place.len ? memrchr(place.at, ':', place.len) : NULL;
    const bool has_port = colon && !memchr(colon, ']', place.len - (size_t)(colon - place.at));
    struct zj_span host = has_port ? zj_span_part(place, 0, (size_t)(colon - place.at)) : place;
    const bool is_bracketed = host.len > 2 && host.at[0] == '[';
    if (host.len == 0 || memchr(rest.at, '\r', rest.len) || memchr(rest.at, '\n', rest.len))
        return zj_fail(job, ZJ_EUSAGE, "%s", url);
    struct http_sink *s = zj_alloc(sizeof *s);
    s->sink = (struct zj_sink){.fact = http_fact, .flush = http_flush, .free = http_free};
    s->host = zj_strndup(is_bracketed ? zj_span_part(host, 1, host.len - 2) : host);
    s->port = has_port ? zj_strndup(zj_span_part(place, host.len + 1, SIZE_MAX)) : zj_strdup("80");
    s->path = zj_strndup(path);
    s->token = zj_strdup(token);
    open_batch(s);
    *out = &s->sink;
    return ZJ_OK;
}
