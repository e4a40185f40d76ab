/* Several workers at once. Each has its thread, its job and its tables; they share only the sink,
 * behind a lock, what they tell each other of vehicles (exchange.h), and for files the reader that
 * spreads packets over them. Inside the sensor. */
#ifndef ZJ_SENSE_LANES_H
#define ZJ_SENSE_LANES_H

#include "sense/stream.h"

struct zj_lanes;

/* Threads of `count` workers start at once and wait. `caps` one a worker for live capture, NULL for
 * files. memory_bytes is for all of them. */
struct zj_lanes *zj_lanes_start(struct zj_job *job, const struct zj_sense_opts *opts,
                                struct zj_capture **caps, int count, struct zj_sink *sink,
                                int64_t memory_bytes);
/* Files: copies packets to the worker their addresses choose. ZJ_OK even where a worker failed:
 * zj_lanes_has_failed tells that. */
void zj_lanes_put(struct zj_lanes *lanes, const struct zj_packet *pkts, size_t count,
                  const char *source);
bool zj_lanes_has_failed(const struct zj_lanes *lanes);
/* Waits for all to end, adds their counters to `stats`, frees. The first worker's failure. */
zj_err zj_lanes_finish(struct zj_job *job, struct zj_lanes *lanes, struct zj_sense_stats *stats);

/* One worker on one interface, until the time is over or the user asks to stop. */
zj_err zj_live_run(struct zj_worker *w, struct zj_capture *cap, bool shows_progress);

void zj_sense_stats_add(struct zj_sense_stats *sum, const struct zj_sense_stats *more);

#endif
