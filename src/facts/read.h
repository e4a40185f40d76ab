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
/* Of transfers: from a network of the organisation to none of its own. The table reg_range is there. */
#define ZJ_FROM_OWN                                                                                \
    "EXISTS (SELECT 1 FROM reg_range n WHERE n.register = 'organisations' AND"                      \
    " n.field = 'networks' AND n.row_id = f.org_id AND f.src_key BETWEEN n.lo AND n.hi)"
#define ZJ_TO_OWN                                                                                  \
    "EXISTS (SELECT 1 FROM reg_range n WHERE n.register = 'organisations' AND"                      \
    " n.field = 'networks' AND n.row_id = f.org_id AND f.dst_key BETWEEN n.lo AND n.hi)"
/* The name of the partner whose endpoints hold the destination, by address or by name, of rows
 * called so; '' where none does. The table reg_partners is there. */
#define ZJ_PARTNER_OF(row)                                                                         \
    "COALESCE((SELECT q.name FROM reg_range p JOIN reg_partners q ON q.id = p.row_id "             \
    "WHERE p.register = 'partners' AND p.field = 'endpoints' AND p.org_id = " row ".org_id "       \
    "AND q.deleted_at = 0 AND p.port IN (0, " row ".port) AND ((p.host = '' AND " row              \
    ".dst_key BETWEEN p.lo AND p.hi) OR (p.host <> '' AND (" row ".host = p.host OR " row          \
    ".host LIKE '%' || '.' || p.host))) LIMIT 1), '')"
void zj_where_bind(const struct conditions *c, struct zj_stmt *stmt);
void zj_where_release(struct conditions *c);

/* worst.c: of the transfers that fit, the first `wanted` ids (int64_t each) in the order "worst"
 * of facts.h, and how many fit. `leaves_only`: of those that leave the networks of their organisation. */
zj_err zj_transfers_worst(struct zj_job *job, struct zj_store *store,
                          const struct conditions *where, bool leaves_only, size_t wanted,
                          struct zj_buf *out_ids, int64_t *out_total);

#endif
