/* Delimited text: comma, tab, semicolon or bar, told by what divides the first lines into the same
 * number of fields. Quotes as RFC 4180 has them; a line end inside quotes belongs to the cell. A
 * quote that is not closed is a character like others, and is told with its line. */
#include "base/text.h"
#include "inventory/rows.h"

enum {
    LOOK_LINES = 20,
    TITLES_MAX = 10,
    COLS_MAX = ZJ_TABLE_COLS_MAX,
    CELL_LINES_MAX = 1000,      /* of a cell in quotes that goes over line ends, */
    CELL_BYTES_MAX = 128 << 10, /* and its bytes: Excel has 32,767 characters at most */
};

struct row {
    struct zj_span cells[COLS_MAX];
    size_t count;
    struct zj_buf unquoted; /* of cells with "" in them; cells are offsets until it is whole */
};

/* What one record is, without its cells. */
struct record {
    size_t len; /* with the line end; 0: its end is not seen */
    size_t fields;
    size_t lines;    /* line ends in it */
    size_t unclosed; /* quotes */
};

#define NOT_SEEN SIZE_MAX

/* Where the cell in quotes that begins at `from` ends, behind its last quote; `from` itself where
 * the quote is not closed, NOT_SEEN where what is seen does not tell. Over line ends a cell is one
 * only where a delimiter or a line end follows, and within limits. */
static size_t quotes_end(struct zj_span s, size_t from, uint8_t delimiter, bool is_last,
                         size_t *lines)
{
    size_t crossed = 0, at = from + 1;
    for (size_t limit = s.len - from < CELL_BYTES_MAX ? s.len : from + CELL_BYTES_MAX;;) {
        const uint8_t *quote = at < limit ? memchr(s.at + at, '"', limit - at) : NULL;
        const size_t to = quote ? (size_t)(quote - s.at) : limit;
        crossed += zj_text_line_ends(zj_span_part(s, at, to - at));
        at = to;
        if (crossed > CELL_LINES_MAX || (crossed && at - from >= CELL_BYTES_MAX))
            return from;
        if (!quote && limit < s.len) {
            limit = s.len;
            continue;
        }
        if (!quote || (at + 1 == s.len && !is_last))
            return is_last ? from : NOT_SEEN;
        const int next = at + 1 < s.len ? s.at[at + 1] : '\n';
        if (next != '"' && crossed && next != delimiter && next != '\n' && next != '\r')
            return from;
        if (next != '"')
            break;
        at += 2;
    }
    *lines += crossed;
    return at + 1;
}

/* One record of `s`, its cells into row, which may be NULL. */
static struct record take_record(struct zj_span s, uint8_t delimiter, bool is_last, struct row *row)
{
    struct record r = {0};
    for (size_t at = 0;; at++) {
        const size_t from = at;
        if (at < s.len && s.at[at] == '"') {
            const size_t end = quotes_end(s, at, delimiter, is_last, &r.lines);
            if (end == NOT_SEEN)
                return (struct record){0};
            r.unclosed += end == at;
            at = end;
        }
        while (at < s.len && s.at[at] != delimiter && s.at[at] != '\n')
            at++;
        if (at == s.len && !is_last)
            return (struct record){0};
        const bool is_end = at == s.len || s.at[at] == '\n';
        const size_t end = is_end && at > from && s.at[at - 1] == '\r' ? at - 1 : at;
        if (row && r.fields < COLS_MAX)
            row->cells[r.fields] = zj_span_of(s.at + from, end - from);
        r.fields++;
        if (is_end) {
            r.lines += at < s.len;
            r.len = at < s.len ? at + 1 : at;
            return r;
        }
    }
}

/* How many columns this delimiter makes of the first lines, 0 where they do not agree. Titles may
 * stand before them: at most `lead` lines, and not more than those that agree. */
static size_t columns_by(struct zj_span head, uint8_t delimiter, size_t lead)
{
    size_t columns[LOOK_LINES], lines = 0;
    while (head.len && lines < LOOK_LINES) {
        struct record r = take_record(head, delimiter, false, NULL);
        if (!r.len && lines)
            break; /* cut by the end of what is seen, or the last line */
        if (!r.len)
            r = take_record(head, delimiter, true, NULL);
        head = zj_span_part(head, r.len, head.len);
        columns[lines++] = r.fields;
    }
    for (size_t first = 0; first < lines && first <= lead && first * 2 <= lines; first++) {
        size_t agreeing = 0;
        for (size_t i = first; i < lines; i++)
            agreeing += columns[i] == columns[first];
        if ((!first || columns[first] > 1) && agreeing * 10 >= (lines - first) * 9)
            return columns[first];
    }
    return 0;
}

static uint8_t delimiter_of(struct zj_span head, size_t lead, size_t *out_columns)
{
    static const uint8_t delimiters[] = {',', '\t', ';', '|'};
    uint8_t best = 0;
    *out_columns = 1;
    for (size_t i = 0; i < sizeof delimiters; i++) {
        const size_t columns = columns_by(head, delimiters[i], lead);
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
    const uint8_t delimiter = delimiter_of(head, 0, &columns);
    const bool has_two = memchr(head.at, '\n', head.len) != NULL;
    /* what websites hand out as a workbook is often text */
    if (delimiter && has_two && head.at[0] != '<' && zj_extension_is(extension, "xls|xlsx|et"))
        return 60;
    return delimiter && columns >= 3 && has_two ? 20 : 0;
}

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
        const struct record r = take_record(s, delimiter, in->is_ended, row);
        if (!r.len && s.len >= ZJ_SCAN_RECORD_MAX) {
            err = tell_too_long(scan, in, path);
            zj_in_skip_line(in);
            table->lines++;
            want = 1;
            continue;
        }
        if (!r.len) {
            want = s.len * 2; /* seen again from its start: not too often */
            continue;
        }
        want = 1;
        row->count = r.fields < COLS_MAX ? r.fields : COLS_MAX;
        unquote_all(row, r.len);
        const bool is_empty = row->count == 1 && !zj_span_trim(row->cells[0]).len;
        if (!is_empty)
            zj_rows_take(table, row->cells, row->count);
        for (size_t i = 0; i < r.unclosed; i++)
            zj_inv_table_unclosed(table);
        table->lines += r.lines;
        zj_in_skip(in, r.len);
    }
    return err;
}

static zj_err read(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    ZJ_AUTO(zj_inv_table_freep) struct zj_inv_table *table = NULL;
    size_t columns;
    const struct zj_span head = zj_in_peek(in, ZJ_IN_STEP);
    const uint8_t delimiter = delimiter_of(head, TITLES_MAX, &columns);
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
    const uint8_t delimiter = delimiter_of(head, TITLES_MAX, &columns);
    return delimiter && columns_by(rest, delimiter, 0) == columns;
}

static size_t record_len(struct zj_span head, struct zj_span rest)
{
    size_t columns;
    return take_record(rest, delimiter_of(head, TITLES_MAX, &columns), false, NULL).len;
}

const struct zj_reader_kind zj_reader_csv = {
    .name = "csv",
    .en = "delimited text (CSV, TSV)",
    .zh = "分隔文本（CSV、TSV）",
    .is_text = true,
    .probe = probe,
    .read = read,
    .starts_record = starts_record,
    .record_len = record_len,
};
