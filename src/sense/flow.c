/* The index holds half of the hash beside the flow's number, so growing and removing never touch
 * the flows, and a probe reads the flow only where it is most likely the right one. */
#include "sense/flow.h"

#include "base/clock.h"
#include "sense/pages.h"

enum { SLOTS_FIRST = 1 << 14, FLOWS_MIN = 1024, STEP = 4096 };

/* Seconds by enum zj_flow_age. A car's link may be quiet for long; the others are soon over. */
static const int64_t idle_s[] = {
    [ZJ_AGE_UDP] = 120, [ZJ_AGE_HALF_OPEN] = 30, [ZJ_AGE_OPEN] = 3600, [ZJ_AGE_CLOSED] = 5};

enum { REBASE_S = 300 }; /* packet time goes back by more: another file, another clock */

bool zj_flows_grow(struct zj_flows *t)
{
    const uint32_t left = t->max - t->granted, step = left < STEP ? left : STEP;
    if (!step || !zj_budget_take(&t->budget, (int64_t)step * ZJ_FLOW_COST))
        return false;
    t->granted += step;
    return true;
}

static void make(struct zj_flows *t)
{
    t->mask = SLOTS_FIRST - 1;
    t->made = 1;
    t->flows = zj_pages_reserve(((size_t)t->max + 1) * sizeof *t->flows);
    t->slots = zj_pages_reserve(SLOTS_FIRST * sizeof *t->slots);
}

void zj_flows_init(struct zj_flows *t, struct zj_budget budget, int64_t most)
{
    const int64_t max = most / ZJ_FLOW_COST;
    *t = (struct zj_flows){.budget = budget, .granted = FLOWS_MIN};
    t->max = (uint32_t)(max < FLOWS_MIN ? FLOWS_MIN : max > UINT32_MAX / 2 ? UINT32_MAX / 2 : max);
    make(t);
}

void zj_flows_release(struct zj_flows *t)
{
    zj_pages_release(t->flows, ((size_t)t->max + 1) * sizeof *t->flows);
    zj_pages_release(t->slots, (t->mask + 1) * sizeof *t->slots);
    *t = (struct zj_flows){0};
}

struct zj_flow *zj_flow_find(const struct zj_flows *t, const struct zj_layers *l, int *out_dir)
{
    const uint32_t hash = (uint32_t)l->hash;
    for (uint64_t at = hash & t->mask; t->slots[at].flow; at = (at + 1) & t->mask) {
        if (t->slots[at].hash != hash)
            continue;
        struct zj_flow *flow = &t->flows[t->slots[at].flow];
        if (zj_flow_is(flow, l, out_dir))
            return flow;
    }
    return NULL;
}

static void index_add(struct zj_flow_slot *slots, uint64_t mask, struct zj_flow_slot slot)
{
    uint64_t at = slot.hash & mask;
    while (slots[at].flow)
        at = (at + 1) & mask;
    slots[at] = slot;
}

static void grow(struct zj_flows *t)
{
    const uint64_t old = t->mask + 1, mask = old * 2 - 1;
    struct zj_flow_slot *slots = zj_pages_reserve((mask + 1) * sizeof *slots);
    for (uint64_t i = 0; i < old; i++)
        if (t->slots[i].flow)
            index_add(slots, mask, t->slots[i]);
    zj_pages_release(t->slots, old * sizeof *t->slots);
    t->slots = slots;
    t->mask = mask;
}

/* Closes the hole by moving back what stands after it and would no longer be found. */
static void index_remove(struct zj_flows *t, uint32_t hash, uint32_t number)
{
    uint64_t hole = hash & t->mask;
    while (t->slots[hole].flow != number)
        hole = (hole + 1) & t->mask;
    for (uint64_t at = (hole + 1) & t->mask; t->slots[at].flow; at = (at + 1) & t->mask) {
        const uint64_t home = t->slots[at].hash & t->mask;
        if (((at - home) & t->mask) >= ((at - hole) & t->mask)) {
            t->slots[hole] = t->slots[at];
            hole = at;
        }
    }
    t->slots[hole] = (struct zj_flow_slot){0};
}

static uint32_t number_of(const struct zj_flows *t, const struct zj_flow *flow)
{
    return (uint32_t)(flow - t->flows);
}

static void wheel_add(struct zj_flows *t, struct zj_flow *flow)
{
    const uint32_t number = number_of(t, flow);
    int64_t due_s = flow->last_ns / ZJ_NS_PER_S + idle_s[flow->age] + 1;
    if (due_s <= t->now_s || due_s >= t->now_s + ZJ_WHEEL_SLOTS) /* a clock that jumped */
        due_s = t->now_s + idle_s[flow->age] + 1;
    flow->wheel_slot = (uint16_t)((uint64_t)due_s % ZJ_WHEEL_SLOTS);
    uint32_t *head = &t->wheel[flow->wheel_slot];
    flow->wheel_prev = ZJ_FLOW_NONE;
    flow->wheel_next = *head;
    if (*head)
        t->flows[*head].wheel_prev = number;
    *head = number;
}

static void wheel_remove(struct zj_flows *t, struct zj_flow *flow)
{
    if (flow->wheel_prev)
        t->flows[flow->wheel_prev].wheel_next = flow->wheel_next;
    else
        t->wheel[flow->wheel_slot] = flow->wheel_next;
    if (flow->wheel_next)
        t->flows[flow->wheel_next].wheel_prev = flow->wheel_prev;
}

struct zj_flow *zj_flow_add(struct zj_flows *t, const struct zj_layers *l, bool source_is_client,
                            enum zj_flow_age age, int64_t time_ns)
{
    if (((uint64_t)t->count + 1) * 3 > (t->mask + 1) * 2)
        grow(t);
    uint32_t number = t->unused;
    if (number)
        t->unused = t->flows[number].wheel_next;
    else
        number = t->made++;
    t->count++;
    struct zj_flow *flow = &t->flows[number];
    const int client = source_is_client ? 0 : 1;
    *flow = (struct zj_flow){.port = {l->port[client], l->port[1 - client]},
                             .proto = l->proto,
                             .age = (uint8_t)age,
                             .last_ns = time_ns,
                             .first_ns = time_ns,
                             .hash = (uint32_t)l->hash};
    memcpy(flow->addr[0], l->addr[client], sizeof flow->addr[0]);
    memcpy(flow->addr[1], l->addr[1 - client], sizeof flow->addr[1]);
    index_add(t->slots, t->mask, (struct zj_flow_slot){flow->hash, number});
    wheel_add(t, flow);
    return flow;
}

void zj_flow_remove(struct zj_flows *t, struct zj_flow *flow)
{
    const uint32_t number = number_of(t, flow);
    wheel_remove(t, flow);
    index_remove(t, flow->hash, number);
    flow->proto = 0;
    flow->wheel_next = t->unused;
    t->unused = number;
    t->count--;
}

void zj_flow_set_age(struct zj_flows *t, struct zj_flow *flow, enum zj_flow_age age)
{
    wheel_remove(t, flow);
    flow->age = (uint8_t)age;
    wheel_add(t, flow);
}

void zj_flow_swap(struct zj_flow *flow)
{
    const struct zj_flow old = *flow;
    for (int dir = 0; dir < 2; dir++) {
        memcpy(flow->addr[dir], old.addr[1 - dir], sizeof flow->addr[dir]);
        flow->port[dir] = old.port[1 - dir];
        flow->next_seq[dir] = old.next_seq[1 - dir];
        flow->packets[dir] = old.packets[1 - dir];
        flow->bytes[dir] = old.bytes[1 - dir];
    }
    const unsigned pairs = ZJ_FLOW_HAS_SEQ | ZJ_FLOW_FIN | ZJ_FLOW_SEEN;
    flow->flags = (uint8_t)((old.flags & ~(pairs | pairs << 1)) | (old.flags & pairs) << 1 |
                            ((unsigned)old.flags >> 1 & pairs));
    flow->looks[0] = (uint8_t)(old.looks[0] << 4 | old.looks[0] >> 4);
    flow->holes = (uint16_t)((old.holes & 1) << 1 | old.holes >> 1);
}

/* The first flow of the wheel's present slot that is really idle; the others go to their slot. */
static struct zj_flow *expired_here(struct zj_flows *t, int64_t now_ns)
{
    uint32_t *head = &t->wheel[(uint64_t)t->now_s % ZJ_WHEEL_SLOTS];
    while (*head) {
        struct zj_flow *flow = &t->flows[*head];
        int64_t idle_ns = now_ns - flow->last_ns;
        if (idle_ns < 0)
            idle_ns = idle_ns < -REBASE_S * ZJ_NS_PER_S ? INT64_MAX : 0;
        if (idle_ns >= idle_s[flow->age] * ZJ_NS_PER_S)
            return flow;
        wheel_remove(t, flow);
        wheel_add(t, flow);
    }
    return NULL;
}

struct zj_flow *zj_flows_expired(struct zj_flows *t, int64_t now_ns)
{
    const int64_t now_s = now_ns / ZJ_NS_PER_S;
    if (t->now_s == 0 || now_s < t->now_s - REBASE_S)
        t->now_s = now_s;
    if (now_s - t->now_s > ZJ_WHEEL_SLOTS) /* one turn meets every flow */
        t->now_s = now_s - ZJ_WHEEL_SLOTS;
    for (; t->now_s < now_s; t->now_s++) {
        struct zj_flow *flow = expired_here(t, now_ns);
        if (flow)
            return flow;
    }
    return NULL;
}

struct zj_flow *zj_flows_oldest(struct zj_flows *t)
{
    enum { MOVES_MAX = 64 }; /* flows whose slot is out of date go to their own on the way */
    struct zj_flow *flow = NULL;
    int moves = 0;
    for (int64_t s = t->now_s; s < t->now_s + ZJ_WHEEL_SLOTS; s++) {
        uint32_t *head = &t->wheel[(uint64_t)s % ZJ_WHEEL_SLOTS];
        while (*head) {
            flow = &t->flows[*head];
            const int64_t due_s = flow->last_ns / ZJ_NS_PER_S + idle_s[flow->age] + 1;
            if (due_s <= s || ++moves > MOVES_MAX)
                return flow;
            const uint16_t slot = flow->wheel_slot;
            wheel_remove(t, flow);
            wheel_add(t, flow);
            if (flow->wheel_slot == slot)
                return flow;
        }
    }
    return flow;
}

struct zj_flow *zj_flows_next(struct zj_flows *t, uint32_t *at)
{
    while (++*at < t->made)
        if (t->flows[*at].proto)
            return &t->flows[*at];
    return NULL;
}

void zj_flows_clear(struct zj_flows *t)
{
    const struct zj_flows old = *t;
    zj_flows_release(t);
    t->budget = old.budget;
    t->granted = old.granted;
    t->max = old.max;
    make(t);
}

struct zj_flow_key zj_flow_key_of(const struct zj_flow *flow)
{
    struct zj_flow_key key = {.client_port = flow->port[0],
                              .server_port = flow->port[1],
                              .over = flow->proto == ZJ_PROTO_TCP ? ZJ_OVER_TCP : ZJ_OVER_UDP};
    memcpy(key.client.bytes, flow->addr[0], sizeof key.client.bytes);
    memcpy(key.server.bytes, flow->addr[1], sizeof key.server.bytes);
    return key;
}

uint64_t zj_flow_id(const struct zj_flow *flow)
{
    const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t id = (uint64_t)flow->first_ns;
    for (int end = 0; end < 2; end++) {
        id = (id ^ flow->addr[end][0]) * odd;
        id = (id ^ id >> 29 ^ flow->addr[end][1]) * odd;
        id = (id ^ id >> 31 ^ flow->port[end]) * odd;
    }
    return (id ^ id >> 32 ^ flow->proto) >> 11; /* 53 bits */
}
