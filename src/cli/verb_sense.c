/* zhuji sense: traffic in, facts out. */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/json.h"
#include "base/size.h"
#include "cli/cli.h"
#include "facts/facts.h"
#include "identify/identify.h"
#include "sense/sense.h"

struct args {
    const char *file;
    const char *interface;
    const char *eve;
    const char *to, *kafka;
    const char *system, *org;
    const char *detections;
    const char *memory, *workers;
    int64_t duration_s;
    bool skips_scan;
    bool parse_only;
};

static const struct zj_opt opts[] = {
    {ZJ_OPT_T_STR, offsetof(struct args, file), "read", 'r', "FILE",
     "a capture, pcap or pcapng, also as gz, zst or xz; - for stdin; further operands are further files",
     "抓包文件（pcap 或 pcapng，可为 gz、zst、xz 压缩），- 表示标准输入；其后的参数为更多文件"},
    {ZJ_OPT_T_STR, offsetof(struct args, interface), "interface", 'i', "IFACE",
     "capture on an interface", "从网络接口实时采集"},
    ZJ_OPT_STR(struct args, eve, "eve", "FILE", "write EVE events to FILE", "将 EVE 事件写入 FILE"),
    ZJ_OPT_STR(struct args, to, "to", "URL",
               "send facts to a server, http://HOST:PORT; its token is in $ZHUJI_TOKEN",
               "将事实发送到服务端 http://主机:端口，令牌取自环境变量 ZHUJI_TOKEN"),
    ZJ_OPT_STR(struct args, kafka, "kafka", "BROKERS[/TOPIC]",
               "send facts to Kafka, for 'zhuji serve --kafka'; TLS and SASL: $ZHUJI_KAFKA_CONF",
               "将事实发送到 Kafka，供 zhuji serve --kafka 消费；TLS、SASL 见 $ZHUJI_KAFKA_CONF"),
    ZJ_OPT_STR(struct args, system, "system", "CODE",
               "facts that no network tells the owner of belong to this system's organisation",
               "无法按网络归属的事实归入该系统所属单位"),
    ZJ_OPT_STR(struct args, org, "org", "CODE", "… to this organisation", "……归入该单位"),
    ZJ_OPT_STR(struct args, detections, "detections", "DIR",
               "numbers and texts of the detections, in place of packs/detections",
               "检测的数值与文字所在目录，代替 packs/detections"),
    ZJ_OPT_STR(struct args, memory, "memory", "SIZE", "budget of all tables, 16M or more (default 1G)",
               "内存预算，不少于 16M（默认 1G）"),
    ZJ_OPT_STR(struct args, workers, "workers", "N",
               "threads, 1 to 64 (default: the cores, for files 2 at most)",
               "线程数，1 至 64（默认为核数，读文件不超过 2）"),
    ZJ_OPT_INT(struct args, duration_s, "duration", "S", "live: stop after S seconds",
               "实时采集时 S 秒后停止"),
    ZJ_OPT_FLAG(struct args, skips_scan, "no-scan",
                "do not look for data types in payloads (what is read: docs/payloads.md)",
                "不在载荷中识别数据类型（查看范围见 docs/payloads.md）"),
    ZJ_OPT_FLAG(struct args, parse_only, "parse-only", "stop after flows", "只解析到会话"),
    ZJ_OPT_END,
};

static uint64_t value_of(const struct zj_sense_stats *stats, size_t i)
{
    uint64_t value;
    memcpy(&value, (const char *)stats + zj_counter_infos[i].offset, sizeof value);
    return value;
}

/* Every message was counted by an earlier reading. */
static bool is_read_again(const struct zj_sense_stats *stats)
{
    return stats->frames && stats->frames_known >= stats->frames;
}

/* Digests of what is read into the store. They are made beside the sensor, once it runs, by what it
 * leaves of the processor. */
struct captures {
    struct zj_job job; /* the thread's own */
    const struct zj_sense_opts *sense;
    struct zj_capture_digest *at;
    size_t count;
    zj_err err;
    pthread_t thread;
    bool runs;
};

static void digest_captures(struct captures *c)
{
    for (size_t i = 0; i < c->sense->file_count && !c->err; i++) {
        c->err = zj_facts_digest(&c->job, c->sense->files[i], &c->at[c->count]);
        c->count += !c->err && c->at[c->count].sha256[0];
    }
}

static void *digest_beside(void *captures)
{
    enum { GIVES_WAY = 10 };
    setpriority(PRIO_PROCESS, 0, GIVES_WAY); /* of this thread alone */
    digest_captures(captures);
    return NULL;
}

static void captures_init(struct zj_job *job, const struct zj_sense_opts *sense,
                          struct captures *out)
{
    *out = (struct captures){.sense = sense};
    zj_job_init(&out->job);
    out->job.lang = job->lang;
    out->job.interrupted = job->interrupted;
    out->at = zj_arena_alloc(&out->job.arena, sense->file_count * sizeof *out->at);
}

static void captures_start(void *ctx)
{
    struct captures *c = ctx;
    c->runs = pthread_create(&c->thread, NULL, digest_beside, c) == 0;
}


static void write_captures(struct zj_json *j, const struct captures *captures)
{
    zj_json_key(j, "captures");
    zj_json_array(j);
    for (size_t i = 0; i < captures->count; i++) {
        zj_json_object(j);
        zj_json_kstr(j, "file", captures->at[i].path);
        zj_json_kstr(j, "sha256", captures->at[i].sha256);
        zj_json_kint(j, "bytes", captures->at[i].bytes);
        zj_json_object_end(j);
    }
    zj_json_array_end(j);
}

static void print_json(struct zj_job *job, const struct zj_sense_stats *stats,
                       const struct zj_sense_faults *faults, const struct captures *captures)
{
    struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    zj_json_object(&j);
    for (size_t i = 0; i < zj_counter_count; i++) {
        zj_json_key(&j, zj_counter_infos[i].name);
        zj_json_uint(&j, value_of(stats, i));
    }
    zj_json_kbool(&j, "already_read", is_read_again(stats));
    if (stats->first_ns) {
        zj_json_key(&j, "first_seen");
        zj_json_time(&j, stats->first_ns);
        zj_json_key(&j, "last_seen");
        zj_json_time(&j, stats->last_ns);
    }
    zj_json_key(&j, "faults");
    zj_json_array(&j);
    for (size_t i = 0; i < faults->count; i++) {
        zj_json_object(&j);
        zj_json_kstr(&j, "file", faults->at[i].file);
        zj_json_kstr(&j, "message", faults->at[i].message);
        zj_json_object_end(&j);
    }
    zj_json_array_end(&j);
    if (captures->count)
        write_captures(&j, captures);
    zj_json_object_end(&j);
    fprintf(job->out, "%s\n", zj_buf_cstr(&text));
    zj_buf_release(&text);
}

/* What happened, on stderr; counters that are zero say nothing, but that there was no packet where
 * nothing was wrong. */
static void print_table(struct zj_job *job, const struct zj_sense_stats *stats, bool is_good)
{
    for (size_t i = 0; i < zj_counter_count; i++)
        if (value_of(stats, i) || (is_good && !stats->packets && i == 0))
            fprintf(stderr, "%14" PRIu64 "  %s\n", value_of(stats, i),
                    zj_tr(job, zj_counter_infos[i].en, zj_counter_infos[i].zh));
    if (is_read_again(stats))
        fprintf(stderr, "%s\n",
                zj_tr(job,
                      "already read: all of this is in the store, counts do not grow, and the "
                      "detections are those of then",
                      "此前已读取：内容均已在库中，各项计数不变，检测命中即当时的命中"));
}

/* Of one bad file its own sentence is the message; of several each has a line before it. */
static zj_err name_bad_files(struct zj_job *job, zj_err err, const struct zj_sense_faults *faults,
                          size_t file_count)
{
    if (faults->count < 2)
        return err;
    for (size_t i = 0; i < faults->count; i++)
        fprintf(stderr, "zhuji: %s\n", faults->at[i].message);
    if (err != ZJ_EINPUT)
        return err;
    zj_job_clear(job); /* it is one of these lines */
    return zj_fail(job, err,
                   zj_tr(job, "of %2$zu files %1$zu could not be read, or not to their end",
                         "%2$zu 个文件中有 %1$zu 个无法读取或未能读完"),
                   faults->count, file_count);
}

/* Facts to one place, events to a file. */
struct eve_sink {
    struct zj_sink sink;
    struct zj_sink *inner;
    const char *path;
    FILE *out;
};

static zj_err eve_fact(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                       const struct zj_cell *cells)
{
    struct eve_sink *s = (struct eve_sink *)sink;
    return s->inner->fact(s->inner, job, kind, cells);
}

static zj_err eve_events(struct zj_sink *sink, struct zj_job *job, struct zj_span lines)
{
    struct eve_sink *s = (struct eve_sink *)sink;
    if (fwrite(lines.at, 1, lines.len, s->out) != lines.len)
        return zj_fail(job, ZJ_EIO, "%s: %s", s->path, zj_strerror(job, errno));
    return ZJ_OK;
}

static zj_err eve_seen(struct zj_sink *sink, struct zj_job *job, const struct zj_seen *seen)
{
    struct eve_sink *s = (struct eve_sink *)sink;
    return s->inner->seen(s->inner, job, seen);
}

static zj_err eve_flush(struct zj_sink *sink, struct zj_job *job)
{
    struct eve_sink *s = (struct eve_sink *)sink;
    if (fflush(s->out) != 0)
        return zj_fail(job, ZJ_EIO, "%s: %s", s->path, zj_strerror(job, errno));
    return s->inner->flush(s->inner, job);
}

/* With --json only the counters are wanted. */
static zj_err drop_fact(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                        const struct zj_cell *cells)
{
    (void)sink, (void)job, (void)kind, (void)cells; /* counted already */
    return ZJ_OK;
}

static zj_err drop_flush(struct zj_sink *sink, struct zj_job *job)
{
    (void)sink, (void)job; /* nothing was kept */
    return ZJ_OK;
}

static void drop_free(struct zj_sink *sink)
{
    free(sink);
}

static struct zj_sink *drop_sink(void)
{
    struct zj_sink *sink = zj_alloc(sizeof *sink);
    *sink = (struct zj_sink){.fact = drop_fact, .flush = drop_flush, .free = drop_free};
    return sink;
}

/* The organisation that facts belong to where no network tells: --org, that of --system, or the
 * only one there is. */
static zj_err find_org(struct zj_job *job, struct zj_store *store, const struct args *args,
                       int64_t *out_org)
{
    const char *sql = args->org ? "SELECT id FROM reg_organisations WHERE code = $1 "
                                  "AND deleted_at = 0"
                                : "SELECT org_id FROM reg_systems WHERE code = $1 AND "
                                  "deleted_at = 0";
    const char *code = args->org ? args->org : args->system;
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *stmt = NULL;
    bool has_row = false;
    if (!code)
        return zj_facts_only_org(job, store, out_org);
    zj_err err = zj_store_prepare(job, store, sql, &stmt);
    if (err)
        return err;
    zj_stmt_bind_str(stmt, 1, code);
    err = zj_stmt_step(job, stmt, &has_row);
    if (!err && !has_row)
        err = zj_fail(job, ZJ_EUSAGE, zj_tr(job, "no row with code %s", "没有编码为 %s 的记录"),
                      code);
    if (!err)
        *out_org = zj_stmt_int(stmt, 0);
    return err;
}

/* Files can be read again; what comes through a pipe comes once. */
static bool are_files(const struct zj_sense_opts *sense)
{
    struct stat st;
    for (size_t i = 0; i < sense->file_count; i++)
        if (stat(sense->files[i], &st) != 0 || !S_ISREG(st.st_mode))
            return false;
    return sense->file_count > 0;
}

/* Captures overlap: what was counted before is told to the sensor, what it counts to the store. */
static zj_err count_once(struct zj_job *job, struct zj_store *store, int64_t org,
                         struct zj_sink *sink, struct zj_sense_opts *sense)
{
    struct zj_seen *seen = NULL;
    if (!are_files(sense))
        return ZJ_OK;
    zj_facts_sink_files(sink);
    zj_err err = zj_facts_seen(job, store, org, &seen, &sense->seen_count);
    sense->seen = seen;
    sense->keeps_seen = !err;
    return err;
}

/* Where facts go: the store, nowhere (only counters are wanted), or lines on the output. */
static zj_err open_sink(struct zj_job *job, const struct args *args, struct zj_store **out_store,
                        struct zj_sink **out_sink, struct zj_sense_opts *sense)
{
    int64_t org = 0;
    if (args->to) {
        const char *token = getenv("ZHUJI_TOKEN");
        if (!token || !token[0])
            return zj_fail(job, ZJ_EUSAGE, "%s",
                           zj_tr(job, "--to needs a token in $ZHUJI_TOKEN ('zhuji user token')",
                                 "--to 需要环境变量 ZHUJI_TOKEN 中的令牌（zhuji user token）"));
        return zj_sink_http(job, args->to, token, out_sink);
    }
    if (args->kafka)
        return zj_sink_kafka(job, args->kafka, out_sink);
    if (!job->has_db) {
        if (args->org || args->system)
            return zj_fail(job, ZJ_EUSAGE,
                           zj_tr(job, "--org and --system need --db", "--org、--system 需要 --db"));
        *out_sink = job->output == ZJ_OUTPUT_JSON ? drop_sink() : zj_sink_jsonl(job->out);
        return ZJ_OK;
    }
    zj_err err = zj_store_open(job, job->db, 0, out_store);
    if (!err)
        err = zj_facts_migrate(job, *out_store);
    if (!err)
        err = find_org(job, *out_store, args, &org);
    if (err)
        return err;
    *out_sink = zj_facts_sink(*out_store, org);
    zj_facts_sink_waits(*out_sink);
    return count_once(job, *out_store, org, *out_sink, sense);
}

/* What nobody's is, only the bureau sees: an officer would look for it in vain. */
static zj_err tell_nobodys(struct zj_job *job, struct zj_store *store)
{
    int64_t count = 0;
    zj_err err = zj_facts_nobodys(job, store, &count);
    if (!err && count && !job->quiet)
        fprintf(stderr,
                zj_tr(job,
                      "%lld facts of the store belong to no organisation, and none sees them: enter "
                      "its networks, or give --org CODE or --system CODE\n",
                      "存储中有 %lld 条事实不属于任何单位，各单位均看不到：请登记单位的自有网段，"
                      "或使用 --org 编码、--system 编码\n"),
                (long long)count);
    return err;
}

/* Waits for the digests, and keeps them where what was read is kept; gives the run's own error first. */
static zj_err captures_keep(struct zj_job *job, struct zj_store *store, const struct args *args,
                            struct captures *c, zj_err of_run)
{
    int64_t org = 0;
    if (!c->sense)
        return of_run;
    if (c->runs)
        pthread_join(c->thread, NULL);
    else if (!of_run || of_run == ZJ_EINPUT) /* there was no thread to be had */
        digest_captures(c);
    c->runs = false;
    if (of_run && of_run != ZJ_EINPUT)
        return of_run;
    zj_err err = c->err;
    if (err)
        err = zj_fail(job, err, "%s", c->job.message);
    else
        err = find_org(job, store, args, &org);
    for (size_t i = 0; i < c->count && !err; i++)
        err = zj_facts_keep_digest(job, store, org, &c->at[i]);
    return of_run ? of_run : err;
}

static zj_err watch(struct zj_job *job, const struct args *args, const struct zj_sense_opts *sense,
                    struct zj_store *store, struct zj_sink *sink)
{
    struct eve_sink eve = {{.fact = eve_fact,
                            .events = eve_events,
                            .flush = eve_flush,
                            .seen = sink->seen ? eve_seen : NULL},
                           sink,
                           args->eve,
                           NULL};
    struct zj_sense_stats stats;
    struct zj_sense_faults faults = {0};
    struct zj_sense_opts with = *sense;
    with.faults = &faults;
    if (args->eve) {
        eve.out = strcmp(args->eve, "-") == 0 ? stdout : fopen(args->eve, "ae");
        if (!eve.out)
            return zj_fail(job, ZJ_EIO, "%s: %s", args->eve, zj_strerror(job, errno));
    }
    struct captures captures = {0};
    if (store && !args->parse_only && sense->file_count)
        captures_init(job, sense, &captures);
    if (captures.sense) {
        with.when_apart = captures_start;
        with.when_apart_ctx = &captures;
    }
    zj_err err = zj_sense_run_apart(job, &with, eve.out ? &eve.sink : sink, &stats);
    if (eve.out && eve.out != stdout && fclose(eve.out) != 0 && !err)
        err = zj_fail(job, ZJ_EIO, "%s: %s", args->eve, zj_strerror(job, errno));
    err = captures_keep(job, store, args, &captures, err);
    if (job->output == ZJ_OUTPUT_JSON)
        print_json(job, &stats, &faults, &captures);
    else if (!job->quiet)
        print_table(job, &stats, !err);
    for (size_t i = 0; i < captures.count && !job->quiet && job->output != ZJ_OUTPUT_JSON; i++)
        fprintf(stderr, "SHA-256 %s  %s\n", captures.at[i].sha256, captures.at[i].path);
    err = name_bad_files(job, err, &faults, sense->file_count);
    zj_sense_faults_release(&faults);
    if (captures.sense)
        zj_job_release(&captures.job);
    return err;
}

/* What is not given stays 0: the sensor then chooses. */
static zj_err read_numbers(struct zj_job *job, const struct args *args, struct zj_sense_opts *sense)
{
    enum { WORKERS_MAX = 64, MEMORY_MIN = 16 << 20 };
    char *end;
    errno = 0;
    const long workers = args->workers ? strtol(args->workers, &end, 10) : 0;
    if (args->workers && (errno || end == args->workers || *end || workers < 1 || workers > WORKERS_MAX))
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "--workers %s: a whole number from 1 to %d is wanted",
                             "--workers %s：应为 1 至 %d 的整数"),
                       args->workers, WORKERS_MAX);
    if (args->memory &&
        (!zj_size_parse(args->memory, &sense->memory_bytes) || sense->memory_bytes < MEMORY_MIN))
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "--memory %s: a size such as 512M is wanted, 16M or more",
                             "--memory %s：应为大小，如 512M，不少于 16M"),
                       args->memory);
    if (args->duration_s < 0)
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "--duration: no negative time", "--duration：时长不能为负"));
    sense->workers = (int)workers;
    return ZJ_OK;
}

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    const struct args *args = opaque;
    if (!args->file == !args->interface || (args->interface && argc))
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "one of -r FILE and -i IFACE is wanted",
                             "需要 -r FILE 或 -i IFACE 之一"));
    if (args->to && args->kafka)
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "one of --to and --kafka", "--to 与 --kafka 只能选一个"));
    const char **files = zj_arena_alloc(&job->arena, ((size_t)argc + 1) * sizeof *files);
    files[0] = args->file;
    for (int i = 0; i < argc; i++)
        files[i + 1] = argv[i];
    struct zj_identifier *identifier = NULL;
    struct zj_detections *detections = NULL;
    struct zj_sense_opts numbers = {0};
    zj_err err = read_numbers(job, args, &numbers);
    if (!err && !args->parse_only)
        err = zj_detections_load(job, args->detections, &detections);
    if (!err && !args->skips_scan && !args->parse_only)
        err = zj_identifier_open(job, &identifier);
    struct zj_sense_opts sense = {.files = files,
                                  .file_count = args->file ? (size_t)argc + 1 : 0,
                                  .interface = args->interface,
                                  .memory_bytes = numbers.memory_bytes,
                                  .workers = numbers.workers,
                                  .want_events = args->eve != NULL,
                                  .scan_payloads = !args->skips_scan,
                                  .identifier = identifier,
                                  .detections = detections,
                                  .parse_only = args->parse_only,
                                  .duration_ms = args->duration_s * 1000};
    ZJ_AUTO(zj_store_closep) struct zj_store *store = NULL;
    struct zj_sink *sink = NULL;
    if (!err)
        err = open_sink(job, args, &store, &sink, &sense);
    if (!err)
        err = watch(job, args, &sense, store, sink);
    if (sink)
        sink->free(sink);
    if (!err && store)
        err = tell_nobodys(job, store);
    free((struct zj_seen *)sense.seen);
    zj_identifier_close(identifier);
    zj_detections_free(detections);
    return err;
}

static const char *const examples[] = {
    "zhuji sense -r capture.pcapng > facts.jsonl",
    "zhuji sense -i eth1 --db zhuji.db --eve eve.json",
    "ZHUJI_TOKEN=zj_... zhuji sense -i eth1 --to http://10.0.0.5:8800",
    "zhuji sense -i eth1 --kafka kafka1:9092,kafka2:9092",
    "tcpdump -i eth1 -w - | zhuji sense -r -",
    NULL,
};

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
