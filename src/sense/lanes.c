/* Packets travel from the reader to a worker in blocks of a few hundred, so that a lock is taken
 * once a block and not once a packet. A fixed number of blocks goes round: the reader waits for a
 * slow worker, and memory stays what it is. */
#include "sense/lanes.h"

#include <pthread.h>
#include <stdatomic.h>

#include "sense/exchange.h"

enum {
    BLOCK_PACKETS = 1024,
    EXCHANGE_DIVISOR = 50, /* of the memory */
    BLOCK_BYTES = 256 * 1024,
    BLOCKS = 8, /* of one worker */
};

struct block {
    struct block *next;
    const char *source;
    size_t count;
    size_t used; /* bytes */
    struct zj_packet pkts[BLOCK_PACKETS];
    uint8_t bytes[BLOCK_BYTES + ZJ_PACKET_BYTES_MAX];
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t is_filled;
    struct block *head, **tail;
};

struct lane {
    struct zj_lanes *lanes;
    pthread_t thread;
    struct zj_job job; /* its own: message and arena */
    struct zj_worker worker;
    struct zj_capture *cap; /* live */
    struct queue full, empty;
    struct block *open; /* the reader's, being filled */
    bool is_ended;      /* under full.lock: no more blocks come */
    zj_err err;
};

struct shared_sink {
    struct zj_sink sink;
    struct zj_sink *inner;
    pthread_mutex_t lock;
};

struct zj_lanes {
    struct shared_sink shared;
    struct zj_exchange *exchange;
    atomic_bool has_failed;
    int count;
    struct lane lane[];
};

static zj_err shared_fact(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                          const struct zj_cell *cells)
{
    struct shared_sink *s = (struct shared_sink *)sink;
    pthread_mutex_lock(&s->lock);
    zj_err err = s->inner->fact(s->inner, job, kind, cells);
    pthread_mutex_unlock(&s->lock);
    return err;
}

static zj_err shared_events(struct zj_sink *sink, struct zj_job *job, struct zj_span lines)
{
    struct shared_sink *s = (struct shared_sink *)sink;
    pthread_mutex_lock(&s->lock);
    zj_err err = s->inner->events(s->inner, job, lines);
    pthread_mutex_unlock(&s->lock);
    return err;
}

static zj_err shared_flush(struct zj_sink *sink, struct zj_job *job)
{
    struct shared_sink *s = (struct shared_sink *)sink;
    pthread_mutex_lock(&s->lock);
    zj_err err = s->inner->flush(s->inner, job);
    pthread_mutex_unlock(&s->lock);
    return err;
}

static zj_err shared_seen(struct zj_sink *sink, struct zj_job *job, const struct zj_seen *seen)
{
    struct shared_sink *s = (struct shared_sink *)sink;
    pthread_mutex_lock(&s->lock);
    zj_err err = s->inner->seen(s->inner, job, seen);
    pthread_mutex_unlock(&s->lock);
    return err;
}

static bool shared_is_busy(struct zj_sink *sink)
{
    struct shared_sink *s = (struct shared_sink *)sink;
    pthread_mutex_lock(&s->lock);
    const bool is_busy = s->inner->is_busy(s->inner);
    pthread_mutex_unlock(&s->lock);
    return is_busy;
}

static void queue_init(struct queue *q)
{
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->is_filled, NULL);
    q->tail = &q->head;
}

static void queue_release(struct queue *q)
{
    while (q->head) {
        struct block *next = q->head->next;
        free(q->head);
        q->head = next;
    }
    pthread_cond_destroy(&q->is_filled);
    pthread_mutex_destroy(&q->lock);
}

static void queue_put(struct queue *q, struct block *block)
{
    block->next = NULL;
    pthread_mutex_lock(&q->lock);
    *q->tail = block;
    q->tail = &block->next;
    pthread_cond_signal(&q->is_filled);
    pthread_mutex_unlock(&q->lock);
}

/* Waits for a block. NULL: *is_ended was set and none is left. */
static struct block *queue_take(struct queue *q, const bool *is_ended)
{
    pthread_mutex_lock(&q->lock);
    while (!q->head && !*is_ended)
        pthread_cond_wait(&q->is_filled, &q->lock);
    struct block *block = q->head;
    if (block) {
        q->head = block->next;
        if (!q->head)
            q->tail = &q->head;
    }
    pthread_mutex_unlock(&q->lock);
    return block;
}

static void work_on(struct lane *lane, const struct block *block)
{
    struct zj_worker *w = &lane->worker;
    w->source = block->source;
    for (size_t at = 0; at < block->count; at += ZJ_BATCH) {
        const size_t left = block->count - at;
        zj_worker_batch(w, block->pkts + at, left < ZJ_BATCH ? left : ZJ_BATCH);
    }
    if (!lane->err)
        lane->err = zj_worker_flush(w, true, false);
    if (lane->err)
        atomic_store(&lane->lanes->has_failed, true);
}

static void *lane_main(void *opaque)
{
    struct lane *lane = opaque;
    if (lane->cap) {
        lane->err = zj_live_run(&lane->worker, lane->cap, lane == &lane->lanes->lane[0]);
    } else {
        for (struct block *block; (block = queue_take(&lane->full, &lane->is_ended));) {
            if (!lane->err)
                work_on(lane, block);
            queue_put(&lane->empty, block);
        }
    }
    const zj_err err = zj_worker_finish(&lane->worker);
    if (!lane->err)
        lane->err = err;
    if (lane->err)
        atomic_store(&lane->lanes->has_failed, true);
    return NULL;
}

static void add_blocks(struct lane *lane)
{
    for (int i = 0; i < BLOCKS; i++) {
        struct block *block = malloc(sizeof *block);
        if (!block)
            abort();
        block->count = block->used = 0;
        queue_put(&lane->empty, block);
    }
}

struct zj_lanes *zj_lanes_start(struct zj_job *job, const struct zj_sense_opts *opts,
                                struct zj_capture **caps, int count, struct zj_sink *sink,
                                int64_t memory_bytes)
{
    struct zj_lanes *lanes = zj_alloc(sizeof *lanes + (size_t)count * sizeof *lanes->lane);
    const int64_t shared_bytes = memory_bytes / EXCHANGE_DIVISOR;
    lanes->count = count;
    lanes->exchange = zj_exchange_new(shared_bytes, count);
    lanes->shared.sink = (struct zj_sink){.fact = shared_fact,
                                          .events = sink->events ? shared_events : NULL,
                                          .flush = shared_flush,
                                          .is_busy = sink->is_busy ? shared_is_busy : NULL,
                                          .seen = sink->seen ? shared_seen : NULL};
    lanes->shared.inner = sink;
    pthread_mutex_init(&lanes->shared.lock, NULL);
    for (int i = 0; i < count; i++) {
        struct lane *lane = &lanes->lane[i];
        lane->lanes = lanes;
        lane->job = *job;
        lane->job.arena = (struct zj_arena){0};
        lane->cap = caps ? caps[i] : NULL;
        queue_init(&lane->full);
        queue_init(&lane->empty);
        if (!lane->cap)
            add_blocks(lane);
        zj_worker_init(&lane->worker, &lane->job, opts, &lanes->shared.sink,
                       (memory_bytes - shared_bytes) / count);
        if (lane->worker.observer)
            zj_observer_join(lane->worker.observer, lanes->exchange);
        if (pthread_create(&lane->thread, NULL, lane_main, lane) != 0)
            abort(); /* as when memory is out */
    }
    return lanes;
}

static void send(struct lane *lane)
{
    queue_put(&lane->full, lane->open);
    lane->open = NULL;
}

void zj_lanes_put(struct zj_lanes *lanes, const struct zj_packet *pkts, size_t count,
                  const char *source)
{
    static const bool never = false;
    for (size_t i = 0; i < count; i++) {
        const uint64_t spread = zj_packet_spread(&pkts[i]);
        struct lane *lane = &lanes->lane[(spread >> 32) * (uint64_t)lanes->count >> 32];
        if (lane->open && lane->open->source != source)
            send(lane);
        if (!lane->open) {
            lane->open = queue_take(&lane->empty, &never);
            lane->open->count = lane->open->used = 0;
            lane->open->source = source;
        }
        struct block *block = lane->open;
        struct zj_packet *copy = &block->pkts[block->count++];
        *copy = pkts[i];
        copy->at = block->bytes + block->used;
        memcpy(block->bytes + block->used, pkts[i].at, pkts[i].len);
        block->used += pkts[i].len;
        if (block->count == BLOCK_PACKETS || block->used >= BLOCK_BYTES)
            send(lane);
    }
}

bool zj_lanes_has_failed(const struct zj_lanes *lanes)
{
    return atomic_load(&lanes->has_failed);
}

zj_err zj_lanes_finish(struct zj_job *job, struct zj_lanes *lanes, struct zj_sense_stats *stats)
{
    zj_err err = ZJ_OK;
    for (int i = 0; i < lanes->count; i++) {
        struct lane *lane = &lanes->lane[i];
        if (lane->open)
            send(lane);
        pthread_mutex_lock(&lane->full.lock);
        lane->is_ended = true;
        pthread_cond_signal(&lane->full.is_filled);
        pthread_mutex_unlock(&lane->full.lock);
    }
    for (int i = 0; i < lanes->count; i++) {
        struct lane *lane = &lanes->lane[i];
        pthread_join(lane->thread, NULL);
        if (lane->err && !err) {
            err = lane->err;
            memcpy(job->message, lane->job.message, sizeof job->message);
        }
        zj_sense_stats_add(stats, &lane->worker.stats);
        zj_worker_release(&lane->worker);
        queue_release(&lane->full);
        queue_release(&lane->empty);
        zj_job_release(&lane->job);
    }
    pthread_mutex_destroy(&lanes->shared.lock);
    zj_exchange_free(lanes->exchange);
    free(lanes);
    return err;
}
