/* Inside the simulator: identities, conversations and the clock. Not for other rooms. */
#ifndef ZJ_FLEET_WORLD_H
#define ZJ_FLEET_WORLD_H

#include "base/buf.h"
#include "fleet/fleet.h"

/* --- chance: SplitMix64 by seed and use, so that one vehicle does not disturb another -----------
 */
struct zj_chance {
    uint64_t state;
};
uint64_t zj_chance_next(struct zj_chance *c);
uint32_t zj_chance_below(struct zj_chance *c, uint32_t bound);

/* --- identities --------------------------------------------------------------------------------
 */
struct zj_vehicle {
    uint32_t number;
    char vin[18];
    char iccid[21];
    char phone[14];   /* 11 digits for JT/T 808-2013, 13 for -2019 and GB/T 32960 */
    uint32_t address; /* IPv4, host order, in the private APN 10.200.0.0/13 */
    uint16_t port;
};

void zj_vehicle_make(struct zj_vehicle *v, uint32_t number, bool is_short_phone);
void zj_resident_id_make(uint32_t number, char out[19]);
void zj_uscc_make(uint32_t number, char out[19]);

/* --- packets -----------------------------------------------------------------------------------
 */
struct zj_world;

/* A TCP connection between two simulated hosts. */
struct zj_conn {
    uint32_t ip[2]; /* 0 client, 1 server */
    uint16_t port[2];
    uint32_t seq[2];
    uint16_t ip_id[2];
    int fd; /* live: the socket, -1 once it is closed */
};

void zj_conn_open(struct zj_world *w, struct zj_conn *c, uint32_t client, uint16_t client_port,
                  uint32_t server, uint16_t server_port);
/* Sends bytes from dir 0 (client) or 1, in segments, with the other side's ACK. */
void zj_conn_send(struct zj_world *w, struct zj_conn *c, int dir, struct zj_span bytes);
void zj_conn_close(struct zj_world *w, struct zj_conn *c);

/* The same over real sockets: what the client says goes to one server, which answers for itself. */
struct zj_live {
    uint32_t ip; /* host order */
    uint16_t port;
};
void zj_live_open(struct zj_world *w, struct zj_conn *c);
void zj_live_send(struct zj_world *w, struct zj_conn *c, int dir, struct zj_span bytes);
void zj_live_close(struct zj_conn *c);
/* Sleeps until then; false where the user has had enough. */
bool zj_live_wait(struct zj_world *w, int64_t until_ns);

/* --- actors: whoever acts at a time of its own --------------------------------------------------
 */
struct zj_actor {
    int64_t next_ns;
    uint32_t order;                                      /* breaks ties, so that runs are equal */
    void (*act)(struct zj_world *w, struct zj_actor *a); /* sets next_ns; INT64_MAX: done */
    struct zj_vehicle vehicle;
    struct zj_conn conn;
    struct zj_chance chance;
    int phase;
    uint16_t serial;
    int32_t lat_e6, lon_e6;
    uint32_t odometer; /* 0.1 km */
    uint32_t server;
    uint16_t server_port;
    bool is_2025, is_2019;
    struct zj_span recording;
    int arg;
};

struct zj_world {
    struct zj_job *job;
    const struct zj_fleet_opts *opts;
    FILE *pcap;
    const char *dir;
    int64_t now_ns, end_ns;
    int64_t step_ns; /* between two packets of one conversation */
    uint32_t next_vehicle;
    struct zj_actor **heap;
    size_t heap_count, heap_cap;
    struct zj_arena arena; /* actors */
    struct zj_buf frame;   /* scratch for encoders */
    struct zj_buf registers[7];
    struct zj_buf gaps, detections; /* JSON members so far */
    bool has_failed;                /* writing */
    const struct zj_live *live;     /* NULL: into a capture */
};

struct zj_actor *zj_actor_add(struct zj_world *w, int64_t at_ns,
                              void (*act)(struct zj_world *w, struct zj_actor *a));
/* A further vehicle: its identity, a row of vehicles and, with a state, one of cards. */
void zj_world_vehicle(struct zj_world *w, struct zj_vehicle *v, bool is_short_phone,
                      const char *card_state);
void zj_world_row(struct zj_world *w, const char *name, const char *csv_line);
void zj_expect_gap(struct zj_world *w, const char *gap, const char *subject);
void zj_expect_detection(struct zj_world *w, const char *rule, const char *subject);
const char *zj_ip_text(struct zj_world *w, uint32_t ip);

/* A healthy vehicle of each kind, for its whole day; card_state as in the register. */
struct zj_actor *zj_gb32960_vehicle(struct zj_world *w, int64_t at_ns, const char *card_state);
struct zj_actor *zj_jt808_vehicle(struct zj_world *w, int64_t at_ns, const char *card_state,
                                  bool is_2019);
struct zj_actor *zj_mqtt_vehicle(struct zj_world *w, int64_t at_ns);

/* --- encoders: append one frame to w->frame, which they empty first ------------------------------
 */
struct zj_span zj_make_gb32960_login(struct zj_world *w, struct zj_actor *a, const char *iccid);
struct zj_span zj_make_gb32960_report(struct zj_world *w, struct zj_actor *a);
struct zj_span zj_make_gb32960_plain(struct zj_world *w, struct zj_actor *a, uint8_t command,
                                     uint8_t answer);
struct zj_span zj_make_gb32960_platform_login(struct zj_world *w, struct zj_actor *a,
                                              const char *user, const char *password);
struct zj_span zj_make_gb32960_upgrade(struct zj_world *w, struct zj_actor *a, const char *version,
                                       const char *url);
struct zj_span zj_make_gb32960_frame(struct zj_world *w, struct zj_actor *a, uint8_t command,
                                     uint8_t answer, struct zj_span unit);

struct zj_span zj_make_jt808_frame(struct zj_world *w, struct zj_actor *a, uint16_t id,
                                   struct zj_span body);
struct zj_span zj_make_jt808_register(struct zj_world *w, struct zj_actor *a);
struct zj_span zj_make_jt808_auth(struct zj_world *w, struct zj_actor *a, const char *code);
struct zj_span zj_make_jt808_attributes(struct zj_world *w, struct zj_actor *a);
struct zj_span zj_make_jt808_position(struct zj_world *w, struct zj_actor *a, uint32_t alarms);
struct zj_span zj_make_jt808_answer(struct zj_world *w, struct zj_actor *a, uint16_t id,
                                    uint16_t serial, uint8_t result);
struct zj_span zj_make_jt808_upgrade(struct zj_world *w, struct zj_actor *a, const char *version,
                                     const char *url);

struct zj_span zj_make_mqtt_connect(struct zj_world *w, const char *client, const char *user,
                                    const char *password);
struct zj_span zj_make_mqtt_publish(struct zj_world *w, const char *topic, const char *payload);
struct zj_span zj_make_mqtt_subscribe(struct zj_world *w, const char *filter);
struct zj_span zj_make_http_post(struct zj_world *w, const char *host, const char *path,
                                 const char *json);
struct zj_span zj_make_tls_client_hello(struct zj_world *w, const char *server_name);
struct zj_span zj_make_tls_server_hello(struct zj_world *w);

/* Moves the vehicle for `seconds`; keeps within Beijing's ring roads. */
void zj_vehicle_drive(struct zj_actor *a, int seconds);

/* The company's addresses. */
#define ZJ_IP(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))
enum { ZJ_GB_PORT = 32960, ZJ_JT_PORT = 7200, ZJ_MQTT_PORT = 1883, ZJ_TLS_PORT = 8883 };
#define ZJ_GB_PLATFORM   ZJ_IP(10, 1, 0, 5)
#define ZJ_JT_PLATFORM   ZJ_IP(10, 1, 0, 8)
#define ZJ_MQTT_BROKER   ZJ_IP(10, 1, 0, 11)
#define ZJ_TLS_GATEWAY   ZJ_IP(10, 1, 0, 20)
#define ZJ_DATA_EXCHANGE ZJ_IP(10, 1, 0, 30)
/* In the company's networks and public, so that plaintext there crosses the Internet. */
#define ZJ_PUBLIC_PLATFORM ZJ_IP(39, 96, 0, 10)

#endif
