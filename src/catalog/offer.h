/* Which of the types that were found in a column a person is asked about. Inside of this room. */
#ifndef ZJ_CATALOG_OFFER_H
#define ZJ_CATALOG_OFFER_H

#include "catalog/catalog.h"

/* A verdict is about one type: what was rejected is not proposed again, what text holds besides
 * still is. */
struct zj_offer {
    const struct zj_inv_proposal *first; /* NULL: nothing was found */
    struct zj_buf others;                /* what it surely holds besides, ';' between */
    bool is_next; /* others were rejected before it: their verdict is not about this one */
};
void zj_offer_release(struct zj_offer *offer);

zj_err zj_offer_pick(struct zj_job *job, struct zj_store *store, int64_t object_id,
                     const char *rules, const struct zj_inv_column *col, struct zj_offer *out);

/* After the column's first type was rejected the next one is asked about; *out_is_next: there was
 * one, and the column waits for a person again. */
zj_err zj_offer_next(struct zj_job *job, struct zj_store *store,
                     const struct zj_inv_classes *classes, int64_t column_id, bool *out_is_next);

#endif
