/* Properties and texts of MQTT, as the packet reader needs them. */
#ifndef ZJ_WIRE_MQTT_PROPS_H
#define ZJ_WIRE_MQTT_PROPS_H

#include "wire/mqtt.h"

enum {
    ZJ_MQTT_PROPS_OF_WILL = 0, /* beside enum zj_mqtt_type */
    ZJ_MQTT_SUBSCRIPTION_ID = 0x0b,
    ZJ_MQTT_AUTH_METHOD = 0x15,
    ZJ_MQTT_AUTH_DATA = 0x16,
    ZJ_MQTT_TOPIC_ALIAS = 0x23,
};

/* Checks a whole list for the packet (enum zj_mqtt_type or ZJ_MQTT_PROPS_OF_WILL): known, allowed
 * here, not twice, in range. Gives the error or NULL; *out_seen has a bit for each id met. */
const char *zj_mqtt_check_props(struct zj_span props, unsigned packet, uint64_t *out_seen);

/* UTF-8 without U+0000 (section 1.5.4). */
bool zj_mqtt_text_is_valid(struct zj_span s);
bool zj_mqtt_has_wildcard(struct zj_span topic);

#endif
