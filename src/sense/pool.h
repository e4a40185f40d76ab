/* Blocks for streams: state of decoded flows, tails of frames, segments out of order. Sizes are
 * powers of two and given back blocks are kept for the next; the sum never passes the limit, which
 * grows with what the budget gives. */
#ifndef ZJ_SENSE_POOL_H
#define ZJ_SENSE_POOL_H

#include "sense/budget.h"

enum { ZJ_POOL_SHIFT_MIN = 8, ZJ_POOL_SHIFT_MAX = 24 };

struct zj_pool {
    size_t limit; /* granted so far */
    size_t most;
    size_t held; /* bytes taken or kept */
    struct zj_budget budget;
    struct zj_pool_block {
        struct zj_pool_block *next;
    } *kept[ZJ_POOL_SHIFT_MAX + 1];
};

void zj_pool_init(struct zj_pool *pool, struct zj_budget budget, int64_t most);
/* At least `bytes`, not zeroed; *out_room is what it really is. NULL: the limit is reached. */
void *zj_pool_take(struct zj_pool *pool, size_t bytes, uint32_t *out_room);
void zj_pool_give(struct zj_pool *pool, void *block, uint32_t room); /* NULL: does nothing */
void zj_pool_release(struct zj_pool *pool);                          /* what is kept */

#endif
