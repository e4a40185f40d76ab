/* zhuji sense: traffic in, facts out. */
#include <inttypes.h>

#include "base/json.h"
#include "cli/cli.h"
#include "sense/sense.h"

struct args {
    const char *file;
    const char *interface;
    const char *eve;
    int64_t memory_bytes;
    int64_t workers;
    int64_t duration_s;
    bool skips_scan;
    bool parse_only;
};

static const struct zj_opt opts[] = {
    {ZJ_OPT_T_STR, offsetof(struct args, file), "read", 'r', "FILE",
     "a capture, pcap or pcapng; - for stdin; further operands are further files",
     "抓包文件（pcap 或 pcapng），- 表示标准输入；其后的参数为更多文件"},
    {ZJ_OPT_T_STR, offsetof(struct args, interface), "interface", 'i', "IFACE",
     "capture on an interface", "从网络接口实时采集"},
    ZJ_OPT_STR(struct args, eve, "eve", "FILE", "write EVE events to FILE", "将 EVE 事件写入 FILE"),
    ZJ_OPT_SIZE(struct args, memory_bytes, "memory", "SIZE", "budget of all tables (default 1G)",
                "内存预算（默认 1G）"),
    ZJ_OPT_INT(struct args, workers, "workers", "N", "threads (default: 1 for files)",
               "工作线程数（读文件默认 1）"),
    ZJ_OPT_INT(struct args, duration_s, "duration", "S", "live: stop after S seconds",
               "实时采集时 S 秒后停止"),
    ZJ_OPT_FLAG(struct args, skips_scan, "no-scan", "do not look for data types in payloads",
                "不在载荷中识别数据类型"),
    ZJ_OPT_FLAG(struct args, parse_only, "parse-only", "stop after flows", "只解析到会话"),
    ZJ_OPT_END,
};

static uint64_t value_of(const struct zj_sense_stats *stats, size_t i)
{
    uint64_t value;
    memcpy(&value, (const char *)stats + zj_counter_infos[i].offset, sizeof value);
    return value;
}

static void print_json(struct zj_job *job, const struct zj_sense_stats *stats)
{
    struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    zj_json_object(&j);
    for (size_t i = 0; i < zj_counter_count; i++) {
        zj_json_key(&j, zj_counter_infos[i].name);
        zj_json_uint(&j, value_of(stats, i));
    }
    if (stats->first_ns) {
        zj_json_key(&j, "first_seen");
        zj_json_time(&j, stats->first_ns);
        zj_json_key(&j, "last_seen");
        zj_json_time(&j, stats->last_ns);
    }
    zj_json_object_end(&j);
    fprintf(job->out, "%s\n", zj_buf_cstr(&text));
    zj_buf_release(&text);
}

/* What happened, on stderr; counters that are zero say nothing. */
static void print_table(struct zj_job *job, const struct zj_sense_stats *stats)
{
    for (size_t i = 0; i < zj_counter_count; i++)
        if (value_of(stats, i))
            fprintf(stderr, "%14" PRIu64 "  %s\n", value_of(stats, i),
                    zj_tr(job, zj_counter_infos[i].en, zj_counter_infos[i].zh));
}

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    const struct args *args = opaque;
    if (!args->file == !args->interface)
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "one of -r FILE and -i IFACE is wanted",
                             "需要 -r FILE 或 -i IFACE 之一"));
    const char **files = zj_arena_alloc(&job->arena, ((size_t)argc + 1) * sizeof *files);
    files[0] = args->file;
    for (int i = 0; i < argc; i++)
        files[i + 1] = argv[i];
    const struct zj_sense_opts sense = {.files = files,
                                        .file_count = args->file ? (size_t)argc + 1 : 0,
                                        .interface = args->interface,
                                        .memory_bytes = args->memory_bytes,
                                        .workers = (int)args->workers,
                                        .want_events = args->eve != NULL,
                                        .scan_payloads = !args->skips_scan,
                                        .parse_only = args->parse_only,
                                        .duration_ms = args->duration_s * 1000};
    struct zj_sense_stats stats;
    FILE *nowhere = job->output == ZJ_OUTPUT_JSON ? fopen("/dev/null", "w") : NULL;
    struct zj_sink *sink = zj_sink_jsonl(nowhere ? nowhere : job->out);
    zj_err err = zj_sense_run(job, &sense, sink, &stats);
    sink->free(sink);
    if (nowhere)
        fclose(nowhere);
    if (job->output == ZJ_OUTPUT_JSON)
        print_json(job, &stats);
    else if (!job->quiet)
        print_table(job, &stats);
    return err;
}

static const char *const examples[] = {"zhuji sense -r capture.pcapng", NULL};

const struct zj_verb zj_verb_sense = {
    .name = "sense",
    .args = "(-r FILE... | -i IFACE)",
    .en = "watch traffic: facts, detections, events",
    .zh = "观测流量：事实、检测与事件",
    .examples = examples,
    .opts = opts,
    .argc_max = -1,
    .args_bytes = sizeof(struct args),
    .run = run,
};
