/* Classes of data and their grades. All of it is data of the pack; here are the conditions that a
 * rule can be made of. */
#include "base/paths.h"
#include "base/yaml.h"
#include "identify/identify.h"

enum { CATEGORIES_MAX = 64, RULES_MAX = 32 };

struct condition {
    unsigned fact;                    /* enum zj_asset_fact; 0: any */
    const struct zj_yaml *categories; /* NULL: any */
    uint64_t subjects_from, sensitive_from, area_above;
    unsigned row_types_from;
};

struct rule {
    const char *id, *zh, *en, *source, *basis;
    struct condition when;
    enum zj_data_grade to, most;
    int by;
    bool makes_personal, warns, keeps_subjects;
};

struct type_class {
    const struct zj_category *category;
    enum zj_data_grade grade;
};

struct zj_taxonomy {
    struct zj_arena arena;
    const char *path, *version;
    struct zj_category categories[CATEGORIES_MAX];
    size_t category_count;
    struct type_class types[ZJ_TYPE_COUNT];
    uint64_t subjects; /* bit of enum zj_identify_type */
    uint64_t together;
    struct rule rules[RULES_MAX], exports[RULES_MAX];
    size_t rule_count, export_count;
};

static const char *const grade_names[ZJ_GRADE_COUNT] = {"",   "L1",        "L2",  "L3",
                                                        "L4", "important", "core"};

static const struct {
    const char *name;
    enum zj_asset_fact fact;
} facts[] = {
    {"outside_media", ZJ_ASSET_OUTSIDE_MEDIA},
    {"sensitive_area", ZJ_ASSET_SENSITIVE_AREA},
    {"aggregate_flow", ZJ_ASSET_AGGREGATE_FLOW},
    {"charging_network", ZJ_ASSET_CHARGING_NETWORK},
    {"joinable_owner", ZJ_ASSET_JOINABLE_OWNER},
    {"survey_grade", ZJ_ASSET_SURVEY_GRADE},
    {"important_data", ZJ_ASSET_IMPORTANT_DATA},
    {"critical_infrastructure", ZJ_ASSET_CRITICAL_INFRASTRUCTURE},
};

const char *zj_data_grade_name(enum zj_data_grade grade)
{
    return grade_names[grade];
}

static zj_err refuse(struct zj_job *job, const struct zj_taxonomy *t, const struct zj_yaml *at,
                     const char *what)
{
    return zj_fail(job, ZJ_EPACK, "%s:%d: %s", t->path, at->line, what);
}

static bool read_grade(const char *text, enum zj_data_grade *out)
{
    for (unsigned i = 1; text && i < ZJ_GRADE_COUNT; i++)
        if (strcmp(text, grade_names[i]) == 0) {
            *out = (enum zj_data_grade)i;
            return true;
        }
    return !text;
}

static bool read_type(const char *text, enum zj_identify_type *out)
{
    for (unsigned i = 0; text && i < ZJ_TYPE_COUNT; i++)
        if (strcmp(text, zj_identify_type_info((enum zj_identify_type)i)->name) == 0) {
            *out = (enum zj_identify_type)i;
            return true;
        }
    return false;
}

static bool read_bool(const char *text)
{
    return text && strcmp(text, "true") == 0;
}

static bool read_count(const char *text, uint64_t *out)
{
    char *end;
    if (!text)
        return true;
    if (text[0] < '0' || text[0] > '9' || strlen(text) > 15)
        return false;
    *out = strtoull(text, &end, 10);
    return *end == '\0';
}

struct category_text {
    const char *id, *zh, *en, *grade, *personal, *sensitive, *axis, *mark;
};

static zj_err read_category(struct zj_job *job, struct zj_taxonomy *t, const struct zj_yaml *map)
{
    static const struct zj_yaml_field fields[] = {
        ZJ_YAML_TEXT(struct category_text, id, true),
        ZJ_YAML_TEXT(struct category_text, zh, true),
        ZJ_YAML_TEXT(struct category_text, en, true),
        ZJ_YAML_TEXT(struct category_text, grade, true),
        ZJ_YAML_TEXT(struct category_text, personal, false),
        ZJ_YAML_TEXT(struct category_text, sensitive, false),
        ZJ_YAML_TEXT(struct category_text, axis, true),
        ZJ_YAML_TEXT(struct category_text, mark, true),
    };
    struct category_text f = {0};
    const zj_err err = zj_yaml_read(job, t->path, map, fields, ZJ_COUNT(fields), &f);
    if (err)
        return err;
    struct zj_category *c = &t->categories[t->category_count];
    *c = (struct zj_category){.id = f.id, .zh = f.zh, .en = f.en, .axis = f.axis, .mark = f.mark};
    c->is_personal = read_bool(f.personal);
    c->is_sensitive = read_bool(f.sensitive);
    if (t->category_count + 1 >= CATEGORIES_MAX || !read_grade(f.grade, &c->grade))
        return refuse(job, t, map, "no such grade, or too many classes");
    t->category_count++;
    return ZJ_OK;
}

static zj_err read_types(struct zj_job *job, struct zj_taxonomy *t, const struct zj_yaml *map)
{
    for (const struct zj_yaml *item = map->first; item; item = item->next) {
        enum zj_identify_type type;
        const struct zj_yaml *category =
            item->kind == ZJ_YAML_MAP ? zj_yaml_find(item, "category") : NULL;
        const struct zj_yaml *grade = category ? zj_yaml_find(item, "grade") : NULL;
        if (!category || !read_type(item->key, &type))
            return refuse(job, t, item, "a type and its class are wanted");
        struct type_class *class = &t->types[type];
        class->category = zj_taxonomy_category(t, category->text);
        if (!class->category)
            return refuse(job, t, item, "no such class");
        class->grade = class->category->grade;
        if (grade && !read_grade(grade->text, &class->grade))
            return refuse(job, t, item, "no such grade");
    }
    for (unsigned i = 0; i < ZJ_TYPE_COUNT; i++)
        if (!t->types[i].category)
            return refuse(job, t, map, zj_identify_type_info((enum zj_identify_type)i)->name);
    return ZJ_OK;
}

static bool read_fact(const char *text, unsigned *out)
{
    for (size_t i = 0; text && i < ZJ_COUNT(facts); i++)
        if (strcmp(text, facts[i].name) == 0) {
            *out = facts[i].fact;
            return true;
        }
    return !text;
}

struct rule_file {
    const char *id, *zh, *en, *source, *mark, *basis, *fact, *to, *most, *by, *subjects_above,
        *subjects_from, *sensitive_from, *area_above, *row_types_from, *makes_personal, *warns,
        *keeps_subjects;
    const struct zj_yaml *categories;
};

static const struct zj_yaml_field rule_fields[] = {
    ZJ_YAML_TEXT(struct rule_file, id, true),
    ZJ_YAML_TEXT(struct rule_file, zh, false),
    ZJ_YAML_TEXT(struct rule_file, en, false),
    ZJ_YAML_TEXT(struct rule_file, source, false),
    ZJ_YAML_TEXT(struct rule_file, mark, true),
    ZJ_YAML_TEXT(struct rule_file, basis, false),
    ZJ_YAML_TEXT(struct rule_file, fact, false),
    ZJ_YAML_TEXT(struct rule_file, to, false),
    ZJ_YAML_TEXT(struct rule_file, most, false),
    ZJ_YAML_TEXT(struct rule_file, by, false),
    ZJ_YAML_TEXT(struct rule_file, subjects_above, false),
    ZJ_YAML_TEXT(struct rule_file, subjects_from, false),
    ZJ_YAML_TEXT(struct rule_file, sensitive_from, false),
    ZJ_YAML_TEXT(struct rule_file, area_above, false),
    ZJ_YAML_TEXT(struct rule_file, row_types_from, false),
    ZJ_YAML_TEXT(struct rule_file, makes_personal, false),
    ZJ_YAML_TEXT(struct rule_file, warns, false),
    ZJ_YAML_TEXT(struct rule_file, keeps_subjects, false),
    {"categories", ZJ_YAML_LIST, false, offsetof(struct rule_file, categories)},
};

static zj_err read_rule(struct zj_job *job, struct zj_taxonomy *t, const struct zj_yaml *map,
                        struct rule *out)
{
    struct rule_file f = {0};
    const zj_err err = zj_yaml_read(job, t->path, map, rule_fields, ZJ_COUNT(rule_fields), &f);
    uint64_t above = 0, by = 0, row_types = 0;
    if (err)
        return err;
    *out = (struct rule){.id = f.id,
                         .zh = f.zh,
                         .en = f.en,
                         .source = f.source,
                         .basis = f.basis,
                         .most = ZJ_GRADE_CORE};
    out->when.categories = f.categories;
    out->makes_personal = read_bool(f.makes_personal);
    out->warns = read_bool(f.warns);
    out->keeps_subjects = read_bool(f.keeps_subjects);
    if (!read_fact(f.fact, &out->when.fact) || !read_grade(f.to, &out->to) ||
        !read_grade(f.most, &out->most) || !read_count(f.subjects_above, &above) ||
        !read_count(f.subjects_from, &out->when.subjects_from) ||
        !read_count(f.sensitive_from, &out->when.sensitive_from) ||
        !read_count(f.area_above, &out->when.area_above) || !read_count(f.by, &by) ||
        !read_count(f.row_types_from, &row_types) || by > 3)
        return refuse(job, t, map, "a condition of this rule is not understood");
    if (f.subjects_above)
        out->when.subjects_from = above + 1;
    out->by = (int)by;
    out->when.row_types_from = (unsigned)row_types;
    return ZJ_OK;
}

static zj_err read_rules(struct zj_job *job, struct zj_taxonomy *t, const struct zj_yaml *list,
                         struct rule *out, size_t *out_count)
{
    for (const struct zj_yaml *item = list->first; item; item = item->next) {
        if (*out_count == RULES_MAX)
            return refuse(job, t, item, "too many rules");
        const zj_err err = read_rule(job, t, item, &out[*out_count]);
        if (err)
            return err;
        ++*out_count;
    }
    return ZJ_OK;
}

struct taxonomy_file {
    const char *version, *source, *mark;
    const struct zj_yaml *categories, *types, *subjects, *together, *rules, *exports;
};

static const struct zj_yaml_field fields[] = {
    ZJ_YAML_TEXT(struct taxonomy_file, version, true),
    ZJ_YAML_TEXT(struct taxonomy_file, source, true),
    ZJ_YAML_TEXT(struct taxonomy_file, mark, true),
    {"categories", ZJ_YAML_LIST, true, offsetof(struct taxonomy_file, categories)},
    {"types", ZJ_YAML_MAP, true, offsetof(struct taxonomy_file, types)},
    {"subjects", ZJ_YAML_LIST, true, offsetof(struct taxonomy_file, subjects)},
    {"together", ZJ_YAML_LIST, true, offsetof(struct taxonomy_file, together)},
    {"rules", ZJ_YAML_LIST, true, offsetof(struct taxonomy_file, rules)},
    {"exports", ZJ_YAML_LIST, true, offsetof(struct taxonomy_file, exports)},
};

static zj_err read_lists(struct zj_job *job, struct zj_taxonomy *t, const struct taxonomy_file *f)
{
    enum zj_identify_type type;
    for (const struct zj_yaml *item = f->subjects->first; item; item = item->next) {
        if (!read_type(item->text, &type))
            return refuse(job, t, item, "no type has this name");
        t->subjects |= UINT64_C(1) << type;
    }
    for (const struct zj_yaml *item = f->together->first; item; item = item->next) {
        if (!read_type(item->text, &type))
            return refuse(job, t, item, "no type has this name");
        t->together |= UINT64_C(1) << type;
    }
    return ZJ_OK;
}

static zj_err load_pack(struct zj_job *job, struct zj_taxonomy *t)
{
    const char *packs = zj_data_path(job, "packs/identify");
    struct zj_yaml *root = NULL;
    struct taxonomy_file f = {0};
    if (!packs)
        return zj_fail(job, ZJ_EPACK,
                       zj_tr(job, "packs/identify is missing", "缺少规则包 packs/identify"));
    t->path = zj_arena_printf(&t->arena, "%s/taxonomy.yaml", packs);
    zj_err err = zj_yaml_load(job, &t->arena, t->path, &root);
    if (!err)
        err = zj_yaml_read(job, t->path, root, fields, ZJ_COUNT(fields), &f);
    for (const struct zj_yaml *c = err ? NULL : f.categories->first; c && !err; c = c->next)
        err = read_category(job, t, c);
    if (!err)
        err = read_types(job, t, f.types);
    if (!err)
        err = read_lists(job, t, &f);
    if (!err)
        err = read_rules(job, t, f.rules, t->rules, &t->rule_count);
    if (!err)
        err = read_rules(job, t, f.exports, t->exports, &t->export_count);
    t->version = f.version;
    return err;
}

zj_err zj_taxonomy_open(struct zj_job *job, struct zj_taxonomy **out)
{
    struct zj_taxonomy *t = zj_alloc(sizeof *t);
    const zj_err err = load_pack(job, t);
    if (err)
        zj_taxonomy_close(t);
    else
        *out = t;
    return err;
}

void zj_taxonomy_close(struct zj_taxonomy *t)
{
    if (t)
        zj_arena_release(&t->arena);
    free(t);
}

const char *zj_taxonomy_version(const struct zj_taxonomy *t)
{
    return t->version;
}

size_t zj_taxonomy_categories(const struct zj_taxonomy *t, const struct zj_category **out)
{
    *out = t->categories;
    return t->category_count;
}

const struct zj_category *zj_taxonomy_category(const struct zj_taxonomy *t, const char *id)
{
    for (size_t i = 0; id && i < t->category_count; i++)
        if (strcmp(t->categories[i].id, id) == 0)
            return &t->categories[i];
    return NULL;
}

const struct zj_category *zj_taxonomy_of(const struct zj_taxonomy *t, enum zj_identify_type type,
                                         enum zj_data_grade *out_grade)
{
    *out_grade = t->types[type].grade;
    return t->types[type].category;
}

bool zj_taxonomy_counts(const struct zj_taxonomy *t, enum zj_identify_type type)
{
    return t->subjects >> type & 1;
}

/* "A4" holds "A4" and "A4.1"; "A" holds "A2.1". */
static bool is_below(const char *id, const char *root)
{
    const size_t len = strlen(root);
    return strncmp(id, root, len) == 0 && (id[len] == '\0' || id[len] == '.' || len == 1);
}

static bool has_category(const struct zj_taxonomy *t, const struct zj_asset *asset,
                         const char *root)
{
    for (uint64_t left = asset->types; left; left &= left - 1)
        if (is_below(t->types[__builtin_ctzll(left)].category->id, root))
            return true;
    for (const char *const *id = asset->categories; id && *id; id++)
        if (is_below(*id, root))
            return true;
    return false;
}

static bool holds_for(const struct zj_taxonomy *t, const struct condition *c,
                      const struct zj_asset *asset)
{
    const uint64_t together = asset->row_types & t->together;
    bool has = !c->categories;
    for (const struct zj_yaml *id = has ? NULL : c->categories->first; id; id = id->next)
        has |= has_category(t, asset, id->text);
    return has && (!c->fact || (asset->facts & c->fact)) && asset->subjects >= c->subjects_from &&
           asset->sensitive_subjects >= c->sensitive_from &&
           (!c->area_above || asset->area_km2 > c->area_above) &&
           (unsigned)__builtin_popcountll(together) >= c->row_types_from;
}

static void take_category(struct zj_grading *g, const struct zj_category *c,
                          enum zj_data_grade grade)
{
    g->grade = grade > g->grade ? grade : g->grade;
    g->is_personal |= c->is_personal;
    g->is_sensitive |= c->is_sensitive;
}

void zj_taxonomy_grade(const struct zj_taxonomy *t, const struct zj_asset *asset,
                       struct zj_grading *out)
{
    *out = (struct zj_grading){0};
    for (uint64_t left = asset->types; left; left &= left - 1) {
        const struct type_class *class = &t->types[__builtin_ctzll(left)];
        take_category(out, class->category, class->grade);
    }
    for (const char *const *id = asset->categories; id && *id; id++) {
        const struct zj_category *c = zj_taxonomy_category(t, *id);
        if (c)
            take_category(out, c, c->grade);
    }
    if (asset->given)
        out->grade = asset->given;
    for (size_t i = 0; i < t->rule_count; i++) {
        const struct rule *rule = &t->rules[i];
        if (!holds_for(t, &rule->when, asset))
            continue;
        const int raised = (int)out->grade + rule->by;
        if (rule->by && raised <= (int)rule->most)
            out->grade = (enum zj_data_grade)raised;
        out->grade = rule->to > out->grade ? rule->to : out->grade;
        out->is_personal |= rule->makes_personal;
        out->warns |= rule->warns;
        out->keeps_subjects |= rule->keeps_subjects;
        if (out->rule_count < ZJ_GRADE_RULES_MAX) {
            const size_t at = out->rule_count++;
            out->rules[at].id = rule->id;
            out->rules[at].zh = rule->zh;
            out->rules[at].en = rule->en;
            out->rules[at].source = rule->source;
            out->rules[at].changes = !rule->keeps_subjects;
        }
    }
}

const char *zj_taxonomy_export(const struct zj_taxonomy *t, const struct zj_asset *asset,
                               const char **out_rule)
{
    for (size_t i = 0; i < t->export_count; i++)
        if (holds_for(t, &t->exports[i].when, asset)) {
            *out_rule = t->exports[i].id;
            return t->exports[i].basis;
        }
    *out_rule = NULL;
    return NULL;
}
