/* One MQTT control packet, 3.1, 3.1.1 or 5.0, taken apart and checked; shared by the codec's read
 * and print. */
#ifndef ZJ_WIRE_MQTT_H
#define ZJ_WIRE_MQTT_H

#include "wire/wire.h"

enum zj_mqtt_type {
    ZJ_MQTT_CONNECT = 1,
    ZJ_MQTT_CONNACK,
    ZJ_MQTT_PUBLISH,
    ZJ_MQTT_PUBACK,
    ZJ_MQTT_PUBREC,
    ZJ_MQTT_PUBREL,
    ZJ_MQTT_PUBCOMP,
    ZJ_MQTT_SUBSCRIBE,
    ZJ_MQTT_SUBACK,
    ZJ_MQTT_UNSUBSCRIBE,
    ZJ_MQTT_UNSUBACK,
    ZJ_MQTT_PINGREQ,
    ZJ_MQTT_PINGRESP,
    ZJ_MQTT_DISCONNECT,
    ZJ_MQTT_AUTH,
};

enum { ZJ_MQTT_PACKET_MAX = 64 * 1024 }; /* of a longer PUBLISH only this much is read */

enum zj_mqtt_prop_type {
    ZJ_MQTT_PROP_U8,
    ZJ_MQTT_PROP_U16,
    ZJ_MQTT_PROP_U32,
    ZJ_MQTT_PROP_VARINT,
    ZJ_MQTT_PROP_TEXT,
    ZJ_MQTT_PROP_BYTES,
    ZJ_MQTT_PROP_PAIR,
};

struct zj_mqtt_prop {
    const char *name; /* static */
    enum zj_mqtt_prop_type type;
    uint8_t id;
    uint32_t number;
    struct zj_span text, value; /* value: second half of a pair */
};

/* All spans point into the frame. What a packet does not have is empty. */
struct zj_mqtt_packet {
    const char *error; /* static name of the first thing wrong; NULL: valid */
    uint8_t type, flags, level;
    bool is_cut; /* a PUBLISH whose payload goes on behind the frame */
    uint32_t remaining;
    size_t head_len;
    uint16_t packet_id; /* 0: none */
    bool has_reason, has_props, has_will, has_user, has_password;
    uint8_t reason; /* CONNACK code, reason code */
    bool session_present;
    uint8_t connect_flags;
    uint16_t keepalive;
    struct zj_span protocol, client_id, will_topic, will_payload, user, password;
    struct zj_span topic, payload;
    struct zj_span props, will_props;
    struct zj_span list; /* filters with options, filters, or codes; checked */
};

/* A variable byte integer. False where it takes more than four bytes (*out_value is then 0);
 * r->ran_out where it is cut. */
bool zj_mqtt_varint(struct zj_reader *r, uint32_t *out_value, bool *out_minimal);

/* Reads a whole packet. level 0: not known; the packet is read as the one it fits. */
void zj_mqtt_parse(uint8_t level, struct zj_span frame, struct zj_mqtt_packet *out);

/* No NUL, no wildcard, nothing beyond ASCII: nearly every topic, told sixteen bytes at a time. */
bool zj_mqtt_topic_is_plain(struct zj_span topic);

/* The next property of a checked list; false at its end, *out_error set where it is wrong. */
bool zj_mqtt_next_prop(struct zj_reader *r, struct zj_mqtt_prop *out, const char **out_error);

/* Where a packet starts in bytes whose beginning is missing; as `find` of a codec. */
enum zj_step zj_mqtt_find(uint8_t level, struct zj_span in, bool is_known, size_t *out_at);

/* A length word and that many bytes. */
struct zj_span zj_mqtt_field(struct zj_reader *r);

#endif
