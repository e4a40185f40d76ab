/* Contracts with partners and the four clauses they must have (task 13). */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("CT-SAMPLE-001"),
    {"partner", "Partner", "合作方", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "partners",
     .sample = "P-SAMPLE-001"},
    {"title", "Title", "合同名称", ZJ_FIELD_TEXT, NEEDED | SHOWN, .sample = "数据安全协议（示例）"},
    {"signed_on", "Signed on", "签订日期", ZJ_FIELD_DATE, NEEDED | SHOWN | PAST, .sample = "2024-12-20"},
    {"from_on", "From", "生效日期", ZJ_FIELD_DATE, SHOWN, .sample = "2025-01-01"},
    {"to_on", "To", "截止日期", ZJ_FIELD_DATE, SHOWN, .not_before = "from_on",
     .sample = "2026-12-31"},
    {"has_data", "States the data", "明确所涉数据情况", ZJ_FIELD_BOOL, NEEDED,
     .clause = "第13项：明确所涉数据情况及双方数据安全管理责任划分、保障措施、违约责任等", .sample = "yes"},
    {"has_duties", "Divides the duties", "明确责任划分", ZJ_FIELD_BOOL, NEEDED, .sample = "yes"},
    {"has_safeguards", "States the safeguards", "明确保障措施", ZJ_FIELD_BOOL, NEEDED,
     .sample = "yes"},
    {"has_liability", "States liability", "明确违约责任", ZJ_FIELD_BOOL, NEEDED,
     .sample = "yes"},
    {"document", "Document", "合同编号", ZJ_FIELD_TEXT, 0, .sample = "HT-SAMPLE-001"},
};

enum { HAS_DATA = 6, HAS_LIABILITY = 9 };

static size_t check_row(const struct zj_row *row, struct zj_row_fault *out, size_t max)
{
    struct zj_row_faults faults = {out, 0, max};
    for (int i = HAS_DATA; i <= HAS_LIABILITY; i++)
        if (zj_span_eq_str(row->cells[i], "no"))
            zj_row_fault_add(&faults, i, true, "a clause that the plan asks for is missing",
                             "合同缺少工作方案要求的条款，请补充协议。");
    return faults.count;
}

const struct zj_register zj_register_contracts = {
    .name = "contracts",
    .en = "Contracts",
    .zh = "数据安全合同",
    .task = 13,
    .told_by = "title partner",
    .check_row = check_row,
    ZJ_FIELDS(fields),
};
