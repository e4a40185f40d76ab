/* One pass over the bytes, 64 at a time. Each block becomes four bit masks, a bit a byte; shifts of
 * the masks find the places where a value may stand, and only those are looked at:
 *
 *   a run of 11 letters and digits  numbers of people, cards and vehicles
 *   a letter behind a byte >= 0x80  plates
 *   digit . digit digit digit       positions
 *
 * The masks come from AVX2 where the processor has it, from NEON on ARM, else from a table; which
 * makes no difference to what is found. */
#include "identify/scan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

struct masks {
    uint64_t alnum, digit, point, high;
};

typedef unsigned __int128 wide; /* a block in the low half, the next one in the high half */

enum { BLOCK = 64, RUN_MIN = 11, RUN_MAX = 20 };

static const uint8_t no_bytes[BLOCK];

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

static inline __attribute__((always_inline)) void take(struct zj_scan *s, size_t base,
                                                       const struct masks *m,
                                                       const struct masks *next,
                                                       struct carry *carry)
{
    const wide alnum = join(m->alnum, next->alnum);
    const wide run2 = alnum & alnum >> 1, run4 = run2 & run2 >> 2, run8 = run4 & run4 >> 4;
    const uint64_t run = (uint64_t)(run8 & run4 >> (RUN_MIN - 4));
    for (uint64_t starts = run & ~(run << 1 | carry->run); starts; starts &= starts - 1) {
        const unsigned at = (unsigned)__builtin_ctzll(starts);
        const unsigned len = ones(alnum, at);
        /* all but VINs begin with a digit: most long words are told apart here */
        if (len <= RUN_MAX && (len == 17 || m->digit >> at & 1))
            zj_scan_run(s, base + at, len, ones(join(m->digit, next->digit), at));
    }
    if (m->point) {
        const wide digit = join(m->digit, next->digit);
        const uint64_t fraction = (uint64_t)(digit >> 1 & digit >> 2 & digit >> 3);
        uint64_t points = m->point & fraction & (m->digit << 1 | carry->digit);
        for (; points; points &= points - 1)
            zj_scan_point(s, base + (unsigned)__builtin_ctzll(points));
    }
    if (m->high | carry->high) {
        uint64_t plates = (m->high << 1 | carry->high) & ~m->high & m->alnum & ~m->digit;
        for (; plates; plates &= plates - 1)
            zj_scan_plate(s, base + (unsigned)__builtin_ctzll(plates));
    }
    carry->run = run >> 63;
    carry->digit = m->digit >> 63;
    carry->high = m->high >> 63;
}

typedef void (*masks_fn)(const uint8_t *p, struct masks *out);

/* Walks all blocks with `masks`; inlined once for each way of making them. */
static inline __attribute__((always_inline)) void walk(struct zj_scan *s, masks_fn masks)
{
    uint8_t tail[BLOCK] = {0};
    const size_t len = s->in.len, whole = len / BLOCK * BLOCK;
    struct carry carry = {0};
    struct masks m, next;
    if (len > whole)
        memcpy(tail, s->in.at + whole, len - whole);
    masks(whole ? s->in.at : tail, &m);
    for (size_t base = 0; base < len; base += BLOCK) {
        const size_t at = base + BLOCK;
        masks(at < whole ? s->in.at + at : at < len ? tail : no_bytes, &next);
        take(s, base, &m, &next, &carry);
        m = next;
    }
}

enum { IS_ALNUM = 1, IS_DIGIT = 2, IS_POINT = 4, IS_HIGH = 8 };

static uint8_t class_of(uint8_t c)
{
    const bool digit = c >= '0' && c <= '9', upper = c >= 'A' && c <= 'Z';
    const bool lower = c >= 'a' && c <= 'z';
    return (uint8_t)((digit || upper || lower ? IS_ALNUM : 0) | (digit ? IS_DIGIT : 0) |
                     (c == '.' ? IS_POINT : 0) | (c >= 0x80 ? IS_HIGH : 0));
}

static inline void masks_plain(const uint8_t *p, struct masks *out)
{
    *out = (struct masks){0};
    for (unsigned i = 0; i < BLOCK; i++) {
        const uint64_t class = class_of(p[i]);
        out->alnum |= (class & 1) << i;
        out->digit |= (class >> 1 & 1) << i;
        out->point |= (class >> 2 & 1) << i;
        out->high |= (class >> 3 & 1) << i;
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

__attribute__((target("avx2"))) static inline void masks_avx2(const uint8_t *p, struct masks *out)
{
    const __m256i a = _mm256_loadu_si256((const __m256i *)p);
    const __m256i b = _mm256_loadu_si256((const __m256i *)(p + 32));
    const __m256i lower_bit = _mm256_set1_epi8(0x20), point = _mm256_set1_epi8('.');
    const uint64_t letter = bits(between(_mm256_or_si256(a, lower_bit), 'a', 'z'),
                                 between(_mm256_or_si256(b, lower_bit), 'a', 'z'));
    out->digit = bits(between(a, '0', '9'), between(b, '0', '9'));
    out->point = bits(_mm256_cmpeq_epi8(a, point), _mm256_cmpeq_epi8(b, point));
    out->high = bits(a, b);
    out->alnum = letter | out->digit;
}

__attribute__((target("avx2"))) static void walk_avx2(struct zj_scan *s)
{
    walk(s, masks_avx2);
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

static inline void masks_neon(const uint8_t *p, struct masks *out)
{
    uint8x16_t digit[4], letter[4], point[4], high[4];
    for (unsigned i = 0; i < 4; i++) {
        const uint8x16_t v = vld1q_u8(p + 16 * i);
        digit[i] = between(v, '0', '9');
        letter[i] = between(vorrq_u8(v, vdupq_n_u8(0x20)), 'a', 'z');
        point[i] = vceqq_u8(v, vdupq_n_u8('.'));
        high[i] = vcgeq_u8(v, vdupq_n_u8(0x80));
    }
    out->digit = bits(digit);
    out->point = bits(point);
    out->high = bits(high);
    out->alnum = bits(letter) | out->digit;
}
#endif

void zj_scan_all(struct zj_scan *s)
{
#if defined(__aarch64__)
    walk(s, masks_neon);
#elif defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        walk_avx2(s);
    else
        zj_scan_all_plain(s);
#else
    zj_scan_all_plain(s);
#endif
}
