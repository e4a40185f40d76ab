/* Positions of JT/T 808: the 28 bytes of 8.18, and the extra items behind them. */
#include "wire/jt808.h"

enum {
    ALARM_SOS = 1u << 0,
    STATUS_ACC = 1u << 0,
    STATUS_FIXED = 1u << 1,
    STATUS_SOUTH = 1u << 2,
    STATUS_WEST = 1u << 3,
    STATUS_ENCRYPTED = 1u << 5,
    STATUS_OIL_CUT = 1u << 10,
    STATUS_POWER_CUT = 1u << 11,
    STATUS_LOCKED = 1u << 12,
    LAT_MAX = 90000000,
    LON_MAX = 180000000,
};

/* Six bytes of two decimal digits each; false where a nibble is none. */
static bool read_bcd_time(const uint8_t *p, struct zj_walk_time *out)
{
    const uint64_t tops = UINT64_C(0x888888888888);
    const uint64_t all = (uint64_t)zj_load_be32(p) << 16 | zj_load_be16(p + 4);
    if (all & tops & (all << 1 | all << 2)) /* 8 and 4, or 8 and 2, are more than 9 */
        return false;
    const uint64_t tens = all >> 4 & UINT64_C(0x0f0f0f0f0f0f);
    const uint64_t value = all - 6 * tens;
    const uint32_t date = (uint32_t)(value >> 24), time = (uint32_t)value & 0xffffff;
    *out = (struct zj_walk_time){date >> 16, date >> 8 & 255, date & 255,
                                 time >> 16, time >> 8 & 255, time & 255};
    return true;
}

static void write_bcd_time(struct zj_walk *w, const char *key, const uint8_t *p)
{
    if (!w->j)
        return;
    zj_json_key(w->j, key);
    zj_json_printf(w->j, "20%02x-%02x-%02x %02x:%02x:%02x", p[0], p[1], p[2], p[3], p[4], p[5]);
}

void zj_j8_time(struct zj_walk *w, const char *key)
{
    const struct zj_span p = zj_rd_span(&w->r, 6);
    if (p.len)
        write_bcd_time(w, key, p.at);
}

void zj_j8_date(struct zj_walk *w, const char *key)
{
    const struct zj_span p = zj_rd_span(&w->r, 4);
    if (!p.len || !w->j)
        return;
    zj_json_key(w->j, key);
    zj_json_printf(w->j, "%02x%02x-%02x-%02x", p.at[0], p.at[1], p.at[2], p.at[3]);
}

struct position {
    uint32_t alarm, status, lat, lon;
    uint16_t altitude, speed, direction;
    int64_t time_s;
    bool is_time_real;
};

static void write_position(struct zj_walk *w, const struct position *p, const uint8_t *time)
{
    const int64_t lat = p->lat, lon = p->lon;
    zj_walk_hex(w, "alarm", p->alarm, 8);
    zj_walk_hex(w, "status", p->status, 8);
    zj_walk_fixed(w, "lat", p->status & STATUS_SOUTH ? -lat : lat, 6);
    zj_walk_fixed(w, "lon", p->status & STATUS_WEST ? -lon : lon, 6);
    zj_walk_int(w, "alt_m", p->altitude);
    zj_walk_fixed(w, "speed_kmh", p->speed, 1);
    zj_walk_int(w, "dir_deg", p->direction);
    write_bcd_time(w, "time", time);
    if (p->lat > LAT_MAX)
        zj_walk_oor(w, "lat");
    if (p->lon > LON_MAX)
        zj_walk_oor(w, "lon");
    if (p->direction > 359)
        zj_walk_oor(w, "dir_deg");
    if (!p->is_time_real)
        zj_walk_oor(w, "time");
    zj_walk_oor_print(w);
    zj_walk_bool(w, "acc_on", p->status & STATUS_ACC);
    zj_walk_bool(w, "positioned", p->status & STATUS_FIXED);
    zj_walk_bool(w, "oil_cut", p->status & STATUS_OIL_CUT);
    zj_walk_bool(w, "power_cut", p->status & STATUS_POWER_CUT);
    zj_walk_bool(w, "doors_locked", p->status & STATUS_LOCKED);
}

static void note_position(struct zj_msg *msg, const struct position *p)
{
    msg->is_life_safety |= p->alarm & ALARM_SOS;
    if (p->is_time_real) {
        msg->has_time = true;
        msg->time_s = p->time_s;
    }
    if (!(p->status & STATUS_FIXED) || (p->status & STATUS_ENCRYPTED) || p->lat > LAT_MAX ||
        p->lon > LON_MAX)
        return;
    msg->has_position = true;
    msg->lat_e6 = p->status & STATUS_SOUTH ? -(int32_t)p->lat : (int32_t)p->lat;
    msg->lon_e6 = p->status & STATUS_WEST ? -(int32_t)p->lon : (int32_t)p->lon;
}

void zj_j8_position(struct zj_walk *w)
{
    const struct zj_span all = zj_rd_span(&w->r, 28);
    if (!all.len)
        return;
    const uint8_t *p = all.at, *t = p + 22;
    struct position pos = {
        .alarm = zj_load_be32(p),
        .status = zj_load_be32(p + 4),
        .lat = zj_load_be32(p + 8),
        .lon = zj_load_be32(p + 12),
        .altitude = zj_load_be16(p + 16),
        .speed = zj_load_be16(p + 18),
        .direction = zj_load_be16(p + 20),
    };
    struct zj_walk_time time;
    pos.is_time_real = read_bcd_time(t, &time) && zj_walk_time_read(&time, &pos.time_s);
    if (w->msg)
        note_position(w->msg, &pos);
    if (w->j)
        write_position(w, &pos, t);
}

static void write_region(struct zj_walk *w, uint8_t id, struct zj_span v)
{
    const uint8_t *p = v.at;
    if (id == 0x11) {
        zj_walk_int(w, "area_type", p[0]);
        if (v.len == 5)
            zj_walk_int(w, "area_id", zj_load_be32(p + 1));
    } else if (id == 0x12) {
        zj_walk_int(w, "area_type", p[0]);
        zj_walk_int(w, "area_id", zj_load_be32(p + 1));
        zj_walk_str(w, "dir", p[5] ? "out" : "in");
    } else {
        zj_walk_int(w, "route_id", zj_load_be32(p));
        zj_walk_int(w, "seconds", zj_load_be16(p + 4));
        zj_walk_int(w, "result", p[6]);
    }
}

/* The value of an item of the standard's own; false where the id or the length is another. */
static bool write_extra(struct zj_walk *w, uint8_t id, struct zj_span v)
{
    const uint8_t *p = v.at;
    switch ((size_t)id << 8 | v.len) {
    case 0x0104:
        zj_walk_fixed(w, "odometer_km", zj_load_be32(p), 1);
        return true;
    case 0x0202:
        zj_walk_fixed(w, "fuel_l", zj_load_be16(p), 1);
        return true;
    case 0x0302:
        zj_walk_fixed(w, "recorder_speed_kmh", zj_load_be16(p), 1);
        return true;
    case 0x0402:
        zj_walk_int(w, "alarm_event_id", zj_load_be16(p));
        return true;
    case 0x0602: {
        const int32_t size = zj_load_be16(p) & 0x7fff;
        zj_walk_int(w, "cabin_temp_c", p[0] & 0x80 ? -size : size);
        return true;
    }
    case 0x1101:
    case 0x1105:
    case 0x1206:
    case 0x1307:
        write_region(w, id, v);
        return true;
    case 0x2504:
        zj_walk_hex(w, "signals", zj_load_be32(p), 8);
        return true;
    case 0x2a02:
        zj_walk_hex(w, "io", zj_load_be16(p), 4);
        return true;
    case 0x2b04:
        zj_walk_int(w, "ad0", zj_load_be16(p + 2));
        zj_walk_int(w, "ad1", zj_load_be16(p));
        return true;
    case 0x3001:
        zj_walk_int(w, "rssi", p[0]);
        return true;
    case 0x3101:
        zj_walk_int(w, "satellites", p[0]);
        return true;
    default:
        return false;
    }
}

/* Past the extra items, whose values say nothing to the sensor. */
static void skip_extras(struct zj_reader *r)
{
    enum { ID_AND_LENGTH = 2 };
    size_t at = r->at;
    while (at < r->len) {
        if (r->len - at < ID_AND_LENGTH || r->len - at - ID_AND_LENGTH < r->p[at + 1]) {
            r->ran_out = true;
            at = r->len;
            break;
        }
        at += ID_AND_LENGTH + (size_t)r->p[at + 1];
    }
    r->at = at;
}

void zj_j8_position_and_extras(struct zj_walk *w)
{
    zj_j8_position(w);
    if (!zj_rd_left(&w->r))
        return;
    if (!w->j) {
        skip_extras(&w->r);
        return;
    }
    zj_walk_array(w, "extras");
    while (zj_rd_left(&w->r) && !zj_walk_is_over(w)) {
        const uint8_t id = zj_rd_u8(&w->r), len = zj_rd_u8(&w->r);
        const struct zj_span value = zj_rd_span(&w->r, len);
        if (w->r.ran_out)
            continue;
        zj_walk_object(w, NULL);
        zj_walk_hex(w, "id", id, 2);
        zj_walk_int(w, "len", len);
        if (!write_extra(w, id, value))
            zj_walk_bytes(w, "hex", value);
        zj_walk_object_end(w);
    }
    zj_walk_array_end(w);
}
