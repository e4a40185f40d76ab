/* Cards of connected vehicles and whose they are (task 6). What a card's row must hold follows from
 * its state: an owner is asked for only once the card is registered in a name. */
#include "base/idcheck.h"
#include "register/check.h"

static const struct zj_field_value carriers[] = {
    {"telecom", "China Telecom", "中国电信"}, {"mobile", "China Mobile", "中国移动"},
    {"unicom", "China Unicom", "中国联通"},   {"broadnet", "China Broadnet", "中国广电"},
    {"other", "Other", "其他"},               {0},
};

static const struct zj_field_value states[] = {
    {"stock", "In stock", "库存"},
    {"test", "In test", "测试期"},
    {"for_sale", "For sale", "待售"},
    {"awaiting", "Awaiting registration", "待实名"},
    {"registered", "Registered", "已实名"},
    {"opted_out", "Opted out", "放弃功能"},
    {"suspended", "Suspended", "停用"},
    {"scrapped", "Scrapped", "报废"},
    {0},
};

static const struct zj_field_value owner_kinds[] = {
    {"person", "Person", "个人"},
    {"organisation", "Organisation", "单位"},
    {0},
};

static const struct zj_field_value id_kinds[] = {
    {"resident_id", "Resident identity card", "居民身份证"},
    {"passport", "Passport", "护照"},
    {"travel_permit", "Travel permit", "港澳台通行证"},
    {"military_id", "Military or police identity", "军警证件"},
    {"residence_permit", "Residence permit", "居住证"},
    {"uscc", "Organisation code", "统一社会信用代码"},
    {"other", "Other", "其他"},
    {0},
};

enum {
    ICCID,
    MSISDN,
    IMSI,
    VIN,
    CARRIER,
    STATE,
    REGISTERED_ON,
    OWNER_KIND,
    OWNER_NAME,
    OWNER_ID_KIND,
    OWNER_ID_NUMBER,
    OWNER_PHONE
};

static const struct zj_field fields[] = {
    [ICCID] = {.name = "iccid",
               .en = "ICCID",
               .zh = "ICCID",
               .flags = ZJ_FIELD_KEY | ZJ_FIELD_REQUIRED | ZJ_FIELD_INDEXED | ZJ_FIELD_IN_LIST |
                        ZJ_FIELD_UPPER | ZJ_FIELD_IDENTITY,
               .max_chars = 20,
               .check = zj_check_iccid,
               .clause = "第6项：车联网卡实名登记",
               .help_en = "19 or 20 characters; format the column as text",
               .help_zh = "19 或 20 位；单元格请设为文本格式",
               .sample = "89860000000000000019"},
    [MSISDN] = {.name = "msisdn",
                .en = "Card number",
                .zh = "卡号",
                .also = "SIM卡号;物联网卡号;物联卡号",
                .flags = ZJ_FIELD_INDEXED | ZJ_FIELD_IN_LIST | ZJ_FIELD_UPPER | ZJ_FIELD_IDENTITY,
                .max_chars = 15,
                .check = zj_check_msisdn,
                .doubt = zj_doubt_msisdn,
                .help_en = "7 to 15 digits, usually 11 or 13",
                .help_zh = "7 至 15 位数字，通常为 11 或 13 位",
                .sample = "1440000000001"},
    [IMSI] = {.name = "imsi",
              .en = "IMSI",
              .zh = "IMSI",
              .flags = ZJ_FIELD_INDEXED | ZJ_FIELD_UPPER | ZJ_FIELD_IDENTITY | ZJ_FIELD_LONE,
              .max_chars = 15,
              .check = zj_check_imsi,
              .sample = "460000000000001"},
    [VIN] = {.name = "vin",
             .en = "VIN",
             .zh = "车辆识别代号",
             .also = "车架号;车架号码;VIN码;车辆识别代码",
             .flags = ZJ_FIELD_INDEXED | ZJ_FIELD_IN_LIST | ZJ_FIELD_UPPER | ZJ_FIELD_IDENTITY |
                      ZJ_FIELD_LONE,
             .max_chars = 17,
             .check = zj_check_vin,
             .known_in = "vehicles",
             .help_en = "the vehicle the card is built into",
             .help_zh = "该卡所在车辆",
             .sample = "LZJTEST06S0000001"},
    [CARRIER] = {.name = "carrier",
                 .en = "Carrier",
                 .zh = "运营商",
                 .type = ZJ_FIELD_ENUM,
                 .flags = ZJ_FIELD_INDEXED | ZJ_FIELD_IN_LIST,
                 .values = carriers,
                 .also = "通信运营商;电信运营商",
                 .also_values = "电信=telecom;CTCC=telecom;移动=mobile;CMCC=mobile;联通=unicom;"
                                "CUCC=unicom;广电=broadnet;CBN=broadnet",
                 .sample = "mobile"},
    [STATE] = {.name = "state",
               .en = "State",
               .zh = "状态",
               .type = ZJ_FIELD_ENUM,
               .flags = ZJ_FIELD_REQUIRED | ZJ_FIELD_INDEXED | ZJ_FIELD_IN_LIST,
               .values = states,
               .also = "卡状态",
               .also_values = "在库=stock;测试=test;实名=registered;已登记=registered;"
                              "停机=suspended;已报废=scrapped",
               .clause = "第6项：新用户实名登记、存量补登记；放弃功能的仅保留生命安全类功能",
               .sample = "registered"},
    [REGISTERED_ON] = {.name = "registered_on",
                       .en = "Registered on",
                       .zh = "实名登记日期",
                       .also = "实名日期;实名登记时间",
                       .type = ZJ_FIELD_DATE,
                       .flags = ZJ_FIELD_IN_LIST | ZJ_FIELD_PAST,
                       .help_en = "needed for a registered card",
                       .help_zh = "已实名的卡必填",
                       .sample = "2025-02-21"},
    [OWNER_KIND] = {.name = "owner_kind",
                    .en = "Kind of owner",
                    .zh = "用户类型",
                    .type = ZJ_FIELD_ENUM,
                    .values = owner_kinds,
                    .also_values = "自然人=person;企业=organisation;公司=organisation;"
                                   "法人=organisation",
                    .sample = "person"},
    [OWNER_NAME] = {.name = "owner_name",
                    .en = "Owner's name",
                    .zh = "用户姓名或单位名称",
                    .also = "姓名;用户姓名;车主姓名;用户名称",
                    .flags = ZJ_FIELD_PERSONAL | ZJ_FIELD_IN_LIST,
                    .max_chars = 100,
                    .sample = "示例"},
    [OWNER_ID_KIND] = {.name = "owner_id_kind",
                       .en = "Kind of identity document",
                       .zh = "证件类型",
                       .type = ZJ_FIELD_ENUM,
                       .values = id_kinds,
                       .also = "证件种类",
                       .also_values = "身份证=resident_id;军官证=military_id;"
                                      "营业执照=uscc;信用代码=uscc",
                       .sample = "resident_id"},
    [OWNER_ID_NUMBER] = {.name = "owner_id_number",
                         .en = "Identity number",
                         .zh = "证件号码",
                         .also = "证件号;身份证号;身份证号码",
                         .flags = ZJ_FIELD_PERSONAL | ZJ_FIELD_UPPER,
                         .max_chars = 40,
                         .help_en = "format the column as text",
                         .help_zh = "单元格请设为文本格式",
                         .sample = "11010519491231002X"},
    [OWNER_PHONE] = {.name = "owner_phone",
                     .en = "Owner's telephone",
                     .zh = "联系电话",
                     .also = "手机号;手机号码;电话;联系方式",
                     .flags = ZJ_FIELD_PERSONAL | ZJ_FIELD_UPPER | ZJ_FIELD_IN_LIST,
                     .max_chars = 20,
                     .check = zj_check_phone,
                     .doubt = zj_doubt_phone,
                     .sample = "13800001234"},
};

static void check_registered(struct zj_row_faults *faults, const struct zj_row *row)
{
    zj_row_needs(faults, row, VIN, "a registered card needs the VIN of its vehicle",
                 "已实名的卡须填写所在车辆的车辆识别代号。");
    zj_row_needs(faults, row, REGISTERED_ON, "a registered card needs the date of registration",
                 "已实名的卡须填写实名登记日期。");
    zj_row_needs(faults, row, OWNER_KIND, "a registered card needs its kind of owner",
                 "已实名的卡须填写用户类型。");
    zj_row_needs(faults, row, OWNER_NAME, "a registered card needs its owner's name",
                 "已实名的卡须填写用户姓名或单位名称。");
    zj_row_needs(faults, row, OWNER_ID_KIND, "a registered card needs its owner's kind of document",
                 "已实名的卡须填写证件类型。");
    zj_row_needs(faults, row, OWNER_ID_NUMBER,
                 "a registered card needs its owner's identity number",
                 "已实名的卡须填写证件号码。");
    if (row->cells[OWNER_PHONE].len == 0)
        zj_row_fault_add(faults, OWNER_PHONE, true, "no telephone of the owner: add one",
                         "缺少用户联系电话，请补充。");
}

static void check_identity(struct zj_row_faults *faults, const struct zj_row *row)
{
    const struct zj_span kind = row->cells[OWNER_ID_KIND], number = row->cells[OWNER_ID_NUMBER];
    const char *zh = NULL;
    if (number.len == 0)
        return;
    if (kind.len == 0)
        zj_row_fault_add(faults, OWNER_ID_KIND, false,
                         "an identity number without its kind of document: fill it in",
                         "填写了证件号码但没有证件类型，请补充。");
    if (zj_span_eq_str(kind, "resident_id") && !zj_resident_id_is_valid(number))
        zj_row_fault_add(faults, OWNER_ID_NUMBER, false,
                         "no resident identity number (18 characters, date, check digit): compare "
                         "it with the document",
                         "居民身份证号不正确（18 位、出生日期、校验码），请对照证件核对。");
    if (zj_span_eq_str(kind, "uscc")) {
        const char *en = zj_check_uscc(number, &zh);
        if (en)
            zj_row_fault_add(faults, OWNER_ID_NUMBER, false, en, zh);
    }
}

static size_t check_row(const struct zj_row *row, struct zj_row_fault *out, size_t max)
{
    struct zj_row_faults faults = {out, 0, max};
    const struct zj_span state = row->cells[STATE];
    if (zj_span_eq_str(state, "registered"))
        check_registered(&faults, row);
    if (zj_span_eq_str(state, "opted_out"))
        zj_row_needs(&faults, row, VIN, "a card that opted out needs the VIN of its vehicle",
                     "放弃功能的卡须填写所在车辆的车辆识别代号。");
    if (zj_span_eq_str(state, "awaiting") && row->cells[VIN].len == 0)
        zj_row_fault_add(&faults, VIN, true, "a card awaiting registration sits in a vehicle: add "
                                             "its VIN",
                         "待实名的卡已装车，请补充车辆识别代号。");
    check_identity(&faults, row);
    return faults.count;
}

const struct zj_register zj_register_cards = {
    .name = "cards",
    .en = "Cards",
    .zh = "车联网卡",
    .task = 6,
    .fields = fields,
    .field_count = ZJ_COUNT(fields),
    .check_row = check_row,
    .rates_by = "state",
};
