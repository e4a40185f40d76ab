/* The packs in memory: rules, tasks and policies, with the file each came from. Not for other
 * rooms. */
#ifndef ZJ_PLAN_PACK_H
#define ZJ_PLAN_PACK_H

#include "base/calendar.h"
#include "plan/plan.h"
#include "base/yaml.h"

enum zj_rule_kind { ZJ_RULE_GAP, ZJ_RULE_DUTY };

/* What of a rule must be evaluated again when a row of `source` changes. */
struct zj_rule_input {
    const char *source;   /* "cards", "fact_identity", "clock" */
    bool is_by_subject;   /* only the subject that the dirty key names; else all */
    bool is_by_org;       /* only the organisation whose row it is: the rule reads {orgs} */
    const char *key;      /* column of the source's key, for is_by_org */
};

enum { ZJ_RULE_INPUTS_MAX = 12 };

struct zj_rule {
    enum zj_rule_kind kind;
    const char *id;   /* "T6.card-not-registered" */
    int task;
    const char *severity; /* gaps: high, medium, low */
    const char *subject_kind;
    const char *zh, *en;
    const char *why_zh, *why_en; /* templates: why.h */
    const char *todo_zh, *todo_en;
    const char *page; /* of the console, where it is done; NULL: at its subject */
    const char *source, *mark;
    const char *sql;       /* {today} and {soon} are dates, as parameters */
    struct zj_rule_input inputs[ZJ_RULE_INPUTS_MAX];
    size_t input_count;
    const struct zj_yaml *org_kinds; /* list of who is bound; NULL: everybody */
    bool has_deadline;
    struct zj_deadline deadline; /* duties: from from_date, from_at or from_time */
    int soon_days;
};

struct zj_task {
    int number; /* 101…: safeguards */
    const char *group, *zh, *en, *asks_zh, *asks_en;
};

struct zj_pair {
    const char *key, *value;
};

enum { ZJ_TASKS_MAX = 32, ZJ_METHODS_MAX = 8, ZJ_GRADE_LEVELS_MAX = 8, ZJ_CATALOGUES_MAX = 16 };

struct zj_grade_level {
    int level, sum_max;
};

struct zj_method {
    const char *name, *version, *zh, *en, *source, *mark;
    const struct zj_yaml *elements; /* list of maps */
    struct zj_grade_level levels[ZJ_GRADE_LEVELS_MAX];
    size_t level_count;
};

struct zj_catalogue {
    const char *name, *zh, *en, *source, *mark;
    const struct zj_yaml *items; /* list of maps */
};

struct zj_plan {
    struct zj_arena arena;
    struct zj_task tasks[ZJ_TASKS_MAX];
    size_t task_count;
    struct zj_rule *rules; /* sorted by id, gaps first */
    size_t rule_count;
    struct zj_calendar *calendar;
    struct {
        const char *source;
        int briefing_sessions, briefing_sessions_max, briefing_companies;
    } targets; /* what the plan asks of the bureaus in numbers */
    struct zj_method methods[ZJ_METHODS_MAX];
    size_t method_count;
    struct zj_catalogue catalogues[ZJ_CATALOGUES_MAX];
    size_t catalogue_count;
    const struct zj_yaml *groups;               /* of kinds of organisations, by name */
    const struct zj_yaml *bound;                /* task to group */
    const struct zj_yaml *regions, *data_types; /* maps */
    const struct zj_yaml *words_zh, *words_en;  /* maps: column to value to word */
};

/* NULL: the packs have no such rule any more. */
const struct zj_rule *zj_plan_rule_find(const struct zj_plan *plan, struct zj_span id);
/* Where in plan->tasks the task of this number stands; -1: nowhere. */
int zj_plan_task_at(const struct zj_plan *plan, int64_t number);

#endif
