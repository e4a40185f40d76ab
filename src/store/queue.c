/* Writers of one process, first come first served. The database alone lets whoever asks at the
 * right moment in, so that one writer of many batches keeps all others out; here the next batch
 * waits behind those who came before it. Tickets are drawn and called in order. */
#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "store/backend.h"

enum { WAIT_MS = 120000, STOP_MS = 1500, LOOK_MS = 100 };

struct zj_write_queue {
    pthread_mutex_t lock;
    pthread_cond_t is_called;
    uint64_t next, called; /* ticket to draw, ticket whose turn it is */
    uint64_t gone[64];     /* a bit a ticket: who gave up; a ring of 4096 */
};

enum { RING = 64 * 64 };

struct zj_write_queue *zj_write_queue_new(void)
{
    struct zj_write_queue *queue = zj_alloc(sizeof *queue);
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->is_called, NULL);
    return queue;
}

void zj_write_queue_free(struct zj_write_queue *queue)
{
    if (!queue)
        return;
    pthread_mutex_destroy(&queue->lock);
    pthread_cond_destroy(&queue->is_called);
    free(queue);
}

static uint64_t *word_of(struct zj_write_queue *queue, uint64_t ticket)
{
    return &queue->gone[ticket % RING / 64];
}

static uint64_t bit_of(uint64_t ticket)
{
    return UINT64_C(1) << (ticket % 64);
}

static void call_next(struct zj_write_queue *queue)
{
    queue->called++;
    while (queue->called < queue->next &&
           (*word_of(queue, queue->called) & bit_of(queue->called))) {
        *word_of(queue, queue->called) &= ~bit_of(queue->called);
        queue->called++;
    }
    pthread_cond_broadcast(&queue->is_called);
}

/* The next moment to look at the time and at the wish to stop, after which a last chance is given:
 * what is in memory is to be written. */
static struct timespec look_at(void)
{
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_nsec += LOOK_MS * 1000000L;
    at.tv_sec += at.tv_nsec / 1000000000;
    at.tv_nsec %= 1000000000;
    return at;
}

zj_err zj_write_queue_enter(struct zj_job *job, struct zj_write_queue *queue)
{
    int waited_ms = 0, stop_ms = 0;
    pthread_mutex_lock(&queue->lock);
    const uint64_t ticket = queue->next++;
    while (queue->called != ticket && waited_ms < WAIT_MS && stop_ms < STOP_MS) {
        const struct timespec until = look_at();
        const int error = pthread_cond_timedwait(&queue->is_called, &queue->lock, &until);
        waited_ms += error == ETIMEDOUT ? LOOK_MS : 0;
        stop_ms += error == ETIMEDOUT && zj_is_interrupted(job) ? LOOK_MS : 0;
    }
    const bool is_in = queue->called == ticket;
    if (!is_in)
        *word_of(queue, ticket) |= bit_of(ticket);
    pthread_mutex_unlock(&queue->lock);
    return is_in ? ZJ_OK
                 : zj_fail(job, ZJ_EBUSY, "%s",
                           zj_tr(job, "others have been writing to the store for two minutes",
                                 "存储被其他写入占用超过两分钟"));
}

void zj_write_queue_leave(struct zj_write_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    call_next(queue);
    pthread_mutex_unlock(&queue->lock);
}
