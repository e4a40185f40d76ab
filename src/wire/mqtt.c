/* MQTT 3.1, 3.1.1 and 5.0 over TCP (OASIS).
 *
 * A PUBLISH longer than ZJ_MQTT_PACKET_MAX is read by its first bytes and the rest is passed over,
 * so that a camera image in a topic neither fills buffers nor loses the stream. */
#include "wire/mqtt.h"

#include "wire/mqtt_props.h"

enum {
    FOUND = 1,  /* a flag of the state: the packets were found by a search */
    GUESSED_5 = 4,
    ASTRAY = 2, /* and one of them is bad: the search was led astray, or bytes are missing again */
};

static const char *const names[16] = {
    [ZJ_MQTT_CONNECT] = "CONNECT",   [ZJ_MQTT_CONNACK] = "CONNACK",
    [ZJ_MQTT_PUBLISH] = "PUBLISH",   [ZJ_MQTT_PUBACK] = "PUBACK",
    [ZJ_MQTT_PUBREC] = "PUBREC",     [ZJ_MQTT_PUBREL] = "PUBREL",
    [ZJ_MQTT_PUBCOMP] = "PUBCOMP",   [ZJ_MQTT_SUBSCRIBE] = "SUBSCRIBE",
    [ZJ_MQTT_SUBACK] = "SUBACK",     [ZJ_MQTT_UNSUBSCRIBE] = "UNSUBSCRIBE",
    [ZJ_MQTT_UNSUBACK] = "UNSUBACK", [ZJ_MQTT_PINGREQ] = "PINGREQ",
    [ZJ_MQTT_PINGRESP] = "PINGRESP", [ZJ_MQTT_DISCONNECT] = "DISCONNECT",
    [ZJ_MQTT_AUTH] = "AUTH",
};

static const char *edition_of(uint8_t level)
{
    return level == 5 ? "5.0" : level == 3 ? "3.1" : "3.1.1";
}

static enum zj_match probe_connect(struct zj_reader *r)
{
    uint32_t remaining;
    bool minimal;
    if (!zj_mqtt_varint(r, &remaining, &minimal))
        return ZJ_MATCH_NO;
    if (!r->ran_out && remaining < 12)
        return ZJ_MATCH_NO;
    static const char *const heads[] = {"\0\4MQTT", "\0\6MQIsdp"};
    const struct zj_span rest = zj_rd_rest(r);
    for (size_t i = 0; i < ZJ_COUNT(heads); i++) {
        const size_t head_len = i ? 8 : 6;
        const size_t len = rest.len < head_len ? rest.len : head_len;
        if (memcmp(rest.at, heads[i], len) == 0)
            return len == head_len ? ZJ_MATCH_YES : ZJ_MATCH_MAYBE;
    }
    return ZJ_MATCH_NO;
}

/* A CONNACK: its few possible values, and a known packet behind it where more follows. */
static enum zj_match probe_connack(struct zj_span start)
{
    if (start.len < 5)
        return start.len < 4 || start.at[1] > 2                         ? ZJ_MATCH_MAYBE
               : start.at[1] == 2 && start.at[2] < 2 && start.at[3] < 6 ? ZJ_MATCH_YES
                                                                        : ZJ_MATCH_NO;
    if (start.at[2] > 1)
        return ZJ_MATCH_NO;
    if (start.at[1] == 2)
        return start.at[3] < 6 && start.at[4] >> 4 >= ZJ_MQTT_PUBLISH ? ZJ_MATCH_YES : ZJ_MATCH_NO;
    const bool is_code = start.at[3] == 0 || (start.at[3] >= 0x80 && start.at[3] <= 0x9f);
    return start.at[1] < 128 && is_code && start.at[4] + 3 == start.at[1] ? ZJ_MATCH_YES
                                                                          : ZJ_MATCH_NO;
}

static enum zj_match probe(struct zj_span start)
{
    struct zj_reader r = zj_reader_of(zj_span_part(start, 0, 64));
    const uint8_t first = zj_rd_u8(&r);
    if (first == ZJ_MQTT_CONNECT << 4)
        return probe_connect(&r);
    if (first == ZJ_MQTT_CONNACK << 4)
        return probe_connack(zj_span_part(start, 0, 64));
    return ZJ_MATCH_NO;
}

static enum zj_step frame(struct zj_wire_state *state, struct zj_span in, size_t *out_len)
{
    uint32_t remaining;
    bool minimal;
    if (!in.len)
        return ZJ_STEP_MORE;
    if (state->flags & ASTRAY) {
        state->flags &= ~(uint32_t)ASTRAY;
        return ZJ_STEP_LOST;
    }
    if (state->body_left) {
        *out_len = in.len < state->body_left ? in.len : (size_t)state->body_left;
        state->body_left -= *out_len;
        return ZJ_STEP_SKIP;
    }
    struct zj_reader r = zj_reader_of(in);
    const unsigned type = zj_rd_u8(&r) >> 4;
    if (!zj_mqtt_varint(&r, &remaining, &minimal))
        return ZJ_STEP_LOST;
    if (r.ran_out)
        return ZJ_STEP_MORE;
    const size_t len = r.at + remaining;
    if (len <= ZJ_MQTT_PACKET_MAX) {
        *out_len = len;
        return in.len < len ? ZJ_STEP_MORE : ZJ_STEP_DONE;
    }
    if (type != ZJ_MQTT_PUBLISH)
        return ZJ_STEP_LOST;
    if (in.len < ZJ_MQTT_PACKET_MAX)
        return ZJ_STEP_MORE;
    *out_len = ZJ_MQTT_PACKET_MAX;
    state->body_left = len - ZJ_MQTT_PACKET_MAX;
    return ZJ_STEP_DONE;
}

static enum zj_step find(struct zj_wire_state *state, struct zj_span in, bool is_known,
                         size_t *out_at)
{
    const enum zj_step step = zj_mqtt_find(state->mqtt_level, in, is_known, out_at);
    state->flags &= ~(uint32_t)(FOUND | ASTRAY);
    state->flags |= step == ZJ_STEP_DONE ? FOUND : 0;
    return step;
}

/* The level where CONNECT was not seen: a PUBLISH that does not fit 5.0 is of 3.1.1, and what fits
 * 5.0 alone is of that. One without properties may be a PUBLISH of 3.1.1 whose payload begins with
 * NUL: that is a guess. */
static void learn_level(struct zj_wire_state *state, const struct zj_mqtt_packet *p)
{
    if (p->type != ZJ_MQTT_PUBLISH && p->type != ZJ_MQTT_CONNACK && p->level != 5)
        return;
    state->mqtt_level = p->level;
    if (p->type == ZJ_MQTT_PUBLISH && p->level == 5 && !p->props.len)
        state->flags |= GUESSED_5;
}

static void parse(struct zj_wire_state *state, struct zj_span bytes, struct zj_mqtt_packet *p)
{
    zj_mqtt_parse(state->mqtt_level, bytes, p);
    if (p->error && state->flags & GUESSED_5) {
        struct zj_mqtt_packet other;
        zj_mqtt_parse(4, bytes, &other);
        if (!other.error) {
            *p = other;
            state->mqtt_level = 0;
            state->flags &= ~(uint32_t)GUESSED_5;
        }
    }
    if (p->type == ZJ_MQTT_CONNECT && (!p->error || p->protocol.len)) {
        state->mqtt_level = p->level;
        state->flags = 0;
    } else if (!p->error && !state->mqtt_level) {
        learn_level(state, p);
    }
}

/* The filter that asks for most: the first with a wildcard, else the first. */
static struct zj_span widest_filter(const struct zj_mqtt_packet *p)
{
    struct zj_reader r = zj_reader_of(p->list);
    struct zj_span first = {0};
    while (zj_rd_left(&r)) {
        const struct zj_span filter = zj_mqtt_field(&r);
        if (p->type == ZJ_MQTT_SUBSCRIBE)
            zj_rd_u8(&r);
        if (zj_mqtt_has_wildcard(filter))
            return filter;
        if (!first.len)
            first = filter;
    }
    return first;
}

static void answer(const struct zj_mqtt_packet *p, uint32_t answered, struct zj_msg *out)
{
    out->kind = ZJ_MSG_ANSWER;
    out->answered = answered;
    out->answered_serial = p->packet_id;
    out->answer = p->type == ZJ_MQTT_CONNACK || p->reason >= 0x80 ? p->reason : 0;
    for (size_t i = 0; i < p->list.len && !out->answer; i++)
        out->answer = p->list.at[i] >= 0x80 ? p->list.at[i] : 0;
}

static void fill_publish(const struct zj_mqtt_packet *p, struct zj_msg *out)
{
    out->kind = ZJ_MSG_PUBLISH;
    out->topic = p->topic;
    out->payload = p->payload;
    out->retain = p->flags & 1;
    out->qos = p->flags >> 1 & 3;
}

static void fill(const struct zj_mqtt_packet *p, struct zj_msg *out)
{
    switch ((enum zj_mqtt_type)p->type) {
    case ZJ_MQTT_CONNECT:
        out->kind = ZJ_MSG_CONNECT;
        out->client = p->client_id;
        out->user = p->user;
        out->secret = p->password;
        out->topic = p->will_topic;
        out->payload = p->will_payload;
        break;
    case ZJ_MQTT_CONNACK:
        answer(p, ZJ_MQTT_CONNECT, out);
        out->is_down = true;
        break;
    case ZJ_MQTT_PUBLISH:
        fill_publish(p, out);
        break;
    case ZJ_MQTT_PUBACK:
    case ZJ_MQTT_PUBREC:
    case ZJ_MQTT_PUBCOMP:
        answer(p, ZJ_MQTT_PUBLISH, out);
        break;
    case ZJ_MQTT_SUBSCRIBE:
        out->kind = ZJ_MSG_SUBSCRIBE;
        out->topic = widest_filter(p);
        break;
    case ZJ_MQTT_SUBACK:
    case ZJ_MQTT_UNSUBACK:
        answer(p, p->type == ZJ_MQTT_SUBACK ? ZJ_MQTT_SUBSCRIBE : ZJ_MQTT_UNSUBSCRIBE, out);
        out->is_down = true;
        break;
    case ZJ_MQTT_UNSUBSCRIBE:
        out->topic = widest_filter(p);
        break;
    case ZJ_MQTT_PINGREQ:
    case ZJ_MQTT_PINGRESP:
        out->kind = ZJ_MSG_HEARTBEAT;
        break;
    case ZJ_MQTT_DISCONNECT:
        out->kind = ZJ_MSG_LOGOUT;
        break;
    case ZJ_MQTT_PUBREL:
    case ZJ_MQTT_AUTH:
        break;
    }
}

/* What read_plain found is good. */
static void fill_plain(const struct zj_wire_state *state, uint8_t type, uint16_t id,
                       struct zj_msg *out)
{
    zj_msg_clear(out);
    out->edition = edition_of(4);
    out->command = type;
    out->name = names[type];
    out->has_serial = id;
    out->serial = id;
    out->is_down = state->is_from_server;
}

static bool read_plain_publish(const struct zj_wire_state *state, struct zj_span bytes,
                               struct zj_msg *out)
{
    const uint8_t *p = bytes.at;
    const unsigned qos = p[0] >> 1 & 3;
    const bool is_short = p[1] < 128;
    const size_t head = is_short ? 2 : 3;
    const size_t len = head + (is_short ? p[1] : (p[1] & 127u) | (size_t)p[2] << 7);
    if (qos == 3 || (!qos && p[0] & 8) || (!is_short && (p[2] < 1 || p[2] > 127)) ||
        len != bytes.len)
        return false;
    const size_t topic_len = zj_load_be16(p + head), topic_end = head + 2 + topic_len;
    const size_t left = topic_end + (qos ? 2 : 0);
    if (left > len || !topic_len)
        return false;
    const struct zj_span topic = zj_span_part(bytes, head + 2, topic_len);
    const uint16_t id = qos ? zj_load_be16(p + topic_end) : 0;
    if ((qos && !id) || !zj_mqtt_topic_is_plain(topic))
        return false;
    fill_plain(state, ZJ_MQTT_PUBLISH, id, out);
    out->kind = ZJ_MSG_PUBLISH;
    out->answer = ZJ_ANSWER_NONE;
    out->topic = topic;
    out->payload = zj_span_part(bytes, left, len);
    out->retain = p[0] & 1;
    out->qos = (uint8_t)qos;
    return true;
}

/* A good PUBLISH of 3.1.1 with a plain topic, or the PUBACK to one: nearly all there is, and read
 * at once. False, with nothing done, for whatever is not as plain as that. */
static bool read_plain(const struct zj_wire_state *state, struct zj_span bytes, struct zj_msg *out)
{
    const uint8_t *p = bytes.at;
    if (bytes.len >= 8 && p[0] >> 4 == ZJ_MQTT_PUBLISH)
        return read_plain_publish(state, bytes, out);
    if (bytes.len != 4 || p[0] != ZJ_MQTT_PUBACK << 4 || p[1] != 2 || !zj_load_be16(p + 2))
        return false;
    fill_plain(state, ZJ_MQTT_PUBACK, zj_load_be16(p + 2), out);
    out->kind = ZJ_MSG_ANSWER;
    out->answered = ZJ_MQTT_PUBLISH;
    out->answered_serial = out->serial;
    return true;
}

static void read(struct zj_wire_state *state, struct zj_span bytes, struct zj_msg *out)
{
    if (state->mqtt_level == 4 && read_plain(state, bytes, out))
        return;
    struct zj_mqtt_packet p;
    parse(state, bytes, &p);
    zj_msg_clear(out);
    out->error = p.error;
    out->edition = edition_of(p.level);
    out->command = p.type;
    out->name = names[p.type];
    out->answer = ZJ_ANSWER_NONE;
    out->has_serial = p.packet_id;
    out->serial = p.packet_id;
    out->is_down = state->is_from_server;
    if (!p.error)
        fill(&p, out);
    else if (state->flags & FOUND)
        state->flags |= ASTRAY;
}

static void print_props(struct zj_json *j, const char *key, struct zj_span props)
{
    struct zj_reader r = zj_reader_of(props);
    struct zj_mqtt_prop prop;
    const char *error;
    zj_json_key(j, key);
    zj_json_array(j);
    while (zj_mqtt_next_prop(&r, &prop, &error)) {
        zj_json_array(j);
        zj_json_str(j, prop.name);
        if (prop.type == ZJ_MQTT_PROP_PAIR) {
            zj_json_array(j);
            zj_json_span(j, prop.text);
            zj_json_span(j, prop.value);
            zj_json_array_end(j);
        } else if (prop.type == ZJ_MQTT_PROP_TEXT) {
            zj_json_span(j, prop.text);
        } else if (prop.type == ZJ_MQTT_PROP_BYTES) {
            zj_json_hex(j, prop.text);
        } else {
            zj_json_uint(j, prop.number);
        }
        zj_json_array_end(j);
    }
    zj_json_array_end(j);
}

static void print_connect(struct zj_json *j, const struct zj_mqtt_packet *p)
{
    zj_json_kspan(j, "protocol", p->protocol);
    zj_json_kint(j, "level", p->level);
    zj_json_kbool(j, "clean", p->connect_flags & 2);
    zj_json_kint(j, "keepalive", p->keepalive);
    if (p->has_props)
        print_props(j, "props", p->props);
    zj_json_kspan(j, "client_id", p->client_id);
    if (p->has_will) {
        if (p->has_props)
            print_props(j, "will_props", p->will_props);
        zj_json_kspan(j, "will_topic", p->will_topic);
        zj_json_kint(j, "will_len", (int64_t)p->will_payload.len);
        zj_json_kint(j, "will_qos", p->connect_flags >> 3 & 3);
        zj_json_kbool(j, "will_retain", p->connect_flags & 32);
    }
    if (p->has_user)
        zj_json_kspan(j, "username", p->user);
    if (p->has_password)
        zj_json_kspan(j, "password", p->password);
}

static void print_list(struct zj_json *j, const struct zj_mqtt_packet *p)
{
    struct zj_reader r = zj_reader_of(p->list);
    const bool is_codes = p->type == ZJ_MQTT_SUBACK || p->type == ZJ_MQTT_UNSUBACK;
    zj_json_key(j, is_codes ? "codes" : "filters");
    zj_json_array(j);
    while (zj_rd_left(&r)) {
        if (is_codes) {
            zj_json_int(j, zj_rd_u8(&r));
            continue;
        }
        const struct zj_span filter = zj_mqtt_field(&r);
        if (p->type == ZJ_MQTT_UNSUBSCRIBE) {
            zj_json_span(j, filter);
            continue;
        }
        zj_json_array(j);
        zj_json_span(j, filter);
        zj_json_int(j, zj_rd_u8(&r) & 3);
        zj_json_array_end(j);
    }
    zj_json_array_end(j);
}

static void print_publish(struct zj_json *j, const struct zj_mqtt_packet *p)
{
    zj_json_kbool(j, "dup", p->flags & 8);
    zj_json_kint(j, "qos", p->flags >> 1 & 3);
    zj_json_kbool(j, "retain", p->flags & 1);
    zj_json_kspan(j, "topic", p->topic);
}

/* Of a packet that was cut off: what leads it, as far as it is whole, and how much is missing. */
static void print_cut(struct zj_json *j, const struct zj_mqtt_packet *p, struct zj_span bytes)
{
    struct zj_reader r = zj_reader_of(bytes);
    uint32_t remaining;
    bool minimal;
    zj_rd_u8(&r);
    if (!zj_mqtt_varint(&r, &remaining, &minimal) || r.ran_out)
        return;
    zj_json_kint(j, "missing_bytes", (int64_t)(r.at + remaining) - (int64_t)bytes.len);
    if (p->type != ZJ_MQTT_PUBLISH && p->type != ZJ_MQTT_CONNECT)
        return;
    const struct zj_span name = zj_mqtt_field(&r); /* of the topic, of the protocol */
    if (p->type == ZJ_MQTT_PUBLISH) {
        struct zj_mqtt_packet head = {.flags = p->flags, .topic = name};
        if (!r.ran_out)
            print_publish(j, &head);
        return;
    }
    const uint8_t level = zj_rd_u8(&r);
    zj_rd_span(&r, 3); /* flags, keep alive */
    if (r.ran_out)
        return;
    zj_json_kspan(j, "protocol", name);
    zj_json_kint(j, "level", level);
    const struct zj_span client = level < 5 ? zj_mqtt_field(&r) : (struct zj_span){0};
    if (level < 5 && !r.ran_out)
        zj_json_kspan(j, "client_id", client);
}

static const char *print(struct zj_wire_state *state, struct zj_span bytes, struct zj_json *fields,
                         const char **out_edition)
{
    struct zj_mqtt_packet p;
    parse(state, bytes, &p);
    *out_edition = edition_of(p.level);
    if (names[p.type])
        zj_json_kstr(fields, "type", names[p.type]);
    zj_json_kint(fields, "flags", p.flags);
    zj_json_kint(fields, "remaining", p.remaining);
    if (p.error && strcmp(p.error, "incomplete") == 0)
        print_cut(fields, &p, bytes);
    if (p.error)
        return p.error;
    if (p.type == ZJ_MQTT_CONNECT) {
        print_connect(fields, &p);
        return NULL;
    }
    if (p.type == ZJ_MQTT_PUBLISH)
        print_publish(fields, &p);
    if (p.packet_id)
        zj_json_kint(fields, "packet_id", p.packet_id);
    if (p.type == ZJ_MQTT_CONNACK) {
        zj_json_kbool(fields, "session_present", p.session_present);
        zj_json_kint(fields, "code", p.reason);
    } else if (p.has_reason) {
        zj_json_kint(fields, "reason", p.reason);
    }
    if (p.has_props)
        print_props(fields, "props", p.props);
    if (p.list.len)
        print_list(fields, &p);
    if (p.type == ZJ_MQTT_PUBLISH) {
        zj_json_kint(fields, "payload_len", (int64_t)p.payload.len);
        zj_json_key(fields, "payload_hex");
        zj_json_hex(fields, p.payload);
    }
    return NULL;
}

const struct zj_codec zj_codec_mqtt = {
    .name = "mqtt",
    .en = "MQTT 3.1, 3.1.1 and 5.0",
    .zh = "MQTT 3.1、3.1.1 与 5.0",
    .over = ZJ_OVER_TCP,
    .ports = (const uint16_t[]){1883, 0},
    .probe = probe,
    .frame = frame,
    .find = find,
    .read = read,
    .print = print,
    .id_field = "type",
    .frame_bytes_max = ZJ_MQTT_PACKET_MAX,
};
