/* Areas and routes that a platform sets: 8600 circles, 8602 rectangles, 8604 a polygon, 8606 a
 * route (JT/T 808-2013 8.36 to 8.42; 2019 adds a speed at night and a name). */
#include "wire/jt808.h"

enum { HAS_TIMES = 1 << 0, HAS_SPEED = 1 << 1, HAS_DRIVING_TIME = 1 << 0 };

static void walk_point(struct zj_walk *w, const char *lat, const char *lon)
{
    zj_walk_fixed(w, lat, zj_rd_be32(&w->r), 6);
    zj_walk_fixed(w, lon, zj_rd_be32(&w->r), 6);
}

static void walk_times(struct zj_walk *w, uint16_t flags)
{
    if (!(flags & HAS_TIMES))
        return;
    zj_j8_time(w, "from");
    zj_j8_time(w, "to");
}

static void walk_speed(struct zj_walk *w, uint16_t flags)
{
    if (!(flags & HAS_SPEED))
        return;
    zj_walk_int(w, "max_speed_kmh", zj_rd_be16(&w->r));
    zj_walk_int(w, "duration_s", zj_rd_u8(&w->r));
}

static void walk_2019(struct zj_walk *w, uint16_t flags, bool has_night_speed)
{
    if (has_night_speed && (flags & HAS_SPEED))
        zj_walk_int(w, "night_max_speed_kmh", zj_rd_be16(&w->r));
    zj_walk_text(w, "name", zj_j8_text(w, 2));
}

static void walk_areas(struct zj_walk *w, bool is_circle, bool is_2019)
{
    zj_walk_int(w, "attr", zj_rd_u8(&w->r));
    const uint8_t count = zj_rd_u8(&w->r);
    zj_walk_int(w, "count", count);
    zj_walk_array(w, "areas");
    for (unsigned i = 0; i < count && !zj_walk_is_over(w); i++) {
        zj_walk_object(w, NULL);
        zj_walk_int(w, "id", zj_rd_be32(&w->r));
        const uint16_t flags = zj_rd_be16(&w->r);
        zj_walk_hex(w, "flags", flags, 4);
        walk_point(w, "lat", "lon");
        if (is_circle)
            zj_walk_int(w, "radius_m", zj_rd_be32(&w->r));
        else
            walk_point(w, "lat2", "lon2");
        walk_times(w, flags);
        walk_speed(w, flags);
        if (is_2019)
            walk_2019(w, flags, true);
        zj_walk_object_end(w);
    }
    zj_walk_array_end(w);
}

static void walk_polygon(struct zj_walk *w, bool is_2019)
{
    zj_walk_int(w, "id", zj_rd_be32(&w->r));
    const uint16_t flags = zj_rd_be16(&w->r);
    zj_walk_hex(w, "flags", flags, 4);
    walk_times(w, flags);
    walk_speed(w, flags);
    const uint16_t count = zj_rd_be16(&w->r);
    zj_walk_array(w, "points");
    for (unsigned i = 0; i < count && !zj_walk_is_over(w); i++) {
        zj_walk_object(w, NULL);
        walk_point(w, "lat", "lon");
        zj_walk_object_end(w);
    }
    zj_walk_array_end(w);
    if (is_2019)
        walk_2019(w, flags, true);
}

static void walk_turn(struct zj_walk *w, bool is_2019)
{
    zj_walk_int(w, "id", zj_rd_be32(&w->r));
    zj_walk_int(w, "segment", zj_rd_be32(&w->r));
    walk_point(w, "lat", "lon");
    zj_walk_int(w, "width_m", zj_rd_u8(&w->r));
    const uint8_t flags = zj_rd_u8(&w->r);
    zj_walk_hex(w, "flags", flags, 2);
    if (flags & HAS_DRIVING_TIME) {
        zj_walk_int(w, "max_s", zj_rd_be16(&w->r));
        zj_walk_int(w, "min_s", zj_rd_be16(&w->r));
    }
    walk_speed(w, flags);
    if (is_2019 && (flags & HAS_SPEED))
        zj_walk_int(w, "night_max_speed_kmh", zj_rd_be16(&w->r));
}

static void walk_route(struct zj_walk *w, bool is_2019)
{
    zj_walk_int(w, "id", zj_rd_be32(&w->r));
    const uint16_t flags = zj_rd_be16(&w->r);
    zj_walk_hex(w, "flags", flags, 4);
    walk_times(w, flags);
    const uint16_t count = zj_rd_be16(&w->r);
    zj_walk_array(w, "turns");
    for (unsigned i = 0; i < count && !zj_walk_is_over(w); i++) {
        zj_walk_object(w, NULL);
        walk_turn(w, is_2019);
        zj_walk_object_end(w);
    }
    zj_walk_array_end(w);
    if (is_2019)
        walk_2019(w, flags, false);
}

void zj_j8_areas(struct zj_walk *w, uint16_t id, bool is_2019)
{
    if (id == 0x8604)
        walk_polygon(w, is_2019);
    else if (id == 0x8606)
        walk_route(w, is_2019);
    else
        walk_areas(w, id == 0x8600, is_2019);
}
