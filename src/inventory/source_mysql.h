/* A MySQL server that is read, and what it has: for source_mysql.c and source_mysql_list.c. */
#ifndef ZJ_INVENTORY_SOURCE_MYSQL_H
#define ZJ_INVENTORY_SOURCE_MYSQL_H

#include <mysql.h>

#include "inventory/source.h"

struct zj_mysql {
    struct zj_source *source;
    MYSQL *conn;
};

/* A table, a view: its texts live in the job's arena. */
struct zj_mysql_table {
    char *schema, *name, *comment;
    uint64_t rows;
    bool is_view;
    bool is_versioned;   /* keeps what was deleted and changed */
    const char *view_of; /* of a view that needs no reading: the tables it shows; else NULL */
};

/* Every table and view that the account sees; of views whose text it may see is known which show
 * nothing else than tables that it may read. */
zj_err zj_mysql_list(struct zj_mysql *s, struct zj_mysql_table **out, size_t *out_count);

/* Why the server did not do what it was last asked. */
const char *zj_mysql_fault(struct zj_mysql *s);

/* "`owner`", "`crm`.`owner`" */
void zj_mysql_quote(const char *name, struct zj_buf *out);
void zj_mysql_quote_table(const struct zj_mysql_table *table, struct zj_buf *out);

#endif
