#include "sense/detect/detect.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/hash.h"
#include "base/text.h"
#include "sense/observer.h"

#define ZJ_DETECTION(name) extern const struct zj_detection zj_detection_##name;
#include "sense/detections.def"
#undef ZJ_DETECTION

const struct zj_detection *const zj_detection_rules[] = {
#define ZJ_DETECTION(name) &zj_detection_##name,
#include "sense/detections.def"
#undef ZJ_DETECTION
};
const size_t zj_detection_rule_count = ZJ_COUNT(zj_detection_rules);

enum { SUBJECT_MAX = 64, NOTE_MAX = 160 };

struct alarm {
    struct zj_link link;
    struct alarm_key {
        uint32_t rule;
        char kind[8];
        char subject[SUBJECT_MAX];
        struct zj_addr src, dst;
        uint16_t port;
        uint8_t protocol; /* label */
        uint8_t pad;
    } key;
    struct zj_addr client; /* shown as the source where the key has none */
    uint32_t count;
    char note[NOTE_MAX], note_zh[NOTE_MAX];
};

static void send_alarm(struct zj_observer *obs, struct alarm *a, const struct zj_moment *at)
{
    const struct zj_detection_info *info = &obs->pack->infos[a->key.rule];
    struct zj_cell c[ZJ_DT_COLS] = {
        [ZJ_DT_RULE] = zj_cell_str(info->name),
        [ZJ_DT_SUBJECT_KIND] = zj_cell_chars(a->key.kind, sizeof a->key.kind),
        [ZJ_DT_SUBJECT] = zj_cell_chars(a->key.subject, sizeof a->key.subject),
        [ZJ_DT_SRC] = {.addr = a->client},
        [ZJ_DT_DST] = {.addr = a->key.dst},
        [ZJ_DT_PORT] = {.num = a->key.port},
        [ZJ_DT_PROTOCOL] = zj_cell_str(zj_label_text(obs, a->key.protocol)),
        [ZJ_DT_SEVERITY] = zj_cell_str(info->severity),
        [ZJ_DT_NOTE] = zj_cell_chars(a->note, sizeof a->note),
        [ZJ_DT_NOTE_ZH] = zj_cell_chars(a->note_zh, sizeof a->note_zh),
        [ZJ_DT_COUNT] = {.num = a->count},
    };
    zj_fact_send(obs, ZJ_FACT_DETECTION, c, a->link.last_ns, at);
    a->count = 0;
}

static void spill_alarm(void *owner, void *record)
{
    send_alarm(owner, record, NULL);
}

_Static_assert(ZJ_COUNT(zj_detection_rules) <= ZJ_DETECTIONS_MAX, "a rule has its place");

static void list_rules(const struct zj_detections *pack, struct zj_rules lists[ZJ_MSG_KINDS])
{
    for (unsigned kind = 0; kind < ZJ_MSG_KINDS; kind++)
        for (uint8_t i = 0; i < pack->count; i++) {
            const struct zj_detection *rule = zj_detection_rules[i];
            if (pack->infos[i].is_off)
                continue;
            if (kind == ZJ_MSG_KINDS - 1 ? rule->wants_bad : rule->kinds >> kind & 1)
                lists[kind].numbers[lists[kind].count++] = i;
        }
}

void zj_detect_init(struct zj_observer *obs, const struct zj_detections *detections,
                    int64_t memory_bytes)
{
    obs->pack = detections;
    if (detections)
        list_rules(detections, obs->rules);
    struct zj_table_shape shape = {
        .record_bytes = sizeof(struct alarm),
        .key_at = offsetof(struct alarm, key),
        .key_bytes = sizeof(struct alarm_key),
        .memory_bytes = memory_bytes / 2,
        .seed = obs->seed,
        .dropped = &obs->stats->drop_fact,
        .spill = spill_alarm,
        .owner = obs,
    };
    zj_table_init(&obs->detections, &shape);
    shape.record_bytes = sizeof(struct zj_tally);
    shape.key_at = offsetof(struct zj_tally, key);
    shape.key_bytes = sizeof(struct zj_tally_key);
    shape.spill = NULL;
    shape.dropped = NULL; /* a window forgotten is no observation lost */
    zj_table_init(&obs->tallies, &shape);
}

void zj_detect_message(struct zj_sight *t)
{
    const struct zj_rules *list = &t->obs->rules[t->msg->error ? ZJ_MSG_KINDS - 1 : t->msg->kind];
    for (unsigned i = 0; i < list->count; i++) {
        const struct zj_detection *rule = zj_detection_rules[list->numbers[i]];
        t->set = t->obs->pack->values[list->numbers[i]];
        rule->detect(rule, t);
    }
}

static uint32_t rule_number(const struct zj_detection *rule)
{
    uint32_t i = 0;
    while (zj_detection_rules[i] != rule)
        i++;
    return i;
}

/* The clock of a capture may go back: what is of a little before belongs to the window and makes it
 * begin sooner, what is of long before says nothing of it. */
static struct zj_tallied add_one(struct zj_tally *tally, bool is_new, int64_t now_ns,
                                 int64_t window_ns, struct zj_span thing)
{
    const uint32_t hash = (uint32_t)zj_hash(thing, 0);
    bool is_there = !thing.len;
    if (!is_new && now_ns < tally->start_ns - window_ns)
        return (struct zj_tallied){0};
    if (is_new || now_ns - tally->start_ns > window_ns) {
        tally->start_ns = now_ns;
        tally->count = tally->distinct = 0;
    } else if (now_ns < tally->start_ns) {
        tally->start_ns = now_ns;
    }
    tally->count++;
    for (uint32_t i = 0; i < tally->distinct && i < ZJ_TALLY_SEEN && !is_there; i++)
        is_there = tally->seen[i] == hash;
    if (!is_there && tally->distinct < ZJ_TALLY_SEEN)
        tally->seen[tally->distinct++] = hash;
    return (struct zj_tallied){tally->count, tally->distinct};
}

struct zj_tallied zj_tally_add(const struct zj_detection *rule, const struct zj_sight *t,
                               struct zj_span subject, int64_t window_s, struct zj_span thing)
{
    struct zj_observer *obs = t->obs;
    const int64_t now_ns = t->at->time_ns, window_ns = window_s * ZJ_NS_PER_S;
    const struct zj_tally_key key = {zj_hash(subject, obs->seed), rule_number(rule), 0};
    bool is_new;
    struct zj_tally *tally = zj_table_get(&obs->tallies, &key, NULL, now_ns, &is_new);
    return add_one(tally, is_new, now_ns, window_ns, thing);
}

struct zj_subject zj_subject_vehicle(const struct zj_sight *t)
{
    const struct zj_session *s = t->session;
    struct zj_span id = zj_session_id(s);
    if (t->vehicle)
        id = zj_span_of(t->vehicle->key.id, strnlen(t->vehicle->key.id, sizeof t->vehicle->key.id));
    else if (t->msg->vin.len)
        id = t->msg->vin;
    else if (t->msg->phone.len)
        id = t->msg->phone;
    return (struct zj_subject){s->protocol == ZJ_PROTOCOL_JT808 ? "phone" : "vin", id,
                               ZJ_ENDS_SENT};
}

struct zj_subject zj_subject_client(const struct zj_sight *t)
{
    const struct zj_session *s = t->session;
    return (struct zj_subject){"client", zj_span_of(s->client, s->client_len), ZJ_ENDS_SENT};
}

struct zj_subject zj_subject_addr(const struct zj_addr *addr, char out_text[ZJ_ADDR_TEXT])
{
    zj_addr_format(addr, out_text);
    return (struct zj_subject){"address", zj_span_str(out_text), ZJ_ENDS_SENT};
}

struct zj_subject zj_subject_service(const struct zj_sight *t, char out_text[64])
{
    char addr[ZJ_ADDR_TEXT];
    zj_addr_format(t->platform, addr);
    snprintf(out_text, 64, zj_addr_is_v4(t->platform) ? "%s:%u" : "[%s]:%u", addr,
             t->platform_port);
    return (struct zj_subject){"address", zj_span_str(out_text), ZJ_ENDS_SERVICE};
}

/* Only text that a person can read goes into a subject. */
static void put_subject(char out[SUBJECT_MAX], struct zj_span id)
{
    for (size_t i = 0; i < id.len && i < SUBJECT_MAX; i++)
        out[i] = (char)(id.at[i] >= ' ' && id.at[i] < 0x7f ? id.at[i] : '?');
}

/* A sentence that does not fit ends before the character that would be cut. */
__attribute__((format(printf, 2, 0))) static void write_note(char out[NOTE_MAX], const char *note,
                                                             va_list args)
{
    const int wanted = vsnprintf(out, NOTE_MAX, note, args);
    for (size_t len = NOTE_MAX - 1, cut = 0; wanted >= NOTE_MAX && cut < 3; cut++, len--) {
        if (zj_utf8_is_valid(zj_span_of(out, len)))
            break;
        out[len - 1] = '\0';
    }
}

void zj_alarm(const struct zj_detection *rule, const struct zj_sight *t, struct zj_subject subject,
              const char *note, const char *note_zh, ...)
{
    struct zj_observer *obs = t->obs;
    const bool is_service = subject.ends == ZJ_ENDS_SERVICE;
    const bool is_reversed = subject.ends == ZJ_ENDS_ANSWERED;
    const struct zj_addr *src = is_reversed ? t->receiver : t->sender;
    const struct zj_addr *dst = is_reversed ? t->sender : t->receiver;
    struct alarm_key key = {
        .rule = rule_number(rule),
        .src = is_service ? (struct zj_addr){{0}} : *src,
        .dst = is_service ? *t->platform : *dst,
        .port = is_service                   ? t->platform_port
                : dst == &t->at->key->server ? t->at->key->server_port
                                             : 0,
        .protocol = t->session->label,
    };
    memcpy(key.kind, subject.kind, strnlen(subject.kind, sizeof key.kind));
    put_subject(key.subject, subject.id);
    bool is_new;
    struct alarm *a = zj_table_get(&obs->detections, &key, NULL, t->at->time_ns, &is_new);
    a->count += t->once;
    if (!is_new) {
        zj_table_mark(&obs->detections, a);
        return;
    }
    a->client = is_service ? *t->vehicle_addr : *src;
    va_list args;
    va_start(args, note_zh);
    write_note(a->note, note, args);
    va_end(args);
    va_start(args, note_zh);
    write_note(a->note_zh, note_zh, args);
    va_end(args);
    obs->stats->detections++;
    send_alarm(obs, a, t->at);
    zj_eve_alert(t, &obs->pack->infos[key.rule], subject, a->note);
}

int64_t zj_detect_metres(int32_t lat1_e6, int32_t lon1_e6, int32_t lat2_e6, int32_t lon2_e6)
{
    const double metres_per_degree = 111195, radians_per_degree = 0.017453292519943295;
    double degrees_east = (lon2_e6 - (double)lon1_e6) / 1e6;
    if (degrees_east > 180)
        degrees_east -= 360;
    else if (degrees_east < -180)
        degrees_east += 360;
    const double middle = (lat1_e6 + (double)lat2_e6) / 2e6 * radians_per_degree;
    const double east = degrees_east * cos(middle) * metres_per_degree;
    const double north = (lat2_e6 - (double)lat1_e6) / 1e6 * metres_per_degree;
    return (int64_t)hypot(east, north);
}

bool zj_is_host_of_platform(const struct zj_sight *t, struct zj_span host)
{
    struct zj_endpoint end;
    host = zj_span_trim(host);
    if (!zj_endpoint_parse(host, &end))
        return false;
    if (!end.is_host)
        return zj_addr_eq(&end.lo, t->platform);
    const struct zj_span name = zj_string(&t->obs->strings, t->session->host);
    const struct zj_span known = zj_string(&t->obs->strings, zj_names_find(t->obs, t->platform));
    return (name.len && zj_span_eq(name, end.host)) || (known.len && zj_span_eq(known, end.host));
}

bool zj_is_platform_of(const struct zj_sight *t)
{
    const struct zj_vehicle *v = t->vehicle;
    const uint32_t sender = zj_addr_hash(t->obs, t->sender);
    bool has_platform = false;
    for (size_t i = 0; i < ZJ_PLATFORMS; i++) {
        if (v->platforms[i] == sender)
            return true;
        has_platform |= v->platforms[i] != 0;
    }
    return !has_platform; /* nothing is known of it: the capture began later */
}

const struct zj_detection_param zj_guessing_params[ZJ_GUESSING_PARAMS] = {
    [ZJ_GUESSING_REFUSALS] = {"refusals", 1, 1000000},
    [ZJ_GUESSING_WINDOW_S] = {"window_s", 1, 86400},
};

void zj_detect_guessing(const struct zj_detection *rule, const struct zj_sight *t,
                        struct zj_subject subject)
{
    const int64_t window_s = t->set[ZJ_GUESSING_WINDOW_S];
    const uint32_t count =
        zj_tally_add(rule, t, subject.id, window_s, (struct zj_span){0}).count;
    if (count >= t->set[ZJ_GUESSING_REFUSALS])
        zj_alarm(rule, t, subject, "refused %u times within %d s", "被拒 %u 次，时间窗 %d 秒",
                 count, (int)window_s);
}
