/* The sensor in a child process. What it observes comes back over a pipe (intake.h). A flush is
 * passed on without an answer, so a slow store never holds up the capture longer than the pipe does.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <iconv.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/sandbox.h"
#include "sense/intake.h"

enum {
    SEND_BYTES = 256 * 1024,
    PIPE_FD = 3,
    ASK_MS = 200,
    NOBODY = 65534,
    HELD_SHARE = 16, /* of the budget: what waits for a slow store while packets go on */
    HELD_MAX = 64 * 1024 * 1024,
};

/* --- the child's side ---------------------------------------------------------------------------- */
struct pipe_sink {
    struct zj_sink sink;
    int fd; /* does not block with an interface, whose packets do not wait */
    struct zj_buf out;
    size_t sent; /* bytes of `out` that are in the pipe */
    size_t next; /* length of `out` at which to try again */
    size_t held_max;
};

/* What the pipe takes now; no more than `held_max` bytes stay, for the rest it waits. */
static zj_err send_down_to(struct pipe_sink *s, struct zj_job *job, size_t held_max)
{
    while (s->sent < s->out.len) {
        const ssize_t n = write(s->fd, s->out.at + s->sent, s->out.len - s->sent);
        s->sent += n > 0 ? (size_t)n : 0;
        if (n >= 0 || errno == EINTR)
            continue;
        if (errno != EAGAIN)
            return zj_fail(job, ZJ_EIO, "pipe: %s", zj_strerror(job, errno));
        if (s->out.len - s->sent <= held_max)
            break;
        struct pollfd room = {.fd = s->fd, .events = POLLOUT};
        (void)poll(&room, 1, -1); /* a failure shows at the write */
    }
    if (s->sent > s->out.len / 2) {
        memmove(s->out.at, s->out.at + s->sent, s->out.len - s->sent);
        s->out.len -= s->sent;
        s->sent = 0;
    }
    s->next = s->out.len + SEND_BYTES;
    return ZJ_OK;
}

static zj_err send_all(struct pipe_sink *s, struct zj_job *job)
{
    return send_down_to(s, job, 0);
}

static bool pipe_is_busy(struct zj_sink *sink)
{
    const struct pipe_sink *s = (struct pipe_sink *)sink;
    return s->out.len - s->sent > s->held_max / 4;
}

static void put_number(struct zj_buf *out, uint64_t value, size_t bytes)
{
    zj_buf_span(out, zj_span_of(&value, bytes)); /* both sides are one machine */
}

/* Starts a record; gives where its length is to be put. */
static size_t rec_begin(struct pipe_sink *s, uint8_t kind)
{
    zj_buf_byte(&s->out, kind);
    put_number(&s->out, 0, 4);
    return s->out.len;
}

static zj_err rec_end(struct pipe_sink *s, struct zj_job *job, size_t begun)
{
    const uint32_t len = (uint32_t)(s->out.len - begun);
    memcpy(s->out.at + begun - 4, &len, sizeof len);
    return s->out.len >= s->next ? send_down_to(s, job, s->held_max) : ZJ_OK;
}

static zj_err pipe_fact(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                        const struct zj_cell *cells)
{
    struct pipe_sink *s = (struct pipe_sink *)sink;
    const size_t begun = rec_begin(s, ZJ_REC_FACT);
    zj_buf_byte(&s->out, (uint8_t)kind);
    for (size_t i = 0; i < zj_fact_kinds[kind].col_count; i++) {
        put_number(&s->out, (uint64_t)cells[i].num, 8);
        zj_buf_span(&s->out, zj_span_of(cells[i].addr.bytes, sizeof cells[i].addr.bytes));
        put_number(&s->out, cells[i].text.len, 4);
        zj_buf_span(&s->out, cells[i].text);
    }
    return rec_end(s, job, begun);
}

static zj_err pipe_events(struct zj_sink *sink, struct zj_job *job, struct zj_span lines)
{
    struct pipe_sink *s = (struct pipe_sink *)sink;
    const size_t begun = rec_begin(s, ZJ_REC_EVENTS);
    zj_buf_span(&s->out, lines);
    return rec_end(s, job, begun);
}

static zj_err pipe_flush(struct zj_sink *sink, struct zj_job *job)
{
    struct pipe_sink *s = (struct pipe_sink *)sink;
    zj_err err = rec_end(s, job, rec_begin(s, ZJ_REC_FLUSH));
    return err ? err : send_down_to(s, job, s->held_max);
}

static zj_err pipe_seen(struct zj_sink *sink, struct zj_job *job, const struct zj_seen *seen)
{
    struct pipe_sink *s = (struct pipe_sink *)sink;
    const size_t begun = rec_begin(s, ZJ_REC_SEEN);
    zj_buf_span(&s->out, zj_span_of(seen, sizeof *seen));
    return rec_end(s, job, begun);
}

static zj_err send_faults(struct pipe_sink *s, struct zj_job *job,
                          const struct zj_sense_faults *faults)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; faults && i < faults->count && !err; i++) {
        const size_t begun = rec_begin(s, ZJ_REC_FAULT);
        put_number(&s->out, strlen(faults->at[i].file), 4);
        zj_buf_str(&s->out, faults->at[i].file);
        zj_buf_str(&s->out, faults->at[i].message);
        err = rec_end(s, job, begun);
    }
    return err;
}

/* The rights go once the captures are open. Before that, what libraries load on first use is
 * loaded, since afterwards no file can be opened. */
static zj_err give_up_rights(struct zj_job *job)
{
    /* Giving memory back, the allocator of a process that was doubled by a thread asks a file in /proc
     * how much there may be: it does without an answer. */
    static const struct zj_sandbox_limits limits = {
        .may_thread = true, .may_wait = true, .opens_fail = true};
    uint8_t digest[ZJ_SHA256_BYTES];
    zj_sha256(ZJ_SPAN_LIT(""), digest);
    if (iconv_open("UTF-8", "GB18030") == (iconv_t)-1) /* stays open, so that it stays loaded */
        return zj_fail(job, ZJ_EIO, "iconv: %s", zj_strerror(job, errno));
    mallopt(M_ARENA_MAX, 1); /* further arenas ask the kernel by files in /sys and /proc */
    if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
                           setresuid(NOBODY, NOBODY, NOBODY) != 0))
        return zj_fail(job, ZJ_EIO, "setresuid: %s", zj_strerror(job, errno));
    /* another user's process forgets that it dies with its parent; the pipe tells if that is gone */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct pollfd pipe_end = {.fd = PIPE_FD};
    if (poll(&pipe_end, 1, 0) > 0 && pipe_end.revents & POLLERR)
        _exit(1);
    if (!zj_sandbox_enter(&limits))
        return zj_fail(job, ZJ_EIO,
                       zj_tr(job, "the kernel gives no sandbox (seccomp)", "内核不支持 seccomp 沙箱"));
    return ZJ_OK;
}

/* Only standard input, standard error and the pipe stay open. */
static int close_others(int fd)
{
    if (fd != PIPE_FD && dup2(fd, PIPE_FD) < 0)
        _exit(1);
    close_range(PIPE_FD + 1, ~0u, 0);
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0)
        _exit(1);
    close(nowhere);
    return PIPE_FD;
}

static _Noreturn void child_main(struct zj_job *job, const struct zj_sense_opts *opts,
                                 const struct zj_sink *outer, int fd, pid_t parent)
{
    struct zj_sense_opts mine = *opts;
    struct zj_sense_stats stats;
    setpgid(0, 0); /* signals of the terminal go to the parent, which passes one on */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) /* it died before that */
        _exit(1);
    struct pipe_sink s = {
        .sink = {.fact = pipe_fact,
                 .events = outer->events ? pipe_events : NULL,
                 .flush = pipe_flush,
                 .seen = outer->seen ? pipe_seen : NULL},
        .fd = close_others(fd),
        .next = SEND_BYTES,
    };
    if (opts->interface && fcntl(s.fd, F_SETFL, O_WRONLY | O_NONBLOCK) == 0) {
        const int64_t share = opts->memory_bytes / HELD_SHARE;
        s.held_max = share > 0 && share < HELD_MAX ? (size_t)share : HELD_MAX;
        s.sink.is_busy = pipe_is_busy;
    }
    mine.before_first_byte = give_up_rights;
    const zj_err err = zj_sense_run(job, &mine, &s.sink, &stats);
    if (send_faults(&s, job, mine.faults))
        _exit(1);
    const size_t begun = rec_begin(&s, ZJ_REC_END);
    put_number(&s.out, (uint64_t)err, 4);
    zj_buf_span(&s.out, zj_span_of(&stats, sizeof stats));
    zj_buf_str(&s.out, job->message);
    if (rec_end(&s, job, begun) || send_all(&s, job))
        _exit(1);
    _exit(0);
}

/* --- the parent's side --------------------------------------------------------------------------- */
static zj_err serve(struct zj_job *job, struct zj_intake *in, int fd, pid_t child)
{
    enum { PATIENCE_MS = 10000 }; /* with a child that was told to end and says nothing more */
    zj_err err = ZJ_OK;
    bool was_told = false;
    int silent_ms = 0;
    while (!err) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        const int has_more = poll(&ready, 1, ASK_MS); /* a signal may go to another thread */
        if (zj_is_interrupted(job) && !was_told) {
            kill(child, SIGTERM);
            was_told = true;
        }
        silent_ms = has_more > 0 || !was_told ? 0 : silent_ms + ASK_MS;
        if (silent_ms >= PATIENCE_MS)
            kill(child, SIGKILL);
        if (has_more <= 0)
            continue;
        zj_buf_reserve(&in->in, SEND_BYTES);
        const ssize_t n = read(fd, in->in.at + in->in.len, SEND_BYTES);
        if (n == 0 || (n < 0 && errno != EINTR))
            break;
        in->in.len += n > 0 ? (size_t)n : 0;
        err = zj_intake_take(job, in);
    }
    return err;
}

static zj_err how_it_ended(struct zj_job *job, pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFSIGNALED(status))
        return zj_fail(job, ZJ_EBUG,
                       zj_tr(job, "the capture process was ended by signal %d (%s)",
                             "采集进程被信号 %d 终止（%s）"),
                       WTERMSIG(status), strsignal(WTERMSIG(status)));
    return zj_fail(job, ZJ_EBUG,
                   zj_tr(job, "the capture process ended early", "采集进程提前结束"));
}

/* A child reads for the sink of this process. */
static zj_err run_child(struct zj_job *job, const struct zj_sense_opts *opts, struct zj_sink *sink,
                        struct zj_sense_stats *out_stats)
{
    int ends[2];
    struct zj_intake in = {.sink = sink,
                        .stats = out_stats,
                        .faults = opts->faults,
                        .faults_max = opts->file_count};
    if (pipe2(ends, O_CLOEXEC) != 0)
        return zj_fail(job, ZJ_EIO, "pipe: %s", zj_strerror(job, errno));
    (void)fcntl(ends[0], F_SETPIPE_SZ, 1 << 20); /* a wish: the limit may be lower */
    const pid_t parent = getpid(), child = fork();
    if (child == 0)
        child_main(job, opts, sink, ends[1], parent);
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return zj_fail(job, ZJ_EIO, "fork: %s", zj_strerror(job, errno));
    }
    setpgid(child, child);
    if (opts->when_apart)
        opts->when_apart(opts->when_apart_ctx);
    zj_err err = serve(job, &in, ends[0], child);
    close(ends[0]);
    zj_buf_release(&in.in);
    if (!in.is_ended && err)
        kill(child, SIGKILL); /* the sink failed: there is nobody to listen */
    if (in.is_ended || err) {
        waitpid(child, NULL, 0);
        return err;
    }
    return how_it_ended(job, child);
}

zj_err zj_sense_run_apart(struct zj_job *job, const struct zj_sense_opts *opts,
                          struct zj_sink *sink, struct zj_sense_stats *out_stats)
{
    struct zj_sense_opts with = *opts;
    struct zj_detections *loaded = NULL;
    *out_stats = (struct zj_sense_stats){0};
    zj_err err = opts->detections || opts->parse_only ? ZJ_OK
                                                      : zj_detections_load(job, NULL, &loaded);
    if (loaded) /* by this process: the child has no right to open files */
        with.detections = loaded;
    if (!err)
        err = run_child(job, &with, sink, out_stats);
    zj_detections_free(loaded);
    return err;
}
