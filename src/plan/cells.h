#ifndef ZJ_PLAN_CELLS_H
#define ZJ_PLAN_CELLS_H

/* Tables plan_cell and case_cell, filled from what is there, and their triggers. */
extern const char zj_cells_schema[];

#endif
