#include "cli/plan_rows.h"

#include "facts/facts.h"
#include "register/register.h"

enum { PAGE = 5000 };

static const struct zj_scope everything = {.sees_all = true, .sees_personal = true};

static void free_plan(struct zj_plan **plan)
{
    zj_plan_free(*plan);
}

static zj_err print_pages(struct zj_job *job, const char *name, zj_plan_list *list,
                          const struct zj_plan *plan, struct zj_store *store,
                          struct zj_plan_filter *f, const struct zj_print_col *cols, size_t count,
                          int64_t *out_total)
{
    struct zj_buf text = {0};
    zj_err err = ZJ_OK;
    f->limit = PAGE;
    f->as_lines = job->output != ZJ_OUTPUT_JSON;
    if (job->output == ZJ_OUTPUT_JSON)
        fprintf(job->out, "{\"%s\":[", name);
    do {
        text.len = 0;
        struct zj_json j = zj_json_to(&text);
        err = list(job, plan, store, &everything, f, &j, f->offset ? NULL : out_total);
        if (err)
            break;
        struct zj_span all = zj_buf_all(&text);
        if (job->output == ZJ_OUTPUT_JSON) { /* the pages' arrays joined */
            all = zj_span_part(all, 1, all.len - 2);
            if (f->offset && all.len)
                fputc(',', job->out);
        }
        if (job->output == ZJ_OUTPUT_TABLE && *out_total)
            err = zj_print_rows(job, cols, count, all);
        else if (job->output != ZJ_OUTPUT_TABLE)
            fwrite(all.at, 1, all.len, job->out);
        f->offset += PAGE;
    } while (!err && f->offset < *out_total);
    if (job->output == ZJ_OUTPUT_JSON)
        fprintf(job->out, "],\"total\":%lld}\n", (long long)*out_total);
    zj_buf_release(&text);
    return err;
}

/* ZJ_EFOUND where the list is not empty. */
static zj_err has_rows(struct zj_job *job, zj_plan_list *list, const struct zj_plan *plan,
                       struct zj_store *store, const struct zj_plan_filter *filter)
{
    struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    int64_t total = 0;
    zj_err err = list(job, plan, store, &everything, filter, &j, &total);
    zj_buf_release(&text);
    return err ? err : total ? ZJ_EFOUND : ZJ_OK;
}

zj_err zj_print_plan(struct zj_job *job, const char *name, zj_plan_list *list, const char *org,
                     struct zj_plan_filter filter, const struct zj_print_col *cols, size_t count,
                     const char *nothing, const char *fail_on)
{
    ZJ_AUTO(zj_store_closep) struct zj_store *store = NULL;
    ZJ_AUTO(free_plan) struct zj_plan *plan = NULL;
    zj_err err = zj_store_open(job, job->db, 0, &store);
    if (!err)
        err = zj_registers_migrate(job, store);
    if (!err)
        err = zj_facts_migrate(job, store);
    if (!err)
        err = zj_plan_load(job, NULL, &plan);
    if (!err && filter.rule && !zj_plan_has_rule(plan, filter.rule))
        err = zj_fail(job, ZJ_EUSAGE, zj_tr(job, "no rule '%s'", "没有规则“%s”"), filter.rule);
    if (!err && filter.task && !zj_plan_has_task(plan, filter.task))
        err = zj_fail(job, ZJ_EUSAGE, zj_tr(job, "no task %d", "没有第 %d 项任务"), filter.task);
    if (!err && org)
        err = zj_org_find(job, store, org, &filter.org_id);
    if (!err)
        err = zj_plan_evaluate(job, plan, store, false);
    int64_t total = 0;
    struct zj_plan_filter page = filter;
    if (!err)
        err = print_pages(job, name, list, plan, store, &page, cols, count, &total);
    if (!err && total == 0 && job->output == ZJ_OUTPUT_TABLE)
        fprintf(stderr, "%s\n", nothing);
    if (err || !fail_on)
        return err;
    filter.at_least = fail_on;
    filter.limit = 1;
    return has_rows(job, list, plan, store, &filter);
}
