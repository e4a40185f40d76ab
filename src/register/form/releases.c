/* Releases of firmware and apps: what was tested and filed before it goes to vehicles (task 9). */
#include "register/check.h"

static const struct zj_field_value kinds[] = {
    {"ota", "Over-the-air update", "在线升级"},
    {"app", "Mobile app", "移动应用"},
    {"ivi", "In-vehicle software", "车机软件"},
    {0},
};

enum { CODE, PRODUCT, KIND, VERSION, SHA256, HOSTS, TESTED_ON, FILED_ON, FILING_NUMBER };

static const struct zj_field fields[] = {
    [CODE] = {.name = "code",
              .en = "Release code",
              .zh = "发布编号",
              .flags = ZJ_FIELD_KEY | ZJ_FIELD_REQUIRED | ZJ_FIELD_INDEXED | ZJ_FIELD_IN_LIST,
              .max_chars = 64,
              .help_en = "the organisation's own short code",
              .help_zh = "本单位自定的编号",
              .sample = "R-SAMPLE-001"},
    [PRODUCT] = {.name = "product",
                 .en = "Product",
                 .zh = "产品名称",
                 .flags = ZJ_FIELD_REQUIRED | ZJ_FIELD_IN_LIST,
                 .sample = "车载终端（示例）"},
    [KIND] = {.name = "kind",
              .en = "Kind",
              .zh = "类型",
              .type = ZJ_FIELD_ENUM,
              .flags = ZJ_FIELD_IN_LIST,
              .values = kinds,
              .sample = "ota"},
    [VERSION] = {.name = "version",
                 .en = "Version",
                 .zh = "版本号",
                 .flags = ZJ_FIELD_REQUIRED | ZJ_FIELD_INDEXED | ZJ_FIELD_IN_LIST,
                 .max_chars = 100,
                 .help_en = "as the upgrade command names it; format the column as text",
                 .help_zh = "与升级指令中的版本一致；单元格请设为文本格式",
                 .sample = "V1.0.0"},
    [SHA256] = {.name = "package_sha256",
                .en = "Package SHA-256",
                .zh = "升级包 SHA-256",
                .flags = ZJ_FIELD_INDEXED | ZJ_FIELD_LOWER,
                .max_chars = 64,
                .check = zj_check_sha256,
                .sample = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    [HOSTS] = {.name = "hosts",
               .en = "Download hosts",
               .zh = "下载地址",
               .type = ZJ_FIELD_ENDPOINTS,
               .flags = ZJ_FIELD_IN_LIST,
               .max_chars = 4000,
               .help_en = "domains or addresses the package is downloaded from",
               .help_zh = "升级包下载的域名或地址",
               .sample = "ota.sample.example"},
    [TESTED_ON] = {.name = "tested_on",
                   .en = "Tested on",
                   .zh = "检测日期",
                   .type = ZJ_FIELD_DATE,
                   .flags = ZJ_FIELD_IN_LIST,
                   .clause = "第9项：升级前开展网络安全检测并报备",
                   .sample = "2025-05-10"},
    [FILED_ON] = {.name = "filed_on",
                  .en = "Filed on",
                  .zh = "报备日期",
                  .type = ZJ_FIELD_DATE,
                  .flags = ZJ_FIELD_IN_LIST,
                  .help_en = "empty while not filed",
                  .help_zh = "尚未报备的留空",
                  .sample = "2025-05-20"},
    [FILING_NUMBER] = {.name = "filing_number",
                       .en = "Filing number",
                       .zh = "报备编号",
                       .flags = ZJ_FIELD_IN_LIST,
                       .max_chars = 100,
                       .sample = "OTA-SAMPLE-001"},
};

static size_t check_row(const struct zj_row *row, struct zj_row_fault *out, size_t max)
{
    struct zj_row_faults faults = {out, 0, max};
    if (row->cells[FILED_ON].len && row->cells[TESTED_ON].len == 0)
        zj_row_fault_add(&faults, TESTED_ON, true, "filed, yet without a test date: add it",
                         "已报备但没有检测日期，请补充。");
    return faults.count;
}

const struct zj_register zj_register_releases = {
    .name = "releases",
    .en = "Releases",
    .zh = "发布",
    .task = 9,
    .fields = fields,
    .field_count = ZJ_COUNT(fields),
    .check_row = check_row,
};
