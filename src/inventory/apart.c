/* To what every child writes (child.h) come {"at":bytes}, and {"done":n} where n counts the files
 * of its batch. */
#include "inventory/apart.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/progress.h"
#include "base/sandbox.h"
#include "base/text.h"
#include "inventory/child.h"
#include "inventory/read_pdf.h"
#include "inventory/rules.h"
#include "inventory/slices.h"

enum {
    WORKERS_MAX = 64,
    BATCH_FILES = 64,
    ASK_MS = 200,
    CPU_SECONDS = 300, /* and one more for each: */
    CPU_BYTES = 1 << 20,
    AT_STEP = 8 << 20,
};
#define BATCH_BYTES  UINT64_C(16000000)
#define INFLATED_MAX (UINT64_C(64) << 30)
#define RESULTS_BYTES_MAX (UINT64_C(1) << 30) /* of one file */

/* --- the child's side ----------------------------------------------------------------------------
 */
struct child {
    struct zj_child base;
    struct zj_identify_scratch *scratch;
    uint64_t read, told;
    int64_t rate; /* bytes a second, 0: as fast as it goes */
    int64_t start_ns;
};

/* Waits until the bytes read so far may have been read. */
static void keep_rate(const struct child *c)
{
    if (!c->rate)
        return;
    const double due_s = (double)c->read / (double)c->rate;
    const int64_t ahead_ns = c->start_ns + (int64_t)(due_s * 1e9) - zj_clock_ns();
    if (ahead_ns <= 0)
        return;
    const struct timespec wait = {ahead_ns / 1000000000, ahead_ns % 1000000000};
    clock_nanosleep(CLOCK_MONOTONIC, 0, &wait, NULL);
}

struct open_file {
    struct child *child;
    struct zj_job *job;
    int fd;
    uint64_t left; /* what it held when it was opened: one that grows comes to an end too */
    const char *cut_off;
};

static void account(struct child *c, uint64_t bytes)
{
    const uint64_t step = c->rate && c->rate / 4 < AT_STEP ? (uint64_t)c->rate / 4 : AT_STEP;
    c->read += bytes;
    keep_rate(c);
    if (c->read - c->told > step) {
        c->told = c->read;
        zj_child_number(&c->base, "at", c->read);
    }
}

static ssize_t fill_file(struct zj_in *in, uint8_t *to, size_t max)
{
    struct open_file *f = in->ctx;
    max = max < ZJ_IN_STEP ? max : ZJ_IN_STEP;
    max = max < f->left ? max : f->left;
    const ssize_t got = max ? read(f->fd, to, max) : 0;
    if (got < 0)
        in->fault = zj_strerror(f->job, errno);
    else if (got == 0 && max && in->size)
        in->fault = f->cut_off;
    f->left -= got > 0 && f->left != UINT64_MAX ? (uint64_t)got : 0;
    if (got > 0)
        account(f->child, (uint64_t)got);
    return got;
}

static void account_slice(void *ctx, uint64_t bytes)
{
    account(ctx, bytes);
}

static void read_file(struct child *c, struct zj_job *job, const struct zj_file *file, int fd,
                      const struct zj_inv_opts *opts)
{
    const struct zj_slices_how slices = {file->threads, opts->slice_bytes, account_slice, c};
    zj_err err = ZJ_OK;
    struct open_file open_file = {
        c, job, fd, file->size ? file->size : UINT64_MAX,
        zj_tr(job, "it became shorter while it was read", "文件在读取期间变短")};
    const uint64_t before = c->read;
    const char *slash = strrchr(file->path, '/');
    struct zj_in in = {
        .fill = fill_file,
        .ctx = &open_file,
        .name = slash ? slash + 1 : file->path,
        .size = file->size,
    };
    struct zj_scan scan = {
        .job = job,
        .sink = &c->base.sink,
        .rules = opts->rules,
        .scratch = c->scratch,
        .source = file->source,
        .packed = file->size,
        .inflated_max = opts->inflated_max ? opts->inflated_max : INFLATED_MAX,
    };
    if (zj_read_slices(&scan, fd, file->size, file->path, &slices, &err)) {
        if (err)
            zj_child_unread(&c->base, file->path, job->message);
        zj_job_clear(job);
        zj_arena_reset(&job->arena);
        return;
    }
    void *map = file->size ? mmap(NULL, file->size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    if (map != MAP_FAILED)
        in.whole = zj_span_of(map, file->size);
    if (zj_scan_input(&scan, &in, file->path))
        zj_child_unread(&c->base, file->path, job->message);
    zj_job_clear(job);
    zj_arena_reset(&job->arena);
    zj_in_release(&in);
    if (map != MAP_FAILED)
        munmap(map, file->size);
    if (c->read - before < file->size && in.is_whole_used)
        account(c, file->size - (c->read - before));
}

static _Noreturn void child_main(struct zj_job *job, const struct zj_file *files, int *fds,
                                 size_t count, int pipe_fd, const struct zj_inv_opts *opts)
{
    uint64_t bytes = 0;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0); /* signals of the terminal go to the parent */
    zj_child_keep_only(pipe_fd, fds, count);
    for (size_t i = 0; i < count; i++)
        bytes += files[i].size;
    const struct zj_sandbox_limits limits = {
        .memory_bytes = ZJ_CHILD_MEMORY + (int64_t)bytes,
        .cpu_seconds = CPU_SECONDS + (int64_t)(bytes / CPU_BYTES),
        .may_wait = true,
        .may_thread = files[0].threads > 1,
        .opens_fail = true,
    };
    struct child c = {
        .scratch = zj_identify_scratch(opts->rules->identifier),
        .start_ns = zj_clock_ns(),
        .rate = opts->bytes_per_s_max / (int64_t)opts->workers *
                (files[0].threads > 1 ? files[0].threads : 1),
    };
    zj_child_init(&c.base);
    if (!zj_sandbox_enter(&limits)) {
        zj_child_unread(
            &c.base, files[0].path,
            zj_tr(job, "the kernel gives no sandbox (seccomp)", "内核不支持 seccomp 沙箱"));
        _exit(1);
    }
    for (size_t i = 0; i < count; i++) {
        if (fds[i] >= 0)
            read_file(&c, job, &files[i], fds[i], opts);
        zj_child_number(&c.base, "at", c.read);
        zj_child_number(&c.base, "done", i);
    }
    _exit(0);
}

/* --- the parent's side ---------------------------------------------------------------------------
 */
struct worker {
    pid_t pid; /* 0: none */
    int fd;
    size_t from, count, done; /* files of its batch */
    struct zj_buf in;
    uint64_t at;
};

struct pool {
    struct zj_job *job;
    struct zj_job scratch; /* holds one result at a time */
    struct zj_files *files;
    const struct zj_inv_opts *opts;
    const struct zj_inv_sink *sink;
    struct zj_inv_totals *totals;
    struct zj_progress progress;
    struct worker workers[WORKERS_MAX];
    size_t worker_count;
    size_t next;   /* first file that no worker has, but for large ones */
    size_t *large; /* files of a batch of their own that wait, the largest last */
    size_t large_count;
    uint64_t waiting; /* bytes that no worker has */
    size_t flushed;   /* files before it are told to the sink */
    uint64_t read;    /* by workers that ended */
    struct {
        size_t from, count;
    } again[WORKERS_MAX]; /* what a worker that died has left */
    size_t again_count;
};

static int open_file_of(struct pool *p, struct zj_file *file)
{
    struct stat st;
    const bool is_stdin = strcmp(file->path, "-") == 0;
    const int fd = is_stdin ? dup(STDIN_FILENO)
                            : open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd >= 0 && fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || is_stdin)) {
        file->size = S_ISREG(st.st_mode) && st.st_size > 0 ? (uint64_t)st.st_size : 0;
        return fd;
    }
    file->has_unread = true;
    zj_put_unread(&file->lines, file->path,
                  fd < 0 ? zj_strerror(p->job, errno)
                         : zj_tr(p->job, "no file any more", "已不是普通文件"));
    zj_buf_byte(&file->lines, '\n');
    if (fd >= 0)
        close(fd);
    return -1;
}

/* The next files: one large one, or some small ones that together are worth a process. */
static size_t batch_of(const struct pool *p, size_t from)
{
    uint64_t bytes = 0;
    size_t count = 0;
    while (from + count < p->files->count && count < BATCH_FILES &&
           (!count || bytes + p->files->at[from + count].size <= p->opts->batch_bytes) &&
           !p->files->at[from + count].is_known && !p->files->at[from + count].is_taken)
        bytes += p->files->at[from + count++].size;
    return count;
}

static zj_err start(struct pool *p, struct worker *w, size_t from, size_t count)
{
    int ends[2], fds[BATCH_FILES];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return zj_fail(p->job, ZJ_EIO, "pipe: %s", zj_strerror(p->job, errno));
    for (size_t i = 0; i < count; i++)
        fds[i] = open_file_of(p, &p->files->at[from + i]);
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0)
        child_main(&p->scratch, &p->files->at[from], fds, count, ends[1], p->opts);
    for (size_t i = 0; i < count; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return zj_fail(p->job, ZJ_EIO, "fork: %s", zj_strerror(p->job, errno));
    }
    *w = (struct worker){.pid = pid, .fd = ends[0], .from = from, .count = count, .in = w->in};
    w->in.len = 0;
    return ZJ_OK;
}

static void pass_known(struct pool *p)
{
    for (; p->next < p->files->count; p->next++) {
        struct zj_file *file = &p->files->at[p->next];
        if (!file->is_known && !file->is_taken)
            break;
        file->is_done |= file->is_known;
    }
}

static int by_size(const void *a, const void *b, void *ctx)
{
    const struct zj_file *files = ctx;
    const uint64_t left = files[*(const size_t *)a].size, right = files[*(const size_t *)b].size;
    return (left > right) - (left < right);
}

static void list_large(struct pool *p)
{
    p->large = zj_alloc((p->files->count + 1) * sizeof *p->large);
    for (size_t i = 0; i < p->files->count; i++) {
        const struct zj_file *file = &p->files->at[i];
        if (file->is_known)
            continue;
        p->waiting += file->size;
        if (file->size > p->opts->batch_bytes)
            p->large[p->large_count++] = i;
    }
    qsort_r(p->large, p->large_count, sizeof *p->large, by_size, p->files->at);
}

/* A file that is as long as what waits besides it comes before its turn: begun at the end it would
 * keep one worker busy while the others have nothing left. */
static bool take_large(struct pool *p, size_t *out_file)
{
    while (p->large_count && p->files->at[p->large[p->large_count - 1]].is_taken)
        p->large_count--;
    if (!p->large_count)
        return false;
    const size_t largest = p->large[p->large_count - 1];
    if (p->files->at[largest].size * p->worker_count < p->waiting)
        return false;
    *out_file = largest;
    return true;
}

static zj_err start_next(struct pool *p, struct worker *w)
{
    size_t from = p->next, count = 1;
    if (take_large(p, &from)) { /* more than all others together: the other workers help */
        const bool is_most = p->files->at[from].size * 2 > p->waiting;
        p->files->at[from].threads = is_most ? (unsigned)p->worker_count : 1;
    } else {
        count = batch_of(p, from);
        p->next += count;
    }
    for (size_t i = from; i < from + count; i++) {
        p->files->at[i].is_taken = true;
        p->waiting -= p->files->at[i].size;
    }
    return start(p, w, from, count);
}

static zj_err start_all(struct pool *p)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; !err && i < p->worker_count; i++) {
        struct worker *w = &p->workers[i];
        pass_known(p);
        if (w->pid)
            continue;
        if (p->again_count) {
            p->again_count--;
            err = start(p, w, p->again[p->again_count].from, p->again[p->again_count].count);
        } else if (p->next < p->files->count) {
            err = start_next(p, w);
        }
    }
    return err;
}

/* Results of files whose turn has come. */
static zj_err flush_files(struct pool *p)
{
    zj_err err = ZJ_OK;
    while (!err && p->flushed < p->files->count && p->files->at[p->flushed].is_done) {
        struct zj_file *file = &p->files->at[p->flushed++];
        const struct zj_child_task task = {file->source, file->path};
        struct zj_span rest = zj_buf_all(&file->lines);
        while (!err && rest.len) {
            const uint8_t *end = memchr(rest.at, '\n', rest.len);
            const size_t len = end ? (size_t)(end - rest.at) : rest.len;
            err = zj_child_take(p->job, &p->scratch, p->sink, &task, zj_span_of(rest.at, len));
            rest = zj_span_part(rest, len + 1, rest.len);
        }
        p->totals->files += !file->is_known;
        if (!err && !file->is_known && p->sink->finished) {
            char state[256];
            zj_file_state(file, zj_inv_rules_name(p->opts->rules), state, sizeof state);
            const struct zj_inv_part part = {
                .place = file->path, .state = file->has_unread ? "" : state, .bytes = file->size};
            err = p->sink->finished(p->job, p->sink->ctx, &part);
        }
        zj_buf_release(&file->lines);
        file->lines = (struct zj_buf){0};
    }
    return err;
}

static zj_err take_line(struct pool *p, struct worker *w, struct zj_span line)
{
    unsigned long long value;
    char text[64];
    struct zj_file *file = &p->files->at[w->from + w->done];
    if (zj_child_is_result(line)) {
        if (w->done < w->count && file->lines.len > RESULTS_BYTES_MAX)
            kill(w->pid, SIGKILL); /* results without end */
        else if (w->done < w->count) {
            file->has_unread |= zj_span_starts(line, ZJ_SPAN_LIT("{\"unread\""));
            zj_buf_span(&file->lines, line);
            zj_buf_byte(&file->lines, '\n');
        }
        return ZJ_OK;
    }
    snprintf(text, sizeof text, "%.*s", (int)(line.len < 60 ? line.len : 60),
             (const char *)line.at);
    if (sscanf(text, "{\"at\":%llu}", &value) == 1) {
        w->at = value;
    } else if (sscanf(text, "{\"done\":%llu}", &value) == 1 && w->done < w->count) {
        file->is_done = true;
        w->done++;
        return flush_files(p);
    }
    return ZJ_OK;
}

static void reap(struct pool *p, struct worker *w)
{
    int status = 0;
    close(w->fd);
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        ;
    w->pid = 0;
    p->read += w->at;
    if (w->done == w->count)
        return;
    struct zj_file *file = &p->files->at[w->from + w->done];
    char reason[256];
    zj_child_end_reason(p->job, status, reason, sizeof reason);
    zj_put_unread(&file->lines, file->path, reason);
    zj_buf_byte(&file->lines, '\n');
    file->has_unread = true;
    file->is_done = true;
    if (w->done + 1 < w->count && p->again_count < WORKERS_MAX) {
        p->again[p->again_count].from = w->from + w->done + 1;
        p->again[p->again_count++].count = w->count - w->done - 1;
    }
}

static zj_err take_bytes(struct pool *p, struct worker *w)
{
    zj_err err = ZJ_OK;
    zj_buf_reserve(&w->in, 1 << 16);
    const ssize_t n = read(w->fd, w->in.at + w->in.len, w->in.cap - w->in.len);
    if (n < 0 && errno == EINTR)
        return ZJ_OK;
    if (n <= 0 || w->in.len > ZJ_CHILD_LINE_MAX) {
        if (n > 0)
            kill(w->pid, SIGKILL); /* a line without end */
        reap(p, w);
        return flush_files(p);
    }
    w->in.len += (size_t)n;
    size_t at = 0;
    for (const uint8_t *end; !err && (end = memchr(w->in.at + at, '\n', w->in.len - at)) != NULL;) {
        const size_t len = (size_t)(end - w->in.at) - at;
        err = take_line(p, w, zj_span_of(w->in.at + at, len));
        at += len + 1;
    }
    memmove(w->in.at, w->in.at + at, w->in.len - at);
    w->in.len -= at;
    return err;
}

static zj_err serve(struct pool *p)
{
    zj_err err = ZJ_OK;
    for (;;) {
        struct pollfd ready[WORKERS_MAX];
        struct worker *of[WORKERS_MAX];
        nfds_t count = 0;
        err = err ? err : start_all(p);
        uint64_t at = p->read;
        for (size_t i = 0; i < p->worker_count; i++) {
            if (!p->workers[i].pid)
                continue;
            of[count] = &p->workers[i];
            ready[count++] = (struct pollfd){.fd = p->workers[i].fd, .events = POLLIN};
            at += p->workers[i].at;
        }
        if (zj_is_interrupted(p->job))
            err = ZJ_EINTR;
        if (err || !count)
            break;
        zj_progress_at(&p->progress, at);
        if (poll(ready, count, ASK_MS) <= 0)
            continue;
        for (nfds_t i = 0; i < count && !err; i++)
            if (ready[i].revents)
                err = take_bytes(p, of[i]);
    }
    p->totals->bytes += p->read;
    return err;
}

/* Files whose results are at hand are not read. */
static void mark_known(struct pool *p)
{
    for (size_t i = 0; p->sink->is_known && i < p->files->count; i++) {
        char state[256];
        struct zj_file *file = &p->files->at[i];
        zj_file_state(file, zj_inv_rules_name(p->opts->rules), state, sizeof state);
        const struct zj_inv_part part = {.place = file->path, .state = state};
        /* a name that is no UTF-8 is stored as it can be shown, so it does not know itself again */
        file->is_known = state[0] && zj_utf8_is_valid(zj_span_str(file->path)) &&
                         p->sink->is_known(p->sink->ctx, &part);
        if (file->is_known) {
            p->totals->skipped++;
            p->progress.total -= file->size;
        }
    }
}

/* Every file that was listed was read, passed over as known, or told as not read. Else the fault is
 * here: the file is told, what waits behind it is kept, and the run fails. */
static zj_err account_for_all(struct pool *p)
{
    uint64_t lost = 0;
    for (size_t i = p->flushed; i < p->files->count; i++) {
        struct zj_file *file = &p->files->at[i];
        if (file->is_done)
            continue;
        lost++;
        file->is_done = file->has_unread = true;
        zj_put_unread(&file->lines, file->path,
                      zj_tr(p->job, "was found and not read: a fault of this program",
                            "已列出但未读取：本程序的缺陷"));
        zj_buf_byte(&file->lines, '\n');
    }
    const zj_err err = flush_files(p);
    if (err || !lost)
        return err;
    return zj_fail(p->job, ZJ_EBUG,
                   zj_tr(p->job, "inventory: %llu of %zu files were found and not read",
                         "盘点：%2$zu 个文件中有 %1$llu 个已列出但未读取"),
                   (unsigned long long)lost, p->files->count);
}

static unsigned cores(void)
{
    const long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 1 ? (unsigned)count : 1;
}

zj_err zj_read_apart(struct zj_job *job, struct zj_files *files, const struct zj_inv_opts *opts,
                     const struct zj_inv_sink *sink, struct zj_inv_totals *totals)
{
    struct zj_inv_opts mine = *opts;
    mine.workers = opts->workers ? opts->workers : cores();
    mine.workers = mine.workers < WORKERS_MAX ? mine.workers : WORKERS_MAX;
    mine.batch_bytes = opts->batch_bytes ? opts->batch_bytes : BATCH_BYTES;
    /* what libraries load on first use is loaded now: the children can open no file */
    const iconv_t loaded = iconv_open("UTF-8", "GB18030");
    if (loaded == (iconv_t)-1)
        return zj_fail(job, ZJ_EIO, "iconv: %s", zj_strerror(job, errno));
    struct pool *p = zj_alloc(sizeof *p);
    *p = (struct pool){.job = job, .files = files, .opts = &mine, .sink = sink, .totals = totals};
    p->worker_count = mine.workers;
    zj_job_init(&p->scratch);
    p->scratch.lang = job->lang;
    sqlite3_initialize();
    zj_pdf_prepare(job);
    zj_progress_start(&p->progress, job, zj_tr(job, "inventory", "数据盘点"), files->bytes, true);
    mark_known(p);
    list_large(p);
    zj_err err = serve(p);
    if (!err)
        err = account_for_all(p);
    zj_progress_end(&p->progress);
    for (size_t i = 0; i < p->worker_count; i++) {
        struct worker *w = &p->workers[i];
        if (w->pid) {
            kill(w->pid, SIGKILL);
            close(w->fd);
            waitpid(w->pid, NULL, 0);
        }
        zj_buf_release(&w->in);
    }
    iconv_close(loaded);
    zj_job_release(&p->scratch);
    free(p->large);
    free(p);
    return err;
}
