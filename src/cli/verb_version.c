#include "base/json.h"
#include "cli/cli.h"

#ifndef ZJ_VERSION
#define ZJ_VERSION "0.1.0"
#endif

static zj_err run(struct zj_job *job, const void *args, int argc, char **argv)
{
    (void)args, (void)argc, (void)argv; /* this verb takes none */
    if (job->output == ZJ_OUTPUT_TABLE) {
        fprintf(job->out, "zhuji %s\n", ZJ_VERSION);
        return ZJ_OK;
    }
    struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    zj_json_object(&j);
    zj_json_kstr(&j, "version", ZJ_VERSION);
    zj_json_object_end(&j);
    fprintf(job->out, "%s\n", zj_buf_cstr(&text));
    zj_buf_release(&text);
    return ZJ_OK;
}

const struct zj_verb zj_verb_version = {
    .name = "version",
    .en = "print the version",
    .zh = "显示版本",
    .run = run,
};
