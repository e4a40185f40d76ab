/* Streams of no known protocol that are plain text: JSON lines, CSV, syslog. What is said in them is
 * looked through; of a long one the beginning, and samples. */
#include "base/text.h"
#include "sense/stream.h"

enum {
    PART_BYTES = 64,
    FIRST_PARTS = 1024, /* 64 KiB of a direction: all of it */
    SAMPLES_EACH = 64,  /* segments after that: one is looked through */
    PIECE_BYTES = 16 * 1024,
    JUDGED_BYTES = 256,
    JUDGED_AGAIN = 64,
    LEAST_BYTES = 4,  /* that show text */
    SHORT_BYTES = 16, /* fewer must be ASCII */
};

const struct zj_codec zj_codec_text = {
    .name = "text",
    .en = "plain text without a known protocol",
    .zh = "无已知协议的明文",
    .over = ZJ_OVER_TCP | ZJ_OVER_UDP,
};

/* Bytes that texts have. */
static const bool is_printable[256] = {
    ['\t'] = true, ['\n'] = true,        ['\r'] = true,
    [0x1b] = true, [' ' ... '~'] = true, [0x80 ... 0xff] = true,
};

/* No value of a record goes over one of these. */
static const bool is_mark[256] = {
    [','] = true, [';'] = true, ['{'] = true, ['}'] = true, ['['] = true,
    [']'] = true, ['&'] = true, ['<'] = true, ['>'] = true, ['\t'] = true,
};

/* Whole characters of GB18030, but for one that is cut at the end. */
static bool is_gb(struct zj_span s)
{
    for (size_t at = 0; at < s.len;) {
        const uint8_t lead = s.at[at], trail = at + 1 < s.len ? s.at[at + 1] : 0x40;
        if (lead < 0x80) {
            at++;
        } else if (lead > 0x80 && lead < 0xff && trail >= '0' && trail <= '9') {
            at += 4;
        } else if (lead > 0x80 && lead < 0xff && trail >= 0x40 && trail != 0x7f && trail != 0xff) {
            at += 2;
        } else {
            return false;
        }
    }
    return true;
}

/* The same of UTF-8. */
static bool is_utf8(struct zj_span s)
{
    size_t at = 0;
    for (size_t len; at < s.len && (len = zj_utf8_len(zj_span_part(s, at, 4))) != 0;)
        at += len;
    return s.len - at < 4 && (at == s.len || s.at[at] >= 0xc0);
}

/* Joined in the middle, the first character may be cut. */
bool zj_is_text(struct zj_span bytes)
{
    bool is_ascii = true;
    size_t cut = 0;
    bytes = zj_span_part(bytes, 0, JUDGED_BYTES);
    for (size_t i = 0; i < bytes.len; i++) {
        if (!is_printable[bytes.at[i]] && !(i + 1 == bytes.len && !bytes.at[i]))
            return false;
        is_ascii &= bytes.at[i] < 0x80;
    }
    if (bytes.len < LEAST_BYTES || is_ascii || bytes.len < SHORT_BYTES)
        return is_ascii && bytes.len >= LEAST_BYTES;
    while (cut < 3 && (bytes.at[cut] & 0xc0) == 0x80)
        cut++;
    return is_utf8(zj_span_part(bytes, cut, bytes.len)) || is_gb(bytes) ||
           is_gb(zj_span_part(bytes, 1, bytes.len));
}

/* Later segments are judged less sharply, for they may begin and end anywhere. */
static bool is_still_text(struct zj_span bytes)
{
    for (size_t i = 0; i < bytes.len && i < JUDGED_AGAIN; i++)
        if (!is_printable[bytes.at[i]] && !(i + 1 == bytes.len && !bytes.at[i]))
            return false;
    return true;
}

size_t zj_data_cut(struct zj_span bytes)
{
    const size_t least = bytes.len > ZJ_TAIL_MAX ? bytes.len - ZJ_TAIL_MAX : 0;
    const struct zj_span last = zj_span_part(bytes, least, bytes.len);
    const uint8_t *line = last.len ? memrchr(last.at, '\n', last.len) : NULL;
    if (line)
        return (size_t)(line - bytes.at) + 1;
    for (size_t at = bytes.len; at > least; at--)
        if (is_mark[bytes.at[at - 1]])
            return at;
    return least ? bytes.len : 0;
}

/* What stands before the first mark is of a value whose beginning is missing. */
static struct zj_span from_mark(struct zj_span bytes)
{
    const struct zj_span first = zj_span_part(bytes, 0, ZJ_TAIL_MAX);
    const uint8_t *line = memchr(first.at, '\n', first.len);
    if (line)
        return zj_span_part(bytes, (size_t)(line - bytes.at) + 1, bytes.len);
    for (size_t at = 0; at < first.len; at++)
        if (is_mark[first.at[at]])
            return zj_span_part(bytes, at + 1, bytes.len);
    return bytes;
}

static void drop_tail(struct zj_worker *w, struct zj_half *half)
{
    zj_pool_give(&w->pool, half->buf, half->room);
    half->buf = NULL;
    half->len = half->room = 0;
}

/* Hands the bytes on in pieces; gives how many. Where more of the stream will be looked through, a
 * value that may be cut at the end stays. */
static size_t hand_on(struct zj_worker *w, struct zj_flow *flow, int dir, struct zj_span bytes,
                      bool goes_on)
{
    size_t used = 0;
    while (used < bytes.len) {
        const struct zj_span piece = zj_span_part(bytes, used, PIECE_BYTES);
        const bool is_last = used + piece.len == bytes.len;
        const size_t cut = is_last && !goes_on ? piece.len : zj_data_cut(piece);
        if (!cut)
            break;
        zj_decode_data(w, flow, dir, &zj_codec_text, zj_span_part(piece, 0, cut));
        used += cut;
    }
    return used;
}

void zj_text_end(struct zj_worker *w, struct zj_flow *flow, int dir)
{
    struct zj_half *half = &flow->stream->half[dir];
    if (!half->is_text)
        return;
    if (half->len)
        zj_decode_data(w, flow, dir, &zj_codec_text, zj_span_of(half->buf, half->len));
    drop_tail(w, half);
    half->is_text = false;
}

/* Keeps the end of a piece for the next one. */
static void keep_tail(struct zj_worker *w, struct zj_half *half, struct zj_span tail)
{
    drop_tail(w, half);
    if (tail.len)
        half->buf = zj_pool_take(&w->pool, tail.len, &half->room);
    if (half->buf)
        memcpy(half->buf, tail.at, half->len = (uint32_t)tail.len);
}

static bool is_at_start(const struct zj_half *half)
{
    return half->text_part < FIRST_PARTS;
}

/* Is this segment one that is looked through? Behind the first parts, segments are counted. */
static bool is_its_turn(struct zj_worker *w, struct zj_half *half, size_t len)
{
    if (is_at_start(half)) {
        const size_t part = half->text_part + (len + PART_BYTES - 1) / PART_BYTES;
        half->text_part = (uint16_t)(part < FIRST_PARTS ? part : FIRST_PARTS);
        return true;
    }
    if (++half->text_part == FIRST_PARTS + SAMPLES_EACH) {
        half->text_part = FIRST_PARTS;
        return true;
    }
    w->stats.unread_text++;
    half->is_unaligned = true;
    return false;
}

void zj_text_see(struct zj_worker *w, struct zj_flow *flow, int dir, struct zj_span bytes)
{
    struct zj_half *half = &flow->stream->half[dir];
    if (!is_still_text(bytes)) {
        zj_text_end(w, flow, dir);
        w->stats.unread_streams++;
        return;
    }
    if (flow->proto == ZJ_PROTO_UDP) {
        if (is_its_turn(w, half, bytes.len))
            hand_on(w, flow, dir, bytes, false);
        return;
    }
    if (!is_its_turn(w, half, bytes.len)) {
        if (half->len)
            zj_decode_data(w, flow, dir, &zj_codec_text, zj_span_of(half->buf, half->len));
        drop_tail(w, half);
        return;
    }
    if (half->is_unaligned)
        bytes = from_mark(bytes);
    half->is_unaligned = false;
    uint32_t room = 0;
    uint8_t *both = NULL;
    const size_t len = half->len + bytes.len;
    if (half->len && (both = zj_pool_take(&w->pool, len, &room)) != NULL) {
        memcpy(both, half->buf, half->len);
        memcpy(both + half->len, bytes.at, bytes.len);
        bytes = zj_span_of(both, len);
    }
    const size_t used = hand_on(w, flow, dir, bytes, is_at_start(half));
    keep_tail(w, half, zj_span_part(bytes, used, bytes.len));
    zj_pool_give(&w->pool, both, room);
}
