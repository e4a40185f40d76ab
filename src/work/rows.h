/* What a statement gives, as the pages read it: {"rows":[{…}, …]}. */
#ifndef ZJ_WORK_ROWS_H
#define ZJ_WORK_ROWS_H

#include "store/store.h"

struct zj_row_col { /* in the order of the statement */
    const char *name;
    enum zj_row_kind { ZJ_ROW_INT, ZJ_ROW_TEXT, ZJ_ROW_TIME } kind;
};

zj_err zj_work_put_rows(struct zj_job *job, struct zj_stmt *stmt, const struct zj_row_col *cols,
                        size_t count, struct zj_json *out);

#endif
