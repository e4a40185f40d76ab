/* Any bytes: finds lie inside, in order; they are the same with and without vector instructions,
 * and in a stream however it is cut. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>

#include "base/job.h"
#include "identify/engine.h"
#include "identify/survey.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sum {
    uint64_t hash;
    size_t count;
};

static void check(const struct zj_find *finds, size_t count, size_t size)
{
    for (size_t i = 0; i < count; i++) {
        assert(finds[i].start < finds[i].end && finds[i].end <= size);
        assert(finds[i].type < ZJ_TYPE_COUNT && finds[i].score <= 100 && finds[i].why);
        assert(finds[i].form < ZJ_FORM_COUNT);
        assert(!i || finds[i - 1].start <= finds[i].start);
    }
}

static void add_up(void *ctx, struct zj_span bytes, uint64_t base, const struct zj_find *finds,
                   size_t count)
{
    struct sum *sum = ctx;
    check(finds, count, bytes.len);
    for (size_t i = 0; i < count; i++)
        sum->hash = sum->hash * 31 + (base + finds[i].start) * 7 + (base + finds[i].end) * 5 +
                    finds[i].type;
    sum->count += count;
}

static struct sum run_stream(const struct zj_identifier *identifier, const uint8_t *data,
                             size_t size, size_t step)
{
    struct sum sum = {0};
    struct zj_identify_stream *stream = zj_identify_stream(identifier, add_up, &sum);
    for (size_t at = 0; at < size; at += step)
        zj_identify_feed(stream, zj_span_of(data + at, size - at < step ? size - at : step));
    zj_identify_finish(stream);
    zj_identify_stream_free(stream);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct zj_find finds[1024], plain_finds[1024];
    static struct zj_job job;
    static struct zj_identifier *identifier;
    static struct zj_identify_scratch *scratch;
    if (!identifier) {
        zj_job_init(&job);
        if (zj_identifier_open(&job, &identifier)) {
            fprintf(stderr, "%s\n", job.message);
            abort();
        }
        scratch = zj_identify_scratch(identifier);
    }
    const struct zj_span bytes = zj_span_of(data, size);
    const size_t count = zj_identify_scan(bytes, finds, ZJ_COUNT(finds));
    assert(count <= ZJ_COUNT(finds));
    check(finds, count, size);

    struct zj_scan vector, plain;
    zj_scan_init(&vector, bytes);
    zj_scan_init(&plain, bytes);
    vector.out = finds;
    plain.out = plain_finds;
    vector.max = plain.max = ZJ_COUNT(finds);
    zj_scan_all(&vector);
    zj_scan_all_plain(&plain);
    assert(plain.count == vector.count);
    assert(zj_survey(bytes) == zj_survey_plain(bytes));

    const struct zj_find *all;
    const size_t found = zj_identify_find(scratch, bytes, &all);
    check(all, found, size);
    if (size) {
        const struct zj_span key = zj_span_part(bytes, 0, data[0] % 16);
        const struct zj_span value = zj_span_part(bytes, key.len, size);
        const size_t values = zj_identify_value(scratch, key, value, &all);
        check(all, values, value.len);
    }
    const struct sum whole = run_stream(identifier, data, size, size + 1);
    const struct sum parts = run_stream(identifier, data, size, size % 13 + 1);
    assert(whole.hash == parts.hash && whole.count == parts.count);
    assert(whole.count == found);
    return 0;
}
