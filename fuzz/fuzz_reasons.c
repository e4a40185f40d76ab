/* Why a place was not read, as any run may have stored it, told in either language, and back. */
#include <assert.h>

#include "inventory/inventory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct zj_job job;
    zj_job_init(&job);
    const char *text = zj_arena_span(&job.arena, zj_span_of(data, size));
    for (int i = 0; i < 4; i++) {
        job.lang = i % 2 ? ZJ_EN : ZJ_ZH;
        text = zj_inv_reason(&job, text);
        assert(text && strlen(text) <= 20 * size + 4096);
    }
    zj_job_release(&job);
    return 0;
}
