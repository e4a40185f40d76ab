/* 算法评估: before the car leaves the factory, and again with every new version (task 15). The notice asks for
 * no filing: a bureau acts on none, and reads the verdicts. */
#include "work/case.h"

enum { RESULT, RULES };
static const struct zj_lack lacks[] = {
    [RESULT] = {.field = "result",
                .en = "the result says something else",
                .zh = "与填写的结论不一致"},
    [RULES] = {.reg = "algorithm_rules",
               .is_new = true,
               .en = "rules on permissions, emergencies and intervention are wanted",
               .zh = "算法管理规定应覆盖权限管理、应急处置、人工干预三个方面"},
};

static zj_err result_is(struct zj_act *act, const char *result)
{
    return zj_act_is(act, "result", result)
               ? ZJ_OK
               : zj_act_lacks(act, &lacks[RESULT], NULL);
}

static zj_err is_passed(struct zj_act *act)
{
    return result_is(act, "passed");
}

static zj_err is_failed(struct zj_act *act)
{
    return result_is(act, "failed");
}

/* The three rules of the notice: permissions, emergencies, human intervention. */
static zj_err rules_are_there(struct zj_act *act)
{
    int64_t kinds = 0;
    zj_err err = zj_act_query(act,
                              "SELECT count(DISTINCT kind) FROM reg_algorithm_rules"
                              " WHERE org_id = $1 AND deleted_at = 0",
                              NULL, NULL, &kinds);
    if (!err && kinds < 3)
        err = zj_act_lacks(act, &lacks[RULES], NULL);
    return err;
}

/* clang-format off */
static const struct zj_case_state states[] = {
    {"registered", "登记", "Registered", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"assessing", "评估中", "Under assessment", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"passed", "通过", "Passed", ZJ_PARTY_COMPANY, 0},
    {"failed", "不通过", "Not passed", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"usable", "出厂可用", "May be delivered", ZJ_PARTY_NONE, ZJ_STATE_RESTS},
    {"retired", "停用", "Retired", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {0},
};

static const struct zj_case_action actions[] = {
    ZJ_ACTION("assess", "开始评估", "Assess", "registered failed", "assessing", ZJ_PARTY_COMPANY),
    ZJ_ACTION("pass", "评估通过", "Pass", "assessing", "passed", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_SUBMIT,
              .fields = "robustness controllability explainability attacks thresholds result assessed_on report",
              .needs = "robustness controllability explainability attacks thresholds result assessed_on report",
              .guard = is_passed),
    ZJ_ACTION("fail", "评估不通过", "Do not pass", "assessing", "failed", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_COMMENT, .fields = "result", .guard = is_failed),
    ZJ_ACTION("clear", "确认出厂可用", "Clear for delivery", "passed", "usable", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_SUBMIT,
              .guard = rules_are_there),
    ZJ_ACTION("new_version", "版本变更", "New version", "usable", "assessing", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_ROUND, .fields = "version", .needs = "version"),
    ZJ_ACTION("retire", "停用", "Retire", "passed failed usable", "retired", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_COMMENT),
    {0},
};
/* clang-format on */

const struct zj_case_type zj_case_algorithm = {
    .name = "algorithm",
    .zh = "算法安全评估",
    .en = "Assessment of an algorithm",
    .task = 15,
    .reg = "algorithm_assessments",
    .opens = ZJ_PARTY_COMPANY,
    .subject = "model",
    .clause = "第15项：出厂前对算法的鲁棒性、可控性、可解释性等开展评估",
    .invites_assessors = true,
    .states = states,
    .actions = actions,
};
