/* The list of data that the yearly sorting gives, personal user data marked (task 11). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("DA-SAMPLE-001"),
    {"name", "Name", "数据名称", ZJ_FIELD_TEXT, NEEDED | SHOWN, .sample = "车主信息（示例）"},
    {"category", "Category", "类别", ZJ_FIELD_ENUM, NEEDED | SHOWN,
     .values = zj_values_data_category,
     .clause = "第11项：开展业务数据分类分级梳理工作，形成数据清单", .sample = "service"},
    {"level", "Level", "级别", ZJ_FIELD_ENUM, NEEDED | FOUND | SHOWN,
     .values = zj_values_data_level, .sample = "general"},
    {"is_personal", "Personal user data", "个人用户数据", ZJ_FIELD_BOOL, NEEDED | SHOWN,
     .clause = "第11项：单独标注个人用户数据，并及时更新", .sample = "yes"},
    {"is_sensitive", "Sensitive personal data", "敏感个人信息", ZJ_FIELD_BOOL, SHOWN,
     .clause = "《汽车数据安全管理若干规定（试行）》第三条", .sample = "no"},
    {"store", "Store", "存储位置", ZJ_FIELD_REF, FOUND, .refers = "data_stores",
     .sample = "DS-SAMPLE-001"},
    {"system", "System", "系统", ZJ_FIELD_REF, FOUND | SHOWN, .refers = "systems",
     .sample = "SYS-SAMPLE-001"},
    {"records", "Records", "条数", ZJ_FIELD_INT, COUNT | SHOWN, .sample = "120000"},
    {"subjects", "Persons", "涉及人数", ZJ_FIELD_INT, COUNT | SHOWN, .sample = "100000"},
    {"bytes", "Bytes", "字节数", ZJ_FIELD_INT, COUNT, .sample = "800000000"},
    {"purpose", "Purpose", "处理目的", ZJ_FIELD_TEXT, 0, .max_chars = 1000, .sample = "实名登记"},
    {"source", "Source", "数据源", ZJ_FIELD_TEXT, FOUND, .max_chars = 1000,
     .help_en = "as the data map names it: the row then speaks of this source alone. Without it, of "
                "its store; without a store, of the stores of its system. A row that names none of "
                "them, or a store without a location, closes no gap of task 11.",
     .help_zh = "与数据地图中的名称一致，此时该行仅对应这一数据源；不填时按“存储位置”对应，再不填时"
                "按“系统”下的存储对应。三者均未填，或所选存储未写明位置的，不消除第11项差距。",
     .sample = "/srv/sample/customers"},
    {"data_types", "Data types", "数据类型", ZJ_FIELD_TEXT_LIST, SHOWN | UPPER,
     .max_chars = 4000, .check = zj_check_type_name,
     .help_en = "type names of identification, ';' between",
     .help_zh = "识别规则的类型名，用分号分隔", .sample = "VIN;CN_RESIDENT_ID"},
};

enum { IS_PERSONAL = 4, IS_SENSITIVE };

static size_t check_row(const struct zj_row *row, struct zj_row_fault *out, size_t max)
{
    struct zj_row_faults faults = {out, 0, max};
    if (zj_span_eq_str(row->cells[IS_SENSITIVE], "yes") &&
        zj_span_eq_str(row->cells[IS_PERSONAL], "no"))
        zj_row_fault_add(&faults, IS_PERSONAL, false,
                         "sensitive personal data is personal data: correct one of the two",
                         "敏感个人信息属于个人用户数据，请更正其中一项。");
    return faults.count;
}

const struct zj_register zj_register_data_assets = {
    .name = "data_assets",
    .en = "Data assets",
    .zh = "数据清单",
    .task = 11,
    .check_row = check_row,
    ZJ_FIELDS(fields),
};
