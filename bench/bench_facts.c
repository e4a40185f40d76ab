/* How fast facts go into the store, and how fast the console reads them at a million identities.
 *   bench_facts [ROWS [STORE]]        prints JSON Lines; CPU seconds beside wall seconds */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "facts/facts.h"

static double wall(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static double cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void must(struct zj_job *job, zj_err err)
{
    if (err) {
        fprintf(stderr, "%s\n", job->message);
        exit(1);
    }
}

/* A permutation of 0 … 2^24-1: keys come in no order, as vehicles do. */
static uint32_t mix(uint32_t i)
{
    return (i * 0x5bd1e9u + 12345) & 0xffffff;
}

/* As a sensor does: evidence with the first row of a key, then only what is new. */
static void send(struct zj_job *job, struct zj_sink *sink, uint32_t i, int64_t time_ns,
                 bool is_first)
{
    char vin[24], iccid[24], phone[16];
    static const uint8_t frame[96] = "##";
    const uint32_t k = mix(i);
    snprintf(vin, sizeof vin, "LZH%014u", k);
    snprintf(iccid, sizeof iccid, "898600%014u", k);
    snprintf(phone, sizeof phone, "138%08u", k);
    struct zj_cell c[ZJ_ID_COLS] = {
        [ZJ_ID_PROTOCOL] = {.text = zj_span_str(i & 1 ? "jt808" : "gb32960")},
        [ZJ_ID_VIN] = {.text = zj_span_str(vin)},
        [ZJ_ID_ICCID] = {.text = zj_span_str(iccid)},
        [ZJ_ID_PHONE] = {.text = zj_span_str(i & 1 ? phone : "")},
        [ZJ_ID_SERVER] = {.addr = zj_addr_v4(0x0a000000 + i % 16)},
        [ZJ_ID_PORT] = {.num = 32960},
        [ZJ_ID_SECURITY] = {.text = zj_span_str(i % 8 ? "none" : "tls")},
        [ZJ_ID_EDITION] = {.text = zj_span_str("2016")},
        [ZJ_ID_CLIENT] = {.addr = zj_addr_v4(0x64400000 + k)},
        [ZJ_ID_LOGINS] = {.num = 1},
        [ZJ_ID_LIFE_FRAMES] = {.num = 2},
        [ZJ_ID_OTHER_FRAMES] = {.num = 3},
        [ZJ_ID_BYTES] = {.num = 1000},
        [ZJ_ID_FIRST_SEEN] = {.num = time_ns},
        [ZJ_ID_LAST_SEEN] = {.num = time_ns},
        [ZJ_ID_EV_SOURCE] = {.text = zj_span_str("mirror0")},
        [ZJ_ID_EV_PACKET] = {.num = i},
        [ZJ_ID_EV_TIME] = {.num = time_ns},
        [ZJ_ID_EV_FLOW] = {.text = zj_span_str("1234567890123456")},
        [ZJ_ID_EV_FRAME] = {.text = zj_span_of(frame, sizeof frame)},
    };
    for (int col = ZJ_ID_EV_SOURCE; col < ZJ_ID_COLS && !is_first; col++)
        c[col] = (struct zj_cell){0};
    must(job, sink->fact(sink, job, ZJ_FACT_IDENTITY, c));
}

static void fill(struct zj_job *job, struct zj_store *store, const char *what, uint32_t rows,
                 int64_t time_ns, bool is_first)
{
    struct zj_sink *sink = zj_facts_sink(store, 1);
    const double w0 = wall(), c0 = cpu();
    for (uint32_t i = 0; i < rows; i++)
        send(job, sink, i, time_ns, is_first);
    must(job, sink->flush(sink, job));
    sink->free(sink);
    const double w = wall() - w0, c = cpu() - c0;
    printf("{\"what\":\"%s\",\"rows\":%u,\"wall_s\":%.2f,\"cpu_s\":%.2f,\"rows_per_s\":%.0f,"
           "\"rows_per_cpu_s\":%.0f}\n",
           what, rows, w, c, rows / w, rows / c);
    fflush(stdout);
}

static void report(const char *what, double from)
{
    printf("{\"what\":\"%s\",\"ms\":%.1f}\n", what, (wall() - from) * 1000);
    fflush(stdout);
}

static void read_back(struct zj_job *job, struct zj_store *store)
{
    static const struct zj_facts_query queries[] = {
        {.limit = 50},
        {.limit = 50, .org_id = 1},
        {.limit = 50, .offset = 100000},
        {.limit = 50, .filter_count = 1, .filters = {{"vin", "LZH0000000012*"}}},
        {.limit = 50, .filter_count = 1, .filters = {{"iccid", "89860000000000012345"}}},
        {.limit = 50, .filter_count = 1, .filters = {{"security", "tls"}}},
    };
    struct zj_scope all = {.sees_all = true, .sees_personal = true}, one = {.org_id = 1};
    struct zj_buf out = {0};
    for (size_t i = 0; i < ZJ_COUNT(queries); i++) {
        const double from = wall();
        struct zj_json j = zj_json_to(&out);
        must(job,
             zj_facts_list(job, store, i % 2 ? &one : &all, ZJ_FACT_IDENTITY, &queries[i], &j));
        report("list", from);
        out.len = 0;
    }
    for (int i = 0; i < 4; i++) {
        const double from = wall();
        struct zj_json j = zj_json_to(&out);
        must(job, zj_facts_fleet(job, store, i % 2 ? &one : &all, 0, 0, 0, &j));
        report(i % 2 ? "fleet of one" : "fleet of all", from);
        out.len = 0;
    }
    zj_buf_release(&out);
}

int main(int argc, char **argv)
{
    const uint32_t rows = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1000000;
    const char *path = argc > 2 ? argv[2] : "bench-facts.db";
    struct zj_job job;
    struct zj_store *store;
    zj_job_init(&job);
    must(&job, zj_store_open(&job, path, ZJ_STORE_CREATE, &store));
    must(&job, zj_facts_migrate(&job, store));
    fill(&job, store, "new identities", rows, INT64_C(1767240000000000000), true);
    fill(&job, store, "known identities", rows, INT64_C(1767240060000000000), false);
    if (argc < 4)
        read_back(&job, store);
    zj_store_close(store);
    zj_job_release(&job);
    return 0;
}
