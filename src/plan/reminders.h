/* Making reminders. Not for other rooms. */
#ifndef ZJ_PLAN_REMINDERS_H
#define ZJ_PLAN_REMINDERS_H

#include "plan/pack.h"

/* Inside a transaction. pass: only duties that this pass wrote; 0: all, and the clocks of cases. */
zj_err zj_plan_remind(struct zj_job *job, struct zj_store *store, int64_t now_ns, int64_t pass);

#endif
