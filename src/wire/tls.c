/* The clear part of TLS and TLCP: records, hellos, the request for a client certificate, alerts.
 *
 *   type(1) version(2) length(2) body
 *
 * A frame is one record. Where a hello is split over records, the frame spans them all. Handshake
 * messages of a server flight run across records; what is left of one is carried in state->flags.
 *
 * msg.kind is REQUEST for a ClientHello, RESPONSE for a ServerHello, CERT_REQUEST for a record in
 * which the server asks for a client certificate. The record that ends the server's flight
 * (ServerHelloDone, TLS 1.2 and older) has answer 1 where it asked before or there, else 0: only
 * then is it known that it did not ask. TLS 1.3 asks encrypted.
 *
 * Once a direction is encrypted every frame is OTHER with is_encrypted: nothing more is to be
 * learnt and a sensor may let the direction go. Such frames come in whatever pieces are there. */
#include "wire/tls_hello.h"
#include "wire/wire.h"

enum { CHANGE_CIPHER = 20, ALERT, HANDSHAKE, APPLICATION, HEARTBEAT };

enum {
    HS_CLIENT_HELLO = 1,
    HS_SERVER_HELLO = 2,
    HS_CERT_REQUEST = 13,
    HS_SERVER_DONE = 14,
};

enum {
    RECORD_HEAD = 5,
    RECORD_MAX = 16384 + 2048,
    HELLO_MAX = 2 * RECORD_MAX, /* a hello with its records */
};

/* state->flags: bits below, and from CARRY_SHIFT on the bytes that the last handshake message of
 * this direction still has in the records to come. */
enum {
    IS_ENCRYPTED = 1,
    IS_REST = 2, /* the frame is a piece of an encrypted record */
    HAS_ASKED = 4,
    HAS_HELLO = 8,
    CARRY_SHIFT = 8,
};

static bool is_version(uint16_t version)
{
    return (version >= 0x0300 && version <= 0x0304) || version == 0x0101;
}

static bool is_record(const uint8_t *head)
{
    return head[0] >= CHANGE_CIPHER && head[0] <= HEARTBEAT && is_version(zj_load_be16(head + 1)) &&
           zj_load_be16(head + 3) <= RECORD_MAX;
}

static enum zj_match probe(struct zj_span start)
{
    if (start.len < 3)
        return !start.len || start.at[0] == HANDSHAKE || start.at[0] == ALERT ? ZJ_MATCH_MAYBE
                                                                              : ZJ_MATCH_NO;
    if ((start.at[0] != HANDSHAKE && start.at[0] != ALERT) ||
        !is_version(zj_load_be16(start.at + 1)))
        return ZJ_MATCH_NO;
    if (start.len < 7)
        return ZJ_MATCH_MAYBE;
    if (!is_record(start.at))
        return ZJ_MATCH_NO;
    if (start.at[0] == ALERT)
        return zj_load_be16(start.at + 3) == 2 && start.at[5] - 1u < 2 ? ZJ_MATCH_YES : ZJ_MATCH_NO;
    const bool is_hello = start.at[5] == HS_CLIENT_HELLO || start.at[5] == HS_SERVER_HELLO;
    return is_hello && start.at[6] == 0 ? ZJ_MATCH_YES : ZJ_MATCH_NO;
}

/* The first record of a hello: how many bytes the records of the whole hello take. 0: not yet
 * known; RECORD_MAX at most is looked at of each. */
static size_t hello_len(struct zj_span in, size_t record_len)
{
    if (record_len < RECORD_HEAD + 4)
        return record_len;
    const size_t want = 4 + (size_t)(in.at[6] << 16 | in.at[7] << 8 | in.at[8]);
    size_t have = record_len - RECORD_HEAD, len = record_len;
    while (have < want) {
        if (in.len < len + RECORD_HEAD)
            return 0;
        const size_t body = zj_load_be16(in.at + len + 3);
        if (in.at[len] != HANDSHAKE || !is_record(in.at + len) || !body ||
            len + RECORD_HEAD + body > HELLO_MAX)
            return record_len;
        have += body;
        len += RECORD_HEAD + body;
    }
    return len;
}

static enum zj_step rest(struct zj_wire_state *state, struct zj_span in, size_t *out_len)
{
    *out_len = in.len < state->body_left ? in.len : (size_t)state->body_left;
    state->body_left -= *out_len;
    state->flags |= IS_REST;
    return ZJ_STEP_DONE;
}

static enum zj_step frame(struct zj_wire_state *state, struct zj_span in, size_t *out_len)
{
    if (!in.len)
        return ZJ_STEP_MORE;
    if (state->body_left)
        return rest(state, in, out_len);
    state->flags &= ~(uint32_t)IS_REST;
    if (in.len < RECORD_HEAD)
        return ZJ_STEP_MORE;
    if (!is_record(in.at))
        return ZJ_STEP_LOST;
    size_t len = RECORD_HEAD + (size_t)zj_load_be16(in.at + 3);
    if (in.at[0] == APPLICATION || state->flags & IS_ENCRYPTED) {
        state->body_left = len;
        return rest(state, in, out_len);
    }
    if (in.len < len)
        return ZJ_STEP_MORE;
    if (in.at[0] == HANDSHAKE && !(state->flags & HAS_HELLO) && len > RECORD_HEAD &&
        (in.at[5] == HS_CLIENT_HELLO || in.at[5] == HS_SERVER_HELLO))
        len = hello_len(in, len);
    if (!len || in.len < len)
        return ZJ_STEP_MORE;
    *out_len = len;
    return ZJ_STEP_DONE;
}

/* The handshake bytes of a frame: in place for one record, joined in `joined` for several. */
static struct zj_span handshake_of(struct zj_span bytes, uint8_t *joined)
{
    const size_t first = zj_load_be16(bytes.at + 3);
    if (RECORD_HEAD + first >= bytes.len)
        return zj_span_part(bytes, RECORD_HEAD, first);
    size_t len = 0;
    struct zj_reader r = zj_reader_of(bytes);
    while (zj_rd_left(&r) > RECORD_HEAD) {
        zj_rd_span(&r, 3);
        const struct zj_span body = zj_rd_span(&r, zj_rd_be16(&r));
        if (len + body.len > HELLO_MAX)
            break;
        memcpy(joined + len, body.at, body.len);
        len += body.len;
    }
    return zj_span_of(joined, len);
}

/* Borrowed text that must outlive the joined bytes. */
static struct zj_span keep(struct zj_msg *out, size_t *used, struct zj_span text,
                           struct zj_span bytes)
{
    if (!text.len || (text.at >= bytes.at && text.at < bytes.at + bytes.len))
        return text;
    const size_t room = ZJ_MSG_SCRATCH - *used;
    const size_t len = text.len < room ? text.len : room;
    memcpy(out->scratch + *used, text.at, len);
    *used += len;
    return zj_span_of(out->scratch + *used - len, len);
}

static void fill_hello(struct zj_span body, uint8_t type, struct zj_span bytes, struct zj_msg *out)
{
    struct zj_tls_hello hello;
    size_t used = 0;
    if (type == HS_CLIENT_HELLO)
        zj_tls_client_hello(body, &hello);
    else
        zj_tls_server_hello(body, &hello);
    out->command = type;
    out->name = type == HS_CLIENT_HELLO ? "client_hello" : "server_hello";
    out->kind = type == HS_CLIENT_HELLO ? ZJ_MSG_REQUEST : ZJ_MSG_RESPONSE;
    out->error = hello.error;
    out->tls_version = zj_tls_version_name(hello.version);
    out->host = keep(out, &used, hello.server_name, bytes);
    if (type == HS_CLIENT_HELLO && !hello.error)
        zj_tls_ja4(&hello, out->ja4);
}

static void fill_handshake(struct zj_wire_state *state, struct zj_span bytes, struct zj_msg *out)
{
    uint8_t joined[HELLO_MAX];
    struct zj_reader r = zj_reader_of(handshake_of(bytes, joined));
    const size_t carry = state->flags >> CARRY_SHIFT;
    size_t left = 0;
    out->name = "handshake";
    if (carry > zj_rd_left(&r))
        left = carry - zj_rd_left(&r);
    zj_rd_span(&r, carry < zj_rd_left(&r) ? carry : zj_rd_left(&r));
    while (zj_rd_left(&r) >= 4) {
        const uint8_t type = zj_rd_u8(&r);
        const size_t len = zj_rd_be24(&r);
        const size_t have = len < zj_rd_left(&r) ? len : zj_rd_left(&r);
        const struct zj_span body = zj_rd_span(&r, have);
        left = len - have;
        if (type == HS_CLIENT_HELLO || type == HS_SERVER_HELLO) {
            state->flags |= HAS_HELLO;
            fill_hello(body, type, bytes, out);
        } else if (type == HS_CERT_REQUEST) {
            state->flags |= HAS_ASKED;
            out->kind = ZJ_MSG_CERT_REQUEST;
        } else if (type == HS_SERVER_DONE) {
            out->answer = state->flags & HAS_ASKED ? 1 : 0;
        }
    }
    state->flags = (state->flags & ((1u << CARRY_SHIFT) - 1)) | (uint32_t)left << CARRY_SHIFT;
}

static void read(struct zj_wire_state *state, struct zj_span bytes, struct zj_msg *out)
{
    zj_msg_clear(out);
    out->answer = ZJ_ANSWER_NONE;
    out->is_down = state->is_from_server;
    if (state->flags & (IS_REST | IS_ENCRYPTED)) {
        state->flags |= IS_ENCRYPTED;
        out->is_encrypted = true;
        return;
    }
    if (bytes.len < RECORD_HEAD || !is_record(bytes.at)) {
        out->error = bytes.len < RECORD_HEAD ? "incomplete" : "bad_record";
        return;
    }
    out->edition = zj_tls_version_name(zj_load_be16(bytes.at + 1));
    const size_t len = zj_load_be16(bytes.at + 3);
    if (bytes.len < RECORD_HEAD + len) {
        out->error = "incomplete";
    } else if (bytes.at[0] == HANDSHAKE) {
        fill_handshake(state, bytes, out);
    } else if (bytes.at[0] == ALERT) {
        out->name = "alert";
        out->answer = len == 2 ? bytes.at[6] : ZJ_ANSWER_NONE;
    } else if (bytes.at[0] == CHANGE_CIPHER) {
        out->name = "change_cipher_spec";
        state->flags |= IS_ENCRYPTED;
    } else {
        out->is_encrypted = bytes.at[0] == APPLICATION;
    }
}

static void print_list(struct zj_json *j, const char *key, const struct zj_tls_list *list)
{
    zj_json_key(j, key);
    zj_json_array(j);
    for (size_t i = 0; i < list->count && i < ZJ_TLS_LIST_MAX; i++)
        zj_json_printf(j, "%04x", list->at[i]);
    zj_json_array_end(j);
}

static void print_hello(struct zj_json *j, struct zj_span body, uint8_t type)
{
    struct zj_tls_hello hello;
    if (type == HS_CLIENT_HELLO)
        zj_tls_client_hello(body, &hello);
    else
        zj_tls_server_hello(body, &hello);
    zj_json_kstr(j, "version", zj_tls_version_name(hello.version));
    if (type == HS_SERVER_HELLO) {
        zj_json_key(j, "cipher");
        zj_json_printf(j, "%04x", hello.cipher);
    }
    if (hello.server_name.len)
        zj_json_kspan(j, "server_name", hello.server_name);
    if (hello.alpn.len)
        zj_json_kspan(j, "alpn", hello.alpn);
    if (type == HS_CLIENT_HELLO) {
        print_list(j, "versions", &hello.versions);
        print_list(j, "ciphers", &hello.ciphers);
    }
    print_list(j, "extensions", &hello.extensions);
    if (type == HS_CLIENT_HELLO && !hello.error) {
        char ja4[40];
        zj_tls_ja4(&hello, ja4);
        zj_json_kstr(j, "ja4", ja4);
    }
}

static const char *print(struct zj_wire_state *state, struct zj_span bytes, struct zj_json *fields,
                         const char **out_edition)
{
    struct zj_msg msg;
    uint8_t joined[HELLO_MAX];
    const uint32_t carry = state->flags >> CARRY_SHIFT;
    read(state, bytes, &msg);
    *out_edition = msg.edition;
    zj_json_kstr(fields, "message", msg.name);
    zj_json_kbool(fields, "encrypted", msg.is_encrypted);
    if (msg.kind == ZJ_MSG_CERT_REQUEST || msg.answer == 1)
        zj_json_kbool(fields, "asks_client_certificate", true);
    if (msg.name && strcmp(msg.name, "alert") == 0)
        zj_json_kint(fields, "alert", msg.answer);
    if (!msg.command || carry)
        return msg.error;
    struct zj_reader r = zj_reader_of(handshake_of(bytes, joined));
    const uint8_t type = zj_rd_u8(&r);
    const size_t len = zj_rd_be24(&r);
    const struct zj_span body = zj_span_part(zj_rd_rest(&r), 0, len);
    if (type == msg.command)
        print_hello(fields, body, type);
    return msg.error;
}

const struct zj_codec zj_codec_tls = {
    .name = "tls",
    .en = "TLS and TLCP handshakes",
    .zh = "TLS 与 TLCP 握手",
    .over = ZJ_OVER_TCP,
    .ports = (const uint16_t[]){443, 8443, 8883, 993, 995, 465, 0},
    .is_binary = true,
    .probe = probe,
    .frame = frame,
    .read = read,
    .print = print,
    .frame_bytes_max = HELLO_MAX,
};
