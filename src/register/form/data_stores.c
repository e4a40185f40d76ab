/* Where data lies (task 11). */
#include "register/form.h"

static const struct zj_field_value kinds[] = {
    {"database", "Database", "数据库"},   {"file", "Files", "文件"},
    {"object", "Object store", "对象存储"}, {"stream", "Stream", "消息流"},
    {"paper", "Paper", "纸质"},           {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("DS-SAMPLE-001"),
    {"name", "Name", "名称", ZJ_FIELD_TEXT, NEEDED | SHOWN, .sample = "用户库（示例）"},
    {"system", "System", "系统", ZJ_FIELD_REF, FOUND | SHOWN, .refers = "systems",
     .sample = "SYS-SAMPLE-001"},
    {"kind", "Kind", "类型", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = kinds,
     .sample = "database"},
    {"location", "Location", "位置", ZJ_FIELD_TEXT, SHOWN, .sample = "北京市示例数据中心"},
    {"is_encrypted", "Encrypted", "加密存储", ZJ_FIELD_BOOL, SHOWN,
     .clause = "第11项：对不同类别级别数据配备差异化安全保障能力", .sample = "yes"},
};

const struct zj_register zj_register_data_stores = {
    .name = "data_stores",
    .en = "Data stores",
    .zh = "数据存储",
    .task = 11,
    ZJ_FIELDS(fields),
};
