/* Policies, each version of each a row: approved, in effect, reviewed, repealed (tasks 1, 10). */
#include "register/form.h"

static const struct zj_field_value areas[] = {
    {"protection", "Protection", "网络安全防护"},
    {"operation", "Operation", "安全运维"},
    {"monitoring", "Monitoring and warning", "监测预警"},
    {"response", "Emergency response", "应急响应"},
    {"vulnerability", "Vulnerabilities", "漏洞管理"},
    {"ota", "Over-the-air update", "在线升级"},
    {"app", "Mobile apps", "车联网应用程序"},
    {"ivi", "In-vehicle systems", "车载信息交互系统"},
    {"data", "Data", "数据安全"},
    {"algorithm", "Algorithms", "算法安全"},
    {"other", "Other", "其他"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("PO-SAMPLE-001"),
    {"title", "Title", "制度名称", ZJ_FIELD_TEXT, NEEDED | SHOWN,
     .sample = "网络安全防护管理办法（示例）"},
    {"area", "Area", "领域", ZJ_FIELD_ENUM, NEEDED | FOUND | SHOWN, .values = areas,
     .clause = "第1项：构建网络安全防护、安全运维、监测预警、应急响应等管理制度",
     .sample = "protection"},
    {"stage", "Stage of the data life cycle", "数据处理环节", ZJ_FIELD_ENUM, 0,
     .values = zj_values_stage, .help_en = "of a data policy",
     .help_zh = "数据安全制度填写", .sample = "collect"},
    {"data_level", "Data level", "数据级别", ZJ_FIELD_ENUM, 0, .values = zj_values_data_level,
     .clause = "第10项：针对不同级别数据明确各环节的分级防护要求和操作规程", .sample = "general"},
    {"version", "Version", "版本", ZJ_FIELD_TEXT, NEEDED | SHOWN, .max_chars = 40,
     .sample = "1.0"},
    {"approved_by", "Approved by", "批准人", ZJ_FIELD_REF, 0, .refers = "people",
     .sample = "PE-SAMPLE-001"},
    {"approved_on", "Approved on", "批准日期", ZJ_FIELD_DATE, SHOWN | PAST, .sample = "2025-01-10"},
    {"effective_on", "In effect from", "生效日期", ZJ_FIELD_DATE, SHOWN,
     .not_before = "approved_on", .sample = "2025-01-15"},
    {"reviewed_on", "Last reviewed on", "最近评审日期", ZJ_FIELD_DATE, SHOWN | PAST,
     .not_before = "approved_on", .sample = "2025-12-15"},
    {"repealed_on", "Repealed on", "废止日期", ZJ_FIELD_DATE, SHOWN, .not_before = "effective_on",
     .help_en = "empty while in effect", .help_zh = "有效的留空", .sample = "2026-12-31"},
    {"document", "Document", "文号", ZJ_FIELD_TEXT, 0, .sample = "示例〔2025〕2号"},
};

enum { APPROVED_BY = 6, APPROVED_ON, EFFECTIVE_ON };

static size_t check_row(const struct zj_row *row, struct zj_row_fault *out, size_t max)
{
    struct zj_row_faults faults = {out, 0, max};
    if (row->cells[EFFECTIVE_ON].len && row->cells[APPROVED_ON].len == 0)
        zj_row_fault_add(&faults, APPROVED_ON, true,
                         "in effect, yet without the day it was approved: add it",
                         "已生效但没有批准日期，请补充。");
    return faults.count;
}

const struct zj_register zj_register_policies = {
    .name = "policies",
    .en = "Policies",
    .zh = "管理制度",
    .task = 1,
    .check_row = check_row,
    ZJ_FIELDS(fields),
};
