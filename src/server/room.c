#include "server/core.h"

zj_err zj_room_open(struct zj_job *job, struct zj_server *server, const char *actor,
                    struct zj_room *out)
{
    zj_job_init(&out->job);
    out->job.lang = job->lang;
    out->job.db = job->db;
    out->job.actor = actor;
    out->job.quiet = true;
    out->pairs = (struct zj_pairs){0};
    out->job.pairs = &out->pairs;
    out->job.fixed_now_ns = job->fixed_now_ns;
    out->job.interrupted = &server->is_stopping;
    zj_err err = zj_store_open(job, job->db, 0, &out->store);
    if (!err)
        zj_store_queue(out->store, server->writers);
    return err;
}

void zj_room_close(struct zj_room *room)
{
    zj_store_close(room->store);
    zj_job_release(&room->job);
}
