/* What changed since a time is found without reading what did not. */
#include "store/backend.h"

const struct zj_migration zj_migration_changed = {
    .number = 11,
    .name = "changed",
    .sql = "CREATE INDEX gap_changed ON gap"
           " ((CASE WHEN closed_at > opened_at THEN closed_at ELSE opened_at END));\n"
           "CREATE INDEX work_case_changed ON work_case (state_at);\n",
};
