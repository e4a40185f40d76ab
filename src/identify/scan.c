/* One pass over the bytes. 64 of them become eight bit masks, a bit a byte; shifts of the masks
 * find the places where a value may stand, and only those are looked at:
 *
 *   a run of 11 letters and digits       numbers of people, cards and vehicles
 *   marks between digits, 5, 6, 9 apart  the same in groups
 *   a letter behind a byte >= 0x80       plates
 *   digit . digit digit digit            positions
 *   three points, four digits            IPv4; likewise colons for IPv6 and MAC
 *   a bracket before digits              the area code of a landline
 *
 * Only places in the first 52 of the 64 are taken, so that a mask holds what stands behind them.
 *
 * The masks come from AVX-512 or AVX2 where the processor has it, from NEON on ARM, else from a
 * table; which makes no difference to what is found. */
#include "identify/scan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

struct masks {
    uint64_t alnum, digit, point, high, colon, dash, space, sign, list, bracket;
};

enum { WINDOW = 64, STEP = 52, RUN_MIN = 11, RUN_MAX = 24 };

#define TAKEN ((UINT64_C(1) << STEP) - 1)

typedef void (*masks_fn)(const uint8_t *p, struct masks *out);
typedef void (*place_fn)(struct zj_scan *s, size_t at);

/* The text, and the masks of its last bytes, behind which there is nothing to read. */
struct text {
    struct zj_span in;
    struct masks last;
    size_t last_at;
    uint64_t run12; /* all ones where runs of 12 are asked for */
};

struct carry { /* of the byte before the window; of list marks the two before it */
    uint64_t run, digit, high, list;
};

static inline __attribute__((always_inline)) void open_text(struct zj_span in, masks_fn masks,
                                                            struct text *out)
{
    out->in = in;
    out->last_at = in.len < WINDOW ? 0 : in.len - WINDOW;
    if (in.len < WINDOW) {
        uint8_t bytes[WINDOW] = {0};
        memcpy(bytes, in.at, in.len);
        masks(bytes, &out->last);
    } else {
        masks(in.at + out->last_at, &out->last);
    }
}

static inline __attribute__((always_inline)) void masks_at(const struct text *t, size_t at,
                                                           masks_fn masks, struct masks *out)
{
    if (at < t->last_at) {
        masks(t->in.at + at, out);
        return;
    }
    const struct masks *m = &t->last;
    const unsigned by = (unsigned)(at - t->last_at);
    *out = (struct masks){m->alnum >> by, m->digit >> by,  m->point >> by, m->high >> by,
                          m->colon >> by, m->dash >> by,   m->space >> by, m->sign >> by,
                          m->list >> by,  m->bracket >> by};
}

static inline void each(struct zj_scan *s, size_t base, uint64_t places, place_fn fn)
{
    for (; places; places &= places - 1)
        fn(s, base + (unsigned)__builtin_ctzll(places));
}

/* Marks with a digit on both sides, and another such mark behind where a group would end. */
static inline uint64_t group_marks(uint64_t mark, uint64_t before, uint64_t digit)
{
    const uint64_t marks = mark & before & digit >> 1;
    return marks & (marks >> 5 | marks >> 6 | marks >> 7 | marks >> 9);
}

/* Starts of runs that may be numbers. Most long words are told apart here: a run that begins with a
 * letter has 17 and more, or 12 where words tell what that is. */
static inline uint64_t run_starts(const struct text *t, const struct masks *m, struct carry *carry)
{
    const uint64_t alnum = m->alnum, run2 = alnum & alnum >> 1, run4 = run2 & run2 >> 2;
    const uint64_t run = run4 & run4 >> 4 & run4 >> (RUN_MIN - 4);
    const uint64_t starts = run & ~(run << 1 | carry->run);
    const uint64_t end2 = ~alnum | ~alnum >> 1, end6 = end2 | end2 >> 2 | end2 >> 4;
    const uint64_t run17 = ~(end6 >> RUN_MIN); /* or it goes on behind the window */
    const uint64_t run12 = alnum >> 11 & ~(alnum >> 12) & t->run12;
    carry->run = run >> (STEP - 1) & 1;
    return starts & (m->digit | run17 | run12);
}

/* Bits in a row from the lowest on, no more than RUN_MAX + 1. */
static inline unsigned ones(uint64_t mask)
{
    return (unsigned)__builtin_ctzll(~mask | 1ull << (RUN_MAX + 1));
}

static inline __attribute__((always_inline)) void take_runs(struct zj_scan *s, const struct text *t,
                                                            size_t base, const struct masks *window,
                                                            uint64_t starts, masks_fn masks)
{
    for (; starts; starts &= starts - 1) {
        const unsigned bit = (unsigned)__builtin_ctzll(starts);
        uint64_t digit = window->digit >> bit;
        unsigned len = ones(window->alnum >> bit);
        if (bit + len == WINDOW) { /* goes on behind it */
            struct masks m;
            masks_at(t, base + bit, masks, &m);
            len = ones(m.alnum);
            digit = m.digit;
        }
        if (len <= RUN_MAX && (len == 17 || len == 18 || len == 12 || len == RUN_MAX || digit & 1))
            zj_scan_run(s, base + bit, len, ones(digit));
    }
}

static inline void take_dots(struct zj_scan *s, size_t base, const struct masks *m, uint64_t before)
{
    const uint64_t point = m->point, digit = m->digit;
    const uint64_t alnum2 = m->alnum >> 1 & m->alnum >> 2, alnum4 = alnum2 & alnum2 >> 2;
    each(s, base, point & point >> 5 & alnum4 & TAKEN, zj_scan_dotted_mac);
    /* one to three digits and the next point, from there the same again, and a digit */
    const uint64_t one = point & digit >> 1, two = one & digit >> 2, three = two & digit >> 3;
    const uint64_t by2 = one & point >> 2, by3 = two & point >> 3, by4 = three & point >> 4;
    const uint64_t near = by2 | by3 | by4;
    const uint64_t quad = (by2 & near >> 2) | (by3 & near >> 3) | (by4 & near >> 4);
    each(s, base, quad & before & TAKEN, zj_scan_ipv4);
}

static inline void take_colons(struct zj_scan *s, size_t base, uint64_t colon)
{
    const uint64_t near = colon & (colon >> 1 | colon >> 2 | colon >> 3 | colon >> 4 | colon >> 5);
    const uint64_t three = near >> 2 | near >> 3 | near >> 4 | near >> 5;
    const uint64_t six = colon >> 3 & colon >> 6 & colon >> 9 & colon >> 12;
    each(s, base, colon & six & TAKEN, zj_scan_mac);
    each(s, base, near & (three | colon >> 1) & TAKEN, zj_scan_ipv6);
}

static inline void take_dashes(struct zj_scan *s, size_t base, uint64_t dash, uint64_t before,
                               uint64_t digit)
{
    const uint64_t six = dash >> 3 & dash >> 6 & dash >> 9 & dash >> 12;
    const uint64_t run2 = digit >> 1 & digit >> 2, run4 = run2 & run2 >> 2;
    each(s, base, dash & six & TAKEN, zj_scan_mac);
    each(s, base, dash & before & run4 & run4 >> 3 & TAKEN, zj_scan_landline);
    each(s, base, group_marks(dash, before, digit) & TAKEN, zj_scan_groups);
}

/* Places that most windows have none of. */
static __attribute__((noinline)) void
take_rare(struct zj_scan *s, size_t base, const struct masks *m, uint64_t before, uint64_t plates)
{
    take_dots(s, base, m, before);
    take_colons(s, base, m->colon);
    take_dashes(s, base, m->dash, before, m->digit);
    each(s, base, group_marks(m->space, before, m->digit) & TAKEN, zj_scan_groups);
    each(s, base, m->sign & m->alnum >> 1 & TAKEN, zj_scan_email);
    each(s, base, m->bracket & m->digit >> 1 & m->digit >> 2 & TAKEN, zj_scan_bracket);
    each(s, base, plates, zj_scan_plate);
}

/* What kinds of places there may be is found out without a branch: most windows have none, and
 * which have one cannot be foretold. */
static inline __attribute__((always_inline)) void
take(struct zj_scan *s, const struct text *t, size_t base, masks_fn masks, struct carry *carry)
{
    struct masks m;
    masks_at(t, base, masks, &m);
    const uint64_t digit = m.digit, point = m.point, colon = m.colon;
    const uint64_t before = digit << 1 | carry->digit; /* a digit stands before */
    const uint64_t starts = run_starts(t, &m, carry) & TAKEN;
    const uint64_t one = point & digit >> 1, two = one & digit >> 2, three = two & digit >> 3;
    /* lists of readings, "3.712,3.709": no position has one digit before the point and few behind
     */
    const uint64_t readings = (m.list << 2 | carry->list) & ~(digit >> 4 & digit >> 5);
    const uint64_t fractions = three & before & ~readings & TAKEN;
    const uint64_t dots =
        (one & point >> 2) | (two & point >> 3) | (three & point >> 4) | (point & point >> 5);
    const uint64_t by12 = colon >> 1 | colon >> 2;
    const uint64_t colons = colon & (by12 | by12 >> 2 | colon >> 5);
    const uint64_t dashes = m.dash & (before | m.dash >> 3);
    const uint64_t spaces = m.space & before & digit >> 1;
    const uint64_t plates = (m.high << 1 | carry->high) & ~m.high & m.alnum & ~digit & TAKEN;
    carry->digit = digit >> (STEP - 1) & 1;
    carry->list = m.list >> (STEP - 2) & 3;
    carry->high = m.high >> (STEP - 1) & 1;
    const uint64_t brackets = m.bracket & digit >> 1 & digit >> 2;
    const uint64_t rare = ((dots | colons | dashes | spaces | m.sign | brackets) & TAKEN) | plates;
    if (starts)
        take_runs(s, t, base, &m, starts, masks);
    each(s, base, fractions, zj_scan_point);
    if (rare)
        take_rare(s, base, &m, before, plates);
}

/* Walks all windows with `masks`; inlined once for each way of making them. */
static inline __attribute__((always_inline)) void walk(struct zj_scan *s, masks_fn masks)
{
    struct text t;
    struct carry carry = {0};
    open_text(s->in, masks, &t);
    t.run12 = s->rules ? UINT64_MAX : 0;
    for (size_t base = 0; base < t.in.len; base += STEP)
        take(s, &t, base, masks, &carry);
}

static inline void masks_plain(const uint8_t *p, struct masks *out)
{
    *out = (struct masks){0};
    for (unsigned i = 0; i < WINDOW; i++) {
        const uint64_t bit = UINT64_C(1) << i;
        const uint8_t c = p[i];
        out->digit |= zj_is_digit(c) ? bit : 0;
        out->alnum |= zj_is_alnum(c) ? bit : 0;
        out->high |= c >= 0x80 ? bit : 0;
        out->point |= c == '.' ? bit : 0;
        out->colon |= c == ':' ? bit : 0;
        out->dash |= c == '-' ? bit : 0;
        out->space |= c == ' ' ? bit : 0;
        out->sign |= c == '@' ? bit : 0;
        out->list |= c == ',' || c == '[' ? bit : 0;
        out->bracket |= c == '(' ? bit : 0;
    }
}

void zj_scan_all_plain(struct zj_scan *s)
{
    walk(s, masks_plain);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static inline __m256i between(__m256i v, char first, char last)
{
    /* min(v - first, last - first) is v - first itself exactly inside the range, unsigned */
    const __m256i off = _mm256_sub_epi8(v, _mm256_set1_epi8(first));
    const __m256i span = _mm256_set1_epi8((char)(last - first));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(off, span), off);
}

__attribute__((target("avx2"))) static inline uint64_t bits(__m256i low, __m256i high)
{
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high)
                                                     << 32;
}

__attribute__((target("avx2"))) static inline uint64_t equal(__m256i a, __m256i b, char c)
{
    const __m256i v = _mm256_set1_epi8(c);
    return bits(_mm256_cmpeq_epi8(a, v), _mm256_cmpeq_epi8(b, v));
}

__attribute__((target("avx2"))) static inline void masks_avx2(const uint8_t *p, struct masks *out)
{
    const __m256i a = _mm256_loadu_si256((const __m256i *)p);
    const __m256i b = _mm256_loadu_si256((const __m256i *)(p + 32));
    const __m256i lower_bit = _mm256_set1_epi8(0x20);
    const uint64_t letter = bits(between(_mm256_or_si256(a, lower_bit), 'a', 'z'),
                                 between(_mm256_or_si256(b, lower_bit), 'a', 'z'));
    out->digit = bits(between(a, '0', '9'), between(b, '0', '9'));
    out->alnum = letter | out->digit;
    out->high = bits(a, b);
    out->point = equal(a, b, '.');
    out->colon = equal(a, b, ':');
    out->dash = equal(a, b, '-');
    out->space = equal(a, b, ' ');
    out->sign = equal(a, b, '@');
    out->list = equal(a, b, ',') | equal(a, b, '[');
    out->bracket = equal(a, b, '(');
}

__attribute__((target("avx2,bmi,bmi2"))) static void walk_avx2(struct zj_scan *s)
{
    walk(s, masks_avx2);
}

__attribute__((target("avx512bw"))) static inline void masks_avx512(const uint8_t *p,
                                                                    struct masks *out)
{
    const __m512i v = _mm512_loadu_si512(p);
    const __m512i lower = _mm512_or_si512(v, _mm512_set1_epi8(0x20));
    out->digit =
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8('0')), _mm512_set1_epi8(10));
    out->alnum = out->digit | _mm512_cmplt_epu8_mask(_mm512_sub_epi8(lower, _mm512_set1_epi8('a')),
                                                     _mm512_set1_epi8(26));
    out->high = _mm512_movepi8_mask(v);
    out->point = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('.'));
    out->colon = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(':'));
    out->dash = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('-'));
    out->space = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(' '));
    out->sign = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('@'));
    out->list = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(',')) |
                _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('['));
    out->bracket = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('('));
}

__attribute__((target("avx512bw,bmi,bmi2"))) static void walk_avx512(struct zj_scan *s)
{
    walk(s, masks_avx512);
}
#endif

#if defined(__aarch64__)
static inline uint8x16_t between(uint8x16_t v, uint8_t first, uint8_t last)
{
    return vcleq_u8(vsubq_u8(v, vdupq_n_u8(first)), vdupq_n_u8((uint8_t)(last - first)));
}

static inline uint64_t bits(const uint8x16_t is[4])
{
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t weight = vld1q_u8(weights);
    const uint8x16_t a = vpaddq_u8(vandq_u8(is[0], weight), vandq_u8(is[1], weight));
    const uint8x16_t b = vpaddq_u8(vandq_u8(is[2], weight), vandq_u8(is[3], weight));
    const uint8x16_t ab = vpaddq_u8(a, b);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(ab, ab)), 0);
}

static inline uint64_t equal(const uint8x16_t v[4], uint8_t c)
{
    uint8x16_t is[4];
    for (unsigned i = 0; i < 4; i++)
        is[i] = vceqq_u8(v[i], vdupq_n_u8(c));
    return bits(is);
}

static inline void masks_neon(const uint8_t *p, struct masks *out)
{
    uint8x16_t v[4], digit[4], letter[4], high[4];
    for (unsigned i = 0; i < 4; i++) {
        v[i] = vld1q_u8(p + 16 * i);
        digit[i] = between(v[i], '0', '9');
        letter[i] = between(vorrq_u8(v[i], vdupq_n_u8(0x20)), 'a', 'z');
        high[i] = vcgeq_u8(v[i], vdupq_n_u8(0x80));
    }
    out->digit = bits(digit);
    out->alnum = bits(letter) | out->digit;
    out->high = bits(high);
    out->point = equal(v, '.');
    out->colon = equal(v, ':');
    out->dash = equal(v, '-');
    out->space = equal(v, ' ');
    out->sign = equal(v, '@');
    out->list = equal(v, ',') | equal(v, '[');
    out->bracket = equal(v, '(');
}
#endif

void zj_scan_all(struct zj_scan *s)
{
#if defined(__aarch64__)
    walk(s, masks_neon);
#elif defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bw"))
        walk_avx512(s);
    else if (__builtin_cpu_supports("avx2"))
        walk_avx2(s);
    else
        zj_scan_all_plain(s);
#else
    zj_scan_all_plain(s);
#endif
}
