#include "base/json_read.h"

#include <cJSON.h>
#include <math.h>

#include "base/text.h"

struct zj_jdoc {
    cJSON *root;
};

/* cJSON recurses, and ends a string at a NUL: both are looked at before it sees the text. */
static zj_err check_shape(struct zj_job *job, struct zj_span text)
{
    unsigned depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = text.at[i];
        if (in_string) {
            if (c == '\\') {
                i++;
                if (zj_span_starts(zj_span_part(text, i, 5), ZJ_SPAN_LIT("u0000")))
                    return zj_fail(job, ZJ_EINPUT,
                                   zj_tr(job, "JSON: NUL in a string at byte %zu",
                                         "JSON：第 %zu 字节处的字符串含 NUL"),
                                   i);
            } else if (c < ' ') {
                return zj_fail(job, ZJ_EINPUT,
                               zj_tr(job, "JSON: control byte in a string at byte %zu",
                                     "JSON：第 %zu 字节处的字符串含控制字符"),
                               i);
            }
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > ZJ_JDOC_DEPTH_MAX)
                return zj_fail(job, ZJ_EINPUT,
                               zj_tr(job, "JSON: deeper than %d levels at byte %zu",
                                     "JSON：嵌套超过 %d 层（第 %zu 字节处）"),
                               ZJ_JDOC_DEPTH_MAX, i);
        } else if ((c == '}' || c == ']') && depth) {
            depth--;
        }
    }
    return ZJ_OK;
}

zj_err zj_jdoc_parse(struct zj_job *job, struct zj_span text, size_t bytes_max,
                     struct zj_jdoc **out_doc)
{
    if (text.len > bytes_max)
        return zj_fail(job, ZJ_ELIMIT,
                       zj_tr(job, "JSON: %zu bytes, the limit is %zu",
                             "JSON：共 %zu 字节，上限为 %zu"),
                       text.len, bytes_max);
    if (!zj_utf8_is_valid(text))
        return zj_fail(job, ZJ_EINPUT, "%s", zj_tr(job, "JSON: not UTF-8", "JSON：不是 UTF-8 编码"));
    zj_err err = check_shape(job, text);
    if (err)
        return err;
    const char *end = NULL;
    cJSON *root = cJSON_ParseWithLengthOpts((const char *)text.at, text.len, &end, false);
    if (!root) {
        size_t at = end ? (size_t)(end - (const char *)text.at) : 0;
        return zj_fail(job, ZJ_EINPUT,
                       zj_tr(job, "JSON: wrong at byte %zu", "JSON：第 %zu 字节处有误"), at);
    }
    size_t used = (size_t)(end - (const char *)text.at);
    if (zj_span_trim(zj_span_part(text, used, text.len)).len) {
        cJSON_Delete(root);
        return zj_fail(job, ZJ_EINPUT,
                       zj_tr(job, "JSON: more text after the value at byte %zu",
                             "JSON：第 %zu 字节起有多余内容"),
                       used);
    }
    struct zj_jdoc *doc = zj_alloc(sizeof *doc);
    doc->root = root;
    *out_doc = doc;
    return ZJ_OK;
}

void zj_jdoc_free(struct zj_jdoc *doc)
{
    if (!doc)
        return;
    cJSON_Delete(doc->root);
    free(doc);
}

/* A zj_jval is a cJSON node under a name of the house. */
static const cJSON *node(const struct zj_jval *value)
{
    return (const cJSON *)value;
}

static const struct zj_jval *value_of(const cJSON *item)
{
    return (const struct zj_jval *)item;
}

const struct zj_jval *zj_jdoc_root(const struct zj_jdoc *doc)
{
    return value_of(doc->root);
}

enum zj_jtype zj_jval_type(const struct zj_jval *value)
{
    const cJSON *item = node(value);
    if (cJSON_IsObject(item))
        return ZJ_J_OBJECT;
    if (cJSON_IsArray(item))
        return ZJ_J_ARRAY;
    if (cJSON_IsString(item))
        return ZJ_J_STRING;
    if (cJSON_IsNumber(item))
        return ZJ_J_NUMBER;
    if (cJSON_IsBool(item))
        return ZJ_J_BOOL;
    return cJSON_IsNull(item) ? ZJ_J_NULL : ZJ_J_NONE;
}

const struct zj_jval *zj_jval_get(const struct zj_jval *object, const char *key)
{
    if (!cJSON_IsObject(node(object)))
        return NULL;
    return value_of(cJSON_GetObjectItemCaseSensitive(node(object), key));
}

static const struct zj_jval *child_at(const struct zj_jval *array, const char *place)
{
    const struct zj_jval *child = zj_jval_first(array);
    for (long n = strtol(place, NULL, 10); n > 0 && child; n--)
        child = zj_jval_next(child);
    return child;
}

const struct zj_jval *zj_jval_at(const struct zj_jval *value, const char *path)
{
    char key[64];
    while (*path && value) {
        const size_t len = strcspn(path, ".");
        if (len >= sizeof key)
            return NULL;
        memcpy(key, path, len);
        key[len] = '\0';
        value = zj_jval_type(value) == ZJ_J_ARRAY ? child_at(value, key) : zj_jval_get(value, key);
        path += len + (path[len] == '.');
    }
    return value;
}

const struct zj_jval *zj_jval_first(const struct zj_jval *parent)
{
    const cJSON *item = node(parent);
    return cJSON_IsArray(item) || cJSON_IsObject(item) ? value_of(item->child) : NULL;
}

const struct zj_jval *zj_jval_next(const struct zj_jval *child)
{
    return child ? value_of(node(child)->next) : NULL;
}

size_t zj_jval_count(const struct zj_jval *parent)
{
    size_t n = 0;
    for (const struct zj_jval *v = zj_jval_first(parent); v; v = zj_jval_next(v))
        n++;
    return n;
}

const char *zj_jval_key(const struct zj_jval *member)
{
    return member ? node(member)->string : NULL;
}

const char *zj_jval_cstr(const struct zj_jval *value, const char *fallback)
{
    return cJSON_IsString(node(value)) ? node(value)->valuestring : fallback;
}

struct zj_span zj_jval_text(const struct zj_jval *value)
{
    return zj_span_str(zj_jval_cstr(value, NULL));
}

double zj_jval_num(const struct zj_jval *value, double fallback)
{
    return cJSON_IsNumber(node(value)) ? node(value)->valuedouble : fallback;
}

int64_t zj_jval_int(const struct zj_jval *value, int64_t fallback)
{
    const double number = zj_jval_num(value, NAN);
    const bool is_whole = isfinite(number) && number == floor(number) && fabs(number) <= 0x1p53;
    return is_whole ? (int64_t)number : fallback;
}

bool zj_jval_bool(const struct zj_jval *value, bool fallback)
{
    return cJSON_IsBool(node(value)) ? cJSON_IsTrue(node(value)) : fallback;
}
