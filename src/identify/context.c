/* The words around a value. A field ends at a comma, a bracket of records, a line end and their
 * Chinese counterparts; words beyond belong to another value. */
#include "identify/engine.h"

enum { LEFT = 40, RIGHT = 12 };

static inline bool ends_field(struct zj_span in, size_t at)
{
    enum { NO, YES, WIDE };
    static const uint8_t kinds[256] = {
        [','] = YES,
        [';'] = YES,
        ['{'] = YES,
        ['}'] = YES,
        ['&'] = YES,
        ['?'] = YES,
        ['|'] = YES,
        ['\r'] = YES,
        ['\n'] = YES,
        ['\t'] = YES,
        [0] = YES,
        [0x8c] = WIDE /* ， */,
        [0x9b] = WIDE /* ； */,
        [0x82] = WIDE /* 。 */,
    };
    const uint8_t kind = kinds[in.at[at]];
    if (kind != WIDE)
        return kind;
    if (at < 2)
        return false;
    return in.at[at] == 0x82 ? in.at[at - 1] == 0x80 && in.at[at - 2] == 0xe3
                             : in.at[at - 1] == 0xbc && in.at[at - 2] == 0xef;
}

static size_t field_start(struct zj_span in, size_t at)
{
    size_t start = at;
    while (start && at - start < LEFT && !ends_field(in, start - 1))
        start--;
    return start;
}

static void look_left(struct zj_scan *s, size_t start, struct zj_context *out)
{
    const struct zj_words *words = &s->rules->words;
    const struct zj_span in = zj_span_part(s->in, 0, start);
    size_t best_end = 0, len;
    for (size_t at = field_start(in, start); at + 2 <= start; at++) {
        if (!zj_words_may_be(words, in, at))
            continue;
        const struct zj_word *word = zj_words_at(words, in, at, &len);
        if (!word)
            continue;
        out->near |= word->groups;
        if (at + len > best_end) {
            best_end = at + len;
            out->key = word->groups;
            out->word = word->shown;
        }
    }
}

static void look_right(struct zj_scan *s, size_t end, struct zj_context *out)
{
    const struct zj_words *words = &s->rules->words;
    size_t len;
    for (size_t at = end; at + 1 < s->in.len && at < end + RIGHT && !ends_field(s->in, at); at++) {
        if (!zj_words_may_be(words, s->in, at))
            continue;
        const struct zj_word *word = zj_words_at(words, s->in, at, &len);
        if (!word)
            continue;
        out->near |= word->groups;
        if (!out->word)
            out->word = word->shown;
    }
}

const struct zj_context *zj_context(struct zj_scan *s, size_t start, size_t end)
{
    if (s->context_at == start)
        return &s->context;
    s->context_at = start;
    s->context = (struct zj_context){0};
    if (!s->rules)
        return &s->context;
    if (s->outer) {
        s->context = (struct zj_context){s->outer, s->outer, s->outer_word};
        return &s->context;
    }
    look_left(s, start, &s->context);
    look_right(s, end, &s->context);
    return &s->context;
}

static bool is_between_key_and_value(uint8_t c)
{
    switch (c) {
    case ' ':
    case '"':
    case '\'':
    case ':':
    case '=':
    case '>':
    case '(':
    case '\\':
        return true;
    default:
        return false;
    }
}

size_t zj_scan_key_end(struct zj_span in, size_t at)
{
    static const uint8_t wide_colon[] = {0xef, 0xbc, 0x9a};
    size_t end = at;
    for (unsigned skipped = 0; end && skipped < 6; skipped++) {
        if (is_between_key_and_value(in.at[end - 1]))
            end--;
        else if (in.at[end - 1] == wide_colon[2] && end >= 3 &&
                 memcmp(in.at + end - 3, wide_colon, 3) == 0)
            end -= 3;
        else
            break;
    }
    return end;
}
