/* Bodies and text as one direction of a flow brings them: how the body is said to be packed (1), how
 * large the pieces are (1), a body. Bit 3 of the first byte packs the body before, and bit 4 spoils
 * it; the upper bits say where. Memory stays in the pool, and no more comes out than the limits
 * allow. */
#include <assert.h>
#include <zlib.h>

#include "base/buf.h"
#include "sense/stream.h"

enum { KIND = 7, IS_PACKED = 8, IS_SPOILT = 16, PLACE_SHIFT = 5, MEMORY = 16 << 20 };

static zj_err keep_nothing(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                           const struct zj_cell *cells)
{
    (void)sink, (void)job, (void)kind, (void)cells;
    return ZJ_OK;
}

static zj_err flush(struct zj_sink *sink, struct zj_job *job)
{
    (void)sink, (void)job;
    return ZJ_OK;
}

static void put_packed(struct zj_buf *out, struct zj_span body, int window)
{
    z_stream z = {0};
    if (deflateInit2(&z, 1, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    const size_t most = deflateBound(&z, body.len);
    zj_buf_reserve(out, most);
    z.next_in = (uint8_t *)(uintptr_t)body.at;
    z.avail_in = (unsigned)body.len;
    z.next_out = out->at + out->len;
    z.avail_out = (unsigned)most;
    deflate(&z, Z_FINISH);
    out->len += most - z.avail_out;
    deflateEnd(&z);
}

static void put_stream(struct zj_buf *out, uint8_t how, struct zj_span body)
{
    static const char *const heads[] = {
        "", "Content-Encoding: gzip", "Content-Encoding: deflate", "Content-Encoding: deflate",
        "Content-Encoding: br", "Transfer-Encoding: gzip, chunked", "X: gzip", NULL};
    static const int windows[] = {31, 31, 15, -15, 31, 31, 31, 31};
    const unsigned kind = how & KIND;
    struct zj_buf packed = {0};
    if (how & IS_PACKED) {
        put_packed(&packed, body, windows[kind]);
        if (how & IS_SPOILT && packed.len)
            packed.at[(packed.len - 1) * (how >> PLACE_SHIFT) / 7] ^= 0x55;
        body = zj_buf_all(&packed);
    }
    if (!heads[kind]) { /* text */
        zj_buf_span(out, body);
    } else if (kind == 5) {
        zj_buf_printf(out, "POST / HTTP/1.1\r\n%s\r\n\r\n", heads[kind]);
        for (size_t at = 0; at < body.len; at += 100) {
            const struct zj_span part = zj_span_part(body, at, 100);
            zj_buf_printf(out, "%zx\r\n", part.len);
            zj_buf_span(out, part);
            zj_buf_printf(out, "\r\n");
        }
        zj_buf_printf(out, "0\r\n\r\n");
    } else {
        zj_buf_printf(out, "HTTP/1.1 200 OK\r\n%s%sContent-Length: %zu\r\n\r\n", heads[kind],
                      heads[kind][0] ? "\r\n" : "", body.len);
        zj_buf_span(out, body);
    }
    zj_buf_release(&packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct zj_job job;
    struct zj_sink sink = {.fact = keep_nothing, .flush = flush};
    const struct zj_sense_opts opts = {.scan_payloads = true};
    struct zj_reader r = zj_reader_of(zj_span_of(data, size));
    struct zj_worker *w = zj_alloc(sizeof *w);
    struct zj_flow flow = {.proto = ZJ_PROTO_TCP, .flags = ZJ_FLOW_FROM_SYN, .port = {40000, 80}};
    struct zj_buf stream = {0};
    const uint8_t how = zj_rd_u8(&r);
    const size_t piece = (size_t)zj_rd_u8(&r) * zj_rd_u8(&r) + 1;
    const struct zj_span body = zj_rd_span(&r, zj_rd_left(&r));
    zj_job_init(&job);
    zj_worker_init(w, &job, &opts, &sink, MEMORY);
    w->source = "fuzz";
    for (int i = 0; i < 2; i++)
        put_stream(&stream, (uint8_t)(how + (i ? piece & KIND : 0)), body);
    for (size_t at = 0; at < stream.len; at += piece) {
        int dir = at / piece % 64 == 63; /* now and then the other side speaks */
        w->packet++;
        w->now_ns = flow.last_ns = (int64_t)w->packet * 1000000;
        if (flow.stream && piece % 13 == 12 && at / piece == 5)
            zj_decode_gap(w, &flow.stream->half[0], (uint32_t)piece);
        else
            zj_decode(w, &flow, &dir, zj_span_part(zj_buf_all(&stream), at, piece));
        assert(w->pool.held <= MEMORY);
    }
    zj_stream_end(w, &flow);
    assert(!flow.stream);
    zj_worker_finish(w);
    zj_worker_release(w);
    assert(w->pool.held == 0);
    free(w);
    zj_buf_release(&stream);
    zj_job_release(&job);
    return 0;
}
