/* Where MQTT packets start in bytes whose beginning is missing. Nothing marks or checks a packet, so
 * it is believed for its topic, and for what stands behind it: another packet, or the end of the
 * segment. Where the protocol is known a segment that starts with a packet needs no topic. */
#include "wire/mqtt_props.h"

enum {
    TOPIC_MAX = 1024,
    TOPIC_MIN_UNKNOWN = 3, /* where only the content speaks for the protocol */
    OTHER_MAX = 1024,      /* bytes behind the head of what is no PUBLISH */
    PACKETS_ENOUGH = 3,
    CHECKS_EACH = 8, /* what may be read for a byte */
};

enum look {
    LOOK_NO,
    LOOK_PART, /* cut off before it shows what it is */
    LOOK_CUT,  /* a PUBLISH that goes on behind its topic */
    LOOK_WHOLE,
};

struct search {
    uint8_t level;
    bool is_known;
    size_t checks; /* bytes that may still be read */
};

static bool is_printable(struct zj_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < 0x20 || text.at[i] == 0x7f)
            return false;
    return true;
}

/* The topic of a PUBLISH that has `remaining` bytes, as far as it is here. */
static enum look look_at_topic(const struct search *s, struct zj_span rest, size_t remaining)
{
    if (rest.len < 2)
        return remaining > 2 ? LOOK_PART : LOOK_NO;
    const size_t len = zj_load_be16(rest.at);
    const size_t min = s->is_known ? s->level != 5 : TOPIC_MIN_UNKNOWN; /* 5.0 has aliases */
    const struct zj_span topic = zj_span_part(rest, 2, len);
    if (len < min || len > TOPIC_MAX || 2 + len > remaining || !is_printable(topic))
        return LOOK_NO;
    if (topic.len < len)
        return LOOK_PART;
    return zj_mqtt_text_is_valid(topic) && !zj_mqtt_has_wildcard(topic) ? LOOK_CUT : LOOK_NO;
}

/* What stands at the start of `in`. *out_len is set where it is whole. */
static enum look look_at(struct search *s, struct zj_span in, size_t *out_len)
{
    struct zj_reader r = zj_reader_of(in);
    struct zj_mqtt_packet packet;
    const uint8_t first = zj_rd_u8(&r), type = first >> 4, qos = first >> 1 & 3;
    const bool is_publish = type == ZJ_MQTT_PUBLISH;
    const bool is_request = type == ZJ_MQTT_SUBSCRIBE || type == ZJ_MQTT_UNSUBSCRIBE ||
                            type == ZJ_MQTT_PUBREL;
    uint32_t remaining;
    bool minimal;
    if (is_publish ? qos == 3 || (!qos && first & 8) : !type || (first & 15) != (is_request ? 2 : 0))
        return LOOK_NO;
    if (!zj_mqtt_varint(&r, &remaining, &minimal) || (!is_publish && remaining > OTHER_MAX))
        return LOOK_NO;
    if (r.ran_out)
        return LOOK_PART;
    const struct zj_span rest = zj_rd_rest(&r);
    const enum look topic = is_publish ? look_at_topic(s, rest, remaining) : LOOK_PART;
    if (topic == LOOK_NO || rest.len < remaining)
        return topic;
    *out_len = in.len - rest.len + remaining;
    if (*out_len > s->checks)
        return LOOK_NO;
    s->checks -= *out_len;
    zj_mqtt_parse(s->level, zj_span_part(in, 0, *out_len), &packet);
    return packet.error ? LOOK_NO : LOOK_WHOLE;
}

/* Do packets stand here? MAYBE where the first of a segment is not whole. */
static enum zj_match weigh(struct search *s, struct zj_span in, bool is_first)
{
    enum look look = LOOK_WHOLE;
    unsigned whole = 0;
    size_t at = 0, len = 0;
    while (at < in.len && look == LOOK_WHOLE && whole < PACKETS_ENOUGH) {
        look = look_at(s, zj_span_part(in, at, in.len), &len);
        if (look == LOOK_NO)
            return ZJ_MATCH_NO;
        if (look == LOOK_WHOLE) {
            at += len;
            whole++;
        }
    }
    if (s->is_known && is_first)
        return whole || look == LOOK_CUT ? ZJ_MATCH_YES : ZJ_MATCH_MAYBE;
    if (whole >= 2 || (whole && look != LOOK_PART))
        return ZJ_MATCH_YES;
    return s->is_known && (whole || look == LOOK_CUT) ? ZJ_MATCH_YES : ZJ_MATCH_NO;
}

enum zj_step zj_mqtt_find(uint8_t level, struct zj_span in, bool is_known, size_t *out_at)
{
    struct search s = {level, is_known, CHECKS_EACH * in.len};
    for (size_t at = 0; at < in.len; at++) {
        if (in.at[at] >> 4 != ZJ_MQTT_PUBLISH && (at || !is_known))
            continue;
        const enum zj_match match = weigh(&s, zj_span_part(in, at, in.len), at == 0);
        if (match == ZJ_MATCH_NO)
            continue;
        *out_at = at;
        return match == ZJ_MATCH_YES ? ZJ_STEP_DONE : ZJ_STEP_MORE;
    }
    *out_at = in.len;
    return ZJ_STEP_SKIP;
}
