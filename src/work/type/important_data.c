/* 重要数据目录: filed or refused within 20 working days, resubmitted within 15, changed within three
 * months of a great change (task 11). The catalogue names classes of data, never the data. */
#include "work/case.h"

static zj_err on_filed(struct zj_act *act)
{
    return zj_act_set(act, "number", act->c->number);
}

/* What was refused is not handed in again as it was. */
static zj_err was_changed(struct zj_act *act)
{
    bool is_same = false;
    zj_err err = zj_form_is_as_handed(act->desk, act->c, act->form, &is_same);
    return err || !is_same
               ? err
               : zj_act_refuse(act, "nothing was changed since the refusal",
                               "目录内容与不予备案时相同，请修改并保存后再次提交");
}

/* clang-format off */
static const struct zj_case_state states[] = {
    {"draft", "草稿", "Draft", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"submitted", "已提交", "Submitted", ZJ_PARTY_BUREAU, 0},
    {"filed", "已备案", "Filed", ZJ_PARTY_NONE, ZJ_STATE_RESTS},
    {"refused", "不予备案", "Refused", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"changing", "变更", "Being changed", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"cancelled", "注销", "Cancelled", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {0},
};

static const struct zj_case_action actions[] = {
    ZJ_ACTION("submit", "提交", "Submit", "draft changing", "submitted", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_SUBMIT),
    ZJ_ACTION("file", "予以备案", "File", "submitted", "filed", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_NUMBER | ZJ_ACT_APPROVE, .fields = "opinion", .effect = on_filed),
    ZJ_ACTION("refuse", "不予备案", "Refuse", "submitted", "refused", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_COMMENT, .fields = "opinion"),
    ZJ_ACTION("resubmit", "再次提交", "Submit again", "refused", "submitted", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_SUBMIT | ZJ_ACT_ROUND, .guard = was_changed),
    ZJ_ACTION("change", "变更", "Change", "filed", "changing", ZJ_PARTY_COMPANY,
              .fields = "changed_on", .needs = "changed_on"),
    ZJ_ACTION("cancel", "注销", "Cancel", "filed", "cancelled", ZJ_PARTY_COMPANY | ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_COMMENT),
    {0},
};
/* clang-format on */

const struct zj_case_type zj_case_important_data = {
    .name = "important_data",
    .zh = "重要数据目录",
    .en = "Catalogue of important data",
    .task = 11,
    .reg = "important_data",
    .opens = ZJ_PARTY_COMPANY,
    .subject = "title",
    .title = "title",
    .withdraw_from = "submitted",
    .withdraw_to = "draft",
    .clause = "第11项：识别重要数据和核心数据，向北京市通信管理局备案目录",
    .states = states,
    .actions = actions,
};
