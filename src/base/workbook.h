/* The end of a workbook of libxlsxwriter, which prints what it should return and does not look at
 * what happens to its temporary files: on a full disk a sheet would end in the middle. */
#ifndef ZJ_BASE_WORKBOOK_H
#define ZJ_BASE_WORKBOOK_H

#include <stdio.h>

#include "base/job.h"

struct lxw_workbook;

/* Writes the workbook to `path`, the one it was opened with, and frees it in any case. ZJ_EIO with
 * one sentence, without the path, where not all of it is there (the folder of temporary files is
 * named); the file is the caller's to remove. */
zj_err zj_workbook_close(struct zj_job *job, struct lxw_workbook *book, const char *path);

/* Frees it without writing. */
void zj_workbook_drop(struct lxw_workbook *book);

/* Appends a finished file to `out`. */
zj_err zj_workbook_send(struct zj_job *job, const char *path, FILE *out);

#endif
