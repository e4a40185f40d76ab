/* Changes in the life of a card: transfer, replacement, scrapping, end of test (task 6). */
#include "register/form.h"

static const struct zj_field_value kinds[] = {
    {"transfer", "Transfer to another owner", "过户"},
    {"replacement", "Replacement of the card", "换卡"},
    {"scrap", "Scrapping", "报废"},
    {"test_end", "End of test", "测试结束"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("CC-SAMPLE-001"),
    {"kind", "Kind", "变更类型", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = kinds,
     .clause = "第6项：加强车联网卡实名登记管理，全面准确登记实名信息", .sample = "transfer"},
    {"iccid", "ICCID", "ICCID", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN | UPPER | IDENTITY,
     .max_chars = 20,
     .check = zj_check_iccid, .refers = "cards", .sample = "89860000000000000019"},
    {"new_iccid", "New ICCID", "新 ICCID", ZJ_FIELD_TEXT, FOUND | UPPER | IDENTITY,
     .max_chars = 20,
     .check = zj_check_iccid, .help_en = "of a replacement", .help_zh = "换卡时填写",
     .sample = "89860000000000000027"},
    {"vin", "VIN", "车辆识别代号", ZJ_FIELD_REF, FOUND | SHOWN | UPPER | IDENTITY,
     .max_chars = 17,
     .check = zj_check_vin, .refers = "vehicles", .sample = "LZJTEST06S0000001"},
    {"requested_on", "Requested on", "申请日期", ZJ_FIELD_DATE, NEEDED | SHOWN | PAST,
     .sample = "2025-04-01"},
    {"unbound_on", "Unbound on", "解绑日期", ZJ_FIELD_DATE, SHOWN | PAST, .not_before = "requested_on",
     .help_en = "the old owner's record was taken off", .help_zh = "原用户实名信息解绑的日期",
     .sample = "2025-04-02"},
    {"registered_on", "Registered on", "重新登记日期", ZJ_FIELD_DATE, SHOWN | PAST,
     .not_before = "unbound_on", .sample = "2025-04-03"},
};

enum { KIND = 1, ICCID, NEW_ICCID };

static size_t check_row(const struct zj_row *row, struct zj_row_fault *out, size_t max)
{
    struct zj_row_faults faults = {out, 0, max};
    if (zj_span_eq_str(row->cells[KIND], "replacement")) {
        zj_row_needs(&faults, row, NEW_ICCID, "a replacement needs the ICCID of the new card",
                     "换卡须填写新 ICCID。");
        if (row->cells[NEW_ICCID].len && zj_span_eq(row->cells[ICCID], row->cells[NEW_ICCID]))
            zj_row_fault_add(&faults, NEW_ICCID, false, "the new card is the old one",
                             "新旧 ICCID 相同，请更正。");
    }
    return faults.count;
}

const struct zj_register zj_register_card_changes = {
    .name = "card_changes",
    .en = "Card changes",
    .zh = "车联网卡变更",
    .task = 6,
    .is_case_form = true,
    .check_row = check_row,
    ZJ_FIELDS(fields),
};
