/* Lists of many cases: bench_work CASES STORE. Fills a store with that many cases of 2,000
 * organisations and prints the CPU time of each kind of page, the 95th percentile of 40 calls. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "work/work.h"

enum { CALLS = 40, ORGS = 2000 };

static double cpu_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
    return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void die_on(struct zj_job *job, zj_err err)
{
    if (!err)
        return;
    fprintf(stderr, "bench_work: %s: %s\n", zj_err_info(err)->name, job->message);
    exit(1);
}

static const char fill_sql[] =
    "BEGIN;"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
    " INSERT INTO reg_organisations (id, org_id, code, name, created_at, updated_at, deleted_at,"
    " batch_id) SELECT i, i, 'ORG' || i, '示例企业' || i, 0, 0, 0, 0 FROM n;"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %ld)"
    " INSERT INTO work_case SELECT i,"
    " CASE i %% 4 WHEN 0 THEN 'filing' WHEN 1 THEN 'assessment' WHEN 2 THEN 'risk_report' ELSE"
    " 'important_data' END, 1 + i %% %d, 1 + i %% %d, 'user' || (i %% 500), 'company', 'filings', i,"
    " 'SYS-' || i, '定级备案 车联网服务平台 SYS-' || i, CASE i %% 5 WHEN 0 THEN 'draft' WHEN 1 THEN"
    " 'submitted' WHEN 2 THEN 'reviewing' WHEN 3 THEN 'passed' ELSE 'failed' END,"
    " CASE i %% 5 WHEN 0 THEN 'company' WHEN 1 THEN 'bureau' WHEN 2 THEN 'bureau' WHEN 3 THEN 'none'"
    " ELSE 'company' END, 1, i, CASE i %% 5 WHEN 0 THEN 0 ELSE i END, i, CASE i %% 7 WHEN 0 THEN"
    " 1700000000000000 + i ELSE 0 END, 0, CASE i %% 5 WHEN 3 THEN 'DJ2026-' || i ELSE '' END, '', 1,"
    " NULL FROM n;"
    "COMMIT; ANALYZE;";

static void fill(struct zj_job *job, struct zj_store *store, long cases)
{
    struct zj_buf sql = {0};
    zj_buf_printf(&sql, fill_sql, ORGS, cases, ORGS, ORGS);
    die_on(job, zj_store_exec(job, store, zj_buf_cstr(&sql)));
    zj_buf_release(&sql);
}

static void measure(struct zj_desk *desk, const char *name, const struct zj_work_filter *filter)
{
    double ms[CALLS];
    struct zj_buf text = {0};
    for (int i = 0; i < CALLS; i++) {
        text.len = 0;
        struct zj_json j = zj_json_to(&text);
        const double began = cpu_ms();
        die_on(desk->job, filter ? zj_work_list(desk, filter, &j) : zj_work_todo(desk, &j));
        ms[i] = cpu_ms() - began;
        zj_arena_reset(&desk->job->arena);
    }
    qsort(ms, CALLS, sizeof *ms, by_size);
    printf("%-36s %8.1f ms\n", name, ms[CALLS * 95 / 100]);
    zj_buf_release(&text);
}

int main(int argc, char **argv)
{
    struct zj_job job;
    struct zj_store *store = NULL;
    struct zj_work *work = NULL;
    if (argc != 3) {
        fprintf(stderr, "bench_work CASES STORE\n");
        return 2;
    }
    zj_job_init(&job);
    job.actor = "bench";
    die_on(&job, zj_store_open(&job, argv[2], ZJ_STORE_CREATE, &store));
    die_on(&job, zj_registers_migrate(&job, store));
    die_on(&job, zj_work_load(&job, "packs", &work));
    fill(&job, store, strtol(argv[1], NULL, 10));
    struct zj_desk bureau = {.job = &job, .store = store, .work = work,
                             .who = {.user_id = 1, .login = "bca", .is_bureau = true,
                                     .sees_all = true, .may_act = true}};
    struct zj_desk company = bureau;
    company.who = (struct zj_work_who){.user_id = 2, .org_id = 7, .login = "user7",
                                       .may_act = true};
    static const struct {
        const char *name;
        bool is_company;
        struct zj_work_filter filter;
    } pages[] = {
        {"bureau: newest", false, {.limit = 50}},
        {"bureau: page 1000", false, {.limit = 50, .offset = 50000}},
        {"bureau: by deadline", false, {.limit = 50, .sort = "due"}},
        {"bureau: waiting for it", false, {.limit = 50, .mine = "todo"}},
        {"bureau: waiting for it, by deadline", false, {.limit = 50, .mine = "todo", .sort = "due"}},
        {"bureau: overdue", false, {.limit = 50, .is_overdue = true}},
        {"bureau: of a task and state", false, {.limit = 50, .task = 3, .state = "reviewing"}},
        {"bureau: of one company", false, {.limit = 50, .org_id = 7}},
        {"bureau: search, found", false, {.limit = 50, .search = "SYS-1999"}},
        {"bureau: search, nothing", false, {.limit = 50, .search = "zzzz"}},
        {"bureau: done by me", false, {.limit = 50, .mine = "done"}},
        {"company: newest", true, {.limit = 50}},
        {"company: waiting", true, {.limit = 50, .mine = "todo"}},
        {"company: search", true, {.limit = 50, .search = "SYS-1"}},
    };
    for (size_t i = 0; i < ZJ_COUNT(pages); i++)
        measure(pages[i].is_company ? &company : &bureau, pages[i].name, &pages[i].filter);
    measure(&bureau, "bureau: to-do", NULL);
    measure(&company, "company: to-do", NULL);
    zj_work_free(work);
    zj_store_close(store);
    zj_job_release(&job);
    return 0;
}
