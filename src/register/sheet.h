/* Tables from outside: CSV and XLSX read row by row in constant memory. Readers know nothing of
 * registers; they give cells as they stand, with the row's number as Excel counts it. */
#ifndef ZJ_REGISTER_SHEET_H
#define ZJ_REGISTER_SHEET_H

#include "base/buf.h"
#include "base/job.h"

enum {
    ZJ_SHEET_COLS_MAX = 128,
    ZJ_SHEET_CELL_BYTES_MAX = 64 * 1024,
    ZJ_SHEET_ROW_BYTES_MAX = 1024 * 1024,
};

enum zj_sheet_kind {
    ZJ_SHEET_TEXT,
    ZJ_SHEET_NUMBER,  /* as the file has it: "12", "1.5", "8.98E+19" */
    ZJ_SHEET_DATE,    /* a number with a date format, given as YYYY-MM-DD, or with HH:MM:SS behind */
    ZJ_SHEET_FAULT,   /* "#N/A" and its kin */
    ZJ_SHEET_FORMULA, /* a formula that was never calculated: no text, but not empty either */
};

#define ZJ_SHEET_FORMULA_EN                                                                        \
    "the formula has no calculated value: open and save the workbook in Excel or LibreOffice"
#define ZJ_SHEET_FORMULA_ZH "公式没有计算结果：请用 Excel、WPS 或 LibreOffice 打开并保存工作簿后重新导入。"

struct zj_sheet_cell {
    struct zj_span text;
    enum zj_sheet_kind kind;
};

struct zj_sheet_row {
    int64_t number; /* from 1 */
    size_t count;
    const struct zj_sheet_cell *cells;
};

/* Takes rows; not ZJ_OK ends the reading. Cells are borrowed for the call. */
struct zj_sheet_out {
    zj_err (*row)(struct zj_job *job, void *ctx, const struct zj_sheet_row *row);
    void *ctx;
};

/* CSV is pushed in pieces of any size. */
struct zj_csv;
struct zj_csv *zj_csv_new(const struct zj_sheet_out *out);
void zj_csv_free(struct zj_csv *csv); /* accepts NULL */
zj_err zj_csv_feed(struct zj_job *job, struct zj_csv *csv, struct zj_span bytes);
zj_err zj_csv_end(struct zj_job *job, struct zj_csv *csv);
static inline void zj_csv_freep(struct zj_csv **csv)
{
    zj_csv_free(*csv);
}

/* Reads the first visible sheet of the workbook open in `fd`; `spool_fd` is an empty temporary file
 * that takes the shared strings. Neither is closed. */
zj_err zj_xlsx_read(struct zj_job *job, int fd, int spool_fd, const struct zj_sheet_out *out);

/* A file of either kind, read by a child that may do nothing but read it; rows come over a pipe.
 * Messages call it `name`. */
struct zj_sheet;
zj_err zj_sheet_open(struct zj_job *job, const char *path, const char *name,
                     struct zj_sheet **out);
/* The next row, good until the next call; *out_has false at the end. */
zj_err zj_sheet_next(struct zj_job *job, struct zj_sheet *sheet, struct zj_sheet_row *out_row,
                     bool *out_has);
/* Bytes of the file and how many of them are read, for progress; 0 where not known. */
void zj_sheet_progress(const struct zj_sheet *sheet, int64_t *out_done, int64_t *out_total);
void zj_sheet_close(struct zj_sheet *sheet); /* accepts NULL; ends the child */
static inline void zj_sheet_closep(struct zj_sheet **sheet)
{
    zj_sheet_close(*sheet);
}

#endif
