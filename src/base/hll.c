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
