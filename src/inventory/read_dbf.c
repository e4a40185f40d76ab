/* Tables of dBASE and FoxPro (.dbf): a header with the columns, then records of one length. Records
 * marked as deleted are still there, so they count. Texts are UTF-8 or GBK; memos lie in other
 * files. */
#include "base/text.h"
#include "inventory/compound.h"
#include "inventory/table.h"

enum {
    HEADER = 32,
    FIELD = 32,
    FIELDS_MAX = 2046,
    NAME_BYTES = 11,
    TYPE_AT = 11,
    LEN_AT = 16,
    RECORDS_AT = 4,
    HEADER_LEN_AT = 8,
    RECORD_LEN_AT = 10,
    FIELDS_END = 0x0d,
};

struct field {
    size_t col, from, len;
    uint8_t type;
};

/* How many columns the header names, 0 where it is none. */
static size_t fields_of(struct zj_span head)
{
    static const uint8_t versions[] = {0x03, 0x30, 0x31, 0x32, 0x43, 0x83, 0x8b, 0xcb, 0xf5};
    const size_t header = zj_le16(head, HEADER_LEN_AT), record = zj_le16(head, RECORD_LEN_AT);
    if (header < HEADER + FIELD + 1 || head.len < header || record < 2 ||
        !memchr(versions, head.at[0], sizeof versions) || head.at[2] < 1 || head.at[2] > 12 ||
        head.at[3] < 1 || head.at[3] > 31)
        return 0;
    size_t count = 0, bytes = 1;
    for (size_t at = HEADER; at + FIELD < header && head.at[at] != FIELDS_END; at += FIELD) {
        bytes += head.at[at + LEN_AT];
        count++;
    }
    const bool ends = head.at[HEADER + count * FIELD] == FIELDS_END;
    return ends && bytes <= record && count <= FIELDS_MAX ? count : 0;
}

static int probe(struct zj_span head, const char *extension)
{
    (void)extension; /* the header tells */
    return fields_of(head) ? 93 : 0;
}

static struct zj_span utf8_of(struct zj_span text, struct zj_buf *buf)
{
    if (zj_utf8_is_valid(text))
        return text;
    buf->len = 0;
    zj_text_from_gbk(buf, text);
    return zj_buf_all(buf);
}

static void take_fields(struct zj_inv_table *table, struct zj_span head, struct field *fields,
                        size_t count, struct zj_buf *buf)
{
    size_t from = 1;
    for (size_t i = 0; i < count; i++) {
        const uint8_t *at = head.at + HEADER + i * FIELD;
        const struct zj_span name = zj_span_of(at, strnlen((const char *)at, NAME_BYTES));
        fields[i] = (struct field){
            .col = zj_inv_table_col(table, utf8_of(name, buf)),
            .from = from,
            .len = at[LEN_AT],
            .type = at[TYPE_AT],
        };
        zj_inv_table_describe(table, fields[i].col, zj_span_of(at + TYPE_AT, 1),
                              (struct zj_span){0});
        from += at[LEN_AT];
    }
}

static void take_value(struct zj_inv_table *table, const struct field *f, struct zj_span record,
                       struct zj_buf *buf)
{
    const struct zj_span bytes = zj_span_part(record, f->from, f->len);
    char text[40];
    double value;
    if (f->type == 'I' && f->len == 4) {
        snprintf(text, sizeof text, "%d", (int)(int32_t)zj_le32(bytes, 0));
    } else if (f->type == 'B' && f->len == 8) {
        memcpy(&value, bytes.at, sizeof value);
        snprintf(text, sizeof text, "%.15g", value);
    } else if (strchr("MGPTYQVW0", f->type)) {
        return; /* lies elsewhere, or is not written in characters */
    } else {
        const uint8_t *nul = memchr(bytes.at, 0, bytes.len);
        const size_t len = nul ? (size_t)(nul - bytes.at) : bytes.len;
        zj_inv_table_cell(table, f->col, utf8_of(zj_span_part(bytes, 0, len), buf));
        return;
    }
    zj_inv_table_cell(table, f->col, zj_span_str(text));
}

static zj_err read(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    ZJ_AUTO(zj_inv_table_freep) struct zj_inv_table *table = zj_inv_table_new(scan, path, "dbf");
    const struct zj_span head = zj_in_peek(in, UINT16_MAX);
    const size_t count = fields_of(head), len = zj_le16(head, RECORD_LEN_AT);
    const uint32_t records = zj_le32(head, RECORDS_AT);
    struct zj_buf buf = {0};
    struct field *fields = zj_alloc((count + 1) * sizeof *fields);
    take_fields(table, head, fields, count, &buf);
    zj_in_skip(in, zj_le16(head, HEADER_LEN_AT));
    for (uint32_t i = 0; i < records; i++) {
        const struct zj_span record = zj_span_part(zj_in_peek(in, len), 0, len);
        if (record.len < len)
            break;
        for (size_t k = 0; k < count; k++)
            take_value(table, &fields[k], record, &buf);
        zj_inv_table_row(table);
        zj_in_skip(in, len);
    }
    free(fields);
    zj_buf_release(&buf);
    char reason[160];
    snprintf(reason, sizeof reason,
             zj_tr(scan->job, "it is cut off: %llu of %u records are there",
                   "内容不完整：共应有 %2$u 条记录，实有 %1$llu 条"),
             (unsigned long long)table->rows, (unsigned)records);
    const bool is_cut = table->is_partial = table->rows < records;
    const zj_err err = zj_inv_table_emit(table);
    return err || !is_cut ? err : zj_scan_unread(scan, path, reason);
}

const struct zj_reader_kind zj_reader_dbf = {
    .name = "dbf",
    .en = "tables of dBASE and FoxPro (DBF)",
    .zh = "dBASE、FoxPro 数据表（DBF）",
    .probe = probe,
    .read = read,
};
