/* Capture files: any bytes as a file through the whole sensor, into a sink that keeps nothing. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sense/sense.h"

static zj_err keep_nothing(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                           const struct zj_cell *cells)
{
    (void)sink, (void)job, (void)kind, (void)cells;
    return ZJ_OK;
}

static zj_err events(struct zj_sink *sink, struct zj_job *job, struct zj_span lines)
{
    (void)sink, (void)job;
    assert(lines.len == 0 || lines.at[lines.len - 1] == '\n');
    return ZJ_OK;
}

static zj_err flush(struct zj_sink *sink, struct zj_job *job)
{
    (void)sink, (void)job;
    return ZJ_OK;
}

/* The packs of detections, read once: they take longer than most inputs. */
static const struct zj_detections *detections(void)
{
    static struct zj_detections *loaded;
    struct zj_job job;
    zj_job_init(&job);
    if (!loaded && zj_detections_load(&job, NULL, &loaded) != ZJ_OK)
        abort();
    zj_job_release(&job);
    return loaded;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[32];
    const int fd = memfd_create("capture", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        return 0;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct zj_job job;
    struct zj_sense_stats stats;
    struct zj_sink sink = {.fact = keep_nothing, .events = events, .flush = flush};
    const struct zj_sense_opts opts = {.files = (const char *[]){path},
                                       .file_count = 1,
                                       .workers = 1,
                                       .memory_bytes = 16 << 20,
                                       .want_events = true,
                                       .scan_payloads = true,
                                       .detections = detections()};
    zj_job_init(&job);
    job.quiet = true;
    const zj_err err = zj_sense_run(&job, &opts, &sink, &stats);
    assert(err == ZJ_OK || err == ZJ_EINPUT);
    assert(!err == !job.message[0]);
    assert(stats.packets <= size);
    zj_job_release(&job);
    close(fd);
    return 0;
}
