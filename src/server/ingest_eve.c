/* Events of Suricata, and of a Zhuji that writes them (EVE JSON): what an alert says is a detection,
 * and where tls, http, dns, mqtt and flow tell of a server, it is a service. Others are passed over.
 *
 * An alert of Suricata is the rule "suricata:GID:SID", its subject the source; one of Zhuji has its
 * own rule as category and its subject among the metadata. */
#include <stdio.h>

#include "base/clock.h"
#include "server/ingest.h"

enum { TAIL = 7, TEXT_MAX = 300 };

/* The parts that every event has. */
struct event {
    const struct zj_jval *root;
    struct zj_addr src, dst;
    int64_t src_port, dst_port, time_ns;
    char rule[64], flow[2 * (ZJ_ADDR_TEXT + 10)];
};

/* "2026-01-01T08:00:00.000000+0800": Suricata leaves the colon of the zone out. */
static bool read_time(struct zj_span text, int64_t *out_ns)
{
    char with[48];
    if (zj_time_parse(text, out_ns))
        return true;
    if (text.len < 6 || text.len + 2 > sizeof with)
        return false;
    snprintf(with, sizeof with, "%.*s:%.*s", (int)(text.len - 2), (const char *)text.at, 2,
             (const char *)text.at + text.len - 2);
    return zj_time_parse(zj_span_str(with), out_ns);
}

static void put_end(char out[ZJ_ADDR_TEXT + 10], const struct zj_addr *addr, int64_t port)
{
    char text[ZJ_ADDR_TEXT];
    zj_addr_format(addr, text);
    snprintf(out, ZJ_ADDR_TEXT + 10, zj_addr_is_v4(addr) ? "%s:%u" : "[%s]:%u", text,
             (unsigned)(uint16_t)port);
}

static bool read_event(const struct zj_jval *root, struct event *out)
{
    char src[ZJ_ADDR_TEXT + 10], dst[ZJ_ADDR_TEXT + 10];
    out->root = root;
    if (!zj_addr_parse(zj_jval_text(zj_jval_get(root, "src_ip")), &out->src) ||
        !zj_addr_parse(zj_jval_text(zj_jval_get(root, "dest_ip")), &out->dst) ||
        !read_time(zj_jval_text(zj_jval_get(root, "timestamp")), &out->time_ns))
        return false;
    out->src_port = zj_jval_int(zj_jval_get(root, "src_port"), 0);
    out->dst_port = zj_jval_int(zj_jval_get(root, "dest_port"), 0);
    put_end(src, &out->src, out->src_port);
    put_end(dst, &out->dst, out->dst_port);
    snprintf(out->flow, sizeof out->flow, "%s-%s", src, dst);
    return out->src_port >= 0 && out->src_port <= UINT16_MAX && out->dst_port >= 0 &&
           out->dst_port <= UINT16_MAX;
}

/* The start of a text; what is too long ends before a character, not in it. */
static struct zj_span part(const struct zj_jval *value)
{
    const struct zj_span text = zj_jval_text(value);
    size_t len = text.len < TEXT_MAX ? text.len : TEXT_MAX;
    while (len && len < text.len && (text.at[len] & 0xc0) == 0x80)
        len--;
    return zj_span_part(text, 0, len);
}

static void put_tail(const struct event *e, struct zj_cell *tail)
{
    const struct zj_span host = part(zj_jval_get(e->root, "host"));
    tail[0].num = tail[1].num = tail[4].num = e->time_ns;
    tail[2].text = host.len ? host : ZJ_SPAN_LIT("suricata");
    tail[3].num = zj_jval_int(zj_jval_get(e->root, "pcap_cnt"), 0);
    tail[5].text = zj_span_str(e->flow);
}

/* Suricata's name of a protocol, where it has one that it knows. */
static struct zj_span protocol_of(const struct zj_jval *root, const char *type)
{
    const struct zj_span app = part(zj_jval_get(root, "app_proto"));
    if (app.len && !zj_span_eq_str(app, "failed") && !zj_span_eq_str(app, "unknown"))
        return app;
    return strcmp(type, "flow") == 0 || strcmp(type, "alert") == 0 ? (struct zj_span){0}
                                                                   : zj_span_str(type);
}

static const char *severity_of(const struct zj_jval *alert)
{
    const int64_t severity = zj_jval_int(zj_jval_get(alert, "severity"), 3);
    return severity <= 1 ? "high" : severity == 2 ? "medium" : "low";
}

static bool read_alert(struct event *e, struct zj_cell *c)
{
    const struct zj_jval *alert = zj_jval_get(e->root, "alert");
    const struct zj_jval *kind = zj_jval_at(alert, "metadata.subject_kind.0");
    const struct zj_jval *subject = zj_jval_at(alert, "metadata.subject.0");
    const bool is_ours = zj_jval_text(kind).len && zj_jval_text(subject).len;
    const struct zj_span note = part(zj_jval_get(alert, "signature"));
    const int64_t id = zj_jval_int(zj_jval_get(alert, "signature_id"), -1);
    if (id < 0)
        return false;
    snprintf(e->rule, sizeof e->rule, "suricata:%lld:%lld",
             (long long)zj_jval_int(zj_jval_get(alert, "gid"), 1), (long long)id);
    c[ZJ_DT_RULE].text = is_ours ? part(zj_jval_get(alert, "category")) : zj_span_str(e->rule);
    c[ZJ_DT_SUBJECT_KIND].text = is_ours ? part(kind) : ZJ_SPAN_LIT("address");
    c[ZJ_DT_SUBJECT].text = is_ours ? part(subject) : part(zj_jval_get(e->root, "src_ip"));
    c[ZJ_DT_SRC].addr = e->src;
    c[ZJ_DT_DST].addr = e->dst;
    c[ZJ_DT_PORT].num = e->dst_port;
    c[ZJ_DT_PROTOCOL].text = protocol_of(e->root, "alert");
    c[ZJ_DT_SEVERITY].text = zj_span_str(severity_of(alert));
    c[ZJ_DT_NOTE].text = is_ours ? part(zj_jval_at(alert, "metadata.note.0")) : note;
    c[ZJ_DT_NOTE_ZH].text = c[ZJ_DT_NOTE].text;
    c[ZJ_DT_COUNT].num = 1;
    put_tail(e, c + ZJ_DT_COLS - TAIL);
    return true;
}

/* "TLS 1.2"; Suricata says "TLS 1.2" too, or "TLSv1", "SSLv3". */
static const char *tls_version_of(struct zj_span text)
{
    static const struct {
        const char *theirs, *ours;
    } names[] = {{"SSLv3", "SSL 3.0"},   {"TLSv1", "TLS 1.0"},   {"TLS 1.0", "TLS 1.0"},
                 {"TLS 1.1", "TLS 1.1"}, {"TLS 1.2", "TLS 1.2"}, {"TLS 1.3", "TLS 1.3"}};
    for (size_t i = 0; i < ZJ_COUNT(names); i++)
        if (zj_span_eq_str(text, names[i].theirs))
            return names[i].ours;
    return "";
}

static bool read_service(const struct event *e, const char *type, struct zj_cell *c)
{
    const bool is_flow = strcmp(type, "flow") == 0;
    const struct zj_span protocol = protocol_of(e->root, type);
    const bool is_tls = zj_span_eq_str(protocol, "tls");
    /* Zhuji has an event for answers too, which go to the higher port; where a client's is the lower
     * one its flow tells of the service all the same */
    if (!protocol.len || !e->dst_port || (!is_flow && e->dst_port > e->src_port))
        return false;
    c[ZJ_SV_ADDR].addr = e->dst;
    c[ZJ_SV_PORT].num = e->dst_port;
    c[ZJ_SV_PROTOCOL].text = protocol;
    c[ZJ_SV_SECURITY].text = is_tls ? ZJ_SPAN_LIT("tls") : ZJ_SPAN_LIT("none");
    c[ZJ_SV_NAME].text = is_tls ? part(zj_jval_at(e->root, "tls.sni"))
                                : part(zj_jval_at(e->root, "http.hostname"));
    c[ZJ_SV_IS_PUBLIC].num = zj_addr_is_public(&e->src) || zj_addr_is_public(&e->dst);
    c[ZJ_SV_TLS_VERSION].text =
        zj_span_str(tls_version_of(zj_jval_text(zj_jval_at(e->root, "tls.version"))));
    c[ZJ_SV_CLIENT_CERT].num = -1;
    c[ZJ_SV_FLOWS].num = is_flow;
    c[ZJ_SV_FRAMES].num = !is_flow;
    for (int i = 0; is_flow && i < 2; i++) {
        const int64_t bytes = zj_jval_int(
            zj_jval_at(e->root, i ? "flow.bytes_toclient" : "flow.bytes_toserver"), 0);
        c[ZJ_SV_BYTES].num += bytes > 0 && bytes < INT64_MAX / 4 ? bytes : 0;
    }
    put_tail(e, c + ZJ_SV_COLS - TAIL);
    return true;
}

enum zj_ingest_line zj_ingest_eve(struct zj_job *job, struct zj_ingest *in,
                                  const struct zj_jval *root, zj_err *out_err)
{
    static const char *const services[] = {"tls", "http", "dns", "mqtt", "flow"};
    const char *type = zj_jval_cstr(zj_jval_get(root, "event_type"), "");
    struct zj_cell cells[ZJ_FACT_COLS_MAX] = {0};
    struct event e = {0};
    enum zj_fact_id id = ZJ_FACT_DETECTION;
    bool is_good = false, is_known = strcmp(type, "alert") == 0;
    for (size_t i = 0; i < ZJ_COUNT(services) && !is_known; i++) {
        is_known = strcmp(type, services[i]) == 0;
        id = ZJ_FACT_SERVICE;
    }
    /* an answer of DNS has its ends turned, and says nothing that its question did not */
    if (!is_known || zj_span_eq_str(zj_jval_text(zj_jval_at(root, "dns.type")), "answer") ||
        zj_span_eq_str(zj_jval_text(zj_jval_at(root, "dns.type")), "response") ||
        !read_event(root, &e))
        return ZJ_INGEST_SKIPPED;
    is_good = id == ZJ_FACT_DETECTION ? read_alert(&e, cells) : read_service(&e, type, cells);
    if (!is_good)
        return ZJ_INGEST_SKIPPED;
    if (in->may && !in->may(in->ctx, id, cells)) {
        snprintf(in->en, sizeof in->en, "of another organisation's network");
        snprintf(in->zh, sizeof in->zh, "属于其他单位的网段");
        return ZJ_INGEST_REFUSED;
    }
    *out_err = in->sink->fact(in->sink, job, id, cells);
    return *out_err ? ZJ_INGEST_REFUSED : ZJ_INGEST_TAKEN;
}
