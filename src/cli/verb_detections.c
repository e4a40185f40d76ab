/* What the sensor detects, printed from the descriptors: for people, for programs, for the papers
 * (docs/detections.md is this verb's --markdown); and what it has detected, from the store. */
#include "base/json.h"
#include "cli/cli.h"
#include "cli/detections_seen.h"
#include "cli/print_rows.h"
#include "sense/sense.h"

struct args {
    bool markdown, seen;
    const char *detections;
    struct zj_seen_filter filter;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_FLAG(struct args, markdown, "markdown", "print the page of the documents",
                "输出文档页面（Markdown）"),
    ZJ_OPT_STR(struct args, detections, "detections", "DIR",
               "numbers and texts of the detections, in place of packs/detections",
               "检测的数值与文字所在目录，代替 packs/detections"),
    ZJ_OPT_FLAG(struct args, seen, "seen", "what was detected, from the store; the options below imply it",
                "列出库中的命中记录；使用以下选项时可省略"),
    ZJ_OPT_STR(struct args, filter.rule, "rule", "NAME", "of one detection", "只看某项检测"),
    ZJ_OPT_STR(struct args, filter.severity, "severity", "high|medium|low", "of one severity",
               "只看某个级别"),
    ZJ_OPT_STR(struct args, filter.subject, "subject", "ID",
               "of one vehicle, terminal, address or client; ID* by its beginning",
               "只看某个车辆、终端、地址或客户端；ID* 按开头匹配"),
    ZJ_OPT_STR(struct args, filter.since, "since", "TIME", "seen at this day or time, or later",
               "只看此日期或时间以后出现的"),
    ZJ_OPT_STR(struct args, filter.org, "org", "CODE", "of one organisation", "只看某个单位"),
    ZJ_OPT_STR(struct args, filter.fail_on, "fail-on", "high|medium|low",
               "exit 1 where one of this severity or worse was seen",
               "存在该级别及以上命中时退出码为 1"),
    ZJ_OPT_STR(struct args, filter.format, "format", "xlsx|csv|pdf",
               "where the file's name does not say it", "文件名未表明格式时指定"),
    ZJ_OPT_END,
};

static void put_list(struct zj_json *j, const char *key, const char *const *list)
{
    zj_json_key(j, key);
    zj_json_array(j);
    for (; list && *list; list++)
        zj_json_str(j, *list);
    zj_json_array_end(j);
}

static void put_value(struct zj_json *j, const struct zj_detection_value *v)
{
    zj_json_object(j);
    zj_json_kstr(j, "name", v->name);
    zj_json_key(j, "value");
    zj_json_int(j, v->value);
    zj_json_key(j, "min");
    zj_json_int(j, v->min);
    zj_json_key(j, "max");
    zj_json_int(j, v->max);
    zj_json_kstr(j, "en", v->en);
    zj_json_kstr(j, "zh", v->zh);
    zj_json_object_end(j);
}

static void put_detection(struct zj_json *j, const struct zj_detection_info *d)
{
    zj_json_object(j);
    zj_json_kstr(j, "name", d->name);
    zj_json_key(j, "signature_id");
    zj_json_uint(j, d->id);
    zj_json_kbool(j, "enabled", !d->is_off);
    zj_json_kstr(j, "severity", d->severity);
    zj_json_kstr(j, "title_en", d->en);
    zj_json_kstr(j, "title_zh", d->zh);
    zj_json_kstr(j, "about_en", d->about_en);
    zj_json_kstr(j, "about_zh", d->about_zh);
    zj_json_kstr(j, "todo_en", d->todo_en);
    zj_json_kstr(j, "todo_zh", d->todo_zh);
    put_list(j, "references", d->references);
    zj_json_kstr(j, "source", d->source);
    zj_json_kstr(j, "mark", d->mark);
    zj_json_key(j, "settings");
    zj_json_array(j);
    for (size_t i = 0; i < d->value_count; i++)
        put_value(j, &d->values[i]);
    zj_json_array_end(j);
    zj_json_object_end(j);
}

static void put_all(struct zj_buf *text, const struct zj_detections *all)
{
    struct zj_json j = zj_json_to(text);
    zj_json_object(&j);
    zj_json_key(&j, "detections");
    zj_json_array(&j);
    for (size_t i = 0; i < all->count; i++)
        put_detection(&j, &all->infos[i]);
    zj_json_array_end(&j);
    zj_json_object_end(&j);
    zj_buf_byte(text, '\n');
}

static void put_lines(struct zj_buf *text, const struct zj_detections *all)
{
    for (size_t i = 0; i < all->count; i++) {
        struct zj_json j = zj_json_to(text);
        put_detection(&j, &all->infos[i]);
        zj_buf_byte(text, '\n');
    }
}

/* A row of the table: what fits on a line, with the numbers in force. */
static void put_short(const struct zj_job *job, struct zj_buf *text,
                      const struct zj_detections *all)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct zj_detection_info *d = &all->infos[i];
        ZJ_AUTO(zj_buf_release) struct zj_buf values = {0};
        for (size_t k = 0; k < d->value_count; k++)
            zj_buf_printf(&values, "%s%s=%lld", k ? " " : "", d->values[k].name,
                          (long long)d->values[k].value);
        struct zj_json j = zj_json_to(text);
        zj_json_object(&j);
        zj_json_kstr(&j, "name", d->name);
        zj_json_kstr(&j, "severity", d->is_off ? zj_tr(job, "off", "停用") : d->severity);
        zj_json_kstr(&j, "title", zj_tr(job, d->en, d->zh));
        zj_json_kstr(&j, "values", zj_buf_cstr(&values));
        zj_json_object_end(&j);
        zj_buf_byte(text, '\n');
    }
}

static void put_joined(struct zj_buf *text, const char *const *list)
{
    for (size_t i = 0; list && list[i]; i++)
        zj_buf_printf(text, "%s%s", i ? ", " : "", list[i]);
}

static void put_markdown(struct zj_buf *text, const struct zj_detections *all)
{
    zj_buf_str(
        text,
        "# Detections · 威胁检测\n\n"
        "Printed by `zhuji detections --markdown`. References: R155 = UN Regulation No. 155, "
        "Annex 5, Table A1;\nATM = Auto-ISAC Automotive Threat Matrix; catalogue = number in "
        "the project's list of attacks. An alarm is raised\nonce for a subject; after that "
        "its count grows. Numbers, texts and severity stand in `packs/detections/`, a file "
        "each;\na copy of that folder with other numbers is taken by "
        "`--detections DIR`, and `enabled: no` turns one off.\n\n"
        "本页由 `zhuji detections --markdown` "
        "输出。同一对象只告警一次，其后只累计次数。数值、文字与级别见 "
        "`packs/detections/`，\n每项一个文件；另存该目录并修改后用 `--detections DIR` 指定，"
        "`enabled: no` 停用该项。\n\n"
        "| detection · 检测 | id | severity | what is seen · 说明 | references | numbers · 数值 |\n"
        "| --- | --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < all->count; i++) {
        const struct zj_detection_info *d = &all->infos[i];
        zj_buf_printf(text, "| `%s`<br>%s · %s | %u | %s | %s<br>%s | ", d->name, d->en, d->zh,
                      d->id, d->severity, d->about_en, d->about_zh);
        put_joined(text, d->references);
        zj_buf_str(text, " | ");
        for (size_t k = 0; k < d->value_count; k++)
            zj_buf_printf(text, "%s`%s` = %lld: %s · %s", k ? "<br>" : "", d->values[k].name,
                          (long long)d->values[k].value, d->values[k].en, d->values[k].zh);
        zj_buf_str(text, " |\n");
    }
}

static zj_err print_short(struct zj_job *job, const struct zj_detections *all)
{
    static const struct zj_print_col cols[] = {
        ZJ_PRINT("name", "Detection", "检测", 28),
        ZJ_PRINT("severity", "Severity", "级别", 9),
        ZJ_PRINT("title", "Title", "名称", 38),
        ZJ_PRINT("values", "Numbers in force", "生效数值", 0),
    };
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    put_short(job, &text, all);
    return zj_print_rows(job, cols, ZJ_COUNT(cols), zj_buf_all(&text));
}

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    (void)argc, (void)argv; /* this verb takes none */
    const struct args *args = opaque;
    struct zj_detections *all = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    zj_err err = zj_detections_load(job, args->detections, &all);
    if (err)
        return err;
    if (args->seen || zj_seen_is_asked(&args->filter))
        err = zj_print_seen(job, all, &args->filter);
    else if (args->markdown)
        put_markdown(&text, all);
    else if (job->output == ZJ_OUTPUT_JSON)
        put_all(&text, all);
    else if (job->output == ZJ_OUTPUT_JSONL)
        put_lines(&text, all);
    else
        err = print_short(job, all);
    if (text.len)
        fwrite(text.at, 1, text.len, job->out); /* a failure shows when the output is closed */
    zj_detections_free(all);
    return err;
}

static const char *const examples[] = {"zhuji detections", "zhuji detections --json",
                                       "zhuji detections --seen --since 2026-09-01",
                                       "zhuji detections --seen --severity high -o hits.xlsx", NULL};

const struct zj_verb zj_verb_detections = {
    .name = "detections",
    .en = "what the sensor detects, with references and thresholds; --seen: what it detected",
    .zh = "列出检测规则及其依据与阈值；--seen 列出命中记录",
    .examples = examples,
    .papers = "xlsx, csv, pdf",
    .opts = opts,
    .args_bytes = sizeof(struct args),
    .run = run,
};
