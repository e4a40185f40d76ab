/* A regular file in place: mapped whole, its pages brought in window by window and let go behind,
 * so that nothing is copied and little is resident. Whatever does not go this way goes by read(),
 * which also has the last word at the end: a file that grew meanwhile, or became shorter, is told
 * there.
 *
 * A page that is gone when it is touched (the file was cut, the disk failed) reads as zeros, and
 * the walk over the records stops where it meets them. */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "sense/capture_file.h"

enum {
    WINDOW = 2 * 1024 * 1024, /* a huge page, and as much as stays near */
    AHEAD = 4 * WINDOW,
    SLOW_NS = 1000000, /* for a window: it came from the disk */
};

/* Puts a page of zeros where one is missing. It knows nothing but the address, as a handler must.
 */
static void on_missing_page(int number, siginfo_t *info, void *context)
{
    const int was = errno;
    const size_t bytes = (size_t)getpagesize();
    void *page = (void *)((uintptr_t)info->si_addr & ~(uintptr_t)(bytes - 1));
    (void)context;
    if (info->si_code != BUS_ADRERR ||
        mmap(page, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != page)
        signal(number, SIG_DFL); /* comes again, and ends the process */
    errno = was;
}

void zj_file_map(struct zj_file *f, uint64_t bytes)
{
    struct sigaction action = {.sa_sigaction = on_missing_page, .sa_flags = SA_SIGINFO};
    if (bytes == 0 || lseek(f->fd, 0, SEEK_CUR) != 0 || sigaction(SIGBUS, &action, NULL) != 0)
        return;
    void *at = mmap(NULL, bytes, PROT_READ, MAP_SHARED, f->fd, 0);
    if (at == MAP_FAILED)
        return;
    (void)madvise(at, bytes, MADV_SEQUENTIAL); /* a wish */
    f->buf = at;
    f->mapped = bytes;
}

void zj_file_unmap(struct zj_file *f)
{
    if (!f->mapped)
        return;
    munmap(f->buf, f->mapped);
    f->buf = NULL;
    f->mapped = 0;
}

/* The rest by read(), from where the reader stands. */
static zj_err go_on_by_read(struct zj_job *job, struct zj_file *f)
{
    const uint64_t at = f->at;
    zj_file_unmap(f);
    f->buf = zj_alloc(ZJ_CAPTURE_BUFFER);
    f->before = at;
    f->at = f->len = 0;
    return f->is_shared || lseek(f->fd, (off_t)at, SEEK_SET) == (off_t)at
               ? ZJ_OK
               : zj_fail(job, ZJ_EINPUT, "%s: %s", f->name, zj_strerror(job, errno));
}

zj_err zj_file_check_length(struct zj_job *job, struct zj_file *f)
{
    struct stat st;
    if (!f->mapped || fstat(f->fd, &st) != 0 || (uint64_t)st.st_size >= f->mapped)
        return ZJ_OK;
    f->cut_from = f->mapped;
    return go_on_by_read(job, f);
}

/* The next window. False: the kernel could not bring it in, and read() will say why. */
static bool bring_in(struct zj_file *f)
{
    const size_t behind = f->at & ~(size_t)(WINDOW - 1), from = f->len;
    const uint64_t left = f->mapped - from, bytes = left < WINDOW ? left : WINDOW;
    const uint64_t after = left - bytes;
    const int64_t start_ns = zj_tick_ns();
    if (behind > f->dropped) {
        (void)madvise(f->buf + f->dropped, behind - f->dropped, MADV_DONTNEED);
        f->dropped = behind;
    }
    if (f->is_slow && after) /* the disk reads on while this window is looked at */
        (void)madvise(f->buf + from + bytes, after < AHEAD ? after : AHEAD, MADV_WILLNEED);
    if (madvise(f->buf + from, bytes, MADV_POPULATE_READ) != 0 && errno != EINVAL) /* before 5.14 */
        return false;
    f->is_slow = zj_tick_ns() - start_ns > SLOW_NS;
    f->len = from + bytes;
    return true;
}

zj_err zj_file_map_more(struct zj_job *job, struct zj_file *f)
{
    zj_err err = zj_file_check_length(job, f);
    return err || !f->mapped || (f->len < f->mapped && bring_in(f)) ? err : go_on_by_read(job, f);
}
