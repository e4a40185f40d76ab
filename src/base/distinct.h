/* Which values were seen, as a set that says how many: each one's hash while they are few, then
 * HyperLogLog over the same memory (1024 registers: 3 % error). Sets of parts are joined into the
 * set of the whole. base/hll.h is for many values from the start; here few are exact. */
#ifndef ZJ_BASE_DISTINCT_H
#define ZJ_BASE_DISTINCT_H

#include "base/span.h"

enum { ZJ_DISTINCT_EXACT = 256, ZJ_DISTINCT_REGISTERS = 1024, ZJ_DISTINCT_BYTES = 1025 };

struct zj_distinct { /* zeroed: empty */
    uint32_t exact;  /* hashes held; ZJ_DISTINCT_EXACT + 1: registers */
    union {
        uint32_t hashes[ZJ_DISTINCT_EXACT];
        uint8_t registers[ZJ_DISTINCT_REGISTERS];
    } seen;
};

/* `hash` is a good 32-bit hash of the value, of one seed for all that is joined. */
void zj_distinct_add(struct zj_distinct *d, uint32_t hash);
void zj_distinct_join(struct zj_distinct *into, const struct zj_distinct *other);
int64_t zj_distinct_count(const struct zj_distinct *d);

/* As bytes: the hashes, little-endian, or the registers and a zero. Unpacking gives false for what
 * packing did not make. */
struct zj_span zj_distinct_pack(const struct zj_distinct *d, uint8_t out[ZJ_DISTINCT_BYTES]);
bool zj_distinct_unpack(struct zj_span bytes, struct zj_distinct *out);

#endif
