/* JT/T 809: platform to platform, editions 2011 and 2019.
 *
 *   5b  length(4) serial(4) id(2) centre(4) version(3) encrypted(1) key(4) [UTC(8): 2019]
 *       body  crc(2)  5d
 *
 * Between the marks 5b is sent as 5a 01, 5a as 5a 02, 5d as 5e 01, 5e as 5e 02; the length counts
 * the whole frame before that. The crc (CCITT, initial FFFF) is taken over head and body as sent,
 * that is after the body was encrypted. The edition is not in the frame: it is the one whose head
 * makes the body fit. */
#include "wire/jt809.h"

enum {
    OPEN = 0x5b,
    CLOSE = 0x5d,
    HEAD_2011 = 22,
    HEAD_2019 = 30,
    FRAME_MAX = 1 << 17,
    ROOM = 1900, /* both sides of a message use as much, so that they give one verdict */
};

struct head {
    uint32_t length, serial, centre, key;
    uint16_t id, crc;
    uint8_t version[3], encrypted;
    struct zj_span rest; /* behind the head of 2011 */
};

/* Half a byte at a time. */
static uint16_t crc16(struct zj_span s)
{
    static const uint16_t steps[16] = {0x0000, 0x1021, 0x2042, 0x3063, 0x4084, 0x50a5,
                                       0x60c6, 0x70e7, 0x8108, 0x9129, 0xa14a, 0xb16b,
                                       0xc18c, 0xd1ad, 0xe1ce, 0xf1ef};
    uint32_t crc = 0xffff;
    for (size_t i = 0; i < s.len; i++) {
        crc = crc << 4 ^ steps[(crc >> 12 ^ s.at[i] >> 4) & 15];
        crc = crc << 4 ^ steps[(crc >> 12 ^ s.at[i]) & 15];
    }
    return (uint16_t)crc;
}

/* Undoes the escapes into `room`; points into `in` where there are none. */
static const char *unescape(struct zj_span in, uint8_t *room, size_t room_bytes,
                            struct zj_span *out)
{
    size_t len = 0;
    bool is_plain = true;
    for (size_t i = 0; i < in.len && is_plain; i++)
        is_plain = in.at[i] != 0x5a && in.at[i] != 0x5e;
    *out = in;
    for (size_t i = 0; i < in.len && !is_plain; i++) {
        uint8_t c = in.at[i];
        if (c == 0x5a || c == 0x5e) {
            const uint8_t second = i + 1 < in.len ? in.at[i + 1] : 0;
            if (second != 1 && second != 2)
                return "bad_escape";
            c = c == 0x5a ? (second == 1 ? 0x5b : 0x5a) : (second == 1 ? 0x5d : 0x5e);
            i++;
        }
        if (len == room_bytes)
            return "too_long";
        room[len++] = c;
        *out = zj_span_of(room, len);
    }
    return NULL;
}

static const char *read_head(struct zj_span plain, struct head *out)
{
    if (plain.len < HEAD_2011 + 2)
        return "header_short";
    struct zj_reader r = zj_reader_of(plain);
    struct head h = {.length = zj_rd_be32(&r), .serial = zj_rd_be32(&r), .id = zj_rd_be16(&r)};
    h.centre = zj_rd_be32(&r);
    for (int i = 0; i < 3; i++)
        h.version[i] = zj_rd_u8(&r);
    h.encrypted = zj_rd_u8(&r);
    h.key = zj_rd_be32(&r);
    h.rest = zj_rd_span(&r, zj_rd_left(&r) - 2);
    h.crc = zj_rd_be16(&r);
    if (crc16(zj_span_part(plain, 0, plain.len - 2)) != h.crc)
        return "bad_crc";
    if (h.length != plain.len + 2)
        return "length_mismatch";
    *out = h;
    return NULL;
}

static const char *open_frame(struct zj_span f, uint8_t *room, size_t room_bytes,
                              struct zj_span *out_plain, struct head *out_head)
{
    if (!f.len || f.at[0] != OPEN)
        return f.len ? "bad_start" : "incomplete";
    if (f.len < 2 || f.at[f.len - 1] != CLOSE)
        return "incomplete";
    const struct zj_span inside = zj_span_part(f, 1, f.len - 2);
    if (inside.len && (memchr(inside.at, OPEN, inside.len) || memchr(inside.at, CLOSE, inside.len)))
        return "delimiter_inside";
    const char *error = unescape(inside, room, room_bytes, out_plain);
    return error ? error : read_head(*out_plain, out_head);
}

static enum zj_match probe(struct zj_span start)
{
    uint8_t room[64];
    struct zj_span plain;
    if (!start.len || start.at[0] != OPEN)
        return ZJ_MATCH_NO;
    struct zj_span inside = zj_span_part(start, 1, sizeof room);
    const uint8_t *close = inside.len ? memchr(inside.at, CLOSE, inside.len) : NULL;
    if (close)
        inside.len = (size_t)(close - inside.at);
    else if (inside.len && (inside.at[inside.len - 1] == 0x5a || inside.at[inside.len - 1] == 0x5e))
        inside.len--; /* its second byte is not here yet */
    if (unescape(inside, room, sizeof room, &plain))
        return ZJ_MATCH_NO;
    if (plain.len < HEAD_2011)
        return close ? ZJ_MATCH_NO : ZJ_MATCH_MAYBE;
    const uint32_t length = zj_load_be32(plain.at);
    const bool is_fit = length >= HEAD_2011 + 4 && length <= FRAME_MAX && plain.at[17] <= 1;
    return is_fit && zj_j9_name(zj_load_be16(plain.at + 8)) ? ZJ_MATCH_YES : ZJ_MATCH_NO;
}

static enum zj_step frame(struct zj_wire_state *state, struct zj_span in, size_t *out_len)
{
    (void)state;
    if (!in.len)
        return ZJ_STEP_MORE;
    const bool starts = in.at[0] == OPEN;
    size_t at = starts;
    while (at < in.len && in.at[at] != OPEN && !(starts && in.at[at] == CLOSE))
        at++;
    if (starts && at == in.len && in.len < FRAME_MAX)
        return ZJ_STEP_MORE;
    const bool is_whole = starts && at < in.len && in.at[at] == CLOSE;
    *out_len = is_whole ? at + 1 : at;
    return is_whole ? ZJ_STEP_DONE : ZJ_STEP_SKIP;
}

/* Marks that stand around a frame whose check is right; one that is not whole yet is known by its
 * head. */
static enum zj_step find(struct zj_wire_state *state, struct zj_span in, bool is_known,
                         size_t *out_at)
{
    (void)is_known;
    uint8_t room[ROOM];
    struct zj_span plain;
    struct head head;
    for (size_t at = 0, len = 0; at < in.len; at += len) {
        const struct zj_span rest = zj_span_part(in, at, in.len);
        const enum zj_step step = frame(state, rest, &len);
        if (step == ZJ_STEP_SKIP)
            continue;
        *out_at = at;
        if (step == ZJ_STEP_DONE &&
            !open_frame(zj_span_of(rest.at, len), room, sizeof room, &plain, &head))
            return ZJ_STEP_DONE;
        if (step == ZJ_STEP_DONE)
            continue;
        const enum zj_match match = probe(zj_span_part(rest, 0, 64));
        if (match == ZJ_MATCH_NO)
            break;
        return match == ZJ_MATCH_YES ? ZJ_STEP_DONE : ZJ_STEP_MORE;
    }
    *out_at = in.len;
    return ZJ_STEP_SKIP;
}

/* key = IA1 · (key mod M1) + IC1 for each byte; bits 20 to 27 of it are the mask (4.4). */
static void decrypt(const struct zj_wire_state *state, uint32_t key, struct zj_span in,
                    uint8_t *out)
{
    const uint32_t m1 = state->m1 ? state->m1 : 1;
    key = key ? key : 1;
    for (size_t i = 0; i < in.len; i++) {
        key = state->ia1 * (key % m1) + state->ic1;
        out[i] = in.at[i] ^ (uint8_t)(key >> 20);
    }
}

/* Does the place of the UTC of 2019 hold seconds of the years 2010 to 2040? */
static bool has_utc(struct zj_span rest)
{
    enum { FROM = 1262304000 };
    if (rest.len < 8)
        return false;
    const uint64_t utc = zj_load_be64(rest.at);
    return utc >= FROM && utc < FROM + UINT64_C(31) * 366 * 86400;
}

struct reading {
    const struct zj_wire_state *state;
    const struct head *head;
    uint8_t *room; /* for a decrypted body */
    size_t room_bytes;
};

/* The body of an edition as it is before encryption; false where it is not to be had. */
static bool body_of(const struct reading *a, bool is_2019, struct zj_span *out)
{
    const struct zj_span body = zj_span_part(a->head->rest, is_2019 ? 8 : 0, a->head->rest.len);
    *out = body;
    if (!a->head->encrypted)
        return true;
    const bool has_key = a->state->m1 || a->state->ia1 || a->state->ic1;
    if (!has_key || body.len > a->room_bytes)
        return false;
    decrypt(a->state, a->head->key, body, a->room);
    *out = zj_span_of(a->room, body.len);
    return true;
}

/* Walks the body without a trace: does this edition fit? */
static bool is_fitting(const struct reading *a, bool is_2019)
{
    struct zj_span body;
    if ((is_2019 && a->head->rest.len < 8) || !body_of(a, is_2019, &body))
        return false;
    struct zj_walk w;
    zj_walk_begin(&w, NULL, NULL);
    w.r = zj_reader_of(body);
    zj_j9_body(&w, a->head->id, is_2019);
    return !w.error && !w.r.ran_out && !zj_rd_left(&w.r);
}

static bool is_of_2019(const struct reading *a)
{
    const bool fits_2011 = is_fitting(a, false), fits_2019 = is_fitting(a, true);
    if (fits_2011 != fits_2019)
        return fits_2019;
    return has_utc(a->head->rest);
}

static void write_head(struct zj_walk *w, const struct head *h, bool is_2019)
{
    const char *name = zj_j9_name(h->id);
    zj_walk_int(w, "msg_len", h->length);
    zj_walk_int(w, "serial", h->serial);
    zj_walk_hex(w, "msg_id", h->id, 4);
    zj_walk_str(w, "name", name ? name : "unknown");
    zj_walk_int(w, "center_id", h->centre);
    if (w->j) {
        zj_json_key(w->j, "version");
        zj_json_printf(w->j, "%u.%u.%u", h->version[0], h->version[1], h->version[2]);
    }
    zj_walk_int(w, "encrypt", h->encrypted);
    zj_walk_int(w, "key", h->key);
    zj_walk_hex(w, "crc", h->crc, 4);
    if (is_2019)
        zj_walk_int(w, "utc", (int64_t)zj_load_be64(h->rest.at));
}

static void walk_message(struct zj_walk *w, const struct reading *a)
{
    const struct head *h = a->head;
    const bool is_2019 = is_of_2019(a);
    struct zj_span body;
    w->edition = is_2019 ? "2019" : "2011";
    write_head(w, h, is_2019);
    if (w->msg) {
        w->msg->edition = w->edition;
        w->msg->command = h->id;
        w->msg->name = zj_j9_name(h->id);
        w->msg->is_down = h->id & 0x8000;
        w->msg->is_encrypted = h->encrypted;
        w->msg->has_serial = true;
        w->msg->serial = h->serial;
    }
    if (!body_of(a, is_2019, &body))
        return; /* encrypted, and the key is not known */
    w->r = zj_reader_of(body);
    zj_walk_object(w, "body");
    zj_j9_body(w, h->id, is_2019);
    if (w->r.ran_out)
        zj_walk_fail(w, "truncated");
    if (zj_rd_left(&w->r))
        zj_walk_fail(w, "body_trailing_bytes");
    zj_walk_oor_print(w);
    zj_walk_object_end(w);
}

static void read(struct zj_wire_state *state, struct zj_span f, struct zj_msg *out)
{
    struct zj_span plain;
    struct head head;
    uint8_t clear[ROOM];
    _Static_assert(ROOM + 100 <= ZJ_MSG_SCRATCH, "texts fit behind the unescaped frame");
    zj_msg_clear(out);
    out->answer = ZJ_ANSWER_NONE;
    out->error = open_frame(f, out->scratch, ROOM, &plain, &head);
    if (out->error)
        return;
    struct zj_walk w;
    zj_walk_begin(&w, NULL, out);
    w.text_used = plain.at == out->scratch ? plain.len : 0;
    walk_message(&w, &(struct reading){state, &head, clear, sizeof clear});
    out->error = w.error;
    if (head.encrypted) /* what was read lies in `clear` */
        out->host = out->secret = out->url = out->payload = (struct zj_span){0};
}

static const char *print(struct zj_wire_state *state, struct zj_span f, struct zj_json *fields,
                         const char **out_edition)
{
    struct zj_span plain;
    struct head head;
    uint8_t room[ROOM], clear[ROOM];
    *out_edition = NULL;
    const char *error = open_frame(f, room, sizeof room, &plain, &head);
    if (error)
        return error;
    struct zj_walk w;
    zj_walk_begin(&w, fields, NULL);
    walk_message(&w, &(struct reading){state, &head, clear, sizeof clear});
    *out_edition = w.edition;
    return w.error;
}

static const uint16_t ports[] = {809, 8809, 0};

const struct zj_codec zj_codec_jt809 = {
    .name = "jt809",
    .en = "JT/T 809, platform to platform",
    .zh = "JT/T 809 道路运输车辆卫星定位系统平台数据交换",
    .over = ZJ_OVER_TCP,
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
