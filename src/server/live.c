/* One thread that keeps pages live: it evaluates the rules when something changed and by the clock,
 * writes down which sessions were used, and tells the streams of events what is new. */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "facts/facts.h"
#include "server/core.h"

enum { TICK_MS = 1000, TOUCH_S = 20, CLOCK_S = 60, HEARTBEAT_S = 15, CASES_S = 3600, RETRY_S = 30, REST_SHARE = 4 };

struct zj_live {
    struct zj_server *server;
    struct zj_room room;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    bool is_stopping;
    int64_t data_version;
    int64_t touched_at, evaluated_at, woken_at, ticked_at; /* seconds of the tick clock */
    int64_t rest_s; /* after an evaluation that took long: others write too */
};

static void complain(struct zj_live *live, const char *event, zj_err err)
{
    zj_log(err == ZJ_EBUSY ? "warn" : "error", event, "code=%s msg=\"%s\"", zj_err_info(err)->name,
           live->room.job.message);
    zj_job_clear(&live->room.job);
}

static void touch_sessions(struct zj_live *live)
{
    struct zj_server *server = live->server;
    int64_t ids[ZJ_TOUCHED_MAX];
    pthread_mutex_lock(&server->touched_lock);
    const size_t count = server->touched_count;
    memcpy(ids, server->touched, count * sizeof *ids);
    server->touched_count = 0;
    pthread_mutex_unlock(&server->touched_lock);
    zj_err err = count ? zj_sessions_touch(&live->room.job, live->room.store, ids, count) : ZJ_OK;
    if (err)
        complain(live, "sessions_not_kept", err);
}

static void evaluate(struct zj_live *live, int64_t now_s)
{
    int64_t dirty = 0;
    if (!live->server->plan)
        return;
    zj_err err = zj_store_query_int(&live->room.job, live->room.store,
                                    "SELECT EXISTS (SELECT 1 FROM dirty)",
                                    0, &dirty);
    if (!err && now_s - live->evaluated_at < (dirty ? live->rest_s : CLOCK_S))
        return;
    if (!err) /* networks may have changed: facts go to their owners before rules look at them */
        err = zj_facts_attribute(&live->room.job, live->room.store);
    if (!err)
        err = zj_plan_evaluate(&live->room.job, live->server->plan, live->room.store, false);
    atomic_fetch_add(&live->server->metrics.evaluations, 1);
    live->evaluated_at = zj_tick_ns() / ZJ_NS_PER_S;
    live->rest_s = REST_SHARE * (live->evaluated_at - now_s);
    if (!err)
        return;
    zj_store_rollback(live->room.store);
    if (err == ZJ_EINTR) {
        zj_job_clear(&live->room.job);
        return;
    }
    live->rest_s = RETRY_S; /* not at every tick */
    complain(live, "evaluation_failed", err);
}

/* Cases that move by time alone: evidence that ran out, a report that is no longer valid. */
static void tick_cases(struct zj_live *live, int64_t now_s)
{
    int64_t done = 0;
    if (!live->server->work || (live->ticked_at && now_s - live->ticked_at < CASES_S))
        return;
    live->ticked_at = now_s;
    zj_err err = zj_work_tick(&live->room.job, live->room.store, live->server->work, &done);
    if (err && err != ZJ_EINTR)
        complain(live, "cases_not_moved", err);
    zj_job_clear(&live->room.job);
}

/* --- what the streams are told -----------------------------------------------------------------
 */

static struct zj_pulse_org *org_of(struct zj_pulse *next, int64_t org_id)
{
    for (size_t i = 0; i < next->count; i++)
        if (next->orgs[i].org_id == org_id)
            return &next->orgs[i];
    if (next->count == ZJ_PULSE_ORGS_MAX)
        return NULL;
    next->orgs[next->count] = (struct zj_pulse_org){.org_id = org_id};
    return &next->orgs[next->count++];
}

/* Each gives (org_id, number) for one counter of struct zj_pulse_org. */
static const struct {
    size_t offset;
    const char *sql;
} counters[] = {
    {offsetof(struct zj_pulse_org, gaps_open),
     "SELECT org_id, count(*) FROM gap WHERE state = 'open' GROUP BY org_id"},
    {offsetof(struct zj_pulse_org, duties_overdue),
     "SELECT org_id, count(*) FROM duty WHERE state = 'overdue' GROUP BY org_id"},
    {offsetof(struct zj_pulse_org, facts),
     "SELECT org_id, count(*) FROM fact_identity GROUP BY org_id"},
    {offsetof(struct zj_pulse_org, detections),
     "SELECT org_id, count(*) FROM fact_detection GROUP BY org_id"},
    {offsetof(struct zj_pulse_org, packets),
     "SELECT org_id, sum(value) FROM fact_sensor WHERE counter = 'packets' GROUP BY org_id"},
};

static zj_err count(struct zj_live *live, size_t at, struct zj_pulse *next)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(&live->room.job, live->room.store, counters[at].sql, &stmt);
    if (err)
        return err;
    while (!(err = zj_stmt_step(&live->room.job, stmt, &has_row)) && has_row) {
        struct zj_pulse_org *org = org_of(next, zj_stmt_int(stmt, 0));
        const int64_t number = zj_stmt_int(stmt, 1);
        if (org)
            memcpy((char *)org + counters[at].offset, &number, sizeof number);
    }
    return err;
}

static bool read_pulse(struct zj_live *live)
{
    struct zj_pulse *pulse = &live->server->pulse;
    ZJ_AUTO(zj_freep) struct zj_pulse *next = zj_alloc(sizeof *next);
    for (size_t i = 0; i < ZJ_COUNT(counters); i++)
        if (count(live, i, next))
            zj_job_clear(&live->room.job); /* a table that is not there yet counts as nothing */
    pthread_mutex_lock(&pulse->lock);
    memcpy(pulse->orgs, next->orgs, sizeof pulse->orgs);
    pulse->count = next->count;
    pulse->number++;
    pthread_mutex_unlock(&pulse->lock);
    return true;
}

static void tell_streams(struct zj_live *live, int64_t now_s)
{
    int64_t version = 0;
    /* Changes by other connections move it; this one's own are told of by the evaluation. */
    zj_err err = zj_store_query_int(&live->room.job, live->room.store, "PRAGMA data_version", 0,
                                    &version);
    if (err)
        zj_job_clear(&live->room.job);
    version += (int64_t)atomic_load(&live->server->metrics.evaluations);
    bool is_new = version != live->data_version && read_pulse(live);
    live->data_version = version;
    if (!is_new && now_s - live->woken_at < HEARTBEAT_S)
        return;
    live->woken_at = now_s;
    zj_http_wake(live->server->http);
}

static bool wait_for_tick(struct zj_live *live)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += TICK_MS / 1000;
    pthread_mutex_lock(&live->lock);
    if (!live->is_stopping)
        pthread_cond_timedwait(&live->stop, &live->lock, &until);
    const bool goes_on = !live->is_stopping;
    pthread_mutex_unlock(&live->lock);
    return goes_on;
}

static void *run(void *arg)
{
    struct zj_live *live = arg;
    do {
        const int64_t now_s = zj_tick_ns() / ZJ_NS_PER_S;
        zj_arena_reset(&live->room.job.arena);
        evaluate(live, now_s);
        tick_cases(live, now_s);
        if (now_s - live->touched_at >= TOUCH_S) {
            live->touched_at = now_s;
            touch_sessions(live);
        }
        tell_streams(live, now_s);
    } while (wait_for_tick(live));
    zj_store_heed_stop(live->room.store, NULL);
    touch_sessions(live);
    return NULL;
}

zj_err zj_live_start(struct zj_job *job, struct zj_server *server, struct zj_live **out)
{
    struct zj_live *live = zj_alloc(sizeof *live);
    live->server = server;
    live->touched_at = zj_tick_ns() / ZJ_NS_PER_S;
    live->evaluated_at = INT64_MIN / 2; /* once at the start, whatever is dirty */
    pthread_mutex_init(&live->lock, NULL);
    pthread_cond_init(&live->stop, NULL);
    zj_err err = zj_room_open(job, server, "server", &live->room);
    if (!err)
        zj_store_heed_stop(live->room.store, &live->room.job);
    if (!err && pthread_create(&live->thread, NULL, run, live) == 0) {
        *out = live;
        return ZJ_OK;
    }
    if (!err)
        err = zj_fail(job, ZJ_EIO, "no thread for the live pages");
    zj_room_close(&live->room);
    free(live);
    return err;
}

void zj_live_stop(struct zj_live *live)
{
    if (!live)
        return;
    pthread_mutex_lock(&live->lock);
    live->is_stopping = true;
    pthread_cond_signal(&live->stop);
    pthread_mutex_unlock(&live->lock);
    pthread_join(live->thread, NULL);
    pthread_mutex_destroy(&live->lock);
    pthread_cond_destroy(&live->stop);
    zj_room_close(&live->room);
    free(live);
}
