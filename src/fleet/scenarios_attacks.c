/* Scenarios of attack: what the detections must see. */
#include <stdio.h>

#include "fleet/encode.h"
#include "fleet/scenarios.h"

#define SECOND INT64_C(1000000000)
enum { OK = 1, REFUSED = 2, COMMAND = 0xfe };
#define ATTACKER ZJ_IP(203, 0, 113, 66)

/* --- the same VIN from another address and another city --- */

void zj_scenario_duplicate_vehicle(struct zj_world *w, int64_t at_ns)
{
    struct zj_actor *a = zj_gb32960_vehicle(w, at_ns, "registered");
    struct zj_actor *clone = zj_gb32960_vehicle(w, at_ns + 8 * SECOND, NULL);
    const uint32_t address = clone->vehicle.address;
    clone->vehicle = a->vehicle;
    clone->vehicle.address = address;
    clone->is_2025 = a->is_2025;
    clone->lat_e6 = 31230000; /* Shanghai */
    clone->lon_e6 = 121470000;
    zj_expect_detection(w, "duplicate-vehicle", a->vehicle.vin);
    zj_expect_detection(w, "position-jump", a->vehicle.vin);
}

/* --- guessing --- */

static void guess_platform_act(struct zj_world *w, struct zj_actor *a)
{
    char password[21];
    struct zj_conn *c = &a->conn;
    if (a->phase == 0)
        zj_conn_open(w, c, ATTACKER, 40001, ZJ_GB_PLATFORM, ZJ_GB_PORT);
    snprintf(password, sizeof password, "guess%04d", a->phase);
    zj_conn_send(w, c, 0, zj_make_gb32960_platform_login(w, a, "admin", password));
    zj_conn_send(w, c, 1, zj_make_gb32960_plain(w, a, 0x05, REFUSED));
    a->next_ns = ++a->phase < 20 ? a->next_ns + SECOND : INT64_MAX;
}

static void guess_auth_act(struct zj_world *w, struct zj_actor *a)
{
    char code[16];
    struct zj_conn *c = &a->conn;
    if (a->phase == 0)
        zj_conn_open(w, c, ATTACKER, 40002, ZJ_JT_PLATFORM, ZJ_JT_PORT);
    snprintf(code, sizeof code, "%08d", a->phase * 7919);
    const uint16_t serial = a->serial;
    zj_conn_send(w, c, 0, zj_make_jt808_auth(w, a, code));
    zj_conn_send(w, c, 1, zj_make_jt808_answer(w, a, 0x8001, serial, 1));
    a->next_ns = ++a->phase < 12 ? a->next_ns + SECOND : INT64_MAX;
}

void zj_scenario_bruteforce(struct zj_world *w, int64_t at_ns)
{
    struct zj_actor *a = zj_actor_add(w, at_ns, guess_platform_act);
    memcpy(a->vehicle.vin, "PLATFORMADMIN0001", sizeof a->vehicle.vin);
    zj_expect_detection(w, "platform-login-bruteforce", zj_ip_text(w, ATTACKER));
    struct zj_actor *b = zj_actor_add(w, at_ns + SECOND / 2, guess_auth_act);
    zj_world_vehicle(w, &b->vehicle, true, "registered");
    zj_expect_detection(w, "auth-bruteforce", b->vehicle.phone);
}

/* --- replay: the bytes of one report again, ninety seconds later, from elsewhere --- */

static void replay_act(struct zj_world *w, struct zj_actor *a)
{
    struct zj_conn *c = &a->conn;
    if (a->phase++ == 0) {
        zj_conn_open(w, c, a->vehicle.address, a->vehicle.port, a->server, a->server_port);
        zj_conn_send(w, c, 0, zj_make_gb32960_login(w, a, a->vehicle.iccid));
        zj_conn_send(w, c, 1, zj_make_gb32960_plain(w, a, 0x01, OK));
        const struct zj_span frame = zj_make_gb32960_report(w, a);
        a->recording = zj_span_of(zj_arena_span(&w->arena, frame), frame.len);
        zj_conn_send(w, c, 0, frame);
        zj_conn_close(w, c);
        a->next_ns += 90 * SECOND;
        return;
    }
    zj_conn_open(w, c, ATTACKER, 40003, a->server, a->server_port);
    zj_conn_send(w, c, 0, a->recording);
    zj_conn_close(w, c);
    a->next_ns = INT64_MAX;
}

void zj_scenario_replay(struct zj_world *w, int64_t at_ns)
{
    struct zj_actor *a = zj_gb32960_vehicle(w, at_ns, "registered");
    a->act = replay_act;
    zj_expect_detection(w, "replayed-frame", a->vehicle.vin);
}

/* --- a command from a host that the car did not log in to --- */

static void command_act(struct zj_world *w, struct zj_actor *a)
{
    struct zj_conn *c = &a->conn;
    struct zj_buf unit = {0};
    if (a->phase++ == 0) {
        zj_conn_open(w, c, a->vehicle.address, a->vehicle.port, a->server, a->server_port);
        zj_conn_send(w, c, 0, zj_make_gb32960_login(w, a, a->vehicle.iccid));
        zj_conn_send(w, c, 1, zj_make_gb32960_plain(w, a, 0x01, OK));
        a->next_ns += 5 * SECOND;
        return;
    }
    zj_conn_open(w, c, a->vehicle.address, (uint16_t)(a->vehicle.port + 1), ATTACKER, ZJ_GB_PORT);
    zj_buf_span(&unit, ZJ_SPAN_LIT("\x1a\x09\x01\x08\x01\x00\x05")); /* break the data link */
    zj_conn_send(w, c, 1, zj_make_gb32960_frame(w, a, 0x82, COMMAND, zj_buf_all(&unit)));
    zj_buf_release(&unit);
    a->next_ns = INT64_MAX;
}

void zj_scenario_unknown_platform(struct zj_world *w, int64_t at_ns)
{
    struct zj_actor *a = zj_gb32960_vehicle(w, at_ns, "registered");
    a->act = command_act;
    zj_expect_detection(w, "unknown-platform-command", a->vehicle.vin);
}

/* --- UDS through the pass-through of JT/T 808 --- */

static void passthrough_act(struct zj_world *w, struct zj_actor *a)
{
    char code[16];
    struct zj_conn *c = &a->conn;
    if (a->phase++ == 0) {
        zj_conn_open(w, c, a->vehicle.address, a->vehicle.port, a->server, a->server_port);
        snprintf(code, sizeof code, "AC%08u", a->vehicle.number);
        zj_conn_send(w, c, 0, zj_make_jt808_auth(w, a, code));
        zj_conn_send(w, c, 1, zj_make_jt808_answer(w, a, 0x8001, 1, 0));
        a->next_ns += 5 * SECOND;
        return;
    }
    /* serial port 1: enter the programming session, then ask for a seed */
    zj_conn_send(w, c, 1, zj_make_jt808_frame(w, a, 0x8900, ZJ_SPAN_LIT("\x41\x10\x02")));
    zj_conn_send(w, c, 1, zj_make_jt808_frame(w, a, 0x8900, ZJ_SPAN_LIT("\x41\x27\x01")));
    a->next_ns = INT64_MAX;
}

void zj_scenario_passthrough(struct zj_world *w, int64_t at_ns)
{
    struct zj_actor *a = zj_jt808_vehicle(w, at_ns, "registered", true);
    a->act = passthrough_act;
    zj_expect_detection(w, "diagnostic-passthrough", a->vehicle.phone);
}

/* --- MQTT --- */

static void wildcard_act(struct zj_world *w, struct zj_actor *a)
{
    struct zj_conn *c = &a->conn;
    zj_conn_open(w, c, ATTACKER, 40004, ZJ_MQTT_BROKER, ZJ_MQTT_PORT);
    zj_conn_send(w, c, 0, zj_make_mqtt_connect(w, "probe-1", "guest", "guest"));
    zj_conn_send(w, c, 1, ZJ_SPAN_LIT("\x20\x02\x00\x00"));
    zj_conn_send(w, c, 0, zj_make_mqtt_subscribe(w, "#"));
    zj_conn_send(w, c, 1, ZJ_SPAN_LIT("\x90\x03\x00\x01\x00"));
    a->next_ns = INT64_MAX;
}

void zj_scenario_mqtt_wildcard(struct zj_world *w, int64_t at_ns)
{
    zj_actor_add(w, at_ns, wildcard_act);
    zj_expect_detection(w, "mqtt-wildcard", "probe-1");
}

/* --- broken frames --- */

static void broken_act(struct zj_world *w, struct zj_actor *a)
{
    struct zj_conn *c = &a->conn;
    if (a->phase == 0) {
        zj_conn_open(w, c, a->vehicle.address, a->vehicle.port, a->server, a->server_port);
        zj_conn_send(w, c, 0, zj_make_gb32960_login(w, a, a->vehicle.iccid));
        zj_conn_send(w, c, 1, zj_make_gb32960_plain(w, a, 0x01, OK));
    }
    struct zj_span frame = zj_make_gb32960_report(w, a);
    w->frame.at[frame.len - 1] ^= 0x55; /* the check byte */
    zj_conn_send(w, c, 0, frame);
    a->next_ns = ++a->phase < 40 ? a->next_ns + SECOND / 4 : INT64_MAX;
}

void zj_scenario_malformed_flood(struct zj_world *w, int64_t at_ns)
{
    struct zj_actor *a = zj_gb32960_vehicle(w, at_ns, "registered");
    a->act = broken_act;
    zj_expect_detection(w, "malformed-flood", zj_ip_text(w, a->vehicle.address));
}
