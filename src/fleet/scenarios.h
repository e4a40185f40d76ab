/* A scenario: what it does and what must follow. Each is one function and one line in
 * scenarios.def. */
#ifndef ZJ_FLEET_SCENARIOS_H
#define ZJ_FLEET_SCENARIOS_H

#include "fleet/world.h"

#define ZJ_SCENARIO(id, en, zh) void zj_scenario_##id(struct zj_world *w, int64_t at_ns);
#include "fleet/scenarios.def"
#undef ZJ_SCENARIO

#endif
