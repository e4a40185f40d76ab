/* JT/T 808: terminal of a commercial vehicle to platform, editions 2011, 2013 and 2019.
 *
 *   7e  id(2) properties(2) [version(1)] phone(BCD 6 or 10) serial(2) [total(2) index(2)]
 *       body  xor(1)  7e
 *
 * Between the marks 7e is sent as 7d 02 and 7d as 7d 01; xor is over head and body before that.
 * Bit 14 of the properties tells 2019 (version, long phone), bit 13 a fragment; 2011 and 2013 are
 * told apart by the registration alone. Bodies of fragments and encrypted bodies are not read. */
#include "wire/jt808.h"

enum {
    MARK = 0x7e,
    ESCAPE = 0x7d,
    HEAD_2013 = 12,
    HEAD_2019 = 17,
    BODY_MAX = 1023,
    PLAIN_MAX = HEAD_2019 + 4 + BODY_MAX + 1,
    FRAME_MAX = 2 * PLAIN_MAX + 2,
    HAS_FRAGMENTS = 1 << 13,
    IS_2019 = 1 << 14,
};

struct head {
    uint16_t id, properties, serial, total, index;
    uint8_t version, xor8;
    bool is_2019, is_fragment;
    struct zj_span phone, body;
};

/* Undoes the escapes of what stands between the marks. Points into `in` where there are none. */
static const char *unescape(struct zj_span in, uint8_t room[PLAIN_MAX], struct zj_span *out)
{
    const uint8_t *p = in.at, *end = in.at + in.len;
    const uint8_t *next = in.len ? memchr(p, ESCAPE, in.len) : NULL;
    if (!next) {
        *out = in;
        return in.len > PLAIN_MAX ? "body_length_mismatch" : NULL;
    }
    size_t len = 0;
    for (;;) {
        const size_t plain = (size_t)((next ? next : end) - p);
        if (plain > PLAIN_MAX - len)
            return "body_length_mismatch";
        memcpy(room + len, p, plain);
        len += plain;
        if (!next)
            break;
        if (end - next < 2 || (next[1] != 1 && next[1] != 2))
            return "bad_escape";
        if (len == PLAIN_MAX)
            return "body_length_mismatch";
        room[len++] = next[1] == 1 ? ESCAPE : MARK;
        p = next + 2;
        next = p < end ? memchr(p, ESCAPE, (size_t)(end - p)) : NULL;
    }
    *out = zj_span_of(room, len);
    return NULL;
}

/* Up to the body; r->ran_out where there is not so much. */
static inline struct head read_fixed(struct zj_reader *r)
{
    struct head h = {.id = zj_rd_be16(r), .properties = zj_rd_be16(r)};
    h.is_2019 = h.properties & IS_2019;
    h.is_fragment = h.properties & HAS_FRAGMENTS;
    if (h.is_2019)
        h.version = zj_rd_u8(r);
    h.phone = zj_rd_span(r, h.is_2019 ? 10 : 6);
    h.serial = zj_rd_be16(r);
    if (h.is_fragment) {
        h.total = zj_rd_be16(r);
        h.index = zj_rd_be16(r);
    }
    return h;
}

static const char *read_head(struct zj_span plain, struct head *out)
{
    struct zj_reader r = zj_reader_of(plain);
    struct head h = read_fixed(&r);
    if (r.ran_out || !zj_rd_left(&r))
        return "header_short";
    if (zj_xor8(plain))
        return "bad_checksum";
    h.body = zj_rd_span(&r, zj_rd_left(&r) - 1);
    h.xor8 = zj_rd_u8(&r);
    if (h.body.len != (h.properties & BODY_MAX))
        return "body_length_mismatch";
    *out = h;
    return NULL;
}

/* From the marks to the head; `room` takes the bytes where escapes had to be undone. */
static const char *open_frame(struct zj_span f, uint8_t room[PLAIN_MAX], struct zj_span *out_plain,
                              struct head *out_head)
{
    if (!f.len || f.at[0] != MARK)
        return f.len ? "bad_start" : "incomplete";
    if (f.len < 2 || f.at[f.len - 1] != MARK)
        return "incomplete";
    const struct zj_span inside = zj_span_part(f, 1, f.len - 2);
    if (inside.len && memchr(inside.at, MARK, inside.len))
        return "delimiter_inside";
    const char *error = unescape(inside, room, out_plain);
    return error ? error : read_head(*out_plain, out_head);
}

static bool is_bcd(struct zj_span s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((s.at[i] >> 4) > 9 || (s.at[i] & 15) > 9)
            return false;
    return true;
}

/* Enough of a head to tell, where the frame is longer than what is looked at. */
static enum zj_match probe_head(struct zj_span inside)
{
    uint8_t room[PLAIN_MAX];
    struct zj_span plain;
    if (inside.len && inside.at[inside.len - 1] == ESCAPE)
        inside.len--; /* its second byte is not here yet */
    if (unescape(inside, room, &plain))
        return ZJ_MATCH_NO;
    struct zj_reader r = zj_reader_of(plain);
    const uint16_t id = zj_rd_be16(&r), properties = zj_rd_be16(&r);
    const bool is_2019 = properties & IS_2019;
    if (is_2019 && zj_rd_u8(&r) > 9)
        return ZJ_MATCH_NO;
    const struct zj_span phone = zj_rd_span(&r, is_2019 ? 10 : 6);
    if (r.ran_out)
        return ZJ_MATCH_MAYBE;
    return zj_j8_find(id) && is_bcd(phone) && !(properties & 0x8000) ? ZJ_MATCH_YES : ZJ_MATCH_NO;
}

static enum zj_match probe(struct zj_span start)
{
    if (!start.len || start.at[0] != MARK)
        return ZJ_MATCH_NO;
    if (start.len == 1)
        return ZJ_MATCH_MAYBE;
    const struct zj_span rest = zj_span_part(start, 1, start.len);
    const uint8_t *close = memchr(rest.at, MARK, rest.len);
    if (!close)
        return probe_head(rest);
    uint8_t room[PLAIN_MAX];
    struct zj_span plain;
    struct head head;
    const size_t len = (size_t)(close - start.at) + 1;
    return open_frame(zj_span_part(start, 0, len), room, &plain, &head) ? ZJ_MATCH_NO
                                                                        : ZJ_MATCH_YES;
}

static enum zj_step frame(struct zj_wire_state *state, struct zj_span in, size_t *out_len)
{
    (void)state;
    if (!in.len)
        return ZJ_STEP_MORE;
    const bool starts = in.at[0] == MARK;
    const uint8_t *next = memchr(in.at + starts, MARK, in.len - starts);
    const size_t at = next ? (size_t)(next - in.at) : in.len;
    if (starts && !next && in.len < FRAME_MAX)
        return ZJ_STEP_MORE;
    *out_len = at;
    if (!starts || !next || at == 1) /* two marks together: the second may open a frame */
        return ZJ_STEP_SKIP;
    *out_len = at + 1;
    return ZJ_STEP_DONE;
}

/* Marks that stand around a good frame: its check, its length and its number agree. One that is
 * not whole yet is believed by its head only where the protocol is known. */
static enum zj_step find(struct zj_wire_state *state, struct zj_span in, bool is_known,
                         size_t *out_at)
{
    (void)state;
    uint8_t room[PLAIN_MAX];
    struct zj_span plain;
    struct head head;
    const uint8_t *mark = in.len ? memchr(in.at, MARK, in.len) : NULL;
    while (mark) {
        *out_at = (size_t)(mark - in.at);
        const struct zj_span rest = zj_span_part(in, *out_at, in.len);
        const uint8_t *next = rest.len > 1 ? memchr(mark + 1, MARK, rest.len - 1) : NULL;
        if (!next) {
            const enum zj_match match = rest.len < FRAME_MAX ? probe(rest) : ZJ_MATCH_NO;
            if (match == ZJ_MATCH_NO)
                break;
            return match == ZJ_MATCH_YES && is_known ? ZJ_STEP_DONE : ZJ_STEP_MORE;
        }
        const struct zj_span whole = zj_span_of(mark, (size_t)(next - mark) + 1);
        if (whole.len > 2 && !open_frame(whole, room, &plain, &head) && zj_j8_find(head.id))
            return ZJ_STEP_DONE;
        mark = next;
    }
    *out_at = in.len;
    return ZJ_STEP_SKIP;
}

/* Eight nibbles as digits, a to f above 9. */
static inline void put_nibbles(uint32_t nibbles, char out[8])
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t all = nibbles;
    all = (all << 16 | all) & UINT64_C(0x0000ffff0000ffff);
    all = (all << 8 | all) & UINT64_C(0x00ff00ff00ff00ff);
    all = (all << 4 | all) & 15 * ones;
    const uint64_t letters = (all + (127 - 9) * ones) >> 7 & ones;
    all = __builtin_bswap64(all + '0' * ones + letters * ('a' - '0' - 10));
    memcpy(out, &all, sizeof all);
}

enum { PHONE_TEXT = 24 /* of ten bytes at the most, written by eights */ };

static void digits_of(struct zj_span bcd, char out[PHONE_TEXT])
{
    size_t at = 0;
    for (; bcd.len - at >= 4; at += 4)
        put_nibbles(zj_load_be32(bcd.at + at), out + 2 * at);
    if (bcd.len - at >= 2)
        put_nibbles((uint32_t)zj_load_be16(bcd.at + at) << 16, out + 2 * at);
}

static void note_head(struct zj_walk *w, const struct head *h, const struct zj_j8_message *message)
{
    struct zj_msg *msg = w->msg;
    char text[PHONE_TEXT];
    size_t zeros = 0, len = h->phone.len * 2;
    digits_of(h->phone, text);
    while (zeros < len && text[zeros] == '0')
        zeros++;
    msg->phone = zj_walk_keep(w, text + zeros, len - zeros);
    msg->edition = w->edition;
    msg->command = h->id;
    msg->name = message ? message->name : "unknown";
    msg->kind = message ? message->kind : ZJ_MSG_OTHER;
    msg->is_down = h->id & 0x8000;
    msg->is_encrypted = h->properties >> 10 & 7;
    msg->has_serial = true;
    msg->serial = h->serial;
}

static void write_head(struct zj_walk *w, const struct head *h, const struct zj_j8_message *message)
{
    char phone[PHONE_TEXT];
    digits_of(h->phone, phone);
    zj_walk_hex(w, "msg_id", h->id, 4);
    zj_walk_str(w, "name", message ? message->name : "unknown");
    zj_walk_int(w, "version_flag", h->is_2019);
    zj_walk_bool(w, "fragmented", h->is_fragment);
    zj_walk_int(w, "encrypt", h->properties >> 10 & 7);
    zj_walk_int(w, "body_len", h->properties & BODY_MAX);
    if (h->is_2019)
        zj_walk_int(w, "proto_version", h->version);
    zj_walk_text(w, "phone", zj_span_of(phone, h->phone.len * 2));
    zj_walk_int(w, "serial", h->serial);
    if (h->is_fragment) {
        zj_walk_int(w, "total", h->total);
        zj_walk_int(w, "index", h->index);
        if (h->index < 1 || h->index > h->total)
            zj_walk_bool(w, "fragment_error", true);
    }
}

static void walk_message(struct zj_walk *w, const struct head *h)
{
    const struct zj_j8_message *message = zj_j8_find(h->id);
    w->edition = h->is_2019 ? "2019" : "2013";
    if (w->msg) {
        note_head(w, h, message);
    } else {
        write_head(w, h, message);
        zj_walk_hex(w, "checksum", h->xor8, 2);
    }
    if (h->is_fragment || (h->properties >> 10 & 7))
        return;
    w->r = zj_reader_of(h->body);
    zj_walk_object(w, "body");
    zj_j8_body(w, message, h->is_2019);
    if (w->r.ran_out)
        zj_walk_fail(w, "truncated");
    if (zj_rd_left(&w->r))
        zj_walk_fail(w, "body_trailing_bytes");
    zj_walk_oor_print(w);
    zj_walk_object_end(w);
    if (w->msg)
        w->msg->edition = w->edition; /* a registration tells 2011 */
}

static void read(struct zj_wire_state *state, struct zj_span f, struct zj_msg *out)
{
    (void)state;
    _Static_assert(PLAIN_MAX + 512 <= ZJ_MSG_SCRATCH, "texts fit behind the unescaped frame");
    struct zj_span plain;
    struct head head;
    zj_msg_clear(out);
    out->answer = ZJ_ANSWER_NONE;
    out->error = open_frame(f, out->scratch, &plain, &head);
    if (out->error)
        return;
    struct zj_walk w;
    zj_walk_begin(&w, NULL, out);
    w.text_used = plain.at == out->scratch ? plain.len : 0;
    walk_message(&w, &head);
    out->error = w.error;
}

/* Of a frame that was cut off: its head, where that is whole, else the number of the message. */
static void walk_cut(struct zj_walk *w, struct zj_span f)
{
    uint8_t room[PLAIN_MAX];
    struct zj_span plain, inside = zj_span_part(f, 1, f.len);
    if (inside.len && inside.at[inside.len - 1] == ESCAPE) /* what it stands for is cut off */
        inside.len--;
    if (!f.len || (inside.len && memchr(inside.at, MARK, inside.len)) ||
        unescape(inside, room, &plain))
        return;
    struct zj_reader r = zj_reader_of(plain);
    const struct head h = read_fixed(&r);
    const struct zj_j8_message *message = zj_j8_find(h.id);
    if (!r.ran_out) {
        w->edition = h.is_2019 ? "2019" : "2013";
        write_head(w, &h, message);
    } else if (plain.len >= 2) {
        zj_walk_hex(w, "msg_id", h.id, 4);
        zj_walk_str(w, "name", message ? message->name : "unknown");
    }
}

static const char *print(struct zj_wire_state *state, struct zj_span f, struct zj_json *fields,
                         const char **out_edition)
{
    (void)state;
    uint8_t room[PLAIN_MAX];
    struct zj_span plain;
    struct head head;
    *out_edition = NULL;
    const char *error = open_frame(f, room, &plain, &head);
    struct zj_walk w;
    zj_walk_begin(&w, fields, NULL);
    if (error && strcmp(error, "incomplete") == 0)
        walk_cut(&w, f);
    else if (!error)
        walk_message(&w, &head);
    if (error) {
        *out_edition = w.edition;
        return error;
    }
    *out_edition = w.edition;
    return w.error;
}

static const uint16_t ports[] = {808, 8080, 7100, 7200, 6207, 5015, 0};

const struct zj_codec zj_codec_jt808 = {
    .name = "jt808",
    .en = "JT/T 808, terminal of a commercial vehicle to platform",
    .zh = "JT/T 808 道路运输车辆卫星定位系统终端通信",
    .over = ZJ_OVER_TCP | ZJ_OVER_UDP,
    .ports = ports,
    .is_vehicle = true,
    .is_binary = true,
    .id_field = "msg_id",
    .probe = probe,
    .frame = frame,
    .find = find,
    .read = read,
    .print = print,
    .frame_bytes_max = FRAME_MAX,
};
