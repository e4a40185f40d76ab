/* Duties over a large store: bench_plan STORE. Prints CPU seconds of judging everything, of judging
 * after one change of a system and of a case, and of the heat map. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "facts/facts.h"
#include "plan/plan.h"
#include "register/register.h"

static double cpu_s(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int fail(const struct zj_job *job)
{
    fprintf(stderr, "%s\n", job->message);
    return 1;
}

static zj_err timed(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store,
                    bool is_full, const char *what)
{
    const double from = cpu_s();
    zj_err err = zj_plan_evaluate(job, plan, store, is_full);
    printf("%-40s %8.3f s\n", what, cpu_s() - from);
    return err;
}

static zj_err touch(struct zj_job *job, struct zj_store *store, const char *kind, const char *key)
{
    zj_err err = zj_store_begin(job, store);
    if (!err)
        err = zj_store_mark_dirty(job, store, kind, zj_span_str(key));
    return err ? err : zj_store_commit(job, store);
}

static zj_err changes(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store)
{
    static const struct {
        const char *kind, *key, *what;
    } cases[] = {
        {"work_case", "100", "after one change of a case"},
        {"cards", "89860000000000000500", "after one change of a card"},
        {"organisations", "91110000X000000001", "after one change of an organisation"},
        {"nothing", "", "after a change no rule reads"},
    };
    zj_err err = ZJ_OK;
    for (size_t i = 0; i < ZJ_COUNT(cases) && !err; i++) {
        err = touch(job, store, cases[i].kind, cases[i].key);
        if (!err)
            err = timed(job, plan, store, false, cases[i].what);
    }
    return err;
}

static zj_err heatmap(struct zj_job *job, const struct zj_plan *plan, struct zj_store *store)
{
    const struct zj_heatmap_filter filter = {.limit = 5000};
    struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    const double from = cpu_s();
    zj_err err = zj_plan_heatmap(job, plan, store, &filter, &j);
    printf("%-40s %8.3f s, %zu bytes\n", "heat map of all companies", cpu_s() - from, text.len);
    zj_buf_release(&text);
    return err;
}

int main(int argc, char **argv)
{
    struct zj_job job;
    struct zj_store *store = NULL;
    struct zj_plan *plan = NULL;
    if (argc != 2)
        return 2;
    zj_job_init(&job);
    zj_err err = zj_store_open(&job, argv[1], 0, &store);
    if (!err)
        err = zj_registers_migrate(&job, store);
    if (!err)
        err = zj_facts_migrate(&job, store);
    if (!err)
        err = zj_plan_load(&job, NULL, &plan);
    if (!err)
        err = timed(&job, plan, store, true, "everything, the first time");
    if (!err)
        err = timed(&job, plan, store, true, "everything again");
    if (!err)
        err = changes(&job, plan, store);
    if (!err)
        err = heatmap(&job, plan, store);
    const int status = err ? fail(&job) : 0;
    zj_plan_free(plan);
    zj_store_close(store);
    zj_job_release(&job);
    return status;
}
