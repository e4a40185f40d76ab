/* Streams. A window is cut behind its last line end, which depends on nothing but the bytes, so the
 * sizes of the pieces that come in make no difference. */
#include "identify/engine.h"

enum { WINDOW = ZJ_IDENTIFY_WINDOW, TAIL_MIN = 4096 };

struct zj_identify_state {
    bool is_start;
    struct zj_columns columns;
};

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

size_t zj_identify_window(struct zj_span bytes, bool is_end)
{
    if (bytes.len >= WINDOW)
        return cut_of(zj_span_part(bytes, 0, WINDOW));
    return is_end ? bytes.len : 0;
}

struct zj_identify_state *zj_identify_state(void)
{
    struct zj_identify_state *state = zj_alloc(sizeof *state);
    state->is_start = true;
    return state;
}

void zj_identify_state_free(struct zj_identify_state *state)
{
    free(state);
}

static void copy_columns(struct zj_columns *to, const struct zj_columns *from)
{
    to->count = from->count;
    to->pair = from->pair;
    to->delimiter = from->delimiter;
    memcpy(to->groups, from->groups, from->count * sizeof *to->groups);
    memcpy(to->words, from->words, from->count * sizeof *to->words);
}

void zj_identify_state_copy(struct zj_identify_state *to, const struct zj_identify_state *from)
{
    to->is_start = from->is_start;
    copy_columns(&to->columns, &from->columns);
}

bool zj_identify_state_same(const struct zj_identify_state *a, const struct zj_identify_state *b)
{
    const struct zj_columns *x = &a->columns, *y = &b->columns;
    if (a->is_start != b->is_start || x->count != y->count)
        return false;
    return !x->count || (x->pair == y->pair && x->delimiter == y->delimiter &&
                         memcmp(x->groups, y->groups, x->count * sizeof *x->groups) == 0 &&
                         memcmp(x->words, y->words, x->count * sizeof *x->words) == 0);
}

size_t zj_identify_next(struct zj_identify_scratch *scratch, struct zj_identify_state *io_state,
                        struct zj_span window, const struct zj_find **out)
{
    scratch->find_count = 0;
    scratch->is_start = io_state->is_start;
    copy_columns(&scratch->columns, &io_state->columns);
    zj_scan_piece(scratch, window, 0, NULL);
    io_state->is_start = scratch->is_start;
    copy_columns(&io_state->columns, &scratch->columns);
    *out = scratch->finds;
    return scratch->find_count;
}
