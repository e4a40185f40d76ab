#include "base/hll.h"

#include <math.h>

void zj_hll_merge(struct zj_hll *into, const struct zj_hll *other)
{
    for (size_t i = 0; i < ZJ_HLL_REGISTERS; i++)
        if (other->registers[i] > into->registers[i])
            into->registers[i] = other->registers[i];
}

uint64_t zj_hll_count(const struct zj_hll *hll)
{
    const double m = ZJ_HLL_REGISTERS, alpha = 0.7213 / (1 + 1.079 / m);
    double sum = 0;
    size_t empty = 0;
    for (size_t i = 0; i < ZJ_HLL_REGISTERS; i++) {
        sum += ldexp(1, -hll->registers[i]);
        empty += hll->registers[i] == 0;
    }
    const double raw = alpha * m * m / sum;
    const double count = raw <= 2.5 * m && empty ? m * log(m / (double)empty) : raw;
    return (uint64_t)(count + 0.5);
}

enum { SPARSE_BYTES = 3, RANK_MAX = 64 - ZJ_HLL_BITS + 1 };

void zj_hll_pack(const struct zj_hll *hll, struct zj_buf *out)
{
    size_t set = 0;
    for (size_t i = 0; i < ZJ_HLL_REGISTERS; i++)
        set += hll->registers[i] > 0;
    if (set * SPARSE_BYTES >= ZJ_HLL_REGISTERS) {
        zj_buf_span(out, zj_span_of(hll->registers, ZJ_HLL_REGISTERS));
        return;
    }
    for (size_t i = 0; i < ZJ_HLL_REGISTERS; i++) {
        if (!hll->registers[i])
            continue;
        zj_buf_byte(out, (uint8_t)(i & 0xff));
        zj_buf_byte(out, (uint8_t)(i >> 8));
        zj_buf_byte(out, hll->registers[i]);
    }
}

bool zj_hll_unpack(struct zj_span bytes, struct zj_hll *out)
{
    struct zj_hll hll = {0};
    const bool is_dense = bytes.len == ZJ_HLL_REGISTERS;
    if (!is_dense && (bytes.len > ZJ_HLL_REGISTERS || bytes.len % SPARSE_BYTES))
        return false;
    for (size_t i = 0; i < bytes.len; i += is_dense ? 1 : SPARSE_BYTES) {
        const size_t at = is_dense ? i : (size_t)(bytes.at[i] | bytes.at[i + 1] << 8);
        const uint8_t rank = bytes.at[is_dense ? i : i + 2];
        if (at >= ZJ_HLL_REGISTERS || rank > RANK_MAX)
            return false;
        hll.registers[at] = rank;
    }
    *out = hll;
    return true;
}
