#include "base/workbook.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/temp.h"

/* What the library's small parts (styles, heads and feet of sheets) need beside the rows. */
enum { PARTS_BYTES = 64 * 1024 };
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

/* Where this is the only thread, nothing else can want to say something meanwhile. */
static int hush(void)
{
    struct stat tasks;
    if (stat("/proc/self/task", &tasks) != 0 || tasks.st_nlink != 3)
        return -1;
    const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    const int kept = null < 0 ? -1 : fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (kept >= 0)
        (void)dup2(null, STDERR_FILENO); /* it stays loud otherwise */
    if (null >= 0)
        close(null);
    return kept;
}

static void unhush(int kept)
{
    if (kept < 0)
        return;
    (void)dup2(kept, STDERR_FILENO);
    close(kept);
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

zj_err zj_workbook_close(struct zj_job *job, struct lxw_workbook *book, const char *path)
{
    int64_t bytes = 0;
    int error = has_rows(book, &bytes) ? 0 : errno;
    if (!error && room_in(zj_temp_folder()) < bytes + PARTS_BYTES) /* they are copied once more */
        error = ENOSPC;
    if (error) {
        zj_workbook_drop(book);
        return no_room_for_parts(job, error);
    }
    const int kept = hush();
    errno = 0;
    const lxw_error code = workbook_close(book);
    error = errno;
    unhush(kept);
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
