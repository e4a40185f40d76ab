/* What holds of an object when people have decided about its columns. Inside of this room. */
#ifndef ZJ_CATALOG_SETTLE_H
#define ZJ_CATALOG_SETTLE_H

#include "catalog/catalog.h"

/* After a run or a verdict wrote columns of the object: what nobody decided about stays as the
 * machine has it. */
zj_err zj_settle_object(struct zj_job *job, struct zj_store *store,
                        const struct zj_inv_classes *classes, int64_t object_id);

/* The same file met as part of another source: its columns take over what was decided there. */
zj_err zj_settle_adopt(struct zj_job *job, struct zj_store *store, int64_t object_id);
/* Marks what a run that ended did not meet: gone, or not read this time. */
zj_err zj_settle_unseen(struct zj_job *job, struct zj_store *store, int64_t run_id);
/* Marks the objects of an organisation that a later run met as part of another source. */
zj_err zj_settle_twins(struct zj_job *job, struct zj_store *store, int64_t org_id);

#endif
