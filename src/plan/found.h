/* What a rule finds is gathered in temporary tables, which takes no lock of the store, and written
 * from there in short transactions, and only where it differs from what is stored. Not for other
 * rooms. */
#ifndef ZJ_PLAN_FOUND_H
#define ZJ_PLAN_FOUND_H

#include "plan/rules.h"

/* One gap or duty. */
struct zj_finding {
    int64_t org_id;
    struct zj_span subject, why_en, why_zh, evidence;
    int64_t first_seen, last_seen; /* of gaps */
    const char *due, *state;       /* of duties */
};

/* Forgets what was gathered before: a rule begins. */
zj_err zj_found_begin(struct zj_job *job, struct zj_store *store);
/* The rule is run for this part; what is stored of it and not found now goes. */
zj_err zj_found_ask(struct zj_job *job, struct zj_store *store, const struct zj_rule_part *part);
zj_err zj_found_add(struct zj_job *job, struct zj_store *store, const struct zj_finding *finding);
/* Brings gap or duty up to date. ZJ_EINTR between two transactions once the job is to stop. */
zj_err zj_found_write(struct zj_job *job, struct zj_store *store, const struct zj_rule *rule,
                      int64_t pass, int64_t now_us);

#endif
