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
        "  login TEXT NOT NULL UNIQUE,\n"
        "  name TEXT NOT NULL DEFAULT '',\n"
        "  password_hash TEXT NOT NULL,\n"
        "  org_id INTEGER NOT NULL DEFAULT 0,\n"
        "  roles TEXT NOT NULL DEFAULT '',\n" /* ';' between */
        "  state TEXT NOT NULL DEFAULT 'active',\n" /* active, disabled */
        "  failed_count INTEGER NOT NULL DEFAULT 0,\n"
        "  locked_until INTEGER NOT NULL DEFAULT 0,\n"
        "  must_change INTEGER NOT NULL DEFAULT 0,\n"
        "  created_at INTEGER NOT NULL,\n"
        "  last_login_at INTEGER NOT NULL DEFAULT 0\n"
        ") STRICT;\n"

        "CREATE TABLE session (\n"
        "  token_hash BLOB PRIMARY KEY NOT NULL,\n"
        "  user_id INTEGER NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,\n"
        "  csrf TEXT NOT NULL,\n"
        "  created_at INTEGER NOT NULL,\n"
        "  seen_at INTEGER NOT NULL,\n"
        "  expires_at INTEGER NOT NULL\n"
        ") STRICT;\n"
        "CREATE INDEX session_user ON session (user_id);\n"

        "CREATE TABLE api_token (\n"
        "  id INTEGER PRIMARY KEY NOT NULL,\n"
        "  token_hash BLOB NOT NULL UNIQUE,\n"
        "  user_id INTEGER NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,\n"
        "  name TEXT NOT NULL DEFAULT '',\n"
        "  scopes TEXT NOT NULL DEFAULT '',\n"
        "  created_at INTEGER NOT NULL,\n"
        "  expires_at INTEGER NOT NULL DEFAULT 0,\n" /* 0: never */
        "  used_at INTEGER NOT NULL DEFAULT 0\n"
        ") STRICT;\n"
        "CREATE INDEX api_token_user ON api_token (user_id);\n",
};
