/* Numbers of people, cards and vehicles: a maximal run of letters and digits, told apart by its
 * length and decided by its check digit or number plan. A run gives one answer at most.
 *
 * A number with a fraction is no number of a person: runs behind or before a decimal point are
 * passed over. */
#include "base/idcheck.h"
#include "identify/scan.h"

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_in_fraction(struct zj_span in, size_t at, size_t len)
{
    const bool behind = at >= 2 && in.at[at - 1] == '.' && is_digit(in.at[at - 2]);
    const size_t end = at + len;
    const bool before = end + 1 < in.len && in.at[end] == '.' && is_digit(in.at[end + 1]);
    return behind || before;
}

static unsigned number_at(const uint8_t *p, unsigned digits)
{
    unsigned value = 0;
    for (unsigned i = 0; i < digits; i++)
        value = value * 10 + (unsigned)(p[i] - '0');
    return value;
}

/* The first four digits of a region of GB/T 2260, present or past: a province and a prefecture of
 * it. Prefectures that are cities count from 01 to the number here, areas and leagues from 21 to
 * 34, what is ruled from the province has 90. 71 and 81 to 83 have none. */
static bool is_region(unsigned province, unsigned prefecture)
{
    static const uint8_t cities[84] = {
        [11] = 3,  [12] = 3,  [13] = 11, [14] = 11, [15] = 9, [21] = 14, [22] = 8,  [23] = 12,
        [31] = 3,  [32] = 13, [33] = 11, [34] = 18, [35] = 9, [36] = 11, [37] = 17, [41] = 17,
        [42] = 13, [43] = 13, [44] = 20, [45] = 14, [46] = 4, [50] = 3,  [51] = 20, [52] = 6,
        [53] = 9,  [54] = 6,  [61] = 10, [62] = 12, [63] = 2, [64] = 5,  [65] = 5,
    };
    if (province == 71 || (province >= 81 && province <= 83))
        return prefecture == 0;
    if (province >= ZJ_COUNT(cities) || !cities[province])
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
static bool is_resident_id(struct zj_span id)
{
    const unsigned year = number_at(id.at + 6, 4);
    return is_region(number_at(id.at, 2), number_at(id.at + 2, 2)) && year >= 1880 &&
           year <= 2030 && zj_resident_id_is_valid(id);
}

/* Number ranges given to mobile networks for people, by the first three digits. */
static bool is_mobile(const uint8_t *p)
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
static bool is_iot_msisdn(const uint8_t *p)
{
    const unsigned three = number_at(p, 3);
    return three >= 140 ? three <= 144 : three == 106 && p[3] == '4';
}

/* 460 and a network that exists; 99 is for tests. */
static bool is_imsi(const uint8_t *p)
{
    static const uint64_t networks = 0x1ff /* 00–08 */ | 1ull << 9 | 1ull << 10 | 1ull << 11 |
                                     1ull << 12 | 1ull << 13 | 1ull << 15 | 1ull << 20;
    const unsigned network = number_at(p + 3, 2);
    return number_at(p, 3) == 460 && network < 64 && (networks >> network & 1);
}

static bool says_time(struct zj_span in, size_t at)
{
    return zj_scan_has_word(zj_scan_key(in, at),
                            "time|date|stamp|\"ts|_ts|expire|createat|updateat|时间|时刻|日期") ||
           zj_span_eq_str(zj_scan_key(in, at), "ts") || zj_span_eq_str(zj_scan_key(in, at), "t");
}

/* Phone numbers with or without 86, 0086 and 0 before them. */
static void take_phone(struct zj_scan *s, size_t at, size_t len)
{
    static const char mobile[] = "number range of mobile networks";
    static const char iot[] = "number range of machine cards";
    const uint8_t *p = s->in.at + at;
    const bool has_plus = at && s->in.at[at - 1] == '+';
    size_t prefix = 0;
    if (len == 15 && number_at(p, 4) == 86)
        prefix = 4;
    else if (len == 17 && number_at(p, 4) == 86)
        prefix = 4;
    else if ((len == 13 || (len == 15 && has_plus)) && p[0] == '8' && p[1] == '6')
        prefix = 2;
    else if (len == 12 && p[0] == '0')
        prefix = 1;
    const uint8_t *bare = p + prefix;
    if (len - prefix == 11 && is_mobile(bare))
        zj_scan_add(s, ZJ_TYPE_CN_MOBILE, at + prefix, at + len, prefix ? 85 : 75, mobile);
    else if (len - prefix == 13 && is_iot_msisdn(bare) && !says_time(s->in, at))
        zj_scan_add(s, ZJ_TYPE_CN_IOT_MSISDN, at + prefix, at + len, 70, iot);
}

static bool take_iccid(struct zj_scan *s, size_t at, size_t len)
{
    const struct zj_span value = zj_span_of(s->in.at + at, len);
    const uint8_t *p = value.at;
    if (p[0] != '8' || p[1] != '9' || !zj_iccid_is_valid(value))
        return false;
    const bool is_chinese = p[2] == '8' && p[3] == '6';
    if (!is_chinese && !zj_scan_has_word(zj_scan_key(s->in, at), "iccid|ccid|sim"))
        return false;
    const bool is_checked = len == 20 && zj_all_digits(value);
    zj_scan_add(s, ZJ_TYPE_ICCID, at, at + len, is_checked ? 95 : 60,
                is_checked ? "issuer 89 and Luhn" : "issuer 8986, no check digit");
    return true;
}

static void take_digits(struct zj_scan *s, size_t at, size_t len)
{
    const uint8_t *p = s->in.at + at;
    if (is_in_fraction(s->in, at, len))
        return;
    if (len == 18) {
        if (is_resident_id(zj_span_of(p, 18)))
            zj_scan_add(s, ZJ_TYPE_CN_RESIDENT_ID, at, at + 18, 99, "region, date and MOD 11-2");
        return;
    }
    if (len >= 19) {
        take_iccid(s, at, len);
        return;
    }
    if (len == 15 && is_imsi(p))
        zj_scan_add(s, ZJ_TYPE_IMSI, at, at + 15, 80, "country 460 and a network of it");
    else
        take_phone(s, at, len);
}

/* 17 of the alphabet. China and North America need the check digit; others and lower case need a
 * word that says so. */
static void take_vin(struct zj_scan *s, size_t at)
{
    static const char checked[] = "alphabet and check digit";
    static const char words[] = "vin|车架|车辆识别|识别代号|底盘|chassis|frame";
    uint8_t upper[17];
    bool has_lower = false, has_beyond_hex = false;
    const struct zj_span raw = zj_span_of(s->in.at + at, 17);
    if (!zj_all_digits(zj_span_part(raw, 13, 4)))
        return;
    if (raw.at[0] == 'L' && zj_vin_has_check(raw)) { /* the common case, without what follows */
        zj_scan_add(s, ZJ_TYPE_VIN, at, at + 17, 95, checked);
        return;
    }
    for (size_t i = 0; i < 17; i++) {
        const uint8_t c = raw.at[i];
        const bool is_lower = c >= 'a';
        has_lower |= is_lower;
        upper[i] = is_lower ? (uint8_t)(c - 32) : c;
        has_beyond_hex |= upper[i] > 'F';
    }
    const struct zj_span vin = zj_span_of(upper, 17);
    const bool has_check = zj_vin_has_check(vin), must_check = zj_vin_must_check(vin);
    if (!has_check && (must_check || !zj_vin_is_shaped(vin)))
        return;
    const bool stands_alone = must_check && !has_lower && has_beyond_hex;
    if (!stands_alone && !zj_scan_has_word(zj_scan_key(s->in, at), words))
        return;
    zj_scan_add(s, ZJ_TYPE_VIN, at, at + 17, has_check ? 95 : 70,
                has_check ? checked : "alphabet and a word before it");
}

void zj_scan_run(struct zj_scan *s, size_t at, size_t len, size_t digits)
{
    const uint8_t *p = s->in.at + at;
    if (digits >= len) {
        take_digits(s, at, len);
        return;
    }
    if (len == 17) {
        take_vin(s, at);
    } else if (len == 18 && digits == 17 && (p[17] | 32) == 'x') {
        if (is_resident_id(zj_span_of(p, 18)))
            zj_scan_add(s, ZJ_TYPE_CN_RESIDENT_ID, at, at + 18, 99, "region, date and MOD 11-2");
    } else if (len >= 19 && digits >= 4) {
        take_iccid(s, at, len);
    }
}
