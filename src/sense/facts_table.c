#include "sense/facts_table.h"

#include "base/hash.h"
#include "base/mem.h"

enum { PER_CHUNK = ZJ_TABLE_CHUNK, SLOTS_MIN = 256, SAMPLE = 16, LIMIT_MIN = 64, SLOT_COST = 12 };
static const uint32_t LAST = UINT32_MAX; /* end of the list of marked records */

static struct zj_link *place(const struct zj_table *t, uint32_t at)
{
    return zj_table_at(t, at + 1);
}

static bool has_key(const struct zj_table *t, const struct zj_link *record, const void *key)
{
    return memcmp((const uint8_t *)record + t->key_at, key, t->key_bytes) == 0;
}

void zj_table_init(struct zj_table *t, const struct zj_table_shape *shape)
{
    const int64_t each = (int64_t)shape->record_bytes + SLOT_COST;
    int64_t limit = shape->memory_bytes / each;
    if (limit < LIMIT_MIN)
        limit = LIMIT_MIN;
    if (limit > INT32_MAX / 2)
        limit = INT32_MAX / 2;
    *t = (struct zj_table){
        .record_bytes = (uint32_t)((shape->record_bytes + 7) & ~(size_t)7),
        .key_at = (uint32_t)shape->key_at,
        .key_bytes = (uint32_t)shape->key_bytes,
        .limit = (uint32_t)limit,
        .free_head = LAST,
        .slot_mask = SLOTS_MIN - 1,
        .slots = zj_alloc(SLOTS_MIN * sizeof(uint32_t)),
        .seed = shape->seed,
        .budget = shape->budget,
        .pages = shape->pages,
        .dropped = shape->dropped,
        .moves = shape->moves,
        .spill = shape->spill,
        .owner = shape->owner,
    };
}

void zj_table_release(struct zj_table *t)
{
    for (uint32_t i = 0; i < t->chunk_count && !t->pages; i++)
        free(t->chunks[i]);
    free(t->chunks);
    free(t->slots);
    *t = (struct zj_table){0};
}

static uint32_t hash_of(const struct zj_table *t, const void *key)
{
    const uint32_t hash = (uint32_t)zj_hash(zj_span_of(key, t->key_bytes), t->seed);
    return hash ? hash : 1;
}

static struct zj_link *find(struct zj_table *t, const void *key, uint32_t hash, uint32_t *hint)
{
    for (uint32_t slot = hash & t->slot_mask; t->slots[slot]; slot = (slot + 1) & t->slot_mask) {
        struct zj_link *record = place(t, t->slots[slot] - 1);
        if (record->hash != hash || !has_key(t, record, key))
            continue;
        if (hint)
            *hint = t->slots[slot];
        return record;
    }
    return NULL;
}

static struct zj_link *hinted(struct zj_table *t, const void *key, const uint32_t *hint)
{
    if (!hint || *hint == 0 || *hint > t->used)
        return NULL;
    struct zj_link *record = place(t, *hint - 1);
    return record->hash && has_key(t, record, key) ? record : NULL;
}

void *zj_table_find(struct zj_table *t, const void *key, uint32_t *hint)
{
    struct zj_link *record = hinted(t, key, hint);
    return record ? record : find(t, key, hash_of(t, key), hint);
}

static void set_slot(struct zj_table *t, uint32_t hash, uint32_t value)
{
    uint32_t slot = hash & t->slot_mask;
    while (t->slots[slot])
        slot = (slot + 1) & t->slot_mask;
    t->slots[slot] = value;
}

/* At most two thirds of the slots are taken. */
static void grow_slots(struct zj_table *t)
{
    if (((uint64_t)t->count + 1) * 3 <= ((uint64_t)t->slot_mask + 1) * 2)
        return;
    const uint32_t slots = (t->slot_mask + 1) * 2;
    free(t->slots);
    t->slots = zj_alloc(slots * sizeof(uint32_t));
    t->slot_mask = slots - 1;
    for (uint32_t i = 0; i < t->used; i++)
        if (place(t, i)->hash)
            set_slot(t, place(t, i)->hash, i + 1);
}

/* Takes a key out of its slot and moves later ones of the same run back, so that no run breaks. */
static void clear_slot(struct zj_table *t, uint32_t hash, uint32_t value)
{
    uint32_t hole = hash & t->slot_mask;
    while (t->slots[hole] != value)
        hole = (hole + 1) & t->slot_mask;
    for (uint32_t at = (hole + 1) & t->slot_mask; t->slots[at]; at = (at + 1) & t->slot_mask) {
        const uint32_t home = place(t, t->slots[at] - 1)->hash & t->slot_mask;
        if (((at - home) & t->slot_mask) < ((at - hole) & t->slot_mask))
            continue;
        t->slots[hole] = t->slots[at];
        hole = at;
    }
    t->slots[hole] = 0;
}

static void count_move(struct zj_table *t)
{
    if (t->moves)
        ++*t->moves;
}

static void drop(struct zj_table *t, uint32_t at)
{
    struct zj_link *record = place(t, at);
    count_move(t);
    clear_slot(t, record->hash, at + 1);
    record->hash = 0;
    memcpy(record + 1, &t->free_head, sizeof t->free_head);
    t->free_head = at;
    t->count--;
}

void zj_table_remove(struct zj_table *t, void *record)
{
    struct zj_link *link = record;
    if (link->dirty_next)
        zj_table_spill_all(t);
    drop(t, link->at);
}

static void drop_oldest(struct zj_table *t)
{
    uint32_t oldest = LAST;
    for (uint32_t seen = 0; seen < SAMPLE || oldest == LAST; seen++) {
        const uint32_t at = t->hand = t->hand + 1 < t->used ? t->hand + 1 : 0;
        if (place(t, at)->hash &&
            (oldest == LAST || place(t, at)->last_ns < place(t, oldest)->last_ns))
            oldest = at;
    }
    if (place(t, oldest)->dirty_next)
        zj_table_spill_all(t);
    drop(t, oldest);
    if (t->dropped)
        ++*t->dropped;
}

/* Takes one more chunk out of the budget; every table may have one in any case. */
static bool add_chunk(struct zj_table *t)
{
    const int64_t cost = PER_CHUNK * ((int64_t)t->record_bytes + SLOT_COST);
    if (t->budget && !zj_budget_take(t->budget, cost) && t->chunk_count)
        return false;
    if ((t->chunk_count & (t->chunk_count - 1)) == 0)
        t->chunks = zj_realloc(t->chunks, (t->chunk_count ? 2 * (size_t)t->chunk_count : 1) *
                                              sizeof *t->chunks);
    const size_t bytes = (size_t)PER_CHUNK * t->record_bytes;
    t->chunks[t->chunk_count++] = t->pages ? zj_pages_take(t->pages, bytes) : zj_alloc(bytes);
    return true;
}

static uint32_t new_place(struct zj_table *t)
{
    if (t->count == t->limit)
        drop_oldest(t);
    if (t->free_head == LAST && t->used == t->chunk_count * PER_CHUNK && !add_chunk(t))
        drop_oldest(t);
    if (t->free_head == LAST)
        return t->used++;
    const uint32_t at = t->free_head;
    memcpy(&t->free_head, place(t, at) + 1, sizeof t->free_head);
    return at;
}

void *zj_table_get(struct zj_table *t, const void *key, uint32_t *hint, int64_t now_ns,
                   bool *out_is_new)
{
    struct zj_link *record = hinted(t, key, hint);
    uint32_t hash = 0;
    if (!record) {
        hash = hash_of(t, key);
        record = find(t, key, hash, hint);
    }
    *out_is_new = !record;
    if (!record) {
        const uint32_t at = new_place(t);
        grow_slots(t);
        record = place(t, at);
        memset(record, 0, t->record_bytes);
        memcpy((uint8_t *)record + t->key_at, key, t->key_bytes);
        record->hash = hash;
        record->at = at;
        set_slot(t, hash, at + 1);
        t->count++;
        if (hint)
            *hint = at + 1;
    }
    if (now_ns > record->last_ns)
        record->last_ns = now_ns;
    return record;
}

void zj_table_mark(struct zj_table *t, void *record)
{
    struct zj_link *link = record;
    if (link->dirty_next)
        return;
    const uint32_t value = link->at + 1;
    link->dirty_next = LAST;
    if (t->dirty_head)
        place(t, t->dirty_tail - 1)->dirty_next = value;
    else
        t->dirty_head = value;
    t->dirty_tail = value;
}

void zj_table_spill_all(struct zj_table *t)
{
    uint32_t value = t->dirty_head;
    t->dirty_head = t->dirty_tail = 0;
    while (value && value != LAST) {
        struct zj_link *record = place(t, value - 1);
        value = record->dirty_next;
        record->dirty_next = 0;
        t->spill(t->owner, record);
    }
}

bool zj_table_spill(struct zj_table *t, int count)
{
    for (; t->dirty_head && count > 0; count--) {
        struct zj_link *record = place(t, t->dirty_head - 1);
        t->dirty_head = record->dirty_next == LAST ? 0 : record->dirty_next;
        record->dirty_next = 0;
        t->spill(t->owner, record);
    }
    return t->dirty_head != 0;
}

void zj_table_clear(struct zj_table *t)
{
    zj_table_spill_all(t);
    count_move(t);
    memset(t->slots, 0, ((size_t)t->slot_mask + 1) * sizeof *t->slots);
    t->count = t->used = t->hand = 0;
    t->free_head = LAST;
}

void *zj_table_next(struct zj_table *t, uint32_t *at)
{
    while (*at < t->used) {
        struct zj_link *record = place(t, (*at)++);
        if (record->hash)
            return record;
    }
    return NULL;
}
