/* What of the cases is data: clocks, patterns of numbers, the bureaus that sign. Not for other
 * rooms. */
#ifndef ZJ_WORK_RULES_H
#define ZJ_WORK_RULES_H

#include "work/work.h"

enum zj_clock_unit {
    ZJ_UNIT_HOURS,
    ZJ_UNIT_DAYS,
    ZJ_UNIT_WORKING_DAYS,
    ZJ_UNIT_MONTHS,
    ZJ_UNIT_YEARS,
    ZJ_UNIT_FIXED, /* the next MM-DD */
};

enum { ZJ_CLOCK_WHEN_MAX = 4, ZJ_BUREAU_ROLES_MAX = 4 };

struct zj_clock_rule {
    const char *key, *zh, *en;
    const char *type;           /* of case */
    const char *starts, *meets; /* actions, blanks between; "open" is the opening */
    const char *from;           /* a date or time of the form; NULL: the time of the action */
    const char *fixed;          /* "09-30" */
    const char *source, *mark;
    struct {
        const char *field, *words; /* one of these */
    } when[ZJ_CLOCK_WHEN_MAX];
    size_t when_count;
    int amount;
    enum zj_clock_unit unit;
};

struct zj_number_rule {
    const char *type;
    const char *pattern; /* text, {year}, {n}, {n:6} */
    const char *source, *mark;
};

struct zj_bureau_rule {
    const char *role, *zh, *en;
    const char *name_has; /* part of the organisation's name */
};

struct zj_work {
    struct zj_arena arena;
    struct zj_clock_rule *clocks;
    size_t clock_count;
    struct zj_number_rule *numbers;
    size_t number_count;
    struct zj_bureau_rule bureaus[ZJ_BUREAU_ROLES_MAX];
    size_t bureau_count;
};

const struct zj_clock_rule *zj_clock_rule_find(const struct zj_work *work, const char *type,
                                               const char *key);
const struct zj_number_rule *zj_number_rule_find(const struct zj_work *work, const char *type);
/* Is the rule in force? What is not verified stays off. */
bool zj_clock_is_on(const struct zj_clock_rule *rule);

/* When a clock that starts at that time runs out. Days end with the Beijing day. */
int64_t zj_clock_due_ns(const struct zj_clock_rule *rule, int64_t start_ns);

/* "DJ{year}-{n:6}" with 2026 and 7: "DJ2026-000007". */
void zj_number_format(const char *pattern, int year, int64_t n, struct zj_buf *out);

#endif
