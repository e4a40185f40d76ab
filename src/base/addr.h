/* IP addresses. IPv4 is held as ::ffff:a.b.c.d, so that one type and one order serve both. */
#ifndef ZJ_BASE_ADDR_H
#define ZJ_BASE_ADDR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

struct zj_addr {
    uint8_t bytes[16];
};

enum { ZJ_ADDR_TEXT = 46, ZJ_ADDR_KEY = 33 };

static inline struct zj_addr zj_addr_v4(uint32_t host_order)
{
    struct zj_addr a = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, (uint8_t)(host_order >> 24),
                         (uint8_t)(host_order >> 16), (uint8_t)(host_order >> 8),
                         (uint8_t)host_order}};
    return a;
}

static inline bool zj_addr_eq(const struct zj_addr *a, const struct zj_addr *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool zj_addr_is_v4(const struct zj_addr *a); /* an IPv4 address mapped into IPv6 */
/* "10.1.2.3" or "2001:db8::1" alone, as inet_pton takes them; false on anything else. */
bool zj_addr_parse(struct zj_span text, struct zj_addr *out);
void zj_addr_format(const struct zj_addr *a, char out[ZJ_ADDR_TEXT]);

/* 32 lower-case hex digits: text that sorts as the addresses do, for ranges in SQL. */
void zj_addr_key(const struct zj_addr *a, char out[ZJ_ADDR_KEY]);

/* Public: not private (RFC 1918), shared (100.64/10), link-local, loopback, ULA, documentation,
 * multicast, unspecified or broadcast. */
bool zj_addr_is_public(const struct zj_addr *a);
/* Of those that are not public the ones in use nearby: private, shared, link-local, loopback, ULA,
 * multicast, broadcast. A reserved or documentation address is neither: where it is nobody knows. */
bool zj_addr_is_nearby(const struct zj_addr *a);

/* What a cell of a register says of a place on the network: "10.0.0.0/8", "10.1.2.3:32960",
 * "[2001:db8::1]:443", "ota.example.com", "ota.example.com:443". */
struct zj_endpoint {
    bool is_host;        /* a name; otherwise the range lo..hi */
    struct zj_addr lo, hi;
    struct zj_span host; /* points into the text given */
    uint16_t port;       /* 0: any */
};

/* Blanks around it do not count; false on anything else than the forms above. */
bool zj_endpoint_parse(struct zj_span text, struct zj_endpoint *out);

#endif
