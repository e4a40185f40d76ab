#include "base/words.h"

#include <string.h>

bool zj_word_next(const char **list, struct zj_span *out_word)
{
    const char *at = *list ? *list + strspn(*list, " ") : "";
    const size_t len = strcspn(at, " ");
    *out_word = zj_span_of(at, len);
    *list = at + len;
    return len > 0;
}

bool zj_word_in(const char *list, const char *word)
{
    struct zj_span one;
    while (list && zj_word_next(&list, &one))
        if (zj_span_eq_str(one, word))
            return true;
    return false;
}
