/* Runs the sensor: opens the captures, shares the budget, drives the workers, adds up. */
#include "sense/sense.h"

#include <pthread.h>
#include <unistd.h>

#include "base/progress.h"
#include "sense/stream.h"

#define MEMORY_DEFAULT (INT64_C(1) << 30)
#define MEMORY_MIN (INT64_C(16) << 20)

const struct zj_counter_info zj_counter_infos[] = {
#define ZJ_COUNTER(name, en, zh) {#name, en, zh, offsetof(struct zj_sense_stats, name)},
#include "sense/counters.def"
#undef ZJ_COUNTER
};
const size_t zj_counter_count = ZJ_COUNT(zj_counter_infos);

static void add_stats(struct zj_sense_stats *sum, const struct zj_sense_stats *more)
{
#define ZJ_COUNTER(name, en, zh) sum->name += more->name;
#include "sense/counters.def"
#undef ZJ_COUNTER
    if (more->first_ns && (!sum->first_ns || more->first_ns < sum->first_ns))
        sum->first_ns = more->first_ns;
    if (more->last_ns > sum->last_ns)
        sum->last_ns = more->last_ns;
}

/* All packets of one file, in this thread. */
static zj_err run_file(struct zj_job *job, struct zj_worker *w, struct zj_capture *cap)
{
    struct zj_packet pkts[ZJ_BATCH];
    struct zj_progress progress;
    const bool is_paced = zj_capture_is_paced(cap);
    size_t count = 0, batches = 0;
    zj_err err;
    w->source = zj_capture_name(cap);
    zj_progress_start(&progress, job, w->source, zj_capture_bytes_total(cap), true);
    do {
        err = zj_capture_batch(job, cap, pkts, &count);
        if (!err && count) {
            zj_worker_batch(w, pkts, count);
            err = zj_worker_flush(w, is_paced, false);
        }
        if (++batches % 256 == 0)
            zj_progress_at(&progress, zj_capture_bytes_read(cap));
    } while (!err && count && !zj_is_interrupted(job));
    zj_progress_end(&progress);
    return err;
}

/* Files in turn. A broken one does not keep the next from being read; the first fault is told. */
static zj_err run_files(struct zj_job *job, const struct zj_sense_opts *opts,
                        struct zj_capture **caps, struct zj_sink *sink, int64_t memory_bytes,
                        struct zj_sense_stats *stats)
{
    struct zj_worker *w = zj_alloc(sizeof *w);
    char first[sizeof job->message] = "";
    zj_err result = ZJ_OK;
    zj_worker_init(w, job, opts, sink, memory_bytes);
    for (size_t i = 0; i < opts->file_count && !zj_is_interrupted(job); i++) {
        zj_err err = run_file(job, w, caps[i]);
        if (err && !result) {
            result = err;
            memcpy(first, job->message, sizeof first);
        }
        zj_job_clear(job);
        if (err && err != ZJ_EINPUT)
            break;
    }
    zj_err err = zj_worker_finish(w);
    if (result) {
        memcpy(job->message, first, sizeof first);
        err = result;
    }
    add_stats(stats, &w->stats);
    zj_worker_release(w);
    free(w);
    return err;
}

static void close_all(struct zj_capture **caps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        zj_capture_close(caps[i]);
    free(caps);
}

static int64_t memory_of(const struct zj_sense_opts *opts)
{
    const int64_t bytes = opts->memory_bytes ? opts->memory_bytes : MEMORY_DEFAULT;
    return bytes < MEMORY_MIN ? MEMORY_MIN : bytes;
}

zj_err zj_sense_run(struct zj_job *job, const struct zj_sense_opts *opts, struct zj_sink *sink,
                    struct zj_sense_stats *out_stats)
{
    *out_stats = (struct zj_sense_stats){0};
    struct zj_capture **caps = zj_alloc((opts->file_count + 1) * sizeof(struct zj_capture *));
    zj_err err = ZJ_OK;
    size_t count = 0;
    for (; !err && count < opts->file_count; count += !err)
        err = zj_capture_open_file(job, opts->files[count], &caps[count]);
    if (!err)
        err = run_files(job, opts, caps, sink, memory_of(opts), out_stats);
    close_all(caps, count);
    return err;
}
