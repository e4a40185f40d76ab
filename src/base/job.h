/* One piece of work: a command line, a request, a test. Time, language, limits, interruption and
 * the sentence of the last failure travel through it, so that tests can hold them still. */
#ifndef ZJ_BASE_JOB_H
#define ZJ_BASE_JOB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/pairs.h"

enum zj_lang { ZJ_EN, ZJ_ZH };

enum zj_output { ZJ_OUTPUT_TABLE, ZJ_OUTPUT_JSON, ZJ_OUTPUT_JSONL };

struct zj_job {
    struct zj_arena arena;
    enum zj_lang lang;
    enum zj_output output;
    const char *db;       /* store: a path or a postgresql:// DSN */
    bool has_db;          /* --db or ZHUJI_DB was given, not just the default */
    const char *out_path; /* -o FILE; NULL: stdout */
    FILE *out;            /* where data goes; progress and log go to stderr */
    bool quiet;           /* no progress */
    const char *actor;    /* who does it, for the audit chain: a login or "cli" */
    int64_t fixed_now_ns; /* tests: time stands still here; 0: the real clock */
    atomic_bool *interrupted;
    char message[1024]; /* what went wrong, outermost context first */
    struct zj_pairs *pairs;   /* where it is wanted in both languages; NULL: in this one only */
    char other_message[1024]; /* the same in the other language, where there are pairs */
};

/* English, "zhuji.db", stdout, the real clock, actor "cli". */
void zj_job_init(struct zj_job *job);
void zj_job_release(struct zj_job *job);

/* Wall-clock time, nanoseconds since 1970-01-01 UTC. */
int64_t zj_now_ns(const struct zj_job *job);

/* The same in microseconds, as the store holds times. */
static inline int64_t zj_now_us(const struct zj_job *job)
{
    return zj_now_ns(job) / 1000;
}

/* True once the user has asked to stop (SIGINT, SIGTERM). Long loops look at it. */
bool zj_is_interrupted(const struct zj_job *job);

/* Records one sentence and gives `err` back. Where a message stands already it is kept behind the
 * new one: zj_fail(job, err, "%s", path) makes "update.bin: header ends after 12 bytes". */
__attribute__((format(printf, 3, 4))) zj_err zj_fail(struct zj_job *job, zj_err err,
                                                     const char *format, ...);

/* What the system's error number means, in the job's language; one that base/errno.def lacks stays
 * as libc tells it. Good until the next call of this thread. */
const char *zj_strerror(const struct zj_job *job, int code);

/* Forgets the last failure, for a caller that goes on after one. */
void zj_job_clear(struct zj_job *job);

/* The text in the job's language. The compiler checks both against the arguments. */
__attribute__((format_arg(2), format_arg(3)))
static inline const char *zj_tr(const struct zj_job *job, const char *en, const char *zh)
{
    if (job->pairs)
        zj_pairs_note(job->pairs, en, zh);
    return job->lang == ZJ_ZH && zh ? zh : en;
}

#endif
