/* Duties and the cases that carry them. A duty found on the row that is a case's form is one thing
 * with that case: it stands on the case's page and not once more in the to-do or the calendar. */
#include "work/case.h"

/* Of a row d of `duty`: no open case has the row it was found on for its form. */
const char zj_duty_has_no_case[] =
    " AND NOT EXISTS (SELECT 1 FROM work_case w WHERE w.org_id = d.org_id AND w.closed_at = 0 AND"
    " instr(d.evidence, '{\"register\":\"' || w.register || '\",\"id\":' || w.row_id || '}') > 0)";

zj_err zj_case_duties_put(struct zj_desk *desk, const struct zj_case *c, struct zj_json *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(desk->job, desk->store,
                                  "SELECT id, rule, state, due, why_zh, why_en FROM duty"
                                  " WHERE org_id = $1 AND instr(evidence, $2) > 0 ORDER BY due, id",
                                  &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, c->org_id);
    zj_stmt_bind_str(stmt, 2,
                     zj_arena_printf(&desk->job->arena, "{\"register\":\"%s\",\"id\":%lld}",
                                     c->reg->name, (long long)c->row_id));
    zj_json_array(out);
    while (!(err = zj_stmt_step(desk->job, stmt, &has_row)) && has_row) {
        zj_json_object(out);
        zj_json_kint(out, "id", zj_stmt_int(stmt, 0));
        zj_json_kspan(out, "duty", zj_stmt_text(stmt, 1));
        zj_json_kspan(out, "state", zj_stmt_text(stmt, 2));
        zj_json_kspan(out, "due", zj_stmt_text(stmt, 3));
        zj_json_kspan(out, "zh", zj_stmt_text(stmt, 4));
        zj_json_kspan(out, "en", zj_stmt_text(stmt, 5));
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    return err;
}
