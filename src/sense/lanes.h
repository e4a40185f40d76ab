/* Workers in threads of their own, each with its job, its flows and streams. Of several each reads
 * the same files and takes the packets that their addresses give it; or each has a part of an
 * interface. The calling thread observes for all of them (relay.h). Inside the sensor. */
#ifndef ZJ_SENSE_LANES_H
#define ZJ_SENSE_LANES_H

#include "sense/stream.h"

/* Runs until all have ended, and adds their counters to `stats`. With an interface `caps` has one
 * for each worker, else the files, all of which can be shared unless `workers` is 1. memory_bytes
 * is for all together. */
zj_err zj_lanes_run(struct zj_job *job, const struct zj_sense_opts *opts, struct zj_capture **caps,
                    size_t cap_count, int workers, struct zj_sink *sink, int64_t memory_bytes,
                    struct zj_sense_stats *stats);

/* sense.c: one worker on files in turn, or on one interface until the time is over; both until the
 * user asks to stop. */
zj_err zj_files_run(struct zj_worker *w, struct zj_capture **caps, size_t count);
zj_err zj_live_run(struct zj_worker *w, struct zj_capture *cap, bool shows_progress);

void zj_sense_stats_add(struct zj_sense_stats *sum, const struct zj_sense_stats *more);

#endif
