/* Working days, and dates that fall so long after (or before) another: the clocks of the plan.
 *
 * A period counts from the day after the event (民法典 第201条). It is not stretched where its last
 * day is a holiday: the earlier date is the safe one. A month ends on the same day of the month it
 * leads to, or on that month's last day (第202条). */
#ifndef ZJ_BASE_CALENDAR_H
#define ZJ_BASE_CALENDAR_H

#include "base/clock.h"
#include "base/job.h"

/* Days off and days worked that the week alone does not tell, by year as published. */
struct zj_calendar;
struct zj_calendar *zj_calendar_new(void);
struct zj_calendar *zj_calendar_copy(const struct zj_calendar *cal);
void zj_calendar_free(struct zj_calendar *cal); /* accepts NULL */
static inline void zj_calendar_freep(struct zj_calendar **cal)
{
    zj_calendar_free(*cal);
}

void zj_calendar_set(struct zj_calendar *cal, int32_t date, bool is_work);
/* The year's arrangements are known: what is not set follows the week. Forgets what was set. */
void zj_calendar_start_year(struct zj_calendar *cal, int year);
bool zj_calendar_knows(const struct zj_calendar *cal, int year);
/* cal NULL: Monday to Friday. */
bool zj_calendar_is_work(const struct zj_calendar *cal, int32_t date);
/* The count-th working day after `from`, before it where count is negative; `from` for 0.
 * *out_is_known is cleared where a year on the way has no arrangements; it may be NULL. */
int32_t zj_calendar_add(const struct zj_calendar *cal, int32_t from, int count, bool *out_is_known);

/* One file of a year: start is told of it before its days come. */
typedef zj_err zj_calendar_year(void *ctx, int year, const char *source, const char *mark);
typedef zj_err zj_calendar_day(void *ctx, int32_t date, bool is_work, const char *holiday);
zj_err zj_calendar_file(struct zj_job *job, struct zj_arena *arena, const char *file,
                        zj_calendar_year *start, zj_calendar_day *take, void *ctx);
/* Every file of a folder (packs/calendars) into `cal`; no such folder: nothing. */
zj_err zj_calendars_read(struct zj_job *job, struct zj_arena *arena, const char *dir,
                         struct zj_calendar *cal);

enum zj_deadline_unit {
    ZJ_IN_HOURS,
    ZJ_IN_DAYS,
    ZJ_IN_WORKING_DAYS,
    ZJ_IN_MONTHS,
    ZJ_IN_YEARS,
    ZJ_ON_DATE, /* month and day in the year of the event, `count` years on */
};

struct zj_deadline {
    enum zj_deadline_unit unit;
    int count;      /* negative: so long before */
    int month, day; /* of ZJ_ON_DATE; for the others the latest day of the event's year, 0: none */
};

/* Names as packs have them: hours, days, working_days, months, years, fixed. */
bool zj_deadline_unit_find(const char *name, enum zj_deadline_unit *out);

/* Not for hours, which end at a time: event plus count hours. */
int32_t zj_deadline_date(const struct zj_deadline *deadline, const struct zj_calendar *cal,
                         int32_t event, bool *out_is_known);

#endif
