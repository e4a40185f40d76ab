#include "sense/eve.h"

#include <stdio.h>

#include "base/json.h"
#include "sense/observer.h"

enum { BUFFER = 512 * 1024, EVENT_MAX = 16 * 1024, TEXT_MAX = 1024 };

void zj_eve_send(struct zj_observer *obs)
{
    struct zj_buf *out = &obs->eve.out;
    if (out->len && obs->sink->events && !obs->err)
        obs->err = obs->sink->events(obs->sink, obs->job, zj_buf_all(out));
    out->len = 0;
}

static void lit(struct zj_buf *out, const char *text)
{
    zj_buf_span(out, zj_span_str(text));
}

/* A string value: copied as it stands where it is plain, else with all care. */
static void text_value(struct zj_buf *out, struct zj_span text)
{
    text = zj_span_part(text, 0, TEXT_MAX);
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < ' ' || text.at[i] >= 0x7f || text.at[i] == '"' || text.at[i] == '\\') {
            struct zj_json j = zj_json_to(out);
            zj_json_span(&j, text);
            return;
        }
    zj_buf_byte(out, '"');
    zj_buf_span(out, text);
    zj_buf_byte(out, '"');
}

static void key_of(struct zj_buf *out, const char *key, bool *first)
{
    lit(out, *first ? "\"" : ",\"");
    lit(out, key);
    lit(out, "\":");
    *first = false;
}

static void ktext(struct zj_buf *out, const char *key, struct zj_span text, bool *first)
{
    if (text.len == 0)
        return;
    key_of(out, key, first);
    text_value(out, text);
}

static void knum(struct zj_buf *out, const char *key, int64_t number, bool *first)
{
    key_of(out, key, first);
    zj_buf_i64(out, number);
}

static void kbool(struct zj_buf *out, const char *key, bool value, bool *first)
{
    key_of(out, key, first);
    lit(out, value ? "true" : "false");
}

/* Degrees with six decimals. */
static void kdegrees(struct zj_buf *out, const char *key, int32_t e6, bool *first)
{
    key_of(out, key, first);
    struct zj_json j = zj_json_to(out);
    zj_json_fixed(&j, e6, 6);
}

/* The text of a second is kept: events come in the order of time. */
static void time_value(struct zj_eve *eve, int64_t time_ns)
{
    const int64_t second = time_ns / ZJ_NS_PER_S;
    if (second != eve->second || !eve->text[0]) {
        zj_time_format_eve(second * ZJ_NS_PER_S, eve->text);
        eve->second = second;
    }
    int64_t us = time_ns % ZJ_NS_PER_S / 1000;
    for (int i = 25; i >= 20; i--, us /= 10)
        eve->text[i] = (char)('0' + us % 10);
    zj_buf_byte(&eve->out, '"');
    zj_buf_span(&eve->out, zj_span_of(eve->text, 31));
    zj_buf_byte(&eve->out, '"');
}

static void addr_value(struct zj_buf *out, const struct zj_addr *addr)
{
    zj_buf_byte(out, '"');
    if (zj_addr_is_v4(addr)) {
        for (int i = 12; i < 16; i++) {
            if (i > 12)
                zj_buf_byte(out, '.');
            zj_buf_u64(out, addr->bytes[i]);
        }
    } else {
        char text[ZJ_ADDR_TEXT];
        zj_addr_format(addr, text);
        lit(out, text);
    }
    zj_buf_byte(out, '"');
}

/* The members that every event has. `dir`: which side is the source. */
static struct zj_buf *begin_event(struct zj_observer *obs, const struct zj_moment *at, int dir,
                                  const char *type, const char *app_proto)
{
    struct zj_buf *out = &obs->eve.out;
    if (out->len + EVENT_MAX > BUFFER)
        zj_eve_send(obs);
    zj_buf_reserve(out, BUFFER - out->len);
    const struct zj_flow_key *key = at->key;
    lit(out, "{\"timestamp\":");
    time_value(&obs->eve, at->time_ns);
    lit(out, ",\"flow_id\":");
    zj_buf_u64(out, at->flow_id);
    lit(out, ",\"pcap_cnt\":");
    zj_buf_u64(out, at->packet);
    lit(out, ",\"event_type\":\"");
    lit(out, type);
    lit(out, "\",\"src_ip\":");
    addr_value(out, dir ? &key->server : &key->client);
    lit(out, ",\"src_port\":");
    zj_buf_u64(out, dir ? key->server_port : key->client_port);
    lit(out, ",\"dest_ip\":");
    addr_value(out, dir ? &key->client : &key->server);
    lit(out, ",\"dest_port\":");
    zj_buf_u64(out, dir ? key->client_port : key->server_port);
    lit(out, key->over == ZJ_OVER_UDP ? ",\"proto\":\"UDP\"" : ",\"proto\":\"TCP\"");
    if (app_proto) {
        lit(out, ",\"app_proto\":\"");
        lit(out, app_proto);
        lit(out, "\"");
    }
    return out;
}

static void end_event(struct zj_observer *obs)
{
    lit(&obs->eve.out, "}\n");
    obs->stats->events++;
}

/* Without the query, which may carry anything. */
static struct zj_span path_of(struct zj_span url)
{
    const uint8_t *mark = url.len ? memchr(url.at, '?', url.len) : NULL;
    return mark ? zj_span_of(url.at, (size_t)(mark - url.at)) : url;
}

static void vehicle_members(const struct zj_sight *t, struct zj_buf *out, bool *first)
{
    const struct zj_msg *msg = t->msg;
    ktext(out, "edition", zj_span_str(msg->edition), first);
    knum(out, "command", msg->command, first);
    ktext(out, "name", zj_span_str(msg->name), first);
    if (msg->answer != ZJ_ANSWER_NONE) {
        knum(out, "answer", msg->answer, first);
        if (msg->kind == ZJ_MSG_ANSWER)
            knum(out, "answered", msg->answered, first);
    }
    ktext(out, "vin", zj_span_unpad(msg->vin), first);
    ktext(out, "iccid", zj_span_unpad(msg->iccid), first);
    ktext(out, "phone", msg->phone, first);
    if (msg->has_serial)
        knum(out, "serial", msg->serial, first);
    if (msg->is_encrypted)
        kbool(out, "encrypted", true, first);
    if (msg->is_life_safety)
        kbool(out, "emergency", true, first);
    if (msg->has_position) {
        kdegrees(out, "lat", msg->lat_e6, first);
        kdegrees(out, "lon", msg->lon_e6, first);
    }
    ktext(out, "version", msg->version, first);
    ktext(out, "host", msg->host, first);
    ktext(out, "url", msg->url, first);
}

static void mqtt_members(const struct zj_sight *t, struct zj_buf *out, bool *first)
{
    const struct zj_msg *msg = t->msg;
    ktext(out, "version", zj_span_str(msg->edition), first);
    ktext(out, "type", zj_span_str(msg->name), first);
    ktext(out, "client_id", msg->client, first);
    if (msg->kind == ZJ_MSG_CONNECT)
        kbool(out, "has_user", msg->user.len > 0, first);
    ktext(out, "topic", msg->topic, first);
    if (msg->kind == ZJ_MSG_PUBLISH) {
        knum(out, "qos", msg->qos, first);
        kbool(out, "retain", msg->retain, first);
        knum(out, "payload_bytes", (int64_t)msg->payload.len, first);
    }
    if (msg->answer != ZJ_ANSWER_NONE)
        knum(out, "return_code", msg->answer, first);
}

static void http_members(const struct zj_sight *t, struct zj_buf *out, bool *first)
{
    const struct zj_msg *msg = t->msg;
    ktext(out, "hostname", msg->host, first);
    ktext(out, "http_method",
          msg->kind == ZJ_MSG_REQUEST ? zj_span_str(msg->name) : (struct zj_span){0}, first);
    ktext(out, "url", path_of(msg->url.len ? msg->url : msg->topic), first);
    if (msg->kind == ZJ_MSG_RESPONSE)
        knum(out, "status", msg->command, first);
}

static void dns_members(const struct zj_sight *t, struct zj_buf *out, bool *first)
{
    const struct zj_msg *msg = t->msg;
    lit(out, msg->kind == ZJ_MSG_RESPONSE ? "\"type\":\"answer\"" : "\"type\":\"query\"");
    *first = false;
    ktext(out, "rrname", msg->topic, first);
    if (msg->address_count == 0)
        return;
    lit(out, ",\"grouped\":{\"A\":[");
    for (size_t i = 0; i < msg->address_count && i < ZJ_COUNT(msg->addresses); i++) {
        struct zj_addr addr;
        memcpy(addr.bytes, msg->addresses[i], sizeof addr.bytes);
        if (i)
            zj_buf_byte(out, ',');
        addr_value(out, &addr);
    }
    lit(out, "]}");
}

static void tls_members(const struct zj_sight *t, struct zj_buf *out, bool *first)
{
    const struct zj_session *s = t->session;
    ktext(out, "sni", zj_string(&t->obs->strings, s->host), first);
    ktext(out, "version", zj_span_str(t->msg->tls_version), first);
    const char *hello = t->msg->ja4[0] ? t->msg->ja4 : s->ja4;
    const struct zj_span ja4 = zj_span_of(hello, strnlen(hello, sizeof s->ja4));
    ktext(out, "ja4", ja4, first);
    if (t->msg->kind == ZJ_MSG_CERT_REQUEST)
        kbool(out, "client_certificate_requested", true, first);
}

void zj_eve_message(const struct zj_sight *t)
{
    struct zj_observer *obs = t->obs;
    const char *name = t->at->codec->name;
    const enum zj_protocol protocol = (enum zj_protocol)t->session->protocol;
    if (!obs->want_events ||
        (protocol == ZJ_PROTOCOL_TLS && t->msg->kind != ZJ_MSG_REQUEST &&
         t->msg->kind != ZJ_MSG_RESPONSE && t->msg->kind != ZJ_MSG_CERT_REQUEST) ||
        (protocol == ZJ_PROTOCOL_HTTP && t->msg->kind != ZJ_MSG_REQUEST &&
         t->msg->kind != ZJ_MSG_RESPONSE))
        return;
    bool first = true;
    struct zj_buf *out = begin_event(obs, t->at, t->at->dir, name, name);
    lit(out, ",\"");
    lit(out, name);
    lit(out, "\":{");
    if (t->msg->error) {
        ktext(out, "error", zj_span_str(t->msg->error), &first);
    } else if (protocol == ZJ_PROTOCOL_MQTT) {
        mqtt_members(t, out, &first);
    } else if (protocol == ZJ_PROTOCOL_HTTP) {
        http_members(t, out, &first);
    } else if (protocol == ZJ_PROTOCOL_DNS) {
        dns_members(t, out, &first);
    } else if (protocol == ZJ_PROTOCOL_TLS) {
        tls_members(t, out, &first);
    } else {
        vehicle_members(t, out, &first);
    }
    lit(out, "}");
    end_event(obs);
}

void zj_eve_alert(const struct zj_sight *t, const struct zj_detection_info *info,
                  struct zj_subject subject, const char *note)
{
    struct zj_observer *obs = t->obs;
    if (!obs->want_events)
        return;
    const int severity = info->severity[0] == 'h' ? 1 : info->severity[0] == 'm' ? 2 : 3;
    bool first = true;
    struct zj_buf *out = begin_event(obs, t->at, t->at->dir, "alert", t->at->codec->name);
    lit(out, ",\"alert\":{");
    ktext(out, "action", zj_span_str("allowed"), &first);
    knum(out, "gid", 1, &first);
    knum(out, "signature_id", info->id, &first);
    knum(out, "rev", 1, &first);
    ktext(out, "signature", zj_span_str(info->en), &first);
    ktext(out, "category", zj_span_str(info->name), &first);
    knum(out, "severity", severity, &first);
    lit(out, ",\"metadata\":{\"references\":[");
    for (size_t i = 0; info->references[i]; i++) {
        if (i)
            zj_buf_byte(out, ',');
        text_value(out, zj_span_str(info->references[i]));
    }
    lit(out, "],\"subject_kind\":[");
    text_value(out, zj_span_str(subject.kind));
    lit(out, "],\"subject\":[");
    text_value(out, subject.id);
    lit(out, "],\"note\":[");
    text_value(out, zj_span_str(note));
    lit(out, "]}}");
    end_event(obs);
}

void zj_eve_flow(struct zj_observer *obs, const struct zj_session *session,
                 const struct zj_moment *at, const uint64_t packets[2], const uint64_t bytes[2],
                 int64_t first_ns)
{
    if (!obs->want_events || at->data == ZJ_DATA_ALONE) /* it goes on as a protocol */
        return;
    const bool is_known = at->codec && (session || at->codec != &zj_codec_text);
    bool first = true;
    struct zj_buf *out = begin_event(obs, at, 0, "flow", is_known ? at->codec->name : NULL);
    lit(out, ",\"flow\":{");
    knum(out, "pkts_toserver", (int64_t)packets[0], &first);
    knum(out, "pkts_toclient", (int64_t)packets[1], &first);
    knum(out, "bytes_toserver", (int64_t)bytes[0], &first);
    knum(out, "bytes_toclient", (int64_t)bytes[1], &first);
    key_of(out, "start", &first);
    time_value(&obs->eve, first_ns);
    key_of(out, "end", &first);
    time_value(&obs->eve, at->time_ns);
    knum(out, "age", (at->time_ns - first_ns) / ZJ_NS_PER_S, &first);
    if (session) {
        knum(out, "frames", (int64_t)session->frames[0] + session->frames[1], &first);
        knum(out, "bad_frames", (int64_t)session->bad[0] + session->bad[1], &first);
    }
    lit(out, "}");
    end_event(obs);
}
