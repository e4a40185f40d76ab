/* Appointments to the posts that the rules name (tasks 1 and 16). */
#include "register/form.h"

static const struct zj_field_value posts[] = {
    {"responsible_person", "Responsible for security", "安全责任人"},
    {"data_first_responsible", "First responsible for data security", "数据安全第一责任人"},
    {"data_direct_responsible", "Directly responsible for data security", "数据安全直接责任人"},
    {"cdo", "Chief data officer", "首席数据官"},
    {"data_manager", "Data security manager", "数据安全管理师"},
    {"data_assessor", "Data security assessor", "数据安全评估师"},
    {"data_engineer", "Data security engineer", "数据安全工程师"},
    {"security_admin", "Security administrator", "安全管理员"},
    {"liaison", "Liaison", "联络人"},
    {"data_handling", "Key post of data handling", "数据处理关键岗位"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("AP-SAMPLE-001"),
    {"post", "Post", "岗位", ZJ_FIELD_ENUM, NEEDED | FOUND | SHOWN, .values = posts,
     .clause = "第1项：明确安全责任人；第16项：明确首席数据官、管理师、评估师、工程师等岗位设置",
     .sample = "responsible_person"},
    {"person", "Person", "人员", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "people",
     .sample = "PE-SAMPLE-001"},
    {"department", "Department", "部门", ZJ_FIELD_REF, SHOWN, .refers = "departments",
     .sample = "DEP-SAMPLE-001"},
    {"from_on", "From", "任职起", ZJ_FIELD_DATE, NEEDED | SHOWN, .sample = "2025-01-01"},
    {"to_on", "To", "任职止", ZJ_FIELD_DATE, SHOWN, .not_before = "from_on",
     .help_en = "empty while in office", .help_zh = "在任的留空", .sample = "2026-12-31"},
    {"pledge_signed_on", "Pledge signed on", "责任书签订日期", ZJ_FIELD_DATE, SHOWN | PAST,
     .clause = "《工业和信息化领域数据安全管理办法（试行）》第十三条：关键岗位签署数据安全责任书",
     .sample = "2025-01-05"},
    {"document", "Document", "任命文件", ZJ_FIELD_TEXT, 0, .help_en = "number or name",
     .help_zh = "文号或名称", .sample = "示例〔2025〕1号"},
};

const struct zj_register zj_register_appointments = {
    .name = "appointments",
    .en = "Appointments",
    .zh = "任职",
    .task = 1,
    ZJ_FIELDS(fields),
};
