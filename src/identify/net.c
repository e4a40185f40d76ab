/* Addresses of networks, found from their marks: the points, colons, dashes and the at-sign. */
#include "identify/engine.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* The words before say that this is the number of a version. */
static bool is_version(struct zj_scan *s, size_t start, size_t end)
{
    const uint8_t before = start ? s->in.at[start - 1] : 0;
    if (before == 'v' || before == 'V' || before == '-' || before == '_' || before == '/')
        return before != '/' || start < 2 || s->in.at[start - 2] != '/';
    if (!s->rules)
        return false;
    const struct zj_context *c = zj_context(s, start, end);
    return (c->key & ZJ_W(version)) && !(c->key & ZJ_W(ip));
}

static size_t read_octet(struct zj_span in, size_t at, unsigned *out)
{
    size_t end = at;
    unsigned value = 0;
    while (end < in.len && end - at < 4 && zj_is_digit(in.at[end]))
        value = value * 10 + (unsigned)(in.at[end++] - '0');
    *out = value;
    const bool has_zero = end - at > 1 && in.at[at] == '0';
    return end - at >= 1 && end - at <= 3 && value <= 255 && !has_zero ? end : 0;
}

void zj_scan_ipv4(struct zj_scan *s, size_t point_at)
{
    const struct zj_span in = s->in;
    size_t start = point_at;
    while (start && point_at - start < 4 && zj_is_digit(in.at[start - 1]))
        start--;
    const uint8_t before = start ? in.at[start - 1] : 0;
    if (zj_is_alnum(before) || before == '.' || before == '_')
        if (before != 'v' && before != 'V')
            return;
    unsigned octets[4];
    size_t end = start;
    for (unsigned i = 0; i < 4; i++) {
        end = read_octet(in, end, &octets[i]);
        if (!end || (i < 3 && zj_byte_at(in, end) != '.'))
            return;
        end += i < 3;
    }
    const uint8_t behind = zj_byte_at(in, end);
    if (zj_is_alnum(behind) || behind == '_' ||
        (behind == '.' && zj_is_alnum(zj_byte_at(in, end + 1))))
        return;
    const bool is_mask = octets[0] == 255 || octets[0] == 0;
    if (is_mask || is_version(s, start, end))
        return;
    zj_scan_add(s, ZJ_TYPE_IPV4, start, end, octets[0] == 127 ? -30 : 0, "four octets");
}

void zj_scan_mac(struct zj_scan *s, size_t mark_at)
{
    const struct zj_span in = s->in;
    const uint8_t mark = in.at[mark_at];
    if (mark_at < 2 || mark_at + 15 > in.len)
        return;
    const size_t start = mark_at - 2, end = start + 17;
    bool is_zero = true, is_full = true, has_upper = false, has_lower = false;
    for (size_t i = 0; i < 17; i++) {
        const uint8_t c = in.at[start + i];
        if (i % 3 == 2 ? c != mark : !zj_is_hex(c))
            return;
        if (i % 3 == 2)
            continue;
        is_zero &= c == '0';
        is_full &= (c | 32) == 'f';
        has_upper |= c >= 'A' && c <= 'F';
        has_lower |= c >= 'a';
    }
    const uint8_t before = start ? in.at[start - 1] : 0, behind = zj_byte_at(in, end);
    const bool goes_on = (behind == mark && zj_is_hex(zj_byte_at(in, end + 1))) ||
                         (before == mark && start >= 2 && zj_is_hex(in.at[start - 2]));
    if (goes_on || is_zero || is_full || zj_is_alnum(before) || zj_is_alnum(behind))
        return;
    zj_scan_add(s, ZJ_TYPE_MAC, start, end, has_upper && has_lower ? -10 : 0, "six octets");
}

/* 0242.ac11.0002 */
void zj_scan_dotted_mac(struct zj_scan *s, size_t point_at)
{
    const struct zj_span in = s->in;
    bool has_letter = false;
    if (point_at < 4 || point_at + 10 > in.len)
        return;
    const size_t start = point_at - 4, end = start + 14;
    for (size_t i = start; i < end; i++) {
        const bool is_point = (i - start) % 5 == 4;
        if (is_point ? in.at[i] != '.' : !zj_is_hex(in.at[i]))
            return;
        has_letter |= zj_is_letter(in.at[i]);
    }
    const uint8_t before = start ? in.at[start - 1] : 0, behind = zj_byte_at(in, end);
    if (zj_is_alnum(before) || before == '.' || zj_is_alnum(behind) || behind == '.')
        return;
    if (has_letter || (zj_context(s, start, end)->key & ZJ_W(mac)))
        zj_scan_add(s, ZJ_TYPE_MAC, start, end, -5, "three groups of four hex digits");
}

struct ipv6 {
    unsigned groups;  /* of hex digits */
    unsigned longest; /* digits of the longest */
    bool has_gap, has_digit, ends_in_ipv4;
    size_t end;
};

/* A dotted quad at the end; where it ends, 0: none. */
static size_t quad_end(struct zj_span in, size_t at)
{
    unsigned octet;
    size_t end = at;
    for (unsigned i = 0; i < 4; i++) {
        end = read_octet(in, end, &octet);
        if (!end || (i < 3 && zj_byte_at(in, end) != '.'))
            return 0;
        end += i < 3;
    }
    return end;
}

static bool read_ipv6(struct zj_span in, size_t at, struct ipv6 *out)
{
    *out = (struct ipv6){.end = at};
    for (;;) {
        size_t end = at;
        while (end < in.len && zj_is_hex(in.at[end])) {
            out->has_digit |= zj_is_digit(in.at[end]);
            end++;
        }
        if (end - at > 4)
            return false;
        if (end > at && zj_byte_at(in, end) == '.' && out->groups >= 1) {
            const size_t quad = quad_end(in, at);
            if (quad) {
                out->groups += 2;
                out->ends_in_ipv4 = true;
                out->end = quad;
                return out->has_gap || out->groups == 8;
            }
        }
        if (end > at) {
            if (++out->groups > 8) /* fingerprints and dumps go on and on */
                return false;
            out->longest = end - at > out->longest ? (unsigned)(end - at) : out->longest;
            out->end = end;
        }
        if (zj_byte_at(in, end) != ':')
            break;
        if (zj_byte_at(in, end + 1) == ':') {
            if (out->has_gap || zj_byte_at(in, end + 2) == ':')
                return false;
            out->has_gap = true;
            out->end = end + 2;
            at = end + 2;
            if (!zj_is_hex(zj_byte_at(in, at)))
                break;
            continue;
        }
        if (!zj_is_hex(zj_byte_at(in, end + 1)))
            break;
        at = end + 1;
    }
    return out->has_gap ? out->groups <= 7 : out->groups == 8;
}

void zj_scan_ipv6(struct zj_scan *s, size_t colon_at)
{
    const struct zj_span in = s->in;
    struct ipv6 ip;
    size_t start = colon_at;
    while (start && colon_at - start < 40 &&
           (zj_is_hex(in.at[start - 1]) || in.at[start - 1] == ':'))
        start--;
    /* a key's colon may stand before: "ip:2001:db8::1" */
    while (start < colon_at && in.at[start] == ':' && in.at[start + 1] != ':')
        start++;
    if (start < s->ipv6_end)
        return;
    const uint8_t before = start ? in.at[start - 1] : 0;
    if (zj_is_alnum(before) || before == '_' || before == '.')
        return;
    if (!read_ipv6(in, start, &ip))
        return;
    const uint8_t behind = zj_byte_at(in, ip.end);
    if (zj_is_alnum(behind) || behind == '_' || behind == ':' || !ip.has_digit)
        return;
    /* "a::1" is code as well; an address has a group of three digits or more */
    if (ip.groups < 2 || (ip.longest < 3 && !ip.ends_in_ipv4))
        return;
    s->ipv6_end = ip.end;
    zj_scan_add(s, ZJ_TYPE_IPV6, start, ip.end, 0, "groups of RFC 4291");
}

enum { LOCAL = 1, LABEL = 2, LETTER = 4 };

/* What stands in the local part of an address of mail, and in the labels of a domain. */
static const uint8_t mail_kinds[256] = {
    ['0' ... '9'] = LOCAL | LABEL,
    ['A' ... 'Z'] = LOCAL | LABEL | LETTER,
    ['a' ... 'z'] = LOCAL | LABEL | LETTER,
    ['-'] = LOCAL | LABEL,
    ['.'] = LOCAL,
    ['_'] = LOCAL,
    ['+'] = LOCAL,
    ['%'] = LOCAL,
};

static inline bool is_local(uint8_t c)
{
    return mail_kinds[c] & LOCAL;
}

static inline bool is_label(uint8_t c)
{
    return mail_kinds[c] & LABEL;
}

#if defined(__SSE2__)
enum { NEAR = 16 };

/* Of the 16 bytes at `p` those that labels are made of, and the letters among them. */
static inline unsigned labels_of(const uint8_t *p, unsigned *out_letters)
{
    const __m128i v = _mm_loadu_si128((const __m128i *)p);
    const __m128i letter = _mm_sub_epi8(_mm_or_si128(v, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
    const __m128i digit = _mm_sub_epi8(v, _mm_set1_epi8('0'));
    const __m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(25)), letter);
    const __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
    const __m128i is_dash = _mm_cmpeq_epi8(v, _mm_set1_epi8('-'));
    *out_letters = (unsigned)_mm_movemask_epi8(is_letter);
    return (unsigned)_mm_movemask_epi8(_mm_or_si128(is_digit, is_dash)) | *out_letters;
}

/* The bytes of a local part right before `at`, no more than 16. */
static inline size_t local_before(struct zj_span in, size_t at)
{
    unsigned letters;
    if (at < NEAR)
        return 0;
    const uint8_t *p = in.at + at - NEAR;
    const __m128i v = _mm_loadu_si128((const __m128i *)p);
    const __m128i marks = _mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('.')), _mm_cmpeq_epi8(v, _mm_set1_epi8('_'))),
        _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('+')), _mm_cmpeq_epi8(v, _mm_set1_epi8('%'))));
    const unsigned others = ~(labels_of(p, &letters) | (unsigned)_mm_movemask_epi8(marks)) & 0xffff;
    return others ? (size_t)__builtin_clz(others << 16) : NEAR;
}

/* Where a domain of two labels ends that stands in 16 bytes, and is no more; 0: look closer. */
static inline size_t short_domain_end(struct zj_span in, size_t at)
{
    unsigned letters;
    if (at + NEAR > in.len)
        return 0;
    const unsigned labels = labels_of(in.at + at, &letters);
    const unsigned first = (unsigned)__builtin_ctz(~labels);
    if (!first || first > NEAR - 4 || in.at[at + first] != '.')
        return 0;
    const unsigned second = (unsigned)__builtin_ctz(~(letters >> (first + 1)));
    const unsigned end = first + 1 + second;
    if (second < 2 || end >= NEAR || (labels >> end & 1) || in.at[at + end] == '.' ||
        in.at[at] == '-' || in.at[at + first - 1] == '-')
        return 0;
    return at + end;
}
#else
static inline size_t local_before(struct zj_span in, size_t at)
{
    (void)in;
    (void)at;
    return 0;
}

static inline size_t short_domain_end(struct zj_span in, size_t at)
{
    (void)in;
    (void)at;
    return 0;
}
#endif

/* Where the domain that starts at `at` ends: labels, the last of letters; 0: none. */
static size_t domain_end(struct zj_span in, size_t at)
{
    size_t end = at, best = short_domain_end(in, at);
    unsigned labels = 0;
    if (best)
        return best;
    while (end < in.len && end - at < 254 && is_label(in.at[end])) {
        const size_t from = end;
        unsigned kinds = LABEL | LETTER;
        for (; end < in.len && is_label(in.at[end]); end++)
            kinds &= mail_kinds[in.at[end]];
        const bool is_letters = kinds & LETTER;
        if (end - from > 63 || in.at[from] == '-' || in.at[end - 1] == '-')
            return best;
        if (++labels >= 2 && is_letters && end - from >= 2)
            best = end;
        else if (labels >= 2)
            best = 0;
        if (zj_byte_at(in, end) != '.' || !is_label(zj_byte_at(in, end + 1)))
            break;
        end++;
    }
    return best;
}

void zj_scan_email(struct zj_scan *s, size_t at_sign)
{
    static const struct zj_span files[] = {
        ZJ_SPAN_LIT("png"), ZJ_SPAN_LIT("jpg"),  ZJ_SPAN_LIT("jpeg"), ZJ_SPAN_LIT("gif"),
        ZJ_SPAN_LIT("svg"), ZJ_SPAN_LIT("webp"), ZJ_SPAN_LIT("js"),   ZJ_SPAN_LIT("css")};
    const struct zj_span in = s->in;
    size_t start = at_sign - local_before(in, at_sign);
    while (start && at_sign - start < 64 && is_local(in.at[start - 1]))
        start--;
    while (start < at_sign && (in.at[start] == '.' || in.at[start] == '-' || in.at[start] == '%'))
        start++;
    const size_t end =
        start == at_sign || in.at[at_sign - 1] == '.' ? 0 : domain_end(in, at_sign + 1);
    if (!end)
        return;
    /* "scheme://user:word@host" and "user@host:path" of a scheme are no mail */
    for (size_t at = start; at && start - at < 64; at--) {
        const uint8_t c = in.at[at - 1];
        if (c <= ' ' || c >= 0x80 || c == '"' || c == '\'' || c == ',')
            break;
        if (c == '/' && at >= 3 && in.at[at - 2] == '/' && in.at[at - 3] == ':')
            return;
    }
    size_t tld = end;
    while (in.at[tld - 1] != '.')
        tld--;
    const unsigned firsts = 1u << ('p' & 31) | 1u << ('j' & 31) | 1u << ('g' & 31) |
                            1u << ('s' & 31) | 1u << ('w' & 31) | 1u << ('c' & 31);
    const bool may_be_file = end - tld <= 4 && (firsts >> (in.at[tld] & 31) & 1);
    for (size_t i = 0; may_be_file && i < ZJ_COUNT(files); i++)
        if (in.at[tld] == files[i].at[0] && zj_span_eq(zj_span_part(in, tld, end - tld), files[i]))
            return;
    zj_scan_add(s, ZJ_TYPE_EMAIL, start, end, 0, "local part and domain");
}
