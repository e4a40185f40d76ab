/* Pieces of notes go round between a worker and the observer, a fixed number for each worker: one
 * that is ahead waits for its pieces, and memory stays what it is. The observer always has work: of
 * what is noted the first is behind nothing that is still to come from the worker that is farthest
 * behind, and that one has pieces. Live, where a part of an interface may be silent, it waits for
 * order only so long. */
#include "sense/lanes.h"

#include <errno.h>
#include <pthread.h>

#include "base/clock.h"
#include "base/pairs.h"
#include "sense/relay.h"

enum {
    PIECES_DIVISOR = 32, /* of the memory, for all */
    PIECES_LEAST = 8,    /* of one worker */
    PIECES_FILE = 8,
    PIECES_LIVE = 64, /* a part of an interface tells late of what it has */
    PIECE_MOST = 256 * 1024,
    PIECE_LEAST = 16 * 1024,
    GATHER = 32, /* notes observed at once: what is worth a prefetch */
    WAIT_MS = 50,
};
/* Live: for so long a note waits for what may come before it. */
#define LATE_NS INT64_C(300000000)

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t is_filled;
    struct zj_piece *head, **tail;
    int64_t count;
};

struct lane {
    struct zj_lanes *lanes;
    pthread_t thread;
    bool is_running; /* else it could not be started */
    struct zj_job job; /* its own: message and arena */
    struct zj_pairs pairs;
    struct zj_worker worker;
    struct zj_relay relay;
    struct queue full, empty;
    atomic_bool is_starved; /* waits for a piece */
    uint32_t number;
    zj_err err;
    /* the observer's */
    struct zj_relayed in;
    struct zj_piece *read; /* all of it was gathered, not yet observed */
    uint64_t until;        /* at least: where nothing is at hand */
};

struct zj_lanes {
    struct zj_job *job;
    const struct zj_sense_opts *opts;
    struct zj_capture **caps;
    size_t cap_count;
    int64_t pieces, piece_bytes; /* of one worker; of one piece */
    bool is_paced;               /* live, or from a pipe: flushed by our clock */
    /* rung where a worker handed something over, or waits for a piece */
    pthread_mutex_t bell;
    pthread_cond_t is_rung;
    uint64_t rings;
    struct zj_observer *observer; /* NULL: stop after flows */
    struct zj_sense_stats stats;  /* its own */
    int64_t common;
    atomic_ulong packets; /* live: of all lanes, for the line that tells how it goes */
    int64_t flushed_ns;
    zj_err err;         /* the sink's */
    struct zj_msg msg;
    int count;
    struct lane lane[];
};

static void queue_init(struct queue *q)
{
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->is_filled, NULL);
    q->tail = &q->head;
}

static void queue_release(struct queue *q)
{
    while (q->head) {
        struct zj_piece *next = q->head->next;
        free(q->head);
        q->head = next;
    }
    pthread_cond_destroy(&q->is_filled);
    pthread_mutex_destroy(&q->lock);
}

/* Gives how many are in it now. */
static int64_t queue_put(struct queue *q, struct zj_piece *piece)
{
    piece->next = NULL;
    pthread_mutex_lock(&q->lock);
    *q->tail = piece;
    q->tail = &piece->next;
    const int64_t count = ++q->count;
    pthread_cond_signal(&q->is_filled);
    pthread_mutex_unlock(&q->lock);
    return count;
}

/* NULL: none is there, and it does not wait. */
static struct zj_piece *queue_take(struct queue *q, bool waits)
{
    pthread_mutex_lock(&q->lock);
    while (!q->head && waits)
        pthread_cond_wait(&q->is_filled, &q->lock);
    struct zj_piece *piece = q->head;
    if (piece) {
        q->count--;
        q->head = piece->next;
        if (!q->head)
            q->tail = &q->head;
    }
    pthread_mutex_unlock(&q->lock);
    return piece;
}

static void ring(struct zj_lanes *lanes)
{
    pthread_mutex_lock(&lanes->bell);
    lanes->rings++;
    pthread_cond_signal(&lanes->is_rung);
    pthread_mutex_unlock(&lanes->bell);
}

/* --- the workers
 * ---------------------------------------------------------------------------------- */
/* A note larger than a piece has one of its own size. */
static struct zj_piece *swap(struct zj_relay *relay, struct zj_piece *done, size_t room)
{
    struct lane *lane = relay->owner;
    if (done->used) {
        relay->leaves_scans = queue_put(&lane->full, done) <= lane->lanes->pieces / 2;
        done = queue_take(&lane->empty, false);
        atomic_store(&lane->is_starved, !done);
        ring(lane->lanes);
        done = done ? done : queue_take(&lane->empty, true);
        atomic_store(&lane->is_starved, false);
    }
    if (done->room < room) {
        free(done);
        done = zj_piece_new(room);
    }
    return done;
}

static void *lane_main(void *opaque)
{
    struct lane *lane = opaque;
    struct zj_lanes *lanes = lane->lanes;
    struct zj_worker *w = &lane->worker;
    lane->err =
        lanes->opts->interface ? zj_live_run(w, lanes->caps[lane->number], lane->number == 0)
                               : zj_files_run(w, lanes->caps, lanes->cap_count);
    zj_relay_begin(&lane->relay, ZJ_RELAY_LAST);
    zj_worker_finish(w);
    zj_relay_reach(&lane->relay, ZJ_RELAY_END, true);
    ring(lanes);
    return NULL;
}

/* Those that run stop when they look. */
static void fail_all(struct zj_lanes *lanes, zj_err err)
{
    lanes->err = err;
    for (int i = 0; i < lanes->count; i++)
        atomic_store(&lanes->lane[i].relay.has_failed, true);
}

static void lane_start(struct lane *lane, struct zj_lanes *lanes, uint32_t number,
                       int64_t memory_bytes)
{
    const bool is_one_of_files = !lanes->opts->interface && lanes->count > 1;
    lane->lanes = lanes;
    lane->number = number;
    lane->job = *lanes->job;
    lane->job.arena = (struct zj_arena){0};
    lane->job.pairs = lanes->job->pairs ? &lane->pairs : NULL;
    lane->job.quiet |= number > 0 && !lanes->opts->interface; /* all read the same */
    zj_worker_init(&lane->worker, &lane->job, lanes->opts, NULL, memory_bytes);
    lane->worker.share = number;
    lane->worker.all_packets = &lanes->packets;
    lane->worker.shares = is_one_of_files ? (uint32_t)lanes->count : 0;
    queue_init(&lane->full);
    queue_init(&lane->empty);
    lane->relay = (struct zj_relay){.open = zj_piece_new((size_t)lanes->piece_bytes),
                                    .swap = swap,
                                    .owner = lane,
                                    .is_live = lanes->opts->interface,
                                    .wants_flows = lanes->opts->want_events};
    for (int64_t i = 1; i < lanes->pieces; i++)
        queue_put(&lane->empty, zj_piece_new((size_t)lanes->piece_bytes));
    lane->worker.relay = &lane->relay;
    if (lanes->observer)
        lane->worker.observer = zj_observer_relay(&lane->relay, lanes->opts);
    const int failed = lanes->err ? 0 : pthread_create(&lane->thread, NULL, lane_main, lane);
    lane->is_running = !lanes->err && !failed;
    if (lane->is_running)
        return;
    atomic_store(&lane->relay.until, ZJ_RELAY_END);
    if (failed)
        fail_all(lanes, zj_fail(lanes->job, ZJ_EIO,
                                zj_tr(lanes->job, "thread %u cannot be started (error %d)",
                                      "无法启动第 %u 个线程（错误 %d）"),
                                number + 2, failed));
}

static void lane_finish(struct lane *lane, struct zj_sense_stats *stats)
{
    zj_sense_stats_add(stats, &lane->worker.stats);
    zj_worker_release(&lane->worker);
    zj_relay_release(&lane->relay);
    zj_relayed_release(&lane->in);
    queue_release(&lane->full);
    queue_release(&lane->empty);
    zj_job_release(&lane->job);
}

/* --- the observer
 * --------------------------------------------------------------------------------- */
struct gathered {
    struct lane *lane;
    const struct zj_note *note;
};

/* The next note of a lane, from its next piece where this one is read. Asked for before what came
 * is looked at, `until` holds for all that comes later. */
static const struct zj_note *head_of(struct lane *lane)
{
    const struct zj_note *note = zj_relayed_next(&lane->in);
    if (note)
        return note;
    lane->until = atomic_load_explicit(&lane->relay.until, memory_order_acquire);
    struct zj_piece *piece = queue_take(&lane->full, false);
    if (!piece)
        return NULL;
    if (lane->in.piece) {
        lane->in.piece->next = lane->read;
        lane->read = lane->in.piece;
    }
    lane->in.piece = piece;
    lane->in.at = 0;
    return zj_relayed_next(&lane->in);
}

/* Of all lanes the one whose next note is first, and up to where it may go on without a look at the
 * others. NULL: nothing is there, or something may still come before it. */
static struct lane *first_lane(struct zj_lanes *lanes, bool keeps_order, uint64_t *out_limit)
{
    struct lane *first = NULL;
    uint64_t least = UINT64_MAX, next = UINT64_MAX, until = UINT64_MAX;
    for (int i = 0; i < lanes->count; i++) {
        struct lane *lane = &lanes->lane[i];
        const struct zj_note *note = head_of(lane);
        const uint64_t order = note ? zj_note_order(note) : UINT64_MAX;
        if (!note) {
            until = lane->until < until ? lane->until : until;
        } else if (order < least || !first) {
            next = least;
            least = order;
            first = lane;
        } else if (order < next) {
            next = order;
        }
    }
    *out_limit = keeps_order && until < next ? until : next;
    return first && (!keeps_order || least < until) ? first : NULL;
}

static size_t gather(struct zj_lanes *lanes, bool keeps_order, struct gathered out[GATHER])
{
    size_t n = 0;
    uint64_t limit;
    for (struct lane *lane; n < GATHER && (lane = first_lane(lanes, keeps_order, &limit));) {
        const struct zj_note *note = zj_relayed_next(&lane->in);
        do {
            out[n++] = (struct gathered){lane, note};
            zj_relayed_skip(&lane->in, note);
            note = zj_relayed_next(&lane->in);
        } while (n < GATHER && note && zj_note_order(note) < limit);
    }
    return n;
}

/* Pieces that were observed go back, those that had to be larger as usual ones. */
static void give_back(struct zj_lanes *lanes)
{
    for (int i = 0; i < lanes->count; i++) {
        struct lane *lane = &lanes->lane[i];
        if (lane->in.piece && !zj_relayed_next(&lane->in)) {
            lane->in.piece->next = lane->read;
            lane->read = lane->in.piece;
            lane->in.piece = NULL;
        }
        for (struct zj_piece *piece; (piece = lane->read);) {
            lane->read = piece->next;
            if (piece->room > (size_t)lanes->piece_bytes) {
                free(piece);
                piece = zj_piece_new((size_t)lanes->piece_bytes);
            }
            piece->used = 0;
            queue_put(&lane->empty, piece);
        }
    }
}

static void flush_facts(struct zj_lanes *lanes, int64_t now_ns, bool force)
{
    if (lanes->err)
        return;
    const zj_err err = zj_observe_flush(lanes->observer, lanes->job, now_ns, force);
    if (err)
        fail_all(lanes, err);
}

static void observe(struct zj_lanes *lanes, const struct gathered *notes, size_t count)
{
    for (int step = 0; step < 2; step++)
        for (size_t i = 0; i < count; i++)
            zj_note_ask(&notes[i].lane->in, notes[i].note, lanes->observer, step);
    for (size_t i = 0; i < count; i++) {
        int64_t time_ns;
        if (zj_note_is_flush(notes[i].note, &time_ns))
            flush_facts(lanes, time_ns, false);
        else
            zj_note_observe(&notes[i].lane->in, notes[i].note, lanes->observer, &lanes->msg);
    }
    give_back(lanes);
}

/* For files a note says when, so that every run writes the same; here, by the clock for the rest. */
static void flush_when_due(struct zj_lanes *lanes)
{
    const struct zj_sense_opts *opts = lanes->opts;
    const int64_t every_ns = (opts->flush_ms ? opts->flush_ms : 1000) * 1000000;
    const int64_t tick_ns = lanes->is_paced ? zj_tick_ns() : lanes->flushed_ns;
    if (tick_ns - lanes->flushed_ns < every_ns)
        return;
    lanes->flushed_ns = tick_ns;
    flush_facts(lanes, opts->interface ? zj_now_ns(lanes->job) : 0, false);
}

static bool is_ended(const struct zj_lanes *lanes)
{
    bool is_all = true;
    for (int i = 0; i < lanes->count; i++)
        is_all &= lanes->lane[i].until == ZJ_RELAY_END;
    return is_all;
}

/* Live: somebody cannot go on, or the first note waits too long for what may come before it. */
static bool is_pressed(const struct zj_lanes *lanes)
{
    const uint64_t late_ns = (uint64_t)(zj_now_ns(lanes->job) - LATE_NS);
    bool is_any = false;
    for (int i = 0; i < lanes->count && lanes->opts->interface; i++) {
        const struct zj_note *note = zj_relayed_next(&lanes->lane[i].in);
        is_any |=
            atomic_load(&lanes->lane[i].is_starved) || (note && zj_note_order(note) < late_ns);
    }
    return is_any;
}

/* Until somebody rings after `rings`, or a while. */
static void wait_for_bell(struct zj_lanes *lanes, uint64_t rings)
{
    struct timespec end;
    int reason = 0;
    clock_gettime(CLOCK_MONOTONIC, &end); /* the wall clock may be set back for hours */
    end.tv_nsec += WAIT_MS * 1000000;
    end.tv_sec += end.tv_nsec / ZJ_NS_PER_S;
    end.tv_nsec %= ZJ_NS_PER_S;
    pthread_mutex_lock(&lanes->bell);
    while (lanes->rings == rings && reason != ETIMEDOUT)
        reason = pthread_cond_clockwait(&lanes->is_rung, &lanes->bell, CLOCK_MONOTONIC, &end);
    pthread_mutex_unlock(&lanes->bell);
}

static uint64_t rings_of(struct zj_lanes *lanes)
{
    pthread_mutex_lock(&lanes->bell);
    const uint64_t rings = lanes->rings;
    pthread_mutex_unlock(&lanes->bell);
    return rings;
}

static void observe_all(struct zj_lanes *lanes)
{
    struct gathered notes[GATHER];
    lanes->flushed_ns = zj_tick_ns();
    for (;;) {
        const uint64_t rings = rings_of(lanes);
        size_t count = gather(lanes, true, notes);
        if (!count && is_pressed(lanes))
            count = gather(lanes, false, notes);
        if (count)
            observe(lanes, notes, count);
        else if (is_ended(lanes))
            break;
        else
            wait_for_bell(lanes, rings);
        flush_when_due(lanes);
    }
    flush_facts(lanes, 0, true);
}

/* Of the memory, what the workers share: the pieces take their part of it first. The observer has as
 * much as with one worker. */
static int64_t plan_pieces(struct zj_lanes *lanes, int64_t memory_bytes)
{
    const int64_t of_one = memory_bytes / PIECES_DIVISOR / lanes->count;
    const int64_t most = lanes->opts->interface ? PIECES_LIVE : PIECES_FILE;
    lanes->piece_bytes = of_one / PIECES_LEAST;
    if (lanes->piece_bytes > PIECE_MOST)
        lanes->piece_bytes = PIECE_MOST;
    if (lanes->piece_bytes < PIECE_LEAST)
        lanes->piece_bytes = PIECE_LEAST;
    lanes->pieces = of_one / lanes->piece_bytes;
    if (lanes->pieces > most)
        lanes->pieces = most;
    if (lanes->pieces < PIECES_LEAST)
        lanes->pieces = PIECES_LEAST;
    const int64_t bytes = lanes->count * lanes->pieces * lanes->piece_bytes;
    const int64_t left = memory_bytes - bytes * ZJ_WORKERS_PART;
    return left > memory_bytes / 2 ? left : memory_bytes / 2;
}

static struct zj_lanes *lanes_new(struct zj_job *job, const struct zj_sense_opts *opts,
                                  struct zj_capture **caps, size_t cap_count, int count)
{
    struct zj_lanes *lanes = zj_alloc(sizeof *lanes + (size_t)count * sizeof *lanes->lane);
    lanes->job = job;
    lanes->opts = opts;
    lanes->caps = caps;
    lanes->cap_count = cap_count;
    lanes->count = count;
    for (size_t i = 0; i < cap_count; i++)
        lanes->is_paced |= zj_capture_is_paced(caps[i]);
    pthread_mutex_init(&lanes->bell, NULL);
    pthread_cond_init(&lanes->is_rung, NULL);
    return lanes;
}

/* What the sink said comes first: the workers only stop for it. */
static zj_err lanes_end(struct zj_lanes *lanes, struct zj_sense_stats *stats)
{
    zj_err err = lanes->err;
    for (int i = 0; i < lanes->count; i++) {
        struct lane *lane = &lanes->lane[i];
        if (lane->is_running)
            pthread_join(lane->thread, NULL);
        if (lane->err && !err) {
            err = lane->err;
            memcpy(lanes->job->message, lane->job.message, sizeof lane->job.message);
            memcpy(lanes->job->other_message, lane->job.other_message,
                   sizeof lane->job.other_message);
        }
        lane_finish(lane, stats);
    }
    zj_observer_free(lanes->observer);
    zj_sense_stats_add(stats, &lanes->stats);
    pthread_mutex_destroy(&lanes->bell);
    pthread_cond_destroy(&lanes->is_rung);
    free(lanes);
    return err;
}

zj_err zj_lanes_run(struct zj_job *job, const struct zj_sense_opts *opts, struct zj_capture **caps,
                    size_t cap_count, int workers, struct zj_sink *sink, int64_t memory_bytes,
                    struct zj_sense_stats *stats)
{
    struct zj_lanes *lanes = lanes_new(job, opts, caps, cap_count, workers);
    const int64_t left = plan_pieces(lanes, memory_bytes);
    if (!opts->parse_only)
        lanes->observer = zj_worker_observer(job, opts, sink, &lanes->stats, memory_bytes,
                                             &lanes->common);
    for (int i = 0; i < workers; i++)
        lane_start(&lanes->lane[i], lanes, (uint32_t)i, left / workers);
    if (lanes->observer)
        observe_all(lanes);
    return lanes_end(lanes, stats);
}
