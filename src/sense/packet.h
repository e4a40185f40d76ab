/* From the bytes of a packet to its transport payload: link, network, tunnels, fragments. Inside
 * the sensor; not for other rooms. */
#ifndef ZJ_SENSE_PACKET_H
#define ZJ_SENSE_PACKET_H

#include "sense/capture.h"
#include "sense/sense.h"

enum {
    ZJ_PROTO_TCP = 6,
    ZJ_PROTO_UDP = 17,
    ZJ_NESTING_MAX = 8, /* headers around headers: tags, tunnels, extension headers each count */
};

enum zj_tcp_flags { ZJ_TCP_FIN = 1, ZJ_TCP_SYN = 2, ZJ_TCP_RST = 4, ZJ_TCP_ACK = 16 };

/* What the flow table and the streams need of a packet. Addresses as they stand in memory, IPv4
 * mapped into IPv6; index 0 is the source, 1 the destination. */
struct zj_layers {
    uint64_t addr[2][2];
    uint16_t port[2];
    uint8_t proto; /* ZJ_PROTO_TCP or ZJ_PROTO_UDP */
    uint8_t tcp_flags;
    uint32_t seq;
    struct zj_span payload; /* captured part */
    uint32_t payload_wire;  /* length on the wire */
    uint64_t hash;          /* the same for both directions */
};

struct zj_fragments;

/* One for each worker. */
struct zj_parser {
    struct zj_sense_stats *stats;
    struct zj_fragments *fragments;
    uint64_t seed[4]; /* of the flow hash: whoever sends packets cannot choose collisions */
    uint64_t odd;     /* the last seed, odd: ports are multiplied by it */
};

void zj_parser_init(struct zj_parser *p, struct zj_sense_stats *stats, int64_t memory_bytes);
void zj_parser_release(struct zj_parser *p);

/* True: a TCP segment or UDP datagram. False: counted as what it is. What `out` points at is good
 * as long as the packet's bytes and until zj_parser_batch_end. */
bool zj_layers_parse(struct zj_parser *p, const struct zj_packet *pkt, struct zj_layers *out);
void zj_parser_batch_end(struct zj_parser *p);

/* A hash of the outermost address pair, the same for both directions and for every fragment:
 * chooses the worker. What cannot be read of it counts in `aside`. */
uint64_t zj_packet_spread(const struct zj_packet *pkt, struct zj_sense_stats *aside);

/* --- fragments ---------------------------------------------------------------------------------- */
struct zj_fragment {
    uint64_t addr[2][2];
    uint32_t id;
    uint8_t proto;
    bool is_v6;
    bool is_last;
    uint32_t at; /* of its bytes in the datagram */
    struct zj_span bytes;
};

struct zj_fragments *zj_fragments_new(struct zj_sense_stats *stats, int64_t memory_bytes);
void zj_fragments_free(struct zj_fragments *f);
/* Adds one; true where it completes its datagram, which is good until zj_fragments_batch_end.
 * *out_proto is that of the first fragment. */
bool zj_fragments_add(struct zj_fragments *f, const struct zj_fragment *part, int64_t time_ns,
                      struct zj_span *out, uint8_t *out_proto);
void zj_fragments_batch_end(struct zj_fragments *f);

#endif
