/* Conditions of a query over facts, with the tenant filter. Not for other rooms. */
#ifndef ZJ_FACTS_READ_H
#define ZJ_FACTS_READ_H

#include "facts/tables.h"

struct condition_value {
    bool is_text;
    int64_t num;
    struct zj_span text; /* borrowed */
};

/* " WHERE … AND …" with $1 … $count; facts are called f. */
struct conditions {
    struct zj_buf sql;
    struct condition_value values[2 * ZJ_FACTS_FILTERS_MAX + 8];
    size_t count;
};

void zj_where_scope(struct conditions *c, const struct zj_scope *scope, int64_t org_id);
/* The same where another condition has an index that serves better: without statistics SQLite takes
 * the organisation's, which may hold every row. The plus keeps it from that and changes nothing. */
void zj_where_indexed_scope(struct conditions *c, const struct zj_scope *scope, int64_t org_id);
void zj_where(struct conditions *c, const char *sql); /* a condition without a value */
void zj_where_int(struct conditions *c, const char *sql, int64_t value); /* sql: "f.x >= " */
void zj_where_bind(const struct conditions *c, struct zj_stmt *stmt);
void zj_where_release(struct conditions *c);

#endif
