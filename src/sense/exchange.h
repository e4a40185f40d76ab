/* What workers tell each other. A flow belongs to one of them, but a vehicle that is online twice or
 * whose position jumps has flows of two, and so have an address that guesses or floods, a platform
 * that commands a fleet, and a frame that is replayed: all that a detection remembers beyond one
 * session is here. Vehicles: one place each, by a hash of its name; where two share one, the later
 * has it, and a worker asks only when another one wrote last. */
#ifndef ZJ_SENSE_EXCHANGE_H
#define ZJ_SENSE_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

enum { ZJ_PLATFORMS = 3 }; /* of a vehicle that are remembered */

struct zj_exchange;
struct zj_sight;

struct zj_observer;
struct zj_print;
struct zj_tally_key;
struct zj_tally;

struct zj_exchange *zj_exchange_new(int64_t memory_bytes, int workers);
void zj_exchange_free(struct zj_exchange *x); /* accepts NULL */

/* Brings what another worker knows into sight->vehicle. False: the message is older than that, for
 * workers are not in step, and says nothing of who speaks now. */
bool zj_exchange_ask(struct zj_exchange *x, const struct zj_sight *sight);
/* After the message was learnt from. */
void zj_exchange_tell(struct zj_exchange *x, const struct zj_sight *sight);

/* The platforms that the vehicle named in this message logged in to, as hashes of their addresses;
 * those of all workers. False: none of them knows the vehicle. */
bool zj_exchange_platforms(struct zj_exchange *x, const struct zj_sight *sight,
                           uint32_t out[ZJ_PLATFORMS]);
/* It refused the vehicle. */
void zj_exchange_refused(struct zj_exchange *x, const struct zj_sight *sight);

/* For zj_observer_join: before its first message. All of an exchange hash alike, and the memory of
 * frames is one, as large as all together had. */
void zj_exchange_join(struct zj_exchange *x, struct zj_observer *obs);

/* What stood at the place, which now holds `print`. What is of later than that stays: the worker that
 * asks lags behind. */
struct zj_print zj_exchange_print(struct zj_exchange *x, struct zj_print *place,
                                  const struct zj_print *print);

/* The common memory of a rule about a subject; give it back at once. */
struct zj_tally *zj_exchange_tally(struct zj_exchange *x, const struct zj_tally_key *key,
                                   int64_t now_ns, bool *out_is_new);
void zj_exchange_tally_done(struct zj_exchange *x);

#endif
