/* Products and solutions offered to the pool of security resources (task 17). */
#include "register/form.h"

static const struct zj_field_value kinds[] = {
    {"product", "Product", "产品"},
    {"solution", "Solution", "解决方案"},
    {"environment", "Environment", "集中化环境"},
    {0},
};

/* "T4" or "T4.vehicle-plaintext": a task of the plan, or a rule of one. */
static const char *check_solves(struct zj_span value, const char **out_zh)
{
    size_t at = 1;
    int task = 0;
    while (at < value.len && at < 3 && value.at[at] >= '0' && value.at[at] <= '9')
        task = task * 10 + (value.at[at++] - '0');
    if (value.len > 1 && value.at[0] == 'T' && task >= 1 && task <= 18 &&
        (at == value.len || (value.at[at] == '.' && at + 1 < value.len)))
        return NULL;
    *out_zh = "请填写任务编号（T1 至 T18）或差距规则编号（如 T4.vehicle-plaintext）。";
    return "a task, T1 to T18, or a rule of gaps as T4.vehicle-plaintext";
}

static const struct zj_field fields[] = {
    ZJ_CODE("PL-SAMPLE-001"),
    {"title", "Title", "名称", ZJ_FIELD_TEXT, NEEDED | SHOWN, .sample = "车云通信加密网关（示例）"},
    {"kind", "Kind", "类型", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = kinds,
     .clause = "第17项：汇聚车联网安全创新产品和解决方案，打造车联网安全资源池", .sample = "product"},
    {"tags", "Tags", "标签", ZJ_FIELD_TEXT_LIST, SHOWN, .max_chars = 400,
     .sample = "车路协同;密码"},
    {"solves", "Solves", "适用任务或差距", ZJ_FIELD_TEXT_LIST, SHOWN, .max_chars = 400,
     .check = check_solves, .help_en = "tasks (T4) or rules of gaps (T4.vehicle-plaintext)",
     .help_zh = "任务编号（T4）或差距规则编号（T4.vehicle-plaintext），用分号分隔；据此匹配差距",
     .sample = "T4;T9"},
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
    .told = "r.published_on IS NOT NULL",
    ZJ_FIELDS(fields),
};
