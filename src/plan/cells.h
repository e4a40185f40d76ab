/* What stands of a company in a task: counted by triggers, judged in one place. */
#ifndef ZJ_PLAN_CELLS_H
#define ZJ_PLAN_CELLS_H

#include <stdint.h>

/* Tables plan_cell and case_cell, filled from what is there, and their triggers. */
extern const char zj_cells_schema[];

/* The columns of plan_cell behind org_id and task, in this order. */
#define ZJ_CELL_COLUMNS                                                                            \
    "met", "open", "due_soon", "overdue", "undone", "not_applicable", "gaps", "gaps_high",         \
        "gaps_medium"
enum { ZJ_CELL_COLUMN_COUNT = 9 };

struct zj_cell {
    int64_t met, open, due_soon, overdue;
    int64_t undone; /* open, and nothing sets a day */
    int64_t not_applicable;
    int64_t gaps, gaps_high, gaps_medium;
    int64_t cases;
};

/* The column of that place. */
int64_t *zj_cell_count(struct zj_cell *cell, int column);

/* good, attention, bad; none: no duty there binds, and no gap is open. Board and heat map say the
 * same of it. */
const char *zj_cell_state(const struct zj_cell *cell);

#endif
