/* Packets by hand and a capture file to put them in: what the generators of bench/ share. */
#ifndef ZJ_BENCH_FRAMES_H
#define ZJ_BENCH_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A classic pcap file of Ethernet frames. Time goes on by `step_us` a packet. */
struct out {
    FILE *file;
    uint64_t packets, bytes; /* written, headers of the file not counted */
    uint64_t time_us;
    unsigned step_us;
};

void out_open(struct out *out, const char *path, unsigned step_us);
void out_frame(struct out *out, const uint8_t *frame, size_t len);
void out_close(struct out *out);

/* One TCP connection seen from both sides. */
struct conn {
    uint32_t client, server; /* IPv4, host order */
    uint16_t client_port, server_port;
    uint32_t seq[2]; /* next of client, of server */
};

enum { FROM_CLIENT, FROM_SERVER };
enum { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_PSH = 8, TCP_ACK = 16 };

void conn_segment(struct out *out, struct conn *conn, int from, unsigned flags, const void *data,
                  size_t len);
void conn_open(struct out *out, struct conn *conn);
void conn_close(struct out *out, struct conn *conn);
void udp_datagram(struct out *out, const struct conn *conn, int from, const void *data, size_t len);

/* The same numbers on every machine. */
uint64_t random_next(uint64_t *state);
static inline uint32_t random_below(uint64_t *state, uint32_t end)
{
    return (uint32_t)((random_next(state) >> 32) * end >> 32);
}

/* RFC 1624: the Internet checksum after a 32-bit word changed. */
uint16_t checksum_after(uint16_t sum, uint32_t old_word, uint32_t new_word);

void die(const char *what, const char *why) __attribute__((noreturn));

#endif
