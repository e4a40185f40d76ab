/* The sheets and the end of a workbook of libxlsxwriter, which prints what it should return and does not look at
 * what happens to its temporary files: on a full disk a sheet would end in the middle. */
#ifndef ZJ_BASE_WORKBOOK_H
#define ZJ_BASE_WORKBOOK_H

#include <stdio.h>

#include "base/job.h"

struct lxw_workbook;
struct lxw_worksheet;

/* Adds a sheet; NULL: a name of the library's choice. The library would put its rows into another
 * folder, or not look whether there is one, where that of temporary files takes no more. */
zj_err zj_workbook_sheet(struct zj_job *job, struct lxw_workbook *book, const char *name,
                         struct lxw_worksheet **out);

/* Cells that have a remark, and the bytes of what these say. The library keeps them until the end. */
struct zj_remarks {
    size_t count, bytes;
};

/* Writes the workbook to `path`, the one it was opened with, and frees it in any case; `remarks` may
 * be NULL. What the library would say on stderr is not heard. ZJ_EIO with
 * one sentence, without the path, where not all of it is there (the folder of temporary files is
 * named); the file is the caller's to remove. */
zj_err zj_workbook_close(struct zj_job *job, struct lxw_workbook *book, const char *path,
                         const struct zj_remarks *remarks);

/* Frees it without writing. */
void zj_workbook_drop(struct lxw_workbook *book);

/* Appends a finished file to `out`. */
zj_err zj_workbook_send(struct zj_job *job, const char *path, FILE *out);

#endif
