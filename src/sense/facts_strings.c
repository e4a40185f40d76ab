#include "sense/facts_strings.h"

#include "base/hash.h"
#include "base/text.h"

enum { SLOTS_MIN = 256, COST = 40 /* of a text beside its bytes */ };

void zj_strings_init(struct zj_strings *s, int64_t memory_bytes, uint64_t seed, uint64_t *dropped)
{
    *s = (struct zj_strings){
        .cap = SLOTS_MIN,
        .count = 1, /* 0 is the empty text */
        .items = zj_alloc(SLOTS_MIN * sizeof(struct zj_span)),
        .slots = zj_alloc(2 * SLOTS_MIN * sizeof(uint32_t)),
        .slot_mask = 2 * SLOTS_MIN - 1,
        .bytes = memory_bytes,
        .bytes_left = memory_bytes,
        .seed = seed,
        .dropped = dropped,
    };
}

void zj_strings_release(struct zj_strings *s)
{
    zj_arena_release(&s->arena);
    zj_buf_release(&s->scratch);
    free(s->items);
    free(s->slots);
    *s = (struct zj_strings){0};
}

bool zj_strings_is_scarce(const struct zj_strings *s)
{
    return s->bytes_left < s->bytes / 8;
}

void zj_strings_clear(struct zj_strings *s)
{
    zj_arena_reset(&s->arena);
    memset(s->slots, 0, ((size_t)s->slot_mask + 1) * sizeof *s->slots);
    s->count = 1;
    s->bytes_left = s->bytes;
}

static uint32_t slot_of(const struct zj_strings *s, struct zj_span text)
{
    uint32_t slot = (uint32_t)zj_hash(text, s->seed) & s->slot_mask;
    while (s->slots[slot] && !zj_span_eq(s->items[s->slots[slot]], text))
        slot = (slot + 1) & s->slot_mask;
    return slot;
}

static void grow(struct zj_strings *s)
{
    s->cap *= 2;
    s->items = zj_realloc(s->items, s->cap * sizeof *s->items);
    free(s->slots);
    s->slots = zj_alloc(2 * (size_t)s->cap * sizeof *s->slots);
    s->slot_mask = 2 * s->cap - 1;
    for (uint32_t id = 1; id < s->count; id++)
        s->slots[slot_of(s, s->items[id])] = id;
}

/* No more than `max` bytes, and no half character at the end. */
static struct zj_span cut(struct zj_span text, size_t max)
{
    if (text.len <= max)
        return text;
    while (max && (text.at[max] & 0xc0) == 0x80)
        max--;
    return zj_span_part(text, 0, max);
}

uint32_t zj_string_id(struct zj_strings *s, struct zj_span text)
{
    text = zj_span_unpad(zj_span_part(text, 0, 4 * ZJ_STRING_MAX));
    if (text.len == 0)
        return 0;
    if (!zj_utf8_is_valid(text)) {
        s->scratch.len = 0;
        zj_text_from_gbk(&s->scratch, text);
        text = zj_buf_all(&s->scratch);
    }
    text = cut(text, ZJ_STRING_MAX);
    const uint32_t slot = slot_of(s, text);
    if (s->slots[slot])
        return s->slots[slot];
    if (s->bytes_left < (int64_t)text.len + COST) {
        ++*s->dropped;
        return 0;
    }
    s->bytes_left -= (int64_t)text.len + COST;
    const uint32_t id = s->count++;
    s->items[id] = zj_span_of(zj_arena_span(&s->arena, text), text.len);
    s->slots[slot] = id;
    if (s->count == s->cap)
        grow(s);
    return id;
}

struct zj_span zj_string(const struct zj_strings *s, uint32_t id)
{
    return id < s->count ? s->items[id] : (struct zj_span){0};
}
