/* Vehicles made or run by the organisation. */
#include "register/check.h"

enum { VIN, MODEL, PLATE, MADE_ON, SOLD_ON };

static const struct zj_field fields[] = {
    [VIN] = {.name = "vin",
             .clause = "第6项：加快推进存量联网车辆补登记",
             .en = "VIN",
             .zh = "车辆识别代号",
             .also = "车架号;车架号码;VIN码;车辆识别代码",
             .flags = ZJ_FIELD_KEY | ZJ_FIELD_REQUIRED | ZJ_FIELD_INDEXED | ZJ_FIELD_IN_LIST |
                      ZJ_FIELD_UPPER | ZJ_FIELD_IDENTITY,
             .max_chars = 17,
             .check = zj_check_vin,
             .help_en = "17 characters (GB 16735)",
             .help_zh = "17 位（GB 16735）",
             .sample = "LZJTEST06S0000001"},
    [MODEL] = {.name = "model",
               .en = "Model",
               .zh = "车型",
               .also = "车辆型号;型号",
               .flags = ZJ_FIELD_INDEXED | ZJ_FIELD_IN_LIST,
               .sample = "示例车型"},
    [PLATE] = {.name = "plate",
               .en = "Number plate",
               .zh = "号牌号码",
               .also = "车牌;车牌号;车牌号码;号牌",
               .flags = ZJ_FIELD_INDEXED | ZJ_FIELD_IN_LIST | ZJ_FIELD_UPPER | ZJ_FIELD_IDENTITY,
               .max_chars = 20,
               .sample = "京A00000"},
    [MADE_ON] = {.name = "made_on",
                 .en = "Made on",
                 .zh = "生产日期",
                 .also = "出厂日期;制造日期",
                 .type = ZJ_FIELD_DATE,
                 .flags = ZJ_FIELD_IN_LIST | ZJ_FIELD_PAST,
                 .sample = "2025-01-15"},
    [SOLD_ON] = {.name = "sold_on",
                 .en = "Sold on",
                 .zh = "销售日期",
                 .type = ZJ_FIELD_DATE,
                 .flags = ZJ_FIELD_IN_LIST | ZJ_FIELD_PAST,
                 .help_en = "empty while not sold",
                 .help_zh = "尚未销售的留空",
                 .sample = "2025-02-20"},
};

static size_t check_row(const struct zj_row *row, struct zj_row_fault *out, size_t max)
{
    struct zj_row_faults faults = {out, 0, max};
    zj_row_in_order(&faults, row, MADE_ON, SOLD_ON, "sold before it was made: correct one date",
                    "销售日期早于生产日期，请更正。");
    return faults.count;
}

const struct zj_register zj_register_vehicles = {
    .name = "vehicles",
    .en = "Vehicles",
    .zh = "车辆",
    .fields = fields,
    .field_count = ZJ_COUNT(fields),
    .check_row = check_row,
};
