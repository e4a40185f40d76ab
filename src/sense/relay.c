/* A note holds all that is known at its moment and the message with the bytes its spans point into,
 * so that it means the same on the other side when packet, stream and flow are long gone. */
#include "sense/relay.h"

#include "base/mem.h"
#include "sense/observer.h"

enum {
    SPAN_FIRST = offsetof(struct zj_msg, vin), /* the spans stand together */
    SPANS = (offsetof(struct zj_msg, tls_version) - SPAN_FIRST) / sizeof(struct zj_span),
    REST_FIRST = offsetof(struct zj_msg, tls_version), /* and after them what few messages have */
    REST_BYTES = offsetof(struct zj_msg, ja4) - REST_FIRST,
    NUMBERS_FIRST = 256,
    FILE_SHIFT = 42, /* of an order: above the numbers of packets, twice */
};

enum kind { MESSAGE, FLOW_END, FLUSH };

/* Bits of `has`, above those of the spans. */
enum { HAS_JA4 = 1 << 14, HAS_ADDRESSES = 1 << 15 };
_Static_assert(SPANS <= 14, "a bit for each span");

struct zj_note {
    uint32_t bytes; /* with all that follows */
    uint16_t has;
    uint8_t kind;
    int8_t dir;
    uint64_t order;
    uint64_t packet;
    int64_t time_ns;
    uint64_t flow_id;
    const struct zj_codec *codec;
    const char *source;
    struct zj_flow_key key;
    bool has_opening, is_read, wants_words;
    uint8_t data;
    uint32_t number; /* of the session, from 1; 0: the flow has none */
    uint32_t frame_bytes;
    uint64_t types; /* identified in the payload; how many of each follows behind */
};

/* A span as it stands in a note: behind its head, or where the frame has it. */
struct __attribute__((packed)) where { /* behind texts of any length */
    uint32_t at, len;
};

struct totals {
    uint64_t packets[2], bytes[2];
    int64_t first_ns;
};

struct zj_piece *zj_piece_new(size_t room)
{
    struct zj_piece *piece = malloc(sizeof *piece + room); /* not zeroed: pages come as needed */
    if (!piece)
        abort();
    *piece = (struct zj_piece){.room = room};
    return piece;
}

void zj_relay_release(struct zj_relay *relay)
{
    free(relay->open);
    free(relay->unused);
    free(relay->messages);
    relay->open = NULL;
    relay->unused = NULL;
    relay->messages = NULL;
}

static uint32_t take_number(struct zj_relay *r)
{
    const uint32_t number = r->unused_count ? r->unused[--r->unused_count] : ++r->number_count;
    if (number >= r->room) {
        r->room = r->room ? 2 * r->room : NUMBERS_FIRST;
        r->unused = zj_realloc(r->unused, r->room * sizeof *r->unused);
        r->messages = zj_realloc(r->messages, r->room * sizeof *r->messages);
    }
    memset(r->messages[number], 0, sizeof *r->messages);
    return number;
}

static void give_number(struct zj_relay *r, uint32_t number)
{
    r->unused[r->unused_count++] = number;
}

/* Room for a note with its head filled in. */
static struct zj_note *new_note(struct zj_relay *r, enum kind kind, uint32_t number,
                                const struct zj_moment *at, size_t bytes)
{
    bytes = (bytes + 7) & ~(size_t)7;
    if (bytes > r->open->room - r->open->used)
        r->open = r->swap(r, r->open, bytes);
    struct zj_note *note = (void *)(r->open->bytes + r->open->used);
    r->open->used += bytes;
    *note = (struct zj_note){
        .bytes = (uint32_t)bytes,
        .kind = (uint8_t)kind,
        .dir = (int8_t)at->dir,
        .order = r->is_live ? (uint64_t)at->time_ns : r->base + 2 * at->packet + (kind == FLUSH),
        .packet = at->packet,
        .time_ns = at->time_ns,
        .flow_id = at->flow_id,
        .codec = at->codec,
        .source = at->source,
        .key = *at->key,
        .has_opening = at->has_opening,
        .data = at->data,
        .number = number,
        .frame_bytes = (uint32_t)at->frame.len,
    };
    return note;
}

static const struct zj_span *spans_of(const struct zj_msg *msg)
{
    return (const void *)((const uint8_t *)msg + SPAN_FIRST);
}

static bool is_inside(struct zj_span part, struct zj_span all)
{
    return part.at >= all.at && part.at + part.len <= all.at + all.len;
}

/* The bytes of a message's note, and which spans it has. */
static size_t measure(const struct zj_moment *at, const struct zj_msg *msg, uint16_t *out_has)
{
    const struct zj_span *spans = spans_of(msg);
    size_t bytes = sizeof(struct zj_note) + SPAN_FIRST + REST_BYTES + at->frame.len;
    unsigned has = 0;
    for (unsigned i = 0; i < SPANS; i++) {
        if (!spans[i].len)
            continue;
        has |= 1u << i;
        bytes += sizeof(struct where) + (is_inside(spans[i], at->frame) ? 0 : spans[i].len);
    }
    if (msg->ja4[0]) {
        has |= HAS_JA4;
        bytes += sizeof msg->ja4;
    }
    if (msg->address_count) {
        has |= HAS_ADDRESSES;
        bytes += sizeof msg->addresses;
    }
    *out_has = (uint16_t)has;
    return bytes;
}

static uint8_t *put_bytes(uint8_t *to, const void *from, size_t bytes)
{
    memcpy(to, from, bytes);
    return to + bytes;
}

/* Which message of its session and direction it is, for the question whether words are due. */
static uint8_t count(struct zj_relay *r, uint32_t number, const struct zj_moment *at)
{
    enum { ROUND = 64 };
    uint8_t *messages = &r->messages[number][at->dir];
    if (at->data != ZJ_DATA_ALONE)
        *messages = (uint8_t)(*messages == 2 * ROUND ? ROUND + 1 : *messages + 1);
    return *messages;
}

void zj_relay_message(struct zj_observer *obs, struct zj_session **session,
                      const struct zj_moment *at, const struct zj_msg *msg)
{
    struct zj_relay *r = obs->relay;
    struct zj_noted *noted = &obs->noted;
    uint32_t items[ZJ_TYPE_COUNT];
    uint16_t has;
    uint32_t number = (uint32_t)(uintptr_t)*session;
    if (!number && at->data != ZJ_DATA_ALONE)
        number = take_number(r);
    const uint8_t messages = number ? count(r, number, at) : 0;
    *noted = (struct zj_noted){.is_there = true, .wants_words = zj_transfer_wants_words(messages)};
    if (!r->leaves_scans && !zj_transfer_note(obs, at, msg, items))
        return;
    if (!number)
        number = take_number(r);
    *session = (struct zj_session *)(uintptr_t)number; /* until the flow ends, never looked at */
    const size_t item_bytes = (unsigned)__builtin_popcountll(noted->types) * sizeof *items;
    const size_t bytes = measure(at, msg, &has) + item_bytes;
    struct zj_note *note = new_note(r, MESSAGE, number, at, bytes);
    note->has = has;
    note->is_read = noted->is_read;
    note->wants_words = noted->wants_words;
    note->types = noted->types;
    uint8_t *to = put_bytes((uint8_t *)(note + 1), items, item_bytes);
    to = put_bytes(to, msg, SPAN_FIRST);
    to = put_bytes(to, (const uint8_t *)msg + REST_FIRST, REST_BYTES);
    struct where *where = (void *)to;
    const unsigned spans = has & ((1u << SPANS) - 1);
    to += (unsigned)__builtin_popcount(spans) * sizeof *where;
    if (has & HAS_JA4)
        to = put_bytes(to, msg->ja4, sizeof msg->ja4);
    if (has & HAS_ADDRESSES)
        to = put_bytes(to, msg->addresses, sizeof msg->addresses);
    const uint8_t *frame = to;
    if (at->frame.len)
        to = put_bytes(to, at->frame.at, at->frame.len);
    for (unsigned left = spans; left; left &= left - 1, where++) {
        const struct zj_span span = spans_of(msg)[__builtin_ctz(left)];
        const bool is_in = is_inside(span, at->frame);
        const uint8_t *now = is_in ? frame + (span.at - at->frame.at) : to;
        *where = (struct where){(uint32_t)(now - (const uint8_t *)note), (uint32_t)span.len};
        if (!is_in)
            to = put_bytes(to, span.at, span.len);
    }
}

void zj_relay_flow_end(struct zj_relay *r, struct zj_session **session, const struct zj_moment *at,
                       const uint64_t packets[2], const uint64_t bytes[2], int64_t first_ns)
{
    const uint32_t number = (uint32_t)(uintptr_t)*session;
    const struct totals totals = {{packets[0], packets[1]}, {bytes[0], bytes[1]}, first_ns};
    if (!number && !r->wants_flows)
        return;
    struct zj_note *note = new_note(r, FLOW_END, number, at, sizeof *note + sizeof totals);
    memcpy(note + 1, &totals, sizeof totals);
    *session = NULL;
    if (number) /* whoever gets it next is noted behind this */
        give_number(r, number);
}

void zj_relay_flush(struct zj_relay *r, uint64_t packet, int64_t time_ns)
{
    static const struct zj_flow_key nobody;
    const struct zj_moment at = {.key = &nobody, .packet = packet, .time_ns = time_ns};
    new_note(r, FLUSH, 0, &at, sizeof(struct zj_note));
}

void zj_relay_begin(struct zj_relay *r, size_t file)
{
    r->base = (uint64_t)(file < ZJ_RELAY_LAST ? file : ZJ_RELAY_LAST) << FILE_SHIFT;
}

zj_err zj_relay_reach(struct zj_relay *r, uint64_t packet, bool is_due)
{
    const uint64_t order = r->is_live || packet == ZJ_RELAY_END ? packet : r->base + 2 * packet;
    if (r->open->used && is_due)
        r->open = r->swap(r, r->open, 0);
    if (!r->open->used && order > atomic_load_explicit(&r->until, memory_order_relaxed))
        atomic_store_explicit(&r->until, order, memory_order_release);
    return atomic_load_explicit(&r->has_failed, memory_order_relaxed) ? ZJ_EIO : ZJ_OK;
}

/* --- the observer's end --------------------------------------------------------------------------
 */
void zj_relayed_release(struct zj_relayed *from)
{
    free(from->piece);
    free(from->sessions);
    *from = (struct zj_relayed){0};
}

uint64_t zj_note_order(const struct zj_note *note)
{
    return note->order;
}

bool zj_note_is_flush(const struct zj_note *note, int64_t *out_time_ns)
{
    *out_time_ns = note->time_ns;
    return note->kind == FLUSH;
}

/* Another core wrote the notes: those farther on are asked for while these are observed. */
void zj_relayed_skip(struct zj_relayed *from, const struct zj_note *note)
{
    enum { AHEAD = 4096 };
    for (uint32_t at = 0; at < note->bytes; at += 64)
        __builtin_prefetch((const uint8_t *)note + AHEAD + at);
    from->at += note->bytes;
}

static struct zj_session **session_of(struct zj_relayed *from, uint32_t number)
{
    if (number >= from->session_count) {
        uint32_t count = from->session_count ? from->session_count : NUMBERS_FIRST;
        while (count <= number)
            count *= 2;
        from->sessions = zj_realloc(from->sessions, count * sizeof(struct zj_session *));
        memset(from->sessions + from->session_count, 0,
               (count - from->session_count) * sizeof(struct zj_session *));
        from->session_count = count;
    }
    return &from->sessions[number];
}

void zj_note_ask(const struct zj_relayed *from, const struct zj_note *note,
                 const struct zj_observer *obs, int step)
{
    if (note->kind == MESSAGE && note->number < from->session_count)
        zj_observe_prefetch(obs, from->sessions[note->number], step);
}

static void read_message(const struct zj_note *note, struct zj_moment *at, struct zj_msg *msg,
                         struct zj_noted *out)
{
    const uint32_t *items = (const void *)(note + 1);
    const uint8_t *from = (const uint8_t *)(items + __builtin_popcountll(note->types));
    struct zj_span *spans = (void *)((uint8_t *)msg + SPAN_FIRST);
    *out = (struct zj_noted){true, note->wants_words, note->is_read, note->types, items};
    zj_msg_clear(msg);
    memcpy(msg, from, SPAN_FIRST);
    memcpy((uint8_t *)msg + REST_FIRST, from + SPAN_FIRST, REST_BYTES);
    const struct where *where = (const void *)(from + SPAN_FIRST + REST_BYTES);
    for (unsigned left = note->has & ((1u << SPANS) - 1); left; left &= left - 1, where++)
        spans[__builtin_ctz(left)] = zj_span_of((const uint8_t *)note + where->at, where->len);
    from = (const uint8_t *)where;
    if (note->has & HAS_JA4) {
        memcpy(msg->ja4, from, sizeof msg->ja4);
        from += sizeof msg->ja4;
    }
    if (note->has & HAS_ADDRESSES) {
        memcpy(msg->addresses, from, sizeof msg->addresses);
        from += sizeof msg->addresses;
    }
    at->frame = zj_span_of(from, note->frame_bytes);
}

void zj_note_observe(struct zj_relayed *from, const struct zj_note *note, struct zj_observer *obs,
                     struct zj_msg *msg)
{
    struct zj_session *none = NULL;
    struct zj_session **session = note->number ? session_of(from, note->number) : &none;
    struct zj_moment at = {.key = &note->key,
                           .codec = note->codec,
                           .dir = note->dir,
                           .flow_id = note->flow_id,
                           .time_ns = note->time_ns,
                           .packet = note->packet,
                           .source = note->source,
                           .has_opening = note->has_opening,
                           .data = note->data};
    if (note->kind == MESSAGE) {
        read_message(note, &at, msg, &obs->noted);
        zj_observe_message(obs, session, &at, msg);
        return;
    }
    struct totals totals;
    memcpy(&totals, note + 1, sizeof totals);
    zj_observe_flow_end(obs, session, &at, totals.packets, totals.bytes, totals.first_ns);
}
