/* Management rules for driving algorithms: the three that the plan names (task 15). */
#include "register/form.h"

static const struct zj_field_value kinds[] = {
    {"permission", "Permissions", "权限管理"},
    {"emergency", "Emergency handling", "应急处置"},
    {"intervention", "Human intervention", "人工干预"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("AR-SAMPLE-001"),
    {"kind", "Kind", "类型", ZJ_FIELD_ENUM, NEEDED | FOUND | SHOWN, .values = kinds,
     .clause = "第15项：完善的算法安全管理制度，包括权限管理、应急处置、人工干预等", .sample = "permission"},
    {"title", "Title", "名称", ZJ_FIELD_TEXT, NEEDED | SHOWN, .sample = "算法权限管理规定（示例）"},
    {"version", "Version", "版本", ZJ_FIELD_TEXT, SHOWN, .max_chars = 40, .sample = "1.0"},
    {"effective_on", "In effect from", "生效日期", ZJ_FIELD_DATE, SHOWN, .sample = "2025-01-15"},
    {"document", "Document", "文号", ZJ_FIELD_TEXT, 0, .sample = "示例〔2025〕3号"},
};

const struct zj_register zj_register_algorithm_rules = {
    .name = "algorithm_rules",
    .en = "Algorithm rules",
    .zh = "算法管理制度",
    .task = 15,
    ZJ_FIELDS(fields),
};
