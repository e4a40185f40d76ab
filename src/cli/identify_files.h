/* Looks through files for identify: threads share files, and large files among them. */
#ifndef ZJ_CLI_IDENTIFY_FILES_H
#define ZJ_CLI_IDENTIFY_FILES_H

#include "base/json.h"
#include "base/job.h"
#include "identify/identify.h"

struct zj_identify_args {
    const char *records;
    bool show, explain, types;
    int64_t threads;
};

void zj_identify_put_why(struct zj_json *j, const char *why);
void zj_identify_put_context(struct zj_json *j, const struct zj_find *find);

/* All files, those of folders too, in their order. */
zj_err zj_identify_files(struct zj_job *job, const struct zj_identify_args *args,
                         const struct zj_identifier *identifier, int argc, char **argv);

#endif
