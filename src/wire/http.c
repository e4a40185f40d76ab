/* HTTP/1.0 and 1.1 (RFC 9112): heads, and bodies by Content-Length, chunks or the connection's end.
 *
 * A frame is a head, a piece of a body, or a chunk with its size line. A body or chunk of up to
 * WHOLE_MAX bytes is one frame, so that what stands in it is seen in one piece; longer ones come as
 * the bytes do. read() tells them apart by what frame() left in state->flags; without it (one head
 * given alone) the bytes are a head.
 *
 * A body may be announced and not come (answers to HEAD): where a head stands in its place, it is
 * read as one. After 101 the bytes are no longer HTTP and the direction is lost. */
#include "wire/http_head.h"
#include "wire/wire.h"

enum { HEAD_MAX = 64 * 1024, WHOLE_MAX = 16 * 1024, SIZE_LINE_MAX = 256 };

enum {
    IS_BODY = 1,  /* the frame just cut is of a body */
    IS_CHUNK = 2, /* and starts with a size line */
    IN_BODY = 4,
    IN_CHUNKS = 8,
    TO_END = 16,    /* the body goes on to the end of the connection */
    AT_START = 32,  /* no byte of the body was seen yet */
    SEEN_SHIFT = 8, /* from here on: bytes of a head without its end that need no second look */
};

static const char *const methods[] = {"GET",     "POST",     "PUT",      "HEAD",    "DELETE",
                                      "OPTIONS", "PATCH",    "TRACE",    "CONNECT", "PROPFIND",
                                      "NOTIFY",  "M-SEARCH", "SUBSCRIBE"};

static bool starts(struct zj_span s, const char *text)
{
    const size_t len = strlen(text);
    return memcmp(s.at, text, s.len < len ? s.len : len) == 0;
}

/* A head starts here: a known method and a space, or a status line. */
static enum zj_match match_start(struct zj_span s)
{
    if (!s.len)
        return ZJ_MATCH_MAYBE;
    if (starts(s, "HTTP/1."))
        return s.len >= 7 ? ZJ_MATCH_YES : ZJ_MATCH_MAYBE;
    for (size_t i = 0; i < ZJ_COUNT(methods); i++) {
        const size_t len = strlen(methods[i]);
        if (!starts(s, methods[i]))
            continue;
        if (s.len <= len)
            return ZJ_MATCH_MAYBE;
        if (s.at[len] == ' ')
            return ZJ_MATCH_YES;
    }
    return ZJ_MATCH_NO;
}

static enum zj_match probe(struct zj_span start)
{
    const enum zj_match match = match_start(start);
    if (match != ZJ_MATCH_YES || start.at[0] == 'H')
        return match;
    /* SIP and RTSP have the same methods: a target of HTTP starts with one of these. */
    const uint8_t *space = memchr(start.at, ' ', start.len);
    if (!space || space + 1 >= start.at + start.len)
        return ZJ_MATCH_MAYBE;
    if (space[1] == '/' || space[1] == '*')
        return ZJ_MATCH_YES;
    const struct zj_span target = zj_span_part(start, (size_t)(space + 1 - start.at), start.len);
    if (starts(target, "http://") || starts(target, "https://"))
        return target.len >= 7 ? ZJ_MATCH_YES : ZJ_MATCH_MAYBE;
    return start.at[0] == 'C' ? ZJ_MATCH_YES : ZJ_MATCH_NO;
}

static void begin_body(struct zj_wire_state *state, const struct zj_http_head *head)
{
    const bool is_bodiless =
        head->is_response && (head->status < 200 || head->status == 204 || head->status == 304);
    state->flags = 0;
    state->body_left = 0;
    state->coding = (uint8_t)head->coding;
    state->bodies++;
    if (is_bodiless)
        return;
    if (head->is_chunked) {
        state->flags = IN_CHUNKS | AT_START;
    } else if (head->has_length && head->length) {
        state->flags = IN_BODY | AT_START;
        state->body_left = head->length;
    } else if (head->is_response && !head->has_length) {
        state->flags = IN_BODY | TO_END | AT_START;
    }
}

static enum zj_step frame_head(struct zj_wire_state *state, struct zj_span in, size_t *out_len)
{
    struct zj_http_head head;
    if (in.at[0] == '\r' || in.at[0] == '\n') {
        *out_len = 1;
        return ZJ_STEP_SKIP;
    }
    const enum zj_match match = match_start(in);
    if (match == ZJ_MATCH_NO)
        return ZJ_STEP_LOST;
    const size_t seen = state->flags >> SEEN_SHIFT;
    const size_t len = zj_http_head_len(zj_span_part(in, 0, HEAD_MAX), seen < in.len ? seen : 0);
    if (!len && in.len < HEAD_MAX) { /* the last three bytes may start the empty line */
        state->flags = (uint32_t)(in.len > 3 ? in.len - 3 : 0) << SEEN_SHIFT;
        return ZJ_STEP_MORE;
    }
    if (!len)
        return ZJ_STEP_LOST;
    zj_http_head_read(zj_span_part(in, 0, len), &head);
    begin_body(state, &head);
    *out_len = len;
    return ZJ_STEP_DONE;
}

static enum zj_step frame_body(struct zj_wire_state *state, struct zj_span in, size_t *out_len)
{
    const bool to_end = state->flags & TO_END;
    const bool is_whole_wanted =
        !to_end && state->flags & AT_START && state->body_left <= WHOLE_MAX;
    if (is_whole_wanted && in.len < state->body_left)
        return ZJ_STEP_MORE;
    size_t len = in.len < HEAD_MAX ? in.len : HEAD_MAX;
    if (!to_end && len > state->body_left)
        len = (size_t)state->body_left;
    state->flags &= ~(uint32_t)AT_START;
    state->flags |= IS_BODY;
    if (!to_end) {
        state->body_left -= len;
        if (!state->body_left)
            state->flags &= ~(uint32_t)IN_BODY;
    }
    *out_len = len;
    return ZJ_STEP_DONE;
}

/* [CRLF] size [;extension] CRLF: true with the size and the bytes it takes. */
static enum zj_step size_line(struct zj_span in, uint64_t *out_size, size_t *out_len)
{
    size_t at = 0;
    uint64_t size = 0;
    while (at < in.len && at < 2 && (in.at[at] == '\r' || in.at[at] == '\n'))
        at++;
    const size_t digits_at = at;
    for (; at < in.len; at++) {
        const uint8_t c = in.at[at] | 32;
        const int digit = c >= '0' && c <= '9' && in.at[at] >= '0' ? c - '0'
                          : c >= 'a' && c <= 'f'                   ? c - 'a' + 10
                                                                   : -1;
        if (digit < 0)
            break;
        size = size << 4 | (unsigned)digit;
    }
    if (at - digits_at > 15 || (at < in.len && at == digits_at))
        return ZJ_STEP_LOST;
    const struct zj_span rest = zj_span_part(in, at, SIZE_LINE_MAX);
    const uint8_t *lf = rest.len ? memchr(rest.at, '\n', rest.len) : NULL;
    if (!lf)
        return rest.len == SIZE_LINE_MAX ? ZJ_STEP_LOST : ZJ_STEP_MORE;
    *out_size = size;
    *out_len = (size_t)(lf - in.at) + 1;
    return ZJ_STEP_DONE;
}

static enum zj_step frame_chunk(struct zj_wire_state *state, struct zj_span in, size_t *out_len)
{
    uint64_t size;
    size_t line_len;
    const enum zj_step step = size_line(in, &size, &line_len);
    if (step != ZJ_STEP_DONE)
        return step;
    if (!size) { /* the last: trailer fields and an empty line */
        const size_t len = zj_http_head_len(zj_span_part(in, line_len - 1, HEAD_MAX), 0);
        if (!len)
            return in.len >= HEAD_MAX ? ZJ_STEP_LOST : ZJ_STEP_MORE;
        state->flags = IS_BODY | IS_CHUNK;
        *out_len = line_len - 1 + len;
        return ZJ_STEP_DONE;
    }
    const size_t have = in.len - line_len;
    if (have < size && (size <= WHOLE_MAX || !have))
        return ZJ_STEP_MORE;
    size_t len = have < HEAD_MAX - line_len ? have : HEAD_MAX - line_len;
    if (len > size)
        len = (size_t)size;
    state->body_left = size - len;
    state->flags = IN_CHUNKS | IS_BODY | IS_CHUNK | (state->body_left ? IN_BODY : 0);
    *out_len = line_len + len;
    return ZJ_STEP_DONE;
}

static enum zj_step frame(struct zj_wire_state *state, struct zj_span in, size_t *out_len)
{
    if (!in.len)
        return ZJ_STEP_MORE;
    state->flags &= ~(uint32_t)(IS_BODY | IS_CHUNK);
    if (state->flags & AT_START && starts(in, "HTTP/1.")) {
        if (in.len < 7)
            return ZJ_STEP_MORE;
        state->flags = 0;
        state->body_left = 0;
    }
    if (!state->body_left && !(state->flags & TO_END)) /* the rest of it was in a hole */
        state->flags &= ~(uint32_t)IN_BODY;
    if (state->flags & IN_BODY)
        return frame_body(state, in, out_len);
    if (state->flags & IN_CHUNKS)
        return frame_chunk(state, in, out_len);
    return frame_head(state, in, out_len);
}

static struct zj_span body_of(const struct zj_wire_state *state, struct zj_span bytes)
{
    uint64_t size;
    size_t line_len;
    if (!(state->flags & IS_CHUNK))
        return bytes;
    if (size_line(bytes, &size, &line_len) != ZJ_STEP_DONE)
        return zj_span_part(bytes, bytes.len, 0);
    return zj_span_part(bytes, line_len, size < bytes.len ? (size_t)size : bytes.len);
}

static int base64_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* "Basic" credentials (RFC 7617) into scratch; "Bearer" as they stand. */
static void fill_credentials(struct zj_span value, struct zj_msg *out)
{
    size_t len = 0;
    uint32_t bits = 0;
    unsigned bit_count = 0;
    if (value.len > 7 && starts(value, "Bearer ")) {
        out->secret = zj_span_part(value, 7, value.len);
        return;
    }
    if (value.len <= 6 || !starts(value, "Basic "))
        return;
    for (size_t i = 6; i < value.len && len < 1024; i++) {
        const int v = base64_value(value.at[i]);
        if (v < 0)
            break;
        bits = bits << 6 | (uint32_t)v;
        bit_count += 6;
        if (bit_count >= 8) {
            bit_count -= 8;
            out->scratch[len++] = (uint8_t)(bits >> bit_count);
        }
    }
    const uint8_t *colon = memchr(out->scratch, ':', len);
    const size_t user_len = colon ? (size_t)(colon - out->scratch) : len;
    out->user = zj_span_of(out->scratch, user_len);
    if (colon)
        out->secret = zj_span_of(colon + 1, len - user_len - 1);
}

/* Without the port; a literal IPv6 address keeps its brackets. */
static struct zj_span host_name(struct zj_span host)
{
    for (size_t i = host.len; i && host.at[i - 1] != ']'; i--)
        if (host.at[i - 1] == ':')
            return zj_span_of(host.at, i - 1);
    return host;
}

static void fill_request(const struct zj_http_head *head, struct zj_msg *out)
{
    out->kind = ZJ_MSG_REQUEST;
    for (size_t i = 0; i < ZJ_COUNT(methods); i++)
        if (zj_span_eq_str(head->method, methods[i])) {
            out->name = methods[i];
            out->command = (uint32_t)i + 1;
        }
    out->topic = head->target;
    if (head->target.len && head->target.at[0] != '/')
        out->url = head->target;
    out->host = host_name(head->host);
    fill_credentials(head->authorization, out);
}

static const char *error_of(struct zj_span bytes, const struct zj_http_head *head)
{
    if (match_start(bytes) != ZJ_MATCH_YES)
        return "bad_start_line";
    return zj_http_head_len(bytes, 0) ? head->error : "incomplete";
}

static void read(struct zj_wire_state *state, struct zj_span bytes, struct zj_msg *out)
{
    struct zj_http_head head;
    zj_msg_clear(out);
    out->answer = ZJ_ANSWER_NONE;
    out->is_down = state->is_from_server;
    if (state->flags & IS_BODY) {
        out->name = "body";
        out->payload = body_of(state, bytes);
        return;
    }
    zj_http_head_read(bytes, &head);
    out->error = error_of(bytes, &head);
    out->edition = head.is_http10 ? "1.0" : "1.1";
    if (!head.is_response) {
        fill_request(&head, out);
        return;
    }
    out->kind = ZJ_MSG_RESPONSE;
    out->name = "response";
    out->command = head.status;
    out->answer = head.status >= 400 ? (int)head.status : 0;
}

static void print_fields(struct zj_json *j, struct zj_span bytes)
{
    struct zj_reader r = zj_reader_of(bytes);
    struct zj_span name, value;
    zj_http_line(&r);
    zj_json_key(j, "headers");
    zj_json_array(j);
    while (zj_http_next_field(&r, &name, &value)) {
        zj_json_array(j);
        zj_json_span(j, name);
        zj_json_span(j, value);
        zj_json_array_end(j);
    }
    zj_json_array_end(j);
}

static const char *print(struct zj_wire_state *state, struct zj_span bytes, struct zj_json *fields,
                         const char **out_edition)
{
    struct zj_http_head head;
    if (state->flags & IS_BODY) {
        const struct zj_span body = body_of(state, bytes);
        zj_json_kstr(fields, "type", "body");
        zj_json_kint(fields, "length", (int64_t)body.len);
        zj_json_key(fields, "body_hex");
        zj_json_hex(fields, body);
        return NULL;
    }
    zj_http_head_read(bytes, &head);
    *out_edition = head.is_http10 ? "1.0" : "1.1";
    zj_json_kstr(fields, "type", head.is_response ? "response" : "request");
    if (head.is_response) {
        zj_json_kint(fields, "status", head.status);
        zj_json_kspan(fields, "reason", head.reason);
    } else {
        zj_json_kspan(fields, "method", head.method);
        zj_json_kspan(fields, "path", head.target);
        zj_json_kspan(fields, "host", head.host);
    }
    if (head.content_type.len)
        zj_json_kspan(fields, "content_type", head.content_type);
    if (head.has_length)
        zj_json_kint(fields, "content_length", (int64_t)head.length);
    zj_json_kbool(fields, "chunked", head.is_chunked);
    print_fields(fields, bytes);
    return error_of(bytes, &head);
}

const struct zj_codec zj_codec_http = {
    .name = "http",
    .en = "HTTP/1.0 and 1.1",
    .zh = "HTTP/1.0 与 1.1",
    .over = ZJ_OVER_TCP,
    .ports = (const uint16_t[]){80, 8080, 8000, 8888, 0},
    .has_bodies = true,
    .probe = probe,
    .frame = frame,
    .read = read,
    .print = print,
    .frame_bytes_max = HEAD_MAX,
};
