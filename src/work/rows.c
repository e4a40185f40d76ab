#include "work/rows.h"

#include "work/case.h"

static void put_cell(const struct zj_stmt *stmt, const struct zj_row_col *col, int at,
                     struct zj_json *out)
{
    switch (col->kind) {
    case ZJ_ROW_INT:
        zj_json_kint(out, col->name, zj_stmt_int(stmt, at));
        break;
    case ZJ_ROW_TEXT:
        zj_json_kspan(out, col->name, zj_stmt_text(stmt, at));
        break;
    case ZJ_ROW_TIME:
        zj_json_ktime(out, col->name, zj_stmt_int(stmt, at));
        break;
    }
}

zj_err zj_work_put_rows(struct zj_job *job, struct zj_stmt *stmt, const struct zj_row_col *cols,
                        size_t count, struct zj_json *out)
{
    bool has_row;
    zj_err err;
    zj_json_object(out);
    zj_json_key(out, "rows");
    zj_json_array(out);
    while (!(err = zj_stmt_step(job, stmt, &has_row)) && has_row) {
        zj_json_object(out);
        for (size_t i = 0; i < count; i++)
            put_cell(stmt, &cols[i], (int)i, out);
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    zj_json_object_end(out);
    return err;
}
