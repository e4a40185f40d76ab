/* Reads packs/plan, packs/gaps and packs/duties. The folder is the list: a file is a rule. */
#include "plan/pack.h"

#include <errno.h>
#include <stddef.h>

#include "base/paths.h"
#include "plan/methods.h"

enum { RULES_MAX = 500, SOON_DAYS = 30 };

/* A whole number of a scalar that may be absent. */
static zj_err read_int(struct zj_job *job, const char *file, const struct zj_yaml *map,
                       const char *key, int max, int *out)
{
    const struct zj_yaml *node = zj_yaml_find(map, key);
    if (!node)
        return ZJ_OK;
    char *end = NULL;
    const long value = node->kind == ZJ_YAML_SCALAR ? strtol(node->text, &end, 10) : -1;
    if (!end || end == node->text || *end || value < 0 || value > max)
        return zj_yaml_fault(job, file, node->line, "a whole number is wanted");
    *out = (int)value;
    return ZJ_OK;
}

struct task_text {
    const char *task, *group, *zh, *en, *asks_zh, *asks_en;
};

static zj_err read_task_list(struct zj_job *job, struct zj_plan *plan, const char *file,
                             const struct zj_yaml *list)
{
    static const struct zj_yaml_field fields[] = {
        ZJ_YAML_TEXT(struct task_text, task, true),
        ZJ_YAML_TEXT(struct task_text, group, false),
        ZJ_YAML_TEXT(struct task_text, zh, true),
        ZJ_YAML_TEXT(struct task_text, en, true),
        ZJ_YAML_TEXT(struct task_text, asks_zh, true),
        ZJ_YAML_TEXT(struct task_text, asks_en, true),
    };
    for (const struct zj_yaml *node = list->first; node; node = node->next) {
        struct task_text text = {0};
        if (plan->task_count == ZJ_TASKS_MAX)
            return zj_yaml_fault(job, file, node->line, "too many tasks");
        zj_err err = zj_yaml_read(job, file, node, fields, ZJ_COUNT(fields), &text);
        struct zj_task *task = &plan->tasks[plan->task_count++];
        *task = (struct zj_task){
            0, text.group ? text.group : "", text.zh, text.en, text.asks_zh, text.asks_en};
        if (!err)
            err = read_int(job, file, node, "task", 999, &task->number);
        if (err)
            return err;
    }
    return ZJ_OK;
}

struct tasks_text {
    const char *source;
    const struct zj_yaml *tasks, *safeguards;
};

static zj_err load_tasks(struct zj_job *job, struct zj_plan *plan, const char *file)
{
    static const struct zj_yaml_field fields[] = {
        ZJ_YAML_TEXT(struct tasks_text, source, true),
        {"tasks", ZJ_YAML_LIST, true, offsetof(struct tasks_text, tasks)},
        {"safeguards", ZJ_YAML_LIST, true, offsetof(struct tasks_text, safeguards)},
    };
    struct tasks_text text = {0};
    struct zj_yaml *root;
    zj_err err = zj_yaml_load(job, &plan->arena, file, &root);
    if (!err)
        err = zj_yaml_read(job, file, root, fields, ZJ_COUNT(fields), &text);
    if (!err)
        err = read_task_list(job, plan, file, text.tasks);
    if (!err)
        err = read_task_list(job, plan, file, text.safeguards);
    return err;
}

struct map_text {
    const char *source, *mark;
    const struct zj_yaml *map;
};

/* A file that is a source, a mark and one map of plain text. */
static zj_err load_map(struct zj_job *job, struct zj_plan *plan, const char *file, const char *key,
                       const struct zj_yaml **out)
{
    const struct zj_yaml_field fields[] = {
        ZJ_YAML_TEXT(struct map_text, source, true),
        ZJ_YAML_TEXT(struct map_text, mark, true),
        {key, ZJ_YAML_MAP, true, offsetof(struct map_text, map)},
    };
    struct map_text text = {0};
    struct zj_yaml *root;
    zj_err err = zj_yaml_load(job, &plan->arena, file, &root);
    if (!err)
        err = zj_yaml_read(job, file, root, fields, ZJ_COUNT(fields), &text);
    for (const struct zj_yaml *n = err ? NULL : text.map->first; n; n = n->next)
        if (n->kind != ZJ_YAML_SCALAR)
            return zj_yaml_fault(job, file, n->line, "plain text is wanted");
    if (!err)
        *out = text.map;
    return err;
}

/* Maps of maps: what the values of a column are called. */
static zj_err load_words(struct zj_job *job, struct zj_plan *plan, const char *file)
{
    static const struct zj_yaml_field fields[] = {
        {"zh", ZJ_YAML_MAP, true, offsetof(struct zj_plan, words_zh)},
        {"en", ZJ_YAML_MAP, true, offsetof(struct zj_plan, words_en)},
    };
    struct zj_yaml *root;
    zj_err err = zj_yaml_load(job, &plan->arena, file, &root);
    if (!err)
        err = zj_yaml_read(job, file, root, fields, ZJ_COUNT(fields), plan);
    for (const struct zj_yaml *lang = err ? NULL : root->first; lang; lang = lang->next)
        for (const struct zj_yaml *col = lang->first; col; col = col->next)
            for (const struct zj_yaml *n = col->first; n || col->kind != ZJ_YAML_MAP; n = n->next)
                if (col->kind != ZJ_YAML_MAP || n->kind != ZJ_YAML_SCALAR)
                    return zj_yaml_fault(job, file, col->line, "a map of plain text is wanted");
    return err;
}

struct rule_text {
    const char *gap, *duty, *task, *severity, *subject, *zh, *en, *why_zh, *why_en, *todo_zh,
        *todo_en, *page, *source, *mark, *days, *years, *clock, *count, *fixed, *no_later_than, *days_from,
        *soon_days, *sql;
    const struct zj_yaml *inputs, *requires;
};

static zj_err read_inputs(struct zj_job *job, const char *file, const struct zj_yaml *inputs,
                          struct zj_rule *rule)
{
    for (const struct zj_yaml *n = inputs->first; n; n = n->next) {
        if (rule->input_count == ZJ_RULE_INPUTS_MAX)
            return zj_yaml_fault(job, file, n->line, "too many inputs");
        const char *by = n->kind == ZJ_YAML_SCALAR ? n->text : "";
        const bool is_org = strncmp(by, "org", 3) == 0 && (by[3] == '.' || !by[3]);
        if (!is_org && strcmp(by, "subject") != 0 && strcmp(by, "any") != 0)
            return zj_yaml_fault(job, file, n->line, "an input is 'subject', 'org' or 'any'");
        if (is_org && !strstr(rule->sql, "{orgs}"))
            return zj_yaml_fault(job, file, n->line, "a rule by organisation reads {orgs}");
        rule->inputs[rule->input_count++] = (struct zj_rule_input){
            .source = n->key,
            .is_by_subject = by[0] == 's',
            .is_by_org = is_org,
            .key = is_org && by[3] ? by + 4 : "code",
        };
    }
    return ZJ_OK;
}

static bool read_month_day(const char *text, struct zj_deadline *out)
{
    int month = 0, day = 0, end = 0;
    if (sscanf(text, "%2d-%2d%n", &month, &day, &end) != 2 || text[end])
        return false;
    out->month = month;
    out->day = day;
    return zj_date_is_valid(2023, month, day); /* every year has it */
}

/* clock and count, fixed and no_later_than; or days or years alone. */
static zj_err read_deadline(struct zj_job *job, const char *file, const struct zj_yaml *root,
                            const struct rule_text *text, struct zj_rule *rule)
{
    struct zj_deadline *d = &rule->deadline;
    d->unit = text->years ? ZJ_IN_YEARS : ZJ_IN_DAYS;
    rule->has_deadline = text->days || text->years || text->clock;
    if (text->clock && !zj_deadline_unit_find(text->clock, &d->unit))
        return zj_yaml_fault(job, file, root->line, "no such clock");
    if (text->fixed && !read_month_day(text->fixed, d))
        return zj_yaml_fault(job, file, root->line, "fixed is a month and a day, 09-30");
    if (text->no_later_than && !read_month_day(text->no_later_than, d))
        return zj_yaml_fault(job, file, root->line, "no_later_than is a month and a day, 09-30");
    if ((d->unit == ZJ_ON_DATE) != (text->fixed != NULL))
        return zj_yaml_fault(job, file, root->line, "clock 'fixed' goes with a date in 'fixed'");
    const bool is_before = text->count && text->count[0] == '-';
    zj_err err = read_int(job, file, root, text->days ? "days" : "years", 36500, &d->count);
    if (!err && text->count) {
        char *end;
        d->count = (int)strtol(text->count, &end, 10);
        if (*end || d->count > 36500 || d->count < -36500 || (is_before && d->count == 0))
            return zj_yaml_fault(job, file, root->line, "count is a whole number");
    }
    return err;
}

/* Who is bound: the rule's own list of kinds, or its task's. */
static zj_err read_bound(struct zj_job *job, const char *file, const struct zj_plan *plan,
                         const struct rule_text *text, struct zj_rule *rule)
{
    const struct zj_yaml *kinds = text->requires ? zj_yaml_find(text->requires, "org_kinds") : NULL;
    char task[16];
    if (text->requires && !kinds)
        return zj_yaml_fault(job, file, text->requires->line, "requires names org_kinds");
    snprintf(task, sizeof task, "%d", rule->task);
    if (!kinds)
        kinds = zj_yaml_find(plan->bound, task);
    if (kinds && kinds->kind == ZJ_YAML_SCALAR) { /* a group by name */
        const struct zj_yaml *group = zj_yaml_find(plan->groups, kinds->text);
        if (!group)
            return zj_yaml_fault(job, file, kinds->line, "no such group of organisations");
        kinds = group;
    }
    if (kinds && kinds->kind != ZJ_YAML_LIST)
        return zj_yaml_fault(job, file, kinds->line, "a list of kinds is wanted");
    rule->org_kinds = kinds;
    return ZJ_OK;
}

static zj_err check_rule(struct zj_job *job, const char *file, const struct zj_yaml *root,
                         const struct rule_text *text, struct zj_rule *rule)
{
    static const char *const severities[] = {"high", "medium", "low"};
    static const char *const marks[] = {"sure", "likely", "unverified"};
    bool is_severity = rule->kind == ZJ_RULE_DUTY, is_mark = false;
    for (size_t i = 0; i < 3; i++) {
        is_severity |= text->severity && strcmp(text->severity, severities[i]) == 0;
        is_mark |= strcmp(text->mark, marks[i]) == 0;
    }
    if (!is_severity)
        return zj_yaml_fault(job, file, root->line, "severity is high, medium or low");
    if (!is_mark)
        return zj_yaml_fault(job, file, root->line, "mark is sure, likely or unverified");
    zj_err err = read_inputs(job, file, text->inputs, rule);
    if (!err)
        err = read_int(job, file, root, "task", 999, &rule->task);
    if (!err)
        err = read_deadline(job, file, root, text, rule);
    rule->soon_days = SOON_DAYS;
    if (!err)
        err = read_int(job, file, root, "soon_days", 3650, &rule->soon_days);
    return err;
}

struct bound_text {
    const char *source, *mark;
    const struct zj_yaml *groups, *tasks;
};

/* Groups of kinds of organisations and which group a task binds. */
static zj_err load_applicability(struct zj_job *job, struct zj_plan *plan, const char *file)
{
    static const struct zj_yaml_field fields[] = {
        ZJ_YAML_TEXT(struct bound_text, source, true),
        ZJ_YAML_TEXT(struct bound_text, mark, true),
        {"groups", ZJ_YAML_MAP, true, offsetof(struct bound_text, groups)},
        {"tasks", ZJ_YAML_MAP, true, offsetof(struct bound_text, tasks)},
    };
    struct bound_text text = {0};
    struct zj_yaml *root;
    zj_err err = zj_yaml_load(job, &plan->arena, file, &root);
    if (!err)
        err = zj_yaml_read(job, file, root, fields, ZJ_COUNT(fields), &text);
    plan->groups = text.groups;
    plan->bound = text.tasks;
    return err;
}

static zj_err load_targets(struct zj_job *job, struct zj_plan *plan, const char *file)
{
    static const struct {
        const char *key;
        size_t offset;
    } numbers[] = {
        {"briefing_sessions", offsetof(struct zj_plan, targets.briefing_sessions)},
        {"briefing_sessions_max", offsetof(struct zj_plan, targets.briefing_sessions_max)},
        {"briefing_companies", offsetof(struct zj_plan, targets.briefing_companies)},
    };
    struct zj_yaml *root;
    zj_err err = zj_yaml_load(job, &plan->arena, file, &root);
    for (size_t i = 0; i < ZJ_COUNT(numbers) && !err; i++)
        err = read_int(job, file, root, numbers[i].key, 100000,
                       (int *)((char *)plan + numbers[i].offset));
    const struct zj_yaml *source = err ? NULL : zj_yaml_find(root, "source");
    plan->targets.source = source ? source->text : "";
    return err;
}

static zj_err load_rule(void *ctx, struct zj_job *job, const char *file)
{
    struct zj_plan *plan = ctx;
    static const struct zj_yaml_field fields[] = {
        ZJ_YAML_TEXT(struct rule_text, gap, false),
        ZJ_YAML_TEXT(struct rule_text, duty, false),
        ZJ_YAML_TEXT(struct rule_text, task, true),
        ZJ_YAML_TEXT(struct rule_text, severity, false),
        ZJ_YAML_TEXT(struct rule_text, subject, true),
        ZJ_YAML_TEXT(struct rule_text, zh, true),
        ZJ_YAML_TEXT(struct rule_text, en, true),
        ZJ_YAML_TEXT(struct rule_text, why_zh, true),
        ZJ_YAML_TEXT(struct rule_text, why_en, true),
        ZJ_YAML_TEXT(struct rule_text, todo_zh, false),
        ZJ_YAML_TEXT(struct rule_text, todo_en, false),
        ZJ_YAML_TEXT(struct rule_text, page, false),
        ZJ_YAML_TEXT(struct rule_text, source, true),
        ZJ_YAML_TEXT(struct rule_text, mark, true),
        ZJ_YAML_TEXT(struct rule_text, days, false),
        ZJ_YAML_TEXT(struct rule_text, years, false),
        ZJ_YAML_TEXT(struct rule_text, clock, false),
        ZJ_YAML_TEXT(struct rule_text, count, false),
        ZJ_YAML_TEXT(struct rule_text, fixed, false),
        ZJ_YAML_TEXT(struct rule_text, no_later_than, false),
        ZJ_YAML_TEXT(struct rule_text, days_from, false),
        ZJ_YAML_TEXT(struct rule_text, soon_days, false),
        ZJ_YAML_TEXT(struct rule_text, sql, true),
        {"inputs", ZJ_YAML_MAP, true, offsetof(struct rule_text, inputs)},
        {"requires", ZJ_YAML_MAP, false, offsetof(struct rule_text, requires)},
    };
    struct zj_yaml *root;
    struct rule_text text = {0};
    zj_err err = zj_yaml_load(job, &plan->arena, file, &root);
    if (!err)
        err = zj_yaml_read(job, file, root, fields, ZJ_COUNT(fields), &text);
    if (err)
        return err;
    if (!text.gap == !text.duty)
        return zj_yaml_fault(job, file, root->line, "a rule is a gap or a duty");
    if (plan->rule_count == RULES_MAX)
        return zj_yaml_fault(job, file, root->line, "too many rules");
    struct zj_rule *rule = &plan->rules[plan->rule_count++];
    *rule = (struct zj_rule){
        .kind = text.gap ? ZJ_RULE_GAP : ZJ_RULE_DUTY,
        .id = text.gap ? text.gap : text.duty,
        .severity = text.severity,
        .subject_kind = text.subject,
        .zh = text.zh,
        .en = text.en,
        .why_zh = text.why_zh,
        .why_en = text.why_en,
        .todo_zh = text.todo_zh,
        .todo_en = text.todo_en,
        .page = text.page,
        .source = text.source,
        .mark = text.mark,
        .sql = text.sql,
    };
    err = check_rule(job, file, root, &text, rule);
    return err ? err : read_bound(job, file, plan, &text, rule);
}

zj_err zj_plan_load(struct zj_job *job, const char *dir, struct zj_plan **out)
{
    struct zj_plan *plan = zj_alloc(sizeof *plan);
    plan->rules = zj_arena_alloc(&plan->arena, RULES_MAX * sizeof *plan->rules);
    zj_err err = ZJ_OK;
    if (!dir) {
        dir = zj_data_path(job, "packs");
        if (!dir)
            err = zj_fail(job, ZJ_EPACK,
                          zj_tr(job, "no packs beside the program or under " ZJ_PREFIX,
                                "程序旁和 " ZJ_PREFIX " 下均未找到规则包"));
    }
#define FILE_OF(name) zj_arena_printf(&plan->arena, "%s/%s", dir, name)
    if (!err)
        err = load_tasks(job, plan, FILE_OF("plan/tasks.yaml"));
    if (!err)
        err = load_map(job, plan, FILE_OF("plan/regions.yaml"), "regions", &plan->regions);
    if (!err)
        err = load_map(job, plan, FILE_OF("plan/data-types.yaml"), "types", &plan->data_types);
    if (!err)
        err = load_words(job, plan, FILE_OF("plan/words.yaml"));
    if (!err)
        err = load_applicability(job, plan, FILE_OF("plan/applicability.yaml"));
    if (!err)
        err = load_targets(job, plan, FILE_OF("plan/targets.yaml"));
    plan->calendar = zj_calendar_new();
    if (!err)
        err = zj_calendars_read(job, &plan->arena, FILE_OF("calendars"), plan->calendar);
    if (!err)
        err = zj_plan_methods_load(job, plan, FILE_OF("grading"), FILE_OF("controls"));
    if (!err)
        err = zj_yaml_each(job, &plan->arena, FILE_OF("gaps"), load_rule, plan);
    if (!err)
        err = zj_yaml_each(job, &plan->arena, FILE_OF("duties"), load_rule, plan);
#undef FILE_OF
    if (err) {
        zj_plan_free(plan);
        return err;
    }
    *out = plan;
    return ZJ_OK;
}

const struct zj_rule *zj_plan_rule_find(const struct zj_plan *plan, struct zj_span id)
{
    for (size_t i = 0; i < plan->rule_count; i++)
        if (zj_span_eq_str(id, plan->rules[i].id))
            return &plan->rules[i];
    return NULL;
}

int zj_plan_task_at(const struct zj_plan *plan, int64_t number)
{
    for (size_t i = 0; i < plan->task_count; i++)
        if (plan->tasks[i].number == number)
            return (int)i;
    return -1;
}

void zj_plan_free(struct zj_plan *plan)
{
    if (!plan)
        return;
    struct zj_arena arena = plan->arena;
    zj_calendar_free(plan->calendar);
    free(plan);
    zj_arena_release(&arena);
}
