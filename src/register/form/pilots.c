/* Applications for pilot demonstrations (task 17). */
#include "register/pilot.h"

static const struct zj_field_value results[] = {
    {"selected", "Selected", "入选"},
    {"not_selected", "Not selected", "未入选"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("PI-SAMPLE-001"),
    {"title", "Title", "项目名称", ZJ_FIELD_TEXT, NEEDED | SHOWN,
     .clause = "第17项：支持企业申报网络安全技术应用试点示范", .sample = "车云通信加密试点（示例）"},
    {"call", "Call", "对应征集", ZJ_FIELD_REF, FOUND | SHOWN, .refers = "pilot_calls",
     .help_en = "the bureau's call that this answers, if any",
     .help_zh = "应征时选择主管部门的征集，自行申报留空", .sample = "PC-SAMPLE-001"},
    {"kind", "Kind", "类型", ZJ_FIELD_ENUM, ASKED | SHOWN, .values = zj_pilot_kinds,
     .sample = "technology"},
    {"environment", "Environment", "应用环境", ZJ_FIELD_ENUM_LIST, SHOWN, .values = zj_pilot_environments,
     .clause = "第17项：搭建研发、测试、适配、应用集中化环境", .sample = "test;application"},
    {"description", "Description", "项目说明", ZJ_FIELD_NOTE, ASKED, .sample = "国密算法试点（示例）"},
    {"applied_on", "Applied on", "申报日期", ZJ_FIELD_DATE, ASKED | SHOWN | PAST, .sample = "2025-05-10"},
    {"result", "Result", "结果", ZJ_FIELD_ENUM, OFFICIAL | SHOWN, .values = results,
     .sample = "selected"},
};

const struct zj_register zj_register_pilots = {
    .name = "pilots",
    .en = "Pilot applications",
    .zh = "试点申报",
    .task = 17,
    .is_case_form = true,
    ZJ_FIELDS(fields),
};
