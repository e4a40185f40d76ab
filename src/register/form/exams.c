/* Examinations taken and their scores (task 16). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("EX-SAMPLE-001"),
    {"course", "Course", "课程", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "courses",
     .clause = "第16项：加强数据安全培训及考核", .sample = "CS-SAMPLE-001"},
    {"person", "Person", "人员", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "people",
     .sample = "PE-SAMPLE-001"},
    {"taken_on", "Taken on", "考核日期", ZJ_FIELD_DATE, NEEDED | SHOWN | PAST, .sample = "2025-03-15"},
    {"score", "Score", "成绩", ZJ_FIELD_INT, NEEDED | SHOWN, .max = 100, .sample = "92"},
    {"is_passed", "Passed", "是否合格", ZJ_FIELD_BOOL, NEEDED | SHOWN, .sample = "yes"},
};

const struct zj_register zj_register_exams = {
    .name = "exams",
    .en = "Examinations",
    .zh = "考核记录",
    .task = 16,
    ZJ_FIELDS(fields),
};
