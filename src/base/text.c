#include "base/text.h"

#include <iconv.h>

size_t zj_utf8_len(struct zj_span s)
{
    if (s.len == 0)
        return 0;
    uint8_t c = s.at[0];
    if (c < 0x80)
        return 1;
    size_t len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    if (c < 0xc2 || c > 0xf4 || s.len < len)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((s.at[i] & 0xc0) != 0x80)
            return 0;
    uint8_t second = s.at[1];
    if ((c == 0xe0 && second < 0xa0) || (c == 0xed && second > 0x9f) ||
        (c == 0xf0 && second < 0x90) || (c == 0xf4 && second > 0x8f))
        return 0;
    return len;
}

bool zj_utf8_is_valid(struct zj_span s)
{
    for (size_t i = 0; i < s.len;) {
        size_t len = zj_utf8_len(zj_span_part(s, i, 4));
        if (!len)
            return false;
        i += len;
    }
    return true;
}

static void convert(struct zj_buf *out, struct zj_span in, const char *from, const char *to,
                    const char *substitute)
{
    iconv_t cd = iconv_open(to, from);
    if (cd == (iconv_t)-1)
        abort(); /* both sets are part of libc */
    char *src = (char *)in.at;
    size_t left = in.len;
    while (left) {
        zj_buf_reserve(out, left * 3 + 8);
        char *dst = (char *)out->at + out->len;
        size_t room = out->cap - out->len;
        size_t before = room;
        size_t rc = iconv(cd, &src, &left, &dst, &room);
        out->len += before - room;
        if (rc == (size_t)-1 && left) {
            zj_buf_str(out, substitute);
            src++;
            left--;
        }
    }
    iconv_close(cd);
}

void zj_text_from_gbk(struct zj_buf *out, struct zj_span gbk)
{
    convert(out, gbk, "GB18030", "UTF-8", "\xef\xbf\xbd");
}

size_t zj_text_line_ends(struct zj_span text)
{
    size_t count = 0;
    for (const uint8_t *p = text.at, *end = p + text.len;
         p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
        count++;
    return count;
}

void zj_text_to_gbk(struct zj_buf *out, struct zj_span utf8)
{
    convert(out, utf8, "UTF-8", "GBK", "?");
}

/* The ASCII character that a full-width one stands for; 0: it is none of those. */
static uint8_t narrow(uint32_t code)
{
    const uint8_t c = code >= 0xff01 && code <= 0xff5e ? (uint8_t)(code - 0xfee0) : 0;
    const bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    return is_letter || (c >= '-' && c <= '/') || (c >= '0' && c <= ':') ? c : 0;
}

void zj_text_fold(struct zj_buf *out, struct zj_span utf8)
{
    for (size_t at = 0; at < utf8.len;) {
        const uint8_t *p = utf8.at + at;
        const size_t len = zj_utf8_len(zj_span_part(utf8, at, 4));
        const uint32_t code = len == 3   ? (p[0] & 0xfU) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3fU)
                              : len == 2 ? (p[0] & 0x1fU) << 6 | (p[1] & 0x3fU)
                                         : 0;
        const bool has_no_width = (code >= 0x200b && code <= 0x200f) || code == 0x2060 ||
                                  code == 0xfeff || code == 0xad;
        if (narrow(code))
            zj_buf_byte(out, narrow(code));
        else if (!has_no_width)
            zj_buf_span(out, zj_span_of(p, len ? len : 1));
        at += len ? len : 1;
    }
}
