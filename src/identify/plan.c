#include "identify/plan.h"

#include "base/clock.h"
#include "base/idcheck.h"

static bool is_digit_at(uint8_t c)
{
    return c >= '0' && c <= '9';
}

unsigned zj_number_at(const uint8_t *p, unsigned digits)
{
    unsigned value = 0;
    for (unsigned i = 0; i < digits; i++)
        value = value * 10 + (unsigned)(p[i] - '0');
    return value;
}

bool zj_is_repeated(struct zj_span digits)
{
    for (size_t i = 1; i < digits.len; i++)
        if (digits.at[i] != digits.at[0])
            return false;
    return true;
}

/* A province and a prefecture of it. Prefectures that are cities count from 01 to the number here,
 * areas and leagues from 21 to 34, what is ruled from the province has 90. 71 and 81 to 83 have
 * none. */
static const uint8_t cities[84] = {
    [11] = 3,  [12] = 3,  [13] = 11, [14] = 11, [15] = 9, [21] = 14, [22] = 8,  [23] = 12,
    [31] = 3,  [32] = 13, [33] = 11, [34] = 18, [35] = 9, [36] = 11, [37] = 17, [41] = 17,
    [42] = 13, [43] = 13, [44] = 20, [45] = 14, [46] = 4, [50] = 3,  [51] = 20, [52] = 6,
    [53] = 9,  [54] = 6,  [61] = 10, [62] = 12, [63] = 2, [64] = 5,  [65] = 5,
};

bool zj_is_province(unsigned province)
{
    return province < ZJ_COUNT(cities) && cities[province];
}

bool zj_is_city_province(unsigned province)
{
    return province == 11 || province == 12 || province == 31 || province == 50;
}

bool zj_is_region(unsigned province, unsigned prefecture)
{
    if (province == 71 || (province >= 81 && province <= 83))
        return prefecture == 0;
    if (!zj_is_province(province))
        return false;
    if (prefecture >= 1 && prefecture <= cities[province])
        return true;
    if (province == 44 && prefecture >= 51 && prefecture <= 53)
        return true;
    if (province == 65 && prefecture >= 40 && prefecture <= 43)
        return true;
    return cities[province] > 3 || province == 63
               ? (prefecture >= 21 && prefecture <= 34) || prefecture == 90
               : false;
}

/* Born from 1880, the year of the standard's own example, to 2030. */
bool zj_is_resident_id(struct zj_span id)
{
    const unsigned year = zj_number_at(id.at + 6, 4);
    return zj_is_region(zj_number_at(id.at, 2), zj_number_at(id.at + 2, 2)) && year >= 1880 &&
           year <= 2030 && zj_resident_id_is_valid(id);
}

bool zj_is_resident_id15(const uint8_t *p)
{
    return zj_is_region(zj_number_at(p, 2), zj_number_at(p + 2, 2)) &&
           zj_date_is_valid(1900 + (int)zj_number_at(p + 6, 2), (int)zj_number_at(p + 8, 2),
                            (int)zj_number_at(p + 10, 2));
}

/* The check character of ISO 7064 MOD 11-2 behind 17 digits. */
static bool has_mod_11_2(const uint8_t *p)
{
    unsigned sum = 0, weight = 1;
    for (size_t i = 17; i-- > 0;) {
        weight = weight * 2 % 11;
        if (!is_digit_at(p[i]))
            return false;
        sum += (unsigned)(p[i] - '0') * weight;
    }
    const unsigned check = (12 - sum % 11) % 11;
    return check == 10 ? (p[17] | 32) == 'x' : p[17] == '0' + check;
}

bool zj_is_foreign_pr_id(const uint8_t *p)
{
    const unsigned nation = zj_number_at(p + 3, 3);
    return p[0] == '9' && zj_is_province(zj_number_at(p + 1, 2)) && nation >= 4 && nation <= 900 &&
           zj_number_at(p + 6, 4) >= 1900 && zj_number_at(p + 6, 4) <= 2030 &&
           zj_date_is_valid((int)zj_number_at(p + 6, 4), (int)zj_number_at(p + 10, 2),
                            (int)zj_number_at(p + 12, 2)) &&
           has_mod_11_2(p);
}

static bool is_among(uint8_t c, const char *set)
{
    return c && strchr(set, c);
}

/* GB 32100: the department that registers and the kind it registers. */
static bool is_registrar(uint8_t department, uint8_t kind)
{
    static const struct {
        char department;
        const char *kinds;
    } pairs[] = {{'1', "1239"}, {'2', "19"},  {'3', "123459"}, {'4', "19"},
                 {'5', "1239"}, {'6', "129"}, {'7', "129"},    {'8', "19"},
                 {'9', "123"},  {'A', "19"},  {'N', "1239"},   {'Y', "1"}};
    for (size_t i = 0; i < ZJ_COUNT(pairs); i++)
        if (pairs[i].department == (char)department)
            return is_among(kind, pairs[i].kinds);
    return false;
}

/* GB 11714: nine characters, the last of them the check. */
static bool is_organisation_code(const uint8_t *p)
{
    static const unsigned weights[8] = {3, 7, 9, 10, 5, 8, 4, 2};
    unsigned sum = 0;
    for (size_t i = 0; i < 8; i++)
        sum +=
            (is_digit_at(p[i]) ? (unsigned)(p[i] - '0') : (unsigned)(p[i] - 'A') + 10) * weights[i];
    const unsigned check = 11 - sum % 11;
    return p[8] == (check == 10 ? 'X' : check == 11 ? '0' : '0' + check);
}

bool zj_is_uscc(struct zj_span code)
{
    return is_registrar(code.at[0], code.at[1]) && zj_uscc_is_valid(code) &&
           is_organisation_code(code.at + 8);
}

/* Maker 3, product, cell kind, size 2, trace 7, date 3, serial 7. */
bool zj_is_battery_code(const uint8_t *p)
{
    for (size_t i = 0; i < 24; i++)
        if (!is_digit_at(p[i]) && !(p[i] >= 'A' && p[i] <= 'Z'))
            return false;
    return is_among(p[3], "PMC") && is_among(p[4], "ABCDEFGZ") && is_among(p[15], "123456789ABC") &&
           is_among(p[16], "123456789ABCDEFGHJKLMNPRSTUVWXYZ") &&
           zj_all_digits(zj_span_of(p + 17, 7));
}

/* Number ranges given to mobile networks for people, by the first three digits. */
bool zj_is_mobile(const uint8_t *p)
{
    static const uint16_t second[10] = {
        [3] = 0x3ff,                                      /* 130–139 */
        [4] = 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 9, /* 145–149 */
        [5] = 0x3ff & ~(1 << 4),                          /* not 154 */
        [6] = 1 << 2 | 1 << 5 | 1 << 6 | 1 << 7,
        [7] = 0x3ff & ~(1 << 9), /* not 179 */
        [8] = 0x3ff,
        [9] = 0x3ff & ~(1 << 4), /* not 194 */
    };
    return p[0] == '1' && (second[p[1] - '0'] >> (p[2] - '0') & 1);
}

/* 13 digits for machines: 1064x and 140–144. */
bool zj_is_iot_msisdn(const uint8_t *p)
{
    const unsigned three = zj_number_at(p, 3);
    return three >= 140 ? three <= 144 : three == 106 && p[3] == '4';
}

/* 460 and a network that exists; 99 is for tests. */
bool zj_is_imsi(const uint8_t *p)
{
    static const uint64_t networks = 0x1ff /* 00–08 */ | 1ull << 9 | 1ull << 10 | 1ull << 11 |
                                     1ull << 12 | 1ull << 13 | 1ull << 15 | 1ull << 20;
    const unsigned network = zj_number_at(p + 3, 2);
    return zj_number_at(p, 3) == 460 && network < 64 && (networks >> network & 1);
}

/* 010 and 02x are whole; the others have a third digit: 03xx to 09xx, less those never given. */
size_t zj_area_len(const uint8_t *p)
{
    if (p[0] != '0' || !is_digit_at(p[1]) || !is_digit_at(p[2]))
        return 0;
    if (p[1] == '1')
        return p[2] == '0' ? 3 : 0;
    if (p[1] == '2')
        return p[2] == '6' ? 0 : 3;
    if (p[1] < '3' || !is_digit_at(p[3]))
        return 0;
    const unsigned area = zj_number_at(p + 1, 3);
    const bool is_given = (area >= 310 && area <= 398) || (area >= 410 && area <= 483) ||
                          (area >= 510 && area <= 599) || (area >= 631 && area <= 635) ||
                          (area >= 660 && area <= 668) || (area >= 691 && area <= 692) ||
                          (area >= 701 && area <= 799) || (area >= 812 && area <= 899) ||
                          (area >= 901 && area <= 997);
    return is_given ? 4 : 0;
}

enum zj_issuer zj_card_issuer(struct zj_span d)
{
    if (d.len < 15 || d.len > 19)
        return ZJ_ISSUER_NONE;
    const unsigned two = zj_number_at(d.at, 2), four = zj_number_at(d.at, 4);
    if (two == 62 && d.len >= 16)
        return ZJ_ISSUER_UNIONPAY;
    const bool is_other = (d.at[0] == '4' && (d.len == 16 || d.len == 19)) || /* Visa */
                          (d.len == 16 && two >= 51 && two <= 55) ||          /* Mastercard */
                          (d.len == 16 && four >= 2221 && four <= 2720) ||
                          (d.len == 15 && (two == 34 || two == 37)) ||     /* American Express */
                          (d.len == 16 && four >= 3528 && four <= 3589) || /* JCB */
                          (d.len >= 16 && four >= 8100 && four <= 8171) || /* UnionPay, new */
                          (d.len >= 16 && (two == 60 || two == 69 || two == 68 || d.at[0] == '9'));
    return is_other ? ZJ_ISSUER_OTHER : ZJ_ISSUER_NONE;
}
