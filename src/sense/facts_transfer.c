/* Identified data that an address sends to another: what the codecs know by its field, and what
 * the payload scan finds.
 *
 * The sensor does not know whose network is whose, so every direction is a transfer, but for what a
 * platform sends down to a vehicle. The port is the server's; 0 where the data goes from a server
 * to a client, whose port means nothing. */
#include "base/idcheck.h"
#include "sense/observer.h"

enum { SLOTS = 6, PARTS_MAX = 32, TRACK_FIXES = 3, SCAN_BYTES_MAX = 16384 };
enum { WORDS_FIRST = 4, WORDS_EACH = 64 }; /* messages that words are looked for in */

struct transfer {
    struct zj_link link;
    struct transfer_key {
        struct zj_addr src, dst;
        uint32_t host; /* string */
        uint16_t port;
        uint8_t protocol; /* label */
        uint8_t part;     /* more than SLOTS types go on in the next */
    } key;
    uint32_t items[SLOTS], bytes[SLOTS];
    uint32_t last_s[SLOTS]; /* of what was not yet sent; 0: nothing */
    uint8_t types[SLOTS];   /* type + 1; 0: free */
};

/* What one message holds. */
struct tally {
    uint32_t items[ZJ_TYPE_COUNT]; /* of those in the set only */
    uint64_t types;                /* the set */
};
_Static_assert(ZJ_TYPE_COUNT <= 64, "a set of types is one word");

static void send_slot(struct zj_observer *obs, struct transfer *v, size_t slot,
                      const struct zj_moment *at)
{
    const enum zj_identify_type type = (enum zj_identify_type)(v->types[slot] - 1);
    struct zj_cell c[ZJ_TR_COLS] = {
        [ZJ_TR_SRC] = {.addr = v->key.src},
        [ZJ_TR_DST] = {.addr = v->key.dst},
        [ZJ_TR_PORT] = {.num = v->key.port},
        [ZJ_TR_PROTOCOL] = zj_cell_str(zj_label_text(obs, v->key.protocol)),
        [ZJ_TR_HOST] = {.text = zj_string(&obs->strings, v->key.host)},
        [ZJ_TR_DATA_TYPE] = zj_cell_str(zj_identify_type_info(type)->name),
        [ZJ_TR_ITEMS] = {.num = v->items[slot]},
        [ZJ_TR_BYTES] = {.num = v->bytes[slot]},
    };
    int64_t last_ns =
        v->link.last_ns; /* of all types; this one was seen in its second, or before */
    if (!at && last_ns / ZJ_NS_PER_S != v->last_s[slot])
        last_ns = v->last_s[slot] * ZJ_NS_PER_S;
    zj_fact_send(obs, ZJ_FACT_TRANSFER, c, last_ns, at);
    v->last_s[slot] = 0;
    v->items[slot] = v->bytes[slot] = 0;
}

static void spill_transfer(void *owner, void *record)
{
    struct transfer *v = record;
    for (size_t slot = 0; slot < SLOTS; slot++)
        if (v->types[slot] && v->last_s[slot])
            send_slot(owner, v, slot, NULL);
}

void zj_transfer_init(struct zj_observer *obs, int64_t memory_bytes)
{
    zj_table_init(&obs->transfers, &(struct zj_table_shape){
                                       .record_bytes = sizeof(struct transfer),
                                       .key_at = offsetof(struct transfer, key),
                                       .key_bytes = sizeof(struct transfer_key),
                                       .memory_bytes = memory_bytes,
                                       .seed = obs->seed,
                                       .budget = &obs->budget,
                                       .pages = &obs->pages,
                                       .dropped = &obs->stats->drop_fact,
                                       .moves = &obs->moves,
                                       .spill = spill_transfer,
                                       .owner = obs,
                                   });
}

static bool has(const struct tally *tally, enum zj_identify_type type)
{
    return tally->types >> type & 1;
}

static void put(struct tally *tally, enum zj_identify_type type, uint32_t items)
{
    const uint64_t bit = UINT64_C(1) << type;
    tally->items[type] = (tally->types & bit ? tally->items[type] : 0) + items;
    tally->types |= bit;
}

/* A terminal's number: the machine ranges have 13 digits, or 11 with a prefix of their own. */
static enum zj_identify_type phone_type(struct zj_span phone)
{
    static const char *const machine[] = {"140", "141", "144", "146", "148", "149", "172"};
    if (phone.len != 11 || phone.at[0] != '1' || phone.at[1] < '3')
        return ZJ_TYPE_CN_IOT_MSISDN;
    for (size_t i = 0; i < ZJ_COUNT(machine); i++)
        if (zj_span_starts(phone, zj_span_str(machine[i])))
            return ZJ_TYPE_CN_IOT_MSISDN;
    return ZJ_TYPE_CN_MOBILE;
}

static void take_fields(const struct zj_sight *t, struct tally *tally)
{
    const struct zj_msg *msg = t->msg;
    if (t->session->protocol == ZJ_PROTOCOL_GB32960 ? t->vehicle && t->vehicle->vin[0]
                                                    : zj_vin_is_shaped(msg->vin))
        put(tally, ZJ_TYPE_VIN, 1);
    if (msg->iccid.len)
        put(tally, ZJ_TYPE_ICCID, 1);
    if (msg->phone.len >= 11)
        put(tally, phone_type(msg->phone), 1);
    if (msg->has_position)
        put(tally, ZJ_TYPE_GEO_COORD, 1);
    /* a track: positions of one vehicle, one after the other */
    if (!msg->has_position || !t->vehicle)
        return;
    const uint32_t before =
        t->session->is_platform_link ? t->vehicle->link_fixes : t->session->fixes[t->at->dir];
    if (before + 1 >= TRACK_FIXES)
        put(tally, ZJ_TYPE_VEHICLE_TRACK, 1);
}

/* Addresses and credentials stand in the heads of requests: they are no data that is handed on. */
static bool is_data(enum zj_identify_type type)
{
    return type != ZJ_TYPE_IPV4 && type != ZJ_TYPE_IPV6 && type != ZJ_TYPE_SECRET;
}

static void put_some(struct zj_sight *t, struct tally *tally)
{
    for (size_t i = 0; i < t->find_count; i++)
        if (is_data((enum zj_identify_type)t->finds[i].type))
            put(tally, (enum zj_identify_type)t->finds[i].type, 1);
}

static bool is_full(const struct zj_sight *t)
{
    return t->find_count == ZJ_COUNT(t->obs->finds) && t->finds == t->obs->finds;
}

/* Shapes filled all the room for finds: they go on behind. */
static __attribute__((noinline)) void put_more(struct zj_sight *t, struct zj_span bytes,
                                               struct tally *tally)
{
    struct zj_observer *obs = t->obs;
    while (is_full(t)) {
        bytes = zj_span_part(bytes, t->finds[t->find_count - 1].end, bytes.len);
        t->find_count = obs->scan(bytes, obs->finds, ZJ_COUNT(obs->finds));
        put_some(t, tally);
    }
    t->find_count = 0; /* they count from elsewhere */
}

/* What was found in `bytes`. */
static void put_finds(struct zj_sight *t, struct zj_span bytes, struct tally *tally)
{
    put_some(t, tally);
    if (is_full(t))
        put_more(t, bytes, tally);
}

/* In the first messages of a flow and then in one of 64; shapes are looked for in all. */
bool zj_transfer_wants_words(uint32_t frames)
{
    return frames <= WORDS_FIRST || frames % WORDS_EACH == 0;
}

/* Of text without a protocol not all is handed over, so that words are looked for in all that is. */
static size_t look_into(struct zj_sight *t, struct zj_span bytes, const struct zj_session *session)
{
    struct zj_observer *obs = t->obs;
    const uint32_t frames = session ? session->frames[t->at->dir] : 0;
    const bool wants_words = (obs->noted.is_there ? obs->noted.wants_words
                                                  : zj_transfer_wants_words(frames)) ||
                             t->at->codec == &zj_codec_text;
    if (obs->scratch && wants_words) {
        t->find_count = zj_identify_find(obs->scratch, bytes, &t->finds);
    } else {
        t->finds = obs->finds;
        t->find_count = obs->scan(bytes, obs->finds, ZJ_COUNT(obs->finds));
    }
    return t->find_count;
}

bool zj_transfer_look(struct zj_sight *t, const struct zj_session *session)
{
    const struct zj_span bytes = zj_span_part(t->at->frame, 0, SCAN_BYTES_MAX);
    t->finds = NULL;
    t->find_count = 0;
    if (t->obs->noted.is_read) /* else it would not have been told */
        return true;
    if (!t->obs->scan_payloads || !look_into(t, bytes, session))
        return false;
    for (size_t i = 0; i < t->find_count; i++)
        if (is_data((enum zj_identify_type)t->finds[i].type))
            return true;
    return is_full(t);
}

static void find_shapes(struct zj_sight *t, struct zj_span bytes, struct tally *tally)
{
    t->finds = t->obs->finds;
    t->find_count = t->obs->scan(bytes, t->obs->finds, ZJ_COUNT(t->obs->finds));
    put_finds(t, bytes, tally);
}

/* The topic of a flow is mostly the same, and so is what is found in it. */
static void take_topic_text(struct zj_sight *t, struct tally *tally)
{
    uint64_t *kept = t->topic_types;
    if (kept && *kept != UINT64_MAX) {
        for (uint64_t left = *kept; left; left &= left - 1)
            put(tally, (enum zj_identify_type)__builtin_ctzll(left), 1);
        return;
    }
    struct tally in_topic = {.types = 0};
    find_shapes(t, t->msg->topic, &in_topic);
    bool is_once = true;
    for (uint64_t left = in_topic.types; left; left &= left - 1) {
        const enum zj_identify_type type = (enum zj_identify_type)__builtin_ctzll(left);
        is_once &= in_topic.items[type] == 1;
        put(tally, type, in_topic.items[type]);
    }
    if (kept && is_once)
        *kept = in_topic.types;
}

/* A PUBLISH has binary numbers before and behind its topic, and what it carries has its own
 * encoding: topic, properties and payload are looked through each by itself. True where the message
 * is such a one; between topic and payload stand the properties. */
static bool is_publish(struct zj_span frame, const struct zj_msg *msg, struct zj_span *out_between)
{
    const struct zj_span topic = msg->topic, payload = msg->payload;
    const uintptr_t begin = (uintptr_t)frame.at, end = begin + frame.len;
    const uintptr_t from = topic.len ? (uintptr_t)topic.at + topic.len : begin;
    const uintptr_t to = (uintptr_t)payload.at;
    if (msg->kind != ZJ_MSG_PUBLISH || !payload.len || from < begin || to < from ||
        to + payload.len > end)
        return false;
    *out_between = zj_span_part(frame, from - begin, to - from);
    return true;
}

/* Leaves the payload. */
static bool take_publish_head(struct zj_sight *t, struct tally *tally)
{
    enum { PACKET_ID = 2 };
    struct zj_span between;
    if (!is_publish(t->at->frame, t->msg, &between))
        return false;
    if (t->msg->topic.len)
        take_topic_text(t, tally);
    if (between.len > PACKET_ID)
        find_shapes(t, between, tally);
    return true;
}

bool zj_transfer_note(struct zj_observer *obs, const struct zj_moment *at, const struct zj_msg *msg,
                      uint32_t out_items[ZJ_TYPE_COUNT])
{
    const bool is_alone = at->data == ZJ_DATA_ALONE;
    const bool is_down =
        at->codec->is_vehicle && (msg->is_down || msg->answer != ZJ_ANSWER_NONE);
    struct zj_span bytes, between;
    struct zj_sight t;
    struct tally tally = {.types = 0};
    t.obs = obs;
    t.at = at;
    t.msg = msg;
    if (is_alone && !zj_transfer_look(&t, NULL))
        return false;
    bytes = at->codec->is_binary || is_publish(at->frame, msg, &between) ? msg->payload : at->frame;
    bytes = zj_span_part(bytes, 0, SCAN_BYTES_MAX);
    const bool is_looked_through = obs->scan_payloads && bytes.len && !msg->error && !is_down &&
                                   at->data != ZJ_DATA_PACKED;
    if (is_looked_through && !is_alone)
        look_into(&t, bytes, NULL);
    if (is_looked_through)
        put_finds(&t, bytes, &tally);
    obs->noted.is_read = true;
    obs->noted.types = tally.types;
    for (uint64_t left = tally.types; left; left &= left - 1)
        *out_items++ = tally.items[__builtin_ctzll(left)];
    return true;
}

static void put_noted(const struct zj_noted *noted, struct tally *tally)
{
    const uint32_t *items = noted->items;
    for (uint64_t left = noted->types; left; left &= left - 1)
        put(tally, (enum zj_identify_type)__builtin_ctzll(left), *items++);
}

static void take_payload(struct zj_sight *t, struct tally *tally)
{
    struct zj_observer *obs = t->obs;
    struct zj_span bytes = t->at->codec->is_binary ? t->msg->payload : t->at->frame;
    if (!obs->scan_payloads || bytes.len == 0)
        return;
    if (take_publish_head(t, tally))
        bytes = t->msg->payload;
    if (t->at->data == ZJ_DATA_PACKED)
        return;
    if (obs->noted.is_read) {
        put_noted(&obs->noted, tally);
        return;
    }
    bytes = zj_span_part(bytes, 0, SCAN_BYTES_MAX);
    if (t->at->data != ZJ_DATA_ALONE) /* else looked through before */
        look_into(t, bytes, t->session);
    put_finds(t, bytes, tally);
}

/* The topic names the vehicle of the payload; a run of positions under it is a track. */
static void take_topic(const struct zj_sight *t, struct tally *tally)
{
    uint32_t *fixes = &t->session->fixes[t->at->dir];
    if (t->topic_vin.len && t->msg->kind == ZJ_MSG_PUBLISH && !has(tally, ZJ_TYPE_VIN))
        put(tally, ZJ_TYPE_VIN, 1);
    if (t->msg->has_position || !has(tally, ZJ_TYPE_GEO_COORD))
        return;
    if (has(tally, ZJ_TYPE_VIN) && ++*fixes >= TRACK_FIXES)
        put(tally, ZJ_TYPE_VEHICLE_TRACK, 1);
}

/* True for what a platform sends to a vehicle, and for answers, which repeat what was sent. */
static bool is_down_link(const struct zj_sight *t)
{
    const struct zj_session *s = t->session;
    if (t->at->codec->is_vehicle)
        return !t->is_up || t->is_answer;
    return s->protocol == ZJ_PROTOCOL_MQTT && t->at->dir == 1 && s->is_terminal;
}

/* The frame that is evidence of this type. Of a long body the piece that holds it: nothing there is
 * lost by its beginning, while a message is read from its own. */
static struct zj_moment evidence_of(const struct zj_sight *t, uint8_t type)
{
    enum { BEFORE = 512, EARLY = 64 };
    struct zj_moment at = *t->at;
    struct zj_find early[EARLY];
    const bool is_body = (at.codec->has_bodies && t->msg->kind == ZJ_MSG_OTHER) ||
                         at.codec == &zj_codec_text;
    if (!is_body || at.frame.len <= ZJ_FACT_FRAME_TRANSFER_MAX || !t->obs->scan)
        return at;
    const struct zj_span kept = zj_span_part(at.frame, 0, ZJ_FACT_FRAME_TRANSFER_MAX);
    const size_t early_count = t->obs->scan(kept, early, EARLY);
    for (size_t i = 0; i < early_count; i++)
        if (early[i].type == type)
            return at;
    struct zj_sight again = *t;
    if (!t->find_count) /* another thread looked through it, or more was found than there is room */
        look_into(&again, zj_span_part(at.frame, 0, SCAN_BYTES_MAX), t->session);
    for (size_t i = 0; i < again.find_count; i++)
        if (again.finds[i].type == type && again.finds[i].end > kept.len) {
            at.frame = zj_span_part(at.frame, again.finds[i].start - BEFORE, at.frame.len);
            break;
        }
    return at;
}

static void add_to_slot(const struct zj_sight *t, struct transfer *v, size_t slot, uint8_t type,
                        uint32_t items)
{
    const bool is_first = v->types[slot] == 0;
    const uint32_t bytes = (uint32_t)t->at->frame.len;
    if (v->bytes[slot] > UINT32_MAX - bytes)
        send_slot(t->obs, v, slot, NULL);
    v->types[slot] = (uint8_t)(type + 1);
    v->last_s[slot] = (uint32_t)(t->at->time_ns / ZJ_NS_PER_S);
    v->items[slot] += t->once * items;
    v->bytes[slot] += t->once * bytes;
    if (is_first) {
        const struct zj_moment at = evidence_of(t, type);
        send_slot(t->obs, v, slot, &at);
    } else {
        zj_table_mark(&t->obs->transfers, v);
    }
}

/* Adds the types that have a slot here, or find a free one, and takes them out of the tally. Slots
 * are filled in the order in which types first come, which is mostly that of the types. */
static void add_part(const struct zj_sight *t, struct transfer *v, struct tally *tally)
{
    size_t next = 0;
    for (uint64_t left = tally->types; left; left &= left - 1) {
        const uint8_t type = (uint8_t)__builtin_ctzll(left);
        size_t slot = next;
        if (slot == SLOTS || v->types[slot] != type + 1)
            for (slot = 0; slot < SLOTS && v->types[slot] && v->types[slot] != type + 1;)
                slot++;
        if (slot == SLOTS)
            continue;
        next = slot + 1;
        add_to_slot(t, v, slot, type, tally->items[type]);
        tally->types &= ~(UINT64_C(1) << type);
    }
}

/* Types beyond the last slot go into the next part. */
static void add_all(const struct zj_sight *t, struct tally *tally)
{
    struct zj_session *s = t->session;
    const bool is_usual = t->receiver == &t->at->key->server;
    struct transfer *v =
        zj_sure(t->obs, s, &t->obs->transfers, s->transfer_hint[0], ZJ_SURE_TRANSFER);
    if (v && is_usual) {
        if (t->at->time_ns > v->link.last_ns)
            v->link.last_ns = t->at->time_ns;
        add_part(t, v, tally);
        if (!tally->types)
            return;
    }
    const bool to_client = t->receiver == &t->at->key->client;
    struct transfer_key key = {
        .src = *t->sender,
        .dst = *t->receiver,
        .host = zj_names_host(t, t->receiver),
        .port = to_client ? 0 : t->receiver_port,
        .protocol = s->label,
    };
    uint32_t *hint = &s->transfer_hint[t->at->dir];
    for (; tally->types && key.part < PARTS_MAX; key.part++, hint = NULL) {
        bool is_new;
        v = zj_table_get(&t->obs->transfers, &key, hint, t->at->time_ns, &is_new);
        if (hint && is_usual)
            zj_be_sure(t->obs, s, ZJ_SURE_TRANSFER);
        add_part(t, v, tally);
    }
}

void zj_transfer_see(struct zj_sight *t)
{
    struct tally tally;
    tally.types = 0;
    if (is_down_link(t))
        return;
    take_fields(t, &tally);
    take_payload(t, &tally);
    take_topic(t, &tally);
    if (!tally.types)
        return;
    /* MQTT that carries an identity of a vehicle or terminal is a vehicle protocol */
    if (t->session->protocol == ZJ_PROTOCOL_MQTT &&
        (has(&tally, ZJ_TYPE_VIN) || has(&tally, ZJ_TYPE_ICCID) || has(&tally, ZJ_TYPE_IMSI) ||
         has(&tally, ZJ_TYPE_CN_IOT_MSISDN)))
        t->session->is_vehicle = true;
    add_all(t, &tally);
}
