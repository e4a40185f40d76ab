/* Records of data provided, entrusted, destroyed or sent abroad, kept three years (task 10). */
#include "register/form.h"

static const struct zj_field_value kinds[] = {
    {"provide", "Provided", "提供"},
    {"entrust", "Entrusted", "委托处理"},
    {"destroy", "Destroyed", "销毁"},
    {"export", "Sent abroad", "出境"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("PC-SAMPLE-001"),
    {"kind", "Kind", "处理类型", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = kinds,
     .sample = "provide"},
    {"data_asset", "Data asset", "数据资产", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN,
     .refers = "data_assets", .sample = "DA-SAMPLE-001"},
    {"done_on", "Done on", "处理日期", ZJ_FIELD_DATE, NEEDED | SHOWN | PAST,
     .clause = "《网络数据安全管理条例》第十二条：提供、委托处理记录保存不少于三年",
     .sample = "2025-05-01"},
    {"receiver", "Receiver", "接收方", ZJ_FIELD_TEXT, SHOWN, .sample = "示例地图服务有限公司"},
    {"approved_by", "Approved by", "审批人", ZJ_FIELD_REF, SHOWN, .refers = "people",
     .clause = "《工业和信息化领域数据安全管理办法（试行）》第十三条：内部登记、审批", .sample = "PE-SAMPLE-001"},
};

const struct zj_register zj_register_processing_records = {
    .name = "processing_records",
    .en = "Processing records",
    .zh = "数据处理记录",
    .task = 10,
    ZJ_FIELDS(fields),
};
