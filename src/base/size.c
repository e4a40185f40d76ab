#include "base/size.h"

#include <stdio.h>

#include "base/span.h"

void zj_size_text(uint64_t bytes, char out[ZJ_SIZE_TEXT])
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    double amount = (double)bytes;
    size_t unit = 0;
    while (amount >= 999.5 && unit + 1 < ZJ_COUNT(units))
        amount /= 1000, unit++;
    snprintf(out, ZJ_SIZE_TEXT, unit && amount < 99.95 ? "%.1f %s" : "%.0f %s", amount,
             units[unit]);
}
