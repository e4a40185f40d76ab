/* What the frames of one flow told so far. Made on the first frame, freed with the flow. */
#ifndef ZJ_SENSE_SESSION_H
#define ZJ_SENSE_SESSION_H

#include "base/addr.h"
#include "base/span.h"
#include "sense/budget.h"
#include "sense/pages.h"

struct zj_observer;
struct zj_sight;
struct zj_moment;

enum zj_protocol {
    ZJ_PROTOCOL_OTHER,
    ZJ_PROTOCOL_GB32960,
    ZJ_PROTOCOL_JT808,
    ZJ_PROTOCOL_MQTT,
    ZJ_PROTOCOL_TLS,
    ZJ_PROTOCOL_HTTP,
    ZJ_PROTOCOL_DNS,
};

enum zj_sure {
    ZJ_SURE_SERVICE = 1,
    ZJ_SURE_HOUR = 2,
    ZJ_SURE_IDENTITY = 4,
    ZJ_SURE_TRANSFER = 8, /* from the client */
};

struct zj_session {
    uint8_t protocol; /* enum zj_protocol */
    uint8_t label;    /* of the codec's name */
    uint8_t security; /* enum zj_security */
    uint8_t edition;  /* label */
    uint8_t tls_version;
    int8_t client_cert;                /* 1 asked for, 0 not, -1 not seen */
    bool is_vehicle;                   /* the codec's, or MQTT that named a vehicle */
    bool is_platform_link;             /* a platform logged in: many vehicles on one flow */
    bool is_terminal;                  /* MQTT: the client is a vehicle */
    bool has_login;                    /* a login was sent and not refused */
    bool began_with_login;             /* nothing came before it: all of the flow was seen */
    bool was_anonymous;                /* MQTT: CONNECT without a user */
    bool is_counted;                   /* its service knows of the flow */
    bool is_scratch;                   /* the pool was full: good for one message only */
    bool is_public;                    /* either end has a public address */
    uint32_t client_hash, server_hash; /* of the addresses */
    uint32_t hour;                     /* in which its vehicle was counted already */
    uint16_t wildcard_serial;          /* MQTT: of a wide subscription not yet answered, 0: none */
    char id[20];                       /* VIN or terminal number that logged in */
    uint8_t id_len;
    uint8_t client_len;
    union {
        char client[48]; /* MQTT client id */
        char ja4[40];    /* TLS */
    };
    uint32_t epoch;    /* of the texts named below */
    uint32_t host;     /* server name: string */
    uint32_t wildcard; /* the filter asked for: string */
    uint32_t frames[2], bad[2];
    uint32_t pending_frames, pending_bad; /* before the security was known */
    uint64_t pending_bytes;
    uint64_t frame_bytes;
    uint32_t fixes[2]; /* positions by direction */
    uint32_t vehicle_hint, identity_hint, service_hint, hour_hint, transfer_hint[2];
    uint32_t moves;     /* of the observer, when the hints in `sure` were found good */
    uint8_t sure;       /* ZJ_SURE_…: the hint is good and its key what it was */
    bool is_read_again; /* its messages were counted in this run already */
    bool was_counted;   /* as a connection, by an earlier run */
    uint32_t seen_hint;
    uint64_t ends;        /* hash of both; 0: not looked for yet */
    uint8_t topic_vin_at; /* in the topic below; UINT8_MAX: none */
    uint64_t topic_hash;  /* MQTT: of the topic last looked through; 0: none */
    uint64_t topic_types; /* what is identified in it, once each; UINT64_MAX: not known */
    struct zj_session *next_free;
};

struct zj_session_pool {
    struct zj_session **chunks;
    uint32_t chunk_count, used_in_last, limit, count;
    struct zj_session *free_list;
    struct zj_budget *budget; /* shared with the tables, as the pages are */
    struct zj_pages *pages;
    struct zj_session scratch;
};

void zj_session_pool_init(struct zj_session_pool *pool, int64_t memory_bytes,
                          struct zj_budget *budget, struct zj_pages *pages);
void zj_session_pool_release(struct zj_session_pool *pool);

/* The session of a flow, made where there is none. Never NULL: when the pool is full it is one that
 * is good for this message only, and *slot stays NULL. */
struct zj_session *zj_session_get(struct zj_observer *obs, struct zj_session **slot,
                                  const struct zj_moment *at);
void zj_session_free(struct zj_observer *obs, struct zj_session **slot);

/* Before the facts: what this message says of its flow and its vehicle. */
void zj_session_resolve(struct zj_sight *sight);
/* After them: what later messages are compared with. */
void zj_session_learn(struct zj_sight *sight);

/* It is part of the keys of the facts. */
static inline void zj_session_set_security(struct zj_session *s, uint8_t security)
{
    if (s->security != security)
        s->sure = 0;
    s->security = security;
}

static inline struct zj_span zj_session_id(const struct zj_session *s)
{
    return zj_span_of(s->id, s->id_len);
}

#endif
