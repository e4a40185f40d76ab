/* Attachments are encrypted at rest; those kept before are found by this mark until they are. */
#include "store/backend.h"

const struct zj_migration zj_migration_work_sealed = {
    .number = 10,
    .name = "work_sealed",
    .sql = "ALTER TABLE work_blob ADD COLUMN is_sealed INTEGER NOT NULL DEFAULT 0;\n"
           "CREATE INDEX work_blob_plain ON work_blob (sha256) WHERE is_sealed = 0;\n",
};
