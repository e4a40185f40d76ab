/* Readers at work in child processes that may do nothing but read what they were given: what
 * strangers wrote is parsed there. Results come back as lines of JSON and are handed to the sink in
 * the order of the files. A file that kills its reader is told, and the rest goes on. */
#ifndef ZJ_INVENTORY_APART_H
#define ZJ_INVENTORY_APART_H

#include "inventory/walk.h"

zj_err zj_read_apart(struct zj_job *job, struct zj_files *files, const struct zj_inv_opts *opts,
                     const struct zj_inv_sink *sink, struct zj_inv_totals *totals);

#endif
