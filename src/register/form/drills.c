/* Drills, one a year (task 14). */
#include "register/form.h"

static const struct zj_field_value results[] = {
    {"good", "Good", "良好"},
    {"fair", "Fair", "一般"},
    {"poor", "Poor", "较差"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("DR-SAMPLE-001"),
    {"plan", "Plan", "应急预案", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN,
     .refers = "emergency_plans", .sample = "EP-SAMPLE-001"},
    {"held_on", "Held on", "演练日期", ZJ_FIELD_DATE, NEEDED | FOUND | SHOWN,
     .clause = "第14项：每年组织开展一次应急演练", .sample = "2025-06-20"},
    {"scenario", "Scenario", "演练场景", ZJ_FIELD_NOTE, NEEDED, .sample = "用户数据泄露（示例）"},
    {"participants", "Participants", "参加人数", ZJ_FIELD_INT, COUNT | SHOWN, .sample = "25"},
    {"result", "Result", "效果", ZJ_FIELD_ENUM, SHOWN, .values = results, .sample = "good"},
    {"improvements", "Improvements", "改进措施", ZJ_FIELD_NOTE, 0, .sample = "缩短通报时间（示例）"},
};

const struct zj_register zj_register_drills = {
    .name = "drills",
    .en = "Drills",
    .zh = "应急演练",
    .task = 14,
    ZJ_FIELDS(fields),
};
