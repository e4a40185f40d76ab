/* Which messages were counted before: captures overlap, are read twice, or hold a part of another.
 * A flow is its two ends; what was counted of it are times from … to. A message between them is one
 * that was counted. It still tells all it has to tell, and adds nothing. ADR 8 says why. */
#include "base/hash.h"
#include "sense/observer.h"

#define CONTINUES_NS (600 * ZJ_NS_PER_S) /* a flow found open so soon after is the same one */

#define SWERVE_NS    ZJ_NS_PER_S /* packets of one capture are out of order by less */

struct seen {
    struct zj_link link;
    uint64_t ends;
    int64_t from_ns, to_ns; /* of its messages in this run */
    int64_t rest_bytes;     /* outside frames */
};

static void spill_seen(void *owner, void *record)
{
    struct zj_observer *obs = owner;
    const struct seen *s = record;
    const struct zj_seen row = {s->ends, s->from_ns, s->to_ns, s->rest_bytes};
    if (!obs->err)
        obs->err = obs->sink->seen(obs->sink, obs->job, &row);
}

void zj_seen_init(struct zj_observer *obs, const struct zj_sense_opts *opts, int64_t memory_bytes)
{
    obs->keeps_seen = opts->keeps_seen && obs->sink->seen;
    obs->before = opts->seen;
    obs->before_count = opts->seen_count;
    zj_table_init(&obs->seen, &(struct zj_table_shape){
                                  .record_bytes = sizeof(struct seen),
                                  .key_at = offsetof(struct seen, ends),
                                  .key_bytes = sizeof(uint64_t),
                                  .memory_bytes = memory_bytes,
                                  .seed = obs->seed,
                                  .budget = &obs->budget,
                                  .spill = spill_seen,
                                  .owner = obs,
                              });
}

/* The same in every run and for either direction; never 0. */
static uint64_t ends_of(const struct zj_flow_key *key)
{
    uint64_t sum = 0;
    for (int i = 0; i < 2; i++) {
        const struct zj_addr *addr = i ? &key->server : &key->client;
        const uint16_t port = i ? key->server_port : key->client_port;
        uint8_t end[sizeof addr->bytes + sizeof port + 1];
        memcpy(end, addr->bytes, sizeof addr->bytes);
        memcpy(end + sizeof addr->bytes, &port, sizeof port);
        end[sizeof end - 1] = key->over;
        sum += zj_hash(zj_span_of(end, sizeof end), 0) >> 1;
    }
    sum &= INT64_MAX; /* databases have no larger number */
    return sum ? sum : 1;
}

/* The first of the times that earlier runs counted of this flow; NULL: none. */
static const struct zj_seen *find_before(const struct zj_observer *obs, uint64_t ends)
{
    size_t low = 0, high = obs->before_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (obs->before[middle].ends < ends)
            low = middle + 1;
        else
            high = middle;
    }
    return low < obs->before_count && obs->before[low].ends == ends ? &obs->before[low] : NULL;
}

static bool is_of(const struct zj_observer *obs, const struct zj_seen *b, uint64_t ends)
{
    return b && b < obs->before + obs->before_count && b->ends == ends;
}

/* Counted by an earlier run? A flow whose opening was not seen goes on where it was left. */
static bool was_before(const struct zj_observer *obs, uint64_t ends, int64_t time_ns,
                       int64_t after_ns)
{
    for (const struct zj_seen *b = find_before(obs, ends); is_of(obs, b, ends); b++)
        if (time_ns >= b->from_ns && time_ns - after_ns <= b->to_ns)
            return true;
    return false;
}

bool zj_seen_before(const struct zj_sight *t)
{
    struct zj_observer *obs = t->obs;
    struct zj_session *s = t->session;
    const int64_t now_ns = t->at->time_ns;
    const bool is_first = !s->ends;
    bool is_new, is_again;
    if (is_first)
        s->ends = ends_of(t->at->key);
    struct seen *v = zj_table_get(&obs->seen, &s->ends, &s->seen_hint, now_ns, &is_new);
    if (is_new) {
        v->from_ns = v->to_ns = now_ns;
        is_again = false;
    } else if (is_first && (now_ns < v->from_ns || now_ns > v->to_ns)) {
        spill_seen(obs, v); /* another flow between the same ends */
        v->from_ns = v->to_ns = now_ns;
        v->rest_bytes = 0;
        is_again = false;
    } else { /* a flow that began again before its end: this run reads it a second time */
        s->is_read_again |= is_first || now_ns < v->to_ns - SWERVE_NS;
        is_again = s->is_read_again && now_ns <= v->to_ns;
    }
    if (now_ns > v->to_ns)
        v->to_ns = now_ns;
    is_again |= was_before(obs, s->ends, now_ns, 0);
    if (is_first)
        s->is_counted = s->was_counted =
            is_again || (!t->at->has_opening && was_before(obs, s->ends, now_ns, CONTINUES_NS));
    zj_table_mark(&obs->seen, v);
    return is_again;
}

bool zj_seen_inside(struct zj_observer *obs, struct zj_session *s)
{
    if (!s->ends || s->was_counted)
        return false;
    const struct seen *v = zj_table_find(&obs->seen, &s->ends, &s->seen_hint);
    for (const struct zj_seen *b = v ? find_before(obs, s->ends) : NULL; is_of(obs, b, s->ends); b++)
        if (b->from_ns > v->from_ns && b->from_ns <= v->to_ns)
            return true;
    return false;
}

int64_t zj_seen_rest(struct zj_observer *obs, struct zj_session *s, int64_t bytes)
{
    int64_t counted = 0;
    if (!s->ends)
        return bytes;
    struct seen *v = zj_table_find(&obs->seen, &s->ends, &s->seen_hint);
    if (!v)
        return bytes;
    for (const struct zj_seen *b = find_before(obs, s->ends); is_of(obs, b, s->ends); b++)
        if (b->from_ns <= v->to_ns && b->to_ns >= v->from_ns)
            counted += b->rest_bytes;
    if (s->is_read_again)
        counted += v->rest_bytes;
    if (bytes > v->rest_bytes)
        v->rest_bytes = bytes;
    zj_table_mark(&obs->seen, v);
    return bytes > counted ? bytes - counted : 0;
}
