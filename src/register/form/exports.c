/* Exports: what allows data to leave the mainland (task 14). */
#include "register/check.h"

static const struct zj_field_value bases[] = {
    {"assessment", "Security assessment", "数据出境安全评估"},
    {"contract", "Standard contract", "标准合同"},
    {"certification", "Certification", "个人信息保护认证"},
    {"exempt", "Exempt", "豁免"},
    {0},
};

enum {
    CODE,
    RECEIVER,
    COUNTRY,
    ENDPOINTS,
    DATA_TYPES,
    BASIS,
    RECEIPT_NO,
    VALID_FROM,
    VALID_TO
};

static const struct zj_field fields[] = {
    [CODE] = {.name = "code",
              .en = "Export code",
              .zh = "出境记录编号",
              .flags = ZJ_FIELD_KEY | ZJ_FIELD_REQUIRED | ZJ_FIELD_INDEXED | ZJ_FIELD_IN_LIST,
              .max_chars = 64,
              .help_en = "the organisation's own short code",
              .help_zh = "本单位自定的编号",
              .sample = "E-SAMPLE-001"},
    [RECEIVER] = {.name = "receiver",
                  .en = "Receiver",
                  .zh = "境外接收方",
                  .flags = ZJ_FIELD_REQUIRED | ZJ_FIELD_IN_LIST,
                  .sample = "Sample Cloud GmbH"},
    [COUNTRY] = {.name = "country",
                 .en = "Country",
                 .zh = "国家或地区",
                 .also = "国家;地区",
                 .flags = ZJ_FIELD_IN_LIST | ZJ_FIELD_UPPER,
                 .max_chars = 2,
                 .check = zj_check_country,
                 .help_en = "ISO 3166-1 code of two letters",
                 .help_zh = "ISO 3166-1 两位代码",
                 .sample = "DE"},
    [ENDPOINTS] = {.name = "endpoints",
                   .en = "Endpoints",
                   .zh = "接收地址",
                   .type = ZJ_FIELD_ENDPOINTS,
                   .flags = ZJ_FIELD_IN_LIST,
                   .max_chars = 4000,
                   .help_en = "where data is sent: CIDR, IP or domain",
                   .help_zh = "数据发往的网段、IP 或域名",
                   .sample = "192.0.2.0/24;in.receiver.example"},
    [DATA_TYPES] = {.name = "data_types",
                    .en = "Data types",
                    .zh = "数据类型",
                    .type = ZJ_FIELD_TEXT_LIST,
                    .flags = ZJ_FIELD_IN_LIST | ZJ_FIELD_UPPER,
                    .max_chars = 4000,
                    .check = zj_check_type_name,
                    .clause = "第14项：数据出境安全管理",
                    .help_en = "type names of identification, ';' between",
                    .help_zh = "识别规则的类型名，用分号分隔",
                    .sample = "VIN"},
    [BASIS] = {.name = "basis",
               .en = "Basis",
               .zh = "出境依据",
               .type = ZJ_FIELD_ENUM,
               .flags = ZJ_FIELD_IN_LIST,
               .values = bases,
               .sample = "contract"},
    [RECEIPT_NO] = {.name = "receipt_no",
                    .en = "Receipt number",
                    .zh = "批复或备案编号",
                    .flags = ZJ_FIELD_IN_LIST,
                    .max_chars = 100,
                    .sample = "HT-SAMPLE-001"},
    [VALID_FROM] = {.name = "valid_from",
                    .en = "Valid from",
                    .zh = "有效期起",
                    .type = ZJ_FIELD_DATE,
                    .sample = "2025-01-01"},
    [VALID_TO] = {.name = "valid_to",
                  .en = "Valid to",
                  .zh = "有效期至",
                  .type = ZJ_FIELD_DATE,
                  .flags = ZJ_FIELD_IN_LIST,
                  .sample = "2027-12-31"},
};

static size_t check_row(const struct zj_row *row, struct zj_row_fault *out, size_t max)
{
    struct zj_row_faults faults = {out, 0, max};
    zj_row_in_order(&faults, row, VALID_FROM, VALID_TO,
                    "it ends before it begins: correct one date",
                    "有效期截止早于起始，请更正。");
    if (row->cells[RECEIPT_NO].len == 0 && row->cells[BASIS].len &&
        !zj_span_eq_str(row->cells[BASIS], "exempt"))
        zj_row_fault_add(&faults, RECEIPT_NO, true, "no receipt number for this basis: add it",
                         "该出境依据应有批复或备案编号，请补充。");
    return faults.count;
}

const struct zj_register zj_register_exports = {
    .name = "exports",
    .en = "Exports",
    .zh = "数据出境",
    .task = 14,
    .fields = fields,
    .field_count = ZJ_COUNT(fields),
    .check_row = check_row,
};
