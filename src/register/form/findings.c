/* Findings of assessments and what was done about them (task 5). */
#include "register/form.h"

static const struct zj_field_value severities[] = {
    {"high", "High", "高"},
    {"medium", "Medium", "中"},
    {"low", "Low", "低"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("FD-SAMPLE-001"),
    {"assessment", "Assessment", "评测或评估", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN,
     .refers = "assessments", .refers_where = "system", .sample = "AS-SAMPLE-001"},
    {"system", "System", "定级对象", ZJ_FIELD_REF, FOUND | SHOWN, .refers = "systems",
     .sample = "SYS-SAMPLE-001"},
    {"item", "Control item", "控制项编号", ZJ_FIELD_TEXT, SHOWN, .max_chars = 64,
     .help_en = "number of the item in the control catalogue",
     .help_zh = "控制项目录中的编号", .sample = "M2.1"},
    {"severity", "Severity", "严重程度", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = severities,
     .sample = "medium"},
    {"description", "Description", "问题描述", ZJ_FIELD_NOTE, NEEDED,
     .sample = "未明确专职安全管理员（示例）"},
    {"plan", "Plan", "整改措施", ZJ_FIELD_NOTE, ASKED,
     .clause = "《通信网络安全防护管理办法》第十一条：报送整改情况或者整改计划",
     .sample = "任命专职安全管理员（示例）"},
    {"due_on", "Due on", "整改期限", ZJ_FIELD_DATE, SHOWN, .sample = "2025-06-30"},
    {"rectified_on", "Rectified on", "整改完成日期", ZJ_FIELD_DATE, SHOWN | PAST, .sample = "2025-06-10"},
    {"verified_on", "Verified on", "复核日期", ZJ_FIELD_DATE, SHOWN | PAST,
     .not_before = "rectified_on", .sample = "2025-06-20"},
};

const struct zj_register zj_register_findings = {
    .name = "findings",
    .en = "Findings",
    .zh = "问题与整改",
    .task = 5,
    .is_case_form = true,
    ZJ_FIELDS(fields),
};
