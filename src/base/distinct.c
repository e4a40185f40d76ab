#include "base/distinct.h"

#include <math.h>
#include <string.h>

enum {
    EXACT = ZJ_DISTINCT_EXACT,
    REGISTERS = ZJ_DISTINCT_REGISTERS,
    REGISTER_BITS = 10,
    HASH_BYTES = 4,
    RANK_MAX = 32 - REGISTER_BITS + 1,
};

static void put_register(uint8_t registers[REGISTERS], uint32_t hash)
{
    const uint32_t rest = hash << REGISTER_BITS | 1u << (REGISTER_BITS - 1);
    const uint8_t rank = (uint8_t)(__builtin_clz(rest) + 1);
    uint8_t *at = &registers[hash >> (32 - REGISTER_BITS)];
    if (rank > *at)
        *at = rank;
}

static void to_registers(struct zj_distinct *d)
{
    uint8_t registers[REGISTERS] = {0};
    for (size_t i = 0; i < EXACT; i++)
        if (d->seen.hashes[i])
            put_register(registers, d->seen.hashes[i]);
    memcpy(d->seen.registers, registers, sizeof registers);
    d->exact = EXACT + 1;
}

void zj_distinct_add(struct zj_distinct *d, uint32_t hash)
{
    if (d->exact > EXACT) {
        put_register(d->seen.registers, hash);
        return;
    }
    hash = hash ? hash : 1;
    uint32_t slot = hash % EXACT;
    for (uint32_t probes = 0; probes < EXACT; probes++, slot = (slot + 1) % EXACT) {
        if (d->seen.hashes[slot] == hash)
            return;
        if (d->seen.hashes[slot] == 0) {
            d->seen.hashes[slot] = hash;
            d->exact++;
            return;
        }
    }
    to_registers(d);
    put_register(d->seen.registers, hash);
}

void zj_distinct_join(struct zj_distinct *into, const struct zj_distinct *other)
{
    if (other->exact <= EXACT) {
        for (size_t i = 0; i < EXACT; i++)
            if (other->seen.hashes[i])
                zj_distinct_add(into, other->seen.hashes[i]);
        return;
    }
    if (into->exact <= EXACT)
        to_registers(into);
    for (size_t i = 0; i < REGISTERS; i++)
        if (other->seen.registers[i] > into->seen.registers[i])
            into->seen.registers[i] = other->seen.registers[i];
}

int64_t zj_distinct_count(const struct zj_distinct *d)
{
    if (d->exact <= EXACT)
        return d->exact;
    double sum = 0;
    unsigned zeros = 0;
    for (size_t i = 0; i < REGISTERS; i++) {
        sum += ldexp(1.0, -d->seen.registers[i]);
        zeros += d->seen.registers[i] == 0;
    }
    const double raw = 0.7213 / (1 + 1.079 / REGISTERS) * REGISTERS * REGISTERS / sum;
    if (raw <= 2.5 * REGISTERS && zeros)
        return (int64_t)(REGISTERS * log((double)REGISTERS / zeros) + 0.5);
    return (int64_t)(raw + 0.5);
}

struct zj_span zj_distinct_pack(const struct zj_distinct *d, uint8_t out[ZJ_DISTINCT_BYTES])
{
    size_t len = 0;
    if (d->exact > EXACT) {
        memcpy(out, d->seen.registers, REGISTERS);
        out[REGISTERS] = 0;
        return zj_span_of(out, ZJ_DISTINCT_BYTES);
    }
    for (size_t i = 0; i < EXACT; i++) {
        const uint32_t hash = d->seen.hashes[i];
        for (int k = 0; hash && k < HASH_BYTES; k++)
            out[len++] = (uint8_t)(hash >> 8 * k);
    }
    return zj_span_of(out, len);
}

bool zj_distinct_unpack(struct zj_span bytes, struct zj_distinct *out)
{
    struct zj_distinct d = {0};
    if (bytes.len == ZJ_DISTINCT_BYTES) {
        for (size_t i = 0; i < REGISTERS; i++)
            if (bytes.at[i] > RANK_MAX)
                return false;
        memcpy(d.seen.registers, bytes.at, REGISTERS);
        d.exact = EXACT + 1;
        *out = d;
        return bytes.at[REGISTERS] == 0;
    }
    if (bytes.len > REGISTERS || bytes.len % HASH_BYTES)
        return false;
    for (size_t at = 0; at < bytes.len; at += HASH_BYTES) {
        uint32_t hash = 0;
        for (int k = 0; k < HASH_BYTES; k++)
            hash |= (uint32_t)bytes.at[at + (size_t)k] << 8 * k;
        zj_distinct_add(&d, hash);
    }
    *out = d;
    return true;
}
