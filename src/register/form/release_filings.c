/* Filings a release needs before it goes to vehicles: which, follows from its class (task 9). */
#include "register/form.h"

static const struct zj_field_value testers[] = {
    {"self", "The company itself", "自行检测"},
    {"third_party", "A third party", "委托第三方"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("RF-SAMPLE-001"),
    {"release", "Release", "发布", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "releases",
     .sample = "R-SAMPLE-001"},
    {"class", "Class", "升级类别", ZJ_FIELD_ENUM, ASKED | SHOWN, .values = zj_values_release_class,
     .help_en = "decides which filings are needed", .help_zh = "决定需要办理的备案和许可",
     .sample = "none"},
    {"test_report", "Test report", "检测报告编号", ZJ_FIELD_TEXT, ASKED | SHOWN, .max_chars = 100,
     .clause = "第9项：更新发布前开展网络安全检测，并将检测报告向北京市通信管理局报备",
     .sample = "JC-SAMPLE-001"},
    {"tested_by", "Tested by", "检测方式", ZJ_FIELD_ENUM, ASKED, .values = testers,
     .clause = "第9项：自行或委托第三方机构开展", .sample = "third_party"},
    {"tested_on", "Tested on", "检测日期", ZJ_FIELD_DATE, ASKED | SHOWN | PAST, .sample = "2025-05-10"},
    {"planned_on", "Planned on", "计划发布日期", ZJ_FIELD_DATE, ASKED | SHOWN,
     .not_before = "tested_on", .sample = "2025-06-01"},
    {"miit_capability_no", "Filing of capability", "企业管理能力备案号", ZJ_FIELD_TEXT,
     .max_chars = 100, .help_en = "of the maker's software update management",
     .help_zh = "汽车软件在线升级：企业管理能力备案", .sample = "GL-SAMPLE-001"},
    {"miit_model_no", "Filing of model and function", "车型及功能备案号", ZJ_FIELD_TEXT,
     .max_chars = 100, .sample = "CX-SAMPLE-001"},
    {"miit_activity_no", "Filing of the activity", "升级活动备案号", ZJ_FIELD_TEXT,
     .max_chars = 100, .sample = "HD-SAMPLE-001"},
    {"miit_change_no", "Permission of product change", "产品变更许可号", ZJ_FIELD_TEXT,
     .max_chars = 100, .help_en = "where main parameters change",
     .help_zh = "涉及主要技术参数变更时填写", .sample = "BG-SAMPLE-001"},
    {"samr_no", "Recall authority's form", "市场监管总局备案号", ZJ_FIELD_TEXT, .max_chars = 100,
     .sample = "SJ-SAMPLE-001"},
    {"samr_on", "Handed to the recall authority on", "市场监管总局报送日期", ZJ_FIELD_DATE,
     .help_en = "5 working days before release", .help_zh = "发布前 5 个工作日",
     .sample = "2025-05-20"},
    {"receipt_no", "Receipt number", "报备回执号", ZJ_FIELD_TEXT, OFFICIAL | SHOWN,
     .max_chars = 100, .sample = "OTA-SAMPLE-001"},
};

const struct zj_register zj_register_release_filings = {
    .name = "release_filings",
    .en = "Release filings",
    .zh = "发布报备",
    .task = 9,
    .is_case_form = true,
    ZJ_FIELDS(fields),
};
