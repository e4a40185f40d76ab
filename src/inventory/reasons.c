/* Reasons of unread places from one language to the other: a stored sentence is matched with the
 * readers' own formats, what stood in it is put into the other one. */
#include <ctype.h>
#include <string.h>

#include "base/reason.h"
#include "inventory/inventory.h"

enum { PARTS_MAX = 6, DEPTH_MAX = 3 };

static const struct said {
    const char *en, *zh;
} said[] = {
#define ZJ_SAID(en, zh) {en, zh},
#include "inventory/reasons.def"
#undef ZJ_SAID
#define ZJ_SERVER_FAULT(codes, en, zh) {en " (%s)", zh "（%s）"},
#include "inventory/server_faults.def"
#undef ZJ_SERVER_FAULT
#define ZJ_FORMAT(at, magic, extensions, way, en, zh) {en, zh},
#define ZJ_INNER(name, way, en, zh)                   {en, zh},
#include "inventory/formats.def"
#undef ZJ_FORMAT
#undef ZJ_INNER
};

/* "%2$llu" at *at: steps over it. *out_place counts from 0. */
struct spec {
    size_t place;
    char kind; /* 's', 'd' or 'u' */
};

static struct spec read_spec(const char **at, size_t next)
{
    struct spec spec = {.place = next};
    const char *p = *at + 1;
    if (isdigit((unsigned char)p[0]) && p[1] == '$') {
        spec.place = (size_t)(p[0] - '1');
        p += 2;
    }
    while (*p == 'l' || *p == 'z')
        p++;
    spec.kind = *p;
    *at = p + (*p != '\0');
    return spec;
}

static bool is_number(struct zj_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!isdigit(text.at[i]))
            return false;
    return text.len > 0;
}

/* What stands at a spec goes up to the text that follows it in the format. */
static struct zj_span take_part(const char **text, const char *format)
{
    const size_t len = strcspn(format, "%");
    char after[128];
    const char *end = *text + strlen(*text);
    if (*format && len == 0)
        end = *text; /* the next spec takes it */
    else if (len && len < sizeof after) {
        memcpy(after, format, len);
        after[len] = '\0';
        const char *found = strstr(*text, after);
        if (!format[len] && found) /* the end of the sentence, whatever stands in what it tells */
            found = end - len > *text && strcmp(end - len, after) == 0 ? end - len : NULL;
        end = found ? found : end;
    }
    const struct zj_span part = zj_span_of(*text, (size_t)(end - *text));
    *text = end;
    return part;
}

static bool match(const char *text, const char *format, struct zj_span *parts)
{
    for (size_t next = 0; *format;) {
        if (*format != '%') {
            if (*format++ != *text++)
                return false;
            continue;
        }
        const struct spec spec = read_spec(&format, next++);
        if (spec.place >= PARTS_MAX)
            return false;
        parts[spec.place] = take_part(&text, format);
        if (spec.kind != 's' && !is_number(parts[spec.place]))
            return false;
    }
    return !*text;
}

static const char *tell(struct zj_job *job, const char *text, int depth);

static const char *render(struct zj_job *job, const char *format, const struct zj_span *parts,
                          int depth)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf out = {0};
    for (size_t next = 0; *format;) {
        if (*format != '%') {
            zj_buf_byte(&out, (uint8_t)*format++);
            continue;
        }
        const struct spec spec = read_spec(&format, next++);
        const struct zj_span part = spec.place < PARTS_MAX ? parts[spec.place] : ZJ_SPAN_LIT("");
        zj_buf_str(&out, tell(job, zj_arena_span(&job->arena, part), depth + 1));
    }
    return zj_arena_strdup(&job->arena, zj_buf_cstr(&out));
}

static const char *tell(struct zj_job *job, const char *text, int depth)
{
    for (size_t i = 0; text[0] && depth < DEPTH_MAX && i < ZJ_COUNT(said); i++) {
        struct zj_span parts[PARTS_MAX] = {0};
        if (match(text, zj_tr(job, said[i].zh, said[i].en), parts))
            return render(job, zj_tr(job, said[i].en, said[i].zh), parts, depth);
    }
    return zj_reason(job, text);
}

const char *zj_inv_reason(struct zj_job *job, const char *text)
{
    return tell(job, text, 0);
}
