/* Risks and abnormal behaviour that monitoring found and the company reports (task 7). */
#include "register/form.h"

/* 202 Art 2 for networks, the MIIT sharing guide for data */
static const struct zj_field_value categories[] = {
    {"malicious_resource", "Malicious address, domain or message", "恶意网络资源"},
    {"malicious_program", "Malicious program", "恶意程序"},
    {"hidden_danger", "Hidden danger in a service or product", "安全隐患"},
    {"intrusion", "Intruded or controlled", "主机受控或被入侵"},
    {"data_leak", "Data leak", "数据泄露"},
    {"data_tampering", "Data tampering", "数据篡改"},
    {"data_misuse", "Data misuse", "数据滥用"},
    {"illegal_transfer", "Transfer against the rules", "违规传输"},
    {"illegal_access", "Illegal access", "非法访问"},
    {"abnormal_traffic", "Abnormal traffic", "流量异常"},
    {"other", "Other", "其他"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("RR-SAMPLE-001"),
    {"category", "Category", "风险类别", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = categories,
     .clause = "第7项：按照要求向有关部门报送车联网网络、数据等安全相关数据", .sample = "illegal_access"},
    {"found_at", "Found at", "发现时间", ZJ_FIELD_TIME, NEEDED | SHOWN | PAST,
     .sample = "2025-04-01T09:30:00+08:00"},
    {"description", "Description", "风险描述", ZJ_FIELD_NOTE, NEEDED,
     .sample = "境外地址多次尝试登录远程控制接口（示例）"},
    {"scope", "Scope", "影响范围", ZJ_FIELD_TEXT, ASKED | SHOWN, .max_chars = 1000,
     .sample = "远程控制接口一处"},
    {"measures", "Measures", "处置措施", ZJ_FIELD_NOTE, ASKED, .sample = "封禁来源地址（示例）"},
    {"reported_on", "Reported on", "报送日期", ZJ_FIELD_DATE, SHOWN | PAST, .not_before = "found_at",
     .sample = "2025-04-02"},
};

const struct zj_register zj_register_risk_reports = {
    .name = "risk_reports",
    .en = "Risk reports",
    .zh = "风险报送",
    .task = 7,
    .is_case_form = true,
    ZJ_FIELDS(fields),
};
