/* The messages of JT/T 809: links, then data of vehicles in sub-messages. */
#include <stdio.h>

#include "base/clock.h"
#include "wire/jt808.h"
#include "wire/jt809.h"

enum message_type {
    EMPTY,
    UP_LOGIN,
    LOGIN_ANSWER,
    UP_LOGOUT,
    CODE,
    VERIFY,
    RESULT,
    RECEIVED,
    OF_VEHICLE,  /* plate, colour, sub-message */
    OF_PLATFORM, /* sub-message */
};

struct message {
    uint16_t id;
    const char *name;
    enum message_type type;
    enum zj_msg_kind kind;
};

/* Sorted by id. */
static const struct message messages[] = {
    {0x1001, "UP_CONNECT_REQ", UP_LOGIN, ZJ_MSG_PLATFORM_LOGIN},
    {0x1002, "UP_CONNECT_RSP", LOGIN_ANSWER, ZJ_MSG_ANSWER},
    {0x1003, "UP_DISCONNECT_REQ", UP_LOGOUT, ZJ_MSG_PLATFORM_LOGOUT},
    {0x1004, "UP_DISCONNECT_RSP", EMPTY, ZJ_MSG_ANSWER},
    {0x1005, "UP_LINKTEST_REQ", EMPTY, ZJ_MSG_HEARTBEAT},
    {0x1006, "UP_LINKTEST_RSP", EMPTY, ZJ_MSG_ANSWER},
    {0x1007, "UP_DISCONNECT_INFORM", CODE, ZJ_MSG_OTHER},
    {0x1008, "UP_CLOSELINK_INFORM", CODE, ZJ_MSG_OTHER},
    {0x1200, "UP_EXG_MSG", OF_VEHICLE, ZJ_MSG_OTHER},
    {0x1300, "UP_PLATFORM_MSG", OF_PLATFORM, ZJ_MSG_OTHER},
    {0x1400, "UP_WARN_MSG", OF_VEHICLE, ZJ_MSG_OTHER},
    {0x1500, "UP_CTRL_MSG", OF_VEHICLE, ZJ_MSG_OTHER},
    {0x1600, "UP_BASE_MSG", OF_VEHICLE, ZJ_MSG_OTHER},
    {0x9001, "DOWN_CONNECT_REQ", VERIFY, ZJ_MSG_PLATFORM_LOGIN},
    {0x9002, "DOWN_CONNECT_RSP", RESULT, ZJ_MSG_ANSWER},
    {0x9003, "DOWN_DISCONNECT_REQ", VERIFY, ZJ_MSG_PLATFORM_LOGOUT},
    {0x9004, "DOWN_DISCONNECT_RSP", EMPTY, ZJ_MSG_ANSWER},
    {0x9005, "DOWN_LINKTEST_REQ", EMPTY, ZJ_MSG_HEARTBEAT},
    {0x9006, "DOWN_LINKTEST_RSP", EMPTY, ZJ_MSG_ANSWER},
    {0x9007, "DOWN_DISCONNECT_INFORM", CODE, ZJ_MSG_OTHER},
    {0x9008, "DOWN_CLOSELINK_INFORM", CODE, ZJ_MSG_OTHER},
    {0x9101, "DOWN_TOTAL_RECV_BACK_MSG", RECEIVED, ZJ_MSG_OTHER},
    {0x9200, "DOWN_EXG_MSG", OF_VEHICLE, ZJ_MSG_OTHER},
    {0x9300, "DOWN_PLATFORM_MSG", OF_PLATFORM, ZJ_MSG_OTHER},
    {0x9400, "DOWN_WARN_MSG", OF_VEHICLE, ZJ_MSG_OTHER},
    {0x9500, "DOWN_CTRL_MSG", OF_VEHICLE, ZJ_MSG_CONTROL},
    {0x9600, "DOWN_BASE_MSG", OF_VEHICLE, ZJ_MSG_OTHER},
};

static const struct message *find_message(uint16_t id)
{
    for (size_t i = 0; i < ZJ_COUNT(messages); i++)
        if (messages[i].id == id)
            return &messages[i];
    return NULL;
}

const char *zj_j9_name(uint16_t id)
{
    const struct message *message = find_message(id);
    return message ? message->name : NULL;
}

static void walk_user(struct zj_walk *w)
{
    const uint32_t user = zj_rd_be32(&w->r);
    const struct zj_span password = zj_rd_span(&w->r, 8);
    zj_walk_int(w, "user_id", user);
    zj_walk_text(w, "password", password);
    if (!w->msg)
        return;
    char text[12];
    const int len = snprintf(text, sizeof text, "%u", user);
    w->msg->user = zj_walk_keep(w, text, (size_t)len);
    w->msg->secret = zj_span_unpad(password);
}

static void walk_login(struct zj_walk *w, bool is_2019)
{
    walk_user(w);
    if (is_2019)
        zj_walk_int(w, "center_id", zj_rd_be32(&w->r));
    zj_walk_text(w, "down_ip", zj_rd_span(&w->r, 32));
    zj_walk_int(w, "down_port", zj_rd_be16(&w->r));
}

static void walk_result(struct zj_walk *w)
{
    const uint8_t result = zj_rd_u8(&w->r);
    zj_walk_int(w, "result", result);
    if (w->msg)
        w->msg->answer = result;
}

static void note_fix(struct zj_walk *w, struct zj_span day, int64_t lon, int64_t lat)
{
    const uint8_t *d = day.at;
    if (!w->msg || w->r.ran_out)
        return;
    w->msg->kind = ZJ_MSG_REPORT;
    const int year = zj_load_be16(d + 2);
    if (zj_date_is_valid(year, d[1], d[0]) && d[4] < 24 && d[5] < 60 && d[6] < 60) {
        w->msg->has_time = true;
        w->msg->time_s = zj_time_of_beijing(year, d[1], d[0], d[4], d[5], d[6]);
    }
    if (lon > 180000000 || lat > 90000000)
        return;
    w->msg->has_position = true;
    w->msg->lon_e6 = (int32_t)lon;
    w->msg->lat_e6 = (int32_t)lat;
}

/* 36 bytes of 2011: date and time as plain numbers, day first. */
static void walk_fix(struct zj_walk *w, const char *key)
{
    zj_walk_object(w, key);
    zj_walk_int(w, "encrypted", zj_rd_u8(&w->r));
    const struct zj_span day = zj_rd_span(&w->r, 7);
    const uint32_t lon = zj_rd_be32(&w->r), lat = zj_rd_be32(&w->r);
    if (w->j && day.len) {
        const uint8_t *d = day.at;
        zj_json_key(w->j, "time");
        zj_json_printf(w->j, "%04u-%02u-%02u %02u:%02u:%02u", zj_load_be16(d + 2), d[1], d[0], d[4],
                       d[5], d[6]);
        if (!zj_date_is_valid(zj_load_be16(d + 2), d[1], d[0]) || d[4] > 23 || d[5] > 59 ||
            d[6] > 59)
            zj_walk_oor(w, "time");
    }
    if (day.len)
        note_fix(w, day, lon, lat);
    zj_walk_fixed(w, "lon", lon, 6);
    zj_walk_fixed(w, "lat", lat, 6);
    if (lon > 180000000)
        zj_walk_oor(w, "lon");
    if (lat > 90000000)
        zj_walk_oor(w, "lat");
    zj_walk_int(w, "vec1_kmh", zj_rd_be16(&w->r));
    zj_walk_int(w, "vec2_kmh", zj_rd_be16(&w->r));
    zj_walk_int(w, "odometer_km", zj_rd_be32(&w->r));
    zj_walk_int(w, "dir_deg", zj_rd_be16(&w->r));
    zj_walk_int(w, "alt_m", zj_rd_be16(&w->r));
    zj_walk_hex(w, "state", zj_rd_be32(&w->r), 8);
    zj_walk_hex(w, "alarm", zj_rd_be32(&w->r), 8);
    zj_walk_oor_print(w);
    zj_walk_object_end(w);
}

/* 2019: a position of JT/T 808, and what three platforms say of it. */
static void walk_fix_2019(struct zj_walk *w)
{
    zj_walk_object(w, "gnss");
    zj_walk_int(w, "encrypted", zj_rd_u8(&w->r));
    const struct zj_span position = zj_rd_span(&w->r, zj_rd_be32(&w->r));
    struct zj_reader outer = w->r;
    w->r = zj_reader_of(position);
    zj_j8_position_and_extras(w);
    outer.ran_out |= w->r.ran_out;
    w->r = outer;
    zj_walk_array(w, "platforms");
    for (int i = 0; i < 3; i++) {
        zj_walk_object(w, NULL);
        zj_walk_text(w, "platform", zj_rd_span(&w->r, 11));
        zj_walk_hex(w, "alarm", zj_rd_be32(&w->r), 8);
        zj_walk_object_end(w);
    }
    zj_walk_array_end(w);
    zj_walk_object_end(w);
    if (w->msg)
        w->msg->kind = ZJ_MSG_REPORT;
}

static void walk_fixes(struct zj_walk *w)
{
    const uint8_t count = zj_rd_u8(&w->r);
    zj_walk_int(w, "count", count);
    zj_walk_array(w, "gnss");
    for (unsigned i = 0; i < count && !zj_walk_is_over(w); i++)
        walk_fix(w, NULL);
    zj_walk_array_end(w);
    if (w->msg)
        w->msg->kind = ZJ_MSG_REISSUE;
}

/* 9505: a superior platform takes a vehicle over; it is to connect to this server. */
static void walk_take_over(struct zj_walk *w)
{
    zj_walk_bytes(w, "auth_code", zj_rd_span(&w->r, 10));
    zj_walk_text(w, "apn", zj_rd_span(&w->r, 20));
    zj_walk_text(w, "user", zj_rd_span(&w->r, 49));
    zj_walk_text(w, "password", zj_rd_span(&w->r, 22));
    const struct zj_span server = zj_rd_span(&w->r, 32);
    zj_walk_text(w, "server", server);
    zj_walk_int(w, "tcp_port", zj_rd_be16(&w->r));
    zj_walk_int(w, "udp_port", zj_rd_be16(&w->r));
    zj_walk_int(w, "end_utc", (int64_t)zj_rd_be64(&w->r));
    if (w->msg) {
        w->msg->kind = ZJ_MSG_SWITCH_SERVER;
        w->msg->host = zj_span_unpad(server);
    }
}

static void walk_text_down(struct zj_walk *w)
{
    zj_walk_int(w, "serial", zj_rd_be32(&w->r));
    zj_walk_int(w, "priority", zj_rd_u8(&w->r));
    zj_walk_text(w, "text", zj_rd_span(&w->r, zj_rd_be32(&w->r)));
    if (w->msg)
        w->msg->kind = ZJ_MSG_OTHER;
}

static void walk_sub(struct zj_walk *w, uint16_t id, bool is_2019)
{
    if (id == 0x1202 && is_2019) {
        walk_fix_2019(w);
    } else if (id == 0x1202) {
        walk_fix(w, "gnss");
    } else if (id == 0x1203 && !is_2019) {
        walk_fixes(w);
    } else if (id == 0x9501) {
        zj_walk_text(w, "phone", zj_rd_span(&w->r, 20));
        if (w->msg)
            w->msg->kind = ZJ_MSG_EAVESDROP;
    } else if (id == 0x9502) {
        zj_walk_int(w, "lens", zj_rd_u8(&w->r));
        zj_walk_int(w, "size", zj_rd_u8(&w->r));
        if (w->msg)
            w->msg->kind = ZJ_MSG_MEDIA;
    } else if (id == 0x9503) {
        walk_text_down(w);
    } else if (id == 0x9505) {
        walk_take_over(w);
    } else {
        zj_walk_bytes(w, "sub_hex", zj_rd_rest(&w->r));
    }
}

/* A sub-message fills its length exactly, and the length fills the body. */
static void walk_with_sub(struct zj_walk *w, bool is_2019)
{
    const uint16_t id = zj_rd_be16(&w->r);
    const uint32_t len = zj_rd_be32(&w->r);
    zj_walk_hex(w, "sub_id", id, 4);
    zj_walk_int(w, "sub_len", len);
    const struct zj_span sub = zj_rd_span(&w->r, len);
    if (w->r.ran_out)
        return;
    const struct zj_reader outer = w->r;
    w->r = zj_reader_of(sub);
    walk_sub(w, id, is_2019);
    if (w->r.ran_out)
        zj_walk_fail(w, "truncated");
    if (zj_rd_left(&w->r))
        zj_walk_fail(w, "body_trailing_bytes");
    w->r = outer;
}

void zj_j9_body(struct zj_walk *w, uint16_t id, bool is_2019)
{
    const struct message *message = find_message(id);
    if (!message) {
        zj_walk_bytes(w, "hex", zj_rd_rest(&w->r));
        return;
    }
    if (w->msg)
        w->msg->kind = message->kind;
    switch (message->type) {
    case EMPTY:
        break;
    case UP_LOGIN:
        walk_login(w, is_2019);
        break;
    case LOGIN_ANSWER:
        walk_result(w);
        zj_walk_int(w, "verify_code", zj_rd_be32(&w->r));
        if (w->msg)
            w->msg->answered = 0x1001;
        break;
    case UP_LOGOUT:
        walk_user(w);
        break;
    case CODE:
        zj_walk_int(w, "code", zj_rd_u8(&w->r));
        break;
    case VERIFY:
        zj_walk_int(w, "verify_code", zj_rd_be32(&w->r));
        break;
    case RESULT:
        walk_result(w);
        if (w->msg)
            w->msg->answered = 0x9001;
        break;
    case RECEIVED:
        zj_walk_int(w, "total", zj_rd_be32(&w->r));
        zj_walk_int(w, "from_utc", (int64_t)zj_rd_be64(&w->r));
        zj_walk_int(w, "to_utc", (int64_t)zj_rd_be64(&w->r));
        break;
    case OF_VEHICLE:
        zj_walk_text(w, "plate", zj_rd_span(&w->r, 21));
        zj_walk_int(w, "plate_color", zj_rd_u8(&w->r));
        walk_with_sub(w, is_2019);
        break;
    case OF_PLATFORM:
        walk_with_sub(w, is_2019);
        break;
    }
}
