/* Who completed which course (task 16). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("TR-SAMPLE-001"),
    {"course", "Course", "课程", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "courses",
     .clause = "第16项：加强数据安全培训及考核", .sample = "CS-SAMPLE-001"},
    {"person", "Person", "人员", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "people",
     .sample = "PE-SAMPLE-001"},
    {"completed_on", "Completed on", "完成日期", ZJ_FIELD_DATE, NEEDED | SHOWN | PAST,
     .sample = "2025-03-12"},
};

const struct zj_register zj_register_trainings = {
    .name = "trainings",
    .en = "Trainings",
    .zh = "培训记录",
    .task = 16,
    ZJ_FIELDS(fields),
};
