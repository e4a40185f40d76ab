#include "base/csv.h"

void zj_csv_cell(struct zj_buf *out, struct zj_span cell)
{
    bool needs_quotes = false;
    const bool is_formula = cell.len && memchr("=+-@", cell.at[0], 4);
    for (size_t i = 0; i < cell.len && !needs_quotes; i++)
        needs_quotes = memchr(",;\"\r\n\t", cell.at[i], 6) != NULL;
    if (needs_quotes)
        zj_buf_byte(out, '"');
    if (is_formula)
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
