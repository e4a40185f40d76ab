/* Which card was in which vehicle, from when to when (task 6). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("BD-SAMPLE-001"),
    {"iccid", "ICCID", "ICCID", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN | UPPER | IDENTITY,
     .max_chars = 20,
     .check = zj_check_iccid, .refers = "cards",
     .clause = "第6项：全面准确登记实名信息", .sample = "89860000000000000019"},
    {"vin", "VIN", "车辆识别代号", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN | UPPER | IDENTITY,
     .max_chars = 17,
     .check = zj_check_vin, .refers = "vehicles", .sample = "LZJTEST06S0000001"},
    {"from_on", "From", "绑定日期", ZJ_FIELD_DATE, NEEDED | SHOWN, .sample = "2025-01-15"},
    {"to_on", "To", "解绑日期", ZJ_FIELD_DATE, SHOWN, .not_before = "from_on",
     .help_en = "empty while bound", .help_zh = "绑定中的留空", .sample = "2026-01-15"},
};

const struct zj_register zj_register_bindings = {
    .name = "bindings",
    .en = "Bindings",
    .zh = "人车卡绑定",
    .task = 6,
    ZJ_FIELDS(fields),
};
