/* Healthy vehicles: what most of a fleet does all day. */
#include <inttypes.h>
#include <stdio.h>

#include "fleet/world.h"

#define SECOND INT64_C(1000000000)
enum { REPORT_S = 20, COMMAND = 0xfe, OK = 1 };

void zj_vehicle_drive(struct zj_actor *a, int seconds)
{
    /* up to 15 m/s in each direction, turned back at the edge of the city */
    const int32_t step = seconds * 150;
    a->lat_e6 += (int32_t)zj_chance_below(&a->chance, (uint32_t)(2 * step)) - step;
    a->lon_e6 += (int32_t)zj_chance_below(&a->chance, (uint32_t)(2 * step)) - step;
    if (a->lat_e6 < 39700000 || a->lat_e6 > 40100000)
        a->lat_e6 = 39900000;
    if (a->lon_e6 < 116100000 || a->lon_e6 > 116700000)
        a->lon_e6 = 116400000;
    a->odometer += (uint32_t)seconds / 4;
}

static struct zj_actor *add_vehicle(struct zj_world *w, int64_t at_ns, bool is_short_phone,
                                    const char *card_state,
                                    void (*act)(struct zj_world *w, struct zj_actor *a))
{
    struct zj_actor *a = zj_actor_add(w, at_ns, act);
    zj_world_vehicle(w, &a->vehicle, is_short_phone, card_state);
    a->chance.state = w->opts->seed * 1000003 + a->vehicle.number;
    a->lat_e6 = 39750000 + (int32_t)zj_chance_below(&a->chance, 300000);
    a->lon_e6 = 116200000 + (int32_t)zj_chance_below(&a->chance, 400000);
    a->odometer = zj_chance_below(&a->chance, 500000);
    a->serial = 1;
    return a;
}

/* --- GB/T 32960 --- */

static void gb32960_act(struct zj_world *w, struct zj_actor *a)
{
    struct zj_conn *c = &a->conn;
    if (a->phase == 0) {
        zj_conn_open(w, c, a->vehicle.address, a->vehicle.port, a->server, a->server_port);
        zj_conn_send(w, c, 0, zj_make_gb32960_login(w, a, a->vehicle.iccid));
        zj_conn_send(w, c, 1, zj_make_gb32960_plain(w, a, 0x01, OK));
        a->phase = 1;
    } else if (a->next_ns + REPORT_S * SECOND >= w->end_ns) {
        zj_conn_send(w, c, 0, zj_make_gb32960_plain(w, a, 0x04, COMMAND));
        zj_conn_close(w, c);
        a->next_ns = INT64_MAX;
        return;
    } else {
        zj_vehicle_drive(a, REPORT_S);
        zj_conn_send(w, c, 0, zj_make_gb32960_report(w, a));
        zj_conn_send(w, c, 1, zj_make_gb32960_plain(w, a, 0x02, OK));
        if (++a->phase % 9 == 0) {
            zj_conn_send(w, c, 0, zj_make_gb32960_plain(w, a, 0x07, COMMAND));
            zj_conn_send(w, c, 1, zj_make_gb32960_plain(w, a, 0x07, OK));
        }
    }
    a->next_ns += REPORT_S * SECOND;
}

struct zj_actor *zj_gb32960_vehicle(struct zj_world *w, int64_t at_ns, const char *card_state)
{
    struct zj_actor *a = add_vehicle(w, at_ns, false, card_state, gb32960_act);
    a->server = ZJ_GB_PLATFORM;
    a->server_port = ZJ_GB_PORT;
    a->is_2025 = a->vehicle.number % 6 == 5;
    return a;
}

/* --- JT/T 808 --- */

static void jt808_start(struct zj_world *w, struct zj_actor *a)
{
    char code[16];
    struct zj_conn *c = &a->conn;
    zj_conn_open(w, c, a->vehicle.address, a->vehicle.port, a->server, a->server_port);
    zj_conn_send(w, c, 0, zj_make_jt808_register(w, a));
    zj_conn_send(w, c, 1, zj_make_jt808_answer(w, a, 0x8100, 1, 0));
    snprintf(code, sizeof code, "AC%08u", a->vehicle.number);
    zj_conn_send(w, c, 0, zj_make_jt808_auth(w, a, code));
    zj_conn_send(w, c, 1, zj_make_jt808_answer(w, a, 0x8001, 2, 0));
    zj_conn_send(w, c, 0, zj_make_jt808_attributes(w, a));
}

static void jt808_act(struct zj_world *w, struct zj_actor *a)
{
    struct zj_conn *c = &a->conn;
    if (a->phase == 0) {
        jt808_start(w, a);
        a->phase = 1;
    } else if (a->next_ns + REPORT_S * SECOND >= w->end_ns) {
        zj_conn_send(w, c, 0, zj_make_jt808_frame(w, a, 0x0003, (struct zj_span){0}));
        zj_conn_close(w, c);
        a->next_ns = INT64_MAX;
        return;
    } else {
        zj_vehicle_drive(a, REPORT_S);
        zj_conn_send(w, c, 0, zj_make_jt808_position(w, a, 0));
        if (++a->phase % 6 == 0)
            zj_conn_send(w, c, 0, zj_make_jt808_frame(w, a, 0x0002, (struct zj_span){0}));
    }
    a->next_ns += REPORT_S * SECOND;
}

struct zj_actor *zj_jt808_vehicle(struct zj_world *w, int64_t at_ns, const char *card_state,
                                  bool is_2019)
{
    struct zj_actor *a = add_vehicle(w, at_ns, !is_2019, card_state, jt808_act);
    a->server = ZJ_JT_PLATFORM;
    a->server_port = ZJ_JT_PORT;
    a->is_2019 = is_2019;
    return a;
}

/* --- MQTT within the company's own network, and the same behind TLS --- */

static void mqtt_act(struct zj_world *w, struct zj_actor *a)
{
    struct zj_conn *c = &a->conn;
    char topic[64], json[256], client[32];
    snprintf(topic, sizeof topic, "vehicle/%s/telemetry", a->vehicle.vin);
    if (a->phase == 0) {
        snprintf(client, sizeof client, "tbox-%s", a->vehicle.vin);
        zj_conn_open(w, c, a->vehicle.address, a->vehicle.port, a->server, a->server_port);
        zj_conn_send(w, c, 0, zj_make_mqtt_connect(w, client, client, "per-device-secret"));
        zj_conn_send(w, c, 1, ZJ_SPAN_LIT("\x20\x02\x00\x00"));
        snprintf(topic, sizeof topic, "vehicle/%s/command", a->vehicle.vin);
        zj_conn_send(w, c, 0, zj_make_mqtt_subscribe(w, topic));
        zj_conn_send(w, c, 1, ZJ_SPAN_LIT("\x90\x03\x00\x01\x00"));
        a->phase = 1;
    } else if (a->next_ns + REPORT_S * SECOND >= w->end_ns) {
        zj_conn_send(w, c, 0, ZJ_SPAN_LIT("\xe0\x00"));
        zj_conn_close(w, c);
        a->next_ns = INT64_MAX;
        return;
    } else if (a->phase++ == 2) { /* what the platform sends down is no transfer */
        snprintf(topic, sizeof topic, "vehicle/%s/command", a->vehicle.vin);
        snprintf(json, sizeof json, "{\"vin\":\"%s\",\"command\":\"locate\"}", a->vehicle.vin);
        zj_conn_send(w, c, 1, zj_make_mqtt_publish(w, topic, json));
    } else {
        zj_vehicle_drive(a, REPORT_S);
        snprintf(json, sizeof json,
                 "{\"vin\":\"%s\",\"ts\":%" PRId64 ",\"lat\":%d.%06d,\"lng\":%d.%06d,\"soc\":%u}",
                 a->vehicle.vin, w->now_ns / 1000000, a->lat_e6 / 1000000, a->lat_e6 % 1000000,
                 a->lon_e6 / 1000000, a->lon_e6 % 1000000, 40 + zj_chance_below(&a->chance, 50));
        zj_conn_send(w, c, 0, zj_make_mqtt_publish(w, topic, json));
    }
    a->next_ns += REPORT_S * SECOND;
}

static void tls_act(struct zj_world *w, struct zj_actor *a)
{
    static const uint8_t sealed[5 + 200] = {23, 3, 3, 0, 200, 0xa5, 0x5a, 0x3c};
    struct zj_conn *c = &a->conn;
    if (a->phase++ == 0) {
        zj_conn_open(w, c, a->vehicle.address, a->vehicle.port, a->server, a->server_port);
        zj_conn_send(w, c, 0, zj_make_tls_client_hello(w, "tbox.zhuji.example"));
        zj_conn_send(w, c, 1, zj_make_tls_server_hello(w));
        zj_conn_send(w, c, 0, ZJ_SPAN_LIT("\x14\x03\x03\x00\x01\x01"));
        zj_conn_send(w, c, 1, ZJ_SPAN_LIT("\x14\x03\x03\x00\x01\x01"));
    } else if (a->next_ns + REPORT_S * SECOND >= w->end_ns) {
        zj_conn_close(w, c);
        a->next_ns = INT64_MAX;
        return;
    } else {
        zj_conn_send(w, c, 0, zj_span_of(sealed, sizeof sealed));
    }
    a->next_ns += REPORT_S * SECOND;
}

struct zj_actor *zj_mqtt_vehicle(struct zj_world *w, int64_t at_ns)
{
    struct zj_actor *a = add_vehicle(w, at_ns, false, "registered", mqtt_act);
    a->server = ZJ_MQTT_BROKER;
    a->server_port = ZJ_MQTT_PORT;
    if (a->vehicle.number % 2) {
        a->act = tls_act;
        a->server = ZJ_TLS_GATEWAY;
        a->server_port = ZJ_TLS_PORT;
    }
    return a;
}
