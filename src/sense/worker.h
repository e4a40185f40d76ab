/* Inside the sensor: what the packet path hands to the fact path. A worker owns its flows, an observer
 * its sessions and facts; neither is shared between threads. Not for other rooms. */
#ifndef ZJ_SENSE_WORKER_H
#define ZJ_SENSE_WORKER_H

#include "sense/sense.h"
#include "wire/wire.h"

/* Which side opened the connection, as seen: dir 0 is client to server, 1 server to client. */
struct zj_flow_key {
    struct zj_addr client, server;
    uint16_t client_port, server_port;
    uint8_t over; /* ZJ_OVER_TCP or ZJ_OVER_UDP */
};

struct zj_session; /* sense/session.c: what decoded frames told of a flow; made on demand */
struct zj_observer; /* sense/observe.c: facts, detections and events of a worker */

/* Where the data of a frame is to be looked for. */
enum zj_data {
    ZJ_DATA_IN_FRAME,
    ZJ_DATA_PACKED, /* its body is packed: what could be unpacked of it comes behind it */
    ZJ_DATA_ALONE,  /* the frame is no message: unpacked bytes, or text of no protocol */
};

/* The protocol of text without one: told by its content alone, and in no list. */
extern const struct zj_codec zj_codec_text;

/* What is known at the moment a frame is handed over. */
struct zj_moment {
    const struct zj_flow_key *key;
    const struct zj_codec *codec;
    int dir;
    uint64_t flow_id;      /* stable for the flow, as EVE's flow_id */
    int64_t time_ns;       /* of the packet that completed the frame */
    uint64_t packet;       /* its number in the capture, from 1 */
    const char *source;    /* capture file or interface */
    struct zj_span frame;  /* the raw bytes; borrowed */
    bool has_opening;      /* the flow was seen from its SYN on */
    uint8_t data;          /* enum zj_data */
};

/* One for all workers. Its tables of fixed size take their part of `memory_bytes`;
 * those that grow with the fleet have the rest of it and what `common` gives. */
struct zj_observer *zj_observer_new(struct zj_job *job, const struct zj_sense_opts *opts,
                                    struct zj_sink *sink, struct zj_sense_stats *stats,
                                    int64_t memory_bytes, int64_t *common);
void zj_observer_free(struct zj_observer *obs);

/* A flow was recognised as a protocol. */
void zj_observe_protocol(struct zj_observer *obs, struct zj_session **session,
                         const struct zj_moment *at);
/* One frame was cut out of the stream and read. msg->error tells whether it is valid. */
void zj_observe_message(struct zj_observer *obs, struct zj_session **session,
                        const struct zj_moment *at, const struct zj_msg *msg);
/* A flow ended or expired: totals of both directions. Frees the session. `codec` NULL: unknown. */
void zj_observe_flow_end(struct zj_observer *obs, struct zj_session **session,
                         const struct zj_moment *at, const uint64_t packets[2],
                         const uint64_t bytes[2], int64_t first_ns);
/* A message of this session (NULL: none yet) is likely soon. Step 0 asks for the session, step 1, a
 * while later, for the records it used last. Only a hint. */
void zj_observe_prefetch(const struct zj_observer *obs, const struct zj_session *session, int step);
/* Now and then, in packet time: expiry of windows; sends what is due to the sink. force: all. */
zj_err zj_observe_flush(struct zj_observer *obs, struct zj_job *job, int64_t now_ns, bool force);

#endif
