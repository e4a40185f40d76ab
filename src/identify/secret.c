/* Secrets: passwords and tokens behind their words, keys that have a form of their own. */
#include "identify/engine.h"

#include <math.h>
#include <strings.h>

enum { SECRET_MAX = 512, PEM_MAX = 16384, JWT_MAX = 8192 };

static bool ends_value(uint8_t c, uint8_t quote)
{
    if (quote)
        return c == quote || c == '\n' || c == '\r';
    return c <= ' ' || c == '"' || c == '\'' || c == ',' || c == ';' || c == '&' || c == '<' ||
           c == '>' || c == ')' || c == '}' || c == '`' || c >= 0x80;
}

/* Bits of entropy in a character of the value. */
static double entropy_of(struct zj_span value)
{
    unsigned counts[128] = {0};
    double bits = 0;
    for (size_t i = 0; i < value.len; i++)
        counts[value.at[i] & 127]++;
    for (size_t i = 0; i < ZJ_COUNT(counts); i++)
        if (counts[i]) {
            const double p = (double)counts[i] / (double)value.len;
            bits -= p * log2(p);
        }
    return bits;
}

static bool is_placeholder(const struct zj_scan *s, struct zj_span value)
{
    size_t len;
    const struct zj_word *word = zj_words_prefix(&s->rules->placeholders, value, 0, &len);
    if (word && len == value.len)
        return true;
    const uint8_t first = value.at[0];
    if (first == '$' || first == '<' || first == '%' || first == '#' ||
        (first == '{' && zj_byte_at(value, 1) == '{'))
        return true;
    size_t stars = 0;
    for (size_t i = 0; i < value.len; i++)
        stars += value.at[i] == '*';
    return stars * 3 >= value.len || zj_span_starts(value, ZJ_SPAN_LIT("ENC(")) ||
           zj_span_starts(value, ZJ_SPAN_LIT("{cipher}"));
}

/* Is it a word of a language or a call of a program rather than a secret? */
static bool is_plain_word(struct zj_span value)
{
    bool has_digit = false, has_mark = false, has_upper = false, has_lower = false;
    for (size_t i = 0; i < value.len; i++) {
        const uint8_t c = value.at[i];
        if (c == '(')
            return true;
        has_digit |= zj_is_digit(c);
        has_upper |= c >= 'A' && c <= 'Z';
        has_lower |= c >= 'a' && c <= 'z';
        has_mark |= !zj_is_alnum(c) && c != '.' && c != '_' && c != '-' && c != '/';
    }
    if (has_digit && (has_upper || has_lower || has_mark))
        return false;
    if (has_mark && has_lower)
        return false;
    return value.len < 16 || !(has_upper && has_lower);
}

bool zj_scan_secret(struct zj_scan *s, size_t at, const char *word, bool is_cell)
{
    const struct zj_span in = s->in;
    uint8_t quote = 0;
    if (at && (in.at[at - 1] == '"' || in.at[at - 1] == '\'' || in.at[at - 1] == '`'))
        quote = in.at[at - 1];
    static const char *const schemes[] = {"Bearer ", "Basic ", "Token "};
    for (size_t i = 0; i < ZJ_COUNT(schemes); i++)
        if (in.len - at > 8 &&
            strncasecmp((const char *)in.at + at, schemes[i], strlen(schemes[i])) == 0)
            at += strlen(schemes[i]);
    size_t end = at;
    while (end < in.len && end - at < SECRET_MAX && !ends_value(in.at[end], quote) &&
           !(in.at[end] == '\\' && zj_byte_at(in, end + 1) == quote))
        end++;
    if (at < s->secret_end) /* inside a value looked at already */
        return false;
    s->secret_end = end;
    while (end > at && (in.at[end - 1] == '.' || in.at[end - 1] == '\\'))
        end--;
    const struct zj_span value = zj_span_part(in, at, end - at);
    if (value.len < 6 || value.len >= SECRET_MAX || is_placeholder(s, value))
        return false;
    for (size_t i = 0; i < value.len; i++)
        if (value.at[i] >= 0x80 || value.at[i] == ' ')
            return false;
    const double entropy = entropy_of(value);
    if (entropy < 2.2 || (!is_cell && is_plain_word(value)))
        return false;
    zj_scan_add_near(s, ZJ_TYPE_SECRET, at, end, entropy >= 3 ? 5 : -5,
                     "value behind a word for secrets", word);
    return true;
}

void zj_scan_pem(struct zj_scan *s, size_t at)
{
    static const struct zj_span key = ZJ_SPAN_LIT("PRIVATE KEY-----"),
                                tail = ZJ_SPAN_LIT("-----END");
    const struct zj_span rest = zj_span_part(s->in, at, PEM_MAX);
    const uint8_t *head = memmem(rest.at, rest.len < 64 ? rest.len : 64, key.at, key.len);
    if (!head || at < s->secret_end)
        return;
    const struct zj_span body = zj_span_part(rest, (size_t)(head - rest.at) + key.len, rest.len);
    const uint8_t *foot = memmem(body.at, body.len, tail.at, tail.len);
    size_t end = rest.len;
    if (foot) {
        const struct zj_span last = zj_span_of(foot, rest.len - (size_t)(foot - rest.at));
        const uint8_t *mark = memmem(last.at, last.len < 64 ? last.len : 64, key.at, key.len);
        end = mark ? (size_t)(mark - rest.at) + key.len : (size_t)(foot - rest.at) + tail.len;
    }
    s->secret_end = at + end;
    zj_scan_add(s, ZJ_TYPE_SECRET, at, at + end, 14, "private key in PEM");
}

static size_t base64url_len(struct zj_span in, size_t at)
{
    size_t len = 0;
    while (at + len < in.len && len < JWT_MAX &&
           (zj_is_alnum(in.at[at + len]) || in.at[at + len] == '-' || in.at[at + len] == '_'))
        len++;
    return len;
}

void zj_scan_jwt(struct zj_scan *s, size_t at)
{
    size_t end = at;
    unsigned parts = 0;
    for (; parts < 3; parts++) {
        const size_t len = base64url_len(s->in, end);
        if (len < (parts == 2 ? 1 : 10))
            break;
        end += len;
        if (parts < 2 && zj_byte_at(s->in, end) != '.')
            break;
        end += parts < 2;
    }
    if (parts >= 2)
        zj_scan_add(s, ZJ_TYPE_SECRET, at, end, 13, "JSON web token");
}

void zj_scan_cloud_key(struct zj_scan *s, size_t at, size_t prefix_len)
{
    const struct zj_span prefix = zj_span_part(s->in, at, prefix_len);
    size_t len = prefix_len, digits = 0;
    if (at && zj_is_alnum(s->in.at[at - 1]))
        return;
    while (at + len < s->in.len && len < 80 &&
           (zj_is_alnum(s->in.at[at + len]) || s->in.at[at + len] == '_' ||
            s->in.at[at + len] == '-')) {
        digits += zj_is_digit(s->in.at[at + len]);
        len++;
    }
    const size_t tail = len - prefix_len;
    const bool is_aws = prefix.at[0] == 'A' && prefix.at[3] == 'A';
    const bool fits = is_aws                ? tail == 16
                      : prefix.at[0] == 'L' ? tail >= 12 && tail <= 26
                      : prefix.at[0] == 'A' ? tail >= 28 && tail <= 40
                                            : tail >= 20 && tail <= 60;
    if (fits && digits)
        zj_scan_add(s, ZJ_TYPE_SECRET, at, at + len, 10, "access key of a cloud");
}

/* scheme://user:secret@host; `at` is behind the slashes. */
void zj_scan_userinfo(struct zj_scan *s, size_t at)
{
    const struct zj_span in = s->in;
    size_t colon = 0, sign = 0;
    for (size_t i = at; i < in.len && i - at < 200; i++) {
        const uint8_t c = in.at[i];
        if (c <= ' ' || c == '/' || c == '"' || c == '\'' || c == '<' || c >= 0x80)
            break;
        if (c == '?' && !colon)
            break;
        if (c == ':' && !colon)
            colon = i;
        if (c == '@' && colon)
            sign = i;
    }
    if (!sign || sign - colon < 4)
        return;
    const struct zj_span value = zj_span_part(in, colon + 1, sign - colon - 1);
    if (!is_placeholder(s, value))
        zj_scan_add(s, ZJ_TYPE_SECRET, colon + 1, sign, 5, "password inside a URL");
}
