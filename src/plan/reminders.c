/* What falls due: reminders thirty, seven and one day before and once overdue, a digest by
 * organisation, and the calendar feed. */
#include "plan/reminders.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"

enum { MONTH = 30, WEEK = 7, DAY = 1, FEED_EVENTS_MAX = 5000, LINE_OCTETS_MAX = 75 };

struct days {
    char today[ZJ_TIME_TEXT], day[ZJ_TIME_TEXT], week[ZJ_TIME_TEXT], month[ZJ_TIME_TEXT];
};

static void days_of(int64_t now_ns, struct days *out)
{
    const int32_t today = zj_date_of_time(now_ns);
    zj_date_format(today, out->today);
    zj_date_format(today + DAY, out->day);
    zj_date_format(today + WEEK, out->week);
    zj_date_format(today + MONTH, out->month);
}

/* --- reminders ----------------------------------------------------------------------------------
 */

/* Of a duty d: no case that a clock of its own reminds of has the row it was found on for its form. */
#define NO_CASE_REMINDS                                                                            \
    " AND NOT EXISTS (SELECT 1 FROM work_case w JOIN work_clock k ON k.case_id = w.id AND"         \
    " k.met_at = 0 AND k.due_at > 0 WHERE w.org_id = d.org_id AND w.closed_at = 0 AND"             \
    " instr(d.evidence, '{\"register\":\"' || w.register || '\",\"id\":' || w.row_id || '}') > 0)"

static zj_err remind_duties(struct zj_job *job, struct zj_store *store, int64_t now_ns,
                            int64_t pass)
{
    struct days days;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = zj_store_prepare(
        job, store,
        zj_arena_printf(
            &job->arena,
            "INSERT INTO reminder (kind, rule, org_id, side, task, subject, title_en, title_zh,"
            " due, at) SELECT CASE WHEN d.state = 'overdue' THEN 'overdue'"
            " WHEN substr(d.due, 1, 10) <= $1 THEN 'T-1' WHEN substr(d.due, 1, 10) <= $2"
            " THEN 'T-7' ELSE 'T-30' END, d.rule, d.org_id, 'company', d.task, d.subject,"
            " d.why_en, d.why_zh, d.due, $4 FROM duty d"
            " WHERE %s AND substr(d.due, 1, 10) <= $3" NO_CASE_REMINDS " ON CONFLICT DO NOTHING",
            /* what one change wrote is found by its pass, the highest; as a range, since the
             * statistics of a first pass say that an equal pass is every row */
            pass ? "d.pass >= $5 AND COALESCE(d.state, '') IN ('due_soon', 'overdue')"
                   " AND COALESCE(d.due, '') <> ''"
                 : "d.state IN ('due_soon', 'overdue') AND d.due <> ''"),
        &s);
    if (err)
        return err;
    days_of(now_ns, &days);
    zj_stmt_bind_str(s, 1, days.day);
    zj_stmt_bind_str(s, 2, days.week);
    zj_stmt_bind_str(s, 3, days.month);
    zj_stmt_bind_int(s, 4, now_ns / 1000);
    if (pass)
        zj_stmt_bind_int(s, 5, pass);
    return zj_stmt_run(job, s);
}

/* Clocks of cases run to a time; the side whose turn it is is reminded. */
static zj_err remind_cases(struct zj_job *job, struct zj_store *store, int64_t now_ns)
{
    const int64_t day_us = INT64_C(86400000000), now_us = now_ns / 1000;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_there = false;
    zj_err err = zj_store_has_table(job, store, "work_clock", &is_there);
    if (err || !is_there)
        return err;
    err = zj_store_prepare(
        job, store,
        "INSERT INTO reminder (kind, rule, org_id, side, task, subject, title_en, title_zh, due, at)"
        " SELECT CASE WHEN k.due_at < $1 THEN 'overdue' WHEN k.due_at < $2 THEN 'T-1'"
        " WHEN k.due_at < $3 THEN 'T-7' ELSE 'T-30' END, 'case/' || k.key, c.org_id, c.side, 0,"
        " 'case/' || c.id, c.title, c.title,"
        " date(k.due_at / 1000000 + 28800, 'unixepoch'), $1"
        " FROM work_clock k JOIN work_case c ON c.id = k.case_id"
        " WHERE k.met_at = 0 AND c.closed_at = 0 AND k.due_at > 0 AND k.due_at < $4"
        " ON CONFLICT DO NOTHING",
        &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, now_us);
    zj_stmt_bind_int(s, 2, now_us + DAY * day_us);
    zj_stmt_bind_int(s, 3, now_us + WEEK * day_us);
    zj_stmt_bind_int(s, 4, now_us + MONTH * day_us);
    return zj_stmt_run(job, s);
}

zj_err zj_plan_remind(struct zj_job *job, struct zj_store *store, int64_t now_ns, int64_t pass)
{
    zj_err err = remind_duties(job, store, now_ns, pass);
    return err || pass ? err : remind_cases(job, store, now_ns);
}

struct zj_span zj_reminder_title(struct zj_job *job, const struct zj_stmt *row, int col,
                                 zj_case_title_fn *title_of, enum zj_lang lang)
{
    struct zj_arena *arena = &job->arena;
    if (!title_of || zj_stmt_is_null(row, col + 2))
        return zj_stmt_text(row, lang == ZJ_ZH ? col + 1 : col);
    return zj_span_str(title_of(job, zj_arena_span(arena, zj_stmt_text(row, col + 2)),
                                zj_arena_span(arena, zj_stmt_text(row, col + 3)),
                                zj_arena_span(arena, zj_stmt_text(row, col + 4)), lang));
}

static void put_reminder(struct zj_job *job, const struct zj_stmt *s, zj_case_title_fn *title_of,
                         struct zj_json *out)
{
    enum { TITLE = 8 };
    char at[ZJ_TIME_TEXT];
    ZJ_AUTO(zj_buf_release) struct zj_buf due = {0};
    zj_time_format(zj_stmt_int(s, 7) * 1000, at);
    zj_time_tell(&due, zj_stmt_text(s, 6));
    zj_json_object(out);
    zj_json_kint(out, "id", zj_stmt_int(s, 0));
    zj_json_kspan(out, "kind", zj_stmt_text(s, 1));
    zj_json_kint(out, "task", zj_stmt_int(s, 2));
    zj_json_kspan(out, "org", zj_stmt_text(s, 3));
    zj_json_kspan(out, "rule", zj_stmt_text(s, 4));
    zj_json_kspan(out, "subject", zj_stmt_text(s, 5));
    zj_json_kspan(out, "title", zj_reminder_title(job, s, TITLE, title_of, job->lang));
    zj_json_kspan(out, "due", zj_stmt_text(s, 6));
    zj_json_kspan(out, "due_text", zj_buf_all(&due));
    zj_json_kstr(out, "at", at);
    zj_json_object_end(out);
}

static void bind_reminders(struct zj_stmt *s, const struct zj_scope *scope,
                           const struct zj_reminder_filter *f)
{
    zj_stmt_bind_int(s, 1, scope->sees_all && f->org_id ? f->org_id : scope->org_id);
    zj_stmt_bind_int(s, 2, scope->sees_all && !f->org_id);
    zj_stmt_bind_int(s, 3, f->since_id);
    zj_stmt_bind_str(s, 4, f->kind ? f->kind : "");
}

zj_err zj_plan_reminders(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         const struct zj_reminder_filter *f, struct zj_json *out,
                         int64_t *out_total)
{
    static const char where[] = " FROM reminder r LEFT JOIN reg_organisations o ON o.id = r.org_id"
        ZJ_REMINDER_CASE " WHERE (r.org_id = $1 OR ($2 = 1 AND r.side = 'bureau'))"
                                " AND r.id > $3 AND ($4 = '' OR r.kind = $4)";
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *count = NULL, *rows = NULL;
    bool is_row = true;
    zj_err err = zj_store_prepare(
        job, store, zj_arena_printf(&job->arena, "SELECT COUNT(*)%s", where), &count);
    if (err)
        return err;
    bind_reminders(count, scope, f);
    err = zj_stmt_step(job, count, &is_row);
    *out_total = err ? 0 : zj_stmt_int(count, 0);
    if (!err)
        err = zj_store_prepare(
            job, store,
            zj_arena_printf(&job->arena,
                            "SELECT r.id, r.kind, r.task, COALESCE(o.code, ''), r.rule, r.subject,"
                            " r.due, r.at," ZJ_REMINDER_TITLE "%s ORDER BY r.id DESC"
                            " LIMIT %lld OFFSET %lld",
                            where, (long long)f->limit, (long long)f->offset),
            &rows);
    if (err)
        return err;
    bind_reminders(rows, scope, f);
    zj_json_array(out);
    while (!(err = zj_stmt_step(job, rows, &is_row)) && is_row)
        put_reminder(job, rows, f->title_of, out);
    zj_json_array_end(out);
    return err;
}

/* --- digest -------------------------------------------------------------------------------------
 */

static void put_digest(const struct zj_stmt *s, struct zj_json *out)
{
    static const char *const counts[] = {"overdue", "day", "week", "month"};
    zj_json_object(out);
    zj_json_kspan(out, "org", zj_stmt_text(s, 0));
    zj_json_kspan(out, "name", zj_stmt_text(s, 1));
    for (int i = 0; i < (int)ZJ_COUNT(counts); i++)
        zj_json_kint(out, counts[i], zj_stmt_int(s, i + 2));
    zj_json_kspan(out, "next", zj_stmt_text(s, 6));
    zj_json_object_end(out);
}

zj_err zj_plan_digest(struct zj_job *job, struct zj_store *store, int64_t org_id, bool as_lines,
                      struct zj_json *out)
{
    struct days days;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = true;
    zj_err err = zj_store_prepare(
        job, store,
        "SELECT o.code, o.name, SUM(CASE WHEN d.state = 'overdue' THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN d.state <> 'overdue' AND substr(d.due, 1, 10) <= $1 THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN d.state <> 'overdue' AND substr(d.due, 1, 10) <= $2 THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN d.state <> 'overdue' AND substr(d.due, 1, 10) <= $3 THEN 1 ELSE 0 END),"
        " COALESCE(MIN(CASE WHEN d.state <> 'overdue' THEN substr(d.due, 1, 10) END), '')"
        " FROM duty d JOIN reg_organisations o ON o.id = d.org_id"
        " WHERE d.state IN ('overdue', 'due_soon') AND d.due <> '' AND ($4 = 0 OR d.org_id = $4)"
        " GROUP BY o.id, o.code, o.name ORDER BY 3 DESC, 4 DESC, 5 DESC, o.code",
        &s);
    if (err)
        return err;
    days_of(zj_now_ns(job), &days);
    zj_stmt_bind_str(s, 1, days.day);
    zj_stmt_bind_str(s, 2, days.week);
    zj_stmt_bind_str(s, 3, days.month);
    zj_stmt_bind_int(s, 4, org_id);
    if (!as_lines)
        zj_json_array(out);
    while (!(err = zj_stmt_step(job, s, &is_row)) && is_row) {
        struct zj_json line = zj_json_to(out->out);
        put_digest(s, as_lines ? &line : out);
        if (as_lines)
            zj_buf_byte(out->out, '\n');
    }
    if (!as_lines)
        zj_json_array_end(out);
    return err;
}

/* --- iCalendar ----------------------------------------------------------------------------------
 */

/* A content line: text escaped, folded before the 76th octet and never inside a character. */
static void put_line(struct zj_buf *out, const char *name, struct zj_span value, bool is_text)
{
    size_t octets = strlen(name) + 1;
    zj_buf_printf(out, "%s:", name);
    for (size_t i = 0; i < value.len; i++) {
        const uint8_t c = value.at[i];
        const bool starts = (c & 0xc0) != 0x80;
        const bool is_escaped = is_text && (c == ',' || c == ';' || c == '\\' || c == '\n');
        size_t width = is_escaped ? 2 : 1;
        for (size_t k = i + 1; starts && k < value.len && (value.at[k] & 0xc0) == 0x80; k++)
            width++;
        if (starts && octets + width > LINE_OCTETS_MAX) {
            zj_buf_str(out, "\r\n ");
            octets = 1;
        }
        if (c == '\r')
            continue;
        if (is_escaped)
            zj_buf_byte(out, '\\');
        zj_buf_byte(out, is_text && c == '\n' ? 'n' : c);
        octets += is_escaped ? 2 : 1;
    }
    zj_buf_str(out, "\r\n");
}

static void put_utc(struct zj_buf *out, const char *name, int64_t time_ns)
{
    int year, month, day;
    const int64_t s = time_ns / ZJ_NS_PER_S;
    zj_date_split((int32_t)(s / 86400), &year, &month, &day);
    zj_buf_printf(out, "%s:%04d%02d%02dT%02d%02d%02dZ\r\n", name, year, month, day,
                  (int)(s % 86400 / 3600), (int)(s % 3600 / 60), (int)(s % 60));
}

struct event {
    struct zj_span key, due, summary, description;
};

/* A day is a day everywhere; a time is said in UTC. */
static void put_event(struct zj_buf *out, const struct event *e, int64_t now_ns)
{
    uint8_t sm3[ZJ_SM3_BYTES];
    int64_t time_ns;
    int32_t date;
    int year, month, day;
    const bool is_time = zj_time_parse(e->due, &time_ns);
    if (!is_time && !zj_date_parse(e->due, &date))
        return;
    zj_sm3(e->key, sm3);
    zj_buf_str(out, "BEGIN:VEVENT\r\nUID:");
    zj_buf_hex(out, zj_span_of(sm3, 16));
    zj_buf_str(out, "@zhuji\r\n");
    put_utc(out, "DTSTAMP", now_ns);
    if (is_time) {
        put_utc(out, "DTSTART", time_ns);
    } else {
        zj_date_split(date, &year, &month, &day);
        zj_buf_printf(out, "DTSTART;VALUE=DATE:%04d%02d%02d\r\n", year, month, day);
    }
    put_line(out, "SUMMARY", e->summary, true);
    put_line(out, "DESCRIPTION", e->description, true);
    zj_buf_str(out, "TRANSP:TRANSPARENT\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-P1D\r\n");
    put_line(out, "DESCRIPTION", e->summary, true);
    zj_buf_str(out, "END:VALARM\r\nEND:VEVENT\r\n");
}

static zj_err put_duties(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                         const struct zj_scope *scope, struct zj_buf *out)
{
    const int64_t now_ns = zj_now_ns(job);
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = true;
    zj_err err = zj_store_prepare(
        job, store,
        zj_arena_printf(&job->arena,
                        "SELECT d.rule, d.subject, d.due, d.why_en, d.why_zh, d.org_id FROM duty d"
                        " WHERE d.org_id = $1 AND d.due <> '' AND d.state IN"
                        " ('overdue', 'due_soon', 'open')" NO_CASE_REMINDS
                        " ORDER BY d.due, d.id LIMIT %d",
                        FEED_EVENTS_MAX),
        &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, scope->org_id);
    while (!(err = zj_stmt_step(job, s, &is_row)) && is_row) {
        const struct zj_rule *rule = zj_plan_rule_find(plan, zj_stmt_text(s, 0));
        const char *subject = zj_arena_span(&job->arena, zj_stmt_text(s, 1));
        const char *title = rule ? zj_tr(job, rule->en, rule->zh) : "";
        const char *key = zj_arena_printf(&job->arena, "%s|%lld|%s", rule ? rule->id : "",
                                          (long long)zj_stmt_int(s, 5), subject);
        const char *summary = zj_arena_printf(&job->arena, "%s: %s", title, subject);
        put_event(out,
                  &(struct event){zj_span_str(key), zj_stmt_text(s, 2), zj_span_str(summary),
                                  zj_stmt_text(s, job->lang == ZJ_ZH ? 4 : 3)},
                  now_ns);
    }
    return err;
}

static zj_err put_cases(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                        zj_case_title_fn *title_of, struct zj_buf *out)
{
    enum { TITLE = 4 };
    const int64_t now_ns = zj_now_ns(job);
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = false;
    zj_err err = zj_store_has_table(job, store, "work_clock", &is_row);
    if (err || !is_row)
        return err;
    err = zj_store_prepare(
        job, store,
        zj_arena_printf(&job->arena,
                        "SELECT c.id, k.key, k.due_at, c.subject, c.title, c.title, c.type, c.title,"
                        " c.subject FROM work_case c"
                        " JOIN work_clock k ON k.case_id = c.id WHERE k.met_at = 0 AND k.due_at > 0"
                        " AND c.closed_at = 0 AND (c.org_id = $1 OR ($2 = 1 AND c.side = 'bureau'"
                        " AND c.submitted_at > 0)) ORDER BY k.due_at, c.id LIMIT %d",
                        FEED_EVENTS_MAX),
        &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, scope->org_id);
    zj_stmt_bind_int(s, 2, scope->sees_all);
    while (!(err = zj_stmt_step(job, s, &is_row)) && is_row) {
        char due[ZJ_TIME_TEXT];
        zj_time_format(zj_stmt_int(s, 2) * 1000, due);
        const char *key = zj_arena_printf(
            &job->arena, "case|%lld|%s", (long long)zj_stmt_int(s, 0),
            zj_arena_span(&job->arena, zj_stmt_text(s, 1)));
        put_event(out,
                  &(struct event){zj_span_str(key), zj_span_str(due),
                                  zj_reminder_title(job, s, TITLE, title_of, job->lang),
                                  zj_stmt_text(s, 3)},
                  now_ns);
    }
    return err;
}

zj_err zj_plan_ics(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                   const struct zj_scope *scope, zj_case_title_fn *title_of, struct zj_buf *out)
{
    zj_buf_str(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Zhuji//Deadlines//EN\r\n"
                    "CALSCALE:GREGORIAN\r\nX-WR-TIMEZONE:Asia/Shanghai\r\n");
    put_line(out, "X-WR-CALNAME", zj_span_str(zj_tr(job, "Zhuji deadlines", "筑基期限")), true);
    zj_err err = put_duties(job, plan, store, scope, out);
    if (!err)
        err = put_cases(job, store, scope, title_of, out);
    zj_buf_str(out, "END:VCALENDAR\r\n");
    return err;
}
