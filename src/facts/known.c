/* Rows the sink met before: their ids, so that folding into one is an update by id and touches no
 * index, and what rules watch of them, so that it is known without asking the store. Sets of four;
 * it grows to KNOWN_MAX rows and then forgets the oldest of a set. */
#include "facts/tables.h"

enum { WAYS = 4, KNOWN_MIN = 4096, KNOWN_MAX = 1 << 20 };

struct known {
    struct known_row *rows;
    size_t size, count; /* size: a power of two */
    uint32_t tick;
};

struct known *zj_known_new(void)
{
    struct known *k = zj_alloc(sizeof *k);
    k->size = KNOWN_MIN;
    k->rows = zj_alloc(k->size * sizeof *k->rows);
    return k;
}

void zj_known_free(struct known *k)
{
    if (!k)
        return;
    free(k->rows);
    free(k);
}

void zj_known_clear(struct known *k)
{
    memset(k->rows, 0, k->size * sizeof *k->rows);
    k->count = 0;
}

static struct known_row *set_of(const struct known *k, const uint8_t key[FACT_KEY_BYTES])
{
    uint64_t hash; /* the key is a hash already */
    memcpy(&hash, key, sizeof hash);
    return k->rows + (hash & (k->size - 1)) / WAYS * WAYS;
}

struct known_row *zj_known_find(struct known *k, const uint8_t key[FACT_KEY_BYTES])
{
    struct known_row *set = set_of(k, key);
    for (size_t i = 0; i < WAYS; i++)
        if (set[i].id && memcmp(set[i].key, key, FACT_KEY_BYTES) == 0)
            return &set[i];
    return NULL;
}

static void put(struct known *k, const struct known_row *row)
{
    struct known_row *set = set_of(k, row->key), *to = &set[k->tick++ % WAYS];
    for (size_t i = 0; i < WAYS; i++)
        if (!set[i].id)
            to = &set[i];
    k->count += !to->id;
    *to = *row;
}

static void grow(struct known *k)
{
    struct known bigger = {.size = 2 * k->size};
    bigger.rows = zj_alloc(bigger.size * sizeof *bigger.rows);
    for (size_t i = 0; i < k->size; i++)
        if (k->rows[i].id)
            put(&bigger, &k->rows[i]);
    free(k->rows);
    *k = bigger;
}

void zj_known_add(struct known *k, const struct known_row *row)
{
    if (k->count > k->size / 2 && k->size < KNOWN_MAX)
        grow(k);
    put(k, row);
}
