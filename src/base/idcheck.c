#include "base/idcheck.h"

#include "base/clock.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define ONES UINT64_C(0x0101010101010101)

static inline bool are_digits(uint64_t x)
{
    return !((x | (x + 0x46 * ONES) | (x - '0' * ONES)) & 0x80 * ONES);
}

bool zj_all_digits(struct zj_span s)
{
    if (s.len >= 8) {
        bool is_all = are_digits(zj_load_be64(s.at + s.len - 8));
        for (size_t i = 0; i + 8 < s.len; i += 8)
            is_all &= are_digits(zj_load_be64(s.at + i));
        return is_all;
    }
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.len > 0;
}

/* Value of a VIN character in the check sum and 32; 0 for one that a VIN cannot have. */
static const uint8_t vin_values[256] = {
    ['0'] = 32, ['1'] = 33, ['2'] = 34, ['3'] = 35, ['4'] = 36, ['5'] = 37, ['6'] = 38,
    ['7'] = 39, ['8'] = 40, ['9'] = 41, ['A'] = 33, ['B'] = 34, ['C'] = 35, ['D'] = 36,
    ['E'] = 37, ['F'] = 38, ['G'] = 39, ['H'] = 40, ['J'] = 33, ['K'] = 34, ['L'] = 35,
    ['M'] = 36, ['N'] = 37, ['P'] = 39, ['R'] = 41, ['S'] = 34, ['T'] = 35, ['U'] = 36,
    ['V'] = 37, ['W'] = 38, ['X'] = 39, ['Y'] = 40, ['Z'] = 41,
};

bool zj_vin_is_shaped(struct zj_span vin)
{
    if (vin.len != 17)
        return false;
    unsigned all = 32;
    for (size_t i = 0; i < 17; i++)
        all &= vin_values[vin.at[i]];
    return all;
}

bool zj_vin_has_check(struct zj_span vin)
{
    static const uint8_t weights[17] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    unsigned sum = 0, all = 32;
    if (vin.len != 17)
        return false;
#pragma GCC unroll 17
    for (size_t i = 0; i < 17; i++) {
        const unsigned value = vin_values[vin.at[i]];
        all &= value;
        sum += value * weights[i];
    }
    const unsigned check = (sum - 32 * 89) % 11; /* 89: sum of the weights */
    return all && vin.at[8] == (check == 10 ? 'X' : '0' + check);
}

bool zj_vin_must_check(struct zj_span vin)
{
    return vin.len && (vin.at[0] == 'L' || (vin.at[0] >= '1' && vin.at[0] <= '5'));
}

/* Eight digits, the first in the highest byte: the sum of the last, and of every second before it,
 * and of the others doubled, 9 less where that is more than 9. *io_all stays true for digits only.
 */
static inline unsigned luhn_of_8(uint64_t x, bool *io_all)
{
    static const uint64_t once = 0x00ff00ff00ff00ffu;
    *io_all &= are_digits(x);
    const uint64_t d = x & 0x0f * ONES, doubled = (d & ~once) << 1;
    const uint64_t over = (doubled + 0x76 * ONES) >> 7 & ONES; /* from 10 on */
    return (unsigned)(((doubled - 9 * over + (d & once)) * ONES) >> 56);
}

#if defined(__SSE2__)
/* The values of 16 digits; *io_all stays true for digits only. */
static inline __m128i values_of_16(const uint8_t *p, bool *io_all)
{
    const __m128i d = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)p), _mm_set1_epi8('0'));
    *io_all &= _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(d, _mm_set1_epi8(9)), d)) == 0xffff;
    return d;
}

/* As luhn_of_8. */
static inline unsigned luhn_of_16(const uint8_t *p, bool *io_all)
{
    const __m128i d = values_of_16(p, io_all), even = _mm_set1_epi16(0x00ff);
    const __m128i doubled = _mm_add_epi8(d, _mm_and_si128(d, even));
    const __m128i over = _mm_cmpgt_epi8(doubled, _mm_set1_epi8(9));
    const __m128i sums = _mm_sad_epu8(_mm_sub_epi8(doubled, _mm_and_si128(over, _mm_set1_epi8(9))),
                                      _mm_setzero_si128());
    return (unsigned)(_mm_cvtsi128_si32(sums) + _mm_extract_epi16(sums, 4));
}
#endif

bool zj_luhn_is_valid(struct zj_span digits)
{
    unsigned sum = 0;
    bool is_all = digits.len > 0;
    size_t left = digits.len;
#if defined(__SSE2__)
    if (left >= 16) {
        left -= 16;
        sum = luhn_of_16(digits.at + left, &is_all);
    }
#endif
    for (; left >= 8; left -= 8)
        sum += luhn_of_8(zj_load_be64(digits.at + left - 8), &is_all);
    if (left) {
        uint64_t x = 0;
        if (digits.len >= 8)
            x = zj_load_be64(digits.at) >> 8 * (8 - left);
        for (size_t i = 0; i < left && digits.len < 8; i++)
            x = x << 8 | digits.at[i];
        sum += luhn_of_8(x | '0' * ONES << 8 * left, &is_all);
    }
    return is_all && sum % 10 == 0;
}

bool zj_iccid_is_valid(struct zj_span iccid)
{
    if ((iccid.len != 19 && iccid.len != 20) || iccid.at[0] != '8' || iccid.at[1] != '9')
        return false;
    if (zj_all_digits(iccid))
        return iccid.len == 19 || zj_luhn_is_valid(iccid);
    for (size_t i = 0; i < iccid.len; i++) {
        const uint8_t c = iccid.at[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'F'))
            return false;
    }
    return true;
}

/* The sum of GB 11643 over 17 digits; -1 where one is none. */
static inline int resident_sum(const uint8_t *p)
{
#if defined(__SSE2__)
    const __m128i low = _mm_setr_epi16(7, 9, 10, 5, 8, 4, 2, 1);
    const __m128i high = _mm_setr_epi16(6, 3, 7, 9, 10, 5, 8, 4), none = _mm_setzero_si128();
    bool is_all = p[16] >= '0' && p[16] <= '9';
    const __m128i d = values_of_16(p, &is_all);
    const __m128i four = _mm_add_epi32(_mm_madd_epi16(_mm_unpacklo_epi8(d, none), low),
                                       _mm_madd_epi16(_mm_unpackhi_epi8(d, none), high));
    const __m128i two = _mm_add_epi32(four, _mm_srli_si128(four, 8));
    const int sum = _mm_cvtsi128_si32(two) + _mm_cvtsi128_si32(_mm_srli_si128(two, 4));
    return is_all ? sum + (p[16] - '0') * 2 : -1;
#else
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    if (!zj_all_digits(zj_span_of(p, 17)))
        return -1;
    for (int i = 0; i < 17; i++)
        sum += (p[i] - '0') * weights[i];
    return sum;
#endif
}

bool zj_resident_id_is_valid(struct zj_span id)
{
    static const char checks[] = "10X98765432";
    if (id.len != 18 || id.at[0] == '0' || id.at[0] == '9')
        return false;
    const int sum = resident_sum(id.at);
    if (sum < 0)
        return false;
    const uint8_t *d = id.at + 6;
    const int year = d[0] * 1000 + d[1] * 100 + d[2] * 10 + d[3] - '0' * 1111;
    const int month = d[4] * 10 + d[5] - '0' * 11, day = d[6] * 10 + d[7] - '0' * 11;
    if (year < 1850 || year > 2100 || !zj_date_is_valid(year, month, day))
        return false;
    const uint8_t last = id.at[17] == 'x' ? 'X' : id.at[17];
    return last == checks[sum % 11];
}

bool zj_uscc_is_valid(struct zj_span code)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    static const int weights[17] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    int sum = 0;
    if (code.len != 18)
        return false;
    for (size_t i = 0; i < 18; i++) {
        const char *at = code.at[i] ? strchr(alphabet, code.at[i]) : NULL;
        if (!at || (i >= 2 && i < 8 && (code.at[i] < '0' || code.at[i] > '9')))
            return false;
        if (i < 17)
            sum += (int)(at - alphabet) * weights[i];
    }
    return code.at[17] == alphabet[(31 - sum % 31) % 31];
}
