/* How fast something may go, as people write it. */
#ifndef ZJ_CLI_RATE_H
#define ZJ_CLI_RATE_H

#include <stdbool.h>
#include <stdint.h>

/* "0.3" and "0.3M" are 300000 bytes a second, "500KB/s" half a million; "0" is no limit. */
bool zj_rate_parse(const char *text, int64_t *out_bytes);

#endif
