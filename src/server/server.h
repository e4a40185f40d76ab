/* The server: API and console over HTTP, sessions and roles, rules evaluated as facts come in. */
#ifndef ZJ_SERVER_SERVER_H
#define ZJ_SERVER_SERVER_H

#include "base/job.h"
#include "server/accounts.h"
#include "server/approvals.h"
#include "server/detections.h"

struct zj_serve_opts {
    const char *listen;          /* "127.0.0.1:8800" */
    const char *const *captures; /* sensed once, in turn, while serving */
    size_t capture_count;
    const char *interface; /* sensed as long as the server runs; NULL: none */
    const char *org;       /* code: what the sensor sees is this organisation's */
    const char *kafka;     /* facts are taken from there, as base/kafka.h reads it; NULL: none */
    const char *web_dir;   /* NULL: the console that Zhuji ships with */
    bool logs_requests;
};

/* Serves job->db until the job is interrupted; what is under way then ends first. */
zj_err zj_serve(struct zj_job *job, const struct zj_serve_opts *opts);

#endif
