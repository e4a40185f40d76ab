/* Assessments of driving algorithms before the car leaves the factory (task 15). */
#include "register/form.h"

static const struct zj_field_value attacks[] = {
    {"model_theft", "Model theft", "模型窃取"},
    {"poisoning", "Poisoning", "投毒"},
    {"adversarial", "Adversarial examples", "对抗样本"},
    {0},
};

static const struct zj_field_value results[] = {
    {"passed", "Passed", "通过"},
    {"failed", "Failed", "不通过"},
    {0},
};

static const struct zj_field fields[] = {
    ZJ_CODE("AA-SAMPLE-001"),
    {"model", "Model", "算法模型", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN, .refers = "models",
     .sample = "MD-SAMPLE-001"},
    {"version", "Version", "版本号", ZJ_FIELD_TEXT, NEEDED | SHOWN, .max_chars = 100,
     .sample = "2.3.0"},
    {"robustness", "Robustness", "鲁棒性", ZJ_FIELD_NOTE, ASKED, .max_chars = 1000,
     .clause = "第15项：汽车出厂前，对算法的鲁棒性、可控性、可解释性等风险进行安全评估",
     .sample = "雨雾场景识别率 97.1%，阈值 95%（示例）"},
    {"controllability", "Controllability", "可控性", ZJ_FIELD_NOTE, ASKED, .max_chars = 1000,
     .sample = "接管请求 0.3 秒内响应（示例）"},
    {"explainability", "Explainability", "可解释性", ZJ_FIELD_NOTE, ASKED, .max_chars = 1000,
     .sample = "决策记录可回放（示例）"},
    {"attacks", "Attacks tested", "已测试的攻击", ZJ_FIELD_ENUM_LIST, ASKED | SHOWN,
     .values = attacks, .clause = "第15项：针对模型窃取攻击、投毒攻击、对抗样本攻击等采取有效的技术手段",
     .sample = "model_theft;poisoning;adversarial"},
    {"thresholds", "Thresholds", "采用的阈值", ZJ_FIELD_NOTE, ASKED,
     .help_en = "the company's own, kept with the result", .help_zh = "本单位选定，与结果一并留存",
     .sample = "识别率不低于 95%（示例）"},
    {"result", "Result", "结论", ZJ_FIELD_ENUM, ASKED | SHOWN, .values = results,
     .sample = "passed"},
    {"assessed_on", "Assessed on", "评估日期", ZJ_FIELD_DATE, ASKED | SHOWN | PAST,
     .sample = "2025-05-10"},
    {"report", "Report", "报告编号", ZJ_FIELD_TEXT, ASKED, .sample = "SF-SAMPLE-001"},
};

const struct zj_register zj_register_algorithm_assessments = {
    .name = "algorithm_assessments",
    .en = "Algorithm assessments",
    .zh = "算法安全评估",
    .task = 15,
    .is_case_form = true,
    ZJ_FIELDS(fields),
};
