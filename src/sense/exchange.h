/* What workers tell each other of vehicles: a vehicle that is online twice, or whose position jumps,
 * has flows that belong to two of them. One place for each vehicle, by a hash of its name; where two
 * share one, the later has it. A worker asks only when another one wrote last. */
#ifndef ZJ_SENSE_EXCHANGE_H
#define ZJ_SENSE_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

struct zj_exchange;
struct zj_sight;

struct zj_exchange *zj_exchange_new(int64_t memory_bytes);
void zj_exchange_free(struct zj_exchange *x); /* accepts NULL */

/* Brings what another worker knows into sight->vehicle. False: the message is older than that, for
 * workers are not in step, and says nothing of who speaks now. */
bool zj_exchange_ask(struct zj_exchange *x, const struct zj_sight *sight);
/* After the message was learnt from. */
void zj_exchange_tell(struct zj_exchange *x, const struct zj_sight *sight);

#endif
