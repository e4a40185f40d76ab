/* The data list as a workbook: a row a column of data, as the lists give them. Constant memory. */
#include <errno.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "catalog/rows.h"

enum { PAGE = ZJ_ROWS_LIMIT, ROWS_MAX = 1000000 };

static const struct head {
    const char *key, *en, *zh;
    double width;
} heads[] = {
    {"source", "Source", "数据源", 30},
    {"path", "Object", "对象", 40},
    {"name", "Column", "列", 20},
    {"comment", "Comment", "说明", 20},
    {"data_type", "Column type", "字段类型", 14},
    {"final_type", "Data type", "数据类型", 20},
    {"final_grade", "Grade", "级别", 10},
    {"category", "Category", "类别", 8},
    {"is_personal", "Personal", "个人用户数据", 10},
    {"is_sensitive", "Sensitive", "敏感个人信息", 10},
    {"state", "Proposal", "识别结论", 10},
    {"verdict", "Verdict", "人工结论", 10},
    {"reason", "Reason", "理由", 20},
    {"actor", "By", "复核人", 10},
    {"value_count", "Values", "非空值", 12},
    {"subjects", "Subjects", "主体数", 12},
    {"why", "Why", "依据", 30},
};

struct zj_catalog_book {
    struct zj_job *job;
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_row_t row;
};

struct zj_catalog_book *zj_catalog_book_open(struct zj_job *job, const char *path)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    struct zj_catalog_book *b = zj_alloc(sizeof *b);
    *b = (struct zj_catalog_book){.job = job, .book = workbook_new_opt(path, &options)};
    b->sheet = workbook_add_worksheet(b->book, zj_tr(job, "Data list", "数据清单"));
    lxw_format *bold = workbook_add_format(b->book);
    format_set_bold(bold);
    for (size_t i = 0; i < ZJ_COUNT(heads); i++) {
        worksheet_set_column(b->sheet, (lxw_col_t)i, (lxw_col_t)i, heads[i].width, NULL);
        worksheet_write_string(b->sheet, 0, (lxw_col_t)i, zj_tr(job, heads[i].en, heads[i].zh),
                               bold);
    }
    worksheet_freeze_panes(b->sheet, 1, 0);
    b->row = 1;
    return b;
}

static void put_cell(struct zj_catalog_book *b, lxw_col_t col, const struct zj_jval *v)
{
    const char *text = zj_jval_cstr(v, NULL);
    if (zj_jval_type(v) == ZJ_J_NUMBER)
        worksheet_write_number(b->sheet, b->row, col, zj_jval_num(v, 0), NULL);
    else if (zj_jval_type(v) == ZJ_J_BOOL)
        worksheet_write_string(
            b->sheet, b->row, col,
            zj_jval_bool(v, false) ? zj_tr(b->job, "yes", "是") : zj_tr(b->job, "no", "否"), NULL);
    else if (text && text[0])
        worksheet_write_string(b->sheet, b->row, col, text, NULL);
}

bool zj_catalog_book_row(struct zj_catalog_book *b, const struct zj_jval *row)
{
    if (b->row >= ROWS_MAX)
        return false;
    for (size_t i = 0; i < ZJ_COUNT(heads); i++)
        put_cell(b, (lxw_col_t)i, zj_jval_get(row, heads[i].key));
    b->row++;
    return true;
}

zj_err zj_catalog_book_close(struct zj_catalog_book *b)
{
    struct zj_job *job = b->job;
    const lxw_error error = workbook_close(b->book);
    free(b);
    return error ? zj_fail(job, ZJ_EIO, "xlsx: %s", lxw_strerror(error)) : ZJ_OK;
}

static zj_err write_page(struct zj_job *job, struct zj_catalog_book *book, struct zj_span text,
                         size_t *out_count)
{
    ZJ_AUTO(zj_jdoc_freep) struct zj_jdoc *doc = NULL;
    const zj_err err = zj_jdoc_parse(job, text, 64 << 20, &doc);
    if (err)
        return err;
    *out_count = 0;
    const struct zj_jval *row = zj_jval_first(zj_jdoc_root(doc));
    for (; row && zj_catalog_book_row(book, row); row = zj_jval_next(row))
        ++*out_count;
    return ZJ_OK;
}

zj_err zj_catalog_export(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                         const struct zj_catalog_filter *filter, const char *path)
{
    struct zj_catalog_filter page = *filter;
    struct zj_catalog_book *book = zj_catalog_book_open(job, path);
    struct zj_buf text = {0};
    zj_err err = ZJ_OK;
    size_t count = PAGE;
    page.limit = PAGE;
    for (page.offset = 0; !err && count == PAGE; page.offset += PAGE) {
        text.len = 0;
        struct zj_json j = zj_json_to(&text);
        err = zj_catalog_columns(job, store, scope, &page, &j, NULL);
        if (!err)
            err = write_page(job, book, zj_buf_all(&text), &count);
    }
    zj_buf_release(&text);
    const zj_err closed = zj_catalog_book_close(book);
    return err ? err : closed;
}
