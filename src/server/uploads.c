#include "server/uploads.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/temp.h"

static const char *path_of(struct zj_job *job, const struct zj_uploads *uploads, int64_t id)
{
    return zj_arena_printf(&job->arena, "%s/%lld.xlsx", uploads->dir, (long long)id);
}

zj_err zj_uploads_open(struct zj_job *job, struct zj_uploads *uploads)
{
    char *dir;
    pthread_mutex_init(&uploads->lock, NULL);
    if (!zj_temp_dir(&job->arena, "serve", &dir))
        return zj_fail(job, ZJ_EIO, "%s: %s", dir, zj_strerror(job, errno));
    uploads->dir = zj_strdup(dir);
    return ZJ_OK;
}

static void remove_one(struct zj_job *job, struct zj_uploads *uploads, struct zj_upload *upload)
{
    if (upload->id)
        unlink(path_of(job, uploads, upload->id));
    *upload = (struct zj_upload){0};
}

void zj_uploads_close(struct zj_uploads *uploads)
{
    struct zj_job job;
    if (!uploads->dir)
        return;
    zj_job_init(&job);
    for (size_t i = 0; i < ZJ_UPLOADS_KEPT; i++)
        remove_one(&job, uploads, &uploads->kept[i]);
    rmdir(uploads->dir);
    free(uploads->dir);
    uploads->dir = NULL;
    zj_job_release(&job);
    pthread_mutex_destroy(&uploads->lock);
}

static int64_t random_id(void)
{
    uint64_t id;
    zj_random(&id, sizeof id);
    return (int64_t)(id >> 12) | 1; /* exact as a double, for the console */
}

const char *zj_uploads_add(struct zj_job *job, struct zj_uploads *uploads, int64_t account_id,
                           int64_t *out_id)
{
    const int64_t id = random_id();
    pthread_mutex_lock(&uploads->lock);
    struct zj_upload *slot = &uploads->kept[uploads->next++ % ZJ_UPLOADS_KEPT];
    remove_one(job, uploads, slot);
    *slot = (struct zj_upload){id, account_id, zj_now_ns(job) / 1000000000};
    pthread_mutex_unlock(&uploads->lock);
    *out_id = id;
    return path_of(job, uploads, id);
}

zj_err zj_uploads_find(struct zj_job *job, struct zj_uploads *uploads, int64_t account_id,
                       int64_t id, int *out_file, int64_t *out_bytes)
{
    const int64_t oldest = zj_now_ns(job) / 1000000000 - ZJ_UPLOAD_LIFE_S;
    struct stat st;
    int file = -1;
    pthread_mutex_lock(&uploads->lock);
    for (size_t i = 0; i < ZJ_UPLOADS_KEPT; i++) {
        const struct zj_upload *u = &uploads->kept[i];
        if (u->id == id && u->account_id == account_id && u->made_at_s >= oldest)
            file = open(path_of(job, uploads, id), O_RDONLY | O_CLOEXEC);
    }
    pthread_mutex_unlock(&uploads->lock);
    if (file < 0 || fstat(file, &st) != 0) {
        if (file >= 0)
            close(file);
        return zj_fail(job, ZJ_ENOTFOUND, "%s",
                       zj_tr(job, "no error workbook: it is kept for an hour, for who imported",
                             "没有错误工作簿：仅为导入者保留一小时"));
    }
    *out_file = file;
    *out_bytes = st.st_size;
    return ZJ_OK;
}

const char *zj_uploads_scratch(struct zj_job *job, struct zj_uploads *uploads)
{
    return path_of(job, uploads, random_id());
}
