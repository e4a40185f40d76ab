/* Bodies that came packed: gzip and deflate (RFC 9110 section 8.4.1), by their head or by their first
 * bytes. What comes out is handed on in pieces, within limits; what does not is counted. */
#include <zlib.h>

#include "sense/stream.h"

enum {
    PIECE_BYTES = 16 * 1024, /* as much as is looked through of a message */
    BODY_MAX = 4 * 1024 * 1024,
    /* what a direction may have unpacked, against bombs: so much for nothing, and so much for each
     * byte that came; what is not used up to now stays within CREDIT_MAX */
    FREE_BYTES = 256 * 1024,
    RATIO_MAX = 64,
    CREDIT_MAX = 16 * 1024 * 1024,
    GZIP_MIN = 18,
    WINDOW = 15,
    GZIP = 16, /* added to the window: what zlib expects */
    BLOCKS = 3,
    /* bodies whose end does not come hold memory: all together no more than a part of the pool */
    BODY_COST = 44 * 1024,
    POOL_PART = 4,
};

enum body { BODY_PLAIN, BODY_PACKED, BODY_ENDED, BODY_DONE };

/* One direction's body at work. All its memory is of the pool. */
struct zj_unpack {
    z_stream z;
    struct zj_pool *pool;
    struct {
        void *at;
        uint32_t room;
    } blocks[BLOCKS];
    uint32_t room; /* of this */
    uint32_t tail_len;
    uint32_t out_bytes;
    uint8_t tail[ZJ_TAIL_MAX];
};

static void *take_block(void *opaque, unsigned count, unsigned size)
{
    struct zj_unpack *u = opaque;
    for (size_t i = 0; i < BLOCKS; i++)
        if (!u->blocks[i].at) {
            u->blocks[i].at = zj_pool_take(u->pool, (size_t)count * size, &u->blocks[i].room);
            return u->blocks[i].at;
        }
    return NULL;
}

static void give_block(void *opaque, void *at)
{
    struct zj_unpack *u = opaque;
    for (size_t i = 0; i < BLOCKS; i++)
        if (u->blocks[i].at == at) {
            zj_pool_give(u->pool, at, u->blocks[i].room);
            u->blocks[i].at = NULL;
        }
}

static void drop(struct zj_worker *w, struct zj_half *half)
{
    struct zj_unpack *u = half->unpack;
    half->body = BODY_DONE;
    half->unpack = NULL;
    if (!u)
        return;
    w->unpacking--;
    (void)inflateEnd(&u->z); /* fails only where it never began */
    zj_pool_give(&w->pool, u, u->room);
}

void zj_unpack_drop(struct zj_worker *w, struct zj_half *half)
{
    if (!half->unpack)
        return;
    w->stats.unread_broken++;
    drop(w, half);
}

void zj_unpack_end(struct zj_worker *w, struct zj_flow *flow, int dir)
{
    struct zj_half *half = &flow->stream->half[dir];
    if (half->unpack && half->unpack->tail_len)
        zj_decode_data(w, flow, dir, flow->stream->codec,
                       zj_span_of(half->unpack->tail, half->unpack->tail_len));
    zj_unpack_drop(w, half);
}

/* Servers mean by "deflate" the bare stream as well as the one with zlib's head (RFC 1950). */
static int window_of(enum zj_coding coding, struct zj_span in)
{
    const unsigned first = in.at[0], second = in.len > 1 ? in.at[1] : 0;
    if (first == ZJ_GZIP_FIRST && (in.len == 1 || second == 0x8b))
        return WINDOW + GZIP;
    if ((first & 15) == 8 && (in.len == 1 || (first << 8 | second) % 31 == 0))
        return WINDOW;
    return coding == ZJ_CODING_DEFLATE ? -WINDOW : WINDOW + GZIP;
}

static enum body start_body(struct zj_worker *w, struct zj_half *half, enum zj_coding coding,
                       struct zj_span in)
{
    uint32_t room;
    const bool is_many = (w->unpacking + 1) * BODY_COST > w->pool.most / POOL_PART;
    struct zj_unpack *u = is_many ? NULL : zj_pool_take(&w->pool, sizeof *u, &room);
    if (!u) {
        w->stats.unread_memory++;
        return BODY_DONE;
    }
    memset(u, 0, sizeof *u);
    u->pool = &w->pool;
    u->room = room;
    u->z.zalloc = take_block;
    u->z.zfree = give_block;
    u->z.opaque = u;
    half->unpack = u;
    w->unpacking++;
    if (inflateInit2(&u->z, window_of(coding, in)) != Z_OK) {
        w->stats.unread_memory++;
        drop(w, half);
        return BODY_DONE;
    }
    w->stats.bodies_unpacked++;
    return BODY_PACKED;
}

static bool is_gzip(struct zj_span in)
{
    return in.len >= GZIP_MIN && in.at[0] == ZJ_GZIP_FIRST && in.at[1] == 0x8b && in.at[2] == 8;
}

bool zj_unpack_is_packed(struct zj_worker *w, struct zj_flow *flow, int dir, struct zj_span in)
{
    struct zj_half *half = &flow->stream->half[dir];
    enum zj_coding coding = (enum zj_coding)half->wire.coding;
    if (!flow->stream->codec->has_bodies) { /* a message alone, told by its first bytes */
        if (w->msg.kind != ZJ_MSG_PUBLISH || !is_gzip(in) || !w->opts->scan_payloads)
            return false;
        half->body = start_body(w, half, ZJ_CODING_GZIP, in) & BODY_DONE;
        return true;
    }
    if (half->wire.bodies == half->body_number)
        return half->body != BODY_PLAIN;
    if (half->unpack) { /* its end did not come */
        const struct zj_msg msg = w->msg;
        zj_unpack_end(w, flow, dir);
        w->msg = msg;
    }
    half->body_number = half->wire.bodies;
    half->body = BODY_PLAIN;
    if (coding == ZJ_CODING_NONE && is_gzip(in))
        coding = ZJ_CODING_GZIP;
    if (coding == ZJ_CODING_NONE || !w->opts->scan_payloads)
        return false;
    half->body = BODY_DONE;
    if (coding == ZJ_CODING_OTHER)
        w->stats.unread_coding++;
    else
        half->body = start_body(w, half, coding, in) & BODY_DONE;
    return true;
}

/* What is out goes on up to where no value is cut; gives what stays. */
static size_t hand_on(struct zj_worker *w, struct zj_flow *flow, int dir, uint8_t *out, size_t len)
{
    const size_t used = zj_data_cut(zj_span_of(out, len));
    if (used)
        zj_decode_data(w, flow, dir, flow->stream->codec, zj_span_of(out, used));
    memmove(out, out + used, len - used);
    return len - used;
}

/* NULL: all of `in` is unpacked and there may be more. Else the counter of why it ends; the end of
 * the body itself has none and gives `done`. */
static uint64_t *unpack(struct zj_worker *w, struct zj_flow *flow, int dir, struct zj_span in,
                        uint8_t *out, size_t *len, uint64_t *done)
{
    struct zj_half *half = &flow->stream->half[dir];
    struct zj_unpack *u = half->unpack;
    u->z.next_in = (uint8_t *)(uintptr_t)in.at; /* zlib only reads it */
    u->z.avail_in = (uint32_t)in.len;
    for (;;) {
        const uint32_t room = (uint32_t)(PIECE_BYTES - *len);
        u->z.next_out = out + *len;
        u->z.avail_out = room;
        const int rc = inflate(&u->z, Z_NO_FLUSH);
        const uint32_t got = room - u->z.avail_out;
        *len += got;
        u->out_bytes += got;
        half->unpacked += (int32_t)got;
        if (rc == Z_STREAM_END) { /* members may follow each other (RFC 1952 section 2.2) */
            const struct zj_span rest = zj_span_of(u->z.next_in, u->z.avail_in);
            if (!is_gzip(rest) || inflateReset(&u->z) != Z_OK)
                return done;
            continue;
        }
        if (rc != Z_OK && rc != Z_BUF_ERROR)
            return rc == Z_MEM_ERROR ? &w->stats.unread_memory : &w->stats.unread_broken;
        if (u->out_bytes > BODY_MAX || half->unpacked > FREE_BYTES)
            return &w->stats.unread_limit;
        if (*len < PIECE_BYTES)
            return NULL;
        *len = hand_on(w, flow, dir, out, *len);
    }
}

void zj_unpack_body(struct zj_worker *w, struct zj_flow *flow, int dir, struct zj_span in)
{
    struct zj_half *half = &flow->stream->half[dir];
    struct zj_unpack *u = half->unpack;
    uint32_t room;
    uint64_t done = 0;
    if (!u) { /* done with, and more comes after the end */
        w->stats.unread_broken += half->body == BODY_ENDED;
        half->body = BODY_DONE;
        return;
    }
    uint8_t *out = zj_pool_take(&w->pool, PIECE_BYTES, &room);
    if (!out) {
        w->stats.unread_memory++;
        drop(w, half);
        return;
    }
    size_t len = u->tail_len;
    memcpy(out, u->tail, len);
    const int64_t left = half->unpacked - (int64_t)in.len * RATIO_MAX;
    half->unpacked = left < -CREDIT_MAX ? -CREDIT_MAX : (int32_t)left;
    uint64_t *why = unpack(w, flow, dir, in, out, &len, &done);
    if (!why && !flow->stream->codec->has_bodies)
        why = &w->stats.unread_broken; /* there is no more of it */
    if (!why) {
        len = hand_on(w, flow, dir, out, len);
        u->tail_len = (uint32_t)len;
        memcpy(u->tail, out, len);
    } else {
        ++*why;
        if (len)
            zj_decode_data(w, flow, dir, flow->stream->codec, zj_span_of(out, len));
        drop(w, half);
        half->body = why == &done ? BODY_ENDED : BODY_DONE;
    }
    zj_pool_give(&w->pool, out, room);
}
