/* Driving-assistance and automated-driving algorithms (task 15). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("MD-SAMPLE-001"),
    {"name", "Name", "名称", ZJ_FIELD_TEXT, NEEDED | SHOWN, .sample = "感知模型（示例）"},
    {"function", "Function", "功能", ZJ_FIELD_TEXT, SHOWN, .sample = "高速公路辅助驾驶"},
    {"automation_level", "Level of automation", "驾驶自动化等级", ZJ_FIELD_INT, NEEDED | SHOWN,
     .values = zj_values_automation, .clause = "第15项：辅助和自动驾驶算法", .sample = "2"},
    {"version", "Version", "版本号", ZJ_FIELD_TEXT, NEEDED | SHOWN, .max_chars = 100,
     .sample = "2.3.0"},
    {"vehicle_models", "Vehicle models", "搭载车型", ZJ_FIELD_TEXT_LIST, SHOWN,
     .max_chars = 4000, .sample = "示例A;示例B"},
    {"sha256", "SHA-256", "SHA-256", ZJ_FIELD_TEXT, LOWER, .max_chars = 64,
     .check = zj_check_sha256,
     .sample = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"owner", "Owner", "责任部门", ZJ_FIELD_REF, 0, .refers = "departments",
     .sample = "DEP-SAMPLE-001"},
    {"factory_on", "First factory use", "出厂应用日期", ZJ_FIELD_DATE, SHOWN,
     .clause = "第15项：在汽车出厂前开展安全评估", .sample = "2025-06-01"},
};

const struct zj_register zj_register_models = {
    .name = "models",
    .en = "Algorithm models",
    .zh = "算法模型",
    .task = 15,
    ZJ_FIELDS(fields),
};
