#include "inventory/codes.h"

#include <ctype.h>

#include "base/hash.h"

enum { CODE_MAX = 128, SHAPES_MAX = 64 };

uint32_t zj_code_shape(struct zj_span value)
{
    uint8_t form[CODE_MAX + 1];
    bool has_letter = false, has_digit = false;
    if (!value.len || value.len > CODE_MAX || value.at[0] == '/')
        return 0;
    for (size_t i = 0; i < value.len; i++) {
        const uint8_t c = value.at[i];
        if (c >= 0x80 || (!isalnum(c) && (!c || !strchr("-_.:/+=#", c))))
            return 0;
        if (c == '/' && value.at[i - 1] == '/') /* an address of the web says what it means */
            return 0;
        has_letter |= isalpha(c) != 0;
        has_digit |= isdigit(c) != 0;
        form[i] = isalnum(c) ? 'a' : c;
    }
    form[value.len] = (uint8_t)(has_letter * 2 + has_digit);
    const uint32_t shape = (uint32_t)zj_hash(zj_span_of(form, value.len + 1), 0);
    return shape ? shape : 1;
}

static bool is_seen(uint32_t shape, const uint32_t *shapes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (shapes[i] == shape)
            return true;
    return false;
}

struct zj_code_share zj_code_share(const struct zj_coded *values, size_t count, size_t type,
                                   unsigned codes_percent)
{
    const uint64_t bit = UINT64_C(1) << type;
    uint32_t shapes[SHAPES_MAX];
    size_t shape_count = 0, codes = 0;
    struct zj_code_share out = {.is_codes = true};
    for (size_t i = 0; i < count; i++) {
        const uint32_t shape = values[i].shape;
        codes += shape != 0;
        if (!(values[i].types & bit))
            continue;
        out.is_codes &= shape != 0;
        if (is_seen(shape, shapes, shape_count))
            continue;
        if (shape_count == SHAPES_MAX) /* as many forms as no scheme of codes has */
            return (struct zj_code_share){0};
        shapes[shape_count++] = shape;
    }
    out.is_codes &= count && codes * 100 >= count * codes_percent;
    for (size_t i = 0; i < count; i++) {
        const bool is_hit = (values[i].types & bit) != 0;
        out.hits += is_hit;
        out.looked += is_hit || (!values[i].types && is_seen(values[i].shape, shapes, shape_count));
    }
    return out;
}
