/* What a capture process that bytes of strangers took over may send to the one that started it: all
 * at once, and cut in two at any place. Both ways take the same, and every text lies in what came. */
#include <assert.h>

#include "sense/intake.h"

struct tally {
    struct zj_sink sink;
    uint64_t sum;
};

static void add(struct zj_sink *sink, struct zj_span bytes)
{
    struct tally *tally = (struct tally *)sink;
    for (size_t i = 0; i < bytes.len; i++)
        tally->sum = tally->sum * 31 + bytes.at[i];
}

static zj_err take_fact(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                        const struct zj_cell *cells)
{
    (void)job;
    for (size_t i = 0; i < zj_fact_kinds[kind].col_count; i++)
        add(sink, cells[i].text);
    return ZJ_OK;
}

static zj_err take_events(struct zj_sink *sink, struct zj_job *job, struct zj_span lines)
{
    (void)job;
    add(sink, lines);
    return ZJ_OK;
}

static zj_err take_flush(struct zj_sink *sink, struct zj_job *job)
{
    (void)sink, (void)job;
    return ZJ_OK;
}

static zj_err take_seen(struct zj_sink *sink, struct zj_job *job, const struct zj_seen *seen)
{
    (void)job;
    add(sink, zj_span_of(seen, sizeof *seen));
    return ZJ_OK;
}

static uint64_t take(struct zj_span all, size_t first)
{
    struct tally tally = {.sink = {.fact = take_fact,
                                   .events = take_events,
                                   .flush = take_flush,
                                   .seen = take_seen}};
    struct zj_sense_stats stats;
    struct zj_sense_faults faults = {0};
    struct zj_intake in = {
        .sink = &tally.sink, .stats = &stats, .faults = &faults, .faults_max = 3};
    struct zj_job job;
    zj_job_init(&job);
    zj_buf_span(&in.in, zj_span_part(all, 0, first));
    zj_err err = zj_intake_take(&job, &in);
    if (!err) {
        zj_buf_span(&in.in, zj_span_part(all, first, all.len));
        err = zj_intake_take(&job, &in);
    }
    assert(!err || zj_err_info(err)->name);
    assert(faults.count <= 3);
    zj_sense_faults_release(&faults);
    zj_buf_release(&in.in);
    zj_job_release(&job);
    return tally.sum * 64 + (uint64_t)err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    const struct zj_span all = zj_span_of(data + 1, size - 1);
    assert(take(all, all.len) == take(all, data[0] * all.len / 256));
    return 0;
}
