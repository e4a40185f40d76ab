/* What a proposal rests on, in both languages: `why` and `grade_why` are English from here on. */
#include "store/backend.h"

const struct zj_migration zj_migration_inventory_why = {
    .number = 7,
    .name = "inventory_why",
    .sql = "ALTER TABLE inv_object ADD COLUMN grade_why_zh TEXT NOT NULL DEFAULT '';\n"
           "ALTER TABLE inv_column ADD COLUMN why_zh TEXT NOT NULL DEFAULT '';\n",
};
