#include "base/pairs.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { ARGS_MAX = 16, SPEC_BYTES = 64 };

enum kind { KIND_NONE, KIND_INT, KIND_LONG, KIND_LLONG, KIND_SIZE, KIND_DOUBLE, KIND_TEXT, KIND_POINTER };

struct arg {
    enum kind kind;
    union {
        int i;
        long l;
        long long ll;
        size_t z;
        double d;
        const char *s;
        void *p;
    } is;
};

/* One conversion, taken apart: "%2$-*.10ld". */
struct spec {
    const char *end;
    int arg, width_arg, precision_arg; /* -1: none */
    char flags[8], width[8], precision[8], length[4], conversion;
    bool has_precision;
};

const char *zj_pairs_other(const struct zj_pairs *pairs, const char *text)
{
    for (unsigned i = 1; i <= ZJ_PAIRS && text; i++) { /* the newest first */
        const unsigned at = (pairs->next + ZJ_PAIRS - i) % ZJ_PAIRS;
        if (pairs->at[at].en == text && pairs->at[at].zh)
            return pairs->at[at].zh;
        if (pairs->at[at].zh == text)
            return pairs->at[at].en;
    }
    return text;
}

/* --- formats ---------------------------------------------------------------------------------- */

/* Takes the characters of `set` at *at; false where they are too many. */
static bool take_set(const char **at, const char *set, char *out, size_t size)
{
    const size_t len = strspn(*at, set);
    if (len >= size)
        return false;
    memcpy(out, *at, len);
    out[len] = '\0';
    *at += len;
    return true;
}

/* "2$" behind a % or *: that argument; else the next one. -1: beyond what is kept. */
static int take_place(const char **at, int *next)
{
    const size_t len = strspn(*at, "0123456789");
    int place = 0;
    if (len && len < 3 && (*at)[len] == '$') {
        for (size_t i = 0; i < len; i++)
            place = place * 10 + ((*at)[i] - '0');
        *at += len + 1;
        place--;
    } else {
        place = (*next)++;
    }
    return place >= 0 && place < ARGS_MAX ? place : -1;
}

static bool take_width(const char **at, int *next, char *out, size_t size, int *out_arg)
{
    *out_arg = -1;
    if (**at != '*')
        return take_set(at, "0123456789", out, size);
    (*at)++;
    *out_arg = take_place(at, next);
    return *out_arg >= 0;
}

/* `at` stands behind the %. */
static bool parse(const char *at, int *next, struct spec *out)
{
    *out = (struct spec){.arg = -1, .width_arg = -1, .precision_arg = -1};
    const size_t digits = strspn(at, "0123456789");
    const bool is_placed = digits && at[digits] == '$';
    if (is_placed && (out->arg = take_place(&at, next)) < 0)
        return false;
    if (!take_set(&at, "-+ #0", out->flags, sizeof out->flags) ||
        !take_width(&at, next, out->width, sizeof out->width, &out->width_arg))
        return false;
    out->has_precision = *at == '.';
    if (out->has_precision &&
        (at++, !take_width(&at, next, out->precision, sizeof out->precision, &out->precision_arg)))
        return false;
    if (!take_set(&at, "hlzjt", out->length, sizeof out->length) || !*at ||
        !strchr("diuxXocsp%fFeEgG", *at))
        return false;
    out->conversion = *at;
    out->end = at + 1;
    if (!is_placed && *at != '%' && *next < ARGS_MAX)
        out->arg = (*next)++;
    return true;
}

static enum kind arg_kind(const struct spec *spec)
{
    if (spec->conversion == '%')
        return KIND_NONE;
    if (spec->conversion == 's')
        return KIND_TEXT;
    if (spec->conversion == 'p')
        return KIND_POINTER;
    if (strchr("fFeEgG", spec->conversion))
        return KIND_DOUBLE;
    if (strcmp(spec->length, "ll") == 0 || strcmp(spec->length, "j") == 0)
        return KIND_LLONG;
    if (strcmp(spec->length, "l") == 0)
        return KIND_LONG;
    return spec->length[0] == 'z' || spec->length[0] == 't' ? KIND_SIZE : KIND_INT;
}

static bool set_kind(struct arg *args, int at, enum kind kind)
{
    if (at < 0 || (args[at].kind != KIND_NONE && args[at].kind != kind))
        return false;
    args[at].kind = kind;
    return true;
}

static bool find_kinds(const char *format, struct arg args[ARGS_MAX])
{
    struct spec spec;
    int next = 0;
    for (const char *at = strchr(format, '%'); at; at = strchr(spec.end, '%')) {
        if (!parse(at + 1, &next, &spec))
            return false;
        if ((spec.width_arg >= 0 && !set_kind(args, spec.width_arg, KIND_INT)) ||
            (spec.precision_arg >= 0 && !set_kind(args, spec.precision_arg, KIND_INT)) ||
            (spec.conversion != '%' && !set_kind(args, spec.arg, arg_kind(&spec))))
            return false;
    }
    return true;
}

static bool fetch(struct arg args[ARGS_MAX], va_list list)
{
    bool is_over = false;
    for (int i = 0; i < ARGS_MAX; i++) {
        struct arg *a = &args[i];
        if (is_over && a->kind != KIND_NONE)
            return false; /* one is skipped: its kind is not known */
        switch (a->kind) {
        case KIND_NONE:
            is_over = true;
            break;
        case KIND_INT:
            a->is.i = va_arg(list, int);
            break;
        case KIND_LONG:
            a->is.l = va_arg(list, long);
            break;
        case KIND_LLONG:
            a->is.ll = va_arg(list, long long);
            break;
        case KIND_SIZE:
            a->is.z = va_arg(list, size_t);
            break;
        case KIND_DOUBLE:
            a->is.d = va_arg(list, double);
            break;
        case KIND_TEXT:
            a->is.s = va_arg(list, const char *);
            break;
        case KIND_POINTER:
            a->is.p = va_arg(list, void *);
            break;
        }
    }
    return true;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* A number as it was given, or what the argument holds. */
static const char *number(const struct arg *args, int arg, const char *given, char room[16])
{
    if (arg < 0)
        return given;
    snprintf(room, 16, "%d", args[arg].is.i);
    return room;
}

/* A text may be shorter than its length says only where that is its own: its other ends itself. */
static int write_text(const struct zj_pairs *pairs, char *out, size_t size, const char *spec,
                      const char *plain, const char *text)
{
    const char *other = zj_pairs_other(pairs, text);
    return snprintf(out, size, other == text ? spec : plain, other);
}

static int write_one(const struct zj_pairs *pairs, char *out, size_t size, const struct spec *spec,
                     const struct arg *args)
{
    char text[SPEC_BYTES], width[16], precision[16];
    const struct arg *a = spec->arg >= 0 ? &args[spec->arg] : NULL;
    if (!a)
        return snprintf(out, size, "%%");
    snprintf(text, sizeof text, "%%%s%s%s%s%s%c", spec->flags,
             number(args, spec->width_arg, spec->width, width), spec->has_precision ? "." : "",
             spec->has_precision ? number(args, spec->precision_arg, spec->precision, precision)
                                 : "",
             spec->length, spec->conversion);
    switch (a->kind) {
    case KIND_INT:
        return snprintf(out, size, text, a->is.i);
    case KIND_LONG:
        return snprintf(out, size, text, a->is.l);
    case KIND_LLONG:
        return snprintf(out, size, text, a->is.ll);
    case KIND_SIZE:
        return snprintf(out, size, text, a->is.z);
    case KIND_DOUBLE:
        return snprintf(out, size, text, a->is.d);
    case KIND_TEXT:
        return write_text(pairs, out, size, text, "%s", a->is.s);
    case KIND_POINTER:
        return snprintf(out, size, text, a->is.p);
    case KIND_NONE:
        break;
    }
    return -1;
}

bool zj_pairs_format(const struct zj_pairs *pairs, char *out, size_t size, const char *format,
                     va_list list)
{
    struct arg args[ARGS_MAX] = {0}, used[ARGS_MAX] = {0};
    struct spec spec;
    const char *at = zj_pairs_other(pairs, format);
    size_t len = 0;
    int next = 0;
    if (!find_kinds(format, args) || !find_kinds(at, used) || !fetch(args, list))
        return false;
    for (int i = 0; i < ARGS_MAX; i++)
        if (used[i].kind != KIND_NONE && used[i].kind != args[i].kind)
            return false;
    while (*at && len + 1 < size) {
        const size_t plain = strcspn(at, "%"), fits = plain < size - len - 1 ? plain : size - len - 1;
        memcpy(out + len, at, fits);
        len += fits;
        at += plain;
        if (!*at || len + 1 >= size)
            break;
        if (!parse(at + 1, &next, &spec))
            return false;
        const int n = write_one(pairs, out + len, size - len, &spec, args);
        if (n < 0)
            return false;
        len += (size_t)n < size - len ? (size_t)n : size - len - 1;
        at = spec.end;
    }
    out[len] = '\0';
    return true;
}
