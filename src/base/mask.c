#include "base/mask.h"

#include "base/text.h"

enum { WHOLE_MIN = 10, HEAD = 3, TAIL = 2, STARS_MAX = 24 };

static inline size_t char_len(struct zj_span value, size_t at)
{
    return value.at[at] < 0x80 ? 1 : zj_utf8_len(zj_span_part(value, at, 4));
}

static bool is_printable_ascii(struct zj_span value)
{
    unsigned others = 0;
    for (size_t i = 0; i < value.len; i++)
        others |= value.at[i] < ' ' || value.at[i] >= 0x80;
    return !others;
}

/* A byte a character, all of which may be shown. */
static void mask_ascii(struct zj_buf *out, struct zj_span value)
{
    static const char stars[STARS_MAX + 1] = "************************";
    const bool has_tail = value.len >= WHOLE_MIN;
    const size_t head = has_tail ? HEAD : value.len ? 1 : 0, tail = has_tail ? TAIL : 0;
    const size_t hidden = value.len - head - tail;
    zj_buf_span(out, zj_span_part(value, 0, head));
    zj_buf_span(out, zj_span_of(stars, hidden < STARS_MAX ? hidden : STARS_MAX));
    zj_buf_span(out, zj_span_part(value, value.len - tail, tail));
}

void zj_mask_value(struct zj_buf *out, struct zj_span value)
{
    if (is_printable_ascii(value)) {
        mask_ascii(out, value);
        return;
    }
    size_t count = 0, i = 0, stars = 0;
    for (size_t at = 0; at < value.len; count++) {
        const size_t len = char_len(value, at);
        at += len ? len : 1;
    }
    for (size_t at = 0; at < value.len; i++) {
        const size_t len = char_len(value, at);
        const bool is_shown = count >= WHOLE_MIN ? i < HEAD || i + TAIL >= count : i == 0;
        if (is_shown && len && value.at[at] >= ' ')
            zj_buf_span(out, zj_span_part(value, at, len));
        else if (stars++ < STARS_MAX)
            zj_buf_byte(out, '*');
        at += len ? len : 1;
    }
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_identity(struct zj_span word)
{
    size_t digits = 0;
    for (size_t i = 0; i < word.len; i++)
        digits += is_digit(word.at[i]);
    return (word.len >= 11 && digits == word.len) ||
           ((word.len == 17 || word.len == 19 || word.len == 20) && digits >= 4);
}

void zj_mask_identities(struct zj_buf *out, struct zj_span text)
{
    for (size_t at = 0, end; at < text.len; at = end) {
        end = at;
        while (end < text.len && (is_letter(text.at[end]) || is_digit(text.at[end])))
            end++;
        const struct zj_span word = zj_span_part(text, at, end - at);
        if (word.len == 0)
            zj_buf_byte(out, text.at[end++]);
        else if (is_identity(word))
            zj_mask_value(out, word);
        else
            zj_buf_span(out, word);
    }
}
