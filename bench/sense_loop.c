/* sense_loop FILE [parse-only|no-scan]: the sensor in one process, its facts counted and dropped,
 * so that a profiler or valgrind sees it alone. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "sense/sense.h"

struct counting_sink {
    struct zj_sink sink;
    uint64_t facts;
};

static zj_err count_fact(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                         const struct zj_cell *cells)
{
    (void)job, (void)kind, (void)cells; /* counted only */
    ((struct counting_sink *)sink)->facts++;
    return ZJ_OK;
}

static zj_err count_flush(struct zj_sink *sink, struct zj_job *job)
{
    (void)sink, (void)job; /* nothing is kept */
    return ZJ_OK;
}

int main(int argc, char **argv)
{
    struct zj_job job;
    struct zj_sense_stats stats;
    struct counting_sink counting = {.sink = {.fact = count_fact, .flush = count_flush}};
    if (argc < 2) {
        fprintf(stderr, "sense_loop FILE [parse-only|no-scan]\n");
        return 2;
    }
    zj_job_init(&job);
    job.quiet = true;
    const struct zj_sense_opts opts = {
        .files = (const char *const[]){argv[1]},
        .file_count = 1,
        .workers = 1,
        .parse_only = argc > 2 && strcmp(argv[2], "parse-only") == 0,
        .scan_payloads = argc == 2,
    };
    const zj_err err = zj_sense_run(&job, &opts, &counting.sink, &stats);
    if (err)
        fprintf(stderr, "sense_loop: %s\n", job.message);
    printf("%llu packets, %llu facts\n", (unsigned long long)stats.packets,
           (unsigned long long)counting.facts);
    zj_job_release(&job);
    return err != ZJ_OK;
}
