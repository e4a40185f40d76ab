/* Writing CSV (RFC 4180) that spreadsheets read as text. */
#ifndef ZJ_BASE_CSV_H
#define ZJ_BASE_CSV_H

#include "base/buf.h"

#define ZJ_CSV_MARK "\xef\xbb\xbf" /* at the start: Excel takes CSV for UTF-8 only with it */

/* Quoted where it must be; what a spreadsheet would take for a formula gets a ' in front. */
void zj_csv_cell(struct zj_buf *out, struct zj_span cell);
void zj_csv_row(struct zj_buf *out, const struct zj_span *cells, size_t count);

#endif
