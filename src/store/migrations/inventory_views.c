/* Views, and what was read in part or is there no more. view_of: the tables that a view shows, which
 * are read themselves. is_least: there are more rows than row_count. is_partial: no run read it whole
 * yet. A column is_gone when a later run read its table whole and did not find it; what people said of
 * it stays in inv_verdict. */
#include "store/backend.h"

const struct zj_migration zj_migration_inventory_views = {
    .number = 17,
    .name = "inventory_views",
    .sql = "ALTER TABLE inv_object ADD COLUMN view_of TEXT NOT NULL DEFAULT '';\n"
           "ALTER TABLE inv_object ADD COLUMN is_least INTEGER NOT NULL DEFAULT 0;\n"
           "ALTER TABLE inv_object ADD COLUMN is_partial INTEGER NOT NULL DEFAULT 0;\n"
           "ALTER TABLE inv_count ADD COLUMN is_partial INTEGER NOT NULL DEFAULT 0;\n"
           "ALTER TABLE inv_column ADD COLUMN is_gone INTEGER NOT NULL DEFAULT 0;\n",
};
