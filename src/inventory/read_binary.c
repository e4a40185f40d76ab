/* What no other reader knows: looked into as bytes, so that text inside of it is found, and told by
 * the name of its format. Captures come here too; their streams are put together by the sensor, not
 * here. */
#include "inventory/formats.h"
#include "inventory/table.h"

enum { BLOCK = 1 << 20, HEAD_BYTES = 64 * 1024 };

static int probe(struct zj_span head, const char *extension)
{
    struct zj_format format;
    return zj_format_of(head, extension, NULL, &format) ? 92 : head.len ? 1 : 0;
}

static const char *capture_kind(struct zj_span head)
{
    static const struct {
        struct zj_span magic;
        const char *kind;
    } kinds[] = {
        {ZJ_SPAN_LIT("\xd4\xc3\xb2\xa1"), "pcap"},
        {ZJ_SPAN_LIT("\xa1\xb2\xc3\xd4"), "pcap"},
        {ZJ_SPAN_LIT("\x4d\x3c\xb2\xa1"), "pcap"},
        {ZJ_SPAN_LIT("\x0a\x0d\x0d\x0a"), "pcapng"},
    };
    for (size_t i = 0; i < ZJ_COUNT(kinds); i++)
        if (zj_span_starts(head, kinds[i].magic))
            return kinds[i].kind;
    return NULL;
}

static void look_into(struct zj_inv_table *table, struct zj_in *in)
{
    for (;;) {
        struct zj_span block = zj_span_part(zj_in_peek(in, BLOCK), 0, BLOCK);
        if (!block.len)
            break;
        if (block.len == BLOCK)
            block.len = zj_text_cut(block);
        zj_inv_table_text(table, block);
        zj_in_skip(in, block.len);
    }
    table->rows = 0;
}

static zj_err tell(struct zj_scan *scan, const char *path, const struct zj_format *format)
{
    if (format && !format->way_en)
        return scan->sink->other ? scan->sink->other(scan->job, scan->sink->ctx, format->other)
                                 : ZJ_OK;
    if (!format)
        return zj_scan_unread(scan, path,
                              zj_tr(scan->job,
                                    "bytes of no known format: only text in them is seen",
                                    "未知格式的二进制文件：仅按字节查找其中的文字"));
    const char *reason = zj_arena_printf(
        &scan->job->arena,
        zj_tr(scan->job, "%s: its content is not read; %s", "%s：未读取其内容，%s"),
        zj_tr(scan->job, format->en, format->zh), zj_tr(scan->job, format->way_en, format->way_zh));
    return zj_scan_unread(scan, path, reason);
}

static zj_err read(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    const struct zj_span head = zj_span_part(zj_in_peek(in, HEAD_BYTES), 0, HEAD_BYTES);
    const char *capture = capture_kind(head);
    struct zj_format format;
    const bool is_known = zj_format_of(head, zj_extension_of(in->name), in, &format);
    const bool is_counted = is_known && !format.way_en;
    ZJ_AUTO(zj_inv_table_freep)
    struct zj_inv_table *table = zj_inv_table_new(scan, path,
                                                  capture      ? capture
                                                  : is_counted ? "program"
                                                               : "binary");
    table->is_bytes = !capture;
    table->is_partial = !capture && !is_counted;
    look_into(table, in);
    const zj_err err = zj_inv_table_emit(table);
    return err || capture || scan->is_over ? err : tell(scan, path, is_known ? &format : NULL);
}

const struct zj_reader_kind zj_reader_binary = {
    .name = "binary",
    .en = "other bytes, captures",
    .zh = "其他二进制、抓包文件",
    .probe = probe,
    .read = read,
};
