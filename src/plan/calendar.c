/* The calendar rules count by: years of the packs, and in their place those read into the store. */
#include "plan/calendar.h"

#include <stdio.h>

#include "plan/tables.h"

static zj_err copy_years(struct zj_job *job, struct zj_store *store, struct zj_calendar *cal)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = true;
    zj_err err = zj_store_prepare(job, store, "SELECT year FROM plan_year", &s);
    while (!err && !(err = zj_stmt_step(job, s, &is_row)) && is_row)
        zj_calendar_start_year(cal, (int)zj_stmt_int(s, 0));
    return err;
}

static zj_err copy_days(struct zj_job *job, struct zj_store *store, struct zj_calendar *cal)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row = true;
    int32_t date;
    zj_err err = zj_store_prepare(job, store, "SELECT day, is_work FROM plan_day ORDER BY day", &s);
    while (!err && !(err = zj_stmt_step(job, s, &is_row)) && is_row)
        if (zj_date_parse(zj_stmt_text(s, 0), &date))
            zj_calendar_set(cal, date, zj_stmt_int(s, 1) != 0);
    return err;
}

zj_err zj_plan_calendar_of(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                           struct zj_calendar **out)
{
    ZJ_AUTO(zj_calendar_freep) struct zj_calendar *cal = zj_calendar_copy(plan->calendar);
    zj_err err = copy_years(job, store, cal);
    if (!err)
        err = copy_days(job, store, cal);
    if (!err)
        *out = ZJ_TAKE(cal);
    return err;
}

/* --- into the store -----------------------------------------------------------------------------
 */

struct import {
    struct zj_job *job;
    struct zj_store *store;
    int year, days;
};

static zj_err start_in_store(void *ctx, int year, const char *source, const char *mark)
{
    struct import *im = ctx;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    char sql[128];
    im->year = year;
    snprintf(sql, sizeof sql, "DELETE FROM plan_day WHERE day LIKE '%04d-%%'", year);
    zj_err err = zj_store_exec(im->job, im->store, sql);
    if (!err)
        err = zj_store_prepare(im->job, im->store,
                               "INSERT INTO plan_year (year, source, mark) VALUES ($1, $2, $3)"
                               " ON CONFLICT (year) DO UPDATE SET source = excluded.source,"
                               " mark = excluded.mark",
                               &s);
    if (err)
        return err;
    zj_stmt_bind_int(s, 1, year);
    zj_stmt_bind_str(s, 2, source);
    zj_stmt_bind_str(s, 3, mark);
    return zj_stmt_run(im->job, s);
}

static zj_err take_in_store(void *ctx, int32_t date, bool is_work, const char *holiday)
{
    struct import *im = ctx;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    char day[ZJ_TIME_TEXT];
    zj_err err = zj_store_prepare(im->job, im->store,
                                  "INSERT INTO plan_day (day, is_work, note) VALUES ($1, $2, $3)"
                                  " ON CONFLICT (day) DO UPDATE SET is_work = excluded.is_work,"
                                  " note = excluded.note",
                                  &s);
    if (err)
        return err;
    zj_date_format(date, day);
    im->days++;
    zj_stmt_bind_str(s, 1, day);
    zj_stmt_bind_int(s, 2, is_work);
    zj_stmt_bind_str(s, 3, holiday);
    return zj_stmt_run(im->job, s);
}

zj_err zj_plan_calendar_import(struct zj_job *job, struct zj_store *store, const char *path,
                               int *out_year, int *out_days)
{
    struct import im = {.job = job, .store = store};
    zj_err err = zj_plan_migrate(job, store);
    if (!err)
        err = zj_store_begin(job, store);
    if (err)
        return err;
    err = zj_calendar_file(job, &job->arena, path, start_in_store, take_in_store, &im);
    const struct zj_audit_entry entry = {
        .action = "import",
        .object = "calendars",
        .note = zj_span_str(zj_arena_printf(&job->arena, "%d", im.year)),
    };
    if (!err)
        err = zj_audit_append(job, store, &entry);
    if (!err) /* due dates move: everything is judged anew */
        err = zj_plan_setting_set(job, store, "packs", "");
    err = zj_store_end(job, store, err);
    if (!err) {
        *out_year = im.year;
        *out_days = im.days;
    }
    return err;
}
