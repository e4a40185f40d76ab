/* Reads packs/clocks, packs/numbers and packs/bureaus. The folder is the list. */
#include "work/rules.h"

#include <dirent.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>

#include "base/paths.h"
#include "base/yaml.h"

enum { CLOCKS_MAX = 200, NUMBERS_MAX = 50, NEEDS_MAX = 100, GRADES_MAX = 200 };

struct reader {
    struct zj_job *job;
    struct zj_work *work;
    const char *file;
};

static zj_err pack_fault(const struct reader *r, int line, const char *what)
{
    return zj_fail(r->job, ZJ_EPACK, "%s:%d: %s", r->file, line, what);
}

static bool read_fixed(const char *text, struct zj_deadline *out)
{
    struct zj_buf whole = {0};
    int32_t date;
    int year;
    zj_buf_printf(&whole, "2024-%s", text); /* a leap year: 02-29 is a date */
    const bool is_date = strlen(text) == 5 && zj_date_parse(zj_buf_all(&whole), &date);
    zj_buf_release(&whole);
    if (is_date)
        zj_date_split(date, &year, &out->month, &out->day);
    return is_date;
}

struct clock_text {
    const char *key, *zh, *en, *type, *starts, *meets, *from, *fixed, *amount, *unit, *source,
        *mark;
    const struct zj_yaml *when;
};

static zj_err read_when(const struct reader *r, const struct zj_yaml *when, struct zj_when *out)
{
    for (const struct zj_yaml *m = when ? when->first : NULL; m; m = m->next) {
        if (out->count == ZJ_WHEN_MAX || m->kind != ZJ_YAML_SCALAR)
            return pack_fault(r, m->line, "when: at most four fields, each with words");
        out->of[out->count].field = m->key;
        out->of[out->count++].words = m->text;
    }
    return ZJ_OK;
}

static zj_err read_clock(const struct reader *r, const struct zj_yaml *node)
{
    static const struct zj_yaml_field fields[] = {
        ZJ_YAML_TEXT(struct clock_text, key, true),
        ZJ_YAML_TEXT(struct clock_text, zh, true),
        ZJ_YAML_TEXT(struct clock_text, en, true),
        {"case", ZJ_YAML_SCALAR, true, offsetof(struct clock_text, type)},
        ZJ_YAML_TEXT(struct clock_text, starts, true),
        ZJ_YAML_TEXT(struct clock_text, meets, true),
        ZJ_YAML_TEXT(struct clock_text, from, false),
        ZJ_YAML_TEXT(struct clock_text, fixed, false),
        ZJ_YAML_TEXT(struct clock_text, amount, false),
        ZJ_YAML_TEXT(struct clock_text, unit, true),
        {"when", ZJ_YAML_MAP, false, offsetof(struct clock_text, when)},
        ZJ_YAML_TEXT(struct clock_text, source, true),
        ZJ_YAML_TEXT(struct clock_text, mark, true),
    };
    struct clock_text t = {0};
    struct zj_work *work = r->work;
    zj_err err = zj_yaml_read(r->job, r->file, node, fields, ZJ_COUNT(fields), &t);
    if (err)
        return err;
    if (work->clock_count == CLOCKS_MAX)
        return pack_fault(r, node->line, "too many clocks");
    struct zj_clock_rule rule = {.key = t.key, .zh = t.zh, .en = t.en, .type = t.type,
                                 .starts = t.starts, .meets = t.meets, .from = t.from,
                                 .source = t.source, .mark = t.mark};
    char *end = NULL;
    const long amount = t.amount ? strtol(t.amount, &end, 10) : 0;
    if (!zj_deadline_unit_find(t.unit, &rule.deadline.unit))
        return pack_fault(r, node->line,
                          "unit is hours, days, working_days, months, years or fixed");
    if (rule.deadline.unit == ZJ_ON_DATE
            ? !t.fixed || !read_fixed(t.fixed, &rule.deadline)
            : !t.amount || !end || *end || amount < -1000 || amount > 1000)
        return pack_fault(r, node->line, "amount is a whole number; of a fixed date: fixed: 09-30");
    rule.deadline.count = (int)amount;
    err = read_when(r, t.when, &rule.when);
    if (!err)
        work->clocks[work->clock_count++] = rule;
    return err;
}

static zj_err read_number(const struct reader *r, const struct zj_yaml *node)
{
    static const struct zj_yaml_field fields[] = {
        {"case", ZJ_YAML_SCALAR, true, offsetof(struct zj_number_rule, type)},
        ZJ_YAML_TEXT(struct zj_number_rule, pattern, true),
        ZJ_YAML_TEXT(struct zj_number_rule, source, true),
        ZJ_YAML_TEXT(struct zj_number_rule, mark, true),
    };
    struct zj_number_rule rule = {0};
    zj_err err = zj_yaml_read(r->job, r->file, node, fields, ZJ_COUNT(fields), &rule);
    if (err)
        return err;
    if (r->work->number_count == NUMBERS_MAX || strlen(rule.pattern) > 60 ||
        !strstr(rule.pattern, "{n"))
        return pack_fault(r, node->line, "a pattern has {n} or {n:6}, and 60 characters at most");
    r->work->numbers[r->work->number_count++] = rule;
    return ZJ_OK;
}

struct need_text {
    const char *type, *action, *fields, *zh, *en, *source, *mark;
    const struct zj_yaml *when;
};

static zj_err read_need(const struct reader *r, const struct zj_yaml *node)
{
    static const struct zj_yaml_field fields[] = {
        {"case", ZJ_YAML_SCALAR, true, offsetof(struct need_text, type)},
        {"actions", ZJ_YAML_SCALAR, true, offsetof(struct need_text, action)},
        ZJ_YAML_TEXT(struct need_text, fields, true),
        ZJ_YAML_TEXT(struct need_text, zh, true),
        ZJ_YAML_TEXT(struct need_text, en, true),
        {"when", ZJ_YAML_MAP, false, offsetof(struct need_text, when)},
        ZJ_YAML_TEXT(struct need_text, source, true),
        ZJ_YAML_TEXT(struct need_text, mark, true),
    };
    struct need_text t = {0};
    zj_err err = zj_yaml_read(r->job, r->file, node, fields, ZJ_COUNT(fields), &t);
    if (err)
        return err;
    if (r->work->need_count == NEEDS_MAX)
        return pack_fault(r, node->line, "too many needs");
    struct zj_need_rule rule = {.type = t.type, .action = t.action, .fields = t.fields,
                                .zh = t.zh, .en = t.en, .source = t.source, .mark = t.mark};
    err = read_when(r, t.when, &rule.when);
    if (!err)
        r->work->needs[r->work->need_count++] = rule;
    return err;
}

struct grade_text {
    const char *type, *field, *measure, *at_least, *grade, *source, *mark;
    const struct zj_yaml *when;
};

static zj_err read_grade(const struct reader *r, const struct zj_yaml *node)
{
    static const struct zj_yaml_field fields[] = {
        {"case", ZJ_YAML_SCALAR, true, offsetof(struct grade_text, type)},
        ZJ_YAML_TEXT(struct grade_text, field, true),
        ZJ_YAML_TEXT(struct grade_text, measure, true),
        ZJ_YAML_TEXT(struct grade_text, at_least, true),
        ZJ_YAML_TEXT(struct grade_text, grade, true),
        {"when", ZJ_YAML_MAP, false, offsetof(struct grade_text, when)},
        ZJ_YAML_TEXT(struct grade_text, source, true),
        ZJ_YAML_TEXT(struct grade_text, mark, true),
    };
    struct grade_text t = {0};
    char *bound_end, *grade_end;
    zj_err err = zj_yaml_read(r->job, r->file, node, fields, ZJ_COUNT(fields), &t);
    if (err)
        return err;
    if (r->work->grade_count == GRADES_MAX)
        return pack_fault(r, node->line, "too many grades");
    struct zj_grade_rule rule = {.type = t.type, .field = t.field, .measure = t.measure,
                                 .source = t.source, .mark = t.mark};
    rule.at_least = strtoll(t.at_least, &bound_end, 10);
    rule.grade = strtoll(t.grade, &grade_end, 10);
    if (*bound_end || rule.at_least < 1 || *grade_end || rule.grade < 1)
        return pack_fault(r, node->line, "at_least and grade are numbers above nought");
    err = read_when(r, t.when, &rule.when);
    if (!err)
        r->work->grades[r->work->grade_count++] = rule;
    return err;
}

static zj_err read_bureau(const struct reader *r, const struct zj_yaml *node)
{
    static const struct zj_yaml_field fields[] = {
        ZJ_YAML_TEXT(struct zj_bureau_rule, role, true),
        ZJ_YAML_TEXT(struct zj_bureau_rule, zh, true),
        ZJ_YAML_TEXT(struct zj_bureau_rule, en, true),
        ZJ_YAML_TEXT(struct zj_bureau_rule, name_has, true),
    };
    struct zj_bureau_rule rule = {0};
    zj_err err = zj_yaml_read(r->job, r->file, node, fields, ZJ_COUNT(fields), &rule);
    if (err)
        return err;
    if (r->work->bureau_count == ZJ_BUREAU_ROLES_MAX)
        return pack_fault(r, node->line, "too many bureaus");
    r->work->bureaus[r->work->bureau_count++] = rule;
    return ZJ_OK;
}

typedef zj_err read_fn(const struct reader *r, const struct zj_yaml *node);

static zj_err read_pack(struct reader *r, const char *list, read_fn *each)
{
    struct zj_yaml *root;
    zj_err err = zj_yaml_load(r->job, &r->work->arena, r->file, &root);
    const struct zj_yaml *nodes = err ? NULL : zj_yaml_find(root, list);
    if (!err && (!nodes || nodes->kind != ZJ_YAML_LIST))
        return pack_fault(r, root->line, zj_arena_printf(&r->job->arena, "a list '%s' is wanted", list));
    for (const struct zj_yaml *node = nodes ? nodes->first : NULL; node && !err; node = node->next)
        err = each(r, node);
    return err;
}

static int is_yaml(const struct dirent *entry)
{
    const size_t len = strlen(entry->d_name);
    return len > 5 && strcmp(entry->d_name + len - 5, ".yaml") == 0;
}

static zj_err read_folder(struct zj_job *job, struct zj_work *work, const char *dir,
                          const char *name, read_fn *each)
{
    struct dirent **files = NULL;
    const char *path = zj_arena_printf(&job->arena, "%s/%s", dir, name);
    zj_err err = ZJ_OK;
    const int count = scandir(path, &files, is_yaml, alphasort);
    if (count < 0)
        return zj_fail(job, ZJ_EPACK, "%s: %s", path, zj_strerror(job, errno));
    for (int i = 0; i < count; i++) {
        struct reader r = {
            job, work, zj_arena_printf(&work->arena, "%s/%s", path, files[i]->d_name)};
        if (!err)
            err = read_pack(&r, name, each);
        free(files[i]);
    }
    free(files);
    return err;
}

/* A rule that names an action which its case type does not have would never do anything. */
static zj_err check_words(struct zj_job *job, const char *rule, const char *type_name,
                          const char *list)
{
    const struct zj_case_type *type = zj_case_type_find(type_name);
    struct zj_span word;
    if (!type)
        return zj_fail(job, ZJ_EPACK, "%s: no case type '%s'", rule, type_name);
    while (zj_word_next(&list, &word)) {
        const char *name = zj_arena_span(&job->arena, word);
        if (strcmp(name, "open") != 0 && strcmp(name, "never") != 0 &&
            !zj_case_action_find(type, name))
            return zj_fail(job, ZJ_EPACK, "%s: case type %s has no action '%s'", rule, type_name,
                           name);
    }
    return ZJ_OK;
}

static zj_err check_fields(struct zj_job *job, const char *rule, const char *type_name,
                           const char *list)
{
    const struct zj_case_type *type = zj_case_type_find(type_name);
    const struct zj_register *reg = type ? zj_register_find(type->reg) : NULL;
    struct zj_span word;
    while (list && zj_word_next(&list, &word)) {
        bool is_known = false;
        for (size_t i = 0; reg && i < reg->field_count; i++)
            is_known |= zj_span_eq_str(word, reg->fields[i].name);
        if (!is_known)
            return zj_fail(job, ZJ_EPACK, "%s: %s has no field '%.*s'", rule,
                           type ? type->reg : type_name, (int)word.len, (const char *)word.at);
    }
    return ZJ_OK;
}

static zj_err check_when(struct zj_job *job, const char *rule, const char *type,
                         const struct zj_when *when)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < when->count && !err; i++) /* of "a.b" the form has a */
        err = check_fields(job, rule, type,
                           zj_arena_span(&job->arena,
                                         zj_span_of(when->of[i].field,
                                                    strcspn(when->of[i].field, "."))));
    return err;
}

static zj_err check_rules(struct zj_job *job, const struct zj_work *work)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < work->clock_count && !err; i++) {
        const struct zj_clock_rule *c = &work->clocks[i];
        err = check_words(job, c->key, c->type, c->starts);
        if (!err)
            err = check_words(job, c->key, c->type, c->meets);
        if (!err)
            err = check_fields(job, c->key, c->type, c->from);
        if (!err)
            err = check_when(job, c->key, c->type, &c->when);
    }
    for (size_t i = 0; i < work->grade_count && !err; i++) {
        const struct zj_grade_rule *g = &work->grades[i];
        err = check_fields(job, g->source, g->type, g->field);
        if (!err)
            err = check_fields(job, g->source, g->type, g->measure);
        if (!err)
            err = check_when(job, g->source, g->type, &g->when);
    }
    for (size_t i = 0; i < work->need_count && !err; i++) {
        const struct zj_need_rule *n = &work->needs[i];
        err = check_words(job, n->en, n->type, n->action);
        if (!err)
            err = check_fields(job, n->en, n->type, n->fields);
        if (!err)
            err = check_when(job, n->en, n->type, &n->when);
    }
    return err;
}

zj_err zj_work_load(struct zj_job *job, const char *dir, struct zj_work **out)
{
    ZJ_AUTO(zj_work_freep) struct zj_work *work = zj_alloc(sizeof *work);
    work->clocks = zj_alloc(CLOCKS_MAX * sizeof *work->clocks);
    work->numbers = zj_alloc(NUMBERS_MAX * sizeof *work->numbers);
    work->needs = zj_alloc(NEEDS_MAX * sizeof *work->needs);
    work->grades = zj_alloc(GRADES_MAX * sizeof *work->grades);
    work->calendar = zj_calendar_new();
    if (!dir)
        dir = zj_data_path(job, "packs");
    if (!dir)
        return zj_fail(job, ZJ_EPACK, "%s",
                       zj_tr(job, "the packs are not found", "找不到规则包目录"));
    zj_err err = read_folder(job, work, dir, "clocks", read_clock);
    if (!err)
        err = read_folder(job, work, dir, "numbers", read_number);
    if (!err)
        err = read_folder(job, work, dir, "bureaus", read_bureau);
    if (!err)
        err = read_folder(job, work, dir, "needs", read_need);
    if (!err)
        err = read_folder(job, work, dir, "grades", read_grade);
    if (!err)
        err = zj_calendars_read(job, &work->arena,
                                zj_arena_printf(&job->arena, "%s/calendars", dir), work->calendar);
    if (!err)
        err = check_rules(job, work);
    if (!err)
        *out = ZJ_TAKE(work);
    return err;
}

void zj_work_free(struct zj_work *work)
{
    if (!work)
        return;
    zj_arena_release(&work->arena);
    free(work->clocks);
    free(work->numbers);
    free(work->needs);
    free(work->grades);
    zj_calendar_free(work->calendar);
    free(work);
}

const struct zj_clock_rule *zj_clock_rule_find(const struct zj_work *work, const char *type,
                                               const char *key)
{
    for (size_t i = 0; i < work->clock_count; i++)
        if (strcmp(work->clocks[i].type, type) == 0 && strcmp(work->clocks[i].key, key) == 0)
            return &work->clocks[i];
    return NULL;
}

const struct zj_number_rule *zj_number_rule_find(const struct zj_work *work, const char *type)
{
    for (size_t i = 0; i < work->number_count; i++)
        if (strcmp(work->numbers[i].type, type) == 0)
            return &work->numbers[i];
    return NULL;
}

bool zj_mark_is_on(const char *mark)
{
    return strcmp(mark, "unverified") != 0;
}
