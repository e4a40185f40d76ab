#include "plan/found.h"

#include <stdio.h>

enum { SLICE_ROWS = 2000 };

/* Asked: subject '' and organisation 0 stand for all. */
static const char tables_sql[] = "CREATE TEMP TABLE IF NOT EXISTS plan_found (\n"
                                 "  n INTEGER PRIMARY KEY NOT NULL,\n"
                                 "  org_id INTEGER NOT NULL,\n"
                                 "  subject TEXT NOT NULL,\n"
                                 "  why_en TEXT NOT NULL,\n"
                                 "  why_zh TEXT NOT NULL,\n"
                                 "  evidence TEXT NOT NULL,\n"
                                 "  first_seen INTEGER NOT NULL,\n"
                                 "  last_seen INTEGER NOT NULL,\n"
                                 "  due TEXT NOT NULL,\n"
                                 "  state TEXT NOT NULL,\n"
                                 "  is_same INTEGER NOT NULL DEFAULT 0,\n"
                                 "  UNIQUE (org_id, subject)\n"
                                 ");\n"
                                 "CREATE TEMP TABLE IF NOT EXISTS plan_asked (\n"
                                 "  subject TEXT NOT NULL,\n"
                                 "  org_id INTEGER NOT NULL,\n"
                                 "  PRIMARY KEY (subject, org_id)\n"
                                 ");\n"
                                 "CREATE TEMP TABLE IF NOT EXISTS plan_gone (\n"
                                 "  id INTEGER PRIMARY KEY NOT NULL\n"
                                 ");\n"
                                 "DELETE FROM plan_found;\n"
                                 "DELETE FROM plan_asked;\n"
                                 "DELETE FROM plan_gone;\n";

zj_err zj_found_begin(struct zj_job *job, struct zj_store *store)
{
    return zj_store_exec(job, store, tables_sql);
}

zj_err zj_found_ask(struct zj_job *job, struct zj_store *store, const struct zj_rule_part *part)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = zj_store_prepare(job, store,
                                  "INSERT INTO plan_asked (subject, org_id) VALUES ($1, $2)"
                                  " ON CONFLICT DO NOTHING",
                                  &s);
    if (err)
        return err;
    zj_stmt_bind_str(s, 1, part->subject ? part->subject : "");
    zj_stmt_bind_int(s, 2, part->org_id);
    return zj_stmt_run(job, s);
}

zj_err zj_found_add(struct zj_job *job, struct zj_store *store, const struct zj_finding *f)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = zj_store_prepare(job, store,
                                  "INSERT INTO plan_found (org_id, subject, why_en, why_zh,"
                                  " evidence, first_seen, last_seen, due, state)"
                                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
                                  " ON CONFLICT DO NOTHING",
                                  &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, f->org_id);
    zj_stmt_bind_span(s, 2, f->subject);
    zj_stmt_bind_span(s, 3, f->why_en);
    zj_stmt_bind_span(s, 4, f->why_zh);
    zj_stmt_bind_span(s, 5, f->evidence);
    zj_stmt_bind_int(s, 6, f->first_seen);
    zj_stmt_bind_int(s, 7, f->last_seen);
    zj_stmt_bind_str(s, 8, f->due ? f->due : "");
    zj_stmt_bind_str(s, 9, f->state ? f->state : "open");
    return zj_stmt_run(job, s);
}

/* --- the statements of the two kinds ------------------------------------------------------------
 */

struct statements {
    const char *same; /* marks what is stored already just so: $1 rule, $2 severity */
    const char *put;  /* $1 rule, $2 and $3 numbers from, to, $4 task, $5 severity, $6 kind of
                         subject, $7 now, $8 pass */
    const char *past, *back; /* before it: keeps what was overdue and is not, and takes back what is
                                overdue again; $1 to $3, $4 now; NULL: nothing is kept */
    const char *gone; /* gathers what is stored and not found: $1 rule */
    const char *left; /* as past, of what is dropped; $1 and $2 ids from, to, $3 now */
    const char *drop; /* $1 and $2 ids from, to, $3 now */
};

#define ASKED                                                                                      \
    " AND (EXISTS (SELECT 1 FROM plan_asked WHERE subject = '' AND org_id = 0)"                    \
    " OR g.subject IN (SELECT subject FROM plan_asked WHERE subject <> '')"                        \
    " OR g.org_id IN (SELECT org_id FROM plan_asked WHERE org_id <> 0))"                           \
    " AND NOT EXISTS (SELECT 1 FROM plan_found f WHERE f.org_id = g.org_id"                        \
    " AND f.subject = g.subject)"

/* What is read again is not found for the first time: of a gap the first day stays. */
static const struct statements gap_statements = {
    .same = "UPDATE plan_found SET is_same = 1 WHERE EXISTS (SELECT 1 FROM gap g WHERE"
            " g.rule = $1 AND g.org_id = plan_found.org_id AND g.subject = plan_found.subject AND"
            " g.state = 'open' AND g.severity = $2 AND g.why_en = plan_found.why_en AND"
            " g.why_zh = plan_found.why_zh AND g.evidence = plan_found.evidence AND"
            " (plan_found.first_seen = 0 OR g.first_seen = plan_found.first_seen OR"
            " (g.first_seen > 0 AND g.first_seen < plan_found.first_seen)) AND"
            " g.last_seen = plan_found.last_seen)",
    .put = "INSERT INTO gap (rule, org_id, subject, task, severity, subject_kind, why_en, why_zh,"
           " evidence, first_seen, last_seen, state, opened_at, closed_at, pass)"
           " SELECT $1, f.org_id, f.subject, $4, $5, $6, f.why_en, f.why_zh, f.evidence,"
           " f.first_seen, f.last_seen, 'open', $7, 0, $8 FROM plan_found f"
           " WHERE f.is_same = 0 AND f.n > $2 AND f.n <= $3"
           " ON CONFLICT (rule, org_id, subject) DO UPDATE SET why_en = excluded.why_en,"
           " why_zh = excluded.why_zh, evidence = excluded.evidence,"
           " first_seen = CASE WHEN gap.first_seen > 0 AND (excluded.first_seen = 0 OR"
           " gap.first_seen < excluded.first_seen) THEN gap.first_seen"
           " ELSE excluded.first_seen END, last_seen = excluded.last_seen, closed_at = 0,"
           " opened_at = CASE WHEN gap.state = 'open' THEN gap.opened_at"
           " ELSE excluded.opened_at END,"
           " state = 'open', severity = excluded.severity, pass = excluded.pass",
    .gone = "INSERT INTO plan_gone (id) SELECT g.id FROM gap g WHERE g.rule = $1 AND"
            " g.state = 'open'" ASKED,
    .drop = "UPDATE gap SET state = 'closed', closed_at = $3 WHERE state = 'open' AND"
            " id IN (SELECT id FROM plan_gone WHERE id > $1 AND id <= $2)",
};

#define KEEP_PAST(how, now)                                                                        \
    "INSERT INTO duty_past (rule, org_id, subject, task, subject_kind, why_en, why_zh, evidence,"  \
    " due, state, ended_at) SELECT d.rule, d.org_id, d.subject, d.task, d.subject_kind, d.why_en," \
    " d.why_zh, d.evidence, d.due, " how ", " now " FROM duty d"
#define KEPT_BEFORE                                                                                \
    " ON CONFLICT (rule, org_id, subject, due) DO UPDATE SET why_en = excluded.why_en,"            \
    " why_zh = excluded.why_zh, evidence = excluded.evidence, state = excluded.state,"             \
    " ended_at = excluded.ended_at"

/* Duties that are not found go; gaps stay as closed, for the record. A duty that was overdue leaves
 * its record however it ends: a day to count from that moves, as the filing of a system does, must
 * not hide that something was not done in time. */
static const struct statements duty_statements = {
    .same = "UPDATE plan_found SET is_same = 1 WHERE EXISTS (SELECT 1 FROM duty g WHERE"
            " g.rule = $1 AND g.org_id = plan_found.org_id AND g.subject = plan_found.subject AND"
            " g.why_en = plan_found.why_en AND g.why_zh = plan_found.why_zh AND"
            " g.evidence = plan_found.evidence AND g.due = plan_found.due AND"
            " g.state = plan_found.state)",
    .put = "INSERT INTO duty (rule, org_id, subject, task, subject_kind, why_en, why_zh, evidence,"
           " due, state, pass) SELECT $1, f.org_id, f.subject, $4, $6, f.why_en, f.why_zh,"
           " f.evidence, f.due, f.state, $8 FROM plan_found f"
           " WHERE f.is_same = 0 AND f.n > $2 AND f.n <= $3"
           " ON CONFLICT (rule, org_id, subject) DO UPDATE SET why_en = excluded.why_en,"
           " why_zh = excluded.why_zh, evidence = excluded.evidence, due = excluded.due,"
           " state = excluded.state, pass = excluded.pass",
    .past = KEEP_PAST("CASE f.state WHEN 'met' THEN 'late' ELSE 'moved' END", "$4")
    " JOIN plan_found f ON f.org_id = d.org_id AND f.subject = d.subject WHERE d.rule = $1"
    " AND d.state = 'overdue' AND f.is_same = 0 AND f.n > $2 AND f.n <= $3"
    " AND (f.state <> 'overdue' OR f.due <> d.due)" KEPT_BEFORE,
    .back = "DELETE FROM duty_past WHERE rule = $1 AND $4 = $4 AND EXISTS (SELECT 1 FROM plan_found"
            " f WHERE f.org_id = duty_past.org_id AND f.subject = duty_past.subject AND f.due ="
            " duty_past.due AND f.state = 'overdue' AND f.n > $2 AND f.n <= $3)",
    .gone = "INSERT INTO plan_gone (id) SELECT g.id FROM duty g WHERE g.rule = $1" ASKED,
    .left = KEEP_PAST("'gone'", "$3")
    " WHERE d.state = 'overdue' AND d.id IN (SELECT id FROM plan_gone WHERE id > $1 AND id <= $2)"
    KEPT_BEFORE,
    .drop = "DELETE FROM duty WHERE id IN"
            " (SELECT id FROM plan_gone WHERE id > $1 AND id <= $2)",
};

/* Runs a statement whose first parameter is a text, the second one too where it is given. */
static zj_err run(struct zj_job *job, struct zj_store *store, const char *sql, const char *first,
                  const char *second)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = zj_store_prepare(job, store, sql, &s);
    if (err)
        return err;
    zj_stmt_bind_str(s, 1, first);
    if (second)
        zj_stmt_bind_str(s, 2, second);
    return zj_stmt_run(job, s);
}

/* The end of the next slice after `from`; 0: there is none. */
static zj_err next_slice(struct zj_job *job, struct zj_store *store, const char *sql, int64_t from,
                         int64_t *out)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool has_row;
    zj_err err = zj_store_prepare(job, store, sql, &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, from);
    zj_stmt_bind_int(s, 2, SLICE_ROWS);
    err = zj_stmt_step(job, s, &has_row);
    if (!err)
        *out = has_row && !zj_stmt_is_null(s, 0) ? zj_stmt_int(s, 0) : 0;
    return err;
}

struct write {
    struct zj_job *job;
    struct zj_store *store;
    const struct zj_rule *rule;
    const struct statements *sql;
    int64_t pass, now_us;
};

/* One of the statements about the past: of the findings (with the rule) or of what is dropped. */
static zj_err keep_past(const struct write *w, const char *sql, bool is_found, int64_t from,
                        int64_t to)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    if (!sql)
        return ZJ_OK;
    zj_err err = zj_store_prepare(w->job, w->store, sql, &s);
    if (err)
        return err;
    if (is_found)
        zj_stmt_bind_str(s, 1, w->rule->id);
    zj_stmt_bind_int(s, 1 + is_found, from);
    zj_stmt_bind_int(s, 2 + is_found, to);
    zj_stmt_bind_int(s, 3 + is_found, w->now_us);
    return zj_stmt_run(w->job, s);
}

static zj_err put_slice(const struct write *w, int64_t from, int64_t to)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = keep_past(w, w->sql->past, true, from, to);
    if (!err)
        err = keep_past(w, w->sql->back, true, from, to);
    if (!err)
        err = zj_store_prepare(w->job, w->store, w->sql->put, &s);
    if (err)
        return err;
    zj_stmt_bind_str(s, 1, w->rule->id);
    zj_stmt_bind_int(s, 2, from);
    zj_stmt_bind_int(s, 3, to);
    zj_stmt_bind_int(s, 4, w->rule->task);
    if (w->rule->kind == ZJ_RULE_GAP)
        zj_stmt_bind_str(s, 5, w->rule->severity);
    zj_stmt_bind_str(s, 6, w->rule->subject_kind);
    if (w->rule->kind == ZJ_RULE_GAP)
        zj_stmt_bind_int(s, 7, w->now_us);
    zj_stmt_bind_int(s, 8, w->pass);
    return zj_stmt_run(w->job, s);
}

static zj_err drop_slice(const struct write *w, int64_t from, int64_t to)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = keep_past(w, w->sql->left, false, from, to);
    if (!err)
        err = zj_store_prepare(w->job, w->store, w->sql->drop, &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, from);
    zj_stmt_bind_int(s, 2, to);
    if (w->rule->kind == ZJ_RULE_GAP)
        zj_stmt_bind_int(s, 3, w->now_us);
    return zj_stmt_run(w->job, s);
}

/* One transaction a slice, until there is no further one. */
static zj_err write_slices(const struct write *w, const char *next_sql,
                           zj_err (*write_slice)(const struct write *w, int64_t from, int64_t to))
{
    int64_t from = 0, to = 0;
    for (;;) {
        if (zj_is_interrupted(w->job))
            return ZJ_EINTR;
        zj_err err = next_slice(w->job, w->store, next_sql, from, &to);
        if (err || to == 0)
            return err;
        err = zj_store_begin(w->job, w->store);
        if (!err)
            err = write_slice(w, from, to);
        err = zj_store_end(w->job, w->store, err);
        if (err)
            return err;
        from = to;
    }
}

zj_err zj_found_write(struct zj_job *job, struct zj_store *store, const struct zj_rule *rule,
                      int64_t pass, int64_t now_us)
{
    const bool is_gap = rule->kind == ZJ_RULE_GAP;
    const struct statements *sql = is_gap ? &gap_statements : &duty_statements;
    const struct write w = {job, store, rule, sql, pass, now_us};
    zj_err err = run(job, store, sql->same, rule->id, is_gap ? rule->severity : NULL);
    if (!err)
        err = run(job, store, sql->gone, rule->id, NULL);
    if (!err)
        err = write_slices(&w,
                           "SELECT max(n) FROM (SELECT n FROM plan_found WHERE is_same = 0 AND"
                           " n > $1 ORDER BY n LIMIT $2) AS s",
                           put_slice);
    if (!err)
        err = write_slices(&w,
                           "SELECT max(id) FROM (SELECT id FROM plan_gone WHERE id > $1"
                           " ORDER BY id LIMIT $2) AS s",
                           drop_slice);
    return err;
}
