/* Names of addresses: a small memory of DNS answers. What a session itself says (TLS server name,
 * HTTP host) comes first. One slot an address hash: a later one gives way to none. */
#include "sense/observer.h"

#define KEEP_NS_MIN (3600 * ZJ_NS_PER_S)

static struct zj_known_name *slot_of(const struct zj_observer *obs, const struct zj_addr *addr)
{
    return &obs->names[zj_addr_hash(obs, addr) % ZJ_NAME_SLOTS];
}

static void remember(struct zj_observer *obs, const struct zj_addr *addr, struct zj_span name,
                     int64_t until_ns)
{
    if (name.len == 0 || name.len > ZJ_NAME_MAX)
        return;
    struct zj_known_name *known = slot_of(obs, addr);
    known->addr = *addr;
    known->until_ns = until_ns;
    known->len = (uint8_t)name.len;
    memcpy(known->name, name.at, name.len);
}

void zj_names_learn(struct zj_observer *obs, const struct zj_sight *t)
{
    const struct zj_msg *msg = t->msg;
    const int64_t ttl_ns = msg->answer_ttl * ZJ_NS_PER_S;
    const int64_t until_ns = t->at->time_ns + (ttl_ns > KEEP_NS_MIN ? ttl_ns : KEEP_NS_MIN);
    if (t->session->protocol == ZJ_PROTOCOL_DNS)
        for (size_t i = 0; i < msg->address_count && i < ZJ_COUNT(msg->addresses); i++) {
            struct zj_addr addr;
            memcpy(addr.bytes, msg->addresses[i], sizeof addr.bytes);
            remember(obs, &addr, msg->topic, until_ns);
        }
    if (t->session->protocol == ZJ_PROTOCOL_TLS && msg->kind == ZJ_MSG_REQUEST)
        remember(obs, &t->at->key->server, msg->host, until_ns);
}

/* A name becomes a text of the facts only once its address is met. */
uint32_t zj_names_find(struct zj_observer *obs, const struct zj_addr *addr)
{
    const struct zj_known_name *known = slot_of(obs, addr);
    if (!known->len || !zj_addr_eq(&known->addr, addr) || obs->now_ns > known->until_ns)
        return 0;
    return zj_string_id(&obs->strings, zj_span_of(known->name, known->len));
}

uint32_t zj_names_host(const struct zj_sight *t, const struct zj_addr *addr)
{
    if (zj_addr_eq(addr, &t->at->key->server))
        return t->session->host;
    return zj_names_find(t->obs, addr);
}
