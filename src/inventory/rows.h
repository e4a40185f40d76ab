/* Rows of cells whose first may be a header. */
#ifndef ZJ_INVENTORY_ROWS_H
#define ZJ_INVENTORY_ROWS_H

#include "inventory/table.h"

/* One row. The first names the columns where it looks like a header: no cell is a number or is
 * found as data; else they are col1, col2 … */
void zj_rows_take(struct zj_inv_table *table, const struct zj_span *cells, size_t count);

#endif
