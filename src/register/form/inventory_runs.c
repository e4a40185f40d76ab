/* Runs of the yearly sorting of data (task 11). */
#include <stdint.h>

#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("IR-SAMPLE-001"),
    {"year", "Year", "年度", ZJ_FIELD_INT, NEEDED | FOUND | SHOWN, .min = 2000, .max = 2199,
     .clause = "第11项：每年定期开展业务数据分类分级梳理工作", .sample = "2025"},
    {"scope", "Scope", "梳理范围", ZJ_FIELD_NOTE, NEEDED,
     .clause = "第11项：记录梳理范围、过程、以及操作人员等", .sample = "全部业务系统（示例）"},
    {"process", "Process", "梳理过程", ZJ_FIELD_NOTE, 0, .sample = "扫描、访谈、复核（示例）"},
    {"operators", "Operators", "操作人员", ZJ_FIELD_TEXT, NEEDED | SHOWN, .max_chars = 1000,
     .help_en = "names or codes of people, ';' between", .help_zh = "姓名或人员编号，用分号分隔",
     .sample = "PE-SAMPLE-001"},
    {"started_on", "Started on", "开始日期", ZJ_FIELD_DATE, NEEDED | SHOWN | PAST,
     .sample = "2025-03-01"},
    {"finished_on", "Finished on", "完成日期", ZJ_FIELD_DATE, SHOWN | PAST, .not_before = "started_on",
     .sample = "2025-03-31"},
    {"run", "Run of the engine", "盘点记录号", ZJ_FIELD_INT, FOUND | SHOWN, .min = 1,
     .max = INT32_MAX, .sample = "12", .help_en = "where a run of 'zhuji inventory' is the sorting: its number",
     .help_zh = "由自动盘点登记时，为该次盘点的序号"},
    {"objects", "Tables and files", "表与文件数", ZJ_FIELD_INT, COUNT | SHOWN, .sample = "120"},
    {"columns", "Columns", "列数", ZJ_FIELD_INT, COUNT, .sample = "1500"},
    {"found", "Columns with findings", "有发现的列数", ZJ_FIELD_INT, COUNT, .sample = "90"},
    {"personal", "Columns with personal user data", "个人用户数据列数", ZJ_FIELD_INT, COUNT | SHOWN,
     .clause = "第11项：形成数据清单，单独标注个人用户数据", .sample = "60"},
    {"unread", "Places not read", "未能读取处数", ZJ_FIELD_INT, COUNT, .sample = "0"},
    {"unread_why", "Why it counts without them", "未读部分说明", ZJ_FIELD_NOTE, 0,
     .help_en = "what is done about the places that were not read",
     .help_zh = "未能读取部分为何不影响完成，或如何另行梳理", .sample = "全部已读（示例）"},
};

enum { UNREAD = 12, UNREAD_WHY };

static size_t check_row(const struct zj_row *row, struct zj_row_fault *out, size_t max)
{
    struct zj_row_faults faults = {out, 0, max};
    if (row->cells[UNREAD].len && !zj_span_eq_str(row->cells[UNREAD], "0") &&
        !row->cells[UNREAD_WHY].len)
        zj_row_fault_add(&faults, UNREAD_WHY, false,
                         "a sorting that left places out counts only with a reason",
                         "有未能读取的部分，请说明后方可计为完成。");
    return faults.count;
}

const struct zj_register zj_register_inventory_runs = {
    .name = "inventory_runs",
    .en = "Inventory runs",
    .zh = "数据梳理",
    .task = 11,
    .check_row = check_row,
    ZJ_FIELDS(fields),
};
