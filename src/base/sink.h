/* Where engines send what they observe: printed, sent, stored or compared by a test. Engines know
 * nothing else of the world behind it. A sink is used by one thread at a time. */
#ifndef ZJ_BASE_SINK_H
#define ZJ_BASE_SINK_H

#include "base/fact.h"
#include "base/job.h"

/* The messages of a flow from one time to another were counted; `ends` names its two ends. */
struct zj_seen {
    uint64_t ends; /* at most INT64_MAX */
    int64_t from_ns, to_ns;
    int64_t rest_bytes; /* of the flow, outside its messages */
};

struct zj_sink {
    /* One row of a kind; cells in the order of its columns. They are borrowed for the call. */
    zj_err (*fact)(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                   const struct zj_cell *cells);
    /* Whole EVE events, one JSON object a line with its newline. NULL: not wanted. */
    zj_err (*events)(struct zj_sink *sink, struct zj_job *job, struct zj_span lines);
    /* What was sent so far is to be safe (stored, written) when this returns. */
    zj_err (*flush)(struct zj_sink *sink, struct zj_job *job);
    void (*free)(struct zj_sink *sink);
    /* Still at work on what came before: what can wait is better kept. NULL: never. */
    bool (*is_busy)(struct zj_sink *sink);
    /* Kept with the facts, for whoever reads an overlapping capture later. NULL: not wanted. */
    zj_err (*seen)(struct zj_sink *sink, struct zj_job *job, const struct zj_seen *seen);
};

/* JSON Lines: {"fact":"identity","protocol":…} and the events. Does not close `out`. */
struct zj_sink *zj_sink_jsonl(FILE *out);

/* To /api/v1/ingest of the server at `url` ("http://10.0.0.5:8800"), with a bearer token of scope
 * ingest. Batches of 4 MiB, and at every flush; a server that is away or busy is tried again for half
 * a minute. Events are not sent. */
zj_err zj_sink_http(struct zj_job *job, const char *url, const char *token, struct zj_sink **out);

/* To Kafka at `place`, as base/kafka.h reads it. A flush returns when all replicas in sync have what
 * was sent, and fails where a message was given up after half a minute. Events are not sent. */
zj_err zj_sink_kafka(struct zj_job *job, const char *place, struct zj_sink **out);

#endif
