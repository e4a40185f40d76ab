#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

void zj_buf_reserve(struct zj_buf *buf, size_t more)
{
    size_t need = buf->len + more;
    if (need <= buf->cap)
        return;
    size_t cap = buf->cap ? buf->cap : 256;
    while (cap < need)
        cap *= 2;
    buf->at = zj_realloc(buf->at, cap);
    buf->cap = cap;
}

void zj_buf_release(struct zj_buf *buf)
{
    free(buf->at);
    *buf = (struct zj_buf){0};
}

void zj_buf_printf(struct zj_buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        abort();
    zj_buf_reserve(buf, (size_t)len + 1);
    vsnprintf((char *)buf->at + buf->len, (size_t)len + 1, format, again);
    va_end(again);
    buf->len += (size_t)len;
}

void zj_buf_hex(struct zj_buf *buf, struct zj_span bytes)
{
    static const char digits[] = "0123456789abcdef";
    zj_buf_reserve(buf, bytes.len * 2);
    for (size_t i = 0; i < bytes.len; i++) {
        buf->at[buf->len++] = (uint8_t)digits[bytes.at[i] >> 4];
        buf->at[buf->len++] = (uint8_t)digits[bytes.at[i] & 15];
    }
}

void zj_buf_u64(struct zj_buf *buf, uint64_t value)
{
    uint8_t digits[20];
    size_t n = sizeof digits;
    for (; value >= 100; value /= 100) { /* two of them a division */
        const unsigned two = (unsigned)(value % 100);
        digits[--n] = (uint8_t)('0' + two % 10);
        digits[--n] = (uint8_t)('0' + two / 10);
    }
    if (value >= 10)
        digits[--n] = (uint8_t)('0' + value % 10);
    digits[--n] = (uint8_t)('0' + (value >= 10 ? value / 10 : value));
    zj_buf_span(buf, zj_span_of(digits + n, sizeof digits - n));
}

void zj_buf_i64(struct zj_buf *buf, int64_t value)
{
    if (value < 0)
        zj_buf_byte(buf, '-');
    zj_buf_u64(buf, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

const char *zj_buf_cstr(struct zj_buf *buf)
{
    zj_buf_byte(buf, 0);
    buf->len--;
    return (const char *)buf->at;
}

int zj_hex_value(uint8_t c)
{
    const uint8_t low = c | 0x20;
    return c >= '0' && c <= '9' ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

bool zj_buf_from_hex(struct zj_buf *buf, struct zj_span text)
{
    int high = -1;
    for (size_t i = 0; i < text.len; i++) {
        if (high < 0 &&
            (text.at[i] == ' ' || text.at[i] == '\n' || text.at[i] == '\r' || text.at[i] == '\t'))
            continue;
        int v = zj_hex_value(text.at[i]);
        if (v < 0)
            return false;
        if (high < 0) {
            high = v;
        } else {
            zj_buf_byte(buf, (uint8_t)(high << 4 | v));
            high = -1;
        }
    }
    return high < 0;
}
