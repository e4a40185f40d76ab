/* Where monitoring gets its data from, and how long its logs are kept (task 7). */
#include "register/form.h"

static const struct zj_field_value kinds[] = {
    {"sensor", "Sensor of Zhuji", "筑基探针"},
    {"eve", "EVE records", "EVE 日志"},
    {"syslog", "Syslog", "Syslog"},
    {"cef", "CEF", "CEF"},
    {"cloud", "Cloud service", "云服务"},
    {"manual", "By hand", "人工"},
    {0},
};

static const struct zj_field_value scopes[] = {
    {"vehicles", "Vehicles", "汽车产品"},
    {"platform", "Platform", "运营平台"},
    {"production_line", "Production line", "生产制造产线"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("MS-SAMPLE-001"),
    {"name", "Name", "名称", ZJ_FIELD_TEXT, NEEDED | SHOWN, .sample = "平台出口探针（示例）"},
    {"kind", "Kind", "类型", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = kinds, .sample = "sensor"},
    {"scope", "Scope", "监测范围", ZJ_FIELD_ENUM_LIST, NEEDED | SHOWN, .values = scopes,
     .clause = "第7项：对汽车产品、运营平台、生产制造产线等开展网络安全相关监测", .sample = "platform"},
    {"system", "System", "系统", ZJ_FIELD_REF, FOUND | SHOWN, .refers = "systems",
     .sample = "SYS-SAMPLE-001"},
    {"sensor", "Sensor", "探针名称", ZJ_FIELD_TEXT, FOUND, .max_chars = 64,
     .help_en = "as it signs on", .help_zh = "与探针登记的名称一致", .sample = "sensor-1"},
    {"started_on", "Started on", "启用日期", ZJ_FIELD_DATE, SHOWN, .sample = "2025-01-01"},
    {"log_months", "Logs kept, months", "日志留存（月）", ZJ_FIELD_INT, SHOWN, .max = 1200,
     .clause = "《关于加强车联网网络安全和数据安全工作的通知》：网络日志留存不少于六个月", .sample = "12"},
};

const struct zj_register zj_register_monitor_sources = {
    .name = "monitor_sources",
    .en = "Monitoring sources",
    .zh = "监测来源",
    .task = 7,
    ZJ_FIELDS(fields),
};
