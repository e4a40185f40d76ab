/* Several parts of the scan may claim the same bytes. Finds come in the order of their start, the
 * longer first; each is held against those before it that reach over it. */
#include "identify/engine.h"

enum { ACTIVE = 12, SHIFTS_EACH = 64 };

static bool comes_before(const struct zj_find *a, const struct zj_find *b)
{
    return a->start != b->start ? a->start < b->start
           : a->end != b->end   ? a->end > b->end
                                : a->type < b->type;
}

static int compare(const void *a, const void *b)
{
    return comes_before(a, b) ? -1 : comes_before(b, a) ? 1 : 0;
}

void zj_sort_finds(struct zj_find *finds, size_t count)
{
    size_t shifts = 0;
    for (size_t i = 1; i < count; i++) {
        if (!comes_before(&finds[i], &finds[i - 1]))
            continue;
        const struct zj_find find = finds[i];
        size_t at = i;
        for (; at && comes_before(&find, &finds[at - 1]); at--)
            finds[at] = finds[at - 1];
        finds[at] = find;
        shifts += i - at;
        if (shifts > count * SHIFTS_EACH) { /* not nearly sorted after all */
            qsort(finds, count, sizeof *finds, compare);
            return;
        }
    }
}

void zj_merge_finds(struct zj_find *finds, size_t first, size_t count, struct zj_find *room)
{
    size_t a = first, b = count - first, out = count;
    if (b == 0)
        return;
    memcpy(room, finds + first, b * sizeof *room);
    while (b) {
        if (a && comes_before(&room[b - 1], &finds[a - 1]))
            finds[--out] = finds[--a];
        else
            finds[--out] = room[--b];
    }
}

/* What lies inside one of these is a part of it and no find of its own. */
static bool swallows(uint8_t type)
{
    return type == ZJ_TYPE_SECRET || type == ZJ_TYPE_BIOMETRIC || type == ZJ_TYPE_NMEA ||
           type == ZJ_TYPE_MEDIA || type == ZJ_TYPE_WIFI_BT_NAME || type == ZJ_TYPE_EMAIL ||
           type == ZJ_TYPE_MAC || type == ZJ_TYPE_IPV6 || type == ZJ_TYPE_ADDRESS;
}

static bool shares(uint8_t type)
{
    return type == ZJ_TYPE_VEHICLE_TRACK || type == ZJ_TYPE_MAP_DATA;
}

enum { BOTH_STAY, FIRST_STAYS, SECOND_STAYS };

static int judge(const struct zj_identifier *rules, const struct zj_find *a,
                 const struct zj_find *b)
{
    const bool is_inside = b->end <= a->end,
               is_same = is_inside && a->start == b->start && a->end == b->end;
    if (b->start >= a->end)
        return BOTH_STAY;
    if (a->type == b->type)
        return b->score > a->score ? SECOND_STAYS : FIRST_STAYS;
    if (shares(a->type) || shares(b->type))
        return BOTH_STAY;
    if (is_inside && !is_same && swallows(a->type))
        return FIRST_STAYS;
    const unsigned rank_a = rules ? rules->rank[a->type] : a->type;
    const unsigned rank_b = rules ? rules->rank[b->type] : b->type;
    return rank_b < rank_a ? SECOND_STAYS : FIRST_STAYS;
}

struct active {
    size_t at[ACTIVE]; /* indexes of finds that reach on */
    size_t count;
};

/* Drops what ends before `start`, and the oldest where there is no room. */
static void advance(struct active *active, const struct zj_find *finds, uint32_t start)
{
    size_t kept = 0;
    for (size_t i = 0; i < active->count; i++)
        if (finds[active->at[i]].end > start)
            active->at[kept++] = active->at[i];
    if (kept == ACTIVE)
        memmove(active->at, active->at + 1, --kept * sizeof *active->at);
    active->count = kept;
}

/* Nothing to decide: no find reaches over the next, none is weak. */
static bool is_plain(const struct zj_find *finds, size_t count, uint8_t report)
{
    for (size_t i = 0; i < count; i++)
        if (finds[i].score < report || (i && finds[i].start < finds[i - 1].end))
            return false;
    return true;
}

size_t zj_resolve(const struct zj_identifier *rules, struct zj_find *finds, size_t count)
{
    const uint8_t report = rules ? rules->report : 0, dropped = UINT8_MAX;
    if (is_plain(finds, count, report))
        return count;
    struct active active = {.count = 0};
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct zj_find *find = &finds[i];
        if (find->score < report || find->end <= find->start) {
            find->type = dropped;
            continue;
        }
        advance(&active, finds, find->start);
        for (size_t k = 0; k < active.count && find->type != dropped; k++) {
            struct zj_find *other = &finds[active.at[k]];
            if (other->type == dropped)
                continue;
            const int stays = judge(rules, other, find);
            if (stays == FIRST_STAYS)
                find->type = dropped;
            else if (stays == SECOND_STAYS)
                other->type = dropped;
        }
        if (find->type != dropped)
            active.at[active.count++] = i;
    }
    for (size_t i = 0; i < count; i++)
        if (finds[i].type != dropped)
            finds[kept++] = finds[i];
    return kept;
}
