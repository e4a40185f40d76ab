/* Number plates (GA 36): a province, a letter, and a serial of five; six for new energy; four and a
 * character for police, trailers, learners and cars of Hong Kong and Macau. Text is UTF-8. */
#include "base/text.h"
#include "identify/scan.h"

enum { UTF8_HAN = 3 };

static bool is_one_of(const uint8_t *p, const char *han)
{
    for (; *han; han += UTF8_HAN)
        if (memcmp(p, han, UTF8_HAN) == 0)
            return true;
    return false;
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_serial(uint8_t c)
{
    return is_digit(c) || (c >= 'A' && c <= 'Z' && c != 'I' && c != 'O');
}

static bool is_alnum(uint8_t c)
{
    return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* The mark printed between letter and serial: a dot, a space, nothing. */
static size_t mark_len(struct zj_span s)
{
    if (zj_span_starts(s, ZJ_SPAN_LIT("·")) || zj_span_starts(s, ZJ_SPAN_LIT("•")))
        return zj_utf8_len(s);
    return s.len && s.at[0] == ' ' ? 1 : 0;
}

/* Small new-energy cars: a letter, a letter or digit, four digits; large ones: five, a letter. */
static bool is_new_energy(const uint8_t *p)
{
    unsigned digits = 0;
    for (unsigned i = 1; i < 5; i++)
        digits += is_digit(p[i]);
    const bool is_small =
        p[0] >= 'A' && p[0] <= 'K' && is_digit(p[5]) && digits - is_digit(p[1]) == 3;
    const bool is_large = is_digit(p[0]) && digits == 4 && p[5] >= 'A' && p[5] <= 'K';
    return is_small || is_large;
}

static bool is_ordinary(const uint8_t *p)
{
    unsigned letters = 0;
    for (unsigned i = 0; i < 5; i++)
        letters += !is_digit(p[i]);
    return letters <= 2;
}

void zj_scan_plate(struct zj_scan *s, size_t letter_at)
{
    static const char provinces[] =
        "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新";
    const uint8_t letter = s->in.at[letter_at];
    if (letter_at < UTF8_HAN || letter > 'Z' || letter == 'I' ||
        !is_one_of(s->in.at + letter_at - UTF8_HAN, provinces))
        return;
    struct zj_span rest = zj_span_part(s->in, letter_at + 1, 16);
    rest = zj_span_part(rest, mark_len(rest), rest.len);
    size_t len = 0;
    while (len < rest.len && len < 7 && is_serial(rest.at[len]))
        len++;
    const char *why = NULL;
    size_t extra = 0;
    if (len < rest.len && is_alnum(rest.at[len]))
        return;
    if (len == 6 && is_new_energy(rest.at)) {
        why = "new-energy plate";
    } else if (len == 5 && is_ordinary(rest.at)) {
        why = "ordinary plate";
    } else if (len == 4 && rest.len >= 4 + UTF8_HAN && is_one_of(rest.at + 4, "警学挂港澳试超")) {
        why = "plate with its suffix";
        extra = UTF8_HAN;
    }
    const size_t end = (size_t)(rest.at - s->in.at) + len + extra;
    if (why)
        zj_scan_add(s, ZJ_TYPE_CN_PLATE, letter_at - UTF8_HAN, end, 95, why);
}
