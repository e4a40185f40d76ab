/* Packs: any bytes as a YAML file, and what is one read as the pack of columns. */
#include "inventory/columns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct zj_job job;
    struct zj_arena arena = {0};
    struct zj_yaml *root = NULL;
    zj_job_init(&job);
    zj_err err = zj_yaml_parse(&job, &arena, "input", zj_span_of(data, size), &root);
    if (!err && !root)
        abort();
    if (err && !job.message[0])
        abort(); /* a failure without a sentence */
    struct zj_columns columns = {0};
    if (!err && zj_columns_read(&job, "input", root, &columns) && !job.message[0])
        abort();
    zj_arena_release(&arena);
    zj_job_release(&job);
    return 0;
}
