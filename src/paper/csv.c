/* CSV: the columns' labels, then the rows. One table; what the head says has no place in it. */
#include <errno.h>

#include "base/csv.h"
#include "paper/maker.h"

struct sheet {
    FILE *out;
    struct zj_buf text;
    size_t cols;
};

static zj_err write_text(struct zj_job *job, struct sheet *s)
{
    const bool is_written = fwrite(s->text.at, 1, s->text.len, s->out) == s->text.len;
    s->text.len = 0;
    return is_written ? ZJ_OK : zj_fail(job, ZJ_EIO, "%s", zj_strerror(job, errno));
}

static zj_err open_csv(struct zj_job *job, const struct zj_paper_head *head, FILE *out,
                       void **out_file)
{
    struct sheet *s = zj_alloc(sizeof *s);
    (void)job, (void)head;
    s->out = out;
    zj_buf_str(&s->text, ZJ_CSV_MARK);
    *out_file = s;
    return ZJ_OK;
}

static zj_err begin_csv(struct zj_job *job, void *file, const struct zj_paper_form *form)
{
    struct sheet *s = file;
    struct zj_span labels[ZJ_PAPER_COLS_MAX];
    if (s->cols)
        return zj_fail(job, ZJ_EUSAGE, "%s",
                       zj_tr(job, "CSV holds one table; this has several: take xlsx or pdf",
                             "CSV 只能容纳一张表，此内容有多张表，请选 xlsx 或 pdf"));
    s->cols = form->col_count;
    for (size_t i = 0; i < s->cols; i++)
        labels[i] = zj_span_str(zj_paper_label(job, &form->cols[i]));
    zj_csv_row(&s->text, labels, s->cols);
    return ZJ_OK;
}

/* A number below zero is no formula. */
static zj_err row(struct zj_job *job, void *file, const struct zj_paper_cell *cells)
{
    struct sheet *s = file;
    for (size_t i = 0; i < s->cols; i++) {
        if (i)
            zj_buf_byte(&s->text, ',');
        if (cells[i].is_number)
            zj_buf_printf(&s->text, "%.15g", cells[i].number);
        else
            zj_csv_cell(&s->text, cells[i].text);
    }
    zj_buf_str(&s->text, "\r\n");
    return s->text.len > 256 * 1024 ? write_text(job, s) : ZJ_OK;
}

static void drop_csv(void *file)
{
    struct sheet *s = file;
    zj_buf_release(&s->text);
    free(s);
}

static zj_err close_csv(struct zj_job *job, void *file)
{
    const zj_err err = write_text(job, file);
    drop_csv(file);
    return err;
}

const struct zj_maker zj_maker_csv = {
    .open = open_csv,
    .begin = begin_csv,
    .row = row,
    .close = close_csv,
    .drop = drop_csv,
    .rows_max = ZJ_PAPER_ROWS_MAX,
    .name = "csv",
    .media_type = "text/csv; charset=utf-8",
};
