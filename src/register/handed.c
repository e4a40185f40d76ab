#include "register/handed.h"

/* What the bureau knows of: the case w was handed in, or a bureau began it. */
#define KNOWN "(w.submitted_at > 0 OR w.opener_side <> 'company')"

bool zj_sees_handed_only(const struct zj_scope *scope, const struct zj_register *reg)
{
    return reg->is_case_form && scope->sees_all && !scope->may_write && !scope->sees_personal;
}

void zj_put_draft_filter(const struct zj_scope *scope, const struct zj_register *reg,
                         const char *row, struct zj_buf *out)
{
    if (!zj_sees_handed_only(scope, reg))
        return;
    if (reg->side == ZJ_SIDE_BUREAU) /* its own rows, also those that no case was made of yet */
        zj_buf_printf(out,
                      " AND NOT EXISTS (SELECT 1 FROM work_case w WHERE w.register = '%s' AND"
                      " w.row_id = %s.id AND NOT " KNOWN ")",
                      reg->name, row);
    else
        zj_buf_printf(out,
                      " AND EXISTS (SELECT 1 FROM work_case w WHERE w.register = '%s' AND"
                      " w.row_id = %s.id AND " KNOWN ")",
                      reg->name, row);
}

bool zj_put_handed_count(const struct zj_scope *scope, const struct zj_register *reg,
                         struct zj_buf *sql)
{
    if (!zj_sees_handed_only(scope, reg) || reg->side == ZJ_SIDE_BUREAU)
        return false;
    /* the form of such a case is never deleted; each half is a stretch of the index
     * work_case_known, which an OR would not be */
    zj_buf_printf(sql,
                  "SELECT (SELECT COUNT(*) FROM work_case w WHERE w.register = '%s' AND"
                  " w.submitted_at > 0) + (SELECT COUNT(*) FROM work_case w WHERE w.register ="
                  " '%s' AND w.submitted_at = 0 AND w.opener_side <> 'company')",
                  reg->name, reg->name);
    return true;
}

void zj_put_handed_join(const struct zj_scope *scope, const struct zj_register *reg,
                        struct zj_buf *sql)
{
    if (zj_sees_handed_only(scope, reg))
        zj_buf_printf(sql,
                      " LEFT JOIN work_snapshot k ON k.id = (SELECT s.id FROM work_case w JOIN"
                      " work_snapshot s ON s.case_id = w.id WHERE w.register = '%s' AND"
                      " w.row_id = r.id AND w.side = 'company' ORDER BY s.n DESC LIMIT 1)"
                      " AND k.at <= r.updated_at",
                      reg->name);
}

void zj_put_handed_columns(const struct zj_scope *scope, const struct zj_table *table,
                           struct zj_buf *sql)
{
    if (!zj_sees_handed_only(scope, table->reg)) {
        zj_table_put_columns(table, "r.", sql);
        return;
    }
    for (size_t i = 0; i < table->col_count; i++) {
        const struct zj_table_col *col = &table->cols[i];
        const struct zj_field *f = col->field >= 0 ? &table->reg->fields[col->field] : NULL;
        zj_buf_str(sql, i ? ", " : "");
        if (!f || f->flags & ZJ_FIELD_OFFICIAL)
            zj_buf_printf(sql, "r.%s AS %s", col->name, col->name);
        else if (f->flags & ZJ_FIELD_PERSONAL) /* its case has it as it was handed in */
            zj_buf_printf(sql, "CASE WHEN k.id IS NULL THEN r.%s END AS %s", col->name, col->name);
        else
            zj_buf_printf(sql,
                          "CASE WHEN k.id IS NULL THEN r.%s ELSE json_extract(k.body, '$.%s') END"
                          " AS %s",
                          col->name, f->name, col->name);
    }
}

void zj_put_handed_match(const struct zj_scope *scope, const struct zj_register *reg,
                         struct zj_buf *sql)
{
    if (!zj_sees_handed_only(scope, reg))
        return;
    zj_buf_str(sql, " AND (k.id IS NULL OR (1 = 1");
    for (size_t i = 0; i < reg->field_count; i++) {
        const struct zj_field *f = &reg->fields[i];
        if (!(f->flags & (ZJ_FIELD_OFFICIAL | ZJ_FIELD_PERSONAL)))
            zj_buf_printf(sql, " AND json_extract(k.body, '$.%s') IS r.%s", f->name, f->name);
    }
    zj_buf_str(sql, "))");
}

void zj_put_handed_since(const struct zj_scope *scope, const struct zj_register *reg,
                         struct zj_buf *sql)
{
    if (zj_sees_handed_only(scope, reg))
        zj_buf_printf(sql,
                      " AND NOT EXISTS (SELECT 1 FROM work_case w WHERE w.register = '%s' AND"
                      " w.row_id = r.id AND w.opener_side = 'company' AND r.until_at <="
                      " w.submitted_at)",
                      reg->name);
}
