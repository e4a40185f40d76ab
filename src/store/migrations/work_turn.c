/* What waits for somebody is counted and shown in the order of deadlines without reading the cases
 * themselves. */
#include "store/backend.h"

const struct zj_migration zj_migration_work_turn = {
    .number = 6,
    .name = "work_turn",
    .sql = "DROP INDEX work_case_todo;\n"
           "CREATE INDEX work_case_turn ON work_case"
           " (side, closed_at, type, due_at, assignee, submitted_at, opener_side);\n",
};
