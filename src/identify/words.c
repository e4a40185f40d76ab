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

static void add_one(struct zj_arena *arena, struct zj_words *words, const char *text,
                    const char *shown, uint64_t groups)
{
    const size_t len = strlen(text);
    if (len < 2 || len > 255 || words->count + 1 >= ZJ_WORDS_MAX)
        return;
    if (!words->all)
        words->all = zj_arena_alloc(arena, ZJ_WORDS_MAX * sizeof *words->all);
    const unsigned pair = pair_of((const uint8_t *)text), bucket = bucket_of(pair);
    for (uint16_t i = words->bucket[bucket]; i; i = words->all[i].next)
        if (strcmp(words->all[i].text, text) == 0) {
            words->all[i].groups |= groups;
            return;
        }
    const uint16_t id = (uint16_t)++words->count;
    words->all[id] = (struct zj_word){.text = zj_arena_strdup(arena, text),
                                      .shown = shown,
                                      .groups = groups,
                                      .len = (uint8_t)len,
                                      .next = words->bucket[bucket]};
    words->bucket[bucket] = id;
    words->pairs[pair / 64] |= UINT64_C(1) << pair % 64;
}

/* Each space in a word of ASCII letters stands for nothing, a space, '_' and '-'. */
void zj_words_add(struct zj_arena *arena, struct zj_words *words, const char *text, uint64_t groups)
{
    static const char marks[] = " _-";
    const char *shown = zj_arena_strdup(arena, text);
    const size_t len = strlen(text);
    unsigned gaps = 0, forms = 1;
    for (size_t i = 0; i < len; i++)
        gaps += text[i] == ' ';
    for (unsigned i = 0; i < gaps; i++)
        forms *= 4;
    for (unsigned form = 0; form < forms && gaps <= 3; form++) {
        char *copy = zj_arena_strdup(arena, text);
        size_t out = 0;
        unsigned rest = form;
        for (size_t i = 0; i < len; i++) {
            if (text[i] != ' ') {
                copy[out++] = (char)lower((uint8_t)text[i]);
                continue;
            }
            if (rest % 4)
                copy[out++] = marks[rest % 4 - 1];
            rest /= 4;
        }
        copy[out] = 0;
        add_one(arena, words, copy, shown, groups);
    }
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

static bool is_at(const struct zj_word *word, struct zj_span in, size_t at)
{
    if (in.len - at < word->len)
        return false;
    for (size_t i = 2; i < word->len; i++)
        if (lower(in.at[at + i]) != (uint8_t)word->text[i])
            return false;
    return true;
}

static inline __attribute__((always_inline)) const struct zj_word *
longest(const struct zj_words *words, struct zj_span in, size_t at, bool must_be_whole)
{
    const struct zj_word *best = NULL;
    if (at + 2 > in.len)
        return NULL;
    const unsigned pair = pair_of(in.at + at);
    if (!(words->pairs[pair / 64] >> pair % 64 & 1))
        return NULL;
    for (uint16_t i = words->bucket[bucket_of(pair)]; i; i = words->all[i].next) {
        const struct zj_word *word = &words->all[i];
        if (pair_of((const uint8_t *)word->text) == pair && (!best || word->len > best->len) &&
            is_at(word, in, at) && (!must_be_whole || zj_word_is_whole(in, at, word->len)))
            best = word;
    }
    return best;
}

const struct zj_word *zj_words_at(const struct zj_words *words, struct zj_span in, size_t at)
{
    return longest(words, in, at, true);
}

const struct zj_word *zj_words_prefix(const struct zj_words *words, struct zj_span in, size_t at)
{
    return longest(words, in, at, false);
}

uint64_t zj_words_in(const struct zj_words *words, struct zj_span text, const char **out_word)
{
    uint64_t groups = 0;
    for (size_t at = 0; at < text.len; at++) {
        const struct zj_word *word = zj_words_at(words, text, at);
        if (!word)
            continue;
        groups |= word->groups;
        *out_word = word->shown;
    }
    return groups;
}
