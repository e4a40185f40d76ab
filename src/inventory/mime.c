#include "inventory/mime.h"

#include <stdio.h>
#include <strings.h>

#include "base/text.h"

static int value_of(uint8_t c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

void zj_mime_base64(struct zj_buf *out, struct zj_span text)
{
    uint32_t bits = 0;
    unsigned count = 0;
    zj_buf_reserve(out, text.len / 4 * 3 + 3);
    for (size_t i = 0; i < text.len; i++) {
        const int value = value_of(text.at[i]);
        if (text.at[i] == '=') /* the end, or of one of several put together */
            bits = count = 0;
        if (value < 0)
            continue;
        bits = bits << 6 | (uint32_t)value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            zj_buf_byte(out, (uint8_t)(bits >> count));
        }
    }
}

/* Bytes as `mark` and two digits. */
static void put_escaped(struct zj_buf *out, struct zj_span text, uint8_t mark, bool is_word)
{
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = text.at[i];
        const int high = i + 2 < text.len ? zj_hex_value(text.at[i + 1]) : -1;
        const int low = i + 2 < text.len ? zj_hex_value(text.at[i + 2]) : -1;
        if (c == mark && high >= 0 && low >= 0) {
            zj_buf_byte(out, (uint8_t)(high << 4 | low));
            i += 2;
        } else if (c == mark && mark == '=' && i + 1 < text.len && text.at[i + 1] == '\n') {
            i++; /* the line goes on */
        } else if (c == mark && mark == '=' && i + 2 < text.len && text.at[i + 1] == '\r') {
            i += 2;
        } else {
            zj_buf_byte(out, is_word && c == '_' ? ' ' : c);
        }
    }
}

void zj_mime_quoted(struct zj_buf *out, struct zj_span text, bool is_word)
{
    put_escaped(out, text, '=', is_word);
}

void zj_mime_text(struct zj_buf *out, struct zj_span text, struct zj_span charset)
{
    const bool is_gb = charset.len >= 2 && strncasecmp((const char *)charset.at, "gb", 2) == 0;
    if (is_gb || (!charset.len && !zj_utf8_is_valid(text)))
        zj_text_from_gbk(out, text);
    else
        zj_buf_span(out, text);
}

/* "=?charset?B?text?=" at the start of `s`: its length, 0 where it is none, or none within 8 KiB. */
static size_t put_word(struct zj_buf *out, struct zj_span s)
{
    enum { WORD_MAX = 8192 }; /* RFC 2047 allows 75 */
    s = zj_span_part(s, 0, WORD_MAX);
    if (!zj_span_starts(s, ZJ_SPAN_LIT("=?")))
        return 0;
    const uint8_t *mark = memchr(s.at + 2, '?', s.len - 2);
    const size_t kind = mark ? (size_t)(mark - s.at) + 1 : s.len;
    if (kind + 2 > s.len || s.at[kind + 1] != '?')
        return 0;
    const uint8_t *end = memmem(s.at + kind + 2, s.len - kind - 2, "?=", 2);
    if (!end)
        return 0;
    const struct zj_span text = zj_span_of(s.at + kind + 2, (size_t)(end - s.at) - kind - 2);
    struct zj_buf bytes = {0};
    if ((s.at[kind] | 0x20) == 'b')
        zj_mime_base64(&bytes, text);
    else
        zj_mime_quoted(&bytes, text, true);
    zj_mime_text(out, zj_buf_all(&bytes), zj_span_of(s.at + 2, kind - 3));
    zj_buf_release(&bytes);
    return (size_t)(end - s.at) + 2;
}

void zj_mime_words(struct zj_buf *out, struct zj_span value)
{
    for (size_t at = 0; at < value.len;) {
        const size_t len = put_word(out, zj_span_part(value, at, value.len));
        at += len;
        size_t blanks = at;
        while (len && blanks < value.len && value.at[blanks] <= ' ')
            blanks++;
        if (len && zj_span_starts(zj_span_part(value, blanks, 2), ZJ_SPAN_LIT("=?"))) {
            at = blanks; /* blanks between two words are none */
        } else if (!len) {
            const uint8_t *next = memmem(value.at + at + 1, value.len - at - 1, "=?", 2);
            const size_t to = next ? (size_t)(next - value.at) : value.len;
            zj_mime_text(out, zj_span_part(value, at, to - at), (struct zj_span){0});
            at = to;
        }
    }
}

bool zj_mime_header(struct zj_span headers, const char *name, struct zj_buf *out)
{
    enum { VALUE_MAX = 256 * 1024 };
    const size_t len = strlen(name);
    for (struct zj_span rest = headers; rest.len;) {
        const uint8_t *end = memchr(rest.at, '\n', rest.len);
        size_t line = end ? (size_t)(end - rest.at) + 1 : rest.len;
        const bool is_it = rest.len > len && rest.at[len] == ':' &&
                           strncasecmp((const char *)rest.at, name, len) == 0;
        while (line < rest.len && (rest.at[line] == ' ' || rest.at[line] == '\t')) {
            end = memchr(rest.at + line, '\n', rest.len - line);
            line = end ? (size_t)(end - rest.at) + 1 : rest.len;
        }
        if (is_it) {
            struct zj_span value = zj_span_trim(zj_span_part(rest, len + 1, line - len - 1));
            value = zj_span_part(value, 0, VALUE_MAX);
            for (size_t i = 0; i < value.len; i++)
                if (value.at[i] != '\r' && value.at[i] != '\n')
                    zj_buf_byte(out, value.at[i]);
            return true;
        }
        rest = zj_span_part(rest, line, rest.len);
    }
    return false;
}

/* The parameter `name` as it is written, at its first place. */
static bool raw_param(struct zj_span value, const char *name, struct zj_span *out)
{
    const size_t len = strlen(name);
    bool is_quoted = false;
    for (size_t at = 0; at + len + 2 < value.len; at++) {
        is_quoted ^= value.at[at] == '"';
        if (is_quoted || value.at[at] != ';')
            continue;
        size_t from = at + 1;
        while (from < value.len && value.at[from] <= ' ')
            from++;
        if (value.len - from <= len || value.at[from + len] != '=' ||
            strncasecmp((const char *)value.at + from, name, len) != 0)
            continue;
        from += len + 1;
        const bool has_quote = from < value.len && value.at[from] == '"';
        from += has_quote;
        size_t to = from;
        while (to < value.len && value.at[to] != (has_quote ? '"' : ';'))
            to++;
        *out = zj_span_trim(zj_span_part(value, from, to - from));
        return true;
    }
    return false;
}

/* "utf-8''%E8%BD%A6" as bytes, its charset in `charset` where it is the first piece. */
static void put_extended(struct zj_buf *bytes, struct zj_span text, bool is_first,
                         struct zj_span *charset)
{
    const uint8_t *first = is_first ? memchr(text.at, '\'', text.len) : NULL;
    const size_t at = first ? (size_t)(first - text.at) + 1 : 0;
    const uint8_t *second = first ? memchr(text.at + at, '\'', text.len - at) : NULL;
    if (second) {
        *charset = zj_span_part(text, 0, at - 1);
        text = zj_span_part(text, (size_t)(second - text.at) + 1, text.len);
    }
    put_escaped(bytes, text, '%', false);
}

bool zj_mime_param(struct zj_span value, const char *name, struct zj_buf *out)
{
    enum { PIECES_MAX = 1000 };
    struct zj_span raw, charset = {0};
    char key[64];
    if (raw_param(value, name, &raw)) {
        zj_mime_words(out, raw);
        return true;
    }
    struct zj_buf bytes = {0};
    snprintf(key, sizeof key, "%s*", name);
    bool has_any = raw_param(value, key, &raw);
    if (has_any)
        put_extended(&bytes, raw, true, &charset);
    for (unsigned i = 0; (!has_any || i) && i < PIECES_MAX; i++) {
        snprintf(key, sizeof key, "%s*%u*", name, i);
        const bool is_extended = raw_param(value, key, &raw);
        key[strlen(key) - 1] = '\0';
        if (is_extended)
            put_extended(&bytes, raw, i == 0, &charset);
        else if (raw_param(value, key, &raw))
            zj_buf_span(&bytes, raw);
        else
            break;
        has_any = true;
    }
    zj_mime_text(out, zj_buf_all(&bytes), charset);
    zj_buf_release(&bytes);
    return has_any;
}
