/* Organisations: who is bound by the plan and who supervises it. A row is an organisation itself;
 * the rows of all other registers belong to one of them. */
#include "register/check.h"

static const struct zj_field_value kinds[] = {
    {"vehicle_maker", "Vehicle maker", "车辆生产企业"},
    {"terminal_maker", "Terminal maker", "车载终端生产企业"},
    {"tsp", "Telematics service", "车联网服务平台运营企业"},
    {"app_platform", "App platform", "移动应用平台企业"},
    {"ota_service", "OTA service", "在线升级服务企业"},
    {"navigation", "Navigation", "导航服务企业"},
    {"map", "Map", "地图企业"},
    {"info_service", "Information service", "信息服务企业"},
    {"card_service", "Card service", "车联网卡服务企业"},
    {"facility", "Facility operator", "基础设施运营企业"},
    {"v2x_facility", "V2X facility operator", "车路协同设施运营企业"},
    {"ad_solution", "Automated-driving solution", "自动驾驶方案企业"},
    {"carrier", "Carrier", "基础电信企业"},
    {"bureau", "Bureau", "主管部门"},
    {"assessor", "Assessor", "评测机构"},
    {0},
};

static const struct zj_field fields[] = {
    {.name = "code",
     .en = "Organisation code",
     .zh = "统一社会信用代码",
     .flags = ZJ_FIELD_KEY | ZJ_FIELD_REQUIRED | ZJ_FIELD_INDEXED | ZJ_FIELD_IN_LIST |
              ZJ_FIELD_UPPER,
     .max_chars = 18,
     .check = zj_check_uscc,
     .help_en = "18 characters, as on the business licence",
     .help_zh = "18 位，按营业执照填写",
     .sample = "91110000MA0000000H"},
    {.name = "name",
     .en = "Name",
     .zh = "单位名称",
     .flags = ZJ_FIELD_REQUIRED | ZJ_FIELD_IN_LIST,
     .sample = "示例汽车有限公司"},
    {.name = "kinds",
     .en = "Kinds",
     .zh = "单位类型",
     .type = ZJ_FIELD_ENUM_LIST,
     .flags = ZJ_FIELD_IN_LIST,
     .max_chars = 400,
     .values = kinds,
     .clause = "适用范围：道路机动车辆生产企业、车联网服务平台和基础设施运营企业等",
     .help_en = "several with ';' between",
     .help_zh = "可填多项，用分号分隔",
     .sample = "vehicle_maker;tsp"},
    {.name = "networks",
     .en = "Own networks",
     .zh = "自有网段",
     .type = ZJ_FIELD_ENDPOINTS,
     .flags = ZJ_FIELD_IN_LIST,
     .max_chars = 4000,
     .help_en = "address ranges of the organisation itself, as 10.0.0.0/8;203.0.113.0/24",
     .help_zh = "本单位自有的地址段，如 10.0.0.0/8;203.0.113.0/24",
     .sample = "10.0.0.0/8;203.0.113.0/24"},
};

const struct zj_register zj_register_organisations = {
    .name = "organisations",
    .en = "Organisations",
    .zh = "单位",
    .fields = fields,
    .field_count = ZJ_COUNT(fields),
    .is_global = true,
};
