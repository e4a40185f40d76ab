#include "register/book.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/temp.h"
#include "base/workbook.h"

enum { COMMENTS_MAX = 20000, VALIDATED_ROWS = 100000, LIST_CHARS_MAX = 255 };
static const char template_version[] = "1";

struct zj_book {
    const struct zj_register *reg;
    bool is_zh, has_errors;
    enum zj_headers headers;
    char *path, *temporary;
    lxw_workbook *workbook;
    lxw_worksheet *sheet;
    lxw_format *head, *need, *text, *wrong, *grey;
    lxw_row_t row;
    struct zj_remarks remarks;
    struct zj_buf line;
};

static const char *pick(const struct zj_book *b, const char *en, const char *zh)
{
    return b->is_zh ? zh : en;
}

/* The value as the reader of this workbook expects it: labels in his language. */
static const char *label(const struct zj_book *b, const struct zj_field *f, struct zj_span value)
{
    for (const struct zj_field_value *v = f->values; v && v->name; v++)
        if (zj_span_eq_str(value, v->name))
            return pick(b, v->en, v->zh);
    if (f->type == ZJ_FIELD_BOOL && zj_span_eq_str(value, "yes"))
        return pick(b, "Yes", "是");
    if (f->type == ZJ_FIELD_BOOL && zj_span_eq_str(value, "no"))
        return pick(b, "No", "否");
    return NULL;
}

static const char *cell_text(struct zj_book *b, const struct zj_field *f, struct zj_span value)
{
    struct zj_span list = value, item;
    b->line.len = 0;
    if (f->type == ZJ_FIELD_ENUM_LIST) {
        while (zj_list_next(&list, &item)) {
            const char *name = label(b, f, item);
            if (b->line.len)
                zj_buf_byte(&b->line, ';');
            zj_buf_span(&b->line, name ? zj_span_str(name) : item);
        }
    } else {
        const char *name = label(b, f, value);
        zj_buf_span(&b->line, name ? zj_span_str(name) : value);
    }
    return zj_buf_cstr(&b->line);
}

static void make_formats(struct zj_book *b)
{
    b->text = workbook_add_format(b->workbook);
    format_set_num_format_index(b->text, 49); /* text: no digit of an identifier is lost */
    b->head = workbook_add_format(b->workbook);
    format_set_bold(b->head);
    format_set_bg_color(b->head, 0xD9E2F3);
    format_set_border(b->head, LXW_BORDER_THIN);
    b->need = workbook_add_format(b->workbook);
    format_set_bold(b->need);
    format_set_bg_color(b->need, 0xFFE699);
    format_set_border(b->need, LXW_BORDER_THIN);
    b->wrong = workbook_add_format(b->workbook);
    format_set_num_format_index(b->wrong, 49);
    format_set_bg_color(b->wrong, 0xFF9999);
    b->grey = workbook_add_format(b->workbook);
    format_set_num_format_index(b->grey, 49);
    format_set_italic(b->grey);
    format_set_font_color(b->grey, 0x808080);
}

static void put_header(struct zj_book *b)
{
    char text[160];
    lxw_col_t col = 0;
    for (; col < b->reg->field_count; col++) {
        const struct zj_field *f = &b->reg->fields[col];
        const bool is_needed = f->flags & ZJ_FIELD_REQUIRED;
        snprintf(text, sizeof text, "%s%s", zj_header_of(f, b->headers), is_needed ? " *" : "");
        worksheet_set_column(b->sheet, col, col, f->max_chars && f->max_chars < 24 ? 24 : 18,
                             b->text);
        worksheet_write_string(b->sheet, 0, col, text, is_needed ? b->need : b->head);
    }
    if (b->has_errors) {
        worksheet_set_column(b->sheet, col, col, 60, NULL);
        worksheet_write_string(b->sheet, 0, col, pick(b, ZJ_BOOK_ERRORS_EN, ZJ_BOOK_ERRORS_ZH),
                               b->head);
    }
    worksheet_freeze_panes(b->sheet, 1, 0);
}

static void put_lists(struct zj_book *b)
{
    for (lxw_col_t col = 0; col < b->reg->field_count; col++) {
        const struct zj_field *f = &b->reg->fields[col];
        char *names[32] = {0};
        size_t count = 0, chars = 0;
        if (f->type == ZJ_FIELD_BOOL) {
            names[count++] = (char *)pick(b, "Yes", "是"); /* only read */
            names[count++] = (char *)pick(b, "No", "否");
        } else if (!f->values || f->type == ZJ_FIELD_ENUM_LIST) {
            continue; /* a drop-down takes one value only */
        }
        for (const struct zj_field_value *v = f->values; v && v->name && count < 31; v++) {
            names[count] = (char *)pick(b, v->en, v->zh); /* only read */
            chars += strlen(names[count++]) + 1;
        }
        if (chars > LIST_CHARS_MAX)
            continue;
        lxw_data_validation list = {.validate = LXW_VALIDATION_TYPE_LIST,
                                    .value_list = names,
                                    .ignore_blank = LXW_VALIDATION_ON,
                                    .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING};
        worksheet_data_validation_range(b->sheet, 1, col, VALIDATED_ROWS, col, &list);
    }
}

static void put_allowed(struct zj_book *b, const struct zj_field *f)
{
    b->line.len = 0;
    for (const struct zj_field_value *v = f->values; v && v->name; v++)
        zj_buf_printf(&b->line, "%s%s (%s)", b->line.len ? "; " : "", pick(b, v->en, v->zh),
                      v->name);
    if (f->type == ZJ_FIELD_DATE)
        zj_buf_str(&b->line, "YYYY-MM-DD");
    if (f->type == ZJ_FIELD_TIME)
        zj_buf_str(&b->line, "YYYY-MM-DD HH:MM");
    if (f->type == ZJ_FIELD_BOOL)
        zj_buf_str(&b->line, pick(b, "Yes (yes); No (no)", "是 (yes); 否 (no)"));
    if (f->refers && zj_register_find(f->refers))
        zj_buf_printf(&b->line, pick(b, "key of a row of %s", "“%s”登记表中的编号"),
                      pick(b, zj_register_find(f->refers)->en, zj_register_find(f->refers)->zh));
}

static const char *need_of(const struct zj_book *b, const struct zj_field *f)
{
    if (f->flags & ZJ_FIELD_OFFICIAL)
        return pick(b, "set by the bureau", "主管部门填写");
    if (f->flags & ZJ_FIELD_REQUIRED)
        return pick(b, "yes", "是");
    return f->flags & ZJ_FIELD_TO_SUBMIT ? pick(b, "to hand it in", "提交前必填") : "";
}

static zj_err put_instructions(struct zj_job *job, struct zj_book *b)
{
    lxw_worksheet *sheet, *hidden;
    zj_err err = zj_workbook_sheet(job, b->workbook, pick(b, "Instructions", "填写说明"), &sheet);
    if (!err)
        err = zj_workbook_sheet(job, b->workbook, "zhuji", &hidden);
    if (err)
        return err;
    const char *const heads[] = {pick(b, "Field", "字段"),    pick(b, "Column", "列名"),
                                 pick(b, "Required", "必填"), pick(b, "Values", "可填内容"),
                                 pick(b, "Help", "说明"),     pick(b, "Clause", "依据"),
                                 pick(b, "Example", "示例")};
    for (lxw_col_t col = 0; col < ZJ_COUNT(heads); col++)
        worksheet_write_string(sheet, 0, col, heads[col], b->head);
    worksheet_set_column(sheet, 0, 2, 18, NULL);
    worksheet_set_column(sheet, 3, 6, 48, NULL);
    worksheet_freeze_panes(sheet, 1, 0);
    for (lxw_row_t i = 0; i < b->reg->field_count; i++) {
        const struct zj_field *f = &b->reg->fields[i];
        put_allowed(b, f);
        const char *help = pick(b, f->help_en, f->help_zh);
        worksheet_write_string(sheet, i + 1, 0, pick(b, f->en, f->zh), NULL);
        worksheet_write_string(sheet, i + 1, 1, f->name, NULL);
        worksheet_write_string(sheet, i + 1, 2, need_of(b, f), NULL);
        worksheet_write_string(sheet, i + 1, 3, zj_buf_cstr(&b->line), NULL);
        worksheet_write_string(sheet, i + 1, 4, help ? help : "", NULL);
        worksheet_write_string(sheet, i + 1, 5, f->clause ? f->clause : "", NULL);
        worksheet_write_string(sheet, i + 1, 6, f->sample ? f->sample : "", b->text);
    }
    worksheet_write_string(hidden, 0, 0, b->reg->name, NULL);
    worksheet_write_string(hidden, 0, 1, template_version, NULL);
    worksheet_hide(hidden);
    return ZJ_OK;
}

zj_err zj_book_open(struct zj_job *job, const char *path, const struct zj_register *reg,
                    enum zj_headers headers, bool has_errors, struct zj_book **out)
{
    ZJ_AUTO(zj_freep) char *temporary = zj_alloc(strlen(path) + 6);
    snprintf(temporary, strlen(path) + 6, "%s.part", path);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE,
                                    .tmpdir = (char *)zj_temp_folder()}; /* only read */
    /* rows may hold personal data: the library then writes into a file that is ours alone */
    const int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return zj_fail(job, ZJ_EIO, "%s", zj_strerror(job, errno));
    close(fd);
    struct zj_book *b = zj_alloc(sizeof *b);
    b->reg = reg;
    b->is_zh = job->lang == ZJ_ZH;
    b->has_errors = has_errors;
    b->headers = headers          ? headers
                 : b->is_zh ? ZJ_HEADERS_ZH
                            : ZJ_HEADERS_EN;
    b->path = zj_strdup(path);
    b->temporary = ZJ_TAKE(temporary);
    b->workbook = workbook_new_opt(b->temporary, &options);
    b->row = 1;
    const zj_err err = zj_workbook_sheet(job, b->workbook, pick(b, reg->en, reg->zh), &b->sheet);
    if (err) {
        zj_book_drop(b);
        return err;
    }
    make_formats(b);
    put_header(b);
    put_lists(b);
    *out = b;
    return ZJ_OK;
}

static const struct zj_row_fault *fault_of(const struct zj_row_fault *faults, size_t count,
                                           size_t field)
{
    for (size_t i = 0; i < count; i++)
        if (faults[i].field == (int)field)
            return &faults[i];
    return NULL;
}

static const char *errors_text(struct zj_book *b, const struct zj_row_fault *faults, size_t count)
{
    b->line.len = 0;
    for (size_t i = 0; i < count; i++) {
        const struct zj_field *f =
            faults[i].field >= 0 ? &b->reg->fields[faults[i].field] : NULL;
        zj_buf_printf(&b->line, "%s%s%s%s", b->line.len ? "\n" : "",
                      f ? pick(b, f->en, f->zh) : "", f ? pick(b, ": ", "：") : "",
                      pick(b, faults[i].en, faults[i].zh));
    }
    return zj_buf_cstr(&b->line);
}

zj_err zj_book_row(struct zj_job *job, struct zj_book *b, const struct zj_span *cells,
                   const struct zj_row_fault *faults, size_t fault_count)
{
    if (b->row >= LXW_ROW_MAX)
        return zj_fail(job, ZJ_ELIMIT,
                       zj_tr(job, "more than %d rows: a workbook holds no more, use CSV",
                             "超过 %d 行：工作簿容纳不下，请改用 CSV"),
                       LXW_ROW_MAX);
    for (lxw_col_t col = 0; col < b->reg->field_count; col++) {
        const struct zj_row_fault *fault = fault_of(faults, fault_count, col);
        const char *text = cell_text(b, &b->reg->fields[col], cells[col]);
        if (b->line.len == 0 && fault)
            worksheet_write_blank(b->sheet, b->row, col, b->wrong);
        else if (b->line.len)
            worksheet_write_string(b->sheet, b->row, col, text, fault ? b->wrong : b->text);
        if (fault && b->remarks.count < COMMENTS_MAX) {
            const char *why = pick(b, fault->en, fault->zh);
            worksheet_write_comment(b->sheet, b->row, col, why);
            b->remarks.count++;
            b->remarks.bytes += strlen(why);
        }
    }
    if (b->has_errors)
        worksheet_write_string(b->sheet, b->row, (lxw_col_t)b->reg->field_count,
                               errors_text(b, faults, fault_count), NULL);
    b->row++;
    return ZJ_OK;
}

void zj_book_sample(struct zj_book *b)
{
    for (lxw_col_t col = 0; col < b->reg->field_count; col++) {
        const struct zj_field *f = &b->reg->fields[col];
        const char *text = cell_text(b, f, zj_span_str(f->sample ? f->sample : ""));
        worksheet_write_string(b->sheet, b->row, col, text, b->grey);
    }
    b->row++;
}

static void release(struct zj_book *b)
{
    free(b->path);
    free(b->temporary);
    zj_buf_release(&b->line);
    free(b);
}

zj_err zj_book_close(struct zj_job *job, struct zj_book *b)
{
    if (b->has_errors && b->row > 1)
        worksheet_autofilter(b->sheet, 0, 0, b->row - 1, (lxw_col_t)b->reg->field_count);
    zj_err err = put_instructions(job, b);
    if (err)
        zj_workbook_drop(b->workbook);
    else
        err = zj_workbook_close(job, b->workbook, b->temporary, &b->remarks);
    if (!err && rename(b->temporary, b->path) != 0)
        err = zj_fail(job, ZJ_EIO, "%s", zj_strerror(job, errno));
    if (err)
        unlink(b->temporary);
    release(b);
    return err;
}

void zj_book_drop(struct zj_book *b)
{
    if (!b)
        return;
    zj_workbook_drop(b->workbook);
    unlink(b->temporary);
    release(b);
}
