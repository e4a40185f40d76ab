#include "inventory/names.h"

#include <ctype.h>

#include "base/mask.h"

enum {
    DIGITS_MIN = 7, /* without a break; a date of eight is a value, a year or "gb32960" is none */
    HEX_MIN = 16,
    NAME_MAX_BYTES = 200,
    MOBILE_DIGITS = 11,
    NUMBER_MIN = 15, /* cards and identity numbers */
};

struct zj_span zj_name_shape(struct zj_span name, uint8_t shape[ZJ_NAME_SHAPE])
{
    size_t len = 0;
    for (size_t i = 0; i < name.len && len < ZJ_NAME_SHAPE; i++) {
        const uint8_t c = name.at[i], low = c | 0x20;
        const uint8_t kind = c >= '0' && c <= '9'       ? '9'
                             : low >= 'a' && low <= 'z' ? 'a'
                             : c >= 0x80                ? 'x'
                                                        : c;
        if (!len || shape[len - 1] != kind)
            shape[len++] = kind;
    }
    return zj_span_of(shape, len);
}

static size_t digits_at(struct zj_span text, size_t at)
{
    size_t end = at;
    while (end < text.len && isdigit(text.at[end]))
        end++;
    return end - at;
}

/* A digest or a UUID: nothing but hexadecimal digits and dashes, with figures among them. */
static bool is_digest(struct zj_span name)
{
    size_t hex = 0, digits = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (!isxdigit(name.at[i]) && name.at[i] != '-')
            return false;
        hex += isxdigit(name.at[i]) != 0;
        digits += isdigit(name.at[i]) != 0;
    }
    return hex >= HEX_MIN && digits;
}

bool zj_name_is_value(struct zj_identify_scratch *scratch, struct zj_span name)
{
    const struct zj_find *finds;
    for (size_t at = 0; at < name.len; at++) {
        const size_t digits = digits_at(name, at);
        if (digits >= DIGITS_MIN)
            return true;
        at += digits;
    }
    return name.len > NAME_MAX_BYTES || is_digest(name) || zj_identify_find(scratch, name, &finds);
}

bool zj_name_is_person(struct zj_identify_scratch *scratch, struct zj_span name)
{
    const struct zj_find *finds;
    const size_t count = zj_identify_value(scratch, ZJ_SPAN_LIT("姓名"), name, &finds);
    for (size_t i = 0; i < count; i++)
        if (finds[i].type == ZJ_TYPE_PERSON_NAME && finds[i].end - finds[i].start == name.len)
            return true;
    return false;
}

bool zj_name_is_given_here(const char *name)
{
    const size_t len = strlen(name), digits = strspn(name + (len > 3 ? 3 : len), "0123456789");
    const bool is_col = strncmp(name, "col", 3) == 0 && digits && digits + 3 == len;
    return is_col || (len >= 5 && strcmp(name + len - 5, "(key)") == 0);
}

/* Digits that are as many as a telephone's or a card's, whatever letters they are glued to. */
static size_t number_at(struct zj_span text, size_t at)
{
    const size_t digits = digits_at(text, at);
    if (digits >= NUMBER_MIN || (digits == MOBILE_DIGITS && text.at[at] == '1'))
        return digits;
    return 0;
}

static size_t number_in(struct zj_span text)
{
    size_t at = 0;
    while (at < text.len && !number_at(text, at))
        at += digits_at(text, at) + !digits_at(text, at);
    return at;
}

static void put_without_numbers(struct zj_buf *out, struct zj_span text)
{
    while (text.len) {
        const size_t at = number_in(text), len = at < text.len ? number_at(text, at) : 0;
        zj_buf_span(out, zj_span_part(text, 0, at));
        zj_mask_value(out, zj_span_part(text, at, len));
        text = zj_span_part(text, at + len, text.len);
    }
}

const char *zj_name_masked(struct zj_identify_scratch *scratch, struct zj_arena *arena,
                           const char *text)
{
    const struct zj_find *finds;
    const struct zj_span all = zj_span_str(text ? text : "");
    const size_t count = zj_identify_find(scratch, all, &finds);
    if (!count && number_in(all) == all.len)
        return text;
    struct zj_buf out = {0};
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        const struct zj_find *f = &finds[i];
        if (f->end <= at)
            continue;
        const size_t from = f->start > at ? f->start : at;
        put_without_numbers(&out, zj_span_part(all, at, from - at));
        zj_mask_value(&out, zj_span_part(all, from, f->end - from));
        at = f->end;
    }
    put_without_numbers(&out, zj_span_part(all, at, all.len));
    const char *masked = zj_arena_span(arena, zj_buf_all(&out));
    zj_buf_release(&out);
    return masked;
}
