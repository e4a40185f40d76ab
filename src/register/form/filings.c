/* Filings of graded systems: what a company hands in and what the bureaus answer (task 3). */
#include "register/form.h"

static const struct zj_field_value kinds[] = {
    {"new", "New filing", "新备案"},
    {"change", "Change", "变更备案"},
    {"cancel", "Cancellation", "注销"},
    {0},
};

static const struct zj_field_value coverages[] = {
    {"part_of_city", "Part of a city", "市内部分区域"},
    {"city", "A city", "全市"},
    {"province", "A province", "全省（区、市）"},
    {"provinces", "Several provinces", "跨省（区、市）"},
    {"nation", "The nation", "全国"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("FIL-SAMPLE-001"),
    {"system", "System", "定级对象", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "systems",
     .clause = "第3项：对车联网服务平台、网络设施和系统定级，及时申报、更新备案信息",
     .sample = "SYS-SAMPLE-001"},
    {"kind", "Kind", "备案类型", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = kinds, .sample = "new"},
    {"grading", "Grading", "定级记录", ZJ_FIELD_REF, ASKED | SHOWN, .refers = "gradings",
     .refers_where = "system",
     .clause = "第3项：开展网络安全防护定级工作", .sample = "GR-SAMPLE-001"},
    {"function", "Main function", "主要功能", ZJ_FIELD_NOTE, ASKED, .max_chars = 1000,
     .clause = "《通信网络安全防护管理办法》第九条：备案信息含名称、级别、主要功能",
     .sample = "远程监控和远程控制"},
    {"users_count", "Users", "用户数量", ZJ_FIELD_INT, COUNT, .sample = "120000"},
    {"coverage", "Coverage", "服务范围", ZJ_FIELD_ENUM, ASKED, .values = coverages,
     .sample = "nation"},
    {"topology", "Topology", "网络拓扑", ZJ_FIELD_NOTE, ASKED,
     .clause = "《通信网络安全防护管理办法》第九条：网络拓扑结构、网络边界、主要软硬件及型号、关键设施位置",
     .help_en = "in words; attach the drawing to the case",
     .help_zh = "文字说明；拓扑图作为附件上传", .sample = "接入区、应用区、数据区三层（示例）"},
    {"boundary", "Boundary", "网络边界", ZJ_FIELD_NOTE, ASKED, .max_chars = 1000,
     .sample = "互联网出口两处，运营商专线一条（示例）"},
    {"site", "Site of key facilities", "关键设施位置", ZJ_FIELD_TEXT, ASKED,
     .sample = "北京市示例数据中心"},
    {"responsible_person", "Responsible person", "负责人", ZJ_FIELD_REF,
     ASKED | FOR_BUREAU, .refers = "people", .clause = "第1项：明确安全责任人和管理部门", .sample = "PE-SAMPLE-001"},
    {"contact", "Contact", "联系电话", ZJ_FIELD_TEXT, ASKED | PERSONAL | UPPER | FOR_BUREAU,
     .max_chars = 20,
     .check = zj_check_phone, .doubt = zj_doubt_phone, .sample = "13800001234"},
    {"changed_on", "Changed on", "信息变更日期", ZJ_FIELD_DATE, PAST,
     .clause = "《通信网络安全防护管理办法》第九条：备案信息变化之日起三十日内变更",
     .help_en = "of a change filing: the day the filed facts changed",
     .help_zh = "变更备案填写：备案信息发生变化的日期", .sample = "2025-03-01"},
    {"number", "Filing number", "定级备案号", ZJ_FIELD_TEXT, OFFICIAL | FOUND | SHOWN,
     .max_chars = 100, .clause = "第3项：对通过审核的核发定级备案号", .sample = "BA-SAMPLE-001"},
    {"decided_on", "Decided on", "审核日期", ZJ_FIELD_DATE, OFFICIAL | SHOWN | PAST,
     .sample = "2025-03-31"},
    {"opinion_bca", "Opinion of the communications bureau", "通信管理局意见", ZJ_FIELD_NOTE,
     OFFICIAL, .clause = "第3项：北京市通信管理局会同北京市经济和信息化局审核",
     .sample = "材料齐全（示例）"},
    {"opinion_beit", "Opinion of the economy bureau", "经济和信息化局意见", ZJ_FIELD_NOTE,
     OFFICIAL, .sample = "同意（示例）"},
};

enum { KIND = 2, CHANGED_ON = 12 };

static size_t check_row(const struct zj_row *row, struct zj_row_fault *out, size_t max)
{
    struct zj_row_faults faults = {out, 0, max};
    if (zj_span_eq_str(row->cells[KIND], "change") && row->cells[CHANGED_ON].len == 0)
        zj_row_fault_add(&faults, CHANGED_ON, true,
                         "a change filing without the day of the change: add it",
                         "变更备案没有填写信息变更日期，请补充。");
    return faults.count;
}

const struct zj_register zj_register_filings = {
    .name = "filings",
    .en = "Filings",
    .zh = "定级备案",
    .task = 3,
    .is_case_form = true,
    .check_row = check_row,
    ZJ_FIELDS(fields),
};
