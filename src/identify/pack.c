/* Reads packs/identify/types.yaml: words, names, scores. */
#include "base/paths.h"
#include "base/text.h"
#include "base/yaml.h"
#include "identify/engine.h"

static const char *const group_names[ZJ_WORDS_COUNT] = {
#define ZJ_WORDS(name, has_value) #name,
#include "identify/words.def"
#undef ZJ_WORDS
};

struct file {
    const char *version, *source, *mark, *report, *surnames, *given;
    const struct zj_yaml *words, *compound, *after, *not_names, *provinces, *placeholders, *units,
        *scores, *priority;
};

static const struct zj_yaml_field fields[] = {
    ZJ_YAML_TEXT(struct file, version, true),
    ZJ_YAML_TEXT(struct file, source, true),
    ZJ_YAML_TEXT(struct file, mark, true),
    ZJ_YAML_TEXT(struct file, report, true),
    {"words", ZJ_YAML_MAP, true, offsetof(struct file, words)},
    ZJ_YAML_TEXT(struct file, surnames, true),
    {"compound", ZJ_YAML_LIST, true, offsetof(struct file, compound)},
    ZJ_YAML_TEXT(struct file, given, true),
    {"after", ZJ_YAML_LIST, true, offsetof(struct file, after)},
    {"not_names", ZJ_YAML_LIST, true, offsetof(struct file, not_names)},
    {"provinces", ZJ_YAML_LIST, true, offsetof(struct file, provinces)},
    {"placeholders", ZJ_YAML_LIST, true, offsetof(struct file, placeholders)},
    {"units", ZJ_YAML_LIST, true, offsetof(struct file, units)},
    {"priority", ZJ_YAML_LIST, true, offsetof(struct file, priority)},
    {"scores", ZJ_YAML_MAP, true, offsetof(struct file, scores)},
};

static zj_err wrong(struct zj_job *job, const char *path, const struct zj_yaml *at,
                    const char *what)
{
    return zj_fail(job, ZJ_EPACK, "%s:%d: %s", path, at->line, what);
}

static zj_err add_list(struct zj_job *job, const char *path, struct zj_identifier *out,
                       struct zj_words *words, const struct zj_yaml *list, uint64_t groups)
{
    if (list->kind != ZJ_YAML_LIST)
        return wrong(job, path, list, "a list of words is wanted");
    for (const struct zj_yaml *item = list->first; item; item = item->next) {
        if (item->kind != ZJ_YAML_SCALAR || !zj_utf8_is_valid(zj_span_str(item->text)))
            return wrong(job, path, item, "a word is wanted");
        zj_words_add(&out->arena, words, item->text, groups);
    }
    return ZJ_OK;
}

static zj_err add_words(struct zj_job *job, const char *path, struct zj_identifier *out,
                        const struct zj_yaml *map)
{
    for (const struct zj_yaml *list = map->first; list; list = list->next) {
        unsigned group = 0;
        while (group < ZJ_WORDS_COUNT && strcmp(group_names[group], list->key) != 0)
            group++;
        if (group == ZJ_WORDS_COUNT)
            return wrong(job, path, list, "no group of words has this name");
        const zj_err err = add_list(job, path, out, &out->words, list, UINT64_C(1) << group);
        if (err)
            return err;
    }
    return ZJ_OK;
}

static void add_chars(struct zj_chars *chars, const char *text)
{
    for (struct zj_span rest = zj_span_str(text); rest.len;) {
        const size_t len = zj_utf8_len(rest);
        if (len == 3) {
            const unsigned c = (unsigned)(rest.at[0] & 15) << 12 |
                               (unsigned)(rest.at[1] & 63) << 6 | (rest.at[2] & 63);
            chars->bits[c / 64] |= UINT64_C(1) << c % 64;
        }
        rest = zj_span_part(rest, len ? len : 1, rest.len);
    }
}

static zj_err read_score(struct zj_job *job, const char *path, const struct zj_yaml *at,
                         const char *text, uint8_t *out)
{
    char *end;
    const long value = strtol(text ? text : "", &end, 10);
    if (!text || !text[0] || *end || value < 0 || value > 100)
        return wrong(job, path, at, "a score from 0 to 100 is wanted");
    *out = (uint8_t)value;
    return ZJ_OK;
}

static bool type_named(const char *name, unsigned *out)
{
    for (unsigned i = 0; i < ZJ_TYPE_COUNT; i++)
        if (name && strcmp(zj_identify_type_info((enum zj_identify_type)i)->name, name) == 0) {
            *out = i;
            return true;
        }
    return false;
}

static zj_err read_priority(struct zj_job *job, const char *path, struct zj_identifier *out,
                            const struct zj_yaml *list)
{
    uint8_t rank = 0;
    memset(out->rank, ZJ_TYPE_COUNT, sizeof out->rank);
    for (const struct zj_yaml *item = list->first; item; item = item->next) {
        unsigned type;
        if (!type_named(item->text, &type))
            return wrong(job, path, item, "no type has this name");
        out->rank[type] = rank++;
    }
    return ZJ_OK;
}

static zj_err read_scores(struct zj_job *job, const char *path, struct zj_identifier *out,
                          const struct zj_yaml *map)
{
    for (const struct zj_yaml *item = map->first; item; item = item->next) {
        unsigned type;
        if (!type_named(item->key, &type))
            return wrong(job, path, item, "no type has this name");
        const zj_err err = read_score(job, path, item, item->text, &out->score[type]);
        if (err)
            return err;
    }
    return ZJ_OK;
}

zj_err zj_pack_load(struct zj_job *job, struct zj_identifier *out)
{
    const char *packs = zj_data_path(job, "packs/identify");
    struct zj_yaml *root = NULL;
    struct file f = {0};
    if (!packs)
        return zj_fail(job, ZJ_EPACK,
                       zj_tr(job, "packs/identify is missing", "缺少规则包 packs/identify"));
    const char *path = zj_arena_printf(&out->arena, "%s/types.yaml", packs);
    zj_err err = zj_yaml_load(job, &out->arena, path, &root);
    if (!err)
        err = zj_yaml_read(job, path, root, fields, ZJ_COUNT(fields), &f);
    if (!err)
        err = read_score(job, path, root, f.report, &out->report);
    if (!err)
        err = add_words(job, path, out, f.words);
    if (!err)
        err = add_list(job, path, out, &out->after_name, f.after, 1);
    if (!err)
        err = add_list(job, path, out, &out->not_names, f.not_names, 1);
    if (!err)
        err = add_list(job, path, out, &out->placeholders, f.placeholders, 1);
    if (!err)
        err = add_list(job, path, out, &out->units, f.units, 1);
    if (!err)
        err = add_list(job, path, out, &out->provinces, f.provinces, 1);
    if (!err)
        err = add_list(job, path, out, &out->compound, f.compound, 1);
    if (!err)
        err = read_scores(job, path, out, f.scores);
    if (!err)
        err = read_priority(job, path, out, f.priority);
    if (err)
        return err;
    add_chars(&out->surname, f.surnames);
    add_chars(&out->given, f.given);
    out->version = f.version;
    return ZJ_OK;
}
