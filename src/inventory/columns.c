#include "inventory/columns.h"

#include <ctype.h>

#include "base/paths.h"
#include "base/text.h"
#include "inventory/inventory.h"

enum { PARTS_MAX = 16, PART_BYTES = 32 };

static const char *const accept_names[ZJ_ACCEPT_COUNT] = {"check", "shape", "words", "one"};

/* --- reading -------------------------------------------------------------------------------------
 */
struct file {
    const char *version, *source, *mark, *whole, *codes;
    const struct zj_yaml *accept, *sequence, *track, *types;
};

static const struct zj_yaml_field fields[] = {
    ZJ_YAML_TEXT(struct file, version, true),
    ZJ_YAML_TEXT(struct file, source, true),
    ZJ_YAML_TEXT(struct file, mark, true),
    {"accept", ZJ_YAML_MAP, true, offsetof(struct file, accept)},
    ZJ_YAML_TEXT(struct file, whole, true),
    ZJ_YAML_TEXT(struct file, codes, true),
    {"sequence", ZJ_YAML_MAP, true, offsetof(struct file, sequence)},
    {"track", ZJ_YAML_MAP, true, offsetof(struct file, track)},
    {"types", ZJ_YAML_MAP, true, offsetof(struct file, types)},
};

struct share_file {
    const char *bare, *named, *hits, *chance;
};

static const struct zj_yaml_field share_fields[] = {
    ZJ_YAML_TEXT(struct share_file, bare, true),
    ZJ_YAML_TEXT(struct share_file, named, true),
    ZJ_YAML_TEXT(struct share_file, hits, true),
    ZJ_YAML_TEXT(struct share_file, chance, true),
};

struct sequence_file {
    const char *from, *rising, *spread;
};

static const struct zj_yaml_field sequence_fields[] = {
    ZJ_YAML_TEXT(struct sequence_file, from, true),
    ZJ_YAML_TEXT(struct sequence_file, rising, true),
    ZJ_YAML_TEXT(struct sequence_file, spread, true),
};

struct track_file {
    const char *points;
    const struct zj_yaml *vehicle, *time, *longitude, *latitude;
};

static const struct zj_yaml_field track_fields[] = {
    ZJ_YAML_TEXT(struct track_file, points, true),
    {"vehicle", ZJ_YAML_LIST, true, offsetof(struct track_file, vehicle)},
    {"time", ZJ_YAML_MAP, true, offsetof(struct track_file, time)},
    {"longitude", ZJ_YAML_MAP, true, offsetof(struct track_file, longitude)},
    {"latitude", ZJ_YAML_MAP, true, offsetof(struct track_file, latitude)},
};

static const struct zj_yaml_field words_fields[] = {
    {"names", ZJ_YAML_LIST, false, offsetof(struct zj_column_words, names)},
    {"zh", ZJ_YAML_LIST, false, offsetof(struct zj_column_words, chinese)},
};

struct type_file {
    const char *accept;
    const struct zj_yaml *names, *zh, *others;
};

static const struct zj_yaml_field type_fields[] = {
    ZJ_YAML_TEXT(struct type_file, accept, true),
    {"names", ZJ_YAML_LIST, false, offsetof(struct type_file, names)},
    {"zh", ZJ_YAML_LIST, false, offsetof(struct type_file, zh)},
    {"others", ZJ_YAML_LIST, false, offsetof(struct type_file, others)},
};

static zj_err read_whole(struct zj_job *job, const char *path, int line, const char *text,
                         unsigned max, unsigned *out)
{
    const size_t len = strlen(text);
    char what[80];
    if (len && len < 10 && strspn(text, "0123456789") == len && strtoul(text, NULL, 10) <= max) {
        *out = (unsigned)strtoul(text, NULL, 10);
        return ZJ_OK;
    }
    snprintf(what, sizeof what,
             zj_tr(job, "a whole number from 0 to %u is wanted", "应为 0 至 %u 的整数"), max);
    return zj_yaml_fault(job, path, line, what);
}

static zj_err read_shares(struct zj_job *job, const char *path, const struct zj_yaml *map,
                          struct zj_columns *out)
{
    for (size_t i = 0; i < ZJ_ACCEPT_COUNT; i++) {
        const struct zj_yaml *item = zj_yaml_find(map, accept_names[i]);
        struct share_file f = {0};
        unsigned bare, named, hits, chance;
        if (!item || item->kind != ZJ_YAML_MAP)
            return zj_yaml_fault(job, path, item ? item->line : map->line,
                                 zj_tr(job, "check, shape, words and one are wanted",
                                       "应有 check、shape、words、one 四项"));
        zj_err err = zj_yaml_read(job, path, item, share_fields, ZJ_COUNT(share_fields), &f);
        err = err ? err : read_whole(job, path, item->line, f.bare, 100, &bare);
        err = err ? err : read_whole(job, path, item->line, f.named, 100, &named);
        err = err ? err : read_whole(job, path, item->line, f.hits, 1000, &hits);
        err = err ? err : read_whole(job, path, item->line, f.chance, 100, &chance);
        if (err)
            return err;
        out->shares[i] =
            (struct zj_accept_share){bare / 100.0, named / 100.0, chance / 100.0, hits};
    }
    for (const struct zj_yaml *item = map->first; item; item = item->next) {
        size_t i = 0;
        while (i < ZJ_ACCEPT_COUNT && strcmp(accept_names[i], item->key) != 0)
            i++;
        if (i == ZJ_ACCEPT_COUNT)
            return zj_yaml_fault(
                job, path, item->line,
                zj_tr(job, "no way of accepting has this name", "没有这种采信方式"));
    }
    return ZJ_OK;
}

static zj_err check_words(struct zj_job *job, const char *path, const struct zj_yaml *list,
                          bool is_name)
{
    for (const struct zj_yaml *item = list ? list->first : NULL; item; item = item->next) {
        bool is_good = item->kind == ZJ_YAML_SCALAR && item->text[0] &&
                       zj_utf8_is_valid(zj_span_str(item->text));
        for (const char *p = item->text; is_name && is_good && *p; p++)
            is_good = isdigit((unsigned char)*p) || islower((unsigned char)*p);
        if (!is_good)
            return zj_yaml_fault(
                job, path, item->line,
                is_name ? zj_tr(job, "a name is small letters and digits without a break",
                                "列名应为连写的小写字母和数字")
                        : zj_tr(job, "a word is wanted", "应为词语"));
    }
    return ZJ_OK;
}

static zj_err read_type(struct zj_job *job, const char *path, const struct zj_yaml *item,
                        struct zj_column_type *out)
{
    struct type_file f = {0};
    if (item->kind != ZJ_YAML_MAP)
        return zj_yaml_fault(job, path, item->line, zj_tr(job, "a map is wanted", "应为映射"));
    zj_err err = zj_yaml_read(job, path, item, type_fields, ZJ_COUNT(type_fields), &f);
    if (err)
        return err;
    size_t accept = 0;
    while (accept < ZJ_ACCEPT_COUNT && strcmp(accept_names[accept], f.accept) != 0)
        accept++;
    if (accept == ZJ_ACCEPT_COUNT)
        return zj_yaml_fault(job, path, item->line,
                             zj_tr(job, "no way of accepting has this name", "没有这种采信方式"));
    err = check_words(job, path, f.names, true);
    err = err ? err : check_words(job, path, f.zh, false);
    err = err ? err : check_words(job, path, f.others, false);
    if (!err)
        *out = (struct zj_column_type){(enum zj_accept)accept, f.names, f.zh, f.others};
    return err;
}

static zj_err read_types(struct zj_job *job, const char *path, const struct zj_yaml *map,
                         struct zj_columns *out)
{
    char what[120];
    zj_err err = ZJ_OK;
    for (const struct zj_yaml *item = map->first; !err && item; item = item->next)
        if (!zj_inv_type_is_known(item->key))
            err = zj_yaml_fault(job, path, item->line,
                                zj_tr(job, "no type has this name", "没有这个类型"));
    for (unsigned t = 0; !err && t < ZJ_TYPE_COUNT; t++) {
        const char *name = zj_identify_type_info((enum zj_identify_type)t)->name;
        const struct zj_yaml *item = zj_yaml_find(map, name);
        if (item) {
            err = read_type(job, path, item, &out->types[t]);
            continue;
        }
        snprintf(what, sizeof what, zj_tr(job, "the type %s is missing", "缺少类型 %s"), name);
        err = zj_yaml_fault(job, path, map->line, what);
    }
    return err;
}

static zj_err read_words(struct zj_job *job, const char *path, const struct zj_yaml *map,
                         struct zj_column_words *out)
{
    zj_err err = zj_yaml_read(job, path, map, words_fields, ZJ_COUNT(words_fields), out);
    err = err ? err : check_words(job, path, out->names, true);
    return err ? err : check_words(job, path, out->chinese, false);
}

static zj_err read_track(struct zj_job *job, const char *path, const struct zj_yaml *map,
                         struct zj_column_track *out)
{
    struct track_file f = {0};
    zj_err err = zj_yaml_read(job, path, map, track_fields, ZJ_COUNT(track_fields), &f);
    if (err)
        return err;
    err = read_whole(job, path, map->line, f.points, 1000, &out->points);
    for (const struct zj_yaml *item = f.vehicle->first; !err && item; item = item->next) {
        unsigned t = 0;
        while (t < ZJ_TYPE_COUNT &&
               (item->kind != ZJ_YAML_SCALAR ||
                strcmp(zj_identify_type_info((enum zj_identify_type)t)->name, item->text) != 0))
            t++;
        if (t == ZJ_TYPE_COUNT)
            return zj_yaml_fault(job, path, item->line,
                                 zj_tr(job, "no type has this name", "没有这个类型"));
        out->vehicles |= UINT64_C(1) << t;
    }
    err = err ? err : read_words(job, path, f.time, &out->time);
    err = err ? err : read_words(job, path, f.longitude, &out->longitude);
    return err ? err : read_words(job, path, f.latitude, &out->latitude);
}

zj_err zj_columns_read(struct zj_job *job, const char *path, const struct zj_yaml *root,
                       struct zj_columns *columns)
{
    struct file f = {0};
    struct sequence_file s = {0};
    zj_err err = zj_yaml_read(job, path, root, fields, ZJ_COUNT(fields), &f);
    if (err)
        return err;
    err = zj_yaml_read(job, path, f.sequence, sequence_fields, ZJ_COUNT(sequence_fields), &s);
    if (!err)
        err = read_whole(job, path, f.sequence->line, s.from, 1000, &columns->sequence_from);
    if (!err)
        err = read_whole(job, path, f.sequence->line, s.rising, 100, &columns->rising_percent);
    if (!err)
        err = read_whole(job, path, f.sequence->line, s.spread, 100, &columns->spread_percent);
    if (!err)
        err = read_whole(job, path, zj_yaml_find(root, "whole")->line, f.whole, 100,
                         &columns->whole_percent);
    if (!err)
        err = read_whole(job, path, zj_yaml_find(root, "codes")->line, f.codes, 100,
                         &columns->codes_percent);
    err = err ? err : read_shares(job, path, f.accept, columns);
    err = err ? err : read_track(job, path, f.track, &columns->track);
    err = err ? err : read_types(job, path, f.types, columns);
    columns->version = f.version;
    return err;
}

zj_err zj_columns_open(struct zj_job *job, struct zj_columns **out)
{
    const char *packs = zj_data_path(job, "packs/inventory");
    struct zj_yaml *root = NULL;
    if (!packs)
        return zj_fail(job, ZJ_EPACK,
                       zj_tr(job, "packs/inventory is missing", "缺少规则包 packs/inventory"));
    struct zj_columns *columns = zj_alloc(sizeof *columns);
    const char *path = zj_arena_printf(&columns->arena, "%s/columns.yaml", packs);
    zj_err err = zj_yaml_load(job, &columns->arena, path, &root);
    err = err ? err : zj_columns_read(job, path, root, columns);
    if (err)
        zj_columns_close(columns);
    else
        *out = columns;
    return err;
}

void zj_columns_close(struct zj_columns *columns)
{
    if (!columns)
        return;
    zj_arena_release(&columns->arena);
    free(columns);
}

/* --- names ---------------------------------------------------------------------------------------
 */
/* The parts of a name in small letters: "OwnerPhone_no" gives owner, phone, no. */
static size_t split(const char *name, char parts[PARTS_MAX][PART_BYTES])
{
    size_t count = 0, len = 0;
    for (const char *p = name; count < PARTS_MAX; p++) {
        const unsigned char c = (unsigned char)*p;
        const bool is_start = isupper(c) && p > name && islower((unsigned char)p[-1]);
        if ((!isalnum(c) || is_start) && len) {
            parts[count++][len] = '\0';
            len = 0;
        }
        if (!c || count == PARTS_MAX)
            break;
        if (isalnum(c) && len < PART_BYTES - 1)
            parts[count][len++] = (char)tolower(c);
    }
    return count;
}

static bool is_one_of(const char *word, const struct zj_yaml *list)
{
    for (const struct zj_yaml *item = list->first; item; item = item->next)
        if (strcmp(item->text, word) == 0)
            return true;
    return false;
}

static bool has_one_of(const char *text, const struct zj_yaml *list)
{
    for (const struct zj_yaml *item = list->first; item; item = item->next)
        if (strstr(text, item->text))
            return true;
    return false;
}

/* Any single part, or the last two or three together ("plate_no", "ownerPhoneNumber"). */
static bool name_says(const char *name, const struct zj_yaml *words)
{
    char parts[PARTS_MAX][PART_BYTES];
    const size_t count = split(name, parts);
    for (size_t from = 0; from < count; from++) {
        char joined[3 * PART_BYTES];
        size_t len = 0;
        for (size_t i = from; i < count && i < from + 3; i++) {
            const size_t part = strlen(parts[i]);
            memcpy(joined + len, parts[i], part + 1);
            len += part;
            const bool is_last = i + 1 == count;
            if ((i == from && is_last) || (i == from && strlen(joined) > 2) ||
                (i > from && is_last))
                if (is_one_of(joined, words))
                    return true;
        }
    }
    return false;
}

bool zj_columns_says(const struct zj_column_words *words, const char *name, const char *comment)
{
    return (words->names && name_says(name, words->names)) ||
           (words->chinese && has_one_of(name, words->chinese)) ||
           (comment && words->chinese && has_one_of(comment, words->chinese));
}

bool zj_columns_speaks(const struct zj_columns *columns, enum zj_identify_type type,
                       const char *name, const char *comment)
{
    const struct zj_column_type *t = &columns->types[type];
    const struct zj_column_words words = {t->names, t->chinese};
    return zj_columns_says(&words, name, comment);
}

bool zj_columns_denies(const struct zj_columns *columns, enum zj_identify_type type,
                       const char *name, const char *comment)
{
    const struct zj_yaml *others = columns->types[type].others;
    bool is_said = others && name_says(name, others);
    for (const struct zj_yaml *item = others ? others->first : NULL; item; item = item->next)
        if ((unsigned char)item->text[0] >= 0x80) /* Chinese stands anywhere */
            is_said |= strstr(name, item->text) || (comment && strstr(comment, item->text));
    return is_said;
}
