/* CSV (RFC 4180) that spreadsheets read as text. */
#ifndef ZJ_BASE_CSV_H
#define ZJ_BASE_CSV_H

#include "base/buf.h"

#define ZJ_CSV_MARK "\xef\xbb\xbf" /* at the start: Excel takes CSV for UTF-8 only with it */

/* Quoted where it must be; what a spreadsheet would take for a formula, as it begins with = + - @,
 * a tab or a line end, gets a ' in front; so does what has such marks already. */
void zj_csv_cell(struct zj_buf *out, struct zj_span cell);
/* The cell without the mark that zj_csv_cell put before it. */
struct zj_span zj_csv_bare(struct zj_span cell);
void zj_csv_row(struct zj_buf *out, const struct zj_span *cells, size_t count);

#endif
