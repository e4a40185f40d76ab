/* Forms of cases as who supervises sees them: what was handed in, never the draft on a company's
 * desk. All of it is SQL over the alias r of the register's table and k of the last snapshot; ""
 * where the scope sees the rows as they are. */
#ifndef ZJ_REGISTER_HANDED_H
#define ZJ_REGISTER_HANDED_H

#include "register/table.h"

bool zj_sees_handed_only(const struct zj_scope *scope, const struct zj_register *reg);

/* To put behind a WHERE over the alias or table `row`: of which the bureau knows. */
void zj_put_draft_filter(const struct zj_scope *scope, const struct zj_register *reg,
                         const char *row, struct zj_buf *out);
/* Counts those rows from the index of cases alone; false: it cannot. */
bool zj_put_handed_count(const struct zj_scope *scope, const struct zj_register *reg,
                         struct zj_buf *sql);

/* A row that its company has at its desk again and has changed meets k, what it handed in last. */
void zj_put_handed_join(const struct zj_scope *scope, const struct zj_register *reg,
                        struct zj_buf *sql);
/* The columns of a row, of such a one as k has them. Needs the join. */
void zj_put_handed_columns(const struct zj_scope *scope, const struct zj_table *table,
                           struct zj_buf *sql);
/* To put behind a WHERE that looks into fields: what is found by the draft alone is not told, so
 * such a row is found again once it is handed in. Needs the join. */
void zj_put_handed_match(const struct zj_scope *scope, const struct zj_register *reg,
                         struct zj_buf *sql);
/* To put behind a WHERE over versions (until_at): those before it was first handed in are not told. */
void zj_put_handed_since(const struct zj_scope *scope, const struct zj_register *reg,
                         struct zj_buf *sql);

#endif
