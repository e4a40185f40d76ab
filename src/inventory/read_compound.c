/* Compound files of Microsoft: old workbooks as tables, old documents and slides as text. What else
 * lies in them is named by the reader of bytes. */
#include "inventory/old_office.h"
#include "inventory/table.h"

enum { BLOCK = 1 << 20 };

static int probe(struct zj_span head, const char *extension)
{
    (void)extension; /* the bytes tell */
    return zj_span_starts(head, ZJ_COMPOUND_MAGIC) ? 94 : 0;
}

static zj_err read_text(struct zj_scan *scan, struct zj_span text, const char *path,
                        const char *kind)
{
    ZJ_AUTO(zj_inv_table_freep) struct zj_inv_table *table = zj_inv_table_new(scan, path, kind);
    while (text.len) {
        struct zj_span block = zj_span_part(text, 0, BLOCK);
        if (block.len == BLOCK)
            block.len = zj_text_cut(block);
        zj_inv_table_lines(table, block);
        text = zj_span_part(text, block.len, text.len);
    }
    return zj_inv_table_emit(table);
}

static zj_err read_streams(struct zj_scan *scan, struct zj_in *in, const struct zj_compound *c,
                           const char *path)
{
    struct zj_buf stream = {0}, text = {0};
    zj_err err;
    if (zj_compound_stream(c, "Workbook", &stream) || zj_compound_stream(c, "Book", &stream)) {
        err = zj_xls_read(scan, zj_buf_all(&stream), path);
    } else if (zj_compound_stream(c, "WordDocument", &stream) &&
               zj_doc_text(zj_buf_all(&stream), c, &text)) {
        err = read_text(scan, zj_buf_all(&text), path, "doc");
    } else if (zj_doc_is_encrypted(zj_buf_all(&stream))) {
        err = zj_scan_unread(scan, path, zj_tr(scan->job, "encrypted", "已加密"));
    } else if (!stream.len && zj_compound_stream(c, "PowerPoint Document", &stream)) {
        zj_ppt_text(zj_buf_all(&stream), &text);
        err = text.len ? read_text(scan, zj_buf_all(&text), path, "ppt")
                       : zj_reader_binary.read(scan, in, path);
    } else {
        err = zj_reader_binary.read(scan, in, path);
    }
    zj_buf_release(&stream);
    zj_buf_release(&text);
    return err;
}

static zj_err read(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    struct zj_span bytes;
    struct zj_compound compound = {0};
    const bool is_open =
        zj_in_whole(in, ZJ_SCAN_WHOLE_MAX, &bytes) && zj_compound_open(bytes, &compound);
    const zj_err err =
        is_open ? read_streams(scan, in, &compound, path) : zj_reader_binary.read(scan, in, path);
    zj_compound_release(&compound);
    return err;
}

const struct zj_reader_kind zj_reader_compound = {
    .name = "compound",
    .en = "old workbooks, documents and slides (XLS, DOC, PPT)",
    .zh = "旧版电子表格、文档与演示文稿（XLS、DOC、PPT）",
    .probe = probe,
    .read = read,
};
