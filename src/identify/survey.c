/* One pass over the bytes tells whether they need decoding. The check of UTF-8 is the method of
 * Keiser and Lemire (Validating UTF-8 in less than one instruction per byte): three tables, looked
 * up by the halves of two neighbouring bytes, name every fault. */
#include "identify/survey.h"

#include "base/text.h"
#include "identify/scan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static bool is_escape(struct zj_span in, size_t at)
{
    const uint8_t a = zj_byte_at(in, at + 1), b = zj_byte_at(in, at + 2);
    switch (in.at[at]) {
    case '%':
        return (zj_is_hex(a) || a == 'u') && zj_is_hex(b);
    case '\\': /* \n13800000000: no letter stands before the number */
        return ((a == 'u' || a == 'x') && zj_is_hex(b)) ||
               ((a == 'n' || a == 'r' || a == 't') && (zj_is_digit(b) || b == 'L'));
    case '&':
        return a == '#';
    case 0xc2: /* without a width: U+00AD, U+200B to U+200D, and U+FEFF but at the start */
        return a == 0xad;
    case 0xe2:
        return a == 0x80 && b >= 0x8b && b <= 0x8d;
    case 0xef: /* EF BC 8D, 90–99, A1–BA; EF BD 81–9A */
        return (a == 0xbb && b == 0xbf && at) ||
               (a == 0xbc && (b == 0x8d || (b >= 0x90 && b <= 0x99) || (b >= 0xa1 && b <= 0xba))) ||
               (a == 0xbd && b >= 0x81 && b <= 0x9a);
    default:
        return false;
    }
}

unsigned zj_survey_plain(struct zj_span in)
{
    unsigned seen = 0;
    for (size_t at = 0; at < in.len; at++)
        if (is_escape(in, at)) {
            seen |= ZJ_SEEN_ESCAPE;
            break;
        }
    return seen | (zj_utf8_is_valid(in) ? 0 : ZJ_SEEN_NOT_UTF8);
}

#if defined(__x86_64__)
enum {
    TOO_SHORT = 1 << 0,
    TOO_LONG = 1 << 1,
    OVERLONG_3 = 1 << 2,
    TOO_LARGE = 1 << 3,
    SURROGATE = 1 << 4,
    OVERLONG_2 = 1 << 5,
    TOO_LARGE_1000 = 1 << 6,
    OVERLONG_4 = 1 << 6,
    TWO_CONTS = 1 << 7,
    CARRY = TOO_SHORT | TOO_LONG | TWO_CONTS,
};

static const uint8_t first_high[16] = {
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TWO_CONTS,
    TWO_CONTS,
    TWO_CONTS,
    TWO_CONTS,
    TOO_SHORT | OVERLONG_2,
    TOO_SHORT,
    TOO_SHORT | OVERLONG_3 | SURROGATE,
    TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4,
};
static const uint8_t first_low[16] = {
    CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4,
    CARRY | OVERLONG_2,
    CARRY,
    CARRY,
    CARRY | TOO_LARGE,
    CARRY | TOO_LARGE | TOO_LARGE_1000,
    CARRY | TOO_LARGE | TOO_LARGE_1000,
    CARRY | TOO_LARGE | TOO_LARGE_1000,
    CARRY | TOO_LARGE | TOO_LARGE_1000,
    CARRY | TOO_LARGE | TOO_LARGE_1000,
    CARRY | TOO_LARGE | TOO_LARGE_1000,
    CARRY | TOO_LARGE | TOO_LARGE_1000,
    CARRY | TOO_LARGE | TOO_LARGE_1000,
    CARRY | TOO_LARGE | TOO_LARGE_1000 | SURROGATE,
    CARRY | TOO_LARGE | TOO_LARGE_1000,
    CARRY | TOO_LARGE | TOO_LARGE_1000,
};
static const uint8_t second_high[16] = {
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4,
    TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE,
    TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE,
    TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
};

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i table(const uint8_t *bytes)
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)bytes));
}

AVX2 static inline __m256i faults(__m256i v, __m256i before1, __m256i before2, __m256i before3)
{
    const __m256i low = _mm256_set1_epi8(15);
    const __m256i one_high = _mm256_shuffle_epi8(
        table(first_high), _mm256_and_si256(_mm256_srli_epi16(before1, 4), low));
    const __m256i one_low = _mm256_shuffle_epi8(table(first_low), _mm256_and_si256(before1, low));
    const __m256i two_high =
        _mm256_shuffle_epi8(table(second_high), _mm256_and_si256(_mm256_srli_epi16(v, 4), low));
    const __m256i special = _mm256_and_si256(_mm256_and_si256(one_high, one_low), two_high);
    const __m256i third = _mm256_subs_epu8(before2, _mm256_set1_epi8((char)(0xe0 - 0x80)));
    const __m256i fourth = _mm256_subs_epu8(before3, _mm256_set1_epi8((char)(0xf0 - 0x80)));
    const __m256i must =
        _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(must, special);
}

AVX2 static inline __m256i marks_of_escapes(__m256i v)
{
    const __m256i percent = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('%'));
    const __m256i slash = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\'));
    const __m256i entity = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('&'));
    return _mm256_or_si256(percent, _mm256_or_si256(slash, entity));
}

AVX2 static inline __m256i is_between(__m256i v, int first, int last)
{
    const __m256i off = _mm256_sub_epi8(v, _mm256_set1_epi8((char)first));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(off, _mm256_set1_epi8((char)(last - first))), off);
}

/* The mark stands at p + i, the byte that tells of it at p + i + 1. */
AVX2 static inline __m256i escapes(__m256i v, __m256i next)
{
    const __m256i percent = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('%'));
    const __m256i slash =
        _mm256_and_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\')), is_between(next, 'n', 'x'));
    const __m256i entity = _mm256_and_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('&')),
                                            _mm256_cmpeq_epi8(next, _mm256_set1_epi8('#')));
    return _mm256_or_si256(percent, _mm256_or_si256(slash, entity));
}

/* Full-width letters and digits; marks of that width, which all Chinese texts have, are none.
 * *io_leads gets those of what may be U+FEFF. */
AVX2 static inline __m256i wide_forms(__m256i v, const uint8_t *next, __m256i *io_leads)
{
    const __m256i lead = _mm256_cmpeq_epi8(v, _mm256_set1_epi8((char)0xef));
    if (_mm256_testz_si256(lead, lead))
        return lead;
    const __m256i a = _mm256_loadu_si256((const __m256i *)next);
    const __m256i b = _mm256_loadu_si256((const __m256i *)(next + 1));
    const __m256i mark = _mm256_cmpeq_epi8(b, _mm256_set1_epi8((char)0xbf));
    *io_leads = _mm256_or_si256(*io_leads, _mm256_and_si256(lead, mark));
    const __m256i digit = is_between(b, 0x90, 0x99), upper = is_between(b, 0xa1, 0xba);
    const __m256i dash = _mm256_cmpeq_epi8(b, _mm256_set1_epi8((char)0x8d));
    const __m256i first = _mm256_and_si256(_mm256_cmpeq_epi8(a, _mm256_set1_epi8((char)0xbc)),
                                           _mm256_or_si256(dash, _mm256_or_si256(digit, upper)));
    const __m256i second = _mm256_and_si256(_mm256_cmpeq_epi8(a, _mm256_set1_epi8((char)0xbd)),
                                            is_between(b, 0x81, 0x9a));
    const __m256i wide = _mm256_or_si256(first, second);
    return _mm256_and_si256(lead, wide);
}

/* C2 and E2, which lead most characters without a width. */
AVX2 static inline __m256i hidden_leads(__m256i v)
{
    const __m256i upper = _mm256_and_si256(v, _mm256_set1_epi8((char)0xdf));
    return _mm256_cmpeq_epi8(upper, _mm256_set1_epi8((char)0xc2));
}

/* U+00AD, U+FEFF or one of U+200B to U+200D: looked for where one of their leads was seen, which
 * quotation marks share. */
AVX2 static __attribute__((noinline)) bool has_hidden(struct zj_span in)
{
    enum { STEP = 32 };
    size_t at = 0;
    for (; at + STEP + 2 <= in.len; at += STEP) {
        const uint8_t *p = in.at + at;
        const __m256i v = _mm256_loadu_si256((const __m256i *)p);
        const __m256i a = _mm256_loadu_si256((const __m256i *)(p + 1));
        const __m256i b = _mm256_loadu_si256((const __m256i *)(p + 2));
        const __m256i three = _mm256_and_si256(_mm256_cmpeq_epi8(a, _mm256_set1_epi8((char)0x80)),
                                               is_between(b, 0x8b, 0x8d));
        const __m256i two = _mm256_cmpeq_epi8(a, _mm256_set1_epi8((char)0xad));
        const __m256i mark = _mm256_and_si256(_mm256_cmpeq_epi8(a, _mm256_set1_epi8((char)0xbb)),
                                              _mm256_cmpeq_epi8(b, _mm256_set1_epi8((char)0xbf)));
        const __m256i found = _mm256_or_si256(
            _mm256_and_si256(hidden_leads(v), _mm256_or_si256(two, three)),
            _mm256_and_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8((char)0xef)), mark));
        for (uint32_t places = (uint32_t)_mm256_movemask_epi8(found); places; places &= places - 1)
            if (is_escape(in, at + (unsigned)__builtin_ctz(places)))
                return true;
    }
    for (; at < in.len; at++)
        if (in.at[at] >= 0xc2 && is_escape(in, at))
            return true;
    return false;
}

/* Candidates of escapes are few: each is looked at. */
static bool any_escape(struct zj_span in, size_t base, uint64_t places)
{
    for (; places; places &= places - 1)
        if (is_escape(in, base + (unsigned)__builtin_ctzll(places)))
            return true;
    return false;
}

/* Is one of the four bytes at `p` a lead byte or a mark of escapes? */
static inline bool tells(const uint8_t *p)
{
    bool any = false;
    for (size_t i = 0; i < 4; i++)
        any |= p[i] >= 0x80 || p[i] == '%' || p[i] == '\\' || p[i] == '&';
    return any;
}

/* Behind the last block, which ends before `at`, and before the first one. */
static unsigned survey_rest(struct zj_span in, size_t at, unsigned seen, bool has_fault)
{
    if (!tells(in.at) && !tells(in.at + in.len - 4))
        return seen | (has_fault ? ZJ_SEEN_NOT_UTF8 : 0);
    for (size_t i = at - 1; i < in.len && !(seen & ZJ_SEEN_ESCAPE); i++)
        if (is_escape(in, i))
            seen |= ZJ_SEEN_ESCAPE;
    for (size_t i = 0; i < 3 && !(seen & ZJ_SEEN_ESCAPE); i++)
        if (is_escape(in, i))
            seen |= ZJ_SEEN_ESCAPE;
    if (has_fault)
        return seen | ZJ_SEEN_NOT_UTF8;
    /* the last character seen may end in what is left */
    size_t tail = at - 1;
    for (unsigned i = 0; i < 3 && tail && (in.at[tail] & 0xc0) == 0x80; i++)
        tail--;
    return seen | (zj_utf8_is_valid(zj_span_part(in, tail, in.len)) ? 0 : ZJ_SEEN_NOT_UTF8);
}

AVX2 static unsigned survey_avx2(struct zj_span in)
{
    unsigned seen = 0;
    __m256i error = _mm256_setzero_si256(), leads = error;
    size_t at = 3;
    const uint8_t *p = in.at;
    bool was_high = true; /* the bytes before the block may belong to a character in it */
    for (bool is_last = false; !is_last; at += 32) {
        if (at + 34 > in.len) { /* once more, over bytes seen already */
            at = in.len - 34;
            is_last = true;
        }
        const __m256i v = _mm256_loadu_si256((const __m256i *)(p + at));
        __m256i marks = marks_of_escapes(v);
        if (!was_high && !_mm256_movemask_epi8(_mm256_or_si256(v, marks)))
            continue;
        was_high = _mm256_movemask_epi8(v) != 0;
        if (!_mm256_testz_si256(marks, marks))
            marks = escapes(v, _mm256_loadu_si256((const __m256i *)(p + at + 1)));
        const __m256i before3 = _mm256_loadu_si256((const __m256i *)(p + at - 3));
        if (_mm256_movemask_epi8(_mm256_or_si256(v, before3))) {
            const __m256i before1 = _mm256_loadu_si256((const __m256i *)(p + at - 1));
            const __m256i before2 = _mm256_loadu_si256((const __m256i *)(p + at - 2));
            error = _mm256_or_si256(error, faults(v, before1, before2, before3));
            marks = _mm256_or_si256(marks, wide_forms(v, p + at + 1, &leads));
            leads = _mm256_or_si256(leads, hidden_leads(v));
        }
        const uint32_t places = (uint32_t)_mm256_movemask_epi8(marks);
        if (places && !(seen & ZJ_SEEN_ESCAPE) && any_escape(in, at, places))
            seen |= ZJ_SEEN_ESCAPE;
    }
    if (!_mm256_testz_si256(leads, leads) && !(seen & ZJ_SEEN_ESCAPE) && has_hidden(in))
        seen |= ZJ_SEEN_ESCAPE;
    return survey_rest(in, at, seen, !_mm256_testz_si256(error, error));
}

#define AVX512 __attribute__((target("avx512bw")))

AVX512 static inline __m512i table_512(const uint8_t *bytes)
{
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)bytes));
}

/* As `faults`, of the bytes from p on. */
AVX512 static inline __m512i faults_512(__m512i v, const uint8_t *p)
{
    const __m512i low = _mm512_set1_epi8(15);
    const __m512i before1 = _mm512_loadu_si512(p - 1), before2 = _mm512_loadu_si512(p - 2);
    const __m512i before3 = _mm512_loadu_si512(p - 3);
    const __m512i one_high = _mm512_shuffle_epi8(
        table_512(first_high), _mm512_and_si512(_mm512_srli_epi16(before1, 4), low));
    const __m512i one_low =
        _mm512_shuffle_epi8(table_512(first_low), _mm512_and_si512(before1, low));
    const __m512i two_high =
        _mm512_shuffle_epi8(table_512(second_high), _mm512_and_si512(_mm512_srli_epi16(v, 4), low));
    const __m512i special = _mm512_and_si512(_mm512_and_si512(one_high, one_low), two_high);
    const __m512i third = _mm512_subs_epu8(before2, _mm512_set1_epi8((char)(0xe0 - 0x80)));
    const __m512i fourth = _mm512_subs_epu8(before3, _mm512_set1_epi8((char)(0xf0 - 0x80)));
    const __m512i must =
        _mm512_and_si512(_mm512_or_si512(third, fourth), _mm512_set1_epi8((char)0x80));
    return _mm512_xor_si512(must, special);
}

AVX512 static inline uint64_t equal_512(__m512i v, int c)
{
    return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8((char)c));
}

AVX512 static inline uint64_t between_512(__m512i v, int first, int last)
{
    return _mm512_cmple_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8((char)first)),
                                  _mm512_set1_epi8((char)(last - first)));
}

/* Zero where C2 or E2 stands. */
AVX512 static inline __m512i hidden_leads_512(__m512i v)
{
    enum { XOR_AND = 0x78 }; /* a ^ (b & c), by the table of its results */
    return _mm512_ternarylogic_epi64(_mm512_set1_epi8((char)0xc2), v, _mm512_set1_epi8((char)0xdf),
                                     XOR_AND);
}

AVX512 static inline uint64_t wide_forms_512(uint64_t lead, const uint8_t *next, __m512i *io_leads)
{
    const __m512i a = _mm512_loadu_si512(next), b = _mm512_loadu_si512(next + 1);
    *io_leads = _mm512_mask_min_epu8(*io_leads, lead, *io_leads,
                                     _mm512_xor_si512(b, _mm512_set1_epi8((char)0xbf)));
    const uint64_t first = equal_512(a, 0xbc) & (equal_512(b, 0x8d) | between_512(b, 0x90, 0x99) |
                                                 between_512(b, 0xa1, 0xba));
    return lead & (first | (equal_512(a, 0xbd) & between_512(b, 0x81, 0x9a)));
}

AVX512 static unsigned survey_avx512(struct zj_span in)
{
    enum { STEP = 64, SEEN = STEP + 2, AHEAD = 2048 };
    unsigned seen = 0;
    __m512i error = _mm512_setzero_si512();
    __m512i leads =
        _mm512_set1_epi8(1); /* a byte is 0 where a lead of hidden characters was seen */
    size_t at = 3;
    const uint8_t *p = in.at;
    bool was_high = true; /* as in survey_avx2 */
    for (bool is_last = false; !is_last; at += STEP) {
        if (at + SEEN > in.len) {
            at = in.len - SEEN;
            is_last = true;
        }
        const __m512i v = _mm512_loadu_si512(p + at);
        __builtin_prefetch(p + at + AHEAD);
        const uint64_t percent = equal_512(v, '%'), slash = equal_512(v, '\\');
        const uint64_t entity = equal_512(v, '&'), high = _mm512_movepi8_mask(v);
        if (!was_high && !(percent | slash | entity | high))
            continue;
        uint64_t places = percent;
        if (slash | entity) {
            const __m512i next = _mm512_loadu_si512(p + at + 1);
            places |= (slash & between_512(next, 'n', 'x')) | (entity & equal_512(next, '#'));
        }
        if (was_high || high) {
            const uint64_t lead = equal_512(v, 0xef);
            error = _mm512_or_si512(error, faults_512(v, p + at));
            leads = _mm512_min_epu8(leads, hidden_leads_512(v));
            if (lead)
                places |= wide_forms_512(lead, p + at + 1, &leads);
        }
        was_high = high != 0;
        if (places && !(seen & ZJ_SEEN_ESCAPE) && any_escape(in, at, places))
            seen |= ZJ_SEEN_ESCAPE;
    }
    if (_mm512_testn_epi8_mask(leads, leads) && !(seen & ZJ_SEEN_ESCAPE) && has_hidden(in))
        seen |= ZJ_SEEN_ESCAPE;
    return survey_rest(in, at, seen, _mm512_test_epi8_mask(error, error) != 0);
}
#endif

unsigned zj_survey(struct zj_span in)
{
#if defined(__x86_64__)
    if (in.len >= 64 && __builtin_cpu_supports("avx2")) {
        /* the pass looks three bytes back: what begins in the first three is checked here */
        size_t at = 0, len = 1;
        for (; at < 3 && len; at += len)
            len = zj_utf8_len(zj_span_part(in, at, 4));
        if (len && in.len >= 128 && __builtin_cpu_supports("avx512bw"))
            return survey_avx512(in);
        if (len)
            return survey_avx2(in);
    }
#endif
    return zj_survey_plain(in);
}
