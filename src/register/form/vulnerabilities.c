/* Vulnerabilities of a maker's products, from the hour they are known to the fix (task 8). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("V-SAMPLE-001"),
    {"title", "Title", "漏洞名称", ZJ_FIELD_TEXT, NEEDED | SHOWN, .sample = "车载终端弱口令（示例）"},
    {"cve", "CVE number", "CVE 编号", ZJ_FIELD_TEXT, FOUND | UPPER | SHOWN, .max_chars = 24,
     .check = zj_check_cve, .sample = "CVE-2025-0001"},
    {"cnnvd", "CNNVD number", "CNNVD 编号", ZJ_FIELD_TEXT, FOUND | UPPER, .max_chars = 24,
     .check = zj_check_cnnvd, .sample = "CNNVD-202501-001"},
    {"cnvd", "CNVD number", "CNVD 编号", ZJ_FIELD_TEXT, FOUND | UPPER, .max_chars = 24,
     .check = zj_check_cnvd, .sample = "CNVD-2025-00001"},
    {"product", "Product", "产品", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "products",
     .clause = "《网络产品安全漏洞管理规定》第七条：报送产品名称、型号、版本及技术特点、危害和影响范围",
     .sample = "PR-SAMPLE-001"},
    {"component", "Component", "组件", ZJ_FIELD_TEXT, .sample = "openssl 3.0.2"},
    {"known_at", "Known at", "获知时间", ZJ_FIELD_TIME, NEEDED | SHOWN | PAST,
     .clause = "《网络产品安全漏洞管理规定》第七条：发现或者获知后两日内报送",
     .help_en = "when the company found it or learned of it; the two days run from this hour, drafts "
                "included",
     .help_zh = "发现或者获知漏洞的时间；两日报送时限自该时间起算，保存为草稿也不停止",
     .sample = "2025-04-01T09:30:00+08:00"},
    {"is_danger", "Danger to national security or public interest", "危害国家安全、公共利益",
     ZJ_FIELD_BOOL,
     .clause = "《网络数据安全管理条例》第十条：涉及危害国家安全、公共利益的，24小时内报告",
     .help_en = "reported within 24 hours of its finding", .help_zh = "自发现起24小时内报告",
     .sample = "no"},
    {"severity", "Severity", "危害等级", ZJ_FIELD_ENUM, ASKED | SHOWN, .values = zj_values_severity,
     .help_en = "GB/T 30279-2020", .help_zh = "按 GB/T 30279-2020", .sample = "high"},
    {"upstream", "Upstream provider", "上游提供者", ZJ_FIELD_TEXT,
     .help_en = "whose product or component has it, where it is not the company's own",
     .help_zh = "漏洞存在于上游产品或者组件时填写", .sample = "示例组件供应商"},
    {"upstream_told_on", "Upstream told on", "通知上游日期", ZJ_FIELD_DATE, PAST, .not_before = "known_at",
     .clause = "《网络产品安全漏洞管理规定》第七条：立即通知相关产品提供者", .sample = "2025-04-01"},
    {"scope", "Harm and scope", "危害和影响范围", ZJ_FIELD_NOTE, ASKED,
     .clause = "第8项：明确漏洞发现、验证、分析、修补、报告等工作程序",
     .sample = "可未授权登录终端调试口，影响 2024 年款（示例）"},
    {"reported_at", "Reported at", "报送时间", ZJ_FIELD_TIME, SHOWN | PAST, .not_before = "known_at",
     .help_en = "to the national vulnerability platform",
     .help_zh = "向网络安全威胁和漏洞信息共享平台报送的时间", .sample = "2025-04-02T10:00:00+08:00"},
    {"fixed_in", "Fixed in", "修补版本", ZJ_FIELD_TEXT, .max_chars = 100, .sample = "V1.0.1"},
    {"fixed_on", "Fixed on", "修补日期", ZJ_FIELD_DATE, SHOWN | PAST, .not_before = "known_at",
     .sample = "2025-04-20"},
};

enum { UPSTREAM = 9, UPSTREAM_TOLD_ON };

static size_t check_row(const struct zj_row *row, struct zj_row_fault *out, size_t max)
{
    struct zj_row_faults faults = {out, 0, max};
    if (row->cells[UPSTREAM].len && row->cells[UPSTREAM_TOLD_ON].len == 0)
        zj_row_fault_add(&faults, UPSTREAM_TOLD_ON, true,
                         "the upstream provider is to be told at once: add the day it was",
                         "应立即通知上游提供者，请补充通知日期。");
    return faults.count;
}

const struct zj_register zj_register_vulnerabilities = {
    .name = "vulnerabilities",
    .en = "Vulnerabilities",
    .zh = "漏洞",
    .task = 8,
    .is_case_form = true,
    .check_row = check_row,
    ZJ_FIELDS(fields),
};
