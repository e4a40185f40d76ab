/* How far a long piece of work has come, on stderr: a line that is redrawn on a terminal (at most
 * ten times a second), a line every ten seconds elsewhere. Cheap enough to be told of every block
 * of input; nothing is shown for work that is over within a second. */
#ifndef ZJ_BASE_PROGRESS_H
#define ZJ_BASE_PROGRESS_H

#include "base/job.h"

struct zj_progress {
    const struct zj_job *job;
    const char *what; /* what is worked on: a file name; borrowed */
    uint64_t total;   /* bytes or things; 0: not known */
    bool counts_bytes;
    const char *unit_en, *unit_zh; /* of things: "packets"; set after the start; NULL: bare */
    bool is_terminal;
    bool is_drawn; /* a line without its end stands on the terminal */
    int64_t start_ns, shown_ns;
    struct {
        uint64_t done;
        int64_t at_ns;
    } since, next; /* the speed is of the time from `since`: one to two seconds */
};

/* `total` 0: the end is not known (a pipe). Silent where job->quiet is set. */
void zj_progress_start(struct zj_progress *p, const struct zj_job *job, const char *what,
                       uint64_t total, bool counts_bytes);
void zj_progress_at(struct zj_progress *p, uint64_t done);
/* What came a second, lately. */
double zj_progress_speed(struct zj_progress *p, uint64_t done, int64_t now_ns);
void zj_progress_end(struct zj_progress *p); /* clears the line, so that a message can follow */

#endif
