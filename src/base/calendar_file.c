/* Reads calendars: a year, where it was published, its days off by holiday and the days worked in
 * exchange. A day is a date or a range A..B. */
#include "base/calendar.h"

#include <stddef.h>
#include <string.h>

#include "base/yaml.h"

enum { RANGE_DAYS_MAX = 31 };

struct calendar_text {
    const char *year, *source, *mark;
    const struct zj_yaml *off, *work;
};

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
        return zj_yaml_fault(job, file, node->line,
                             "a date or a range of dates, 2024-02-10..2024-02-17");
    if (*out_from < zj_date_of(year, 1, 1) || *out_to >= zj_date_of(year + 1, 1, 1))
        return zj_yaml_fault(job, file, node->line, "a date of another year");
    return ZJ_OK;
}

static zj_err read_days(struct zj_job *job, const char *file, const struct zj_yaml *list, int year,
                        bool is_work, zj_calendar_day *take, void *ctx)
{
    if (list->kind != ZJ_YAML_LIST)
        return zj_yaml_fault(job, file, list->line, "a list of dates is wanted");
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

zj_err zj_calendar_file(struct zj_job *job, struct zj_arena *arena, const char *file,
                        zj_calendar_year *start, zj_calendar_day *take, void *ctx)
{
    static const struct zj_yaml_field fields[] = {
        ZJ_YAML_TEXT(struct calendar_text, year, true),
        ZJ_YAML_TEXT(struct calendar_text, source, true),
        ZJ_YAML_TEXT(struct calendar_text, mark, true),
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
        return zj_yaml_fault(job, file, root->line, "year is four digits");
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

struct reading {
    struct zj_arena *arena;
    struct zj_calendar *cal;
};

static zj_err take_file(void *ctx, struct zj_job *job, const char *file)
{
    const struct reading *r = ctx;
    return zj_calendar_file(job, r->arena, file, start_in_memory, take_in_memory, r->cal);
}

zj_err zj_calendars_read(struct zj_job *job, struct zj_arena *arena, const char *dir,
                         struct zj_calendar *cal)
{
    struct reading reading = {arena, cal};
    return zj_yaml_each(job, arena, dir, take_file, &reading);
}
