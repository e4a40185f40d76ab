/* Tables of databases, looked at in a child. The parent writes records, the child reads them and
 * answers at the end of each table with lines (child.h):
 *
 *   tag(1) number(4) length(4) bytes(length)
 *   'T' kind, path and comment of a table, NUL between     'C' name, type and comment of a column
 *   (`number` 1: it may not be selected)
 *   'V' a cell of column `number`    'R' the end of a row    'E' the end: rows(8) zj_table_end(1)
 *
 * A child that ends before its time takes the table with it, which is told; the next table gets a
 * new one. */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sandbox.h"
#include "inventory/child.h"
#include "inventory/rules.h"
#include "inventory/source.h"

enum {
    HEAD_BYTES = 9,
    SEND_BYTES = 128 * 1024,
    RECORD_MAX = 1 << 20,
    STEP_S = 120, /* the child takes what is sent, and answers, within this */
};

struct zj_tables {
    struct zj_source *source;
    struct zj_job scratch; /* holds one result at a time */
    pid_t pid;             /* 0: none */
    int fd;
    bool is_lost; /* of this table nothing more is sent */
    char *path;
    struct zj_buf out, in;
};

/* --- the child's side ----------------------------------------------------------------------------
 */
struct looker {
    struct zj_child base;
    struct zj_scan scan;
    struct zj_inv_table *table;
    size_t *cols; /* of the table, by the number the parent gives */
    size_t count;
};

/* A column whose sampled values all differ is taken to differ in the whole; of another the sample
 * has seen most values already. */
static void scale(struct zj_inv_table *table, uint64_t rows, enum zj_table_end how)
{
    const uint64_t read = table->rows;
    if (how == ZJ_TABLE_WHOLE)
        return;
    table->is_least = !rows;
    table->is_estimate = rows;
    if (rows <= read || !read)
        return;
    const double factor = (double)rows / (double)read;
    for (size_t i = 0; i < table->count; i++) {
        struct zj_col_state *col = &table->cols[i];
        const uint64_t distinct = zj_hll_count(col->distinct);
        if (distinct * 10 >= col->values * 9)
            col->factor = factor;
    }
    table->rows = rows;
    table->bytes = (uint64_t)((double)table->bytes * factor);
}

/* The strings of a record; the parent ends each with a NUL. */
static void split(struct zj_span bytes, const char *out[3])
{
    for (size_t i = 0; i < 3; i++) {
        out[i] = (const char *)bytes.at;
        bytes = zj_span_part(bytes, strlen(out[i]) + 1, bytes.len);
    }
}

static void end_table(struct looker *l, struct zj_span bytes)
{
    uint64_t rows;
    memcpy(&rows, bytes.at, sizeof rows);
    const enum zj_table_end how = bytes.at[sizeof rows];
    scale(l->table, rows, how);
    l->table->is_partial = how == ZJ_TABLE_PARTIAL;
    if (how != ZJ_TABLE_NOTHING && zj_inv_table_emit(l->table))
        zj_child_unread(&l->base, l->table->path, l->scan.job->message);
    zj_inv_table_free(l->table);
    l->table = NULL;
    zj_job_clear(l->scan.job);
    zj_arena_reset(&l->scan.job->arena);
    zj_child_number(&l->base, "done", 1);
}

static void take_record(struct looker *l, uint8_t tag, uint32_t number, struct zj_span bytes)
{
    const char *texts[3];
    switch (tag) {
    case 'T':
        split(bytes, texts);
        l->scan.tables = 0;
        l->table =
            zj_inv_table_new(&l->scan, texts[1], zj_arena_strdup(&l->scan.job->arena, texts[0]));
        l->table->comment = *texts[2] ? zj_arena_strdup(&l->table->arena, texts[2]) : NULL;
        l->count = 0;
        break;
    case 'C':
        split(bytes, texts);
        if (l->count == ZJ_TABLE_COLS_MAX)
            break;
        l->cols[l->count] = zj_inv_table_col(l->table, zj_span_str(texts[0]));
        l->table->cols[l->cols[l->count]].is_unread = number;
        zj_inv_table_describe(l->table, l->cols[l->count++], zj_span_str(texts[1]),
                              zj_span_str(texts[2]));
        break;
    case 'V':
        if (number < l->count)
            zj_inv_table_cell(l->table, l->cols[number], bytes);
        break;
    case 'R':
        zj_inv_table_row(l->table);
        break;
    case 'E':
        end_table(l, bytes);
        break;
    default:
        _exit(1);
    }
}

static _Noreturn void child_main(struct zj_tables *t, int fd)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0); /* signals of the terminal go to the parent */
    zj_child_keep_only(fd, NULL, 0);
    struct looker l = {.cols = zj_alloc(ZJ_TABLE_COLS_MAX * sizeof *l.cols)};
    const struct zj_inv_rules *rules = t->source->opts->rules;
    zj_child_init(&l.base);
    l.scan = (struct zj_scan){.job = &t->scratch,
                              .sink = &l.base.sink,
                              .rules = rules,
                              .scratch = zj_identify_scratch(rules->identifier),
                              .source = t->source->name};
    const struct zj_sandbox_limits limits = {
        .memory_bytes = ZJ_CHILD_MEMORY, .may_wait = true, .opens_fail = true};
    if (!zj_sandbox_enter(&limits))
        _exit(1);
    struct zj_buf in = {0};
    for (;;) {
        zj_buf_reserve(&in, 2 * SEND_BYTES);
        const ssize_t n = read(ZJ_CHILD_FD, in.at + in.len, in.cap - in.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            _exit(n < 0);
        in.len += (size_t)n;
        size_t at = 0;
        for (uint32_t head[2]; in.len - at >= HEAD_BYTES; at += HEAD_BYTES + head[1]) {
            memcpy(head, in.at + at + 1, sizeof head);
            if (in.len - at - HEAD_BYTES < head[1])
                break;
            take_record(&l, in.at[at], head[0], zj_span_of(in.at + at + HEAD_BYTES, head[1]));
        }
        memmove(in.at, in.at + at, in.len - at);
        in.len -= at;
    }
}

/* --- the parent's side ---------------------------------------------------------------------------
 */
struct zj_tables *zj_tables_new(struct zj_source *source)
{
    struct zj_tables *t = zj_alloc(sizeof *t);
    t->source = source;
    zj_job_init(&t->scratch);
    t->scratch.lang = source->job->lang;
    return t;
}

static int reap(struct zj_tables *t)
{
    int status = 0;
    close(t->fd);
    while (waitpid(t->pid, &status, 0) < 0 && errno == EINTR)
        ;
    t->pid = 0;
    return status;
}

void zj_tables_free(struct zj_tables *t)
{
    if (!t)
        return;
    if (t->pid) {
        kill(t->pid, SIGKILL);
        (void)reap(t); /* it has nothing to say any more */
    }
    zj_buf_release(&t->out);
    zj_buf_release(&t->in);
    zj_job_release(&t->scratch);
    free(t->path);
    free(t);
}

static bool start_child(struct zj_tables *t)
{
    int ends[2];
    const struct timeval step = {.tv_sec = STEP_S};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    (void)setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &step, sizeof step); /* else it waits */
    (void)setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &step, sizeof step); /* as above */
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0)
        child_main(t, ends[1]);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return false;
    }
    t->pid = pid;
    t->fd = ends[0];
    t->in.len = 0;
    return true;
}

static void lose(struct zj_tables *t)
{
    if (!t->is_lost)
        kill(t->pid, SIGKILL); /* it may only be slow */
    t->is_lost = true;
}

static void send_out(struct zj_tables *t)
{
    for (size_t at = 0; at < t->out.len && !t->is_lost;) {
        const ssize_t n = send(t->fd, t->out.at + at, t->out.len - at, MSG_NOSIGNAL);
        if (n < 0 && errno == EPIPE)
            t->is_lost = true;
        else if (n < 0 && errno != EINTR)
            lose(t);
        at += n > 0 ? (size_t)n : 0;
    }
    t->out.len = 0;
}

static void put_record(struct zj_tables *t, uint8_t tag, size_t number, struct zj_span bytes)
{
    const uint32_t head[2] = {(uint32_t)number, (uint32_t)bytes.len};
    if (t->is_lost)
        return;
    zj_buf_byte(&t->out, tag);
    zj_buf_span(&t->out, zj_span_of(head, sizeof head));
    zj_buf_span(&t->out, bytes);
    if (t->out.len >= SEND_BYTES)
        send_out(t);
}

static void put_texts(struct zj_tables *t, uint8_t tag, size_t number, const char *const texts[3])
{
    struct zj_buf bytes = {0};
    for (size_t i = 0; i < 3; i++) {
        zj_buf_span(&bytes, zj_span_part(zj_span_str(texts[i] ? texts[i] : ""), 0, RECORD_MAX / 4));
        zj_buf_byte(&bytes, 0);
    }
    put_record(t, tag, number, zj_buf_all(&bytes));
    zj_buf_release(&bytes);
}

void zj_tables_begin(struct zj_tables *t, const char *path, const char *kind, const char *comment)
{
    free(t->path);
    t->path = zj_strdup(path);
    t->out.len = 0;
    t->is_lost = !t->pid && !start_child(t);
    put_texts(t, 'T', 0, (const char *const[]){kind, path, comment});
}

void zj_tables_column(struct zj_tables *t, const char *name, const char *data_type,
                      const char *comment, bool is_closed)
{
    put_texts(t, 'C', is_closed, (const char *const[]){name, data_type, comment});
}

void zj_tables_cell(struct zj_tables *t, size_t col, struct zj_span value)
{
    put_record(t, 'V', col, zj_span_part(value, 0, ZJ_CELL_BYTES_MAX));
}

void zj_tables_row(struct zj_tables *t)
{
    put_record(t, 'R', 0, zj_span_of(NULL, 0));
}

/* Lines of the child up to its "done". */
static zj_err take_answer(struct zj_tables *t)
{
    const struct zj_child_task task = {t->source->name, t->source->path};
    zj_err err = ZJ_OK;
    while (!t->is_lost) {
        const uint8_t *end = t->in.len ? memchr(t->in.at, '\n', t->in.len) : NULL;
        if (end) {
            const struct zj_span line = zj_span_of(t->in.at, (size_t)(end - t->in.at));
            const bool is_result = zj_child_is_result(line);
            if (is_result && !err)
                err = zj_child_take(t->source->job, &t->scratch, t->source->sink, &task, line);
            memmove(t->in.at, end + 1, t->in.len - line.len - 1);
            t->in.len -= line.len + 1;
            if (!is_result)
                return err;
            continue;
        }
        zj_buf_reserve(&t->in, 1 << 16);
        const ssize_t n = read(t->fd, t->in.at + t->in.len, t->in.cap - t->in.len);
        if (n == 0)
            t->is_lost = true;
        else if ((n < 0 && errno != EINTR) || t->in.len > ZJ_CHILD_LINE_MAX)
            lose(t);
        t->in.len += n > 0 ? (size_t)n : 0;
    }
    return err;
}

zj_err zj_tables_end(struct zj_tables *t, uint64_t rows, enum zj_table_end how)
{
    char reason[256];
    uint8_t bytes[sizeof rows + 1];
    memcpy(bytes, &rows, sizeof rows);
    bytes[sizeof rows] = (uint8_t)how;
    put_record(t, 'E', 0, zj_span_of(bytes, sizeof bytes));
    send_out(t);
    const zj_err err = take_answer(t);
    if (!t->is_lost)
        return err;
    if (t->pid)
        zj_child_end_reason(t->source->job, reap(t), reason, sizeof reason);
    else
        snprintf(reason, sizeof reason, "fork: %s", strerror(errno));
    return err ? err : zj_source_unread(t->source, t->path, reason);
}
