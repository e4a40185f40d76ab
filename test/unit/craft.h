/* For the tests of the packet path: packets by hand, and a worker that eats them. */
#ifndef TEST_CRAFT_H
#define TEST_CRAFT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "sense/stream.h"

enum { FIN = ZJ_TCP_FIN, SYN = ZJ_TCP_SYN, RST = ZJ_TCP_RST, ACK = ZJ_TCP_ACK };
#define SECOND INT64_C(1000000000)
#define START  (INT64_C(1700000000) * SECOND)

static inline void put16(struct zj_buf *out, unsigned v)
{
    zj_buf_byte(out, (uint8_t)(v >> 8));
    zj_buf_byte(out, (uint8_t)v);
}

static inline void put32(struct zj_buf *out, uint32_t v)
{
    put16(out, v >> 16);
    put16(out, v & 0xffff);
}

static inline void put_bytes(struct zj_buf *out, const char *hex)
{
    assert_true(zj_buf_from_hex(out, zj_span_str(hex)));
}

/* An IPv4 header from 10.0.0.`a` to 10.0.0.`b` and what follows it. `frag`: the word of flags and
 * offset. */
static inline void put_ipv4(struct zj_buf *out, unsigned a, unsigned b, unsigned proto, unsigned id,
                            unsigned frag, struct zj_span body)
{
    put16(out, 0x4500);
    put16(out, 20 + (unsigned)body.len);
    put16(out, id);
    put16(out, frag);
    put16(out, 0x4000 | proto); /* ttl 64 */
    put16(out, 0);
    put32(out, 0x0a000000 | a);
    put32(out, 0x0a000000 | b);
    zj_buf_span(out, body);
}

static inline void put_tcp(struct zj_buf *out, unsigned from, unsigned to, uint32_t seq,
                           unsigned flags, struct zj_span body)
{
    put16(out, from);
    put16(out, to);
    put32(out, seq);
    put32(out, 0);
    put16(out, 0x5000 | flags);
    put16(out, 0xffff);
    put32(out, 0);
    zj_buf_span(out, body);
}

static inline void put_udp(struct zj_buf *out, unsigned from, unsigned to, struct zj_span body)
{
    put16(out, from);
    put16(out, to);
    put16(out, 8 + (unsigned)body.len);
    put16(out, 0);
    zj_buf_span(out, body);
}

/* The sink of these tests counts and keeps nothing. */
static inline zj_err count_fact(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                                const struct zj_cell *cells)
{
    (void)sink, (void)job, (void)kind, (void)cells;
    return ZJ_OK;
}

static inline zj_err count_flush(struct zj_sink *sink, struct zj_job *job)
{
    (void)sink, (void)job;
    return ZJ_OK;
}

struct rig {
    struct zj_job job;
    struct zj_sense_opts opts;
    struct zj_sink sink;
    struct zj_worker w;
    uint64_t packets;
};

static inline struct rig *rig_new(int64_t memory_bytes)
{
    struct rig *rig = zj_alloc(sizeof *rig);
    zj_job_init(&rig->job);
    rig->sink = (struct zj_sink){.fact = count_fact, .flush = count_flush};
    zj_worker_init(&rig->w, &rig->job, &rig->opts, &rig->sink, memory_bytes);
    rig->w.source = "test";
    return rig;
}

static inline void rig_free(struct rig *rig)
{
    zj_worker_finish(&rig->w);
    zj_worker_release(&rig->w);
    zj_job_release(&rig->job);
    free(rig);
}

/* One packet of a link type through the worker. */
static inline void rig_packet(struct rig *rig, uint32_t link, struct zj_span bytes, int64_t time_ns)
{
    uint8_t *exact = zj_alloc(bytes.len); /* so that a read past the end is seen */
    memcpy(exact, bytes.at, bytes.len);
    const struct zj_packet pkt = {.at = exact,
                                  .len = (uint32_t)bytes.len,
                                  .wire_len = (uint32_t)bytes.len,
                                  .time_ns = time_ns,
                                  .number = ++rig->packets,
                                  .link = link};
    zj_worker_batch(&rig->w, &pkt, 1);
    free(exact);
}

/* A segment between 10.0.0.1:40000 (the car) and 10.0.0.2:32960 (the platform). */
static inline void rig_segment(struct rig *rig, bool is_from_car, uint32_t seq, unsigned flags,
                               struct zj_span body, int64_t time_ns)
{
    struct zj_buf tcp = {0}, ip = {0};
    put_tcp(&tcp, is_from_car ? 40000 : 32960, is_from_car ? 32960 : 40000, seq, flags, body);
    put_ipv4(&ip, is_from_car ? 1 : 2, is_from_car ? 2 : 1, ZJ_PROTO_TCP, 1, 0, zj_buf_all(&tcp));
    rig_packet(rig, ZJ_LINK_RAW, zj_buf_all(&ip), time_ns);
    zj_buf_release(&tcp);
    zj_buf_release(&ip);
}

/* A heartbeat of GB/T 32960 of 25 bytes: "##" 07 fe VIN 01 0000 bcc, made by hand; `n` tells one
 * from the next in the last place of the VIN. */
static inline void put_heartbeat(struct zj_buf *out, unsigned n)
{
    const size_t from = out->len;
    put_bytes(out, "232307fe4c5a4a54455354413030303030303031");
    zj_buf_byte(out, (uint8_t)('0' + n % 10));
    put_bytes(out, "010000");
    zj_buf_byte(out, zj_xor8(zj_span_of(out->at + from + 2, out->len - from - 2)));
}

enum { HEARTBEAT = 25 };

#endif
