#include "cli/plan_rows.h"

#include <string.h>

#include "facts/facts.h"
#include "register/register.h"

enum { PAGE = 5000 };

static const struct zj_scope everything = {.sees_all = true, .sees_personal = true};

static void free_plan(struct zj_plan **plan)
{
    zj_plan_free(*plan);
}

struct printer {
    struct zj_job *job;
    const char *name;
    zj_plan_list *list;
    const struct zj_plan *plan;
    struct zj_store *store;
    const struct zj_print_col *cols;
    size_t count;
    bool has_rows;
    struct zj_buf text;
};

/* One page of rows as the list gives them, written the way the user asked for. */
static zj_err print_page(struct printer *p, const struct zj_plan_filter *f, int64_t *out_total)
{
    struct zj_job *job = p->job;
    p->text.len = 0;
    struct zj_json j = zj_json_to(&p->text);
    zj_err err = p->list(job, p->plan, p->store, &everything, f, &j, out_total);
    struct zj_span all = zj_buf_all(&p->text);
    if (err)
        return err;
    if (job->output == ZJ_OUTPUT_JSON) { /* the pages' arrays joined */
        all = zj_span_part(all, 1, all.len - 2);
        if (p->has_rows && all.len)
            fputc(',', job->out);
    }
    p->has_rows |= all.len > 0;
    if (job->output == ZJ_OUTPUT_TABLE)
        return all.len ? zj_print_rows(job, p->cols, p->count, all) : ZJ_OK;
    if (all.len)
        fwrite(all.at, 1, all.len, job->out);
    return ZJ_OK;
}

/* A list too long to sort for every page: by severity, then in the order of the ids. */
static zj_err print_long(struct printer *p, struct zj_plan_filter f)
{
    static const char *const severities[] = {"high", "medium", "low"};
    const char *only = f.severity;
    const bool has_severity = p->list == zj_plan_gaps;
    zj_err err = ZJ_OK;
    f.by_id = true;
    for (size_t i = 0; i < (has_severity ? ZJ_COUNT(severities) : 1) && !err; i++) {
        int64_t last = 0, before;
        if (has_severity && only && strcmp(only, severities[i]) != 0)
            continue;
        f.severity = has_severity ? severities[i] : NULL;
        f.last_id = &last;
        do {
            before = f.after_id = last;
            err = print_page(p, &f, NULL);
        } while (!err && last != before);
    }
    return err;
}

static zj_err print_pages(struct printer *p, struct zj_plan_filter f, int64_t *out_total)
{
    f.limit = PAGE;
    f.as_lines = p->job->output != ZJ_OUTPUT_JSON;
    struct zj_plan_filter none = f;
    struct zj_buf unused = {0};
    struct zj_json j = zj_json_to(&unused);
    none.limit = 1;
    zj_err err = p->list(p->job, p->plan, p->store, &everything, &none, &j, out_total);
    zj_buf_release(&unused);
    if (err)
        return err;
    if (p->job->output == ZJ_OUTPUT_JSON)
        fprintf(p->job->out, "{\"%s\":[", p->name);
    err = *out_total > PAGE ? print_long(p, f) : print_page(p, &f, NULL);
    if (p->job->output == ZJ_OUTPUT_JSON)
        fprintf(p->job->out, "],\"total\":%lld}\n", (long long)*out_total);
    zj_buf_release(&p->text);
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
    struct printer printer = {.job = job,
                              .name = name,
                              .list = list,
                              .plan = plan,
                              .store = store,
                              .cols = cols,
                              .count = count};
    if (!err)
        err = print_pages(&printer, filter, &total);
    if (!err && total == 0 && job->output == ZJ_OUTPUT_TABLE)
        fprintf(stderr, "%s\n", nothing);
    if (err || !fail_on)
        return err;
    filter.at_least = fail_on;
    filter.limit = 1;
    return has_rows(job, list, plan, store, &filter);
}
