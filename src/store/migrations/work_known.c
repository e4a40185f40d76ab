/* Which forms a bureau may know of is told, and counted, without reading the cases themselves. */
#include "store/backend.h"

const struct zj_migration zj_migration_work_known = {
    .number = 13,
    .name = "work_known",
    .sql = "CREATE INDEX work_case_known ON work_case"
           " (register, submitted_at, opener_side);\n",
};
