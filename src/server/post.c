/* One thread that sends: reminders become messages, messages go out. It has its own connection, and
 * holds no transaction while it waits for an answer. */
#include <string.h>
#include <time.h>

#include "server/core.h"

enum { PAUSE_S = 5, PAUSE_AFTER_FAULT_S = 60 };

struct zj_post {
    struct zj_server *server;
    struct zj_room room;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    bool is_stopping;
};

static bool wait_for(struct zj_post *post, int seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += seconds;
    pthread_mutex_lock(&post->lock);
    if (!post->is_stopping)
        pthread_cond_timedwait(&post->stop, &post->lock, &until);
    const bool goes_on = !post->is_stopping;
    pthread_mutex_unlock(&post->lock);
    return goes_on;
}

static void *run(void *arg)
{
    struct zj_post *post = arg;
    int pause_s;
    do {
        int64_t sent = 0;
        zj_arena_reset(&post->room.job.arena);
        zj_err err = zj_outbox_fill(&post->room.job, post->room.store, zj_work_title);
        if (!err)
            err = zj_outbox_send(&post->room.job, post->room.store, &sent);
        pause_s = err ? PAUSE_AFTER_FAULT_S : PAUSE_S;
        if (err && err != ZJ_EINTR)
            zj_log(err == ZJ_EBUSY ? "warn" : "error", "outbox", "code=%s msg=\"%s\"",
                   zj_err_info(err)->name, post->room.job.message);
        else if (sent)
            zj_log("info", "outbox", "sent=%lld", (long long)sent);
        zj_job_clear(&post->room.job);
    } while (wait_for(post, pause_s));
    return NULL;
}

zj_err zj_post_start(struct zj_job *job, struct zj_server *server, struct zj_post **out)
{
    struct zj_post *post = zj_alloc(sizeof *post);
    post->server = server;
    pthread_mutex_init(&post->lock, NULL);
    pthread_cond_init(&post->stop, NULL);
    zj_err err = zj_room_open(job, server, "server", &post->room);
    if (!err && pthread_create(&post->thread, NULL, run, post) == 0) {
        *out = post;
        return ZJ_OK;
    }
    if (!err)
        err = zj_fail(job, ZJ_EIO, "no thread for messages");
    zj_room_close(&post->room);
    free(post);
    return err;
}

void zj_post_stop(struct zj_post *post)
{
    if (!post)
        return;
    pthread_mutex_lock(&post->lock);
    post->is_stopping = true;
    pthread_cond_signal(&post->stop);
    pthread_mutex_unlock(&post->lock);
    pthread_join(post->thread, NULL);
    pthread_mutex_destroy(&post->lock);
    pthread_cond_destroy(&post->stop);
    zj_room_close(&post->room);
    free(post);
}
