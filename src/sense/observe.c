/* The fact path: what the packet path tells of flows and frames becomes facts,
 * detections and events for the sink. zj_observe_message is the life of a message, in order. */
#include <stdio.h>
#include <sys/random.h>

#include "base/hash.h"
#include "sense/observer.h"
#include "sense/relay.h"

#define DEFAULT_MEMORY   (INT64_C(512) << 20)
#define DEFAULT_FLUSH_NS ZJ_NS_PER_S

/* Shares of the memory, in hundredths. Sessions, vehicles, their facts and transfers share one
 * budget; none of them may take it all. */
enum {
    SHARE_GROWING = 75,
    SHARE_OF_ONE = 48, /* of that and what is common: one table's most */
    SHARE_SERVICES = 5,
    SHARE_COMMANDS = 3,
    SHARE_DETECTIONS = 7,
    SHARE_STRINGS = 5,
    SHARE_PRINTS = 4,
    PRINTS_MIN = 1 << 10,
    SPILL_RECORDS = 256,
    SPARE_BYTES = 1 << 20, /* every table may have a piece in any case */
};

static void init_vehicles(struct zj_observer *obs, int64_t memory_bytes)
{
    zj_table_init(&obs->vehicles, &(struct zj_table_shape){
                                      .record_bytes = sizeof(struct zj_vehicle),
                                      .key_at = offsetof(struct zj_vehicle, key),
                                      .key_bytes = sizeof(struct zj_vehicle_key),
                                      .memory_bytes = memory_bytes,
                                      .seed = obs->seed,
                                      .budget = &obs->budget,
                                      .pages = &obs->pages,
                                  });
}

static void init_prints(struct zj_observer *obs, int64_t memory_bytes)
{
    uint64_t count = PRINTS_MIN;
    while (2 * count * sizeof *obs->prints <= (uint64_t)memory_bytes)
        count *= 2;
    obs->prints = zj_pages_reserve(count * sizeof *obs->prints);
    obs->print_mask = count - 1;
}

struct zj_observer *zj_observer_new(struct zj_job *job, const struct zj_sense_opts *opts,
                                    struct zj_sink *sink, struct zj_sense_stats *stats,
                                    int64_t memory_bytes, int64_t *common)
{
    struct zj_observer *obs = zj_alloc(sizeof *obs);
    const int64_t percent = (memory_bytes > 0 ? memory_bytes : DEFAULT_MEMORY) / 100;
    obs->job = job;
    obs->sink = sink;
    obs->stats = stats;
    obs->want_events = opts->want_events && sink->events;
    obs->scan_payloads = opts->scan_payloads;
    obs->flush_ns = opts->flush_ms > 0 ? opts->flush_ms * 1000000 : DEFAULT_FLUSH_NS;
    obs->scan = zj_identify_scan;
    obs->scratch = opts->identifier ? zj_identify_scratch(opts->identifier) : NULL;
    obs->label_count = 1; /* 0: none */
    if (getrandom(&obs->seed, sizeof obs->seed, GRND_NONBLOCK) != sizeof obs->seed)
        obs->seed = (uint64_t)(uintptr_t)obs; /* early boot: the address is random enough */
    obs->names = zj_alloc(ZJ_NAME_SLOTS * sizeof *obs->names);
    zj_strings_init(&obs->strings, percent * SHARE_STRINGS, obs->seed, &stats->drop_fact);
    obs->budget = (struct zj_budget){percent * SHARE_GROWING, common};
    const int64_t memory_of_all = (common ? *common : 0) + percent * SHARE_GROWING;
    const int64_t most = memory_of_all / 100 * SHARE_OF_ONE;
    zj_pages_init(&obs->pages, (size_t)(memory_of_all + SPARE_BYTES));
    zj_session_pool_init(&obs->sessions, most, &obs->budget, &obs->pages);
    init_vehicles(obs, most);
    init_prints(obs, percent * SHARE_PRINTS);
    zj_identity_init(obs, most);
    zj_service_init(obs, percent * SHARE_SERVICES);
    zj_transfer_init(obs, most);
    zj_seen_init(obs, opts, most);
    zj_command_init(obs, percent * SHARE_COMMANDS);
    zj_detect_init(obs, opts->detections, percent * SHARE_DETECTIONS);
    return obs;
}

struct zj_observer *zj_observer_relay(struct zj_relay *relay, const struct zj_sense_opts *opts)
{
    struct zj_observer *obs = zj_alloc(sizeof *obs);
    obs->relay = relay;
    obs->scan_payloads = opts->scan_payloads;
    obs->scan = zj_identify_scan;
    obs->scratch = opts->identifier ? zj_identify_scratch(opts->identifier) : NULL;
    return obs;
}

void zj_observer_free(struct zj_observer *obs)
{
    if (!obs)
        return;
    zj_table_release(&obs->vehicles);
    zj_table_release(&obs->identities);
    zj_table_release(&obs->services);
    zj_table_release(&obs->transfers);
    zj_table_release(&obs->commands);
    zj_table_release(&obs->detections);
    zj_table_release(&obs->hours);
    zj_table_release(&obs->tallies);
    zj_table_release(&obs->seen);
    zj_session_pool_release(&obs->sessions);
    zj_pages_end(&obs->pages);
    zj_strings_release(&obs->strings);
    zj_identify_scratch_free(obs->scratch);
    zj_buf_release(&obs->eve.out);
    free(obs->names);
    zj_pages_release(obs->prints, (obs->print_mask + 1) * sizeof *obs->prints);
    free(obs);
}

uint8_t zj_label(struct zj_observer *obs, const char *static_text)
{
    for (unsigned i = 1; i < obs->label_count; i++)
        if (obs->labels[i] == static_text)
            return (uint8_t)i;
    if (!static_text || obs->label_count == ZJ_LABELS_MAX)
        return 0;
    obs->labels[obs->label_count] = static_text;
    return (uint8_t)obs->label_count++;
}

const char *zj_label_text(const struct zj_observer *obs, uint8_t label)
{
    return label ? obs->labels[label] : "";
}

uint32_t zj_addr_hash(const struct zj_observer *obs, const struct zj_addr *addr)
{
    const uint32_t hash = (uint32_t)zj_hash(zj_span_of(addr->bytes, sizeof addr->bytes), obs->seed);
    return hash ? hash : 1;
}

const char *zj_security_name(enum zj_security security)
{
    switch (security) {
    case ZJ_SECURITY_TLS:
        return "tls";
    case ZJ_SECURITY_UNIT:
        return "unit";
    case ZJ_SECURITY_UNKNOWN:
    case ZJ_SECURITY_NONE:
        break;
    }
    return "none";
}

static void advance(struct zj_observer *obs, int64_t time_ns)
{
    if (obs->flushed_ns == 0)
        obs->flushed_ns = time_ns;
    if (time_ns > obs->now_ns)
        obs->now_ns = time_ns;
}

void zj_observe_protocol(struct zj_observer *obs, struct zj_session **session,
                         const struct zj_moment *at)
{
    if (obs->relay) /* a message comes with it */
        return;
    advance(obs, at->time_ns);
    zj_session_get(obs, session, at);
}

void zj_observe_prefetch(const struct zj_observer *obs, const struct zj_session *session, int step)
{
    if (!session)
        return;
    if (step == 0) {
        zj_ask_for(session, sizeof *session);
        return;
    }
    zj_table_ask(&obs->vehicles, session->vehicle_hint);
    zj_table_ask(&obs->identities, session->identity_hint);
    zj_table_ask(&obs->transfers, session->transfer_hint[0]);
}

/* The memory of frames seen is large and this place in it is far: it is asked for long before the
 * detection looks. */
static void ask_for_print(struct zj_sight *t)
{
    const struct zj_observer *obs = t->obs;
    t->print_hash = zj_hash_long(t->at->frame, obs->seed ^ t->platform_hash) | 1;
    t->print = &obs->prints[t->print_hash & obs->print_mask];
    __builtin_prefetch(t->print, 1);
}

/* Data without a message: of unpacked bodies and of text. It makes facts only where something is
 * found in it, for most text names nobody. */
static void observe_data(struct zj_observer *obs, struct zj_session **session,
                         const struct zj_moment *at, const struct zj_msg *msg)
{
    struct zj_sight sight;
    sight.obs = obs;
    sight.at = at;
    sight.msg = msg;
    sight.print = NULL;
    if (!zj_transfer_look(&sight, *session))
        return;
    sight.session = zj_session_get(obs, session, at);
    zj_session_resolve(&sight);
    sight.once = !obs->keeps_seen || sight.session->is_scratch || !zj_seen_before(&sight);
    if (at->codec == &zj_codec_text)
        zj_service_see(&sight);
    zj_transfer_see(&sight);
}

void zj_observe_message(struct zj_observer *obs, struct zj_session **session,
                        const struct zj_moment *at, const struct zj_msg *msg)
{
    if (obs->relay) {
        zj_relay_message(obs, session, at, msg);
        return;
    }
    advance(obs, at->time_ns);
    if (at->data == ZJ_DATA_ALONE) {
        observe_data(obs, session, at, msg);
        return;
    }
    struct zj_sight sight;
    sight.obs = obs;
    sight.session = zj_session_get(obs, session, at);
    sight.at = at;
    sight.msg = msg;
    zj_session_resolve(&sight);
    sight.once = !obs->keeps_seen || sight.session->is_scratch || !zj_seen_before(&sight);
    obs->stats->frames_known += !sight.once;
    sight.print = NULL;
    if (msg->has_time && !sight.is_answer)
        ask_for_print(&sight);
    sight.finds = NULL;
    sight.find_count = 0;
    zj_service_see(&sight);
    if (!msg->error) {
        zj_identity_see(&sight);
        zj_transfer_see(&sight);
        zj_command_see(&sight);
    }
    if (obs->want_events)
        zj_eve_message(&sight);
    zj_detect_message(&sight);
    zj_session_learn(&sight);
    if (sight.session->protocol == ZJ_PROTOCOL_DNS || sight.session->protocol == ZJ_PROTOCOL_TLS)
        zj_names_learn(obs, &sight);
}

void zj_observe_flow_end(struct zj_observer *obs, struct zj_session **session,
                         const struct zj_moment *at, const uint64_t packets[2],
                         const uint64_t bytes[2], int64_t first_ns)
{
    if (obs->relay) {
        zj_relay_flow_end(obs->relay, session, at, packets, bytes, first_ns);
        return;
    }
    advance(obs, at->time_ns);
    if (*session && (*session)->epoch != obs->epoch)
        (*session)->host = 0;
    if (*session)
        zj_service_end(obs, *session, at, bytes[0] + bytes[1]);
    zj_eve_flow(obs, *session, at, packets, bytes, first_ns);
    zj_session_free(obs, session);
}

/* Texts are never given back one by one. Before their memory ends, the facts that name some are
 * sent and forgotten, and all begins anew: what comes after is a first sight again. */
static void recycle_strings(struct zj_observer *obs)
{
    uint32_t at = 0;
    zj_table_clear(&obs->services);
    zj_table_clear(&obs->transfers);
    zj_table_clear(&obs->commands);
    for (struct zj_vehicle *v; (v = zj_table_next(&obs->vehicles, &at));)
        v->link.spare = 0;
    zj_table_clear(&obs->identities);
    zj_strings_clear(&obs->strings);
    obs->epoch++;
}

/* Differences go to the sink, unless it is busy: then they are kept where they are and grow, and a
 * slow store costs freshness and no packet. Each table has its turn. */
static void spill(struct zj_observer *obs, bool force)
{
    struct zj_table *tables[] = {
        &obs->identities, &obs->services, &obs->transfers, &obs->commands,
        &obs->detections, &obs->hours,    &obs->seen}; /* last: facts without it count twice, not
                                                          never */
    const bool can_wait = !force && obs->sink->is_busy;
    for (size_t i = 0; i < ZJ_COUNT(tables); i++) {
        const size_t turn = (obs->turn + i) % ZJ_COUNT(tables);
        do {
            if (can_wait && obs->sink->is_busy(obs->sink)) {
                obs->turn = turn;
                return;
            }
        } while (zj_table_spill(tables[turn], SPILL_RECORDS));
    }
    obs->turn = 0;
}

zj_err zj_observe_flush(struct zj_observer *obs, struct zj_job *job, int64_t now_ns, bool force)
{
    advance(obs, now_ns);
    if (!force && obs->now_ns - obs->flushed_ns < obs->flush_ns)
        return obs->err;
    obs->flushed_ns = obs->now_ns;
    spill(obs, force);
    zj_service_expire(obs);
    if (zj_strings_is_scarce(&obs->strings))
        recycle_strings(obs);
    zj_eve_send(obs);
    obs->stats->facts = (uint64_t)obs->identities.count + obs->services.count +
                        obs->transfers.count + obs->commands.count + obs->detections.count +
                        obs->hours.count;
    return obs->err ? obs->err : obs->sink->flush(obs->sink, job);
}
