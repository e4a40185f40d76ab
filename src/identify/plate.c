/* Number plates (GA 36): a province, a letter, and a serial of five; six for new energy; four and a
 * character for police, trailers, learners, consulates and cars of Hong Kong and Macau; six digits
 * and a character for embassies. Text is UTF-8. */
#include "base/idcheck.h"
#include "base/text.h"
#include "identify/engine.h"

enum { UTF8_HAN = 3 };

static const uint16_t provinces[] =
    u"京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新";
static const uint16_t suffixes[] = u"警学挂港澳试超领";

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

static bool is_han_at(struct zj_span in, size_t at)
{
    const uint8_t c = zj_byte_at(in, at);
    return c >= 0xe4 && c <= 0xe9;
}

/* 领 is no end of a plate in 领取, 领航 … */
static bool begins_a_word(struct zj_span rest)
{
    static const uint16_t seconds[] = u"取导先用到奖克航域养证料会略";
    return zj_span_starts(rest, ZJ_SPAN_LIT("领")) && rest.len >= 2 * UTF8_HAN &&
           is_one_of(rest.at + UTF8_HAN, seconds, ZJ_COUNT(seconds) - 1);
}

static bool is_suffix(struct zj_span serial)
{
    if (serial.len < 4 + UTF8_HAN || !is_one_of(serial.at + 4, suffixes, ZJ_COUNT(suffixes) - 1))
        return false;
    const struct zj_span rest = zj_span_part(serial, 4, serial.len);
    return !zj_span_starts(rest, ZJ_SPAN_LIT("领")) ||
           (zj_all_digits(zj_span_part(serial, 0, 4)) && !begins_a_word(rest));
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
    if (len == 4 && is_suffix(rest)) {
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

/* Digits with the mark that may be printed behind the third; their length, 0 where they are not
 * `count`. */
static size_t mission_digits(struct zj_span in, size_t at, size_t count)
{
    const size_t first = digits_at(in, at, count + 1);
    if (first == count)
        return count;
    const size_t mark = mark_len(zj_span_part(in, at + 3, 4));
    return first == 3 && mark && digits_at(in, at + 3 + mark, count) == count - 3 ? count + mark
                                                                                  : 0;
}

/* 使 and six digits; six digits and 使; a province, five digits and 领. */
static size_t mission_len(struct zj_span in, size_t at)
{
    const struct zj_span rest = zj_span_part(in, at, 20);
    if (zj_span_starts(rest, ZJ_SPAN_LIT("使"))) {
        const size_t digits = mission_digits(in, at + UTF8_HAN, 6);
        return digits ? UTF8_HAN + digits : 0;
    }
    const size_t six = mission_digits(in, at, 6);
    if (six && zj_span_starts(zj_span_part(rest, six, 3), ZJ_SPAN_LIT("使")))
        return six + UTF8_HAN;
    if (rest.len > 8 && is_province(rest.at)) {
        const bool has_letter = rest.at[UTF8_HAN] >= 'A' && rest.at[UTF8_HAN] <= 'Z';
        const size_t from = UTF8_HAN + has_letter;
        const size_t digits =
            has_letter ? mission_digits(in, at + from, 4) : mission_digits(in, at + from, 5);
        const struct zj_span end = zj_span_part(rest, from + digits, 6);
        if (digits && zj_span_starts(end, ZJ_SPAN_LIT("领")) && !begins_a_word(end))
            return from + digits + UTF8_HAN;
    }
    return 0;
}

/* Where the plate begins that ends in a digit and 使 or 领 at `end`. */
static size_t mission_start(struct zj_span in, size_t end)
{
    size_t at = end - UTF8_HAN;
    for (unsigned i = 0; i < 8 && at; i++) {
        const bool is_dot = at >= 2 && in.at[at - 1] == 0xb7 && in.at[at - 2] == 0xc2;
        if (!zj_is_digit(in.at[at - 1]) && !is_dot)
            break;
        at -= is_dot ? 2 : 1;
    }
    return at >= UTF8_HAN && is_province(in.at + at - UTF8_HAN) ? at - UTF8_HAN : at;
}

/* WJ, a province and five digits, or four and a letter. Those with a letter behind the province are
 * found without. */
static void take_police(struct zj_scan *s, size_t at)
{
    const struct zj_span in = s->in;
    const size_t len = police_len(in, at);
    if (len <= UTF8_HAN + 6 || !is_province(in.at + at + 2) || (at && zj_is_alnum(in.at[at - 1])))
        return;
    const struct zj_context *c = zj_context(s, at, at + len);
    const bool is_named = c->near & ZJ_W(plate);
    zj_scan_add_near(s, ZJ_TYPE_CN_PLATE, at, at + len, 0, "armed police plate",
                     is_named ? c->word : NULL);
}

/* WJ and a province, 使 and a digit, or a digit and 使 or 领, from `at` to `end`. Bare, no word may
 * go on there. */
void zj_scan_mission(struct zj_scan *s, size_t at, size_t end)
{
    const struct zj_span in = s->in;
    if (in.at[at] == 'W') {
        take_police(s, at);
        return;
    }
    const size_t start = zj_is_digit(in.at[at]) ? mission_start(in, end) : at;
    const size_t len = mission_len(in, start);
    if (!len)
        return;
    const bool ends_open = zj_is_digit(in.at[start + len - 1]);
    const uint8_t before = start ? in.at[start - 1] : 0, behind = zj_byte_at(in, start + len);
    if (zj_is_alnum(before) || before == '.' || (ends_open && zj_is_alnum(behind)))
        return;
    const struct zj_context *c = zj_context(s, start, start + len);
    const bool is_named = c->near & ZJ_W(plate), has_province = is_province(in.at + start);
    const bool is_within =
        (start >= UTF8_HAN && is_han_at(in, start - UTF8_HAN)) || is_han_at(in, start + len);
    if (!is_named && !has_province && is_within)
        return;
    zj_scan_add_near(s, ZJ_TYPE_CN_PLATE, start, start + len, is_named ? 0 : -20,
                     "plate of a mission", is_named ? c->word : NULL);
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
