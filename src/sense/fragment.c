/* Putting IP datagrams together from fragments. A fixed number of datagrams is held, each with its
 * bytes and one bit for every eight of them, so a fragment costs the same whatever is there.
 *
 * Overlaps: for IPv4 the first bytes to arrive win; for IPv6 an overlap gives up the datagram
 * (RFC 5722). When all places are taken the oldest datagram goes. */
#include "sense/packet.h"

#include "base/mem.h"

enum {
    DATAGRAM_MAX = 65536,
    UNITS = DATAGRAM_MAX / 8,
    PLACES_MAX = 256,
    PLACES_MIN = 8,
    PARTS_MAX = 1024, /* of one datagram: more are an attack */
};
#define HELD_NS INT64_C(30000000000)

enum state { FREE, FILLING, JOINED /* read until the batch ends */ };

struct place {
    enum state state;
    struct zj_fragment key; /* of the first to arrive; addr, id, proto of a v4, is_v6 */
    int64_t start_ns;
    uint32_t parts;
    uint32_t have;  /* bytes */
    uint32_t total; /* 0: the last one is still to come */
    uint8_t proto;  /* next header of the first fragment */
    uint64_t filled[UNITS / 64];
    uint8_t bytes[DATAGRAM_MAX];
};

struct zj_fragments {
    struct zj_sense_stats *stats;
    struct place **places; /* made when first used */
    uint32_t count;        /* made so far */
    uint32_t count_max;
    bool has_joined;
};

struct zj_fragments *zj_fragments_new(struct zj_sense_stats *stats, int64_t memory_bytes)
{
    struct zj_fragments *f = zj_alloc(sizeof *f);
    const int64_t fit = memory_bytes / (int64_t)sizeof(struct place);
    f->stats = stats;
    f->count_max = (uint32_t)(fit > PLACES_MAX ? PLACES_MAX : fit < PLACES_MIN ? PLACES_MIN : fit);
    f->places = zj_alloc(f->count_max * sizeof *f->places);
    return f;
}

void zj_fragments_free(struct zj_fragments *f)
{
    if (!f)
        return;
    for (uint32_t i = 0; i < f->count; i++)
        free(f->places[i]);
    free(f->places);
    free(f);
}

static void give_up(struct zj_fragments *f, struct place *p)
{
    f->stats->drop_fragment += p->parts;
    p->state = FREE;
}

static bool is_same(const struct zj_fragment *a, const struct zj_fragment *b)
{
    return a->id == b->id && a->is_v6 == b->is_v6 && (a->is_v6 || a->proto == b->proto) &&
           memcmp(a->addr, b->addr, sizeof a->addr) == 0;
}

static void start(struct place *p, const struct zj_fragment *part, int64_t time_ns)
{
    p->state = FILLING;
    p->key = *part;
    p->start_ns = time_ns;
    p->parts = p->have = p->total = 0;
    p->proto = part->proto;
    memset(p->filled, 0, sizeof p->filled);
}

/* The place of this datagram: the one that holds it, else a free one, else the oldest's. */
static struct place *find_place(struct zj_fragments *f, const struct zj_fragment *part,
                                int64_t time_ns)
{
    struct place *unused = NULL, *oldest = NULL;
    for (uint32_t i = 0; i < f->count; i++) {
        struct place *p = f->places[i];
        if (p->state == FILLING && (time_ns - p->start_ns > HELD_NS ||
                                    p->start_ns - time_ns > HELD_NS))
            give_up(f, p);
        if (p->state == FREE)
            unused = p;
        if (p->state != FILLING)
            continue;
        if (is_same(&p->key, part))
            return p;
        if (!oldest || p->start_ns < oldest->start_ns)
            oldest = p;
    }
    if (!unused && f->count < f->count_max)
        unused = f->places[f->count++] = zj_alloc(sizeof *unused);
    if (!unused && oldest) {
        give_up(f, oldest);
        unused = oldest;
    }
    if (unused)
        start(unused, part, time_ns);
    return unused;
}

/* Copies what is new of the part. False where an IPv6 part overlaps. */
static bool mark_and_copy(struct place *p, const struct zj_fragment *part)
{
    const uint32_t end = part->at + (uint32_t)part->bytes.len;
    for (uint32_t at = part->at; at < end; at += 8) {
        const uint32_t unit = at / 8, n = end - at < 8 ? end - at : 8;
        const uint64_t bit = UINT64_C(1) << unit % 64;
        if (p->filled[unit / 64] & bit) {
            if (part->is_v6)
                return false;
            continue;
        }
        p->filled[unit / 64] |= bit;
        memcpy(p->bytes + at, part->bytes.at + (at - part->at), n);
        p->have += n;
    }
    return true;
}

bool zj_fragments_add(struct zj_fragments *f, const struct zj_fragment *part, int64_t time_ns,
                      struct zj_span *out, uint8_t *out_proto)
{
    const uint64_t end = part->at + part->bytes.len;
    const bool is_odd = !part->is_last && (part->bytes.len % 8 || part->bytes.len == 0);
    if (end > DATAGRAM_MAX - 1 || is_odd) {
        f->stats->drop_fragment++;
        return false;
    }
    struct place *p = find_place(f, part, time_ns);
    if (!p) { /* every place was joined in this batch */
        f->stats->drop_fragment++;
        return false;
    }
    p->parts++;
    if (part->at == 0)
        p->proto = part->proto;
    const bool ends_twice = part->is_last && p->total && p->total != end;
    const bool is_past_end = p->total && end > p->total;
    if (p->parts > PARTS_MAX || ends_twice || is_past_end || !mark_and_copy(p, part)) {
        give_up(f, p);
        return false;
    }
    if (part->is_last)
        p->total = (uint32_t)end;
    if (!p->total || p->have < p->total)
        return false;
    if (p->have > p->total) { /* bytes past the end came before the end was known */
        give_up(f, p);
        return false;
    }
    p->state = JOINED;
    f->has_joined = true;
    f->stats->fragments_joined++;
    *out = zj_span_of(p->bytes, p->total);
    *out_proto = p->proto;
    return true;
}

void zj_fragments_batch_end(struct zj_fragments *f)
{
    if (!f->has_joined)
        return;
    f->has_joined = false;
    for (uint32_t i = 0; i < f->count; i++)
        if (f->places[i]->state == JOINED)
            f->places[i]->state = FREE;
}
