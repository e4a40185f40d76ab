/* A store with something in it: a synthetic company with the traffic of a fleet that contradicts some
 * of what it declares, and around it the world of demo/demo.h. */
#ifndef ZJ_CLI_DEMO_H
#define ZJ_CLI_DEMO_H

#include "demo/demo.h"

/* Into a store made for it. The capture is kept beside the store, for evidence refers to it. */
zj_err zj_demo_load(struct zj_job *job, struct zj_store *store, struct zj_demo_result *out);

/* Writes files beside the store and takes an inventory of them for the maker. */
zj_err zj_demo_inventory(struct zj_job *job, struct zj_store *store);

#endif
