/* The taxonomy for those who keep what was found: what class a type is of, and how an object is
 * graded by what it holds when people have decided about some of it. */
#include "inventory/classes.h"

struct zj_inv_classes {
    struct zj_taxonomy *taxonomy;
};

zj_err zj_inv_classes_open(struct zj_job *job, struct zj_inv_classes **out)
{
    struct zj_taxonomy *taxonomy = NULL;
    const zj_err err = zj_taxonomy_open(job, &taxonomy);
    if (err)
        return err;
    *out = zj_alloc(sizeof **out);
    (*out)->taxonomy = taxonomy;
    return ZJ_OK;
}

void zj_inv_classes_close(struct zj_inv_classes *classes)
{
    if (classes)
        zj_taxonomy_close(classes->taxonomy);
    free(classes);
}

static size_t type_named(const char *name)
{
    size_t type = 0;
    while (type < ZJ_TYPE_COUNT &&
           strcmp(zj_identify_type_info((enum zj_identify_type)type)->name, name) != 0)
        type++;
    return type;
}

static void put_class(const struct zj_category *c, enum zj_data_grade grade,
                      struct zj_inv_class *out)
{
    *out = (struct zj_inv_class){.id = c->id,
                                 .en = c->en,
                                 .zh = c->zh,
                                 .axis = c->axis,
                                 .grade = (int)grade,
                                 .is_personal = c->is_personal,
                                 .is_sensitive = c->is_sensitive};
}

bool zj_inv_class_of(const struct zj_inv_classes *classes, const char *type,
                     struct zj_inv_class *out)
{
    enum zj_data_grade grade = ZJ_GRADE_NONE;
    const size_t at = type_named(type);
    const struct zj_category *c =
        at < ZJ_TYPE_COUNT ? zj_taxonomy_of(classes->taxonomy, (enum zj_identify_type)at, &grade)
                           : NULL;
    if (c)
        put_class(c, grade, out);
    return c || zj_inv_class_named(classes, type, out);
}

bool zj_inv_class_named(const struct zj_inv_classes *classes, const char *id,
                        struct zj_inv_class *out)
{
    const struct zj_category *c = zj_taxonomy_category(classes->taxonomy, id);
    if (c)
        put_class(c, c->grade, out);
    return c != NULL;
}

bool zj_inv_class_at(const struct zj_inv_classes *classes, size_t at, struct zj_inv_class *out)
{
    const struct zj_category *all;
    if (at >= zj_taxonomy_categories(classes->taxonomy, &all))
        return false;
    put_class(&all[at], all[at].grade, out);
    return true;
}

static uint64_t types_of(const struct zj_inv_holding *held, size_t count, bool in_rows)
{
    uint64_t types = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t type = type_named(held[i].type);
        if (type < ZJ_TYPE_COUNT && (held[i].is_confirmed || !in_rows))
            types |= UINT64_C(1) << type;
    }
    return types;
}

bool zj_inv_type_counts(const struct zj_inv_classes *classes, const char *type)
{
    const size_t at = type_named(type);
    return at < ZJ_TYPE_COUNT && zj_taxonomy_counts(classes->taxonomy, (enum zj_identify_type)at);
}

void zj_inv_grade(struct zj_job *job, const struct zj_inv_classes *classes,
                  const struct zj_inv_holding *held, size_t count, uint64_t subjects,
                  struct zj_inv_graded *out)
{
    struct zj_grading grading;
    struct zj_asset asset = {.types = types_of(held, count, false),
                             .row_types = types_of(held, count, true),
                             .subjects = subjects};
    *out = (struct zj_inv_graded){0};
    for (size_t i = 0; i < count; i++) {
        struct zj_inv_class class = {0};
        if (!zj_inv_class_named(classes, held[i].category, &class))
            zj_inv_class_of(classes, held[i].type, &class);
        out->is_personal |= class.is_personal;
        out->is_sensitive |= class.is_sensitive;
        if (held[i].grade > (int)asset.given)
            asset.given = (enum zj_data_grade)held[i].grade;
    }
    zj_taxonomy_grade(classes->taxonomy, &asset, &grading);
    if (count)
        out->grade = (int)grading.grade;
    out->is_personal |= grading.is_personal;
    out->is_sensitive |= grading.is_sensitive;
    zj_grading_words(&job->arena, &grading, &out->why, &out->why_zh);
}

void zj_grading_words(struct zj_arena *arena, const struct zj_grading *grading,
                      const char **out_why, const char **out_why_zh)
{
    size_t count = 0;
    for (size_t i = 0; i < grading->rule_count; i++) {
        const char *id = grading->rules[i].id;
        if (!grading->rules[i].changes)
            continue;
        const bool is_next = count++ > 0;
        *out_why = zj_arena_printf(arena, "%s%s%s: %s", is_next ? *out_why : "",
                                   is_next ? "; " : "", id, grading->rules[i].en);
        *out_why_zh = zj_arena_printf(arena, "%s%s%s：%s", is_next ? *out_why_zh : "",
                                      is_next ? "；" : "", id, grading->rules[i].zh);
    }
}
