/* Courses of training (task 16). */
#include "register/form.h"

static const struct zj_field_value kinds[] = {
    {"management", "For managers of data security", "数据安全管理岗位"},
    {"business", "For business", "业务运营岗位"},
    {"operation", "For operation of systems", "系统运维岗位"},
    {"service", "For customer service", "客户服务岗位"},
    {"all", "For all", "全员"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("CS-SAMPLE-001"),
    {"title", "Title", "课程名称", ZJ_FIELD_TEXT, NEEDED | SHOWN, .sample = "数据安全基础（示例）"},
    {"year", "Year", "年度", ZJ_FIELD_INT, NEEDED | FOUND | SHOWN, .min = 2000, .max = 2199,
     .sample = "2025"},
    {"kind", "Kind", "对象", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = kinds,
     .clause = "第16项：涵盖数据安全管理岗位人员以及业务运营、系统运维、客户服务等其他岗位人员",
     .sample = "all"},
    {"hours", "Hours", "学时", ZJ_FIELD_INT, SHOWN, .max = 2000, .sample = "8"},
    {"held_on", "Held on", "开课日期", ZJ_FIELD_DATE, SHOWN, .sample = "2025-03-10"},
    {"pass_score", "Pass mark", "合格分数", ZJ_FIELD_INT, 0, .max = 100,
     .help_en = "the company's own; 60 where empty", .help_zh = "本单位自定，留空按 60 分",
     .sample = "60"},
};

const struct zj_register zj_register_courses = {
    .name = "courses",
    .en = "Courses",
    .zh = "培训课程",
    .task = 16,
    ZJ_FIELDS(fields),
};
