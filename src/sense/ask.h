/* Memory that will be wanted soon is asked for while something else is done. */
#ifndef ZJ_SENSE_ASK_H
#define ZJ_SENSE_ASK_H

#include <stddef.h>
#include <stdint.h>

/* The first line is loaded: nobody waits for it, and unlike a prefetch a load is not dropped where
 * the address of the page has to be found first. So the memory must be there. */
static inline void zj_ask_for(const void *at, size_t bytes)
{
    const uint8_t *line = at;
    (void)*(const volatile uint8_t *)line;
    for (size_t i = 64; i < bytes; i += 64)
        __builtin_prefetch(line + i);
    if (bytes > 1)
        __builtin_prefetch(line + bytes - 1);
}

#endif
