/* What a message means depends on what came before it on whatever flow: a vehicle is online twice,
 * an address guesses, a frame is replayed, a name was asked for. So with several workers one thread
 * observes, in the order of the packets, and the workers only cut and read: each writes what it
 * would tell an observer into pieces of memory that go to that thread and come back. Inside the
 * sensor. */
#ifndef ZJ_SENSE_RELAY_H
#define ZJ_SENSE_RELAY_H

#include <stdatomic.h>

#include "sense/worker.h"

/* Notes of a worker, one behind the other. */
struct zj_piece {
    struct zj_piece *next;
    size_t used, room;
    _Alignas(max_align_t) uint8_t bytes[];
};

struct zj_piece *zj_piece_new(size_t room);

/* The worker's end. */
struct zj_relay {
    struct zj_piece *open;
    /* Takes a piece that is done with and gives one with `room` bytes or more; waits for it. */
    struct zj_piece *(*swap)(struct zj_relay *relay, struct zj_piece *done, size_t room);
    void *owner;
    bool is_live;     /* notes stand in the order of time; else of `base` and the packet's number */
    bool leaves_scans; /* payloads are looked through by the observer, which has time for it */
    bool wants_flows;  /* the end of a flow without a message too: for events */
    uint64_t base;    /* of the capture at hand */
    atomic_ulong until; /* all notes of less than this order were handed over */
    atomic_bool has_failed;
    uint32_t *unused;                          /* numbers of sessions given back */
    uint32_t unused_count, number_count, room; /* of both lists */
    uint8_t (*messages)[2];                    /* of a session, by its number */
};

#define ZJ_RELAY_END UINT64_MAX         /* of `until` */
enum { ZJ_RELAY_LAST = (1 << 20) - 1 }; /* as a file: behind all others */

void zj_relay_release(struct zj_relay *relay);
/* An observer that only looks through payloads and writes notes. */
struct zj_observer *zj_observer_relay(struct zj_relay *relay, const struct zj_sense_opts *opts);

/* For the observer's functions of the same names. */
void zj_relay_message(struct zj_observer *obs, struct zj_session **session,
                      const struct zj_moment *at, const struct zj_msg *msg);
void zj_relay_flow_end(struct zj_relay *relay, struct zj_session **session,
                       const struct zj_moment *at, const uint64_t packets[2],
                       const uint64_t bytes[2], int64_t first_ns);
/* Before each file: notes of a later one stand behind all of an earlier one. */
void zj_relay_begin(struct zj_relay *relay, size_t file);
/* Behind this packet of a file, facts that are due go to the sink. */
void zj_relay_flush(struct zj_relay *relay, uint64_t packet, int64_t time_ns);
/* Nothing of a packet before this one comes any more; live, of a time before. `is_due`: what is noted
 * is handed over. ZJ_EIO: the observer's sink failed, which the observer tells. */
zj_err zj_relay_reach(struct zj_relay *relay, uint64_t packet, bool is_due);

/* The observer's end of one worker: what it has of its pieces, and the sessions by their numbers.
 */
struct zj_relayed {
    struct zj_piece *piece;
    size_t at; /* of the next note */
    struct zj_session **sessions;
    uint32_t session_count;
};

struct zj_note;

void zj_relayed_release(struct zj_relayed *from);
/* The next note of the piece; NULL: there is none left. */
static inline const struct zj_note *zj_relayed_next(const struct zj_relayed *from)
{
    const struct zj_piece *piece = from->piece;
    return piece && from->at < piece->used ? (const void *)(piece->bytes + from->at) : NULL;
}
uint64_t zj_note_order(const struct zj_note *note);
/* It says nothing to the observer but that facts are to be flushed, at this time. */
bool zj_note_is_flush(const struct zj_note *note, int64_t *out_time_ns);
void zj_relayed_skip(struct zj_relayed *from, const struct zj_note *note);
/* As zj_observe_prefetch, for a note that is observed soon. */
void zj_note_ask(const struct zj_relayed *from, const struct zj_note *note,
                 const struct zj_observer *obs, int step);
/* Tells the observer what the note says. `msg` is room to work in. */
void zj_note_observe(struct zj_relayed *from, const struct zj_note *note, struct zj_observer *obs,
                     struct zj_msg *msg);

#endif
