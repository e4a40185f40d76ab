/* The tables of the demo: organisations, their rows, and what happens to the cases among them. */
#ifndef ZJ_DEMO_WORLD_H
#define ZJ_DEMO_WORLD_H

#include "demo/demo.h"

/* A row as "field=value|field=value". In a value @-30 is the day thirty days ago, @-2T09:30 a time
 * of that day, @Y the year and @Y-1 the one before, $C3 and $V3 the third card and its vehicle, $O
 * and a key in parentheses the code of that organisation. `acts` of a case: "key:action@-20", ';'
 * between; a key is an organisation's. NULL: the case stays as it was opened. */
struct zj_demo_row {
    const char *reg, *cells, *acts;
};

struct zj_demo_org {
    const char *key;
    const char *self; /* its own row */
    const struct zj_demo_row *rows; /* ends with a NULL reg */
};

#define ZJ_DEMO_ORG(name) extern const struct zj_demo_org zj_demo_##name;
#include "demo/orgs.def"
#undef ZJ_DEMO_ORG

#endif
