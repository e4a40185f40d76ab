/* Keys of documents (JSON, XML). One that is a value itself, as of a map of telephones, is no name
 * of a column: its place in a path is "(value)", and it is a cell of the column "(key)" beside it.
 * And what the records of a document are. Inside of this room. */
#ifndef ZJ_INVENTORY_KEYS_H
#define ZJ_INVENTORY_KEYS_H

#include "inventory/table.h"

enum { ZJ_KEYS_KNOWN = 1024, ZJ_RECORDS_PATHS = 64 };

struct zj_keys {
    struct zj_inv_table *table;
    size_t fold_at;                /* columns at which maps are looked for among them */
    uint64_t known[ZJ_KEYS_KNOWN]; /* hashes of keys; the last bit: it is a value */
};

/* Puts a key behind a path, with `mark` before it where the path or the mark is not empty. True: it
 * is a value. */
bool zj_keys_put(struct zj_keys *keys, struct zj_buf *path, struct zj_span key, const char *mark);

/* Elements of lists, by a hash of where such a list stands. */
struct zj_records {
    struct {
        uint64_t place, most, total; /* in one list, in all of this place */
    } lists[ZJ_RECORDS_PATHS];
};

void zj_records_add(struct zj_records *records, uint64_t place, uint64_t count);
/* How many there are in the lists of which one is the longest of all; 0 where there is no list. */
uint64_t zj_records_count(const struct zj_records *records);

#endif
