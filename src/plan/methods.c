/* Grading methods and control catalogues: facts of packs that forms and rules read. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "plan/methods.h"

struct method_text {
    const char *method, *version, *zh, *en, *source, *mark;
    const struct zj_yaml *elements, *levels;
};

struct catalogue_text {
    const char *catalogue, *zh, *en, *source, *mark;
    const struct zj_yaml *items;
};

static bool read_int(const struct zj_yaml *map, const char *key, int *out)
{
    const struct zj_yaml *n = map->kind == ZJ_YAML_MAP ? zj_yaml_find(map, key) : NULL;
    char *end = NULL;
    const long value = n && n->kind == ZJ_YAML_SCALAR ? strtol(n->text, &end, 10) : -1;
    if (!end || end == n->text || *end || value < 0 || value > 1000000)
        return false;
    *out = (int)value;
    return true;
}

static const char *text_of(const struct zj_yaml *map, const char *key)
{
    const struct zj_yaml *n = map->kind == ZJ_YAML_MAP ? zj_yaml_find(map, key) : NULL;
    return n && n->kind == ZJ_YAML_SCALAR ? n->text : NULL;
}

/* --- grading ------------------------------------------------------------------------------------
 */

static zj_err read_levels(struct zj_job *job, const char *file, const struct zj_yaml *list,
                          struct zj_method *out)
{
    int sum_max = 0;
    for (const struct zj_yaml *n = list->first; n; n = n->next) {
        struct zj_grade_level *l = &out->levels[out->level_count];
        if (out->level_count == ZJ_GRADE_LEVELS_MAX)
            return zj_yaml_fault(job, file, n->line, "too many levels");
        if (!read_int(n, "level", &l->level) || !read_int(n, "sum_max", &l->sum_max) ||
            l->sum_max <= sum_max)
            return zj_yaml_fault(job, file, n->line, "a level and its largest sum, rising");
        sum_max = l->sum_max;
        out->level_count++;
    }
    return out->level_count ? ZJ_OK : zj_yaml_fault(job, file, list->line, "levels are wanted");
}

static zj_err load_method(void *ctx, struct zj_job *job, const char *file)
{
    struct zj_plan *plan = ctx;
    static const struct zj_yaml_field fields[] = {
        ZJ_YAML_TEXT(struct method_text, method, true),
        ZJ_YAML_TEXT(struct method_text, version, true),
        ZJ_YAML_TEXT(struct method_text, zh, true),
        ZJ_YAML_TEXT(struct method_text, en, true),
        ZJ_YAML_TEXT(struct method_text, source, true),
        ZJ_YAML_TEXT(struct method_text, mark, true),
        {"elements", ZJ_YAML_LIST, true, offsetof(struct method_text, elements)},
        {"levels", ZJ_YAML_LIST, true, offsetof(struct method_text, levels)},
    };
    struct zj_yaml *root;
    struct method_text text = {0};
    zj_err err = zj_yaml_load(job, &plan->arena, file, &root);
    if (!err)
        err = zj_yaml_read(job, file, root, fields, ZJ_COUNT(fields), &text);
    if (err)
        return err;
    if (plan->method_count == ZJ_METHODS_MAX)
        return zj_yaml_fault(job, file, root->line, "too many methods");
    int elements = 0;
    for (const struct zj_yaml *n = text.elements->first; n; n = n->next)
        elements += text_of(n, "key") && text_of(n, "zh") && text_of(n, "en");
    if (elements != 3)
        return zj_yaml_fault(job, file, text.elements->line, "three elements are wanted");
    struct zj_method *m = &plan->methods[plan->method_count++];
    *m = (struct zj_method){text.method, text.version,  text.zh, text.en, text.source,
                            text.mark,   text.elements, {{0}},   0};
    return read_levels(job, file, text.levels, m);
}

bool zj_plan_grade(const struct zj_plan *plan, const char *method, int i, int v, int r,
                   struct zj_grade *out)
{
    enum { ELEMENT_MAX = 5 };
    if (i < 1 || v < 1 || r < 1 || i > ELEMENT_MAX || v > ELEMENT_MAX || r > ELEMENT_MAX)
        return false;
    for (size_t at = 0; at < plan->method_count; at++) {
        const struct zj_method *m = &plan->methods[at];
        if (method && strcmp(m->name, method) != 0)
            continue;
        const int sum = (1 << i) + (1 << v) + (1 << r);
        for (size_t l = 0; l < m->level_count; l++) {
            if (sum > m->levels[l].sum_max)
                continue;
            *out = (struct zj_grade){
                .method = m->name,
                .version = m->version,
                .level = m->levels[l].level,
                .sum = sum,
                .k_tenths = (int)lround(10 * log2(sum / 3.0)),
            };
            return true;
        }
    }
    return false;
}

static void put_values(const struct zj_yaml *element, struct zj_json *out)
{
    const struct zj_yaml *list = zj_yaml_find(element, "values");
    int value = 0;
    zj_json_key(out, "values");
    zj_json_array(out);
    for (const struct zj_yaml *n = list ? list->first : NULL; n; n = n->next) {
        zj_json_object(out);
        zj_json_kint(out, "value", ++value);
        zj_json_kstr(out, "zh", text_of(n, "zh"));
        zj_json_kstr(out, "en", text_of(n, "en"));
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
}

static void put_method(const struct zj_method *m, struct zj_json *out)
{
    static const char *const keys[] = {"zh", "en", "help_zh", "help_en"};
    zj_json_object(out);
    zj_json_kstr(out, "name", m->name);
    zj_json_kstr(out, "version", m->version);
    zj_json_kstr(out, "zh", m->zh);
    zj_json_kstr(out, "en", m->en);
    zj_json_kstr(out, "source", m->source);
    zj_json_kstr(out, "mark", m->mark);
    zj_json_key(out, "factors");
    zj_json_array(out);
    for (const struct zj_yaml *n = m->elements->first; n; n = n->next) {
        zj_json_object(out);
        zj_json_kstr(out, "name", text_of(n, "key"));
        for (size_t i = 0; i < ZJ_COUNT(keys); i++)
            zj_json_kstr(out, keys[i], text_of(n, keys[i]));
        put_values(n, out);
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    zj_json_key(out, "levels");
    zj_json_array(out);
    for (size_t l = 0; l < m->level_count; l++) {
        zj_json_object(out);
        zj_json_kint(out, "level", m->levels[l].level);
        zj_json_kint(out, "sum_max", m->levels[l].sum_max);
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
    zj_json_object_end(out);
}

bool zj_plan_method(const struct zj_plan *plan, const char *name, struct zj_json *out)
{
    for (size_t i = 0; i < plan->method_count; i++)
        if (!name || strcmp(plan->methods[i].name, name) == 0) {
            put_method(&plan->methods[i], out);
            return true;
        }
    return false;
}

void zj_plan_methods(const struct zj_plan *plan, struct zj_json *out)
{
    zj_json_array(out);
    for (size_t i = 0; i < plan->method_count; i++)
        put_method(&plan->methods[i], out);
    zj_json_array_end(out);
}

/* --- controls -----------------------------------------------------------------------------------
 */

static zj_err check_item(struct zj_job *job, const char *file, const struct zj_yaml *item)
{
    int level;
    if (!read_int(item, "level", &level) || level < 1 || level > 5 || !text_of(item, "item") ||
        !text_of(item, "domain") || !text_of(item, "zh") || !text_of(item, "en"))
        return zj_yaml_fault(job, file, item->line, "an item, its level, domain and titles");
    return ZJ_OK;
}

static zj_err load_catalogue(void *ctx, struct zj_job *job, const char *file)
{
    struct zj_plan *plan = ctx;
    static const struct zj_yaml_field fields[] = {
        ZJ_YAML_TEXT(struct catalogue_text, catalogue, true),
        ZJ_YAML_TEXT(struct catalogue_text, zh, true),
        ZJ_YAML_TEXT(struct catalogue_text, en, true),
        ZJ_YAML_TEXT(struct catalogue_text, source, true),
        ZJ_YAML_TEXT(struct catalogue_text, mark, true),
        {"items", ZJ_YAML_LIST, true, offsetof(struct catalogue_text, items)},
    };
    struct zj_yaml *root;
    struct catalogue_text text = {0};
    zj_err err = zj_yaml_load(job, &plan->arena, file, &root);
    if (!err)
        err = zj_yaml_read(job, file, root, fields, ZJ_COUNT(fields), &text);
    if (err)
        return err;
    for (const struct zj_yaml *n = text.items->first; n && !err; n = n->next)
        err = check_item(job, file, n);
    if (!err && plan->catalogue_count == ZJ_CATALOGUES_MAX)
        err = zj_yaml_fault(job, file, root->line, "too many catalogues");
    if (!err)
        plan->catalogues[plan->catalogue_count++] = (struct zj_catalogue){
            text.catalogue, text.zh, text.en, text.source, text.mark, text.items};
    return err;
}

zj_err zj_plan_controls_store(struct zj_job *job, const struct zj_plan *plan,
                              struct zj_store *store)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    zj_err err = zj_store_exec(job, store, "DELETE FROM plan_control");
    if (!err)
        err = zj_store_prepare(job, store,
                               "INSERT INTO plan_control (catalogue, item, level, domain, zh, en)"
                               " VALUES ($1, $2, $3, $4, $5, $6)",
                               &s);
    for (size_t i = 0; i < plan->catalogue_count; i++) {
        const struct zj_catalogue *c = &plan->catalogues[i];
        for (const struct zj_yaml *n = c->items->first; n && !err; n = n->next) {
            int level = 0;
            read_int(n, "level", &level);
            zj_stmt_bind_str(s, 1, c->name);
            zj_stmt_bind_str(s, 2, text_of(n, "item"));
            zj_stmt_bind_int(s, 3, level);
            zj_stmt_bind_str(s, 4, text_of(n, "domain"));
            zj_stmt_bind_str(s, 5, text_of(n, "zh"));
            zj_stmt_bind_str(s, 6, text_of(n, "en"));
            err = zj_stmt_run(job, s);
        }
    }
    return err;
}

void zj_plan_controls(const struct zj_plan *plan, const char *catalogue, int level,
                      struct zj_json *out)
{
    zj_json_array(out);
    for (size_t i = 0; i < plan->catalogue_count; i++) {
        const struct zj_catalogue *c = &plan->catalogues[i];
        if (catalogue && strcmp(c->name, catalogue) != 0)
            continue;
        zj_json_object(out);
        zj_json_kstr(out, "name", c->name);
        zj_json_kstr(out, "zh", c->zh);
        zj_json_kstr(out, "en", c->en);
        zj_json_kstr(out, "source", c->source);
        zj_json_kstr(out, "mark", c->mark);
        zj_json_key(out, "items");
        zj_json_array(out);
        for (const struct zj_yaml *n = c->items->first; n; n = n->next) {
            int from = 0;
            read_int(n, "level", &from);
            if (level && from > level)
                continue;
            zj_json_object(out);
            zj_json_kstr(out, "id", text_of(n, "item"));
            zj_json_kstr(out, "area", text_of(n, "domain"));
            zj_json_kstr(out, "zh", text_of(n, "zh"));
            zj_json_kstr(out, "en", text_of(n, "en"));
            zj_json_kint(out, "level", from);
            zj_json_kstr(out, "clause", c->source);
            zj_json_object_end(out);
        }
        zj_json_array_end(out);
        zj_json_object_end(out);
    }
    zj_json_array_end(out);
}

zj_err zj_plan_methods_load(struct zj_job *job, struct zj_plan *plan, const char *grading_dir,
                            const char *controls_dir)
{
    zj_err err = zj_yaml_each(job, &plan->arena, grading_dir, load_method, plan);
    return err ? err : zj_yaml_each(job, &plan->arena, controls_dir, load_catalogue, plan);
}
