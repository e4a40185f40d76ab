#include "base/workbook.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/temp.h"

/* What the library's small parts (styles, heads and feet of sheets) need beside the rows. */
enum { PARTS_BYTES = 64 * 1024 };
/* What it writes for a remark at a cell, in two parts, beside the text of it. */
enum { REMARK_BYTES = 1024 };
/* The end record of a ZIP file without a comment (APPNOTE 4.3.16). */
enum { END_BYTES = 22 };

/* Rows were written to files of the library as they came. False: not all of them, and errno. */
static bool has_rows(lxw_workbook *book, int64_t *out_bytes)
{
    lxw_worksheet *sheet;
    struct stat st;
    *out_bytes = 0;
    STAILQ_FOREACH(sheet, book->worksheets, list_pointers)
    {
        FILE *rows = sheet->optimize_tmpfile;
        if (!rows)
            continue;
        errno = 0;
        if (fflush(rows) != 0 || ferror(rows)) {
            errno = errno ? errno : ENOSPC; /* of a write long past */
            return false;
        }
        if (fstat(fileno(rows), &st) == 0)
            *out_bytes += st.st_size;
    }
    return true;
}

static int64_t room_in(const char *folder)
{
    struct statvfs at;
    return statvfs(folder, &at) == 0 ? (int64_t)(at.f_bavail * at.f_frsize) : INT64_MAX;
}

/* The library says on stderr what it also returns. A thread with a table of descriptors of its own
 * has a stderr of its own: that of the others stays what it is. */
struct closing {
    lxw_workbook *book;
    sem_t is_begun;
    bool is_apart; /* false where the kernel does not allow it: then it is heard */
    lxw_error code;
    int error;
};

static void *close_apart(void *opaque)
{
    struct closing *c = opaque;
    c->is_apart = unshare(CLONE_FILES) == 0;
    sem_post(&c->is_begun);
    const int null = c->is_apart ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;
    if (null >= 0) {
        (void)dup2(null, STDERR_FILENO); /* loud otherwise */
        close(null);
    }
    errno = 0;
    c->code = workbook_close(c->book);
    c->error = errno;
    return NULL;
}

/* The thread closes the files of rows in its own table; here they are closed as soon as it has
 * them, so that their room is given back as early as the library would. */
static void close_quietly(struct closing *c)
{
    pthread_t thread;
    lxw_worksheet *sheet;
    size_t count = 0;
    STAILQ_FOREACH(sheet, c->book->worksheets, list_pointers)
    count++;
    ZJ_AUTO(zj_freep) void *room = zj_alloc((count + 1) * sizeof(int));
    int *files = room;
    count = 0;
    STAILQ_FOREACH(sheet, c->book->worksheets, list_pointers)
    if (sheet->optimize_tmpfile)
        files[count++] = fileno(sheet->optimize_tmpfile);
    sem_init(&c->is_begun, 0, 0);
    if (pthread_create(&thread, NULL, close_apart, c) != 0) {
        errno = 0;
        c->code = workbook_close(c->book);
        c->error = errno;
    } else {
        while (sem_wait(&c->is_begun) != 0) /* a signal */
            ;
        for (size_t i = 0; i < count && c->is_apart; i++)
            close(files[i]);
        pthread_join(thread, NULL);
    }
    sem_destroy(&c->is_begun);
}

/* The library does not ask how the last write ended. */
static bool is_whole(const char *path)
{
    uint8_t end[END_BYTES];
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    const off_t size = lseek(fd, 0, SEEK_END);
    const bool is_read = size >= END_BYTES && pread(fd, end, sizeof end, size - END_BYTES) == END_BYTES;
    close(fd);
    return is_read && memcmp(end, "PK\5\6", 4) == 0;
}

static zj_err no_room_for_parts(struct zj_job *job, int error)
{
    return zj_fail(job, ZJ_EIO,
                   zj_tr(job, "temporary files in %s: %s", "临时文件目录 %s：%s"), zj_temp_folder(),
                   zj_strerror(job, error));
}

zj_err zj_workbook_sheet(struct zj_job *job, struct lxw_workbook *book, const char *name,
                         struct lxw_worksheet **out)
{
    char *path;
    const int fd = zj_temp_file(&job->arena, "rows", &path); /* as the library is about to */
    if (fd < 0)
        return no_room_for_parts(job, errno);
    close(fd);
    unlink(path);
    errno = 0;
    lxw_worksheet *sheet = workbook_add_worksheet(book, name);
    if (!sheet)
        return no_room_for_parts(job, errno ? errno : ENOSPC);
    *out = sheet;
    return ZJ_OK;
}

zj_err zj_workbook_close(struct zj_job *job, struct lxw_workbook *book, const char *path,
                         const struct zj_remarks *remarks)
{
    int64_t bytes = 0;
    int error = has_rows(book, &bytes) ? 0 : errno;
    bytes += PARTS_BYTES; /* rows are copied once more */
    if (remarks)
        bytes += (int64_t)remarks->count * REMARK_BYTES + (int64_t)remarks->bytes;
    if (!error && room_in(zj_temp_folder()) < bytes)
        error = ENOSPC;
    if (error) {
        zj_workbook_drop(book);
        return no_room_for_parts(job, error);
    }
    struct closing closing = {.book = book};
    close_quietly(&closing);
    const lxw_error code = closing.code;
    error = closing.error;
    if (code == LXW_NO_ERROR && is_whole(path))
        return ZJ_OK;
    if (code == LXW_NO_ERROR || code == LXW_ERROR_CREATING_TMPFILE ||
        code == LXW_ERROR_ZIP_FILE_OPERATION)
        error = error ? error : ENOSPC;
    const size_t len = strlen(zj_temp_folder());
    const bool is_temporary = strncmp(path, zj_temp_folder(), len) == 0 &&
                              strncmp(path + len, "/zhuji-", 7) == 0;
    if (error && (is_temporary || code == LXW_ERROR_CREATING_TMPFILE))
        return no_room_for_parts(job, error);
    return zj_fail(job, ZJ_EIO, "%s", error ? zj_strerror(job, error) : lxw_strerror(code));
}

void zj_workbook_drop(struct lxw_workbook *book)
{
    lxw_worksheet *sheet;
    STAILQ_FOREACH(sheet, book->worksheets, list_pointers)
    {
        if (sheet->optimize_tmpfile)
            fclose(sheet->optimize_tmpfile);
        sheet->optimize_tmpfile = NULL;
    }
    lxw_workbook_free(book);
}

zj_err zj_workbook_send(struct zj_job *job, const char *path, FILE *out)
{
    char bytes[64 * 1024];
    size_t n;
    FILE *file = fopen(path, "rb");
    if (!file)
        return zj_fail(job, ZJ_EIO, "%s: %s", path, zj_strerror(job, errno));
    bool is_sent = true;
    while (is_sent && (n = fread(bytes, 1, sizeof bytes, file)) > 0)
        is_sent = fwrite(bytes, 1, n, out) == n;
    const int error = errno;
    is_sent = is_sent && !ferror(file);
    fclose(file);
    return is_sent && fflush(out) == 0 ? ZJ_OK
                                       : zj_fail(job, ZJ_EIO, "%s", zj_strerror(job, is_sent ? errno : error));
}
