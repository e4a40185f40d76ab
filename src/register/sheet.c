/* Reading a table in a child: the parsers meet bytes from outside only where they can do no harm.
 *
 *   parent: next row  <-- pipe --  child: sandbox, CSV or XLSX reader
 *
 * A frame is a head, the cells' heads and their text. The parent trusts none of their numbers. */
#include "register/sheet.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/sandbox.h"
#include "base/temp.h"

enum { IN_FD = 3, SPOOL_FD = 4, OUT_FD = 5 };
enum { PIPE_BYTES = 1 << 20, FLUSH_BYTES = 64 * 1024 };
enum frame_kind { FRAME_ROW = 1, FRAME_END, FRAME_FAILED };

struct frame {
    uint32_t kind;
    uint32_t count; /* cells; FRAME_FAILED: the error */
    uint32_t bytes; /* of what follows the cells' heads */
    int64_t number; /* of the row */
    int64_t done;   /* bytes of the file read so far */
};

struct frame_cell {
    uint32_t kind;
    uint32_t len;
};

struct zj_sheet {
    const char *path;
    int fd; /* of the pipe */
    pid_t child;
    int64_t total, done;
    struct zj_buf in; /* bytes from the pipe, those before `at` are used up */
    size_t at;
    bool is_over;
    struct zj_sheet_cell cells[ZJ_SHEET_COLS_MAX];
};

/* --- the child -------------------------------------------------------------------------------- */

struct sender {
    struct zj_buf out;
    int64_t done;
};

static void send_all(struct sender *s)
{
    for (size_t at = 0; at < s->out.len;) {
        const ssize_t n = write(OUT_FD, s->out.at + at, s->out.len - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            _exit(0); /* nobody listens any more */
        at += (size_t)n;
    }
    s->out.len = 0;
}

static void put_bytes(struct zj_buf *out, const void *at, size_t len)
{
    zj_buf_span(out, zj_span_of(at, len));
}

static zj_err send_row(struct zj_job *job, void *ctx, const struct zj_sheet_row *row)
{
    struct sender *s = ctx;
    struct frame frame = {.kind = FRAME_ROW,
                          .count = (uint32_t)row->count,
                          .number = row->number,
                          .done = s->done};
    (void)job; /* the pipe has no failure to tell of */
    for (size_t i = 0; i < row->count; i++)
        frame.bytes += (uint32_t)row->cells[i].text.len;
    put_bytes(&s->out, &frame, sizeof frame);
    for (size_t i = 0; i < row->count; i++) {
        const struct frame_cell cell = {row->cells[i].kind, (uint32_t)row->cells[i].text.len};
        put_bytes(&s->out, &cell, sizeof cell);
    }
    for (size_t i = 0; i < row->count; i++)
        zj_buf_span(&s->out, row->cells[i].text);
    if (s->out.len >= FLUSH_BYTES)
        send_all(s);
    return ZJ_OK;
}

static zj_err read_csv(struct zj_job *job, struct sender *s, const struct zj_sheet_out *out,
                       struct zj_span head)
{
    uint8_t bytes[64 * 1024];
    ZJ_AUTO(zj_csv_freep) struct zj_csv *csv = zj_csv_new(out);
    zj_err err = zj_csv_feed(job, csv, head);
    s->done = (int64_t)head.len;
    while (!err) {
        const ssize_t n = read(IN_FD, bytes, sizeof bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return zj_fail(job, ZJ_EIO, "%s", zj_strerror(job, errno));
        if (n == 0)
            return zj_csv_end(job, csv);
        s->done += n;
        err = zj_csv_feed(job, csv, zj_span_of(bytes, (size_t)n));
    }
    return err;
}

static zj_err read_any(struct zj_job *job, struct sender *s)
{
    const struct zj_sheet_out out = {send_row, s};
    uint8_t head[8];
    size_t len = 0;
    while (len < sizeof head) {
        const ssize_t n = read(IN_FD, head + len, sizeof head - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return zj_fail(job, ZJ_EIO, "%s", zj_strerror(job, errno));
        if (n == 0)
            break;
        len += (size_t)n;
    }
    const struct zj_span seen = {head, len};
    if (zj_span_starts(seen, ZJ_SPAN_LIT("\xd0\xcf\x11\xe0")))
        return zj_fail(job, ZJ_EINPUT, "%s",
                       zj_tr(job, "an old .xls or a workbook under a password; save it as .xlsx",
                             "是旧版 .xls 或加密的工作簿，请另存为不加密的 .xlsx"));
    if (!zj_span_starts(seen, ZJ_SPAN_LIT("PK\3\4")))
        return read_csv(job, s, &out, seen);
    if (lseek(IN_FD, 0, SEEK_SET) != 0)
        return zj_fail(job, ZJ_EINPUT, "%s",
                       zj_tr(job, "a workbook cannot come through a pipe; give its file",
                             "工作簿不能经管道读取，请给出文件"));
    return zj_xlsx_read(job, IN_FD, SPOOL_FD, &out);
}

static void send_end(struct sender *s, const struct zj_job *job, zj_err err)
{
    /* both languages, each with its end */
    const size_t own = strlen(job->message) + 1, other = strlen(job->other_message) + 1;
    struct frame frame = {.kind = err ? FRAME_FAILED : FRAME_END,
                          .count = (uint32_t)err,
                          .bytes = err ? (uint32_t)(own + other) : 0,
                          .done = s->done};
    put_bytes(&s->out, &frame, sizeof frame);
    if (err) {
        put_bytes(&s->out, job->message, own);
        put_bytes(&s->out, job->other_message, other);
    }
    send_all(s);
}

__attribute__((noreturn)) static void child_main(struct zj_job *parent, int in, int spool, int out)
{
    static const struct zj_sandbox_limits limits = {.memory_bytes = INT64_C(1) << 30,
                                                     .cpu_seconds = 3600,
                                                     .opens_fail = true}; /* sense/apart.c says why */
    /* above the numbers they go to, so that none is overwritten on the way */
    const int from[3] = {fcntl(in, F_DUPFD, 16), fcntl(spool, F_DUPFD, 16),
                         fcntl(out, F_DUPFD, 16)};
    for (int i = 0; i < 3; i++)
        dup2(from[i], IN_FD + i);
    close_range(OUT_FD + 1, ~0U, 0);
    close(0);
    close(1);
    signal(SIGINT, SIG_IGN); /* the parent decides when to stop */
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* the tables of GB18030 come from files: they are loaded while files can be opened */
    if (iconv_open("UTF-8", "GB18030") == (iconv_t)-1)
        _exit(3);
    setenv("TZ", "UTC0", 1); /* the ZIP library asks for local time, which lies in a file */
    tzset();
    struct zj_job job;
    struct zj_pairs pairs = {0};
    zj_job_init(&job);
    job.lang = parent->lang;
    job.pairs = parent->pairs ? &pairs : NULL;
    struct sender sender = {0};
    zj_err err = zj_sandbox_enter(&limits)
                     ? read_any(&job, &sender)
                     : zj_fail(&job, ZJ_EBUG, "%s",
                               zj_tr(&job, "the kernel gives no sandbox (seccomp)",
                                     "内核不支持沙箱（seccomp）"));
    send_end(&sender, &job, err);
    _exit(0);
}

/* --- the parent ------------------------------------------------------------------------------- */

static zj_err start(struct zj_job *job, struct zj_sheet *sheet, int in)
{
    int ends[2];
    const int spool = zj_temp_nameless();
    if (spool < 0 || pipe2(ends, O_CLOEXEC) != 0) {
        const int why = errno;
        if (spool >= 0)
            close(spool);
        return zj_fail(job, ZJ_EIO, "%s", zj_strerror(job, why));
    }
    (void)fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES); /* a smaller pipe works as well */
    sheet->child = fork();
    if (sheet->child == 0)
        child_main(job, in, spool, ends[1]);
    const int why = errno;
    close(spool);
    close(ends[1]);
    if (sheet->child < 0) {
        close(ends[0]);
        return zj_fail(job, ZJ_EIO, "fork: %s", zj_strerror(job, why));
    }
    sheet->fd = ends[0];
    return ZJ_OK;
}

zj_err zj_sheet_open(struct zj_job *job, const char *path, const char *name,
                     struct zj_sheet **out)
{
    struct stat st;
    const bool is_stdin = strcmp(path, "-") == 0;
    const int in = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return zj_fail(job, ZJ_EINPUT, "%s: %s", path, zj_strerror(job, errno));
    ZJ_AUTO(zj_sheet_closep) struct zj_sheet *sheet = zj_alloc(sizeof *sheet);
    sheet->fd = -1;
    sheet->path = is_stdin ? "stdin" : name;
    zj_err err = ZJ_OK;
    if (fstat(in, &st) == 0 && S_ISDIR(st.st_mode))
        err = zj_fail(job, ZJ_EINPUT, "%s: %s", path, zj_strerror(job, EISDIR));
    else if (S_ISREG(st.st_mode))
        sheet->total = st.st_size;
    if (!err)
        err = start(job, sheet, in);
    close(in);
    if (!err)
        *out = ZJ_TAKE(sheet);
    return err;
}

/* Until `need` bytes lie unread in the buffer; false where the pipe ends before. */
static bool fill(struct zj_sheet *s, size_t need)
{
    if (s->in.len - s->at >= need)
        return true;
    if (s->at) {
        memmove(s->in.at, s->in.at + s->at, s->in.len - s->at);
        s->in.len -= s->at;
        s->at = 0;
    }
    while (s->in.len < need) {
        zj_buf_reserve(&s->in, need > FLUSH_BYTES ? need : FLUSH_BYTES);
        const ssize_t n = read(s->fd, s->in.at + s->in.len, s->in.cap - s->in.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s->in.len += (size_t)n;
    }
    return true;
}

static zj_err reader_died(struct zj_job *job, struct zj_sheet *s)
{
    int status = 0;
    while (waitpid(s->child, &status, 0) < 0 && errno == EINTR)
        ;
    s->child = 0;
    return zj_fail(job, ZJ_EINPUT,
                   zj_tr(job, "%s: the reader was stopped by this file (signal %d)",
                         "%s：读取该文件的进程被终止（信号 %d）"),
                   s->path, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

static zj_err end_of_rows(struct zj_job *job, struct zj_sheet *s, const struct frame *frame)
{
    s->is_over = true;
    if (frame->kind == FRAME_END)
        return ZJ_OK;
    const zj_err err = (zj_err)frame->count;
    const bool is_expected =
        err == ZJ_EIO || err == ZJ_EINPUT || err == ZJ_ELIMIT || err == ZJ_EBUG;
    if (frame->bytes > 2 * sizeof job->message || !fill(s, frame->bytes))
        return reader_died(job, s);
    const char *own = (const char *)(s->in.at + s->at), *end = own + frame->bytes;
    const char *other = own + strnlen(own, frame->bytes) + 1;
    if (other >= end || other + strnlen(other, (size_t)(end - other)) >= end)
        return reader_died(job, s);
    const bool is_zh = job->lang == ZJ_ZH;
    return zj_fail(job, is_expected ? err : ZJ_EINPUT, "%s: %s", s->path,
                   zj_tr(job, is_zh ? other : own, is_zh ? own : other));
}

zj_err zj_sheet_next(struct zj_job *job, struct zj_sheet *s, struct zj_sheet_row *out_row,
                     bool *out_has)
{
    struct frame frame;
    *out_has = false;
    if (s->is_over)
        return ZJ_OK;
    if (!fill(s, sizeof frame))
        return reader_died(job, s);
    memcpy(&frame, s->in.at + s->at, sizeof frame);
    s->at += sizeof frame;
    s->done = frame.done;
    if (frame.kind != FRAME_ROW)
        return end_of_rows(job, s, &frame);
    const size_t heads = frame.count * sizeof(struct frame_cell);
    if (frame.count > ZJ_SHEET_COLS_MAX || frame.bytes > 4 * ZJ_SHEET_ROW_BYTES_MAX ||
        !fill(s, heads + frame.bytes))
        return reader_died(job, s);
    size_t left = frame.bytes;
    const uint8_t *head = s->in.at + s->at, *text = head + heads;
    for (size_t i = 0; i < frame.count; i++) {
        struct frame_cell cell;
        memcpy(&cell, head + i * sizeof cell, sizeof cell);
        if (cell.len > left || cell.kind > ZJ_SHEET_FORMULA)
            return reader_died(job, s);
        s->cells[i] = (struct zj_sheet_cell){zj_span_of(text, cell.len),
                                             (enum zj_sheet_kind)cell.kind};
        text += cell.len;
        left -= cell.len;
    }
    s->at += heads + frame.bytes;
    *out_row = (struct zj_sheet_row){frame.number, frame.count, s->cells};
    *out_has = true;
    return ZJ_OK;
}

void zj_sheet_progress(const struct zj_sheet *s, int64_t *out_done, int64_t *out_total)
{
    *out_done = s->done;
    *out_total = s->done ? s->total : 0; /* a workbook's bytes say nothing of its rows */
}

void zj_sheet_close(struct zj_sheet *s)
{
    if (!s)
        return;
    if (s->fd >= 0)
        close(s->fd);
    if (s->child > 0) {
        kill(s->child, SIGKILL);
        while (waitpid(s->child, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    zj_buf_release(&s->in);
    free(s);
}
