/* Tracks of vehicles: a table that says which vehicle was where and when, several times over. No
 * column shows that by itself; their names and proposals together do. */
#include "inventory/rules.h"
#include "inventory/table.h"

static const struct zj_inv_proposal *proposal_of(const struct zj_inv_column *col, uint64_t types)
{
    for (size_t i = 0; i < col->proposal_count; i++)
        for (unsigned t = 0; t < ZJ_TYPE_COUNT; t++)
            if (types >> t & 1 && col->proposals[i].state != ZJ_INV_CONTAINS &&
                strcmp(zj_identify_type_info((enum zj_identify_type)t)->name,
                       col->proposals[i].type) == 0)
                return &col->proposals[i];
    return NULL;
}

/* The vehicles' column: rows enough for each, fewest vehicles first. */
static const struct zj_inv_column *vehicle_of(const struct zj_column_track *track,
                                              const struct zj_inv_column *cols, size_t count)
{
    const struct zj_inv_column *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct zj_inv_column *col = &cols[i];
        if (proposal_of(col, track->vehicles) && col->distinct &&
            col->values / col->distinct >= track->points &&
            (!best || col->distinct < best->distinct))
            best = col;
    }
    return best;
}

static struct zj_inv_column *named(const struct zj_column_track *track,
                                   const struct zj_column_words *words, struct zj_inv_column *cols,
                                   size_t count, uint64_t types)
{
    for (size_t i = 0; i < count; i++) {
        struct zj_inv_column *col = &cols[i];
        const struct zj_inv_proposal *p = proposal_of(col, types);
        if (col->distinct >= track->points && zj_columns_says(words, col->name, col->comment) &&
            (!types || (p && p->state == ZJ_INV_CONFIRMED)))
            return col;
    }
    return NULL;
}

static void put_track(struct zj_inv_table *table, const struct zj_inv_column *vehicle,
                      struct zj_inv_column *col)
{
    const struct zj_inv_proposal *geo = proposal_of(col, UINT64_C(1) << ZJ_TYPE_GEO_COORD);
    struct zj_inv_proposal p = *geo;
    p.why = zj_arena_printf(&table->arena,
                            "positions by time, %llu rows of %llu vehicles (column %s)",
                            (unsigned long long)vehicle->values,
                            (unsigned long long)vehicle->distinct, vehicle->name);
    p.why_zh = zj_arena_printf(&table->arena, "按时间记录的位置，%llu 行涉及 %llu 辆车（列 %s）",
                               (unsigned long long)vehicle->values,
                               (unsigned long long)vehicle->distinct, vehicle->name);
    zj_inv_propose(table, col, ZJ_TYPE_VEHICLE_TRACK, p);
}

void zj_inv_table_track(struct zj_inv_table *table, struct zj_inv_column *cols)
{
    const struct zj_column_track *track = &table->scan->rules->columns->track;
    const uint64_t geo = UINT64_C(1) << ZJ_TYPE_GEO_COORD;
    const struct zj_inv_column *vehicle = vehicle_of(track, cols, table->count);
    struct zj_inv_column *longitude = named(track, &track->longitude, cols, table->count, geo);
    struct zj_inv_column *latitude = named(track, &track->latitude, cols, table->count, geo);
    if (!vehicle || !longitude || !latitude || longitude == latitude ||
        !named(track, &track->time, cols, table->count, 0))
        return;
    put_track(table, vehicle, longitude);
    put_track(table, vehicle, latitude);
}
