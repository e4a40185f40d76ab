#include "sense/session.h"

#include "base/hash.h"
#include "base/idcheck.h"
#include "sense/observer.h"

enum { PER_CHUNK = 256, LIFE_SAFETY_S = 60, FIRST_FRAMES = 4 /* before a login at the start */ };
/* Numbers of the commands that the protocols answer by number. */
enum { GB_LOGIN = 0x01, GB_PLATFORM_LOGIN = 0x05, JT_LOGIN = 0x0102, MQTT_CONNECT = 1 };

void zj_session_pool_init(struct zj_session_pool *pool, int64_t memory_bytes,
                          struct zj_budget *budget, struct zj_pages *pages)
{
    int64_t limit = memory_bytes / (int64_t)sizeof(struct zj_session);
    *pool = (struct zj_session_pool){.used_in_last = PER_CHUNK, .budget = budget, .pages = pages};
    pool->limit = limit < PER_CHUNK ? PER_CHUNK : limit > INT32_MAX ? INT32_MAX : (uint32_t)limit;
}

void zj_session_pool_release(struct zj_session_pool *pool)
{
    free(pool->chunks);
}

static struct zj_session *pool_take(struct zj_session_pool *pool)
{
    struct zj_session *s = pool->free_list;
    if (s) {
        pool->free_list = s->next_free;
    } else {
        if (pool->count == pool->limit)
            return NULL;
        const int64_t cost = PER_CHUNK * (int64_t)sizeof *s;
        if (pool->used_in_last == PER_CHUNK) {
            if (!zj_budget_take(pool->budget, cost) && pool->chunk_count)
                return NULL;
            if ((pool->chunk_count & (pool->chunk_count - 1)) == 0)
                pool->chunks = zj_realloc(pool->chunks,
                                          (pool->chunk_count ? 2 * (size_t)pool->chunk_count : 1) *
                                              sizeof *pool->chunks);
            pool->chunks[pool->chunk_count++] = zj_pages_take(pool->pages, PER_CHUNK * sizeof *s);
            pool->used_in_last = 0;
        }
        s = &pool->chunks[pool->chunk_count - 1][pool->used_in_last++];
    }
    pool->count++;
    memset(s, 0, sizeof *s);
    return s;
}

static enum zj_protocol protocol_of(const struct zj_codec *codec)
{
    static const struct {
        const char *name;
        enum zj_protocol protocol;
    } known[] = {
        {"gb32960", ZJ_PROTOCOL_GB32960}, {"jt808", ZJ_PROTOCOL_JT808}, {"mqtt", ZJ_PROTOCOL_MQTT},
        {"tls", ZJ_PROTOCOL_TLS},         {"http", ZJ_PROTOCOL_HTTP},   {"dns", ZJ_PROTOCOL_DNS},
    };
    for (size_t i = 0; i < ZJ_COUNT(known); i++)
        if (strcmp(codec->name, known[i].name) == 0)
            return known[i].protocol;
    return ZJ_PROTOCOL_OTHER;
}

struct zj_session *zj_session_get(struct zj_observer *obs, struct zj_session **slot,
                                  const struct zj_moment *at)
{
    if (*slot && (*slot)->epoch != obs->epoch) {
        (*slot)->epoch = obs->epoch;
        (*slot)->host = zj_names_find(obs, &at->key->server);
        (*slot)->wildcard_serial = 0;
    }
    if (*slot)
        return *slot;
    struct zj_session *s = pool_take(&obs->sessions);
    if (s) {
        *slot = s;
    } else {
        obs->stats->drop_fact++;
        s = &obs->sessions.scratch;
        *s = (struct zj_session){.is_scratch = true};
    }
    s->protocol = (uint8_t)protocol_of(at->codec);
    s->label = zj_label(obs, at->codec->name);
    s->is_vehicle = at->codec->is_vehicle;
    s->client_cert = -1;
    s->epoch = obs->epoch;
    s->client_hash = zj_addr_hash(obs, &at->key->client);
    s->server_hash = zj_addr_hash(obs, &at->key->server);
    s->is_public = zj_addr_is_public(&at->key->client) || zj_addr_is_public(&at->key->server);
    if (s->protocol == ZJ_PROTOCOL_TLS)
        s->security = ZJ_SECURITY_TLS;
    else if (!s->is_vehicle && s->protocol != ZJ_PROTOCOL_MQTT)
        s->security = ZJ_SECURITY_NONE;
    s->host = zj_names_find(obs, &at->key->server);
    return s;
}

void zj_session_free(struct zj_observer *obs, struct zj_session **slot)
{
    struct zj_session *s = *slot;
    *slot = NULL;
    if (!s)
        return;
    s->next_free = obs->sessions.free_list;
    obs->sessions.free_list = s;
    obs->sessions.count--;
}

/* A level of a topic that is a VIN: the shape, the letters of a maker first, a number last. No
 * check digit: fleets abroad and in test have none. */
static bool is_topic_vin(struct zj_span level)
{
    if (level.len != 17 || !zj_vin_is_shaped(level) || !zj_all_digits(zj_span_part(level, 13, 4)))
        return false;
    bool has_letter = false;
    for (size_t i = 0; i < 3; i++)
        has_letter |= level.at[i] >= 'A';
    return has_letter;
}

static bool is_alnum(uint8_t c)
{
    return (uint8_t)(c - '0') < 10 || (uint8_t)((c | 32) - 'a') < 26;
}

/* A level that is a VIN. Levels end at anything but letters and digits; one of 17 holds every 17th
 * byte, so only these are looked at and what stands around them. */
static struct zj_span vin_in_levels(struct zj_span topic)
{
    for (size_t at = 16; at < topic.len; at += 17) {
        if (!is_alnum(topic.at[at]))
            continue;
        size_t start = at, end = at + 1;
        while (start && at - start <= 16 && is_alnum(topic.at[start - 1]))
            start--;
        while (end < topic.len && end - start <= 17 && is_alnum(topic.at[end]))
            end++;
        const struct zj_span level = zj_span_of(topic.at + start, end - start);
        if (is_topic_vin(level))
            return level;
    }
    return (struct zj_span){0};
}

/* The same for the topic of a message: a session uses few, so that it is mostly the last one. */
static struct zj_span vin_in_topic(struct zj_sight *t)
{
    struct zj_session *s = t->session;
    const struct zj_span topic = t->msg->topic;
    if (topic.len < 17)
        return (struct zj_span){0};
    const uint64_t hash = zj_hash(topic, t->obs->seed) | 1;
    if (hash != s->topic_hash) {
        const struct zj_span vin = vin_in_levels(topic);
        if (vin.len && vin.at - topic.at >= UINT8_MAX)
            return vin;
        s->topic_hash = hash;
        s->topic_vin_at = vin.len ? (uint8_t)(vin.at - topic.at) : UINT8_MAX;
        s->topic_types = UINT64_MAX;
    }
    t->topic_types = &s->topic_types;
    return s->topic_vin_at == UINT8_MAX ? (struct zj_span){0}
                                        : zj_span_part(topic, s->topic_vin_at, 17);
}

/* Does the level say one of the words? Told by length and first letter for nearly all levels. */
static bool is_command_word(struct zj_span level)
{
    static const struct {
        uint8_t len;
        char word[9];
    } words[] = {{3, "cmd"},     {7, "command"}, {8, "commands"}, {7, "control"}, {4, "ctrl"},
                 {3, "ota"},     {4, "fota"},    {7, "upgrade"},  {6, "update"},  {3, "rpc"},
                 {4, "down"},    {3, "set"},     {6, "config"},   {3, "mng"},     {8, "firmware"},
                 {7, "request"}, {5, "write"},   {6, "action"}};
    static const char firsts[] = "acdfmorsuw";
    if (level.len < 3 || level.len > 8 || !level.at[0] || !strchr(firsts, level.at[0] | 32))
        return false;
    for (size_t w = 0; w < ZJ_COUNT(words); w++)
        if (words[w].len == level.len && (level.at[0] | 32) == words[w].word[0] &&
            strncasecmp((const char *)level.at, words[w].word, level.len) == 0)
            return true;
    return false;
}

/* The part up to the next `mark`, which is taken off with it. */
static struct zj_span next_part(struct zj_span *rest, char mark)
{
    const uint8_t *at = rest->len ? memchr(rest->at, mark, rest->len) : NULL;
    const size_t len = at ? (size_t)(at - rest->at) : rest->len;
    const struct zj_span part = zj_span_of(rest->at, len);
    *rest = zj_span_part(*rest, len + 1, rest->len);
    return part;
}

bool zj_topic_is_command(struct zj_span topic)
{
    while (topic.len) {
        struct zj_span level = next_part(&topic, '/');
        while (level.len)
            if (is_command_word(next_part(&level, '.')))
                return true;
    }
    return false;
}

static void set_ends(struct zj_sight *t)
{
    const struct zj_flow_key *key = t->at->key;
    const bool from_client = t->at->dir == 0;
    t->sender = from_client ? &key->client : &key->server;
    t->receiver = from_client ? &key->server : &key->client;
    t->sender_port = from_client ? key->client_port : key->server_port;
    t->receiver_port = from_client ? key->server_port : key->client_port;
    t->is_answer = t->msg->answer != ZJ_ANSWER_NONE;
    t->answered = t->msg->kind == ZJ_MSG_ANSWER ? t->msg->answered : t->msg->command;
    t->is_up = !t->msg->is_down && (from_client || !t->is_answer);
    const bool swapped = t->session->is_vehicle && t->session->protocol != ZJ_PROTOCOL_MQTT &&
                         t->is_up != from_client && !t->is_answer;
    t->platform = swapped ? &key->client : &key->server;
    t->platform_port = swapped ? key->client_port : key->server_port;
    t->vehicle_addr = swapped ? &key->server : &key->client;
    t->platform_hash = swapped ? t->session->client_hash : t->session->server_hash;
    t->vehicle_hash = swapped ? t->session->server_hash : t->session->client_hash;
    const uint64_t number = zj_hash_fold(t->at->flow_id, UINT64_C(0x9e3779b97f4a7c15));
    t->flow = (uint32_t)number ? (uint32_t)number : 1;
}

/* What is sent in the clear by its kind says nothing of a session whose data may be encrypted. */
static bool shows_security(const struct zj_sight *t)
{
    switch (t->msg->kind) {
    case ZJ_MSG_OTHER:
    case ZJ_MSG_ANSWER:
    case ZJ_MSG_HEARTBEAT:
    case ZJ_MSG_LOGOUT:
    case ZJ_MSG_PLATFORM_LOGOUT:
    case ZJ_MSG_QUERY:
        return false;
    case ZJ_MSG_LOGIN:
    case ZJ_MSG_REGISTER:
    case ZJ_MSG_PLATFORM_LOGIN:
    case ZJ_MSG_REPORT:
    case ZJ_MSG_REISSUE:
    case ZJ_MSG_ATTRIBUTES:
    case ZJ_MSG_UPGRADE:
    case ZJ_MSG_CONTROL:
    case ZJ_MSG_SWITCH_SERVER:
    case ZJ_MSG_PARAMETERS:
    case ZJ_MSG_PASSTHROUGH_DOWN:
    case ZJ_MSG_PASSTHROUGH_UP:
    case ZJ_MSG_EAVESDROP:
    case ZJ_MSG_MEDIA:
    case ZJ_MSG_CONNECT:
    case ZJ_MSG_PUBLISH:
    case ZJ_MSG_SUBSCRIBE:
    case ZJ_MSG_REQUEST:
    case ZJ_MSG_RESPONSE:
    case ZJ_MSG_CERT_REQUEST:
        return !t->is_answer;
    }
    return false;
}

/* An ICCID as sent, without padding; empty where it is none (all zeros, all ones). */
static struct zj_span clean_iccid(struct zj_span iccid)
{
    iccid = zj_span_trim(zj_span_unpad(iccid));
    bool has_value = false;
    for (size_t i = 0; i < iccid.len; i++) {
        const uint8_t c = iccid.at[i];
        const bool is_digit = c >= '0' && c <= '9';
        if (!is_digit && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z'))
            return (struct zj_span){0};
        has_value |= c != '0' && c != 'F' && c != 'f';
    }
    return has_value && iccid.len <= 20 ? iccid : (struct zj_span){0};
}

/* What names the vehicle, not yet checked: a VIN that is none is no vehicle. A terminal that logs
 * in before it was given its VIN goes by its card. */
static struct zj_span vehicle_id(const struct zj_sight *t)
{
    const struct zj_msg *msg = t->msg;
    const struct zj_session *s = t->session;
    if (s->protocol == ZJ_PROTOCOL_JT808)
        return msg->phone;
    if (s->protocol == ZJ_PROTOCOL_MQTT)
        return t->topic_vin;
    if (s->protocol != ZJ_PROTOCOL_GB32960 || msg->kind == ZJ_MSG_PLATFORM_LOGIN ||
        msg->kind == ZJ_MSG_PLATFORM_LOGOUT || t->answered == GB_PLATFORM_LOGIN ||
        (s->is_platform_link && msg->kind == ZJ_MSG_HEARTBEAT))
        return (struct zj_span){0};
    const struct zj_span iccid = clean_iccid(msg->iccid);
    return iccid.len && !zj_vin_is_shaped(msg->vin) ? iccid : msg->vin;
}

/* A capture that begins in the middle of a link between platforms has no platform login: the second
 * vehicle tells. Where the flow began with a vehicle's login it is a swap instead. */
static void note_link(struct zj_sight *t, uint32_t hint_then)
{
    struct zj_session *s = t->session;
    if (s->protocol == ZJ_PROTOCOL_GB32960 && hint_then && hint_then != s->vehicle_hint &&
        !s->began_with_login)
        s->is_platform_link = true;
}

static struct zj_vehicle *vehicle_of(struct zj_sight *t)
{
    const struct zj_span id = vehicle_id(t);
    if (id.len == 0 || id.len > sizeof((struct zj_vehicle *)0)->key.id)
        return NULL;
    struct zj_vehicle_key key = {.protocol = t->session->protocol};
    memcpy(key.id, id.at, id.len);
    uint32_t *hint = t->session->is_platform_link ? NULL : &t->session->vehicle_hint;
    const uint32_t then = t->session->vehicle_hint;
    struct zj_vehicle *v = zj_table_find(&t->obs->vehicles, &key, hint);
    const bool is_vin = t->session->protocol == ZJ_PROTOCOL_GB32960 && id.at == t->msg->vin.at;
    const bool is_card = t->session->protocol == ZJ_PROTOCOL_GB32960 && !is_vin;
    if (!v && t->is_up && (!is_vin || zj_vin_is_shaped(id))) {
        bool is_new;
        v = zj_table_get(&t->obs->vehicles, &key, hint, t->at->time_ns, &is_new);
        if (t->session->protocol != ZJ_PROTOCOL_JT808 && !is_card)
            memcpy(v->vin, id.at, id.len < sizeof v->vin ? id.len : sizeof v->vin);
    }
    if (t->session->vehicle_hint != then)
        t->session->sure &= (uint8_t)~ZJ_SURE_IDENTITY;
    if (v && t->is_up) {
        v->link.last_ns = t->at->time_ns;
        note_link(t, then);
    }
    return v;
}

/* VIN, card and firmware are remembered with the vehicle, for a card is named once in a session,
 * or in one session of many. */
static void learn_identity(struct zj_sight *t)
{
    struct zj_vehicle *v = t->vehicle;
    const struct zj_msg *msg = t->msg;
    if (!t->is_up || t->is_answer)
        return;
    const struct zj_span iccid = clean_iccid(msg->iccid);
    if (iccid.len) {
        memset(v->iccid, 0, sizeof v->iccid);
        memcpy(v->iccid, iccid.at, iccid.len);
    }
    if (t->session->protocol == ZJ_PROTOCOL_JT808 && zj_vin_is_shaped(msg->vin))
        memcpy(v->vin, msg->vin.at, sizeof v->vin);
    if (msg->version.len && (msg->kind == ZJ_MSG_ATTRIBUTES || msg->kind == ZJ_MSG_LOGIN))
        v->link.spare = zj_string_id(&t->obs->strings, msg->version);
    if (msg->is_life_safety)
        v->life_until_ns = t->at->time_ns + LIFE_SAFETY_S * ZJ_NS_PER_S;
}

void zj_session_resolve(struct zj_sight *t)
{
    struct zj_session *s = t->session;
    const struct zj_msg *msg = t->msg;
    set_ends(t);
    t->vehicle = NULL;
    t->topic_vin = (struct zj_span){0};
    t->topic_types = NULL;
    if (msg->error)
        return;
    if (msg->edition && msg->edition != t->obs->labels[s->edition] &&
        s->protocol != ZJ_PROTOCOL_TLS)
        s->edition = zj_label(t->obs, msg->edition);
    if (msg->host.len && msg->kind == ZJ_MSG_REQUEST) {
        s->host = zj_string_id(&t->obs->strings, msg->host);
        s->sure &= (uint8_t)~ZJ_SURE_TRANSFER;
    }
    if (s->security != ZJ_SECURITY_TLS && shows_security(t))
        zj_session_set_security(s, msg->is_encrypted ? ZJ_SECURITY_UNIT : ZJ_SECURITY_NONE);
    if (s->protocol == ZJ_PROTOCOL_MQTT) {
        if (msg->kind == ZJ_MSG_CONNECT) {
            t->topic_vin = vin_in_levels(msg->client);
            if (!t->topic_vin.len)
                t->topic_vin = vin_in_levels(msg->user);
            s->is_terminal |= t->topic_vin.len > 0;
        } else {
            t->topic_vin = vin_in_topic(t);
            if (t->topic_vin.len && t->at->dir == 0 && !s->is_terminal)
                s->is_terminal = (msg->kind == ZJ_MSG_SUBSCRIBE) == zj_topic_is_command(msg->topic);
        }
        s->is_vehicle |= t->topic_vin.len > 0;
    }
    if (s->protocol == ZJ_PROTOCOL_GB32960 && msg->kind == ZJ_MSG_PLATFORM_LOGIN && !t->is_answer)
        s->is_platform_link = true;
    t->vehicle = vehicle_of(t);
    if (t->vehicle)
        learn_identity(t);
}

static void add_platform(struct zj_vehicle *v, uint32_t hash)
{
    for (size_t i = 0; i < ZJ_COUNT(v->platforms); i++)
        if (v->platforms[i] == hash)
            return;
    memmove(v->platforms + 1, v->platforms, sizeof v->platforms - sizeof v->platforms[0]);
    v->platforms[0] = hash;
}

static void remove_platform(struct zj_vehicle *v, uint32_t hash)
{
    for (size_t i = 0; i < ZJ_COUNT(v->platforms); i++)
        if (v->platforms[i] == hash)
            v->platforms[i] = 0;
}

static bool is_login(const struct zj_sight *t)
{
    switch ((enum zj_protocol)t->session->protocol) {
    case ZJ_PROTOCOL_GB32960:
        return t->answered == GB_LOGIN;
    case ZJ_PROTOCOL_JT808:
        return t->answered == JT_LOGIN;
    case ZJ_PROTOCOL_MQTT:
        return t->answered == MQTT_CONNECT;
    case ZJ_PROTOCOL_OTHER:
    case ZJ_PROTOCOL_TLS:
    case ZJ_PROTOCOL_HTTP:
    case ZJ_PROTOCOL_DNS:
        break;
    }
    return false;
}

static void learn_login(struct zj_sight *t)
{
    struct zj_session *s = t->session;
    struct zj_vehicle *v = t->vehicle;

    if (t->msg->kind == ZJ_MSG_LOGIN && !t->is_answer && v && !s->is_platform_link) {
        if (!s->id_len) {
            s->id_len = (uint8_t)strnlen(v->key.id, sizeof v->key.id);
            memcpy(s->id, v->key.id, s->id_len);
            s->began_with_login = s->frames[0] + s->frames[1] <= FIRST_FRAMES;
        }
        s->has_login = true;
        add_platform(v, t->platform_hash);
    } else if (t->is_answer && is_login(t) && t->msg->answer != 0) {
        s->has_login = false;
        if (v)
            remove_platform(v, t->platform_hash);
    } else if (v && t->is_up && t->msg->kind == ZJ_MSG_REPORT && !v->platforms[0]) {
        add_platform(v, t->platform_hash); /* the login was before the capture */
    }
}

static void learn_fix(struct zj_sight *t)
{
    struct zj_vehicle *v = t->vehicle;
    const struct zj_msg *msg = t->msg;
    if (!t->session->is_platform_link)
        t->session->fixes[t->at->dir]++;
    else if (v->link_fixes < UINT8_MAX)
        v->link_fixes++;
    if (msg->kind == ZJ_MSG_REISSUE || (!msg->lat_e6 && !msg->lon_e6))
        return;
    const int64_t fix_s = msg->has_time ? msg->time_s : t->at->time_ns / ZJ_NS_PER_S;
    v->has_previous_fix = v->has_fix;
    const int64_t after_s = fix_s - v->fix_s;
    v->fix_after_previous_s = after_s > 0 && after_s < INT32_MAX ? (int32_t)after_s : 0;
    v->previous_lat_e6 = v->lat_e6;
    v->previous_lon_e6 = v->lon_e6;
    v->has_fix = 1;
    v->fix_s = fix_s;
    v->fix_seen_s = (uint32_t)(t->at->time_ns / ZJ_NS_PER_S);
    v->lat_e6 = msg->lat_e6;
    v->lon_e6 = msg->lon_e6;
    v->coordinates = msg->coordinates;
}

/* Which flow a vehicle speaks on, for the duplicate detection. A platform that forwards is no
 * second vehicle. */
static void learn_flow(struct zj_sight *t)
{
    struct zj_vehicle *v = t->vehicle;
    if (v->flow != t->flow) {
        v->other_flow = v->flow;
        v->flow = t->flow;
        v->client = *t->vehicle_addr;
        v->server = t->platform_hash;
        v->frames_on_flow = 0;
        v->switched_s = (uint32_t)(t->at->time_ns / ZJ_NS_PER_S);
    }
    v->frames_on_flow++;
}

void zj_session_learn(struct zj_sight *t)
{
    struct zj_session *s = t->session;
    const struct zj_msg *msg = t->msg;
    if (msg->error)
        return;
    if (t->vehicle && t->is_up && !s->is_platform_link && s->protocol != ZJ_PROTOCOL_MQTT)
        learn_flow(t);
    if (s->is_vehicle)
        learn_login(t);
    if (t->vehicle && t->is_up && msg->has_position)
        learn_fix(t);
    if (msg->kind == ZJ_MSG_CONNECT) {
        s->was_anonymous = !msg->user.len && !msg->secret.len;
        s->client_len =
            (uint8_t)(msg->client.len < sizeof s->client ? msg->client.len : sizeof s->client);
        if (s->client_len)
            memcpy(s->client, msg->client.at, s->client_len);
    }
    if (s->protocol == ZJ_PROTOCOL_TLS) {
        if (msg->ja4[0])
            memcpy(s->ja4, msg->ja4, sizeof s->ja4);
        if (msg->kind == ZJ_MSG_RESPONSE && msg->tls_version)
            s->tls_version = zj_label(t->obs, msg->tls_version);
        /* from TLS 1.3 on the request for a certificate is encrypted: nothing can be said */
        if (msg->kind == ZJ_MSG_RESPONSE && s->client_cert < 0 && msg->tls_version &&
            !strstr(msg->tls_version, "1.3"))
            s->client_cert = 0;
        if (msg->kind == ZJ_MSG_CERT_REQUEST)
            s->client_cert = 1;
    }
}
