/* A store with something in it: a synthetic company and bureau, their registers and the traffic of
 * a fleet that contradicts some of them. */
#ifndef ZJ_CLI_DEMO_H
#define ZJ_CLI_DEMO_H

#include "store/store.h"

/* Into a store made for it. The capture is kept beside the store, for evidence refers to it. */
zj_err zj_demo_load(struct zj_job *job, struct zj_store *store);

#endif
