/* Grading methods and control catalogues of packs. Not for other rooms. */
#ifndef ZJ_PLAN_METHODS_H
#define ZJ_PLAN_METHODS_H

#include "plan/pack.h"

zj_err zj_plan_methods_load(struct zj_job *job, struct zj_plan *plan, const char *grading_dir,
                            const char *controls_dir);
/* Writes the catalogues into plan_control, for rules. */
zj_err zj_plan_controls_store(struct zj_job *job, const struct zj_plan *plan,
                              struct zj_store *store);

#endif
