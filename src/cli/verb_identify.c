/* Finds personal and vehicle data in files, or in records with an id each. */
#include <errno.h>
#include <stdio.h>

#include "base/json.h"
#include "base/json_read.h"
#include "base/text.h"
#include "cli/cli.h"
#include "identify/identify.h"

enum {
    CHUNK = 1 << 20,
    OVERLAP = 4096, /* a chunk is cut at the last line end this near to its end */
    FINDS_MAX = 1 << 16,
    LINE_BYTES_MAX = 64 << 20,
};

struct args {
    const char *records;
    bool show;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_STR(struct args, records, "records", "FILE.jsonl", "look through one record a line",
               "逐行检查记录文件"),
    ZJ_OPT_FLAG(struct args, show, "show", "print the values themselves", "显示原值（默认脱敏）"),
    ZJ_OPT_END,
};

/* The first three and the last two characters, stars between; all stars where that is most of it.
 */
static void mask(struct zj_buf *out, struct zj_span value)
{
    size_t count = 0, i = 0;
    for (size_t at = 0; at < value.len; count++) {
        const size_t len = zj_utf8_len(zj_span_part(value, at, 4));
        at += len ? len : 1;
    }
    for (size_t at = 0; at < value.len; i++) {
        const size_t len = zj_utf8_len(zj_span_part(value, at, 4));
        const bool is_shown = count >= 10 ? i < 3 || i + 2 >= count : i == 0;
        if (is_shown && len)
            zj_buf_span(out, zj_span_part(value, at, len));
        else if (i < 24)
            zj_buf_byte(out, '*');
        at += len ? len : 1;
    }
}

struct tally {
    uint64_t of_type[ZJ_TYPE_COUNT];
};

struct run {
    struct zj_job *job;
    const struct args *args;
    struct zj_find *finds; /* FINDS_MAX */
    struct zj_buf line, value;
    struct tally total;
    struct zj_json json; /* of --json */
    struct zj_buf json_text;
};

static void print_find(struct run *run, const char *file, struct zj_span bytes, uint64_t base,
                       const struct zj_find *find)
{
    const struct zj_identify_type_info *info = zj_identify_type_info(find->type);
    const struct zj_span value = zj_span_part(bytes, find->start, find->end - find->start);
    run->value.len = run->line.len = 0;
    if (run->args->show)
        zj_buf_span(&run->value, value);
    else
        mask(&run->value, value);
    if (run->job->output == ZJ_OUTPUT_JSONL) {
        struct zj_json j = zj_json_to(&run->line);
        zj_json_object(&j);
        zj_json_kstr(&j, "file", file);
        zj_json_kstr(&j, "type", info->name);
        zj_json_kint(&j, "start", (int64_t)(base + find->start));
        zj_json_kint(&j, "end", (int64_t)(base + find->end));
        zj_json_kfixed(&j, "score", find->score, 2);
        zj_json_kstr(&j, "why", find->why);
        zj_json_kspan(&j, "value", zj_buf_all(&run->value));
        zj_json_object_end(&j);
    } else {
        zj_buf_printf(
            &run->line, "%s:%llu-%llu\t%s\t", file, (unsigned long long)(base + find->start),
            (unsigned long long)(base + find->end), zj_tr(run->job, info->name, info->zh));
        zj_buf_span(&run->line, zj_buf_all(&run->value));
    }
    zj_buf_byte(&run->line, '\n');
    fwrite(run->line.at, 1, run->line.len, run->job->out);
}

static void scan_chunk(struct run *run, const char *file, struct zj_span bytes, uint64_t base,
                       struct tally *tally)
{
    const size_t count = zj_identify_scan(bytes, run->finds, FINDS_MAX);
    for (size_t i = 0; i < count; i++) {
        tally->of_type[run->finds[i].type]++;
        run->total.of_type[run->finds[i].type]++;
        if (run->job->output != ZJ_OUTPUT_JSON)
            print_find(run, file, bytes, base, &run->finds[i]);
    }
}

/* Where a full chunk is cut so that no value is: behind a line end or a space. */
static size_t cut_of(struct zj_span chunk)
{
    const size_t floor = chunk.len > OVERLAP ? chunk.len - OVERLAP : 0;
    for (size_t at = chunk.len; at > floor; at--)
        if (chunk.at[at - 1] == '\n')
            return at;
    for (size_t at = chunk.len; at > floor; at--)
        if (chunk.at[at - 1] <= ' ')
            return at;
    return chunk.len;
}

static void write_tally(struct zj_json *j, const struct tally *tally)
{
    zj_json_object(j);
    for (size_t i = 0; i < ZJ_TYPE_COUNT; i++)
        if (tally->of_type[i])
            zj_json_kint(j, zj_identify_type_info((enum zj_identify_type)i)->name,
                         (int64_t)tally->of_type[i]);
    zj_json_object_end(j);
}

/* A packed file shows nothing to a scan of its bytes: the name of its kind, else NULL. */
static const char *packed_kind(struct zj_span head)
{
    static const struct {
        struct zj_span magic;
        const char *name;
    } kinds[] = {
        {ZJ_SPAN_LIT("PK\x03\x04"), "zip, xlsx, docx"},
        {ZJ_SPAN_LIT("\x1f\x8b"), "gzip"},
        {ZJ_SPAN_LIT("\xfd"
                     "7zXZ"),
         "xz"},
        {ZJ_SPAN_LIT("7z\xbc\xaf"), "7z"},
        {ZJ_SPAN_LIT("\x28\xb5\x2f\xfd"), "zstd"},
        {ZJ_SPAN_LIT("BZh"), "bzip2"},
    };
    for (size_t i = 0; i < ZJ_COUNT(kinds); i++)
        if (zj_span_starts(head, kinds[i].magic))
            return kinds[i].name;
    return NULL;
}

static zj_err scan_file(struct run *run, const char *path)
{
    const bool is_stdin = strcmp(path, "-") == 0;
    FILE *in = is_stdin ? stdin : fopen(path, "rb");
    if (!in)
        return zj_fail(run->job, ZJ_EINPUT, "%s: %s", path, strerror(errno));
    ZJ_AUTO(zj_freep) uint8_t *chunk = zj_alloc(CHUNK);
    struct tally tally = {0};
    const char *packed = NULL;
    uint64_t base = 0;
    size_t have = 0, got;
    errno = 0;
    while ((got = fread(chunk + have, 1, CHUNK - have, in)) > 0 && !zj_is_interrupted(run->job)) {
        if (!base && !have)
            packed = packed_kind(zj_span_of(chunk, got));
        have += got;
        if (have < CHUNK)
            continue;
        const size_t cut = cut_of(zj_span_of(chunk, have));
        scan_chunk(run, path, zj_span_of(chunk, cut), base, &tally);
        memmove(chunk, chunk + cut, have - cut);
        have -= cut;
        base += cut;
    }
    scan_chunk(run, path, zj_span_of(chunk, have), base, &tally);
    const int reason = ferror(in) ? errno : 0;
    if (!is_stdin)
        fclose(in);
    if (run->job->output == ZJ_OUTPUT_JSON) {
        zj_json_object(&run->json);
        zj_json_kstr(&run->json, "file", path);
        zj_json_kint(&run->json, "bytes", (int64_t)(base + have));
        zj_json_key(&run->json, "types");
        write_tally(&run->json, &tally);
        zj_json_object_end(&run->json);
    }
    if (packed)
        return zj_fail(run->job, ZJ_EINPUT,
                       zj_tr(run->job, "%s: packed (%s), not looked into: give what is inside",
                             "%s：压缩文件（%s），未查看其内容，请解包后再识别"),
                       path, packed);
    return reason ? zj_fail(run->job, ZJ_EINPUT, "%s: %s", path, strerror(reason)) : ZJ_OK;
}

static void write_record(struct run *run, const char *id, struct zj_span bytes)
{
    const size_t count = zj_identify_scan(bytes, run->finds, FINDS_MAX);
    run->line.len = 0;
    struct zj_json j = zj_json_to(&run->line);
    zj_json_object(&j);
    zj_json_kstr(&j, "id", id);
    zj_json_key(&j, "found");
    zj_json_array(&j);
    for (size_t i = 0; i < count; i++) {
        const struct zj_find *find = &run->finds[i];
        zj_json_object(&j);
        zj_json_kstr(&j, "type", zj_identify_type_info(find->type)->name);
        zj_json_kint(&j, "start", find->start);
        zj_json_kint(&j, "end", find->end);
        zj_json_kfixed(&j, "score", find->score, 2);
        zj_json_object_end(&j);
    }
    zj_json_array_end(&j);
    zj_json_object_end(&j);
    zj_buf_byte(&run->line, '\n');
    fwrite(run->line.at, 1, run->line.len, run->job->out);
}

static zj_err scan_record(struct run *run, struct zj_span text)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    const zj_err err = zj_jdoc_parse(run->job, text, LINE_BYTES_MAX, &doc);
    if (err)
        return err;
    const struct zj_jval *root = zj_jdoc_root(doc), *hex = zj_jval_get(root, "hex");
    const char *id = zj_jval_cstr(zj_jval_get(root, "id"), NULL);
    if (!hex) {
        write_record(run, id, zj_jval_text(zj_jval_get(root, "text")));
        return ZJ_OK;
    }
    struct zj_buf bytes = {0};
    const bool is_hex = zj_buf_from_hex(&bytes, zj_jval_text(hex));
    if (is_hex)
        write_record(run, id, zj_buf_all(&bytes));
    zj_buf_release(&bytes);
    return is_hex ? ZJ_OK
                  : zj_fail(run->job, ZJ_EINPUT,
                            zj_tr(run->job, "hex: no hex digits", "hex：不是十六进制"));
}

static zj_err scan_records(struct run *run, const char *path)
{
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (!in)
        return zj_fail(run->job, ZJ_EINPUT, "%s: %s", path, strerror(errno));
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
        const zj_err err = scan_record(run, text);
        if (err && !worst)
            worst = zj_fail(run->job, err, zj_tr(run->job, "%s: line %zu", "%s：第 %zu 行"), path,
                            number);
    }
    if (in != stdin)
        fclose(in);
    return worst;
}

/* Goes on after a file that cannot be read; the first failure is the one told. */
static zj_err scan_files(struct run *run, int argc, char **argv)
{
    zj_err worst = ZJ_OK;
    const bool is_json = run->job->output == ZJ_OUTPUT_JSON;
    if (is_json) {
        run->json = zj_json_to(&run->json_text);
        zj_json_object(&run->json);
        zj_json_key(&run->json, "files");
        zj_json_array(&run->json);
    }
    for (int i = 0; i < argc && !zj_is_interrupted(run->job); i++) {
        char message[sizeof run->job->message];
        memcpy(message, run->job->message, sizeof message);
        zj_job_clear(run->job);
        const zj_err err = scan_file(run, argv[i]);
        if (worst)
            memcpy(run->job->message, message, sizeof message);
        else
            worst = err;
    }
    if (is_json) {
        zj_json_array_end(&run->json);
        zj_json_key(&run->json, "types");
        write_tally(&run->json, &run->total);
        zj_json_object_end(&run->json);
        fprintf(run->job->out, "%s\n", zj_buf_cstr(&run->json_text));
    }
    return worst;
}

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    const struct args *args = opaque;
    if (!!args->records == (argc > 0))
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "give FILE... or --records FILE.jsonl",
                             "请给出 FILE… 或 --records FILE.jsonl"));
    struct run run = {.job = job, .args = args};
    run.finds = zj_alloc(FINDS_MAX * sizeof *run.finds);
    const zj_err err =
        args->records ? scan_records(&run, args->records) : scan_files(&run, argc, argv);
    free(run.finds);
    zj_buf_release(&run.line);
    zj_buf_release(&run.value);
    zj_buf_release(&run.json_text);
    return err;
}

static const char *const examples[] = {
    "zhuji identify export.csv telemetry.log",
    "zhuji identify --jsonl --show - < dump.json",
    "zhuji identify --records records.jsonl",
    NULL,
};

const struct zj_verb zj_verb_identify = {
    .name = "identify",
    .args = "(FILE... | - | --records FILE.jsonl)",
    .en = "find personal and vehicle data in files",
    .zh = "在文件中识别个人信息与车辆数据",
    .examples = examples,
    .opts = opts,
    .argc_max = -1,
    .args_bytes = sizeof(struct args),
    .run = run,
};
