/* Texts in both languages. A job speaks one; where the other is wanted too (an answer of the API has
 * both), zj_tr notes here what it chose between, and zj_fail writes its sentence once more with the
 * other of each. So a message is written down once, and nowhere twice. */
#ifndef ZJ_BASE_PAIRS_H
#define ZJ_BASE_PAIRS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

enum { ZJ_PAIRS = 128 }; /* the last ones are kept: a sentence uses few, and just before */

struct zj_pairs { /* zeroed: empty */
    struct {
        const char *en, *zh;
    } at[ZJ_PAIRS];
    unsigned next;
};

static inline void zj_pairs_note(struct zj_pairs *pairs, const char *en, const char *zh)
{
    pairs->at[pairs->next].en = en;
    pairs->at[pairs->next].zh = zh;
    pairs->next = (pairs->next + 1) % ZJ_PAIRS;
}

/* The other text of a pair that was noted, by address; the text itself where there is none. */
const char *zj_pairs_other(const struct zj_pairs *pairs, const char *text);

/* What the other of `format` makes of the arguments, each text among them by its other too; they are
 * those of `format`, whose conversions are printf's without %n, %L and wide characters. False, and
 * nothing written, where a conversion is none of these. */
bool zj_pairs_format(const struct zj_pairs *pairs, char *out, size_t size, const char *format,
                     va_list args);

#endif
