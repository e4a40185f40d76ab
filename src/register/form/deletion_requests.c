/* Requests of people to have sensitive data deleted, without their names: the request itself stays
 * where it came in (task 10). */
#include "register/form.h"

static const struct zj_field_value channels[] = {
    {"in_vehicle", "In the vehicle", "车机"},
    {"app", "App", "手机应用"},
    {"phone", "Telephone", "电话"},
    {"mail", "Letter or e-mail", "信函或邮件"},
    {"counter", "At the counter", "现场"},
    {"other", "Other", "其他"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("DQ-SAMPLE-001"),
    {"requested_on", "Requested on", "收到日期", ZJ_FIELD_DATE, NEEDED | SHOWN | PAST,
     .clause = "汽车数据安全管理若干规定（试行）第9条：个人要求删除的，应当在十个工作日内删除",
     .sample = "2025-04-07"},
    {"channel", "Channel", "受理渠道", ZJ_FIELD_ENUM, SHOWN, .values = channels, .sample = "app"},
    {"is_sensitive", "Sensitive personal data", "敏感个人信息", ZJ_FIELD_BOOL, NEEDED | SHOWN,
     .sample = "yes"},
    {"data_asset", "Data", "数据", ZJ_FIELD_REF, FOUND | SHOWN, .refers = "data_assets",
     .sample = "DA-SAMPLE-001"},
    {"deleted_on", "Deleted on", "删除日期", ZJ_FIELD_DATE, SHOWN | PAST, .not_before = "requested_on",
     .sample = "2025-04-15"},
    {"handler", "Handled by", "经办人", ZJ_FIELD_REF, 0, .refers = "people",
     .sample = "PE-SAMPLE-001"},
    {"note", "Note", "备注", ZJ_FIELD_NOTE, 0, .help_en = "nothing that names the person",
     .help_zh = "不填写可识别个人的内容", .sample = "行踪轨迹全部删除（示例）"},
};

const struct zj_register zj_register_deletion_requests = {
    .name = "deletion_requests",
    .en = "Deletion requests",
    .zh = "删除请求",
    .task = 10,
    ZJ_FIELDS(fields),
};
