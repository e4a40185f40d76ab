/* One large file of lines, read by several threads. Inside of this room. */
#ifndef ZJ_INVENTORY_SLICES_H
#define ZJ_INVENTORY_SLICES_H

#include "inventory/reader.h"

#define ZJ_SLICE_BYTES (UINT64_C(128) << 20)

struct zj_slices_how {
    unsigned threads;
    uint64_t slice_bytes; /* 0: ZJ_SLICE_BYTES; files below two slices are not cut */
    /* So many bytes were read. Called by one thread at a time. */
    void (*account)(void *ctx, uint64_t bytes);
    void *ctx;
};

/* Cuts the file at line ends near multiples of the slices' size, reads each slice into a table of
 * its own and puts the tables together in their order: what comes out depends on the file alone,
 * not on how many threads there are. False, and nothing is read, where it is not a large file of
 * lines. */
bool zj_read_slices(struct zj_scan *scan, int fd, uint64_t size, const char *path,
                    const struct zj_slices_how *how, zj_err *out_err);

#endif
