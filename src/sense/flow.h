/* The flow table of a worker: open addressing over a seeded hash, flows of two cache lines in one
 * array, and a wheel of seconds that finds what has been idle too long. Inside the sensor. */
#ifndef ZJ_SENSE_FLOW_H
#define ZJ_SENSE_FLOW_H

#include "sense/budget.h"
#include "sense/packet.h"
#include "sense/worker.h"

struct zj_stream;

enum zj_flow_age { /* how long it may be idle */
    ZJ_AGE_UDP,
    ZJ_AGE_HALF_OPEN, /* TCP, one side only */
    ZJ_AGE_OPEN,
    ZJ_AGE_CLOSED, /* after FIN of both or RST */
};

enum zj_flow_flags {
    ZJ_FLOW_HAS_SEQ = 1,   /* << dir: next_seq is known */
    ZJ_FLOW_FIN = 4,       /* << dir */
    ZJ_FLOW_SEEN = 16,     /* << dir: a packet came this way */
    ZJ_FLOW_FROM_SYN = 64, /* the opening was seen, so the client is known */
    ZJ_FLOW_IGNORED = 128, /* not a protocol of ours, or done with: count only */
};

enum { ZJ_FLOW_NONE = 0 /* indices count from 1 */ };

struct zj_flow {
    /* first line: the key, and what every packet touches */
    uint64_t addr[2][2]; /* client, server */
    uint16_t port[2];
    uint8_t proto;     /* 0: given back */
    uint8_t age;       /* enum zj_flow_age */
    uint8_t flags;     /* enum zj_flow_flags */
    uint8_t looks[1];  /* how often content was looked at: 4 bits a direction */
    int64_t last_ns;
    uint32_t next_seq[2];
    uint32_t wheel_prev, wheel_next;
    /* second line */
    uint64_t packets[2];
    uint64_t bytes[2];
    int64_t first_ns;
    struct zj_stream *stream; /* while it is decoded, or may be */
    uint32_t hash;            /* lower half, as in the index */
    uint16_t wheel_slot;
    uint16_t holes;  /* 1 << dir: bytes of it are missing */
    uint64_t passed; /* bytes in which nothing was recognised */
};
_Static_assert(sizeof(struct zj_flow) == 128, "a flow is two cache lines");

struct zj_flow_slot {
    uint32_t hash;
    uint32_t flow; /* ZJ_FLOW_NONE: empty */
};

enum { ZJ_WHEEL_SLOTS = 4096 }; /* seconds; more than the longest age */

struct zj_flows {
    struct zj_flow *flows; /* reserved for max, touched as used */
    struct zj_flow_slot *slots;
    uint64_t mask;     /* slots - 1 */
    uint32_t count;    /* flows held */
    uint32_t made;     /* flows ever touched; above lie fresh ones */
    uint32_t unused;   /* head of the list of given back ones, by wheel_next */
    uint32_t granted;  /* flows that the budget gave room for */
    uint32_t max;
    struct zj_budget budget;
    int64_t now_s;     /* where the wheel stands */
    uint32_t wheel[ZJ_WHEEL_SLOTS];
};

/* What one flow costs with its share of the index at its fullest. */
enum { ZJ_FLOW_COST = (int)sizeof(struct zj_flow) + 3 * (int)sizeof(struct zj_flow_slot) };

/* `most` bytes at the most, as far as the budget gives them. */
void zj_flows_init(struct zj_flows *t, struct zj_budget budget, int64_t most);
void zj_flows_release(struct zj_flows *t);

static inline void zj_flows_prefetch_slot(const struct zj_flows *t, uint64_t hash)
{
    __builtin_prefetch(&t->slots[(uint32_t)hash & t->mask]);
}

/* Once the slot is near: prefetches the flow it points at, and gives it; NULL: none there. */
static inline struct zj_flow *zj_flows_prefetch_flow(const struct zj_flows *t, uint64_t hash)
{
    enum { PROBES = 8 }; /* as many as lie in a line; farther ones are rare */
    uint64_t at = (uint32_t)hash & t->mask;
    for (int i = 1; t->slots[at].flow && t->slots[at].hash != (uint32_t)hash && i < PROBES; i++)
        at = (at + 1) & t->mask;
    const struct zj_flow_slot *slot = &t->slots[at];
    struct zj_flow *flow = &t->flows[slot->flow];
    if (slot->hash != (uint32_t)hash || !slot->flow)
        return NULL;
    __builtin_prefetch(flow);
    __builtin_prefetch((const char *)flow + 64);
    return flow;
}

/* Are these its ends? Both directions at once, for which of them it is cannot be predicted. */
static inline bool zj_flow_is(const struct zj_flow *flow, const struct zj_layers *l, int *out_dir)
{
    const uint64_t *a = flow->addr[0], *b = flow->addr[1], *x = l->addr[0], *y = l->addr[1];
    const uint64_t proto = flow->proto ^ l->proto;
    const uint64_t same = (a[0] ^ x[0]) | (a[1] ^ x[1]) | (b[0] ^ y[0]) | (b[1] ^ y[1]) | proto |
                          (uint64_t)(flow->port[0] ^ l->port[0]) |
                          (uint64_t)(flow->port[1] ^ l->port[1]);
    const uint64_t turned = (a[0] ^ y[0]) | (a[1] ^ y[1]) | (b[0] ^ x[0]) | (b[1] ^ x[1]) | proto |
                            (uint64_t)(flow->port[0] ^ l->port[1]) |
                            (uint64_t)(flow->port[1] ^ l->port[0]);
    *out_dir = same != 0;
    return !same | !turned;
}

/* NULL where there is none. *out_dir: 0 where the packet flows from client to server. */
struct zj_flow *zj_flow_find(const struct zj_flows *t, const struct zj_layers *l, int *out_dir);
/* A new one, its client the source where `source_is_client`. The table must not be full. */
struct zj_flow *zj_flow_add(struct zj_flows *t, const struct zj_layers *l, bool source_is_client,
                            enum zj_flow_age age, int64_t time_ns);
void zj_flow_remove(struct zj_flows *t, struct zj_flow *flow);
void zj_flow_set_age(struct zj_flows *t, struct zj_flow *flow, enum zj_flow_age age);
/* Swaps client and server, where content shows that the guess was wrong. */
void zj_flow_swap(struct zj_flow *flow);

bool zj_flows_grow(struct zj_flows *t); /* asks the budget; false: full */
static inline bool zj_flows_is_full(struct zj_flows *t)
{
    return t->count >= t->granted && !zj_flows_grow(t);
}

/* Moves the wheel to packet time. Gives the flows that were idle too long one at a time: remove
 * each before the next call. NULL: all done for now. */
struct zj_flow *zj_flows_expired(struct zj_flows *t, int64_t now_ns);
/* About the flow that would expire first; NULL: none. */
struct zj_flow *zj_flows_oldest(struct zj_flows *t);
/* The next flow held, in the order of the array; *at starts at 0. NULL: no more. */
struct zj_flow *zj_flows_next(struct zj_flows *t, uint32_t *at);
/* Forgets all flows at once. */
void zj_flows_clear(struct zj_flows *t);

struct zj_flow_key zj_flow_key_of(const struct zj_flow *flow);
/* Stable for the flow and the same in every run; fits a JSON number. */
uint64_t zj_flow_id(const struct zj_flow *flow);

#endif
