/* One pass over the bytes. 64 of them become ten bit masks, a bit a byte; shifts of the masks find
 * the places where a value may stand, and only those are looked at:
 *
 *   a run of 11 letters and digits       numbers of people, cards and vehicles
 *   marks between digits, 5, 6, 9 apart  the same in groups
 *   a letter behind a byte >= 0x80       plates
 *   digit . digit digit digit            positions
 *   three points, four digits            IPv4; likewise colons for IPv6 and MAC
 *   a bracket before digits              the area code of a landline
 *
 * Only places in the first 52 of the 64 are taken, so that a mask holds what stands behind them.
 * Windows are taken many at a time: first the masks of all, then the places, of each kind in a list
 * of its own, then what stands there. So nothing but the last step branches by what the text is.
 *
 * The masks come from AVX-512 or AVX2 where the processor has it, from NEON on ARM, else from a
 * table; which makes no difference to what is found. */
#include "identify/scan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#define INLINE static inline __attribute__((always_inline))

struct masks {
    uint64_t alnum, digit, point, high, colon, dash, space, sign, list, bracket;
};

enum { WINDOW = 64, STEP = 52, LANES = 8, WINDOWS = 64, RUN_MIN = 11, RUN_MAX = 24 };

#define TAKEN ((UINT64_C(1) << STEP) - 1)

typedef void (*masks_fn)(const uint8_t *p, struct masks *out);
typedef void (*place_fn)(struct zj_scan *s, size_t at);
struct block;
struct text;
typedef void (*fill_fn)(struct block *b, const struct text *t);

/* The text, and the masks of its last bytes, behind which there is nothing to read. */
struct text {
    struct zj_span in;
    struct masks last;
    size_t last_at;
    uint64_t run12; /* all ones where runs of 12 are asked for */
};

/* A mask for each window of the block, of the one behind them and, before them, of the one before.
 */
struct row {
    uint64_t before[LANES], at[WINDOWS + 1];
};

struct block {
    _Alignas(64) struct row alnum, digit, point, high, colon, dash, space, sign, list, bracket;
    uint64_t starts[WINDOWS], fractions[WINDOWS], mails[WINDOWS], plates[WINDOWS], rare[WINDOWS];
    uint64_t all[WINDOWS];
    size_t base, count;
    uint16_t places[WINDOWS * STEP + 2]; /* the window and, in the lowest six bits, the bit */
};

INLINE void open_text(struct zj_span in, masks_fn masks, struct text *out)
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

INLINE void masks_at(const struct text *t, size_t at, masks_fn masks, struct masks *out)
{
    if (at < t->last_at) {
        masks(t->in.at + at, out);
        return;
    }
    const struct masks *m = &t->last;
    const size_t by = at - t->last_at;
    if (by >= WINDOW) {
        *out = (struct masks){0};
        return;
    }
    *out = (struct masks){m->alnum >> by, m->digit >> by,  m->point >> by, m->high >> by,
                          m->colon >> by, m->dash >> by,   m->space >> by, m->sign >> by,
                          m->list >> by,  m->bracket >> by};
}

INLINE void each(struct zj_scan *s, size_t base, uint64_t places, place_fn fn)
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

/* The masks of the windows from the one with index `i` on, and of one behind the last. */
INLINE void fill_from(struct block *b, const struct text *t, size_t i, masks_fn masks)
{
    for (; i <= b->count; i++) {
        struct masks m;
        masks_at(t, b->base + i * STEP, masks, &m);
        b->alnum.at[i] = m.alnum;
        b->digit.at[i] = m.digit;
        b->point.at[i] = m.point;
        b->high.at[i] = m.high;
        b->colon.at[i] = m.colon;
        b->dash.at[i] = m.dash;
        b->space.at[i] = m.space;
        b->sign.at[i] = m.sign;
        b->list.at[i] = m.list;
        b->bracket.at[i] = m.bracket;
    }
}

/* The byte before the window, or with 2 the two before it, as its lowest bits. */
INLINE uint64_t carry(const struct row *row, size_t i, unsigned bytes)
{
    return (&row->at[0])[(ptrdiff_t)i - 1] << (WINDOW - STEP) >> (WINDOW - bytes);
}

/* Starts of runs that may be numbers. Most long words are told apart here: a run that begins with a
 * letter has 17 and more, or 12 where words tell what that is. */
INLINE uint64_t run_starts(const struct block *b, size_t i, uint64_t asks_run12)
{
    const uint64_t alnum = b->alnum.at[i], run2 = alnum & alnum >> 1, run4 = run2 & run2 >> 2;
    const uint64_t run = run4 & run4 >> 4 & run4 >> (RUN_MIN - 4);
    const uint64_t starts = run & ~(alnum << 1 | carry(&b->alnum, i, 1));
    const uint64_t end2 = ~alnum | ~alnum >> 1, end6 = end2 | end2 >> 2 | end2 >> 4;
    const uint64_t run17 = ~(end6 >> RUN_MIN); /* or it goes on behind the window */
    const uint64_t run12 = alnum >> 11 & ~(alnum >> 12) & asks_run12;
    return starts & (b->digit.at[i] | run17 | run12) & TAKEN;
}

/* What kinds of places there may be in a window, without a branch: most have none, and which have
 * one cannot be foretold. */
INLINE void find_places(struct block *b, size_t i, uint64_t asks_run12)
{
    const uint64_t digit = b->digit.at[i], point = b->point.at[i], colon = b->colon.at[i];
    const uint64_t alnum = b->alnum.at[i], high = b->high.at[i], dash = b->dash.at[i];
    const uint64_t before = digit << 1 | carry(&b->digit, i, 1); /* a digit stands before */
    const uint64_t one = point & digit >> 1, two = one & digit >> 2, three = two & digit >> 3;
    /* lists of readings, "3.712,3.709": no position has one digit before the point and few behind
     */
    const uint64_t lists = b->list.at[i] << 2 | carry(&b->list, i, 2);
    const uint64_t readings = lists & ~(digit >> 4 & digit >> 5);
    const uint64_t dots =
        (one & point >> 2) | (two & point >> 3) | (three & point >> 4) | (point & point >> 5);
    const uint64_t by12 = colon >> 1 | colon >> 2;
    const uint64_t colons = colon & (by12 | by12 >> 2 | colon >> 5);
    const uint64_t dashes = dash & (before | dash >> 3);
    const uint64_t spaces = b->space.at[i] & before & digit >> 1;
    const uint64_t brackets = b->bracket.at[i] & digit >> 1 & digit >> 2;
    const uint64_t after_high = high << 1 | carry(&b->high, i, 1);
    b->starts[i] = run_starts(b, i, asks_run12);
    b->fractions[i] = three & before & ~readings & TAKEN;
    b->mails[i] = b->sign.at[i] & alnum >> 1 & TAKEN;
    b->plates[i] = after_high & ~high & alnum & ~digit & TAKEN;
    const uint64_t rare = (dots | colons | dashes | spaces | brackets) & TAKEN;
    b->rare[i] = rare & -rare; /* a window is looked at once for all of them */
    b->all[i] = b->starts[i] | b->fractions[i] | b->mails[i] | b->plates[i] | b->rare[i];
}

/* The places of all windows, one behind the other. A window has seldom more than two. */
INLINE size_t list_places(struct block *b)
{
    const uint64_t none = UINT64_C(1) << 63;
    size_t count = 0;
    for (size_t i = 0; i < b->count; i++) {
        const unsigned base = (unsigned)i * WINDOW;
        const uint64_t first = b->all[i], second = first & (first - 1);
        uint16_t *out = b->places + count;
        out[0] = (uint16_t)(base + (unsigned)__builtin_ctzll(first | none));
        out[1] = (uint16_t)(base + (unsigned)__builtin_ctzll(second | none));
        count += (size_t)(first != 0) + (second != 0);
        for (uint64_t rest = second & (second - 1); rest; rest &= rest - 1)
            b->places[count++] = (uint16_t)(base + (unsigned)__builtin_ctzll(rest));
    }
    return count;
}

/* Bits in a row from the lowest on, no more than RUN_MAX + 1. */
static inline unsigned ones(uint64_t mask)
{
    return (unsigned)__builtin_ctzll(~mask | 1ull << (RUN_MAX + 1));
}

/* The mask of the 64 bytes from `bit` of window i on, less those behind the next window. */
INLINE uint64_t mask_from(const struct row *row, size_t i, unsigned bit)
{
    return row->at[i] >> bit | row->at[i + 1] << (STEP - bit);
}

INLINE void take_run(struct zj_scan *s, const struct block *b, size_t i, unsigned bit)
{
    const uint64_t digit = mask_from(&b->digit, i, bit);
    const unsigned len = ones(mask_from(&b->alnum, i, bit));
    if (len <= RUN_MAX && (len == 17 || len == 18 || len == 12 || len == RUN_MAX || digit & 1))
        zj_scan_run(s, b->base + i * STEP + bit, len, ones(digit));
}

static inline void take_dots(struct zj_scan *s, size_t base, uint64_t point, uint64_t digit,
                             uint64_t alnum, uint64_t before)
{
    const uint64_t alnum2 = alnum >> 1 & alnum >> 2, alnum4 = alnum2 & alnum2 >> 2;
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
static __attribute__((noinline)) void take_rare(struct zj_scan *s, const struct block *b, size_t i)
{
    const size_t base = b->base + i * STEP;
    const uint64_t alnum = b->alnum.at[i], digit = b->digit.at[i];
    const uint64_t before = digit << 1 | carry(&b->digit, i, 1);
    take_dots(s, base, b->point.at[i], digit, alnum, before);
    take_colons(s, base, b->colon.at[i]);
    take_dashes(s, base, b->dash.at[i], before, digit);
    each(s, base, group_marks(b->space.at[i], before, digit) & TAKEN, zj_scan_groups);
    each(s, base, b->bracket.at[i] & digit >> 1 & digit >> 2 & TAKEN, zj_scan_bracket);
}

INLINE void take_places(struct zj_scan *s, struct block *b)
{
    const size_t count = list_places(b);
    for (size_t k = 0; k < count; k++) {
        const size_t i = b->places[k] / WINDOW;
        const unsigned bit = b->places[k] % WINDOW;
        const size_t at = b->base + i * STEP + bit;
        if (b->starts[i] >> bit & 1)
            take_run(s, b, i, bit);
        if (b->fractions[i] >> bit & 1)
            zj_scan_point(s, at);
        if (b->mails[i] >> bit & 1)
            zj_scan_email(s, at);
        if (b->plates[i] >> bit & 1)
            zj_scan_plate(s, at);
        if (b->rare[i] >> bit & 1)
            take_rare(s, b, i);
    }
}

/* The window before the first of the next block. */
static inline void carry_on(struct row *row, size_t count)
{
    row->before[LANES - 1] = row->at[count - 1];
}

/* Walks all windows with `masks`; inlined once for each way of making them. */
INLINE void walk(struct zj_scan *s, masks_fn masks, fill_fn fill)
{
    struct text t;
    struct block b;
    open_text(s->in, masks, &t);
    t.run12 = s->rules ? UINT64_MAX : 0;
    b.alnum.before[LANES - 1] = b.digit.before[LANES - 1] = 0;
    b.high.before[LANES - 1] = b.list.before[LANES - 1] = 0;
    for (b.base = 0; b.base < t.in.len; b.base += b.count * STEP) {
        const size_t left = (t.in.len - b.base + STEP - 1) / STEP;
        b.count = left < WINDOWS ? left : WINDOWS;
        fill(&b, &t);
        for (size_t i = 0; i < b.count; i++)
            find_places(&b, i, t.run12);
        take_places(s, &b);
        carry_on(&b.alnum, b.count);
        carry_on(&b.digit, b.count);
        carry_on(&b.high, b.count);
        carry_on(&b.list, b.count);
    }
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

INLINE void fill_plain(struct block *b, const struct text *t)
{
    fill_from(b, t, 0, masks_plain);
}

void zj_scan_all_plain(struct zj_scan *s)
{
    walk(s, masks_plain, fill_plain);
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

__attribute__((target("avx2"))) static inline void fill_avx2(struct block *b, const struct text *t)
{
    fill_from(b, t, 0, masks_avx2);
}

__attribute__((target("avx2,bmi,bmi2"))) static void walk_avx2(struct zj_scan *s)
{
    walk(s, masks_avx2, fill_avx2);
}

#define AVX512 __attribute__((target("avx512bw,bmi,bmi2")))

AVX512 static inline void masks_avx512(const uint8_t *p, struct masks *out)
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

/* The compiler is kept from making these anew for each window. */
AVX512 static inline __m512i same(int byte)
{
    __m512i v = _mm512_set1_epi8((char)byte);
    __asm__("" : "+v"(v));
    return v;
}

AVX512 static inline void fill_avx512(struct block *b, const struct text *t)
{
    const __m512i case_bit = same(0x20), zero = same('0'), ten = same(10), a = same('a');
    const __m512i letters = same(26), point = same('.'), colon = same(':'), dash = same('-');
    const __m512i space = same(' '), sign = same('@'), comma = same(','), square = same('[');
    const __m512i bracket = same('(');
    size_t i = 0;
    for (; i <= b->count && b->base + i * STEP < t->last_at; i++) {
        const __m512i v = _mm512_loadu_si512(t->in.at + b->base + i * STEP);
        const __m512i lower = _mm512_or_si512(v, case_bit);
        const uint64_t digit = _mm512_cmplt_epu8_mask(_mm512_sub_epi8(v, zero), ten);
        b->digit.at[i] = digit;
        b->alnum.at[i] = digit | _mm512_cmplt_epu8_mask(_mm512_sub_epi8(lower, a), letters);
        b->high.at[i] = _mm512_movepi8_mask(v);
        b->point.at[i] = _mm512_cmpeq_epi8_mask(v, point);
        b->colon.at[i] = _mm512_cmpeq_epi8_mask(v, colon);
        b->dash.at[i] = _mm512_cmpeq_epi8_mask(v, dash);
        b->space.at[i] = _mm512_cmpeq_epi8_mask(v, space);
        b->sign.at[i] = _mm512_cmpeq_epi8_mask(v, sign);
        b->list.at[i] = _mm512_cmpeq_epi8_mask(v, comma) | _mm512_cmpeq_epi8_mask(v, square);
        b->bracket.at[i] = _mm512_cmpeq_epi8_mask(v, bracket);
    }
    fill_from(b, t, i, masks_avx512);
}

AVX512 static void walk_avx512(struct zj_scan *s)
{
    walk(s, masks_avx512, fill_avx512);
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

static inline void fill_neon(struct block *b, const struct text *t)
{
    fill_from(b, t, 0, masks_neon);
}
#endif

void zj_scan_all(struct zj_scan *s)
{
#if defined(__aarch64__)
    walk(s, masks_neon, fill_neon);
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
