/* Products of a maker: what vulnerabilities and releases are about (task 8). */
#include "register/form.h"

static const struct zj_field_value kinds[] = {
    {"vehicle", "Vehicle", "整车"},
    {"terminal", "Terminal", "车载终端"},
    {"software", "Software", "软件"},
    {"component", "Component", "零部件"},
    {"platform", "Platform", "平台"},
    {"app", "App", "应用程序"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("PR-SAMPLE-001"),
    {"name", "Name", "产品名称", ZJ_FIELD_TEXT, NEEDED | SHOWN, .sample = "车载终端（示例）"},
    {"kind", "Kind", "类型", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = kinds,
     .sample = "terminal"},
    {"model", "Model", "型号", ZJ_FIELD_TEXT, FOUND | SHOWN,
     .clause = "第8项：《网络产品安全漏洞管理规定》要求报送产品名称、型号、版本", .sample = "T-BOX-100"},
    {"vendor", "Vendor", "厂商", ZJ_FIELD_TEXT, SHOWN, .sample = "示例汽车有限公司"},
    {"version", "Version", "版本号", ZJ_FIELD_TEXT, SHOWN, .max_chars = 100, .sample = "V1.0.0"},
};

const struct zj_register zj_register_products = {
    .name = "products",
    .en = "Products",
    .zh = "产品",
    .task = 8,
    ZJ_FIELDS(fields),
};
