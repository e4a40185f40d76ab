/* Ethernet, IPv4 and TCP with right checksums, as a pcap of nanoseconds. A connection keeps its
 * sequence numbers; each call takes a little time on the simulated clock, so that packets of one
 * conversation stand in order. */
#include "fleet/world.h"

enum { ETHERNET = 14, IP_HEAD = 20, TCP_HEAD = 20, SEGMENT_MAX = 1400 };
enum { FIN = 1, SYN = 2, PSH = 8, ACK = 16 };

static void put16(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
    put16(p, v >> 16);
    put16(p + 2, v);
}

/* The Internet checksum (RFC 1071) over `len` bytes on top of `sum`. */
static uint32_t add_sum(uint32_t sum, const uint8_t *p, size_t len)
{
    for (size_t i = 0; i + 1 < len; i += 2)
        sum += (uint32_t)p[i] << 8 | p[i + 1];
    if (len % 2)
        sum += (uint32_t)p[len - 1] << 8;
    return sum;
}

static uint16_t fold(uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static void write_packet(struct zj_world *w, struct zj_conn *c, int dir, unsigned flags,
                         struct zj_span payload)
{
    uint8_t packet[16 + ETHERNET + IP_HEAD + TCP_HEAD + SEGMENT_MAX] = {0};
    uint8_t *eth = packet + 16, *ip = eth + ETHERNET, *tcp = ip + IP_HEAD;
    const uint32_t tcp_len = TCP_HEAD + (uint32_t)payload.len;
    const uint32_t len = ETHERNET + IP_HEAD + tcp_len;

    const uint32_t record[4] = {(uint32_t)(w->now_ns / 1000000000),
                                (uint32_t)(w->now_ns % 1000000000), len, len};
    memcpy(packet, record, sizeof record);
    eth[0] = eth[6] = 2; /* locally administered */
    put32(eth + 2, c->ip[!dir]);
    put32(eth + 8, c->ip[dir]);
    put16(eth + 12, 0x0800);

    ip[0] = 0x45;
    put16(ip + 2, IP_HEAD + tcp_len);
    put16(ip + 4, c->ip_id[dir]++);
    ip[6] = 0x40; /* do not fragment */
    ip[8] = 64;
    ip[9] = 6;
    put32(ip + 12, c->ip[dir]);
    put32(ip + 16, c->ip[!dir]);
    put16(ip + 10, fold(add_sum(0, ip, IP_HEAD)));

    put16(tcp, c->port[dir]);
    put16(tcp + 2, c->port[!dir]);
    put32(tcp + 4, c->seq[dir]);
    put32(tcp + 8, flags & ACK ? c->seq[!dir] : 0);
    tcp[12] = TCP_HEAD / 4 << 4;
    tcp[13] = (uint8_t)flags;
    put16(tcp + 14, 64240);
    if (payload.len)
        memcpy(tcp + TCP_HEAD, payload.at, payload.len);
    const uint32_t pseudo = add_sum(6 + tcp_len, ip + 12, 8);
    put16(tcp + 16, fold(add_sum(pseudo, tcp, tcp_len)));

    if (fwrite(packet, 1, 16 + len, w->pcap) != 16 + len)
        w->has_failed = true;
    c->seq[dir] += (uint32_t)payload.len + !!(flags & (SYN | FIN));
    w->now_ns += w->step_ns;
}

void zj_conn_open(struct zj_world *w, struct zj_conn *c, uint32_t client, uint16_t client_port,
                  uint32_t server, uint16_t server_port)
{
    *c = (struct zj_conn){
        .ip = {client, server},
        .port = {client_port, server_port},
        .seq = {client * 2654435761u + client_port, server * 2246822519u + client_port},
    };
    if (w->live) {
        zj_live_open(w, c);
        return;
    }
    write_packet(w, c, 0, SYN, (struct zj_span){0});
    write_packet(w, c, 1, SYN | ACK, (struct zj_span){0});
    write_packet(w, c, 0, ACK, (struct zj_span){0});
}

void zj_conn_send(struct zj_world *w, struct zj_conn *c, int dir, struct zj_span bytes)
{
    if (w->live) {
        zj_live_send(w, c, dir, bytes);
        return;
    }
    for (size_t at = 0; at < bytes.len; at += SEGMENT_MAX)
        write_packet(w, c, dir, PSH | ACK, zj_span_part(bytes, at, SEGMENT_MAX));
    write_packet(w, c, !dir, ACK, (struct zj_span){0});
}

void zj_conn_close(struct zj_world *w, struct zj_conn *c)
{
    if (w->live) {
        zj_live_close(c);
        return;
    }
    write_packet(w, c, 0, FIN | ACK, (struct zj_span){0});
    write_packet(w, c, 1, FIN | ACK, (struct zj_span){0});
    write_packet(w, c, 0, ACK, (struct zj_span){0});
}
