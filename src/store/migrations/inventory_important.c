/* The few columns of important and core data are found without reading those of general data. */
#include "store/backend.h"

const struct zj_migration zj_migration_inventory_important = {
    .number = 12,
    .name = "inventory_important",
    .sql = "CREATE INDEX inv_column_important ON inv_column (final_grade, org_id, object_id);\n",
};
