/* The fact path of a worker: what the packet path tells of flows and frames becomes facts,
 * detections and events for the sink. */
#include "sense/worker.h"

struct zj_observer {
    struct zj_sink *sink;
    struct zj_sense_stats *stats;
};

struct zj_observer *zj_observer_new(struct zj_job *job, const struct zj_sense_opts *opts,
                                    struct zj_sink *sink, struct zj_sense_stats *stats,
                                    int64_t memory_bytes)
{
    (void)job, (void)opts, (void)memory_bytes; /* no table needs them yet */
    struct zj_observer *obs = zj_alloc(sizeof *obs);
    obs->sink = sink;
    obs->stats = stats;
    return obs;
}

void zj_observer_free(struct zj_observer *obs)
{
    free(obs);
}

void zj_observe_protocol(struct zj_observer *obs, struct zj_session **session,
                         const struct zj_moment *at)
{
    (void)obs, (void)session, (void)at; /* no table holds it yet */
}

void zj_observe_message(struct zj_observer *obs, struct zj_session **session,
                        const struct zj_moment *at, const struct zj_msg *msg)
{
    (void)obs, (void)session, (void)at, (void)msg; /* no table holds it yet */
}

void zj_observe_flow_end(struct zj_observer *obs, struct zj_session **session,
                         const struct zj_moment *at, const uint64_t packets[2],
                         const uint64_t bytes[2], int64_t first_ns)
{
    (void)obs, (void)at, (void)packets, (void)bytes, (void)first_ns; /* no table holds it yet */
    *session = NULL;
}

zj_err zj_observe_flush(struct zj_observer *obs, struct zj_job *job, int64_t now_ns, bool force)
{
    (void)now_ns, (void)force; /* nothing is held back yet */
    return obs->sink->flush(obs->sink, job);
}
