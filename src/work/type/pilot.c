/* 试点申报: applied for, recommended, selected or not (task 17). */
#include "work/case.h"

static const struct zj_lack out_of_time = {
    .field = "call",
    .en = "the call does not take applications today: choose one that is open, or none",
    .zh = "所选征集不在申报期内，请选择开放中的征集或留空",
};

/* A call is answered while it is open; an application may also answer none. */
static zj_err call_is_open(struct zj_act *act)
{
    int64_t open = 0;
    const char *call = zj_act_text(act, "call");
    if (!call[0])
        return ZJ_OK;
    zj_err err = zj_act_query(act,
                              "SELECT COUNT(*) FROM reg_pilot_calls WHERE $1 = $1 AND code = $2 AND"
                              " opens_on <= $3 AND closes_on >= $3 AND deleted_at = 0",
                              call, zj_act_today(act), &open);
    return err || open ? err : zj_act_lacks(act, &out_of_time, NULL);
}

static zj_err on_selected(struct zj_act *act)
{
    return zj_act_set(act, "result", "selected");
}

static zj_err on_not_selected(struct zj_act *act)
{
    return zj_act_set(act, "result", "not_selected");
}

/* clang-format off */
static const struct zj_case_state states[] = {
    {"draft", "草稿", "Draft", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"applied", "已申报", "Applied", ZJ_PARTY_BUREAU, 0},
    {"more", "需补充", "More is wanted", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"recommended", "已推荐", "Recommended", ZJ_PARTY_BUREAU, 0},
    {"selected", "入选", "Selected", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {"not_selected", "未入选", "Not selected", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {0},
};

static const struct zj_case_action actions[] = {
    ZJ_ACTION("apply", "申报", "Apply", "draft more", "applied", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_SUBMIT, .guard = call_is_open),
    ZJ_ACTION("recommend", "推荐", "Recommend", "applied", "recommended", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_COMMENT),
    ZJ_ACTION("select", "入选", "Select", "recommended", "selected", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_APPROVE, .effect = on_selected),
    ZJ_ACTION("decline", "未入选", "Do not select", "applied recommended", "not_selected",
              ZJ_PARTY_BUREAU, .flags = ZJ_ACT_COMMENT, .effect = on_not_selected),
    ZJ_ACTION("ask_more", "要求补充", "Ask for more", "applied", "more", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_COMMENT),
    {0},
};
/* clang-format on */

const struct zj_case_type zj_case_pilot = {
    .name = "pilot",
    .zh = "试点申报",
    .en = "Pilot application",
    .task = 17,
    .reg = "pilots",
    .opens = ZJ_PARTY_COMPANY,
    .subject = "title",
    .title = "title",
    .withdraw_from = "applied",
    .withdraw_to = "draft",
    .clause = "第17项：支持申报网络安全技术应用试点示范",
    .states = states,
    .actions = actions,
};
