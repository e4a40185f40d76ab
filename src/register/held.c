#include "register/held.h"

#include <stdio.h>

#include "base/words.h"

bool zj_held_field(const struct zj_register *reg, size_t field)
{
    const struct zj_field *f = &reg->fields[field];
    return reg->held.by && (f->flags & ZJ_FIELD_KEY || zj_word_in(reg->held.fields, f->name));
}

zj_err zj_held_by(struct zj_job *job, struct zj_store *store, const struct zj_register *reg,
                  int64_t org_id, struct zj_span key, struct zj_span number, struct zj_buf *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    const struct zj_register *by = reg->held.by ? zj_register_find(reg->held.by) : NULL;
    char sql[300];
    bool is_found = false;
    if (!by || number.len == 0)
        return ZJ_OK;
    snprintf(sql, sizeof sql,
             "SELECT %s FROM reg_%s WHERE org_id = $1 AND %s = $2 AND %s = $3 AND deleted_at = 0"
             " LIMIT 1",
             by->fields[zj_register_key(by)].name, by->name, reg->held.by_ref,
             reg->held.by_number);
    zj_err err = zj_store_prepare(job, store, sql, &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, org_id);
    zj_stmt_bind_span(stmt, 2, key);
    zj_stmt_bind_span(stmt, 3, number);
    err = zj_stmt_step(job, stmt, &is_found);
    if (!err && is_found)
        zj_buf_span(out, zj_stmt_text(stmt, 0));
    return err;
}

/* $1 organisation, $2 key, $3 number. A number of a series, its last digits aside the same as one that
 * was issued, is left to those who issue it: they would come to it. */
static const char foreign_sql[] =
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM work_number WHERE rtrim(number, '0123456789') <> ''"
    " AND rtrim(number, '0123456789') = rtrim($3, '0123456789'))"
    " OR EXISTS (SELECT 1 FROM reg_%s WHERE %s = $3 AND deleted_at = 0"
    " AND NOT (org_id = $1 AND %s = $2))";

static zj_err is_foreign(struct zj_job *job, struct zj_store *store, struct zj_row_packs **numbers,
                         const struct zj_register *reg, int64_t org_id, struct zj_span key,
                         struct zj_span number, bool *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf own = {0};
    char sql[600];
    zj_err err = zj_held_by(job, store, reg, org_id, key, number, &own);
    *out = false;
    if (!err && !own.len)
        err = zj_number_is_issued_here(job, numbers, number, out);
    if (err || own.len || *out)
        return err;
    snprintf(sql, sizeof sql, foreign_sql, reg->held.by, reg->held.by_number, reg->held.by_ref);
    err = zj_store_prepare(job, store, sql, &stmt);
    if (err)
        return err;
    zj_stmt_bind_int(stmt, 1, org_id);
    zj_stmt_bind_span(stmt, 2, key);
    zj_stmt_bind_span(stmt, 3, number);
    return zj_stmt_step(job, stmt, out);
}

zj_err zj_held_refuse_foreign(struct zj_job *job, struct zj_store *store,
                              struct zj_row_packs **numbers, const struct zj_register *reg,
                              int64_t org_id, struct zj_span key, struct zj_span had,
                              struct zj_draft *draft)
{
    size_t at = 0;
    bool is_others = false;
    while (at < reg->field_count && strcmp(reg->fields[at].name, reg->held.number) != 0)
        at++;
    const struct zj_span number = draft->cells[at];
    if (at == reg->field_count || number.len == 0 || zj_span_eq(number, had))
        return ZJ_OK;
    zj_err err = is_foreign(job, store, numbers, reg, org_id, key, number, &is_others);
    if (!err && is_others)
        zj_row_fault_add(&draft->faults, (int)at, false,
                         "a number that is issued here: it comes with its filing only, and another"
                         " may have it",
                         "该编号属于本系统核发的编号，只能随对应备案事项写入，或已核发给其他对象。");
    return err;
}

void zj_held_tell(const struct zj_register *reg, struct zj_span by, char *en, char *zh, size_t size)
{
    const struct zj_register *from = zj_register_find(reg->held.by);
    snprintf(en, size, "given by %.60s (%.*s): it changes through that case only", from->en,
             (int)by.len, (const char *)by.at);
    snprintf(zh, size, "由“%.60s”%.*s 核发，请通过该事项办理变更或注销。", from->zh, (int)by.len,
             (const char *)by.at);
}
