/* A sensor inside the server, so that one command shows live data. Its facts go to the store on a
 * connection of its own. */
#include <net/if.h>
#include <unistd.h>

#include "facts/facts.h"
#include "identify/identify.h"
#include "sense/sense.h"
#include "server/core.h"

struct zj_sensor {
    struct zj_server *server;
    struct zj_room room;
    int64_t org_id;
    struct zj_sense_opts opts;
    struct zj_identifier *identifier;
    struct zj_seen *seen;
    pthread_t thread;
};

enum { RETRY_MS = 2000 };

/* One run, to the end of the files, of the server or of the interface. */
static zj_err run_once(struct zj_sensor *sensor)
{
    struct zj_sense_stats stats = {0};
    struct zj_sink *sink = zj_facts_sink(sensor->room.store, sensor->org_id);
    zj_facts_sink_waits(sink);
    if (sensor->opts.keeps_seen)
        zj_facts_sink_files(sink);
    zj_err err = zj_sense_run_apart(&sensor->room.job, &sensor->opts, sink, &stats);
    if (!err || err == ZJ_EINPUT || err == ZJ_EINTR) {
        zj_err flushed = sink->flush(sink, &sensor->room.job);
        err = flushed ? flushed : err;
    }
    sink->free(sink);
    for (size_t i = 0; i < sensor->opts.file_count && !err; i++) {
        struct zj_capture_digest digest;
        err = zj_facts_digest(&sensor->room.job, sensor->opts.files[i], &digest);
        if (!err)
            err = zj_facts_keep_digest(&sensor->room.job, sensor->room.store, sensor->org_id, &digest);
    }
    struct zj_watch *watch = &sensor->server->watch;
    memcpy(watch->message, sensor->room.job.message, sizeof watch->message);
    atomic_store(&watch->state, err && err != ZJ_EINTR ? ZJ_WATCH_FAILED : ZJ_WATCH_ENDED);
    zj_log(err && err != ZJ_EINTR ? "error" : "info", "sensor_ended",
           "packets=%llu frames=%llu code=%s msg=\"%s\"", (unsigned long long)stats.packets,
           (unsigned long long)stats.frames, zj_err_info(err)->name, sensor->room.job.message);
    return err;
}

/* Whether to go on: an interface that was taken away may come back. */
static bool wait_for_interface(const struct zj_sensor *sensor)
{
    enum { STEP_MS = 100 };
    if (!sensor->opts.interface)
        return false;
    for (int ms = 0; ms < RETRY_MS || !if_nametoindex(sensor->opts.interface); ms += STEP_MS) {
        if (zj_is_interrupted(&sensor->room.job))
            return false;
        usleep(STEP_MS * 1000);
    }
    return true;
}

static void *run(void *arg)
{
    struct zj_sensor *sensor = arg;
    while (run_once(sensor) && wait_for_interface(sensor)) {
        zj_job_clear(&sensor->room.job);
        atomic_store(&sensor->server->watch.state, ZJ_WATCH_RUNS);
    }
    return NULL;
}

static zj_err find_org(struct zj_sensor *sensor, const char *code)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row = false;
    if (!code)
        return zj_facts_only_org(&sensor->room.job, sensor->room.store, &sensor->org_id);
    zj_err err = zj_store_prepare(&sensor->room.job, sensor->room.store,
                                  "SELECT id FROM reg_organisations WHERE code = $1"
                                  " AND deleted_at = 0",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, code);
    err = zj_stmt_step(&sensor->room.job, stmt, &has_row);
    if (!err && !has_row)
        err = zj_fail(&sensor->room.job, ZJ_ENOTFOUND,
                      zj_tr(&sensor->room.job, "no organisation '%s'", "没有单位“%s”"), code);
    if (!err)
        sensor->org_id = zj_stmt_int(stmt, 0);
    return err;
}

/* Captures are read again at every start: they count once. */
static zj_err count_once(struct zj_sensor *sensor)
{
    zj_err err = zj_facts_migrate(&sensor->room.job, sensor->room.store);
    if (!err)
        err = zj_facts_seen(&sensor->room.job, sensor->room.store, sensor->org_id, &sensor->seen,
                            &sensor->opts.seen_count);
    sensor->opts.seen = sensor->seen;
    sensor->opts.keeps_seen = !err;
    return err;
}

zj_err zj_sensor_start(struct zj_job *job, struct zj_server *server, struct zj_sensor **out)
{
    const struct zj_serve_opts *opts = server->opts;
    if (!opts->capture_count && !opts->interface) {
        *out = NULL;
        return ZJ_OK;
    }
    if (opts->interface && !if_nametoindex(opts->interface))
        return zj_fail(job, ZJ_ENOTFOUND,
                       zj_tr(job, "--sense %s: neither a file nor an interface of this machine",
                             "--sense %s：既不是文件，也不是本机的网络接口"),
                       opts->interface);
    struct zj_sensor *sensor = zj_alloc(sizeof *sensor);
    sensor->server = server;
    sensor->opts = (struct zj_sense_opts){
        .files = opts->captures,
        .file_count = opts->capture_count,
        .interface = opts->interface,
        .scan_payloads = true,
    };
    zj_err err = zj_room_open(job, server, "sensor", &sensor->room);
    const bool is_open = !err;
    /* a signal sets this one in the capture process too */
    sensor->room.job.interrupted = job->interrupted;
    if (!err)
        err = find_org(sensor, opts->org);
    if (!err)
        err = zj_identifier_open(&sensor->room.job, &sensor->identifier);
    sensor->opts.identifier = sensor->identifier;
    if (!err && opts->capture_count)
        err = count_once(sensor);
    server->watch.name = opts->interface ? opts->interface : opts->captures[0];
    server->watch.org_id = sensor->org_id;
    atomic_store(&server->watch.state, ZJ_WATCH_RUNS);
    if (!err && pthread_create(&sensor->thread, NULL, run, sensor) == 0) {
        *out = sensor;
        return ZJ_OK;
    }
    atomic_store(&server->watch.state, ZJ_WATCH_NONE);
    if (!err)
        err = zj_fail(job, ZJ_EIO, "no thread for the sensor");
    else if (is_open)
        zj_fail(job, err, "%s", sensor->room.job.message);
    zj_identifier_close(sensor->identifier);
    free(sensor->seen);
    zj_room_close(&sensor->room);
    free(sensor);
    return err;
}

void zj_sensor_stop(struct zj_sensor *sensor)
{
    if (!sensor)
        return;
    pthread_join(sensor->thread, NULL); /* is_stopping interrupts it */
    zj_identifier_close(sensor->identifier);
    free(sensor->seen);
    zj_room_close(&sensor->room);
    free(sensor);
}
