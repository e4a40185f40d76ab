/* What people call types and classes, for the statements of this room. */
#include <string.h>

#include "catalog/rows.h"

struct word {
    const char *name, *en, *zh;
};

static const char *find_word(const struct zj_job *job, const struct word *words, size_t count,
                           const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i].name, name) == 0)
            return zj_tr(job, words[i].en, words[i].zh);
    return name;
}

const char *zj_catalog_kind_words(const struct zj_job *job, const char *kind)
{
    static const struct word words[] = {
        {"postgresql", "PostgreSQL table", "PostgreSQL 数据库表"},
        {"mysql", "MySQL table", "MySQL 数据库表"},
        {"sqlite", "SQLite table", "SQLite 数据库表"},
        {"view", "Database view", "数据库视图"},
        {"matview", "Materialised view", "物化视图"},
        {"foreign", "Foreign table", "外部表"},
        {"sql", "SQL dump", "SQL 转储"},
        {"csv", "CSV file", "CSV 文件"},
        {"tsv", "TSV file", "TSV 文件"},
        {"json", "JSON file", "JSON 文件"},
        {"jsonl", "JSON Lines file", "JSONL 文件"},
        {"xml", "XML file", "XML 文件"},
        {"xlsx", "Excel sheet", "Excel 工作表"},
        {"xls", "Excel sheet", "Excel 工作表"},
        {"dbf", "DBF table", "DBF 数据表"},
        {"docx", "Word document", "Word 文档"},
        {"doc", "Word document", "Word 文档"},
        {"ppt", "PowerPoint slides", "PowerPoint 演示文稿"},
        {"mail", "Mail", "邮件"},
        {"html", "Web page", "网页"},
        {"program", "Program", "程序"},
        {"pdf", "PDF document", "PDF 文档"},
        {"text", "Text file", "文本文件"},
        {"binary", "Other file", "其他文件"},
        {"pcap", "Capture", "抓包文件"},
        {"pcapng", "Capture", "抓包文件"},
        {"image", "Image", "图像"},
        {"video", "Video", "视频"},
        {"audio", "Audio", "音频"},
        {"map", "Map or point cloud", "地图与点云"},
    };
    return find_word(job, words, ZJ_COUNT(words), kind);
}

const char *zj_catalog_column_words(const struct zj_job *job, const char *name)
{
    static const struct word words[] = {
        {"(content)", "(content)", "（内容）"},
        {"(key)", "(key)", "（键）"},
        {"(text)", "(text)", "（文本）"},
        {"(value)", "(value)", "（值）"},
    };
    return find_word(job, words, ZJ_COUNT(words), name);
}

/* The register of the catalogue has names of its own for the
 * second axis of the ministry. */
static const char *axis_value(const char *axis)
{
    static const char *const pairs[][2] = {
        {"rd", "research"},           {"production", "operation"}, {"management", "management"},
        {"operation", "maintenance"}, {"service", "service"},
    };
    for (size_t i = 0; axis && i < ZJ_COUNT(pairs); i++)
        if (strcmp(axis, pairs[i][0]) == 0)
            return pairs[i][1];
    return "";
}

static void put_quoted(struct zj_buf *out, const char *text)
{
    zj_buf_byte(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            zj_buf_byte(out, '\'');
        zj_buf_byte(out, (uint8_t)*text);
    }
    zj_buf_byte(out, '\'');
}

static void put_types(struct zj_job *job, struct zj_buf *out)
{
    static const char *const names[] = {
#define ZJ_DATA_TYPE(name, en, zh, is_personal) #name,
#include "base/data_types.def"
#undef ZJ_DATA_TYPE
    };
    const char *en, *zh;
    for (size_t i = 0; i < ZJ_COUNT(names); i++) {
        if (!zj_inv_type_words(names[i], &en, &zh))
            continue;
        zj_buf_printf(out, "%s('%s', ", i ? ", " : " UNION ALL VALUES ", names[i]);
        put_quoted(out, zj_tr(job, en, zh));
        zj_buf_byte(out, ')');
    }
}

zj_err zj_rows_classes(struct zj_job *job, struct zj_buf *out)
{
    struct zj_inv_classes *classes = NULL;
    struct zj_inv_class class;
    const zj_err err = zj_inv_classes_open(job, &classes);
    if (err)
        return err;
    zj_buf_str(out, "class(id, label, axis) AS (VALUES ");
    for (size_t i = 0; zj_inv_class_at(classes, i, &class); i++) {
        zj_buf_str(out, i ? ", (" : "(");
        put_quoted(out, class.id);
        zj_buf_str(out, ", ");
        put_quoted(out, zj_tr(job, class.en, class.zh));
        zj_buf_printf(out, ", '%s')", axis_value(class.axis));
    }
    zj_buf_str(out, "), kind(name, label) AS (SELECT id, label FROM class");
    put_types(job, out);
    zj_buf_str(out, ") ");
    zj_inv_classes_close(classes);
    return ZJ_OK;
}
