/* What libraries say of a file or a connection, in the language of the job. */
#ifndef ZJ_BASE_REASON_H
#define ZJ_BASE_REASON_H

#include "base/job.h"

/* Chinese for the parts of `text` that base/reason.def knows, or English where the job's language is
 * that and the text was told in Chinese; what it lacks, names and numbers stay as they are. Good as
 * long as the job's arena, and as `text`. */
const char *zj_reason(struct zj_job *job, const char *text);

/* Whether it knows a part of it. */
bool zj_reason_is_known(const char *text);

#endif
