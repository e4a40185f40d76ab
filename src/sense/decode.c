/* From bytes in order to messages: which protocol it is, where frames end, who is the client. */
#include "sense/stream.h"

enum {
    LOOKS_FROM_SYN = 1, /* a protocol shows itself in the first bytes */
    LOOKS_UDP = 2,
    LOOKS_MIDSTREAM = 15, /* joined in the middle: a frame may start anywhere */
    LOOKS_ELSEWHERE = 4,  /* so often where no port speaks for a protocol */
    KEEP_MAX = 128,      /* bytes that wait for more to show a protocol in the middle */
    STARTS_MAX = 16,     /* segments whose start is tried for a frame after a hole */
    SEARCHES_MAX = 255,  /* segments looked through for one, where the codec can find it inside */
    SEARCHES_EACH = 16,  /* after these only each so many is */
    TLS_CHANGE_CIPHER = 20,
    TLS_HANDSHAKE = 22,
    TLS_APPLICATION = 23,
};

static unsigned looks_of(const struct zj_flow *flow, int dir)
{
    return flow->looks[0] >> 4 * dir & 15;
}

/* Were all bytes of the direction seen, from the first? */
static bool is_from_start(const struct zj_flow *flow, int dir)
{
    return flow->flags & ZJ_FLOW_FROM_SYN && !(flow->holes >> dir & 1);
}

static unsigned looks_max(const struct zj_flow *flow, int dir)
{
    if (flow->proto == ZJ_PROTO_UDP)
        return LOOKS_UDP;
    return is_from_start(flow, dir) ? LOOKS_FROM_SYN : LOOKS_MIDSTREAM;
}

bool zj_is_looked_through(const struct zj_flow *flow, int dir)
{
    return looks_of(flow, dir) >= looks_max(flow, dir) &&
           !(flow->stream && (flow->stream->codec || flow->stream->half[dir].is_text));
}

static void drop_buffer(struct zj_worker *w, struct zj_half *half)
{
    zj_pool_give(&w->pool, half->buf, half->room);
    half->buf = NULL;
    half->len = half->room = 0;
}

void zj_half_stop(struct zj_worker *w, struct zj_flow *flow, struct zj_half *half)
{
    half->is_lost = true;
    drop_buffer(w, half);
    zj_half_drop_held(w, half);
    zj_unpack_drop(w, half);
    if (flow->stream->half[0].is_lost && flow->stream->half[1].is_lost)
        flow->flags |= ZJ_FLOW_IGNORED;
}

static void drop_front(struct zj_worker *w, struct zj_half *half, size_t count)
{
    half->len -= (uint32_t)count;
    if (half->len == 0)
        drop_buffer(w, half);
    else if (count)
        memmove(half->buf, half->buf + count, half->len);
}

/* Adds bytes to the half's buffer. False: no memory. */
static bool append(struct zj_worker *w, struct zj_half *half, struct zj_span bytes)
{
    const size_t want = half->len + bytes.len;
    if (want > half->room) {
        uint32_t room;
        uint8_t *buf = zj_pool_take(&w->pool, want, &room);
        if (!buf)
            return false;
        if (half->len)
            memcpy(buf, half->buf, half->len);
        zj_pool_give(&w->pool, half->buf, half->room);
        half->buf = buf;
        half->room = room;
    }
    memcpy(half->buf + half->len, bytes.at, bytes.len);
    half->len += (uint32_t)bytes.len;
    return true;
}

static bool is_usual(const struct zj_codec *codec, uint16_t port)
{
    for (const uint16_t *p = codec->ports; p && *p; p++)
        if (*p == port)
            return true;
    return false;
}

/* What the first message tells of its sender: 1 a client, -1 a server, 0 nothing. */
static int sender_of(const struct zj_msg *msg)
{
    if (msg->error || msg->answer != ZJ_ANSWER_NONE)
        return 0;
    if (msg->is_down)
        return -1;
    switch (msg->kind) {
    case ZJ_MSG_LOGIN:
    case ZJ_MSG_REGISTER:
    case ZJ_MSG_PLATFORM_LOGIN:
    case ZJ_MSG_REPORT:
    case ZJ_MSG_REISSUE:
    case ZJ_MSG_CONNECT:
    case ZJ_MSG_SUBSCRIBE:
    case ZJ_MSG_REQUEST:
        return 1;
    case ZJ_MSG_RESPONSE:
    case ZJ_MSG_CERT_REQUEST:
        return -1;
    case ZJ_MSG_OTHER:
    case ZJ_MSG_LOGOUT:
    case ZJ_MSG_PLATFORM_LOGOUT:
    case ZJ_MSG_HEARTBEAT:
    case ZJ_MSG_ATTRIBUTES:
    case ZJ_MSG_ANSWER:
    case ZJ_MSG_UPGRADE:
    case ZJ_MSG_CONTROL:
    case ZJ_MSG_SWITCH_SERVER:
    case ZJ_MSG_PARAMETERS:
    case ZJ_MSG_QUERY:
    case ZJ_MSG_PASSTHROUGH_DOWN:
    case ZJ_MSG_PASSTHROUGH_UP:
    case ZJ_MSG_EAVESDROP:
    case ZJ_MSG_MEDIA:
    case ZJ_MSG_PUBLISH:
        return 0;
    }
    return 0;
}

/* The opening was not seen, so the higher port was taken for the client: do the usual ports of the
 * protocol, or its first message, say otherwise? */
static bool is_wrong_way(struct zj_worker *w, const struct zj_flow *flow,
                         const struct zj_codec *codec, int dir, struct zj_span bytes)
{
    struct zj_wire_state trial = {.is_from_server = dir == 1};
    size_t len = 0;
    if (flow->flags & ZJ_FLOW_FROM_SYN)
        return false;
    if (codec->frame(&trial, bytes, &len) == ZJ_STEP_DONE) {
        codec->read(&trial, zj_span_part(bytes, 0, len), &w->msg);
        const int sender = sender_of(&w->msg);
        if (sender)
            return (sender > 0) == (dir == 1);
    }
    return is_usual(codec, flow->port[0]) && !is_usual(codec, flow->port[1]);
}

static void swap_sides(struct zj_flow *flow, int *dir)
{
    struct zj_stream *stream = flow->stream;
    const struct zj_half half = stream->half[0];
    zj_flow_swap(flow);
    stream->key = zj_flow_key_of(flow);
    stream->flow_id = zj_flow_id(flow);
    stream->half[0] = stream->half[1];
    stream->half[1] = half;
    stream->half[0].wire.is_from_server = false;
    stream->half[1].wire.is_from_server = true;
    *dir = 1 - *dir;
}

static struct zj_moment moment(const struct zj_worker *w, const struct zj_flow *flow, int dir,
                               const struct zj_codec *codec, struct zj_span frame,
                               enum zj_data data)
{
    return (struct zj_moment){.key = &flow->stream->key,
                              .codec = codec,
                              .dir = dir,
                              .flow_id = flow->stream->flow_id,
                              .time_ns = w->now_ns,
                              .packet = w->packet,
                              .source = w->source,
                              .frame = frame,
                              .has_opening = flow->flags & ZJ_FLOW_FROM_SYN,
                              .data = (uint8_t)data};
}

/* Nothing of either direction is of use: the flow is only counted from now on. */
static void settle(struct zj_worker *w, struct zj_flow *flow)
{
    if (!zj_is_looked_through(flow, 0) || !zj_is_looked_through(flow, 1))
        return;
    struct zj_stream *stream = flow->stream;
    flow->flags |= ZJ_FLOW_IGNORED;
    for (int dir = 0; stream && dir < 2; dir++) {
        zj_half_drop_held(w, &stream->half[dir]);
        drop_buffer(w, &stream->half[dir]);
    }
    if (stream && !stream->session) { /* else its end is to be told */
        zj_pool_give(&w->pool, stream, sizeof *stream);
        flow->stream = NULL;
    }
}

/* No protocol shows itself: is it text? `bytes` came last, `start` is where the direction begins. */
static void take_text(struct zj_worker *w, struct zj_flow *flow, int dir, struct zj_span start,
                      struct zj_span bytes)
{
    struct zj_half *half = flow->stream ? &flow->stream->half[dir] : NULL;
    const bool is_last = zj_is_looked_through(flow, dir);
    bool is_text = half && half->is_text;
    if (!is_text && w->opts->scan_payloads && (is_last || flow->proto == ZJ_PROTO_UDP) &&
        zj_is_text(start) && zj_stream_of(w, flow)) {
        half = &flow->stream->half[dir];
        half->is_text = is_text = true;
        w->stats.text_streams++;
    }
    w->stats.unread_streams += is_last && !is_text;
    if (is_text)
        zj_text_see(w, flow, dir, bytes);
    else if (half)
        drop_buffer(w, half);
}

/* A protocol shows itself in a flow that was taken for text. */
static void leave_text(struct zj_worker *w, struct zj_flow *flow)
{
    struct zj_stream *stream = flow->stream;
    const uint64_t none[2] = {0, 0};
    if (!stream->half[0].is_text && !stream->half[1].is_text)
        return;
    zj_text_end(w, flow, 0);
    zj_text_end(w, flow, 1);
    const struct zj_moment at =
        moment(w, flow, 0, &zj_codec_text, (struct zj_span){0}, ZJ_DATA_ALONE);
    zj_observe_flow_end(w->observer, &stream->session, &at, none, none, w->now_ns);
}

static unsigned over_of(const struct zj_flow *flow)
{
    return flow->proto == ZJ_PROTO_TCP ? ZJ_OVER_TCP : ZJ_OVER_UDP;
}

/* The protocol that the first bytes of a direction show, or any where the first were not seen or
 * the port speaks for one. It starts at *out_at. NULL: none; *out_keep bytes at the end may tell with more. */
static const struct zj_codec *recognise(const struct zj_flow *flow, int dir, struct zj_span start,
                                        size_t *out_at, size_t *out_keep)
{
    const bool is_start = is_from_start(flow, dir);
    bool is_maybe = false;
    const struct zj_codec *codec = zj_codec_recognise(zj_span_part(start, 0, ZJ_LOOK_BYTES),
                                                      over_of(flow), flow->port[1], &is_maybe);
    *out_at = *out_keep = 0;
    if (flow->proto != ZJ_PROTO_TCP || codec)
        return codec;
    is_maybe &= start.len < ZJ_LOOK_BYTES;
    if (!is_start || (!is_maybe && zj_codec_is_at_home(ZJ_OVER_TCP, flow->port)))
        codec = zj_codec_search(start, ZJ_OVER_TCP, flow->port, out_at, out_keep);
    if (is_start || *out_keep > KEEP_MAX)
        *out_keep = 0;
    if (is_maybe)
        *out_keep = start.len;
    return codec;
}

/* The flow has a codec from here on. `other`: the direction in which nothing was recognised yet. */
static void take_codec(struct zj_worker *w, struct zj_flow *flow, const struct zj_codec *codec,
                       int *dir, struct zj_span from)
{
    struct zj_stream *stream = flow->stream;
    leave_text(w, flow);
    stream->codec = codec;
    w->stats.skipped_bytes += flow->passed;
    flow->passed = 0;
    if (is_wrong_way(w, flow, codec, *dir, from))
        swap_sides(flow, dir);
    const int other = 1 - *dir;
    stream->half[*dir].is_unaligned = false;
    if (codec->find && flow->proto == ZJ_PROTO_TCP)
        stream->half[other].is_unaligned = !is_from_start(flow, other) || looks_of(flow, other);
}

static void count_look(struct zj_flow *flow, int dir, struct zj_span start)
{
    unsigned looks = looks_of(flow, dir) + 1;
    if (looks_max(flow, dir) == LOOKS_MIDSTREAM && looks >= LOOKS_ELSEWHERE &&
        (!zj_codec_is_at_home(ZJ_OVER_TCP, flow->port) || zj_is_text(start)))
        looks = LOOKS_MIDSTREAM;
    flow->looks[0] = (uint8_t)((flow->looks[0] & ~(15u << 4 * dir)) | looks << 4 * dir);
}

/* Keeps the end of what was looked at, which is in the buffer where anything is. */
static bool wait_for_more(struct zj_worker *w, struct zj_flow *flow, int dir, struct zj_span start,
                          size_t keep)
{
    if (zj_is_looked_through(flow, dir) || !zj_stream_of(w, flow))
        return false;
    struct zj_half *half = &flow->stream->half[dir];
    const size_t dropped = start.len - keep;
    if (!half->len && !append(w, half, zj_span_part(start, dropped, keep)))
        return false;
    drop_front(w, half, half->len - keep);
    flow->passed += dropped;
    return true;
}

/* Looks whether the bytes of a direction show a protocol. True: the flow has a codec now and all
 * bytes from its first frame on, those in the buffer and *bytes, are to be decoded. */
static bool look(struct zj_worker *w, struct zj_flow *flow, int *dir, struct zj_span *bytes)
{
    struct zj_half *half = flow->stream ? &flow->stream->half[*dir] : NULL;
    if (looks_of(flow, *dir) >= looks_max(flow, *dir)) {
        if (half && half->is_text)
            zj_text_see(w, flow, *dir, *bytes);
        settle(w, flow);
        return false;
    }
    const bool has_more = half && half->len, is_start = is_from_start(flow, *dir);
    const size_t room = !is_start ? bytes->len : ZJ_LOOK_BYTES * 2 - (has_more ? half->len : 0);
    struct zj_span start = *bytes;
    if (has_more) {
        if (!append(w, half, zj_span_part(*bytes, 0, room)))
            return false;
        start = zj_span_of(half->buf, half->len);
    }
    size_t at, keep;
    const struct zj_codec *codec = recognise(flow, *dir, start, &at, &keep);
    if (codec && zj_stream_of(w, flow)) {
        take_codec(w, flow, codec, dir, zj_span_part(start, at, start.len));
        w->stats.skipped_bytes += at;
        if (has_more) /* they are in the buffer now */
            drop_front(w, &flow->stream->half[*dir], at);
        *bytes = zj_span_part(*bytes, has_more ? room : at, bytes->len);
        return true;
    }
    if (!is_start || !keep)
        count_look(flow, *dir, start);
    if (keep && wait_for_more(w, flow, *dir, start, keep))
        return false;
    const struct zj_span rest = has_more ? zj_span_part(*bytes, room, bytes->len) : *bytes;
    flow->passed += start.len + (has_more ? rest.len : 0);
    take_text(w, flow, *dir, start, rest);
    settle(w, flow);
    return false;
}

void zj_decode_data(struct zj_worker *w, struct zj_flow *flow, int dir,
                    const struct zj_codec *codec, struct zj_span bytes)
{
    const struct zj_moment at = moment(w, flow, dir, codec, bytes, ZJ_DATA_ALONE);
    zj_msg_clear(&w->msg);
    w->msg.answer = ZJ_ANSWER_NONE;
    w->msg.name = "data";
    w->msg.payload = bytes;
    zj_observe_message(w->observer, &flow->stream->session, &at, &w->msg);
}

/* Hands the message in w->msg to the observer, and then what is unpacked of its body. */
static inline __attribute__((always_inline)) void
observe(struct zj_worker *w, struct zj_flow *flow, int dir, struct zj_span frame)
{
    struct zj_stream *stream = flow->stream;
    const struct zj_span body = w->msg.payload;
    const bool is_packed = body.len && (stream->codec->has_bodies || body.at[0] == ZJ_GZIP_FIRST) &&
                           zj_unpack_is_packed(w, flow, dir, body);
    const struct zj_moment at = {.key = &stream->key,
                                 .codec = stream->codec,
                                 .dir = dir,
                                 .flow_id = stream->flow_id,
                                 .time_ns = w->now_ns,
                                 .packet = w->packet,
                                 .source = w->source,
                                 .frame = frame,
                                 .has_opening = flow->flags & ZJ_FLOW_FROM_SYN,
                                 .data = is_packed ? ZJ_DATA_PACKED : ZJ_DATA_IN_FRAME};
    w->stats.frames++;
    w->stats.bad_frames += w->msg.error != NULL;
    const uint8_t level = stream->half[dir].wire.mqtt_level;
    if (level)
        stream->half[1 - dir].wire.mqtt_level = level;
    if (!stream->is_announced)
        zj_observe_protocol(w->observer, &stream->session, &at);
    stream->is_announced = true;
    zj_observe_message(w->observer, &stream->session, &at, &w->msg);
    if (is_packed)
        zj_unpack_body(w, flow, dir, body);
}

/* TLS: from here on there is only cipher text. After a change of cipher there may be one more
 * hello, where the server asked for it again (TLS 1.3). */
static bool is_ciphered(struct zj_half *half, struct zj_span in)
{
    const bool is_hello = in.len > 5 && in.at[0] == TLS_HANDSHAKE && (in.at[5] == 1 || in.at[5] == 2);
    if (in.at[0] == TLS_APPLICATION || (half->is_ciphered && in.len > 5 && !is_hello))
        return true;
    half->is_ciphered |= in.at[0] == TLS_CHANGE_CIPHER;
    return false;
}

/* Bytes are missing before `in`: does a good frame start here? */
static bool is_frame_here(struct zj_worker *w, const struct zj_codec *codec, struct zj_half *half,
                          struct zj_span in)
{
    struct zj_wire_state trial = half->wire;
    size_t len = 0;
    trial.body_left = 0;
    switch (codec->frame(&trial, in, &len)) {
    case ZJ_STEP_DONE:
        codec->read(&trial, zj_span_part(in, 0, len), &w->msg);
        break;
    case ZJ_STEP_MORE:
        return codec->probe(zj_span_part(in, 0, ZJ_LOOK_BYTES)) == ZJ_MATCH_YES;
    case ZJ_STEP_SKIP:
    case ZJ_STEP_LOST:
        return false;
    }
    return w->msg.error == NULL;
}

/* The bytes from here on cannot be cut into frames: the next good one is to be found. */
static void lose(struct zj_worker *w, struct zj_flow *flow, struct zj_half *half, size_t skipped)
{
    if (flow->stream->codec->find) {
        w->stats.skipped_bytes += skipped;
        half->is_unaligned = true;
        return;
    }
    w->stats.lost_streams++;
    zj_half_stop(w, flow, half);
}

/* Cuts off and reads the whole frames at the start of `in`; gives the bytes used. */
static size_t cut(struct zj_worker *w, struct zj_flow *flow, int dir, struct zj_span in)
{
    const struct zj_codec *codec = flow->stream->codec;
    struct zj_half *half = &flow->stream->half[dir];
    size_t used = 0;
    while (used < in.len && !half->is_lost) {
        const struct zj_span rest = zj_span_part(in, used, in.len);
        size_t len = 0;
        if (codec == w->tls && is_ciphered(half, rest)) {
            zj_half_stop(w, flow, half);
            break;
        }
        switch (codec->frame(&half->wire, rest, &len)) {
        case ZJ_STEP_MORE:
            return used;
        case ZJ_STEP_SKIP:
            w->stats.skipped_bytes += len;
            break;
        case ZJ_STEP_LOST:
            lose(w, flow, half, rest.len);
            return in.len;
        case ZJ_STEP_DONE:
            codec->read(&half->wire, zj_span_of(rest.at, len), &w->msg);
            observe(w, flow, dir, zj_span_of(rest.at, len));
            break;
        }
        if (len == 0 || len > rest.len)
            abort(); /* a codec that does not keep its promise would loop for ever */
        used += len;
    }
    return used;
}

void zj_decode_gap(struct zj_worker *w, struct zj_half *half, uint32_t missing)
{
    w->stats.skipped_bytes += half->is_text ? 0 : half->len;
    drop_buffer(w, half);
    zj_unpack_drop(w, half);
    if (half->wire.body_left >= missing) { /* inside a body whose end is known */
        half->wire.body_left -= missing;
        return;
    }
    half->wire.body_left = 0;
    half->is_unaligned = true;
    half->searched = 0;
}

/* Nothing was found in a segment. A codec that cannot look inside gives up; the others go on, but
 * look seldom: what they read has turned into something else. */
static void count_search(struct zj_worker *w, struct zj_flow *flow, struct zj_half *half)
{
    const int most = flow->stream->codec->find ? SEARCHES_MAX : STARTS_MAX;
    if (half->searched == SEARCHES_MAX || ++half->searched < most)
        return;
    w->stats.lost_streams++;
    if (most == STARTS_MAX)
        zj_half_stop(w, flow, half);
}

static enum zj_step find_frame(struct zj_worker *w, const struct zj_codec *codec, struct zj_half *half,
                         struct zj_span in, size_t *out_at)
{
    if (codec->find)
        return codec->find(&half->wire, in, true, out_at);
    const bool is_here = is_frame_here(w, codec, half, in);
    *out_at = is_here ? 0 : in.len;
    return is_here ? ZJ_STEP_DONE : ZJ_STEP_SKIP;
}

/* After a hole: true where a good frame was found. It then starts what is in the buffer, or, where
 * nothing waited there, *bytes. */
static bool align(struct zj_worker *w, struct zj_flow *flow, int dir, struct zj_span *bytes)
{
    struct zj_half *half = &flow->stream->half[dir];
    const bool is_waiting = half->len, is_seldom = half->searched == SEARCHES_MAX;
    struct zj_span in = *bytes;
    size_t at = in.len;
    if (is_seldom && flow->packets[dir] % SEARCHES_EACH) {
        w->stats.skipped_bytes += at;
        return false;
    }
    if (is_waiting && append(w, half, in))
        in = zj_span_of(half->buf, half->len);
    else if (is_waiting) {
        w->stats.drop_buffer++;
        zj_decode_gap(w, half, 0);
    }
    enum zj_step step = find_frame(w, flow->stream->codec, half, in, &at);
    if (step == ZJ_STEP_MORE && is_seldom) { /* the next segment is not looked at */
        step = ZJ_STEP_SKIP;
        at = in.len;
    }
    w->stats.skipped_bytes += at;
    half->is_unaligned = step != ZJ_STEP_DONE;
    const struct zj_span rest = zj_span_part(in, at, in.len);
    if (half->len)
        drop_front(w, half, at);
    else if (step == ZJ_STEP_MORE && !append(w, half, rest))
        w->stats.drop_buffer++;
    if (step == ZJ_STEP_SKIP)
        count_search(w, flow, half);
    *bytes = is_waiting && half->len ? (struct zj_span){0} : rest;
    return step == ZJ_STEP_DONE;
}

void zj_decode(struct zj_worker *w, struct zj_flow *flow, int *dir, struct zj_span bytes)
{
    if (!w->observer || bytes.len == 0 || flow->flags & ZJ_FLOW_IGNORED)
        return;
    if ((!flow->stream || !flow->stream->codec) && !look(w, flow, dir, &bytes))
        return;
    struct zj_half *half = &flow->stream->half[*dir];
    if (half->is_lost || (half->is_unaligned && !align(w, flow, *dir, &bytes)))
        return;
    if (half->len == 0) { /* the fast way: nothing is copied but a tail */
        const size_t used = cut(w, flow, *dir, bytes);
        const struct zj_span tail = zj_span_part(bytes, used, bytes.len);
        if (tail.len && !half->is_lost && !append(w, half, tail)) {
            w->stats.drop_buffer++;
            zj_decode_gap(w, half, 0);
            half->is_unaligned = true;
        }
    } else {
        if (bytes.len && !append(w, half, bytes)) {
            w->stats.drop_buffer++;
            zj_decode_gap(w, half, (uint32_t)bytes.len);
            return;
        }
        const size_t used = cut(w, flow, *dir, zj_span_of(half->buf, half->len));
        if (half->is_lost)
            return;
        drop_front(w, half, used);
    }
    if (half->len > flow->stream->codec->frame_bytes_max) { /* no frame is this long */
        lose(w, flow, half, half->len);
        drop_buffer(w, half);
    }
}

void zj_decode_datagram(struct zj_worker *w, struct zj_flow *flow, int *dir, struct zj_span bytes,
                        bool is_cut)
{
    if (!w->observer)
        return;
    if ((!flow->stream || !flow->stream->codec) && !look(w, flow, dir, &bytes))
        return;
    const struct zj_codec *codec = flow->stream->codec;
    struct zj_half *half = &flow->stream->half[*dir];
    while (bytes.len) {
        size_t len = 0;
        const enum zj_step step = codec->frame(&half->wire, bytes, &len);
        if (step == ZJ_STEP_LOST || (step == ZJ_STEP_MORE && is_cut))
            return;
        if (step == ZJ_STEP_MORE) /* there is no more of a datagram: a bad frame */
            len = bytes.len;
        if (len == 0 || len > bytes.len)
            abort();
        if (step == ZJ_STEP_SKIP) {
            w->stats.skipped_bytes += len;
        } else {
            codec->read(&half->wire, zj_span_of(bytes.at, len), &w->msg);
            observe(w, flow, *dir, zj_span_of(bytes.at, len));
        }
        bytes = zj_span_part(bytes, len, bytes.len);
    }
}

void zj_decode_end(struct zj_worker *w, struct zj_flow *flow)
{
    struct zj_stream *stream = flow->stream;
    if (flow->flags & ZJ_FLOW_IGNORED || (stream && stream->codec))
        return;
    for (int dir = 0; dir < 2; dir++) {
        struct zj_half *half = stream ? &stream->half[dir] : NULL;
        const unsigned looks = looks_of(flow, dir);
        const bool is_waiting = half && !half->is_text && half->len;
        if (looks >= looks_max(flow, dir) || (half && half->is_text) || !(looks || is_waiting))
            continue;
        if (is_waiting && w->opts->scan_payloads &&
            zj_is_text(zj_span_of(half->buf, half->len))) {
            half->is_text = true;
            w->stats.text_streams++;
        } else {
            w->stats.unread_streams++;
        }
    }
}
