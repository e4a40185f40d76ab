/* Decisions on the level of a system; many an object, none is overwritten (task 3). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("GR-SAMPLE-001"),
    {"system", "System", "定级对象", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "systems",
     .clause = "第3项：开展网络安全防护定级工作", .sample = "SYS-SAMPLE-001"},
    {"i", "Social influence (I)", "社会影响力（I）", ZJ_FIELD_INT, NEEDED | SHOWN, .min = 1,
     .max = 5, .help_en = "harm if it is destroyed, 1 to 5",
     .help_zh = "受到破坏后的影响程度，1 至 5", .sample = "3"},
    {"v", "Importance of service (V)", "服务重要性（V）", ZJ_FIELD_INT, NEEDED | SHOWN, .min = 1,
     .max = 5, .help_en = "1 to 5", .help_zh = "所提供服务的重要性，1 至 5", .sample = "3"},
    {"r", "Scale and coverage (R)", "规模和服务范围（R）", ZJ_FIELD_INT, NEEDED | SHOWN, .min = 1,
     .max = 5, .help_en = "1 to 5", .help_zh = "用户规模和覆盖范围，1 至 5", .sample = "3"},
    {"method", "Method", "定级方法", ZJ_FIELD_TEXT, NEEDED, .max_chars = 64,
     .help_en = "name and version of the method pack", .help_zh = "所用定级方法及版本",
     .sample = "telecom"},
    {"level", "Level", "定级级别", ZJ_FIELD_INT, NEEDED | SHOWN, .values = zj_values_level,
     .sample = "3"},
    {"decided_on", "Decided on", "定级日期", ZJ_FIELD_DATE, NEEDED | SHOWN | PAST,
     .clause = "《通信网络安全防护管理办法》第八条：定级评审通过后三十日内备案", .sample = "2025-02-10"},
    {"rationale", "Rationale", "定级理由", ZJ_FIELD_NOTE, 0, .sample = "全国服务，用户逾十万（示例）"},
    {"document", "Document", "定级报告", ZJ_FIELD_TEXT, 0, .sample = "DJ-SAMPLE-001"},
};

const struct zj_register zj_register_gradings = {
    .name = "gradings",
    .en = "Gradings",
    .zh = "定级",
    .task = 3,
    .pack = "packs/grading",
    .told_by = "system level decided_on",
    ZJ_FIELDS(fields),
};
