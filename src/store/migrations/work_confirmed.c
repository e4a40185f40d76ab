/* Clocks of cases that nobody had verified, and who vouches for them. */
#include "store/backend.h"

const struct zj_migration zj_migration_work_confirmed = {
    .number = 15,
    .name = "work_confirmed",
    .sql = "CREATE TABLE work_confirmed (\n"
           "  type TEXT NOT NULL,\n" /* of case */
           "  key TEXT NOT NULL,\n"  /* of clock */
           "  actor TEXT NOT NULL,\n"
           "  at INTEGER NOT NULL,\n"
           "  PRIMARY KEY (type, key)\n"
           ") STRICT;\n",
};
