/* Borrowed bytes and a reader over them.
 *
 * A span never owns what it points at. A reader never reads past its end: past the end every read
 * gives zeros and sets `ran_out`, so a parser checks once, after its last read. */
#ifndef ZJ_BASE_SPAN_H
#define ZJ_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ZJ_COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct zj_span {
    const uint8_t *at;
    size_t len;
};

/* A span over a string literal. */
#define ZJ_SPAN_LIT(text) ((struct zj_span){(const uint8_t *)(text), sizeof(text) - 1})

static inline struct zj_span zj_span_of(const void *at, size_t len)
{
    return (struct zj_span){at, len};
}

static inline struct zj_span zj_span_str(const char *text)
{
    return (struct zj_span){(const uint8_t *)text, text ? strlen(text) : 0};
}

static inline bool zj_span_eq(struct zj_span a, struct zj_span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* Byte by byte, as the store compares texts: below, at or above 0. */
static inline int zj_span_order(struct zj_span a, struct zj_span b)
{
    const size_t len = a.len < b.len ? a.len : b.len;
    const int order = len ? memcmp(a.at, b.at, len) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static inline bool zj_span_eq_str(struct zj_span a, const char *text)
{
    return zj_span_eq(a, zj_span_str(text));
}

/* The part from `from`, at most `len` bytes; empty where it lies outside. */
static inline struct zj_span zj_span_part(struct zj_span s, size_t from, size_t len)
{
    if (from >= s.len)
        return (struct zj_span){s.at, 0};
    size_t rest = s.len - from;
    return (struct zj_span){s.at + from, len < rest ? len : rest};
}

static inline bool zj_span_starts(struct zj_span s, struct zj_span with)
{
    return s.len >= with.len && memcmp(s.at, with.at, with.len) == 0;
}

/* Without the spaces and control bytes at both ends. */
static inline struct zj_span zj_span_trim(struct zj_span s)
{
    while (s.len && s.at[0] <= ' ')
        s.at++, s.len--;
    while (s.len && s.at[s.len - 1] <= ' ')
        s.len--;
    return s;
}

/* Without the NUL and space padding at the end. */
static inline struct zj_span zj_span_unpad(struct zj_span s)
{
    while (s.len && (s.at[s.len - 1] == 0 || s.at[s.len - 1] == ' '))
        s.len--;
    return s;
}

struct zj_reader {
    const uint8_t *p;
    size_t len;
    size_t at;
    bool ran_out;
};

static inline struct zj_reader zj_reader_of(struct zj_span s)
{
    return (struct zj_reader){s.at, s.len, 0, false};
}

static inline size_t zj_rd_left(const struct zj_reader *r)
{
    return r->len - r->at;
}

/* The next `len` bytes; empty, with ran_out set, where fewer are left. */
static inline struct zj_span zj_rd_span(struct zj_reader *r, size_t len)
{
    if (len > r->len - r->at) {
        r->ran_out = true;
        r->at = r->len;
        return (struct zj_span){r->p + r->len, 0};
    }
    struct zj_span s = {r->p + r->at, len};
    r->at += len;
    return s;
}

/* All that is left. */
static inline struct zj_span zj_rd_rest(struct zj_reader *r)
{
    return zj_rd_span(r, r->len - r->at);
}

/* What was read since position `from`. */
static inline struct zj_span zj_rd_since(const struct zj_reader *r, size_t from)
{
    return (struct zj_span){r->p + from, r->at - from};
}

static inline uint8_t zj_rd_u8(struct zj_reader *r)
{
    struct zj_span s = zj_rd_span(r, 1);
    return s.len ? s.at[0] : 0;
}

static inline uint16_t zj_load_be16(const uint8_t *p)
{
    return (uint16_t)((unsigned)p[0] << 8 | p[1]);
}

static inline uint32_t zj_load_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t zj_load_be64(const uint8_t *p)
{
    return (uint64_t)zj_load_be32(p) << 32 | zj_load_be32(p + 4);
}

static inline uint16_t zj_rd_be16(struct zj_reader *r)
{
    struct zj_span s = zj_rd_span(r, 2);
    return s.len ? zj_load_be16(s.at) : 0;
}

static inline uint32_t zj_rd_be24(struct zj_reader *r)
{
    struct zj_span s = zj_rd_span(r, 3);
    return s.len ? (uint32_t)s.at[0] << 16 | (uint32_t)s.at[1] << 8 | s.at[2] : 0;
}

static inline uint32_t zj_rd_be32(struct zj_reader *r)
{
    struct zj_span s = zj_rd_span(r, 4);
    return s.len ? zj_load_be32(s.at) : 0;
}

static inline uint64_t zj_rd_be64(struct zj_reader *r)
{
    struct zj_span s = zj_rd_span(r, 8);
    return s.len ? zj_load_be64(s.at) : 0;
}

static inline uint64_t zj_load_word(const uint8_t *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

/* XOR of all bytes: the check byte of GB/T 32960 and JT/T 808. */
static inline uint8_t zj_xor8(struct zj_span s)
{
    const uint8_t *p = s.at, *end = s.at + s.len;
    uint64_t a = 0, b = 0;
    for (; end - p >= 32; p += 32) {
        a ^= zj_load_word(p) ^ zj_load_word(p + 8);
        b ^= zj_load_word(p + 16) ^ zj_load_word(p + 24);
    }
    for (; end - p >= 8; p += 8)
        a ^= zj_load_word(p);
    a ^= b;
    a ^= a >> 32;
    if (end - p >= 4) {
        uint32_t half;
        memcpy(&half, p, sizeof half);
        a ^= half;
        p += 4;
    }
    a ^= a >> 16;
    uint8_t x = (uint8_t)(a ^ a >> 8);
    for (; p < end; p++)
        x ^= *p;
    return x;
}

#endif
