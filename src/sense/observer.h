/* Inside the fact path: the observer, the sight of one message, and what each part of the
 * path offers the others. Not for other rooms. */
#ifndef ZJ_SENSE_OBSERVER_H
#define ZJ_SENSE_OBSERVER_H

#include "base/clock.h"
#include "identify/identify.h"
#include "sense/detect/detect.h"
#include "sense/eve.h"
#include "sense/facts_strings.h"
#include "sense/facts_table.h"
#include "sense/session.h"
#include "sense/worker.h"

enum zj_security { ZJ_SECURITY_UNKNOWN, ZJ_SECURITY_NONE, ZJ_SECURITY_TLS, ZJ_SECURITY_UNIT };

enum { ZJ_LABELS_MAX = 250, ZJ_FINDS_MAX = 64, ZJ_NAME_SLOTS = 8192 };
enum { ZJ_PLATFORMS = 3 }; /* of a vehicle that are remembered */

/* The name of an address, as DNS answers, TLS and HTTP told. */
enum { ZJ_NAME_MAX = 103 };
struct zj_known_name {
    struct zj_addr addr;
    int64_t until_ns;
    uint8_t len;
    char name[ZJ_NAME_MAX];
};

/* A frame seen before: the replay detection's memory. */
struct zj_print {
    uint64_t hash;
    uint32_t client; /* hash of the address */
    uint32_t time_s; /* of the packet */
};

struct zj_relay;

struct zj_observer {
    struct zj_job *job;
    struct zj_sink *sink;
    struct zj_sense_stats *stats;
    struct zj_relay *relay; /* what is told goes there: another thread observes; mostly NULL */
    zj_err err; /* the first failure of the sink; reported by the next flush */
    bool want_events, scan_payloads;
    uint64_t seed;
    int64_t now_ns;     /* the latest packet time */
    int64_t flushed_ns; /* packet time of the last flush */
    int64_t flush_ns;
    size_t turn; /* the table that the next flush begins with */
    size_t (*scan)(struct zj_span bytes, struct zj_find *out, size_t max);
    struct zj_identify_scratch *scratch; /* of all types; NULL: shapes alone */
    struct zj_noted {
        bool is_there;    /* messages come from, or go to, another thread: with what it found */
        bool wants_words; /* in this message */
        bool is_read;     /* by the thread that read the message; else the observer looks */
        uint64_t types;
        const uint32_t *items; /* of each */
    } noted;
    const char *labels[ZJ_LABELS_MAX];   /* static texts: protocol names, editions, TLS versions */
    unsigned label_count;
    struct zj_strings strings;
    uint32_t epoch; /* of the texts: they are forgotten all at once when their memory is full */
    struct zj_session_pool sessions;
    struct zj_budget budget; /* of what grows with the fleet */
    struct zj_pages pages;   /* its memory */
    uint32_t moves;          /* of records in the tables */
    struct zj_table vehicles, identities, services, transfers, commands, detections, hours, tallies;
    struct zj_known_name *names; /* ZJ_NAME_SLOTS */
    struct zj_print *prints;     /* a power of two; an older one gives way */
    uint64_t print_mask;
    const struct zj_detections *pack;    /* NULL: nothing is looked for */
    struct zj_rules rules[ZJ_MSG_KINDS]; /* by the kind of message; the last: malformed */
    bool keeps_seen;
    const struct zj_seen *before; /* what earlier runs counted, sorted by ends */
    size_t before_count;
    struct zj_table seen;
    struct zj_eve eve;
    struct zj_find finds[ZJ_FINDS_MAX];
};

/* What is known of a vehicle or terminal over all its flows. Small, for there are millions: flows
 * are told apart by a hash, times but one are seconds. */
struct zj_vehicle {
    struct zj_link link; /* spare: the firmware's string */
    struct zj_vehicle_key {
        uint8_t protocol; /* enum zj_protocol */
        char id[20];      /* VIN, or the terminal's number */
    } key;
    char vin[17];
    uint8_t coordinates;
    bool has_fix, has_previous_fix;
    char iccid[20];
    uint8_t link_fixes;    /* positions on links between platforms; stays at the most */
    uint32_t platforms[ZJ_PLATFORMS]; /* hashes of the addresses it logged in to; 0: none */
    int64_t life_until_ns; /* after an emergency alarm */
    /* its session, and the one before: for the duplicate detection */
    uint32_t flow, other_flow;
    struct zj_addr client;
    uint32_t server;         /* hash of the address */
    uint32_t frames_on_flow; /* since it spoke from there */
    uint32_t switched_s;
    /* its last fix and the one before */
    int64_t fix_s; /* by the reports' own clock */
    int32_t fix_after_previous_s;
    uint32_t fix_seen_s; /* of the packet */
    int32_t lat_e6, lon_e6, previous_lat_e6, previous_lon_e6;
};
_Static_assert(sizeof(struct zj_vehicle) <= 184, "what is kept of a vehicle is small");

/* One message as all parts of the path see it. */
struct zj_sight {
    struct zj_observer *obs;
    struct zj_session *session;
    const struct zj_moment *at;
    const struct zj_msg *msg;
    const struct zj_addr *sender, *receiver;
    uint16_t sender_port, receiver_port;
    uint32_t once;  /* 1; 0: this message was counted before and adds nothing */
    bool is_up;     /* sent by a vehicle, a lower platform or a client */
    bool is_answer; /* to the command `answered` */
    uint32_t answered;
    const struct zj_addr *platform; /* the platform's or server's side */
    const struct zj_addr *vehicle_addr;
    uint16_t platform_port;
    uint32_t platform_hash, vehicle_hash; /* of the addresses */
    uint32_t flow;                        /* hash of the flow's number; never 0 */
    struct zj_vehicle *vehicle;           /* NULL: the message names none */
    const struct zj_find *finds;          /* of the payload scan */
    size_t find_count;
    struct zj_span topic_vin;
    uint64_t *topic_types; /* the session's, of this very topic; NULL: it keeps none of it */
    const int64_t *set;    /* the numbers of the detection that looks, in the order of its params */
    struct zj_print *print; /* where a frame with a time of its own has its place; NULL: none */
    uint64_t print_hash;
};

/* The record that a session used last, without a look at its key; NULL: it must be looked up. */
static inline void *zj_sure(const struct zj_observer *obs, const struct zj_session *s,
                            const struct zj_table *t, uint32_t hint, enum zj_sure what)
{
    return s->sure & what && s->moves == obs->moves ? zj_table_at(t, hint) : NULL;
}

/* The hint was just found good. */
static inline void zj_be_sure(const struct zj_observer *obs, struct zj_session *s,
                              enum zj_sure what)
{
    if (s->moves != obs->moves)
        s->sure = 0;
    s->moves = obs->moves;
    s->sure |= (uint8_t)what;
}

/* observe.c */
uint8_t zj_label(struct zj_observer *obs, const char *static_text);
const char *zj_label_text(const struct zj_observer *obs, uint8_t label);
uint32_t zj_addr_hash(const struct zj_observer *obs, const struct zj_addr *addr); /* never 0 */
const char *zj_security_name(enum zj_security security);

/* facts.c: sends one row. `at` gives the evidence of a first sight; NULL: differences only. */
void zj_fact_send(struct zj_observer *obs, enum zj_fact_id kind, struct zj_cell *cells,
                  int64_t last_ns, const struct zj_moment *at);
/* "client:port-server:port" */
enum { ZJ_FLOW_TEXT = 2 * (ZJ_ADDR_TEXT + 10) };
void zj_flow_format(const struct zj_flow_key *key, char out[ZJ_FLOW_TEXT]);
static inline struct zj_cell zj_cell_str(const char *text)
{
    return (struct zj_cell){.text = zj_span_str(text)};
}
struct zj_cell zj_cell_chars(const char *text, size_t size); /* up to a NUL */

/* facts_identity.c */
void zj_identity_init(struct zj_observer *obs, int64_t memory_bytes);
void zj_identity_see(const struct zj_sight *sight);

/* facts_service.c: services and the load by the hour. */
void zj_service_init(struct zj_observer *obs, int64_t memory_bytes);
void zj_service_see(const struct zj_sight *sight);
void zj_service_end(struct zj_observer *obs, struct zj_session *session, const struct zj_moment *at,
                    uint64_t bytes);
void zj_service_expire(struct zj_observer *obs);

/* facts_transfer.c */
void zj_transfer_init(struct zj_observer *obs, int64_t memory_bytes);
void zj_transfer_see(struct zj_sight *sight);
/* Of a frame that is data alone, before its sight is whole: is there anything in it? */
bool zj_transfer_look(struct zj_sight *sight, const struct zj_session *session);
/* Words cost more than shapes: are they due in this message of its session and direction? */
bool zj_transfer_wants_words(uint32_t frames);
/* Looks through what this observer would, for one elsewhere: into `noted`. False: data alone with
 * nothing in it, which need not be told. */
bool zj_transfer_note(struct zj_observer *obs, const struct zj_moment *at, const struct zj_msg *msg,
                      uint32_t out_items[ZJ_TYPE_COUNT]);

/* facts_command.c: commands and detections. */
void zj_command_init(struct zj_observer *obs, int64_t memory_bytes);
void zj_command_see(const struct zj_sight *sight);

/* seen.c */
void zj_seen_init(struct zj_observer *obs, const struct zj_sense_opts *opts, int64_t memory_bytes);
/* Was this message counted before? Called once for each. */
bool zj_seen_before(const struct zj_sight *sight);
/* Did an earlier run find the flow open, after what this run saw of it first? It counted it too. */
bool zj_seen_inside(struct zj_observer *obs, struct zj_session *session);
/* Of the bytes outside the frames of a flow, those that were not counted before. */
int64_t zj_seen_rest(struct zj_observer *obs, struct zj_session *session, int64_t bytes);

/* facts_names.c */
void zj_names_learn(struct zj_observer *obs, const struct zj_sight *sight);
uint32_t zj_names_find(struct zj_observer *obs, const struct zj_addr *addr); /* string; 0: none */
uint32_t zj_names_host(const struct zj_sight *sight, const struct zj_addr *addr);

/* Is it a topic of commands or upgrades, by its levels? */
bool zj_topic_is_command(struct zj_span topic);

#endif
