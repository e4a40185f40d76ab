/* Error workbooks of imports, kept for an hour for the one who imported. They lie in a folder of
 * the server's own, which goes with it. */
#ifndef ZJ_SERVER_UPLOADS_H
#define ZJ_SERVER_UPLOADS_H

#include <pthread.h>

#include "base/job.h"

enum { ZJ_UPLOADS_KEPT = 64, ZJ_UPLOAD_LIFE_S = 3600 };

struct zj_uploads {
    pthread_mutex_t lock;
    char *dir; /* NULL: none */
    struct zj_upload {
        int64_t id, account_id, made_at_s;
    } kept[ZJ_UPLOADS_KEPT];
    size_t next;
};

zj_err zj_uploads_open(struct zj_job *job, struct zj_uploads *uploads);
void zj_uploads_close(struct zj_uploads *uploads);
/* A new number, and the path of its workbook in the job's arena. The oldest goes. */
const char *zj_uploads_add(struct zj_job *job, struct zj_uploads *uploads, int64_t account_id,
                           int64_t *out_id);
/* A descriptor of the workbook; ZJ_ENOTFOUND: none, over, or another's. */
zj_err zj_uploads_find(struct zj_job *job, struct zj_uploads *uploads, int64_t account_id,
                       int64_t id, int *out_file, int64_t *out_bytes);
/* A path in the folder for a file that a handler writes, sends and removes. */
const char *zj_uploads_scratch(struct zj_job *job, struct zj_uploads *uploads);

#endif
