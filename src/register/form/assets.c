/* What a graded system is made of (task 3). */
#include "register/form.h"

static const struct zj_field_value kinds[] = {
    {"hardware", "Hardware", "主要硬件"},
    {"security", "Security system", "安全系统"},
    {"base_software", "Base software", "基础软件"},
    {"app_software", "Application software", "应用软件"},
    {"public_address", "Public addresses", "公网IP地址段"},
    {"port", "Protocol and port", "主要协议和端口"},
    {"facility", "Facility", "设施"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("AST-SAMPLE-001"),
    {"system", "System", "定级对象", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "systems",
     .sample = "SYS-SAMPLE-001"},
    {"kind", "Kind", "资产类型", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = kinds,
     .clause = "《通信网络安全防护管理办法》第九条：主要软硬件及型号、关键设施位置", .sample = "hardware"},
    {"name", "Name", "名称", ZJ_FIELD_TEXT, NEEDED | SHOWN, .sample = "应用服务器（示例）"},
    {"vendor", "Vendor", "厂商", ZJ_FIELD_TEXT, SHOWN, .sample = "示例厂商"},
    {"model", "Model", "型号", ZJ_FIELD_TEXT, SHOWN, .sample = "S-100"},
    {"version", "Version", "版本", ZJ_FIELD_TEXT, 0, .max_chars = 100, .sample = "1.0"},
    {"quantity", "Quantity", "数量", ZJ_FIELD_INT, COUNT | SHOWN, .sample = "4"},
    {"address", "Addresses", "网络地址", ZJ_FIELD_ENDPOINTS, SHOWN, .max_chars = 4000,
     .sample = "203.0.113.10:443"},
    {"location", "Location", "位置", ZJ_FIELD_TEXT, 0, .sample = "北京市示例数据中心"},
};

const struct zj_register zj_register_assets = {
    .name = "assets",
    .en = "Assets",
    .zh = "系统资产",
    .task = 3,
    ZJ_FIELDS(fields),
};
