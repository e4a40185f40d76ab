#include "sense/exchange.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/random.h>

#include "base/hash.h"
#include "base/mem.h"
#include "sense/observer.h"

enum { PLACES_MIN = 1 << 10, LOCKS = 256, TALLY_SHARE = 5 /* a fifth of the memory */ };

struct place {
    _Atomic uint32_t flow; /* the vehicle's latest; read without the lock */
    uint32_t other_flow, frames_on_flow, switched_s;
    uint64_t name; /* hash */
    int64_t last_ns;
    struct zj_addr client, server;
    uint32_t platforms[ZJ_PLATFORMS]; /* hashes, which all workers make alike; 0: none */
    int64_t fix_s;
    uint32_t fix_seen_s;
    int32_t lat_e6, lon_e6;
    uint8_t coordinates;
    bool has_fix;
};

struct zj_exchange {
    uint64_t mask, seed;
    struct place *places;
    struct zj_print *prints;
    uint64_t print_mask;
    int workers;
    struct zj_table tallies; /* under its own lock: rare */
    pthread_mutex_t tally_lock;
    pthread_mutex_t locks[LOCKS];
};

struct zj_exchange *zj_exchange_new(int64_t memory_bytes, int workers)
{
    struct zj_exchange *x = zj_alloc(sizeof *x);
    const int64_t tally_bytes = memory_bytes / TALLY_SHARE;
    uint64_t count = PLACES_MIN;
    x->workers = workers;
    if (getrandom(&x->seed, sizeof x->seed, GRND_NONBLOCK) != sizeof x->seed)
        x->seed = (uint64_t)(uintptr_t)x; /* early boot: the address is random enough */
    zj_tallies_init(&x->tallies, x->seed, tally_bytes);
    pthread_mutex_init(&x->tally_lock, NULL);
    while (2 * count * sizeof *x->places <= (uint64_t)(memory_bytes - tally_bytes))
        count *= 2;
    x->mask = count - 1;
    x->places = zj_alloc(count * sizeof *x->places);
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_init(&x->locks[i], NULL);
    return x;
}

void zj_exchange_free(struct zj_exchange *x)
{
    if (!x)
        return;
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_destroy(&x->locks[i]);
    pthread_mutex_destroy(&x->tally_lock);
    zj_table_release(&x->tallies);
    zj_pages_release(x->prints, (x->print_mask + 1) * sizeof *x->prints);
    free(x->places);
    free(x);
}

/* Not seeded: what is lost by names chosen to collide is a detection over two workers. */
static uint64_t name_of(const struct zj_vehicle *v)
{
    return zj_hash(zj_span_of(&v->key, sizeof v->key), 0);
}

static void add_platforms(uint32_t to[ZJ_PLATFORMS], const uint32_t from[ZJ_PLATFORMS])
{
    for (size_t i = 0; i < ZJ_PLATFORMS; i++) {
        size_t room = ZJ_PLATFORMS;
        bool is_there = !from[i];
        for (size_t at = ZJ_PLATFORMS; at-- > 0;) {
            is_there |= to[at] == from[i];
            room = to[at] ? room : at;
        }
        if (!is_there && room < ZJ_PLATFORMS)
            to[room] = from[i];
    }
}

static struct place *lock(struct zj_exchange *x, uint64_t name, pthread_mutex_t **out_lock)
{
    *out_lock = &x->locks[name % LOCKS];
    pthread_mutex_lock(*out_lock);
    return &x->places[name & x->mask];
}

bool zj_exchange_ask(struct zj_exchange *x, const struct zj_sight *t)
{
    struct zj_vehicle *v = t->vehicle;
    const uint64_t name = name_of(v);
    if (atomic_load_explicit(&x->places[name & x->mask].flow, memory_order_relaxed) == v->flow)
        return true;
    pthread_mutex_t *held;
    const struct place *p = lock(x, name, &held);
    const bool is_known = p->name == name && p->flow;
    const bool is_late = is_known && t->at->time_ns < p->last_ns;
    if (is_known && !is_late) {
        v->flow = p->flow;
        v->other_flow = p->other_flow;
        v->frames_on_flow = p->frames_on_flow;
        v->switched_s = p->switched_s;
        v->client = p->client;
        v->server = zj_addr_hash(t->obs, &p->server);
        add_platforms(v->platforms, p->platforms);
        if (p->has_fix) {
            v->has_fix = true;
            v->fix_s = p->fix_s;
            v->fix_seen_s = p->fix_seen_s;
            v->lat_e6 = p->lat_e6;
            v->lon_e6 = p->lon_e6;
            v->coordinates = p->coordinates;
        }
    }
    pthread_mutex_unlock(held);
    return !is_late;
}

void zj_exchange_tell(struct zj_exchange *x, const struct zj_sight *t)
{
    const struct zj_vehicle *v = t->vehicle;
    const uint64_t name = name_of(v);
    pthread_mutex_t *held;
    struct place *p = lock(x, name, &held);
    if (p->name != name)
        memset(p->platforms, 0, sizeof p->platforms);
    add_platforms(p->platforms, v->platforms);
    atomic_store_explicit(&p->flow, v->flow, memory_order_relaxed);
    p->other_flow = v->other_flow;
    p->frames_on_flow = v->frames_on_flow;
    p->switched_s = v->switched_s;
    p->name = name;
    p->last_ns = t->at->time_ns;
    p->client = v->client;
    p->server = *t->platform;
    p->fix_s = v->fix_s;
    p->fix_seen_s = v->fix_seen_s;
    p->lat_e6 = v->lat_e6;
    p->lon_e6 = v->lon_e6;
    p->coordinates = v->coordinates;
    p->has_fix = v->has_fix;
    pthread_mutex_unlock(held);
}

/* The place of the vehicle that the message names, whether this worker knows it or not. */
static struct place *lock_named(struct zj_exchange *x, const struct zj_sight *t,
                                pthread_mutex_t **out_lock, bool *out_is_it)
{
    const bool is_jt808 = t->session->protocol == ZJ_PROTOCOL_JT808;
    const struct zj_span id = is_jt808 ? t->msg->phone : t->msg->vin;
    struct zj_vehicle_key key = {.protocol = t->session->protocol};
    memcpy(key.id, id.at, id.len < sizeof key.id ? id.len : sizeof key.id);
    const uint64_t name = zj_hash(zj_span_of(&key, sizeof key), 0);
    struct place *p = lock(x, name, out_lock);
    *out_is_it = id.len && p->name == name && p->flow;
    return p;
}

bool zj_exchange_platforms(struct zj_exchange *x, const struct zj_sight *t,
                           uint32_t out[ZJ_PLATFORMS])
{
    pthread_mutex_t *held;
    bool is_it;
    const struct place *p = lock_named(x, t, &held, &is_it);
    memset(out, 0, ZJ_PLATFORMS * sizeof *out);
    if (is_it)
        memcpy(out, p->platforms, sizeof p->platforms);
    pthread_mutex_unlock(held);
    return is_it;
}

void zj_exchange_refused(struct zj_exchange *x, const struct zj_sight *t)
{
    pthread_mutex_t *held;
    bool is_it;
    struct place *p = lock_named(x, t, &held, &is_it);
    for (size_t i = 0; is_it && i < ZJ_PLATFORMS; i++)
        if (p->platforms[i] == t->platform_hash)
            p->platforms[i] = 0;
    pthread_mutex_unlock(held);
}

void zj_exchange_join(struct zj_exchange *x, struct zj_observer *obs)
{
    obs->exchange = x;
    obs->seed = x->seed;
    if (!x->prints) {
        uint64_t count = obs->print_mask + 1;
        for (int workers = x->workers; workers > 1; workers /= 2)
            count *= 2;
        x->prints = zj_pages_reserve(count * sizeof *x->prints);
        x->print_mask = count - 1;
    }
    zj_pages_release(obs->prints, (obs->print_mask + 1) * sizeof *obs->prints);
    obs->prints = x->prints;
    obs->print_mask = x->print_mask;
}

struct zj_print zj_exchange_print(struct zj_exchange *x, struct zj_print *place,
                                  const struct zj_print *print)
{
    pthread_mutex_t *held = &x->locks[(size_t)(place - x->prints) % LOCKS];
    pthread_mutex_lock(held);
    const struct zj_print then = *place;
    if (then.hash != print->hash || then.time_s <= print->time_s)
        *place = *print;
    pthread_mutex_unlock(held);
    return then;
}

struct zj_tally *zj_exchange_tally(struct zj_exchange *x, const struct zj_tally_key *key,
                                   int64_t now_ns, bool *out_is_new)
{
    pthread_mutex_lock(&x->tally_lock);
    return zj_table_get(&x->tallies, key, NULL, now_ns, out_is_new);
}

void zj_exchange_tally_done(struct zj_exchange *x)
{
    pthread_mutex_unlock(&x->tally_lock);
}
