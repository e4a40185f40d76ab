/* Who waits to write to a store file, told between processes: a lock on a file beside it, shared by
 * all who wait. It decides nothing; one who writes batch after batch looks at it and lets others in.
 * Where the folder takes no new file, nobody is seen to wait. Not for other rooms. */
#ifndef ZJ_STORE_TURN_H
#define ZJ_STORE_TURN_H

#include <stdbool.h>

/* Says that the caller waits; returns what zj_turn_end takes, -1: it could not be said. */
int zj_turn_wait(const char *store_path);
void zj_turn_end(const char *store_path, int turn);
/* Does anybody wait? Some microseconds. */
bool zj_turn_is_wanted(const char *store_path);

#endif
