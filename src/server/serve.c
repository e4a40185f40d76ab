/* Starting and stopping: the stores, the rules, HTTP, the live thread, the sensor. */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/paths.h"
#include "facts/facts.h"
#include "register/register.h"
#include "server/core.h"

enum { CONNECTIONS_MAX = 1000, STREAMS_MAX = 100, IDLE_S = 30, WAIT_MS = 100 };

/* Of every answer. Styles are inline because the console's components write them so; scripts never.
 */
static const struct zj_pair common_headers[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
     "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
     "worker-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {NULL, NULL},
};

static zj_err open_rooms(struct zj_job *job, struct zj_server *server)
{
    for (unsigned i = 0; i < ZJ_WORKERS; i++) {
        struct zj_room *room = &server->rooms[i];
        zj_err err = zj_room_open(job, server, "nobody", room);
        if (err)
            return err;
        zj_store_heed_stop(room->store, &room->job);
    }
    struct zj_store *store = server->rooms[0].store;
    zj_err err = zj_registers_migrate(job, store);
    return err ? err : zj_facts_migrate(job, store);
}

static void close_rooms(struct zj_server *server)
{
    for (unsigned i = 0; i < ZJ_WORKERS; i++)
        zj_room_close(&server->rooms[i]);
}

static zj_err check_store(struct zj_job *job)
{
    if (strncmp(job->db, "postgresql://", 13) == 0 || access(job->db, R_OK | W_OK) == 0)
        return ZJ_OK;
    return zj_fail(job, errno == ENOENT ? ZJ_ENOTFOUND : ZJ_EIO,
                   zj_tr(job, "no store at %s (%s); 'zhuji init' makes one",
                         "%s 处没有数据库（%s），请先运行 zhuji init"),
                   job->db, zj_strerror(job, errno));
}

/* web/dist in the build tree, web under the prefix: told apart by the built assets. */
static const char *console_dir(struct zj_job *job)
{
    const char *const places[] = {"web/dist", "web"};
    for (size_t i = 0; i < ZJ_COUNT(places); i++) {
        const char *assets =
            zj_data_path(job, zj_arena_printf(&job->arena, "%s/assets", places[i]));
        if (assets)
            return zj_arena_span(&job->arena, zj_span_of(assets, strlen(assets) - 7));
    }
    return NULL;
}

static void load_plan(struct zj_job *job, struct zj_server *server)
{
    zj_err err = zj_plan_load(job, NULL, &server->plan);
    if (err)
        zj_log("error", "packs_not_loaded", "code=%s msg=\"%s\"", zj_err_info(err)->name,
               job->message);
    err = zj_work_load(job, NULL, &server->work);
    if (err)
        zj_log("error", "packs_of_cases_not_loaded", "code=%s msg=\"%s\"", zj_err_info(err)->name,
               job->message);
    zj_job_clear(job);
}

static zj_err open_http(struct zj_job *job, struct zj_server *server)
{
    const struct zj_http_opts opts = {
        .listen = server->opts->listen,
        .workers = ZJ_WORKERS,
        .connections_max = CONNECTIONS_MAX,
        .streams_max = STREAMS_MAX,
        .idle_s = IDLE_S,
        .upload_bytes_max = ZJ_UPLOAD_BYTES_MAX,
        .headers = common_headers,
    };
    const struct zj_http_app app = {server, zj_app_gate, zj_app_handle};
    return zj_http_open(job, &opts, &app, &server->http);
}

/* Where it can be reached, on stdout: for people and for scripts that chose port 0. */
static void announce(struct zj_job *job, const struct zj_server *server)
{
    const char *place = server->opts->listen;
    const char *colon = strrchr(place, ':');
    fprintf(job->out,
            zj_tr(job, "Zhuji serves at http://%.*s:%u/\n", "筑基已启动：http://%.*s:%u/\n"),
            (int)(colon ? colon - place : 0), place, zj_http_port(server->http));
    if (!server->web_dir)
        fputs(zj_tr(job, "without the console: its files are not there, 'make web' builds them\n",
                    "没有控制台：缺少其文件，运行 make web 构建\n"),
              job->out);
    fflush(job->out);
    zj_log("info", "started", "listen=%s port=%u db=%s console=%s", place,
           zj_http_port(server->http), job->db, server->web_dir ? server->web_dir : "none");
}

static void wait_until_interrupted(struct zj_job *job)
{
    const struct timespec pause = {0, WAIT_MS * 1000000L};
    while (!zj_is_interrupted(job))
        nanosleep(&pause, NULL); /* a signal ends it early */
}

static zj_err start_and_wait(struct zj_job *job, struct zj_server *server)
{
    struct zj_live *live = NULL;
    struct zj_sensor *sensor = NULL;
    struct zj_consumer *consumer = NULL;
    struct zj_post *post = NULL;
    zj_err err = open_rooms(job, server);
    if (!err)
        err = zj_uploads_open(job, &server->uploads);
    if (!err)
        err = open_http(job, server);
    if (!err)
        err = zj_live_start(job, server, &live);
    if (!err)
        err = zj_sensor_start(job, server, &sensor);
    if (!err)
        err = zj_consumer_start(job, server, &consumer);
    if (!err)
        err = zj_post_start(job, server, &post);
    if (!err) {
        announce(job, server);
        wait_until_interrupted(job);
        zj_log("info", "stopping", "connections=%u", zj_http_connections(server->http));
    }
    atomic_store(&server->is_stopping, true);
    zj_post_stop(post);
    zj_consumer_stop(consumer);
    zj_sensor_stop(sensor);
    zj_live_stop(live); /* before HTTP: it wakes HTTP's streams */
    zj_http_close(server->http);
    zj_uploads_close(&server->uploads);
    close_rooms(server);
    return err;
}

zj_err zj_serve(struct zj_job *job, const struct zj_serve_opts *opts)
{
    zj_err err = check_store(job);
    if (err)
        return err;
    struct zj_server *server = zj_alloc(sizeof *server);
    server->opts = opts;
    server->metrics.started_ns = zj_now_ns(job);
    pthread_mutex_init(&server->guard.lock, NULL);
    pthread_mutex_init(&server->pulse.lock, NULL);
    pthread_mutex_init(&server->touched_lock, NULL);
    pthread_mutex_init(&server->cache.lock, NULL);
    pthread_mutex_init(&server->replays.lock, NULL);
    zj_random(&server->guard.seed, sizeof server->guard.seed);
    server->web_dir = opts->web_dir ? opts->web_dir : console_dir(job);
    load_plan(job, server);
    server->writers = zj_write_queue_new();
    err = start_and_wait(job, server);
    zj_write_queue_free(server->writers);
    zj_plan_free(server->plan);
    zj_work_free(server->work);
    zj_cache_release(&server->cache);
    zj_replays_release(&server->replays);
    free(server);
    return err;
}
