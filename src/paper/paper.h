/* Rows leave Zhuji as a file for people: a workbook, CSV or PDF. A page's table is described once,
 * by its columns; where the rows come from is the caller's. Rows are streamed: memory does not grow
 * with their number (of a PDF: by four bytes a row). */
#ifndef ZJ_PAPER_PAPER_H
#define ZJ_PAPER_PAPER_H

#include "base/buf.h"
#include "base/job.h"
#include "base/json_read.h"

enum zj_paper_format { ZJ_PAPER_XLSX, ZJ_PAPER_CSV, ZJ_PAPER_PDF };

/* "xlsx", "csv", "pdf"; false: no such. */
bool zj_paper_format_find(const char *name, enum zj_paper_format *out);
const char *zj_paper_suffix(enum zj_paper_format format); /* "xlsx" */
const char *zj_paper_media_type(enum zj_paper_format format);

enum {
    ZJ_PAPER_COLS_MAX = 64,
    ZJ_PAPER_ROWS_MAX = 1000000, /* of a workbook or CSV */
    ZJ_PAPER_PDF_ROWS_MAX = 20000,
    ZJ_PAPER_CELL_CHARS_MAX = 32000, /* what a cell of a workbook holds, nearly */
};

/* How a cell looks, quietly. */
enum zj_tone {
    ZJ_TONE_PLAIN,
    ZJ_TONE_SOFT,
    ZJ_TONE_GOOD,
    ZJ_TONE_NOTE,
    ZJ_TONE_WARN,
    ZJ_TONE_BAD,
    ZJ_TONE_COUNT
};

enum zj_cell_kind {
    ZJ_CELL_TEXT,
    ZJ_CELL_CODE, /* text that is not words: numbers of things, addresses */
    ZJ_CELL_NUMBER,
    ZJ_CELL_TIME, /* RFC 3339, shown as "2026-09-30 08:00" */
    ZJ_CELL_BYTES,
    ZJ_CELL_SHARE, /* 0.125, shown as 12.5% */
    ZJ_CELL_FLAG,  /* true, shown as a mark */
};

struct zj_paper_word {
    const char *value, *en, *zh;
    enum zj_tone tone;
};

struct zj_paper_col {
    const char *path; /* member of the row: "subject.id", "cells.0.state" */
    const char *en, *zh;
    enum zj_cell_kind kind;
    int width;    /* in Latin letters; of a page it is a share */
    bool is_more; /* not on paper, where room is short: workbook and CSV only */
    bool is_org;  /* whose row it is: not on paper where all are of one organisation */
    /* Of a number, members of the row that say it is an estimate ("": it always is) or a lower bound:
     * people read "≈ 12" and "≥ 12", programs get the number. */
    const char *about, *least;
    const struct zj_paper_word *words; /* what values are called; ends with a NULL value */
    /* Instead of the value of `path`: appends to out. */
    enum zj_tone (*say)(const struct zj_job *job, const struct zj_paper_col *col,
                        const struct zj_jval *row, struct zj_buf *out);
};

#define ZJ_COL(path_, en_, zh_, kind_, width_, ...)                                                \
    {                                                                                              \
        .path = path_, .en = en_, .zh = zh_, .kind = kind_, .width = width_, __VA_ARGS__           \
    }

struct zj_paper_table {
    const char *name; /* of files: "gaps" */
    const char *en, *zh;
    const char *note_en, *note_zh; /* a sentence under the title; NULL: none */
    const char *rows;              /* member of a list's answer that holds them; NULL: "rows" */
    const struct zj_paper_col *cols;
    size_t col_count;
    bool is_wide;    /* of what stands in it, a PDF lies on its long side */
    bool is_upright; /* few rows with many columns: one line a column */
};

/* What stands above everything. All texts are in the reader's language and outlive the paper. */
struct zj_paper_head {
    const char *title;
    const char *org;     /* whose rows; NULL: of no organisation alone */
    const char *filters; /* what was asked for; NULL or "": everything */
    const char *by;      /* who took it out; NULL: not known */
    bool is_one_org;     /* org is one organisation */
    bool is_wide;        /* a PDF lies on its long side; else where its first table is wide */
    bool is_synthetic;   /* demo data: the file says so on every page */
};

struct zj_paper;
/* The file goes to `out` when it is closed, CSV as it comes. */
zj_err zj_paper_open(struct zj_job *job, enum zj_paper_format format,
                     const struct zj_paper_head *head, FILE *out, struct zj_paper **out_paper);
/* The rows that follow belong to this table: a sheet, a section. CSV holds one. */
zj_err zj_paper_begin(struct zj_job *job, struct zj_paper *paper,
                      const struct zj_paper_table *table);
/* So many rows will come: ZJ_ELIMIT, with both numbers, where this kind of file does not hold them. */
zj_err zj_paper_expect(struct zj_job *job, const struct zj_paper *paper, int64_t rows);
zj_err zj_paper_row(struct zj_job *job, struct zj_paper *paper, const struct zj_jval *row);
int64_t zj_paper_row_count(const struct zj_paper *paper);
/* Writes what is still to be written. Frees the paper, also where it fails. */
zj_err zj_paper_close(struct zj_job *job, struct zj_paper *paper);
void zj_paper_drop(struct zj_paper *paper); /* nothing more is written; accepts NULL */
static inline void zj_paper_dropp(struct zj_paper **paper)
{
    zj_paper_drop(*paper);
}

#endif
