#include "identify/identify.h"

#include "identify/scan.h"

static const struct zj_identify_type_info infos[ZJ_TYPE_COUNT] = {
#define ZJ_IDENTIFY_TYPE(name, en, zh, is_personal) {#name, en, zh, is_personal},
#include "identify/types.def"
#undef ZJ_IDENTIFY_TYPE
};

const struct zj_identify_type_info *zj_identify_type_info(enum zj_identify_type type)
{
    return &infos[type];
}

void zj_scan_add(struct zj_scan *s, enum zj_identify_type type, size_t start, size_t end,
                 uint8_t score, const char *why)
{
    if (s->count == s->max)
        return;
    s->out[s->count++] = (struct zj_find){
        .start = (uint32_t)start,
        .end = (uint32_t)end,
        .type = (uint8_t)type,
        .score = score,
        .why = why,
    };
}

static bool is_key_end(uint8_t c)
{
    switch (c) {
    case ',':
    case ';':
    case '{':
    case '}':
    case '[':
    case ']':
    case '<':
    case '&':
    case '?':
    case '|':
    case '\r':
    case '\n':
    case '\t':
    case 0:
        return true;
    default:
        return false;
    }
}

static bool is_between_key_and_value(uint8_t c)
{
    switch (c) {
    case ' ':
    case '"':
    case '\'':
    case ':':
    case '=':
    case '>':
    case '(':
    case '\\':
        return true;
    default:
        return false;
    }
}

size_t zj_scan_key_end(struct zj_span in, size_t at)
{
    static const uint8_t wide_colon[] = {0xef, 0xbc, 0x9a};
    size_t end = at;
    for (unsigned skipped = 0; end && skipped < 6; skipped++) {
        if (is_between_key_and_value(in.at[end - 1]))
            end--;
        else if (in.at[end - 1] == wide_colon[2] && end >= 3 &&
                 memcmp(in.at + end - 3, wide_colon, 3) == 0)
            end -= 3;
        else
            break;
    }
    return end;
}

struct zj_span zj_scan_key(struct zj_span in, size_t at)
{
    const size_t end = zj_scan_key_end(in, at);
    size_t start = end;
    while (start && end - start < 24 && !is_key_end(in.at[start - 1]))
        start--;
    return zj_span_of(in.at + start, end - start);
}

static bool holds(struct zj_span text, const char *word, size_t len)
{
    for (size_t at = 0; at + len <= text.len; at++) {
        size_t i = 0;
        while (i < len) {
            const uint8_t c = text.at[at + i];
            if ((c >= 'A' && c <= 'Z' ? c | 32 : c) != (uint8_t)word[i])
                break;
            i++;
        }
        if (i == len)
            return true;
    }
    return false;
}

bool zj_scan_has_word(struct zj_span text, const char *words)
{
    while (*words) {
        const char *end = strchrnul(words, '|');
        if (holds(text, words, (size_t)(end - words)))
            return true;
        words = *end ? end + 1 : end;
    }
    return false;
}

/* Candidates come in nearly the order of their start. */
static void sort(struct zj_find *finds, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct zj_find find = finds[i];
        size_t at = i;
        for (; at && (finds[at - 1].start > find.start ||
                      (finds[at - 1].start == find.start && finds[at - 1].end < find.end));
             at--)
            finds[at] = finds[at - 1];
        finds[at] = find;
    }
}

size_t zj_identify_scan(struct zj_span bytes, struct zj_find *out, size_t max)
{
    struct zj_scan s = {.in = zj_span_part(bytes, 0, UINT32_MAX), .out = out, .max = max};
    zj_scan_all(&s);
    sort(out, s.count);
    return s.count;
}
