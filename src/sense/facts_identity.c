/* Who speaks with which platform: one fact for each set of VIN, card, number and platform. */
#include "sense/observer.h"

struct identity {
    struct zj_link link;
    struct identity_key {
        uint8_t protocol; /* label */
        uint8_t security;
        uint16_t port;
        struct zj_addr server;
        char vin[17], iccid[20], phone[20];
        uint8_t pad[3];
    } key;
    struct zj_addr client;
    uint32_t edition; /* label */
    uint32_t logins, life_frames, other_frames;
    uint64_t bytes;
    /* link.spare: the firmware's string */
};
_Static_assert(sizeof(struct identity) + 3 * sizeof(uint32_t) <= 160,
               "a vehicle fact with its slot");

static void send_identity(struct zj_observer *obs, struct identity *id, const struct zj_moment *at)
{
    struct zj_cell c[ZJ_ID_COLS] = {
        [ZJ_ID_PROTOCOL] = zj_cell_str(zj_label_text(obs, id->key.protocol)),
        [ZJ_ID_VIN] = zj_cell_chars(id->key.vin, sizeof id->key.vin),
        [ZJ_ID_ICCID] = zj_cell_chars(id->key.iccid, sizeof id->key.iccid),
        [ZJ_ID_PHONE] = zj_cell_chars(id->key.phone, sizeof id->key.phone),
        [ZJ_ID_SERVER] = {.addr = id->key.server},
        [ZJ_ID_PORT] = {.num = id->key.port},
        [ZJ_ID_SECURITY] = zj_cell_str(zj_security_name(id->key.security)),
        [ZJ_ID_EDITION] = zj_cell_str(zj_label_text(obs, (uint8_t)id->edition)),
        [ZJ_ID_CLIENT] = {.addr = id->client},
        [ZJ_ID_LOGINS] = {.num = id->logins},
        [ZJ_ID_LIFE_FRAMES] = {.num = id->life_frames},
        [ZJ_ID_OTHER_FRAMES] = {.num = id->other_frames},
        [ZJ_ID_BYTES] = {.num = (int64_t)id->bytes},
        [ZJ_ID_FIRMWARE] = {.text = zj_string(&obs->strings, id->link.spare)},
        [ZJ_ID_OTHER_SEEN] = {.num = id->other_frames ? id->link.last_ns : 0},
    };
    zj_fact_send(obs, ZJ_FACT_IDENTITY, c, id->link.last_ns, at);
    id->logins = id->life_frames = id->other_frames = 0;
    id->bytes = 0;
}

static void spill_identity(void *owner, void *record)
{
    send_identity(owner, record, NULL);
}

void zj_identity_init(struct zj_observer *obs, int64_t memory_bytes)
{
    zj_table_init(&obs->identities, &(struct zj_table_shape){
                                        .record_bytes = sizeof(struct identity),
                                        .key_at = offsetof(struct identity, key),
                                        .key_bytes = sizeof(struct identity_key),
                                        .memory_bytes = memory_bytes,
                                        .seed = obs->seed,
                                        .budget = &obs->budget,
                                        .pages = &obs->pages,
                                        .dropped = &obs->stats->drop_fact,
                                        .moves = &obs->moves,
                                        .spill = spill_identity,
                                        .owner = obs,
                                    });
}

/* Keeping the link is no use of the card; nor is an emergency and what follows it. The answer to
 * the platform's question for the card's number is part of keeping the link. */
static bool is_life(const struct zj_sight *t)
{
    switch (t->msg->kind) {
    case ZJ_MSG_LOGIN:
    case ZJ_MSG_LOGOUT:
    case ZJ_MSG_REGISTER:
    case ZJ_MSG_HEARTBEAT:
    case ZJ_MSG_ANSWER:
    case ZJ_MSG_ATTRIBUTES:
    case ZJ_MSG_CONNECT:
    case ZJ_MSG_SUBSCRIBE:
        return true;
    case ZJ_MSG_OTHER:
    case ZJ_MSG_PLATFORM_LOGIN:
    case ZJ_MSG_PLATFORM_LOGOUT:
    case ZJ_MSG_REPORT:
    case ZJ_MSG_REISSUE:
    case ZJ_MSG_UPGRADE:
    case ZJ_MSG_CONTROL:
    case ZJ_MSG_SWITCH_SERVER:
    case ZJ_MSG_PARAMETERS:
    case ZJ_MSG_QUERY:
    case ZJ_MSG_PASSTHROUGH_DOWN:
    case ZJ_MSG_PASSTHROUGH_UP:
    case ZJ_MSG_EAVESDROP:
    case ZJ_MSG_MEDIA:
    case ZJ_MSG_PUBLISH:
    case ZJ_MSG_REQUEST:
    case ZJ_MSG_RESPONSE:
    case ZJ_MSG_CERT_REQUEST:
        break;
    }
    return t->is_answer || t->msg->is_life_safety || t->at->time_ns < t->vehicle->life_until_ns;
}

/* NULL: it says nothing by itself and the vehicle is not known to speak with this platform. */
static struct identity *identity_of(const struct zj_sight *t, bool *out_is_new)
{
    struct zj_session *s = t->session;
    const struct zj_vehicle *v = t->vehicle;
    const bool is_usual = t->platform == &t->at->key->server && !s->is_platform_link;
    struct identity *id =
        zj_sure(t->obs, s, &t->obs->identities, s->identity_hint, ZJ_SURE_IDENTITY);
    *out_is_new = false;
    if (id && is_usual && memcmp(id->key.vin, v->vin, sizeof v->vin) == 0 &&
        memcmp(id->key.iccid, v->iccid, sizeof v->iccid) == 0)
        return id;
    struct identity_key key = {
        .protocol = s->label,
        .security = s->security,
        .port = t->platform_port,
        .server = *t->platform,
    };
    memcpy(key.vin, v->vin, sizeof key.vin);
    memcpy(key.iccid, v->iccid, sizeof key.iccid);
    if (s->protocol == ZJ_PROTOCOL_JT808)
        memcpy(key.phone, v->key.id, sizeof key.phone);
    uint32_t *hint = s->is_platform_link ? NULL : &s->identity_hint;
    s->sure &= (uint8_t)~ZJ_SURE_IDENTITY;
    if (t->is_up)
        id = zj_table_get(&t->obs->identities, &key, hint, t->at->time_ns, out_is_new);
    else
        id = zj_table_find(&t->obs->identities, &key, hint);
    if (id && is_usual)
        zj_be_sure(t->obs, s, ZJ_SURE_IDENTITY);
    return id;
}

void zj_identity_see(const struct zj_sight *t)
{
    struct zj_session *s = t->session;
    struct zj_vehicle *v = t->vehicle;
    if (!v || (s->protocol == ZJ_PROTOCOL_MQTT && !s->is_terminal))
        return;
    bool is_new;
    struct identity *id = identity_of(t, &is_new);
    if (!id)
        return;
    id->bytes += t->once * t->at->frame.len;
    if (t->at->time_ns > id->link.last_ns)
        id->link.last_ns = t->at->time_ns;
    if (t->is_up) {
        const bool life = is_life(t);
        id->client = *t->vehicle_addr;
        id->edition = s->edition;
        id->link.spare = v->link.spare;
        id->logins += t->once && !t->is_answer &&
                      (t->msg->kind == ZJ_MSG_LOGIN || t->msg->kind == ZJ_MSG_CONNECT);
        id->life_frames += t->once && life;
        id->other_frames += t->once && !life;
    }
    if (is_new)
        send_identity(t->obs, id, t->at);
    else
        zj_table_mark(&t->obs->identities, id);
}
