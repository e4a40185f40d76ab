/* Words one of which was wanted, for the sentence that says so: "did you mean 'state'? it may be
 * state, severity, org". */
#ifndef ZJ_BASE_CHOICES_H
#define ZJ_BASE_CHOICES_H

#include "base/buf.h"
#include "base/job.h"

struct zj_choices { /* only `given` set: no word yet */
    const char *given;
    struct zj_buf list;
    const char *nearest; /* of the words, or NULL */
    size_t distance;
};

/* The word lives as long as the choices. */
void zj_choices_add(struct zj_choices *choices, const char *word);
/* A word that may have been meant, and is not listed. */
void zj_choices_hint(struct zj_choices *choices, const char *word);
/* One after the other of "a|b|c". */
void zj_choices_add_all(struct zj_choices *choices, const char *words, struct zj_arena *arena);
/* ZJ_EUSAGE, and the sentence; the caller puts before it, by zj_fail, what was wrong. Releases. */
zj_err zj_choices_fail(struct zj_job *job, struct zj_choices *choices);

#endif
