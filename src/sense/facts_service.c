/* Servers and what they speak, and their load by the hour. */
#include "base/distinct.h"
#include "base/hash.h"
#include "sense/observer.h"

struct service {
    struct zj_link link;
    struct service_key {
        struct zj_addr addr;
        uint16_t port;
        uint8_t protocol; /* label */
        uint8_t security;
    } key;
    uint8_t edition, tls_version;
    int8_t client_cert;
    bool is_public, is_vehicle;
    uint32_t name;
    int32_t flows; /* one that was counted before is taken back */
    uint32_t frames, bad_frames;
    uint64_t bytes;
};

enum { HOURS_MEMORY_DIVISOR = 4 };
#define HOUR_NS (3600 * ZJ_NS_PER_S)

struct hour {
    struct zj_link link;
    struct hour_key {
        int64_t hour_ns;
        struct zj_addr server;
        uint16_t port;
        uint8_t protocol, security;
        uint8_t pad[4];
    } key;
    uint32_t frames;
    uint64_t bytes;
    struct zj_distinct vehicles;
};

static void send_service(struct zj_observer *obs, struct service *v, const struct zj_moment *at)
{
    struct zj_cell c[ZJ_SV_COLS] = {
        [ZJ_SV_ADDR] = {.addr = v->key.addr},
        [ZJ_SV_PORT] = {.num = v->key.port},
        [ZJ_SV_PROTOCOL] = zj_cell_str(zj_label_text(obs, v->key.protocol)),
        [ZJ_SV_SECURITY] = zj_cell_str(zj_security_name(v->key.security)),
        [ZJ_SV_EDITION] = zj_cell_str(zj_label_text(obs, v->edition)),
        [ZJ_SV_NAME] = {.text = zj_string(&obs->strings, v->name)},
        [ZJ_SV_IS_PUBLIC] = {.num = v->is_public},
        [ZJ_SV_IS_VEHICLE] = {.num = v->is_vehicle},
        [ZJ_SV_TLS_VERSION] = zj_cell_str(zj_label_text(obs, v->tls_version)),
        [ZJ_SV_CLIENT_CERT] = {.num = v->client_cert},
        [ZJ_SV_FLOWS] = {.num = v->flows},
        [ZJ_SV_FRAMES] = {.num = v->frames},
        [ZJ_SV_BAD_FRAMES] = {.num = v->bad_frames},
        [ZJ_SV_BYTES] = {.num = (int64_t)v->bytes},
    };
    zj_fact_send(obs, ZJ_FACT_SERVICE, c, v->link.last_ns, at);
    v->flows = 0;
    v->frames = v->bad_frames = 0;
    v->bytes = 0;
}

static void spill_service(void *owner, void *record)
{
    send_service(owner, record, NULL);
}

static void send_hour(struct zj_observer *obs, struct hour *h, const struct zj_moment *at)
{
    uint8_t seen[ZJ_DISTINCT_BYTES];
    struct zj_cell c[ZJ_HR_COLS] = {
        [ZJ_HR_HOUR] = {.num = h->key.hour_ns},
        [ZJ_HR_SERVER] = {.addr = h->key.server},
        [ZJ_HR_PORT] = {.num = h->key.port},
        [ZJ_HR_PROTOCOL] = zj_cell_str(zj_label_text(obs, h->key.protocol)),
        [ZJ_HR_SECURITY] = zj_cell_str(zj_security_name(h->key.security)),
        [ZJ_HR_VEHICLES] = {.num = zj_distinct_count(&h->vehicles)},
        [ZJ_HR_VEHICLES_SEEN] = {.text = zj_distinct_pack(&h->vehicles, seen)},
        [ZJ_HR_FRAMES] = {.num = h->frames},
        [ZJ_HR_BYTES] = {.num = (int64_t)h->bytes},
    };
    zj_fact_send(obs, ZJ_FACT_HOURLY, c, h->link.last_ns, at);
    h->frames = 0;
    h->bytes = 0;
}

static void spill_hour(void *owner, void *record)
{
    send_hour(owner, record, NULL);
}

void zj_service_init(struct zj_observer *obs, int64_t memory_bytes)
{
    struct zj_table_shape shape = {
        .record_bytes = sizeof(struct service),
        .key_at = offsetof(struct service, key),
        .key_bytes = sizeof(struct service_key),
        .memory_bytes = memory_bytes - memory_bytes / HOURS_MEMORY_DIVISOR,
        .seed = obs->seed,
        .dropped = &obs->stats->drop_fact,
        .moves = &obs->moves,
        .spill = spill_service,
        .owner = obs,
    };
    zj_table_init(&obs->services, &shape);
    shape.record_bytes = sizeof(struct hour);
    shape.key_at = offsetof(struct hour, key);
    shape.key_bytes = sizeof(struct hour_key);
    shape.memory_bytes = memory_bytes / HOURS_MEMORY_DIVISOR;
    shape.spill = spill_hour;
    zj_table_init(&obs->hours, &shape);
}

static struct hour *hour_of(const struct zj_sight *t, uint32_t number, bool *out_is_new)
{
    struct zj_session *s = t->session;
    const bool is_usual = t->platform == &t->at->key->server;
    struct hour *h = zj_sure(t->obs, s, &t->obs->hours, s->hour_hint, ZJ_SURE_HOUR);
    if (h && is_usual && h->key.hour_ns == number * HOUR_NS) {
        *out_is_new = false;
        if (t->at->time_ns > h->link.last_ns)
            h->link.last_ns = t->at->time_ns;
        return h;
    }
    const struct hour_key key = {
        .hour_ns = number * HOUR_NS,
        .server = *t->platform,
        .port = t->platform_port,
        .protocol = s->label,
        .security = s->security,
    };
    s->sure &= (uint8_t)~ZJ_SURE_HOUR;
    h = zj_table_get(&t->obs->hours, &key, &s->hour_hint, t->at->time_ns, out_is_new);
    if (is_usual)
        zj_be_sure(t->obs, s, ZJ_SURE_HOUR);
    return h;
}

static void see_hour(const struct zj_sight *t)
{
    struct zj_session *s = t->session;
    const uint32_t number = (uint32_t)(t->at->time_ns / HOUR_NS);
    bool is_new;
    struct hour *h = hour_of(t, number, &is_new);
    h->frames += t->once;
    h->bytes += t->once * t->at->frame.len;
    const bool is_shared =
        s->is_platform_link || (s->protocol == ZJ_PROTOCOL_MQTT && !s->is_terminal);
    const bool is_vehicle =
        t->vehicle && (s->protocol != ZJ_PROTOCOL_GB32960 || t->vehicle->vin[0]);
    if (is_vehicle && (is_new || is_shared || s->hour != number)) {
        const struct zj_span id = zj_span_of(t->vehicle->key.id, sizeof t->vehicle->key.id);
        s->hour = number;
        zj_distinct_add(&h->vehicles, (uint32_t)(zj_hash(id, 0) >> 16));
    }
    if (is_new)
        send_hour(t->obs, h, t->at);
    else
        zj_table_mark(&t->obs->hours, h);
}

static struct service *service_of(struct zj_observer *obs, struct zj_session *s,
                                  const struct zj_moment *at, const struct zj_addr *addr,
                                  uint16_t port, bool *out_is_new)
{
    const bool is_usual = addr == &at->key->server;
    struct service *v = is_usual ? zj_sure(obs, s, &obs->services, s->service_hint, ZJ_SURE_SERVICE)
                                 : NULL;
    *out_is_new = false;
    if (!v) {
        const struct service_key key = {*addr, port, s->label, s->security};
        s->sure &= (uint8_t)~ZJ_SURE_SERVICE;
        v = zj_table_get(&obs->services, &key, &s->service_hint, at->time_ns, out_is_new);
        if (is_usual)
            zj_be_sure(obs, s, ZJ_SURE_SERVICE);
    } else if (at->time_ns > v->link.last_ns) {
        v->link.last_ns = at->time_ns;
    }
    if (*out_is_new)
        v->client_cert = -1;
    if (!s->is_counted && !s->is_scratch) {
        s->is_counted = true;
        v->flows++;
    }
    v->frames += s->pending_frames;
    v->bad_frames += s->pending_bad;
    v->bytes += s->pending_bytes;
    s->pending_frames = s->pending_bad = 0;
    s->pending_bytes = 0;
    v->is_public |= s->is_public;
    v->is_vehicle |= s->is_vehicle;
    v->edition = s->edition ? s->edition : v->edition;
    v->name = s->host ? s->host : v->name;
    v->tls_version = s->tls_version ? s->tls_version : v->tls_version;
    v->client_cert = s->client_cert > v->client_cert ? s->client_cert : v->client_cert;
    return v;
}

void zj_service_see(const struct zj_sight *t)
{
    struct zj_session *s = t->session;
    const bool is_bad = t->msg->error;
    s->frames[t->at->dir]++;
    s->bad[t->at->dir] += is_bad;
    s->frame_bytes += t->at->frame.len;
    s->pending_frames += t->once;
    s->pending_bad += t->once && is_bad;
    s->pending_bytes += t->once * t->at->frame.len;
    if (s->security == ZJ_SECURITY_UNKNOWN)
        return; /* heartbeats and answers wait until data shows whether it is encrypted */
    bool is_new;
    struct service *v = service_of(t->obs, s, t->at, t->platform, t->platform_port, &is_new);
    if (is_new)
        send_service(t->obs, v, t->at);
    else
        zj_table_mark(&t->obs->services, v);
    if (s->is_vehicle && !is_bad)
        see_hour(t);
}

void zj_service_end(struct zj_observer *obs, struct zj_session *s, const struct zj_moment *at,
                    uint64_t bytes)
{
    bool is_new;
    if (s->frames[0] + s->frames[1] == 0)
        return;
    if (s->security == ZJ_SECURITY_UNKNOWN)
        zj_session_set_security(s, ZJ_SECURITY_NONE);
    const struct service_key key = {at->key->server, at->key->server_port, s->label, s->security};
    struct service *v = zj_table_find(&obs->services, &key, NULL);
    const struct service was = v ? *v : (struct service){0};
    v = service_of(obs, s, at, &at->key->server, at->key->server_port, &is_new);
    /* what is last of these a message has told: flows end in no order */
    v->edition = was.edition ? was.edition : v->edition;
    v->name = was.name ? was.name : v->name;
    v->tls_version = was.tls_version ? was.tls_version : v->tls_version;
    const int64_t rest = bytes > s->frame_bytes ? (int64_t)(bytes - s->frame_bytes) : 0;
    v->flows -= obs->keeps_seen && zj_seen_inside(obs, s);
    v->bytes += (uint64_t)(obs->keeps_seen ? zj_seen_rest(obs, s, rest) : rest);
    if (is_new)
        send_service(obs, v, at);
    else
        zj_table_mark(&obs->services, v);
}

/* Hours that are over are done once they were sent. */
void zj_service_expire(struct zj_observer *obs)
{
    uint32_t at = 0;
    for (struct hour *h; (h = zj_table_next(&obs->hours, &at));)
        if (h->key.hour_ns + 2 * HOUR_NS < obs->now_ns)
            zj_table_remove(&obs->hours, h);
}
