/* One worker: its flows, its streams, its observer. Nothing here is shared between threads. */
#include "sense/stream.h"

#include "base/clock.h"
#include "sense/ask.h"
#include "sense/relay.h"

enum {
    AHEAD_BYTES = 5 * 64,    /* a packet of middling size and its record */
    FLUSH_PACKETS = 1 << 21, /* a file is flushed by packets, so that every run writes the same */
    /* per cent of the budget: what each has of its own, what goes where the need is, and the most
     * of flows and streams; the rest is for what the allocator and growing indexes take */
    FLOW_SHARE = 8,
    POOL_SHARE = 10,
    FACT_SHARE = 24,
    FRAGMENT_SHARE = 3,
    COMMON_SHARE = 52,
    OBSERVER_SHARE = COMMON_SHARE / 2, /* of it where one observes for several */
    FLOW_MOST = 35,
    POOL_MOST = 45,
};

void zj_worker_init(struct zj_worker *w, struct zj_job *job, const struct zj_sense_opts *opts,
                    struct zj_sink *sink, int64_t memory_bytes)
{
    const int64_t percent = memory_bytes / 100;
    *w = (struct zj_worker){.job = job, .opts = opts};
    zj_parser_init(&w->parser, &w->stats, percent * FRAGMENT_SHARE);
    w->common = percent * (sink ? COMMON_SHARE : COMMON_SHARE - OBSERVER_SHARE);
    zj_flows_init(&w->flows, (struct zj_budget){percent * FLOW_SHARE, &w->common},
                  percent * FLOW_MOST);
    zj_pool_init(&w->pool, (struct zj_budget){percent * POOL_SHARE, &w->common},
                 percent * POOL_MOST);
    w->tls = zj_codec_find(ZJ_SPAN_LIT("tls"));
    w->flushed_ns = zj_tick_ns();
    if (sink && !opts->parse_only)
        w->observer = zj_observer_new(job, opts, sink, &w->stats, percent * FACT_SHARE, &w->common);
}

struct zj_observer *zj_worker_observer(struct zj_job *job, const struct zj_sense_opts *opts,
                                       struct zj_sink *sink, struct zj_sense_stats *stats,
                                       int64_t memory_bytes, int64_t *common)
{
    const int64_t percent = memory_bytes / 100;
    *common = percent * OBSERVER_SHARE;
    return zj_observer_new(job, opts, sink, stats, percent * FACT_SHARE, common);
}

void zj_worker_release(struct zj_worker *w)
{
    zj_observer_free(w->observer);
    zj_flows_release(&w->flows);
    zj_pool_release(&w->pool);
    zj_parser_release(&w->parser);
}

static void end_flow(struct zj_worker *w, struct zj_flow *flow)
{
    zj_stream_end(w, flow);
    zj_flow_remove(&w->flows, flow);
}

bool zj_worker_evict(struct zj_worker *w, const struct zj_flow *except)
{
    struct zj_flow *flow = zj_flows_oldest(&w->flows);
    if (!flow || flow == except)
        return false;
    w->stats.flows_evicted++;
    end_flow(w, flow);
    return true;
}

/* Packet time moves on: ends what has been idle too long. */
static void tick(struct zj_worker *w, int64_t time_ns)
{
    w->second_ns = time_ns - time_ns % ZJ_NS_PER_S;
    for (struct zj_flow *flow; (flow = zj_flows_expired(&w->flows, time_ns));) {
        w->stats.flows_expired++;
        end_flow(w, flow);
    }
}

/* The client is who sent the SYN; where that was not seen, the side with the higher port. */
static struct zj_flow *open_flow(struct zj_worker *w, const struct zj_layers *l, int *out_dir)
{
    const bool is_tcp = l->proto == ZJ_PROTO_TCP, is_syn = is_tcp && l->tcp_flags & ZJ_TCP_SYN;
    const bool is_first = is_syn && !(l->tcp_flags & ZJ_TCP_ACK);
    const bool source_is_client = is_syn ? is_first : l->port[0] >= l->port[1];
    const enum zj_flow_age age = !is_tcp ? ZJ_AGE_UDP : is_syn ? ZJ_AGE_HALF_OPEN : ZJ_AGE_OPEN;
    if (zj_flows_is_full(&w->flows))
        zj_worker_evict(w, NULL);
    struct zj_flow *flow = zj_flow_add(&w->flows, l, source_is_client, age, w->now_ns);
    if (is_syn)
        flow->flags |= ZJ_FLOW_FROM_SYN;
    w->stats.flows++;
    *out_dir = source_is_client ? 0 : 1;
    return flow;
}

/* The life of a packet after its headers are read; `guess` is where its flow was when the batch
 * began, which its key confirms. Every stage is here, in order; nothing registers
 * itself into it, and nothing in it allocates, locks, logs or formats. */
static void packet(struct zj_worker *w, const struct zj_packet *pkt, const struct zj_layers *l,
                   struct zj_flow *guess)
{
    int dir = 0;
    w->now_ns = pkt->time_ns;
    w->packet = pkt->number;
    if ((uint64_t)pkt->time_ns - (uint64_t)w->second_ns >= (uint64_t)ZJ_NS_PER_S)
        tick(w, pkt->time_ns);

    struct zj_flow *flow =
        guess && zj_flow_is(guess, l, &dir) ? guess : zj_flow_find(&w->flows, l, &dir);
    if (flow && l->tcp_flags & ZJ_TCP_SYN && zj_is_reopened(flow, l, dir, pkt->time_ns)) {
        end_flow(w, flow);
        flow = NULL;
    }
    if (!flow)
        flow = open_flow(w, l, &dir);
    flow->last_ns = pkt->time_ns;
    flow->flags |= (uint8_t)(ZJ_FLOW_SEEN << dir);
    flow->packets[dir]++;
    flow->bytes[dir] += pkt->wire_len;

    if (l->proto == ZJ_PROTO_TCP)
        zj_stream_tcp(w, flow, l, dir);
    else
        zj_stream_udp(w, flow, l, dir);
}

static void prefetch(const void *at, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += 64)
        __builtin_prefetch((const char *)at + i);
}

/* One step further along each chain of pointers for the whole batch: what a packet will touch is
 * asked for while the others are. A flow that packets of this batch open or close is only a guess.
 */
static void prefetch_streams(struct zj_worker *w, struct zj_flow *const *flows, size_t count)
{
    const struct zj_stream *streams[ZJ_BATCH];
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (flows[i] && flows[i]->stream && !(flows[i]->flags & ZJ_FLOW_IGNORED)) {
            streams[n++] = flows[i]->stream;
            zj_ask_for(flows[i]->stream, sizeof *flows[i]->stream);
        }
    if (w->relay)
        return; /* sessions are another thread's */
    for (size_t i = 0; i < n; i++)
        zj_observe_prefetch(w->observer, streams[i]->session, 0);
    for (size_t i = 0; i < n; i++)
        zj_observe_prefetch(w->observer, streams[i]->session, 1);
}

static void took(struct zj_worker *w, const struct zj_packet *pkts, size_t count)
{
    if (count && w->stats.first_ns == 0)
        w->stats.first_ns = pkts[0].time_ns;
    if (count)
        w->stats.last_ns = pkts[count - 1].time_ns;
    if (count)
        w->packet = pkts[count - 1].number;
    w->since_flush += count;
}

/* Headers of the whole batch first, so that the memory of its flows is on its way before use. While
 * its packets are worked on, the next batch comes: it lies behind this one in a file, and often in
 * a ring; asking for memory that is not there does no harm. */
void zj_worker_batch(struct zj_worker *w, const struct zj_packet *pkts, size_t count)
{
    struct zj_layers layers[ZJ_BATCH];
    const struct zj_packet *of[ZJ_BATCH];
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (zj_layers_parse(&w->parser, &pkts[i], &layers[n])) {
            zj_flows_prefetch_slot(&w->flows, layers[n].hash);
            of[n++] = &pkts[i];
        }
    struct zj_flow *flows[ZJ_BATCH];
    for (size_t i = 0; i < n; i++)
        flows[i] = zj_flows_prefetch_flow(&w->flows, layers[i].hash);
    if (w->observer)
        prefetch_streams(w, flows, n);
    const uint8_t *ahead = n ? pkts[count - 1].at + pkts[count - 1].len : NULL;
    for (size_t i = 0; i < n; i++, ahead += AHEAD_BYTES) {
        prefetch(ahead, AHEAD_BYTES);
        packet(w, of[i], &layers[i], flows[i]);
    }

    took(w, pkts, w->shares ? 0 : count);
    zj_parser_batch_end(&w->parser);
}

static bool is_next_second(const struct zj_worker *w, const struct zj_packet *pkt)
{
    return (uint64_t)pkt->time_ns - (uint64_t)w->second_ns >= (uint64_t)ZJ_NS_PER_S;
}

static bool is_its_own(struct zj_worker *w, const struct zj_packet *pkt)
{
    return (zj_packet_spread(pkt, &w->aside) >> 32) * w->shares >> 32 == w->share;
}

/* The packets of others move its time on, so that flows end where they end with one worker. */
void zj_worker_share(struct zj_worker *w, const struct zj_packet *pkts, size_t count)
{
    struct zj_packet own[ZJ_BATCH];
    size_t n = 0;
    own[0] = (struct zj_packet){0}; /* a batch of none may be handed on */
    for (size_t i = 0; i < count; i++) {
        if (is_its_own(w, &pkts[i])) {
            own[n++] = pkts[i];
        } else if (is_next_second(w, &pkts[i])) {
            zj_worker_batch(w, own, n);
            n = 0;
            w->now_ns = pkts[i].time_ns;
            w->packet = pkts[i].number;
            if (is_next_second(w, &pkts[i]))
                tick(w, pkts[i].time_ns);
        }
    }
    zj_worker_batch(w, own, n);
    took(w, pkts, count);
}

void zj_worker_idle(struct zj_worker *w, int64_t now_ns)
{
    if (now_ns - w->now_ns < ZJ_NS_PER_S)
        return;
    w->now_ns = now_ns;
    tick(w, now_ns);
}

zj_err zj_worker_flush(struct zj_worker *w, bool is_paced, bool force)
{
    const int64_t every_ns = (w->opts->flush_ms ? w->opts->flush_ms : 1000) * 1000000;
    bool is_due = force || w->since_flush >= FLUSH_PACKETS;
    if (!is_due && is_paced && !w->relay) {
        const int64_t now_ns = zj_tick_ns();
        is_due = now_ns - w->flushed_ns >= every_ns;
        w->flushed_ns = is_due ? now_ns : w->flushed_ns;
    }
    if (!is_due || !w->observer)
        return ZJ_OK;
    w->since_flush = 0;
    const int64_t now_ns = w->opts->interface ? w->now_ns : w->stats.last_ns;
    if (!w->relay)
        return zj_observe_flush(w->observer, w->job, now_ns, force);
    if (!force && w->share == 0)
        zj_relay_flush(w->relay, w->packet, now_ns);
    return ZJ_OK;
}

zj_err zj_worker_finish(struct zj_worker *w)
{
    uint32_t at = 0;
    if (!w->opts->interface) /* the packets of other workers are the end of its flows too */
        w->now_ns = w->stats.last_ns;
    for (struct zj_flow *flow; (flow = zj_flows_next(&w->flows, &at));)
        zj_stream_end(w, flow);
    zj_flows_clear(&w->flows);
    return zj_worker_flush(w, false, true);
}
