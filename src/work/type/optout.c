/* 放弃功能: no card opts out without the signed letter and the confirmed cut (task 6). The bureaus
 * see rates, never a user's case. */
#include "work/case.h"

static zj_err is_cut(struct zj_act *act)
{
    return zj_act_is(act, "profile", "full")
               ? zj_act_refuse(act, "all functions are kept: that is no opt-out",
                               "保留全部功能，不属于放弃功能")
               : ZJ_OK;
}

static zj_err set_card(struct zj_act *act, const char *state)
{
    const struct zj_work_field fields[] = {{"state", zj_span_str(state)}};
    return zj_act_set_in(act, "cards", zj_act_text(act, "iccid"), fields, ZJ_COUNT(fields));
}

static zj_err on_confirmed(struct zj_act *act)
{
    return set_card(act, zj_act_is(act, "profile", "suspended") ? "suspended" : "opted_out");
}

static zj_err on_restored(struct zj_act *act)
{
    return set_card(act, "awaiting");
}

/* clang-format off */
static const struct zj_case_state states[] = {
    {"draft", "待签订", "To be signed", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"signed", "已签告知书", "Letter signed", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"cutting", "关闭功能中", "Cutting off", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"opted_out", "仅生命安全", "Life-safety only", ZJ_PARTY_NONE, ZJ_STATE_RESTS},
    {"restored", "恢复实名", "Back to registration", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {0},
};

static const struct zj_case_action actions[] = {
    ZJ_ACTION("sign", "上传告知书", "Letter signed", "draft", "signed", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_FILE, .fields = "letter_no signed_on",
              .needs = "letter_no signed_on"),
    ZJ_ACTION("cut", "申请关闭功能", "Ask for the cut", "signed", "cutting", ZJ_PARTY_COMPANY,
              .fields = "profile", .needs = "profile vin", .guard = is_cut),
    ZJ_ACTION("confirm", "确认已关闭", "Confirm the cut", "cutting", "opted_out", ZJ_PARTY_COMPANY,
              .fields = "cut_confirmed_on", .needs = "cut_confirmed_on", .guard = is_cut,
              .effect = on_confirmed),
    ZJ_ACTION("resume", "恢复功能", "Restore functions", "opted_out", "restored", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_COMMENT, .effect = on_restored),
    {0},
};
/* clang-format on */

const struct zj_case_type zj_case_optout = {
    .name = "optout",
    .zh = "放弃功能",
    .en = "Opt-out of connected functions",
    .task = 6,
    .reg = "optouts",
    .opens = ZJ_PARTY_COMPANY,
    .subject = "iccid",
    .clause = "第6项：用户放弃车联网功能的，签订责任告知书，原则上仅保留生命安全类功能",
    .states = states,
    .actions = actions,
};
