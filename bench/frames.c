#include "frames.h"

#include <stdlib.h>
#include <string.h>

enum { ETH = 14, IP = 20, TCP = 20, UDP = 8, FRAME_MAX = 1514 };

void die(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u; /* SplitMix64 */
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static void put32le(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> 8 * i);
}

static void put16(uint8_t *p, unsigned v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
    put16(p, v >> 16);
    put16(p + 2, v & 0xffff);
}

void out_open(struct out *out, const char *path, unsigned step_us)
{
    uint8_t head[24] = {0};
    put32le(head, 0xa1b2c3d4);
    head[4] = 2;
    head[6] = 4;
    put32le(head + 16, 262144);
    put32le(head + 20, 1);
    *out = (struct out){.file = fopen(path, "wb"), .step_us = step_us};
    if (!out->file)
        die(path, "cannot be written");
    out->time_us = 1767225600u * 1000000ull; /* 2026-01-01 UTC */
    setvbuf(out->file, NULL, _IOFBF, 1 << 20);
    fwrite(head, 1, sizeof head, out->file);
}

void out_frame(struct out *out, const uint8_t *frame, size_t len)
{
    uint8_t head[16];
    put32le(head, (uint32_t)(out->time_us / 1000000));
    put32le(head + 4, (uint32_t)(out->time_us % 1000000));
    put32le(head + 8, (uint32_t)len);
    put32le(head + 12, (uint32_t)len);
    fwrite(head, 1, sizeof head, out->file);
    fwrite(frame, 1, len, out->file);
    out->time_us += out->step_us;
    out->packets++;
    out->bytes += len;
}

void out_close(struct out *out)
{
    if (fclose(out->file) != 0)
        die("capture", "cannot be written whole");
}

static uint32_t sum_of(const uint8_t *p, size_t len, uint32_t sum)
{
    for (size_t i = 0; i + 1 < len; i += 2)
        sum += (uint32_t)p[i] << 8 | p[i + 1];
    return len % 2 ? sum + ((uint32_t)p[len - 1] << 8) : sum;
}

static uint16_t fold(uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

uint16_t checksum_after(uint16_t sum, uint32_t old_word, uint32_t new_word)
{
    uint32_t s = (uint16_t)~sum;
    s += (uint16_t) ~(old_word >> 16);
    s += (uint16_t)~old_word;
    s += (new_word >> 16) + (new_word & 0xffff);
    return fold(s);
}

/* Ethernet and IPv4 around `len` bytes that stand behind them already. */
static void wrap_ip(uint8_t *frame, const struct conn *conn, int from, uint8_t protocol, size_t len)
{
    static const uint8_t macs[12] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
    uint8_t *ip = frame + ETH;
    memcpy(frame, macs + (from == FROM_CLIENT ? 6 : 0), 6);
    memcpy(frame + 6, macs + (from == FROM_CLIENT ? 0 : 6), 6);
    put16(frame + 12, 0x0800);
    memset(ip, 0, IP);
    ip[0] = 0x45;
    put16(ip + 2, (unsigned)(IP + len));
    ip[6] = 0x40;
    ip[8] = 64;
    ip[9] = protocol;
    put32(ip + 12, from == FROM_CLIENT ? conn->client : conn->server);
    put32(ip + 16, from == FROM_CLIENT ? conn->server : conn->client);
    put16(ip + 10, fold(sum_of(ip, IP, 0)));
    const uint32_t pseudo = sum_of(ip + 12, 8, protocol + (uint32_t)len);
    uint8_t *l4 = ip + IP, *check = l4 + (protocol == 6 ? 16 : 6);
    put16(check, fold(sum_of(l4, len, pseudo)));
}

void conn_segment(struct out *out, struct conn *conn, int from, unsigned flags, const void *data,
                  size_t len)
{
    uint8_t frame[FRAME_MAX];
    uint8_t *tcp = frame + ETH + IP;
    if (len > FRAME_MAX - ETH - IP - TCP)
        die("segment", "longer than a frame");
    memset(tcp, 0, TCP);
    put16(tcp, from == FROM_CLIENT ? conn->client_port : conn->server_port);
    put16(tcp + 2, from == FROM_CLIENT ? conn->server_port : conn->client_port);
    put32(tcp + 4, conn->seq[from]);
    put32(tcp + 8, flags & TCP_ACK ? conn->seq[!from] : 0);
    tcp[12] = TCP / 4 << 4;
    tcp[13] = (uint8_t)flags;
    put16(tcp + 14, 64240);
    if (len)
        memcpy(tcp + TCP, data, len);
    wrap_ip(frame, conn, from, 6, TCP + len);
    out_frame(out, frame, ETH + IP + TCP + len);
    conn->seq[from] += (uint32_t)len + !!(flags & (TCP_SYN | TCP_FIN));
}

void conn_open(struct out *out, struct conn *conn)
{
    conn_segment(out, conn, FROM_CLIENT, TCP_SYN, NULL, 0);
    conn_segment(out, conn, FROM_SERVER, TCP_SYN | TCP_ACK, NULL, 0);
    conn_segment(out, conn, FROM_CLIENT, TCP_ACK, NULL, 0);
}

void conn_close(struct out *out, struct conn *conn)
{
    conn_segment(out, conn, FROM_CLIENT, TCP_FIN | TCP_ACK, NULL, 0);
    conn_segment(out, conn, FROM_SERVER, TCP_FIN | TCP_ACK, NULL, 0);
    conn_segment(out, conn, FROM_CLIENT, TCP_ACK, NULL, 0);
}

void udp_datagram(struct out *out, const struct conn *conn, int from, const void *data, size_t len)
{
    uint8_t frame[FRAME_MAX];
    uint8_t *udp = frame + ETH + IP;
    if (len > FRAME_MAX - ETH - IP - UDP)
        die("datagram", "longer than a frame");
    put16(udp, from == FROM_CLIENT ? conn->client_port : conn->server_port);
    put16(udp + 2, from == FROM_CLIENT ? conn->server_port : conn->client_port);
    put16(udp + 4, (unsigned)(UDP + len));
    put16(udp + 6, 0);
    memcpy(udp + UDP, data, len);
    wrap_ip(frame, conn, from, 17, UDP + len);
    out_frame(out, frame, ETH + IP + UDP + len);
}
