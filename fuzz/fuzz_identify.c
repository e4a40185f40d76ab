/* Any bytes: finds lie inside, in order, and are the same with and without vector instructions. */
#include <assert.h>
#include <stdint.h>

#include "identify/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct zj_find finds[1024], plain_finds[1024];
    const struct zj_span bytes = zj_span_of(data, size);
    const size_t count = zj_identify_scan(bytes, finds, ZJ_COUNT(finds));
    assert(count <= ZJ_COUNT(finds));
    for (size_t i = 0; i < count; i++) {
        assert(finds[i].start < finds[i].end && finds[i].end <= size);
        assert(finds[i].type < ZJ_TYPE_COUNT && finds[i].score <= 100 && finds[i].why);
        assert(!i || finds[i - 1].start <= finds[i].start);
    }
    struct zj_scan plain = {.in = bytes, .out = plain_finds, .max = ZJ_COUNT(plain_finds)};
    zj_scan_all_plain(&plain);
    assert(plain.count == count);
    return 0;
}
