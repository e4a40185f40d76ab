#include "base/json.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"

static void before_value(struct zj_json *j)
{
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (j->has_member >> j->depth & 1)
        zj_buf_byte(j->out, ',');
    j->has_member |= (uint64_t)1 << j->depth;
}

static void open_level(struct zj_json *j, uint8_t mark)
{
    before_value(j);
    assert(j->depth + 1 < ZJ_JSON_DEPTH_MAX);
    j->depth++;
    j->has_member &= ~((uint64_t)1 << j->depth);
    zj_buf_byte(j->out, mark);
}

void zj_json_object(struct zj_json *j)
{
    open_level(j, '{');
}

void zj_json_object_end(struct zj_json *j)
{
    j->depth--;
    zj_buf_byte(j->out, '}');
    if (j->on_row && j->depth == 2)
        j->on_row(j->row_ctx);
}

void zj_json_object_reopen(struct zj_json *j)
{
    assert(j->out->len && j->out->at[j->out->len - 1] == '}');
    j->out->len--;
    j->depth++;
    j->has_member &= ~((uint64_t)1 << j->depth);
    if (j->out->len && j->out->at[j->out->len - 1] != '{')
        j->has_member |= (uint64_t)1 << j->depth;
}

void zj_json_array(struct zj_json *j)
{
    open_level(j, '[');
}

void zj_json_array_end(struct zj_json *j)
{
    j->depth--;
    zj_buf_byte(j->out, ']');
    if (j->depth == 1)
        j->on_row = NULL;
}

void zj_json_key(struct zj_json *j, const char *key)
{
    const size_t len = strlen(key);
    before_value(j);
    zj_buf_reserve(j->out, len + 3);
    uint8_t *at = j->out->at + j->out->len;
    at[0] = '"';
    memcpy(at + 1, key, len);
    at[len + 1] = '"';
    at[len + 2] = ':';
    j->out->len += len + 3;
    j->after_key = true;
}

void zj_json_null(struct zj_json *j)
{
    before_value(j);
    zj_buf_span(j->out, ZJ_SPAN_LIT("null"));
}

void zj_json_bool(struct zj_json *j, bool value)
{
    before_value(j);
    zj_buf_str(j->out, value ? "true" : "false");
}

void zj_json_int(struct zj_json *j, int64_t value)
{
    before_value(j);
    zj_buf_i64(j->out, value);
}

void zj_json_uint(struct zj_json *j, uint64_t value)
{
    before_value(j);
    zj_buf_u64(j->out, value);
}

void zj_json_fixed(struct zj_json *j, int64_t value, unsigned decimals)
{
    before_value(j);
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    uint64_t unit = 1;
    for (unsigned i = 0; i < decimals; i++)
        unit *= 10;
    if (value < 0)
        zj_buf_byte(j->out, '-');
    zj_buf_u64(j->out, magnitude / unit);
    uint64_t rest = magnitude % unit;
    if (!rest)
        return;
    zj_buf_byte(j->out, '.');
    for (unit /= 10; rest; unit /= 10) {
        zj_buf_byte(j->out, (uint8_t)('0' + rest / unit));
        rest %= unit;
    }
}

void zj_json_double(struct zj_json *j, double value)
{
    if (!isfinite(value)) {
        zj_json_null(j);
        return;
    }
    before_value(j);
    char text[32];
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    zj_buf_str(j->out, text);
}

static void write_escaped(struct zj_buf *out, uint8_t c)
{
    switch (c) {
    case '"':
        zj_buf_span(out, ZJ_SPAN_LIT("\\\""));
        break;
    case '\\':
        zj_buf_span(out, ZJ_SPAN_LIT("\\\\"));
        break;
    case '\n':
        zj_buf_span(out, ZJ_SPAN_LIT("\\n"));
        break;
    case '\r':
        zj_buf_span(out, ZJ_SPAN_LIT("\\r"));
        break;
    case '\t':
        zj_buf_span(out, ZJ_SPAN_LIT("\\t"));
        break;
    default:
        zj_buf_printf(out, "\\u%04x", c);
    }
}

/* Do eight bytes go out as they are? Some that would are told not to, behind one that does not. */
static inline bool are_plain(const uint8_t *p)
{
    static const uint64_t ones = 0x0101010101010101u;
    const uint64_t x = zj_load_word(p), quote = x ^ '"' * ones, slash = x ^ '\\' * ones;
    const uint64_t others = (quote - ones) | (slash - ones) | (x - 0x20 * ones) | (x + ones) | x;
    return !(others & 0x80 * ones);
}

static void write_text(struct zj_buf *out, struct zj_span text)
{
    zj_buf_byte(out, '"');
    size_t from = 0;
    for (size_t i = 0; i < text.len;) {
        if (text.len - i >= 8 && are_plain(text.at + i)) {
            i += 8;
            continue;
        }
        uint8_t c = text.at[i];
        if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\' && c != 0x7f) {
            i++;
            continue;
        }
        size_t len = c < 0x80 ? 0 : zj_utf8_len(zj_span_part(text, i, 4));
        if (len) {
            i += len;
            continue;
        }
        zj_buf_span(out, zj_span_of(text.at + from, i - from));
        if (c < 0x80)
            write_escaped(out, c);
        else
            zj_buf_span(out, ZJ_SPAN_LIT("\xef\xbf\xbd"));
        from = ++i;
    }
    if (from < text.len)
        zj_buf_span(out, zj_span_of(text.at + from, text.len - from));
    zj_buf_byte(out, '"');
}

void zj_json_span(struct zj_json *j, struct zj_span text)
{
    before_value(j);
    write_text(j->out, text);
}

void zj_json_str(struct zj_json *j, const char *text)
{
    if (text)
        zj_json_span(j, zj_span_str(text));
    else
        zj_json_null(j);
}

void zj_json_hex(struct zj_json *j, struct zj_span bytes)
{
    before_value(j);
    zj_buf_byte(j->out, '"');
    zj_buf_hex(j->out, bytes);
    zj_buf_byte(j->out, '"');
}

void zj_json_time(struct zj_json *j, int64_t time_ns)
{
    char text[ZJ_TIME_TEXT];
    zj_time_format_fine(time_ns, text);
    zj_json_str(j, text);
}

void zj_json_ktime(struct zj_json *j, const char *key, int64_t time_us)
{
    char text[ZJ_TIME_TEXT];
    zj_time_format(time_us * 1000, text);
    zj_json_kstr(j, key, time_us ? text : NULL);
}

void zj_json_printf(struct zj_json *j, const char *format, ...)
{
    struct zj_buf text = {0};
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    zj_buf_reserve(&text, (size_t)len + 1);
    vsnprintf((char *)text.at, (size_t)len + 1, format, again);
    va_end(again);
    text.len = (size_t)len;
    zj_json_span(j, zj_buf_all(&text));
    zj_buf_release(&text);
}

void zj_json_raw(struct zj_json *j, struct zj_span json)
{
    before_value(j);
    zj_buf_span(j->out, json);
}
