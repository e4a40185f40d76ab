/* Contests and programmes the company took part in (task 16). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("CN-SAMPLE-001"),
    {"title", "Title", "名称", ZJ_FIELD_TEXT, NEEDED | SHOWN,
     .clause = "第16项：鼓励参加本地区、本行业数据安全人才培养计划、人才选拔竞赛等活动",
     .sample = "数据安全竞赛（示例）"},
    {"held_on", "Held on", "日期", ZJ_FIELD_DATE, NEEDED | SHOWN, .sample = "2025-09-10"},
    {"result", "Result", "成绩", ZJ_FIELD_TEXT, SHOWN, .sample = "二等奖（示例）"},
};

const struct zj_register zj_register_contests = {
    .name = "contests",
    .en = "Contests",
    .zh = "竞赛与培养计划",
    .task = 16,
    ZJ_FIELDS(fields),
};
