/* What a product is built from (task 8). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("CO-SAMPLE-001"),
    {"product", "Product", "产品", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "products",
     .sample = "PR-SAMPLE-001"},
    {"version", "Version of the product", "产品版本", ZJ_FIELD_TEXT, SHOWN, .max_chars = 100,
     .sample = "V1.0.0"},
    {"name", "Component", "组件名称", ZJ_FIELD_TEXT, NEEDED | FOUND | SHOWN, .sample = "openssl"},
    {"component_version", "Version of the component", "组件版本", ZJ_FIELD_TEXT, SHOWN,
     .max_chars = 100, .help_en = "format the column as text",
     .help_zh = "单元格请设为文本格式", .sample = "3.0.2"},
    {"supplier", "Supplier", "供应商", ZJ_FIELD_TEXT, SHOWN,
     .clause = "第8项：《网络产品安全漏洞管理规定》第七条：上游产品或者组件存在漏洞的，立即通知提供者",
     .sample = "OpenSSL"},
    {"purl", "Package URL", "软件包标识", ZJ_FIELD_TEXT, FOUND, .max_chars = 500,
     .check = zj_check_purl, .sample = "pkg:generic/openssl@3.0.2"},
    {"license", "Licence", "许可证", ZJ_FIELD_TEXT, 0, .sample = "Apache-2.0"},
};

const struct zj_register zj_register_components = {
    .name = "components",
    .en = "Components",
    .zh = "组件",
    .task = 8,
    ZJ_FIELDS(fields),
};
