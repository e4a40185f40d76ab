/* A growing byte buffer. */
#ifndef ZJ_BASE_BUF_H
#define ZJ_BASE_BUF_H

#include "base/mem.h"
#include "base/span.h"

struct zj_buf {
    uint8_t *at;
    size_t len;
    size_t cap;
};

void zj_buf_reserve(struct zj_buf *buf, size_t more); /* room for `more` further bytes */
void zj_buf_release(struct zj_buf *buf);
__attribute__((format(printf, 2, 3))) void zj_buf_printf(struct zj_buf *buf, const char *format,
                                                         ...);
void zj_buf_hex(struct zj_buf *buf, struct zj_span bytes); /* lower case */
void zj_buf_u64(struct zj_buf *buf, uint64_t value);       /* decimal */
void zj_buf_i64(struct zj_buf *buf, int64_t value);

/* NUL-terminates (the NUL is not counted) and gives the text; good until the next change. */
const char *zj_buf_cstr(struct zj_buf *buf);

static inline void zj_buf_byte(struct zj_buf *buf, uint8_t byte)
{
    if (buf->len == buf->cap)
        zj_buf_reserve(buf, 1);
    buf->at[buf->len++] = byte;
}

static inline void zj_buf_span(struct zj_buf *buf, struct zj_span s)
{
    if (s.len == 0)
        return;
    if (buf->cap - buf->len < s.len)
        zj_buf_reserve(buf, s.len);
    memcpy(buf->at + buf->len, s.at, s.len);
    buf->len += s.len;
}

static inline void zj_buf_str(struct zj_buf *buf, const char *text)
{
    zj_buf_span(buf, zj_span_str(text));
}

static inline struct zj_span zj_buf_all(const struct zj_buf *buf)
{
    return (struct zj_span){buf->at, buf->len};
}

/* 0 to 15; -1: no hex digit. */
int zj_hex_value(uint8_t c);
/* Reads hex digits (white space between bytes allowed) into buf; false on any other byte. */
bool zj_buf_from_hex(struct zj_buf *buf, struct zj_span text);

#endif
