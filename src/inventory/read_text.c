/* Running text: logs, notes, source code, whatever no other reader claims and that is text. */
#include "inventory/formats.h"
#include "inventory/table.h"

enum { BLOCK = 1 << 20 };

static int probe(struct zj_span head, const char *extension)
{
    if (!zj_head_is_text(head))
        return 0;
    return zj_extension_is(extension, "log|txt|md|conf|ini|yaml|yml|properties") ? 30 : 5;
}

static zj_err read(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    ZJ_AUTO(zj_inv_table_freep) struct zj_inv_table *table = zj_inv_table_new(scan, path, "text");
    for (;;) {
        struct zj_span block = zj_span_part(zj_in_peek(in, BLOCK), 0, BLOCK);
        if (!block.len)
            break;
        if (block.len == BLOCK)
            block.len = zj_text_cut(block);
        zj_inv_table_lines(table, block);
        zj_in_skip(in, block.len);
    }
    return zj_inv_table_emit(table);
}

static bool starts_record(struct zj_span head, struct zj_span rest)
{
    return memchr(head.at, '\n', head.len) != NULL && rest.len > 0;
}

const struct zj_reader_kind zj_reader_text = {
    .name = "text",
    .en = "running text, logs",
    .zh = "文本、日志",
    .is_text = true,
    .probe = probe,
    .read = read,
    .starts_record = starts_record,
};
