/* Evidence a partner gave of its own assessment (task 13). */
#include "register/form.h"

static const struct zj_field_value kinds[] = {
    {"report", "Approved risk assessment report", "审核通过的风险评估报告"},
    {"proof", "Proof of approval", "审核通过的证明材料"},
    {"certificate", "Certificate", "认证证书"},
    {"other", "Other", "其他"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("EV-SAMPLE-001"),
    {"partner", "Partner", "合作方", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "partners",
     .sample = "P-SAMPLE-001"},
    {"kind", "Kind", "类型", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = kinds,
     .clause = "第13项：提供所在地省级通信管理局审核通过的数据安全风险评估报告或相关证明材料",
     .sample = "report"},
    {"issued_by", "Issued by", "出具单位", ZJ_FIELD_TEXT, NEEDED | SHOWN,
     .sample = "示例省通信管理局"},
    {"reference", "Reference", "材料编号", ZJ_FIELD_TEXT, SHOWN, .max_chars = 100,
     .sample = "PZ-SAMPLE-001"},
    {"valid_to", "Valid to", "有效期至", ZJ_FIELD_DATE, NEEDED | SHOWN,
     .help_en = "an assessment is valid for one year", .help_zh = "风险评估结论一年内有效",
     .sample = "2026-03-31"},
    {"verified_on", "Verified on", "核验日期", ZJ_FIELD_DATE, SHOWN | PAST, .sample = "2025-04-10"},
};

const struct zj_register zj_register_partner_evidence = {
    .name = "partner_evidence",
    .en = "Partner evidence",
    .zh = "合作方证明材料",
    .task = 13,
    ZJ_FIELDS(fields),
};
