/* Reads calendars: a year, where it was published, its days off by holiday and the days worked in
 * exchange. A day is a date or a range A..B. */
#include "plan/calendar.h"

#include <dirent.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "plan/tables.h"

enum { RANGE_DAYS_MAX = 31, FILES_MAX = 200 };

struct calendar_text {
    const char *year, *source, *mark;
    const struct zj_yaml *off, *work;
};

typedef zj_err take_day(void *ctx, int32_t date, bool is_work, const char *holiday);

static zj_err fault(struct zj_job *job, const char *file, const struct zj_yaml *node,
                    const char *what)
{
    return zj_fail(job, ZJ_EPACK, "%s:%d: %s", file, node->line, what);
}

static zj_err read_range(struct zj_job *job, const char *file, const struct zj_yaml *node, int year,
                         int32_t *out_from, int32_t *out_to)
{
    const struct zj_span text = zj_span_str(node->kind == ZJ_YAML_SCALAR ? node->text : "");
    const char *dots = text.len ? strstr(node->text, "..") : NULL;
    const size_t len = dots ? (size_t)(dots - node->text) : text.len;
    bool is_good = zj_date_parse(zj_span_part(text, 0, len), out_from);
    *out_to = *out_from;
    if (is_good && dots)
        is_good = zj_date_parse(zj_span_str(dots + 2), out_to);
    if (!is_good || *out_to < *out_from || *out_to - *out_from >= RANGE_DAYS_MAX)
        return fault(job, file, node, "a date or a range of dates, 2024-02-10..2024-02-17");
    if (*out_from < zj_date_of(year, 1, 1) || *out_to >= zj_date_of(year + 1, 1, 1))
        return fault(job, file, node, "a date of another year");
    return ZJ_OK;
}

static zj_err read_days(struct zj_job *job, const char *file, const struct zj_yaml *list, int year,
                        bool is_work, take_day *take, void *ctx)
{
    if (list->kind != ZJ_YAML_LIST)
        return fault(job, file, list, "a list of dates is wanted");
    for (const struct zj_yaml *n = list->first; n; n = n->next) {
        int32_t from = 0, to = 0;
        zj_err err = read_range(job, file, n, year, &from, &to);
        for (int32_t date = from; date <= to && !err; date++)
            err = take(ctx, date, is_work, list->key ? list->key : "");
        if (err)
            return err;
    }
    return ZJ_OK;
}

/* start is told of the year before its days come. */
static zj_err read_file(struct zj_job *job, struct zj_arena *arena, const char *file,
                        zj_err (*start)(void *ctx, int year, const char *source, const char *mark),
                        take_day *take, void *ctx)
{
    static const struct zj_yaml_field fields[] = {
        {"year", ZJ_YAML_SCALAR, true, offsetof(struct calendar_text, year)},
        {"source", ZJ_YAML_SCALAR, true, offsetof(struct calendar_text, source)},
        {"mark", ZJ_YAML_SCALAR, true, offsetof(struct calendar_text, mark)},
        {"off", ZJ_YAML_MAP, true, offsetof(struct calendar_text, off)},
        {"work", ZJ_YAML_LIST, true, offsetof(struct calendar_text, work)},
    };
    struct zj_yaml *root;
    struct calendar_text text = {0};
    int32_t first = 0;
    zj_err err = zj_yaml_load(job, arena, file, &root);
    if (!err)
        err = zj_yaml_read(job, file, root, fields, ZJ_COUNT(fields), &text);
    if (err)
        return err;
    const char *new_year = zj_arena_printf(arena, "%s-01-01", text.year);
    if (strlen(text.year) != 4 || !zj_date_parse(zj_span_str(new_year), &first))
        return fault(job, file, root, "year is four digits");
    int year, month, day;
    zj_date_split(first, &year, &month, &day);
    err = start(ctx, year, text.source, text.mark);
    for (const struct zj_yaml *n = text.off->first; n && !err; n = n->next)
        err = read_days(job, file, n, year, false, take, ctx);
    return err ? err : read_days(job, file, text.work, year, true, take, ctx);
}

static zj_err start_in_memory(void *ctx, int year, const char *source, const char *mark)
{
    (void)source, (void)mark; /* shown by the page of calendars alone */
    zj_calendar_start_year(ctx, year);
    return ZJ_OK;
}

static zj_err take_in_memory(void *ctx, int32_t date, bool is_work, const char *holiday)
{
    (void)holiday;
    zj_calendar_set(ctx, date, is_work);
    return ZJ_OK;
}

static int is_yaml(const struct dirent *entry)
{
    const size_t len = strlen(entry->d_name);
    return len > 5 && strcmp(entry->d_name + len - 5, ".yaml") == 0;
}

zj_err zj_plan_calendars_load(struct zj_job *job, struct zj_plan *plan, const char *dir)
{
    struct dirent **entries;
    const int count = scandir(dir, &entries, is_yaml, alphasort);
    zj_err err = ZJ_OK;
    plan->calendar = zj_calendar_new();
    for (int i = 0; i < count; i++) {
        if (!err && i < FILES_MAX)
            err = read_file(job, &plan->arena,
                            zj_arena_printf(&plan->arena, "%s/%s", dir, entries[i]->d_name),
                            start_in_memory, take_in_memory, plan->calendar);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return err;
}

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
    err = read_file(job, &job->arena, path, start_in_store, take_in_store, &im);
    const struct zj_audit_entry entry = {
        .action = "import",
        .object = "calendars",
        .note = zj_span_str(zj_arena_printf(&job->arena, "%d", im.year)),
    };
    if (!err)
        err = zj_audit_append(job, store, &entry);
    if (!err) /* due dates move: everything is judged anew */
        err = zj_plan_setting_set(job, store, "packs", "");
    if (!err)
        err = zj_store_commit(job, store);
    zj_store_rollback(store);
    if (!err) {
        *out_year = im.year;
        *out_days = im.days;
    }
    return err;
}
