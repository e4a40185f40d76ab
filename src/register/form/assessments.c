/* Assessments of graded systems: conformity and risk (task 5). */
#include "register/form.h"

static const struct zj_field_value kinds[] = {
    {"conformity", "Conformity", "符合性评测"},
    {"risk", "Risk", "安全风险评估"},
    {0},
};

static const struct zj_field_value makers[] = {
    {"self", "The company itself", "自行开展"},
    {"third_party", "A third party", "委托第三方"},
    {0},
};

static const struct zj_field_value results[] = {
    {"conform", "Conforms", "符合"},
    {"basically", "Basically conforms", "基本符合"},
    {"not", "Does not conform", "不符合"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("AS-SAMPLE-001"),
    {"system", "System", "定级对象", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "systems",
     .clause = "第5项：三级及以上每年一次，二级每两年一次", .sample = "SYS-SAMPLE-001"},
    {"kind", "Kind", "类型", ZJ_FIELD_ENUM, NEEDED | SHOWN, .values = kinds,
     .clause = "第5项：开展标准符合性评测和风险评估", .sample = "conformity"},
    {"by", "By", "实施方式", ZJ_FIELD_ENUM, ASKED | SHOWN, .values = makers,
     .clause = "第5项：自行或委托第三方机构开展", .sample = "third_party"},
    {"assessor", "Assessor", "评测机构", ZJ_FIELD_REF, FOUND, .refers = "assessors",
     .sample = "ASR-SAMPLE-001"},
    {"started_on", "Started on", "开始日期", ZJ_FIELD_DATE, ASKED | PAST, .sample = "2025-04-01"},
    {"finished_on", "Finished on", "完成日期", ZJ_FIELD_DATE, ASKED | SHOWN | PAST,
     .not_before = "started_on",
     .clause = "《通信网络安全防护管理办法》第十一、十二条：结束后三十日内报送", .sample = "2025-04-20"},
    {"result", "Result", "结论", ZJ_FIELD_ENUM, ASKED | SHOWN, .values = results,
     .sample = "basically"},
    {"report", "Report", "报告编号", ZJ_FIELD_TEXT, ASKED, .help_en = "number or name of the report",
     .help_zh = "报告的编号或名称，报告作为附件上传", .sample = "PC-SAMPLE-2025-01"},
    {"uploaded_on", "Uploaded on", "上传日期", ZJ_FIELD_DATE, SHOWN | PAST, .not_before = "finished_on",
     .clause = "第5项：将结果上传至全国车联网网络安全防护管理平台", .sample = "2025-05-06"},
    {"receipt_no", "Receipt number", "上传回执号", ZJ_FIELD_TEXT, .max_chars = 100,
     .sample = "HZ-SAMPLE-001"},
};

enum { BY = 3, ASSESSOR };

static size_t check_row(const struct zj_row *row, struct zj_row_fault *out, size_t max)
{
    struct zj_row_faults faults = {out, 0, max};
    if (zj_span_eq_str(row->cells[BY], "third_party") && row->cells[ASSESSOR].len == 0)
        zj_row_fault_add(&faults, ASSESSOR, true, "by a third party, yet none is named: name it",
                         "委托第三方开展但没有填写评测机构，请补充。");
    return faults.count;
}

const struct zj_register zj_register_assessments = {
    .name = "assessments",
    .en = "Assessments",
    .zh = "评测与评估",
    .task = 5,
    .is_case_form = true,
    .check_row = check_row,
    .told_by = "system kind finished_on",
    ZJ_FIELDS(fields),
};
