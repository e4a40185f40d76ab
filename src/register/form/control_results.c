/* Results of the control items of a system's level (task 4). */
#include "register/form.h"

static const struct zj_field_value results[] = {
    {"met", "Met", "符合"},
    {"partly", "Partly met", "部分符合"},
    {"unmet", "Not met", "不符合"},
    {"na", "Not applicable", "不适用"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("CR-SAMPLE-001"),
    {"system", "System", "定级对象", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "systems",
     .clause = "第4项：采取相应级别安全管理、安全技术等防护措施", .sample = "SYS-SAMPLE-001"},
    {"catalogue", "Catalogue", "控制项目录", ZJ_FIELD_TEXT, NEEDED | SHOWN, .max_chars = 64,
     .help_en = "name of the catalogue", .help_zh = "控制项目录的名称",
     .sample = "vehicle-platform"},
    {"item", "Item", "控制项", ZJ_FIELD_TEXT, NEEDED | FOUND | SHOWN, .max_chars = 32,
     .check = zj_check_control_item, .help_en = "number of the item in the catalogue",
     .help_zh = "目录中的编号", .sample = "M2.1"},
    {"result", "Result", "结果", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = results,
     .sample = "met"},
    {"evidence", "Evidence", "证据", ZJ_FIELD_NOTE, 0, .sample = "任命文件（示例）"},
    {"checked_on", "Checked on", "检查日期", ZJ_FIELD_DATE, SHOWN | PAST, .sample = "2025-04-10"},
    {"measure", "Measure", "整改措施", ZJ_FIELD_NOTE, 0, .max_chars = 1000,
     .help_en = "where it is not met", .help_zh = "不符合或部分符合时填写",
     .sample = "补充审批记录（示例）"},
    {"planned_on", "Planned on", "计划完成日期", ZJ_FIELD_DATE, SHOWN, .sample = "2025-06-30"},
    {"owner", "Owner", "责任人", ZJ_FIELD_REF, 0, .refers = "people", .sample = "PE-SAMPLE-001"},
    {"assessment", "Assessment", "评测或评估", ZJ_FIELD_REF, FOUND, .refers = "assessments",
     .refers_where = "system", .clause = "第5项：开展标准符合性评测和风险评估",
     .help_en = "that checked the item", .help_zh = "由哪次评测或评估检查",
     .sample = "AS-SAMPLE-001"},
};

enum { RESULT = 4, EVIDENCE, CHECKED_ON, MEASURE };

static size_t check_row(const struct zj_row *row, struct zj_row_fault *out, size_t max)
{
    struct zj_row_faults faults = {out, 0, max};
    const struct zj_span result = row->cells[RESULT];
    if (zj_span_eq_str(result, "met") && row->cells[EVIDENCE].len == 0)
        zj_row_fault_add(&faults, EVIDENCE, true, "met, yet without evidence: add it",
                         "已符合但没有证据，请补充。");
    if ((zj_span_eq_str(result, "unmet") || zj_span_eq_str(result, "partly")) &&
        row->cells[MEASURE].len == 0)
        zj_row_fault_add(&faults, MEASURE, true, "not met, yet without a measure: add it",
                         "未完全符合但没有整改措施，请补充。");
    return faults.count;
}

const struct zj_register zj_register_control_results = {
    .name = "control_results",
    .en = "Control results",
    .zh = "防护措施落实",
    .task = 4,
    .pack = "packs/controls",
    .check_row = check_row,
    ZJ_FIELDS(fields),
};
