#include "cli/cli.h"
#include "cli/plan_rows.h"

struct args {
    int64_t task;
    const char *org, *rule, *severity, *state, *fail_on, *format;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_INT(struct args, task, "task", "N", "of one task of the plan", "只看某项任务"),
    ZJ_OPT_STR(struct args, org, "org", "CODE", "of one organisation", "只看某个单位"),
    ZJ_OPT_STR(struct args, rule, "rule", "NAME", "of one rule", "只看某条规则"),
    ZJ_OPT_STR(struct args, severity, "severity", "high|medium|low", "of one severity",
               "只看某个级别"),
    ZJ_OPT_STR(struct args, state, "state", "open|closed|all", "open (default), closed, or all",
               "open（默认）、closed 或 all"),
    ZJ_OPT_STR(struct args, fail_on, "fail-on", "high|medium|low",
               "exit 1 where a gap of this severity or worse is open",
               "存在该级别及以上差距时退出码为 1"),
    ZJ_OPT_STR(struct args, format, "format", "xlsx|csv|pdf",
               "where the file's name does not say it", "文件名未表明格式时指定"),
    ZJ_OPT_END,
};

static const struct zj_print_col cols[] = {
    ZJ_PRINT("state", "state", "状态", 6,
             .words = zj_words_gap_state), /* where the state is asked for */
    ZJ_PRINT("severity", "severity", "级别", 8, .words = zj_words_severity),
    ZJ_PRINT("gap", "gap", "差距", 28),
    ZJ_PRINT("org", "organisation", "单位", 18),
    ZJ_PRINT("subject_name", "subject", "对象", 24),
    ZJ_PRINT("last_seen", "last seen", "最近", 25),
    ZJ_PRINT("why", "why", "说明", 0),
};

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    const struct args *a = opaque;
    (void)argc, (void)argv; /* takes no operands */
    const struct zj_plan_print what = {
        .name = "gaps",
        .list = zj_plan_gaps,
        .org = a->org,
        .filter = {.task = (int)a->task,
                   .rule = a->rule,
                   .severity = a->severity,
                   .state = a->state},
        .cols = a->state ? cols : cols + 1,
        .col_count = ZJ_COUNT(cols) - !a->state,
        .paper = &zj_paper_gaps,
        .format = a->format,
        .nothing = zj_tr(job,
                         "No gaps that match. Gaps need both sides: registers (zhuji import) "
                         "and observations (zhuji sense --db).",
                         "没有符合条件的差距。差距需要两方面数据：登记（zhuji import）和"
                         "观测（zhuji sense --db）。"),
        .fail_on = a->fail_on,
    };
    return zj_print_plan(job, &what);
}

const struct zj_verb zj_verb_gaps = {
    .name = "gaps",
    .en = "what is declared against what is observed: the gaps",
    .zh = "列出申报与实际之间的差距",
    .examples = (const char *const[]){"zhuji gaps --task 6", "zhuji gaps --json -o gaps.json",
                                      "zhuji gaps --severity high -o gaps.pdf",
                                      "zhuji gaps --fail-on high", NULL},
    .papers = "xlsx, csv, pdf",
    .opts = opts,
    .args_bytes = sizeof(struct args),
    .run = run,
};
