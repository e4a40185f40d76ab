/* Advisories: what was published about a vulnerability, together with its fix (task 8). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("AD-SAMPLE-001"),
    {"vulnerability", "Vulnerability", "漏洞", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN,
     .refers = "vulnerabilities", .sample = "V-SAMPLE-001"},
    {"published_on", "Published on", "发布日期", ZJ_FIELD_DATE, NEEDED | SHOWN | PAST,
     .sample = "2025-04-25"},
    {"text", "Text", "公告内容", ZJ_FIELD_NOTE, NEEDED, .sample = "某型终端存在弱口令（示例）"},
    {"fix", "Fix", "修补方式", ZJ_FIELD_TEXT, NEEDED | SHOWN, .max_chars = 1000,
     .clause = "《网络产品安全漏洞管理规定》第九条：发布漏洞时应当同步发布修补或者防范措施",
     .sample = "升级至 V1.0.1"},
};

const struct zj_register zj_register_advisories = {
    .name = "advisories",
    .en = "Advisories",
    .zh = "漏洞公告",
    .task = 8,
    ZJ_FIELDS(fields),
};
