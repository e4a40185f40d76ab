#include "plan/tables.h"

#include <stdio.h>

#include "plan/cells.h"

static const char schema[] =
    /* which rules run: on, off (to be confirmed), absent (a table is not there), broken */
    "CREATE TABLE IF NOT EXISTS plan_rule (\n"
    "  rule TEXT PRIMARY KEY NOT NULL,\n"
    "  state TEXT NOT NULL,\n"
    "  note TEXT NOT NULL\n"
    ") STRICT;\n"
    /* unverified rules that somebody vouches for */
    "CREATE TABLE IF NOT EXISTS plan_confirmed (\n"
    "  rule TEXT PRIMARY KEY NOT NULL,\n"
    "  actor TEXT NOT NULL,\n"
    "  at INTEGER NOT NULL\n"
    ") STRICT;\n"
    "CREATE TABLE IF NOT EXISTS plan_year (\n"
    "  year INTEGER PRIMARY KEY NOT NULL,\n"
    "  source TEXT NOT NULL,\n"
    "  mark TEXT NOT NULL\n"
    ") STRICT;\n"
    "CREATE TABLE IF NOT EXISTS plan_day (\n"
    "  day TEXT PRIMARY KEY NOT NULL,\n"
    "  is_work INTEGER NOT NULL,\n"
    "  note TEXT NOT NULL\n"
    ") STRICT;\n"
    /* periodic reports that no register holds: said to be handed in */
    "CREATE TABLE IF NOT EXISTS plan_done (\n"
    "  id INTEGER PRIMARY KEY NOT NULL,\n"
    "  rule TEXT NOT NULL,\n"
    "  org_id INTEGER NOT NULL,\n"
    "  period TEXT NOT NULL,\n" /* "2026" */
    "  done_on TEXT NOT NULL,\n"
    "  note TEXT NOT NULL,\n"
    "  actor TEXT NOT NULL,\n"
    "  at INTEGER NOT NULL,\n"
    "  UNIQUE (rule, org_id, period)\n"
    ") STRICT;\n"
    "CREATE TABLE IF NOT EXISTS reminder (\n"
    "  id INTEGER PRIMARY KEY NOT NULL,\n"
    "  kind TEXT NOT NULL,\n" /* T-30, T-7, T-1, overdue: each once for a due day */
    "  rule TEXT NOT NULL,\n" /* of a duty, or "case" */
    "  org_id INTEGER NOT NULL,\n"
    "  side TEXT NOT NULL,\n"
    "  task INTEGER NOT NULL,\n"
    "  subject TEXT NOT NULL,\n"
    "  title_en TEXT NOT NULL,\n"
    "  title_zh TEXT NOT NULL,\n"
    "  due TEXT NOT NULL,\n"
    "  at INTEGER NOT NULL,\n"
    "  UNIQUE (rule, org_id, subject, due, kind)\n"
    ") STRICT;\n"
    "CREATE INDEX IF NOT EXISTS reminder_org ON reminder (org_id, id);\n"
    /* who is told of reminders, and what is on its way to him */
    "CREATE TABLE IF NOT EXISTS notify_channel (\n"
    "  id INTEGER PRIMARY KEY NOT NULL,\n"
    "  org_id INTEGER NOT NULL,\n" /* 0: of all organisations */
    "  kind TEXT NOT NULL,\n"      /* webhook, mail */
    "  target TEXT NOT NULL,\n"
    "  secret BLOB,\n" /* of a webhook, encrypted */
    "  is_on INTEGER NOT NULL,\n"
    "  last_reminder INTEGER NOT NULL,\n"
    "  created_at INTEGER NOT NULL,\n"
    "  actor TEXT NOT NULL\n"
    ") STRICT;\n"
    "CREATE TABLE IF NOT EXISTS outbox (\n"
    "  id INTEGER PRIMARY KEY NOT NULL,\n"
    "  channel_id INTEGER NOT NULL,\n"
    "  subject TEXT NOT NULL,\n"
    "  body TEXT NOT NULL,\n"
    "  created_at INTEGER NOT NULL,\n"
    "  next_at INTEGER NOT NULL,\n"
    "  tries INTEGER NOT NULL,\n"
    "  state TEXT NOT NULL,\n" /* waiting, sent, failed */
    "  receipt TEXT NOT NULL,\n" /* status of the answer, or what went wrong last */
    "  sent_at INTEGER NOT NULL\n"
    ") STRICT;\n"
    "CREATE INDEX IF NOT EXISTS outbox_next ON outbox (state, next_at);\n"
    /* who may read his deadlines by an address: a token that opens nothing else */
    "CREATE TABLE IF NOT EXISTS plan_feed (\n"
    "  account_id INTEGER PRIMARY KEY NOT NULL,\n"
    "  token_hash BLOB NOT NULL UNIQUE,\n"
    "  created_at INTEGER NOT NULL\n"
    ") STRICT;\n"
    "CREATE TABLE IF NOT EXISTS plan_control (\n"
    "  catalogue TEXT NOT NULL,\n"
    "  item TEXT NOT NULL,\n"
    "  level INTEGER NOT NULL,\n" /* the first at which it applies */
    "  domain TEXT NOT NULL,\n"
    "  zh TEXT NOT NULL,\n"
    "  en TEXT NOT NULL,\n"
    "  PRIMARY KEY (catalogue, item)\n"
    ") STRICT;\n"
    /* what was overdue and is not any more: done late, reckoned from another day, bound no more */
    "CREATE TABLE IF NOT EXISTS duty_past (\n"
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
    "  state TEXT NOT NULL,\n" /* late, moved, gone */
    "  ended_at INTEGER NOT NULL,\n"
    "  UNIQUE (rule, org_id, subject, due)\n"
    ") STRICT;\n"
    "CREATE INDEX IF NOT EXISTS duty_past_org ON duty_past (org_id, task);\n"
    "CREATE INDEX IF NOT EXISTS duty_due ON duty (state, due);\n"
    "CREATE INDEX IF NOT EXISTS duty_cell ON duty (org_id, task, state, due);\n"
    "CREATE INDEX IF NOT EXISTS duty_pass ON duty (pass);\n";

static const char version[] = "9"; /* of the text above and that of cells.c; moves with them */

/* Channels made before messages had a language speak Chinese. */
static zj_err add_language(struct zj_job *job, struct zj_store *store)
{
    int64_t count = 0;
    zj_err err = zj_store_query_int(job, store,
                                    "SELECT COUNT(*) FROM pragma_table_info('notify_channel')"
                                    " WHERE name = 'lang'",
                                    0, &count);
    if (err || count)
        return err;
    return zj_store_exec(job, store,
                         "ALTER TABLE notify_channel ADD COLUMN lang TEXT NOT NULL DEFAULT 'zh'");
}

zj_err zj_plan_migrate(struct zj_job *job, struct zj_store *store)
{
    char have[8];
    zj_err err = zj_plan_setting_get(job, store, "tables", have, sizeof have);
    if (err || strcmp(have, version) == 0)
        return err;
    err = zj_store_begin(job, store);
    if (!err)
        err = zj_store_exec(job, store, schema);
    if (!err)
        err = add_language(job, store);
    if (!err)
        err = zj_store_exec(job, store, zj_cells_schema);
    if (!err)
        err = zj_plan_setting_set(job, store, "tables", version);
    return zj_store_end(job, store, err);
}

zj_err zj_plan_setting_get(struct zj_job *job, struct zj_store *store, const char *key, char *out,
                           size_t size)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = false;
    out[0] = '\0';
    zj_err err = zj_store_prepare(job, store, "SELECT value FROM plan_state WHERE key = $1", &s);
    if (err)
        return err;
    zj_stmt_bind_str(s, 1, key);
    err = zj_stmt_step(job, s, &is_row);
    if (!err && is_row)
        snprintf(out, size, "%.*s", (int)zj_stmt_text(s, 0).len,
                 (const char *)zj_stmt_text(s, 0).at);
    return err;
}

zj_err zj_plan_setting_set(struct zj_job *job, struct zj_store *store, const char *key,
                           const char *value)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = zj_store_prepare(job, store,
                                  "INSERT INTO plan_state (key, value) VALUES ($1, $2)"
                                  " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                                  &s);
    if (err)
        return err;
    zj_stmt_bind_str(s, 1, key);
    zj_stmt_bind_str(s, 2, value);
    return zj_stmt_run(job, s);
}
