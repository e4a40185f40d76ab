/* Finds personal and vehicle data in files and folders, or in records with an id each. */
#include <errno.h>
#include <stdio.h>

#include "base/json.h"
#include "base/json_read.h"
#include "cli/cli.h"
#include "cli/identify_files.h"

enum { LINE_BYTES_MAX = 64 << 20 };

struct run {
    struct zj_job *job;
    const struct zj_identify_args *args;
    struct zj_identifier *identifier;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_STR(struct zj_identify_args, records, "records", "FILE.jsonl",
               "look through one record a line", "逐行检查记录文件"),
    ZJ_OPT_FLAG(struct zj_identify_args, show, "show", "print the values themselves",
                "显示原值（默认脱敏）"),
    ZJ_OPT_FLAG(struct zj_identify_args, explain, "explain", "say why: pattern, check, word, form",
                "说明依据：模式、校验、上下文词、编码"),
    ZJ_OPT_FLAG(struct zj_identify_args, types, "types", "list the types", "列出全部类型"),
    ZJ_OPT_INT(struct zj_identify_args, threads, "threads", "N", "threads (default: one a core)",
               "线程数（默认每核一个）"),
    ZJ_OPT_END,
};

static void write_record(struct run *run, struct zj_identify_scratch *scratch, const char *id,
                         struct zj_span bytes)
{
    const struct zj_find *finds;
    struct zj_buf line = {0};
    const size_t count = zj_identify_find(scratch, bytes, &finds);
    struct zj_json j = zj_json_to(&line);
    zj_json_object(&j);
    zj_json_kstr(&j, "id", id);
    zj_json_key(&j, "found");
    zj_json_array(&j);
    for (size_t i = 0; i < count; i++) {
        zj_json_object(&j);
        zj_json_kstr(&j, "type", zj_identify_type_info((enum zj_identify_type)finds[i].type)->name);
        zj_json_kint(&j, "start", finds[i].start);
        zj_json_kint(&j, "end", finds[i].end);
        zj_json_kfixed(&j, "score", finds[i].score, 2);
        if (run->args->explain) {
            zj_identify_put_why(&j, finds[i].why);
            zj_identify_put_context(&j, &finds[i]);
        }
        zj_json_object_end(&j);
    }
    zj_json_array_end(&j);
    zj_json_object_end(&j);
    zj_buf_byte(&line, '\n');
    fwrite(line.at, 1, line.len, run->job->out);
    zj_buf_release(&line);
}

static zj_err scan_record(struct run *run, struct zj_identify_scratch *scratch, struct zj_span text)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    const zj_err err = zj_jdoc_parse(run->job, text, LINE_BYTES_MAX, &doc);
    if (err)
        return err;
    const struct zj_jval *root = zj_jdoc_root(doc), *hex = zj_jval_get(root, "hex");
    const char *id = zj_jval_cstr(zj_jval_get(root, "id"), NULL);
    if (!hex) {
        write_record(run, scratch, id, zj_jval_text(zj_jval_get(root, "text")));
        return ZJ_OK;
    }
    struct zj_buf bytes = {0};
    const bool is_hex = zj_buf_from_hex(&bytes, zj_jval_text(hex));
    if (is_hex)
        write_record(run, scratch, id, zj_buf_all(&bytes));
    zj_buf_release(&bytes);
    return is_hex ? ZJ_OK
                  : zj_fail(run->job, ZJ_EINPUT,
                            zj_tr(run->job, "hex: no hex digits", "hex：不是十六进制"));
}

static zj_err scan_records(struct run *run, const char *path)
{
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (!in)
        return zj_fail(run->job, ZJ_EINPUT, "%s: %s", path, zj_strerror(run->job, errno));
    struct zj_identify_scratch *scratch = zj_identify_scratch(run->identifier);
    ZJ_AUTO(zj_freep) char *line = NULL;
    size_t room = 0, number = 0;
    ssize_t len;
    zj_err worst = ZJ_OK;
    while ((len = getline(&line, &room, in)) >= 0 && !zj_is_interrupted(run->job)) {
        number++;
        const struct zj_span text = zj_span_trim(zj_span_of(line, (size_t)len));
        if (!text.len)
            continue;
        if (!worst)
            zj_job_clear(run->job);
        const zj_err err = scan_record(run, scratch, text);
        if (err && !worst)
            worst = zj_fail(run->job, err, zj_tr(run->job, "%s: line %zu", "%s：第 %zu 行"), path,
                            number);
    }
    if (in != stdin)
        fclose(in);
    zj_identify_scratch_free(scratch);
    return worst;
}

static zj_err list_types(struct zj_job *job)
{
    for (size_t i = 0; i < ZJ_TYPE_COUNT; i++) {
        const struct zj_identify_type_info *info = zj_identify_type_info((enum zj_identify_type)i);
        struct zj_buf line = {0};
        if (job->output == ZJ_OUTPUT_TABLE) {
            zj_buf_printf(&line, "%-20s %s", info->name, zj_tr(job, info->en, info->zh));
        } else {
            struct zj_json j = zj_json_to(&line);
            zj_json_object(&j);
            zj_json_kstr(&j, "type", info->name);
            zj_json_kstr(&j, "en", info->en);
            zj_json_kstr(&j, "zh", info->zh);
            zj_json_kbool(&j, "is_personal", info->is_personal);
            zj_json_object_end(&j);
        }
        fprintf(job->out, "%s\n", zj_buf_cstr(&line));
        zj_buf_release(&line);
    }
    return ZJ_OK;
}

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    const struct zj_identify_args *args = opaque;
    if (args->types)
        return list_types(job);
    if (!!args->records == (argc > 0))
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "give FILE... or --records FILE.jsonl",
                             "请给出 FILE… 或 --records FILE.jsonl"));
    struct run run = {.job = job, .args = args};
    zj_err err = zj_identifier_open(job, &run.identifier);
    if (!err)
        err = args->records ? scan_records(&run, args->records)
                            : zj_identify_files(job, args, run.identifier, argc, argv);
    zj_identifier_close(run.identifier);
    return err;
}

static const char *const examples[] = {
    "zhuji identify export.csv telemetry.log",
    "zhuji identify --explain /var/log/tsp",
    "zhuji identify --jsonl --show - < dump.json",
    "zhuji identify --records records.jsonl",
    NULL,
};

const struct zj_verb zj_verb_identify = {
    .name = "identify",
    .args = "(FILE... | - | --records FILE.jsonl | --types)",
    .en = "find personal and vehicle data in files",
    .zh = "在文件中识别个人信息与车辆数据",
    .examples = examples,
    .opts = opts,
    .argc_max = -1,
    .args_bytes = sizeof(struct zj_identify_args),
    .run = run,
};
