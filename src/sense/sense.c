/* Runs the sensor: opens the captures, shares the budget, drives the workers, adds up. */
#include "sense/sense.h"

#include <sched.h>

#include "base/clock.h"
#include "base/progress.h"
#include "sense/lanes.h"
#include "sense/relay.h"

enum {
    THREADS_MAX = 64,
    REACH_BATCHES = 64, /* of a file: what a worker has noted is handed over at least so often */
};

#define MEMORY_DEFAULT   (INT64_C(1) << 30)
#define MEMORY_MIN       (INT64_C(16) << 20)
#define WORKER_BYTES_MIN (INT64_C(4) << 20)
#define SPLIT_BYTES_MIN  (INT64_C(256) << 20) /* with less, flows and facts share it better */
#define ASK_NS           INT64_C(500000000) /* how often the kernel is asked for its drops */
#define REACH_NS         INT64_C(10000000)  /* live: how often notes are handed over */
#define BEHIND_NS        INT64_C(100000000) /* and how old a packet may be when it is given to us */

const struct zj_counter_info zj_counter_infos[] = {
#define ZJ_COUNTER(name, en, zh) {#name, en, zh, offsetof(struct zj_sense_stats, name)},
#include "sense/counters.def"
#undef ZJ_COUNTER
};
const size_t zj_counter_count = ZJ_COUNT(zj_counter_infos);

void zj_sense_stats_add(struct zj_sense_stats *sum, const struct zj_sense_stats *more)
{
#define ZJ_COUNTER(name, en, zh) sum->name += more->name;
#include "sense/counters.def"
#undef ZJ_COUNTER
    if (more->first_ns && (!sum->first_ns || more->first_ns < sum->first_ns))
        sum->first_ns = more->first_ns;
    if (more->last_ns > sum->last_ns)
        sum->last_ns = more->last_ns;
}

static int64_t memory_of(const struct zj_sense_opts *opts)
{
    const int64_t bytes = opts->memory_bytes ? opts->memory_bytes : MEMORY_DEFAULT;
    return bytes < MEMORY_MIN ? MEMORY_MIN : bytes;
}

/* A file that could not be opened, while the others were read. */
struct missed {
    zj_err err;
    char message[sizeof((struct zj_job *)0)->message];
};

static zj_err deliver(struct zj_worker *w, const struct zj_packet *pkts, size_t count,
                      const struct zj_capture *cap)
{
    if (w->shares)
        zj_worker_share(w, pkts, count);
    else
        zj_worker_batch(w, pkts, count);
    const zj_err err = zj_worker_flush(w, zj_capture_is_paced(cap), false);
    if (!w->relay)
        return err;
    const bool is_due = ++w->batches % REACH_BATCHES == 0 ||
                        (count < ZJ_BATCH && zj_capture_is_paced(cap)); /* the next may be far */
    return zj_relay_reach(w->relay, pkts[count - 1].number + 1, is_due);
}

/* All packets of one file. */
static zj_err run_file(struct zj_worker *w, struct zj_capture *cap)
{
    struct zj_job *job = w->job;
    struct zj_packet pkts[ZJ_BATCH];
    struct zj_progress progress;
    size_t count = 0, batches = 0;
    zj_err err;
    w->source = zj_capture_name(cap);
    zj_progress_start(&progress, job, zj_capture_typed(cap), zj_capture_bytes_total(cap), true);
    do {
        err = zj_capture_batch(job, cap, pkts, &count);
        if (!err && count)
            err = deliver(w, pkts, count, cap);
        if (++batches % 256 == 0)
            zj_progress_at(&progress, zj_capture_bytes_read(cap));
    } while (!err && count && !zj_is_interrupted(job));
    zj_progress_end(&progress);
    return err;
}

/* Files in turn. A broken one does not keep the next from being read; the first fault is told. */
zj_err zj_files_run(struct zj_worker *w, struct zj_capture **caps, size_t count)
{
    struct zj_job *job = w->job;
    char first[sizeof job->message] = "";
    zj_err result = ZJ_OK;
    for (size_t i = 0; i < count && !zj_is_interrupted(job); i++) {
        struct zj_capture *shared = w->shares ? zj_capture_share(caps[i]) : NULL;
        if (w->relay)
            zj_relay_begin(w->relay, i);
        zj_err err = run_file(w, shared ? shared : caps[i]);
        zj_capture_close(shared);
        if (err == ZJ_EINPUT && !w->share) /* all workers read the same */
            zj_sense_fault_add(w->opts->faults, zj_capture_typed(caps[i]), job->message);
        if (err && !result) {
            result = err;
            memcpy(first, job->message, sizeof first);
        }
        if (err && err != ZJ_EINPUT)
            break;
        if (err)
            zj_job_clear(job); /* not what a sink said that the next flush will tell of */
    }
    if (result)
        memcpy(job->message, first, sizeof first);
    return result;
}

/* The end of one worker; an earlier failure is the one that is told. */
static zj_err finish(struct zj_job *job, struct zj_worker *w, zj_err result,
                     struct zj_sense_stats *stats)
{
    char first[sizeof job->message];
    memcpy(first, job->message, sizeof first);
    if (result)
        zj_job_clear(job);
    const zj_err err = zj_worker_finish(w);
    zj_sense_stats_add(stats, &w->stats);
    zj_worker_release(w);
    free(w);
    if (result && first[0]) {
        memcpy(job->message, first, sizeof first);
        return result;
    }
    return err ? err : result;
}

/* Idle, what was sent until a moment ago has come. */
/* What only the kernel knows. */
static void ask_kernel(struct zj_worker *w, struct zj_capture *cap)
{
    w->stats.drop_kernel += zj_capture_kernel_drops(cap);
    w->stats.link_down += zj_capture_link_downs(cap);
}

static zj_err reach_live(struct zj_worker *w, const struct zj_packet *last, int64_t tick_ns)
{
    const bool is_due = !last || tick_ns - w->flushed_ns >= REACH_NS;
    const int64_t time_ns = last ? last->time_ns : zj_now_ns(w->job) - BEHIND_NS;
    if (is_due)
        w->flushed_ns = tick_ns;
    return zj_relay_reach(w->relay, (uint64_t)time_ns, is_due);
}

zj_err zj_live_run(struct zj_worker *w, struct zj_capture *cap, bool shows_progress)
{
    struct zj_packet pkts[ZJ_BATCH];
    struct zj_progress progress;
    const int64_t start_ns = zj_tick_ns(), duration_ns = w->opts->duration_ms * 1000000;
    int64_t asked_ns = start_ns, now_ns = start_ns;
    zj_err err = ZJ_OK;
    w->source = zj_capture_name(cap);
    zj_progress_start(&progress, w->job, w->source, 0, false);
    progress.unit_en = " packets";
    progress.unit_zh = " 个报文";
    while (!err && !zj_is_interrupted(w->job) &&
           !(duration_ns && now_ns - start_ns >= duration_ns)) {
        size_t count;
        err = zj_capture_batch(w->job, cap, pkts, &count);
        if (!err && w->all_packets)
            atomic_fetch_add(w->all_packets, count);
        if (!err && count)
            zj_worker_batch(w, pkts, count);
        else if (!err)
            zj_worker_idle(w, zj_now_ns(w->job));
        if (!err)
            err = w->relay ? reach_live(w, count ? &pkts[count - 1] : NULL, now_ns)
                           : zj_worker_flush(w, true, false);
        now_ns = zj_tick_ns();
        if (now_ns - asked_ns >= ASK_NS) {
            asked_ns = now_ns;
            ask_kernel(w, cap);
            if (shows_progress)
                zj_progress_at(&progress,
                               w->all_packets ? atomic_load(w->all_packets) : w->stats.packets);
        }
    }
    zj_progress_end(&progress);
    ask_kernel(w, cap);
    return err;
}

static zj_err run_live(struct zj_job *job, const struct zj_sense_opts *opts,
                       struct zj_capture **caps, size_t count, int threads, struct zj_sink *sink,
                       struct zj_sense_stats *stats)
{
    if (threads > 1)
        return zj_lanes_run(job, opts, caps, count, (int)count, sink, memory_of(opts), stats);
    struct zj_worker *w = zj_alloc(sizeof *w);
    zj_worker_init(w, job, opts, sink, memory_of(opts));
    return finish(job, w, zj_live_run(w, caps[0], true), stats);
}

/* One of several threads observes, where anything is observed. */
static int workers_of(const struct zj_sense_opts *opts, int threads)
{
    return threads > 1 && !opts->parse_only ? threads - 1 : threads;
}

/* What comes through a pipe has one reader. */
static bool can_share(struct zj_capture **caps, size_t count)
{
    bool is_all = true;
    for (size_t i = 0; i < count && is_all; i++) {
        struct zj_capture *shared = zj_capture_share(caps[i]);
        is_all = shared != NULL;
        zj_capture_close(shared);
    }
    return is_all;
}

static zj_err run_files(struct zj_job *job, const struct zj_sense_opts *opts,
                        struct zj_capture **caps, size_t count, int threads, struct zj_sink *sink,
                        struct zj_sense_stats *stats)
{
    const int workers = can_share(caps, count) ? workers_of(opts, threads) : 1;
    if (threads > 1)
        return zj_lanes_run(job, opts, caps, count, workers, sink, memory_of(opts), stats);
    struct zj_worker *w = zj_alloc(sizeof *w);
    zj_worker_init(w, job, opts, sink, memory_of(opts));
    return finish(job, w, zj_files_run(w, caps, count), stats);
}

static int64_t cores(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

/* No more than the memory can bear. Of a file two keep pace with each other: more readers walk all
 * of it each, while one observes. */
static int threads_of(const struct zj_sense_opts *opts)
{
    const int64_t fit = memory_of(opts) / WORKER_BYTES_MIN;
    const int64_t most = fit < THREADS_MAX ? fit : THREADS_MAX;
    int64_t wanted = opts->workers;
    if (wanted <= 0)
        wanted = cores();
    if (opts->workers <= 0 && !opts->interface)
        wanted = wanted < 2 || opts->parse_only || memory_of(opts) < SPLIT_BYTES_MIN ? 1 : 2;
    return (int)(wanted < 1 ? 1 : wanted < most ? wanted : most);
}

/* The counters as facts, so that the console can tell what was read and what was dropped. */
static zj_err tell_counters(struct zj_job *job, const struct zj_sense_opts *opts,
                            const char *source, struct zj_sink *sink,
                            const struct zj_sense_stats *stats)
{
    const char *name = opts->sensor_name ? opts->sensor_name : source;
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < zj_counter_count && !err && stats->packets; i++) {
        struct zj_cell cells[ZJ_SN_COLS] = {0};
        uint64_t value;
        memcpy(&value, (const char *)stats + zj_counter_infos[i].offset, sizeof value);
        if (!value)
            continue;
        cells[ZJ_SN_SENSOR].text = zj_span_str(name);
        cells[ZJ_SN_COUNTER].text = zj_span_str(zj_counter_infos[i].name);
        cells[ZJ_SN_VALUE].num = (int64_t)value;
        cells[ZJ_SN_FIRST_SEEN].num = stats->first_ns;
        cells[ZJ_SN_LAST_SEEN].num = stats->last_ns;
        err = sink->fact(sink, job, ZJ_FACT_SENSOR, cells);
    }
    return err ? err : sink->flush(sink, job);
}

/* Interfaces are opened all or not; of files those that can be, and `missed` says the first that
 * cannot. */
static zj_err open_all(struct zj_job *job, const struct zj_sense_opts *opts, size_t want,
                       struct zj_capture **caps, size_t *out_count, struct missed *missed)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; !err && i < want; i++) {
        struct zj_capture **to = &caps[*out_count];
        err = opts->interface ? zj_capture_open_live(job, opts->interface, (int)i, (int)want, to)
                              : zj_capture_open_file(job, opts->files[i], to);
        *out_count += !err;
        if (!err || opts->interface)
            continue;
        zj_sense_fault_add(opts->faults, opts->files[i], job->message);
        if (!missed->err) {
            missed->err = err;
            memcpy(missed->message, job->message, sizeof missed->message);
        }
        zj_job_clear(job);
        err = ZJ_OK;
    }
    return err || *out_count || !missed->err ? err
                                             : zj_fail(job, missed->err, "%s", missed->message);
}

static zj_err run_captures(struct zj_job *job, const struct zj_sense_opts *opts,
                           struct zj_sink *sink, struct zj_sense_stats *out_stats)
{
    const int threads = threads_of(opts);
    const size_t want = opts->interface ? (size_t)workers_of(opts, threads) : opts->file_count;
    struct zj_capture **caps = zj_alloc((want + 1) * sizeof(struct zj_capture *));
    struct missed missed = {0};
    size_t count = 0;
    zj_err err = open_all(job, opts, want, caps, &count, &missed);
    if (!err && opts->before_first_byte)
        err = opts->before_first_byte(job);
    if (!err)
        err = opts->interface ? run_live(job, opts, caps, count, threads, sink, out_stats)
                              : run_files(job, opts, caps, count, threads, sink, out_stats);
    const char *name = count ? zj_captures_name(job, caps, opts->interface ? 1 : count) : NULL;
    const zj_err told = count ? tell_counters(job, opts, name, sink, out_stats) : ZJ_OK;
    for (size_t i = 0; i < count; i++)
        zj_capture_close(caps[i]);
    free(caps);
    if (!err && out_stats->packets && out_stats->packets == out_stats->drop_link)
        err = zj_fail(
            job, ZJ_EINPUT,
            zj_tr(job, "no packet has a link type that is understood", "没有可识别链路类型的报文"));
    if (!err && missed.err)
        err = zj_fail(job, missed.err, "%s", missed.message);
    return err ? err : told;
}

zj_err zj_sense_run(struct zj_job *job, const struct zj_sense_opts *opts, struct zj_sink *sink,
                    struct zj_sense_stats *out_stats)
{
    struct zj_sense_opts with = *opts;
    struct zj_detections *loaded = NULL;
    *out_stats = (struct zj_sense_stats){0};
    zj_err err =
        opts->detections || opts->parse_only ? ZJ_OK : zj_detections_load(job, NULL, &loaded);
    if (loaded)
        with.detections = loaded;
    if (!err)
        err = run_captures(job, &with, sink, out_stats);
    zj_detections_free(loaded);
    return err;
}
