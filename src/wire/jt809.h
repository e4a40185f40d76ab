/* Inside the room: the parts of the JT/T 809 codec. */
#ifndef ZJ_WIRE_JT809_H
#define ZJ_WIRE_JT809_H

#include "wire/walk.h"

/* NULL for an unknown id. */
const char *zj_j9_name(uint16_t id);
void zj_j9_body(struct zj_walk *w, uint16_t id, bool is_2019);

#endif
