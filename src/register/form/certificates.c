/* Certificates of people (task 16). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("CE-SAMPLE-001"),
    {"person", "Person", "人员", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "people",
     .sample = "PE-SAMPLE-001"},
    {"title", "Title", "证书名称", ZJ_FIELD_TEXT, NEEDED | SHOWN,
     .clause = "第16项：明确管理师、评估师、工程师等岗位能力要求", .sample = "数据安全管理师（示例）"},
    {"issuer", "Issuer", "发证机构", ZJ_FIELD_TEXT, SHOWN, .sample = "示例协会"},
    {"issued_on", "Issued on", "发证日期", ZJ_FIELD_DATE, SHOWN | PAST, .sample = "2025-02-01"},
    {"valid_to", "Valid to", "有效期至", ZJ_FIELD_DATE, SHOWN, .not_before = "issued_on",
     .sample = "2028-01-31"},
};

const struct zj_register zj_register_certificates = {
    .name = "certificates",
    .en = "Certificates",
    .zh = "证书",
    .task = 16,
    ZJ_FIELDS(fields),
};
