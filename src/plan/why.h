/* The sentence of a gap or duty: the rule's template with the words of its rows in it.
 *
 * {column} is the value of the subject's first row, {column+} every value of its rows, each once.
 * Not for other rooms. */
#ifndef ZJ_PLAN_WHY_H
#define ZJ_PLAN_WHY_H

#include "plan/pack.h"

enum { ZJ_WHY_LISTS_MAX = 6 };

/* The values of one {column+}, as each language calls them. */
struct zj_why_list {
    struct zj_span column; /* of the template */
    struct zj_buf seen;    /* the values as they stand, each between NULs */
    struct zj_buf en, zh;
    size_t count;
};

struct zj_why {
    struct zj_buf en, zh;
    struct zj_why_list lists[ZJ_WHY_LISTS_MAX];
    size_t list_count;
};

/* The column of that name; -1: the rule's SELECT has none. */
int zj_why_col(const struct zj_stmt *row, struct zj_span name);

/* A sentence begins with its first row, takes further rows, and is whole after the end. The same
 * struct serves one rule's subjects one after the other. */
void zj_why_begin(struct zj_why *why, const struct zj_plan *plan, const struct zj_rule *rule,
                  const struct zj_stmt *row);
void zj_why_add(struct zj_why *why, const struct zj_plan *plan, const struct zj_stmt *row);
void zj_why_end(struct zj_why *why);
void zj_why_release(struct zj_why *why);

#endif
