/* Rounds in which the bureaus check how the plan is carried out (part four of the plan). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("PG-SAMPLE-001"),
    {"title", "Title", "核查名称", ZJ_FIELD_TEXT, NEEDED | SHOWN,
     .clause = "保障措施（二）：定期对任务推进情况进行进度核查", .sample = "2025年上半年进度核查（示例）"},
    {"as_of", "As of", "截至日期", ZJ_FIELD_DATE, NEEDED | SHOWN, .sample = "2025-06-30"},
    {"scope", "Scope", "核查范围", ZJ_FIELD_NOTE, .sample = "第3至第9项（示例）"},
};

const struct zj_register zj_register_progress_rounds = {
    .name = "progress_rounds",
    .en = "Progress rounds",
    .zh = "进度核查",
    .side = ZJ_SIDE_BUREAU,
    .is_case_form = true,
    ZJ_FIELDS(fields),
};
