/* Calendars of packs and those read into the store. Not for other rooms. */
#ifndef ZJ_PLAN_CALENDAR_H
#define ZJ_PLAN_CALENDAR_H

#include "base/calendar.h"
#include "plan/pack.h"

/* Adds every file of packs/calendars to the plan's calendar; no such folder: nothing. */
zj_err zj_plan_calendars_load(struct zj_job *job, struct zj_plan *plan, const char *dir);

/* The plan's calendar with the years of the store in place of its own. The caller frees it. */
zj_err zj_plan_calendar_of(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                           struct zj_calendar **out);

#endif
