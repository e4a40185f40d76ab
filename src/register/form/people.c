/* People with a part in security; their names and numbers are personal data (task 1). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("PE-SAMPLE-001"),
    {"name", "Name", "姓名", ZJ_FIELD_TEXT, NEEDED | PERSONAL | SHOWN, .max_chars = 100,
     .clause = "第1项：明确安全责任人", .sample = "示例"},
    {"department", "Department", "部门", ZJ_FIELD_REF, FOUND | SHOWN, .refers = "departments",
     .sample = "DEP-SAMPLE-001"},
    {"phone", "Telephone", "联系电话", ZJ_FIELD_TEXT, PERSONAL | UPPER | SHOWN, .max_chars = 20,
     .check = zj_check_phone, .doubt = zj_doubt_phone, .sample = "13800001234"},
    {"email", "E-mail", "电子邮箱", ZJ_FIELD_TEXT, PERSONAL | LOWER, .max_chars = 100,
     .check = zj_check_email, .sample = "security@sample.example"},
    {"joined_on", "Joined on", "入职日期", ZJ_FIELD_DATE, 0, .sample = "2023-03-01"},
    {"left_on", "Left on", "离岗日期", ZJ_FIELD_DATE, SHOWN, .not_before = "joined_on",
     .help_en = "empty while at work", .help_zh = "在岗的留空", .sample = "2026-03-01"},
};

const struct zj_register zj_register_people = {
    .name = "people",
    .en = "People",
    .zh = "人员",
    .task = 1,
    ZJ_FIELDS(fields),
};
