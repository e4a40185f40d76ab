/* Calendars of packs and those read into the store. Not for other rooms. */
#ifndef ZJ_PLAN_CALENDAR_H
#define ZJ_PLAN_CALENDAR_H

#include "base/calendar.h"
#include "plan/pack.h"

/* The plan's calendar with the years of the store in place of its own. The caller frees it. */
zj_err zj_plan_calendar_of(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                           struct zj_calendar **out);

#endif
