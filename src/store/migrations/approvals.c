/* Changes of accounts that wait for a second person. What was asked for is never changed; the
 * decision is added to it. Times are microseconds since 1970 UTC. */
#include "store/backend.h"

const struct zj_migration zj_migration_approvals = {
    .number = 5,
    .name = "approvals",
    .sql = "CREATE TABLE approval (\n"
           "  id INTEGER PRIMARY KEY NOT NULL,\n"
           "  kind TEXT NOT NULL,\n" /* account_add, account_change, mode */
           "  org_id INTEGER NOT NULL,\n"
           "  account_id INTEGER NOT NULL,\n" /* of account_change */
           "  login TEXT NOT NULL,\n"
           "  name TEXT NOT NULL,\n"
           "  roles INTEGER NOT NULL,\n" /* bits of enum zj_role */
           "  is_locked INTEGER NOT NULL,\n"
           "  resets_password INTEGER NOT NULL,\n"
           "  separation INTEGER NOT NULL,\n" /* of mode: as it would be */
           "  asked_by INTEGER NOT NULL,\n"   /* 0: the command line */
           "  asked_login TEXT NOT NULL,\n"
           "  asked_role INTEGER NOT NULL,\n"
           "  asked_at INTEGER NOT NULL,\n"
           "  state TEXT NOT NULL,\n" /* open, approved, rejected */
           "  decided_login TEXT NOT NULL,\n"
           "  decided_at INTEGER NOT NULL,\n"
           "  note TEXT NOT NULL,\n"
           "  row_hash BLOB\n"
           ") STRICT;\n"
           "CREATE INDEX approval_state ON approval (state, org_id);\n",
};
