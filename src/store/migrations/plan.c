/* What rules find: gaps and duties; and the policies of the packs that rules read. */
#include "store/backend.h"

const struct zj_migration zj_migration_plan = {
    .number = 2,
    .name = "plan",
    .sql =
        "CREATE TABLE gap (\n"
        "  id INTEGER PRIMARY KEY NOT NULL,\n"
        "  rule TEXT NOT NULL,\n"
        "  org_id INTEGER NOT NULL,\n"
        "  subject TEXT NOT NULL,\n"
        "  task INTEGER NOT NULL,\n"
        "  severity TEXT NOT NULL,\n"
        "  subject_kind TEXT NOT NULL,\n"
        "  why_en TEXT NOT NULL,\n"
        "  why_zh TEXT NOT NULL,\n"
        "  evidence TEXT NOT NULL,\n"
        "  first_seen INTEGER NOT NULL,\n"
        "  last_seen INTEGER NOT NULL,\n"
        "  state TEXT NOT NULL,\n" /* open, closed */
        "  opened_at INTEGER NOT NULL,\n"
        "  closed_at INTEGER NOT NULL,\n"
        "  pass INTEGER NOT NULL,\n"
        "  UNIQUE (rule, org_id, subject)\n"
        ") STRICT;\n"
        "CREATE INDEX gap_board ON gap (state, org_id, task, severity);\n"

        "CREATE TABLE duty (\n"
        "  id INTEGER PRIMARY KEY NOT NULL,\n"
        "  rule TEXT NOT NULL,\n"
        "  org_id INTEGER NOT NULL,\n"
        "  subject TEXT NOT NULL,\n"
        "  task INTEGER NOT NULL,\n"
        "  subject_kind TEXT NOT NULL,\n"
        "  why_en TEXT NOT NULL,\n"
        "  why_zh TEXT NOT NULL,\n"
        "  evidence TEXT NOT NULL,\n"
        "  due TEXT NOT NULL,\n"
        "  state TEXT NOT NULL,\n" /* met, due_soon, overdue, open, not_applicable */
        "  pass INTEGER NOT NULL,\n"
        "  UNIQUE (rule, org_id, subject)\n"
        ") STRICT;\n"
        "CREATE INDEX duty_board ON duty (org_id, task, state);\n"

        "CREATE TABLE plan_region (\n"
        "  country TEXT PRIMARY KEY NOT NULL,\n"
        "  treatment TEXT NOT NULL\n"
        ") STRICT;\n"

        "CREATE TABLE plan_data_type (\n"
        "  data_type TEXT PRIMARY KEY NOT NULL,\n"
        "  class TEXT NOT NULL\n"
        ") STRICT;\n"

        "CREATE TABLE plan_state (\n"
        "  key TEXT PRIMARY KEY NOT NULL,\n"
        "  value TEXT NOT NULL\n"
        ") STRICT;\n",
};
