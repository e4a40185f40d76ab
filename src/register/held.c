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

void zj_held_tell(const struct zj_register *reg, struct zj_span by, char *en, char *zh, size_t size)
{
    const struct zj_register *from = zj_register_find(reg->held.by);
    snprintf(en, size, "given by %.60s (%.*s): it changes through that case only", from->en,
             (int)by.len, (const char *)by.at);
    snprintf(zh, size, "由“%.60s”%.*s 核发，请通过该事项办理变更或注销。", from->zh, (int)by.len,
             (const char *)by.at);
}
