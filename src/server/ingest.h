/* JSON Lines of observations into a sink. */
#ifndef ZJ_SERVER_INGEST_H
#define ZJ_SERVER_INGEST_H

#include "base/json_read.h"
#include "base/sink.h"

enum zj_ingest_line {
    ZJ_INGEST_TAKEN,
    ZJ_INGEST_SKIPPED /* an event that tells of nothing kept here, or empty */,
    ZJ_INGEST_REFUSED
};

struct zj_ingest {
    struct zj_sink *sink;
    /* May this fact come from this sender? NULL: any. */
    bool (*may)(void *ctx, enum zj_fact_id kind, const struct zj_cell *cells);
    void *ctx;
    char en[160], zh[160]; /* why the last line was refused */
};

/* One line. *out_err is the sink's failure; then nothing more can be taken. */
enum zj_ingest_line zj_ingest_line(struct zj_job *job, struct zj_ingest *in, struct zj_span line,
                                   zj_err *out_err);

/* The same for one event of EVE JSON, Suricata's or ours: ingest_eve.c. */
enum zj_ingest_line zj_ingest_eve(struct zj_job *job, struct zj_ingest *in,
                                  const struct zj_jval *root, zj_err *out_err);

#endif
