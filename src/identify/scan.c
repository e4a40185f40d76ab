/* One pass over the bytes, 64 at a time. Each block becomes four bit masks, a bit a byte; shifts of
 * the masks find the places where a value may stand, and only those are looked at:
 *
 *   a run of 11 letters and digits       numbers of people, cards and vehicles
 *   marks between digits, 5, 6, 9 apart  the same in groups
 *   a letter behind a byte >= 0x80       plates
 *   digit . digit digit digit            positions
 *   three points, four digits            IPv4; likewise colons for IPv6 and MAC
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
    uint64_t alnum, digit, point, high, colon, dash, space, sign;
};

typedef unsigned __int128 wide; /* a block in the low half, the next one in the high half */

enum { BLOCK = 64, RUN_MIN = 11, RUN_MAX = 24 };

static inline wide join(uint64_t low, uint64_t high)
{
    return (wide)high << 64 | low;
}

/* Bits in a row from `at` on, no more than RUN_MAX + 1: at < 64, so all of them are in the mask. */
static inline unsigned ones(wide mask, unsigned at)
{
    const uint64_t from = (uint64_t)(mask >> at) | 1ull << 63;
    const uint64_t gap = ~from | 1ull << (RUN_MAX + 1);
    return (unsigned)__builtin_ctzll(gap);
}

struct carry { /* bit 0: the last byte of the block before */
    uint64_t run, digit, high;
};

/* The low half of a mask, each bit moved down by `by`. */
static inline uint64_t later(wide mask, unsigned by)
{
    return (uint64_t)(mask >> by);
}

typedef void (*place_fn)(struct zj_scan *s, size_t at);

static inline void each(struct zj_scan *s, size_t base, uint64_t places, place_fn fn)
{
    for (; places; places &= places - 1)
        fn(s, base + (unsigned)__builtin_ctzll(places));
}

/* Marks with a digit on both sides, and another such mark behind where a group would end. */
static inline uint64_t group_marks(uint64_t mark, uint64_t next_mark, uint64_t before, wide digit)
{
    const wide marks = join(mark & before & later(digit, 1), next_mark & (uint64_t)(digit >> 65));
    return (uint64_t)marks &
           (later(marks, 5) | later(marks, 6) | later(marks, 7) | later(marks, 9));
}

/* Starts of runs that may be numbers. Most long words are told apart here: a run that begins with a
 * letter has 17 and more, or 12 where words tell what that is. */
static inline uint64_t run_starts(const struct zj_scan *s, const struct masks *m, wide alnum,
                                  struct carry *carry)
{
    const wide run2 = alnum & alnum >> 1, run4 = run2 & run2 >> 2, run8 = run4 & run4 >> 4;
    const uint64_t run = (uint64_t)(run8 & run4 >> (RUN_MIN - 4));
    const uint64_t starts = run & ~(run << 1 | carry->run);
    const uint64_t run17 = later(run8, 8) & later(alnum, 16);
    const uint64_t run12 = s->rules ? later(alnum, 11) & ~later(alnum, 12) : 0;
    carry->run = run >> 63;
    return starts & (m->digit | run17 | run12);
}

static inline void take_runs(struct zj_scan *s, size_t base, const struct masks *m, uint64_t starts,
                             wide alnum, wide digit)
{
    for (; starts; starts &= starts - 1) {
        const unsigned at = (unsigned)__builtin_ctzll(starts);
        const unsigned len = ones(alnum, at);
        if (len <= RUN_MAX &&
            (len == 17 || len == 18 || len == 12 || len == RUN_MAX || m->digit >> at & 1))
            zj_scan_run(s, base + at, len, ones(digit, at));
    }
}

/* Four letters or digits behind. */
static inline uint64_t alnum_runs(wide alnum)
{
    const wide two = alnum >> 1 & alnum >> 2;
    return (uint64_t)(two & two >> 2);
}

static inline void take_dots(struct zj_scan *s, size_t base, const struct masks *m, wide point,
                             uint64_t before, wide digit, wide alnum)
{
    const uint64_t dotted = m->point & later(point, 5);
    if (dotted)
        each(s, base, dotted & alnum_runs(alnum), zj_scan_dotted_mac);
    /* one to three digits and the next point, from there the same again, and a digit */
    const wide one = point & digit >> 1, two = one & digit >> 2, three = two & digit >> 3;
    const wide by2 = one & point >> 2, by3 = two & point >> 3, by4 = three & point >> 4;
    const wide near = by2 | by3 | by4;
    const wide quad = (by2 & near >> 2) | (by3 & near >> 3) | (by4 & near >> 4);
    each(s, base, (uint64_t)quad & before, zj_scan_ipv4);
}

static inline void take_colons(struct zj_scan *s, size_t base, const struct masks *m, wide colon)
{
    const wide near = colon & (colon >> 1 | colon >> 2 | colon >> 3 | colon >> 4 | colon >> 5);
    const uint64_t three = later(near, 2) | later(near, 3) | later(near, 4) | later(near, 5);
    const uint64_t six = later(colon, 3) & later(colon, 6) & later(colon, 9) & later(colon, 12);
    each(s, base, m->colon & six, zj_scan_mac);
    each(s, base, (uint64_t)near & (three | later(colon, 1)), zj_scan_ipv6);
}

static inline void take_dashes(struct zj_scan *s, size_t base, const struct masks *m,
                               const struct masks *next, uint64_t before, wide digit)
{
    const wide dash = join(m->dash, next->dash);
    const uint64_t six = later(dash, 3) & later(dash, 6) & later(dash, 9) & later(dash, 12);
    each(s, base, m->dash & six, zj_scan_mac);
    if (!(m->dash & before))
        return;
    const wide run4 = digit >> 1 & digit >> 2 & digit >> 3 & digit >> 4;
    each(s, base, m->dash & before & (uint64_t)(run4 & run4 >> 3), zj_scan_landline);
    each(s, base, group_marks(m->dash, next->dash, before, digit), zj_scan_groups);
}

/* What kinds of places there may be is found out without a branch: most blocks have none, and which
 * have one cannot be foretold. */
static inline __attribute__((always_inline)) void take(struct zj_scan *s, size_t base,
                                                       const struct masks *m,
                                                       const struct masks *next,
                                                       struct carry *carry)
{
    const wide alnum = join(m->alnum, next->alnum), digit = join(m->digit, next->digit);
    const wide point = join(m->point, next->point), colon = join(m->colon, next->colon);
    const uint64_t before = m->digit << 1 | carry->digit; /* a digit stands before */
    const uint64_t starts = run_starts(s, m, alnum, carry);
    const uint64_t one = m->point & later(digit, 1), two = one & later(digit, 2);
    const uint64_t three = two & later(digit, 3), fractions = three & before;
    const uint64_t dots = (one & later(point, 2)) | (two & later(point, 3)) |
                          (three & later(point, 4)) | (m->point & later(point, 5));
    const uint64_t colons = m->colon & (later(colon, 1) | later(colon, 2) | later(colon, 3) |
                                        later(colon, 4) | later(colon, 5));
    const uint64_t dashes = m->dash & (before | m->dash >> 3 | next->dash << 61);
    const uint64_t spaces = m->space & before & later(digit, 1);
    const uint64_t plates = (m->high << 1 | carry->high) & ~m->high & m->alnum & ~m->digit;
    carry->digit = m->digit >> 63;
    carry->high = m->high >> 63;
    if (!(starts | fractions | dots | colons | dashes | spaces | plates | m->sign))
        return;
    take_runs(s, base, m, starts, alnum, digit);
    each(s, base, fractions, zj_scan_point);
    if (dots)
        take_dots(s, base, m, point, before, digit, alnum);
    if (colons)
        take_colons(s, base, m, colon);
    if (dashes)
        take_dashes(s, base, m, next, before, digit);
    if (spaces)
        each(s, base, group_marks(m->space, next->space, before, digit), zj_scan_groups);
    if (m->sign)
        each(s, base, m->sign & later(alnum, 1), zj_scan_email);
    each(s, base, plates, zj_scan_plate);
}

typedef void (*masks_fn)(const uint8_t *p, struct masks *out);

/* Of the last bytes, fewer than a block. */
static inline __attribute__((always_inline)) void tail_masks(struct zj_span in, size_t whole,
                                                             masks_fn masks, struct masks *out)
{
    const size_t left = in.len - whole;
    const unsigned seen = (unsigned)(BLOCK - left);
    uint8_t tail[BLOCK] = {0};
    if (left == 0) {
        *out = (struct masks){0};
    } else if (whole == 0) {
        memcpy(tail, in.at, left);
        masks(tail, out);
    } else { /* with bytes before them that were seen */
        masks(in.at + in.len - BLOCK, out);
        *out = (struct masks){out->alnum >> seen, out->digit >> seen, out->point >> seen,
                              out->high >> seen,  out->colon >> seen, out->dash >> seen,
                              out->space >> seen, out->sign >> seen};
    }
}

/* Walks all blocks with `masks`; inlined once for each way of making them. */
static inline __attribute__((always_inline)) void walk(struct zj_scan *s, masks_fn masks)
{
    const size_t len = s->in.len, whole = len / BLOCK * BLOCK;
    struct carry carry = {0};
    struct masks m, next, last;
    tail_masks(s->in, whole, masks, &last);
    if (!whole)
        m = last;
    else
        masks(s->in.at, &m);
    for (size_t base = 0; base < whole; base += BLOCK) {
        const size_t at = base + BLOCK;
        if (at < whole)
            masks(s->in.at + at, &next);
        else
            next = last;
        take(s, base, &m, &next, &carry);
        m = next;
    }
    next = (struct masks){0};
    take(s, whole, &m, &next, &carry);
}

static inline void masks_plain(const uint8_t *p, struct masks *out)
{
    *out = (struct masks){0};
    for (unsigned i = 0; i < BLOCK; i++) {
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
