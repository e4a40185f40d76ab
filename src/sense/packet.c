/* A packet's headers, outermost first. One loop takes one header a turn and tells which comes next,
 * so that tunnels nest without recursion and the number of turns is the limit. Checksums are not
 * looked at: a mirror port sees packets before the card of the sender fills them in. */
#include "sense/packet.h"

#include <sys/random.h>

enum {
    ETHER_IPV4 = 0x0800,
    ETHER_VLAN = 0x8100,
    ETHER_QINQ = 0x88a8,
    ETHER_QINQ_OLD = 0x9100,
    ETHER_IPV6 = 0x86dd,
    ETHER_MPLS = 0x8847,
    ETHER_MPLS_MULTI = 0x8848,
    ETHER_PPPOE = 0x8864,
    ETHER_BRIDGED = 0x6558,
    ETHER_ERSPAN2 = 0x88be,
    PPP_IPV4 = 0x0021,
    PPP_IPV6 = 0x0057,
    IP_HOP_BY_HOP = 0,
    IP_IN_IP = 4,
    IP_V6_IN = 41,
    IP_ROUTING = 43,
    IP_FRAGMENT = 44,
    IP_GRE = 47,
    IP_AUTH = 51,
    IP_OPTIONS = 60,
    IP_MOBILITY = 135,
    VXLAN_PORT = 4789,
};

enum layer { L_ETHERNET, L_ETHERTYPE, L_IPV4, L_IPV6, L_TRANSPORT, L_PPP, L_DONE, L_DROPPED };

/* Where parsing stands. `in` is what is captured; `wire` how much there was. */
struct cursor {
    struct zj_parser *p;
    struct zj_layers *out;
    int64_t time_ns;
    struct zj_span in;
    uint32_t wire;
    uint16_t ethertype;
    uint8_t proto;
};

static enum layer drop(uint64_t *counter)
{
    ++*counter;
    return L_DROPPED;
}

static void advance(struct cursor *c, size_t n)
{
    c->in = zj_span_part(c->in, n, c->in.len);
    c->wire = c->wire > n ? c->wire - (uint32_t)n : 0;
}

/* Cuts off what follows the datagram: padding of short frames, a checksum of the link. A length
 * past the end of the frame is wrong, and the frame is right. */
static void limit(struct cursor *c, uint32_t wire)
{
    if (wire < c->wire)
        c->wire = wire;
    if (c->in.len > c->wire)
        c->in.len = c->wire;
}

static enum layer ethernet(struct cursor *c)
{
    if (c->in.len < 14)
        return drop(&c->p->stats->drop_link);
    c->ethertype = zj_load_be16(c->in.at + 12);
    advance(c, 14);
    return L_ETHERTYPE;
}

static enum layer mpls(struct cursor *c)
{
    for (int i = 0; i < ZJ_NESTING_MAX; i++) {
        if (c->in.len < 5)
            return drop(&c->p->stats->drop_link);
        const bool is_bottom = c->in.at[2] & 1;
        advance(c, 4);
        if (!is_bottom)
            continue;
        const unsigned version = c->in.at[0] >> 4;
        if (version == 4 || version == 6)
            return version == 4 ? L_IPV4 : L_IPV6;
        if (version == 0) /* a control word, then Ethernet (RFC 4448) */
            advance(c, 4);
        return L_ETHERNET;
    }
    return drop(&c->p->stats->drop_nested);
}

static enum layer ethertype(struct cursor *c)
{
    switch (c->ethertype) {
    case ETHER_IPV4:
        return L_IPV4;
    case ETHER_IPV6:
        return L_IPV6;
    case ETHER_VLAN:
    case ETHER_QINQ:
    case ETHER_QINQ_OLD:
        if (c->in.len < 4)
            return drop(&c->p->stats->drop_link);
        c->ethertype = zj_load_be16(c->in.at + 2);
        advance(c, 4);
        return L_ETHERTYPE;
    case ETHER_MPLS:
    case ETHER_MPLS_MULTI:
        return mpls(c);
    case ETHER_PPPOE:
        if (c->in.len < 6)
            return drop(&c->p->stats->drop_link);
        advance(c, 6);
        return L_PPP;
    case ETHER_BRIDGED:
        return L_ETHERNET;
    default:
        return drop(&c->p->stats->other_network);
    }
}

static enum layer ppp(struct cursor *c)
{
    if (c->in.len >= 2 && c->in.at[0] == 0xff && c->in.at[1] == 0x03) /* address and control */
        advance(c, 2);
    if (c->in.len < 2)
        return drop(&c->p->stats->drop_link);
    const uint16_t proto = zj_load_be16(c->in.at);
    advance(c, 2);
    if (proto == PPP_IPV4 || proto == PPP_IPV6)
        return proto == PPP_IPV4 ? L_IPV4 : L_IPV6;
    return drop(&c->p->stats->other_network);
}

/* Puts a fragment to its datagram; goes on with the whole where it is complete. */
static enum layer fragment(struct cursor *c, uint32_t id, uint32_t at, bool is_last, bool is_v6)
{
    struct zj_fragment part = {.id = id,
                               .proto = c->proto,
                               .is_v6 = is_v6,
                               .is_last = is_last,
                               .at = at,
                               .bytes = c->in};
    c->p->stats->fragments++;
    if (c->in.len < c->wire) /* not all of it was captured */
        return drop(&c->p->stats->drop_fragment);
    memcpy(part.addr, c->out->addr, sizeof part.addr);
    if (!zj_fragments_add(c->p->fragments, &part, c->time_ns, &c->in, &c->proto))
        return L_DROPPED;
    c->wire = (uint32_t)c->in.len;
    return L_TRANSPORT;
}

static void set_ipv4(uint64_t addr[2], const uint8_t *at)
{
    uint8_t *bytes = (uint8_t *)addr;
    addr[0] = 0;
    memcpy(bytes + 8, (const uint8_t[]){0, 0, 0xff, 0xff}, 4);
    memcpy(bytes + 12, at, 4);
}

static enum layer ipv4(struct cursor *c)
{
    const uint8_t *p = c->in.at;
    if (c->in.len < 20 || p[0] >> 4 != 4)
        return drop(&c->p->stats->drop_network);
    const uint32_t head = (p[0] & 15u) * 4;
    uint32_t total = zj_load_be16(p + 2);
    if (total == 0) /* the card was to cut it into segments: the frame tells */
        total = c->wire;
    if (head < 20 || total < head || c->in.len < head)
        return drop(&c->p->stats->drop_network);
    const uint16_t frag = zj_load_be16(p + 6);
    set_ipv4(c->out->addr[0], p + 12);
    set_ipv4(c->out->addr[1], p + 16);
    c->proto = p[9];
    limit(c, total);
    advance(c, head);
    if (frag & 0x3fff)
        return fragment(c, zj_load_be16(p + 4), (frag & 0x1fffu) * 8, !(frag & 0x2000), false);
    return L_TRANSPORT;
}

static bool is_extension(uint8_t proto)
{
    return proto == IP_HOP_BY_HOP || proto == IP_ROUTING || proto == IP_FRAGMENT ||
           proto == IP_AUTH || proto == IP_OPTIONS || proto == IP_MOBILITY;
}

static enum layer ipv6(struct cursor *c)
{
    const uint8_t *p = c->in.at;
    if (c->in.len < 40 || p[0] >> 4 != 6)
        return drop(&c->p->stats->drop_network);
    const uint32_t length = zj_load_be16(p + 4);
    memcpy(c->out->addr, p + 8, 32);
    c->proto = p[6];
    advance(c, 40);
    if (length) /* 0: a jumbogram, or left to the card */
        limit(c, length);
    for (int i = 0; is_extension(c->proto); i++) {
        if (i == ZJ_NESTING_MAX)
            return drop(&c->p->stats->drop_nested);
        const uint8_t kind = c->proto;
        if (c->in.len < 8)
            return drop(&c->p->stats->drop_network);
        p = c->in.at;
        c->proto = p[0];
        const size_t bytes = kind == IP_FRAGMENT ? 8
                             : kind == IP_AUTH   ? (p[1] + 2u) * 4
                                                 : (p[1] + 1u) * 8;
        if (c->in.len < bytes)
            return drop(&c->p->stats->drop_network);
        advance(c, bytes);
        const uint16_t frag = zj_load_be16(p + 2);
        if (kind == IP_FRAGMENT && frag & 0xfff9) { /* an atomic fragment is whole (RFC 6946) */
            enum layer next =
                fragment(c, zj_load_be32(p + 4), frag & 0xfff8, !(frag & 1), true);
            if (next != L_TRANSPORT)
                return next;
        }
    }
    return L_TRANSPORT;
}

static enum layer gre(struct cursor *c)
{
    if (c->in.len < 4)
        return drop(&c->p->stats->drop_transport);
    const uint16_t flags = zj_load_be16(c->in.at);
    if (flags & 7 || flags & 0x4000) /* enhanced GRE of PPTP; source routes */
        return drop(&c->p->stats->other_transport);
    c->ethertype = zj_load_be16(c->in.at + 2);
    size_t head = 4 + (flags & 0x8000 ? 4u : 0) + (flags & 0x2000 ? 4u : 0) +
                  (flags & 0x1000 ? 4u : 0);
    const bool is_erspan = c->ethertype == ETHER_ERSPAN2;
    if (is_erspan && flags & 0x1000)
        head += 8; /* type II; type I has neither number nor header */
    if (c->in.len < head)
        return drop(&c->p->stats->drop_transport);
    advance(c, head);
    return is_erspan ? L_ETHERNET : L_ETHERTYPE;
}

static enum layer tcp(struct cursor *c)
{
    const uint8_t *p = c->in.at;
    struct zj_layers *out = c->out;
    const size_t head = c->in.len >= 20 ? (p[12] >> 4) * 4u : 0;
    if (head < 20 || head > c->in.len)
        return drop(&c->p->stats->drop_transport);
    out->port[0] = zj_load_be16(p);
    out->port[1] = zj_load_be16(p + 2);
    out->seq = zj_load_be32(p + 4);
    out->tcp_flags = p[13];
    advance(c, head);
    c->p->stats->tcp++;
    return L_DONE;
}

static enum layer udp(struct cursor *c)
{
    const uint8_t *p = c->in.at;
    struct zj_layers *out = c->out;
    if (c->in.len < 8)
        return drop(&c->p->stats->drop_transport);
    const uint32_t length = zj_load_be16(p + 4);
    if (length && length < 8)
        return drop(&c->p->stats->drop_transport);
    out->port[0] = zj_load_be16(p);
    out->port[1] = zj_load_be16(p + 2);
    out->tcp_flags = 0;
    if (length && length < c->wire)
        limit(c, length);
    advance(c, 8);
    if (out->port[1] == VXLAN_PORT && c->in.len >= 8 + 14 && c->in.at[0] == 0x08) {
        advance(c, 8);
        return L_ETHERNET;
    }
    c->p->stats->udp++;
    return L_DONE;
}

static enum layer transport(struct cursor *c)
{
    switch (c->proto) {
    case ZJ_PROTO_TCP:
        return tcp(c);
    case ZJ_PROTO_UDP:
        return udp(c);
    case IP_GRE:
        return gre(c);
    case IP_IN_IP:
        return L_IPV4;
    case IP_V6_IN:
        return L_IPV6;
    default:
        return drop(&c->p->stats->other_transport);
    }
}

static enum layer raw_ip(struct cursor *c)
{
    const unsigned version = c->in.len ? c->in.at[0] >> 4 : 0;
    if (version == 4 || version == 6)
        return version == 4 ? L_IPV4 : L_IPV6;
    return drop(&c->p->stats->drop_network);
}

/* The address family of BSD's loopback header differs by system, and so does its byte order. */
static enum layer loopback(struct cursor *c)
{
    if (c->in.len < 4)
        return drop(&c->p->stats->drop_link);
    advance(c, 4);
    return raw_ip(c);
}

static enum layer cooked(struct cursor *c, size_t head, size_t type_at, size_t hardware_at)
{
    enum { ARPHRD_CAN_FIRST = 280, ARPHRD_NETLINK = 824 };
    if (c->in.len < head)
        return drop(&c->p->stats->drop_link);
    const uint16_t hardware = zj_load_be16(c->in.at + hardware_at);
    c->ethertype = zj_load_be16(c->in.at + type_at);
    if (hardware == ARPHRD_CAN_FIRST || hardware == ARPHRD_NETLINK)
        return drop(&c->p->stats->drop_link);
    advance(c, head);
    return L_ETHERTYPE;
}

static enum layer link_layer(struct cursor *c, uint32_t link)
{
    switch (link) {
    case ZJ_LINK_ETHERNET:
        return ethernet(c);
    case ZJ_LINK_SLL:
        return cooked(c, 16, 14, 2);
    case ZJ_LINK_SLL2:
        return cooked(c, 20, 0, 8);
    case ZJ_LINK_RAW:
    case ZJ_LINK_RAW_BSD:
    case ZJ_LINK_RAW_OPENBSD:
    case ZJ_LINK_IPV4:
    case ZJ_LINK_IPV6:
        return raw_ip(c);
    case ZJ_LINK_NULL:
    case ZJ_LINK_LOOP:
        return loopback(c);
    case ZJ_LINK_PPP:
        return ppp(c);
    default:
        return drop(&c->p->stats->drop_link);
    }
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    const unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Both ends are hashed alike and added, so the direction does not matter. */
static uint64_t hash_of(const struct zj_parser *p, const struct zj_layers *l)
{
    uint64_t sum = 0;
    for (int end = 0; end < 2; end++)
        sum += mix(l->addr[end][0] ^ l->port[end] * p->odd ^ p->seed[0], l->addr[end][1] ^ p->seed[1]);
    return mix(sum ^ p->seed[1], p->seed[2] ^ l->proto);
}

/* Ethernet, IPv4 without options, TCP or UDP: nearly every packet. Reads what the loop below would
 * read; false, with nothing counted, for whatever is not as plain as that. */
static bool is_plain(struct zj_parser *p, const struct zj_packet *pkt, struct zj_layers *out)
{
    enum { IP = 14, OVER_IP = IP + 20, VLAN_BYTES = 4 };
    const uint8_t *at = pkt->at;
    uint32_t len = pkt->len, wire = pkt->wire_len;
    if (pkt->link != ZJ_LINK_ETHERNET || len < OVER_IP + 20)
        return false;
    if (zj_load_be16(at + 12) == ETHER_VLAN) {
        at += VLAN_BYTES;
        len -= VLAN_BYTES;
        wire -= VLAN_BYTES;
        if (len < OVER_IP + 20)
            return false;
    }
    if (zj_load_be16(at + 12) != ETHER_IPV4 || at[IP] != 0x45 || zj_load_be16(at + IP + 6) & 0x3fff)
        return false;
    const uint32_t total = IP + zj_load_be16(at + IP + 2);
    if (total < OVER_IP + 8)
        return false;
    wire = total < wire ? total : wire;
    len = len < wire ? len : wire;
    const uint8_t *t = at + OVER_IP;
    size_t head;
    if (at[IP + 9] == ZJ_PROTO_TCP) {
        head = OVER_IP + (t[12] >> 4) * 4u;
        if (len < OVER_IP + 20 || head < OVER_IP + 20 || head > len)
            return false;
        out->seq = zj_load_be32(t + 4);
        out->tcp_flags = t[13];
        p->stats->tcp++;
    } else if (at[IP + 9] == ZJ_PROTO_UDP) {
        head = OVER_IP + 8;
        if (zj_load_be16(t + 4) != wire - OVER_IP || zj_load_be16(t + 2) == VXLAN_PORT || len < head)
            return false;
        out->tcp_flags = 0;
        p->stats->udp++;
    } else {
        return false;
    }
    set_ipv4(out->addr[0], at + IP + 12);
    set_ipv4(out->addr[1], at + IP + 16);
    out->port[0] = zj_load_be16(t);
    out->port[1] = zj_load_be16(t + 2);
    out->proto = at[IP + 9];
    out->payload = zj_span_of(at + head, len - head);
    out->payload_wire = wire - (uint32_t)head;
    return true;
}

/* Every header in turn. Apart from the caller, which is kept short for the plain ones. */
static __attribute__((noinline)) bool parse_any(struct zj_parser *p, const struct zj_packet *pkt,
                                                struct zj_layers *out)
{
    struct cursor c = {.p = p,
                       .out = out,
                       .time_ns = pkt->time_ns,
                       .in = {pkt->at, pkt->len},
                       .wire = pkt->wire_len};
    enum layer next = link_layer(&c, pkt->link);
    for (int turns = 0; next != L_DONE; turns++) {
        if (next == L_DROPPED)
            return false;
        if (turns == 3 * ZJ_NESTING_MAX) {
            p->stats->drop_nested++;
            return false;
        }
        switch (next) {
        case L_ETHERNET:
            next = ethernet(&c);
            break;
        case L_ETHERTYPE:
            next = ethertype(&c);
            break;
        case L_IPV4:
            next = ipv4(&c);
            break;
        case L_IPV6:
            next = ipv6(&c);
            break;
        case L_TRANSPORT:
            next = transport(&c);
            break;
        case L_PPP:
            next = ppp(&c);
            break;
        case L_DONE:
        case L_DROPPED:
            break;
        }
    }
    out->proto = c.proto;
    out->payload = c.in;
    out->payload_wire = c.wire;
    out->hash = hash_of(p, out);
    return true;
}

bool zj_layers_parse(struct zj_parser *p, const struct zj_packet *pkt, struct zj_layers *out)
{
    p->stats->packets++;
    p->stats->bytes += pkt->wire_len;
    p->stats->packets_cut += pkt->len < pkt->wire_len;
    if (!is_plain(p, pkt, out))
        return parse_any(p, pkt, out);
    out->hash = hash_of(p, out);
    return true;
}

void zj_parser_init(struct zj_parser *p, struct zj_sense_stats *stats, int64_t memory_bytes)
{
    p->stats = stats;
    p->fragments = zj_fragments_new(stats, memory_bytes);
    if (getrandom(p->seed, sizeof p->seed, 0) != (ssize_t)sizeof p->seed)
        abort(); /* the kernel always has this much */
    p->odd = p->seed[3] | 1;
}

void zj_parser_release(struct zj_parser *p)
{
    zj_fragments_free(p->fragments);
}

void zj_parser_batch_end(struct zj_parser *p)
{
    zj_fragments_batch_end(p->fragments);
}

uint64_t zj_packet_spread(const struct zj_packet *pkt, struct zj_sense_stats *aside)
{
    struct zj_parser p = {.stats = aside};
    struct zj_layers l = {0};
    struct cursor c = {.p = &p, .out = &l, .in = {pkt->at, pkt->len}, .wire = pkt->wire_len};
    enum layer next = link_layer(&c, pkt->link);
    for (int turns = 0; next == L_ETHERTYPE && turns < ZJ_NESTING_MAX; turns++)
        next = ethertype(&c);
    if (next == L_PPP)
        next = ppp(&c);
    const uint8_t *at = c.in.at;
    if (next == L_IPV4 && c.in.len >= 20) {
        set_ipv4(l.addr[0], at + 12);
        set_ipv4(l.addr[1], at + 16);
    } else if (next == L_IPV6 && c.in.len >= 40) {
        memcpy(l.addr, at + 8, 32);
    }
    const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
    return mix(mix(l.addr[0][0] ^ odd, l.addr[0][1] + odd) + mix(l.addr[1][0] ^ odd, l.addr[1][1] + odd),
               odd);
}
