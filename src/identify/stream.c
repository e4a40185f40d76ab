/* Streams. A window is cut behind its last line end, which depends on nothing but the bytes, so the
 * sizes of the pieces that come in make no difference. */
#include "identify/engine.h"

enum { WINDOW = 256 << 10, TAIL_MIN = 4096 };

struct zj_identify_stream {
    struct zj_identify_scratch *scratch;
    zj_identify_sink sink;
    void *ctx;
    struct zj_buf held;
    uint64_t base; /* of what is held */
    bool is_begun;
};

struct zj_identify_stream *zj_identify_stream(const struct zj_identifier *rules,
                                              zj_identify_sink sink, void *ctx)
{
    struct zj_identify_stream *stream = zj_alloc(sizeof *stream);
    stream->scratch = zj_identify_scratch(rules);
    stream->sink = sink;
    stream->ctx = ctx;
    return stream;
}

void zj_identify_stream_free(struct zj_identify_stream *stream)
{
    if (!stream)
        return;
    zj_identify_scratch_free(stream->scratch);
    zj_buf_release(&stream->held);
    free(stream);
}

/* Behind the last line end; in a line longer than the window behind the last byte that no value
 * holds; else at its end. */
static size_t cut_of(struct zj_span window)
{
    const uint8_t *line = memrchr(window.at, '\n', window.len);
    if (line)
        return (size_t)(line - window.at) + 1;
    for (size_t at = window.len; at > window.len - TAIL_MIN; at--)
        if (memchr("},; \t&", window.at[at - 1], 6))
            return at;
    return window.len;
}

static void scan(struct zj_identify_stream *stream, struct zj_span window)
{
    struct zj_identify_scratch *scratch = stream->scratch;
    scratch->find_count = 0;
    if (!stream->is_begun) {
        scratch->columns.count = 0;
        scratch->is_start = true;
        stream->is_begun = true;
    }
    zj_scan_piece(scratch, window, 0, NULL);
    stream->sink(stream->ctx, window, stream->base, scratch->finds, scratch->find_count);
    stream->base += window.len;
}

void zj_identify_feed(struct zj_identify_stream *stream, struct zj_span bytes)
{
    struct zj_buf *held = &stream->held;
    while (bytes.len) {
        if (!held->len && bytes.len >= WINDOW) { /* in place */
            const struct zj_span window = zj_span_part(bytes, 0, WINDOW);
            const size_t cut = cut_of(window);
            scan(stream, zj_span_part(window, 0, cut));
            bytes = zj_span_part(bytes, cut, bytes.len);
            continue;
        }
        const struct zj_span part = zj_span_part(bytes, 0, WINDOW - held->len);
        zj_buf_span(held, part);
        bytes = zj_span_part(bytes, part.len, bytes.len);
        if (held->len < WINDOW)
            return;
        const size_t cut = cut_of(zj_buf_all(held));
        scan(stream, zj_span_part(zj_buf_all(held), 0, cut));
        const size_t rest = held->len - cut;
        if (rest <= part.len) { /* all of it came in just now: the next window is in place again */
            bytes = zj_span_of(bytes.at - rest, bytes.len + rest);
            held->len = 0;
            continue;
        }
        memmove(held->at, held->at + cut, rest);
        held->len = rest;
    }
}

void zj_identify_finish(struct zj_identify_stream *stream)
{
    if (stream->held.len)
        scan(stream, zj_buf_all(&stream->held));
    stream->held.len = 0;
    stream->base = 0;
    stream->is_begun = false;
}
