/* What of the cases is data: clocks, patterns of numbers, the bureaus that sign. Not for other
 * rooms. */
#ifndef ZJ_WORK_RULES_H
#define ZJ_WORK_RULES_H

#include "base/calendar.h"
#include "work/work.h"

enum { ZJ_WHEN_MAX = 4, ZJ_BUREAU_ROLES_MAX = 4 };

/* Fields and the words one of which each must hold; "-" is an empty field. "release.kind" is the
 * field `kind` of the row that the form's `release` refers to. */
struct zj_when {
    struct {
        const char *field, *words;
    } of[ZJ_WHEN_MAX];
    size_t count;
};

struct zj_clock_rule {
    const char *key, *zh, *en;
    const char *type;           /* of case */
    const char *starts, *meets; /* actions, blanks between; "open" is the opening */
    const char *from;           /* a date or time of the form; NULL: the time of the action */
    const char *source, *mark;
    struct zj_when when;
    struct zj_deadline deadline;
};

/* Fields without which an action is not done. */
struct zj_need_rule {
    const char *type, *action, *fields; /* actions and fields: blanks between */
    const char *zh, *en, *source, *mark;
    struct zj_when when;
};

/* What a field is proposed to be where a number of the form reaches a bound. */
struct zj_grade_rule {
    const char *type, *field, *measure, *source, *mark;
    int64_t at_least;
    int64_t grade; /* 1 is the most serious */
    struct zj_when when;
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
    struct zj_calendar *calendar;
    struct zj_clock_rule *clocks;
    size_t clock_count;
    struct zj_number_rule *numbers;
    size_t number_count;
    struct zj_need_rule *needs;
    size_t need_count;
    struct zj_grade_rule *grades;
    size_t grade_count;
    struct zj_bureau_rule bureaus[ZJ_BUREAU_ROLES_MAX];
    size_t bureau_count;
};

/* Of a case type; NULL: the packs have none. Good as long as the packs. */
const struct zj_clock_rule *zj_clock_rule_find(const struct zj_work *work, const char *type,
                                               const char *key);
const struct zj_number_rule *zj_number_rule_find(const struct zj_work *work, const char *type);
/* Is a rule in force? What is not verified stays off. */
bool zj_mark_is_on(const char *mark);

/* When a clock that starts at that time runs out. Days end with the Beijing day; a fixed date that
 * is over is next year's. */
int64_t zj_clock_due_ns(const struct zj_clock_rule *rule, const struct zj_calendar *calendar,
                        int64_t start_ns);

/* "DJ{year}-{n:6}" with 2026 and 7: "DJ2026-000007". */
void zj_number_format(const char *pattern, int year, int64_t n, struct zj_buf *out);

#endif
