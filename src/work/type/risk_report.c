/* 风险报送: a risk that monitoring found, told to the bureau (task 7). */
#include "work/case.h"

static zj_err on_reported(struct zj_act *act)
{
    return zj_act_set_today(act, "reported_on");
}

/* clang-format off */
static const struct zj_case_state states[] = {
    {"draft", "草稿", "Draft", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"reported", "已报送", "Reported", ZJ_PARTY_BUREAU, 0},
    {"more", "需补充", "More is wanted", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"handling", "处置中", "Being handled", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"closed", "办结", "Closed", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {0},
};

static const struct zj_case_action actions[] = {
    ZJ_ACTION("report", "报送", "Report", "draft more", "reported", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_SUBMIT, .effect = on_reported),
    ZJ_ACTION("receive", "接收", "Receive", "reported", "handling", ZJ_PARTY_BUREAU),
    ZJ_ACTION("finish", "报告处置结果", "Report the outcome", "handling", "reported",
              ZJ_PARTY_COMPANY, .flags = ZJ_ACT_SUBMIT, .fields = "measures", .needs = "measures"),
    ZJ_ACTION("close", "办结", "Close", "reported handling", "closed", ZJ_PARTY_BUREAU),
    ZJ_ACTION("ask_more", "要求补充", "Ask for more", "reported", "more", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_COMMENT),
    {0},
};
/* clang-format on */

const struct zj_case_type zj_case_risk_report = {
    .name = "risk_report",
    .zh = "风险报送",
    .en = "Risk report",
    .task = 7,
    .reg = "risk_reports",
    .opens = ZJ_PARTY_COMPANY,
    .title = "category",
    .withdraw_from = "reported",
    .withdraw_to = "draft",
    .clause = "第7项：及时发现漏洞、事件和异常行为，按要求报送",
    .states = states,
    .actions = actions,
};
