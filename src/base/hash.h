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

/* The same for keys of a hundred bytes and more: four parts of it at a time, which do not wait for
 * each other. Another hash of the same key. */
static inline uint64_t zj_hash_long(struct zj_span key, uint64_t seed)
{
    const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15), other = UINT64_C(0xd6e8feb86659fd93);
    const uint64_t odds[4] = {odd, other, odd ^ seed, other ^ seed};
    uint64_t part[4] = {seed, seed, seed, seed};
    const uint8_t *at = key.at;
    for (size_t left = key.len; left > 64; left -= 64, at += 64)
        for (int i = 0; i < 4; i++)
            part[i] = zj_hash_fold(zj_hash_word(at + 16 * i, 8) ^ odds[i],
                                   zj_hash_word(at + 16 * i + 8, 8) ^ part[i]);
    const struct zj_span rest = zj_span_of(at, key.len - (size_t)(at - key.at));
    const uint64_t sum =
        zj_hash_fold(part[0] ^ odd, part[1] ^ other) ^ zj_hash_fold(part[2] ^ other, part[3] ^ odd);
    return zj_hash(rest, sum ^ key.len);
}

#endif
