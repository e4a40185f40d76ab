/* Bodies that assess for the company (task 5). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("ASR-SAMPLE-001"),
    {"name", "Name", "机构名称", ZJ_FIELD_TEXT, NEEDED | SHOWN, .sample = "示例评测有限公司"},
    {"uscc", "Organisation code", "统一社会信用代码", ZJ_FIELD_TEXT, UPPER | FOUND | SHOWN,
     .max_chars = 18, .check = zj_check_uscc, .sample = "91110000MA0000000H"},
    {"qualification", "Qualification", "资质", ZJ_FIELD_TEXT, SHOWN,
     .clause = "第5项：自行或委托第三方机构开展标准符合性评测和风险评估",
     .sample = "网络安全服务能力评定（示例）"},
    {"valid_to", "Valid to", "资质有效期至", ZJ_FIELD_DATE, SHOWN, .sample = "2027-12-31"},
};

const struct zj_register zj_register_assessors = {
    .name = "assessors",
    .en = "Assessors",
    .zh = "评测机构",
    .task = 5,
    ZJ_FIELDS(fields),
};
