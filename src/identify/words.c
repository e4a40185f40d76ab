/* Words looked up at a place in text: by a bit map of first two bytes, then a chain. */
#include "identify/engine.h"

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 32) : c;
}

static unsigned pair_of(const uint8_t *p)
{
    return (unsigned)lower(p[0]) << 8 | lower(p[1]);
}

static unsigned bucket_of(unsigned pair)
{
    return pair * 40503u >> 4 & (ZJ_WORD_BUCKETS - 1);
}

/* A space in a word stands for nothing, a space, '_' and '-' in the text: it is kept as a gap
 * before the character that follows it. */
void zj_words_add(struct zj_arena *arena, struct zj_words *words, const char *text, uint64_t groups)
{
    char *copy = zj_arena_strdup(arena, text);
    size_t len = 0;
    uint64_t gaps = 0;
    for (size_t i = 0; text[i]; i++) {
        if (text[i] == ' ' && len < 64)
            gaps |= UINT64_C(1) << len;
        else
            copy[len++] = (char)lower((uint8_t)text[i]);
    }
    copy[len] = 0;
    if (len < 2 || len > 255 || words->count + 1 >= ZJ_WORDS_MAX)
        return;
    if (!words->all)
        words->all = zj_arena_alloc(arena, ZJ_WORDS_MAX * sizeof *words->all);
    const unsigned pair = pair_of((const uint8_t *)copy), bucket = bucket_of(pair);
    for (uint16_t i = words->bucket[bucket]; i; i = words->all[i].next) {
        struct zj_word *word = &words->all[i];
        if (strcmp(word->text, copy) == 0) {
            word->groups |= groups;
            if (gaps & ~word->gaps) { /* a gap more: compared byte by byte */
                word->gaps |= gaps;
                word->mask = 0;
                word->head = 0;
                word->sure = 2;
                words->has_short = true;
            }
            return;
        }
    }
    const size_t whole = gaps ? (size_t)__builtin_ctzll(gaps) : len;
    uint64_t head = 0, mask = 0;
    size_t sure = 0;
    for (size_t i = 0; i < 8 && i < whole && i < len; i++, sure++) {
        head |= (uint64_t)(uint8_t)copy[i] << 8 * i;
        mask |= UINT64_C(0xff) << 8 * i;
    }
    const uint16_t id = (uint16_t)++words->count;
    words->all[id] = (struct zj_word){.text = copy,
                                      .shown = zj_arena_strdup(arena, text),
                                      .groups = groups,
                                      .gaps = gaps,
                                      .head = head,
                                      .mask = mask,
                                      .pair = (uint16_t)pair,
                                      .len = (uint8_t)len,
                                      .sure = (uint8_t)(sure < 2 ? 2 : sure),
                                      .next = words->bucket[bucket]};
    words->bucket[bucket] = id;
    words->has_short |= sure < 3;
    words->triples[zj_word_triple((uint32_t)head) / 64] |= UINT64_C(1)
                                                           << zj_word_triple((uint32_t)head) % 64;
    words->pairs[pair / 64] |= UINT64_C(1) << pair % 64;
}

/* "phone" is whole in "owner_phone" and "ownerPhone", not in "telephones" or "phonetic". */
bool zj_word_is_whole(struct zj_span in, size_t at, size_t len)
{
    const uint8_t first = in.at[at], last = in.at[at + len - 1];
    if (zj_is_letter(first) && at && zj_is_letter(in.at[at - 1])) {
        const bool is_turn = first <= 'Z' && in.at[at - 1] >= 'a';
        if (!is_turn)
            return false;
    }
    if (zj_is_letter(last) && at + len < in.len && zj_is_letter(in.at[at + len])) {
        const uint8_t behind = in.at[at + len];
        if (!(last >= 'a' && behind <= 'Z'))
            return false;
    }
    return true;
}

/* Bytes of the text that the word takes up at `at`, where its head fits; 0: it is not there. */
static inline size_t len_at(const struct zj_word *word, struct zj_span in, size_t at)
{
    size_t from = at + word->sure;
    for (size_t i = word->sure; i < word->len; i++, from++) {
        if (from < in.len && (word->gaps >> (i & 63) & 1) &&
            (in.at[from] == '_' || in.at[from] == '-' || in.at[from] == ' '))
            from++;
        if (from >= in.len || lower(in.at[from]) != (uint8_t)word->text[i])
            return 0;
    }
    return from - at;
}

/* Eight bytes in lower case; zeros beyond the end. */
static inline uint64_t head_at(struct zj_span in, size_t at)
{
    static const uint64_t ones = 0x0101010101010101u;
    const size_t left = in.len - at;
    uint64_t x = 0;
    if (left >= sizeof x)
        memcpy(&x, in.at + at, sizeof x);
    else if (in.len < sizeof x)
        memcpy(&x, in.at + at, left);
    else
        memcpy(&x, in.at + in.len - sizeof x, sizeof x);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    x = __builtin_bswap64(x);
#endif
    if (left < sizeof x && in.len >= sizeof x) /* the last eight were read */
        x >>= 8 * (sizeof x - left);
    const uint64_t low = x & 0x7f * ones;
    const uint64_t from_a = low + (0x80 - 'A') * ones, above_z = low + (0x7f - 'Z') * ones;
    const uint64_t upper = (from_a ^ above_z) & ~x & 0x80 * ones;
    return x | upper >> 2;
}

static inline __attribute__((always_inline)) const struct zj_word *
longest(const struct zj_words *words, struct zj_span in, size_t at, bool must_be_whole,
        size_t *out_len)
{
    const struct zj_word *best = NULL;
    if (at + 2 > in.len)
        return NULL;
    const unsigned pair = pair_of(in.at + at);
    if (!(words->pairs[pair / 64] >> pair % 64 & 1))
        return NULL;
    const uint64_t head = head_at(in, at);
    *out_len = 0;
    if (!words->has_short && !(words->triples[zj_word_triple((uint32_t)head) / 64] >>
                                   zj_word_triple((uint32_t)head) % 64 &
                               1))
        return NULL;
    for (uint16_t i = words->bucket[bucket_of(pair)]; i; i = words->all[i].next) {
        const struct zj_word *word = &words->all[i];
        if (word->pair != pair || ((word->head ^ head) & word->mask))
            continue;
        const size_t len = len_at(word, in, at);
        if (len > *out_len && (!must_be_whole || zj_word_is_whole(in, at, len))) {
            best = word;
            *out_len = len;
        }
    }
    return best;
}

const struct zj_word *zj_words_at(const struct zj_words *words, struct zj_span in, size_t at,
                                  size_t *out_len)
{
    return longest(words, in, at, true, out_len);
}

const struct zj_word *zj_words_prefix(const struct zj_words *words, struct zj_span in, size_t at,
                                      size_t *out_len)
{
    return longest(words, in, at, false, out_len);
}

const struct zj_word *zj_words_among(const struct zj_words *words, const uint16_t *among,
                                     size_t count, struct zj_span in, size_t at, size_t *out_len)
{
    const struct zj_word *best = NULL;
    const unsigned pair = pair_of(in.at + at);
    const uint64_t head = head_at(in, at);
    *out_len = 0;
    for (size_t i = 0; i < count; i++) {
        const struct zj_word *word = &words->all[among[i]];
        if (word->pair != pair || ((word->head ^ head) & word->mask))
            continue;
        const size_t len = len_at(word, in, at);
        if (len > *out_len && zj_word_is_whole(in, at, len)) {
            best = word;
            *out_len = len;
        }
    }
    return best;
}

bool zj_word_begins(const struct zj_word *word, struct zj_span text)
{
    size_t at = 0;
    for (size_t i = 0; i < word->len && at < text.len; i++, at++) {
        if ((word->gaps >> (i & 63) & 1) && memchr("_- ", text.at[at], 3))
            at++;
        if (at < text.len && lower(text.at[at]) != (uint8_t)word->text[i])
            return false;
    }
    return at >= text.len;
}

uint64_t zj_words_in(const struct zj_words *words, struct zj_span text, const char **out_word)
{
    uint64_t groups = 0;
    size_t len;
    for (size_t at = 0; at + 1 < text.len; at++) {
        const struct zj_word *word =
            zj_words_may_be(words, text, at) ? zj_words_at(words, text, at, &len) : NULL;
        if (!word)
            continue;
        groups |= word->groups;
        *out_word = word->shown;
    }
    return groups;
}
