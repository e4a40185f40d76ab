/* Memory goes where the need is: each part of a worker has some of its own, so that none starves,
 * and takes more from what they have in common, for a fleet behind one link needs few flows and
 * one with a flow each needs many. What was taken is kept and used again by the part that took it. */
#ifndef ZJ_SENSE_BUDGET_H
#define ZJ_SENSE_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zj_budget {
    int64_t own;
    int64_t *common; /* NULL: nothing beyond its own */
};

static inline bool zj_budget_take(struct zj_budget *b, int64_t bytes)
{
    int64_t *from = b->own >= bytes ? &b->own : b->common && *b->common >= bytes ? b->common : NULL;
    if (from)
        *from -= bytes;
    return from != NULL;
}

#endif
