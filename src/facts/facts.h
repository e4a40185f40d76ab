/* The observed side of the store: the tables of base/fact.h, and a sink that fills them. */
#ifndef ZJ_FACTS_FACTS_H
#define ZJ_FACTS_FACTS_H

#include "base/sink.h"
#include "store/store.h"

/* Makes fact_* tables that are missing and adds columns that are. Called by whoever opens a store. */
zj_err zj_facts_migrate(struct zj_job *job, struct zj_store *store);

/* A sink that folds rows into the tables: upserts in batches of 10,000 rows or 1 s, each batch one
 * transaction. A fact belongs to the organisation whose networks hold its own-side address
 * (identity, service, hourly: server; transfer: src; command: sender; detection: dst, then src);
 * where none does, to `default_org` (0: nobody, seen by the bureau only). Does not own the store. */
struct zj_sink *zj_facts_sink(struct zj_store *store, int64_t default_org);

#endif
