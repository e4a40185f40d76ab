/* What the verbs gaps and status share: the store brought up to date, rows printed page by page. */
#ifndef ZJ_CLI_PLAN_ROWS_H
#define ZJ_CLI_PLAN_ROWS_H

#include "cli/print_rows.h"
#include "plan/plan.h"

typedef zj_err zj_plan_list(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                            const struct zj_scope *scope, const struct zj_plan_filter *filter,
                            struct zj_json *out, int64_t *out_total);

struct zj_plan_print {
    const char *name; /* of the rows in JSON */
    zj_plan_list *list;
    const char *org; /* code; NULL: all */
    struct zj_plan_filter filter;
    const struct zj_print_col *cols; /* on the screen */
    size_t col_count;
    const struct zj_paper_table *paper; /* as a file */
    const char *format;                 /* of --format; NULL: as the file's name says */
    const char *nothing;                /* said where there is no row */
    const char *fail_on;                /* a severity: ZJ_EFOUND where a row is as bad or worse */
};
/* Evaluates, then prints all rows of `list` as {"<name>":[…],"total":N}, lines, a table, or a workbook,
 * CSV or PDF. */
zj_err zj_print_plan(struct zj_job *job, const struct zj_plan_print *what);

#endif
