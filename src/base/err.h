/* The kinds of failure that reach a caller. The list is err.def; a kind has an exit status, an HTTP
 * status and one sentence in each language. What exactly went wrong stands in job->message. */
#ifndef ZJ_BASE_ERR_H
#define ZJ_BASE_ERR_H

typedef enum zj_err {
    ZJ_OK = 0,
#define ZJ_ERR(name, exit_status, http_status, en, zh) ZJ_##name,
#include "base/err.def"
#undef ZJ_ERR
} zj_err;

enum {
    ZJ_ERR_COUNT = 1
#define ZJ_ERR(name, exit_status, http_status, en, zh) +1
#include "base/err.def"
#undef ZJ_ERR
};

struct zj_err_info {
    const char *name; /* "EINPUT": stable, part of the API */
    int exit_status;
    int http_status;
    const char *en;
    const char *zh;
};

/* Never NULL; ZJ_OK has the name "OK", exit status 0 and HTTP status 200. */
const struct zj_err_info *zj_err_info(zj_err err);

#endif
