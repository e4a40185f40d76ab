/* The registers and their fields, for people and for programs. */
#include "cli/cli.h"
#include "register/register.h"

static void print_table(struct zj_job *job, const struct zj_register *reg)
{
    fprintf(job->out, "%s  %s\n", reg->name, zj_tr(job, reg->en, reg->zh));
    for (size_t i = 0; i < reg->field_count; i++) {
        const struct zj_field *f = &reg->fields[i];
        const char *help = zj_tr(job, f->help_en, f->help_zh);
        fprintf(job->out, "  %-16s %s%s%s%s%s\n", f->name, zj_tr(job, f->en, f->zh),
                f->flags & ZJ_FIELD_REQUIRED ? " *" : "", help ? " (" : "", help ? help : "",
                help ? ")" : "");
        for (const struct zj_field_value *v = f->values; v && v->name; v++)
            fprintf(job->out, "  %-16s   %s: %s\n", "", v->name, zj_tr(job, v->en, v->zh));
    }
}

static zj_err run(struct zj_job *job, const void *args, int argc, char **argv)
{
    ZJ_AUTO(zj_buf_release) struct zj_buf buf = {0};
    struct zj_json json = zj_json_to(&buf);
    (void)args; /* it has none of its own */
    const struct zj_register *only = argc ? zj_register_find(argv[0]) : NULL;
    if (argc && !only)
        return zj_fail(job, ZJ_EUSAGE, zj_tr(job, "no register '%s'", "没有登记表“%s”"), argv[0]);
    if (job->output == ZJ_OUTPUT_TABLE) {
        for (size_t i = 0; i < zj_register_count; i++)
            if (!only || only == zj_registers[i])
                print_table(job, zj_registers[i]);
        return ZJ_OK;
    }
    if (only) {
        zj_register_describe(only, &json);
    } else {
        zj_json_object(&json);
        zj_json_key(&json, "registers");
        zj_json_array(&json);
        for (size_t i = 0; i < zj_register_count; i++)
            zj_register_describe(zj_registers[i], &json);
        zj_json_array_end(&json);
        zj_json_object_end(&json);
    }
    fprintf(job->out, "%s\n", zj_buf_cstr(&buf));
    return ZJ_OK;
}

const struct zj_verb zj_verb_registers = {
    .name = "registers",
    .args = "[REGISTER]",
    .en = "tell the registers and their fields",
    .zh = "查看登记表及其字段",
    .examples = (const char *const[]){"zhuji registers cards", "zhuji registers --json", NULL},
    .argc_max = 1,
    .run = run,
};
