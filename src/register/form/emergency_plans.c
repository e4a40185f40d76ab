/* Emergency plans by class and level of data (task 14). */
#include "register/form.h"

static const struct zj_field_value schemes[] = {
    {"214", "Data incidents (214)", "数据安全事件应急预案"},
    {"281", "Public internet (281)", "公共互联网网络安全突发事件应急预案"},
    {"national", "National reporting", "国家网络安全事件报告管理办法"},
    {"other", "Other", "其他"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("EP-SAMPLE-001"),
    {"title", "Title", "预案名称", ZJ_FIELD_TEXT, NEEDED | SHOWN,
     .clause = "第14项：依据行业管理要求制定数据安全应急预案", .sample = "数据安全事件应急预案（示例）"},
    {"scheme", "Scheme", "依据的分级办法", ZJ_FIELD_ENUM_LIST, SHOWN, .values = schemes,
     .sample = "214"},
    {"data_class", "Class of data", "数据类别", ZJ_FIELD_ENUM, 0,
     .values = zj_values_data_category, .sample = "service"},
    {"data_level", "Data level", "数据级别", ZJ_FIELD_ENUM, SHOWN,
     .values = zj_values_data_level,
     .clause = "第14项：差异化明确各类各级数据安全事件响应流程、职责分工、处置措施", .sample = "general"},
    {"version", "Version", "版本", ZJ_FIELD_TEXT, NEEDED | SHOWN, .max_chars = 40,
     .sample = "1.0"},
    {"approved_on", "Approved on", "批准日期", ZJ_FIELD_DATE, SHOWN | PAST, .sample = "2025-01-10"},
    {"reviewed_on", "Last reviewed on", "最近评审日期", ZJ_FIELD_DATE, SHOWN | PAST,
     .not_before = "approved_on", .sample = "2025-12-15"},
};

const struct zj_register zj_register_emergency_plans = {
    .name = "emergency_plans",
    .en = "Emergency plans",
    .zh = "应急预案",
    .task = 14,
    ZJ_FIELDS(fields),
};
