#include "sense/pool.h"

#include "base/mem.h"

enum { STEP = 1 << 20, HEAD = 16 /* of the allocator */ };

void zj_pool_init(struct zj_pool *pool, struct zj_budget budget, int64_t most)
{
    *pool = (struct zj_pool){.budget = budget, .most = most > 0 ? (size_t)most : 0};
}

/* A block costs what the allocator adds, too. */
static size_t cost_of(unsigned shift)
{
    return ((size_t)1 << shift) + HEAD;
}

/* More of the budget, until `bytes` more fit. */
static void ask_for_more(struct zj_pool *pool, size_t bytes)
{
    const size_t step = bytes > STEP ? bytes : STEP;
    if (pool->held + bytes > pool->limit && pool->limit + step <= pool->most &&
        zj_budget_take(&pool->budget, (int64_t)step))
        pool->limit += step;
}

static unsigned shift_of(size_t bytes)
{
    unsigned shift = ZJ_POOL_SHIFT_MIN;
    while (((size_t)1 << shift) < bytes)
        shift++;
    return shift;
}

/* Frees kept blocks of other sizes until `bytes` more fit. */
static void trim(struct zj_pool *pool, size_t bytes)
{
    for (unsigned shift = ZJ_POOL_SHIFT_MAX; shift >= ZJ_POOL_SHIFT_MIN; shift--)
        while (pool->kept[shift] && pool->held + bytes > pool->limit) {
            struct zj_pool_block *block = pool->kept[shift];
            pool->kept[shift] = block->next;
            pool->held -= cost_of(shift);
            free(block);
        }
}

void *zj_pool_take(struct zj_pool *pool, size_t bytes, uint32_t *out_room)
{
    if (bytes > (size_t)1 << ZJ_POOL_SHIFT_MAX)
        return NULL;
    const unsigned shift = shift_of(bytes);
    const size_t room = (size_t)1 << shift;
    struct zj_pool_block *block = pool->kept[shift];
    if (block) {
        pool->kept[shift] = block->next;
    } else {
        const size_t cost = cost_of(shift);
        ask_for_more(pool, cost);
        if (pool->held + cost > pool->limit)
            trim(pool, cost);
        if (pool->held + cost > pool->limit)
            return NULL;
        block = malloc(room);
        if (!block)
            return NULL;
        pool->held += cost;
    }
    *out_room = (uint32_t)room;
    return block;
}

void zj_pool_give(struct zj_pool *pool, void *block, uint32_t room)
{
    if (!block)
        return;
    struct zj_pool_block *kept = block;
    const unsigned shift = shift_of(room);
    kept->next = pool->kept[shift];
    pool->kept[shift] = kept;
}

void zj_pool_release(struct zj_pool *pool)
{
    pool->limit = 0;
    trim(pool, 1);
}
