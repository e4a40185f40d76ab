/* The plan's own tables and the words it keeps. Not for other rooms. */
#ifndef ZJ_PLAN_TABLES_H
#define ZJ_PLAN_TABLES_H

#include "plan/plan.h"

/* Words of plan_state. Get gives "" where there is none, cut to size. */
zj_err zj_plan_setting_get(struct zj_job *job, struct zj_store *store, const char *key, char *out,
                           size_t size);
zj_err zj_plan_setting_set(struct zj_job *job, struct zj_store *store, const char *key,
                           const char *value);

#endif
