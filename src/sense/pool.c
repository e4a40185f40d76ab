#include "sense/pool.h"

#include "base/mem.h"

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
            pool->held -= (size_t)1 << shift;
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
        if (pool->held + room > pool->limit)
            trim(pool, room);
        if (pool->held + room > pool->limit)
            return NULL;
        block = malloc(room);
        if (!block)
            return NULL;
        pool->held += room;
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
