/* Who came to a briefing: the companies it covered (task 2). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("BA-SAMPLE-001"),
    {"briefing", "Briefing", "宣贯培训", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN,
     .refers = "briefings", .sample = "BR-SAMPLE-001"},
    {"organisation", "Organisation", "参加单位", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN | UPPER,
     .max_chars = 18, .check = zj_check_uscc, .refers = "organisations",
     .clause = "第2项：覆盖不少于30家企业", .sample = "91110000MA0000000H"},
    {"person", "Person", "参加人", ZJ_FIELD_TEXT, PERSONAL | SHOWN, .max_chars = 100,
     .sample = "示例"},
    {"signed_in_on", "Signed in on", "签到日期", ZJ_FIELD_DATE, NEEDED | SHOWN | PAST,
     .sample = "2025-06-10"},
    {"quiz_score", "Quiz score", "测验成绩", ZJ_FIELD_INT, SHOWN, .max = 100, .sample = "90"},
};

const struct zj_register zj_register_briefing_attendance = {
    .name = "briefing_attendance",
    .en = "Briefing attendance",
    .zh = "宣贯签到",
    .task = 2,
    .side = ZJ_SIDE_BUREAU,
    ZJ_FIELDS(fields),
};
