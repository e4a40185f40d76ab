/* Systems: the platforms, facilities and systems that are graded and filed (task 3). */
#include "register/form.h"

static const struct zj_field_value kinds[] = {
    {"platform", "Platform", "平台"},
    {"facility", "Facility", "基础设施"},
    {"system", "System", "系统"},
    {0},
};

enum { CODE, NAME, KIND, LEVEL, FILING_NUMBER, FILED_ON, ADDRESSES };

static const struct zj_field fields[] = {
    [CODE] = {.name = "code",
              .en = "System code",
              .zh = "系统编号",
              .flags = ZJ_FIELD_KEY | ZJ_FIELD_REQUIRED | ZJ_FIELD_INDEXED | ZJ_FIELD_IN_LIST,
              .max_chars = 64,
              .help_en = "the organisation's own short code",
              .help_zh = "本单位自定的编号",
              .sample = "SYS-SAMPLE-001"},
    [NAME] = {.name = "name",
              .en = "Name",
              .zh = "系统名称",
              .flags = ZJ_FIELD_REQUIRED | ZJ_FIELD_IN_LIST,
              .sample = "车联网服务平台（示例）"},
    [KIND] = {.name = "kind",
              .en = "Kind",
              .zh = "类型",
              .type = ZJ_FIELD_ENUM,
              .flags = ZJ_FIELD_IN_LIST,
              .values = kinds,
              .clause = "第3项：对车联网服务平台、基础设施和系统定级备案",
              .sample = "platform"},
    [LEVEL] = {.name = "level",
               .en = "Level",
               .zh = "定级级别",
               .also = "级别;等级;保护等级",
               .also_values = "一级=1;二级=2;三级=3;四级=4;五级=5;1级=1;2级=2;3级=3;4级=4;5级=5",
               .type = ZJ_FIELD_INT,
               .flags = ZJ_FIELD_IN_LIST,
               .values = zj_values_level,
               .clause = "第3项：确定网络安全防护级别",
               .help_en = "1 to 5; empty while not graded",
               .help_zh = "1 至 5；尚未定级的留空",
               .sample = "3"},
    [FILING_NUMBER] = {.name = "filing_number",
                       .en = "Filing number",
                       .zh = "定级备案号",
                       .also = "备案号;备案编号",
                       .flags = ZJ_FIELD_IN_LIST,
                       .max_chars = 100,
                       .help_en = "as issued; empty while not filed",
                       .help_zh = "按备案结果填写；尚未备案的留空",
                       .sample = "BA-SAMPLE-001"},
    [FILED_ON] = {.name = "filed_on",
                  .en = "Filed on",
                  .zh = "备案日期",
                  .type = ZJ_FIELD_DATE,
                  .flags = ZJ_FIELD_IN_LIST | ZJ_FIELD_PAST,
                  .sample = "2025-03-31"},
    [ADDRESSES] = {.name = "addresses",
                   .en = "Addresses",
                   .zh = "网络地址",
                   .also = "地址;IP;IP地址",
                   .type = ZJ_FIELD_ENDPOINTS,
                   .flags = ZJ_FIELD_IN_LIST,
                   .max_chars = 4000,
                   .help_en = "CIDR or IP, with :port where it matters",
                   .help_zh = "网段或 IP，需要区分端口时写 IP:端口",
                   .sample = "203.0.113.10:32960;203.0.113.0/28"},
};

static size_t check_row(const struct zj_row *row, struct zj_row_fault *out, size_t max)
{
    struct zj_row_faults faults = {out, 0, max};
    if (row->cells[FILING_NUMBER].len && row->cells[LEVEL].len == 0)
        zj_row_fault_add(&faults, LEVEL, true, "filed, yet without a level: fill it in",
                         "已填备案号但没有定级级别，请补充级别。");
    return faults.count;
}

const struct zj_register zj_register_systems = {
    .name = "systems",
    .en = "Systems",
    .zh = "系统",
    .task = 3,
    .fields = fields,
    .field_count = ZJ_COUNT(fields),
    .check_row = check_row,
    .held = {.by = "filings",
             .by_ref = "system",
             .by_number = "number",
             .number = "filing_number",
             .fields = "filing_number filed_on"},
};
