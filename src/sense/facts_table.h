/* A table of records of one size with a key of fixed size, in a bounded memory: open addressing
 * over a seeded hash, records in chunks, so that a pointer stays good until its record is dropped.
 *
 * A record that changed is marked; spill_all gives every marked record to `spill`, in the order of
 * marking. When the table is full the oldest of a few records makes room, spilled first where it
 * is marked: nothing that was counted is lost, only the memory that its key was seen. */
#ifndef ZJ_SENSE_FACTS_TABLE_H
#define ZJ_SENSE_FACTS_TABLE_H

#include "base/span.h"
#include "sense/ask.h"
#include "sense/budget.h"
#include "sense/pages.h"

/* The first member of every record. */
struct zj_link {
    uint32_t hash;       /* 0: the place is free */
    uint32_t dirty_next; /* 0: not marked */
    uint32_t at;         /* its place */
    uint32_t spare;      /* the owner's */
    int64_t last_ns;     /* of the packet that touched it last */
};

struct zj_table {
    uint32_t record_bytes, key_at, key_bytes;
    uint32_t limit, count;
    uint32_t used; /* places handed out so far */
    uint32_t free_head;
    uint32_t dirty_head, dirty_tail;
    uint32_t hand; /* where the search for the oldest goes on */
    uint32_t slot_mask;
    uint32_t *slots; /* place + 1 */
    uint8_t **chunks;
    uint32_t chunk_count;
    uint64_t seed;
    struct zj_budget *budget; /* of all tables together; NULL: only the table's own limit */
    struct zj_pages *pages;   /* where records come from; NULL: from the allocator */
    uint64_t *dropped;        /* counter of records given up */
    uint32_t *moves; /* counter of records that are no longer where they were; may be NULL */
    void (*spill)(void *owner, void *record);
    void *owner;
};

struct zj_table_shape {
    size_t record_bytes, key_at, key_bytes;
    int64_t memory_bytes; /* at most */
    uint64_t seed;
    struct zj_budget *budget;
    struct zj_pages *pages;
    uint64_t *dropped;
    uint32_t *moves;
    void (*spill)(void *owner, void *record); /* NULL: records are never marked */
    void *owner;
};

void zj_table_init(struct zj_table *t, const struct zj_table_shape *shape);
void zj_table_release(struct zj_table *t);

enum { ZJ_TABLE_CHUNK = 256 /* records */ };

/* The record at a hint that `moves` shows to be good still. */
static inline void *zj_table_at(const struct zj_table *t, uint32_t hint)
{
    const uint32_t at = hint - 1;
    return t->chunks[at / ZJ_TABLE_CHUNK] + (size_t)(at % ZJ_TABLE_CHUNK) * t->record_bytes;
}

/* Asks for the memory of the record at the hint: of up to four lines. */
static inline void zj_table_ask(const struct zj_table *t, uint32_t hint)
{
    if (hint - 1 >= t->used)
        return;
    const uint8_t *record = zj_table_at(t, hint);
    zj_ask_for(record, 1);
    __builtin_prefetch(record + 64);
    __builtin_prefetch(record + 128);
    __builtin_prefetch(record + t->record_bytes - 1);
}

/* `key` is key_bytes long. `hint` (NULL: none) is where the key was last time; it may be stale. */
void *zj_table_find(struct zj_table *t, const void *key, uint32_t *hint);
/* Adds a zeroed record with its key where it is new. May drop another record. */
void *zj_table_get(struct zj_table *t, const void *key, uint32_t *hint, int64_t now_ns,
                   bool *out_is_new);
void zj_table_remove(struct zj_table *t, void *record);
void zj_table_mark(struct zj_table *t, void *record);
void zj_table_spill_all(struct zj_table *t);
/* The first `count` of the marked records; true where more are left. */
bool zj_table_spill(struct zj_table *t, int count);
void zj_table_clear(struct zj_table *t); /* spills all, then forgets every key */
/* Every record in turn: *at starts at 0; NULL at the end. */
void *zj_table_next(struct zj_table *t, uint32_t *at);

#endif
