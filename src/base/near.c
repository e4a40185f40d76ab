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

static size_t distance(const struct word *a, const struct word *b)
{
    size_t row[CHARS_MAX + 1];
    for (size_t j = 0; j <= b->len; j++)
        row[j] = j;
    for (size_t i = 0; i < a->len; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < b->len; j++) {
            size_t best = diagonal + (a->chars[i] != b->chars[j]);
            diagonal = row[j + 1];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j + 1] + 1 < best)
                best = row[j + 1] + 1;
            row[j + 1] = best;
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
