/* Properties of MQTT 5.0 (section 2.2.2.2): which there are, of which type, in which packets. */
#include "wire/mqtt_props.h"

#include "base/text.h"

enum {
    CONNECT = 1u << ZJ_MQTT_CONNECT,
    CONNACK = 1u << ZJ_MQTT_CONNACK,
    PUBLISH = 1u << ZJ_MQTT_PUBLISH,
    ANSWERS = 1u << ZJ_MQTT_PUBACK | 1u << ZJ_MQTT_PUBREC | 1u << ZJ_MQTT_PUBREL |
              1u << ZJ_MQTT_PUBCOMP | 1u << ZJ_MQTT_SUBACK | 1u << ZJ_MQTT_UNSUBACK,
    SUBSCRIBE = 1u << ZJ_MQTT_SUBSCRIBE,
    UNSUBSCRIBE = 1u << ZJ_MQTT_UNSUBSCRIBE,
    DISCONNECT = 1u << ZJ_MQTT_DISCONNECT,
    AUTH = 1u << ZJ_MQTT_AUTH,
    WILL = 1u << ZJ_MQTT_PROPS_OF_WILL,
};

struct def {
    uint8_t id;
    uint8_t type;  /* enum zj_mqtt_prop_type */
    uint8_t range; /* what values there are: RANGE_… */
    unsigned packets;
    const char *name;
};

enum { RANGE_ANY, RANGE_BOOL, RANGE_POSITIVE, RANGE_TOPIC };

/* clang-format off */
static const struct def defs[] = {
    {0x01, ZJ_MQTT_PROP_U8,     RANGE_BOOL,     PUBLISH | WILL, "payload_format"},
    {0x02, ZJ_MQTT_PROP_U32,    RANGE_ANY,      PUBLISH | WILL, "message_expiry"},
    {0x03, ZJ_MQTT_PROP_TEXT,   RANGE_ANY,      PUBLISH | WILL, "content_type"},
    {0x08, ZJ_MQTT_PROP_TEXT,   RANGE_TOPIC,    PUBLISH | WILL, "response_topic"},
    {0x09, ZJ_MQTT_PROP_BYTES,  RANGE_ANY,      PUBLISH | WILL, "correlation"},
    {0x0b, ZJ_MQTT_PROP_VARINT, RANGE_POSITIVE, PUBLISH | SUBSCRIBE, "subscription_id"},
    {0x11, ZJ_MQTT_PROP_U32,    RANGE_ANY,      CONNECT | CONNACK | DISCONNECT, "session_expiry"},
    {0x12, ZJ_MQTT_PROP_TEXT,   RANGE_ANY,      CONNACK, "assigned_client_id"},
    {0x13, ZJ_MQTT_PROP_U16,    RANGE_ANY,      CONNACK, "server_keepalive"},
    {0x15, ZJ_MQTT_PROP_TEXT,   RANGE_ANY,      CONNECT | CONNACK | AUTH, "auth_method"},
    {0x16, ZJ_MQTT_PROP_BYTES,  RANGE_ANY,      CONNECT | CONNACK | AUTH, "auth_data"},
    {0x17, ZJ_MQTT_PROP_U8,     RANGE_BOOL,     CONNECT, "request_problem_info"},
    {0x18, ZJ_MQTT_PROP_U32,    RANGE_ANY,      WILL, "will_delay"},
    {0x19, ZJ_MQTT_PROP_U8,     RANGE_BOOL,     CONNECT, "request_response_info"},
    {0x1a, ZJ_MQTT_PROP_TEXT,   RANGE_ANY,      CONNACK, "response_info"},
    {0x1c, ZJ_MQTT_PROP_TEXT,   RANGE_ANY,      CONNACK | DISCONNECT, "server_reference"},
    {0x1f, ZJ_MQTT_PROP_TEXT,   RANGE_ANY,      CONNACK | ANSWERS | DISCONNECT | AUTH, "reason_string"},
    {0x21, ZJ_MQTT_PROP_U16,    RANGE_POSITIVE, CONNECT | CONNACK, "receive_max"},
    {0x22, ZJ_MQTT_PROP_U16,    RANGE_ANY,      CONNECT | CONNACK, "topic_alias_max"},
    {0x23, ZJ_MQTT_PROP_U16,    RANGE_POSITIVE, PUBLISH, "topic_alias"},
    {0x24, ZJ_MQTT_PROP_U8,     RANGE_BOOL,     CONNACK, "max_qos"},
    {0x25, ZJ_MQTT_PROP_U8,     RANGE_BOOL,     CONNACK, "retain_available"},
    {0x26, ZJ_MQTT_PROP_PAIR,   RANGE_ANY,      CONNECT | CONNACK | PUBLISH | ANSWERS | SUBSCRIBE |
                                                UNSUBSCRIBE | DISCONNECT | AUTH | WILL, "user"},
    {0x27, ZJ_MQTT_PROP_U32,    RANGE_POSITIVE, CONNECT | CONNACK, "max_packet"},
    {0x28, ZJ_MQTT_PROP_U8,     RANGE_BOOL,     CONNACK, "wildcard_available"},
    {0x29, ZJ_MQTT_PROP_U8,     RANGE_BOOL,     CONNACK, "subscription_id_available"},
    {0x2a, ZJ_MQTT_PROP_U8,     RANGE_BOOL,     CONNACK, "shared_available"},
};
/* clang-format on */

static const struct def *find_def(uint32_t id)
{
    for (size_t i = 0; i < ZJ_COUNT(defs); i++)
        if (defs[i].id == id)
            return &defs[i];
    return NULL;
}

bool zj_mqtt_text_is_valid(struct zj_span s)
{
    return !(s.len && memchr(s.at, 0, s.len)) && zj_utf8_is_valid(s);
}

bool zj_mqtt_has_wildcard(struct zj_span topic)
{
    for (size_t i = 0; i < topic.len; i++)
        if (topic.at[i] == '+' || topic.at[i] == '#')
            return true;
    return false;
}

static void read_value(struct zj_reader *r, struct zj_mqtt_prop *out, const char **out_error)
{
    bool minimal = true;
    switch (out->type) {
    case ZJ_MQTT_PROP_U8:
        out->number = zj_rd_u8(r);
        break;
    case ZJ_MQTT_PROP_U16:
        out->number = zj_rd_be16(r);
        break;
    case ZJ_MQTT_PROP_U32:
        out->number = zj_rd_be32(r);
        break;
    case ZJ_MQTT_PROP_VARINT:
        if (!zj_mqtt_varint(r, &out->number, &minimal) || (!minimal && !r->ran_out))
            *out_error = "bad_varint";
        break;
    case ZJ_MQTT_PROP_TEXT:
    case ZJ_MQTT_PROP_BYTES:
        out->text = zj_mqtt_field(r);
        break;
    case ZJ_MQTT_PROP_PAIR:
        out->text = zj_mqtt_field(r);
        out->value = zj_mqtt_field(r);
        break;
    }
    if (r->ran_out && !*out_error)
        *out_error = "truncated";
    if (!*out_error && out->type != ZJ_MQTT_PROP_BYTES &&
        (!zj_mqtt_text_is_valid(out->text) || !zj_mqtt_text_is_valid(out->value)))
        *out_error = "bad_utf8";
}

static bool is_in_range(const struct def *def, const struct zj_mqtt_prop *prop)
{
    switch (def->range) {
    case RANGE_BOOL:
        return prop->number <= 1;
    case RANGE_POSITIVE:
        return prop->number > 0;
    case RANGE_TOPIC:
        return prop->text.len > 0 && !zj_mqtt_has_wildcard(prop->text);
    default:
        return true;
    }
}

bool zj_mqtt_next_prop(struct zj_reader *r, struct zj_mqtt_prop *out, const char **out_error)
{
    bool minimal;
    uint32_t id;
    *out = (struct zj_mqtt_prop){0};
    *out_error = NULL;
    if (!zj_rd_left(r))
        return false;
    const bool is_short = zj_mqtt_varint(r, &id, &minimal);
    const struct def *def = is_short ? find_def(id) : NULL;
    if (!def) {
        *out_error = r->ran_out ? "truncated" : is_short ? "bad_property" : "bad_varint";
        return false;
    }
    out->id = def->id;
    out->name = def->name;
    out->type = def->type;
    read_value(r, out, out_error);
    return !*out_error;
}

const char *zj_mqtt_check_props(struct zj_span props, unsigned packet, uint64_t *out_seen)
{
    struct zj_reader r = zj_reader_of(props);
    struct zj_mqtt_prop prop;
    const char *error;
    *out_seen = 0;
    while (zj_mqtt_next_prop(&r, &prop, &error)) {
        const struct def *def = find_def(prop.id);
        const bool repeats = prop.type == ZJ_MQTT_PROP_PAIR ||
                             (prop.id == ZJ_MQTT_SUBSCRIPTION_ID && packet == ZJ_MQTT_PUBLISH);
        if (!(def->packets & 1u << packet))
            return "property_not_allowed";
        if ((*out_seen >> prop.id & 1) && !repeats)
            return "duplicate_property";
        if (!is_in_range(def, &prop))
            return "bad_property_value";
        *out_seen |= 1ull << prop.id;
    }
    if (!error && packet != ZJ_MQTT_CONNACK && (*out_seen >> ZJ_MQTT_AUTH_DATA & 1) &&
        !(*out_seen >> ZJ_MQTT_AUTH_METHOD & 1))
        return "auth_data_without_method";
    return error;
}
