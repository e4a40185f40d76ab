/* Workbooks that people fill in: a data sheet with drop-down lists, a sheet of instructions and a
 * hidden sheet with the template's version. Exports, templates and error workbooks are all this. */
#ifndef ZJ_REGISTER_BOOK_H
#define ZJ_REGISTER_BOOK_H

#include "register/field.h"

/* Columns that imports pass over. */
#define ZJ_BOOK_ERRORS_EN "Errors"
#define ZJ_BOOK_ERRORS_ZH "错误信息"

struct zj_book;
/* `has_errors` adds the column that says what is wrong with each row. The file is written beside
 * `path` and takes its place at the end. What goes wrong is told without the path. */
zj_err zj_book_open(struct zj_job *job, const char *path, const struct zj_register *reg,
                    enum zj_headers headers, bool has_errors, struct zj_book **out);
/* What the field's column is called; usual is its name. */
const char *zj_header_of(const struct zj_field *field, enum zj_headers headers);
/* A row in field order; faults colour and comment their cells. */
zj_err zj_book_row(struct zj_job *job, struct zj_book *book, const struct zj_span *cells,
                   const struct zj_row_fault *faults, size_t fault_count);
/* The template's sample row, greyed; imports pass over it. */
void zj_book_sample(struct zj_book *book);
zj_err zj_book_close(struct zj_job *job, struct zj_book *book);
void zj_book_drop(struct zj_book *book); /* accepts NULL; leaves no file */
static inline void zj_book_dropp(struct zj_book **book)
{
    zj_book_drop(*book);
}

#endif
