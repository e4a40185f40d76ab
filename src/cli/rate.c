#include "cli/rate.h"

#include <stddef.h>
#include <strings.h>

#include "base/span.h"

enum { RATE_LEAST = 1000, DIGITS_MAX = 12, DECIMALS = 6 };

/* The number at the start in millionths; false where there is none. */
static bool take_millionths(const char **text, int64_t *out_millionths)
{
    size_t digits = 0, decimals = 0;
    bool has_point = false;
    const char *p = *text;
    *out_millionths = 0;
    for (; (*p >= '0' && *p <= '9') || (*p == '.' && !has_point); p++) {
        if (*p == '.') {
            has_point = true;
        } else if (++digits > DIGITS_MAX) {
            return false;
        } else if (decimals < DECIMALS) {
            *out_millionths = *out_millionths * 10 + (*p - '0');
            decimals += has_point;
        }
    }
    for (; decimals < DECIMALS; decimals++)
        *out_millionths *= 10;
    *text = p;
    return digits > 0;
}

bool zj_rate_parse(const char *text, int64_t *out_bytes)
{
    static const struct {
        char letter;
        int64_t bytes;
    } units[] = {{'K', 1000}, {'M', 1000000}, {'G', 1000000000}};
    int64_t millionths, unit = 1000000;
    if (!take_millionths(&text, &millionths))
        return false;
    for (size_t i = 0; i < ZJ_COUNT(units); i++) {
        if ((*text & ~0x20) != units[i].letter)
            continue;
        unit = units[i].bytes;
        text++;
        break;
    }
    text += *text == 'B' || *text == 'b';
    text += strcasecmp(text, "/s") == 0 ? 2 : 0;
    const double bytes = (double)millionths / 1e6 * (double)unit;
    if (*text || bytes > 1e15 || (millionths && bytes < RATE_LEAST))
        return false;
    *out_bytes = (int64_t)bytes;
    return true;
}
