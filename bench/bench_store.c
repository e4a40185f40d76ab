/* What the audit chain and encrypted fields cost.
 *   bench_store [ROWS [STORE]]        prints JSON Lines; CPU seconds beside wall seconds */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "store/store.h"

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

struct mark {
    double wall, cpu;
};

static struct mark start(void)
{
    return (struct mark){wall(), cpu()};
}

static void report(const char *what, int64_t n, struct mark from)
{
    const double w = wall() - from.wall, c = cpu() - from.cpu;
    printf("{\"what\":\"%s\",\"n\":%lld,\"wall_s\":%.2f,\"cpu_s\":%.2f,\"cpu_us_each\":%.2f}\n",
           what, (long long)n, w, c, c * 1e6 / (double)n);
    fflush(stdout);
}

/* A card: three encrypted fields of 64 bytes, the rest plain. */
static void insert(struct zj_job *job, struct zj_store *store, struct zj_stmt *stmt, int64_t id)
{
    uint8_t hash[32];
    char iccid[32], vin[32];
    static const uint8_t sealed[64] = {1, 2, 3};
    snprintf(iccid, sizeof iccid, "898600%014lld", (long long)id);
    snprintf(vin, sizeof vin, "LZH%014lld", (long long)id);
    const struct zj_span blob = zj_span_of(sealed, sizeof sealed);
    const struct zj_value values[] = {
        {.column = "id", .type = ZJ_VALUE_INT, .num = id},
        {.column = "org_id", .type = ZJ_VALUE_INT, .num = 1},
        {.column = "iccid", .type = ZJ_VALUE_TEXT, .bytes = zj_span_str(iccid)},
        {.column = "vin", .type = ZJ_VALUE_TEXT, .bytes = zj_span_str(vin)},
        {.column = "carrier", .type = ZJ_VALUE_TEXT, .bytes = zj_span_str("mobile")},
        {.column = "state", .type = ZJ_VALUE_TEXT, .bytes = zj_span_str("registered")},
        {.column = "owner_name", .type = ZJ_VALUE_BLOB, .bytes = blob},
        {.column = "owner_id_number", .type = ZJ_VALUE_BLOB, .bytes = blob},
        {.column = "owner_phone", .type = ZJ_VALUE_BLOB, .bytes = blob},
        {.column = "created_at", .type = ZJ_VALUE_INT, .num = 1767240000000000},
    };
    zj_store_row_hash(store, "reg_bench", values, ZJ_COUNT(values), hash);
    for (size_t i = 0; i < ZJ_COUNT(values); i++)
        if (values[i].type == ZJ_VALUE_INT)
            zj_stmt_bind_int(stmt, (int)i + 1, values[i].num);
        else if (values[i].type == ZJ_VALUE_TEXT)
            zj_stmt_bind_span(stmt, (int)i + 1, values[i].bytes);
        else
            zj_stmt_bind_blob(stmt, (int)i + 1, values[i].bytes);
    zj_stmt_bind_blob(stmt, ZJ_COUNT(values) + 1, zj_span_of(hash, sizeof hash));
    must(job, zj_stmt_run(job, stmt));
    must(job, zj_audit_append(job, store,
                              &(struct zj_audit_entry){.org_id = 1,
                                                       .action = "insert",
                                                       .object = "reg_bench",
                                                       .row_id = id,
                                                       .row_hash = zj_span_of(hash, 32)}));
}

static void fields(struct zj_store *store, int64_t n)
{
    static const uint8_t plain[18] = "110101199003070000";
    struct zj_buf sealed = {0}, opened = {0};
    uint8_t index[16];
    struct mark from = start();
    for (int64_t i = 0; i < n; i++) {
        sealed.len = 0;
        zj_store_encrypt(store, "bench.field", zj_span_of(plain, sizeof plain), &sealed);
    }
    report("encrypt a field", n, from);
    from = start();
    for (int64_t i = 0; i < n; i++) {
        opened.len = 0;
        if (!zj_store_decrypt(store, "bench.field", zj_buf_all(&sealed), &opened))
            abort();
    }
    report("decrypt a field", n, from);
    from = start();
    for (int64_t i = 0; i < n; i++)
        zj_store_blind_index(store, "bench.field", zj_span_of(plain, sizeof plain), index);
    report("blind index", n, from);
    zj_buf_release(&sealed);
    zj_buf_release(&opened);
}

int main(int argc, char **argv)
{
    const int64_t rows = argc > 1 ? strtoll(argv[1], NULL, 10) : 1000000;
    struct zj_job job;
    struct zj_store *store;
    struct zj_stmt *stmt;
    struct zj_audit_report r;
    zj_job_init(&job);
    must(&job, zj_store_open(&job, argc > 2 ? argv[2] : "bench-store.db", ZJ_STORE_CREATE, &store));
    must(&job, zj_store_exec(&job, store,
                             "CREATE TABLE reg_bench (id INTEGER PRIMARY KEY NOT NULL, org_id "
                             "INTEGER, iccid TEXT, vin TEXT, carrier TEXT, state TEXT, owner_name "
                             "BLOB, owner_id_number BLOB, owner_phone BLOB, created_at INTEGER, "
                             "row_hash BLOB) STRICT"));
    fields(store, 200000);
    struct mark from = start();
    must(&job, zj_store_begin(&job, store));
    must(&job, zj_store_prepare(&job, store,
                                "INSERT INTO reg_bench VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
                                "$10, $11)",
                                &stmt));
    for (int64_t id = 1; id <= rows; id++)
        insert(&job, store, stmt, id);
    zj_stmt_release(stmt);
    must(&job, zj_store_commit(&job, store));
    report("row with hash and audit entry", rows, from);
    from = start();
    must(&job, zj_audit_verify(&job, store, &r));
    report("verify", rows, from);
    if (!r.head_fits || r.bad_rows || r.bad_entry || r.rows != rows)
        abort();
    zj_store_close(store);
    zj_job_release(&job);
    return 0;
}
