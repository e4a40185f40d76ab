/* Resources given to security, year by year (task 1). */
#include "register/form.h"

static const struct zj_field_value kinds[] = {
    {"budget", "Budget", "经费"},
    {"staff", "Staff", "人员"},
    {"tool", "Tools", "工具设备"},
    {"service", "Services", "服务采购"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("RS-SAMPLE-001"),
    {"year", "Year", "年度", ZJ_FIELD_INT, NEEDED | FOUND | SHOWN, .min = 2000, .max = 2199,
     .sample = "2025"},
    {"kind", "Kind", "类型", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = kinds,
     .clause = "第1项：加大资源保障力度；保障措施（一）：加大安全投入", .sample = "budget"},
    {"amount_yuan", "Amount, yuan", "金额（元）", ZJ_FIELD_INT, COUNT | SHOWN,
     .sample = "3000000"},
    {"purpose", "Purpose", "用途", ZJ_FIELD_TEXT, SHOWN, .max_chars = 1000,
     .sample = "安全监测平台建设（示例）"},
};

const struct zj_register zj_register_resources = {
    .name = "resources",
    .en = "Resources",
    .zh = "资源投入",
    .task = 1,
    ZJ_FIELDS(fields),
};
