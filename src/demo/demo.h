/* A small world for trying Zhuji out: companies of several kinds, both bureaus and an assessor, with
 * rows in every register and cases at every stage, good ones and bad ones. All of it is synthetic
 * and says so; dates are told from today, so that what is due is due. */
#ifndef ZJ_DEMO_DEMO_H
#define ZJ_DEMO_DEMO_H

#include "base/job.h"
#include "store/store.h"

enum { ZJ_DEMO_ORGS_MAX = 16 };

struct zj_demo_result {
    int64_t rows, cases;
    int64_t stopped; /* acts on cases that were refused: none where data and tables fit */
    char stopped_why[300]; /* the last of them */
    struct {
        const char *key; /* "maker", "platform" … */
        int64_t org_id;
    } orgs[ZJ_DEMO_ORGS_MAX];
    size_t org_count;
};

/* `maker_id` is a company that is there already, with its cards and vehicles. */
zj_err zj_demo_fill(struct zj_job *job, struct zj_store *store, int64_t maker_id,
                    int64_t bureau_id, struct zj_demo_result *out);

#endif
