/* What no other reader knows: looked into as bytes, so that text inside of it is found. Captures
 * come here too; their streams are put together by the sensor, not here. */
#include "inventory/table.h"

enum { BLOCK = 1 << 20 };

static int probe(struct zj_span head, const char *extension)
{
    (void)extension; /* whatever it is called */
    return head.len ? 1 : 0;
}

static zj_err read(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    static const struct {
        struct zj_span magic;
        const char *kind;
    } kinds[] = {
        {ZJ_SPAN_LIT("\xd4\xc3\xb2\xa1"), "pcap"},
        {ZJ_SPAN_LIT("\xa1\xb2\xc3\xd4"), "pcap"},
        {ZJ_SPAN_LIT("\x4d\x3c\xb2\xa1"), "pcap"},
        {ZJ_SPAN_LIT("\x0a\x0d\x0d\x0a"), "pcapng"},
        {ZJ_SPAN_LIT("\x7f"
                     "ELF"),
         "program"},
    };
    const struct zj_span head = zj_in_peek(in, 4);
    const char *kind = "binary";
    for (size_t i = 0; i < ZJ_COUNT(kinds); i++)
        if (zj_span_starts(head, kinds[i].magic))
            kind = kinds[i].kind;
    ZJ_AUTO(zj_inv_table_freep) struct zj_inv_table *table = zj_inv_table_new(scan, path, kind);
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
    return zj_inv_table_emit(table);
}

const struct zj_reader_kind zj_reader_binary = {
    .name = "binary",
    .en = "other bytes, captures",
    .zh = "其他二进制、抓包文件",
    .probe = probe,
    .read = read,
};
