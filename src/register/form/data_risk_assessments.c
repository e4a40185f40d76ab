/* The yearly assessment of data security risk and its eight points, 82 Art 5 (task 12). */
#include "register/form.h"

static const struct zj_field_value makers[] = {
    {"self", "The company itself", "自行开展"},
    {"third_party", "A third party", "委托第三方"},
    {0},
};

#define POINT(name, en, zh) {name, en, zh, ZJ_FIELD_NOTE, ASKED, .sample = "符合（示例）"}

static const struct zj_field fields[] = {
    ZJ_CODE("DRA-SAMPLE-001"),
    {"year", "Year", "评估年度", ZJ_FIELD_INT, NEEDED | FOUND | SHOWN, .min = 2020, .max = 2199,
     .clause = "第12项：每年开展一次，并于每年9月30日前向北京市通信管理局报送", .sample = "2025"},
    {"by", "By", "实施方式", ZJ_FIELD_ENUM, ASKED | SHOWN, .values = makers,
     .clause = "第12项：自行或委托第三方评估机构", .sample = "self"},
    {"scope", "Scope", "评估范围", ZJ_FIELD_NOTE, ASKED, .sample = "远程服务平台（示例）"},
    POINT("lawfulness", "Lawfulness of purpose, manner and scope", "目的、方式、范围的合法性"),
    POINT("rules", "Rules and their execution", "制度及落实情况"),
    POINT("organisation", "Organisation and posts", "组织架构、岗位和职责"),
    POINT("capability", "Technical capability", "技术防护能力"),
    POINT("staff", "Staff's knowledge and training", "人员知识和培训"),
    POINT("impact", "Effect of an incident", "发生事件对国家安全、公共利益的影响"),
    POINT("receivers", "Capability of receivers and trustees", "接收方、受托方能力和责任"),
    POINT("export", "Assessment of export", "出境安全评估义务履行情况"),
    {"team", "Team", "评估团队", ZJ_FIELD_NOTE, ASKED,
     .help_en = "covers organisation, business, technology and compliance",
     .help_zh = "至少覆盖组织管理、业务运营、技术保障、安全合规", .sample = "四人，四类角色（示例）"},
    {"method", "Method", "评估方法", ZJ_FIELD_TEXT, .max_chars = 1000,
     .sample = "访谈、查阅、技术测试"},
    {"started_on", "Started on", "开始日期", ZJ_FIELD_DATE, ASKED | PAST, .sample = "2025-07-01"},
    {"issued_on", "Issued on", "报告出具日期", ZJ_FIELD_DATE, ASKED | SHOWN | PAST,
     .not_before = "started_on", .help_en = "valid for one year from this day",
     .help_zh = "结论自首次出具之日起一年有效", .sample = "2025-08-15"},
    {"valid_to", "Valid to", "有效期至", ZJ_FIELD_DATE, SHOWN, .not_before = "issued_on",
     .sample = "2026-08-14"},
    {"submitted_on", "Handed in on", "报送日期", ZJ_FIELD_DATE, SHOWN | PAST, .not_before = "issued_on",
     .clause = "《数据安全风险评估实施细则》第七条：评估完成后十个工作日内报送", .sample = "2025-08-25"},
    {"conclusion", "Conclusion", "结论和措施", ZJ_FIELD_NOTE, ASKED, .sample = "风险可控（示例）"},
    {"report", "Report", "报告编号", ZJ_FIELD_TEXT, ASKED, .sample = "FXPG-SAMPLE-2025"},
    {"opinion", "Opinion", "审核意见", ZJ_FIELD_NOTE, OFFICIAL, .sample = "审核通过（示例）"},
};

const struct zj_register zj_register_data_risk_assessments = {
    .name = "data_risk_assessments",
    .en = "Data risk assessments",
    .zh = "数据安全风险评估",
    .task = 12,
    .is_case_form = true,
    ZJ_FIELDS(fields),
};
