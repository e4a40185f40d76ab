/* TCP put in order. A segment that is next goes straight on without a copy; one that is ahead waits
 * in a short list; what has come before is dropped. A hole that stays is given up, and the decoder
 * finds its feet again. Where bytes differ between two copies of one place, the first wins. */
#include "sense/stream.h"

#include "base/clock.h"

enum {
    WINDOW_MAX = 1 << 26, /* further away is another connection, or an attack */
    RST_WINDOW = 1 << 20,
    REUSE_WINDOW = 1 << 16, /* a SYN so far behind may be the old one, come late */
    HELD_PIECES_MAX = 2 * ZJ_HELD_SEGMENTS_MAX, /* one segment may fill many holes */
};
#define HOLE_NS (2 * ZJ_NS_PER_S)
#define REUSE_NS (10 * ZJ_NS_PER_S)

static void drop_first_held(struct zj_worker *w, struct zj_half *half)
{
    struct zj_segment *s = half->held;
    half->held = s->next;
    half->held_count--;
    half->held_bytes -= s->len;
    zj_pool_give(&w->pool, s, s->room);
}

void zj_half_drop_held(struct zj_worker *w, struct zj_half *half)
{
    while (half->held)
        drop_first_held(w, half);
}

/* Puts a copy of new bytes before `next` in the list. */
static bool hold(struct zj_worker *w, struct zj_half *half, struct zj_segment **at, uint32_t seq,
                 struct zj_span bytes)
{
    uint32_t room;
    struct zj_segment *s = zj_pool_take(&w->pool, sizeof *s + bytes.len, &room);
    if (!s) {
        w->stats.drop_buffer++;
        return false;
    }
    s->next = *at;
    s->seq = seq;
    s->len = (uint32_t)bytes.len;
    s->room = room;
    memcpy(s->bytes, bytes.at, bytes.len);
    *at = s;
    half->held_count++;
    half->held_bytes += s->len;
    return true;
}

/* Holds the parts of a segment that no held one has yet. */
static void insert(struct zj_worker *w, struct zj_half *half, uint32_t seq, struct zj_span bytes)
{
    struct zj_segment **at = &half->held;
    if (!half->held)
        half->hole_ns = w->now_ns;
    while (bytes.len) {
        struct zj_segment *s = *at;
        const int32_t ahead = s ? (int32_t)(s->seq - seq) : INT32_MAX;
        if (ahead > 0) {
            const struct zj_span fresh = zj_span_part(bytes, 0, (size_t)ahead);
            if (half->held_count >= HELD_PIECES_MAX || !hold(w, half, at, seq, fresh))
                return;
            at = &(*at)->next;
            seq += (uint32_t)fresh.len;
            bytes = zj_span_part(bytes, fresh.len, bytes.len);
            continue;
        }
        const uint32_t into = (uint32_t)-ahead;
        if (into < s->len) {
            const size_t rest = s->len - into;
            const size_t both = rest < bytes.len ? rest : bytes.len;
            w->stats.tcp_overlap_differs += memcmp(s->bytes + into, bytes.at, both) != 0;
            w->stats.tcp_retransmitted += both;
            seq += (uint32_t)both;
            bytes = zj_span_part(bytes, both, bytes.len);
        }
        at = &s->next;
    }
}

/* Decodes held segments that are next now. */
static void drain(struct zj_worker *w, struct zj_flow *flow, int *dir)
{
    for (;;) {
        struct zj_half *half = flow->stream ? &flow->stream->half[*dir] : NULL;
        if (!half || !half->held)
            return;
        struct zj_segment *s = half->held;
        const int32_t ahead = (int32_t)(s->seq - flow->next_seq[*dir]);
        if (ahead > 0) {
            half->hole_ns = w->now_ns;
            return;
        }
        half->held = s->next;
        half->held_count--;
        half->held_bytes -= s->len;
        if ((uint32_t)-ahead < s->len) {
            flow->next_seq[*dir] = s->seq + s->len;
            zj_decode(w, flow, dir, zj_span_of(s->bytes - ahead, s->len + (uint32_t)ahead));
        }
        zj_pool_give(&w->pool, s, s->room);
    }
}

/* Bytes before the next ones of a direction will never come. */
static void note_gap(struct zj_worker *w, struct zj_flow *flow, int dir, uint32_t missing)
{
    w->stats.tcp_gaps++;
    if (missing <= WINDOW_MAX)
        w->stats.tcp_gap_bytes += missing;
    flow->holes |= (uint16_t)(1 << dir);
    if (flow->stream)
        zj_decode_gap(w, &flow->stream->half[dir], missing);
}

static void give_up_hole(struct zj_worker *w, struct zj_flow *flow, int *dir)
{
    struct zj_half *half = &flow->stream->half[*dir];
    const uint32_t missing = half->held->seq - flow->next_seq[*dir];
    flow->next_seq[*dir] = half->held->seq;
    note_gap(w, flow, *dir, missing);
    drain(w, flow, dir);
}

static bool is_hole_old(const struct zj_worker *w, const struct zj_half *half)
{
    return half->held_count >= ZJ_HELD_SEGMENTS_MAX || half->held_bytes > ZJ_HELD_BYTES_MAX ||
           w->now_ns - half->hole_ns > HOLE_NS;
}

/* Bytes that came before. Those that still wait for the rest of their frame are compared. */
static void see_again(struct zj_worker *w, const struct zj_flow *flow, int dir, struct zj_span old)
{
    const struct zj_half *half = flow->stream ? &flow->stream->half[dir] : NULL;
    w->stats.tcp_retransmitted += old.len;
    if (!half || !half->len)
        return;
    const size_t n = old.len < half->len ? old.len : half->len;
    w->stats.tcp_overlap_differs +=
        memcmp(half->buf + half->len - n, old.at + old.len - n, n) != 0;
}

/* Goes on at `seq` and forgets what was before. */
static void jump(struct zj_worker *w, struct zj_flow *flow, int *dir, uint32_t seq,
                 struct zj_span bytes)
{
    struct zj_half *half = flow->stream ? &flow->stream->half[*dir] : NULL;
    const uint32_t missing = seq - flow->next_seq[*dir];
    flow->next_seq[*dir] = seq + (uint32_t)bytes.len;
    if (half)
        zj_half_drop_held(w, half);
    note_gap(w, flow, *dir, missing);
    zj_decode(w, flow, dir, bytes);
}

/* Not the next segment, or others wait already. */
static void out_of_order(struct zj_worker *w, struct zj_flow *flow, const struct zj_layers *l,
                         int *dir, uint32_t seq, struct zj_span bytes)
{
    if (flow->stream && flow->stream->half[*dir].is_lost) /* nothing is missed of it */
        return;
    while (flow->stream && flow->stream->half[*dir].held &&
           is_hole_old(w, &flow->stream->half[*dir]))
        give_up_hole(w, flow, dir);
    const int32_t ahead = (int32_t)(seq - flow->next_seq[*dir]);
    if (ahead > WINDOW_MAX || ahead < -WINDOW_MAX) {
        jump(w, flow, dir, seq, bytes);
        return;
    }
    if (ahead < 0) {
        if (ahead == -1 && l->payload_wire <= 1) /* keep-alive */
            return;
        const struct zj_span old = zj_span_part(bytes, 0, (size_t)-ahead);
        see_again(w, flow, *dir, old);
        seq += (uint32_t)old.len;
        bytes = zj_span_part(bytes, old.len, bytes.len);
        if (!bytes.len)
            return;
    }
    struct zj_stream *stream = zj_stream_of(w, flow);
    if (!stream) {
        jump(w, flow, dir, seq, bytes);
        return;
    }
    struct zj_half *half = &stream->half[*dir];
    w->stats.tcp_out_of_order += ahead > 0;
    insert(w, half, seq, bytes);
    if (!half->held) { /* no memory to wait in */
        jump(w, flow, dir, seq, bytes);
        return;
    }
    drain(w, flow, dir);
}

static void payload(struct zj_worker *w, struct zj_flow *flow, const struct zj_layers *l, int *dir)
{
    const uint32_t seq = l->seq + (l->tcp_flags & ZJ_TCP_SYN ? 1 : 0);
    const bool has_held = flow->stream && flow->stream->half[*dir].held;
    if (!(flow->flags & ZJ_FLOW_HAS_SEQ << *dir)) {
        flow->flags |= (uint8_t)(ZJ_FLOW_HAS_SEQ << *dir);
        flow->next_seq[*dir] = seq;
    }
    if (seq != flow->next_seq[*dir] || has_held) {
        out_of_order(w, flow, l, dir, seq, l->payload);
        return;
    }
    flow->next_seq[*dir] = seq + l->payload_wire;
    zj_decode(w, flow, dir, l->payload);
    if (l->payload.len < l->payload_wire && flow->stream) /* captured in part */
        note_gap(w, flow, *dir, l->payload_wire - (uint32_t)l->payload.len);
}

/* Follows the opening and closing of the connection, which only decide how long it is kept. */
static void follow(struct zj_worker *w, struct zj_flow *flow, const struct zj_layers *l, int dir)
{
    const int both_seen = ZJ_FLOW_SEEN | ZJ_FLOW_SEEN << 1, both_fin = ZJ_FLOW_FIN | ZJ_FLOW_FIN << 1;
    enum zj_flow_age age = flow->age;
    if (l->tcp_flags & ZJ_TCP_SYN && !(flow->flags & ZJ_FLOW_HAS_SEQ << dir)) {
        flow->next_seq[dir] = l->seq + 1;
        flow->flags |= (uint8_t)(ZJ_FLOW_HAS_SEQ << dir);
    }
    if (age == ZJ_AGE_HALF_OPEN && ((flow->flags & both_seen) == both_seen || l->payload_wire))
        age = ZJ_AGE_OPEN;
    if (l->tcp_flags & ZJ_TCP_FIN)
        flow->flags |= (uint8_t)(ZJ_FLOW_FIN << dir);
    if ((flow->flags & both_fin) == both_fin)
        age = ZJ_AGE_CLOSED;
    if (l->tcp_flags & ZJ_TCP_RST) {
        const int32_t ahead = (int32_t)(l->seq - flow->next_seq[dir]);
        if (!(flow->flags & ZJ_FLOW_HAS_SEQ << dir) || (ahead < RST_WINDOW && ahead > -RST_WINDOW))
            age = ZJ_AGE_CLOSED;
    } else if (age == ZJ_AGE_CLOSED && l->payload_wire && (flow->flags & both_fin) != both_fin) {
        age = ZJ_AGE_OPEN; /* the RST was not theirs: they go on */
    }
    if (age != flow->age)
        zj_flow_set_age(&w->flows, flow, age);
}

void zj_stream_tcp(struct zj_worker *w, struct zj_flow *flow, const struct zj_layers *l, int dir)
{
    if (l->tcp_flags & (ZJ_TCP_SYN | ZJ_TCP_FIN | ZJ_TCP_RST) || flow->age != ZJ_AGE_OPEN)
        follow(w, flow, l, dir);
    if (l->payload_wire && w->observer && !(flow->flags & ZJ_FLOW_IGNORED) &&
        !zj_is_looked_through(flow, dir))
        payload(w, flow, l, &dir);
}

void zj_stream_udp(struct zj_worker *w, struct zj_flow *flow, const struct zj_layers *l, int dir)
{
    if (l->payload.len && w->observer && !(flow->flags & ZJ_FLOW_IGNORED) &&
        !zj_is_looked_through(flow, dir))
        zj_decode_datagram(w, flow, &dir, l->payload, l->payload.len < l->payload_wire);
}

struct zj_stream *zj_stream_of(struct zj_worker *w, struct zj_flow *flow)
{
    enum { TRIES = 8 };
    uint32_t room;
    if (flow->stream)
        return flow->stream;
    struct zj_stream *stream = zj_pool_take(&w->pool, sizeof *stream, &room);
    for (int i = 0; !stream && i < TRIES && zj_worker_evict(w, flow); i++)
        stream = zj_pool_take(&w->pool, sizeof *stream, &room);
    if (!stream) {
        w->stats.drop_buffer++;
        return NULL;
    }
    *stream = (struct zj_stream){.key = zj_flow_key_of(flow), .flow_id = zj_flow_id(flow)};
    stream->half[1].wire.is_from_server = true;
    flow->stream = stream;
    return stream;
}

void zj_stream_end(struct zj_worker *w, struct zj_flow *flow)
{
    for (int side = 0; side < 2; side++) {
        int dir = side;
        while (flow->stream && flow->stream->half[dir].held)
            give_up_hole(w, flow, &dir);
    }
    struct zj_stream *stream = flow->stream;
    if (w->observer)
        zj_decode_end(w, flow);
    for (int dir = 0; stream && dir < 2; dir++) {
        if (stream->half[dir].is_text)
            zj_text_end(w, flow, dir);
        if (stream->half[dir].unpack)
            zj_unpack_end(w, flow, dir);
    }
    if (w->observer) {
        struct zj_session *none = NULL;
        const struct zj_flow_key key = zj_flow_key_of(flow);
        const struct zj_moment at = {.key = &key,
                                     .codec = !stream          ? NULL
                                              : stream->codec   ? stream->codec
                                              : stream->session ? &zj_codec_text
                                                                : NULL,
                                     .flow_id = stream ? stream->flow_id : zj_flow_id(flow),
                                     .time_ns = flow->last_ns,
                                     .packet = w->packet,
                                     .source = w->source};
        zj_observe_flow_end(w->observer, stream ? &stream->session : &none, &at, flow->packets,
                            flow->bytes, flow->first_ns);
    }
    if (stream) {
        for (int dir = 0; dir < 2; dir++)
            zj_pool_give(&w->pool, stream->half[dir].buf, stream->half[dir].room);
        zj_pool_give(&w->pool, stream, sizeof *stream);
        flow->stream = NULL;
    }
}

/* A SYN on a known pair of ports: theirs sent again, or a new connection in the place of one whose
 * end was not seen. */
bool zj_is_reopened(const struct zj_flow *flow, const struct zj_layers *l, int dir, int64_t time_ns)
{
    if ((l->tcp_flags & (ZJ_TCP_SYN | ZJ_TCP_ACK)) != ZJ_TCP_SYN || l->proto != ZJ_PROTO_TCP)
        return false;
    const int32_t ahead = (int32_t)(l->seq + 1 - flow->next_seq[dir]);
    const bool has_seq = flow->flags & ZJ_FLOW_HAS_SEQ << dir;
    if (has_seq && ahead == 0)
        return false;
    if (flow->age != ZJ_AGE_OPEN || time_ns - flow->last_ns > REUSE_NS)
        return true;
    return has_seq && (ahead > 0 || ahead < -REUSE_WINDOW);
}
