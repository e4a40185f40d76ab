/* What is shared with whom; important data stays blocked until the partner is verified (task 13). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("SH-SAMPLE-001"),
    {"partner", "Partner", "合作方", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "partners",
     .clause = "第13项：建立合作方管理台账", .sample = "P-SAMPLE-001"},
    {"data_asset", "Data asset", "数据资产", ZJ_FIELD_REF, FOUND, .refers = "data_assets",
     .sample = "DA-SAMPLE-001"},
    {"data_types", "Data types", "数据类型", ZJ_FIELD_TEXT_LIST, SHOWN | UPPER, .max_chars = 4000,
     .check = zj_check_type_name, .help_en = "type names of identification, ';' between",
     .help_zh = "识别规则的类型名，用分号分隔", .sample = "VIN;GEO_COORD"},
    {"data_level", "Data level", "数据级别", ZJ_FIELD_ENUM, NEEDED | SHOWN,
     .values = zj_values_data_level,
     .clause = "第13项：涉及重要数据的，应当对合作方数据安全保护能力开展核验", .sample = "general"},
    {"scale", "Scale", "数据规模", ZJ_FIELD_TEXT, ASKED,
     .clause = "第13项：记录共享数据的类别、级别、规模、用途、提供方式、安全保障措施",
     .sample = "每日约 10 万条"},
    {"purpose", "Purpose", "用途", ZJ_FIELD_TEXT, ASKED | SHOWN, .max_chars = 1000,
     .sample = "路况服务"},
    {"manner", "Manner", "提供方式", ZJ_FIELD_TEXT, ASKED, .max_chars = 1000, .sample = "接口"},
    {"safeguards", "Safeguards", "安全保障措施", ZJ_FIELD_TEXT, ASKED, .max_chars = 1000,
     .sample = "TLS 1.3；字段脱敏"},
    {"contract", "Contract", "合同", ZJ_FIELD_REF, ASKED | FOUND, .refers = "contracts",
     .refers_where = "partner",
     .clause = "第13项：签订数据安全合同协议，明确责任划分、保障措施、违约责任", .sample = "CT-SAMPLE-001"},
};

const struct zj_register zj_register_shares = {
    .name = "shares",
    .en = "Shares",
    .zh = "数据共享",
    .task = 13,
    .is_case_form = true,
    ZJ_FIELDS(fields),
};
