#include "base/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FAR_DAYS = 40000 }; /* a period is never longer */

struct day {
    int32_t date;
    bool is_work;
};

struct zj_calendar {
    struct day *days; /* sorted */
    size_t day_count, day_cap;
    int *years;
    size_t year_count, year_cap;
};

struct zj_calendar *zj_calendar_new(void)
{
    return zj_alloc(sizeof(struct zj_calendar));
}

struct zj_calendar *zj_calendar_copy(const struct zj_calendar *cal)
{
    struct zj_calendar *copy = zj_calendar_new();
    *copy = *cal;
    copy->days = zj_realloc(NULL, (cal->day_cap + 1) * sizeof *cal->days);
    copy->years = zj_realloc(NULL, (cal->year_cap + 1) * sizeof *cal->years);
    if (cal->day_count)
        memcpy(copy->days, cal->days, cal->day_count * sizeof *cal->days);
    if (cal->year_count)
        memcpy(copy->years, cal->years, cal->year_count * sizeof *cal->years);
    return copy;
}

void zj_calendar_free(struct zj_calendar *cal)
{
    if (!cal)
        return;
    free(cal->days);
    free(cal->years);
    free(cal);
}

/* Where `date` stands or would stand. */
static size_t place_of(const struct zj_calendar *cal, int32_t date)
{
    size_t lo = 0, hi = cal->day_count;
    while (lo < hi) {
        const size_t mid = lo + (hi - lo) / 2;
        if (cal->days[mid].date < date)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

void zj_calendar_set(struct zj_calendar *cal, int32_t date, bool is_work)
{
    const size_t at = place_of(cal, date);
    if (at < cal->day_count && cal->days[at].date == date) {
        cal->days[at].is_work = is_work;
        return;
    }
    if (cal->day_count == cal->day_cap) {
        cal->day_cap = cal->day_cap ? 2 * cal->day_cap : 64;
        cal->days = zj_realloc(cal->days, cal->day_cap * sizeof *cal->days);
    }
    memmove(cal->days + at + 1, cal->days + at, (cal->day_count - at) * sizeof *cal->days);
    cal->days[at] = (struct day){date, is_work};
    cal->day_count++;
}

void zj_calendar_start_year(struct zj_calendar *cal, int year)
{
    const size_t from = place_of(cal, zj_date_of(year, 1, 1));
    const size_t to = place_of(cal, zj_date_of(year + 1, 1, 1));
    if (to > from)
        memmove(cal->days + from, cal->days + to, (cal->day_count - to) * sizeof *cal->days);
    cal->day_count -= to - from;
    if (zj_calendar_knows(cal, year))
        return;
    if (cal->year_count == cal->year_cap) {
        cal->year_cap = cal->year_cap ? 2 * cal->year_cap : 16;
        cal->years = zj_realloc(cal->years, cal->year_cap * sizeof *cal->years);
    }
    cal->years[cal->year_count++] = year;
}

bool zj_calendar_knows(const struct zj_calendar *cal, int year)
{
    for (size_t i = 0; cal && i < cal->year_count; i++)
        if (cal->years[i] == year)
            return true;
    return false;
}

bool zj_calendar_is_work(const struct zj_calendar *cal, int32_t date)
{
    enum { DAYS = 7, THURSDAY = 4, FRIDAY = 5 };
    const size_t at = cal ? place_of(cal, date) : 0;
    if (cal && at < cal->day_count && cal->days[at].date == date)
        return cal->days[at].is_work;
    const int weekday = ((date + THURSDAY) % DAYS + DAYS) % DAYS; /* day 0 was a Thursday */
    return weekday >= 1 && weekday <= FRIDAY;
}

static int year_of(int32_t date)
{
    int year, month, day;
    zj_date_split(date, &year, &month, &day);
    return year;
}

int32_t zj_calendar_add(const struct zj_calendar *cal, int32_t from, int count, bool *out_is_known)
{
    const int step = count < 0 ? -1 : 1;
    int left = count < 0 ? -count : count;
    int32_t date = from;
    for (int walked = 0; left > 0 && walked < FAR_DAYS; walked++) {
        date += step;
        left -= zj_calendar_is_work(cal, date);
    }
    const int first = year_of(step > 0 ? from : date), last = year_of(step > 0 ? date : from);
    for (int year = first; out_is_known && count && year <= last; year++)
        *out_is_known &= zj_calendar_knows(cal, year);
    return date;
}

bool zj_deadline_unit_find(const char *name, enum zj_deadline_unit *out)
{
    static const char *const names[] = {
        [ZJ_IN_HOURS] = "hours",   [ZJ_IN_DAYS] = "days",   [ZJ_IN_WORKING_DAYS] = "working_days",
        [ZJ_IN_MONTHS] = "months", [ZJ_IN_YEARS] = "years", [ZJ_ON_DATE] = "fixed",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0) {
            *out = (enum zj_deadline_unit)i;
            return true;
        }
    return false;
}

static int32_t fixed_of(const struct zj_deadline *d, int32_t event, int years)
{
    return zj_date_add_months(zj_date_of(year_of(event), d->month, d->day), 12 * years);
}

int32_t zj_deadline_date(const struct zj_deadline *d, const struct zj_calendar *cal, int32_t event,
                         bool *out_is_known)
{
    int32_t date = event;
    switch (d->unit) {
    case ZJ_IN_HOURS: /* the day of a time: who counts hours adds them himself */
        return event;
    case ZJ_IN_DAYS:
        date = event + d->count;
        break;
    case ZJ_IN_WORKING_DAYS:
        date = zj_calendar_add(cal, event, d->count, out_is_known);
        break;
    case ZJ_IN_MONTHS:
        date = zj_date_add_months(event, d->count);
        break;
    case ZJ_IN_YEARS:
        date = zj_date_add_months(event, 12 * d->count);
        break;
    case ZJ_ON_DATE:
        return fixed_of(d, event, d->count);
    }
    const int32_t latest = d->month ? fixed_of(d, event, 0) : date;
    return latest < date ? latest : date;
}
