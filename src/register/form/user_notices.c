/* What users were told: about a vulnerability, an update, a transfer (tasks 8, 9 and 10). */
#include "register/form.h"

static const struct zj_field_value kinds[] = {
    {"vulnerability", "Vulnerability", "漏洞"},
    {"ota", "Update", "在线升级"},
    {"transfer", "Transfer of data", "数据转移"},
    {"other", "Other", "其他"},
    {0},
};

static const struct zj_field_value channels[] = {
    {"in_vehicle", "In the vehicle", "车机"}, {"app", "App", "手机应用"},
    {"sms", "SMS", "短信"},                   {"phone", "Telephone", "电话"},
    {"mail", "E-mail", "邮件"},               {"website", "Website", "网站公告"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("UN-SAMPLE-001"),
    {"kind", "Kind", "类型", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = kinds,
     .sample = "vulnerability"},
    {"vulnerability", "Vulnerability", "漏洞", ZJ_FIELD_REF, FOUND | SHOWN,
     .refers = "vulnerabilities",
     .clause = "第8项：及时将漏洞风险及修补方式告知可能受影响的用户", .sample = "V-SAMPLE-001"},
    {"release", "Release", "发布", ZJ_FIELD_REF, FOUND | SHOWN, .refers = "releases",
     .sample = "R-SAMPLE-001"},
    {"channel", "Channels", "告知方式", ZJ_FIELD_ENUM_LIST, NEEDED | SHOWN, .values = channels,
     .sample = "in_vehicle;app"},
    {"vin_count", "Vehicles", "涉及车辆数", ZJ_FIELD_INT, COUNT | SHOWN, .sample = "12000"},
    {"sent_on", "Sent on", "告知日期", ZJ_FIELD_DATE, NEEDED | SHOWN | PAST, .sample = "2025-04-26"},
    {"text", "Text", "告知内容", ZJ_FIELD_NOTE, 0, .sample = "请升级至 V1.0.1（示例）"},
};

const struct zj_register zj_register_user_notices = {
    .name = "user_notices",
    .en = "User notices",
    .zh = "用户告知",
    .task = 8,
    ZJ_FIELDS(fields),
};
