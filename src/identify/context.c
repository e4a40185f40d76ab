/* The words around a value. A field ends at a comma, a bracket of records, a line end and their
 * Chinese counterparts; words beyond belong to another value. */
#include "identify/engine.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { LEFT = ZJ_MEMO_MAX, RIGHT = 12 };

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

#if defined(__SSE2__)
/* Of the 16 bytes at `p` those that may end a field: all that do, and few others. */
static inline unsigned may_end(const uint8_t *p)
{
    const __m128i v = _mm_loadu_si128((const __m128i *)p);
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1f)), v);
    const __m128i brace = _mm_sub_epi8(v, _mm_set1_epi8('{')); /* { | } */
    __m128i any =
        _mm_or_si128(control, _mm_cmpeq_epi8(_mm_min_epu8(brace, _mm_set1_epi8(2)), brace));
    static const uint8_t others[] = {',', ';', '&', '?', 0x8c, 0x9b, 0x82};
    for (size_t i = 0; i < sizeof others; i++)
        any = _mm_or_si128(any, _mm_cmpeq_epi8(v, _mm_set1_epi8((char)others[i])));
    return (unsigned)_mm_movemask_epi8(any);
}
#else
static inline unsigned may_end(const uint8_t *p)
{
    (void)p;
    return 0xffff;
}
#endif

static size_t field_start(struct zj_span in, size_t at)
{
    enum { STEP = 16 };
    size_t start = at;
    for (; start >= STEP && at - start + STEP <= LEFT; start -= STEP) {
        unsigned places = may_end(in.at + start - STEP);
        while (places) {
            const unsigned last = 31 - (unsigned)__builtin_clz(places);
            if (ends_field(in, start - STEP + last))
                return start - STEP + last + 1;
            places ^= 1u << last;
        }
    }
    while (start && at - start < LEFT && !ends_field(in, start - 1))
        start--;
    return start;
}

static void read_left(const struct zj_words *words, struct zj_span in, size_t from,
                      struct zj_context *out)
{
    size_t best_end = 0, len;
    for (size_t at = from; at + 2 <= in.len; at++) {
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

static inline uint64_t load8(const uint8_t *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
    return x;
}

/* All of a short text. */
static inline uint64_t load_short(const uint8_t *p, size_t len)
{
    uint64_t x = 0;
    for (size_t i = 0; i < len; i++)
        x = x << 8 | p[i];
    return x;
}

static inline struct zj_memo *memo_of(struct zj_scan *s, uint64_t key)
{
    return &s->scratch->memos[key * 0x9e3779b97f4a7c15u >> 56];
}

/* Does a field of eight bytes and more, the last of which are known to fit, stand before `start`?
 */
static inline bool stands_before(const struct zj_memo *memo, struct zj_span in, size_t start)
{
    const size_t len = memo->len;
    if (len < 8 || len > start)
        return false;
    const uint8_t *p = in.at + start - len;
    uint64_t differs = 0;
    for (size_t i = 0; i + 8 < len; i += 8)
        differs |= load8(p + i) ^ load8(memo->text + i);
    return !differs && (len == start || ends_field(in, start - len - 1));
}

/* The keys of records repeat: what was read of the same field a moment ago is taken from there, a
 * field of eight bytes by its last eight. No letter stands before it, and it begins with a whole
 * character, so its bytes are all that counts. */
static void look_left(struct zj_scan *s, size_t start, struct zj_context *out)
{
    const struct zj_words *words = &s->rules->words;
    const struct zj_span in = zj_span_part(s->in, 0, start);
    uint64_t key = start < 8 ? 0 : load8(in.at + start - 8);
    struct zj_memo *memo = memo_of(s, key);
    if (memo->key == key && stands_before(memo, in, start)) {
        *out = memo->left;
        return;
    }
    const size_t from = field_start(in, start), len = start - from;
    const uint8_t *p = in.at + from;
    if (len < 2 || (from && zj_is_letter(p[-1])) || (p[0] & 0xc0) == 0x80) {
        read_left(words, in, from, out);
        return;
    }
    if (len < 8) {
        key = load_short(p, len);
        memo = memo_of(s, key);
    }
    if (len >= 8 || memo->len != len || memo->key != key) {
        memo->left = (struct zj_context){0};
        read_left(words, in, from, &memo->left);
        memo->key = key;
        memo->len = (uint8_t)len;
        memcpy(memo->text, p, len);
    }
    *out = memo->left;
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

static inline bool is_padding(uint8_t c)
{
    return c == ' ' || c == '"' || c == '\'';
}

/* Where nothing stands in the field before the value, the cell before it, if that is a word and
 * nothing else: "IMEI<tab>35…", | 电话 | 138… |. */
static void look_at_cell_before(struct zj_scan *s, size_t start, struct zj_context *out)
{
    const struct zj_span in = s->in;
    size_t end = start, len;
    while (end && is_padding(in.at[end - 1]))
        end--;
    const uint8_t mark = end ? in.at[end - 1] : 0;
    if (mark != '\t' && mark != ',' && mark != '|' && mark != ';')
        return;
    end = zj_scan_key_end(in, end - 1);
    size_t at = field_start(in, end);
    while (at < end && is_padding(in.at[at]))
        at++;
    const struct zj_word *word = zj_words_at(&s->rules->words, zj_span_part(in, 0, end), at, &len);
    if (!word || at + len != end)
        return;
    *out = (struct zj_context){word->groups, word->groups, word->shown};
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
    if (!s->context.near)
        look_at_cell_before(s, start, &s->context);
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
