/* What is told of a find: its reason has both languages, and its value comes out of its form. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>

#include "base/text.h"
#include "identify/identify.h"

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
    return 0;
}
