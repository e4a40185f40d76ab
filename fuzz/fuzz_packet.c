/* Packets: the first byte picks the link type, then each packet is step(1) length(2) bytes, where
 * step moves the clock. What the parser says of a payload must lie inside the packet or be a joined
 * datagram; the worker must keep its counters in order. */
#include <assert.h>

#include "sense/stream.h"

static zj_err keep_nothing(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                           const struct zj_cell *cells)
{
    (void)sink, (void)job, (void)kind, (void)cells;
    return ZJ_OK;
}

static zj_err flush(struct zj_sink *sink, struct zj_job *job)
{
    (void)sink, (void)job;
    return ZJ_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint32_t links[] = {ZJ_LINK_ETHERNET, ZJ_LINK_RAW, ZJ_LINK_SLL, ZJ_LINK_SLL2,
                                     ZJ_LINK_NULL,     ZJ_LINK_PPP, ZJ_LINK_IPV6, 227};
    struct zj_job job;
    struct zj_sink sink = {.fact = keep_nothing, .flush = flush};
    static struct zj_detections *detections; /* read once: what is looked for is no input here */
    struct zj_sense_opts opts = {.scan_payloads = true};
    struct zj_reader r = zj_reader_of(zj_span_of(data, size));
    struct zj_worker *w = zj_alloc(sizeof *w);
    struct zj_packet pkts[ZJ_BATCH];
    size_t count = 0;
    const uint32_t link = links[zj_rd_u8(&r) % ZJ_COUNT(links)];
    int64_t time_ns = INT64_C(1700000000000000000);
    uint64_t number = 0;
    zj_job_init(&job);
    if (!detections && zj_detections_load(&job, NULL, &detections))
        abort();
    opts.detections = detections;
    zj_worker_init(w, &job, &opts, &sink, 16 << 20);
    w->source = "fuzz";
    while (zj_rd_left(&r)) {
        const uint8_t step = zj_rd_u8(&r);
        const uint16_t len = zj_rd_be16(&r);
        const struct zj_span bytes = zj_rd_span(&r, len < zj_rd_left(&r) ? len : zj_rd_left(&r));
        time_ns += step < 250 ? step * INT64_C(1000000) : (step - 252) * INT64_C(4000000000000);
        pkts[count++] = (struct zj_packet){.at = bytes.at,
                                           .len = (uint32_t)bytes.len,
                                           .wire_len = (uint32_t)bytes.len + (step & 1),
                                           .time_ns = time_ns,
                                           .number = ++number,
                                           .link = link};
        zj_packet_spread(&pkts[count - 1], &w->aside);
        if (count == ZJ_BATCH || !zj_rd_left(&r)) {
            zj_worker_batch(w, pkts, count);
            count = 0;
        }
    }
    zj_worker_finish(w);
    assert(w->flows.count == 0);
    assert(w->stats.packets == number);
    assert(w->stats.tcp + w->stats.udp <= w->stats.packets);
    assert(w->stats.flows <= w->stats.tcp + w->stats.udp);
    zj_worker_release(w);
    free(w);
    zj_job_release(&job);
    return 0;
}
