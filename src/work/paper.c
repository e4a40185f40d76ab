/* The list of cases as a table for people. */
#include "work/work.h"

static const struct zj_paper_word sides[] = {
    {"company", "company", "企业", ZJ_TONE_PLAIN},
    {"bureau", "bureau", "主管部门", ZJ_TONE_PLAIN},
    {"expert", "expert", "专家", ZJ_TONE_PLAIN},
    {"none", "", "", ZJ_TONE_PLAIN},
    {0},
};

static const struct zj_case_type *row_type(const struct zj_jval *row)
{
    return zj_case_type_find(zj_jval_cstr(zj_jval_get(row, "type"), ""));
}

static enum zj_tone say_type(const struct zj_job *job, const struct zj_paper_col *col,
                             const struct zj_jval *row, struct zj_buf *out)
{
    const struct zj_case_type *type = row_type(row);
    (void)col; /* it is the row's type */
    if (type)
        zj_buf_str(out, zj_tr(job, type->en, type->zh));
    return ZJ_TONE_PLAIN;
}

static enum zj_tone say_state(const struct zj_job *job, const struct zj_paper_col *col,
                              const struct zj_jval *row, struct zj_buf *out)
{
    const struct zj_case_type *type = row_type(row);
    const char *name = zj_jval_cstr(zj_jval_get(row, col->path), "");
    const struct zj_case_state *state = type ? zj_case_state_find(type, name) : NULL;
    zj_buf_str(out, state ? zj_tr(job, state->en, state->zh) : name);
    return state && state->flags & ZJ_STATE_FINAL ? ZJ_TONE_SOFT : ZJ_TONE_PLAIN;
}

static enum zj_tone say_late(const struct zj_job *job, const struct zj_paper_col *col,
                             const struct zj_jval *row, struct zj_buf *out)
{
    if (!zj_jval_bool(zj_jval_get(row, col->path), false))
        return ZJ_TONE_PLAIN;
    zj_buf_str(out, zj_tr(job, "overdue", "逾期"));
    return ZJ_TONE_BAD;
}

static const struct zj_paper_col cols[] = {
    ZJ_COL("title", "Case", "事项", ZJ_CELL_TEXT, 36),
    ZJ_COL("type", "Type", "类型", ZJ_CELL_TEXT, 20, .say = say_type),
    ZJ_COL("org.name", "Organisation", "单位", ZJ_CELL_TEXT, 30, .is_org = true),
    ZJ_COL("state", "State", "状态", ZJ_CELL_TEXT, 14, .say = say_state),
    ZJ_COL("side", "Waits for", "待办方", ZJ_CELL_TEXT, 11, .words = sides),
    ZJ_COL("due_at", "Due", "期限", ZJ_CELL_TIME, 17),
    ZJ_COL("is_overdue", "Overdue", "逾期", ZJ_CELL_TEXT, 9, .say = say_late),
    ZJ_COL("number", "Number", "备案号", ZJ_CELL_CODE, 20),
    ZJ_COL("submitted_at", "Handed in", "提交时间", ZJ_CELL_TIME, 17),
    ZJ_COL("closed_at", "Closed", "办结时间", ZJ_CELL_TIME, 17),
    ZJ_COL("subject", "Subject", "对象", ZJ_CELL_CODE, 22, .is_more = true),
    ZJ_COL("task", "Task", "任务", ZJ_CELL_NUMBER, 8, .is_more = true),
    ZJ_COL("round", "Round", "轮次", ZJ_CELL_NUMBER, 8, .is_more = true),
    ZJ_COL("opened_at", "Begun", "发起时间", ZJ_CELL_TIME, 17, .is_more = true),
    ZJ_COL("state_at", "In this state since", "当前状态起始", ZJ_CELL_TIME, 17, .is_more = true),
    ZJ_COL("opener", "Begun by", "发起人", ZJ_CELL_CODE, 14, .is_more = true),
    ZJ_COL("assignee", "With", "经办人", ZJ_CELL_CODE, 14, .is_more = true),
    ZJ_COL("org.code", "Organisation code", "单位代码", ZJ_CELL_CODE, 22, .is_more = true),
    ZJ_COL("id", "Case number", "事项编号", ZJ_CELL_NUMBER, 9, .is_more = true),
};

const struct zj_paper_table zj_paper_cases = {
    .name = "cases",
    .en = "Cases",
    .zh = "事项清单",
    .note_en = "Filings, reviews, rectifications and reports.",
    .note_zh = "申报、审核、整改与报告。",
    .cols = cols,
    .col_count = ZJ_COUNT(cols),
};
