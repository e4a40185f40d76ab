/* Rows of cells, with names above them or without. */
#ifndef ZJ_INVENTORY_ROWS_H
#define ZJ_INVENTORY_ROWS_H

#include "inventory/table.h"

/* One row. The first rows wait until it is told which of them names the columns: the first that is
 * filled as the others are, behind titles and empty rows, and looks like a header: no cell is a
 * number or is found as data. Where there is none they are col1, col2 … */
void zj_rows_take(struct zj_inv_table *table, const struct zj_span *cells, size_t count);
/* No row follows. */
void zj_rows_end(struct zj_inv_table *table);

struct zj_lead;
void zj_rows_free(struct zj_lead *lead); /* accepts NULL */

#endif
