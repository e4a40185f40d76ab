/* The sensor: packets in, observations out. */
#ifndef ZJ_SENSE_SENSE_H
#define ZJ_SENSE_SENSE_H

#include "base/sink.h"

struct zj_identifier;

struct zj_sense_opts {
    const char *const *files; /* -r: captures in turn; NULL with an interface */
    size_t file_count;
    const char *interface;    /* -i */
    const char *sensor_name;  /* NULL: the file or interface */
    int64_t memory_bytes;     /* budget of all flow, stream and fact tables; 0: 1 GiB */
    int workers;              /* 0: one for a file, cores for an interface */
    bool want_events;         /* EVE lines to the sink */
    bool scan_payloads;       /* identify on payloads */
    const struct zj_identifier *identifier; /* with words and all types; NULL: shapes alone */
    bool parse_only;          /* bench: stop after flows */
    int64_t flush_ms;         /* facts go to the sink at least this often; 0: 1000 */
    int64_t duration_ms;      /* live: stop after; 0: until interrupted */
    /* Called once all captures are open and nothing was read yet; NULL: nothing to do. */
    zj_err (*before_first_byte)(struct zj_job *job);
};

/* One list of all counters: packets, bytes and every reason for a drop. */
struct zj_sense_stats {
#define ZJ_COUNTER(name, en, zh) uint64_t name;
#include "sense/counters.def"
#undef ZJ_COUNTER
    int64_t first_ns, last_ns; /* packet time */
};

struct zj_counter_info {
    const char *name, *en, *zh;
    size_t offset; /* in struct zj_sense_stats */
};
extern const struct zj_counter_info zj_counter_infos[];
extern const size_t zj_counter_count;

/* What a detection is, for the documents and the verb; the list is detections.def. */
struct zj_detection_info {
    const char *name;     /* "duplicate-vehicle": the rule of fact_detection */
    uint32_t id;          /* signature_id of its alerts */
    const char *severity; /* "high", "medium", "low" */
    const char *en, *zh;  /* title */
    const char *about_en, *about_zh;      /* what is seen, in one sentence */
    const char *const *references;        /* "R155 4.1", "ATM T0003", "A01"; NULL-terminated */
    const char *const *settings;          /* names of the thresholds it uses; NULL: none */
};
struct zj_setting_info {
    const char *name;
    int64_t value;
    const char *en, *zh;
};
extern const struct zj_detection_info *const zj_detection_infos[];
extern const size_t zj_detection_count;
extern const struct zj_setting_info zj_setting_infos[];
extern const size_t zj_setting_count;

/* Runs until the files end, the time is over or the job is interrupted. A capture that is cut off
 * or broken ends with ZJ_EINPUT after all that could be read was read; stats are filled always. */
zj_err zj_sense_run(struct zj_job *job, const struct zj_sense_opts *opts, struct zj_sink *sink,
                    struct zj_sense_stats *out_stats);

/* As zj_sense_run, with the packets read in a child process that keeps only its open captures and a
 * pipe, and gives up every other right before the first byte; `sink` is served in this process. A
 * child that dies is ZJ_EBUG; what it sent before is kept. */
zj_err zj_sense_run_apart(struct zj_job *job, const struct zj_sense_opts *opts,
                          struct zj_sink *sink, struct zj_sense_stats *out_stats);

#endif
