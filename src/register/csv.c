/* CSV after RFC 4180, as spreadsheets write it: quotes, CRLF or LF, a byte order mark or none, the
 * delimiter , ; or tab taken from the first line, UTF-8 or, where a row is not UTF-8, GB18030.
 *
 * Splitting happens before decoding: neither UTF-8 nor GB18030 has a quote, a delimiter or a line
 * end inside a character. A quote counts only at the start of a cell; elsewhere it is text. */
#include "base/csv.h"
#include "base/text.h"
#include "register/sheet.h"

enum state { AT_CELL, IN_PLAIN, IN_QUOTES, AFTER_QUOTE };
enum charset { CHARSET_OPEN, CHARSET_UTF8, CHARSET_GB18030 };
enum { SNIFF_BYTES = 16 * 1024 };

struct zj_csv {
    struct zj_sheet_out out;
    struct zj_buf head; /* the first bytes, kept until the delimiter is known */
    bool has_begun, is_cut; /* cut: the file goes on after the head */
    uint8_t delimiter;
    enum state state;
    enum charset charset;
    bool after_cr;
    int64_t row;
    int64_t quote_row;
    struct zj_buf text;  /* cells of the row being read, one behind the other */
    struct zj_buf clean; /* the same as UTF-8 */
    size_t ends[ZJ_SHEET_COLS_MAX];
    size_t count;
};

struct zj_csv *zj_csv_new(const struct zj_sheet_out *out)
{
    struct zj_csv *csv = zj_alloc(sizeof *csv);
    csv->out = *out;
    csv->row = 1;
    return csv;
}

void zj_csv_free(struct zj_csv *csv)
{
    if (!csv)
        return;
    zj_buf_release(&csv->head);
    zj_buf_release(&csv->text);
    zj_buf_release(&csv->clean);
    free(csv);
}

/* The one of , ; and tab that occurs most in the first line, outside quotes. */
static uint8_t find_delimiter(struct zj_span s)
{
    size_t commas = 0, semicolons = 0, tabs = 0;
    bool quoted = false;
    for (size_t i = 0; i < s.len && (quoted || s.at[i] != '\n'); i++) {
        quoted ^= s.at[i] == '"';
        if (quoted)
            continue;
        commas += s.at[i] == ',';
        semicolons += s.at[i] == ';';
        tabs += s.at[i] == '\t';
    }
    if (tabs > commas && tabs > semicolons)
        return '\t';
    return semicolons > commas ? ';' : ',';
}

static zj_err end_cell(struct zj_job *job, struct zj_csv *csv)
{
    if (csv->count == ZJ_SHEET_COLS_MAX)
        return zj_fail(job, ZJ_ELIMIT,
                       zj_tr(job, "row %lld has more than %d columns", "第 %lld 行超过 %d 列"),
                       (long long)csv->row, ZJ_SHEET_COLS_MAX);
    csv->ends[csv->count++] = csv->text.len;
    csv->state = AT_CELL;
    return ZJ_OK;
}

/* UTF-8 or not, by a piece of text with more than ASCII in it. Short Chinese text in GB18030 may be
 * valid UTF-8 by accident, as pairs of two-byte characters: it is taken for UTF-8 only if those are
 * all Latin, Greek or Cyrillic, or if a longer character stands there too. */
static enum charset guess(struct zj_span s)
{
    bool is_latin = true, is_greek = true, is_cyrillic = true;
    for (size_t i = 0; i < s.len;) {
        const uint8_t lead = s.at[i];
        const size_t len = zj_utf8_len(zj_span_part(s, i, 4));
        if (len == 0)
            return CHARSET_GB18030;
        if (len > 2)
            return zj_utf8_is_valid(s) ? CHARSET_UTF8 : CHARSET_GB18030;
        if (len == 2) {
            is_latin &= lead <= 0xc9;
            is_greek &= lead == 0xce || lead == 0xcf;
            is_cyrillic &= lead == 0xd0 || lead == 0xd1;
        }
        i += len;
    }
    return is_latin || is_greek || is_cyrillic ? CHARSET_UTF8 : CHARSET_GB18030;
}

static bool is_ascii(struct zj_span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] >= 0x80)
            return false;
    return true;
}

/* The charset is settled by the head of the file or, where that is ASCII, by the first row that is
 * not. */
static bool needs_decoding(struct zj_csv *csv, struct zj_span row)
{
    if (is_ascii(row))
        return false;
    if (csv->charset == CHARSET_OPEN)
        csv->charset = guess(row);
    return csv->charset == CHARSET_GB18030;
}

static zj_err end_row(struct zj_job *job, struct zj_csv *csv)
{
    struct zj_sheet_cell cells[ZJ_SHEET_COLS_MAX];
    zj_err err = end_cell(job, csv);
    if (err)
        return err;
    struct zj_span all = zj_buf_all(&csv->text);
    if (needs_decoding(csv, all)) {
        size_t from = 0;
        csv->clean.len = 0;
        for (size_t i = 0; i < csv->count; i++) {
            const struct zj_span cell = zj_span_part(all, from, csv->ends[i] - from);
            from = csv->ends[i];
            zj_text_from_gbk(&csv->clean, cell);
            csv->ends[i] = csv->clean.len;
        }
        all = zj_buf_all(&csv->clean);
    }
    for (size_t i = 0, from = 0; i < csv->count; from = csv->ends[i++])
        cells[i] = (struct zj_sheet_cell){
            zj_csv_bare(zj_span_part(all, from, csv->ends[i] - from)), ZJ_SHEET_TEXT};
    const struct zj_sheet_row row = {csv->row, csv->count, cells};
    if (all.len)
        err = csv->out.row(job, csv->out.ctx, &row);
    csv->row++;
    csv->count = 0;
    csv->text.len = 0;
    return err;
}

static zj_err refuse_size(struct zj_job *job, const struct zj_csv *csv)
{
    if (csv->state == IN_QUOTES)
        return zj_fail(job, ZJ_EINPUT,
                       zj_tr(job, "the quote opened in row %lld is not closed within %d bytes",
                             "第 %lld 行的引号在 %d 字节内没有结束"),
                       (long long)csv->quote_row, ZJ_SHEET_CELL_BYTES_MAX);
    return zj_fail(job, ZJ_ELIMIT,
                   zj_tr(job, "row %lld has a cell over %d bytes or is over %d bytes",
                         "第 %lld 行有单元格超过 %d 字节，或整行超过 %d 字节"),
                   (long long)csv->row, ZJ_SHEET_CELL_BYTES_MAX, ZJ_SHEET_ROW_BYTES_MAX);
}

static zj_err refuse_nul(struct zj_job *job, const struct zj_csv *csv)
{
    return zj_fail(job, ZJ_EINPUT,
                   zj_tr(job,
                         "row %lld, column %zu holds a NUL byte: no CSV; save it as CSV UTF-8",
                         "第 %lld 行第 %zu 列含有 NUL 字节，不是 CSV；请另存为 CSV UTF-8"),
                   (long long)csv->row, csv->count + 1);
}

/* One byte outside the fast path. */
static zj_err take(struct zj_job *job, struct zj_csv *csv, uint8_t c)
{
    const bool after_cr = csv->after_cr;
    csv->after_cr = false;
    if (csv->state == IN_QUOTES) {
        if (c == '"')
            csv->state = AFTER_QUOTE;
        else
            zj_buf_byte(&csv->text, c);
        return ZJ_OK;
    }
    if (c == '\n' && after_cr)
        return ZJ_OK; /* the row ended at the CR */
    if (c == csv->delimiter)
        return end_cell(job, csv);
    if (c == '\r' || c == '\n') {
        csv->after_cr = c == '\r';
        return end_row(job, csv);
    }
    if (c == '"' && csv->state == AT_CELL) {
        csv->state = IN_QUOTES;
        csv->quote_row = csv->row;
        return ZJ_OK;
    }
    if (c == '"' && csv->state == AFTER_QUOTE) {
        zj_buf_byte(&csv->text, '"');
        csv->state = IN_QUOTES;
        return ZJ_OK;
    }
    csv->state = IN_PLAIN;
    zj_buf_byte(&csv->text, c);
    return ZJ_OK;
}

static zj_err parse(struct zj_job *job, struct zj_csv *csv, struct zj_span bytes)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < bytes.len && !err; i++) {
        if (bytes.at[i] == 0)
            return refuse_nul(job, csv);
        err = take(job, csv, bytes.at[i]);
        const size_t from = csv->count ? csv->ends[csv->count - 1] : 0;
        if (csv->text.len - from > ZJ_SHEET_CELL_BYTES_MAX ||
            csv->text.len > ZJ_SHEET_ROW_BYTES_MAX)
            return refuse_size(job, csv);
    }
    return err;
}

static bool is_control(uint8_t c)
{
    return c < ' ' && c != '\t' && c != '\r' && c != '\n';
}

/* Pictures, programs, packed files: of bytes by chance one in nine is a control character, and what
 * is no UTF-8 is no GB18030 either. */
static bool is_binary(struct zj_span s)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    size_t odd = 0;
    for (size_t i = 0; i < s.len; i++)
        odd += is_control(s.at[i]);
    if (odd > 3 && odd * 20 > s.len)
        return true;
    if (zj_utf8_is_valid(s))
        return false;
    odd = 0;
    zj_text_from_gbk(&text, s);
    for (size_t i = 0; i + 2 < text.len; i++)
        odd += memcmp(text.at + i, "\xef\xbf\xbd", 3) == 0; /* U+FFFD */
    return odd > 1 && odd * 20 > s.len;
}

static zj_err begin(struct zj_job *job, struct zj_csv *csv)
{
    struct zj_span head = zj_buf_all(&csv->head);
    if (head.len >= 2 && ((head.at[0] == 0xff && head.at[1] == 0xfe) ||
                          (head.at[0] == 0xfe && head.at[1] == 0xff)))
        return zj_fail(job, ZJ_EINPUT, "%s",
                       zj_tr(job, "the text is UTF-16; save it as CSV UTF-8",
                             "文本为 UTF-16 编码，请另存为 CSV UTF-8"));
    if (is_binary(head))
        return zj_fail(job, ZJ_EINPUT, "%s",
                       zj_tr(job, "neither CSV nor XLSX: its bytes are no text",
                             "既不是 CSV 也不是 XLSX：内容不是文本"));
    if (zj_span_starts(head, ZJ_SPAN_LIT("\xef\xbb\xbf"))) {
        csv->charset = CHARSET_UTF8;
        head = zj_span_part(head, 3, head.len);
    }
    struct zj_span whole = head; /* without a character that may be cut off */
    while (whole.len && whole.at[whole.len - 1] >= 0x80 && head.len - whole.len < 3 && csv->is_cut)
        whole.len--;
    if (csv->charset == CHARSET_OPEN && !is_ascii(whole))
        csv->charset = guess(whole);
    csv->has_begun = true;
    csv->delimiter = find_delimiter(head);
    return parse(job, csv, head);
}

zj_err zj_csv_feed(struct zj_job *job, struct zj_csv *csv, struct zj_span bytes)
{
    if (csv->has_begun)
        return parse(job, csv, bytes);
    zj_buf_span(&csv->head, bytes);
    csv->is_cut = csv->head.len >= SNIFF_BYTES;
    return csv->is_cut ? begin(job, csv) : ZJ_OK;
}

zj_err zj_csv_end(struct zj_job *job, struct zj_csv *csv)
{
    zj_err err = csv->has_begun ? ZJ_OK : begin(job, csv);
    if (err)
        return err;
    if (csv->state == IN_QUOTES)
        return zj_fail(job, ZJ_EINPUT,
                       zj_tr(job, "the quote opened in row %lld is not closed: the file is cut off",
                             "第 %lld 行的引号没有结束，文件不完整"),
                       (long long)csv->quote_row);
    if (csv->count || csv->text.len || csv->state == AFTER_QUOTE)
        return end_row(job, csv);
    return ZJ_OK;
}
