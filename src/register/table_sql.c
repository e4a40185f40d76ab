/* The statements that write a row of a register and keep what it was. */
#include "register/table.h"

void zj_table_insert_sql(const struct zj_table *t, struct zj_buf *sql)
{
    zj_buf_printf(sql, "INSERT INTO %s (", t->name);
    for (size_t i = 0; i < t->col_count; i++)
        zj_buf_printf(sql, "%s%s", i ? ", " : "", t->cols[i].name);
    zj_buf_str(sql, ") VALUES (");
    for (size_t i = 0; i < t->col_count; i++)
        zj_buf_printf(sql, "%s$%zu", i ? ", " : "", i + 1);
    zj_buf_str(sql, ") ON CONFLICT DO NOTHING");
}

void zj_table_update_sql(const struct zj_table *t, struct zj_buf *sql)
{
    zj_buf_printf(sql, "UPDATE %s SET ", t->name);
    const char *gap = "";
    for (size_t i = 0; i < t->col_count; i++) {
        if (t->cols[i].kind == ZJ_TABLE_ID)
            continue;
        zj_buf_printf(sql, "%s%s = $%zu", gap, t->cols[i].name, i + 1);
        gap = ", ";
    }
    zj_buf_printf(sql, " WHERE id = $%zu", t->col_count + 1);
}

void zj_table_keep_sql(const struct zj_table *t, struct zj_buf *sql)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf names = {0};
    for (size_t i = 0; i < t->col_count; i++) {
        const enum zj_table_col_kind kind = t->cols[i].kind;
        if (kind != ZJ_TABLE_ID && kind != ZJ_TABLE_HASH)
            zj_buf_printf(&names, ", %s", t->cols[i].name);
    }
    zj_buf_printf(sql, "INSERT INTO %s_history (row_id, replaced_at%s) SELECT id, $2%s FROM %s "
                       "WHERE id = $1",
                  t->name, zj_buf_cstr(&names), zj_buf_cstr(&names), t->name);
}
