/* 整改: one finding, from the order to the check that it is done (task 5). */
#include "work/case.h"

static zj_err is_own(struct zj_act *act)
{
    return zj_opener_party(act->c) == ZJ_PARTY_COMPANY
               ? ZJ_OK
               : zj_act_refuse(act, "a bureau has ordered it and verifies it",
                               "该整改由主管部门下达，应由主管部门复核");
}

static zj_err on_verified(struct zj_act *act)
{
    return zj_act_set(act, "verified_on", zj_act_today(act));
}

/* clang-format off */
static const struct zj_case_state states[] = {
    {"open", "待整改", "To be rectified", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"rectifying", "整改中", "Rectifying", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"replied", "已反馈", "Replied", ZJ_PARTY_BUREAU, 0},
    {"verified", "已复核", "Verified", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {0},
};

static const struct zj_case_action actions[] = {
    ZJ_ACTION("plan", "制定计划", "Plan", "open", "rectifying", ZJ_PARTY_COMPANY,
              .fields = "plan due_on", .needs = "plan due_on"),
    ZJ_ACTION("reply", "反馈整改", "Reply", "open rectifying", "replied", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_SUBMIT, .fields = "plan rectified_on", .needs = "plan rectified_on"),
    ZJ_ACTION("verify", "复核通过", "Verify", "replied", "verified", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_APPROVE, .effect = on_verified),
    ZJ_ACTION("reject", "复核不通过", "Reject", "replied", "rectifying", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_COMMENT),
    ZJ_ACTION("verify_self", "自行复核", "Verify internally", "rectifying", "verified",
              ZJ_PARTY_COMPANY, .needs = "rectified_on", .fields = "rectified_on", .guard = is_own,
              .effect = on_verified),
    {0},
};
/* clang-format on */

const struct zj_case_type zj_case_rectification = {
    .name = "rectification",
    .zh = "整改",
    .en = "Rectification",
    .task = 5,
    .reg = "findings",
    .opens = ZJ_PARTY_COMPANY | ZJ_PARTY_BUREAU,
    .subject = "system",
    .withdraw_from = "replied",
    .withdraw_to = "rectifying",
    .clause = "第5项：对发现的问题及时整改",
    .states = states,
    .actions = actions,
};
