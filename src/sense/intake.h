/* What a capture process sends to the one that started it, record by record:
 *
 *   kind(1) length(4) body(length)
 *   fact: fact id(1), then for each cell number(8) address(16) length(4) text
 *   events: lines      flush: nothing      seen: a struct zj_seen      end: error(4) counters message
 *   fault: length(4) file, message
 *
 * The sender parses bytes of strangers and is not trusted: all is checked here. Inside the sensor. */
#ifndef ZJ_SENSE_INTAKE_H
#define ZJ_SENSE_INTAKE_H

#include "base/buf.h"
#include "sense/sense.h"

enum {
    ZJ_REC_FACT = 'f',
    ZJ_REC_EVENTS = 'e',
    ZJ_REC_FLUSH = 's',
    ZJ_REC_SEEN = 't',
    ZJ_REC_FAULT = '!',
    ZJ_REC_END = '.',
    ZJ_REC_HEAD = 5,
};

struct zj_intake {
    struct zj_sink *sink;
    struct zj_sense_stats *stats;
    struct zj_sense_faults *faults; /* NULL: nobody asks */
    size_t faults_max;              /* one of each file */
    struct zj_buf in;               /* what has come and was not taken yet */
    bool is_ended;                  /* the sender said so */
    zj_err end;                     /* its result */
};

/* Takes all whole records of what has come. ZJ_EBUG: it is none that a sender makes. */
zj_err zj_intake_take(struct zj_job *job, struct zj_intake *in);

#endif
