/* For the tests of the fact path: a sink that folds rows as a store does, and messages by hand. */
#ifndef TEST_OBSERVE_H
#define TEST_OBSERVE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sense/observer.h"

enum { ROWS_MAX = 4096, TEXT_BYTES = 72 };

struct row {
    enum zj_fact_id kind;
    unsigned sent, with_evidence;
    char text[ZJ_FACT_COLS_MAX][TEXT_BYTES];
    int64_t num[ZJ_FACT_COLS_MAX];
};

struct fold_sink {
    struct zj_sink sink;
    struct row *rows;
    size_t count;
    struct zj_buf events;
    int fail_after; /* rows until the sink fails; -1: never */
    bool is_busy;
};

static inline bool same_key(const struct row *a, const struct row *b)
{
    const struct zj_fact_kind *kind = &zj_fact_kinds[a->kind];
    for (size_t i = 0; i < kind->col_count; i++)
        if (kind->cols[i].fold == ZJ_FOLD_KEY &&
            (strcmp(a->text[i], b->text[i]) != 0 || a->num[i] != b->num[i]))
            return false;
    return a->kind == b->kind;
}

static inline void fold_into(struct row *to, const struct row *from)
{
    const struct zj_fact_kind *kind = &zj_fact_kinds[to->kind];
    for (size_t i = 0; i < kind->col_count; i++) {
        const enum zj_col_fold fold = kind->cols[i].fold;
        if (fold == ZJ_FOLD_SUM)
            to->num[i] += from->num[i];
        else if ((fold == ZJ_FOLD_MIN && from->num[i] < to->num[i]) ||
                 (fold == ZJ_FOLD_MAX && from->num[i] > to->num[i]))
            to->num[i] = from->num[i];
        else if (fold == ZJ_FOLD_LAST && from->text[i][0])
            memcpy(to->text[i], from->text[i], TEXT_BYTES);
    }
    to->sent++;
    to->with_evidence += from->with_evidence;
}

static inline zj_err fold_fact(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id id,
                               const struct zj_cell *cells)
{
    struct fold_sink *s = (struct fold_sink *)sink;
    if (s->fail_after >= 0 && s->fail_after-- == 0)
        return zj_fail(job, ZJ_EIO, "the disk is full");
    struct row *row = zj_alloc(sizeof *row);
    const struct zj_fact_kind *kind = &zj_fact_kinds[id];
    row->kind = id;
    row->sent = 1;
    for (size_t i = 0; i < kind->col_count; i++) {
        if (kind->cols[i].type == ZJ_COL_ADDR)
            zj_addr_format(&cells[i].addr, row->text[i]);
        else if (kind->cols[i].type == ZJ_COL_TEXT || kind->cols[i].type == ZJ_COL_HOST ||
                 kind->cols[i].type == ZJ_COL_BLOB)
            snprintf(row->text[i], TEXT_BYTES, "%.*s", (int)cells[i].text.len,
                     cells[i].text.len ? (const char *)cells[i].text.at : "");
        else
            row->num[i] = cells[i].num;
    }
    row->with_evidence = row->num[kind->col_count - 4] != 0;
    for (size_t i = 0; i < s->count; i++)
        if (same_key(&s->rows[i], row)) {
            fold_into(&s->rows[i], row);
            free(row);
            return ZJ_OK;
        }
    assert_true(s->count < ROWS_MAX);
    s->rows[s->count++] = *row;
    free(row);
    return ZJ_OK;
}

static inline zj_err fold_events(struct zj_sink *sink, struct zj_job *job, struct zj_span lines)
{
    (void)job;
    zj_buf_span(&((struct fold_sink *)sink)->events, lines);
    return ZJ_OK;
}

static inline zj_err fold_flush(struct zj_sink *sink, struct zj_job *job)
{
    (void)sink, (void)job;
    return ZJ_OK;
}

static inline bool fold_is_busy(struct zj_sink *sink)
{
    return ((struct fold_sink *)sink)->is_busy;
}

/* A worker's fact path with its sink, and the flow that the next message is on. */
struct bench {
    struct zj_job job;
    struct fold_sink out;
    struct zj_sense_stats stats;
    struct zj_sense_opts opts;
    struct zj_detections *detections;
    struct zj_observer *obs;
    struct zj_codec codec;
    struct zj_msg msg;
    uint64_t packet;
    int64_t now_ns;
};

#define START_NS INT64_C(1767225600000000000) /* 2026-01-01 00:00 UTC */

static inline struct bench *bench_new(int64_t memory_bytes)
{
    struct bench *b = zj_alloc(sizeof *b);
    zj_job_init(&b->job);
    b->out.sink = (struct zj_sink){.fact = fold_fact,
                                   .events = fold_events,
                                   .flush = fold_flush,
                                   .is_busy = fold_is_busy};
    b->out.rows = zj_alloc(ROWS_MAX * sizeof *b->out.rows);
    b->out.fail_after = -1;
    b->opts = (struct zj_sense_opts){.want_events = true, .scan_payloads = true};
    assert_int_equal(zj_detections_load(&b->job, NULL, &b->detections), ZJ_OK);
    b->opts.detections = b->detections;
    b->obs = zj_observer_new(&b->job, &b->opts, &b->out.sink, &b->stats, memory_bytes, NULL);
    b->now_ns = START_NS;
    return b;
}

static inline void bench_free(struct bench *b)
{
    zj_observer_free(b->obs);
    zj_detections_free(b->detections);
    zj_buf_release(&b->out.events);
    free(b->out.rows);
    zj_job_release(&b->job);
    free(b);
}

struct flow {
    struct zj_flow_key key;
    struct zj_codec codec;
    struct zj_session *session;
    uint64_t id;
};

static inline struct zj_addr addr_of(const char *text)
{
    struct zj_addr a;
    assert_true(zj_addr_parse(zj_span_str(text), &a));
    return a;
}

static inline struct flow flow_of(const char *protocol, const char *client, const char *server,
                                  uint16_t port)
{
    static const char *const vehicle[] = {"gb32960", "jt808"};
    struct flow f = {.codec = {.name = protocol, .is_binary = strcmp(protocol, "http") != 0}};
    for (size_t i = 0; i < ZJ_COUNT(vehicle); i++)
        f.codec.is_vehicle |= strcmp(vehicle[i], protocol) == 0;
    f.key = (struct zj_flow_key){addr_of(client), addr_of(server), 40000, port, ZJ_OVER_TCP};
    static uint64_t next_id;
    f.id = ++next_id;
    return f;
}

/* A fresh message; fields are set before it is sent. */
static inline struct zj_msg *message(struct bench *b, enum zj_msg_kind kind, uint32_t command)
{
    memset(&b->msg, 0, sizeof b->msg);
    b->msg.kind = kind;
    b->msg.command = command;
    b->msg.answer = ZJ_ANSWER_NONE;
    b->msg.edition = "2016";
    return &b->msg;
}

static inline void send_bytes(struct bench *b, struct flow *f, int dir, struct zj_span frame)
{
    const struct zj_moment at = {&f->key,   &f->codec,   dir,         f->id,
                                 b->now_ns, ++b->packet, "test.pcap", frame,      true,       0};
    zj_observe_message(b->obs, &f->session, &at, &b->msg);
}

static inline void send(struct bench *b, struct flow *f, int dir)
{
    send_bytes(b, f, dir, ZJ_SPAN_LIT("0123456789"));
}

static inline void end_flow(struct bench *b, struct flow *f)
{
    const struct zj_moment at = {&f->key,   &f->codec, 0,           f->id,
                                 b->now_ns, b->packet, "test.pcap", {NULL, 0}, true, 0};
    const uint64_t none[2] = {0, 0};
    zj_observe_flow_end(b->obs, &f->session, &at, none, none, START_NS);
}

static inline void pass(struct bench *b, int64_t milliseconds)
{
    b->now_ns += milliseconds * 1000000;
}

static inline zj_err flush(struct bench *b, bool force)
{
    return zj_observe_flush(b->obs, &b->job, b->now_ns, force);
}

/* The row of a kind whose column has this text; NULL where there is none. */
static inline struct row *row_of(struct bench *b, enum zj_fact_id kind, size_t col,
                                 const char *text)
{
    for (size_t i = 0; i < b->out.count; i++)
        if (b->out.rows[i].kind == kind && strcmp(b->out.rows[i].text[col], text) == 0)
            return &b->out.rows[i];
    return NULL;
}

static inline size_t rows_of(struct bench *b, enum zj_fact_id kind)
{
    size_t n = 0;
    for (size_t i = 0; i < b->out.count; i++)
        n += b->out.rows[i].kind == kind;
    return n;
}

#endif
