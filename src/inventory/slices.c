#include "inventory/slices.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "inventory/rules.h"
#include "inventory/table.h"

enum {
    LOOK_BYTES = 1 << 20,
    BACK_BYTES = 256 << 10, /* more than a cell over several lines has */
    HEAD_BYTES = 64 * 1024,
    TRIES_MAX = 2000,
    THREADS_MAX = 64,
};

struct slice {
    uint64_t from, to;
    struct zj_inv_table *table; /* NULL: nothing found, or merged */
    struct zj_buf unread;       /* place and reason, each with its NUL, again and again */
    bool is_done;
};

struct slices {
    struct zj_scan *scan;
    const struct zj_slices_how *how;
    const struct zj_reader_kind *reader;
    const char *path, *name; /* whole, and its last part */
    int fd;
    enum zj_charset charset;
    struct zj_span head;        /* of the file */
    struct zj_inv_table *names; /* columns as the head names them */
    struct slice *at;
    size_t count;
    atomic_size_t next;
    pthread_mutex_t lock; /* account, merged and all */
    size_t merged;
    struct zj_inv_table *all;
};

/* --- cutting -------------------------------------------------------------------------------------
 */
/* Where a record starts by its looks; SIZE_MAX where none is told. */
static size_t start_in(const struct slices *s, struct zj_span all)
{
    const uint8_t *at = all.at;
    for (int tries = 0; tries < TRIES_MAX; tries++) {
        const size_t left = all.len - (size_t)(at - all.at);
        const uint8_t *end = left ? memchr(at, '\n', left) : NULL;
        if (!end)
            return SIZE_MAX;
        at = end + 1;
        const size_t from = (size_t)(at - all.at);
        if (all.len - from < HEAD_BYTES)
            return SIZE_MAX;
        if (s->reader->starts_record(s->head, zj_span_part(all, from, HEAD_BYTES)))
            return from;
    }
    return SIZE_MAX;
}

static size_t record_len(const struct slices *s, struct zj_span rest)
{
    if (s->reader->record_len)
        return s->reader->record_len(s->head, rest);
    const uint8_t *end = rest.len ? memchr(rest.at, '\n', rest.len) : NULL;
    return end ? (size_t)(end - rest.at) + 1 : 0;
}

/* The first record that starts at `target` or behind it; 0 where none is told. Records are counted
 * off from well before it, so that one that goes over the target is met whole. */
static uint64_t cut_behind(const struct slices *s, uint64_t target, uint8_t *look)
{
    const uint64_t base = target > BACK_BYTES ? target - BACK_BYTES : 0;
    const ssize_t got = pread(s->fd, look, LOOK_BYTES, (off_t)base);
    const struct zj_span all = zj_span_of(look, got > 0 ? (size_t)got : 0);
    size_t at = base ? start_in(s, all) : 0;
    while (at < all.len && base + at < target) {
        const size_t len = record_len(s, zj_span_part(all, at, all.len));
        at = len ? at + len : SIZE_MAX;
    }
    return at < all.len ? base + at : 0;
}

static void cut_up(struct slices *s, uint64_t size, uint64_t step)
{
    uint8_t *look = zj_alloc(LOOK_BYTES);
    s->at = zj_alloc((size_t)(size / step + 1) * sizeof *s->at);
    uint64_t from = 0;
    for (uint64_t target = step; target + step / 2 < size; target += step) {
        const uint64_t to = cut_behind(s, target, look);
        if (to <= from)
            continue;
        s->at[s->count++] = (struct slice){.from = from, .to = to};
        from = to;
    }
    s->at[s->count++] = (struct slice){.from = from, .to = size};
    free(look);
}

/* --- reading -------------------------------------------------------------------------------------
 */
struct part {
    struct slices *s;
    uint64_t at, to;
    const char *cut_off;
};

static ssize_t fill_part(struct zj_in *in, uint8_t *to, size_t max)
{
    struct part *p = in->ctx;
    max = max < ZJ_IN_STEP ? max : ZJ_IN_STEP;
    max = max < p->to - p->at ? max : (size_t)(p->to - p->at);
    const ssize_t got = max ? pread(p->s->fd, to, max, (off_t)p->at) : 0;
    if (got < 0)
        in->fault = strerror(errno);
    else if (!got && max)
        in->fault = p->cut_off;
    if (got > 0) {
        p->at += (uint64_t)got;
        pthread_mutex_lock(&p->s->lock);
        p->s->how->account(p->s->how->ctx, (uint64_t)got);
        pthread_mutex_unlock(&p->s->lock);
    }
    return got;
}

struct told {
    struct slices *s;
    struct slice *slice;
};

static zj_err keep_unread(struct zj_job *job, void *ctx, const char *place, const char *reason)
{
    const struct told *t = ctx;
    struct zj_buf *out = &t->slice->unread;
    (void)job; /* told by the thread that puts all together */
    if (t->slice->from && strcmp(place, t->s->path) == 0)
        zj_buf_printf(out, "%s @%llu", place, (unsigned long long)t->slice->from);
    else
        zj_buf_str(out, place);
    zj_buf_byte(out, 0);
    zj_buf_str(out, reason);
    zj_buf_byte(out, 0);
    return ZJ_OK;
}

static void read_slice(struct slices *s, struct slice *slice, struct zj_job *job,
                       struct zj_identify_scratch *scratch)
{
    struct told told = {s, slice};
    const struct zj_inv_sink sink = {.unread = keep_unread, .ctx = &told};
    struct zj_scan scan = *s->scan;
    scan.job = job;
    scan.scratch = scratch;
    scan.sink = &sink;
    scan.keeps = &slice->table;
    scan.is_later_slice = slice->from > 0;
    scan.names = slice->from ? s->names : NULL;
    struct part part = {
        .s = s,
        .at = slice->from,
        .to = slice->to,
        .cut_off = zj_tr(job, "it became shorter while it was read", "文件在读取期间变短")};
    struct zj_in in = {.fill = fill_part,
                       .ctx = &part,
                       .name = s->name,
                       .size = slice->to - slice->from,
                       .taken = slice->from};
    (void)zj_scan_text(&scan, s->reader, &in, s->charset, s->path); /* its sink never fails */
    zj_in_release(&in);
    zj_job_clear(job);
    zj_arena_reset(&job->arena);
}

/* In their order, so that the same comes out however many read. */
static void merge_done(struct slices *s)
{
    for (; s->merged < s->count && s->at[s->merged].is_done; s->merged++) {
        struct slice *slice = &s->at[s->merged];
        if (s->all && slice->table) {
            zj_inv_table_merge(s->all, slice->table);
            zj_inv_table_free(slice->table);
        } else if (slice->table) {
            s->all = slice->table;
        }
        slice->table = NULL;
    }
}

static void read_all(struct slices *s, struct zj_job *job, struct zj_identify_scratch *scratch)
{
    for (size_t i; (i = atomic_fetch_add(&s->next, 1)) < s->count;) {
        read_slice(s, &s->at[i], job, scratch);
        pthread_mutex_lock(&s->lock);
        s->at[i].is_done = true;
        merge_done(s);
        pthread_mutex_unlock(&s->lock);
    }
}

static void *thread_main(void *ctx)
{
    struct slices *s = ctx;
    struct zj_job job;
    zj_job_init(&job);
    job.lang = s->scan->job->lang;
    struct zj_identify_scratch *scratch = zj_identify_scratch(s->scan->rules->identifier);
    read_all(s, &job, scratch);
    zj_identify_scratch_free(scratch);
    zj_job_release(&job);
    return NULL;
}

static void run_threads(struct slices *s)
{
    pthread_t threads[THREADS_MAX];
    unsigned count = 0, wanted = s->how->threads;
    wanted = wanted < s->count ? wanted : (unsigned)s->count;
    wanted = wanted < THREADS_MAX ? wanted : THREADS_MAX;
    while (count + 1 < wanted && pthread_create(&threads[count], NULL, thread_main, s) == 0)
        count++;
    struct zj_job job;
    zj_job_init(&job);
    job.lang = s->scan->job->lang;
    read_all(s, &job, s->scan->scratch);
    zj_job_release(&job);
    while (count)
        pthread_join(threads[--count], NULL);
}

static zj_err tell_all(struct slices *s)
{
    zj_err err = ZJ_OK;
    if (s->all) {
        s->all->scan = s->scan;
        err = zj_inv_table_emit(s->all);
    }
    for (size_t i = 0; i < s->count; i++) {
        const struct zj_buf *b = &s->at[i].unread;
        for (size_t at = 0; !err && at < b->len;) {
            const char *place = (const char *)b->at + at, *reason = place + strlen(place) + 1;
            err = zj_scan_unread(s->scan, place, reason);
            at = (size_t)(reason - (const char *)b->at) + strlen(reason) + 1;
        }
    }
    return err;
}

static zj_err tell_nobody(struct zj_job *job, void *ctx, const char *place, const char *reason)
{
    (void)job, (void)ctx, (void)place, (void)reason; /* told where the head is read as a slice */
    return ZJ_OK;
}

/* The head as a table of its own, for the names of its columns. */
static struct zj_inv_table *names_of(const struct slices *s)
{
    struct zj_inv_table *names = NULL;
    struct zj_scan scan = *s->scan;
    const struct zj_inv_sink sink = {.unread = tell_nobody};
    struct zj_in in = {.name = s->name, .is_ended = true};
    zj_buf_span(&in.window, s->head);
    scan.sink = &sink;
    scan.keeps = &names;
    (void)zj_scan_text(&scan, s->reader, &in, s->charset, s->path); /* its sink never fails */
    zj_in_release(&in);
    return names;
}

bool zj_read_slices(struct zj_scan *scan, int fd, uint64_t size, const char *path,
                    const struct zj_slices_how *how, zj_err *out_err)
{
    const uint64_t step = how->slice_bytes ? how->slice_bytes : ZJ_SLICE_BYTES;
    if (size / step < 2)
        return false;
    uint8_t *head = zj_alloc(HEAD_BYTES);
    const ssize_t got = pread(fd, head, HEAD_BYTES, 0);
    const char *slash = strrchr(path, '/');
    struct slices s = {
        .scan = scan, .how = how, .path = path, .name = slash ? slash + 1 : path, .fd = fd};
    s.head = zj_span_of(head, got > 0 ? (size_t)got : 0);
    s.charset = zj_charset_of(s.head);
    s.reader = zj_scan_reader(s.head, s.name, s.charset);
    const bool fits = s.reader && s.reader->starts_record &&
                      (s.charset == ZJ_CHARSET_UTF8 || s.charset == ZJ_CHARSET_GB18030) &&
                      (s.reader->record_len || s.reader->starts_record(s.head, s.head));
    if (fits) {
        s.names = names_of(&s);
        cut_up(&s, size, step);
        pthread_mutex_init(&s.lock, NULL);
        run_threads(&s);
        pthread_mutex_destroy(&s.lock);
        *out_err = tell_all(&s);
        for (size_t i = 0; i < s.count; i++)
            zj_buf_release(&s.at[i].unread);
        zj_inv_table_free(s.all);
        zj_inv_table_free(s.names);
        free(s.at);
    }
    free(head);
    return fits;
}
