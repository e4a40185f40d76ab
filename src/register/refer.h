/* Fields that name rows of other registers. */
#ifndef ZJ_REGISTER_REFER_H
#define ZJ_REGISTER_REFER_H

#include "register/field.h"

/* One statement a field, prepared when the first value asks for it. */
struct zj_refs {
    struct zj_stmt *find[ZJ_FIELDS_MAX];
};

void zj_refs_release(struct zj_refs *refs);
/* Warns of each value that no row of the register it names has for its key, and refuses one whose row
 * differs in the field of `refers_where`. */
zj_err zj_refs_check(struct zj_job *job, struct zj_store *store, struct zj_refs *refs,
                     const struct zj_register *reg, int64_t org_id, struct zj_draft *draft);

#endif
