/* Runs of the yearly sorting of data (task 11). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("IR-SAMPLE-001"),
    {"year", "Year", "年度", ZJ_FIELD_INT, NEEDED | FOUND | SHOWN, .min = 2000, .max = 2199,
     .clause = "第11项：每年定期开展业务数据分类分级梳理工作", .sample = "2025"},
    {"scope", "Scope", "梳理范围", ZJ_FIELD_NOTE, NEEDED,
     .clause = "第11项：记录梳理范围、过程、以及操作人员等", .sample = "全部业务系统（示例）"},
    {"process", "Process", "梳理过程", ZJ_FIELD_NOTE, 0, .sample = "扫描、访谈、复核（示例）"},
    {"operators", "Operators", "操作人员", ZJ_FIELD_TEXT, NEEDED | SHOWN, .max_chars = 1000,
     .help_en = "codes of people, ';' between", .help_zh = "人员编号，用分号分隔",
     .sample = "PE-SAMPLE-001"},
    {"started_on", "Started on", "开始日期", ZJ_FIELD_DATE, NEEDED | SHOWN | PAST,
     .sample = "2025-03-01"},
    {"finished_on", "Finished on", "完成日期", ZJ_FIELD_DATE, SHOWN | PAST, .not_before = "started_on",
     .sample = "2025-03-31"},
};

const struct zj_register zj_register_inventory_runs = {
    .name = "inventory_runs",
    .en = "Inventory runs",
    .zh = "数据梳理",
    .task = 11,
    ZJ_FIELDS(fields),
};
