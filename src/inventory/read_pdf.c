/* The text of PDF documents, page by page, by poppler. It runs where no file can be opened, so text
 * in fonts that need poppler's own tables of Chinese characters comes only where the document
 * brings its mapping to Unicode along, as most do. A page that is a picture has no text. */
#include <poppler.h>

#include "inventory/table.h"

enum { PAGES_MAX = 20000 };

static int probe(struct zj_span head, const char *extension)
{
    (void)extension; /* the bytes tell */
    return memmem(head.at, head.len < 1024 ? head.len : 1024, "%PDF-", 5) ? 95 : 0;
}

static zj_err read_pages(struct zj_scan *scan, PopplerDocument *document, const char *path)
{
    ZJ_AUTO(zj_inv_table_freep) struct zj_inv_table *table = zj_inv_table_new(scan, path, "pdf");
    const int count = poppler_document_get_n_pages(document);
    int empty = 0;
    for (int i = 0; i < count && i < PAGES_MAX; i++) {
        PopplerPage *page = poppler_document_get_page(document, i);
        char *text = page ? poppler_page_get_text(page) : NULL;
        const size_t len = text ? strlen(text) : 0;
        empty += len == 0;
        if (len)
            zj_inv_table_text(table, zj_span_of(text, len));
        zj_inv_table_row(table);
        g_free(text);
        if (page)
            g_object_unref(page);
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
    if (!zj_in_whole(in, ZJ_SCAN_WHOLE_MAX, &bytes))
        return zj_scan_unread(scan, path,
                              zj_tr(scan->job, "too large, or cut off", "文件过大或不完整"));
    GBytes *held = g_bytes_new_static(bytes.at, bytes.len);
    PopplerDocument *document = poppler_document_new_from_bytes(held, NULL, &error);
    zj_err err;
    if (document) {
        err = read_pages(scan, document, path);
        g_object_unref(document);
    } else {
        err = zj_scan_unread(scan, path, error ? error->message : "?");
        g_clear_error(&error);
    }
    g_bytes_unref(held);
    return err;
}

const struct zj_reader_kind zj_reader_pdf = {
    .name = "pdf",
    .en = "PDF documents, their text",
    .zh = "PDF 文档中的文字",
    .probe = probe,
    .read = read_document,
};
