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

void zj_text_to_gbk(struct zj_buf *out, struct zj_span utf8)
{
    convert(out, utf8, "UTF-8", "GBK", "?");
}
