/* Reads packs/clocks, packs/numbers and packs/bureaus. The folder is the list. */
#include "work/rules.h"

#include <dirent.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/paths.h"
#include "base/yaml.h"

enum { CLOCKS_MAX = 200, NUMBERS_MAX = 50 };

struct reader {
    struct zj_job *job;
    struct zj_work *work;
    const char *file;
};

static zj_err pack_fault(const struct reader *r, int line, const char *what)
{
    return zj_fail(r->job, ZJ_EPACK, "%s:%d: %s", r->file, line, what);
}

static bool read_unit(const char *word, enum zj_clock_unit *out)
{
    static const char *const words[] = {"hours", "days", "working_days", "months", "years",
                                        "fixed"};
    for (size_t i = 0; i < ZJ_COUNT(words); i++)
        if (strcmp(word, words[i]) == 0) {
            *out = (enum zj_clock_unit)i;
            return true;
        }
    return false;
}

static bool is_fixed_date(const char *text)
{
    struct zj_buf whole = {0};
    int32_t date;
    zj_buf_printf(&whole, "2024-%s", text);
    const bool is_date = strlen(text) == 5 && zj_date_parse(zj_buf_all(&whole), &date);
    zj_buf_release(&whole);
    return is_date;
}

struct clock_text {
    const char *key, *zh, *en, *type, *starts, *meets, *from, *fixed, *amount, *unit, *source,
        *mark;
    const struct zj_yaml *when;
};

static zj_err read_when(const struct reader *r, const struct zj_yaml *when,
                        struct zj_clock_rule *rule)
{
    for (const struct zj_yaml *m = when ? when->first : NULL; m; m = m->next) {
        if (rule->when_count == ZJ_CLOCK_WHEN_MAX || m->kind != ZJ_YAML_SCALAR)
            return pack_fault(r, m->line, "when: at most four fields, each with words");
        rule->when[rule->when_count].field = m->key;
        rule->when[rule->when_count++].words = m->text;
    }
    return ZJ_OK;
}

static zj_err read_clock(const struct reader *r, const struct zj_yaml *node)
{
    static const struct zj_yaml_field fields[] = {
        {"key", ZJ_YAML_SCALAR, true, offsetof(struct clock_text, key)},
        {"zh", ZJ_YAML_SCALAR, true, offsetof(struct clock_text, zh)},
        {"en", ZJ_YAML_SCALAR, true, offsetof(struct clock_text, en)},
        {"case", ZJ_YAML_SCALAR, true, offsetof(struct clock_text, type)},
        {"starts", ZJ_YAML_SCALAR, true, offsetof(struct clock_text, starts)},
        {"meets", ZJ_YAML_SCALAR, true, offsetof(struct clock_text, meets)},
        {"from", ZJ_YAML_SCALAR, false, offsetof(struct clock_text, from)},
        {"fixed", ZJ_YAML_SCALAR, false, offsetof(struct clock_text, fixed)},
        {"amount", ZJ_YAML_SCALAR, false, offsetof(struct clock_text, amount)},
        {"unit", ZJ_YAML_SCALAR, true, offsetof(struct clock_text, unit)},
        {"when", ZJ_YAML_MAP, false, offsetof(struct clock_text, when)},
        {"source", ZJ_YAML_SCALAR, true, offsetof(struct clock_text, source)},
        {"mark", ZJ_YAML_SCALAR, true, offsetof(struct clock_text, mark)},
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
                                 .fixed = t.fixed, .source = t.source, .mark = t.mark};
    char *end = NULL;
    const long amount = t.amount ? strtol(t.amount, &end, 10) : 0;
    if (!read_unit(t.unit, &rule.unit))
        return pack_fault(r, node->line,
                     "unit is hours, days, working_days, months, years or fixed");
    if (rule.unit == ZJ_UNIT_FIXED ? !t.fixed || !is_fixed_date(t.fixed)
                                   : !t.amount || !end || *end || amount < 0 || amount > 1000)
        return pack_fault(r, node->line, "amount is a whole number; of a fixed date: fixed: 09-30");
    rule.amount = (int)amount;
    err = read_when(r, t.when, &rule);
    if (!err)
        work->clocks[work->clock_count++] = rule;
    return err;
}

static zj_err read_number(const struct reader *r, const struct zj_yaml *node)
{
    static const struct zj_yaml_field fields[] = {
        {"case", ZJ_YAML_SCALAR, true, offsetof(struct zj_number_rule, type)},
        {"pattern", ZJ_YAML_SCALAR, true, offsetof(struct zj_number_rule, pattern)},
        {"source", ZJ_YAML_SCALAR, true, offsetof(struct zj_number_rule, source)},
        {"mark", ZJ_YAML_SCALAR, true, offsetof(struct zj_number_rule, mark)},
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

static zj_err read_bureau(const struct reader *r, const struct zj_yaml *node)
{
    static const struct zj_yaml_field fields[] = {
        {"role", ZJ_YAML_SCALAR, true, offsetof(struct zj_bureau_rule, role)},
        {"zh", ZJ_YAML_SCALAR, true, offsetof(struct zj_bureau_rule, zh)},
        {"en", ZJ_YAML_SCALAR, true, offsetof(struct zj_bureau_rule, en)},
        {"name_has", ZJ_YAML_SCALAR, true, offsetof(struct zj_bureau_rule, name_has)},
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
        return zj_fail(job, ZJ_EPACK, "%s: %s", path, strerror(errno));
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
static zj_err check_words(struct zj_job *job, const struct zj_clock_rule *rule, const char *list)
{
    const struct zj_case_type *type = zj_case_type_find(rule->type);
    struct zj_span word;
    if (!type)
        return zj_fail(job, ZJ_EPACK, "packs/clocks: %s: no case type '%s'", rule->key, rule->type);
    while (zj_word_next(&list, &word)) {
        const char *name = zj_arena_span(&job->arena, word);
        if (strcmp(name, "open") != 0 && strcmp(name, "never") != 0 &&
            !zj_case_action_find(type, name))
            return zj_fail(job, ZJ_EPACK, "packs/clocks: %s: case type %s has no action '%s'",
                           rule->key, rule->type, name);
    }
    return ZJ_OK;
}

static zj_err check_clocks(struct zj_job *job, const struct zj_work *work)
{
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < work->clock_count && !err; i++) {
        err = check_words(job, &work->clocks[i], work->clocks[i].starts);
        if (!err)
            err = check_words(job, &work->clocks[i], work->clocks[i].meets);
    }
    return err;
}

zj_err zj_work_load(struct zj_job *job, const char *dir, struct zj_work **out)
{
    ZJ_AUTO(zj_work_freep) struct zj_work *work = zj_alloc(sizeof *work);
    work->clocks = zj_alloc(CLOCKS_MAX * sizeof *work->clocks);
    work->numbers = zj_alloc(NUMBERS_MAX * sizeof *work->numbers);
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
        err = check_clocks(job, work);
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

bool zj_clock_is_on(const struct zj_clock_rule *rule)
{
    return strcmp(rule->mark, "unverified") != 0;
}
