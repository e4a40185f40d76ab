/* What holds of a column and of an object after people decided, beside what the machine proposed.
 * is_twin: a later run met the same file as part of another source; it counts there. */
#include "store/backend.h"

const struct zj_migration zj_migration_inventory_final = {
    .number = 14,
    .name = "inventory_final",
    .sql = "ALTER TABLE inv_column ADD COLUMN final_category TEXT NOT NULL DEFAULT '';\n"
           "ALTER TABLE inv_column ADD COLUMN final_personal INTEGER NOT NULL DEFAULT 0;\n"
           "ALTER TABLE inv_column ADD COLUMN final_sensitive INTEGER NOT NULL DEFAULT 0;\n"
           "UPDATE inv_column SET final_category = category, final_personal = is_personal, "
           "final_sensitive = is_sensitive WHERE verdict <> 'reject';\n"

           "ALTER TABLE inv_object ADD COLUMN final_grade INTEGER NOT NULL DEFAULT 0;\n"
           "ALTER TABLE inv_object ADD COLUMN final_personal INTEGER NOT NULL DEFAULT 0;\n"
           "ALTER TABLE inv_object ADD COLUMN final_sensitive INTEGER NOT NULL DEFAULT 0;\n"
           "ALTER TABLE inv_object ADD COLUMN final_subjects INTEGER NOT NULL DEFAULT 0;\n"
           "ALTER TABLE inv_object ADD COLUMN final_why TEXT NOT NULL DEFAULT '';\n"
           "ALTER TABLE inv_object ADD COLUMN final_why_zh TEXT NOT NULL DEFAULT '';\n"
           "ALTER TABLE inv_object ADD COLUMN is_twin INTEGER NOT NULL DEFAULT 0;\n"
           "UPDATE inv_object SET final_grade = grade, final_personal = is_personal, "
           "final_sensitive = is_sensitive, final_subjects = subjects, final_why = grade_why, "
           "final_why_zh = grade_why_zh;\n"
           "CREATE INDEX inv_object_path ON inv_object (org_id, path);\n"
           "CREATE INDEX inv_count_object ON inv_count (object_id, run_id);\n",
};
