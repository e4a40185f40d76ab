/* Output as a workbook, CSV or PDF: what --format or the name of -o FILE asks for. */
#ifndef ZJ_CLI_PAPER_OUT_H
#define ZJ_CLI_PAPER_OUT_H

#include "paper/paper.h"
#include "store/store.h"

/* format: of --format, NULL where not given. *out_is_paper false: neither it nor the file's name asks
 * for one, so output is as ever. A workbook or a PDF needs a file. */
zj_err zj_paper_wanted(struct zj_job *job, const char *format, bool *out_is_paper,
                       enum zj_paper_format *out_format);
/* The head of a file with this organisation's rows (0: of all) from the store. */
zj_err zj_paper_head_of(struct zj_job *job, struct zj_store *store, const char *title,
                        int64_t org_id, struct zj_paper_head *out);
/* A row a line of JSON. */
zj_err zj_paper_lines(struct zj_job *job, struct zj_paper *paper, struct zj_span lines);

#endif
