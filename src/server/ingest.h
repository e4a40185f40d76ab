/* JSON Lines of observations into a sink. */
#ifndef ZJ_SERVER_INGEST_H
#define ZJ_SERVER_INGEST_H

#include "base/sink.h"

enum zj_ingest_line {
    ZJ_INGEST_TAKEN,
    ZJ_INGEST_SKIPPED /* an event, or empty */,
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

#endif
