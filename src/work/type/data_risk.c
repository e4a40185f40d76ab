/* 数据安全风险评估: the yearly report, valid for one year from the day it was first issued (task 12). */
#include "work/case.h"

#include "base/clock.h"

/* Valid as long as clock D20 runs. */
static zj_err on_issued(struct zj_act *act)
{
    const struct zj_clock_rule *rule = zj_clock_rule_find(act->desk->work, "data_risk", "D20");
    char text[ZJ_TIME_TEXT];
    int32_t issued;
    if (!rule || zj_act_text(act, "valid_to")[0] ||
        !zj_date_parse(zj_span_str(zj_act_text(act, "issued_on")), &issued))
        return ZJ_OK;
    zj_date_format(zj_deadline_date(&rule->deadline, NULL, issued, NULL) - 1, text);
    return zj_act_set(act, "valid_to", text);
}

static zj_err on_handed_in(struct zj_act *act)
{
    return zj_act_set_today(act, "submitted_on");
}

static zj_err is_over(struct zj_act *act)
{
    const char *valid_to = zj_act_text(act, "valid_to");
    return valid_to[0] && strcmp(valid_to, zj_act_today(act)) < 0
               ? ZJ_OK
               : zj_act_refuse(act, "the report is still valid", "报告仍在有效期内");
}

/* clang-format off */
static const struct zj_case_state states[] = {
    {"ongoing", "进行", "Under way", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"issued", "报告出具", "Report issued", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"reported", "已报送", "Reported", ZJ_PARTY_BUREAU, 0},
    {"valid", "有效", "Valid", ZJ_PARTY_NONE, ZJ_STATE_RESTS},
    {"reassessing", "重新评估", "Being assessed anew", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"expired", "到期", "Expired", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {0},
};

static const struct zj_case_action actions[] = {
    ZJ_ACTION("issue", "出具报告", "Issue the report", "ongoing reassessing", "issued",
              ZJ_PARTY_COMPANY, .fields = "issued_on report conclusion",
              .needs = "issued_on report conclusion", .effect = on_issued),
    ZJ_ACTION("report", "报送", "Report", "issued", "reported", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_SUBMIT, .effect = on_handed_in),
    ZJ_ACTION("approve", "审核通过", "Approve", "reported", "valid", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_APPROVE, .fields = "opinion"),
    ZJ_ACTION("send_back", "退回", "Send back", "reported", "issued", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_COMMENT, .fields = "opinion"),
    ZJ_ACTION("reassess", "重新评估", "Assess anew", "valid", "reassessing", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_COMMENT | ZJ_ACT_ROUND),
    ZJ_ACTION("expire", "到期", "Expire", "valid", "expired", ZJ_PARTY_COMPANY | ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_BY_TIME, .guard = is_over),
    {0},
};
/* clang-format on */

const struct zj_case_type zj_case_data_risk = {
    .name = "data_risk",
    .zh = "数据安全风险评估",
    .en = "Data risk assessment",
    .task = 12,
    .reg = "data_risk_assessments",
    .opens = ZJ_PARTY_COMPANY,
    .subject = "year",
    .withdraw_from = "reported",
    .withdraw_to = "issued",
    .clause = "第12项：每年开展一次数据安全风险评估，9月30日前报送",
    .invites_assessors = true,
    .states = states,
    .actions = actions,
};
