/* Distinct subjects of objects, sources and systems. Inside of this room. */
#ifndef ZJ_CATALOG_SUBJECTS_H
#define ZJ_CATALOG_SUBJECTS_H

#include "catalog/catalog.h"

zj_err zj_subjects_put(struct zj_job *job, struct zj_store *store, int64_t object_id,
                       const struct zj_inv_object *object);
/* Unions of the objects of each source of an organisation that its last run still saw. */
zj_err zj_subjects_sum(struct zj_job *job, struct zj_store *store, int64_t org_id);

#endif
