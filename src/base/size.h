/* Amounts of bytes for people: decimal units, the same everywhere. */
#ifndef ZJ_BASE_SIZE_H
#define ZJ_BASE_SIZE_H

#include <stdint.h>

enum { ZJ_SIZE_TEXT = 16 };

/* "999 B", "1.4 MB", "730 MB": a thousand is the next unit, up to PB. */
void zj_size_text(uint64_t bytes, char out[ZJ_SIZE_TEXT]);

#endif
