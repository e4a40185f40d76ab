/* Sketches of the numbers of subjects, of objects and of sources; and in which run a file or table
 * was read, so that a run that goes on counts what it read before. */
#include "store/backend.h"

const struct zj_migration zj_migration_inventory_subjects = {
    .number = 8,
    .name = "inventory_subjects",
    .sql = "CREATE TABLE inv_subject (\n"
           "  object_id INTEGER NOT NULL,\n"
           "  type TEXT NOT NULL,\n"
           "  subjects INTEGER NOT NULL,\n"
           "  sketch BLOB NOT NULL,\n"
           "  PRIMARY KEY (object_id, type)\n"
           ") STRICT;\n"

           "CREATE TABLE inv_source_subject (\n"
           "  org_id INTEGER NOT NULL,\n"
           "  source TEXT NOT NULL,\n"
           "  type TEXT NOT NULL,\n"
           "  subjects INTEGER NOT NULL,\n"
           "  sketch BLOB NOT NULL,\n"
           "  PRIMARY KEY (org_id, source, type)\n"
           ") STRICT;\n"

           "ALTER TABLE inv_file ADD COLUMN run_id INTEGER NOT NULL DEFAULT 0;\n"
           "ALTER TABLE inv_file ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;\n"
           "ALTER TABLE inv_file ADD COLUMN is_table INTEGER NOT NULL DEFAULT 0;\n"
           "CREATE INDEX inv_file_run ON inv_file (run_id);\n",
};
