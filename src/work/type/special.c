/* 专项安全评估 of automated driving (task 18). Its contents were not published: the form is a template. */
#include "work/case.h"

/* clang-format off */
static const struct zj_case_state states[] = {
    {"planned", "计划", "Planned", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"assessing", "评估中", "Under assessment", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"concluded", "已出结论", "Concluded", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"submitted", "已提交", "Submitted", ZJ_PARTY_BUREAU, 0},
    {"accepted", "已接收", "Accepted", ZJ_PARTY_NONE, ZJ_STATE_RESTS},
    {"archived", "归档", "Archived", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {0},
};

static const struct zj_case_action actions[] = {
    ZJ_ACTION("start", "开始评估", "Start", "planned", "assessing", ZJ_PARTY_COMPANY),
    ZJ_ACTION("conclude", "出具结论", "Conclude", "assessing", "concluded", ZJ_PARTY_COMPANY,
              .fields = "assessed_on conclusion report valid_to",
              .needs = "assessed_on conclusion report"),
    ZJ_ACTION("submit", "提交", "Submit", "concluded", "submitted", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_SUBMIT),
    ZJ_ACTION("accept", "接收", "Accept", "submitted", "accepted", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_APPROVE, .fields = "opinion"),
    ZJ_ACTION("send_back", "退回", "Send back", "submitted", "concluded", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_COMMENT, .fields = "opinion"),
    ZJ_ACTION("renew", "重新评估", "Assess anew", "accepted", "assessing", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_ROUND),
    ZJ_ACTION("archive", "归档", "Archive", "accepted", "archived",
              ZJ_PARTY_COMPANY | ZJ_PARTY_BUREAU, .flags = ZJ_ACT_COMMENT),
    {0},
};
/* clang-format on */

const struct zj_case_type zj_case_special = {
    .name = "special",
    .zh = "专项安全评估",
    .en = "Special assessment",
    .task = 18,
    .reg = "special_assessments",
    .opens = ZJ_PARTY_COMPANY,
    .subject = "function",
    .withdraw_from = "submitted",
    .withdraw_to = "concluded",
    .clause = "第18项：对自动驾驶生产企业、使用主体和产品方案提供商试点开展专项安全评估",
    .invites_assessors = true,
    .states = states,
    .actions = actions,
};
