/* Catalogue of important data, the eleven items of 166 Art 12; never the data itself (task 11). */
#include "register/form.h"

static const struct zj_field_value levels[] = {
    {"important", "Important", "重要数据"},
    {"core", "Core", "核心数据"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("ID-SAMPLE-001"),
    {"title", "Name of the class", "数据类名称", ZJ_FIELD_TEXT, NEEDED | SHOWN,
     .check = zj_check_no_content, .help_en = "names the class of data, never the data",
     .help_zh = "填写数据类的名称，不填数据内容", .sample = "充电网运行数据（示例）"},
    {"source", "Source", "来源", ZJ_FIELD_TEXT, ASKED, .max_chars = 1000,
     .check = zj_check_no_content,
     .clause = "《工业和信息化领域数据安全管理办法（试行）》第十二条：目录不包括数据内容本身",
     .sample = "自有充电桩采集"},
    {"category", "Category", "类别", ZJ_FIELD_ENUM, ASKED | SHOWN, .values = zj_values_data_category,
     .sample = "operation"},
    {"level", "Level", "级别", ZJ_FIELD_ENUM, ASKED | SHOWN, .values = levels,
     .clause = "第11项：识别重要数据和核心数据，形成重要数据目录报北京市通信管理局备案",
     .sample = "important"},
    {"records", "Records", "规模（条数）", ZJ_FIELD_INT, ASKED | COUNT | SHOWN,
     .help_en = "a change of 30 % or more is filed within 3 months",
     .help_zh = "变化 30% 以上的，应在三个月内变更备案", .sample = "5000000"},
    {"bytes", "Bytes", "规模（字节数）", ZJ_FIELD_INT, COUNT, .sample = "800000000000"},
    {"carrier", "Carrier", "载体", ZJ_FIELD_TEXT, ASKED, .max_chars = 1000,
     .check = zj_check_no_content, .sample = "关系数据库"},
    {"purpose", "Purpose and manner of processing", "处理目的和方式", ZJ_FIELD_NOTE, ASKED,
     .check = zj_check_no_content, .sample = "运行监测，系统自动处理"},
    {"used_in", "Scope of use", "使用范围", ZJ_FIELD_TEXT, ASKED, .max_chars = 1000,
     .check = zj_check_no_content, .sample = "运营部门"},
    {"responsible", "Responsible", "责任主体", ZJ_FIELD_TEXT, ASKED, .max_chars = 1000,
     .check = zj_check_no_content, .sample = "数据安全管理部"},
    {"sharing", "Sharing", "对外共享", ZJ_FIELD_TEXT, ASKED, .max_chars = 1000,
     .check = zj_check_no_content, .help_en = "to whom; 'none' where it is not shared",
     .help_zh = "共享给谁；没有的填“无”", .sample = "无"},
    {"export", "Transfer abroad", "跨境传输", ZJ_FIELD_TEXT, ASKED, .max_chars = 1000,
     .check = zj_check_no_content, .sample = "无"},
    {"safeguards", "Safeguards", "安全保护措施", ZJ_FIELD_NOTE, ASKED,
     .check = zj_check_no_content, .sample = "加密存储、访问审批、操作留痕"},
    {"changed_on", "Changed on", "变更日期", ZJ_FIELD_DATE, PAST,
     .help_en = "of a great change", .help_zh = "目录内容发生重大变化的日期",
     .sample = "2025-06-01"},
    {"number", "Filing number", "备案编号", ZJ_FIELD_TEXT, OFFICIAL | SHOWN, .max_chars = 100,
     .sample = "ML-SAMPLE-001"},
    {"opinion", "Opinion", "审核意见", ZJ_FIELD_NOTE, OFFICIAL, .sample = "予以备案（示例）"},
};

const struct zj_register zj_register_important_data = {
    .name = "important_data",
    .en = "Important-data catalogue",
    .zh = "重要数据目录",
    .task = 11,
    .is_case_form = true,
    ZJ_FIELDS(fields),
};
