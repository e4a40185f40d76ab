/* Incidents, with up to three grades by three schemes (task 14). */
#include "register/form.h"

static const struct zj_field_value categories[] = {
    {"leak", "Leak", "数据泄露"},
    {"tampering", "Tampering", "恶意篡改"},
    {"loss", "Loss", "数据丢失或毁损"},
    {"unauthorised", "Unauthorised access", "未授权访问"},
    {"disclosure", "Illegal disclosure", "非法披露或公开"},
    {"illegal_export", "Export against the rules", "违规出境"},
    {"intrusion", "Network intrusion", "网络入侵"},
    {"outage", "Outage", "服务中断"},
    {"remote_control", "Remote control of vehicles", "车辆被远程控制"},
    {"other", "Other", "其他"},
    {0},
};

static const struct zj_field_value grades[] = {
    {"1", "Level I, especially serious", "Ⅰ级 特别重大"},
    {"2", "Level II, serious", "Ⅱ级 重大"},
    {"3", "Level III, larger", "Ⅲ级 较大"},
    {"4", "Level IV, ordinary", "Ⅳ级 一般"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("IN-SAMPLE-001"),
    {"title", "Title", "事件名称", ZJ_FIELD_TEXT, NEEDED | SHOWN, .sample = "用户信息接口越权访问（示例）"},
    {"category", "Category", "事件类别", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = categories,
     .sample = "unauthorised"},
    {"found_at", "Found at", "发现时间", ZJ_FIELD_TIME, NEEDED | SHOWN | PAST,
     .clause = "第14项：发生数据安全事件后根据应急预案及时开展事件响应",
     .sample = "2025-04-01T09:30:00+08:00"},
    {"grade_214", "Grade, data incidents", "数据安全事件级别", ZJ_FIELD_INT, SHOWN,
     .values = grades, .clause = "《工业和信息化领域数据安全事件应急预案（试行）》附件：事件分级",
     .sample = "4"},
    {"grade_281", "Grade, public internet", "公共互联网事件级别", ZJ_FIELD_INT,
     .values = grades, .clause = "《公共互联网网络安全突发事件应急预案》：事件分级", .sample = "4"},
    {"grade_national", "Grade, national reporting", "国家网络安全事件级别", ZJ_FIELD_INT,
     .values = grades, .clause = "《国家网络安全事件报告管理办法》：事件分级", .sample = "4"},
    {"is_cii", "Critical infrastructure", "涉及关键信息基础设施", ZJ_FIELD_BOOL, .sample = "no"},
    {"is_danger", "Danger to national security or public interest", "危害国家安全、公共利益",
     ZJ_FIELD_BOOL,
     .clause = "《网络数据安全管理条例》第十条：涉及危害国家安全、公共利益的，24小时内报告",
     .help_en = "reported within 24 hours of its finding", .help_zh = "自发现起24小时内报告",
     .sample = "no"},
    {"persons", "Persons concerned", "涉及个人信息人数", ZJ_FIELD_INT, COUNT, .sample = "1200"},
    {"loss_yuan", "Direct loss, yuan", "直接经济损失（元）", ZJ_FIELD_INT, COUNT,
     .sample = "20000"},
    {"outage_minutes", "Outage, minutes", "中断时长（分钟）", ZJ_FIELD_INT, COUNT, .sample = "0"},
    {"scope", "Scope", "影响范围", ZJ_FIELD_NOTE, ASKED, .sample = "一处接口，部分用户（示例）"},
    {"cause", "Cause", "原因", ZJ_FIELD_NOTE, .sample = "接口缺少鉴权（示例）"},
    {"measures", "Measures", "处置措施", ZJ_FIELD_NOTE, ASKED, .sample = "下线接口并修复（示例）"},
    {"first_reported_at", "First reported at", "首次报告时间", ZJ_FIELD_TIME, SHOWN | PAST,
     .not_before = "found_at", .sample = "2025-04-01T11:00:00+08:00"},
    {"followed_up_at", "Followed up at", "续报时间", ZJ_FIELD_TIME, PAST,
     .not_before = "first_reported_at", .sample = "2025-04-01T15:00:00+08:00"},
    {"ended_on", "Response ended on", "响应结束日期", ZJ_FIELD_DATE, SHOWN | PAST,
     .not_before = "found_at", .sample = "2025-04-02"},
    {"summary_on", "Summary handed in on", "总结报告日期", ZJ_FIELD_DATE, PAST, .not_before = "ended_on",
     .sample = "2025-04-07"},
};

const struct zj_register zj_register_incidents = {
    .name = "incidents",
    .en = "Incidents",
    .zh = "安全事件",
    .task = 14,
    .is_case_form = true,
    ZJ_FIELDS(fields),
};
