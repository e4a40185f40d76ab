/* Takes an MQTT control packet apart and refuses what OASIS MQTT 3.1.1 and 5.0 call malformed or a
 * protocol error as far as one packet shows it. (MQTT 3.1 differs in the name, in DUP on requests
 * and in the client id, which may not be empty.)
 *
 *   type(4 bits) flags(4 bits)  remaining length(1-4, 7 bits each)  body
 *
 * The level of a packet stands in CONNECT alone. Without it a PUBLISH is read as 5.0 where its
 * payload begins with well-formed properties, everything else as 3.1.1 where that fits. */
#include "wire/mqtt_props.h"

bool zj_mqtt_varint(struct zj_reader *r, uint32_t *out_value, bool *out_minimal)
{
    uint32_t value = 0;
    for (unsigned shift = 0; shift < 28; shift += 7) {
        const uint8_t byte = zj_rd_u8(r);
        value |= (uint32_t)(byte & 0x7f) << shift;
        if (byte & 0x80)
            continue;
        *out_value = value;
        *out_minimal = !shift || byte;
        return true;
    }
    *out_value = 0;
    *out_minimal = false;
    return false;
}

struct zj_span zj_mqtt_field(struct zj_reader *r)
{
    const uint16_t len = zj_rd_be16(r);
    return zj_rd_span(r, len);
}

/* Keeps the first error; gives false, for a caller to return. */
static bool refuse(struct zj_mqtt_packet *p, const char *error)
{
    if (!p->error)
        p->error = error;
    return false;
}

static bool whole(struct zj_mqtt_packet *p, const struct zj_reader *r)
{
    return r->ran_out ? refuse(p, "truncated") : true;
}

static bool check_text(struct zj_mqtt_packet *p, struct zj_span text)
{
    return zj_mqtt_text_is_valid(text) ? true : refuse(p, "bad_utf8");
}

typedef uint8_t block __attribute__((vector_size(16)));

static inline block is_odd(block b)
{
    return (block)(b == 0) | (block)(b == '+') | (block)(b == '#') | (b & 0x80);
}

bool zj_mqtt_topic_is_plain(struct zj_span topic)
{
    block b, odd = {0};
    if (topic.len < sizeof b) {
        b = (block){0} + 'a';
        if (topic.len)
            memcpy(&b, topic.at, topic.len);
        odd = is_odd(b);
    } else {
        for (size_t i = 0; i + sizeof b < topic.len; i += sizeof b) {
            memcpy(&b, topic.at + i, sizeof b);
            odd |= is_odd(b);
        }
        memcpy(&b, topic.at + topic.len - sizeof b, sizeof b);
        odd |= is_odd(b);
    }
    uint64_t halves[2];
    memcpy(halves, &odd, sizeof halves);
    return !(halves[0] | halves[1]);
}

/* A topic name, for a PUBLISH or a will. */
static bool check_topic(struct zj_mqtt_packet *p, struct zj_span topic, bool may_be_empty)
{
    if (!zj_mqtt_topic_is_plain(topic)) {
        if (!zj_mqtt_text_is_valid(topic))
            return refuse(p, "bad_utf8");
        if (zj_mqtt_has_wildcard(topic))
            return refuse(p, "wildcard_in_topic");
    }
    return topic.len || may_be_empty ? true : refuse(p, "empty_topic");
}

/* A topic filter: # alone in the last level, + alone in its level; "$share/name/filter" in 5.0. */
static bool check_filter(struct zj_mqtt_packet *p, struct zj_span filter)
{
    if (!filter.len)
        return refuse(p, "empty_filter");
    if (!check_text(p, filter))
        return false;
    for (size_t i = 0; i < filter.len; i++) {
        const uint8_t c = filter.at[i];
        if (c != '+' && c != '#')
            continue;
        const bool starts = i == 0 || filter.at[i - 1] == '/';
        const bool ends = i + 1 == filter.len || (c == '+' && filter.at[i + 1] == '/');
        if (!starts || !ends)
            return refuse(p, "bad_filter");
    }
    const struct zj_span share = ZJ_SPAN_LIT("$share/");
    if (p->level != 5 || !zj_span_starts(filter, share))
        return true;
    const struct zj_span rest = zj_span_part(filter, share.len, filter.len);
    const uint8_t *slash = rest.len ? memchr(rest.at, '/', rest.len) : NULL;
    if (!slash || slash == rest.at || slash + 1 == rest.at + rest.len)
        return refuse(p, "bad_filter");
    return zj_mqtt_has_wildcard(zj_span_of(rest.at, (size_t)(slash - rest.at)))
               ? refuse(p, "bad_filter")
               : true;
}

/* A property length and the list, checked for `packet`. */
static bool read_props(struct zj_mqtt_packet *p, struct zj_reader *r, unsigned packet,
                       struct zj_span *out, uint64_t *out_seen)
{
    uint32_t len;
    bool minimal;
    *out_seen = 0;
    if (!zj_mqtt_varint(r, &len, &minimal))
        return refuse(p, "bad_varint");
    *out = zj_rd_span(r, len);
    if (!whole(p, r))
        return false;
    if (!minimal)
        return refuse(p, "bad_varint");
    const char *error = zj_mqtt_check_props(*out, packet, out_seen);
    return error ? refuse(p, error) : true;
}

static bool read_protocol(struct zj_mqtt_packet *p, struct zj_reader *r)
{
    p->protocol = zj_mqtt_field(r);
    if (!whole(p, r))
        return false;
    const bool is_mqtt = zj_span_eq_str(p->protocol, "MQTT");
    const bool is_old = zj_span_eq_str(p->protocol, "MQIsdp");
    if (!is_mqtt && !is_old)
        return refuse(p, "bad_protocol");
    const uint8_t level = zj_rd_u8(r);
    if (!whole(p, r))
        return false;
    if (is_old ? level != 3 : level != 4 && level != 5)
        return refuse(p, "bad_protocol");
    p->level = level;
    return true;
}

enum {
    CF_RESERVED = 1,
    CF_CLEAN = 2,
    CF_WILL = 4,
    CF_RETAIN = 32,
    CF_PASSWORD = 64,
    CF_USER = 128
};

static bool check_connect_flags(struct zj_mqtt_packet *p)
{
    const uint8_t flags = p->connect_flags;
    const unsigned will_qos = flags >> 3 & 3;
    p->has_will = flags & CF_WILL;
    p->has_user = flags & CF_USER;
    p->has_password = flags & CF_PASSWORD;
    if (flags & CF_RESERVED)
        return refuse(p, "bad_connect_flags");
    if (will_qos == 3 || (!p->has_will && (will_qos || flags & CF_RETAIN)))
        return refuse(p, "bad_will_flags");
    if (p->has_password && !p->has_user && p->level < 5)
        return refuse(p, "password_without_username");
    return true;
}

static bool read_connect(struct zj_mqtt_packet *p, struct zj_reader *r)
{
    uint64_t seen;
    if (!read_protocol(p, r))
        return false;
    p->connect_flags = zj_rd_u8(r);
    p->keepalive = zj_rd_be16(r);
    if (!whole(p, r) || !check_connect_flags(p))
        return false;
    p->has_props = p->level == 5;
    if (p->has_props && !read_props(p, r, ZJ_MQTT_CONNECT, &p->props, &seen))
        return false;
    p->client_id = zj_mqtt_field(r);
    if (!whole(p, r) || !check_text(p, p->client_id))
        return false;
    if (!p->client_id.len && (p->level == 3 || (p->level == 4 && !(p->connect_flags & CF_CLEAN))))
        return refuse(p, "empty_client_id");
    if (p->has_will) {
        if (p->has_props && !read_props(p, r, ZJ_MQTT_PROPS_OF_WILL, &p->will_props, &seen))
            return false;
        p->will_topic = zj_mqtt_field(r);
        p->will_payload = zj_mqtt_field(r);
        if (!whole(p, r) || !check_topic(p, p->will_topic, false))
            return false;
    }
    if (p->has_user)
        p->user = zj_mqtt_field(r);
    if (p->has_password)
        p->password = zj_mqtt_field(r);
    return whole(p, r) && check_text(p, p->user);
}

/* Reason codes of each packet (MQTT 5.0 section 2.4); 0xff never occurs. */
static bool is_reason(uint8_t type, uint8_t reason)
{
    static const char *const of_type[16] = {
        [ZJ_MQTT_CONNACK] = "\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8c\x90\x95\x97\x99\x9a"
                            "\x9b\x9c\x9d\x9f",
        [ZJ_MQTT_PUBACK] = "\x10\x80\x83\x87\x90\x91\x97\x99",
        [ZJ_MQTT_PUBREC] = "\x10\x80\x83\x87\x90\x91\x97\x99",
        [ZJ_MQTT_PUBREL] = "\x92",
        [ZJ_MQTT_PUBCOMP] = "\x92",
        [ZJ_MQTT_SUBACK] = "\x01\x02\x80\x83\x87\x8f\x91\x97\x9e\xa1\xa2",
        [ZJ_MQTT_UNSUBACK] = "\x11\x80\x83\x87\x8f\x91",
        [ZJ_MQTT_DISCONNECT] = "\x04\x80\x81\x82\x83\x87\x89\x8b\x8d\x8e\x8f\x90\x93\x94\x95\x96"
                               "\x97\x98\x99\x9a\x9b\x9c\x9d\x9e\x9f\xa0\xa1\xa2",
        [ZJ_MQTT_AUTH] = "\x18\x19",
    };
    return reason == 0 || strchr(of_type[type], reason);
}

static bool read_connack(struct zj_mqtt_packet *p, struct zj_reader *r)
{
    uint64_t seen;
    const uint8_t flags = zj_rd_u8(r);
    p->reason = zj_rd_u8(r);
    if (!whole(p, r))
        return false;
    p->session_present = flags & 1;
    if (p->level != 3 && (flags > 1 || (flags && p->reason)))
        return refuse(p, "bad_connack_flags");
    if (p->level < 5)
        return p->reason <= 5 ? true : refuse(p, "bad_reason");
    if (!is_reason(p->type, p->reason))
        return refuse(p, "bad_reason");
    p->has_props = true;
    return read_props(p, r, p->type, &p->props, &seen);
}

static bool read_packet_id(struct zj_mqtt_packet *p, struct zj_reader *r)
{
    p->packet_id = zj_rd_be16(r);
    if (!whole(p, r))
        return false;
    return p->packet_id ? true : refuse(p, "zero_packet_id");
}

static bool read_publish(struct zj_mqtt_packet *p, struct zj_reader *r)
{
    const unsigned qos = p->flags >> 1 & 3;
    uint64_t seen = 0;
    if (qos == 3)
        return refuse(p, "bad_qos");
    if (!qos && p->flags & 8)
        return refuse(p, "dup_with_qos0");
    p->topic = zj_mqtt_field(r);
    if (!whole(p, r) || !check_topic(p, p->topic, p->level == 5))
        return false;
    if (qos && !read_packet_id(p, r))
        return false;
    p->has_props = p->level == 5;
    if (p->has_props && !read_props(p, r, p->type, &p->props, &seen))
        return false;
    if (!p->topic.len && !(seen >> ZJ_MQTT_TOPIC_ALIAS & 1))
        return refuse(p, "empty_topic");
    p->payload = zj_rd_rest(r);
    return true;
}

/* What may end after the packet id: a reason and then properties, each only in 5.0. */
static bool read_reason(struct zj_mqtt_packet *p, struct zj_reader *r)
{
    uint64_t seen;
    if (p->level < 5)
        return true;
    p->has_reason = p->has_props = true;
    if (!zj_rd_left(r))
        return true;
    p->reason = zj_rd_u8(r);
    if (!is_reason(p->type, p->reason))
        return refuse(p, "bad_reason");
    return !zj_rd_left(r) || read_props(p, r, p->type, &p->props, &seen);
}

static bool check_subscribe_options(struct zj_mqtt_packet *p, struct zj_span filter,
                                    uint8_t options)
{
    const uint8_t reserved = p->level == 5 ? 0xc0 : 0xfc;
    if (options & reserved || (options & 3) == 3 || (options & 0x30) == 0x30)
        return refuse(p, "bad_subscribe_options");
    if (p->level == 5 && options & 4 && zj_span_starts(filter, ZJ_SPAN_LIT("$share/")))
        return refuse(p, "no_local_on_shared");
    return true;
}

static bool read_filters(struct zj_mqtt_packet *p, struct zj_reader *r)
{
    uint64_t seen;
    if (!read_packet_id(p, r))
        return false;
    p->has_props = p->level == 5;
    if (p->has_props && !read_props(p, r, p->type, &p->props, &seen))
        return false;
    const size_t from = r->at;
    if (!zj_rd_left(r))
        return refuse(p, "no_filters");
    while (zj_rd_left(r)) {
        const struct zj_span filter = zj_mqtt_field(r);
        const uint8_t options = p->type == ZJ_MQTT_SUBSCRIBE ? zj_rd_u8(r) : 0;
        if (!whole(p, r) || !check_filter(p, filter) ||
            !check_subscribe_options(p, filter, options))
            return false;
    }
    p->list = zj_rd_since(r, from);
    return true;
}

static bool read_codes(struct zj_mqtt_packet *p, struct zj_reader *r)
{
    uint64_t seen;
    if (!read_packet_id(p, r))
        return false;
    p->has_props = p->level == 5;
    if (p->has_props && !read_props(p, r, p->type, &p->props, &seen))
        return false;
    if (p->type == ZJ_MQTT_UNSUBACK && p->level < 5)
        return true;
    if (!zj_rd_left(r))
        return refuse(p, "truncated");
    p->list = zj_rd_rest(r);
    for (size_t i = 0; i < p->list.len; i++) {
        const uint8_t code = p->list.at[i];
        if (p->level == 5 ? !is_reason(p->type, code) : code > 2 && code != 0x80)
            return refuse(p, "bad_reason");
    }
    return true;
}

static bool check_flags(const struct zj_mqtt_packet *p)
{
    switch (p->type) {
    case ZJ_MQTT_PUBLISH:
        return true;
    case ZJ_MQTT_PUBREL:
    case ZJ_MQTT_SUBSCRIBE:
    case ZJ_MQTT_UNSUBSCRIBE:
        return p->flags == 2 || (p->level == 3 && p->flags == 10); /* 3.1: sent again */
    default:
        return p->flags == 0;
    }
}

static bool read_body(struct zj_mqtt_packet *p, struct zj_reader *r)
{
    switch ((enum zj_mqtt_type)p->type) {
    case ZJ_MQTT_CONNECT:
        return read_connect(p, r);
    case ZJ_MQTT_CONNACK:
        return read_connack(p, r);
    case ZJ_MQTT_PUBLISH:
        return read_publish(p, r);
    case ZJ_MQTT_PUBACK:
    case ZJ_MQTT_PUBREC:
    case ZJ_MQTT_PUBREL:
    case ZJ_MQTT_PUBCOMP:
        return read_packet_id(p, r) && read_reason(p, r);
    case ZJ_MQTT_SUBSCRIBE:
    case ZJ_MQTT_UNSUBSCRIBE:
        return read_filters(p, r);
    case ZJ_MQTT_SUBACK:
    case ZJ_MQTT_UNSUBACK:
        return read_codes(p, r);
    case ZJ_MQTT_PINGREQ:
    case ZJ_MQTT_PINGRESP:
        return true;
    case ZJ_MQTT_DISCONNECT:
        return read_reason(p, r);
    case ZJ_MQTT_AUTH:
        return p->level == 5 ? read_reason(p, r) : refuse(p, "reserved_type");
    }
    return refuse(p, "reserved_type");
}

static void parse_as(uint8_t level, struct zj_span frame, struct zj_mqtt_packet *p)
{
    struct zj_reader r = zj_reader_of(frame);
    const uint8_t first = zj_rd_u8(&r);
    bool minimal = false;
    *p = (struct zj_mqtt_packet){.type = first >> 4, .flags = first & 15, .level = level};
    if (!frame.len)
        p->error = "incomplete";
    else if (!p->type || (p->type == ZJ_MQTT_AUTH && level < 5))
        p->error = "reserved_type";
    else if (!check_flags(p))
        p->error = "bad_flags";
    else if (!zj_mqtt_varint(&r, &p->remaining, &minimal))
        p->error = "bad_varint";
    else
        whole(p, &r);
    if (p->error)
        return;

    p->head_len = r.at;
    struct zj_span body = zj_rd_rest(&r);
    const bool goes_on = body.len > p->remaining;
    p->is_cut = body.len < p->remaining;
    if (p->is_cut && !(p->type == ZJ_MQTT_PUBLISH && frame.len == ZJ_MQTT_PACKET_MAX)) {
        p->error = "incomplete";
        return;
    }
    struct zj_reader in = zj_reader_of(zj_span_part(body, 0, p->remaining));
    if (!read_body(p, &in))
        return;
    if (p->level == 5 && !minimal)
        refuse(p, "bad_varint");
    if (zj_rd_left(&in) || goes_on)
        refuse(p, "trailing_bytes");
}

void zj_mqtt_parse(uint8_t level, struct zj_span frame, struct zj_mqtt_packet *out)
{
    const unsigned type = frame.len ? frame.at[0] >> 4 : 0;
    if (level || type == ZJ_MQTT_CONNECT) {
        parse_as(level ? level : 4, frame, out);
        return;
    }
    const uint8_t first = type == ZJ_MQTT_PUBLISH ? 5 : 4;
    parse_as(first, frame, out);
    if (!out->error)
        return;
    struct zj_mqtt_packet other;
    parse_as(first == 5 ? 4 : 5, frame, &other);
    if (!other.error || first == 5)
        *out = other;
}
