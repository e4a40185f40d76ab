/* The items of realtime and reissued data: GB/T 32960.3-2016 tables 9 to 19 and annex B, and their
 * 2025 forms. A number is (raw + offset) / 10^decimals; one outside min..max of its table is
 * written as it stands and named in "out_of_range". FE and FF (FFFE and FFFF …) mean "abnormal"
 * and "invalid" where the table defines them. */
#include "wire/gb32960.h"

#include <stdlib.h>

enum field_type {
    NUMBER,    /* with markers */
    PLAIN,     /* without */
    CHOICE,    /* one of `names`, counted from 1 */
    GEAR,      /* low nibble, forces */
    GEAR_2025, /* and bit 7: position not valid */
    BRAKE,     /* per cent, or 101: applied without a value */
};

struct field {
    const char *name;
    const char *place; /* as "out_of_range" names it */
    uint8_t width;
    uint8_t type;
    uint8_t decimals;
    int32_t offset;
    uint32_t min, max;
    const char *const *names;
};

#define NUM(in, name, width, decimals, offset, min, max)                                           \
    {                                                                                              \
        name, in name, width, NUMBER, decimals, offset, min, max, NULL                             \
    }
#define RAW(in, name, width, min, max)                                                             \
    {                                                                                              \
        name, in name, width, PLAIN, 0, 0, min, max, NULL                                          \
    }
#define ONE_OF(in, name, names)                                                                    \
    {                                                                                              \
        name, in name, 1, CHOICE, 0, 0, 1, ZJ_COUNT(names), names                                  \
    }

static const char *const on_off_other[] = {"on", "off", "other"};
static const char *const on_off[] = {"on", "off"};
static const char *const charges[] = {"parked_charging", "driving_charging", "not_charging",
                                      "done"};
static const char *const modes[] = {"electric", "hybrid", "fuel"};
static const char *const motor_states[] = {"consuming", "generating", "off", "ready"};
static const char *const coordinates[] = {"wgs84", "gcj02", "other"};
static const char *const algorithms[] = {"sm2", "rsa", "ecc"};

static const struct field vehicle_2016[] = {
    ONE_OF("", "vehicle_state", on_off_other),
    ONE_OF("", "charge_state", charges),
    ONE_OF("", "run_mode", modes),
    NUM("", "speed_kmh", 2, 1, 0, 0, 2200),
    NUM("", "odometer_km", 4, 1, 0, 0, 9999999),
    NUM("", "voltage_v", 2, 1, 0, 0, 10000),
    NUM("", "current_a", 2, 1, -10000, 0, 20000),
    NUM("", "soc_pct", 1, 0, 0, 0, 100),
    ONE_OF("", "dcdc", on_off),
    {"gear", "gear", 1, GEAR, 0, 0, 0, 0, NULL},
    RAW("", "insulation_kohm", 2, 0, 60000),
    NUM("", "accelerator_pct", 1, 0, 0, 0, 100),
    {"brake_pct", "brake_pct", 1, BRAKE, 0, 0, 0, 101, NULL},
};

static const struct field vehicle_2025[] = {
    ONE_OF("", "vehicle_state", on_off_other),
    ONE_OF("", "charge_state", charges),
    ONE_OF("", "run_mode", modes),
    NUM("", "speed_kmh", 2, 1, 0, 0, 5000),
    NUM("", "odometer_km", 4, 1, 0, 0, 9999999),
    NUM("", "voltage_v", 2, 1, 0, 0, 60000),
    NUM("", "current_a", 2, 1, -30000, 0, 60000),
    NUM("", "soc_pct", 1, 0, 0, 0, 100),
    ONE_OF("", "dcdc", on_off),
    {"gear", "gear", 1, GEAR_2025, 0, 0, 0, 0, NULL},
    NUM("", "insulation_kohm", 2, 0, 0, 0, 60000),
};

static const struct field motor_2016[] = {
    RAW("motor.", "no", 1, 1, 253),
    ONE_OF("motor.", "state", motor_states),
    NUM("motor.", "ctrl_temp_c", 1, 0, -40, 0, 250),
    NUM("motor.", "speed_rpm", 2, 0, -20000, 0, 65531),
    NUM("motor.", "torque_nm", 2, 1, -20000, 0, 65531),
    NUM("motor.", "temp_c", 1, 0, -40, 0, 250),
    NUM("motor.", "ctrl_volt_v", 2, 1, 0, 0, 60000),
    NUM("motor.", "dc_current_a", 2, 1, -10000, 0, 20000),
};

static const struct field motor_2025[] = {
    RAW("motor.", "no", 1, 1, 253),
    ONE_OF("motor.", "state", motor_states),
    NUM("motor.", "ctrl_temp_c", 1, 0, -40, 0, 250),
    NUM("motor.", "speed_rpm", 2, 0, -32000, 0, 65531),
    NUM("motor.", "torque_nm", 4, 1, -200000, 0, 400000),
    NUM("motor.", "temp_c", 1, 0, -40, 0, 250),
};

static const struct field fuel_cell_head[] = {
    NUM("fc.", "voltage_v", 2, 1, 0, 0, 20000),
    NUM("fc.", "current_a", 2, 1, 0, 0, 20000),
    NUM("fc.", "fuel_kg_100km", 2, 2, 0, 0, 60000),
};

static const struct field fuel_cell_tail[] = {
    NUM("fc.", "h2_max_temp_c", 2, 1, -400, 0, 2400),
    NUM("fc.", "h2_temp_probe", 1, 0, 0, 1, 252),
    NUM("fc.", "h2_max_conc_mgkg", 2, 0, 0, 0, 60000),
    NUM("fc.", "h2_conc_sensor", 1, 0, 0, 1, 252),
    NUM("fc.", "h2_max_press_mpa", 2, 1, 0, 0, 1000),
    NUM("fc.", "h2_press_sensor", 1, 0, 0, 1, 252),
    ONE_OF("fc.", "hv_dcdc", on_off),
};

/* The scale of the temperature is not settled between sources: it is given as sent. */
static const struct field fuel_cell_2025[] = {
    NUM("fc.", "h2_max_temp_raw", 2, 0, 0, 0, 65531),
    NUM("fc.", "h2_temp_probe", 1, 0, 0, 1, 252),
    NUM("fc.", "h2_max_conc_pct", 2, 4, 0, 0, 60000),
    NUM("fc.", "h2_conc_sensor", 1, 0, 0, 1, 252),
    NUM("fc.", "h2_max_press_mpa", 2, 1, 0, 0, 1000),
    NUM("fc.", "h2_press_sensor", 1, 0, 0, 1, 252),
    ONE_OF("fc.", "hv_dcdc", on_off),
    NUM("fc.", "h2_left_pct", 1, 0, 0, 0, 100),
    NUM("fc.", "dcdc_ctrl_temp_c", 1, 0, -40, 0, 250),
};

static const struct field engine_2016[] = {
    ONE_OF("engine.", "state", on_off),
    NUM("engine.", "crank_rpm", 2, 0, 0, 0, 60000),
    NUM("engine.", "fuel_l_100km", 2, 2, 0, 0, 60000),
};

static const struct field engine_2025[] = {
    NUM("engine.", "crank_rpm", 2, 0, 0, 0, 60000),
};

static const struct field extremes_2016[] = {
    NUM("", "max_v_pack", 1, 0, 0, 1, 250),  NUM("", "max_v_cell", 1, 0, 0, 1, 250),
    NUM("", "max_v", 2, 3, 0, 0, 15000),     NUM("", "min_v_pack", 1, 0, 0, 1, 250),
    NUM("", "min_v_cell", 1, 0, 0, 1, 250),  NUM("", "min_v", 2, 3, 0, 0, 15000),
    NUM("", "max_t_pack", 1, 0, 0, 1, 250),  NUM("", "max_t_probe", 1, 0, 0, 1, 250),
    NUM("", "max_t_c", 1, 0, -40, 0, 250),   NUM("", "min_t_pack", 1, 0, 0, 1, 250),
    NUM("", "min_t_probe", 1, 0, 0, 1, 250), NUM("", "min_t_c", 1, 0, -40, 0, 250),
};

static const struct field supercap_extremes[] = {
    NUM("", "max_v_sys", 1, 0, 0, 1, 250),     NUM("", "max_v_cell", 2, 0, 0, 1, 65531),
    NUM("", "max_v", 2, 3, 0, 0, 60000),       NUM("", "min_v_sys", 1, 0, 0, 1, 250),
    NUM("", "min_v_cell", 2, 0, 0, 1, 65531),  NUM("", "min_v", 2, 3, 0, 0, 60000),
    NUM("", "max_t_sys", 1, 0, 0, 1, 250),     NUM("", "max_t_probe", 2, 0, 0, 1, 65531),
    NUM("", "max_t_c", 1, 0, -40, 0, 250),     NUM("", "min_t_sys", 1, 0, 0, 1, 250),
    NUM("", "min_t_probe", 2, 0, 0, 1, 65531), NUM("", "min_t_c", 1, 0, -40, 0, 250),
};

static const struct field pack_2016[] = {
    NUM("pack.", "pack", 1, 0, 0, 1, 250),
    NUM("pack.", "voltage_v", 2, 1, 0, 0, 10000),
    NUM("pack.", "current_a", 2, 1, -10000, 0, 20000),
    NUM("pack.", "cells_total", 2, 0, 0, 1, 65531),
    RAW("pack.", "first_cell", 2, 1, 65531),
};

static const struct field pack_2025[] = {
    NUM("pack.", "pack", 1, 0, 0, 1, 50),
    NUM("pack.", "voltage_v", 2, 1, 0, 0, 60000),
    NUM("pack.", "current_a", 2, 1, -30000, 0, 60000),
};

static const struct field pack_of_probes[] = {
    NUM("pack.", "pack", 1, 0, 0, 1, 250),
};

static const struct field stack_2025[] = {
    NUM("stack.", "no", 1, 0, 0, 1, 253),
    NUM("stack.", "voltage_v", 2, 1, 0, 0, 20000),
    NUM("stack.", "current_a", 2, 1, 0, 0, 60000),
    NUM("stack.", "h2_in_kpa", 2, 1, -1000, 0, 5000),
    NUM("stack.", "air_in_kpa", 2, 1, -1000, 0, 5000),
    NUM("stack.", "air_in_c", 1, 0, -40, 0, 250),
};

static const struct field supercap_2025[] = {
    NUM("supercap.", "sys", 1, 0, 0, 1, 250),
    NUM("supercap.", "voltage_v", 2, 1, 0, 0, 60000),
    NUM("supercap.", "current_a", 2, 1, -30000, 0, 60000),
};

static const struct field millivolts = NUM("pack.", "cell_v", 2, 3, 0, 0, 60000);
static const struct field celsius = NUM("pack.", "temps_c", 1, 0, -40, 0, 250);
static const struct field coolant = NUM("stack.", "coolant_c", 1, 0, -40, 0, 250);
static const struct field fuel_cell_celsius = NUM("fc.", "probe_temps_c", 1, 0, -40, 0, 240);
static const struct field longitude = NUM("", "lon", 4, 6, 0, 0, 180000000);
static const struct field latitude = NUM("", "lat", 4, 6, 0, 0, 90000000);
static const struct field alarm_level_2016 = NUM("", "max_level", 1, 0, 0, 0, 3);
static const struct field alarm_level_2025 = NUM("", "max_level", 1, 0, 0, 0, 4);
static const struct field coordinate_system = ONE_OF("", "coord", coordinates);
static const struct field signature_algorithm = ONE_OF("signature.", "algo", algorithms);

static const char *const alarm_names[] = {
    "temp_diff",
    "battery_high_temp",
    "pack_over_voltage",
    "pack_under_voltage",
    "soc_low",
    "cell_over_voltage",
    "cell_under_voltage",
    "soc_high",
    "soc_jump",
    "pack_mismatch",
    "poor_consistency",
    "insulation",
    "dcdc_temp",
    "brake_system",
    "dcdc_status",
    "motor_ctrl_temp",
    "hv_interlock",
    "motor_temp",
    "over_charge",
    "motor_over_speed",
    "motor_over_current",
    "supercap_over_temp",
    "supercap_over_pressure",
    "battery_thermal_event",
    "h2_leak",
    "h2_pressure",
    "h2_temp",
    "stack_over_temp",
};
enum { ALARMS_2016 = 19, ALARMS_2025 = 28 };

static uint32_t marker_of(uint8_t width)
{
    return width == 1 ? 0xfe : width == 2 ? 0xfffe : 0xfffffffe;
}

static uint32_t load(const uint8_t *p, uint8_t width)
{
    return width == 1 ? p[0] : width == 2 ? zj_load_be16(p) : zj_load_be32(p);
}

/* Writes "abnormal" or "invalid" for a marker; false for any other value. */
static bool is_marker(struct zj_walk *w, uint32_t raw, uint8_t width)
{
    const uint32_t abnormal = marker_of(width);
    if (raw < abnormal)
        return false;
    if (w->j)
        zj_json_str(w->j, raw == abnormal ? "abnormal" : "invalid");
    return true;
}

/* One value without its key. */
static void write_value(struct zj_walk *w, const struct field *f, uint32_t raw)
{
    if (f->type != PLAIN && is_marker(w, raw, f->width))
        return;
    if (raw < f->min || raw > f->max)
        zj_walk_oor(w, f->place);
    if (f->type == CHOICE) {
        zj_json_str(w->j, raw >= 1 && raw <= f->max ? f->names[raw - 1] : "reserved");
        return;
    }
    if (f->type == BRAKE && raw == f->max) {
        zj_json_str(w->j, "applied");
        return;
    }
    zj_json_fixed(w->j, (int64_t)raw + f->offset, f->decimals);
}

static void write_gear(struct zj_walk *w, const struct field *f, uint32_t raw)
{
    static const char *const gears[] = {"N", "1", "2",  "3",  "4",  "5", "6", "7",
                                        "8", "9", "10", "11", "12", "R", "D", "P"};
    zj_walk_str(w, f->name, gears[raw & 0xf]);
    zj_walk_bool(w, "drive_force", raw & 0x20);
    zj_walk_bool(w, "brake_force", raw & 0x10);
    if (f->type == GEAR_2025)
        zj_walk_bool(w, "gear_valid", !(raw & 0x80));
}

/* Rows of a table; `all` is what they take together. */
static void write_fields(struct zj_walk *w, const struct field *fields, size_t count,
                         struct zj_span all)
{
    const uint8_t *p = all.at;
    for (size_t i = 0; i < count; i++) {
        if (fields[i].width > all.at + all.len - p)
            abort(); /* the table's sum of bytes is wrong */
        const uint32_t raw = load(p, fields[i].width);
        p += fields[i].width;
        if (fields[i].type == GEAR || fields[i].type == GEAR_2025) {
            write_gear(w, &fields[i], raw);
            continue;
        }
        zj_json_key(w->j, fields[i].name);
        write_value(w, &fields[i], raw);
    }
    if (p != all.at + all.len)
        abort();
}

static void walk_fields(struct zj_walk *w, const struct field *fields, size_t count, size_t bytes)
{
    const struct zj_span all = zj_rd_span(&w->r, bytes);
    if (w->j && all.len)
        write_fields(w, fields, count, all);
}

/* `count` values of one kind as an array. */
static void walk_values(struct zj_walk *w, const struct field *f, size_t count)
{
    const struct zj_span all = zj_rd_span(&w->r, count * f->width);
    if (!w->j)
        return;
    zj_json_key(w->j, f->name);
    zj_json_array(w->j);
    for (size_t i = 0; i + f->width <= all.len; i += f->width)
        write_value(w, f, load(all.at + i, f->width));
    zj_json_array_end(w->j);
}

/* A count that may be a marker in its place, then as many values. */
static void walk_counted(struct zj_walk *w, const struct field *f, uint8_t count_width)
{
    const uint32_t count = count_width == 1 ? zj_rd_u8(&w->r) : zj_rd_be16(&w->r);
    if (count < marker_of(count_width)) {
        walk_values(w, f, count);
        return;
    }
    zj_walk_key(w, f->name);
    is_marker(w, count, count_width);
}

struct item {
    const char *name;
    void (*walk)(struct zj_walk *w, const struct item *item);
    const struct field *fields;
    uint8_t field_count, field_bytes;
    uint8_t list_count_width;
    const struct field *list; /* of each part */
};

static void walk_flat(struct zj_walk *w, const struct item *item)
{
    zj_walk_object(w, "value");
    walk_fields(w, item->fields, item->field_count, item->field_bytes);
    zj_walk_object_end(w);
}

/* A count byte, then so many parts: fields and, where the item has one, a list. */
static void walk_parts(struct zj_walk *w, const struct item *item)
{
    const uint8_t count = zj_rd_u8(&w->r);
    zj_walk_key(w, "value");
    if (is_marker(w, count, 1))
        return;
    zj_walk_array(w, NULL);
    for (unsigned i = 0; i < count && !zj_walk_is_over(w); i++) {
        zj_walk_object(w, NULL);
        walk_fields(w, item->fields, item->field_count, item->field_bytes);
        if (item->list && item->list_count_width)
            walk_counted(w, item->list, item->list_count_width);
        else if (item->list) /* annex B: the count of a frame's cells has no markers */
            walk_values(w, item->list, zj_rd_u8(&w->r));
        zj_walk_object_end(w);
    }
    zj_walk_array_end(w);
}

static void walk_fuel_cell_2016(struct zj_walk *w, const struct item *item)
{
    (void)item;
    zj_walk_object(w, "value");
    walk_fields(w, fuel_cell_head, ZJ_COUNT(fuel_cell_head), 6);
    walk_counted(w, &fuel_cell_celsius, 2);
    walk_fields(w, fuel_cell_tail, ZJ_COUNT(fuel_cell_tail), 10);
    zj_walk_object_end(w);
}

static void walk_supercap(struct zj_walk *w, const struct item *item)
{
    zj_walk_object(w, "value");
    walk_fields(w, item->fields, item->field_count, item->field_bytes);
    walk_counted(w, &millivolts, 2);
    walk_counted(w, &celsius, 2);
    zj_walk_object_end(w);
}

static void take_position(struct zj_walk *w, uint8_t status, uint8_t system, uint32_t lon,
                          uint32_t lat)
{
    if (!w->msg || w->r.ran_out || (status & 1) || lon > longitude.max || lat > latitude.max)
        return;
    w->msg->has_position = true;
    w->msg->coordinates = system <= 3 ? system : 0;
    w->msg->lon_e6 = status & 4 ? -(int32_t)lon : (int32_t)lon;
    w->msg->lat_e6 = status & 2 ? -(int32_t)lat : (int32_t)lat;
}

static void write_angle(struct zj_walk *w, const struct field *f, uint32_t raw, bool is_negative)
{
    zj_json_key(w->j, f->name);
    if (is_marker(w, raw, 4))
        return;
    if (raw > f->max)
        zj_walk_oor(w, f->place);
    zj_json_fixed(w->j, is_negative ? -(int64_t)raw : (int64_t)raw, 6);
}

static void walk_position(struct zj_walk *w, bool is_2025)
{
    const uint8_t status = zj_rd_u8(&w->r);
    const uint8_t system = is_2025 ? zj_rd_u8(&w->r) : 0;
    const uint32_t lon = zj_rd_be32(&w->r), lat = zj_rd_be32(&w->r);
    take_position(w, status, system, lon, lat);
    if (!w->j)
        return;
    zj_walk_object(w, "value");
    zj_walk_bool(w, "valid", !(status & 1));
    if (is_2025) {
        zj_walk_key(w, "coord");
        write_value(w, &coordinate_system, system);
    }
    write_angle(w, &longitude, lon, status & 4);
    write_angle(w, &latitude, lat, status & 2);
    zj_walk_object_end(w);
}

static void walk_position_2016(struct zj_walk *w, const struct item *item)
{
    (void)item;
    walk_position(w, false);
}

static void walk_position_2025(struct zj_walk *w, const struct item *item)
{
    (void)item;
    walk_position(w, true);
}

static void walk_faults(struct zj_walk *w, const char *key)
{
    const uint8_t count = zj_rd_u8(&w->r);
    zj_walk_key(w, key);
    if (is_marker(w, count, 1))
        return;
    const struct zj_span codes = zj_rd_span(&w->r, (size_t)count * 4);
    zj_walk_array(w, NULL);
    for (size_t i = 0; w->j && i < codes.len; i += 4)
        zj_json_hex(w->j, zj_span_part(codes, i, 4));
    zj_walk_array_end(w);
}

static void walk_levels(struct zj_walk *w)
{
    const uint8_t count = zj_rd_u8(&w->r);
    zj_walk_key(w, "levels");
    if (is_marker(w, count, 1))
        return;
    const struct zj_span pairs = zj_rd_span(&w->r, (size_t)count * 2);
    zj_walk_array(w, NULL);
    for (size_t i = 0; w->j && i < pairs.len; i += 2) {
        zj_json_array(w->j);
        zj_json_uint(w->j, pairs.at[i]);
        zj_json_uint(w->j, pairs.at[i + 1]);
        zj_json_array_end(w->j);
    }
    zj_walk_array_end(w);
}

static void walk_alarm(struct zj_walk *w, const struct item *item)
{
    const bool is_2025 = item->fields == &alarm_level_2025;
    zj_walk_object(w, "value");
    walk_fields(w, item->fields, 1, 1);
    const uint32_t flags = zj_rd_be32(&w->r);
    zj_walk_hex(w, "flags", flags, 8);
    zj_walk_array(w, "alarms");
    for (unsigned i = 0; w->j && i < (is_2025 ? ALARMS_2025 : ALARMS_2016); i++)
        if (flags >> i & 1)
            zj_json_str(w->j, alarm_names[i]);
    zj_walk_array_end(w);
    walk_faults(w, "ress_faults");
    walk_faults(w, "motor_faults");
    walk_faults(w, "engine_faults");
    walk_faults(w, "other_faults");
    if (is_2025)
        walk_levels(w);
    zj_walk_object_end(w);
}

static void walk_custom(struct zj_walk *w, uint8_t type)
{
    const uint16_t len = zj_rd_be16(&w->r);
    const struct zj_span data = zj_rd_span(&w->r, len);
    if (!w->j)
        return;
    zj_walk_object(w, "value");
    zj_walk_hex(w, "type", type, 2);
    zj_walk_int(w, "len", len);
    zj_walk_bytes(w, "data", data);
    zj_walk_object_end(w);
}

void zj_gb_signature(struct zj_walk *w, struct zj_span signed_bytes)
{
    const uint8_t algorithm = zj_rd_u8(&w->r);
    const struct zj_span r = zj_rd_span(&w->r, zj_rd_be16(&w->r));
    const struct zj_span s = zj_rd_span(&w->r, zj_rd_be16(&w->r));
    if (!w->j)
        return;
    zj_walk_key(w, signature_algorithm.name);
    write_value(w, &signature_algorithm, algorithm);
    zj_walk_int(w, "r_len", (int64_t)r.len);
    zj_walk_int(w, "s_len", (int64_t)s.len);
    if (!signed_bytes.at || w->r.ran_out)
        return;
    zj_walk_bool(w, "verifies_with_rtm_con_key",
                 algorithm == 2 && !s.len && zj_gb_verifies_with_sample_key(signed_bytes, r));
    zj_walk_int(w, "signed_bytes", (int64_t)signed_bytes.len);
}

#define FLAT(name, fields, bytes)                                                                  \
    {                                                                                              \
        name, walk_flat, fields, ZJ_COUNT(fields), bytes, 0, NULL                                  \
    }
#define PARTS(name, fields, bytes, count_width, list)                                              \
    {                                                                                              \
        name, walk_parts, fields, ZJ_COUNT(fields), bytes, count_width, list                       \
    }

/* By type. */
static const struct item items_2016[] = {
    [0x01] = FLAT("vehicle", vehicle_2016, 20),
    [0x02] = PARTS("motors", motor_2016, 12, 0, NULL),
    [0x03] = {"fuel_cell", walk_fuel_cell_2016, NULL, 0, 0, 0, NULL},
    [0x04] = FLAT("engine", engine_2016, 5),
    [0x05] = {"location", walk_position_2016, NULL, 0, 0, 0, NULL},
    [0x06] = FLAT("extremes", extremes_2016, 14),
    [0x07] = {"alarm", walk_alarm, &alarm_level_2016, 1, 1, 0, NULL},
    [0x08] = PARTS("cell_volts", pack_2016, 9, 0, &millivolts),
    [0x09] = PARTS("probe_temps", pack_of_probes, 1, 2, &celsius),
};

static const struct item items_2025[] = {
    [0x01] = FLAT("vehicle", vehicle_2025, 18),
    [0x02] = PARTS("motors", motor_2025, 10, 0, NULL),
    [0x03] = FLAT("fuel_cell", fuel_cell_2025, 12),
    [0x04] = FLAT("engine", engine_2025, 2),
    [0x05] = {"location", walk_position_2025, NULL, 0, 0, 0, NULL},
    [0x06] = {"alarm", walk_alarm, &alarm_level_2025, 1, 1, 0, NULL},
    [0x07] = PARTS("cell_volts", pack_2025, 5, 2, &millivolts),
    [0x08] = PARTS("probe_temps", pack_of_probes, 1, 2, &celsius),
    [0x30] = PARTS("fc_stacks", stack_2025, 10, 2, &coolant),
    [0x31] = {"supercap", walk_supercap, supercap_2025, ZJ_COUNT(supercap_2025), 5, 0, NULL},
    [0x32] = FLAT("supercap_extremes", supercap_extremes, 18),
};

static const struct item *find_item(uint8_t type, bool is_2025)
{
    const struct item *items = is_2025 ? items_2025 : items_2016;
    const size_t count = is_2025 ? ZJ_COUNT(items_2025) : ZJ_COUNT(items_2016);
    return type < count && items[type].walk ? &items[type] : NULL;
}

static void item_head(struct zj_walk *w, uint8_t type, const char *name)
{
    zj_walk_object(w, NULL);
    zj_walk_hex(w, "type", type, 2);
    zj_walk_str(w, "name", name);
}

void zj_gb_items(struct zj_walk *w, bool is_2025, struct zj_span unit)
{
    static const char *const unknown[256] = {ZJ_BYTE_NAMES("unknown_info_type_0x")};
    zj_walk_array(w, "items");
    while (zj_rd_left(&w->r) && !zj_walk_is_over(w)) {
        const size_t before = w->r.at;
        const uint8_t type = zj_rd_u8(&w->r);
        const struct item *item = find_item(type, is_2025);
        if (item) {
            item_head(w, type, item->name);
            item->walk(w, item);
        } else if (type >= 0x80 && type <= 0xfe) {
            item_head(w, type, "custom");
            walk_custom(w, type);
        } else if (type == 0xff && is_2025) {
            item_head(w, type, "signature");
            zj_walk_object(w, "value");
            zj_gb_signature(w, zj_span_part(unit, 0, before));
            zj_walk_object_end(w);
        } else {
            zj_walk_fail(w, unknown[type]);
            break;
        }
        zj_walk_object_end(w);
    }
    zj_walk_array_end(w);
}
