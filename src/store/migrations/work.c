/* Cases: where each stands, what happened to it, and what was handed over. The form itself is a row
 * of a register. Numbers, snapshots and events are only ever added. Times are microseconds since
 * 1970 UTC. */
#include "store/backend.h"

const struct zj_migration zj_migration_work = {
    .number = 3,
    .name = "work",
    .sql =
        "CREATE TABLE work_case (\n"
        "  id INTEGER PRIMARY KEY NOT NULL,\n"
        "  type TEXT NOT NULL,\n"
        "  org_id INTEGER NOT NULL,\n"
        "  opener_org_id INTEGER NOT NULL,\n"
        "  opener TEXT NOT NULL,\n" /* login */
        "  opener_side TEXT NOT NULL,\n"
        "  register TEXT NOT NULL,\n"
        "  row_id INTEGER NOT NULL,\n"
        "  subject TEXT NOT NULL,\n"
        "  title TEXT NOT NULL,\n"
        "  state TEXT NOT NULL,\n"
        "  side TEXT NOT NULL,\n" /* who must act: company, bureau, none */
        "  round INTEGER NOT NULL,\n"
        "  opened_at INTEGER NOT NULL,\n"
        "  submitted_at INTEGER NOT NULL,\n" /* 0: only its opener's side knows of it */
        "  state_at INTEGER NOT NULL,\n"
        "  due_at INTEGER NOT NULL,\n" /* of the first clock that runs; 0: none */
        "  closed_at INTEGER NOT NULL,\n"
        "  number TEXT NOT NULL,\n"
        "  assignee TEXT NOT NULL,\n"
        "  version INTEGER NOT NULL,\n"
        "  row_hash BLOB,\n"
        "  UNIQUE (register, row_id)\n"
        ") STRICT;\n"
        "CREATE INDEX work_case_org ON work_case (org_id, id);\n"
        "CREATE INDEX work_case_todo ON work_case (side, closed_at, due_at);\n"
        "CREATE INDEX work_case_type ON work_case (type, state, submitted_at);\n"
        "CREATE INDEX work_case_due ON work_case (due_at);\n"
        "CREATE INDEX work_case_words ON work_case"
        " (submitted_at, org_id, subject, title, number, type, state, side);\n"

        "CREATE TABLE work_event (\n"
        "  id INTEGER PRIMARY KEY NOT NULL,\n"
        "  case_id INTEGER NOT NULL,\n"
        "  org_id INTEGER NOT NULL,\n" /* of who did it */
        "  at INTEGER NOT NULL,\n"
        "  actor TEXT NOT NULL,\n"
        "  side TEXT NOT NULL,\n"
        "  action TEXT NOT NULL,\n"
        "  from_state TEXT NOT NULL,\n"
        "  to_state TEXT NOT NULL,\n"
        "  note TEXT NOT NULL,\n"
        "  snapshot_id INTEGER NOT NULL,\n" /* 0: none was taken */
        "  round INTEGER NOT NULL,\n"
        "  row_hash BLOB\n"
        ") STRICT;\n"
        "CREATE INDEX work_event_case ON work_event (case_id, id);\n"
        "CREATE INDEX work_event_actor ON work_event (actor, case_id);\n"

        "CREATE TABLE work_snapshot (\n"
        "  id INTEGER PRIMARY KEY NOT NULL,\n"
        "  case_id INTEGER NOT NULL,\n"
        "  n INTEGER NOT NULL,\n"
        "  kind TEXT NOT NULL,\n" /* submitted, approved */
        "  at INTEGER NOT NULL,\n"
        "  actor TEXT NOT NULL,\n"
        "  round INTEGER NOT NULL,\n"
        "  body TEXT NOT NULL,\n" /* JSON, personal fields encrypted */
        "  hash TEXT NOT NULL,\n" /* SM3 of body, hex */
        "  row_hash BLOB,\n"
        "  UNIQUE (case_id, n)\n"
        ") STRICT;\n"

        "CREATE TABLE work_comment (\n"
        "  id INTEGER PRIMARY KEY NOT NULL,\n"
        "  case_id INTEGER NOT NULL,\n"
        "  field TEXT NOT NULL,\n" /* '': the whole */
        "  at INTEGER NOT NULL,\n"
        "  actor TEXT NOT NULL,\n"
        "  side TEXT NOT NULL,\n"
        "  text TEXT NOT NULL,\n"
        "  resolved_at INTEGER NOT NULL,\n"
        "  row_hash BLOB\n"
        ") STRICT;\n"
        "CREATE INDEX work_comment_case ON work_comment (case_id, id);\n"

        "CREATE TABLE work_blob (\n" /* identical content once */
        "  sha256 TEXT PRIMARY KEY NOT NULL,\n"
        "  body BLOB NOT NULL\n"
        ") STRICT;\n"
        "CREATE TABLE work_file (\n"
        "  id INTEGER PRIMARY KEY NOT NULL,\n"
        "  case_id INTEGER NOT NULL,\n"
        "  field TEXT NOT NULL,\n"
        "  name TEXT NOT NULL,\n"
        "  bytes INTEGER NOT NULL,\n"
        "  sha256 TEXT NOT NULL,\n"
        "  at INTEGER NOT NULL,\n"
        "  actor TEXT NOT NULL,\n"
        "  side TEXT NOT NULL,\n"
        "  round INTEGER NOT NULL,\n"
        "  row_hash BLOB\n"
        ") STRICT;\n"
        "CREATE INDEX work_file_case ON work_file (case_id, id);\n"
        "CREATE INDEX work_file_hash ON work_file (sha256);\n"

        "CREATE TABLE work_sign (\n"
        "  id INTEGER PRIMARY KEY NOT NULL,\n"
        "  case_id INTEGER NOT NULL,\n"
        "  round INTEGER NOT NULL,\n"
        "  action TEXT NOT NULL,\n"
        "  role TEXT NOT NULL,\n"
        "  verdict TEXT NOT NULL,\n" /* agree, refuse */
        "  at INTEGER NOT NULL,\n"
        "  actor TEXT NOT NULL,\n"
        "  is_void INTEGER NOT NULL,\n" /* 1: the case has moved on since */
        "  row_hash BLOB\n"
        ") STRICT;\n"
        "CREATE INDEX work_sign_case ON work_sign (case_id, round);\n"

        "CREATE TABLE work_number (\n" /* never deleted, never reused */
        "  type TEXT NOT NULL,\n"
        "  year INTEGER NOT NULL,\n"
        "  n INTEGER NOT NULL,\n"
        "  case_id INTEGER NOT NULL UNIQUE,\n"
        "  issued_at INTEGER NOT NULL,\n"
        "  number TEXT NOT NULL UNIQUE,\n"
        "  PRIMARY KEY (type, year, n)\n"
        ") STRICT;\n"

        "CREATE TABLE work_grant (\n"
        "  id INTEGER PRIMARY KEY NOT NULL,\n"
        "  case_id INTEGER NOT NULL,\n"
        "  user_id INTEGER NOT NULL,\n"
        "  kind TEXT NOT NULL,\n" /* expert, assessor */
        "  round INTEGER NOT NULL,\n"
        "  until INTEGER NOT NULL,\n" /* 0: as long as the round lasts */
        "  UNIQUE (case_id, user_id, round)\n"
        ") STRICT;\n"
        "CREATE INDEX work_grant_user ON work_grant (user_id);\n"

        "CREATE TABLE work_clock (\n"
        "  id INTEGER PRIMARY KEY NOT NULL,\n"
        "  case_id INTEGER NOT NULL,\n"
        "  key TEXT NOT NULL,\n"
        "  started_at INTEGER NOT NULL,\n"
        "  due_at INTEGER NOT NULL,\n"
        "  met_at INTEGER NOT NULL,\n"
        "  row_hash BLOB\n"
        ") STRICT;\n"
        "CREATE INDEX work_clock_case ON work_clock (case_id, key);\n"

        "CREATE TABLE work_notice (\n"
        "  id INTEGER PRIMARY KEY NOT NULL,\n"
        "  case_id INTEGER NOT NULL,\n"
        "  org_id INTEGER NOT NULL,\n" /* 0: of whichever bureau */
        "  login TEXT NOT NULL,\n"     /* '': of all of that side */
        "  side TEXT NOT NULL,\n"
        "  kind TEXT NOT NULL,\n" /* the action that told */
        "  at INTEGER NOT NULL,\n"
        "  read_at INTEGER NOT NULL\n"
        ") STRICT;\n"
        "CREATE INDEX work_notice_side ON work_notice (side, org_id, read_at);\n"
        "CREATE INDEX work_notice_case ON work_notice (case_id);\n"

        "CREATE TABLE work_once (\n" /* keys of requests that were carried out */
        "  user_id INTEGER NOT NULL,\n"
        "  key TEXT NOT NULL,\n"
        "  deed TEXT NOT NULL,\n"
        "  case_id INTEGER NOT NULL,\n"
        "  at INTEGER NOT NULL,\n"
        "  PRIMARY KEY (user_id, key)\n"
        ") STRICT;\n",
};
