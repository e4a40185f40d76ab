/* Appending numbers to a frame. Not for other rooms. */
#ifndef ZJ_FLEET_ENCODE_H
#define ZJ_FLEET_ENCODE_H

#include "base/buf.h"

static inline void zj_put8(struct zj_buf *b, uint32_t v)
{
    zj_buf_byte(b, (uint8_t)v);
}

static inline void zj_put16(struct zj_buf *b, uint32_t v)
{
    zj_put8(b, v >> 8);
    zj_put8(b, v);
}

static inline void zj_put32(struct zj_buf *b, uint32_t v)
{
    zj_put16(b, v >> 16);
    zj_put16(b, v);
}

/* `len` bytes: the text, then `pad`. */
static inline void zj_put_text(struct zj_buf *b, const char *text, size_t len, uint8_t pad)
{
    const size_t have = strlen(text);
    zj_buf_span(b, zj_span_of(text, have < len ? have : len));
    for (size_t i = have; i < len; i++)
        zj_buf_byte(b, pad);
}

#endif
