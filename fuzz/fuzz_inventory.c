/* Every reader of files: the first byte chooses the extension, the rest is the file, given whole
 * and in small pieces. Samples that come out must be masked: no run of 12 digits. */
#include <assert.h>

#include "inventory/reader.h"
#include "inventory/rules.h"

enum { PIECE = 61 };

static zj_err take_object(struct zj_job *job, void *ctx, const struct zj_inv_object *object)
{
    (void)job, (void)ctx;
    for (size_t i = 0; i < object->column_count; i++) {
        for (size_t k = 0; k < object->columns[i].sample_count; k++) {
            size_t digits = 0;
            for (const char *p = object->columns[i].samples[k]; *p; p++) {
                digits = *p >= '0' && *p <= '9' ? digits + 1 : 0;
                assert(digits < 12);
            }
        }
    }
    return ZJ_OK;
}

static zj_err take_unread(struct zj_job *job, void *ctx, const char *place, const char *reason)
{
    (void)job, (void)ctx;
    assert(place && reason);
    return ZJ_OK;
}

static ssize_t fill_piece(struct zj_in *in, uint8_t *to, size_t max)
{
    struct zj_span *rest = in->ctx;
    const size_t len = rest->len < PIECE ? rest->len : PIECE;
    assert(max >= 1);
    const size_t take = len < max ? len : max;
    if (take)
        memcpy(to, rest->at, take);
    *rest = zj_span_part(*rest, take, rest->len);
    return (ssize_t)take;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"a.csv", "a.json", "a.jsonl", "a.xml",  "a.sql",
                                        "a.log", "a.xlsx", "a.docx",  "a.zip",  "a.db",
                                        "a.bin", "a.tsv",  "a.gz",    "a.pptx", "a"};
    static struct zj_job job;
    static struct zj_inv_rules *rules;
    static struct zj_identify_scratch *scratch;
    if (!rules) {
        zj_job_init(&job);
        assert(!zj_inv_rules_open(&job, &rules));
        scratch = zj_identify_scratch(rules->identifier);
    }
    if (!size || memmem(data, size, "%PDF-", 5)) /* poppler is fuzzed by its own people */
        return 0;
    const struct zj_inv_sink sink = {.object = take_object, .unread = take_unread};
    for (int whole = 0; whole < 2; whole++) {
        struct zj_span rest = zj_span_of(data + 1, size - 1);
        uint8_t *copy = zj_alloc(size); /* a reader may patch what it is given */
        memcpy(copy, data + 1, size - 1);
        struct zj_in in = {.fill = fill_piece, .ctx = &rest, .size = size - 1};
        in.name = names[data[0] % (sizeof names / sizeof *names)];
        if (whole)
            in.whole = zj_span_of(copy, size - 1);
        struct zj_scan scan = {.job = &job,
                               .sink = &sink,
                               .rules = rules,
                               .scratch = scratch,
                               .source = "fuzz",
                               .packed = size - 1,
                               .inflated_max = 1 << 24};
        (void)zj_scan_input(&scan, &in, in.name);
        zj_in_release(&in);
        zj_job_clear(&job);
        zj_arena_reset(&job.arena);
        free(copy);
    }
    return 0;
}
