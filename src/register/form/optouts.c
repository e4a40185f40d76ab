/* Users who give up connected functions: the letter they sign and what stays switched on (task 6). */
#include "register/form.h"

static const struct zj_field_value profiles[] = {
    {"life_safety", "Life-safety functions only", "仅保留生命安全类功能"},
    {"full", "All functions", "全部功能"},
    {"suspended", "Suspended", "停用"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("OPT-SAMPLE-001"),
    {"iccid", "ICCID", "ICCID", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN | UPPER | IDENTITY,
     .max_chars = 20,
     .check = zj_check_iccid, .refers = "cards", .sample = "89860000000000000019"},
    {"vin", "VIN", "车辆识别代号", ZJ_FIELD_REF, ASKED | FOUND | SHOWN | UPPER | IDENTITY,
     .max_chars = 17,
     .check = zj_check_vin, .refers = "vehicles", .sample = "LZJTEST06S0000001"},
    {"letter_no", "Letter number", "责任告知书编号", ZJ_FIELD_TEXT, ASKED | SHOWN, .max_chars = 100,
     .clause = "第6项：对于自愿放弃车联网功能的用户，应与其签订责任告知书", .sample = "GZS-SAMPLE-001"},
    {"signed_on", "Signed on", "签订日期", ZJ_FIELD_DATE, ASKED | SHOWN | PAST, .sample = "2025-04-01"},
    {"profile", "Functions kept", "保留功能", ZJ_FIELD_ENUM, ASKED | SHOWN, .values = profiles,
     .clause = "第6项：原则上仅保留紧急呼叫、应急救援等影响生命安全的功能", .sample = "life_safety"},
    {"cut_confirmed_on", "Cut confirmed on", "功能关闭确认日期", ZJ_FIELD_DATE, SHOWN | PAST,
     .not_before = "signed_on", .help_en = "the day the carrier or the platform confirmed it",
     .help_zh = "运营商或平台确认已关闭其他功能的日期", .sample = "2025-04-03"},
};

const struct zj_register zj_register_optouts = {
    .name = "optouts",
    .en = "Opt-outs",
    .zh = "放弃功能",
    .task = 6,
    .is_case_form = true,
    ZJ_FIELDS(fields),
};
