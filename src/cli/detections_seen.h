/* What was detected, from the store: rows for the screen, for programs, as a file. */
#ifndef ZJ_CLI_DETECTIONS_SEEN_H
#define ZJ_CLI_DETECTIONS_SEEN_H

#include "sense/sense.h"

struct zj_seen_filter { /* NULL: all */
    const char *rule, *severity, *subject, *since, *org;
    const char *fail_on; /* a severity: ZJ_EFOUND where a row is as bad or worse */
    const char *format;  /* of the file; NULL: as its name says */
};

bool zj_seen_is_asked(const struct zj_seen_filter *filter);

/* {"detections":[…],"total":N}, lines, a table, or a workbook, CSV or PDF; newest first. */
zj_err zj_print_seen(struct zj_job *job, const struct zj_detections *rules,
                     const struct zj_seen_filter *filter);

#endif
