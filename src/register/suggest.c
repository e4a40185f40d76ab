#include "register/suggest.h"

#include <strings.h>

#include "base/near.h"

static bool same_word(struct zj_span a, struct zj_span b)
{
    return a.len == b.len && strncasecmp((const char *)a.at, (const char *)b.at, a.len) == 0;
}

bool zj_field_is_called(const struct zj_field *field, struct zj_span word)
{
    struct zj_span list = zj_span_str(field->also), item;
    while (zj_list_next(&list, &item))
        if (same_word(item, word))
            return true;
    return false;
}

/* Takes "电信=telecom" apart. */
static struct zj_span take_apart(struct zj_span item, struct zj_span *out_name)
{
    const uint8_t *equals = memchr(item.at, '=', item.len);
    const size_t at = equals ? (size_t)(equals - item.at) : item.len;
    *out_name = zj_span_part(item, at + 1, item.len);
    return zj_span_part(item, 0, at);
}

const struct zj_field_value *zj_field_value_called(const struct zj_field *field,
                                                   struct zj_span word)
{
    struct zj_span list = zj_span_str(field->also_values), item, name;
    while (zj_list_next(&list, &item)) {
        if (!same_word(take_apart(item, &name), word))
            continue;
        for (const struct zj_field_value *v = field->values; v->name; v++)
            if (zj_span_eq_str(name, v->name))
                return v;
    }
    return NULL;
}

/* Whether the candidate is near the word, and nearer than what was found. */
static bool is_nearer(struct zj_span word, struct zj_span candidate, size_t *best)
{
    size_t distance;
    if (!zj_is_near(word, candidate, &distance) || distance >= *best)
        return false;
    *best = distance;
    return true;
}

const struct zj_field *zj_suggest_field(const struct zj_register *reg, struct zj_span word)
{
    const struct zj_field *nearest = NULL;
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < reg->field_count; i++) {
        const struct zj_field *f = &reg->fields[i];
        struct zj_span list = zj_span_str(f->also), item;
        if (is_nearer(word, zj_span_str(f->name), &best) ||
            is_nearer(word, zj_span_str(f->en), &best) || is_nearer(word, zj_span_str(f->zh), &best))
            nearest = f;
        while (zj_list_next(&list, &item))
            if (is_nearer(word, item, &best))
                nearest = f;
    }
    return nearest;
}

const struct zj_field_value *zj_suggest_value(const struct zj_field *field, struct zj_span word)
{
    const struct zj_field_value *nearest = NULL;
    struct zj_span list = zj_span_str(field->also_values), item, name;
    size_t best = SIZE_MAX;
    for (const struct zj_field_value *v = field->values; v && v->name; v++)
        if (is_nearer(word, zj_span_str(v->name), &best) ||
            is_nearer(word, zj_span_str(v->en), &best) || is_nearer(word, zj_span_str(v->zh), &best))
            nearest = v;
    while (zj_list_next(&list, &item)) {
        const struct zj_span other = take_apart(item, &name);
        if (is_nearer(word, other, &best))
            nearest = zj_field_value_called(field, other);
    }
    return nearest;
}
