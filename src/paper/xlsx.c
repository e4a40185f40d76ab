/* A workbook: a sheet a table, heads in the first row so that the rows sort and filter and come
 * back in through our own reader, and a last sheet that says what it is. Constant memory. */
#include <errno.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/temp.h"
#include "base/workbook.h"
#include "paper/maker.h"

enum { SHEET_NAME_MAX = 31, TEXT_FORMAT = 49 };

struct book {
    const struct zj_paper_head *head;
    FILE *out;
    char *path; /* of the job */
    lxw_workbook *workbook;
    lxw_worksheet *sheet;
    lxw_format *heads, *tones[ZJ_TONE_COUNT], *number, *share, *code, *bold, *plain;
    const struct zj_paper_col *cols;
    size_t col_count;
    lxw_row_t row;
    struct zj_buf line;
};

static void make_formats(struct book *b)
{
    b->heads = workbook_add_format(b->workbook);
    format_set_bold(b->heads);
    format_set_bg_color(b->heads, 0xD9E2F3);
    format_set_border(b->heads, LXW_BORDER_THIN);
    format_set_border_color(b->heads, 0xB7C3DB);
    format_set_text_wrap(b->heads);
    format_set_align(b->heads, LXW_ALIGN_VERTICAL_CENTER);
    for (size_t i = 0; i < ZJ_TONE_COUNT; i++) {
        b->tones[i] = workbook_add_format(b->workbook);
        format_set_num_format_index(b->tones[i], TEXT_FORMAT); /* no digit of a code is lost */
        format_set_text_wrap(b->tones[i]);
        format_set_align(b->tones[i], LXW_ALIGN_VERTICAL_TOP);
        if (zj_tone_colours[i].ground)
            format_set_bg_color(b->tones[i], zj_tone_colours[i].ground);
        if (zj_tone_colours[i].ink)
            format_set_font_color(b->tones[i], zj_tone_colours[i].ink);
    }
    b->number = workbook_add_format(b->workbook);
    format_set_num_format_index(b->number, 3); /* #,##0 */
    format_set_align(b->number, LXW_ALIGN_VERTICAL_TOP);
    b->share = workbook_add_format(b->workbook);
    format_set_num_format_index(b->share, 10); /* 0.00% */
    format_set_align(b->share, LXW_ALIGN_VERTICAL_TOP);
    b->code = workbook_add_format(b->workbook);
    format_set_num_format_index(b->code, 1); /* 0 */
    format_set_align(b->code, LXW_ALIGN_LEFT);
    format_set_align(b->code, LXW_ALIGN_VERTICAL_TOP);
    b->bold = workbook_add_format(b->workbook);
    format_set_bold(b->bold);
    format_set_font_size(b->bold, 14);
    b->plain = workbook_add_format(b->workbook);
    format_set_num_format_index(b->plain, TEXT_FORMAT);
    format_set_text_wrap(b->plain);
}

static zj_err open_book(struct zj_job *job, const struct zj_paper_head *head, FILE *out,
                        void **out_file)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE,
                                    .tmpdir = (char *)zj_temp_folder()}; /* only read */
    struct book *b = zj_alloc(sizeof *b);
    /* rows may hold personal data: the library then writes into a file that is ours alone */
    const int fd = zj_temp_file(&job->arena, "book", &b->path);
    if (fd < 0) {
        const zj_err err = zj_fail(job, ZJ_EIO, "%s: %s", b->path, zj_strerror(job, errno));
        free(b);
        return err;
    }
    close(fd);
    b->head = head;
    b->out = out;
    b->workbook = workbook_new_opt(b->path, &options);
    lxw_doc_properties about = {.title = (char *)head->title, /* only read */
                                .company = (char *)head->org,
                                .author = (char *)head->by};
    if (head->is_synthetic)
        about.comments = (char *)zj_paper_synthetic(job);
    workbook_set_properties(b->workbook, &about);
    make_formats(b);
    *out_file = b;
    return ZJ_OK;
}

/* A sheet's name is short, one of its kind and without some characters. */
static zj_err add_sheet(struct zj_job *job, const struct book *b, const char *title,
                        lxw_worksheet **out)
{
    char name[4 * SHEET_NAME_MAX + 1];
    size_t len = 0, chars = 0;
    for (const char *c = title; *c && len + 4 < sizeof name; c++) {
        const bool starts = ((unsigned char)*c & 0xc0) != 0x80;
        if (starts && ++chars > SHEET_NAME_MAX - 2)
            break;
        name[len++] = strchr("[]:*?/\\'", *c) ? ' ' : *c;
    }
    name[len] = '\0';
    const bool is_taken = workbook_get_worksheet_by_name(b->workbook, name) != NULL;
    return zj_workbook_sheet(job, b->workbook, is_taken ? NULL : name, out);
}

/* On paper: the title and the organisation above, the pages counted below. & is the library's. */
static void set_up_paper(struct zj_job *job, struct book *b, size_t cols)
{
    b->line.len = 0;
    zj_buf_str(&b->line, "&L");
    for (const char *c = b->head->title; *c; c++)
        zj_buf_str(&b->line, *c == '&' ? "&&" : (char[]){*c, '\0'});
    if (b->head->is_synthetic)
        zj_buf_printf(&b->line, "&R%s", zj_paper_synthetic(job));
    if (b->line.len < 250)
        worksheet_set_header(b->sheet, zj_buf_cstr(&b->line));
    worksheet_set_footer(b->sheet, zj_tr(job, "&CPage &P of &N", "&C第 &P / &N 页"));
    worksheet_set_paper(b->sheet, 9); /* A4 */
    if (cols > 4)
        worksheet_set_landscape(b->sheet);
    worksheet_fit_to_pages(b->sheet, 1, 0);
    worksheet_repeat_rows(b->sheet, 0, 0);
}

static void end_sheet(struct book *b)
{
    if (b->sheet && b->row > 1 && b->col_count > 2)
        worksheet_autofilter(b->sheet, 0, 0, b->row - 1, (lxw_col_t)(b->col_count - 1));
}

static zj_err begin_book(struct zj_job *job, void *file, const struct zj_paper_form *form)
{
    struct book *b = file;
    end_sheet(b);
    const zj_err err = add_sheet(job, b, form->title, &b->sheet);
    if (err)
        return err;
    b->cols = form->cols;
    b->col_count = form->col_count;
    b->row = 1;
    for (lxw_col_t i = 0; i < form->col_count; i++) {
        const struct zj_paper_col *col = &form->cols[i];
        worksheet_set_column(b->sheet, i, i, col->width ? col->width : 14, NULL);
        worksheet_write_string(b->sheet, 0, i, zj_paper_label(job, col), b->heads);
    }
    worksheet_freeze_panes(b->sheet, 1, 0);
    set_up_paper(job, b, form->col_count);
    return ZJ_OK;
}

static zj_err row(struct zj_job *job, void *file, const struct zj_paper_cell *cells)
{
    struct book *b = file;
    for (lxw_col_t i = 0; i < b->col_count; i++) {
        const struct zj_paper_cell *cell = &cells[i];
        lxw_error code = LXW_NO_ERROR;
        if (cell->is_number) {
            code = worksheet_write_number(b->sheet, b->row, i, cell->number,
                                          b->cols[i].kind == ZJ_CELL_SHARE  ? b->share
                                          : b->cols[i].kind == ZJ_CELL_CODE ? b->code
                                                                            : b->number);
        } else if (cell->text.len) {
            b->line.len = 0;
            zj_buf_span(&b->line, cell->text);
            code = worksheet_write_string(b->sheet, b->row, i, zj_buf_cstr(&b->line),
                                          b->tones[cell->tone]);
        }
        if (code)
            return zj_fail(job, ZJ_EIO, "xlsx: %s", lxw_strerror(code));
    }
    b->row++;
    return ZJ_OK;
}

static zj_err put_about(struct zj_job *job, struct book *b)
{
    const char *label, *value;
    lxw_row_t at = 2;
    lxw_worksheet *sheet;
    const zj_err err = add_sheet(job, b, zj_tr(job, "About", "说明"), &sheet);
    if (err)
        return err;
    worksheet_set_column(sheet, 0, 0, 18, NULL);
    worksheet_set_column(sheet, 1, 1, 80, NULL);
    worksheet_write_string(sheet, 0, 0, b->head->title, b->bold);
    for (size_t i = 0; zj_paper_fact(job, b->head, &i, &label, &value); at++) {
        worksheet_write_string(sheet, at, 0, label, b->plain);
        worksheet_write_string(sheet, at, 1, value, b->plain);
    }
    return ZJ_OK;
}

static void free_book(struct book *b)
{
    unlink(b->path);
    zj_buf_release(&b->line);
    free(b);
}

static zj_err close_book(struct zj_job *job, void *file)
{
    struct book *b = file;
    end_sheet(b);
    zj_err err = put_about(job, b);
    if (err)
        zj_workbook_drop(b->workbook);
    else
        err = zj_workbook_close(job, b->workbook, b->path, NULL);
    if (!err)
        err = zj_workbook_send(job, b->path, b->out);
    free_book(b);
    return err;
}

static void drop_book(void *file)
{
    struct book *b = file;
    zj_workbook_drop(b->workbook);
    free_book(b);
}

const struct zj_maker zj_maker_xlsx = {
    .open = open_book,
    .begin = begin_book,
    .row = row,
    .close = close_book,
    .drop = drop_book,
    .rows_max = ZJ_PAPER_ROWS_MAX,
    .name = "xlsx",
    .media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};
