/* A store as two bureaus would have it, for timing pages: organisations, systems, cards, cases.
 *   bench_load STORE [ORGANISATIONS [SYSTEMS [CARDS [CASES]]]]
 * Everything goes through the same functions as in a server, but without waiting for the disk. Two
 * accounts are made for bench/pages: "bench-officer" of the first organisation, "bench-bureau". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "facts/facts.h"
#include "server/accounts.h"
#include "work/work.h"

struct load {
    struct zj_job job;
    struct zj_store *store;
    struct zj_work *work;
    int64_t first_org, bureau;
};

static double wall(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void must(struct load *l, zj_err err)
{
    if (!err)
        return;
    fprintf(stderr, "%s: %s\n", zj_err_info(err)->name, l->job.message);
    exit(1);
}

static void report(const char *what, int64_t count, double from)
{
    const double s = wall() - from;
    printf("{\"what\":\"%s\",\"n\":%lld,\"wall_s\":%.1f,\"per_s\":%.0f}\n", what, (long long)count,
           s, (double)count / s);
    fflush(stdout);
}

struct pair {
    const char *name, *value;
};

static int64_t put(struct load *l, const char *reg_name, int64_t org_id, const struct pair *pairs)
{
    const struct zj_register *reg = zj_register_find(reg_name);
    const struct zj_scope scope = {.org_id = org_id, .sees_all = true, .may_write = true};
    struct zj_span cells[64] = {0};
    struct zj_row_fault faults[8];
    size_t fault_count = 0;
    int64_t id = 0;
    for (; pairs->name; pairs++)
        for (size_t i = 0; i < reg->field_count; i++)
            if (strcmp(reg->fields[i].name, pairs->name) == 0)
                cells[i] = zj_span_str(pairs->value);
    zj_err err =
        zj_register_put(&l->job, l->store, &scope, reg, 0, cells, &id, faults, 8, &fault_count);
    if (err && fault_count)
        fprintf(stderr, "%s: %s\n", reg_name, faults[0].en);
    must(l, err);
    return id;
}

/* GB 32100-2015: 17 characters and the check character of weights 3^i mod 31. */
static void uscc(int64_t number, bool is_bureau, char out[19])
{
    static const char letters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    int sum = 0, weight = 1;
    snprintf(out, 19, "%s%09u", is_bureau ? "11110000" : "91110000", (unsigned)number % 1000000000);
    for (int i = 0; i < 17; i++) {
        sum += (int)(strchr(letters, out[i]) - letters) * weight;
        weight = weight * 3 % 31;
    }
    out[17] = letters[(31 - sum % 31) % 31];
    out[18] = '\0';
}

/* ITU-T E.118: 19 digits and the Luhn digit. */
static void iccid(int64_t number, char out[21])
{
    int sum = 0;
    snprintf(out, 21, "8986001%012u", (unsigned)number);
    for (int i = 0; i < 19; i++) {
        const int d = (out[18 - i] - '0') * (i % 2 == 0 ? 2 : 1);
        sum += d > 9 ? d - 9 : d;
    }
    out[19] = (char)('0' + (10 - sum % 10) % 10);
    out[20] = '\0';
}

static void add_systems(struct load *l, int64_t org_id, int64_t from, int64_t count)
{
    for (int64_t i = from; i < from + count; i++) {
        char code[24], address[32], level[2] = {(char)('1' + i % 4), '\0'};
        snprintf(code, sizeof code, "S%07lld", (long long)i);
        snprintf(address, sizeof address, "10.%d.%d.%d:443", (int)(i >> 16 & 255),
                 (int)(i >> 8 & 255), (int)(i & 255));
        put(l, "systems", org_id,
            (struct pair[]){{"code", code},
                            {"name", "车联网平台"},
                            {"kind", "platform"},
                            {"level", level},
                            {"addresses", address},
                            {0}});
    }
}

static void add_cards(struct load *l, int64_t org_id, int64_t from, int64_t count)
{
    char path[] = "/tmp/bench-load-XXXXXX";
    const struct zj_import_opts opts = {.org_id = org_id, .gives_way = true};
    struct zj_import_result result = {0};
    const int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    fputs("iccid,msisdn,carrier,state\n", file);
    for (int64_t i = from; i < from + count; i++) {
        char id[21];
        iccid(i, id);
        fprintf(file, "%s,1440%09lld,mobile,%s\n", id, (long long)i, i % 50 ? "stock" : "for_sale");
    }
    fclose(file);
    must(l, zj_register_import(&l->job, l->store, zj_register_find("cards"), path, &opts, NULL,
                               NULL, &result));
    unlink(path);
    if (result.inserted != count) {
        fprintf(stderr, "%lld of %lld cards\n", (long long)result.inserted, (long long)count);
        exit(1);
    }
}

static struct zj_desk desk_of(struct load *l, int64_t org_id, bool is_bureau)
{
    return (struct zj_desk){.job = &l->job,
                            .store = l->store,
                            .work = l->work,
                            .who = {.user_id = is_bureau ? 2 : 1,
                                    .org_id = org_id,
                                    .login = is_bureau ? "bench-bureau" : "bench-officer",
                                    .is_bureau = is_bureau,
                                    .sees_all = is_bureau,
                                    .may_act = true}};
}

/* Risk reports: a third are drafts, a third wait for the bureau, a third were received. */
static void add_cases(struct load *l, int64_t org_id, int64_t from, int64_t count)
{
    for (int64_t i = from; i < from + count; i++) {
        char code[24];
        snprintf(code, sizeof code, "RR-%08lld", (long long)i);
        const struct zj_work_field fields[] = {
            {"code", zj_span_str(code)},
            {"category", ZJ_SPAN_LIT("illegal_access")},
            {"found_at", ZJ_SPAN_LIT("2026-04-01T09:30:00+08:00")},
            {"description", ZJ_SPAN_LIT("多次尝试登录远程控制接口")},
            {"scope", ZJ_SPAN_LIT("远程控制接口一处")},
            {"measures", ZJ_SPAN_LIT("封禁来源地址")},
        };
        const struct zj_work_new what = {"risk_report", org_id, 0, fields, ZJ_COUNT(fields), NULL};
        struct zj_desk company = desk_of(l, org_id, false), bureau = desk_of(l, l->bureau, true);
        int64_t id = 0;
        must(l, zj_work_open(&company, &what, &id));
        if (i % 3)
            must(l, zj_work_do(&company, id, &(struct zj_work_deed){.action = "report"}));
        if (i % 3 == 2)
            must(l, zj_work_do(&bureau, id, &(struct zj_work_deed){.action = "receive"}));
        zj_arena_reset(&l->job.arena);
    }
}

static void add_people(struct load *l)
{
    int64_t id;
    struct zj_account officer = {.org_id = l->first_org,
                                 .roles = ZJ_ROLE_OFFICER,
                                 .login = "bench-officer",
                                 .name = "officer"};
    struct zj_account bureau = {
        .org_id = l->bureau, .roles = ZJ_ROLE_BUREAU, .login = "bench-bureau", .name = "bureau"};
    const struct zj_span password = ZJ_SPAN_LIT("Password-of-bench-1");
    must(l, zj_account_create(&l->job, l->store, &officer, password, &id));
    must(l, zj_account_create(&l->job, l->store, &bureau, password, &id));
}

int main(int argc, char **argv)
{
    int64_t counts[4] = {2000, 10000, 1000000, 200000};
    struct load l = {.first_org = 0};
    if (argc < 2) {
        fprintf(stderr, "usage: bench_load STORE [ORGANISATIONS [SYSTEMS [CARDS [CASES]]]]\n");
        return 2;
    }
    for (int i = 0; i < 4 && i + 2 < argc; i++)
        counts[i] = strtoll(argv[i + 2], NULL, 10);
    zj_job_init(&l.job);
    l.job.actor = "bench";
    l.job.quiet = true;
    must(&l, zj_store_open(&l.job, argv[1], ZJ_STORE_CREATE, &l.store));
    must(&l, zj_registers_migrate(&l.job, l.store));
    must(&l, zj_facts_migrate(&l.job, l.store));
    must(&l, zj_work_load(&l.job, NULL, &l.work));
    must(&l, zj_store_exec(&l.job, l.store, "PRAGMA synchronous = OFF"));
    const double began = wall();
    const int64_t orgs = counts[0];
    for (int64_t n = -1; n < orgs; n++) {
        static const char *const kinds[] = {"vehicle_maker", "tsp", "map", "v2x_facility",
                                            "ad_solution"};
        char code[19], name[64];
        uscc(n + 1, n < 0, code);
        snprintf(name, sizeof name, n < 0 ? "示例主管部门" : "示例企业%lld", (long long)n);
        const int64_t org_id = put(
            &l, "organisations", 0,
            (struct pair[]){
                {"code", code}, {"name", name}, {"kinds", n < 0 ? "bureau" : kinds[n % 5]}, {0}});
        if (n < 0) {
            l.bureau = org_id;
            continue;
        }
        if (n == 0) {
            l.first_org = org_id;
            add_people(&l);
        }
        add_systems(&l, org_id, n * counts[1] / orgs,
                    (n + 1) * counts[1] / orgs - n * counts[1] / orgs);
        add_cards(&l, org_id, n * counts[2] / orgs,
                  (n + 1) * counts[2] / orgs - n * counts[2] / orgs);
        add_cases(&l, org_id, n * counts[3] / orgs,
                  (n + 1) * counts[3] / orgs - n * counts[3] / orgs);
        zj_arena_reset(&l.job.arena);
        if (n % 200 == 199)
            report("organisations", n + 1, began);
    }
    report("load", orgs, began);
    zj_work_free(l.work);
    zj_store_close(l.store);
    zj_job_release(&l.job);
    return 0;
}
