/* Risks that a data risk assessment found, and what is done about each (task 12). */
#include "register/form.h"

static const struct zj_field_value degrees[] = {
    {"high", "High", "高"},
    {"medium", "Medium", "中"},
    {"low", "Low", "低"},
    {0},
};

static const struct zj_field_value treatments[] = {
    {"reduce", "Reduce", "降低"},
    {"avoid", "Avoid", "规避"},
    {"transfer", "Transfer", "转移"},
    {"accept", "Accept", "接受"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("RK-SAMPLE-001"),
    {"assessment", "Assessment", "风险评估", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN,
     .refers = "data_risk_assessments", .sample = "DRA-SAMPLE-001"},
    {"asset", "Data asset", "数据资产", ZJ_FIELD_REF, FOUND | SHOWN, .refers = "data_assets",
     .sample = "DA-SAMPLE-001"},
    {"threat", "Threat", "威胁", ZJ_FIELD_TEXT, NEEDED | SHOWN, .max_chars = 1000,
     .sample = "接口越权访问（示例）"},
    {"likelihood", "Likelihood", "可能性", ZJ_FIELD_ENUM, SHOWN, .values = degrees,
     .sample = "medium"},
    {"impact", "Impact", "影响", ZJ_FIELD_ENUM, SHOWN, .values = degrees, .sample = "high"},
    {"level", "Level", "风险等级", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = degrees,
     .sample = "high"},
    {"treatment", "Treatment", "处置方式", ZJ_FIELD_ENUM, SHOWN, .values = treatments,
     .clause = "第12项：及时发现、整改风险问题", .sample = "reduce"},
    {"owner", "Owner", "责任人", ZJ_FIELD_REF, 0, .refers = "people", .sample = "PE-SAMPLE-001"},
    {"due_on", "Due on", "整改期限", ZJ_FIELD_DATE, SHOWN, .sample = "2025-09-15"},
    {"closed_on", "Closed on", "关闭日期", ZJ_FIELD_DATE, SHOWN | PAST, .sample = "2025-09-10"},
};

const struct zj_register zj_register_risks = {
    .name = "risks",
    .en = "Data risks",
    .zh = "数据安全风险",
    .task = 12,
    ZJ_FIELDS(fields),
};
