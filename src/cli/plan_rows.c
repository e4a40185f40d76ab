#include "cli/plan_rows.h"

#include <string.h>

#include "cli/paper_out.h"
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
    const struct zj_plan_print *what;
    const struct zj_plan *plan;
    struct zj_store *store;
    struct zj_paper *paper; /* NULL: none is wanted */
    bool is_json, has_rows;
    struct zj_buf text;
};

/* One page of rows as the list gives them, written the way the user asked for. */
static zj_err print_page(struct printer *p, const struct zj_plan_filter *f, int64_t *out_total)
{
    struct zj_job *job = p->job;
    p->text.len = 0;
    struct zj_json j = zj_json_to(&p->text);
    zj_err err = p->what->list(job, p->plan, p->store, &everything, f, &j, out_total);
    struct zj_span all = zj_buf_all(&p->text);
    if (err)
        return err;
    if (p->paper)
        return zj_paper_lines(job, p->paper, all);
    if (p->is_json) { /* the pages' arrays joined */
        all = zj_span_part(all, 1, all.len - 2);
        if (p->has_rows && all.len)
            fputc(',', job->out);
    }
    p->has_rows |= all.len > 0;
    if (job->output == ZJ_OUTPUT_TABLE)
        return all.len ? zj_print_rows(job, p->what->cols, p->what->col_count, all) : ZJ_OK;
    if (all.len)
        fwrite(all.at, 1, all.len, job->out);
    return ZJ_OK;
}

/* A list too long to sort for every page: by severity, then in the order of the ids. */
static zj_err print_long(struct printer *p, struct zj_plan_filter f)
{
    static const char *const severities[] = {"high", "medium", "low"};
    const char *only = f.severity;
    const bool has_severity = p->what->list == zj_plan_gaps;
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
    f.as_lines = !p->is_json;
    struct zj_plan_filter none = f;
    struct zj_buf unused = {0};
    struct zj_json j = zj_json_to(&unused);
    none.limit = 1;
    zj_err err = p->what->list(p->job, p->plan, p->store, &everything, &none, &j, out_total);
    zj_buf_release(&unused);
    if (err)
        return err;
    if (p->is_json)
        fprintf(p->job->out, "{\"%s\":[", p->what->name);
    err = *out_total > PAGE ? print_long(p, f) : print_page(p, &f, NULL);
    if (p->is_json)
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

/* The same rows as a file. */
static zj_err print_paper(struct printer *p, const struct zj_plan_filter *filter,
                          enum zj_paper_format format, int64_t *out_total)
{
    struct zj_job *job = p->job;
    const struct zj_paper_table *table = p->what->paper;
    struct zj_paper_head head;
    zj_err err = zj_paper_head_of(job, p->store, zj_tr(job, table->en, table->zh), filter->org_id,
                                  &head);
    if (!err)
        err = zj_paper_open(job, format, &head, job->out, &p->paper);
    if (!err)
        err = zj_paper_begin(job, p->paper, table);
    p->is_json = false;
    if (!err)
        err = print_pages(p, *filter, out_total);
    if (!err)
        return zj_paper_close(job, ZJ_TAKE(p->paper));
    zj_paper_drop(p->paper);
    return err;
}

zj_err zj_print_plan(struct zj_job *job, const struct zj_plan_print *what)
{
    ZJ_AUTO(zj_store_closep) struct zj_store *store = NULL;
    ZJ_AUTO(free_plan) struct zj_plan *plan = NULL;
    struct zj_plan_filter filter = what->filter;
    enum zj_paper_format format = ZJ_PAPER_CSV;
    bool is_paper = false;
    zj_err err = zj_paper_wanted(job, what->format, &is_paper, &format);
    if (!err)
        err = zj_store_open(job, job->db, 0, &store);
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
    if (!err && what->org)
        err = zj_org_find(job, store, what->org, &filter.org_id);
    if (!err)
        err = zj_plan_evaluate(job, plan, store, false);
    int64_t total = 0;
    struct printer printer = {.job = job,
                              .what = what,
                              .plan = plan,
                              .store = store,
                              .is_json = job->output == ZJ_OUTPUT_JSON};
    if (!err)
        err = is_paper ? print_paper(&printer, &filter, format, &total)
                       : print_pages(&printer, filter, &total);
    if (!err && total == 0 && job->output == ZJ_OUTPUT_TABLE)
        fprintf(stderr, "%s\n", what->nothing);
    if (err || !what->fail_on)
        return err;
    filter.at_least = what->fail_on;
    filter.limit = 1;
    return has_rows(job, what->list, plan, store, &filter);
}
