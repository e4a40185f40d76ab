/* Names of persons: a surname and one or two characters, only behind a word that announces one. In
 * running text, where more characters follow, the characters that names are made of and the words
 * that stand behind names decide where one ends. */
#include "base/text.h"
#include "identify/engine.h"

enum { CHARS_MAX = 10 };

struct chars {
    unsigned code[CHARS_MAX];
    size_t end[CHARS_MAX]; /* where each ends */
    size_t count;
};

static unsigned decode(const uint8_t *p, size_t len)
{
    if (len == 3)
        return (unsigned)(p[0] & 15) << 12 | (unsigned)(p[1] & 63) << 6 | (p[2] & 63);
    return (unsigned)(p[0] & 7) << 18 | (unsigned)(p[1] & 63) << 12 | (unsigned)(p[2] & 63) << 6 |
           (p[3] & 63);
}

static bool is_han(unsigned c)
{
    return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) ||
           (c >= 0x20000 && c <= 0x323af);
}

/* All that three bytes can say from U+4000 on to U+9FFF is a character. */
static inline size_t char_len(struct zj_span in, size_t at)
{
    const uint8_t *p = in.at + at;
    if (in.len - at >= 3 && p[0] >= 0xe4 && p[0] <= 0xe9)
        return (p[1] & p[2] & 0xc0) == 0x80 && ((p[1] | p[2]) & 0x40) == 0 ? 3 : 0;
    return zj_utf8_len(zj_span_part(in, at, 4));
}

static void read_chars(struct zj_span in, size_t at, struct chars *out)
{
    out->count = 0;
    while (out->count < CHARS_MAX && at < in.len && in.at[at] >= 0xe3) {
        const size_t len = char_len(in, at);
        if (len < 3)
            break;
        const unsigned code = decode(in.at + at, len);
        if (!is_han(code))
            break;
        at += len;
        out->code[out->count] = code;
        out->end[out->count++] = at;
    }
}

static bool has(const struct zj_chars *set, unsigned c)
{
    return c < 65536 ? set->bits[c / 64] >> c % 64 & 1 : false;
}

/* Characters beyond the basic plane occur in names and hardly elsewhere. */
static bool is_given(const struct zj_scan *s, unsigned c)
{
    return c >= 0x20000 || has(&s->rules->given, c);
}

static size_t surname_chars(const struct zj_scan *s, size_t at, const struct chars *c)
{
    size_t len;
    if (!c->count)
        return 0;
    if (zj_words_may_be_han(&s->rules->compound, s->in.at + at) &&
        zj_words_prefix(&s->rules->compound, s->in, at, &len))
        return 2;
    return has(&s->rules->surname, c->code[0]) ? 1 : 0;
}

static bool is_after(const struct zj_scan *s, size_t at)
{
    size_t len;
    return zj_words_prefix(&s->rules->after_name, s->in, at, &len) != NULL;
}

static inline bool is_dot(struct zj_span in, size_t at)
{
    return zj_byte_at(in, at) == 0xc2 && zj_byte_at(in, at + 1) == 0xb7; /* · */
}

/* 阿依古丽·买买提; `first` has the characters before the first dot. */
static size_t dotted_end(struct zj_span in, const struct chars *first)
{
    struct chars c = *first;
    for (unsigned parts = 0; parts < 4; parts++) {
        if (!c.count || c.count > 7)
            return 0;
        const size_t end = c.end[c.count - 1];
        if (!is_dot(in, end))
            return parts ? end : 0;
        read_chars(in, end + 2, &c);
    }
    return 0;
}

/* How many characters of `c`, behind the surname, are the given name; 0: this is no name. */
static size_t given_chars(const struct zj_scan *s, const struct chars *c, size_t surname,
                          bool is_cell)
{
    const size_t left = c->count - surname;
    if (!left)
        return 0;
    const bool first = is_given(s, c->code[surname]);
    const bool second = left > 1 && is_given(s, c->code[surname + 1]);
    if (left <= 2 && is_cell)
        return first || second || left == 2 ? left : 0;
    if (left == 1)
        return first ? 1 : 0;
    if (left == 2 && first && second)
        return 2;
    if (is_cell)
        return 0;
    if (first && second && is_after(s, c->end[surname + 1]))
        return 2;
    if (first && is_after(s, c->end[surname]))
        return 1;
    return first && second ? 2 : 0;
}

/* 方太店, 金山站: what is called so is no person. */
static bool is_thing(unsigned last)
{
    static const uint16_t ends[] =
        u"店厂站所局院校馆场部处室组队库台线路街桥村镇乡市县区省国机车型号版式器"
        u"图表单层级值数";
    for (size_t i = 0; i + 1 < ZJ_COUNT(ends); i++)
        if (ends[i] == last)
            return true;
    return false;
}

size_t zj_name_beside(const struct zj_scan *s, size_t at)
{
    enum { REACH = 80 };
    const uint64_t personal = ZJ_W(phone) | ZJ_W(resident) | ZJ_W(bank) | ZJ_W(passport);
    struct chars c;
    const char *word = NULL, *why;
    const size_t len = zj_name_len(s, at, true, &why);
    if (!len)
        return 0;
    read_chars(s->in, at, &c);
    if (c.count > 3 || is_thing(c.code[c.count - 1]))
        return 0;
    size_t from = at, to = at + len;
    while (from && at - from < REACH && s->in.at[from - 1] != '\n')
        from--;
    while (to < s->in.len && to - at < REACH && s->in.at[to] != '\n')
        to++;
    return zj_words_in(&s->rules->words, zj_span_part(s->in, from, to - from), &word) & personal
               ? len
               : 0;
}

size_t zj_name_len(const struct zj_scan *s, size_t at, bool is_cell, const char **out_why)
{
    struct chars c;
    size_t len;
    read_chars(s->in, at, &c);
    *out_why = "name with a dot";
    const bool has_dot = c.count && is_dot(s->in, c.end[c.count - 1]);
    const size_t dotted = has_dot ? dotted_end(s->in, &c) : 0;
    if (dotted)
        return dotted - at;
    const size_t surname = surname_chars(s, at, &c);
    if (!surname || c.count <= surname)
        return 0;
    if (surname == 1 && zj_words_may_be_han(&s->rules->not_names, s->in.at + at) &&
        zj_words_prefix(&s->rules->not_names, s->in, at, &len))
        return 0;
    const size_t given = given_chars(s, &c, surname, is_cell);
    if (!given)
        return 0;
    *out_why = "surname and given name behind a word";
    return c.end[surname + given - 1] - at;
}
