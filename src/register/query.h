/* Building the one SELECT over a register. The tenant filter is put in here and nowhere else. */
#ifndef ZJ_REGISTER_QUERY_H
#define ZJ_REGISTER_QUERY_H

#include "register/table.h"

struct zj_select {
    struct zj_table table;
    struct zj_stmt *rows; /* columns of the table in its order, then the organisation's code */
    struct zj_buf params;
    int64_t total;
    bool is_total_bounded; /* there are at least that many */
    bool is_by_start;      /* the search found fields that start with its text, and asked no more */
};

/* The organisation whose rows the scope may see: 0 all, -1 none. */
int64_t zj_scope_org(const struct zj_scope *scope, int64_t wanted);

/* Puts which rows an organisation reads, its own and those it is told of: SQL over the alias r of
 * the register's table; $param is the organisation. */
void zj_put_owned(const struct zj_register *reg, int param, struct zj_buf *sql);

/* Is the field one that this scope does not read? */
static inline bool zj_field_is_kept(const struct zj_scope *scope, const struct zj_field *f)
{
    if (f->flags & ZJ_FIELD_BUREAUS && !scope->sees_all)
        return true;
    return f->flags & ZJ_FIELD_KEPT && !scope->may_write &&
           !(scope->sees_all && scope->sees_personal);
}

/* Is the field one that this scope reads masked? */
static inline bool zj_field_is_masked(const struct zj_scope *scope, const struct zj_field *f)
{
    if (f->flags & ZJ_FIELD_IDENTITY && zj_scope_supervises(scope))
        return true;
    return f->flags & ZJ_FIELD_PERSONAL && !scope->sees_personal &&
           !(f->flags & ZJ_FIELD_FOR_BUREAU && zj_scope_supervises(scope));
}

/* May rows be looked for by the field? What is kept or told by stars only is not found by it. */
static inline bool zj_field_is_found(const struct zj_scope *scope, const struct zj_field *f)
{
    return !zj_field_is_kept(scope, f) &&
           !(f->flags & ZJ_FIELD_IDENTITY && zj_scope_supervises(scope));
}

/* ZJ_EFORBIDDEN where rows of the register tell one card or vehicle each and the scope supervises. */
zj_err zj_rows_may_be_read(struct zj_job *job, const struct zj_scope *scope,
                           const struct zj_register *reg);
/* The organisation of a live row, where the scope may see it. */
zj_err zj_row_org(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                  const struct zj_register *reg, int64_t id, int64_t *out_org);

/* Prepares and binds; limit 0: all rows, in the order they were made (for exports). */
zj_err zj_select_open(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                      const struct zj_register *reg, const struct zj_query *query, int limit,
                      bool wants_total, struct zj_select *out);
void zj_select_close(struct zj_select *select);

#endif
