/* A seeded hash of short keys, for tables whose keys come from outside: without the seed nobody can
 * choose keys that collide. Not for signatures. */
#ifndef ZJ_BASE_HASH_H
#define ZJ_BASE_HASH_H

#include "base/span.h"

static inline uint64_t zj_hash_fold(uint64_t a, uint64_t b)
{
    const unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t zj_hash_word(const uint8_t *at, size_t len)
{
    uint64_t word = 0;
    memcpy(&word, at, len);
    return word;
}

static inline uint64_t zj_hash(struct zj_span key, uint64_t seed)
{
    const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15), other = UINT64_C(0xd6e8feb86659fd93);
    uint64_t h = seed ^ zj_hash_fold(key.len + 1, odd);
    size_t at = 0;
    for (; key.len - at > 16; at += 16)
        h = zj_hash_fold(zj_hash_word(key.at + at, 8) ^ odd, zj_hash_word(key.at + at + 8, 8) ^ h);
    const size_t left = key.len - at;
    uint64_t a = 0, b = 0;
    if (left) {
        a = zj_hash_word(key.at + at, left < 8 ? left : 8);
        b = left > 8 ? zj_hash_word(key.at + at + 8, left - 8) : 0;
    }
    h = zj_hash_fold(a ^ other, b ^ h);
    return zj_hash_fold(h ^ odd, other);
}

#endif
