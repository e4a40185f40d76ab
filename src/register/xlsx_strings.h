/* The shared strings of a workbook, kept in a temporary file: a million cards bring eight million
 * of them, and memory holds only where each starts. */
#ifndef ZJ_REGISTER_XLSX_STRINGS_H
#define ZJ_REGISTER_XLSX_STRINGS_H

#include "base/buf.h"
#include "base/job.h"

struct zj_strings;
struct zj_strings *zj_strings_new(int spool_fd);
void zj_strings_free(struct zj_strings *strings); /* accepts NULL; leaves the file open */
/* The next string; all are added before the first is asked for. */
zj_err zj_strings_add(struct zj_job *job, struct zj_strings *strings, struct zj_span text);
/* Appends string `index`. ZJ_EINPUT: there is none. */
zj_err zj_strings_get(struct zj_job *job, struct zj_strings *strings, size_t index,
                      struct zj_buf *out);

#endif
