#include "inventory/rows.h"

static bool is_header(const struct zj_span *cells, size_t count)
{
    struct zj_find find;
    for (size_t i = 0; i < count; i++) {
        const struct zj_span cell = zj_span_trim(cells[i]);
        size_t digits = 0;
        for (size_t k = 0; k < cell.len; k++)
            digits += cell.at[k] >= '0' && cell.at[k] <= '9';
        if (cell.len > ZJ_TABLE_NAME_MAX || (cell.len && digits * 2 > cell.len) ||
            zj_identify_scan(cell, &find, 1))
            return false;
    }
    return count > 0;
}

static void add_unnamed(struct zj_inv_table *table, size_t at)
{
    char name[32];
    snprintf(name, sizeof name, "col%zu", at + 1);
    zj_inv_table_col(table, zj_span_str(name));
}

void zj_rows_take(struct zj_inv_table *table, const struct zj_span *cells, size_t count)
{
    const struct zj_inv_table *names = table->scan->names;
    for (size_t i = 0; names && !table->count && i < names->named; i++)
        zj_inv_table_col(table, zj_span_str(names->cols[i].name));
    const bool is_first = table->count == 0;
    const bool has_names = is_first && is_header(cells, count);
    for (size_t i = 0; i < count; i++) {
        const struct zj_span name = zj_span_trim(cells[i]);
        const size_t before = table->count;
        if (has_names && name.len)
            zj_inv_table_col(table, name);
        if (i >= table->count && table->count == before) /* unnamed, or a second of this name */
            add_unnamed(table, i);
        if (!has_names && i < table->count)
            zj_inv_table_cell(table, i, cells[i]);
    }
    table->named = is_first ? table->count : table->named;
    if (!has_names)
        zj_inv_table_row(table);
}
