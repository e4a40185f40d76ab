#include "base/near.h"

#include "base/text.h"

enum { CHARS_MAX = 63 };

struct word {
    uint32_t chars[CHARS_MAX];
    size_t len;
    bool is_ascii;
};

/* A character as a number: its bytes. What is no UTF-8 goes byte by byte. */
static bool read_word(struct zj_span text, struct word *out)
{
    *out = (struct word){.is_ascii = true};
    for (size_t at = 0; at < text.len;) {
        const size_t valid = zj_utf8_len(zj_span_part(text, at, 4)), len = valid ? valid : 1;
        uint32_t c = 0;
        for (size_t i = 0; i < len; i++)
            c = c << 8 | text.at[at + i];
        if (c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
        if (c == '_' || c == '-')
            c = ' ';
        out->is_ascii &= c < 0x80;
        if (out->len == CHARS_MAX)
            return false;
        out->chars[out->len++] = c;
        at += len;
    }
    return true;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t distance(const struct word *a, const struct word *b)
{
    size_t rows[3][CHARS_MAX + 1]; /* of this character of a, the one before, the one before that */
    size_t *row = rows[0], *before = rows[1], *older = rows[2];
    for (size_t j = 0; j <= b->len; j++)
        row[j] = j;
    for (size_t i = 0; i < a->len; i++) {
        size_t *const reused = older;
        older = before;
        before = row;
        row = reused;
        row[0] = i + 1;
        for (size_t j = 0; j < b->len; j++) {
            row[j + 1] = least(before[j] + (a->chars[i] != b->chars[j]),
                               least(row[j], before[j + 1]) + 1);
            if (i && j && a->chars[i] == b->chars[j - 1] && a->chars[i - 1] == b->chars[j])
                row[j + 1] = least(row[j + 1], older[j - 1] + 1);
        }
    }
    return row[b->len];
}

size_t zj_word_distance(struct zj_span a, struct zj_span b)
{
    struct word x, y;
    return read_word(a, &x) && read_word(b, &y) ? distance(&x, &y) : SIZE_MAX;
}

static bool is_part(const struct word *whole, const struct word *part)
{
    if (part->len < (part->is_ascii ? 3 : 2)) /* two letters are a part of too much */
        return false;
    for (size_t at = 0; at + part->len <= whole->len; at++)
        if (memcmp(whole->chars + at, part->chars, part->len * sizeof *part->chars) == 0)
            return true;
    return false;
}

bool zj_is_near(struct zj_span a, struct zj_span b, size_t *out_distance)
{
    struct word x, y;
    if (!read_word(a, &x) || !read_word(b, &y) || !x.len || !y.len)
        return false;
    *out_distance = distance(&x, &y);
    const size_t longer = x.len > y.len ? x.len : y.len;
    return *out_distance <= (longer + 1) / 3 || is_part(&x, &y) || is_part(&y, &x);
}
