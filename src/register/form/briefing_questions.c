/* The quiz at the end of a briefing: its questions (task 2). Companies get them without the answers,
 * once they have signed in. */
#include "register/form.h"

static const struct zj_field fields[] = {
    ZJ_CODE("BQ-SAMPLE-001"),
    {"briefing", "Briefing", "宣贯培训", ZJ_FIELD_REF, NEEDED | FOUND | SHOWN,
     .refers = "briefings", .sample = "BR-SAMPLE-001"},
    {"text", "Question", "题目", ZJ_FIELD_NOTE, NEEDED | SHOWN, .max_chars = 1000,
     .clause = "第2项：加强政策法规、标准规范、技术应用等宣贯解读",
     .sample = "数据安全风险评估报告每年何时前报送？（示例）"},
    {"options", "Options", "选项", ZJ_FIELD_TEXT_LIST, NEEDED | SHOWN, .max_chars = 2000,
     .help_en = "';' between; the first is A", .help_zh = "用分号分隔，第一项为 A",
     .sample = "9月30日;12月31日"},
    {"answer", "Answer", "答案", ZJ_FIELD_TEXT, NEEDED | UPPER | BUREAUS, .max_chars = 8,
     .check = zj_check_letters, .help_en = "letters of the right options, as A or ACD",
     .help_zh = "正确选项的字母，如 A 或 ACD", .sample = "A"},
};

enum { OPTIONS = 3, ANSWER };

static size_t check_row(const struct zj_row *row, struct zj_row_fault *out, size_t max)
{
    return zj_check_question(row, OPTIONS, ANSWER, out, max);
}

const struct zj_register zj_register_briefing_questions = {
    .name = "briefing_questions",
    .en = "Briefing quizzes",
    .zh = "宣贯测验题",
    .task = 2,
    .side = ZJ_SIDE_BUREAU,
    .check_row = check_row,
    ZJ_FIELDS(fields),
};
