/* Old workbooks of Excel (.xls, BIFF5 and BIFF8, [MS-XLS]), also of WPS (.et): a stream of records.
 * Sheets as tables; numbers as they are stored, so that dates are days. */
#include <math.h>

#include "base/text.h"
#include "inventory/old_office.h"
#include "inventory/rows.h"

enum {
    R_FORMULA = 0x0006,
    R_EOF = 0x000a,
    R_FILEPASS = 0x002f,
    R_CONTINUE = 0x003c,
    R_BOUNDSHEET = 0x0085,
    R_MULRK = 0x00bd,
    R_RSTRING = 0x00d6,
    R_SST = 0x00fc,
    R_LABELSST = 0x00fd,
    R_NUMBER = 0x0203,
    R_LABEL = 0x0204,
    R_STRING = 0x0207,
    R_RK = 0x027e,
    R_BOF = 0x0809,
};
enum {
    BIFF8 = 0x0600,
    COLS_MAX = 256,
    SHEETS_MAX = 1024,
    STRINGS_MAX = 4 << 20,
    TEXT_MAX = 256 << 20,
    CELL_MAX = 1 << 16,
    ROW_MAX = ZJ_SCAN_RECORD_MAX,
};

struct record {
    unsigned type;
    struct zj_span data;
    size_t next; /* behind it */
};

struct book {
    struct zj_scan *scan;
    const char *path;
    struct zj_span stream;
    bool is_wide;          /* BIFF8: strings in UTF-16, not in a code page */
    struct zj_buf strings; /* shared ones, one behind the other */
    uint32_t *string_ends;
    size_t string_count, string_cap;
    struct sheet {
        uint32_t at;
        char *name;
    } sheets[SHEETS_MAX];
    size_t sheet_count;

    struct zj_inv_table *table; /* of the sheet being read */
    struct zj_buf row;          /* cells of the row, one behind the other, */
    struct zj_span cells[COLS_MAX];
    uint32_t from[COLS_MAX], len[COLS_MAX]; /* by their columns */
    size_t cell_count;
    unsigned row_at, formula_col; /* the latter waits for its text */
    size_t walked;                /* bytes of all sheets read */
    bool is_over;                 /* they show more than such a book holds: nothing more is read */
};

static bool record_at(struct zj_span stream, size_t at, struct record *out)
{
    if (at > stream.len || stream.len - at < 4)
        return false;
    out->type = zj_le16(stream, at);
    out->data = zj_span_part(stream, at + 4, zj_le16(stream, at + 2));
    out->next = at + 4 + out->data.len;
    return true;
}

/* --- strings -------------------------------------------------------------------------------------
 */
/* A record that goes on in CONTINUE records, byte by byte. */
struct run {
    struct zj_span stream, part;
    size_t at, next;
    bool is_over;
};

static struct run run_of(struct zj_span stream, const struct record *r)
{
    return (struct run){.stream = stream, .part = r->data, .next = r->next};
}

static bool go_on(struct run *run)
{
    struct record r;
    while (run->at == run->part.len && !run->is_over) {
        if (record_at(run->stream, run->next, &r) && r.type == R_CONTINUE) {
            run->part = r.data;
            run->next = r.next;
            run->at = 0;
        } else {
            run->is_over = true;
        }
    }
    return !run->is_over;
}

static unsigned take_byte(struct run *run)
{
    return go_on(run) ? run->part.at[run->at++] : 0;
}

static unsigned take_le16(struct run *run)
{
    const unsigned low = take_byte(run);
    return low | take_byte(run) << 8;
}

static uint32_t take_le32(struct run *run)
{
    const uint32_t low = take_le16(run);
    return low | (uint32_t)take_le16(run) << 16;
}

static void pass_over(struct run *run, uint64_t count)
{
    while (count && go_on(run)) {
        const size_t left = run->part.len - run->at, step = count < left ? (size_t)count : left;
        run->at += step;
        count -= step;
    }
}

/* Where characters go on in the next record, a byte before them says anew how wide they are. */
static void take_chars(struct run *run, unsigned count, bool is_wide, struct zj_buf *utf16)
{
    for (; count && !run->is_over; count--) {
        if (run->at == run->part.len) {
            is_wide = take_byte(run) & 1;
            if (run->is_over)
                return;
        }
        zj_buf_byte(utf16, (uint8_t)take_byte(run));
        zj_buf_byte(utf16, is_wide ? (uint8_t)take_byte(run) : 0);
    }
}

/* A string of BIFF8 with the count before it, as UTF-8 behind `out`. */
static void take_string(struct run *run, struct zj_buf *out)
{
    struct zj_buf utf16 = {0};
    const unsigned count = take_le16(run), flags = take_byte(run);
    const uint64_t runs = flags & 8 ? take_le16(run) : 0, extra = flags & 4 ? take_le32(run) : 0;
    take_chars(run, count, flags & 1, &utf16);
    pass_over(run, runs * 4 + extra);
    zj_text_from_utf16(out, zj_buf_all(&utf16));
    zj_buf_release(&utf16);
}

static void take_shared(struct book *b, const struct record *r)
{
    struct run run = run_of(b->stream, r);
    (void)take_le32(&run); /* how often they are used */
    const uint32_t count = take_le32(&run);
    while (b->string_count < count && b->string_count < STRINGS_MAX && go_on(&run) &&
           b->strings.len < TEXT_MAX) {
        take_string(&run, &b->strings);
        if (b->string_count == b->string_cap) {
            b->string_cap = b->string_cap ? b->string_cap * 2 : 1024;
            b->string_ends = zj_realloc(b->string_ends, b->string_cap * sizeof *b->string_ends);
        }
        b->string_ends[b->string_count++] = (uint32_t)b->strings.len;
    }
}

static void take_sheet(struct book *b, const struct record *r)
{
    const struct zj_span d = r->data;
    if (d.len < 8 || d.at[5] || b->sheet_count == SHEETS_MAX) /* a chart, a macro */
        return;
    struct zj_buf name = {0}, wide = {0};
    struct run run = {.stream = d, .part = d, .next = d.len, .at = 7};
    const unsigned flags = b->is_wide ? take_byte(&run) : 0;
    if (b->is_wide) {
        take_chars(&run, d.at[6], flags & 1, &wide);
        zj_text_from_utf16(&name, zj_buf_all(&wide));
    } else {
        zj_text_from_gbk(&name, zj_span_part(d, 7, d.at[6]));
    }
    b->sheets[b->sheet_count].at = zj_le32(d, 0);
    b->sheets[b->sheet_count++].name = zj_strdup(zj_buf_cstr(&name));
    zj_buf_release(&name);
    zj_buf_release(&wide);
}

/* --- cells ---------------------------------------------------------------------------------------
 */
static void end_row(struct book *b)
{
    for (size_t i = 0; i < b->cell_count; i++)
        b->cells[i] = zj_span_of(b->row.at + b->from[i], b->len[i]);
    if (b->row.len)
        zj_rows_take(b->table, b->cells, b->cell_count);
    b->row.len = 0;
    b->cell_count = 0;
}

/* What was put behind the row from `from` on is the cell. One that stands nowhere goes again. */
static void set_cell(struct book *b, unsigned col, size_t from)
{
    if (col >= COLS_MAX || b->row.len > ROW_MAX) {
        b->row.len = from;
        return;
    }
    for (; b->cell_count <= col; b->cell_count++)
        b->from[b->cell_count] = b->len[b->cell_count] = 0;
    b->from[col] = (uint32_t)from;
    b->len[col] = (uint32_t)(b->row.len - from);
}

static void start_cell(struct book *b, unsigned row)
{
    if (row != b->row_at)
        end_row(b);
    b->row_at = row;
}

static void put_number(struct book *b, unsigned row, unsigned col, double value)
{
    start_cell(b, row);
    const size_t from = b->row.len;
    if (!isfinite(value))
        return;
    const bool is_whole = value > -1e18 && value < 1e18 && value == floor(value);
    zj_buf_printf(&b->row, is_whole ? "%.0f" : "%.15g", value);
    set_cell(b, col, from);
}

static double double_at(struct zj_span s, size_t at)
{
    const uint64_t bits = (uint64_t)zj_le32(s, at + 4) << 32 | zj_le32(s, at);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* 30 bits of a whole number or the upper ones of a double, and whether it is in hundredths. */
static double rk_of(uint32_t rk)
{
    const uint64_t bits = (uint64_t)(rk & ~3U) << 32;
    double value;
    memcpy(&value, &bits, sizeof value);
    if (rk & 2)
        value = (double)((int32_t)(rk & ~3U) / 4);
    return rk & 1 ? value / 100 : value;
}

/* Text that stands in the cell itself: its length is before it. */
static void put_own_text(struct book *b, unsigned row, unsigned col, const struct record *r,
                         size_t at)
{
    start_cell(b, row);
    const size_t from = b->row.len;
    struct run run = run_of(b->stream, r);
    pass_over(&run, at);
    if (b->is_wide)
        take_string(&run, &b->row);
    else
        zj_text_from_gbk(&b->row, zj_span_part(r->data, at + 2, zj_le16(r->data, at)));
    if (b->row.len - from > CELL_MAX)
        b->row.len = from + CELL_MAX;
    set_cell(b, col, from);
}

static void put_shared(struct book *b, unsigned row, unsigned col, uint32_t number)
{
    start_cell(b, row);
    const size_t from = b->row.len;
    if (number >= b->string_count)
        return;
    const uint32_t start = number ? b->string_ends[number - 1] : 0;
    struct zj_span text = zj_span_of(b->strings.at + start, b->string_ends[number] - start);
    text = zj_span_part(text, 0, CELL_MAX);
    zj_buf_span(&b->row, text);
    set_cell(b, col, from);
    b->scan->inflated += text.len; /* it stands there once, however many cells show it */
    b->is_over = zj_scan_is_bomb(b->scan);
}

static void take_cell(struct book *b, const struct record *r)
{
    const struct zj_span d = r->data;
    const unsigned row = zj_le16(d, 0), col = zj_le16(d, 2);
    if (r->type == R_STRING) {
        put_own_text(b, b->row_at, b->formula_col, r, 0);
    } else if (d.len < 8) {
        return;
    } else if (r->type == R_LABELSST) {
        put_shared(b, row, col, zj_le32(d, 6));
    } else if (r->type == R_LABEL || r->type == R_RSTRING) {
        put_own_text(b, row, col, r, 6);
    } else if (r->type == R_NUMBER) {
        put_number(b, row, col, double_at(d, 6));
    } else if (r->type == R_RK) {
        put_number(b, row, col, rk_of(zj_le32(d, 6)));
    } else if (r->type == R_MULRK) {
        for (size_t i = 0; 4 + i * 6 + 8 <= d.len; i++) /* the last two bytes are no cell */
            put_number(b, row, col + (unsigned)i, rk_of(zj_le32(d, 4 + i * 6 + 2)));
    } else if (r->type == R_FORMULA && zj_le16(d, 12) != 0xffff) {
        put_number(b, row, col, double_at(d, 6));
    } else if (r->type == R_FORMULA) {
        start_cell(b, row);
        b->formula_col = col;
    }
}

/* --- the book ------------------------------------------------------------------------------------
 */
/* What is wrong; NULL: nothing. */
static const char *read_globals(struct book *b)
{
    struct record r;
    size_t at = 0;
    if (!record_at(b->stream, 0, &r) || r.type != R_BOF)
        return zj_tr(b->scan->job, "a broken workbook: its beginning is missing",
                     "工作簿已损坏：开头缺失");
    b->is_wide = zj_le16(r.data, 0) == BIFF8;
    for (; record_at(b->stream, at, &r) && r.type != R_EOF; at = r.next) {
        if (r.type == R_FILEPASS)
            return zj_tr(b->scan->job, "encrypted", "已加密");
        if (r.type == R_SST)
            take_shared(b, &r);
        else if (r.type == R_BOUNDSHEET)
            take_sheet(b, &r);
    }
    return b->sheet_count ? NULL
                          : zj_tr(b->scan->job, "a workbook without sheets", "工作簿中没有工作表");
}

static const char *why_ended(const struct book *b)
{
    if (!b->is_over)
        return zj_tr(b->scan->job, "it is cut off", "内容不完整");
    if (b->scan->is_over)
        return zj_tr(b->scan->job, "unpacks to far more than it is: a bomb, left alone",
                     "解压后远超原大小，疑似压缩炸弹，已停止");
    return zj_tr(b->scan->job, "a broken workbook: sheets lie in each other",
                 "工作簿已损坏：工作表互相重叠");
}

static zj_err read_sheet(struct book *b, const struct sheet *sheet)
{
    struct zj_scan *scan = b->scan;
    const char *place = zj_arena_printf(&scan->job->arena, "%s!%.200s", b->path, sheet->name);
    struct record r = {0};
    unsigned depth = 0; /* charts lie in sheets */
    size_t at = sheet->at;
    b->table = zj_inv_table_new(scan, place, "xls");
    bool is_whole = false;
    for (; !is_whole && !b->is_over && record_at(b->stream, at, &r); at = r.next) {
        depth += r.type == R_BOF;
        depth -= r.type == R_EOF && depth;
        is_whole = r.type == R_EOF && !depth;
        if (depth == 1)
            take_cell(b, &r);
    }
    end_row(b);
    b->walked += at > sheet->at ? at - sheet->at : 0;
    b->is_over |= b->walked > b->stream.len; /* sheets lie in each other */
    b->table->is_partial = !is_whole;
    zj_err err = zj_inv_table_emit(b->table);
    zj_inv_table_free(ZJ_TAKE(b->table));
    if (!err && (!is_whole || b->is_over))
        err = zj_scan_unread(scan, place, why_ended(b));
    return err;
}

zj_err zj_xls_read(struct zj_scan *scan, struct zj_span stream, const char *path)
{
    struct book *b = zj_alloc(sizeof *b);
    *b = (struct book){.scan = scan, .path = path, .stream = stream};
    const char *fault = read_globals(b);
    zj_err err = fault ? zj_scan_unread(scan, path, fault) : ZJ_OK;
    for (size_t i = 0; !err && !fault && !b->is_over && i < b->sheet_count; i++)
        err = read_sheet(b, &b->sheets[i]);
    for (size_t i = 0; i < b->sheet_count; i++)
        free(b->sheets[i].name);
    free(b->string_ends);
    zj_buf_release(&b->strings);
    zj_buf_release(&b->row);
    free(b);
    return err;
}
