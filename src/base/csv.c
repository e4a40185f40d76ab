#include "base/csv.h"

/* Is it a formula to a spreadsheet, past `marks` and any more of them? */
static bool is_formula(struct zj_span cell, size_t marks)
{
    size_t at = 0;
    while (at < cell.len && cell.at[at] == '\'')
        at++;
    return at >= marks && at < cell.len && memchr("=+-@\t\r\n", cell.at[at], 7);
}

struct zj_span zj_csv_bare(struct zj_span cell)
{
    return is_formula(cell, 1) ? zj_span_part(cell, 1, cell.len) : cell;
}

void zj_csv_cell(struct zj_buf *out, struct zj_span cell)
{
    bool needs_quotes = false;
    for (size_t i = 0; i < cell.len && !needs_quotes; i++)
        needs_quotes = memchr(",;\"\r\n\t", cell.at[i], 6) != NULL;
    if (needs_quotes)
        zj_buf_byte(out, '"');
    if (is_formula(cell, 0))
        zj_buf_byte(out, '\'');
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.at[i] == '"')
            zj_buf_byte(out, '"');
        zj_buf_byte(out, cell.at[i]);
    }
    if (needs_quotes)
        zj_buf_byte(out, '"');
}

void zj_csv_row(struct zj_buf *out, const struct zj_span *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            zj_buf_byte(out, ',');
        zj_csv_cell(out, cells[i]);
    }
    zj_buf_str(out, "\r\n");
}
