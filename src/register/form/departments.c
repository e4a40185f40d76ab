/* Departments that carry security: which does what, and who leads it (task 1). */
#include "register/form.h"

static const struct zj_field_value functions[] = {
    {"cybersecurity", "Cyber security", "网络安全"},
    {"it", "Information technology", "信息化"},
    {"rnd", "Research and development", "研发"},
    {"manufacturing", "Manufacturing", "生产制造"},
    {"compliance", "Compliance", "合规"},
    {"other", "Other", "其他"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("DEP-SAMPLE-001"),
    {"name", "Name", "部门名称", ZJ_FIELD_TEXT, NEEDED | SHOWN, .sample = "网络安全部（示例）"},
    {"function", "Function", "职能", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = functions,
     .clause = "第1项：建立网络安全与信息化、研发、生产制造、合规等部门间的协调机制",
     .sample = "cybersecurity"},
    {"head", "Head", "负责人", ZJ_FIELD_REF, SHOWN, .refers = "people",
     .clause = "第1项：明确安全责任人和管理部门", .sample = "PE-SAMPLE-001"},
};

const struct zj_register zj_register_departments = {
    .name = "departments",
    .en = "Departments",
    .zh = "部门",
    .task = 1,
    ZJ_FIELDS(fields),
};
