/* Calls of the bureaus for pilot applications, which companies answer (task 17). */
#include "register/pilot.h"

static const struct zj_field fields[] = {
    ZJ_CODE("PC-SAMPLE-001"),
    {"title", "Title", "名称", ZJ_FIELD_TEXT, NEEDED | SHOWN,
     .clause = "第17项：支持企业申报网络安全技术应用试点示范", .sample = "车联网安全试点征集（示例）"},
    {"kind", "Kind", "类型", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = zj_pilot_kinds,
     .sample = "technology"},
    {"environment", "Environment", "应用环境", ZJ_FIELD_ENUM_LIST, SHOWN, .values = zj_pilot_environments,
     .sample = "test;application"},
    {"opens_on", "Opens on", "申报开始日期", ZJ_FIELD_DATE, NEEDED | SHOWN, .sample = "2025-05-01"},
    {"closes_on", "Closes on", "申报截止日期", ZJ_FIELD_DATE, NEEDED | SHOWN,
     .not_before = "opens_on", .sample = "2025-06-30"},
    {"description", "Description", "征集说明", ZJ_FIELD_NOTE, NEEDED,
     .sample = "面向车云通信与数据安全（示例）"},
};

const struct zj_register zj_register_pilot_calls = {
    .name = "pilot_calls",
    .en = "Pilot calls",
    .zh = "试点征集",
    .task = 17,
    .side = ZJ_SIDE_BUREAU,
    .told = "1 = 1",
    ZJ_FIELDS(fields),
};
