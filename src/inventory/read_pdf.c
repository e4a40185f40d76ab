/* The text of PDF documents, page by page, by poppler. It runs where no file can be opened, so text
 * in fonts that need poppler's own tables of Chinese characters comes only where the document
 * brings its mapping to Unicode along, as most do. A page that is a picture has no text. */
#include <poppler.h>

#include "base/library.h"
#include "base/text.h"
#include "inventory/read_pdf.h"
#include "inventory/table.h"

enum { PAGES_MAX = 20000 };

/* In heights of a character: more than a space, less than the margins of a cell. */
static const double cell_gap = 0.6;

#define CALLS(X)                                                                                   \
    X(poppler_document_new_from_bytes)                                                             \
    X(poppler_document_get_n_pages)                                                                \
    X(poppler_document_get_page)                                                                   \
    X(poppler_page_get_text)                                                                       \
    X(poppler_page_get_text_layout)                                                                \
    X(g_bytes_new_static)                                                                          \
    X(g_bytes_unref)                                                                               \
    X(g_error_free)                                                                                \
    X(g_free)                                                                                      \
    X(g_object_unref)

struct calls {
    CALLS(ZJ_LIBRARY_CALL)
};

static zj_err load_calls(struct zj_job *job, struct calls *out)
{
    static const char *const names[] = {CALLS(ZJ_LIBRARY_NAME)};
    return zj_library_load(job, "libpoppler-glib.so.8", names, ZJ_COUNT(names), out);
}

void zj_pdf_prepare(struct zj_job *job)
{
    struct calls calls;
    if (load_calls(job, &calls)) /* told where a document asks for it */
        zj_job_clear(job);
}

static int probe(struct zj_span head, const char *extension)
{
    (void)extension; /* the bytes tell */
    return memmem(head.at, head.len < 1024 ? head.len : 1024, "%PDF-", 5) ? 95 : 0;
}

/* Lines with something in them, as in text by itself. */
static uint64_t lines_in(struct zj_span text)
{
    uint64_t lines = 0;
    while (text.len) {
        const uint8_t *end = memchr(text.at, '\n', text.len);
        const size_t len = end ? (size_t)(end - text.at) + 1 : text.len;
        lines += zj_span_trim(zj_span_part(text, 0, len)).len > 0;
        text = zj_span_part(text, len, text.len);
    }
    return lines;
}

static bool is_apart(const PopplerRectangle *before, const PopplerRectangle *here)
{
    return here->x1 - before->x2 > cell_gap * (before->y2 - before->y1);
}

/* The text of a page says of two cells of a table side by side no more than that they stand on one
 * line; where the characters stand says that there is a gap. `text` gets a tab there. */
static void put_page(const struct calls *c, PopplerPage *page, struct zj_span text,
                     struct zj_buf *out)
{
    PopplerRectangle *places = NULL;
    guint count = 0;
    if (!c->poppler_page_get_text_layout(page, &places, &count))
        count = 0;
    for (size_t at = 0, i = 0, len; at < text.len; at += len, i++) {
        len = zj_utf8_len(zj_span_part(text, at, 4));
        len = len ? len : 1;
        if (i && i < count && text.at[at] > ' ' && text.at[at - 1] > ' ' &&
            is_apart(&places[i - 1], &places[i]))
            zj_buf_byte(out, '\t');
        zj_buf_span(out, zj_span_part(text, at, len));
    }
    c->g_free(places);
}

static zj_err read_pages(struct zj_scan *scan, const struct calls *c, PopplerDocument *document,
                         const char *path)
{
    ZJ_AUTO(zj_inv_table_freep) struct zj_inv_table *table = zj_inv_table_new(scan, path, "pdf");
    const int count = c->poppler_document_get_n_pages(document);
    int empty = 0;
    for (int i = 0; i < count && i < PAGES_MAX; i++) {
        PopplerPage *page = c->poppler_document_get_page(document, i);
        char *text = page ? c->poppler_page_get_text(page) : NULL;
        const size_t len = text ? strlen(text) : 0;
        ZJ_AUTO(zj_buf_release) struct zj_buf apart = {0};
        empty += len == 0;
        if (len) {
            put_page(c, page, zj_span_of(text, len), &apart);
            zj_inv_table_text(table, zj_buf_all(&apart));
        }
        table->rows += lines_in(zj_span_of(text, len));
        c->g_free(text);
        if (page)
            c->g_object_unref(page);
    }
    zj_err err = zj_inv_table_emit(table);
    if (!err && empty) {
        char reason[160];
        snprintf(reason, sizeof reason,
                 zj_tr(scan->job, "%d of %d pages have no text: pictures are not looked into",
                       "%d/%d 页没有文字：未查看图像内容"),
                 empty, count);
        err = zj_scan_unread(scan, path, reason);
    }
    return err;
}

static zj_err read_document(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    struct zj_span bytes;
    GError *error = NULL;
    struct calls calls;
    const struct calls *c = &calls;
    if (load_calls(scan->job, &calls)) {
        zj_err told = zj_scan_unread(scan, path, scan->job->message);
        zj_job_clear(scan->job);
        return told;
    }
    if (!zj_in_whole(in, ZJ_SCAN_WHOLE_MAX, &bytes))
        return zj_scan_unread(scan, path,
                              zj_tr(scan->job, "too large, or cut off", "文件过大或不完整"));
    GBytes *held = c->g_bytes_new_static(bytes.at, bytes.len);
    PopplerDocument *document = c->poppler_document_new_from_bytes(held, NULL, &error);
    zj_err err;
    if (document) {
        err = read_pages(scan, c, document, path);
        c->g_object_unref(document);
    } else {
        err = zj_scan_unread(scan, path, error ? error->message : "?");
        if (error)
            c->g_error_free(error);
    }
    c->g_bytes_unref(held);
    return err;
}

const struct zj_reader_kind zj_reader_pdf = {
    .name = "pdf",
    .en = "PDF documents, their text",
    .zh = "PDF 文档中的文字",
    .probe = probe,
    .read = read_document,
};
