/* A copy of the store while it runs: beside its place first, renamed when it is whole and on disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/backend.h"

static zj_err sync_file(struct zj_job *job, const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    const bool is_synced = fd >= 0 && fsync(fd) == 0;
    const int why = errno;
    if (fd >= 0)
        close(fd);
    return is_synced ? ZJ_OK : zj_fail(job, ZJ_EIO, "%s: %s", path, zj_strerror(job, why));
}

static zj_err place(struct zj_job *job, const char *part, const char *path)
{
    zj_err err = sync_file(job, part, O_RDONLY);
    if (err)
        return err;
    if (rename(part, path) != 0)
        return zj_fail(job, ZJ_EIO, "%s: %s", path, zj_strerror(job, errno));
    const char *slash = strrchr(path, '/');
    const size_t len = slash == path ? 1 : slash ? (size_t)(slash - path) : 0;
    return sync_file(job, len ? zj_arena_span(&job->arena, zj_span_of(path, len)) : ".",
                     O_RDONLY | O_DIRECTORY);
}

static zj_err copy_key(struct zj_job *job, const char *from, const char *to)
{
    char bytes[512];
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return zj_fail(job, ZJ_EIO, "%s: %s", from, zj_strerror(job, errno));
    const ssize_t got = read(in, bytes, sizeof bytes);
    close(in);
    if (got <= 0)
        return zj_fail(job, ZJ_EIO, "%s: %s", from, got < 0 ? zj_strerror(job, errno) : zj_tr(job, "empty", "文件为空"));
    const char *part = zj_arena_printf(&job->arena, "%s.part", to);
    unlink(part); /* what a broken run left */
    int out = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const bool is_written = out >= 0 && write(out, bytes, (size_t)got) == got;
    const int why = errno;
    if (out >= 0)
        close(out);
    if (out >= 0 && !is_written)
        unlink(part);
    zj_wipe(bytes, sizeof bytes);
    return is_written ? place(job, part, to)
                      : zj_fail(job, ZJ_EIO, "%s: %s", to, zj_strerror(job, why));
}

/* Never onto a store that is in use: what its log holds would be replayed over the copy. */
static zj_err check_place(struct zj_job *job, const char *path)
{
    struct stat st;
    const char *log = zj_arena_printf(&job->arena, "%s-wal", path);
    if (stat(log, &st) == 0)
        return zj_fail(job, ZJ_ECONFLICT,
                       zj_tr(job, "%s: a store in use; give another name",
                             "%s：是正在使用的存储，请换一个文件名"),
                       path);
    return ZJ_OK;
}

zj_err zj_store_backup(struct zj_job *job, struct zj_store *store, const char *path, bool with_key,
                       zj_progress_fn *progress, void *ctx)
{
    if (store->in_transaction)
        return zj_fail(job, ZJ_EBUG, "a backup inside a transaction");
    zj_err err = check_place(job, path);
    if (err)
        return err;
    const char *part = zj_arena_printf(&job->arena, "%s.part", path);
    unlink(part);
    int fd = open(part, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        return zj_fail(job, ZJ_EIO, "%s: %s", path, zj_strerror(job, errno));
    close(fd);
    err = store->backend->backup(job, store, part, progress, ctx);
    if (err == ZJ_EIO)
        zj_fail(job, err, "%s", path);
    if (!err && with_key && strcmp(store->dsn, ":memory:") != 0)
        err = copy_key(job, zj_arena_printf(&job->arena, "%s.key", store->dsn),
                       zj_arena_printf(&job->arena, "%s.key", path));
    if (!err)
        err = place(job, part, path);
    if (err) {
        unlink(part);
        unlink(zj_arena_printf(&job->arena, "%s-journal", part)); /* of a disk that is full */
    }
    return err;
}
