/* What the verbs gaps and status share: the store brought up to date, rows printed page by page. */
#ifndef ZJ_CLI_PLAN_ROWS_H
#define ZJ_CLI_PLAN_ROWS_H

#include "cli/print_rows.h"
#include "plan/plan.h"

typedef zj_err zj_plan_list(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                            const struct zj_scope *scope, const struct zj_plan_filter *filter,
                            struct zj_json *out, int64_t *out_total);

/* Evaluates, then prints all rows of `list` as {"<name>":[…],"total":N}, lines or a table. With
 * fail_on (a severity) the end is ZJ_EFOUND where a row is of that severity or worse. */
zj_err zj_print_plan(struct zj_job *job, const char *name, zj_plan_list *list, const char *org,
                     struct zj_plan_filter filter, const struct zj_print_col *cols, size_t count,
                     const char *nothing, const char *fail_on);

#endif
