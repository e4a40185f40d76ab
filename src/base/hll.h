/* How many distinct values were seen, within about one percent, in 4 KiB whatever their number:
 * HyperLogLog (Flajolet and others, 2007) with linear counting for small numbers. Sketches of parts
 * are merged into the sketch of the whole. */
#ifndef ZJ_BASE_HLL_H
#define ZJ_BASE_HLL_H

#include "base/buf.h"

enum { ZJ_HLL_BITS = 12, ZJ_HLL_REGISTERS = 1 << ZJ_HLL_BITS };

struct zj_hll {
    uint8_t registers[ZJ_HLL_REGISTERS]; /* zeroed: empty */
};

/* `hash` is a good 64-bit hash of the value, of one seed for all that is merged. */
static inline void zj_hll_add(struct zj_hll *hll, uint64_t hash)
{
    const uint64_t rest = hash << ZJ_HLL_BITS | UINT64_C(1) << (ZJ_HLL_BITS - 1);
    const uint8_t rank = (uint8_t)(__builtin_clzll(rest) + 1);
    uint8_t *at = &hll->registers[hash >> (64 - ZJ_HLL_BITS)];
    if (rank > *at)
        *at = rank;
}

/* Afterwards `into` has seen what either has: the union. */
void zj_hll_merge(struct zj_hll *into, const struct zj_hll *other);
uint64_t zj_hll_count(const struct zj_hll *hll); /* an estimate of the distinct hashes */

/* As bytes: the registers, or while few are set their places (two bytes, little-endian) and values.
 * Unpacking gives false for what packing did not make. */
void zj_hll_pack(const struct zj_hll *hll, struct zj_buf *out);
bool zj_hll_unpack(struct zj_span bytes, struct zj_hll *out);

#endif
