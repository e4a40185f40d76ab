/* Words that are nearly alike: for "did you mean". */
#ifndef ZJ_BASE_NEAR_H
#define ZJ_BASE_NEAR_H

#include "base/span.h"

/* Characters to change, add, drop or swap with the next to make one of the other (Levenshtein, with
 * the swaps of typing; none is touched twice); upper and lower case are
 * one, and so are '_', '-' and a blank. SIZE_MAX: one of them is too long to tell. */
size_t zj_word_distance(struct zj_span a, struct zj_span b);

/* Does a slip make one of the other, or is one a part of the other? The smaller *out_distance, the
 * nearer. */
bool zj_is_near(struct zj_span a, struct zj_span b, size_t *out_distance);

#endif
