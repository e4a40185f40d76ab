/* Memory in large pages for what is looked up at random: with small ones the processor looks for
 * the page longer than for the bytes. Zeroed; given back all at once. */
#ifndef ZJ_SENSE_PAGES_H
#define ZJ_SENSE_PAGES_H

#include <stddef.h>
#include <stdint.h>

/* Address space only: pages come when they are touched. Ends the process where there is none. */
void *zj_pages_reserve(size_t bytes);
void zj_pages_release(void *at, size_t bytes);

/* Pieces of one such range, one behind the other. */
struct zj_pages {
    uint8_t *at;
    size_t used, size;
};

void zj_pages_init(struct zj_pages *pages, size_t size);
void *zj_pages_take(struct zj_pages *pages, size_t bytes);
void zj_pages_end(struct zj_pages *pages);

#endif
