/* What every store has: meta, the audit chain, what changed since rules looked, and who may log in.
 * Times are microseconds since 1970 UTC. */
#include "store/backend.h"

const struct zj_migration zj_migration_core = {
    .number = 1,
    .name = "core",
    .sql =
        "CREATE TABLE meta (\n"
        "  key TEXT PRIMARY KEY NOT NULL,\n"
        "  value TEXT NOT NULL\n"
        ") STRICT;\n"

        "CREATE TABLE audit (\n"
        "  seq INTEGER PRIMARY KEY NOT NULL,\n"
        "  at INTEGER NOT NULL,\n"
        "  actor TEXT NOT NULL,\n"
        "  org_id INTEGER NOT NULL,\n"
        "  action TEXT NOT NULL,\n"
        "  object TEXT NOT NULL,\n"
        "  row_id INTEGER NOT NULL,\n"
        "  row_hash BLOB,\n"
        "  note TEXT NOT NULL,\n"
        "  hash BLOB NOT NULL\n"
        ") STRICT;\n"
        "CREATE INDEX audit_row ON audit (object, row_id);\n"

        "CREATE TABLE dirty (\n"
        "  kind TEXT NOT NULL,\n"
        "  key TEXT NOT NULL,\n"
        "  since INTEGER NOT NULL,\n"
        "  PRIMARY KEY (kind, key)\n"
        ") STRICT;\n"

        "CREATE TABLE user_account (\n"
        "  id INTEGER PRIMARY KEY NOT NULL,\n"
        "  org_id INTEGER NOT NULL,\n"
        "  login TEXT NOT NULL UNIQUE,\n"
        "  name TEXT NOT NULL,\n"
        "  roles INTEGER NOT NULL,\n" /* bits of enum zj_role */
        "  password TEXT NOT NULL,\n"
        "  must_change INTEGER NOT NULL,\n"
        "  is_locked INTEGER NOT NULL,\n"
        "  created_at INTEGER NOT NULL,\n"
        "  row_hash BLOB\n"
        ") STRICT;\n"

        "CREATE TABLE login_guard (\n" /* failures by login, known or not */
        "  login TEXT PRIMARY KEY NOT NULL,\n"
        "  failures INTEGER NOT NULL,\n"
        "  since INTEGER NOT NULL,\n"
        "  locked_until INTEGER NOT NULL\n"
        ") STRICT;\n"

        "CREATE TABLE session (\n"
        "  id INTEGER PRIMARY KEY NOT NULL,\n"
        "  token_hash BLOB NOT NULL UNIQUE,\n"
        "  account_id INTEGER NOT NULL,\n"
        "  created_at INTEGER NOT NULL,\n"
        "  last_used INTEGER NOT NULL,\n"
        "  remote TEXT NOT NULL,\n"
        "  agent TEXT NOT NULL\n"
        ") STRICT;\n"
        "CREATE INDEX session_account ON session (account_id);\n"

        "CREATE TABLE api_token (\n"
        "  id INTEGER PRIMARY KEY NOT NULL,\n"
        "  token_hash BLOB NOT NULL UNIQUE,\n"
        "  account_id INTEGER NOT NULL,\n"
        "  name TEXT NOT NULL,\n"
        "  scopes INTEGER NOT NULL,\n" /* bits of enum zj_token_scope */
        "  created_at INTEGER NOT NULL,\n"
        "  expires_at INTEGER NOT NULL\n"
        ") STRICT;\n",
};
