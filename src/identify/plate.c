/* Number plates (GA 36): a province, a letter, and a serial of five; six for new energy; four and a
 * character for police, trailers, learners and cars of Hong Kong and Macau. Text is UTF-8. */
#include "base/text.h"
#include "identify/engine.h"

enum { UTF8_HAN = 3 };

static const uint16_t provinces[] =
    u"京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新";
static const uint16_t suffixes[] = u"警学挂港澳试超";

/* Of all of them at once, without a branch. */
static inline bool is_one_of(const uint8_t *p, const uint16_t *han, size_t count)
{
    const uint16_t code = (uint16_t)((p[0] & 15u) << 12 | (p[1] & 63u) << 6 | (p[2] & 63u));
    uint16_t is_any = 0;
    for (size_t i = 0; i < count; i++)
        is_any |= (uint16_t)(han[i] == code);
    return is_any && (p[0] & 0xf0) == 0xe0 && (p[1] & p[2] & 0xc0) == 0x80 &&
           !((p[1] | p[2]) & 0x40);
}

static bool is_province(const uint8_t *p)
{
    return is_one_of(p, provinces, ZJ_COUNT(provinces) - 1);
}

static bool is_serial(uint8_t c)
{
    return zj_is_digit(c) || (c >= 'A' && c <= 'Z' && c != 'I' && c != 'O');
}

/* The mark printed between letter and serial: a dot, a space, nothing. */
static size_t mark_len(struct zj_span s)
{
    if (zj_span_starts(s, ZJ_SPAN_LIT("·")) || zj_span_starts(s, ZJ_SPAN_LIT("•")) ||
        zj_span_starts(s, ZJ_SPAN_LIT("・")))
        return zj_utf8_len(s);
    return s.len && (s.at[0] == ' ' || s.at[0] == '-' || s.at[0] == '.') ? 1 : 0;
}

/* Small new-energy cars: a letter, a letter or digit, four digits; large ones: five, a letter. */
static bool is_new_energy(const uint8_t *p)
{
    unsigned digits = 0;
    for (unsigned i = 1; i < 5; i++)
        digits += zj_is_digit(p[i]);
    const bool is_small =
        p[0] >= 'A' && p[0] <= 'K' && zj_is_digit(p[5]) && digits - zj_is_digit(p[1]) == 3;
    const bool is_large = zj_is_digit(p[0]) && digits == 4 && p[5] >= 'A' && p[5] <= 'K';
    return is_small || is_large;
}

static bool is_ordinary(const uint8_t *p)
{
    unsigned letters = 0;
    for (unsigned i = 0; i < 5; i++)
        letters += !zj_is_digit(p[i]);
    return letters <= 2;
}

/* What stands behind the letter, to where it ends; 0: no plate. */
static size_t serial_end(struct zj_span in, size_t at, const char **out_why)
{
    struct zj_span rest = zj_span_part(in, at, 16);
    rest = zj_span_part(rest, mark_len(rest), rest.len);
    size_t len = 0;
    while (len < rest.len && len < 7 && is_serial(rest.at[len]))
        len++;
    const size_t end = (size_t)(rest.at - in.at) + len;
    if (len < rest.len && zj_is_alnum(rest.at[len]))
        return 0;
    if (len == 6 && is_new_energy(rest.at)) {
        *out_why = "new-energy plate";
        return end;
    }
    if (len == 5 && is_ordinary(rest.at)) {
        *out_why = "ordinary plate";
        return end;
    }
    if (len == 4 && rest.len >= 4 + UTF8_HAN &&
        is_one_of(rest.at + 4, suffixes, ZJ_COUNT(suffixes) - 1)) {
        *out_why = "plate with its suffix";
        return end + UTF8_HAN;
    }
    if (len == 4 && zj_span_starts(zj_span_part(rest, 4, 6), ZJ_SPAN_LIT("应急"))) {
        *out_why = "plate of rescue";
        return end + 6;
    }
    return 0;
}

/* "2024新A12345款": no more than the shape, so what stands before is looked at. */
void zj_scan_plate(struct zj_scan *s, size_t letter_at)
{
    const uint8_t letter = s->in.at[letter_at];
    if (letter_at < UTF8_HAN || letter > 'Z' || letter == 'I' ||
        !is_province(s->in.at + letter_at - UTF8_HAN))
        return;
    const char *why = NULL;
    const size_t end = serial_end(s->in, letter_at + 1, &why);
    if (!end)
        return;
    size_t start = letter_at - UTF8_HAN;
    if (start >= 2 && s->in.at[start - 1] == 'J' && s->in.at[start - 2] == 'W') {
        start -= 2;
        why = "armed police plate";
    }
    zj_scan_add(s, ZJ_TYPE_CN_PLATE, start, end, 0, why);
}

static size_t digits_at(struct zj_span in, size_t at, size_t max)
{
    size_t len = 0;
    while (len < max && zj_is_digit(zj_byte_at(in, at + len)))
        len++;
    return len;
}

/* Two letters of the forces and five digits. */
static size_t military_len(struct zj_span in, size_t at)
{
    const uint8_t first = zj_byte_at(in, at), second = zj_byte_at(in, at + 1);
    if (!first || !strchr("VKHBSLJNGCEQZD", first) || second < 'A' || second > 'Z')
        return 0;
    return digits_at(in, at + 2, 6) == 5 && !zj_is_letter(zj_byte_at(in, at + 7)) ? 7 : 0;
}

/* WJ, perhaps a province, five digits or four and a letter. */
static size_t police_len(struct zj_span in, size_t at)
{
    if (!zj_span_starts(zj_span_part(in, at, 2), ZJ_SPAN_LIT("WJ")))
        return 0;
    size_t from = at + 2;
    if (from + UTF8_HAN < in.len && is_province(in.at + from))
        from += UTF8_HAN;
    const size_t digits = digits_at(in, from, 6);
    if (digits == 5 && !zj_is_alnum(zj_byte_at(in, from + 5)))
        return from + 5 - at;
    if (digits == 4 && is_serial(zj_byte_at(in, from + 4)) &&
        !zj_is_alnum(zj_byte_at(in, from + 5)))
        return from + 5 - at;
    return 0;
}

/* 使 and six digits; six digits and 使; a province, five digits and 领. */
static size_t mission_len(struct zj_span in, size_t at)
{
    const struct zj_span rest = zj_span_part(in, at, 16);
    if (zj_span_starts(rest, ZJ_SPAN_LIT("使")) && digits_at(in, at + UTF8_HAN, 7) == 6)
        return UTF8_HAN + 6;
    if (digits_at(in, at, 7) == 6 && zj_span_starts(zj_span_part(rest, 6, 3), ZJ_SPAN_LIT("使")))
        return 6 + UTF8_HAN;
    if (rest.len > 8 && is_province(rest.at)) {
        const size_t from = rest.at[UTF8_HAN] >= 'A' && rest.at[UTF8_HAN] <= 'Z' ? 4 : 3;
        const size_t digits = digits_at(in, at + from, 6);
        if ((digits == 4 || digits == 5) &&
            zj_span_starts(zj_span_part(rest, from + digits, 3), ZJ_SPAN_LIT("领")))
            return from + digits + UTF8_HAN;
    }
    return 0;
}

size_t zj_plate_len(struct zj_span in, size_t at, const char **out_why)
{
    size_t len = police_len(in, at);
    *out_why = "armed police plate";
    if (len)
        return len;
    *out_why = "plate of the forces";
    len = military_len(in, at);
    if (len)
        return len;
    *out_why = "plate of a mission";
    len = mission_len(in, at);
    if (len)
        return len;
    if (at + 4 < in.len && is_province(in.at + at) && zj_is_letter(in.at[at + 3])) {
        const size_t end = serial_end(in, at + 4, out_why);
        return end ? end - at : 0;
    }
    return 0;
}
