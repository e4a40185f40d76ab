#include "cli/cli.h"
#include "cli/plan_rows.h"

struct args {
    int64_t task;
    const char *org, *state;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_INT(struct args, task, "task", "N", "of one task of the plan", "只看某项任务"),
    ZJ_OPT_STR(struct args, org, "org", "CODE", "of one organisation", "只看某个单位"),
    ZJ_OPT_STR(struct args, state, "state", "STATE",
               "overdue, due_soon, open, met or not_applicable",
               "overdue、due_soon、open、met 或 not_applicable"),
    ZJ_OPT_END,
};

static const struct zj_print_col cols[] = {
    {"state", "state", "状态", 9},       {"due", "due", "到期", 10},
    {"duty", "duty", "义务", 20},        {"org", "organisation", "单位", 18},
    {"subject.id", "subject", "对象", 22}, {"why", "why", "说明", 0},
};

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    const struct args *a = opaque;
    (void)argc, (void)argv; /* takes no operands */
    const struct zj_plan_filter filter = {.task = (int)a->task, .state = a->state};
    return zj_print_plan(job, "duties", zj_plan_duties, a->org, filter, cols, ZJ_COUNT(cols),
                         zj_tr(job, "No duties yet: import systems, partners or releases first.",
                               "暂无义务：请先导入系统、合作方或发布登记。"),
                         NULL);
}

const struct zj_verb zj_verb_status = {
    .name = "status",
    .en = "the duties of the plan with their state and date",
    .zh = "列出各项义务的状态和到期日",
    .examples = (const char *const[]){"zhuji status", "zhuji status --state overdue --json", NULL},
    .opts = opts,
    .args_bytes = sizeof(struct args),
    .run = run,
};
