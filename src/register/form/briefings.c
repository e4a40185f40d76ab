/* Briefings and trainings that the bureaus hold (task 2). */
#include "register/form.h"

static const struct zj_field_value kinds[] = {
    {"policy", "Policy and law", "政策法规宣贯"},
    {"standard", "Standards", "标准规范宣贯"},
    {"technology", "Technical application", "技术应用培训"},
    {"joint", "Joint meeting", "联合会议"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("BR-SAMPLE-001"),
    {"title", "Title", "名称", ZJ_FIELD_TEXT, NEEDED | SHOWN, .sample = "定级备案宣贯会（示例）"},
    {"held_on", "Held on", "举办日期", ZJ_FIELD_DATE, NEEDED | FOUND | SHOWN,
     .clause = "第2项：组织开展1-2场属地政策宣贯或专题培训", .sample = "2025-06-10"},
    {"place", "Place", "地点", ZJ_FIELD_TEXT, SHOWN, .sample = "北京市示例会议中心"},
    {"kind", "Kind", "类型", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = kinds,
     .clause = "第2项：加强政策法规、标准规范、技术应用等宣贯解读", .sample = "standard"},
    {"materials", "Materials", "材料", ZJ_FIELD_NOTE, 0, .sample = "定级备案实施指南讲义（示例）"},
    {"sign_in_until", "Sign-in closes on", "签到截止日期", ZJ_FIELD_DATE, 0,
     .not_before = "held_on", .help_en = "empty: companies sign in on the day itself only",
     .help_zh = "留空表示企业仅可在举办当日签到", .sample = "2025-06-12"},
    {"invited", "Invited", "邀请单位", ZJ_FIELD_TEXT_LIST, BUREAUS | UPPER, .max_chars = 4000,
     .help_en = "codes of organisations, ';' between; empty: all may come",
     .help_zh = "统一社会信用代码，用分号分隔；留空表示面向所有单位", .sample = "91110000MA0000000H"},
};

const struct zj_register zj_register_briefings = {
    .name = "briefings",
    .en = "Briefings",
    .zh = "宣贯培训",
    .task = 2,
    .side = ZJ_SIDE_BUREAU,
    .told = "COALESCE(r.invited, '') = '' OR instr(';' || r.invited || ';',"
            " ';' || me.code || ';') > 0",
    ZJ_FIELDS(fields),
};
