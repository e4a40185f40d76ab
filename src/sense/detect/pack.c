/* packs/detections/NAME.yaml: what a detection is called, how grave it is, where it stands in the
 * catalogues, and the numbers it goes by. Read before the sensor gives up its rights. */
#include <errno.h>
#include <stdlib.h>

#include "base/paths.h"
#include "base/yaml.h"
#include "sense/detect/detect.h"

struct entry {
    const char *detection, *severity, *enabled, *zh, *en, *about_zh, *about_en;
    const char *todo_zh, *todo_en, *source, *mark;
    const struct zj_yaml *references, *settings;
};

static const struct zj_yaml_field fields[] = {
    ZJ_YAML_TEXT(struct entry, detection, true),
    ZJ_YAML_TEXT(struct entry, severity, true),
    ZJ_YAML_TEXT(struct entry, enabled, false),
    ZJ_YAML_TEXT(struct entry, zh, true),
    ZJ_YAML_TEXT(struct entry, en, true),
    ZJ_YAML_TEXT(struct entry, about_zh, true),
    ZJ_YAML_TEXT(struct entry, about_en, true),
    ZJ_YAML_TEXT(struct entry, todo_zh, false),
    ZJ_YAML_TEXT(struct entry, todo_en, false),
    ZJ_YAML_TEXT(struct entry, source, true),
    ZJ_YAML_TEXT(struct entry, mark, true),
    {"references", ZJ_YAML_LIST, true, offsetof(struct entry, references)},
    {"settings", ZJ_YAML_MAP, false, offsetof(struct entry, settings)},
};

struct loading {
    struct zj_detections *all;
    const char *files[ZJ_DETECTIONS_MAX]; /* NULL: none yet */
};

/* A whole number and nothing else. */
static bool parse_number(const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    const long long number = strtoll(text, &end, 10);
    if (errno || end == text || *end || text[0] == ' ' || text[0] == '+')
        return false;
    *out = number;
    return true;
}

static const struct zj_detection_param *find_param(const struct zj_detection *rule,
                                                   const char *name)
{
    for (size_t i = 0; i < rule->param_count; i++)
        if (strcmp(rule->params[i].name, name) == 0)
            return &rule->params[i];
    return NULL;
}

struct value_text {
    const char *value, *en, *zh;
};

static zj_err read_value(struct zj_job *job, const char *file, const struct zj_detection *rule,
                         const struct zj_yaml *node, struct zj_detection_value *values)
{
    static const struct zj_yaml_field parts[] = {
        ZJ_YAML_TEXT(struct value_text, value, true),
        ZJ_YAML_TEXT(struct value_text, en, true),
        ZJ_YAML_TEXT(struct value_text, zh, true),
    };
    struct value_text text = {0};
    const struct zj_detection_param *param = find_param(rule, node->key);
    if (!param)
        return zj_fail(job, ZJ_EPACK,
                       zj_tr(job, "%s:%d: the detection has no number '%s'",
                             "%s:%d：该检测没有数值“%s”"),
                       file, node->line, node->key);
    zj_err err = zj_yaml_read(job, file, node, parts, ZJ_COUNT(parts), &text);
    if (err)
        return err;
    int64_t value;
    if (!parse_number(text.value, &value) || value < param->min || value > param->max)
        return zj_fail(job, ZJ_EPACK,
                       zj_tr(job, "%s:%d: '%s' is '%s'; a whole number from %lld to %lld is wanted",
                             "%s:%d：“%s”的值为“%s”，应为 %lld 至 %lld 的整数"),
                       file, zj_yaml_find(node, "value")->line, node->key, text.value,
                       (long long)param->min, (long long)param->max);
    values[param - rule->params] = (struct zj_detection_value){
        .name = param->name,
        .en = text.en,
        .zh = text.zh,
        .value = value,
        .min = param->min,
        .max = param->max,
    };
    return ZJ_OK;
}

static zj_err read_values(struct zj_job *job, const char *file, const struct zj_yaml *root,
                          const struct zj_yaml *settings, const struct zj_detection *rule,
                          struct zj_detection_info *info)
{
    zj_err err = ZJ_OK;
    for (const struct zj_yaml *n = settings ? settings->first : NULL; n && !err; n = n->next)
        err = read_value(job, file, rule, n, info->values);
    info->value_count = rule->param_count;
    for (size_t i = 0; i < rule->param_count && !err; i++)
        if (!info->values[i].name)
            err = zj_fail(job, ZJ_EPACK,
                          zj_tr(job, "%s:%d: the number '%s' is missing",
                                "%s:%d：缺少数值“%s”"),
                          file, settings ? settings->line : root->line, rule->params[i].name);
    return err;
}

static zj_err read_references(struct zj_job *job, struct zj_arena *arena, const char *file,
                              const struct zj_yaml *list, const char *const **out)
{
    size_t count = 0;
    for (const struct zj_yaml *n = list->first; n; n = n->next)
        count++;
    const char **references = zj_arena_alloc(arena, (count + 1) * sizeof *references);
    count = 0;
    for (const struct zj_yaml *n = list->first; n; n = n->next) {
        if (n->kind != ZJ_YAML_SCALAR)
            return zj_yaml_fault(job, file, n->line,
                                 zj_tr(job, "a reference is text", "依据应为文本"));
        references[count++] = n->text;
    }
    references[count] = NULL;
    *out = references;
    return ZJ_OK;
}

static bool is_among(const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(text, list[i]) == 0)
            return true;
    return false;
}

static zj_err check_entry(struct zj_job *job, const char *file, const struct zj_yaml *root,
                          const struct entry *e)
{
    static const char *const severities[] = {"high", "medium", "low"};
    static const char *const marks[] = {"sure", "likely", "unverified"};
    static const char *const switches[] = {"yes", "no"};
    if (!is_among(e->severity, severities, ZJ_COUNT(severities)))
        return zj_yaml_fault(job, file, zj_yaml_find(root, "severity")->line,
                             zj_tr(job, "severity is high, medium or low",
                                   "severity 应为 high、medium 或 low"));
    if (!is_among(e->mark, marks, ZJ_COUNT(marks)))
        return zj_yaml_fault(job, file, zj_yaml_find(root, "mark")->line,
                             zj_tr(job, "mark is sure, likely or unverified",
                                   "mark 应为 sure、likely 或 unverified"));
    if (e->enabled && !is_among(e->enabled, switches, ZJ_COUNT(switches)))
        return zj_yaml_fault(job, file, zj_yaml_find(root, "enabled")->line,
                             zj_tr(job, "enabled is yes or no", "enabled 应为 yes 或 no"));
    return ZJ_OK;
}

/* The place of the rule in the list; its count where there is none of this name. */
static size_t find_rule(const char *name)
{
    size_t i = 0;
    while (i < zj_detection_rule_count && strcmp(zj_detection_rules[i]->name, name) != 0)
        i++;
    return i;
}

static zj_err take_pack(void *ctx, struct zj_job *job, const char *file)
{
    struct loading *l = ctx;
    struct zj_arena *arena = &l->all->arena;
    struct zj_yaml *root;
    struct entry e = {0};
    zj_err err = zj_yaml_load(job, arena, file, &root);
    if (!err)
        err = zj_yaml_read(job, file, root, fields, ZJ_COUNT(fields), &e);
    if (!err)
        err = check_entry(job, file, root, &e);
    if (err)
        return err;
    const size_t at = find_rule(e.detection);
    if (at == zj_detection_rule_count)
        return zj_fail(job, ZJ_EPACK,
                       zj_tr(job, "%s:%d: there is no detection '%s'", "%s:%d：没有检测“%s”"),
                       file, zj_yaml_find(root, "detection")->line, e.detection);
    if (l->files[at])
        return zj_fail(job, ZJ_EPACK,
                       zj_tr(job, "%s:%d: '%s' stands in %s already", "%s:%d：“%s”已见于 %s"), file,
                       zj_yaml_find(root, "detection")->line, e.detection, l->files[at]);
    l->files[at] = file;
    struct zj_detection_info *info = &l->all->infos[at];
    *info = (struct zj_detection_info){
        .name = zj_detection_rules[at]->name,
        .id = zj_detection_rules[at]->id,
        .is_off = (e.enabled && strcmp(e.enabled, "no") == 0) || strcmp(e.mark, "unverified") == 0,
        .severity = e.severity,
        .en = e.en,
        .zh = e.zh,
        .about_en = e.about_en,
        .about_zh = e.about_zh,
        .todo_en = e.todo_en,
        .todo_zh = e.todo_zh,
        .source = e.source,
        .mark = e.mark,
    };
    err = read_references(job, arena, file, e.references, &info->references);
    return err ? err : read_values(job, file, root, e.settings, zj_detection_rules[at], info);
}

static zj_err check_whole(struct zj_job *job, const struct loading *l, const char *dir)
{
    for (size_t i = 0; i < zj_detection_rule_count; i++)
        if (!l->files[i])
            return zj_fail(job, ZJ_EPACK,
                           zj_tr(job, "%s: no file for the detection '%s'",
                                 "%s：缺少检测“%s”的文件"),
                           dir, zj_detection_rules[i]->name);
    return ZJ_OK;
}

zj_err zj_detections_load(struct zj_job *job, const char *dir, struct zj_detections **out)
{
    struct loading l = {.all = zj_alloc(sizeof *l.all)};
    const char *place = dir ? dir : zj_data_path(job, "packs/detections");
    zj_err err = place ? zj_yaml_each(job, &l.all->arena, place, take_pack, &l)
                       : zj_fail(job, ZJ_EPACK, "%s",
                                 zj_tr(job, "the folder packs/detections is not found",
                                       "找不到目录 packs/detections"));
    if (!err)
        err = check_whole(job, &l, place);
    l.all->count = zj_detection_rule_count;
    for (size_t i = 0; i < l.all->count; i++)
        for (size_t k = 0; k < l.all->infos[i].value_count; k++)
            l.all->values[i][k] = l.all->infos[i].values[k].value;
    if (err)
        zj_detections_free(l.all);
    else
        *out = l.all;
    return err;
}

void zj_detections_free(struct zj_detections *detections)
{
    if (!detections)
        return;
    zj_arena_release(&detections->arena);
    free(detections);
}
