/* Products and solutions offered to the pool of security resources (task 17). */
#include "register/form.h"

static const struct zj_field_value kinds[] = {
    {"product", "Product", "产品"},
    {"solution", "Solution", "解决方案"},
    {"environment", "Environment", "集中化环境"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("PL-SAMPLE-001"),
    {"title", "Title", "名称", ZJ_FIELD_TEXT, NEEDED | SHOWN, .sample = "车云通信加密网关（示例）"},
    {"kind", "Kind", "类型", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = kinds,
     .clause = "第17项：汇聚车联网安全创新产品和解决方案，打造车联网安全资源池", .sample = "product"},
    {"tags", "Tags", "标签", ZJ_FIELD_TEXT_LIST, SHOWN, .max_chars = 400,
     .sample = "车路协同;密码"},
    {"description", "Description", "说明", ZJ_FIELD_NOTE, NEEDED, .sample = "国密通信（示例）"},
    {"contact", "Contact", "联系方式", ZJ_FIELD_TEXT, SHOWN, .sample = "security@sample.example"},
    {"published_on", "Published on", "发布日期", ZJ_FIELD_DATE, OFFICIAL | SHOWN,
     .sample = "2025-07-01"},
};

const struct zj_register zj_register_pool_items = {
    .name = "pool_items",
    .en = "Resource pool",
    .zh = "安全资源池",
    .task = 17,
    ZJ_FIELDS(fields),
};
