/* Detections for people: rows with what their rules mean, on pages, on the command line and as
 * files. */
#ifndef ZJ_SERVER_DETECTIONS_H
#define ZJ_SERVER_DETECTIONS_H

#include "facts/facts.h"
#include "paper/paper.h"
#include "sense/sense.h"

extern const struct zj_paper_table zj_paper_detections;

/* As zj_facts_list of detections; each row also has "title", "about", "todo" and "references" of
 * its rule, in the job's language. Rows of a rule that the packs have no longer bear its name. */
zj_err zj_detections_list(struct zj_job *job, struct zj_store *store, const struct zj_scope *scope,
                          const struct zj_detections *rules, const struct zj_facts_query *query,
                          struct zj_json *out);

#endif
