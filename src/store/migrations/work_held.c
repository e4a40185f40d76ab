/* What one bureau has written while the word of the other is awaited: it stands with its verdict and
 * not yet in the form, which the company reads. */
#include "store/backend.h"

const struct zj_migration zj_migration_work_held = {
    .number = 9,
    .name = "work_held",
    .sql = "CREATE TABLE work_held (\n"
           "  id INTEGER PRIMARY KEY NOT NULL,\n"
           "  case_id INTEGER NOT NULL,\n"
           "  sign_id INTEGER NOT NULL,\n" /* in force as long as that verdict is */
           "  field TEXT NOT NULL,\n"
           "  value TEXT NOT NULL,\n"
           "  row_hash BLOB\n"
           ") STRICT;\n"
           "CREATE INDEX work_held_case ON work_held (case_id);\n",
};
