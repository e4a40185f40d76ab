/* Forms that text comes in: GB18030, UTF-16, escapes of URLs, JSON, XML and logs, full-width
 * digits, characters without a width inside values. Such text is decoded into UTF-8 with the place
 * of each byte beside it; plain text is not touched.
 *
 * GB18030 must be decoded before anything is looked for: the second byte of a character may be an
 * ASCII letter, and four-byte characters hold ASCII digits. */
#include <iconv.h>

#include "base/text.h"
#include "identify/engine.h"
#include "identify/survey.h"

enum { GBK_LEADS = 126, GBK_TRAILS = 191 };

const char *zj_form_name(enum zj_form form)
{
    static const char *const names[ZJ_FORM_COUNT] = {"plain",   "escaped", "percent", "full-width",
                                                     "GB18030", "UTF-16",  "UTF-16",  "zero-width"};
    return names[form];
}

const char *zj_form_zh(enum zj_form form)
{
    static const char *const names[ZJ_FORM_COUNT] = {
        "明文", "转义", "百分号编码", "全角", "GB18030", "UTF-16", "UTF-16", "含零宽字符"};
    return names[form];
}

/* U+200B to U+200D, U+FEFF and U+00AD: seen by nobody, and in no value. */
static bool is_hidden(unsigned c)
{
    return (c >= 0x200b && c <= 0x200d) || c == 0xfeff || c == 0xad;
}

/* The length of such a character of UTF-8 at `at`; 0: it is another. */
static size_t hidden_len(struct zj_span in, size_t at)
{
    const uint8_t a = zj_byte_at(in, at + 1), b = zj_byte_at(in, at + 2);
    switch (in.at[at]) {
    case 0xc2:
        return a == 0xad ? 2 : 0;
    case 0xe2:
        return a == 0x80 && b >= 0x8b && b <= 0x8d ? 3 : 0;
    case 0xef:
        return a == 0xbb && b == 0xbf ? 3 : 0;
    default:
        return 0;
    }
}

size_t zj_visible_end(struct zj_span raw, size_t start, size_t end)
{
    for (size_t len = 3; len >= 2; len--)
        while (end - start > len && hidden_len(raw, end - len) == len) {
            end -= len;
            len = 3;
        }
    return end;
}

enum zj_form zj_escaped_form(struct zj_span raw, size_t decoded_len)
{
    if (raw.len == decoded_len) /* every escape is longer than what it says */
        return ZJ_FORM_PLAIN;
    for (size_t at = 0; at < raw.len; at++) {
        const uint8_t c = raw.at[at], next = zj_byte_at(raw, at + 1);
        if (c >= 0x80 && hidden_len(raw, at))
            return ZJ_FORM_HIDDEN;
        if (c == '%' && zj_is_hex(next))
            return ZJ_FORM_PERCENT;
        if ((c == '\\' && (next == 'u' || next == 'x')) || (c == '%' && next == 'u') ||
            (c == '&' && next == '#'))
            return ZJ_FORM_ESCAPED;
        if (c == 0xef && (next == 0xbc || next == 0xbd))
            return ZJ_FORM_WIDE;
    }
    return ZJ_FORM_ESCAPED;
}

/* Code points of all two-byte characters, 0 where there is none. */
uint16_t *zj_gbk_table(void)
{
    uint16_t *table = zj_alloc((size_t)GBK_LEADS * GBK_TRAILS * sizeof *table);
    iconv_t cd = iconv_open("UCS-2LE", "GB18030");
    if (cd == (iconv_t)-1)
        abort(); /* both sets are part of libc */
    for (unsigned lead = 0; lead < GBK_LEADS; lead++)
        for (unsigned trail = 0; trail < GBK_TRAILS; trail++) {
            char in[2] = {(char)(lead + 0x81), (char)(trail + 0x40)};
            uint16_t out = 0;
            char *src = in, *dst = (char *)&out;
            size_t left = 2, room = 2;
            iconv(cd, NULL, NULL, NULL, NULL);
            if (iconv(cd, &src, &left, &dst, &room) == 0 && !left && !room)
                table[lead * GBK_TRAILS + trail] = out;
        }
    iconv_close(cd);
    return table;
}

/* Length of the GB18030 character at `p`, 0 where it is none. */
static size_t gb_len(const uint8_t *p, size_t left)
{
    if (p[0] < 0x80)
        return 1;
    if (p[0] == 0x80 || p[0] == 0xff || left < 2)
        return 0;
    if (p[1] >= 0x40)
        return p[1] != 0x7f && p[1] != 0xff ? 2 : 0;
    return left >= 4 && zj_is_digit(p[1]) && p[2] >= 0x81 && p[2] <= 0xfe && zj_is_digit(p[3]) ? 4
                                                                                               : 0;
}

static unsigned gb_code(const uint16_t *table, const uint8_t *p, size_t len)
{
    if (len == 2)
        return table[(unsigned)(p[0] - 0x81) * GBK_TRAILS + (unsigned)(p[1] - 0x40)];
    const unsigned linear =
        (((unsigned)(p[0] - 0x81) * 10 + (unsigned)(p[1] - '0')) * 126 + (unsigned)(p[2] - 0x81)) *
            10 +
        (unsigned)(p[3] - '0');
    const unsigned planes = ((0x90 - 0x81) * 10u) * 126 * 10; /* 90308130 is U+10000 */
    if (linear >= planes)
        return linear - planes + 0x10000;
    return linear >= 0x1a10 ? 0x3400 : 0xfffd; /* rare characters of the basic plane */
}

static bool is_gb(struct zj_span line)
{
    bool has_any = false;
    for (size_t at = 0; at < line.len;) {
        const uint8_t c = line.at[at];
        if (c < ' ' && c != '\t' && c != '\r' && c != '\n')
            return false;
        const size_t len = gb_len(line.at + at, line.len - at);
        if (!len)
            return false;
        has_any |= len > 1;
        at += len;
    }
    return has_any;
}

enum zj_form zj_line_form(struct zj_span line)
{
    const unsigned seen = zj_survey(line);
    if (seen & ZJ_SEEN_NOT_UTF8)
        return is_gb(line) ? ZJ_FORM_GB18030 : ZJ_FORM_PLAIN;
    return seen & ZJ_SEEN_ESCAPE ? ZJ_FORM_ESCAPED : ZJ_FORM_PLAIN;
}

/* Zeros in every second byte, and characters that texts have. */
static bool is_utf16(struct zj_span in, bool is_big_endian)
{
    const size_t units = (in.len < 1024 ? in.len : 1024) / 2;
    size_t ascii = 0, han = 0;
    for (size_t i = 0; i < units; i++) {
        const uint8_t low = in.at[2 * i + (is_big_endian ? 1 : 0)];
        const uint8_t high = in.at[2 * i + (is_big_endian ? 0 : 1)];
        ascii +=
            high == 0 && ((low >= ' ' && low < 0x7f) || low == '\n' || low == '\r' || low == '\t');
        han += (high >= 0x4e && high <= 0x9f) || high == 0x30 || high == 0xff ||
               (high == 0xfe && low == 0xff);
    }
    return units >= 4 && (ascii + han) * 20 >= units * 19 && ascii * 5 >= units;
}

/* Text has no control bytes but those that move on the page. */
static bool is_binary(struct zj_span in)
{
    for (size_t i = 0; i < in.len && i < 1024; i++)
        if (in.at[i] < 7)
            return true;
    return false;
}

enum zj_text_kind zj_text_kind(struct zj_span in)
{
    const bool has_zero = memchr(in.at, 0, in.len < 256 ? in.len : 256) != NULL;
    if (has_zero && is_utf16(in, false))
        return ZJ_TEXT_UTF16LE;
    if (has_zero && is_utf16(in, true))
        return ZJ_TEXT_UTF16BE;
    const unsigned seen = zj_survey(in);
    if (!seen || ((seen & ZJ_SEEN_NOT_UTF8) && is_binary(in)))
        return ZJ_TEXT_PLAIN;
    return ZJ_TEXT_LINES;
}

struct writer {
    struct zj_identify_scratch *scratch;
    size_t len;
};

/* A code point that began at `place`; full-width letters and digits become plain ones. */
static void put_code(struct writer *w, unsigned c, size_t place)
{
    uint8_t *out = w->scratch->text.at + w->len;
    size_t len = 1;
    if (is_hidden(c))
        return;
    if ((c >= 0xff10 && c <= 0xff19) || (c >= 0xff21 && c <= 0xff3a) ||
        (c >= 0xff41 && c <= 0xff5a) || c == 0xff0d)
        c -= 0xfee0;
    if (c < 0x80) {
        out[0] = (uint8_t)c;
    } else if (c < 0x800) {
        out[0] = (uint8_t)(0xc0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 63));
        len = 2;
    } else if (c < 0x10000) {
        out[0] = (uint8_t)(0xe0 | c >> 12);
        out[1] = (uint8_t)(0x80 | (c >> 6 & 63));
        out[2] = (uint8_t)(0x80 | (c & 63));
        len = 3;
    } else {
        out[0] = (uint8_t)(0xf0 | (c >> 18 & 7));
        out[1] = (uint8_t)(0x80 | (c >> 12 & 63));
        out[2] = (uint8_t)(0x80 | (c >> 6 & 63));
        out[3] = (uint8_t)(0x80 | (c & 63));
        len = 4;
    }
    for (size_t i = 0; i < len; i++)
        w->scratch->places[w->len + i] = (uint32_t)place;
    w->len += len;
}

static int hex_digit(uint8_t c)
{
    return zj_is_digit(c) ? c - '0' : zj_is_hex(c) ? (c | 32) - 'a' + 10 : -1;
}

static long hex_at(struct zj_span in, size_t at, unsigned digits)
{
    long value = 0;
    for (unsigned i = 0; i < digits; i++) {
        const int digit = at + i < in.len ? hex_digit(in.at[at + i]) : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* What no encoder leaves as it is. */
static bool is_coded(long value)
{
    return value >= 0x80 || (value > 0 && !zj_is_alnum((uint8_t)value));
}

/* The byte that %XX or \xXX stands for, coded again (%25XX) or not; its length, 0: none. */
static size_t escaped_byte(struct zj_span in, size_t at, uint8_t *out)
{
    size_t from = at + 1;
    if (in.at[at] == '\\') {
        if (zj_byte_at(in, from++) != 'x')
            return 0;
    } else {
        for (unsigned i = 0;
             i < 3 && hex_at(in, from, 2) == '%' && is_coded(hex_at(in, from + 2, 2)); i++)
            from += 2;
    }
    const long value = hex_at(in, from, 2);
    if (value <= 0)
        return 0;
    *out = (uint8_t)value;
    return from + 2 - at;
}

static unsigned code_of_utf8(const uint8_t *p, size_t len)
{
    if (len == 1)
        return p[0];
    if (len == 2)
        return (unsigned)(p[0] & 31) << 6 | (p[1] & 63);
    if (len == 3)
        return (unsigned)(p[0] & 15) << 12 | (unsigned)(p[1] & 63) << 6 | (p[2] & 63);
    return (unsigned)(p[0] & 7) << 18 | (unsigned)(p[1] & 63) << 12 | (unsigned)(p[2] & 63) << 6 |
           (p[3] & 63);
}

/* A run of escaped bytes of UTF-8, or of GBK, whose last may be a letter that needs no escape. Its
 * length in the input; 0: none. */
static size_t put_bytes(struct writer *w, struct zj_span in, size_t at)
{
    enum { RUN_MAX = 192 };
    uint8_t bytes[RUN_MAX + 1];
    size_t places[RUN_MAX + 1], count = 0, end = at, len;
    while (count < RUN_MAX && end < in.len && in.at[end] == in.at[at] &&
           (len = escaped_byte(in, end, &bytes[count])) != 0) {
        places[count++] = end;
        end += len;
    }
    const struct zj_span all = zj_span_of(bytes, count);
    for (size_t i = 0; i < count; i += len) {
        len = zj_utf8_len(zj_span_part(all, i, 4));
        if (len) {
            const unsigned c = code_of_utf8(bytes + i, len);
            put_code(w, c >= ' ' ? c : ' ', places[i]);
            continue;
        }
        size_t left = count - i;
        if (left == 1 && zj_is_letter(zj_byte_at(in, end))) {
            bytes[count] = in.at[end];
            left = 2;
        }
        len = gb_len(bytes + i, left);
        const unsigned c = len >= 2 ? gb_code(w->scratch->rules->gbk, bytes + i, len) : 0xfffd;
        put_code(w, c ? c : 0xfffd, places[i]);
        end += len >= 2 && left == 2 && count - i == 1;
        len = len ? len : 1;
    }
    return end - at;
}

/* \u4eac, %u4EAC, \ud840\udc00; a line end or tab of JSON, which does not end the line that it
 * stands in. 0: none. */
static size_t put_backslash(struct writer *w, struct zj_span in, size_t at)
{
    const uint8_t next = zj_byte_at(in, at + 1);
    if (in.at[at] == '\\' && (next == 'n' || next == 'r' || next == 't')) {
        put_code(w, ' ', at);
        return 2;
    }
    if ((next | 32) != 'u')
        return 0;
    const long value = hex_at(in, at + 2, 4);
    if (value < 0x20)
        return 0;
    if (value >= 0xd800 && value < 0xdc00 && zj_byte_at(in, at + 6) == in.at[at]) {
        const long low = hex_at(in, at + 8, 4);
        if (low >= 0xdc00 && low < 0xe000) {
            put_code(w, (unsigned)(0x10000 + ((value - 0xd800) << 10) + (low - 0xdc00)), at);
            return 12;
        }
    }
    put_code(w, value >= 0xd800 && value < 0xe000 ? 0xfffd : (unsigned)value, at);
    return 6;
}

/* &#20140; and &#x4eac; */
static size_t put_entity(struct writer *w, struct zj_span in, size_t at)
{
    if (zj_byte_at(in, at + 1) != '#')
        return 0;
    const bool is_hex = (zj_byte_at(in, at + 2) | 32) == 'x';
    size_t i = at + 2 + is_hex;
    unsigned value = 0;
    const size_t from = i;
    for (; i < in.len && i - from < 7; i++) {
        const int digit = hex_digit(in.at[i]);
        if (digit < 0 || (digit > 9 && !is_hex))
            break;
        value = value * (is_hex ? 16 : 10) + (unsigned)digit;
    }
    if (i == from || zj_byte_at(in, i) != ';' || value < 0x20 || value > 0x10ffff)
        return 0;
    put_code(w, value >= 0xd800 && value < 0xe000 ? 0xfffd : value, at);
    return i + 1 - at;
}

static void decode_escapes(struct writer *w, struct zj_span in)
{
    for (size_t at = 0; at < in.len;) {
        const uint8_t c = in.at[at];
        size_t len = 0;
        if (c == '%' || c == '\\') {
            len = put_bytes(w, in, at);
            len = len ? len : put_backslash(w, in, at);
        } else if (c == '&') {
            len = put_entity(w, in, at);
        } else if (c == 0xe2 || c == 0xc2) {
            len = hidden_len(in, at);
        }
        if (!len && c == 0xef && at + 3 <= in.len) { /* U+Fxxx: full-width forms are there */
            put_code(w, 0xf000u | (unsigned)(in.at[at + 1] & 63) << 6 | (in.at[at + 2] & 63), at);
            len = 3;
        }
        if (!len) {
            w->scratch->text.at[w->len] = c;
            w->scratch->places[w->len++] = (uint32_t)at;
            len = 1;
        }
        at += len;
    }
}

static void decode_gb(struct writer *w, struct zj_span in)
{
    for (size_t at = 0; at < in.len;) {
        size_t len = gb_len(in.at + at, in.len - at);
        const unsigned c = len == 1   ? in.at[at]
                           : len >= 2 ? gb_code(w->scratch->rules->gbk, in.at + at, len)
                                      : 0xfffd;
        len = len ? len : 1;
        put_code(w, c || in.at[at] == 0 ? c : 0xfffd, at);
        at += len;
    }
}

static void decode_utf16(struct writer *w, struct zj_span in, bool is_big_endian)
{
    for (size_t at = 0; at + 1 < in.len; at += 2) {
        const size_t from = at;
        const unsigned high = is_big_endian ? 0 : 1;
        unsigned c = (unsigned)in.at[at + high] << 8 | in.at[at + 1 - high];
        if (c >= 0xd800 && c < 0xdc00 && at + 3 < in.len) {
            const unsigned low = (unsigned)in.at[at + 2 + high] << 8 | in.at[at + 3 - high];
            if (low >= 0xdc00 && low < 0xe000) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                at += 2;
            }
        }
        put_code(w, c >= 0xd800 && c < 0xe000 ? 0xfffd : c, from);
    }
}

void zj_text_decode(struct zj_identify_scratch *scratch, struct zj_span in, enum zj_form form)
{
    struct writer w = {.scratch = scratch};
    const size_t room = in.len * 3 + 16; /* a code point needs no more, and takes a byte at least */
    scratch->text.len = 0;
    zj_buf_reserve(&scratch->text, room);
    if (scratch->places_max < room + 1) {
        scratch->places_max = room + 1;
        scratch->places = zj_realloc(scratch->places, scratch->places_max * sizeof(uint32_t));
    }
    if (form == ZJ_FORM_GB18030)
        decode_gb(&w, in);
    else if (form == ZJ_FORM_UTF16 || form == ZJ_FORM_UTF16BE)
        decode_utf16(&w, in, form == ZJ_FORM_UTF16BE);
    else
        decode_escapes(&w, in);
    scratch->text.len = w.len;
    scratch->places[w.len] = (uint32_t)in.len;
}

void zj_identify_text(const struct zj_identifier *identifier, struct zj_span bytes,
                      enum zj_form form, struct zj_buf *out)
{
    if (form == ZJ_FORM_PLAIN || form == ZJ_FORM_WIDE) { /* UTF-8 as it stands */
        zj_buf_span(out, bytes);
        return;
    }
    struct zj_identify_scratch scratch = {.rules = identifier};
    zj_text_decode(&scratch, bytes, form);
    zj_buf_span(out, zj_buf_all(&scratch.text));
    zj_buf_release(&scratch.text);
    free(scratch.places);
}
