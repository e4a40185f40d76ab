/* Numbers of people, cards and vehicles: a maximal run of letters and digits, told apart by its
 * length and decided by its check digit, number plan or the words around it. A run gives one answer
 * at most.
 *
 * A number with a fraction is no number of a person: runs behind or before a decimal point are
 * passed over. */
#include "base/clock.h"
#include "base/idcheck.h"
#include "identify/engine.h"
#include "identify/plan.h"

static bool is_in_fraction(struct zj_span in, size_t at, size_t len)
{
    const bool behind = at >= 2 && in.at[at - 1] == '.' && zj_is_digit(in.at[at - 2]);
    const size_t end = at + len;
    const bool before = end + 1 < in.len && in.at[end] == '.' && zj_is_digit(in.at[end + 1]);
    return behind || before;
}

/* The nearest word says that this is something else, and none says that it is this. */
static bool is_denied(struct zj_scan *s, size_t at, size_t len, uint64_t for_it)
{
    const struct zj_context *c = zj_context(s, at, at + len);
    return (c->key & (ZJ_W(order) | ZJ_W(time) | ZJ_W(version) | ZJ_W(measure))) &&
           !(c->near & for_it);
}

static void add_known(struct zj_scan *s, enum zj_identify_type type, size_t start, size_t end,
                      uint64_t for_it, int bonus, const char *why)
{
    const struct zj_context *c = zj_context(s, start, end);
    const bool is_named = c->near & for_it;
    zj_scan_add_near(s, type, start, end, is_named ? bonus : 0, why, is_named ? c->word : NULL);
}

/* Does a unit stand behind it, and no word before it that says what it is? */
static bool is_count(struct zj_scan *s, size_t start, size_t end, uint64_t for_it)
{
    size_t len;
    if (!s->rules || (zj_context(s, start, end)->near & for_it))
        return false;
    const size_t at = end + (zj_byte_at(s->in, end) == ' ');
    return zj_words_at(&s->rules->units, s->in, at, &len) != NULL;
}

/* Phone numbers with or without 86, 0086 and 0 before them. */
static void take_phone(struct zj_scan *s, size_t at, size_t len)
{
    const uint8_t *p = s->in.at + at;
    const bool has_plus = at && s->in.at[at - 1] == '+';
    size_t prefix = 0;
    if ((len == 15 || len == 17) && zj_number_at(p, 4) == 86)
        prefix = 4;
    else if ((len == 13 || (len == 15 && has_plus)) && p[0] == '8' && p[1] == '6')
        prefix = 2;
    else if (len == 12 && p[0] == '0')
        prefix = 1;
    const uint8_t *bare = p + prefix;
    const size_t from = at + prefix, end = at + len;
    if (end - from == 11 && zj_is_mobile(bare)) {
        if (!is_denied(s, from, 11, ZJ_W(phone)) && !is_count(s, from, end, ZJ_W(phone)))
            add_known(s, ZJ_TYPE_CN_MOBILE, from, end, ZJ_W(phone), 15,
                      "number range of mobile networks");
    } else if (end - from == 13 && zj_is_iot_msisdn(bare)) {
        const struct zj_context *c = zj_context(s, from, end);
        if (!(c->key & (ZJ_W(time) | ZJ_W(order))) || (c->near & ZJ_W(iot)))
            add_known(s, ZJ_TYPE_CN_IOT_MSISDN, from, end, ZJ_W(iot) | ZJ_W(phone), 20,
                      "number range of machine cards");
    } else if ((len == 11 || len == 12) && p[0] == '0' && zj_area_len(p)) {
        const struct zj_context *c = zj_context(s, at, end);
        if (len - zj_area_len(p) >= 7 && len - zj_area_len(p) <= 8 &&
            (c->near & (ZJ_W(landline) | ZJ_W(phone))))
            add_known(s, ZJ_TYPE_CN_LANDLINE, at, end, ZJ_W(landline) | ZJ_W(phone), 0,
                      "area code and a word that says so");
    }
}

static bool take_iccid(struct zj_scan *s, size_t at, size_t len)
{
    const struct zj_span value = zj_span_of(s->in.at + at, len);
    const uint8_t *p = value.at;
    if (p[0] != '8' || p[1] != '9' || (len != 19 && len != 20))
        return false;
    const bool is_chinese = p[2] == '8' && p[3] == '6';
    const struct zj_context *c = zj_context(s, at, at + len);
    const bool is_named = c->near & ZJ_W(iccid);
    if (!zj_iccid_is_valid(value) || (!is_chinese && !is_named))
        return false;
    const bool is_checked = len == 20 && zj_all_digits(value);
    if (!is_checked && s->rules && !is_named)
        return false;
    zj_scan_add_near(s, ZJ_TYPE_ICCID, at, at + len, is_checked ? 0 : -20,
                     is_checked ? "issuer 89 and Luhn" : "issuer 89, no check digit",
                     is_named ? c->word : NULL);
    return true;
}

/* 6222020000000000000: no bank gives such a number, but forms and tests are filled with it. */
static bool is_filled_up(struct zj_span digits)
{
    enum { SAME_MAX = 8 };
    size_t same = 1, most = 1;
    for (size_t i = 1; i < digits.len; i++) {
        same = digits.at[i] == digits.at[i - 1] ? same + 1 : 1;
        most = same > most ? same : most;
    }
    return most > SAME_MAX;
}

static bool take_bank(struct zj_scan *s, size_t at, size_t len)
{
    const struct zj_span value = zj_span_of(s->in.at + at, len);
    const enum zj_issuer issuer = zj_card_issuer(value);
    if (issuer == ZJ_ISSUER_NONE || !zj_luhn_is_valid(value) || zj_is_repeated(value))
        return false;
    const struct zj_context *c = zj_context(s, at, at + len);
    const bool is_order = (c->key & ZJ_W(order)) && !(c->key & ZJ_W(bank));
    const bool is_named = (c->near & ZJ_W(bank)) && !is_order;
    const uint64_t others =
        ZJ_W(order) | ZJ_W(measure) | ZJ_W(time) | ZJ_W(iccid) | ZJ_W(imsi) | ZJ_W(imei);
    if (!is_named && (issuer != ZJ_ISSUER_UNIONPAY || (c->key & others) || is_filled_up(value)))
        return false;
    zj_scan_add_near(s, ZJ_TYPE_BANK_CARD, at, at + len, is_named ? 10 : -10,
                     "issuer, length and Luhn", is_named ? c->word : NULL);
    return true;
}

static bool take_identity(struct zj_scan *s, size_t at)
{
    const uint8_t *p = s->in.at + at;
    if (zj_is_resident_id(zj_span_of(p, 18))) {
        zj_scan_add(s, ZJ_TYPE_CN_RESIDENT_ID, at, at + 18, zj_number_at(p + 6, 4) < 1900 ? -20 : 0,
                    "region, date and MOD 11-2");
        return true;
    }
    if (zj_is_foreign_pr_id(p)) {
        add_known(s, ZJ_TYPE_FOREIGN_PR_ID, at, at + 18, ZJ_W(foreigner), 4,
                  "9, nationality, date and MOD 11-2");
        return true;
    }
    return false;
}

/* 15 digits: a card's subscriber, a device, or a person of the first generation. */
static void take_15(struct zj_scan *s, size_t at)
{
    const uint8_t *p = s->in.at + at;
    const struct zj_context *c = zj_context(s, at, at + 15);
    if (zj_is_imsi(p)) {
        if ((c->near & ZJ_W(imsi)) || !(c->key & (ZJ_W(order) | ZJ_W(time) | ZJ_W(bank))))
            add_known(s, ZJ_TYPE_IMSI, at, at + 15, ZJ_W(imsi), 15,
                      "country 460 and a network of it");
    } else if ((c->near & ZJ_W(imei)) && zj_luhn_is_valid(zj_span_of(p, 15)) &&
               !zj_is_repeated(zj_span_of(p, 15)) && p[0] != '0') {
        add_known(s, ZJ_TYPE_IMEI, at, at + 15, ZJ_W(imei), 0, "Luhn and a word that says so");
    } else if ((c->near & ZJ_W(resident)) && zj_is_resident_id15(p)) {
        add_known(s, ZJ_TYPE_CN_RESIDENT_ID15, at, at + 15, ZJ_W(resident), 0,
                  "region, date and a word that says so");
    } else {
        take_phone(s, at, 15);
    }
}

/* 12 and 13 digits that only a word tells from others. */
static bool take_licence(struct zj_scan *s, size_t at, size_t len)
{
    const uint8_t *p = s->in.at + at;
    if (!s->rules || !zj_is_province(zj_number_at(p, 2)))
        return false;
    const struct zj_context *c = zj_context(s, at, at + len);
    const unsigned province = zj_number_at(p, 2), prefecture = zj_number_at(p + 2, 2);
    const bool is_whole_city = !prefecture && zj_is_city_province(province);
    if (len == 12 && (c->near & ZJ_W(archive)) &&
        (is_whole_city || zj_is_region(province, prefecture))) {
        add_known(s, ZJ_TYPE_DRIVER_ARCHIVE_NO, at, at + 12, ZJ_W(archive), is_whole_city ? -10 : 0,
                  "region and a word that says so");
        return true;
    }
    if ((c->near & ZJ_W(cert)) && !(c->key & ZJ_W(order) & ~ZJ_W(cert))) {
        add_known(s, ZJ_TYPE_VEHICLE_CERT_NO, at, at + len, ZJ_W(cert), 0,
                  "province and a word that says so");
        return true;
    }
    return false;
}

/* What a number of a person may be called. */
static const uint64_t numbered = ZJ_W(phone) | ZJ_W(iot) | ZJ_W(landline) | ZJ_W(imsi) |
                                 ZJ_W(imei) | ZJ_W(bank) | ZJ_W(archive) | ZJ_W(cert);

/* 13800000000.0, as programs of tables write a number where a cell of the column is empty; a word
 * must say that it is a number of a person. */
static bool is_float_of_table(struct zj_scan *s, size_t at, size_t len)
{
    const struct zj_span in = s->in;
    const size_t end = at + len;
    if (!s->rules || zj_byte_at(in, end) != '.' || zj_byte_at(in, end + 1) != '0' ||
        zj_is_alnum(zj_byte_at(in, end + 2)) || (at && in.at[at - 1] == '.'))
        return false;
    return zj_context(s, at, end)->near & numbered;
}

/* 1.38E10 with all its digits, which are 11: `at` is behind the point. */
static void take_exponent(struct zj_scan *s, size_t at, size_t len, size_t digits)
{
    const struct zj_span in = s->in;
    uint8_t number[11];
    size_t end = at + digits + 1;
    if (digits > 10 || !s->rules || at < 2 || in.at[at - 1] != '.' || in.at[at - 2] != '1' ||
        (at > 2 && (zj_is_alnum(in.at[at - 3]) || in.at[at - 3] == '.' || in.at[at - 3] == '-')))
        return;
    end += len == digits + 1 && zj_byte_at(in, end) == '+';
    if ((in.at[at + digits] | 32) != 'e' ||
        !zj_span_starts(zj_span_part(in, end, 2), ZJ_SPAN_LIT("10")) ||
        zj_is_alnum(zj_byte_at(in, end + 2)))
        return;
    memset(number, '0', sizeof number);
    number[0] = '1';
    memcpy(number + 1, in.at + at, digits);
    const struct zj_context *c = zj_context(s, at - 2, end + 2);
    if (zj_is_mobile(number) && (c->near & ZJ_W(phone)))
        zj_scan_add_near(s, ZJ_TYPE_CN_MOBILE, at - 2, end + 2, 0,
                         "number range of mobile networks, as a power of ten", c->word);
}

static void take_digits(struct zj_scan *s, size_t at, size_t len)
{
    if (is_in_fraction(s->in, at, len) && !is_float_of_table(s, at, len))
        return;
    switch (len) {
    case 12:
    case 13:
        if (!take_licence(s, at, len))
            take_phone(s, at, len);
        break;
    case 15:
        take_15(s, at);
        break;
    case 18:
        if (take_identity(s, at))
            break;
        if (zj_is_uscc(zj_span_of(s->in.at + at, 18)))
            add_known(s, ZJ_TYPE_CN_USCC, at, at + 18, ZJ_W(uscc), 1,
                      "MOD 31 and organisation code");
        else
            take_bank(s, at, len);
        break;
    case 16:
    case 17:
    case 19:
        if (!(len == 19 && take_iccid(s, at, len)) && !take_bank(s, at, len))
            take_phone(s, at, len);
        break;
    case 20:
        take_iccid(s, at, len);
        break;
    default:
        if (len == 11)
            take_phone(s, at, len);
    }
}

/* 17 of the alphabet. China and North America need the check digit; others and lower case need a
 * word that says so. */
static void take_vin(struct zj_scan *s, size_t at)
{
    static const char checked[] = "alphabet and check digit";
    uint8_t upper[17];
    bool has_lower = false, has_beyond_hex = false;
    const struct zj_span raw = zj_span_of(s->in.at + at, 17);
    if (!zj_all_digits(zj_span_part(raw, 13, 4)))
        return;
    if (raw.at[0] == 'L' && zj_vin_has_check(raw)) { /* the common case, without what follows */
        zj_scan_add(s, ZJ_TYPE_VIN, at, at + 17, 0, checked);
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
    const struct zj_context *c = zj_context(s, at, at + 17);
    const bool is_named = c->near & ZJ_W(vin);
    const bool stands_alone = must_check && !has_lower && has_beyond_hex && !(c->key & ZJ_W(order));
    if (!stands_alone && !is_named)
        return;
    zj_scan_add_near(s, ZJ_TYPE_VIN, at, at + 17, has_check ? 0 : -25,
                     has_check ? checked : "alphabet and a word that says so",
                     is_named ? c->word : NULL);
}

static void take_mac(struct zj_scan *s, size_t at)
{
    for (size_t i = 0; i < 12; i++)
        if (!zj_is_hex(s->in.at[at + i]))
            return;
    const struct zj_context *c = zj_context(s, at, at + 12);
    if (c->key & ZJ_W(mac))
        zj_scan_add_near(s, ZJ_TYPE_MAC, at, at + 12, -10, "12 hex digits and a word that says so",
                         c->word);
}

void zj_scan_run(struct zj_scan *s, size_t at, size_t len, size_t digits)
{
    const uint8_t *p = s->in.at + at;
    if (digits >= len) {
        take_digits(s, at, len);
        return;
    }
    if (len <= 13 && at >= 2 && s->in.at[at - 1] == '.')
        take_exponent(s, at, len, digits);
    switch (len) {
    case 12:
        if (s->rules)
            take_mac(s, at);
        break;
    case 17:
        take_vin(s, at);
        break;
    case 18:
        if (digits == 17 && (p[17] | 32) == 'x')
            take_identity(s, at);
        else if (zj_is_uscc(zj_span_of(p, 18)))
            add_known(s, ZJ_TYPE_CN_USCC, at, at + 18, ZJ_W(uscc), 1,
                      "MOD 31 and organisation code");
        break;
    case 19:
    case 20:
        if (digits >= 4)
            take_iccid(s, at, len);
        break;
    case 24:
        if (zj_is_battery_code(p))
            zj_scan_add(s, ZJ_TYPE_BATTERY_CODE, at, at + 24, 0, "fields of GB/T 34014");
        break;
    default:
        break;
    }
}

/* The digits of the groups around `at`, with what they are in bytes. */
struct digit_groups {
    uint8_t digits[24];
    size_t count;
    size_t start, end;
    unsigned lens[8], groups;
};

static bool read_groups(struct zj_span in, size_t sep_at, struct digit_groups *g)
{
    const uint8_t sep = in.at[sep_at];
    size_t at = sep_at;
    *g = (struct digit_groups){0};
    while (at && sep_at - at < 8 && zj_is_digit(in.at[at - 1]))
        at--;
    g->start = at;
    while (g->groups < ZJ_COUNT(g->lens)) {
        const size_t from = at;
        while (at < in.len && zj_is_digit(in.at[at]) && g->count < sizeof g->digits)
            g->digits[g->count++] = in.at[at++];
        if (g->count == 17 && at < in.len && (in.at[at] | 32) == 'x')
            g->digits[g->count++] = in.at[at++];
        g->lens[g->groups++] = (unsigned)(at - from);
        g->end = at;
        if (at + 1 >= in.len || in.at[at] != sep || !zj_is_digit(in.at[at + 1]))
            break;
        at++;
    }
    const uint8_t before = g->start ? in.at[g->start - 1] : 0;
    return !zj_is_alnum(before) && before != '.' && !zj_is_alnum(zj_byte_at(in, g->end)) &&
           !(zj_byte_at(in, g->end) == '.' && zj_is_digit(zj_byte_at(in, g->end + 1)));
}

static void drop_country_code(struct digit_groups *g)
{
    const unsigned first = g->lens[0];
    if (!((first == 2 && g->digits[0] == '8' && g->digits[1] == '6') ||
          (first == 4 && memcmp(g->digits, "0086", 4) == 0)) ||
        g->count != first + 11)
        return;
    memmove(g->digits, g->digits + first, g->count - first);
    memmove(g->lens, g->lens + 1, sizeof g->lens - sizeof *g->lens);
    g->count -= first;
    g->groups--;
    g->start += first + 1;
}

void zj_scan_groups(struct zj_scan *s, size_t sep_at)
{
    struct digit_groups g;
    if (sep_at < s->group_end)
        return;
    const bool stands_alone = read_groups(s->in, sep_at, &g);
    s->group_end = g.end;
    if (!stands_alone || g.groups < 2)
        return;
    drop_country_code(&g);
    const struct zj_span value = zj_span_of(g.digits, g.count);
    if (g.count == 11 && g.groups == 3 && g.lens[0] == 3 && g.lens[1] == 4) {
        if (zj_is_mobile(g.digits) && !is_denied(s, g.start, g.end - g.start, ZJ_W(phone)))
            add_known(s, ZJ_TYPE_CN_MOBILE, g.start, g.end, ZJ_W(phone), 15,
                      "number range of mobile networks, in groups");
    } else if (g.count == 18 && zj_is_resident_id(value)) {
        zj_scan_add(s, ZJ_TYPE_CN_RESIDENT_ID, g.start, g.end, -4,
                    "region, date and MOD 11-2, in groups");
    } else if (g.count == 20 && zj_iccid_is_valid(value)) {
        add_known(s, ZJ_TYPE_ICCID, g.start, g.end, ZJ_W(iccid), 0,
                  "issuer 89 and Luhn, in groups");
    } else if (g.count == 15 && (zj_context(s, g.start, g.end)->near & ZJ_W(imei)) &&
               zj_luhn_is_valid(value)) {
        add_known(s, ZJ_TYPE_IMEI, g.start, g.end, ZJ_W(imei), 0, "Luhn and a word, in groups");
    } else if (g.count >= 16 && g.count <= 19 && zj_luhn_is_valid(value) && g.lens[0] >= 4) {
        const enum zj_issuer issuer = zj_card_issuer(value);
        const struct zj_context *c = zj_context(s, g.start, g.end);
        const bool is_named = (c->near & ZJ_W(bank)) != 0;
        if (issuer && (is_named || (issuer == ZJ_ISSUER_UNIONPAY && !is_filled_up(value))))
            add_known(s, ZJ_TYPE_BANK_CARD, g.start, g.end, ZJ_W(bank), 10,
                      "issuer, length and Luhn, in groups");
    }
}

void zj_scan_landline(struct zj_scan *s, size_t dash_at)
{
    const struct zj_span in = s->in;
    size_t start = dash_at, end = dash_at + 1;
    while (start && dash_at - start < 5 && zj_is_digit(in.at[start - 1]))
        start--;
    while (end < in.len && end - dash_at < 10 && zj_is_digit(in.at[end]))
        end++;
    size_t area = dash_at - start;
    const bool has_country = start >= 4 && memcmp(in.at + start - 4, "+86-", 4) == 0;
    if (has_country) { /* +86-10-… */
        if (area < 2 || area > 3 || in.at[start] == '0')
            return;
    } else if (area >= 4 && in.at[start] == '8' && in.at[start + 1] == '6') { /* +8610-… */
        start += 2;
        area -= 2;
        if (area != 2 && area != 3)
            return;
    } else if (area < 3 || area > 4 || in.at[start] != '0' || zj_area_len(in.at + start) != area) {
        return;
    }
    const size_t digits = end - dash_at - 1;
    const uint8_t before = start ? in.at[start - 1] : 0, first = in.at[dash_at + 1];
    if (digits < 7 || digits > 8 || zj_is_alnum(before) || (before == '-' && !has_country) ||
        before == '.' || zj_is_alnum(zj_byte_at(in, end)) || first < '2')
        return;
    if (is_denied(s, start, end - start, ZJ_W(landline) | ZJ_W(phone)))
        return;
    add_known(s, ZJ_TYPE_CN_LANDLINE, start, end, ZJ_W(landline) | ZJ_W(phone), 10,
              "area code and length");
}

/* (010)62345678, (010)6234-5678: `at` is the first digit. */
void zj_scan_area(struct zj_scan *s, size_t at)
{
    const struct zj_span in = s->in;
    if (at + 4 > in.len || !zj_area_len(in.at + at))
        return;
    size_t number = at + zj_area_len(in.at + at), end;
    const bool is_wide = zj_span_starts(zj_span_part(in, number, 3), ZJ_SPAN_LIT("）"));
    if (!is_wide && zj_byte_at(in, number) != ')')
        return;
    number += is_wide ? 3 : 1;
    number += zj_byte_at(in, number) == ' ';
    size_t digits = 0;
    for (end = number; end < in.len && digits < 10; end++) {
        const bool is_mark = in.at[end] == '-' && digits >= 3 && digits == end - number &&
                             zj_is_digit(zj_byte_at(in, end + 4));
        if (!is_mark && !zj_is_digit(in.at[end]))
            break;
        digits += !is_mark;
    }
    if (digits < 7 || digits > 8 || in.at[number] < '2' || zj_is_alnum(zj_byte_at(in, end)))
        return;
    const size_t start = at - (is_wide ? 3 : 1);
    add_known(s, ZJ_TYPE_CN_LANDLINE, start, end, ZJ_W(landline) | ZJ_W(phone), 10,
              "area code in brackets and length");
}

/* Only with rules, as the bracket of full width is found by them. */
void zj_scan_bracket(struct zj_scan *s, size_t bracket_at)
{
    if (s->rules && s->in.at[bracket_at + 1] == '0')
        zj_scan_area(s, bracket_at + 1);
}
