/* Distinct subjects of objects, sources and systems. Inside of this room. */
#ifndef ZJ_CATALOG_SUBJECTS_H
#define ZJ_CATALOG_SUBJECTS_H

#include "catalog/catalog.h"

/* The sketches of an object just read; of a part of it, larger ones that are known stay. */
zj_err zj_subjects_put(struct zj_job *job, struct zj_store *store, int64_t object_id,
                       const struct zj_inv_object *object, bool is_part);
/* Unions of the objects of each source of an organisation that its last run still saw, or could not
 * read. A view may show what tables hold: the largest one counts where it is more than all of them. */
zj_err zj_subjects_sum(struct zj_job *job, struct zj_store *store, int64_t org_id);

#endif
