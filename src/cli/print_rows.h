/* Tables for people, from the JSON Lines that programs get: one way to print both. */
#ifndef ZJ_CLI_PRINT_ROWS_H
#define ZJ_CLI_PRINT_ROWS_H

#include "base/buf.h"
#include "base/job.h"
#include "paper/paper.h"

struct zj_print_col {
    const char *path; /* "subject.id" */
    const char *en, *zh;
    int width; /* columns on the screen at least; the last column takes what is left */
    const struct zj_paper_word
        *words; /* what values are called in Chinese; NULL: printed as they are */
    const struct zj_paper_table *table; /* whose column of this path says what values are called */
};

#define ZJ_PRINT(path_, en_, zh_, width_, ...)                                                     \
    {                                                                                              \
        .path = (path_), .en = (en_), .zh = (zh_), .width = (width_), __VA_ARGS__                  \
    }

/* Prints one line a row; a Chinese character counts two. Columns are as wide as what
 * they hold, up to 120; on a terminal up to 40, and longer cells are cut. */
zj_err zj_print_rows(struct zj_job *job, const struct zj_print_col *cols, size_t count,
                     struct zj_span lines);

#endif
