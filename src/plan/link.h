#ifndef ZJ_PLAN_LINK_H
#define ZJ_PLAN_LINK_H

#include "base/json_read.h"
#include "plan/plan.h"

struct zj_links {
    struct zj_job *job;
    struct zj_store *store;
    bool sees_all; /* of every organisation, but no form that was not handed in */
    bool is_masked; /* cards and vehicles are told by stars */
    struct zj_span place; /* of the row: a path that is told by its last part; empty: none */
    struct zj_stmt *find_case;
};
void zj_links_release(struct zj_links *links);

/* Member "link" of the object being written: {"case"?, "register", "id"}, or null. */
zj_err zj_link_put(struct zj_links *links, struct zj_span evidence, struct zj_json *out);

#endif
