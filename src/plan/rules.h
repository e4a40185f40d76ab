/* Which rules run in this store, and their SQL. Not for other rooms. */
#ifndef ZJ_PLAN_RULES_H
#define ZJ_PLAN_RULES_H

#include "plan/pack.h"

/* What a rule is run for: everything, one subject, or one organisation. */
struct zj_rule_part {
    const char *subject; /* NULL: all */
    int64_t org_id;      /* 0: all */
};

/* The rule's SELECT with the dates of `now_ns` in it; in the job's arena. Parameters: $1 today, $2
 * the day until which something is due soon, $3 the part. */
const char *zj_rule_sql(struct zj_job *job, const struct zj_rule *rule,
                        const struct zj_rule_part *part, int64_t now_ns);

/* Mixes into *hash what decides whether rules run: tables that are there, and confirmations. */
zj_err zj_rules_mix(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                    uint64_t *hash);
/* Looks at every rule anew and writes plan_rule; duties and gaps of rules that do not run go. */
zj_err zj_rules_settle(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                       int64_t now_ns);
/* The rules that run, by their place in the plan; in the job's arena. */
zj_err zj_rules_running(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                        const bool **out);

/* Adds the organisations of a changed row to `orgs`; false: no more than max fit. */
zj_err zj_rule_orgs(struct zj_job *job, struct zj_store *store, const char *source, const char *key,
                    const char *value, int64_t *orgs, size_t max, size_t *count, bool *out_fits);

#endif
