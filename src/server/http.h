/* HTTP alone, over libmicrohttpd: connections, limits, bodies, responses. It knows nothing of
 * routes or of the store.
 *
 * A request is taken on one of the library's few threads, which never wait: the connection is
 * suspended, a worker does the work, and the connection is resumed with the answer. A request with
 * a body meets `gate` first, so that nothing of a stranger's body is kept. */
#ifndef ZJ_SERVER_HTTP_H
#define ZJ_SERVER_HTTP_H

#include "base/addr.h"
#include "base/buf.h"
#include "base/job.h"

enum zj_method { ZJ_GET, ZJ_POST, ZJ_PUT, ZJ_DELETE, ZJ_METHOD_OTHER };
const char *zj_method_name(enum zj_method method);

struct zj_pair {
    const char *name, *value;
};

enum { ZJ_HTTP_ID_TEXT = 24, ZJ_HTTP_HEADERS_MAX = 8 };

/* Everything in it lives until the answer is sent. */
struct zj_http_request {
    struct zj_arena arena;
    char id[ZJ_HTTP_ID_TEXT];
    enum zj_method method;
    const char *path; /* percent-decoded, without the query */
    const struct zj_pair *params;
    size_t param_count;
    const struct zj_pair *headers;
    size_t header_count;
    struct zj_addr remote;
    int64_t started_ns; /* monotonic */
    bool is_malformed;  /* a NUL byte or wrong UTF-8 in path or query */

    /* Set by gate. */
    size_t body_bytes_max;
    bool wants_file; /* the body goes to a file instead of memory */

    struct zj_span body;
    const char *body_path; /* removed after the answer; NULL: the body is in memory */
    int64_t body_bytes;
};

/* A stream of server-sent events. read is called on a library thread and must not wait: it fills at
 * most `max` bytes, gives 0 for "nothing yet" (called again after zj_http_wake) and -1 for the end.
 */
struct zj_http_stream {
    int64_t (*read)(void *ctx, uint8_t *out, size_t max);
    void (*free)(void *ctx);
    void *ctx;
};

struct zj_http_response {
    int status;
    const char *content_type; /* NULL with an empty body */
    struct zj_buf body;
    int file; /* descriptor to send instead of the body, -1: none; closed after */
    int64_t file_bytes;
    struct zj_http_stream stream; /* read NULL: none */
    struct zj_pair headers[ZJ_HTTP_HEADERS_MAX];
    size_t header_count;
};

const char *zj_http_param(const struct zj_http_request *req, const char *name);  /* NULL: none */
const char *zj_http_header(const struct zj_http_request *req, const char *name); /* any case */
/* The value lives as long as the response: static, or of the request's arena. */
void zj_http_respond_header(struct zj_http_response *res, const char *name, const char *value);

struct zj_http_app {
    void *ctx;
    /* Both run on worker number `worker`, one request at a time each. gate sees the head of a
     * request with a body; false refuses it with what it wrote to `res`. */
    bool (*gate)(void *ctx, unsigned worker, struct zj_http_request *req,
                 struct zj_http_response *res);
    void (*handle)(void *ctx, unsigned worker, struct zj_http_request *req,
                   struct zj_http_response *res);
};

struct zj_http_opts {
    const char *listen; /* "127.0.0.1:8800"; port 0: any free one */
    unsigned workers;
    unsigned connections_max;
    unsigned streams_max;
    unsigned idle_s; /* a connection that says nothing is closed after */
    size_t upload_bytes_max;
    const struct zj_pair *headers; /* of every answer; ends with a NULL name */
};

struct zj_http;
zj_err zj_http_open(struct zj_job *job, const struct zj_http_opts *opts,
                    const struct zj_http_app *app, struct zj_http **out);
uint16_t zj_http_port(const struct zj_http *http);
/* Room for one more stream? Whoever is told yes sets res->stream; its end gives the room back. */
bool zj_http_take_stream(struct zj_http *http);
/* Every waiting stream is read again. */
void zj_http_wake(struct zj_http *http);
unsigned zj_http_connections(const struct zj_http *http);
/* Takes no more requests, lets those under way end, ends the streams, frees all. */
void zj_http_close(struct zj_http *http);

#endif
