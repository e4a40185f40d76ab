#include "sense/intake.h"

#include <string.h>

enum { REC_BYTES_MAX = 8 * 1024 * 1024 };

static zj_err garbled(struct zj_job *job)
{
    return zj_fail(job, ZJ_EBUG,
                   zj_tr(job, "the capture process sent nonsense", "采集进程发送了无效数据"));
}

static uint64_t take_number(struct zj_reader *r, size_t bytes)
{
    uint64_t value = 0;
    const struct zj_span s = zj_rd_span(r, bytes);
    memcpy(&value, s.at, s.len);
    return value;
}

static zj_err take_fact(struct zj_job *job, struct zj_intake *in, struct zj_reader *r)
{
    struct zj_cell cells[ZJ_FACT_COLS_MAX] = {0};
    const uint8_t kind = zj_rd_u8(r);
    if (kind >= ZJ_FACT_KIND_COUNT)
        return garbled(job);
    for (size_t i = 0; i < zj_fact_kinds[kind].col_count; i++) {
        cells[i].num = (int64_t)take_number(r, 8);
        const struct zj_span addr = zj_rd_span(r, sizeof cells[i].addr.bytes);
        memcpy(cells[i].addr.bytes, addr.at, addr.len);
        cells[i].text = zj_rd_span(r, (size_t)take_number(r, 4));
    }
    if (r->ran_out || zj_rd_left(r))
        return garbled(job);
    return in->sink->fact(in->sink, job, (enum zj_fact_id)kind, cells);
}

static zj_err take_seen(struct zj_job *job, struct zj_intake *in, struct zj_span body)
{
    struct zj_seen seen;
    if (body.len != sizeof seen || !in->sink->seen)
        return garbled(job);
    memcpy(&seen, body.at, sizeof seen);
    if (seen.ends > INT64_MAX)
        return garbled(job);
    return in->sink->seen(in->sink, job, &seen);
}

static zj_err take_fault(struct zj_job *job, struct zj_intake *in, struct zj_reader *r)
{
    const struct zj_span file = zj_rd_span(r, (size_t)take_number(r, 4));
    const struct zj_span message = zj_rd_rest(r);
    if (r->ran_out || !in->faults || in->faults->count >= in->faults_max)
        return garbled(job);
    zj_sense_fault_add(in->faults, zj_arena_span(&job->arena, file),
                       zj_arena_span(&job->arena, message));
    return ZJ_OK;
}

static zj_err take_end(struct zj_job *job, struct zj_intake *in, struct zj_reader *r)
{
    const uint64_t end = take_number(r, 4);
    const struct zj_span stats = zj_rd_span(r, sizeof *in->stats);
    if (r->ran_out || end >= ZJ_ERR_COUNT)
        return garbled(job);
    in->end = (zj_err)end;
    memcpy(in->stats, stats.at, stats.len);
    const struct zj_span message = zj_rd_rest(r);
    in->is_ended = true;
    if (in->end && message.len)
        return zj_fail(job, in->end, "%.*s", (int)message.len, (const char *)message.at);
    return in->end;
}

static zj_err take_record(struct zj_job *job, struct zj_intake *in, uint8_t kind, struct zj_span body)
{
    struct zj_reader r = zj_reader_of(body);
    switch (kind) {
    case ZJ_REC_FACT:
        return take_fact(job, in, &r);
    case ZJ_REC_EVENTS:
        return in->sink->events ? in->sink->events(in->sink, job, body) : ZJ_OK;
    case ZJ_REC_SEEN:
        return take_seen(job, in, body);
    case ZJ_REC_FLUSH:
        return in->sink->flush(in->sink, job);
    case ZJ_REC_FAULT:
        return take_fault(job, in, &r);
    case ZJ_REC_END:
        return take_end(job, in, &r);
    default:
        return garbled(job);
    }
}

zj_err zj_intake_take(struct zj_job *job, struct zj_intake *in)
{
    zj_err err = ZJ_OK;
    size_t at = 0;
    while (!err && in->in.len - at >= ZJ_REC_HEAD) {
        uint32_t len;
        memcpy(&len, in->in.at + at + 1, sizeof len);
        if (len > REC_BYTES_MAX)
            return garbled(job);
        if (in->in.len - at - ZJ_REC_HEAD < len)
            break;
        err = take_record(job, in, in->in.at[at], zj_span_of(in->in.at + at + ZJ_REC_HEAD, len));
        at += ZJ_REC_HEAD + len;
    }
    if (at)
        memmove(in->in.at, in->in.at + at, in->in.len - at);
    in->in.len -= at;
    return err;
}
