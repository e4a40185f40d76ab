/* JT/T 1078: video and audio of a terminal, packet by packet, over TCP or UDP.
 *
 *   "01cd"  V P X CC(1)  M PT(1)  serial(2)  SIM(BCD 6 or 10)  channel(1)  type|part(1)
 *           [time(8)]  [since last I frame(2) since last frame(2)]  length(2)  body(length)
 *
 * Pass-through has no time, only video has the intervals. Nothing checks a packet, and "01cd" is
 * text that occurs by chance: recognition wants the constant byte behind it. Whether the SIM
 * number has 6 or 10 bytes the packet does not say. */
#include "wire/walk.h"

enum {
    FIXED = 0x81, /* version 2, no padding, no extension, one source */
    TYPE_AUDIO = 3,
    TYPE_PASSTHROUGH = 4,
    BODY_MAX = 950,
    HEAD_MAX = 34,
};

static const struct zj_span start_mark = {(const uint8_t *)"01cd", 4};

/* Bytes of the head by its type; 0 for a type that the standard does not have. */
static size_t head_len(unsigned type, size_t sim_bytes)
{
    static const uint8_t behind_sim[] = {18, 18, 18, 14, 6};
    return type < ZJ_COUNT(behind_sim) ? 6 + 2 + sim_bytes + behind_sim[type] - 2 : 0;
}

static size_t sim_bytes_of(const struct zj_wire_state *state)
{
    return state->sim_bytes == 10 ? 10 : 6;
}

/* Length of the packet; 0: more bytes are needed, SIZE_MAX: it cannot be told. */
static size_t packet_len(const struct zj_wire_state *state, struct zj_span in)
{
    const size_t sim = sim_bytes_of(state), type_at = 8 + sim + 1;
    if (in.len <= type_at)
        return 0;
    const size_t head = head_len(in.at[type_at] >> 4, sim);
    if (!head)
        return SIZE_MAX;
    return in.len < head ? 0 : head + zj_load_be16(in.at + head - 2);
}

static enum zj_match probe(struct zj_span start)
{
    const size_t known = start.len < 4 ? start.len : 4;
    if (!known || memcmp(start.at, start_mark.at, known) != 0)
        return ZJ_MATCH_NO;
    if (start.len >= 5 && start.at[4] != FIXED)
        return ZJ_MATCH_NO;
    if (start.len < 16)
        return ZJ_MATCH_MAYBE;
    for (size_t i = 8; i < 14; i++)
        if ((start.at[i] >> 4) > 9 || (start.at[i] & 15) > 9)
            return ZJ_MATCH_NO;
    const struct zj_wire_state state = {0};
    const size_t len = packet_len(&state, start);
    if (!len)
        return ZJ_MATCH_MAYBE;
    return len <= HEAD_MAX + BODY_MAX ? ZJ_MATCH_YES : ZJ_MATCH_NO;
}

/* The place of the next "01cd", or of what may become one; at least 1. */
static size_t next_start(struct zj_span in)
{
    size_t at = 1;
    for (; at < in.len; at++) {
        const size_t left = in.len - at, known = left < 4 ? left : 4;
        if (memcmp(in.at + at, start_mark.at, known) == 0)
            break;
    }
    return at;
}

static enum zj_step frame(struct zj_wire_state *state, struct zj_span in, size_t *out_len)
{
    if (!in.len)
        return ZJ_STEP_MORE;
    const size_t known = in.len < 4 ? in.len : 4;
    const bool starts = memcmp(in.at, start_mark.at, known) == 0;
    const size_t len = starts && in.len >= 4 ? packet_len(state, in) : 0;
    if (starts && (in.len < 4 || len == 0))
        return ZJ_STEP_MORE;
    if (starts && len != SIZE_MAX && in.len < len)
        return ZJ_STEP_MORE;
    if (!starts || len == SIZE_MAX) {
        *out_len = next_start(in);
        return ZJ_STEP_SKIP;
    }
    *out_len = len;
    return ZJ_STEP_DONE;
}

/* A start whose head holds what a head can hold: nothing else checks a packet. */
static enum zj_step find(struct zj_wire_state *state, struct zj_span in, bool is_known,
                         size_t *out_at)
{
    (void)state, (void)is_known;
    const size_t len = start_mark.len;
    for (size_t at = 0; at < in.len; at += next_start(zj_span_part(in, at, in.len))) {
        const struct zj_span rest = zj_span_part(in, at, in.len);
        if (memcmp(rest.at, start_mark.at, rest.len < len ? rest.len : len) != 0)
            continue;
        const enum zj_match match = probe(rest);
        *out_at = at;
        if (match != ZJ_MATCH_NO)
            return match == ZJ_MATCH_YES ? ZJ_STEP_DONE : ZJ_STEP_MORE;
    }
    *out_at = in.len;
    return ZJ_STEP_SKIP;
}

static const char *check_whole(const struct zj_wire_state *state, struct zj_span f)
{
    const size_t known = f.len < 4 ? f.len : 4;
    if (known && memcmp(f.at, start_mark.at, known) != 0)
        return "bad_start";
    const size_t len = packet_len(state, f);
    if (len == SIZE_MAX)
        return "bad_data_type";
    if (!len || f.len < len)
        return "incomplete";
    return f.len > len ? "trailing_bytes" : NULL;
}

static void note(struct zj_walk *w, struct zj_span sim, uint16_t serial)
{
    static const char digits[] = "0123456789abcdef";
    char text[20];
    size_t len = 0;
    for (size_t i = 0; i < sim.len * 2; i++) {
        const char c = digits[i % 2 ? sim.at[i / 2] & 15 : sim.at[i / 2] >> 4];
        if (len || c != '0')
            text[len++] = c;
    }
    w->msg->kind = ZJ_MSG_MEDIA;
    w->msg->has_serial = true;
    w->msg->serial = serial;
    w->msg->phone = zj_walk_keep(w, text, len);
}

static void walk_packet(struct zj_walk *w, const struct zj_wire_state *state)
{
    static const char *const types[] = {"video_i", "video_p", "video_b", "audio", "passthrough"};
    static const char *const parts[] = {"atomic", "first", "last", "middle"};
    zj_rd_span(&w->r, 4);
    const uint8_t fixed = zj_rd_u8(&w->r), payload = zj_rd_u8(&w->r);
    const uint16_t serial = zj_rd_be16(&w->r);
    const struct zj_span sim = zj_rd_span(&w->r, sim_bytes_of(state));
    const uint8_t channel = zj_rd_u8(&w->r), kind = zj_rd_u8(&w->r);
    const unsigned type = kind >> 4, part = kind & 15;
    if (w->msg) {
        w->msg->name = types[type];
        w->msg->command = payload & 0x7f;
        note(w, sim, serial);
        return;
    }
    zj_walk_int(w, "v", fixed >> 6);
    zj_walk_int(w, "p", fixed >> 5 & 1);
    zj_walk_int(w, "x", fixed >> 4 & 1);
    zj_walk_int(w, "cc", fixed & 15);
    zj_walk_int(w, "m", payload >> 7);
    zj_walk_int(w, "pt", payload & 0x7f);
    zj_walk_int(w, "seq", serial);
    zj_walk_bytes(w, "sim", sim);
    zj_walk_int(w, "channel", channel);
    zj_walk_int(w, "data_type", type);
    zj_walk_str(w, "data_type_name", types[type]);
    zj_walk_str(w, "sub", part < ZJ_COUNT(parts) ? parts[part] : "reserved");
    if (part >= ZJ_COUNT(parts))
        zj_walk_oor(w, "sub");
    if (type != TYPE_PASSTHROUGH)
        zj_walk_int(w, "timestamp_ms", (int64_t)zj_rd_be64(&w->r));
    if (type < TYPE_AUDIO) {
        zj_walk_int(w, "last_i_ms", zj_rd_be16(&w->r));
        zj_walk_int(w, "last_frame_ms", zj_rd_be16(&w->r));
    }
    const uint16_t body = zj_rd_be16(&w->r);
    zj_walk_int(w, "body_len", body);
    if (body > BODY_MAX)
        zj_walk_oor(w, "body_len");
    zj_walk_oor_print(w);
}

static void read(struct zj_wire_state *state, struct zj_span f, struct zj_msg *out)
{
    zj_msg_clear(out);
    out->answer = ZJ_ANSWER_NONE;
    out->edition = "2016";
    out->error = check_whole(state, f);
    if (out->error)
        return;
    struct zj_walk w;
    zj_walk_begin(&w, NULL, out);
    w.r = zj_reader_of(f);
    walk_packet(&w, state);
}

static const char *print(struct zj_wire_state *state, struct zj_span f, struct zj_json *fields,
                         const char **out_edition)
{
    *out_edition = "2016";
    const char *error = check_whole(state, f);
    if (error)
        return error;
    struct zj_walk w;
    zj_walk_begin(&w, fields, NULL);
    w.r = zj_reader_of(f);
    walk_packet(&w, state);
    return NULL;
}

static const uint16_t ports[] = {5263, 0};

const struct zj_codec zj_codec_jt1078 = {
    .name = "jt1078",
    .en = "JT/T 1078, video of a terminal",
    .zh = "JT/T 1078 道路运输车辆卫星定位系统视频通信",
    .over = ZJ_OVER_TCP | ZJ_OVER_UDP,
    .ports = ports,
    .is_vehicle = true,
    .is_binary = true,
    .id_field = "seq",
    .probe = probe,
    .frame = frame,
    .find = find,
    .read = read,
    .print = print,
    .frame_bytes_max = HEAD_MAX + UINT16_MAX,
};
