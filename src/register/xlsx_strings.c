#include "register/xlsx_strings.h"

#include <errno.h>
#include <unistd.h>

enum {
    PAGE_BYTES = 32 * 1024,
    PAGES = 64, /* low indexes (repeated words) and the running end stay in memory together */
    PENDING_BYTES = 256 * 1024,
};
static const uint64_t text_bytes_max = UINT64_C(3) << 30;
static const size_t strings_max = 16 * 1024 * 1024;

struct page {
    uint64_t from; /* offset in the file */
    size_t len;
    uint8_t bytes[PAGE_BYTES];
};

struct zj_strings {
    int fd;
    uint32_t *starts; /* text_bytes_max fits */
    size_t count, cap;
    uint64_t end; /* of the text, pending bytes included */
    struct zj_buf pending;
    struct page *pages;
};

struct zj_strings *zj_strings_new(int spool_fd)
{
    struct zj_strings *s = zj_alloc(sizeof *s);
    s->fd = spool_fd;
    return s;
}

void zj_strings_free(struct zj_strings *s)
{
    if (!s)
        return;
    zj_buf_release(&s->pending);
    free(s->starts);
    free(s->pages);
    free(s);
}

static zj_err flush(struct zj_job *job, struct zj_strings *s)
{
    size_t at = 0;
    while (at < s->pending.len) {
        const ssize_t n = write(s->fd, s->pending.at + at, s->pending.len - at);
        if (n < 0 && errno != EINTR)
            return zj_fail(job, ZJ_EIO, zj_tr(job, "temporary file: %s", "临时文件：%s"),
                           zj_strerror(job, errno));
        at += n > 0 ? (size_t)n : 0;
    }
    s->pending.len = 0;
    return ZJ_OK;
}

zj_err zj_strings_add(struct zj_job *job, struct zj_strings *s, struct zj_span text)
{
    if (s->count == strings_max || s->end + text.len > text_bytes_max)
        return zj_fail(job, ZJ_ELIMIT, "%s",
                       zj_tr(job, "the workbook holds too much text; split it or use CSV",
                             "工作簿文本过多，请拆分或改用 CSV"));
    if (s->count == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 1024;
        s->starts = zj_realloc(s->starts, s->cap * sizeof *s->starts);
    }
    s->starts[s->count++] = (uint32_t)s->end;
    s->end += text.len;
    zj_buf_span(&s->pending, text);
    return s->pending.len < PENDING_BYTES ? ZJ_OK : flush(job, s);
}

static zj_err load(struct zj_job *job, const struct zj_strings *s, struct page *page, uint64_t from)
{
    page->len = 0;
    page->from = from;
    while (page->len < PAGE_BYTES && from + page->len < s->end) {
        const ssize_t n = pread(s->fd, page->bytes + page->len, PAGE_BYTES - page->len,
                                (off_t)(from + page->len));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return zj_fail(job, ZJ_EIO, zj_tr(job, "temporary file: %s", "临时文件：%s"),
                           n < 0 ? zj_strerror(job, errno) : zj_tr(job, "short", "文件不完整"));
        page->len += (size_t)n;
    }
    return ZJ_OK;
}

zj_err zj_strings_get(struct zj_job *job, struct zj_strings *s, size_t index, struct zj_buf *out)
{
    if (index >= s->count)
        return zj_fail(job, ZJ_EINPUT,
                       zj_tr(job, "shared string %zu is named, %zu are there",
                             "引用了第 %zu 个共享字符串，实际只有 %zu 个"),
                       index, s->count);
    zj_err err = flush(job, s);
    if (!s->pages)
        s->pages = zj_alloc(PAGES * sizeof *s->pages);
    uint64_t at = s->starts[index];
    const uint64_t end = index + 1 < s->count ? s->starts[index + 1] : s->end;
    while (at < end && !err) {
        const uint64_t from = at / PAGE_BYTES * PAGE_BYTES;
        struct page *page = &s->pages[from / PAGE_BYTES % PAGES];
        if (page->from != from || page->len == 0)
            err = load(job, s, page, from);
        if (err)
            return err;
        const size_t skip = (size_t)(at - from);
        const size_t want = (size_t)(end - at);
        const size_t have = page->len - skip;
        zj_buf_span(out, zj_span_of(page->bytes + skip, want < have ? want : have));
        at += want < have ? want : have;
    }
    return err;
}
