/* What a worker holds, and the way from a segment to the observer: reassembly, recognition,
 * framing. Inside the sensor. */
#ifndef ZJ_SENSE_STREAM_H
#define ZJ_SENSE_STREAM_H

#include "sense/flow.h"
#include "sense/pool.h"

enum {
    ZJ_HELD_SEGMENTS_MAX = 64, /* out of order, of one direction */
    ZJ_HELD_BYTES_MAX = 256 * 1024,
    ZJ_LOOK_BYTES = 64, /* what recognition looks at */
    ZJ_TAIL_MAX = 512,  /* of data: kept so that no value is cut */
    ZJ_GZIP_FIRST = 0x1f,
};

struct zj_segment {
    struct zj_segment *next;
    uint32_t seq, len, room;
    uint8_t bytes[];
};

struct zj_unpack; /* unpack.c */

/* One direction. */
struct zj_half {
    struct zj_wire_state wire;
    uint8_t *buf; /* the start of a frame that is not whole yet, or the end of a piece of text */
    uint32_t len, room;
    uint32_t held_bytes;
    int32_t unpacked; /* bytes beyond what the packed ones allow */
    uint16_t held_count;
    uint16_t text_part;   /* how much text was looked through, and whose turn it is: text.c */
    bool is_lost;          /* not decoded any more */
    uint8_t searched;      /* segments looked through for a frame after a hole */
    bool is_unaligned : 1; /* bytes are missing: the next frame is to be found */
    bool is_ciphered : 1;  /* TLS: change of cipher was seen */
    bool is_text : 1;      /* of no known protocol */
    uint8_t body : 2;      /* what is done with it: unpack.c */
    uint8_t body_number;   /* which it is */
    struct zj_unpack *unpack;
    struct zj_segment *held; /* by sequence number, without overlaps */
    int64_t hole_ns;         /* since when the first one waits */
};

struct zj_stream {
    const struct zj_codec *codec; /* NULL: not recognised yet */
    struct zj_session *session;
    struct zj_flow_key key;
    uint64_t flow_id;
    bool is_announced;
    struct zj_half half[2];
};
_Static_assert(sizeof(struct zj_stream) <= 256, "a stream is one small block of the pool");

struct zj_worker {
    struct zj_job *job;
    const struct zj_sense_opts *opts;
    const char *source; /* capture file or interface */
    struct zj_parser parser;
    struct zj_flows flows;
    struct zj_pool pool;
    int64_t common; /* bytes of the budget that go where the need is */
    struct zj_observer *observer; /* NULL: stop after flows */
    struct zj_relay *relay;       /* where it only writes notes for another thread */
    uint32_t share, shares;       /* which part of a file's packets it takes; 0 shares: all */
    atomic_ulong *all_packets; /* live: of all threads together; NULL: this one is alone */
    uint64_t batches;
    size_t unpacking; /* bodies at work */
    struct zj_sense_stats stats, aside; /* `aside`: of packets that others take; not told */
    const struct zj_codec *tls;
    int64_t now_ns;   /* packet time */
    uint64_t packet;  /* number of the packet at hand */
    int64_t second_ns; /* start of the second in which idle flows were last looked for */
    uint64_t since_flush; /* packets */
    int64_t flushed_ns;   /* on our clock */
    struct zj_msg msg;
};

/* `sink` NULL: it has no observer yet and keeps no memory for one. */
void zj_worker_init(struct zj_worker *w, struct zj_job *job, const struct zj_sense_opts *opts,
                    struct zj_sink *sink, int64_t memory_bytes);
/* An observer for workers without: memory_bytes and `common` as if all were one worker. Less than
 * half is left for them: what else they need costs them twice. */
enum { ZJ_WORKERS_PART = 2 };
struct zj_observer *zj_worker_observer(struct zj_job *job, const struct zj_sense_opts *opts,
                                       struct zj_sink *sink, struct zj_sense_stats *stats,
                                       int64_t memory_bytes, int64_t *common);
void zj_worker_release(struct zj_worker *w);
/* One batch through all stages. */
void zj_worker_batch(struct zj_worker *w, const struct zj_packet *pkts, size_t count);
/* Its part of packets that all workers see. */
void zj_worker_share(struct zj_worker *w, const struct zj_packet *pkts, size_t count);
/* No packet came for a while: live, our clock is packet time. */
void zj_worker_idle(struct zj_worker *w, int64_t now_ns);
/* Between batches: facts that are due go to the sink; `is_paced`: by our clock too. */
zj_err zj_worker_flush(struct zj_worker *w, bool is_paced, bool force);
/* Ends every flow and sends all. */
zj_err zj_worker_finish(struct zj_worker *w);

/* A packet of a flow. May swap the sides of the flow. */
void zj_stream_tcp(struct zj_worker *w, struct zj_flow *flow, const struct zj_layers *l, int dir);
void zj_stream_udp(struct zj_worker *w, struct zj_flow *flow, const struct zj_layers *l, int dir);
/* The flow is over: decodes what waits, tells the observer, gives all memory back. */
void zj_stream_end(struct zj_worker *w, struct zj_flow *flow);
bool zj_is_reopened(const struct zj_flow *flow, const struct zj_layers *l, int dir,
                    int64_t time_ns);
/* Gives up the flow that was quiet longest, but not `except`. False: there is no other. */
bool zj_worker_evict(struct zj_worker *w, const struct zj_flow *except);

/* Bytes of one direction in order: recognises, cuts frames, tells the observer. *dir changes where
 * the content shows that the sides are the other way round. */
void zj_decode(struct zj_worker *w, struct zj_flow *flow, int *dir, struct zj_span bytes);
/* One datagram. */
void zj_decode_datagram(struct zj_worker *w, struct zj_flow *flow, int *dir, struct zj_span bytes,
                        bool is_cut);
/* The flow is over: what waited to show a protocol is text, or is not read. */
void zj_decode_end(struct zj_worker *w, struct zj_flow *flow);
/* Bytes of a direction that are no message: unpacked, or text. */
void zj_decode_data(struct zj_worker *w, struct zj_flow *flow, int dir,
                    const struct zj_codec *codec, struct zj_span bytes);

/* unpack.c. Is this part of a body packed, or a message that is? */
bool zj_unpack_is_packed(struct zj_worker *w, struct zj_flow *flow, int dir, struct zj_span in);
/* It is: hands on what comes out. */
void zj_unpack_body(struct zj_worker *w, struct zj_flow *flow, int dir, struct zj_span in);
/* No more comes: hands on what is left, and gives up a body that has no end. */
void zj_unpack_end(struct zj_worker *w, struct zj_flow *flow, int dir);
void zj_unpack_drop(struct zj_worker *w, struct zj_half *half);

/* text.c. Do these first bytes show text? */
bool zj_is_text(struct zj_span bytes);
/* The next bytes of a direction that is text; ends it where they are none. */
void zj_text_see(struct zj_worker *w, struct zj_flow *flow, int dir, struct zj_span bytes);
/* No more comes of it as text. */
void zj_text_end(struct zj_worker *w, struct zj_flow *flow, int dir);
/* Bytes up to behind the last mark that no value goes over, 0 where it is wise to wait for more. */
size_t zj_data_cut(struct zj_span bytes);

/* `missing` bytes of a direction will never come. */
void zj_decode_gap(struct zj_worker *w, struct zj_half *half, uint32_t missing);
/* The state of a flow, made on demand; NULL: no memory. */
struct zj_stream *zj_stream_of(struct zj_worker *w, struct zj_flow *flow);
/* Nothing of this direction is decoded any more. */
void zj_half_stop(struct zj_worker *w, struct zj_flow *flow, struct zj_half *half);
void zj_half_drop_held(struct zj_worker *w, struct zj_half *half);
/* True: payload of this direction is of no use. */
bool zj_is_looked_through(const struct zj_flow *flow, int dir);

#endif
