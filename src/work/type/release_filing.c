/* 发布报备: a release through the filings that its class needs (task 9). Which fields a class asks for
 * before it may go out stands in packs/needs. */
#include "work/case.h"

/* The register of releases is where gaps look: a filed release covers what is commanded. */
static zj_err on_receipt(struct zj_act *act)
{
    const struct zj_work_field filed[] = {
        {"filed_on", zj_span_str(zj_act_today(act))},
        {"filing_number", zj_span_str(act->c->number)},
    };
    zj_err err = zj_act_set(act, "receipt_no", act->c->number);
    return err ? err : zj_act_set_in(act, "releases", zj_act_text(act, "release"), filed,
                                     ZJ_COUNT(filed));
}

static zj_err on_tested(struct zj_act *act)
{
    const struct zj_work_field tested[] = {{"tested_on", zj_span_str(zj_act_text(act, "tested_on"))}};
    return zj_act_set_in(act, "releases", zj_act_text(act, "release"), tested, ZJ_COUNT(tested));
}

/* clang-format off */
static const struct zj_case_state states[] = {
    {"development", "开发", "In development", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"testing", "检测中", "Under test", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"tested", "检测通过", "Test passed", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"reported", "已报备", "Reported", ZJ_PARTY_BUREAU, 0},
    {"receipted", "已回执", "Receipt given", ZJ_PARTY_COMPANY, ZJ_STATE_EDIT},
    {"releasable", "可发布", "May be released", ZJ_PARTY_COMPANY, 0},
    {"releasing", "发布中", "Being released", ZJ_PARTY_COMPANY, 0},
    {"done", "完成", "Done", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {"rolled_back", "回滚", "Rolled back", ZJ_PARTY_NONE, ZJ_STATE_FINAL},
    {0},
};

static const struct zj_case_action actions[] = {
    ZJ_ACTION("test", "送检", "Send to test", "development", "testing", ZJ_PARTY_COMPANY),
    ZJ_ACTION("pass_test", "检测通过", "Test passed", "testing", "tested", ZJ_PARTY_COMPANY,
              .fields = "test_report tested_by tested_on",
              .needs = "test_report tested_by tested_on", .effect = on_tested),
    ZJ_ACTION("fail_test", "检测不通过", "Test failed", "testing", "development", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_COMMENT),
    ZJ_ACTION("report", "报备", "Report", "tested", "reported", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_SUBMIT | ZJ_ACT_FILE),
    ZJ_ACTION("receipt", "出具回执", "Give a receipt", "reported", "receipted", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_NUMBER | ZJ_ACT_APPROVE, .effect = on_receipt),
    ZJ_ACTION("send_back", "退回", "Send back", "reported", "tested", ZJ_PARTY_BUREAU,
              .flags = ZJ_ACT_COMMENT),
    ZJ_ACTION("clear", "确认可发布", "Clear for release", "receipted", "releasable",
              ZJ_PARTY_COMPANY, .flags = ZJ_ACT_SUBMIT,
              .fields = "miit_capability_no miit_model_no miit_activity_no miit_change_no samr_no samr_on"),
    ZJ_ACTION("release", "开始发布", "Start the release", "releasable", "releasing",
              ZJ_PARTY_COMPANY),
    ZJ_ACTION("finish", "发布完成", "Finish", "releasing", "done", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_SUBMIT),
    ZJ_ACTION("roll_back", "回滚", "Roll back", "releasing", "rolled_back", ZJ_PARTY_COMPANY,
              .flags = ZJ_ACT_SUBMIT | ZJ_ACT_COMMENT),
    {0},
};
/* clang-format on */

const struct zj_case_type zj_case_release_filing = {
    .name = "release_filing",
    .zh = "发布报备",
    .en = "Filing of a release",
    .task = 9,
    .reg = "release_filings",
    .opens = ZJ_PARTY_COMPANY,
    .subject = "release",
    .withdraw_from = "reported",
    .withdraw_to = "tested",
    .clause = "第9项：更新发布前开展网络安全检测，并将检测报告向北京市通信管理局报备",
    .states = states,
    .actions = actions,
};
