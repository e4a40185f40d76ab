/* Special assessments of automated driving (task 18). */
#include "register/form.h"

static const struct zj_field_value subjects[] = {
    {"maker", "Maker", "生产企业"},
    {"user", "User", "使用主体"},
    {"supplier", "Supplier", "产品和方案提供商"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("SA-SAMPLE-001"),
    {"subject", "Subject", "评估对象", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = subjects,
     .clause = "第18项：对生产企业和使用主体，以及产品提供商和解决方案提供商试点开展专项安全评估",
     .sample = "maker"},
    {"function", "Function", "自动驾驶功能", ZJ_FIELD_TEXT, NEEDED | SHOWN,
     .sample = "高速公路自动驾驶（示例）"},
    {"automation_level", "Level of automation", "驾驶自动化等级", ZJ_FIELD_INT, ASKED | SHOWN,
     .values = zj_values_automation, .help_en = "GB/T 40429-2021",
     .help_zh = "按 GB/T 40429-2021", .sample = "3"},
    {"model", "Model", "算法模型", ZJ_FIELD_REF, FOUND, .refers = "models",
     .sample = "MD-SAMPLE-001"},
    {"assessed_on", "Assessed on", "评估日期", ZJ_FIELD_DATE, ASKED | SHOWN | PAST,
     .sample = "2025-05-10"},
    {"conclusion", "Conclusion", "评估结论", ZJ_FIELD_NOTE, ASKED, .sample = "满足试点要求（示例）"},
    {"report", "Report", "报告编号", ZJ_FIELD_TEXT, ASKED, .sample = "ZX-SAMPLE-001"},
    {"valid_to", "Valid to", "有效期至", ZJ_FIELD_DATE, SHOWN, .not_before = "assessed_on",
     .sample = "2026-05-09"},
    {"opinion", "Opinion", "主管部门意见", ZJ_FIELD_NOTE, OFFICIAL, .sample = "已阅（示例）"},
};

const struct zj_register zj_register_special_assessments = {
    .name = "special_assessments",
    .en = "Special assessments",
    .zh = "专项安全评估",
    .task = 18,
    .is_case_form = true,
    ZJ_FIELDS(fields),
};
