/* The lists of this room as tables for people. */
#include "plan/plan.h"

#include "plan/pack.h"

const struct zj_paper_word zj_words_severity[] = {
    {"high", "High", "高", ZJ_TONE_BAD},
    {"medium", "Medium", "中", ZJ_TONE_WARN},
    {"low", "Low", "低", ZJ_TONE_NOTE},
    {0},
};

const struct zj_paper_word zj_words_gap_state[] = {
    {"open", "Open", "未处理", ZJ_TONE_PLAIN},
    {"closed", "Closed", "已消除", ZJ_TONE_SOFT},
    {0},
};

const struct zj_paper_word zj_words_duty_state[] = {
    {"overdue", "Overdue", "逾期", ZJ_TONE_BAD},
    {"due_soon", "Due soon", "将到期", ZJ_TONE_WARN},
    {"open", "Open", "进行中", ZJ_TONE_NOTE},
    {"met", "Met", "已满足", ZJ_TONE_GOOD},
    {"not_applicable", "Not applicable", "不适用", ZJ_TONE_SOFT},
    {"late", "Done late", "逾期完成", ZJ_TONE_SOFT},
    {"moved", "Was overdue, counted anew", "曾逾期，已重新起算", ZJ_TONE_SOFT},
    {"gone", "Was overdue, binds no more", "曾逾期，已不适用", ZJ_TONE_SOFT},
    {0},
};

static const struct zj_paper_word marks[] = {
    {"sure", "sure", "确定", ZJ_TONE_PLAIN},
    {"likely", "likely", "较确定", ZJ_TONE_PLAIN},
    {"unverified", "unverified", "待确认", ZJ_TONE_WARN},
    {0},
};

/* 101 and on are the safeguards, which the plan counts apart. */
static void say_task(const struct zj_job *job, int task, struct zj_buf *out)
{
    if (task <= 100)
        zj_buf_printf(out, zj_tr(job, "Task %d", "第 %d 项"), task);
    else
        zj_buf_printf(out, zj_tr(job, "Safeguard %d", "保障措施 %d"), task - 100);
}

static enum zj_tone task_of(const struct zj_job *job, const struct zj_paper_col *col,
                            const struct zj_jval *row, struct zj_buf *out)
{
    say_task(job, (int)zj_jval_int(zj_jval_at(row, col->path), 0), out);
    return ZJ_TONE_PLAIN;
}

static const struct zj_paper_col gap_cols[] = {
    ZJ_COL("severity", "Severity", "级别", ZJ_CELL_TEXT, 8, .words = zj_words_severity),
    ZJ_COL("title", "Gap", "差距", ZJ_CELL_TEXT, 24),
    ZJ_COL("org_name", "Organisation", "单位", ZJ_CELL_TEXT, 24, .is_org = true),
    ZJ_COL("subject_name", "Subject", "对象", ZJ_CELL_CODE, 24),
    ZJ_COL("why", "Why", "原因", ZJ_CELL_TEXT, 48),
    ZJ_COL("todo", "What to do", "处理建议", ZJ_CELL_TEXT, 40),
    ZJ_COL("task", "Task", "任务", ZJ_CELL_TEXT, 10, .say = task_of),
    ZJ_COL("state", "State", "状态", ZJ_CELL_TEXT, 9, .words = zj_words_gap_state),
    ZJ_COL("first_seen", "First seen", "首次发现", ZJ_CELL_TIME, 17),
    ZJ_COL("last_seen", "Last seen", "最近发现", ZJ_CELL_TIME, 17),
    ZJ_COL("closed_at", "Closed", "消除时间", ZJ_CELL_TIME, 17, .is_more = true),
    ZJ_COL("gap", "Rule", "规则", ZJ_CELL_CODE, 26, .is_more = true),
    ZJ_COL("source", "Source", "依据", ZJ_CELL_TEXT, 40, .is_more = true),
    ZJ_COL("mark", "Certainty", "确定程度", ZJ_CELL_TEXT, 10, .is_more = true, .words = marks),
    ZJ_COL("org", "Organisation code", "单位代码", ZJ_CELL_CODE, 22, .is_more = true),
};

const struct zj_paper_table zj_paper_gaps = {
    .name = "gaps",
    .en = "Gaps",
    .zh = "差距清单",
    .note_en = "Where declarations and observations do not agree.",
    .note_zh = "申报与观测不一致之处。",
    .cols = gap_cols,
    .col_count = ZJ_COUNT(gap_cols),
};

static const struct zj_paper_col duty_cols[] = {
    ZJ_COL("state", "State", "状态", ZJ_CELL_TEXT, 10, .words = zj_words_duty_state),
    ZJ_COL("due", "Due", "期限", ZJ_CELL_CODE, 12),
    ZJ_COL("title", "Duty", "义务", ZJ_CELL_TEXT, 34),
    ZJ_COL("org_name", "Organisation", "单位", ZJ_CELL_TEXT, 24, .is_org = true),
    ZJ_COL("subject_name", "Subject", "对象", ZJ_CELL_CODE, 25),
    ZJ_COL("why", "Why", "说明", ZJ_CELL_TEXT, 48),
    ZJ_COL("task", "Task", "任务", ZJ_CELL_TEXT, 10, .say = task_of),
    ZJ_COL("source", "Source", "依据", ZJ_CELL_TEXT, 42),
    ZJ_COL("duty", "Rule", "规则", ZJ_CELL_CODE, 24, .is_more = true),
    ZJ_COL("mark", "Certainty", "确定程度", ZJ_CELL_TEXT, 10, .is_more = true, .words = marks),
    ZJ_COL("org", "Organisation code", "单位代码", ZJ_CELL_CODE, 22, .is_more = true),
};

const struct zj_paper_table zj_paper_duties = {
    .name = "duties",
    .en = "Duties",
    .zh = "义务清单",
    .note_en = "What the plan asks, for what, by when.",
    .note_zh = "方案要求、对象、期限与状态。",
    .cols = duty_cols,
    .col_count = ZJ_COUNT(duty_cols),
};

/* The member of this name in the reader's language: "asks_" is asks_zh or asks_en. */
static enum zj_tone by_language(const struct zj_job *job, const struct zj_paper_col *col,
                                const struct zj_jval *row, struct zj_buf *out)
{
    char key[32];
    snprintf(key, sizeof key, "%s%s", col->path, zj_tr(job, "en", "zh"));
    zj_buf_span(out, zj_jval_text(zj_jval_get(row, key)));
    return ZJ_TONE_PLAIN;
}

static const struct zj_paper_col board_cols[] = {
    ZJ_COL("task", "Task", "任务", ZJ_CELL_TEXT, 13, .say = task_of),
    ZJ_COL("", "Name", "名称", ZJ_CELL_TEXT, 22, .say = by_language),
    ZJ_COL("asks_", "What it asks", "要求", ZJ_CELL_TEXT, 60, .say = by_language),
    ZJ_COL("duties.overdue", "Overdue", "逾期", ZJ_CELL_NUMBER, 9),
    ZJ_COL("duties.due_soon", "Due soon", "将到期", ZJ_CELL_NUMBER, 9),
    ZJ_COL("duties.open", "Open", "进行中", ZJ_CELL_NUMBER, 9),
    ZJ_COL("duties.met", "Met", "已满足", ZJ_CELL_NUMBER, 9),
    ZJ_COL("gaps.high", "High gaps", "高级别差距", ZJ_CELL_NUMBER, 9),
    ZJ_COL("gaps.medium", "Medium gaps", "中级别差距", ZJ_CELL_NUMBER, 9),
    ZJ_COL("gaps.low", "Low gaps", "低级别差距", ZJ_CELL_NUMBER, 9),
};

const struct zj_paper_table zj_paper_board = {
    .name = "plan",
    .en = "Plan board",
    .zh = "任务看板",
    .note_en = "The 18 tasks and 3 safeguards of the plan, with counts of duties and open gaps.",
    .note_zh = "方案的 18 项任务与 3 项保障措施及其义务数、未处理差距数。",
    .rows = "tasks safeguards",
    .cols = board_cols,
    .col_count = ZJ_COUNT(board_cols),
};

static const struct zj_paper_col progress_cols[] = {
    ZJ_COL("task", "Task", "任务", ZJ_CELL_TEXT, 13, .say = task_of),
    ZJ_COL("", "Name", "名称", ZJ_CELL_TEXT, 30, .say = by_language),
    ZJ_COL("companies", "Companies bound", "适用企业", ZJ_CELL_NUMBER, 11),
    ZJ_COL("companies_done", "Done", "已完成", ZJ_CELL_NUMBER, 11),
    ZJ_COL("companies_bad", "Late or high gap", "有逾期或高级别差距", ZJ_CELL_NUMBER, 12),
    ZJ_COL("duties.met", "Duties met", "义务已满足", ZJ_CELL_NUMBER, 11),
    ZJ_COL("duties.open", "Open", "进行中", ZJ_CELL_NUMBER, 11),
    ZJ_COL("duties.due_soon", "Due soon", "将到期", ZJ_CELL_NUMBER, 11),
    ZJ_COL("duties.overdue", "Overdue", "逾期", ZJ_CELL_NUMBER, 11),
    ZJ_COL("gaps", "Open gaps", "未处理差距", ZJ_CELL_NUMBER, 11),
    ZJ_COL("cases", "Cases", "在办事项", ZJ_CELL_NUMBER, 11),
};

const struct zj_paper_table zj_paper_progress = {
    .name = "progress",
    .en = "Progress of the tasks",
    .zh = "任务进展",
    .note_en = "Computed over all companies.",
    .note_zh = "由系统按全部企业计算。",
    .rows = "tasks",
    .cols = progress_cols,
    .col_count = ZJ_COUNT(progress_cols),
};

/* --- the heat map: a column a task ---------------------------------------------------------------
 */

static void say_count(const struct zj_job *job, const struct zj_jval *cell, const char *path,
                      const char *en, const char *zh, struct zj_buf *out)
{
    const int64_t n = zj_jval_int(zj_jval_at(cell, path), 0);
    if (n)
        zj_buf_printf(out, "%s%s%lld", out->len ? " " : "", zj_tr(job, en, zh), (long long)n);
}

static enum zj_tone say_cell(const struct zj_job *job, const struct zj_paper_col *col,
                             const struct zj_jval *row, struct zj_buf *out)
{
    static const struct zj_paper_word states[] = {
        {"bad", "", "", ZJ_TONE_BAD},
        {"attention", "attention", "需关注", ZJ_TONE_WARN},
        {"good", "good", "正常", ZJ_TONE_GOOD},
        {0},
    };
    const struct zj_jval *cell = zj_jval_at(row, col->path);
    const struct zj_span state = zj_jval_text(zj_jval_get(cell, "state"));
    const size_t from = out->len;
    ZJ_AUTO(zj_buf_release) struct zj_buf text = {0};
    say_count(job, cell, "duties.overdue", "late ", "逾期", &text);
    say_count(job, cell, "duties.due_soon", "soon ", "将到期", &text);
    say_count(job, cell, "duties.open", "open ", "未完成", &text);
    say_count(job, cell, "gaps", "gaps ", "差距", &text);
    say_count(job, cell, "cases", "cases ", "事项", &text);
    zj_buf_span(out, zj_buf_all(&text));
    for (const struct zj_paper_word *w = states; w->value; w++)
        if (zj_span_eq_str(state, w->value)) {
            if (out->len == from)
                zj_buf_str(out, zj_tr(job, w->en, w->zh));
            return w->tone;
        }
    return ZJ_TONE_SOFT;
}

const struct zj_paper_table *zj_plan_heatmap_paper(const struct zj_plan *plan,
                                                   struct zj_arena *arena)
{
    static const struct zj_paper_col first[] = {
        ZJ_COL("name", "Company", "企业", ZJ_CELL_TEXT, 28),
        ZJ_COL("code", "Code", "代码", ZJ_CELL_CODE, 22, .is_more = true),
        ZJ_COL("bad", "Bad", "异常项", ZJ_CELL_NUMBER, 8),
        ZJ_COL("attention", "Attention", "关注项", ZJ_CELL_NUMBER, 8),
    };
    struct zj_paper_col *cols =
        zj_arena_alloc(arena, (ZJ_COUNT(first) + plan->task_count) * sizeof *cols);
    struct zj_paper_table *table = zj_arena_alloc(arena, sizeof *table);
    memcpy(cols, first, sizeof first);
    for (size_t t = 0; t < plan->task_count; t++) {
        const struct zj_task *task = &plan->tasks[t];
        const int number = task->number;
        cols[ZJ_COUNT(first) + t] = (struct zj_paper_col){
            .path = zj_arena_printf(arena, "cells.%zu", t),
            .en = zj_arena_printf(arena, number > 100 ? "S%d %s" : "%d %s", number % 100, task->en),
            .zh = zj_arena_printf(arena, number > 100 ? "保障%d %s" : "%d %s", number % 100,
                                  task->zh),
            .width = 11,
            .say = say_cell,
        };
    }
    *table = (struct zj_paper_table){
        .name = "heatmap",
        .en = "Heat map: companies by tasks",
        .zh = "企业与任务热力图",
        .note_en = "Each cell: overdue duties, duties due soon, other open duties, open gaps, cases under way.",
        .note_zh = "单元格依次为：逾期义务、将到期义务、其他未完成义务、未处理差距、在办事项数。",
        .rows = "orgs",
        .cols = cols,
        .col_count = ZJ_COUNT(first) + plan->task_count,
    };
    return table;
}
