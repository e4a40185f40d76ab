/* Tables for people, from the JSON Lines that programs get: one way to print both. */
#ifndef ZJ_CLI_PRINT_ROWS_H
#define ZJ_CLI_PRINT_ROWS_H

#include "base/buf.h"
#include "base/job.h"

struct zj_print_col {
    const char *path; /* "subject.id" */
    const char *en, *zh;
    int width; /* columns on the screen; the last column takes what is left */
};

/* Prints one line a row; a Chinese character counts two. On a terminal cells are cut to the width of
 * their columns, elsewhere columns are as wide as what they hold. */
zj_err zj_print_rows(struct zj_job *job, const struct zj_print_col *cols, size_t count,
                     struct zj_span lines);

#endif
