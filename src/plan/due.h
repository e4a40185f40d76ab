/* When a duty falls due, and how it stands at a time. Not for other rooms. */
#ifndef ZJ_PLAN_DUE_H
#define ZJ_PLAN_DUE_H

#include "plan/pack.h"

/* What a rule's row says about the event. */
struct zj_event {
    struct zj_span date;    /* "2026-02-28", or "" */
    struct zj_span time;    /* RFC 3339, or "" */
    int64_t at_us;          /* the row's own time, 0: none */
    struct zj_span done_on; /* when it was done, or "" */
    bool is_met, is_not_applicable;
    bool is_done; /* of a period: met until the next time comes near */
};

struct zj_due {
    char text[ZJ_TIME_TEXT]; /* a day; a time for a clock of hours; "" where nothing sets it */
    const char *state;       /* met, overdue, due_soon, open, not_applicable */
    bool is_known;           /* false: a year on the way has no calendar */
    bool is_late;            /* met, but after the day it was due */
};

void zj_due_find(const struct zj_rule *rule, const struct zj_calendar *cal,
                 const struct zj_event *event, int64_t now_ns, struct zj_due *out);

#endif
