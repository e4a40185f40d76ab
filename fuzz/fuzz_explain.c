/* What is told of a find, and of a place that was not read: every reason of a find has both
 * languages, its value comes out of its form as valid UTF-8, and a stored reason in whatever words
 * goes to the other language and is text there. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>

#include "base/text.h"
#include "identify/identify.h"
#include "inventory/inventory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void explain_find(const struct zj_identifier *identifier, struct zj_span bytes,
                         const struct zj_find *find)
{
    struct zj_buf text = {0};
    const struct zj_span raw = zj_span_part(bytes, find->start, find->end - find->start);
    const char *zh = zj_why_zh(find->why);
    assert(zh && zj_utf8_is_valid(zj_span_str(zh)));
    assert(zj_form_name((enum zj_form)find->form)[0] && zj_form_zh((enum zj_form)find->form)[0]);
    assert(!find->context || find->context[0]);
    zj_identify_text(identifier, raw, (enum zj_form)find->form, &text);
    zj_buf_release(&text);
}

static void explain_place(const uint8_t *data, size_t size, enum zj_lang lang)
{
    struct zj_job job;
    zj_job_init(&job);
    job.lang = lang;
    const char *told = zj_inv_reason(&job, zj_arena_span(&job.arena, zj_span_of(data, size)));
    assert(told);
    if (zj_utf8_is_valid(zj_span_of(data, size)))
        assert(zj_utf8_is_valid(zj_span_str(told)));
    zj_job_release(&job);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
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
    const struct zj_find *finds;
    const size_t count = zj_identify_find(scratch, bytes, &finds);
    for (size_t i = 0; i < count; i++)
        explain_find(identifier, bytes, &finds[i]);
    if (size <= 4096) {
        explain_place(data, size, ZJ_ZH);
        explain_place(data, size, ZJ_EN);
    }
    return 0;
}
