/* What the sensor detects, printed from the descriptors: for people, for programs, for the papers
 * (docs/detections.md is this verb's --markdown). */
#include "base/json.h"
#include "cli/cli.h"
#include "cli/print_rows.h"
#include "sense/sense.h"

struct args {
    bool markdown;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_FLAG(struct args, markdown, "markdown", "print the page of the documents",
                "输出文档页面（Markdown）"),
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

static void put_detection(struct zj_json *j, const struct zj_detection_info *d)
{
    zj_json_object(j);
    zj_json_kstr(j, "name", d->name);
    zj_json_key(j, "signature_id");
    zj_json_uint(j, d->id);
    zj_json_kstr(j, "severity", d->severity);
    zj_json_kstr(j, "title_en", d->en);
    zj_json_kstr(j, "title_zh", d->zh);
    zj_json_kstr(j, "about_en", d->about_en);
    zj_json_kstr(j, "about_zh", d->about_zh);
    put_list(j, "references", d->references);
    put_list(j, "settings", d->settings);
    zj_json_object_end(j);
}

static void put_setting(struct zj_json *j, const struct zj_setting_info *s)
{
    zj_json_object(j);
    zj_json_kstr(j, "name", s->name);
    zj_json_key(j, "value");
    zj_json_int(j, s->value);
    zj_json_kstr(j, "en", s->en);
    zj_json_kstr(j, "zh", s->zh);
    zj_json_object_end(j);
}

static void put_all(struct zj_buf *text)
{
    struct zj_json j = zj_json_to(text);
    zj_json_object(&j);
    zj_json_key(&j, "detections");
    zj_json_array(&j);
    for (size_t i = 0; i < zj_detection_count; i++)
        put_detection(&j, zj_detection_infos[i]);
    zj_json_array_end(&j);
    zj_json_key(&j, "settings");
    zj_json_array(&j);
    for (size_t i = 0; i < zj_setting_count; i++)
        put_setting(&j, &zj_setting_infos[i]);
    zj_json_array_end(&j);
    zj_json_object_end(&j);
    zj_buf_byte(text, '\n');
}

static void put_lines(struct zj_buf *text)
{
    for (size_t i = 0; i < zj_detection_count; i++) {
        struct zj_json j = zj_json_to(text);
        put_detection(&j, zj_detection_infos[i]);
        zj_buf_byte(text, '\n');
    }
}

static void put_joined(struct zj_buf *text, const char *const *list)
{
    for (size_t i = 0; list && list[i]; i++)
        zj_buf_printf(text, "%s%s", i ? ", " : "", list[i]);
}

static void put_markdown(struct zj_buf *text)
{
    zj_buf_str(
        text, "# Detections · 威胁检测\n\n"
              "Printed by `zhuji detections --markdown`. References: R155 = UN Regulation No. 155, "
              "Annex 5, Table A1;\nATM = Auto-ISAC Automotive Threat Matrix; catalogue = number in "
              "the project's list of attacks. An alarm is raised\nonce for a subject; after that "
              "its count grows.\n\n"
              "本页由 `zhuji detections --markdown` 输出。同一对象只告警一次，其后只累计次数。\n\n"
              "| detection · 检测 | id | severity | what is seen · 说明 | references | settings |\n"
              "| --- | --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < zj_detection_count; i++) {
        const struct zj_detection_info *d = zj_detection_infos[i];
        zj_buf_printf(text, "| `%s`<br>%s · %s | %u | %s | %s<br>%s | ", d->name, d->en, d->zh,
                      d->id, d->severity, d->about_en, d->about_zh);
        put_joined(text, d->references);
        zj_buf_str(text, " | ");
        put_joined(text, d->settings);
        zj_buf_str(text, " |\n");
    }
    zj_buf_str(text, "\n## Settings · 阈值\n\n| setting | value | meaning · 含义 |\n"
                     "| --- | --- | --- |\n");
    for (size_t i = 0; i < zj_setting_count; i++)
        zj_buf_printf(text, "| `%s` | %lld | %s · %s |\n", zj_setting_infos[i].name,
                      (long long)zj_setting_infos[i].value, zj_setting_infos[i].en,
                      zj_setting_infos[i].zh);
}

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    (void)argc, (void)argv; /* this verb takes none */
    static const struct zj_print_col cols[] = {
        {"name", "Detection", "检测", 28},
        {"severity", "Severity", "级别", 9},
        {"title_en", "Title", "英文名称", 38},
        {"title_zh", "Chinese", "名称", 0},
    };
    const struct args *args = opaque;
    struct zj_buf text = {0};
    zj_err err = ZJ_OK;
    if (args->markdown)
        put_markdown(&text);
    else if (job->output == ZJ_OUTPUT_JSON)
        put_all(&text);
    else
        put_lines(&text);
    if (!args->markdown && job->output == ZJ_OUTPUT_TABLE)
        err = zj_print_rows(job, cols, ZJ_COUNT(cols), zj_buf_all(&text));
    else
        fwrite(text.at, 1, text.len, job->out);
    zj_buf_release(&text);
    return err;
}

static const char *const examples[] = {"zhuji detections", "zhuji detections --json", NULL};

const struct zj_verb zj_verb_detections = {
    .name = "detections",
    .en = "list what the sensor detects, with references and thresholds",
    .zh = "列出检测规则及其依据与阈值",
    .examples = examples,
    .opts = opts,
    .args_bytes = sizeof(struct args),
    .run = run,
};
