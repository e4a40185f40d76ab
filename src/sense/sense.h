/* The sensor: packets in, observations out. */
#ifndef ZJ_SENSE_SENSE_H
#define ZJ_SENSE_SENSE_H

#include "base/sink.h"

struct zj_identifier;

/* Files that could not be read, or not to their end, as they were met. */
struct zj_sense_fault {
    char *file;    /* as the caller named it */
    char *message; /* the sentence, which names it too */
};
struct zj_sense_faults {
    struct zj_sense_fault *at;
    size_t count;
};
/* Copies both; `faults` NULL: nobody asks. */
void zj_sense_fault_add(struct zj_sense_faults *faults, const char *file, const char *message);
void zj_sense_faults_release(struct zj_sense_faults *faults);

struct zj_sense_opts {
    const char *const *files; /* -r: captures in turn; NULL with an interface */
    size_t file_count;
    const char *interface;    /* -i */
    const char *sensor_name;  /* NULL: the file or interface */
    int64_t memory_bytes;     /* budget of all flow, stream and fact tables; 0: 1 GiB */
    int workers;              /* threads; 0: the cores; for a file two at most, and with little memory one */
    bool want_events;         /* EVE lines to the sink */
    bool scan_payloads;       /* identify on payloads */
    const struct zj_identifier *identifier; /* with words and all types; NULL: shapes alone */
    const struct zj_detections *detections;  /* NULL: those of packs/detections */
    bool keeps_seen; /* captures may overlap others: count no message twice */
    const struct zj_seen *seen; /* what was counted before, sorted by ends */
    size_t seen_count;
    struct zj_sense_faults *faults; /* every bad file is added; NULL: the first one's message is all */
    bool parse_only;          /* bench: stop after flows */
    int64_t flush_ms;         /* facts go to the sink at least this often; 0: 1000 */
    int64_t duration_ms;      /* live: stop after; 0: until interrupted */
    /* Called once all captures are open and nothing was read yet; NULL: nothing to do. */
    zj_err (*before_first_byte)(struct zj_job *job);
    /* zj_sense_run_apart: called in this process once the other one is there. A thread that is begun
     * earlier may hold locks of libraries when the process is doubled, and nobody opens the copies. */
    void (*when_apart)(void *ctx);
    void *when_apart_ctx;
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

/* --- detections: one file in detect/ and a line in detections.def say what is looked for, and a pack
 * of its name what it is called, how grave it is and the numbers it goes by ------------------------ */
enum { ZJ_DETECTIONS_MAX = 48, ZJ_DETECTION_PARAMS_MAX = 4 };

struct zj_detection_value {
    const char *name, *en, *zh;
    int64_t value;
    int64_t min, max; /* what the code can bear */
};

/* A detection as its pack has it. */
struct zj_detection_info {
    const char *name;     /* "duplicate-vehicle": the rule of fact_detection */
    uint32_t id;          /* signature_id of its alerts */
    bool is_off;          /* `enabled: no` */
    const char *severity; /* "high", "medium", "low" */
    const char *en, *zh;  /* title */
    const char *about_en, *about_zh; /* what is seen, in one sentence */
    const char *todo_en, *todo_zh;   /* what to do about it; NULL: the pack does not say */
    const char *const *references;   /* "R155 4.1", "ATM T0003", "A01"; NULL-terminated */
    const char *source, *mark;
    struct zj_detection_value values[ZJ_DETECTION_PARAMS_MAX];
    size_t value_count;
};

/* All of them, in the order of detections.def. */
struct zj_detections {
    struct zj_arena arena;
    size_t count;
    struct zj_detection_info infos[ZJ_DETECTIONS_MAX];
    int64_t values[ZJ_DETECTIONS_MAX][ZJ_DETECTION_PARAMS_MAX];
};

/* Reads the packs of `dir`; NULL: packs/detections, where the program finds its data. Each detection
 * must have one, with every number it asks for and no other; ZJ_EPACK names file and line. */
zj_err zj_detections_load(struct zj_job *job, const char *dir, struct zj_detections **out);
void zj_detections_free(struct zj_detections *detections); /* accepts NULL */

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
