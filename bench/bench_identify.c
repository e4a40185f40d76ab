/* Rates of identify against peers on the same bytes in one run, in CPU seconds: memcpy, grep -c of
 * a literal, ripgrep, PCRE2-JIT and Hyperscan with the patterns of the types as one would write
 * them.
 *
 *   bench_identify [MEGABYTES [alone|print [0|…|5]]]
 *
 * alone: without the peers; print: no more than the bytes; a number: one corpus alone.
 *
 * Corpora: telemetry records of which 2 in 100 hold a value, records that all hold one, or three,
 * records of 620 bytes that all hold ten kinds, and Chinese text of which 2 lines in 100 hold one.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <hs/hs.h>
#include <pcre2.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/job.h"
#include "identify/identify.h"

extern char **environ;

enum { ROUNDS = 5 };

static const char *const patterns[] = {
    "[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9Xx]",
    "[1-9][0-9]{14}",
    "9[0-9]{16}[0-9X]",
    "[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}",
    "[A-HJ-NPR-Z0-9]{17}",
    ("(?:京|津|冀|晋|蒙|辽|吉|黑|沪|苏|浙|皖|闽|赣|鲁|豫|鄂|湘|粤|桂|琼|渝|川|贵|云|藏|陕|甘|青|宁|"
     "新)[A-Z][A-Z0-9]{5,6}"),
    "1[3-9][0-9]{9}",
    "1(?:4[0-4]|064)[0-9]{9,10}",
    "0[0-9]{2,3}-[0-9]{7,8}",
    "8986[0-9A-F]{15,16}",
    "460[0-9]{12}",
    "[0-9]{15}",
    "62[0-9]{14,17}",
    "[EG][0-9]{8}",
    "[CWHM][0-9]{8,10}",
    "[0-9]{12}",
    "[0-9]{13}",
    "(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}",
    "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}",
    "[0-9a-f]{0,4}:[0-9a-f]{0,4}:[0-9a-f:]{2,}",
    "[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}",
    "-?[0-9]{1,3}\\.[0-9]{5,}",
    "\\$G[PN](?:RMC|GGA|GLL),[^*]{10,80}\\*[0-9A-F]{2}",
    "姓名[:：\"= ]{1,4}[\xe4-\xe9]..",
    "(?:路|街|道)[0-9]+号",
    "face[A-Za-z_]*\"?[:=]",
    "(?:password|passwd|pwd|secret|token)[\"']?[:=]",
    "-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+",
    "(?:AKIA|ASIA)[0-9A-Z]{16}",
    "LTAI[0-9A-Za-z]{12,20}",
    "ssid[\"']?[:=]",
    "发动机号",
    "[0-9A-Z]{3}[PMC][A-GZ][0-9A-Z]{19}",
    "(?:connectorid|evseid)[\"']?[:=]",
    "hashedid8",
    "车架号",
    "档案编号",
    "护照",
    "OpenDRIVE",
};

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t state = 20261122;

static unsigned below(unsigned limit)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((state >> 33) % limit);
}

static void put_value(struct zj_buf *out, unsigned kind)
{
    switch (kind % 6) {
    case 0:
        zj_buf_printf(out, ",\"phone\":\"1380%07u\"", below(10000000));
        break;
    case 1:
        zj_buf_str(out, ",\"vin\":\"1M8GDM9AXKP042788\"");
        break;
    case 2:
        zj_buf_str(out, ",\"idcard\":\"11010519491231002X\"");
        break;
    case 3:
        zj_buf_printf(out, ",\"lat\":39.%06u,\"lng\":116.%06u", below(1000000), below(1000000));
        break;
    case 4:
        zj_buf_printf(out, ",\"imsi\":\"46000%010u\"", below(1000000000));
        break;
    default:
        zj_buf_printf(out, ",\"plate\":\"京A%05u\"", below(100000));
    }
}

/* About 300 bytes. */
static void put_record(struct zj_buf *out, unsigned values)
{
    zj_buf_printf(out,
                  "{\"ts\":17%011u,\"seq\":%u,\"speed\":%u.%u,\"rpm\":%u,\"odo\":%u.%u,"
                  "\"soc\":%u,\"volt\":%u.%u,\"curr\":-%u.%u,\"tmax\":%u,\"tmin\":%u,\"gear\":"
                  "\"D\",\"brake\":%u,\"throttle\":%u,\"state\":\"running\",\"mode\":\"EV\","
                  "\"fault\":[],\"cells\":[3.%03u,3.%03u,3.%03u,3.%03u,3.%03u,3.%03u]",
                  below(1000000000), below(1000000), below(120), below(10), below(8000),
                  below(200000), below(10), below(100), below(400), below(10), below(200),
                  below(10), below(60), below(60), below(2), below(100), below(1000), below(1000),
                  below(1000), below(1000), below(1000), below(1000));
    const unsigned kind = below(6);
    for (unsigned i = 0; i < values; i++)
        put_value(out, kind + i);
    zj_buf_str(out, "}\n");
}

static unsigned luhn_digit(const char *digits)
{
    unsigned sum = 0;
    const size_t len = strlen(digits);
    for (size_t i = 0; i < len; i++) {
        const unsigned d = (unsigned)(digits[len - 1 - i] - '0') * (i % 2 ? 1 : 2);
        sum += d > 9 ? d - 9 : d;
    }
    return (10 - sum % 10) % 10;
}

/* GB 11643: 17 digits and the check character of MOD 11-2. */
static void put_resident(struct zj_buf *out)
{
    static const unsigned weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    char id[32];
    unsigned sum = 0;
    snprintf(id, sizeof id, "%06u%04u%02u%02u%03u", 110101 + below(16), 1950 + below(55),
             1 + below(12), 1 + below(28), below(1000));
    for (size_t i = 0; i < 17; i++)
        sum += (unsigned)(id[i] - '0') * weights[i];
    zj_buf_printf(out, ",\"idcard\":\"%s%c\"", id, "10X98765432"[sum % 11]);
}

/* GB 16735: the check digit is the ninth character. */
static void put_vin(struct zj_buf *out)
{
    static const char letters[] = "ABCDEFGHJKLMNPRSTUVWXYZ", values[] = "12345678123457923456789";
    static const unsigned weights[17] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    char vin[32];
    unsigned sum = 0;
    snprintf(vin, sizeof vin, "L%c%cA%c%u%c%u0%c%c%06u", letters[below(23)], letters[below(23)],
             letters[below(23)], below(10), letters[below(23)], below(10), letters[below(23)],
             letters[below(23)], below(1000000));
    for (size_t i = 0; i < 17; i++) {
        const char *letter = strchr(letters, vin[i]);
        sum += (unsigned)((letter ? values[letter - letters] : vin[i]) - '0') * weights[i];
    }
    vin[8] = "0123456789X"[sum % 11];
    zj_buf_printf(out, ",\"vin\":\"%s\"", vin);
}

static void put_luhn(struct zj_buf *out, const char *key, const char *head, unsigned digits)
{
    char number[32];
    size_t len = (size_t)snprintf(number, sizeof number, "%s", head);
    while (len < digits)
        number[len++] = (char)('0' + below(10));
    number[len] = 0;
    zj_buf_printf(out, ",\"%s\":\"%s%u\"", key, number, luhn_digit(number));
}

/* 620 bytes, ten kinds of personal and vehicle data among readings of the vehicle. */
static void put_dense(struct zj_buf *out, unsigned number)
{
    static const char *const surnames[] = {"王", "李", "张", "刘", "陈", "杨", "赵", "周"};
    static const char *const given[] = {"伟", "芳", "秀英", "建国", "志强", "丽娟", "明", "文杰"};
    static const char *const users[] = {"wangwei", "li.na", "zhang_min", "chen88", "zhouhao"};
    static const char *const plates[] = {"京A", "沪B", "粤S", "浙C", "川E", "苏K"};
    zj_buf_printf(out,
                  "{\"ts\":17%011u,\"recv\":17%011u,\"speed\":%u.%u,\"odo\":%u.%u,\"soc\":%u,"
                  "\"volt\":%u.%u,\"curr\":-%u.%u,\"tmax\":%u,\"gear\":\"D\",\"state\":\"running\","
                  "\"name\":\"%s%s\"",
                  below(1000000000), below(1000000000), below(120), below(10), below(200000),
                  below(10), below(100), below(400), below(10), below(200), below(10), below(60),
                  surnames[below(8)], given[below(8)]);
    put_resident(out);
    zj_buf_printf(out, ",\"mobile\":\"138%08u\",\"email\":\"%s%u@example.com\"", below(100000000),
                  users[below(5)], below(1000));
    put_luhn(out, "bank_card", "622202", 18);
    put_vin(out);
    zj_buf_printf(out, ",\"plate\":\"%s%05u\"", plates[below(6)], below(100000));
    put_luhn(out, "iccid", "898600", 19);
    if (number % 2)
        put_luhn(out, "imei", "86", 14);
    else
        zj_buf_printf(out, ",\"imsi\":\"46000%010u\"", below(1000000000));
    if (number % 3)
        zj_buf_printf(out, ",\"lat\":%u.%06u,\"lng\":%u.%06u", 25 + below(15), below(1000000),
                      105 + below(12), below(1000000));
    else
        zj_buf_printf(out, ",\"address\":\"杭州市西湖区文三路%u号\"", 1 + below(999));
    zj_buf_str(out, ",\"cells\":[");
}

/* Readings of cells fill the record up. */
static void put_dense_record(struct zj_buf *out, unsigned number)
{
    enum { RECORD = 620 };
    const size_t from = out->len;
    put_dense(out, number);
    while (out->len - from + 14 <= RECORD)
        zj_buf_printf(out, "3.%03u,", below(1000));
    zj_buf_printf(out, "3.%0*u]}\n", (int)(RECORD - 5 - (out->len - from)), below(1000));
}

static void put_chinese(struct zj_buf *out, bool has_value)
{
    static const char *const parts[] = {
        "车辆运行状态正常，",     "系统检测到温度变化，", "请按规定进行保养。",
        "电池管理单元上报数据，", "本次行程共计",         "用时约",
        "驾驶模式为经济，",       "后台服务重启完成，",   "任务已下发，",
        "网络信号较弱，",         "数据已上传平台。",     "告警等级为一般，"};
    for (unsigned i = 0; i < 12; i++) {
        zj_buf_str(out, parts[below(ZJ_COUNT(parts))]);
        if (i % 4 == 3)
            zj_buf_printf(out, "%u.%u公里，", below(500), below(10));
    }
    if (has_value)
        zj_buf_printf(out, "联系电话1380%07u，车牌京A%05u", below(10000000), below(100000));
    zj_buf_byte(out, '\n');
}

enum corpus { SPARSE, ONE, THREE, CHINESE, MIXED, DENSE, CORPORA };
static const char *const corpus_names[CORPORA] = {
    "telemetry, 2 % hits", "a value in every record", "three values in every record",
    "Chinese text",        "a quarter of each",       "dense: ten kinds in every record"};

static void fill(struct zj_buf *out, enum corpus corpus, size_t bytes)
{
    zj_buf_reserve(out, bytes + 4096);
    for (unsigned i = 0; out->len < bytes; i++) {
        const enum corpus kind = corpus == MIXED ? (enum corpus)(out->len >> 16 & 3) : corpus;
        if (kind == CHINESE)
            put_chinese(out, i % 50 == 0);
        else if (kind == DENSE)
            put_dense_record(out, i);
        else
            put_record(out, kind == THREE ? 3 : kind == ONE || i % 50 == 0 ? 1 : 0);
    }
}

static void count_finds(void *ctx, struct zj_span bytes, uint64_t base, const struct zj_find *finds,
                        size_t count)
{
    (void)bytes;
    (void)base;
    (void)finds;
    *(uint64_t *)ctx += count;
}

static void report(const char *what, size_t bytes, double seconds, uint64_t hits)
{
    printf("  %-34s %8.3f GB/s %12llu hits\n", what, (double)bytes / seconds / 1e9,
           (unsigned long long)hits);
}

static double run_engine(const struct zj_identifier *identifier, struct zj_span in, uint64_t *hits)
{
    double best = 1e9;
    struct zj_identify_stream *stream = zj_identify_stream(identifier, count_finds, hits);
    for (unsigned round = 0; round < ROUNDS; round++) {
        *hits = 0;
        const double start = cpu_seconds();
        zj_identify_feed(stream, in);
        zj_identify_finish(stream);
        const double took = cpu_seconds() - start;
        best = took < best ? took : best;
    }
    zj_identify_stream_free(stream);
    return best;
}

static double run_records(const struct zj_identifier *identifier, struct zj_span in, uint64_t *hits)
{
    struct zj_identify_scratch *scratch = zj_identify_scratch(identifier);
    const struct zj_find *finds;
    const double start = cpu_seconds();
    *hits = 0;
    for (size_t at = 0; at < in.len;) {
        const uint8_t *end = memchr(in.at + at, '\n', in.len - at);
        const size_t len = (end ? (size_t)(end - in.at) + 1 : in.len) - at;
        *hits += zj_identify_find(scratch, zj_span_part(in, at, len), &finds);
        at += len;
    }
    const double took = cpu_seconds() - start;
    zj_identify_scratch_free(scratch);
    return took;
}

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                    void *ctx)
{
    (void)id;
    (void)from;
    (void)to;
    (void)flags;
    ++*(uint64_t *)ctx;
    return 0;
}

static double run_naive(struct zj_span in, uint64_t *hits)
{
    unsigned ids[ZJ_COUNT(patterns)], flags[ZJ_COUNT(patterns)];
    hs_database_t *database;
    hs_scratch_t *scratch = NULL;
    hs_compile_error_t *error;
    for (unsigned i = 0; i < ZJ_COUNT(patterns); i++) {
        ids[i] = i;
        flags[i] = 0;
    }
    if (hs_compile_multi(patterns, flags, ids, ZJ_COUNT(patterns), HS_MODE_BLOCK, NULL, &database,
                         &error) != HS_SUCCESS) {
        printf("  hyperscan: %s\n", error->message);
        return 0;
    }
    hs_alloc_scratch(database, &scratch);
    *hits = 0;
    const double start = cpu_seconds();
    for (size_t at = 0; at < in.len; at += 65536) {
        const struct zj_span part = zj_span_part(in, at, 65536);
        hs_scan(database, (const char *)part.at, (unsigned)part.len, 0, scratch, on_match, hits);
    }
    const double took = cpu_seconds() - start;
    hs_free_scratch(scratch);
    hs_free_database(database);
    return took;
}

static double run_pcre(struct zj_span in, uint64_t *hits)
{
    struct zj_buf all = {0};
    int fault;
    PCRE2_SIZE offset;
    for (unsigned i = 0; i < ZJ_COUNT(patterns); i++)
        zj_buf_printf(&all, "%s(?:%s)", i ? "|" : "", patterns[i]);
    pcre2_code *code = pcre2_compile(all.at, all.len, 0, &fault, &offset, NULL);
    if (!code || pcre2_jit_compile(code, PCRE2_JIT_COMPLETE))
        return 0;
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);
    *hits = 0;
    const double start = cpu_seconds();
    for (PCRE2_SIZE at = 0; at < in.len;) {
        if (pcre2_jit_match(code, in.at, in.len, at, 0, data, NULL) < 0)
            break;
        const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(data);
        at = ends[1] > at ? ends[1] : at + 1;
        ++*hits;
    }
    const double took = cpu_seconds() - start;
    pcre2_match_data_free(data);
    pcre2_code_free(code);
    zj_buf_release(&all);
    return took;
}

/* CPU seconds of a program, its output thrown away; 0 where it is missing. */
static double run_program(char *const argv[])
{
    struct rusage before, after;
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status = 0;
    getrusage(RUSAGE_CHILDREN, &before);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1, 0);
    const int failed = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed || waitpid(pid, &status, 0) < 0)
        return 0;
    getrusage(RUSAGE_CHILDREN, &after);
    const struct timeval *a = &before.ru_utime, *b = &after.ru_utime;
    const struct timeval *c = &before.ru_stime, *d = &after.ru_stime;
    return (double)(b->tv_sec - a->tv_sec + d->tv_sec - c->tv_sec) +
           (double)(b->tv_usec - a->tv_usec + d->tv_usec - c->tv_usec) / 1e6;
}

static void run_peers(struct zj_span in)
{
    uint64_t hits = 0;
    const struct zj_span part = zj_span_part(in, 0, in.len / 4), few = zj_span_part(in, 0, 4 << 20);
    double took = run_naive(part, &hits);
    if (took > 0)
        report("Hyperscan, 40 patterns", part.len, took, hits);
    took = run_pcre(few, &hits);
    if (took > 0)
        report("PCRE2-JIT, one alternation", few.len, took, hits);
    char path[] = "/tmp/zhuji-bench-XXXXXX", words[] = "/tmp/zhuji-bench-XXXXXX";
    const int fd = mkstemp(path), wd = mkstemp(words);
    if (fd < 0 || wd < 0)
        return;
    for (unsigned i = 0; i < ZJ_COUNT(patterns); i++)
        dprintf(wd, "%s\n", strstr(patterns[i], "姓名") ? "姓名" : patterns[i]);
    if (write(fd, part.at, part.len) == (ssize_t)part.len) {
        char *grep[] = {"grep", "-c", "13800000000", path, NULL};
        char *rg[] = {"rg", "-j1", "--no-config", "--count-matches", "-f", words, path, NULL};
        took = run_program(grep);
        if (took > 0)
            report("grep -c of one literal", part.len, took, 0);
        took = run_program(rg);
        if (took > 0)
            report("ripgrep --count-matches", part.len, took, 0);
    }
    close(fd);
    close(wd);
    unlink(path);
    unlink(words);
}

static int print_corpus(int only, size_t bytes)
{
    struct zj_buf in = {0};
    fill(&in, only >= 0 && only < CORPORA ? (enum corpus)only : SPARSE, bytes);
    fwrite(in.at, 1, in.len, stdout);
    zj_buf_release(&in);
    return 0;
}

int main(int argc, char **argv)
{
    struct zj_job job;
    struct zj_identifier *identifier;
    const size_t megabytes = argc > 1 ? strtoul(argv[1], NULL, 10) : 64;
    const bool alone = argc > 2;
    const int only = argc > 3 ? (int)strtol(argv[3], NULL, 10) : -1;
    if (alone && strcmp(argv[2], "print") == 0)
        return print_corpus(only, megabytes << 20);
    zj_job_init(&job);
    double start = cpu_seconds();
    if (zj_identifier_open(&job, &identifier)) {
        fprintf(stderr, "%s\n", job.message);
        return 1;
    }
    printf("opening the pack: %.1f ms\n", (cpu_seconds() - start) * 1e3);
    for (enum corpus corpus = 0; corpus < CORPORA; corpus++) {
        struct zj_buf in = {0};
        uint64_t hits = 0;
        if (only >= 0 && only != (int)corpus)
            continue;
        fill(&in, corpus, megabytes << 20);
        printf("%s, %zu MiB\n", corpus_names[corpus], in.len >> 20);
        const double took = run_engine(identifier, zj_buf_all(&in), &hits);
        report("identify, 35 types", in.len, took, hits);
        const double each = run_records(identifier, zj_buf_all(&in), &hits);
        report("identify, a record at a time", in.len, each, hits);
        uint8_t *copy = zj_alloc(in.len);
        memcpy(copy, in.at, in.len);
        start = cpu_seconds();
        memcpy(copy, in.at, in.len);
        report("memcpy", in.len, cpu_seconds() - start, copy[0]);
        free(copy);
        if (!alone)
            run_peers(zj_buf_all(&in));
        zj_buf_release(&in);
    }
    zj_identifier_close(identifier);
    zj_job_release(&job);
    return 0;
}
