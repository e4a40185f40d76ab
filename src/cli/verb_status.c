#include <string.h>

#include "cli/cli.h"
#include "cli/plan_rows.h"
#include "facts/facts.h"
#include "register/register.h"

struct args {
    int64_t task;
    const char *org, *state, *confirm, *unconfirm, *format;
    bool rules, digest;
};

static const struct zj_opt opts[] = {
    ZJ_OPT_INT(struct args, task, "task", "N", "of one task of the plan", "只看某项任务"),
    ZJ_OPT_STR(struct args, org, "org", "CODE", "of one organisation", "只看某个单位"),
    ZJ_OPT_STR(struct args, state, "state", "overdue|due_soon|open|met|not_applicable",
               "in one state", "只看某种状态"),
    ZJ_OPT_FLAG(struct args, digest, "digest",
                "what is overdue and what falls due, by organisation",
                "按单位汇总逾期和将到期事项"),
    ZJ_OPT_FLAG(struct args, rules, "rules", "the rules, with clock, source and whether they run",
                "列出规则、时限、来源和启用情况"),
    ZJ_OPT_STR(struct args, confirm, "confirm", "RULE", "run a rule that is marked unverified",
               "确认启用待确认规则"),
    ZJ_OPT_STR(struct args, unconfirm, "unconfirm", "RULE", "stop running it", "取消确认"),
    ZJ_OPT_STR(struct args, format, "format", "xlsx|csv|pdf",
               "where the file's name does not say it", "文件名未表明格式时指定"),
    ZJ_OPT_END,
};

static const struct zj_print_col cols[] = {
    ZJ_PRINT("state", "state", "状态", 9, .words = zj_words_duty_state),
    ZJ_PRINT("due", "due", "到期", 10),
    ZJ_PRINT("duty", "duty", "义务", 20),
    ZJ_PRINT("org", "organisation", "单位", 18),
    ZJ_PRINT("subject_name", "subject", "对象", 22),
    ZJ_PRINT("why", "why", "说明", 0),
};

static const struct zj_print_col rule_cols[] = {
    ZJ_PRINT("id", "rule", "规则", 32),     ZJ_PRINT("state", "state", "启用", 7),
    ZJ_PRINT("mark", "mark", "标注", 10),   ZJ_PRINT("clock", "clock", "时限", 16),
    ZJ_PRINT("title", "title", "名称", 40), ZJ_PRINT("source", "source", "来源", 0),
};

static const struct zj_print_col digest_cols[] = {
    ZJ_PRINT("org", "organisation", "单位", 18), ZJ_PRINT("overdue", "overdue", "逾期", 8),
    ZJ_PRINT("day", "1 day", "1天内", 8),        ZJ_PRINT("week", "7 days", "7天内", 8),
    ZJ_PRINT("month", "30 days", "30天内", 8),   ZJ_PRINT("next", "next", "最近到期", 12),
    ZJ_PRINT("name", "name", "名称", 0),
};

static void free_plan(struct zj_plan **plan)
{
    zj_plan_free(*plan);
}

static zj_err print(struct zj_job *job, const char *name, const struct zj_print_col *columns,
                    size_t count, struct zj_span text)
{
    if (job->output == ZJ_OUTPUT_TABLE)
        return text.len ? zj_print_rows(job, columns, count, text) : ZJ_OK;
    if (job->output == ZJ_OUTPUT_JSON)
        fprintf(job->out, "{\"%s\":%.*s}\n", name, (int)text.len, (const char *)text.at);
    else if (text.len)
        fwrite(text.at, 1, text.len, job->out);
    return ZJ_OK;
}

static zj_err other(struct zj_job *job, const struct args *a)
{
    ZJ_AUTO(zj_store_closep) struct zj_store *store = NULL;
    ZJ_AUTO(free_plan) struct zj_plan *plan = NULL;
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    const char *confirm = a->confirm ? a->confirm : a->unconfirm;
    const bool as_lines = job->output != ZJ_OUTPUT_JSON;
    int64_t org_id = 0;
    zj_err err = zj_store_open(job, job->db, 0, &store);
    if (!err)
        err = zj_registers_migrate(job, store);
    if (!err)
        err = zj_facts_migrate(job, store);
    if (!err)
        err = zj_plan_load(job, NULL, &plan);
    if (!err && confirm)
        err = zj_plan_confirm(job, plan, store, confirm, a->confirm != NULL);
    if (!err && a->org)
        err = zj_org_find(job, store, a->org, &org_id);
    if (!err)
        err = zj_plan_evaluate(job, plan, store, false);
    if (!err)
        err = a->digest ? zj_plan_digest(job, store, org_id, as_lines, &j)
                        : zj_plan_rule_states(job, plan, store, (int)a->task, as_lines, &j);
    if (err)
        return err;
    return a->digest ? print(job, "digest", digest_cols, ZJ_COUNT(digest_cols), zj_buf_all(&text))
                     : print(job, "rules", rule_cols, ZJ_COUNT(rule_cols), zj_buf_all(&text));
}

static zj_err run(struct zj_job *job, const void *opaque, int argc, char **argv)
{
    const struct args *a = opaque;
    (void)argc, (void)argv; /* takes no operands */
    if (a->rules || a->digest || a->confirm || a->unconfirm)
        return other(job, a);
    const struct zj_plan_print what = {
        .name = "duties",
        .list = zj_plan_duties,
        .org = a->org,
        .filter = {.task = (int)a->task, .state = a->state},
        .cols = cols,
        .col_count = ZJ_COUNT(cols),
        .paper = &zj_paper_duties,
        .format = a->format,
        .nothing = a->task || a->org || a->state
                       ? zj_tr(job, "No duties that match.", "没有符合条件的义务。")
                       : zj_tr(job, "No duties yet: import systems, partners or releases first.",
                               "暂无义务：请先导入系统、合作方或发布登记。"),
    };
    return zj_print_plan(job, &what);
}

const struct zj_verb zj_verb_status = {
    .name = "status",
    .en = "the duties of the plan with their state and date",
    .zh = "列出各项义务的状态和到期日",
    .examples = (const char *const[]){"zhuji status", "zhuji status --state overdue --json",
                                      "zhuji status -o duties.xlsx", "zhuji status --digest",
                                      "zhuji status --rules --task 5", NULL},
    .papers = "xlsx, csv, pdf",
    .opts = opts,
    .args_bytes = sizeof(struct args),
    .run = run,
};
