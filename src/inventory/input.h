/* Bytes on their way to a reader: a file, a member of an archive, or a transcoded stream of either.
 * A reader looks at what is there (peek) and takes it (skip); it never sees where it comes from. */
#ifndef ZJ_INVENTORY_INPUT_H
#define ZJ_INVENTORY_INPUT_H

#include "base/buf.h"

struct zj_in {
    /* Up to `max` further bytes, 0 at the end, -1 where no more can be had (`fault` says why). */
    ssize_t (*fill)(struct zj_in *in, uint8_t *to, size_t max);
    void *ctx;
    const char *name;     /* last part of the path, for its extension */
    struct zj_span whole; /* all bytes, where they lie in memory anyhow */
    bool is_whole_used;   /* a reader looked at them there */
    uint64_t size;        /* 0: not known */
    const char *fault;    /* static or borrowed from ctx */

    struct zj_buf window;
    size_t at; /* first byte of the window not taken yet */
    uint64_t taken;
    bool is_ended;
};

enum { ZJ_IN_STEP = 256 * 1024 };

/* All that can be seen, at least `want` bytes unless the input ends before. Good until the next
 * call. */
struct zj_span zj_in_peek(struct zj_in *in, size_t want);
void zj_in_skip(struct zj_in *in, size_t len);
/* Bytes that were taken or can be seen. */
static inline uint64_t zj_in_seen(const struct zj_in *in)
{
    return in->taken + in->window.len - in->at;
}
void zj_in_release(struct zj_in *in); /* of its window */

void zj_in_skip_line(struct zj_in *in); /* to behind the next line end */

/* All of it in memory: `whole` where it is there, else read into the window. False where it is more
 * than `max`, or cannot be read to its end. */
bool zj_in_whole(struct zj_in *in, size_t max, struct zj_span *out_bytes);

enum zj_charset { ZJ_CHARSET_UTF8, ZJ_CHARSET_GB18030, ZJ_CHARSET_UTF16LE, ZJ_CHARSET_UTF16BE };
/* What text is written in, by its byte order mark or the look of its head. Text that is mostly
 * UTF-8 is UTF-8 with faults. */
enum zj_charset zj_charset_of(struct zj_span head);

/* Appends little-endian UTF-16 as UTF-8; half a pair becomes U+FFFD. */
void zj_text_from_utf16(struct zj_buf *out, struct zj_span utf16);

/* `out` gives the text of `in` as UTF-8, without a byte order mark; lines that end by
 * CR alone end by LF. `in` outlives it. */
struct zj_utf8;
struct zj_utf8 *zj_utf8_new(struct zj_in *in, enum zj_charset charset, struct zj_in *out);
/* Words met so far that are not wholly of the charset. */
uint64_t zj_utf8_faults(const struct zj_utf8 *utf8);
void zj_utf8_free(struct zj_utf8 *utf8); /* accepts NULL */

#endif
