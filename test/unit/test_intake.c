/* What a capture process may send: records in pieces are taken whole; results, faults and lengths
 * that none sends end the run, since who parses bytes of strangers is not trusted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sense/intake.h"

struct tally {
    struct zj_sink sink;
    int facts, flushes;
};

static zj_err count_fact(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                         const struct zj_cell *cells)
{
    (void)job, (void)kind, (void)cells;
    ((struct tally *)sink)->facts++;
    return ZJ_OK;
}

static zj_err count_flush(struct zj_sink *sink, struct zj_job *job)
{
    (void)job;
    ((struct tally *)sink)->flushes++;
    return ZJ_OK;
}

struct bench {
    struct zj_job job;
    struct tally tally;
    struct zj_sense_stats stats;
    struct zj_sense_faults faults;
    struct zj_intake in;
};

static void bench_init(struct bench *b)
{
    *b = (struct bench){.tally = {.sink = {.fact = count_fact, .flush = count_flush}}};
    zj_job_init(&b->job);
    b->in = (struct zj_intake){
        .sink = &b->tally.sink, .stats = &b->stats, .faults = &b->faults, .faults_max = 2};
}

static void bench_release(struct bench *b)
{
    zj_sense_faults_release(&b->faults);
    zj_buf_release(&b->in.in);
    zj_job_release(&b->job);
}

static void put32(struct zj_buf *to, uint32_t value)
{
    zj_buf_span(to, zj_span_of(&value, sizeof value)); /* as this machine has it */
}

static void put_head(struct zj_buf *to, uint8_t kind, size_t len)
{
    zj_buf_byte(to, kind);
    put32(to, (uint32_t)len);
}

static void put_end(struct zj_buf *to, uint32_t code)
{
    static const struct zj_sense_stats stats = {.packets = 7};
    put_head(to, ZJ_REC_END, sizeof code + sizeof stats + 4);
    put32(to, code);
    zj_buf_span(to, zj_span_of(&stats, sizeof stats));
    zj_buf_str(to, "over");
}

static void put_fault(struct zj_buf *to, uint32_t name_len)
{
    put_head(to, ZJ_REC_FAULT, 4 + 6 + 3);
    put32(to, name_len);
    zj_buf_str(to, "a.pcap");
    zj_buf_str(to, "cut");
}

static void takes_pieces(void **state)
{
    (void)state;
    struct bench b;
    struct zj_buf all = {0};
    bench_init(&b);
    put_head(&all, ZJ_REC_FLUSH, 0);
    put_fault(&all, 6);
    put_end(&all, ZJ_EINPUT);
    for (size_t i = 0; i < all.len; i++) {
        assert_false(b.in.is_ended);
        zj_buf_byte(&b.in.in, all.at[i]);
        assert_int_equal(zj_intake_take(&b.job, &b.in), i + 1 == all.len ? ZJ_EINPUT : ZJ_OK);
    }
    assert_true(b.in.is_ended);
    assert_int_equal(b.tally.flushes, 1);
    assert_int_equal(b.stats.packets, 7);
    assert_string_equal(b.job.message, "over");
    assert_int_equal(b.faults.count, 1);
    assert_string_equal(b.faults.at[0].file, "a.pcap");
    assert_string_equal(b.faults.at[0].message, "cut");
    zj_buf_release(&all);
    bench_release(&b);
}

/* Whether what is in `b->in.in` is refused, without its word for how it ended. */
static void expect_refused(struct bench *b)
{
    assert_int_equal(zj_intake_take(&b->job, &b->in), ZJ_EBUG);
    assert_string_equal(b->job.message, "the capture process sent nonsense");
    assert_false(b->in.is_ended);
    bench_release(b);
}

static void refuses_unknown_results(void **state)
{
    (void)state;
    static const uint32_t codes[] = {ZJ_ERR_COUNT, 1000, UINT32_MAX};
    for (size_t i = 0; i < ZJ_COUNT(codes); i++) {
        struct bench b;
        bench_init(&b);
        put_end(&b.in.in, codes[i]);
        expect_refused(&b);
    }
}

static void refuses_more_faults_than_files(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b);
    for (int i = 0; i < 3; i++)
        put_fault(&b.in.in, 6);
    expect_refused(&b);
}

static void refuses_lengths(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b);
    put_head(&b.in.in, ZJ_REC_EVENTS, 8 * 1024 * 1024 + 1);
    expect_refused(&b);
    bench_init(&b);
    put_fault(&b.in.in, 10); /* the body has nine bytes behind it */
    expect_refused(&b);
    bench_init(&b);
    put_head(&b.in.in, ZJ_REC_FACT, 3); /* its cells are missing */
    zj_buf_str(&b.in.in, "\1\2\3");
    expect_refused(&b);
    bench_init(&b);
    put_head(&b.in.in, 'x', 0);
    expect_refused(&b);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_pieces),
        cmocka_unit_test(refuses_unknown_results),
        cmocka_unit_test(refuses_more_faults_than_files),
        cmocka_unit_test(refuses_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
