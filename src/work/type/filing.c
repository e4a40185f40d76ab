/* 定级备案: grading is filed, the bureaus review it in rounds and issue a number (task 3).
 *
 *   draft -> submitted -> accepted -> reviewing -> passed -> changing -> submitted …
 *              ^ needs_correction <-'      |          '----> cancelled
 *              '-------- failed <----------'
 */
#include "work/case.h"

static const struct zj_lack no_level = {
    .reg = "systems",
    .key = "system",
    .field = "level",
    .en = "system {key} has no level yet: grade it first",
    .zh = "系统 {key} 尚未定级，请先完成定级",
};

static zj_err has_level(struct zj_act *act)
{
    const char *level = zj_act_text_in(act, "systems", zj_act_text(act, "system"), "level");
    return level[0] ? ZJ_OK
                    : zj_act_lacks(act, &no_level, NULL);
}

/* The number stands in the form and in the register of systems, where gaps and duties look. A change
 * that passes keeps the day of the filing: periods counted from it go on. */
static zj_err on_passed(struct zj_act *act)
{
    const char *today = zj_act_today(act);
    const char *system = zj_act_text(act, "system"), *had = "";
    if (strcmp(zj_act_text_in(act, "systems", system, "filing_number"), act->c->number) == 0)
        had = zj_act_text_in(act, "systems", system, "filed_on");
    const struct zj_work_field filed[] = {
        {"filing_number", zj_span_str(act->c->number)},
        {"filed_on", zj_span_str(had[0] ? had : today)},
    };
    zj_err err = zj_act_set(act, "number", act->c->number);
    if (!err)
        err = zj_act_set(act, "decided_on", today);
    return err ? err : zj_act_set_in(act, "systems", zj_act_text(act, "system"), filed,
                                     ZJ_COUNT(filed));
}

static zj_err on_failed(struct zj_act *act)
{
    return zj_act_set(act, "decided_on", zj_act_today(act));
}

static zj_err on_cancelled(struct zj_act *act)
{
    static const struct zj_work_field none[] = {
        {"filing_number", ZJ_SPAN_LIT("")},
        {"filed_on", ZJ_SPAN_LIT("")},
    };
    return zj_act_set_in(act, "systems", zj_act_text(act, "system"), none, ZJ_COUNT(none));
}

/* clang-format off */
static const struct zj_case_state states[] = {
    {"draft", "草稿", "Draft", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"submitted", "已提交", "Submitted", ZJ_PARTY_BUREAU, 0},
    {"accepted", "受理", "Accepted", ZJ_PARTY_BUREAU, 0},
    {"needs_correction", "需补正", "Needs correction", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"reviewing", "评审中", "Under review", ZJ_PARTY_BUREAU, 0},
    {"passed", "通过", "Passed", ZJ_PARTY_NONE, ZJ_STATE_RESTS},
    {"failed", "不通过", "Not passed", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"changing", "变更中", "Being changed", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"cancelling", "注销申请", "Cancellation asked for", ZJ_PARTY_BUREAU, 0},
    {"cancelled", "注销", "Cancelled", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {0},
};

static const struct zj_case_action actions[] = {
    ZJ_ACTION("submit", "提交", "Submit", "draft needs_correction changing", "submitted",
              ZJ_PARTY_COMPANY, .flags = ZJ_ACT_SUBMIT, .guard = has_level),
    ZJ_ACTION("resubmit", "新一轮提交", "Submit anew", "failed", "submitted", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_SUBMIT | ZJ_ACT_ROUND, .guard = has_level),
    ZJ_ACTION("accept", "受理", "Accept", "submitted", "accepted", ZJ_PARTY_BUREAU),
    ZJ_ACTION("review", "进入评审", "Start review", "accepted", "reviewing", ZJ_PARTY_BUREAU),
    ZJ_ACTION("pass", "评审通过", "Pass", "reviewing", "passed", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_SIGN | ZJ_ACT_NUMBER | ZJ_ACT_APPROVE,
              .own_fields = "bca:opinion_bca beit:opinion_beit", .refused_to = "needs_correction",
              .effect = on_passed),
    ZJ_ACTION("fail", "评审不通过", "Do not pass", "reviewing", "failed", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_COMMENT, .own_fields = "bca:opinion_bca beit:opinion_beit",
              .effect = on_failed),
    ZJ_ACTION("ask_correction", "要求补正", "Ask for correction", "submitted accepted reviewing",
              "needs_correction", ZJ_PARTY_BUREAU, .flags = ZJ_ACT_COMMENT),
    ZJ_ACTION("change", "申请变更", "Change the filing", "passed", "changing", ZJ_PARTY_COMPANY),
    ZJ_ACTION("ask_cancel", "申请注销", "Ask for cancellation", "passed", "cancelling",
              ZJ_PARTY_COMPANY, .flags = ZJ_ACT_COMMENT),
    ZJ_ACTION("keep", "不予注销", "Refuse cancellation", "cancelling", "passed", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_COMMENT),
    ZJ_ACTION("cancel", "注销", "Cancel", "passed cancelling", "cancelled", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_COMMENT, .effect = on_cancelled),
    {0},
};
/* clang-format on */

const struct zj_case_type zj_case_filing = {
    .name = "filing",
    .zh = "定级备案",
    .en = "Filing of a graded system",
    .task = 3,
    .reg = "filings",
    .opens = ZJ_PARTY_COMPANY,
    .subject = "system",
    .states = states,
    .actions = actions,
    .withdraw_from = "submitted",
    .withdraw_to = "draft",
    .clause = "第3项：主管部门审核申报和更新信息，对通过审核的核发定级备案号",
};
