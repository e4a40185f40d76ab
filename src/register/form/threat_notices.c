/* Threat notices: what a bureau found at a company, the answer and the recheck (task 9). */
#include "register/form.h"

static const struct zj_field_value rechecks[] = {
    {"passed", "Passed", "通过"},
    {"failed", "Failed", "未通过"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("TN-SAMPLE-001"),
    {"title", "Title", "通报标题", ZJ_FIELD_TEXT, NEEDED | SHOWN | OFFICIAL,
     .clause = "第9项：定期开展威胁检测，并加强问题通报和监督整改", .sample = "平台登录接口未授权访问（示例）"},
    {"target", "Target", "涉及对象", ZJ_FIELD_TEXT, SHOWN | OFFICIAL,
     .help_en = "platform, facility or system, with its address",
     .help_zh = "平台、网络设施或系统及其地址", .sample = "https://tsp.sample.example/login"},
    {"severity", "Severity", "严重程度", ZJ_FIELD_ENUM, SHOWN | OFFICIAL,
     .values = zj_values_severity, .sample = "high"},
    {"found_on", "Found on", "发现日期", ZJ_FIELD_DATE, SHOWN | OFFICIAL | PAST, .sample = "2025-05-01"},
    {"detail", "Detail", "问题详情", ZJ_FIELD_NOTE, OFFICIAL, .sample = "接口未校验会话（示例）"},
    {"due_on", "Due on", "整改期限", ZJ_FIELD_DATE, SHOWN | OFFICIAL, .not_before = "found_on",
     .help_en = "set with each notice", .help_zh = "由通报逐件确定", .sample = "2025-05-15"},
    {"reply", "Reply", "整改反馈", ZJ_FIELD_NOTE, ASKED, .sample = "已加会话校验并复测（示例）"},
    {"replied_on", "Replied on", "反馈日期", ZJ_FIELD_DATE, ASKED | SHOWN | PAST, .not_before = "found_on",
     .sample = "2025-05-10"},
    {"recheck", "Recheck", "复测结果", ZJ_FIELD_ENUM, SHOWN | OFFICIAL, .values = rechecks,
     .sample = "passed"},
};

const struct zj_register zj_register_threat_notices = {
    .name = "threat_notices",
    .en = "Threat notices",
    .zh = "威胁通报",
    .task = 9,
    .is_case_form = true,
    ZJ_FIELDS(fields),
};
