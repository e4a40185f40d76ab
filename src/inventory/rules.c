#include "inventory/rules.h"

static const char own_version[] = "6"; /* of verdict.c: what it does with the packs */

zj_err zj_inv_rules_open(struct zj_job *job, struct zj_inv_rules **out)
{
    struct zj_inv_rules *rules = zj_alloc(sizeof *rules);
    zj_err err = zj_identifier_open(job, &rules->identifier);
    if (!err)
        err = zj_taxonomy_open(job, &rules->taxonomy);
    if (!err)
        err = zj_columns_open(job, &rules->columns);
    if (err) {
        zj_inv_rules_close(rules);
        return err;
    }
    snprintf(rules->name, sizeof rules->name, "%s-%.24s-%.24s-%.24s", own_version,
             zj_identifier_version(rules->identifier), zj_taxonomy_version(rules->taxonomy),
             rules->columns->version);
    *out = rules;
    return ZJ_OK;
}

void zj_inv_rules_close(struct zj_inv_rules *rules)
{
    if (!rules)
        return;
    if (rules->identifier)
        zj_identifier_close(rules->identifier);
    if (rules->taxonomy)
        zj_taxonomy_close(rules->taxonomy);
    zj_columns_close(rules->columns);
    free(rules);
}

const char *zj_inv_rules_name(const struct zj_inv_rules *rules)
{
    return rules->name;
}

bool zj_inv_type_words(const char *name, const char **out_en, const char **out_zh)
{
    for (size_t t = 0; t < ZJ_TYPE_COUNT; t++) {
        const struct zj_identify_type_info *info = zj_identify_type_info((enum zj_identify_type)t);
        if (strcmp(info->name, name) != 0)
            continue;
        *out_en = info->en;
        *out_zh = info->zh;
        return true;
    }
    return false;
}

bool zj_inv_type_is_known(const char *name)
{
    const char *en, *zh;
    return zj_inv_type_words(name, &en, &zh);
}

zj_err zj_inv_types_write(struct zj_job *job, struct zj_json *j)
{
    struct zj_taxonomy *taxonomy = NULL;
    const zj_err err = zj_taxonomy_open(job, &taxonomy);
    if (err)
        return err;
    zj_json_array(j);
    for (size_t t = 0; t < ZJ_TYPE_COUNT; t++) {
        enum zj_data_grade grade = ZJ_GRADE_NONE;
        const struct zj_identify_type_info *info = zj_identify_type_info((enum zj_identify_type)t);
        const struct zj_category *category =
            zj_taxonomy_of(taxonomy, (enum zj_identify_type)t, &grade);
        if (!category)
            continue;
        zj_json_object(j);
        zj_json_kstr(j, "name", info->name);
        zj_json_kstr(j, "en", info->en);
        zj_json_kstr(j, "zh", info->zh);
        zj_json_kstr(j, "category", category->id);
        zj_json_kstr(j, "category_en", category->en);
        zj_json_kstr(j, "category_zh", category->zh);
        zj_json_kstr(j, "grade", zj_data_grade_name(grade));
        zj_json_kbool(j, "is_personal", category->is_personal);
        zj_json_kbool(j, "is_sensitive", category->is_sensitive);
        zj_json_object_end(j);
    }
    zj_json_array_end(j);
    zj_taxonomy_close(taxonomy);
    return ZJ_OK;
}
