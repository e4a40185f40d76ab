/* Who has read which policy: the acknowledgement of the people it binds (task 1). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("PRD-SAMPLE-001"),
    {"policy", "Policy", "制度", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "policies",
     .clause = "第1项：落实网络安全和数据安全保护责任", .sample = "PO-SAMPLE-001"},
    {"person", "Person", "人员", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "people",
     .sample = "PE-SAMPLE-001"},
    {"read_on", "Read on", "阅知日期", ZJ_FIELD_DATE, NEEDED | SHOWN | PAST, .sample = "2025-01-20"},
};

const struct zj_register zj_register_policy_reads = {
    .name = "policy_reads",
    .en = "Policy acknowledgements",
    .zh = "制度阅知",
    .task = 1,
    ZJ_FIELDS(fields),
};
