/* What inventories found: runs, objects, columns with the machine's proposal, and what people
 * decided about it. Proposals are overwritten by the next run; verdicts never are. */
#include "store/backend.h"

const struct zj_migration zj_migration_inventory = {
    .number = 4,
    .name = "inventory",
    .sql = "CREATE TABLE inv_run (\n"
           "  id INTEGER PRIMARY KEY NOT NULL,\n"
           "  org_id INTEGER NOT NULL,\n"
           "  year INTEGER NOT NULL,\n"
           "  scope TEXT NOT NULL,\n" /* the sources, a line each */
           "  process TEXT NOT NULL,\n"
           "  operators TEXT NOT NULL,\n"
           "  rules TEXT NOT NULL,\n"
           "  state TEXT NOT NULL,\n" /* running, done, partial, interrupted */
           "  started_at INTEGER NOT NULL,\n"
           "  ended_at INTEGER NOT NULL,\n"
           "  files INTEGER NOT NULL,\n"
           "  skipped INTEGER NOT NULL,\n"
           "  objects INTEGER NOT NULL,\n"
           "  columns INTEGER NOT NULL,\n"
           "  found INTEGER NOT NULL,\n"
           "  unread INTEGER NOT NULL,\n"
           "  bytes INTEGER NOT NULL\n"
           ") STRICT;\n"

           "CREATE TABLE inv_object (\n"
           "  id INTEGER PRIMARY KEY NOT NULL,\n"
           "  org_id INTEGER NOT NULL,\n"
           "  source TEXT NOT NULL,\n"
           "  path TEXT NOT NULL,\n"
           "  kind TEXT NOT NULL,\n"
           "  comment TEXT NOT NULL,\n"
           "  row_count INTEGER NOT NULL,\n"
           "  bytes INTEGER NOT NULL,\n"
           "  is_estimate INTEGER NOT NULL,\n"
           "  grade INTEGER NOT NULL,\n"
           "  is_personal INTEGER NOT NULL,\n"
           "  is_sensitive INTEGER NOT NULL,\n"
           "  subjects INTEGER NOT NULL,\n"
           "  grade_why TEXT NOT NULL,\n"
           "  first_run INTEGER NOT NULL,\n"
           "  last_run INTEGER NOT NULL,\n"
           "  seen_at INTEGER NOT NULL,\n"
           "  UNIQUE (org_id, source, path)\n"
           ") STRICT;\n"

           "CREATE TABLE inv_column (\n"
           "  id INTEGER PRIMARY KEY NOT NULL,\n"
           "  org_id INTEGER NOT NULL,\n"
           "  object_id INTEGER NOT NULL,\n"
           "  name TEXT NOT NULL,\n"
           "  data_type TEXT NOT NULL,\n"
           "  comment TEXT NOT NULL,\n"
           "  value_count INTEGER NOT NULL,\n"
           "  sampled INTEGER NOT NULL,\n"
           "  distinct_count INTEGER NOT NULL,\n"
           "  type TEXT NOT NULL,\n" /* of the strongest proposal, '' where there is none */
           "  state TEXT NOT NULL,\n"
           "  category TEXT NOT NULL,\n"
           "  grade INTEGER NOT NULL,\n"
           "  is_personal INTEGER NOT NULL,\n"
           "  is_sensitive INTEGER NOT NULL,\n"
           "  ratio REAL NOT NULL,\n"
           "  bound REAL NOT NULL,\n"
           "  subjects INTEGER NOT NULL,\n"
           "  why TEXT NOT NULL,\n"
           "  others TEXT NOT NULL,\n"  /* further types, ';' between */
           "  samples TEXT NOT NULL,\n" /* masked, a line each */
           "  rules TEXT NOT NULL,\n"
           "  last_run INTEGER NOT NULL,\n"
           "  verdict TEXT NOT NULL,\n" /* of the last inv_verdict, '' where there is none */
           "  verdict_id INTEGER NOT NULL,\n"
           "  final_type TEXT NOT NULL,\n" /* what holds: the verdict's, else the proposal's */
           "  final_grade INTEGER NOT NULL,\n"
           "  is_offered INTEGER NOT NULL,\n" /* waits for a person */
           "  UNIQUE (object_id, name)\n"
           ") STRICT;\n"
           "CREATE INDEX inv_column_review ON inv_column (org_id, is_offered, grade);\n"

           "CREATE TABLE inv_verdict (\n"
           "  id INTEGER PRIMARY KEY NOT NULL,\n"
           "  org_id INTEGER NOT NULL,\n"
           "  column_id INTEGER NOT NULL,\n"
           "  verdict TEXT NOT NULL,\n" /* accept, correct, reject */
           "  type TEXT NOT NULL,\n"
           "  grade INTEGER NOT NULL,\n"
           "  reason TEXT NOT NULL,\n"
           "  proposed_type TEXT NOT NULL,\n"
           "  proposed_grade INTEGER NOT NULL,\n"
           "  rules TEXT NOT NULL,\n"
           "  actor TEXT NOT NULL,\n"
           "  at INTEGER NOT NULL,\n"
           "  row_hash BLOB NOT NULL\n"
           ") STRICT;\n"
           "CREATE INDEX inv_verdict_column ON inv_verdict (column_id, id);\n"

           "CREATE TABLE inv_count (\n" /* what a run saw of an object, for the next year */
           "  run_id INTEGER NOT NULL,\n"
           "  object_id INTEGER NOT NULL,\n"
           "  row_count INTEGER NOT NULL,\n"
           "  bytes INTEGER NOT NULL,\n"
           "  subjects INTEGER NOT NULL,\n"
           "  grade INTEGER NOT NULL,\n"
           "  PRIMARY KEY (run_id, object_id)\n"
           ") STRICT;\n"

           "CREATE TABLE inv_unread (\n"
           "  id INTEGER PRIMARY KEY NOT NULL,\n"
           "  run_id INTEGER NOT NULL,\n"
           "  org_id INTEGER NOT NULL,\n"
           "  place TEXT NOT NULL,\n"
           "  reason TEXT NOT NULL\n"
           ") STRICT;\n"

           "CREATE TABLE inv_file (\n" /* read files: unchanged ones are not read again */
           "  org_id INTEGER NOT NULL,\n"
           "  place TEXT NOT NULL,\n"
           "  state TEXT NOT NULL,\n"
           "  PRIMARY KEY (org_id, place)\n"
           ") STRICT;\n",
};
