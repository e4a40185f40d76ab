/* Lists of words in one text, blanks between them, as tables of names are written. */
#ifndef ZJ_BASE_WORDS_H
#define ZJ_BASE_WORDS_H

#include "base/span.h"

/* Is the word one of the list? NULL lists hold nothing. */
bool zj_word_in(const char *list, const char *word);
/* The next word of a list; false at the end. */
bool zj_word_next(const char **list, struct zj_span *out_word);

#endif
