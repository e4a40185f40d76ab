/* The lists of this room as tables for people, and the report of a year's run. */
#include <string.h>

#include "catalog/catalog.h"

/* A sum tells also that nothing was found; a cell without a grade stays empty and begins one later. */
static const struct zj_paper_word summed[] = {
    {"", "Nothing found", "未发现", ZJ_TONE_SOFT},
    {"L1", "General 1", "一般 1 级", ZJ_TONE_PLAIN},
    {"L2", "General 2", "一般 2 级", ZJ_TONE_NOTE},
    {"L3", "General 3", "一般 3 级", ZJ_TONE_WARN},
    {"L4", "General 4", "一般 4 级", ZJ_TONE_WARN},
    {"important", "Important", "重要", ZJ_TONE_BAD},
    {"core", "Core", "核心", ZJ_TONE_BAD},
    {0},
};

static const struct zj_paper_word states[] = {
    {"suspected", "Suspected", "疑似", ZJ_TONE_SOFT},
    {"contains", "Inside text", "文本中包含", ZJ_TONE_PLAIN},
    {"confirmed", "Confirmed", "确认", ZJ_TONE_PLAIN},
    {0},
};

static const struct zj_paper_word verdicts[] = {
    {"accept", "Accepted", "接受", ZJ_TONE_GOOD},
    {"correct", "Corrected", "更正", ZJ_TONE_NOTE},
    {"reject", "Rejected", "驳回", ZJ_TONE_SOFT},
    {0},
};

static const struct zj_paper_word changes[] = {
    {"new", "New", "新增", ZJ_TONE_NOTE},
    {"gone", "Gone", "消失", ZJ_TONE_SOFT},
    {"grown", "Grown by 30 % or more", "增长 30% 以上", ZJ_TONE_WARN},
    {"shrunk", "Shrunk by 30 % or more", "减少 30% 以上", ZJ_TONE_NOTE},
    {"unsure", "Not read whole in both years", "两年未都读全，无法对比", ZJ_TONE_SOFT},
    {0},
};

static const struct zj_paper_word run_states[] = {
    {"running", "Running", "进行中", ZJ_TONE_NOTE},
    {"done", "Done", "完成", ZJ_TONE_GOOD},
    {"partial", "Partly", "部分完成", ZJ_TONE_WARN},
    {"interrupted", "Interrupted", "中断", ZJ_TONE_WARN},
    {0},
};

static void put_type(const struct zj_job *job, const char *name, struct zj_buf *out)
{
    const char *en = name, *zh = name;
    zj_inv_type_words(name, &en, &zh);
    zj_buf_str(out, zj_tr(job, en, zh));
}

static enum zj_tone say_type(const struct zj_job *job, const struct zj_paper_col *col,
                             const struct zj_jval *row, struct zj_buf *out)
{
    const char *verdict = zj_jval_cstr(zj_jval_get(row, "verdict"), "");
    const char *name = zj_jval_cstr(zj_jval_get(row, "final_type_name"), NULL);
    if (name) /* of a class too */
        zj_buf_str(out, name);
    else
        put_type(job, zj_jval_cstr(zj_jval_get(row, col->path), ""), out);
    if (strcmp(verdict, "correct") == 0 || strcmp(verdict, "reject") == 0)
        return ZJ_TONE_PLAIN; /* what a person says stands alone */
    const struct zj_jval *other = zj_jval_first(zj_jval_get(row, "others"));
    for (; other; other = zj_jval_next(other)) {
        zj_buf_str(out, zj_tr(job, ", ", "、"));
        put_type(job, zj_jval_cstr(other, ""), out);
    }
    return ZJ_TONE_PLAIN;
}

/* What the rules say now of a column that was decided under others; without a verdict the proposal
 * is what holds. */
static enum zj_tone say_offer(const struct zj_job *job, const struct zj_paper_col *col,
                              const struct zj_jval *row, struct zj_buf *out)
{
    const char *verdict = zj_jval_cstr(zj_jval_get(row, "verdict"), ""),
               *grade = zj_jval_cstr(zj_jval_get(row, "grade"), ""),
               *type = zj_jval_cstr(zj_jval_get(row, "type"), "");
    (void)col; /* it is of several members */
    if (!zj_jval_bool(zj_jval_get(row, "is_offered"), false))
        return ZJ_TONE_PLAIN;
    if (!verdict[0]) {
        zj_buf_str(out, zj_tr(job, "to review", "待复核"));
        return ZJ_TONE_NOTE;
    }
    if (type[0])
        put_type(job, type, out);
    else
        zj_buf_str(out, zj_tr(job, "nothing", "无发现"));
    for (const struct zj_paper_word *w = summed + 1; w->value; w++)
        if (strcmp(w->value, grade) == 0)
            zj_buf_printf(out, " %s", zj_tr(job, w->en, w->zh));
    return ZJ_TONE_WARN;
}

/* "A5.2 通信标识" */
static enum zj_tone say_class(const struct zj_job *job, const struct zj_paper_col *col,
                              const struct zj_jval *row, struct zj_buf *out)
{
    const char *name = zj_jval_cstr(zj_jval_get(row, "category_name"), "");
    (void)job; /* the row has the words */
    zj_buf_str(out, zj_jval_cstr(zj_jval_get(row, col->path), ""));
    if (name[0])
        zj_buf_printf(out, " %s", name);
    return ZJ_TONE_PLAIN;
}

static enum zj_tone say_kind(const struct zj_job *job, const struct zj_paper_col *col,
                             const struct zj_jval *row, struct zj_buf *out)
{
    zj_buf_str(out, zj_catalog_kind_words(job, zj_jval_cstr(zj_jval_get(row, col->path), "")));
    return ZJ_TONE_PLAIN;
}

static enum zj_tone say_column(const struct zj_job *job, const struct zj_paper_col *col,
                               const struct zj_jval *row, struct zj_buf *out)
{
    zj_buf_str(out, zj_catalog_column_words(job, zj_jval_cstr(zj_jval_get(row, col->path), "")));
    return ZJ_TONE_PLAIN;
}

/* "通信标识、金融账户（A5.2,A7）" */
static enum zj_tone say_classes(const struct zj_job *job, const struct zj_paper_col *col,
                                const struct zj_jval *row, struct zj_buf *out)
{
    const char *ids = zj_jval_cstr(zj_jval_get(row, col->path), "");
    zj_buf_str(out, zj_jval_cstr(zj_jval_get(row, "category_names"), ""));
    if (ids[0])
        zj_buf_printf(out, zj_tr(job, " (%s)", "（%s）"), ids);
    return ZJ_TONE_PLAIN;
}

/* "个人、敏感": task 11 wants personal data flagged. */
static enum zj_tone say_flags(const struct zj_job *job, const struct zj_paper_col *col,
                              const struct zj_jval *row, struct zj_buf *out)
{
    (void)col; /* it is the row's two flags */
    if (zj_jval_bool(zj_jval_get(row, "is_sensitive"), false)) {
        zj_buf_str(out, zj_tr(job, "sensitive personal", "敏感个人信息"));
        return ZJ_TONE_BAD;
    }
    if (!zj_jval_bool(zj_jval_get(row, "is_personal"), false))
        return ZJ_TONE_PLAIN;
    zj_buf_str(out, zj_tr(job, "personal", "个人信息"));
    return ZJ_TONE_WARN;
}

/* "5-2026.11.1-2026.11.2-2026.11.3": of the judgement, the identifiers, the taxonomy, the columns. */
static enum zj_tone say_rules(const struct zj_job *job, const struct zj_paper_col *col,
                              const struct zj_jval *row, struct zj_buf *out)
{
    zj_catalog_rules_words(job, zj_jval_cstr(zj_jval_get(row, col->path), ""), out);
    return ZJ_TONE_PLAIN;
}

/* What is no longer there is in no sum; what was not read this time is as it was before. */
static enum zj_tone say_seen(const struct zj_job *job, const struct zj_paper_col *col,
                             const struct zj_jval *row, struct zj_buf *out)
{
    static const struct {
        const char *flag, *en, *zh;
    } marks[] = {
        {"is_gone", "not seen lately", "本次未见"},
        {"is_kept", "not read this time", "本次未读"},
        {"is_partial", "read in part", "仅部分读取"},
    };
    (void)col; /* it is of several members */
    for (size_t i = 0; i < ZJ_COUNT(marks); i++)
        if (zj_jval_bool(zj_jval_get(row, marks[i].flag), false)) {
            zj_buf_str(out, zj_tr(job, marks[i].en, marks[i].zh));
            return i ? ZJ_TONE_WARN : ZJ_TONE_NOTE;
        }
    return ZJ_TONE_PLAIN;
}

static enum zj_tone say_count(const struct zj_job *job, const struct zj_paper_col *col,
                              const struct zj_jval *row, struct zj_buf *out)
{
    const int64_t n = zj_jval_int(zj_jval_get(row, col->path), 0);
    if (n > 0)
        zj_buf_printf(out, zj_tr(job, "%lld to review", "待复核 %lld"), (long long)n);
    return n > 0 ? ZJ_TONE_WARN : ZJ_TONE_PLAIN;
}

#define PATH(path_, en_, zh_, width_) ZJ_COL(path_, en_, zh_, ZJ_CELL_CODE, width_)
#define COUNT(path_, en_, zh_)        ZJ_COL(path_, en_, zh_, ZJ_CELL_NUMBER, 11)
#define SUBJECTS                      ZJ_COL("subjects", "Subjects", "主体数", ZJ_CELL_NUMBER, 11, .about = "")
#define ROWS                                                                                       \
    ZJ_COL("row_count", "Rows", "行数", ZJ_CELL_NUMBER, 11, .about = "is_estimate",                \
           .least = "is_least")
#define GRADE(path_)                  ZJ_COL(path_, "Grade", "级别", ZJ_CELL_TEXT, 14, .words = summed + 1)
#define FLAGS                         ZJ_COL("", "Personal data", "个人用户数据", ZJ_CELL_TEXT, 15, .say = say_flags)

static const struct zj_paper_col run_cols[] = {
    ZJ_COL("id", "Run", "盘点序号", ZJ_CELL_CODE, 9),
    ZJ_COL("year", "Year", "年度", ZJ_CELL_CODE, 9),
    ZJ_COL("state", "State", "状态", ZJ_CELL_TEXT, 10, .words = run_states),
    ZJ_COL("org", "Organisation code", "单位代码", ZJ_CELL_CODE, 22, .is_org = true),
    ZJ_COL("scope", "Scope", "盘点范围", ZJ_CELL_CODE, 40),
    ZJ_COL("process", "Process", "盘点过程", ZJ_CELL_TEXT, 30),
    ZJ_COL("operators", "Operators", "操作人员", ZJ_CELL_TEXT, 14),
    ZJ_COL("started_at", "Started", "开始时间", ZJ_CELL_TIME, 17),
    ZJ_COL("ended_at", "Ended", "结束时间", ZJ_CELL_TIME, 17),
    COUNT("files", "Files read", "读取文件数"),
    COUNT("skipped", "Unchanged files", "未变文件数"),
    COUNT("objects", "Tables and files", "表与文件数"),
    COUNT("columns", "Columns", "列数"),
    COUNT("found", "With findings", "有发现的列"),
    COUNT("unread", "Not read", "未能读取"),
    ZJ_COL("bytes", "Size", "数据量", ZJ_CELL_BYTES, 12),
    ZJ_COL("entered_code", "Yearly sorting", "登记的数据梳理", ZJ_CELL_CODE, 12),
    ZJ_COL("rules", "Rules", "规则版本", ZJ_CELL_TEXT, 40, .say = say_rules),
};

const struct zj_paper_table zj_paper_runs = {
    .name = "inventory-runs",
    .en = "Inventory runs",
    .zh = "盘点记录",
    .cols = run_cols,
    .col_count = ZJ_COUNT(run_cols),
};

const struct zj_paper_table zj_paper_run = {
    .name = "inventory-run",
    .en = "Run sheet",
    .zh = "盘点记录",
    .cols = run_cols,
    .col_count = ZJ_COUNT(run_cols),
    .is_upright = true,
};

static const struct zj_paper_col source_cols[] = {
    ZJ_COL("system", "System", "系统", ZJ_CELL_CODE, 14),
    PATH("source", "Source", "数据源", 34),
    ZJ_COL("store_name", "Registered store", "登记的存储", ZJ_CELL_TEXT, 20),
    GRADE("grade"),
    FLAGS,
    COUNT("objects", "Tables and files", "表与文件数"),
    COUNT("kept", "Not read this time", "本次未读"),
    ROWS,
    ZJ_COL("bytes", "Size", "大小", ZJ_CELL_BYTES, 10),
    SUBJECTS,
    ZJ_COL("offered", "Review", "复核", ZJ_CELL_TEXT, 13, .say = say_count),
    ZJ_COL("seen_at", "Last seen", "最近盘点", ZJ_CELL_TIME, 17),
    ZJ_COL("org", "Organisation code", "单位代码", ZJ_CELL_CODE, 22, .is_org = true),
};

const struct zj_paper_table zj_paper_sources = {
    .name = "data-map",
    .en = "Data map",
    .zh = "数据地图",
    .note_en = "Sources of data with their registered store, system and highest grade.",
    .note_zh = "数据源及其登记的存储、所属系统与最高级别。",
    .cols = source_cols,
    .col_count = ZJ_COUNT(source_cols),
};

static const struct zj_paper_col grade_cols[] = {
    ZJ_COL("grade", "Grade", "级别", ZJ_CELL_TEXT, 14, .words = summed),
    COUNT("objects", "Tables and files", "表与文件数"),
    COUNT("columns", "Columns with findings", "有发现的列"),
    COUNT("personal", "of these personal", "其中个人信息"),
    COUNT("sensitive", "of these sensitive personal", "其中敏感个人信息"),
};

const struct zj_paper_table zj_paper_grades = {
    .name = "data-grades",
    .en = "Summary by grade",
    .zh = "按级别汇总",
    .note_en = "A table or file counts with its own grade, which rules may raise above its columns'.",
    .note_zh = "表与文件按其整体级别计，规则可使其高于各列的级别。",
    .cols = grade_cols,
    .col_count = ZJ_COUNT(grade_cols),
};

static const struct zj_paper_col object_cols[] = {
    PATH("path", "Table or file", "表或文件", 44),
    PATH("source", "Source", "数据源", 28),
    ZJ_COL("kind", "Kind", "种类", ZJ_CELL_TEXT, 12, .say = say_kind),
    GRADE("grade"),
    FLAGS,
    ZJ_COL("", "Seen", "盘点情况", ZJ_CELL_TEXT, 10, .say = say_seen),
    ZJ_COL("grade_why", "Why this grade", "定级依据", ZJ_CELL_TEXT, 24),
    ROWS,
    ZJ_COL("bytes", "Size", "大小", ZJ_CELL_BYTES, 10),
    COUNT("column_count", "Columns", "列数"),
    COUNT("found", "With findings", "有发现的列"),
    SUBJECTS,
    ZJ_COL("comment", "Comment", "说明", ZJ_CELL_TEXT, 24, .is_more = true),
    ZJ_COL("is_estimate", "Rows estimated", "行数为估计", ZJ_CELL_FLAG, 9, .is_more = true),
    ZJ_COL("is_gone", "Not seen lately", "本次未见", ZJ_CELL_FLAG, 9, .is_more = true),
    ZJ_COL("is_kept", "Not read this time", "本次未读", ZJ_CELL_FLAG, 9, .is_more = true),
    ZJ_COL("is_partial", "Read in part", "仅部分读取", ZJ_CELL_FLAG, 9, .is_more = true),
    ZJ_COL("is_least", "At least so many rows", "行数为下限", ZJ_CELL_FLAG, 9, .is_more = true),
    ZJ_COL("view_of", "View of", "视图基表", ZJ_CELL_CODE, 24, .is_more = true),
    ZJ_COL("seen_at", "Last seen", "最近盘点", ZJ_CELL_TIME, 17, .is_more = true),
};

const struct zj_paper_table zj_paper_objects = {
    .name = "data-objects",
    .en = "Tables and files",
    .zh = "表与文件",
    .cols = object_cols,
    .col_count = ZJ_COUNT(object_cols),
};

static const struct zj_paper_col column_cols[] = {
    PATH("path", "Table or file", "表或文件", 32),
    ZJ_COL("name", "Column", "列", ZJ_CELL_CODE, 16, .say = say_column),
    ZJ_COL("comment", "Comment", "说明", ZJ_CELL_TEXT, 16),
    ZJ_COL("final_type", "Data type", "数据类型", ZJ_CELL_TEXT, 16, .say = say_type),
    GRADE("final_grade"),
    FLAGS,
    ZJ_COL("state", "Proposal", "识别结论", ZJ_CELL_TEXT, 12, .words = states),
    ZJ_COL("share", "Share", "占比", ZJ_CELL_SHARE, 10),
    SUBJECTS,
    ZJ_COL("verdict", "Verdict", "人工结论", ZJ_CELL_TEXT, 9, .words = verdicts),
    ZJ_COL("reason", "Reason", "理由", ZJ_CELL_TEXT, 16),
    ZJ_COL("", "To review: proposed now", "待复核的建议", ZJ_CELL_TEXT, 14, .say = say_offer),
    ZJ_COL("samples", "Masked samples", "脱敏样例", ZJ_CELL_CODE, 26),
    PATH("source", "Source", "数据源", 30),
    ZJ_COL("category", "Category", "类别", ZJ_CELL_TEXT, 24, .is_more = true, .say = say_class),
    ZJ_COL("data_type", "Column type", "字段类型", ZJ_CELL_CODE, 14, .is_more = true),
    ZJ_COL("is_personal", "Personal", "个人信息", ZJ_CELL_FLAG, 9, .is_more = true),
    ZJ_COL("is_sensitive", "Sensitive", "敏感个人信息", ZJ_CELL_FLAG, 9, .is_more = true),
    ZJ_COL("actor", "Decided by", "复核人", ZJ_CELL_CODE, 12, .is_more = true),
    ZJ_COL("verdict_at", "Decided", "复核时间", ZJ_CELL_TIME, 17, .is_more = true),
    ZJ_COL("value_count", "Values", "非空值", ZJ_CELL_NUMBER, 11, .is_more = true),
    ZJ_COL("why", "Why", "依据", ZJ_CELL_TEXT, 40, .is_more = true),
};

const struct zj_paper_table zj_paper_columns = {
    .name = "data-list",
    .en = "Data list",
    .zh = "数据清单",
    .note_en = "Columns with type, grade and personal mark; samples are masked.",
    .note_zh = "各列的数据类型、级别与个人信息标注；样例已脱敏。",
    .cols = column_cols,
    .col_count = ZJ_COUNT(column_cols),
};

static const struct zj_paper_col change_cols[] = {
    ZJ_COL("change", "Change", "变化", ZJ_CELL_TEXT, 14, .words = changes),
    PATH("path", "Table or file", "表或文件", 46),
    PATH("source", "Source", "数据源", 30),
    GRADE("grade"),
    COUNT("rows_before", "Rows, year before", "上年度行数"),
    COUNT("rows_now", "Rows now", "本年度行数"),
    ZJ_COL("bytes_before", "Size, year before", "上年度大小", ZJ_CELL_BYTES, 11),
    ZJ_COL("bytes_now", "Size now", "本年度大小", ZJ_CELL_BYTES, 11),
};

const struct zj_paper_table zj_paper_changes = {
    .name = "data-changes",
    .en = "Changes against the year before",
    .zh = "与上年度对比",
    .note_en = "New, gone, and grown or shrunk by 30 % or more in rows or size.",
    .note_zh = "新增、消失，以及行数或大小变化 30% 以上的对象。",
    .cols = change_cols,
    .col_count = ZJ_COUNT(change_cols),
};

/* In the order of 166 Art. 12. */
static const struct zj_paper_col important_cols[] = {
    ZJ_COL("title", "Class of data", "数据类", ZJ_CELL_TEXT, 20),
    PATH("path", "Source: table or file", "1 来源：表或文件", 28),
    ZJ_COL("category", "Category", "2 类别", ZJ_CELL_TEXT, 16, .say = say_classes),
    ZJ_COL("grade", "Level", "3 级别", ZJ_CELL_TEXT, 9, .words = summed + 1),
    ZJ_COL("records", "Records", "4 规模（条）", ZJ_CELL_NUMBER, 12),
    ZJ_COL("bytes", "Size", "4 规模（大小）", ZJ_CELL_BYTES, 11),
    ZJ_COL("carrier", "Carrier", "5 载体", ZJ_CELL_TEXT, 10, .say = say_kind),
    ZJ_COL("purpose", "Purpose and manner", "6 处理目的和方式", ZJ_CELL_TEXT, 14),
    ZJ_COL("used_in", "Scope of use", "7 使用范围", ZJ_CELL_TEXT, 12),
    ZJ_COL("responsible", "Responsible", "8 责任主体", ZJ_CELL_TEXT, 18),
    ZJ_COL("sharing", "Sharing", "9 对外共享", ZJ_CELL_TEXT, 14),
    ZJ_COL("export", "Transfer abroad", "10 跨境传输", ZJ_CELL_TEXT, 14),
    ZJ_COL("safeguards", "Safeguards", "11 安全保护措施", ZJ_CELL_TEXT, 14),
    ZJ_COL("grade_why", "Why this level", "定级依据", ZJ_CELL_TEXT, 20),
    ZJ_COL("subjects", "Subjects", "主体数", ZJ_CELL_NUMBER, 10, .is_more = true, .about = ""),
    ZJ_COL("source", "Data source", "数据源", ZJ_CELL_CODE, 30, .is_more = true),
};

const struct zj_paper_table zj_paper_important = {
    .name = "important-data",
    .en = "Proposed catalogue of important data",
    .zh = "重要数据目录建议",
    .note_en =
        "The eleven items as far as a machine knows them: purpose, scope of use and safeguards "
        "are for people to fill in. The catalogue never holds the data itself.",
    .note_zh = "十一项内容中机器可知的部分；处理目的、使用范围与保护措施请人工填写。目录不含数据内"
               "容本身。",
    .cols = important_cols,
    .col_count = ZJ_COUNT(important_cols),
};

static const struct zj_paper_col unread_cols[] = {
    PATH("place", "Place", "位置", 60),
    ZJ_COL("reason", "Reason", "原因", ZJ_CELL_TEXT, 60),
};

const struct zj_paper_table zj_paper_unread = {
    .name = "unread",
    .en = "What could not be read",
    .zh = "未能读取的位置",
    .cols = unread_cols,
    .col_count = ZJ_COUNT(unread_cols),
};

/* Of the runs of a year. */
static const struct zj_paper_col year_unread_cols[] = {
    PATH("place", "Place", "位置", 52),
    ZJ_COL("reason", "Reason", "原因", ZJ_CELL_TEXT, 46),
    ZJ_COL("run_id", "Run", "盘点序号", ZJ_CELL_CODE, 9),
    ZJ_COL("run_at", "Time of the run", "盘点时间", ZJ_CELL_TIME, 17),
};

const struct zj_paper_table zj_paper_year_unread = {
    .name = "unread",
    .en = "What could not be read",
    .zh = "未能读取的位置",
    .note_en = "Each place once, with the last run that could not read it.",
    .note_zh = "每处只列一次，注明最近一次未能读取它的盘点。",
    .cols = year_unread_cols,
    .col_count = ZJ_COUNT(year_unread_cols),
};

static const struct zj_paper_col unlisted_cols[] = {
    PATH("subject_name", "Where, and what", "数据源与类型", 60),
    ZJ_COL("why", "Why", "说明", ZJ_CELL_TEXT, 70),
    ZJ_COL("seen_at", "Last seen", "最近盘点", ZJ_CELL_TIME, 17),
};

const struct zj_paper_table zj_paper_unlisted = {
    .name = "unlisted-data",
    .en = "Found, but not in the registered data list",
    .zh = "盘点发现而登记的数据清单未列",
    .note_en = "Personal or important data that the register of data assets does not name there.",
    .note_zh = "数据清单登记簿未列入该处的个人信息或重要数据。",
    .cols = unlisted_cols,
    .col_count = ZJ_COUNT(unlisted_cols),
};
