/* The matrix of rules: each stage of the data life cycle by each level (task 10). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("LC-SAMPLE-001"),
    {"stage", "Stage", "处理环节", ZJ_FIELD_ENUM, NEEDED | FOUND | SHOWN,
     .values = zj_values_stage,
     .clause = "第10项：收集、存储、使用、加工、传输、提供、公开等环节的具体分级防护要求",
     .sample = "collect"},
    {"level", "Level", "数据级别", ZJ_FIELD_ENUM, NEEDED | SHOWN,
     .values = zj_values_data_level, .sample = "general"},
    {"rule", "Rule", "防护要求", ZJ_FIELD_NOTE, NEEDED, .max_chars = 1000,
     .sample = "记录来源、时间、类型、数量（示例）"},
    {"procedure", "Procedure", "操作规程", ZJ_FIELD_TEXT, SHOWN, .max_chars = 1000,
     .clause = "第10项：明确操作规程", .sample = "数据收集操作规程 V1（示例）"},
    {"measure", "Measure", "技术措施", ZJ_FIELD_NOTE, 0, .sample = "采集网关鉴权（示例）"},
    {"owner", "Owner", "责任部门", ZJ_FIELD_REF, SHOWN, .refers = "departments",
     .sample = "DEP-SAMPLE-001"},
};

const struct zj_register zj_register_lifecycle = {
    .name = "lifecycle",
    .en = "Life-cycle rules",
    .zh = "数据全生命周期要求",
    .task = 10,
    ZJ_FIELDS(fields),
};
