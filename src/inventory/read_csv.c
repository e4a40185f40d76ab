/* Delimited text: comma, tab, semicolon or bar, told by what divides the first lines into the same
 * number of fields. Quotes as RFC 4180 has them; a line end inside quotes belongs to the cell. The
 * first line is the header where none of its cells is a number or looks like data. */
#include "inventory/rows.h"

enum { LOOK_LINES = 20, COLS_MAX = ZJ_TABLE_COLS_MAX };

/* Fields of one line, quotes respected; 0 where the line has no end within `s`. */
static size_t fields_of(struct zj_span s, uint8_t delimiter, size_t *out_len)
{
    size_t fields = 1;
    bool is_quoted = false;
    for (size_t at = 0; at < s.len; at++) {
        const uint8_t c = s.at[at];
        if (c == '"')
            is_quoted = !is_quoted;
        else if (c == delimiter && !is_quoted)
            fields++;
        else if (c == '\n' && !is_quoted) {
            *out_len = at + 1;
            return fields;
        }
    }
    *out_len = s.len;
    return fields;
}

/* How many columns this delimiter makes of the first lines, 0 where they do not agree. */
static size_t columns_by(struct zj_span head, uint8_t delimiter)
{
    size_t columns = 0, lines = 0, agreeing = 0;
    while (head.len && lines < LOOK_LINES) {
        size_t len;
        const size_t fields = fields_of(head, delimiter, &len);
        const bool is_whole = head.at[len - 1] == '\n';
        head = zj_span_part(head, len, head.len);
        if (!is_whole && lines)
            break; /* cut by the end of what is seen, or the last line */
        columns = columns ? columns : fields;
        agreeing += fields == columns;
        lines++;
    }
    return lines && agreeing * 10 >= lines * 9 ? columns : 0;
}

static uint8_t delimiter_of(struct zj_span head, size_t *out_columns)
{
    static const uint8_t delimiters[] = {',', '\t', ';', '|'};
    uint8_t best = 0;
    *out_columns = 1;
    for (size_t i = 0; i < sizeof delimiters; i++) {
        const size_t columns = columns_by(head, delimiters[i]);
        if (columns > *out_columns) {
            *out_columns = columns;
            best = delimiters[i];
        }
    }
    return best;
}

static int probe(struct zj_span head, const char *extension)
{
    size_t columns;
    const uint8_t *end = memchr(head.at, '\n', head.len);
    if (memchr(head.at, 0, end ? (size_t)(end - head.at) : head.len))
        return 0;
    if (zj_extension_is(extension, "csv|tsv|tab"))
        return 60;
    if (zj_extension_is(extension, "log|md|conf|ini|yaml|yml|sql"))
        return 0;
    const uint8_t delimiter = delimiter_of(head, &columns);
    const bool has_two = memchr(head.at, '\n', head.len) != NULL;
    return delimiter && columns >= 3 && has_two ? 20 : 0;
}

struct row {
    struct zj_span cells[COLS_MAX];
    size_t count;
    struct zj_buf unquoted; /* of cells with "" in them; cells are offsets until it is whole */
};

/* Takes the quotes off; a doubled quote becomes one. */
static struct zj_span unquote(struct row *row, struct zj_span cell)
{
    if (cell.len < 2 || cell.at[0] != '"')
        return cell;
    const size_t end = cell.at[cell.len - 1] == '"' ? cell.len - 1 : cell.len;
    cell = zj_span_of(cell.at + 1, end - 1);
    if (!memchr(cell.at, '"', cell.len))
        return cell;
    const size_t from = row->unquoted.len; /* reserved ahead: the bytes do not move */
    for (size_t i = 0; i < cell.len; i++) {
        zj_buf_byte(&row->unquoted, cell.at[i]);
        i += cell.at[i] == '"' && i + 1 < cell.len && cell.at[i + 1] == '"';
    }
    return zj_span_of(row->unquoted.at + from, row->unquoted.len - from);
}

static inline bool is_stop(uint8_t c, uint8_t delimiter)
{
    return c == delimiter || c == '\n';
}

/* One record of `s` into row; gives its length with the line end, 0 where it is not whole. */
static size_t take_record(struct zj_span s, uint8_t delimiter, bool is_last, struct row *row)
{
    size_t at = 0;
    row->count = 0;
    row->unquoted.len = 0;
    for (;;) {
        const size_t from = at;
        if (at < s.len && s.at[at] == '"') {
            for (at++; at < s.len; at++) {
                if (s.at[at] != '"')
                    continue;
                if (at + 1 < s.len && s.at[at + 1] == '"')
                    at++;
                else
                    break;
            }
        }
        while (at < s.len && !is_stop(s.at[at], delimiter))
            at++;
        if (at == s.len && !is_last)
            return 0;
        size_t end = at;
        if ((at == s.len || s.at[at] == '\n') && end > from && s.at[end - 1] == '\r')
            end--;
        if (row->count < COLS_MAX)
            row->cells[row->count++] = zj_span_of(s.at + from, end - from);
        if (at == s.len || s.at[at] == '\n')
            return at == s.len ? at : at + 1;
        at++;
    }
}

static void unquote_all(struct row *row, size_t record_len)
{
    zj_buf_reserve(&row->unquoted, record_len);
    for (size_t i = 0; i < row->count; i++)
        row->cells[i] = unquote(row, row->cells[i]);
}

static zj_err tell_too_long(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    char place[4200];
    snprintf(place, sizeof place, "%s @%llu", path, (unsigned long long)in->taken);
    return zj_scan_unread(scan, place,
                          zj_tr(scan->job, "a record of more than 16.8 MB is passed over",
                                "单条记录超过 16.8 MB，已跳过"));
}

static zj_err read_rows(struct zj_scan *scan, struct zj_in *in, const char *path, uint8_t delimiter,
                        struct zj_inv_table *table, struct row *row)
{
    zj_err err = ZJ_OK;
    size_t want = 1;
    while (!err) {
        const struct zj_span s = zj_in_peek(in, want);
        if (!s.len)
            break;
        const size_t len = take_record(s, delimiter, in->is_ended, row);
        if (!len && s.len >= ZJ_SCAN_RECORD_MAX) {
            err = tell_too_long(scan, in, path);
            zj_in_skip_line(in);
            want = 1;
            continue;
        }
        if (!len) {
            want = s.len * 2; /* seen again from its start: not too often */
            continue;
        }
        want = 1;
        unquote_all(row, len);
        const bool is_empty = row->count == 1 && !zj_span_trim(row->cells[0]).len;
        if (!is_empty)
            zj_rows_take(table, row->cells, row->count);
        zj_in_skip(in, len);
    }
    return err;
}

static zj_err read(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    ZJ_AUTO(zj_inv_table_freep) struct zj_inv_table *table = NULL;
    size_t columns;
    const struct zj_span head = zj_in_peek(in, ZJ_IN_STEP);
    const uint8_t delimiter = delimiter_of(head, &columns);
    table = zj_inv_table_new(scan, path, delimiter == '\t' ? "tsv" : "csv");
    struct row *row = zj_alloc(sizeof *row);
    zj_err err = read_rows(scan, in, path, delimiter ? delimiter : ',', table, row);
    zj_buf_release(&row->unquoted);
    free(row);
    const zj_err emitted = zj_inv_table_emit(table);
    return err ? err : emitted;
}

/* Whether a line end lies inside of quotes is not told by what is before it, which is not read:
 * lines that are divided as the first ones are no part of a cell. */
static bool starts_record(struct zj_span head, struct zj_span rest)
{
    size_t columns;
    const uint8_t delimiter = delimiter_of(head, &columns);
    return delimiter && columns_by(rest, delimiter) == columns;
}

static size_t repeats(struct zj_span head)
{
    size_t columns, len = 0;
    const uint8_t delimiter = delimiter_of(head, &columns);
    (void)fields_of(head, delimiter, &len);
    return len;
}

const struct zj_reader_kind zj_reader_csv = {
    .name = "csv",
    .en = "delimited text (CSV, TSV)",
    .zh = "分隔文本（CSV、TSV）",
    .is_text = true,
    .probe = probe,
    .read = read,
    .starts_record = starts_record,
    .repeats = repeats,
};
