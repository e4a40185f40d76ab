/* Checks of a partner's capability to protect data (task 13). */
#include "register/form.h"

static const struct zj_field_value results[] = {
    {"passed", "Passed", "通过"},
    {"conditional", "Passed with conditions", "有条件通过"},
    {"failed", "Failed", "未通过"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("CK-SAMPLE-001"),
    {"partner", "Partner", "合作方", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "partners",
     .sample = "P-SAMPLE-001"},
    {"checked_on", "Checked on", "核验日期", ZJ_FIELD_DATE, NEEDED | SHOWN | PAST,
     .clause = "第13项：涉及重要数据的，应当对合作方数据安全保护能力开展核验", .sample = "2025-04-10"},
    {"checker", "Checker", "核验人", ZJ_FIELD_REF, SHOWN, .refers = "people",
     .sample = "PE-SAMPLE-001"},
    {"result", "Result", "结论", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = results,
     .sample = "passed"},
    {"detail", "Detail", "核验情况", ZJ_FIELD_NOTE, 0, .sample = "现场核验（示例）"},
};

const struct zj_register zj_register_capability_checks = {
    .name = "capability_checks",
    .en = "Capability checks",
    .zh = "合作方能力核验",
    .task = 13,
    ZJ_FIELDS(fields),
};
