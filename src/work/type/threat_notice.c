/* 威胁通报: a bureau tells, the company rectifies and replies, the bureau checks again (task 9). An appeal
 * pauses nothing. */
#include "work/case.h"

static zj_err is_late(struct zj_act *act)
{
    return strcmp(zj_act_text(act, "due_on"), zj_act_today(act)) < 0
               ? ZJ_OK
               : zj_act_refuse(act, "the period is not over yet", "整改期限未到");
}

static zj_err on_passed(struct zj_act *act)
{
    return zj_act_set(act, "recheck", "passed");
}

static zj_err on_failed(struct zj_act *act)
{
    return zj_act_set(act, "recheck", "failed");
}

/* clang-format off */
static const struct zj_case_state states[] = {
    {"draft", "拟稿", "Draft", ZJ_PARTY_BUREAU, ZJ_STATE_EDIT},
    {"notified", "已通报", "Notified", ZJ_PARTY_COMPANY, 0},
    {"received", "签收", "Received", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"rectifying", "整改中", "Rectifying", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"supervised", "督办", "Under supervision", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"replied", "已反馈", "Replied", ZJ_PARTY_BUREAU, 0},
    {"passed", "复测通过", "Recheck passed", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {"revoked", "已撤销", "Revoked", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {0},
};

static const struct zj_case_action actions[] = {
    ZJ_ACTION("notify", "通报", "Notify", "draft", "notified", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_SUBMIT, .fields = "title target severity found_on detail due_on",
              .needs = "title severity detail due_on"),
    ZJ_ACTION("receive", "签收", "Receive", "notified", "received", ZJ_PARTY_COMPANY),
    ZJ_ACTION("rectify", "开始整改", "Start rectifying", "notified received", "rectifying",
              ZJ_PARTY_COMPANY),
    ZJ_ACTION("reply", "反馈整改", "Reply", "received rectifying supervised", "replied",
              ZJ_PARTY_COMPANY, .flags = ZJ_ACT_SUBMIT, .fields = "reply replied_on",
              .needs = "reply replied_on"),
    ZJ_ACTION("recheck_pass", "复测通过", "Recheck passed", "replied", "passed", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_APPROVE, .effect = on_passed),
    ZJ_ACTION("recheck_fail", "复测未通过", "Recheck failed", "replied", "rectifying",
              ZJ_PARTY_BUREAU, .flags = ZJ_ACT_COMMENT, .fields = "due_on", .effect = on_failed),
    ZJ_ACTION("extend", "变更期限", "Set another date", "notified received rectifying supervised",
              NULL, ZJ_PARTY_BUREAU, .flags = ZJ_ACT_COMMENT | ZJ_ACT_ANEW, .fields = "due_on",
              .needs = "due_on"),
    ZJ_ACTION("supervise", "督办", "Supervise", "notified received rectifying", "supervised",
              ZJ_PARTY_BUREAU, .flags = ZJ_ACT_COMMENT, .guard = is_late),
    ZJ_ACTION("appeal", "申诉", "Appeal", "notified received rectifying supervised", NULL,
              ZJ_PARTY_COMPANY, .flags = ZJ_ACT_COMMENT),
    ZJ_ACTION("uphold", "维持通报", "Uphold the notice", "notified received rectifying supervised",
              NULL, ZJ_PARTY_BUREAU, .flags = ZJ_ACT_COMMENT),
    ZJ_ACTION("revoke", "撤销通报", "Revoke the notice",
              "notified received rectifying supervised replied", "revoked", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_COMMENT),
    {0},
};
/* clang-format on */

const struct zj_case_type zj_case_threat_notice = {
    .name = "threat_notice",
    .zh = "威胁通报",
    .en = "Threat notice",
    .task = 9,
    .reg = "threat_notices",
    .opens = ZJ_PARTY_BUREAU,
    .subject = "target",
    .title = "title",
    .clause = "第9项：定期开展威胁检测，加强问题通报和监督整改",
    .states = states,
    .actions = actions,
};
