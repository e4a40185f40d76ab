/* DNS (RFC 1035) over UDP, one message a datagram, and over TCP behind a length word.
 *
 * Which of the two a frame is shows in it: a length word in front of a header that makes sense only
 * there. Compression pointers must point backwards, so that no name loops. */
#include "wire/wire.h"

enum {
    HEAD_LEN = 12,
    NAME_BYTES_MAX = 255,
    JUMPS_MAX = 127, /* labels a name may have at most: no sender needs more */
    TYPE_A = 1,
    TYPE_CNAME = 5,
    TYPE_AAAA = 28,
    TEXT_MAX = NAME_BYTES_MAX * 4 + 1, /* every byte may take "\255" */
};

struct head {
    uint16_t id, flags;
    uint16_t counts[4]; /* questions, answers, authorities, additional */
};

static struct head head_at(const uint8_t *p)
{
    struct head h = {.id = zj_load_be16(p), .flags = zj_load_be16(p + 2)};
    for (size_t i = 0; i < 4; i++)
        h.counts[i] = zj_load_be16(p + 4 + 2 * i);
    return h;
}

static bool is_head(struct zj_span s)
{
    if (s.len < HEAD_LEN)
        return false;
    const struct head h = head_at(s.at);
    const unsigned opcode = h.flags >> 11 & 15, rcode = h.flags & 15;
    const bool is_response = h.flags & 0x8000;
    if (opcode > 6 || opcode == 3 || h.flags & 0x40)
        return false;
    if (!is_response && rcode)
        return false;
    if (!h.counts[0] && !(is_response && h.counts[1]))
        return false;
    return h.counts[0] <= 8 && h.counts[1] <= 256 && h.counts[2] <= 256 && h.counts[3] <= 256;
}

/* Bytes of the length word in front: 2 over TCP, 0 in a datagram. */
static size_t prefix_of(struct zj_span s)
{
    if (s.len < 2 + HEAD_LEN)
        return 0;
    const size_t len = zj_load_be16(s.at);
    if (len < HEAD_LEN || (len + 2 != s.len && is_head(s)))
        return 0;
    return is_head(zj_span_part(s, 2, s.len)) ? 2 : 0;
}

/* Steps over the labels of a name, not through pointers. */
static bool skip_name(struct zj_reader *r)
{
    size_t len = 0;
    for (;;) {
        const uint8_t label = zj_rd_u8(r);
        if (r->ran_out || (label & 0xc0) == 0x40 || (label & 0xc0) == 0x80)
            return false;
        if ((label & 0xc0) == 0xc0) {
            zj_rd_u8(r);
            return !r->ran_out;
        }
        if (!label)
            return true;
        len += label + 1u;
        if (len > NAME_BYTES_MAX)
            return false;
        zj_rd_span(r, label);
    }
}

static enum zj_match probe(struct zj_span start)
{
    if (start.len < 2 + HEAD_LEN + 5)
        return start.len < HEAD_LEN ? ZJ_MATCH_MAYBE
               : is_head(start)     ? ZJ_MATCH_MAYBE
                                    : ZJ_MATCH_NO;
    const size_t prefix = prefix_of(start);
    const struct zj_span msg = zj_span_part(start, prefix, 64 - prefix);
    if (!is_head(msg) || (prefix && zj_load_be16(start.at) < HEAD_LEN + 5))
        return ZJ_MATCH_NO;
    struct zj_reader r = zj_reader_of(zj_span_part(msg, HEAD_LEN, msg.len));
    if (!skip_name(&r))
        return r.ran_out && start.len >= 64 ? ZJ_MATCH_YES : ZJ_MATCH_NO;
    const uint16_t type = zj_rd_be16(&r), class = zj_rd_be16(&r) & 0x7fff;
    const bool is_type = type && (type <= 65 || (type >= 99 && type <= 109) || type >= 249);
    const bool is_class = class == 1 || class == 3 || class == 4 || class >= 254;
    return r.ran_out                             ? start.len >= 64 ? ZJ_MATCH_YES : ZJ_MATCH_MAYBE
           : is_type && is_class && type < 32770 ? ZJ_MATCH_YES
                                                 : ZJ_MATCH_NO;
}

static enum zj_step frame(struct zj_wire_state *state, struct zj_span in, size_t *out_len)
{
    enum { OVER_TCP = 1 }; /* state->flags: learnt from the first message */
    if (in.len < 2)
        return ZJ_STEP_MORE;
    if (!(state->flags & OVER_TCP)) {
        if (in.len < 2 + HEAD_LEN)
            return ZJ_STEP_MORE;
        if (!prefix_of(in)) {
            if (!is_head(in))
                return ZJ_STEP_LOST;
            *out_len = in.len;
            return ZJ_STEP_DONE;
        }
        state->flags |= OVER_TCP;
    }
    const size_t len = 2 + (size_t)zj_load_be16(in.at);
    if (len < 2 + HEAD_LEN)
        return ZJ_STEP_LOST;
    *out_len = len;
    return in.len < len ? ZJ_STEP_MORE : ZJ_STEP_DONE;
}

/* One label as text: lower case, what is no printable letter as \DDD. */
static size_t put_label(struct zj_span label, char *out)
{
    size_t len = 0;
    for (size_t i = 0; i < label.len; i++) {
        const uint8_t c = label.at[i];
        if (c > ' ' && c < 0x7f && c != '.' && c != '\\') {
            out[len++] = (char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
            continue;
        }
        out[len++] = '\\';
        out[len++] = (char)('0' + c / 100);
        out[len++] = (char)('0' + c / 10 % 10);
        out[len++] = (char)('0' + c % 10);
    }
    return len;
}

/* The name at the reader, dots between its labels, "." for the root. NULL or the error. */
static const char *read_name(struct zj_reader *r, struct zj_span msg, char *out, size_t *out_len)
{
    size_t at = r->at, floor = at, end = 0, wire_len = 0, len = 0, jumps = 0;
    *out_len = 0;
    for (;;) {
        if (at >= msg.len)
            break;
        const uint8_t label = msg.at[at++];
        if ((label & 0xc0) == 0xc0) {
            if (at >= msg.len)
                break;
            const size_t to = (size_t)(label & 0x3f) << 8 | msg.at[at++];
            end = end ? end : at;
            if (to >= floor || ++jumps > JUMPS_MAX)
                return "bad_pointer";
            at = floor = to;
            continue;
        }
        wire_len += label + 1u;
        if (label & 0xc0 || wire_len > NAME_BYTES_MAX)
            return "bad_name";
        if (label > msg.len - at)
            break;
        if (!label) {
            r->at = end ? end : at;
            if (!len)
                out[len++] = '.';
            *out_len = len;
            return NULL;
        }
        if (len)
            out[len++] = '.';
        len += put_label(zj_span_of(msg.at + at, label), out + len);
        at += label;
    }
    r->ran_out = true;
    return "truncated";
}

struct record {
    char name[TEXT_MAX];
    size_t name_len;
    uint16_t type, class;
    uint32_t ttl;
    size_t data_at;
    struct zj_span data;
};

static const char *read_question(struct zj_reader *r, struct zj_span msg, struct record *out)
{
    const char *error = read_name(r, msg, out->name, &out->name_len);
    if (error)
        return error;
    out->type = zj_rd_be16(r);
    out->class = zj_rd_be16(r);
    return r->ran_out ? "truncated" : NULL;
}

static const char *read_record(struct zj_reader *r, struct zj_span msg, struct record *out)
{
    const char *error = read_question(r, msg, out);
    if (error)
        return error;
    out->ttl = zj_rd_be32(r);
    const size_t len = zj_rd_be16(r);
    out->data_at = r->at;
    out->data = zj_rd_span(r, len);
    if (r->ran_out)
        return "truncated";
    if ((out->type == TYPE_A && len != 4) || (out->type == TYPE_AAAA && len != 16))
        return "bad_address";
    return NULL;
}

static void add_address(struct zj_msg *out, const struct record *rr)
{
    if (out->address_count == 0 || rr->ttl < out->answer_ttl)
        out->answer_ttl = rr->ttl;
    if (out->address_count == ZJ_COUNT(out->addresses))
        return;
    uint8_t *address = out->addresses[out->address_count++];
    if (rr->type == TYPE_AAAA) {
        memcpy(address, rr->data.at, 16);
        return;
    }
    memset(address, 0, 10);
    memset(address + 10, 0xff, 2);
    memcpy(address + 12, rr->data.at, 4);
}

static const char *read_sections(struct zj_span msg, struct zj_msg *out)
{
    struct zj_reader r = zj_reader_of(zj_span_part(msg, 0, msg.len));
    struct record rr;
    const struct head h = head_at(msg.at);
    zj_rd_span(&r, HEAD_LEN);
    for (unsigned i = 0; i < h.counts[0]; i++) {
        const char *error = read_question(&r, msg, &rr);
        if (error)
            return error;
        if (i)
            continue;
        memcpy(out->scratch, rr.name, rr.name_len);
        out->topic = zj_span_of(out->scratch, rr.name_len);
        out->command = rr.type;
    }
    const unsigned total = (unsigned)h.counts[1] + h.counts[2] + h.counts[3];
    for (unsigned i = 0; i < total; i++) {
        const char *error = read_record(&r, msg, &rr);
        if (error)
            return h.flags & 0x0200 && r.ran_out ? NULL : error; /* said to be cut short */
        if (i < h.counts[1] && (rr.type == TYPE_A || rr.type == TYPE_AAAA))
            add_address(out, &rr);
    }
    return NULL;
}

static void read(struct zj_wire_state *state, struct zj_span bytes, struct zj_msg *out)
{
    zj_msg_clear(out);
    out->answer = ZJ_ANSWER_NONE;
    out->is_down = state->is_from_server;
    const struct zj_span msg = zj_span_part(bytes, prefix_of(bytes), bytes.len);
    if (msg.len < HEAD_LEN) {
        out->error = "truncated";
        return;
    }
    const struct head h = head_at(msg.at);
    out->has_serial = true;
    out->serial = h.id;
    out->kind = h.flags & 0x8000 ? ZJ_MSG_RESPONSE : ZJ_MSG_REQUEST;
    out->name = h.flags & 0x8000 ? "response" : "query";
    if (h.flags & 0x8000)
        out->answer = h.flags & 15;
    out->error = is_head(msg) ? read_sections(msg, out) : "bad_head";
}

static void print_record(struct zj_json *j, struct zj_span msg, const struct record *rr,
                         bool is_question)
{
    zj_json_object(j);
    zj_json_kspan(j, "name", zj_span_of(rr->name, rr->name_len));
    zj_json_kint(j, "type", rr->type);
    zj_json_kint(j, "class", rr->class);
    if (!is_question) {
        zj_json_kint(j, "ttl", rr->ttl);
        if (rr->type == TYPE_A) {
            zj_json_key(j, "address");
            zj_json_printf(j, "%u.%u.%u.%u", rr->data.at[0], rr->data.at[1], rr->data.at[2],
                           rr->data.at[3]);
        } else if (rr->type == TYPE_CNAME) {
            char name[TEXT_MAX];
            size_t len;
            struct zj_reader r = zj_reader_of(msg);
            r.at = rr->data_at;
            if (!read_name(&r, msg, name, &len))
                zj_json_kspan(j, "target", zj_span_of(name, len));
        } else {
            zj_json_key(j, "data_hex");
            zj_json_hex(j, rr->data);
        }
    }
    zj_json_object_end(j);
}

static const char *print_sections(struct zj_json *j, struct zj_span msg)
{
    static const char *const names[] = {"questions", "answers", "authorities", "additional"};
    struct zj_reader r = zj_reader_of(msg);
    const struct head h = head_at(msg.at);
    const char *error = NULL;
    zj_rd_span(&r, HEAD_LEN);
    for (size_t section = 0; section < 4 && !error; section++) {
        zj_json_key(j, names[section]);
        zj_json_array(j);
        for (unsigned i = 0; i < h.counts[section] && !error; i++) {
            struct record rr;
            error = section ? read_record(&r, msg, &rr) : read_question(&r, msg, &rr);
            if (!error)
                print_record(j, msg, &rr, section == 0);
        }
        zj_json_array_end(j);
        if (error && section && h.flags & 0x0200 && r.ran_out)
            return NULL; /* said to be cut short */
    }
    return error;
}

static const char *print(struct zj_wire_state *state, struct zj_span bytes, struct zj_json *fields,
                         const char **out_edition)
{
    (void)state; /* a message stands alone */
    *out_edition = NULL;
    const struct zj_span msg = zj_span_part(bytes, prefix_of(bytes), bytes.len);
    if (msg.len < HEAD_LEN)
        return "truncated";
    const struct head h = head_at(msg.at);
    zj_json_kint(fields, "id", h.id);
    zj_json_kbool(fields, "response", h.flags & 0x8000);
    zj_json_kint(fields, "opcode", h.flags >> 11 & 15);
    zj_json_kbool(fields, "authoritative", h.flags & 0x0400);
    zj_json_kbool(fields, "truncated", h.flags & 0x0200);
    zj_json_kint(fields, "rcode", h.flags & 15);
    return is_head(msg) ? print_sections(fields, msg) : "bad_head";
}

const struct zj_codec zj_codec_dns = {
    .name = "dns",
    .en = "DNS",
    .zh = "DNS 域名解析",
    .over = ZJ_OVER_TCP | ZJ_OVER_UDP,
    .ports = (const uint16_t[]){53, 5353, 0},
    .probe = probe,
    .frame = frame,
    .read = read,
    .print = print,
    .frame_bytes_max = 2 + 65535,
};
