/* Inside the server: what its parts share. Not for other rooms. */
#ifndef ZJ_SERVER_CORE_H
#define ZJ_SERVER_CORE_H

#include <pthread.h>

#include "plan/plan.h"
#include "server/approvals.h"
#include "server/route.h"
#include "server/server.h"
#include "server/uploads.h"
#include "work/work.h"

#define ZJ_UPLOAD_BYTES_MAX ((size_t)512 * 1024 * 1024)

enum { ZJ_WORKERS = 4, ZJ_SLOW_AT_ONCE = 2, ZJ_TOUCHED_MAX = 256, ZJ_GUARD_SLOTS = 1024 };

/* One thread's own: a job and a connection. */
struct zj_room {
    struct zj_job job;
    struct zj_store *store;
    struct zj_pairs pairs; /* answers have both languages */
};

/* Requests by route family and duration, for /metrics. Bucket bounds are in metrics.c. */
enum { ZJ_DURATION_BUCKETS = 10, ZJ_STATUS_CLASSES = 6 };
struct zj_metrics {
    atomic_uint_fast64_t buckets[ZJ_DURATION_BUCKETS + 1];
    atomic_uint_fast64_t by_status[ZJ_STATUS_CLASSES];
    atomic_uint_fast64_t ns_sum;
    atomic_uint_fast64_t evaluations;
    int64_t started_ns;
};

/* Failed logins by address (of IPv6: by network of 64 bits), for ten minutes. */
struct zj_guard {
    pthread_mutex_t lock;
    uint64_t seed;
    struct {
        struct zj_addr addr;
        int64_t since_ns;
        unsigned failures;
    } slots[ZJ_GUARD_SLOTS];
};

/* What the live thread tells the streams: the numbers of each organisation. */
enum { ZJ_PULSE_ORGS_MAX = 1024 };
struct zj_pulse_org {
    int64_t org_id, gaps_open, duties_overdue, facts, detections, packets;
};
struct zj_pulse {
    pthread_mutex_t lock;
    uint64_t number; /* grows with every change */
    size_t count;
    struct zj_pulse_org orgs[ZJ_PULSE_ORGS_MAX];
};

/* cache.c: answers that took long. */
enum { ZJ_CACHE_KEPT = 64 };
struct zj_cache {
    pthread_mutex_t lock;
    struct zj_cached {
        char *key; /* NULL: free */
        uint64_t pulse;
        int64_t good_until_ns;
        struct zj_buf body;
    } kept[ZJ_CACHE_KEPT];
    size_t next;
};
struct zj_cache_ticket {
    const char *key;
    uint64_t pulse;
    int64_t began_ns;
};
/* True: the answer is written. Else the ticket goes to zj_cache_keep with the answer. */
bool zj_cache_find(struct zj_call *call, struct zj_cache_ticket *out);
void zj_cache_keep(struct zj_call *call, const struct zj_cache_ticket *ticket);
void zj_cache_release(struct zj_cache *cache);

/* replay.c: answers to requests that named a key. */
enum { ZJ_REPLAYS_KEPT = 512 };
struct zj_replays {
    pthread_mutex_t lock;
    struct zj_replayed {
        char *key; /* NULL: free */
        int64_t account_id, at_s;
        uint8_t digest[32]; /* of the request */
        int status;
        struct zj_buf body;
    } kept[ZJ_REPLAYS_KEPT];
    size_t next;
};
/* *out_answered: it was asked before and is answered. ZJ_ECONFLICT: the key was another request's.
 */
zj_err zj_replay_find(struct zj_call *call, bool *out_answered);
void zj_replay_keep(struct zj_call *call); /* after a good answer */
void zj_replays_release(struct zj_replays *replays);

/* How the server's own sensor stands. Written by its thread: name and message before the state. */
enum zj_watch_state { ZJ_WATCH_NONE, ZJ_WATCH_RUNS, ZJ_WATCH_ENDED, ZJ_WATCH_FAILED };
struct zj_watch {
    atomic_int state; /* enum zj_watch_state */
    const char *name; /* the interface, or the first capture */
    int64_t org_id;   /* whose it is; 0: of all */
    char message[sizeof((struct zj_job *)0)->message];
};

struct zj_server {
    const struct zj_serve_opts *opts;
    struct zj_watch watch;
    struct zj_http *http;
    struct zj_plan *plan;           /* NULL: no packs found; the pages that need them say so */
    struct zj_work *work;           /* clocks and numbers of cases; NULL: no packs found */
    const char *web_dir;            /* NULL: no console */
    struct zj_write_queue *writers; /* of every connection in this process */
    struct zj_room rooms[ZJ_WORKERS];
    atomic_bool is_stopping;
    atomic_uint slow;
    struct zj_metrics metrics;
    struct zj_guard guard;
    struct zj_pulse pulse;
    struct zj_uploads uploads;
    struct zj_cache cache;
    struct zj_replays replays;

    pthread_mutex_t touched_lock;
    int64_t touched[ZJ_TOUCHED_MAX]; /* sessions, and tokens below 0, used since written down */
    size_t touched_count;
};

/* A room of the server's store, whose writes queue with those of the others and which ends when the
 * server does. What went wrong stands in `job`; the room is to be closed in any case. */
zj_err zj_room_open(struct zj_job *job, struct zj_server *server, const char *actor,
                    struct zj_room *out);
void zj_room_close(struct zj_room *room);

/* dispatch.c */
bool zj_app_gate(void *server, unsigned worker, struct zj_http_request *req,
                 struct zj_http_response *res);
void zj_app_handle(void *server, unsigned worker, struct zj_http_request *req,
                   struct zj_http_response *res);

/* auth.c: fills the call's account, scope and needs from cookie or bearer token. Nobody: ZJ_OK with
 * is_known false; ZJ_EAUTH only for a wrong token. */
zj_err zj_auth(struct zj_call *call);
/* Account, scope and needs of a caller who is known by other means. */
zj_err zj_auth_as(struct zj_call *call, const struct zj_account *account);
/* The cookie's header, for the answer. token "": the cookie goes. */
const char *zj_auth_cookie(struct zj_call *call, const char *token);
/* False: 30 logins of this address failed within ten minutes. */
bool zj_guard_allows(struct zj_guard *guard, const struct zj_addr *addr, int64_t now_ns);
void zj_guard_count(struct zj_guard *guard, const struct zj_addr *addr, int64_t now_ns);

/* evidence.c: one fact with its frame decoded; the rows behind a gap as members of the open object.
 */
zj_err zj_evidence_fact(struct zj_call *call, const char *kind, int64_t id);
zj_err zj_evidence_rows(struct zj_call *call, const struct zj_jval *gap);
/* fact_papers.c: the table of the kind that the path names; what it has is the call's. */
const struct zj_paper_table *zj_fact_paper(struct zj_call *call);

/* route/registers.c: [{"name","en","zh","task","count"}…] within the scope. */
zj_err zj_registers_count(struct zj_call *call);

/* seen.c: one row and its version as ETag; which version If-Match asks for, 0: none. */
struct zj_register;
zj_err zj_row_answer(struct zj_call *call, const struct zj_register *reg, int64_t id,
                     const struct zj_scope *scope);
int64_t zj_row_seen(const struct zj_call *call);

/* route/session.c: member "org": {"id","code","name"} or null. */
zj_err zj_org_write(struct zj_call *call, int64_t org_id);

/* route/work.c: the caller at his desk. ZJ_EPACK: the packs of cases were not found. */
zj_err zj_call_desk(struct zj_call *call, struct zj_desk *out);
/* A member "fields" of the body; ZJ_EUSAGE where a value is none. */
zj_err zj_call_work_fields(struct zj_call *call, struct zj_work_field *out, size_t max,
                           size_t *out_count);
/* Where the desk has faults, the answer is a problem that lists them and the call has succeeded. */
zj_err zj_answer_work(struct zj_call *call, const struct zj_desk *desk, zj_err err);

/* static.c */
void zj_static_serve(struct zj_call *call);

/* metrics.c */
void zj_metrics_observe(struct zj_metrics *metrics, int status, int64_t ns);
zj_err zj_metrics_print(struct zj_call *call, struct zj_buf *out);

/* openapi.c */
zj_err zj_openapi_print(struct zj_call *call);

/* live.c: evaluates rules, writes sessions down, tells the streams. */
struct zj_live;
zj_err zj_live_start(struct zj_job *job, struct zj_server *server, struct zj_live **out);
void zj_live_stop(struct zj_live *live); /* accepts NULL */

/* post.c: sends reminders to webhooks and mail addresses. */
struct zj_post;
zj_err zj_post_start(struct zj_job *job, struct zj_server *server, struct zj_post **out);
void zj_post_stop(struct zj_post *post); /* accepts NULL */

/* sensor.c: a sensor inside the server; NULL where none was asked for. */
struct zj_sensor;
zj_err zj_sensor_start(struct zj_job *job, struct zj_server *server, struct zj_sensor **out);
void zj_sensor_stop(struct zj_sensor *sensor);

/* kafka.c: facts from Kafka; NULL where none was asked for. */
struct zj_consumer;
zj_err zj_consumer_start(struct zj_job *job, struct zj_server *server, struct zj_consumer **out);
void zj_consumer_stop(struct zj_consumer *consumer);

/* log.c: one logfmt line on stderr. */
__attribute__((format(printf, 3, 4))) void zj_log(const char *level, const char *event,
                                                  const char *format, ...);

#endif
