/* Scenarios in which declaration and traffic disagree: one for each gap, each with the case beside
 * it that must stay silent. */
#include <stdio.h>

#include "fleet/scenarios.h"

#define SECOND INT64_C(1000000000)
enum { OK = 1, COMMAND = 0xfe };

/* --- T3 --- */

void zj_scenario_undeclared_asset(struct zj_world *w, int64_t at_ns)
{
    struct zj_actor *a = zj_gb32960_vehicle(w, at_ns, "registered");
    a->server = ZJ_IP(10, 1, 9, 9);
    a->server_port = 7325;
    zj_expect_gap(w, "T3.undeclared-asset", "10.1.9.9:7325");
}

/* --- T4 --- */

void zj_scenario_vehicle_plaintext(struct zj_world *w, int64_t at_ns)
{
    zj_world_row(w, "systems",
                 "PLT-PUB,公网接入平台,platform,3,11000-24004,2025-05-20,39.96.0.10:32960");
    for (int i = 0; i < 3; i++) {
        struct zj_actor *a = zj_gb32960_vehicle(w, at_ns + i * SECOND, "registered");
        a->server = ZJ_PUBLIC_PLATFORM;
    }
    zj_expect_gap(w, "T4.vehicle-plaintext", "PLT-PUB");
    zj_expect_detection(w, "plaintext-vehicle-protocol", "39.96.0.10:32960");
}

/* --- T6 --- */

void zj_scenario_card_not_registered(struct zj_world *w, int64_t at_ns)
{
    struct zj_actor *unknown = zj_gb32960_vehicle(w, at_ns, NULL);
    zj_expect_gap(w, "T6.card-not-registered", unknown->vehicle.iccid);
    struct zj_actor *unsold = zj_gb32960_vehicle(w, at_ns, "for_sale");
    zj_expect_gap(w, "T6.card-not-registered", unsold->vehicle.iccid);
    struct zj_actor *bus = zj_jt808_vehicle(w, at_ns, "suspended", true);
    zj_expect_gap(w, "T6.card-not-registered", bus->vehicle.iccid);
    zj_gb32960_vehicle(w, at_ns, "test"); /* a test card may */
}

/* Keeps its link and says nothing else: what an opted-out car does. */
static void silent_act(struct zj_world *w, struct zj_actor *a)
{
    struct zj_conn *c = &a->conn;
    if (a->phase++ == 0) {
        zj_conn_open(w, c, a->vehicle.address, a->vehicle.port, a->server, a->server_port);
        zj_conn_send(w, c, 0, zj_make_gb32960_login(w, a, a->vehicle.iccid));
        zj_conn_send(w, c, 1, zj_make_gb32960_plain(w, a, 0x01, OK));
    } else {
        zj_conn_send(w, c, 0, zj_make_gb32960_plain(w, a, 0x07, COMMAND));
        zj_conn_send(w, c, 1, zj_make_gb32960_plain(w, a, 0x07, OK));
    }
    a->next_ns += 30 * SECOND;
}

/* Keeps its link and calls for help once: positions with the emergency bit, then for a minute. */
static void emergency_act(struct zj_world *w, struct zj_actor *a)
{
    char code[16];
    struct zj_conn *c = &a->conn;
    if (a->phase == 0) {
        zj_conn_open(w, c, a->vehicle.address, a->vehicle.port, a->server, a->server_port);
        snprintf(code, sizeof code, "AC%08u", a->vehicle.number);
        zj_conn_send(w, c, 0, zj_make_jt808_auth(w, a, code));
        zj_conn_send(w, c, 1, zj_make_jt808_answer(w, a, 0x8001, 1, 0));
    } else if (a->phase == 2) {
        zj_conn_send(w, c, 0, zj_make_jt808_position(w, a, 1));
    } else if (a->phase <= 5 && a->phase > 2) {
        zj_vehicle_drive(a, 10);
        zj_conn_send(w, c, 0, zj_make_jt808_position(w, a, 0)); /* within 60 s of the emergency */
    } else {
        zj_conn_send(w, c, 0, zj_make_jt808_frame(w, a, 0x0002, (struct zj_span){0}));
    }
    a->phase++;
    a->next_ns += 10 * SECOND;
}

void zj_scenario_optout_card_active(struct zj_world *w, int64_t at_ns)
{
    struct zj_actor *active = zj_gb32960_vehicle(w, at_ns, "opted_out");
    zj_expect_gap(w, "T6.optout-card-active", active->vehicle.iccid);
    zj_gb32960_vehicle(w, at_ns, "opted_out")->act = silent_act;
    zj_jt808_vehicle(w, at_ns, "opted_out", true)->act = emergency_act;
}

void zj_scenario_card_two_vins(struct zj_world *w, int64_t at_ns)
{
    struct zj_actor *owner = zj_gb32960_vehicle(w, at_ns, "registered");
    struct zj_actor *thief = zj_gb32960_vehicle(w, at_ns + 5 * SECOND, NULL);
    memcpy(thief->vehicle.iccid, owner->vehicle.iccid, sizeof thief->vehicle.iccid);
    zj_expect_gap(w, "T6.card-two-vins", owner->vehicle.iccid);
}

/* --- T9 --- */

struct offer {
    const char *version, *url;
};

/* The platform offers an upgrade to a car that is logged in. */
static void offer_act(struct zj_world *w, struct zj_actor *a)
{
    static const struct offer offers[] = {
        {"2.5.0", "https://ota.zhuji.example/tbox-2.5.0.bin"}, /* filed */
        {"2.6.1", "https://ota.zhuji.example/tbox-2.6.1.bin"}, /* not filed */
        {"2.5.0", "http://203.0.113.77/tbox.bin"},             /* filed, from elsewhere */
    };
    const struct offer *o = &offers[a->arg];
    struct zj_conn *c = &a->conn;
    if (a->phase++ == 0) {
        zj_conn_open(w, c, a->vehicle.address, a->vehicle.port, a->server, a->server_port);
        zj_conn_send(w, c, 0, zj_make_gb32960_login(w, a, a->vehicle.iccid));
        zj_conn_send(w, c, 1, zj_make_gb32960_plain(w, a, 0x01, OK));
        a->next_ns += 5 * SECOND;
        return;
    }
    zj_conn_send(w, c, 1, zj_make_gb32960_upgrade(w, a, o->version, o->url));
    zj_conn_send(w, c, 0, zj_make_gb32960_plain(w, a, 0x82, OK));
    a->next_ns = INT64_MAX;
}

static void offer_808_act(struct zj_world *w, struct zj_actor *a)
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
    zj_conn_send(w, c, 1,
                 zj_make_jt808_upgrade(w, a, "3.0.0-rc1", "http://ota.zhuji.example/jt.bin"));
    a->next_ns = INT64_MAX;
}

/* Each package lies on a host of its own, so each is an upgrade from another host; only those that
 * no filed release covers are gaps. */
void zj_scenario_unfiled_release(struct zj_world *w, int64_t at_ns)
{
    for (int i = 0; i < 3; i++) {
        struct zj_actor *a = zj_gb32960_vehicle(w, at_ns + i * SECOND, "registered");
        a->act = offer_act;
        a->arg = i;
        if (i == 2) /* a bare address that is not the platform's */
            zj_expect_detection(w, "upgrade-other-host", a->vehicle.vin);
    }
    zj_jt808_vehicle(w, at_ns + 3 * SECOND, "registered", true)->act = offer_808_act;
    zj_expect_gap(w, "T9.unfiled-release-commanded", "2.6.1");
    zj_expect_gap(w, "T9.unfiled-release-commanded", "2.5.0");
    zj_expect_gap(w, "T9.unfiled-release-commanded", "3.0.0-rc1");
}

/* --- T13, T14 --- */

struct post {
    uint32_t to;
    const char *host;
};

static const struct post posts[] = {
    {ZJ_IP(123, 125, 114, 8), "collect.example.net"},
    {ZJ_IP(114, 114, 114, 20), "map.example.com"},
    {ZJ_IP(8, 8, 8, 40), "telemetry.example.org"},
    {ZJ_IP(8, 8, 8, 50), "warranty.example.org"},
};
enum { POST_OWNER, POST_MOBILE, POST_TRACK, POST_VIN };

static const char *post_json(struct zj_world *w, const struct zj_actor *a)
{
    char id[19];
    switch (a->arg) {
    case POST_OWNER:
        zj_resident_id_make(20, id);
        return zj_arena_printf(&w->arena,
                               "{\"owner\":\"测试车主\",\"mobile\":\"13000001234\","
                               "\"id\":\"%s\"}",
                               id);
    case POST_MOBILE:
        return "{\"mobile\":\"13000005678\"}";
    case POST_TRACK:
        return zj_arena_printf(&w->arena, "{\"vin\":\"%s\",\"lat\":39.904200,\"lng\":116.407400}",
                               a->vehicle.vin);
    default:
        return zj_arena_printf(&w->arena, "{\"vin\":\"%s\"}", a->vehicle.vin);
    }
}

static void post_act(struct zj_world *w, struct zj_actor *a)
{
    const struct post *p = &posts[a->arg];
    struct zj_conn *c = &a->conn;
    zj_conn_open(w, c, ZJ_DATA_EXCHANGE, (uint16_t)(50000 + a->arg), p->to, 80);
    zj_conn_send(w, c, 0, zj_make_http_post(w, p->host, "/upload", post_json(w, a)));
    zj_conn_send(w, c, 1, ZJ_SPAN_LIT("HTTP/1.1 204 No Content\r\n\r\n"));
    zj_conn_close(w, c);
    a->next_ns = INT64_MAX;
}

static void add_post(struct zj_world *w, int64_t at_ns, int which)
{
    struct zj_actor *a = zj_actor_add(w, at_ns, post_act);
    zj_world_vehicle(w, &a->vehicle, false, "registered");
    a->arg = which;
}

void zj_scenario_partners(struct zj_world *w, int64_t at_ns)
{
    add_post(w, at_ns, POST_OWNER);
    add_post(w, at_ns + SECOND, POST_MOBILE);
    zj_expect_gap(w, "T13.undeclared-partner", "123.125.114.8");
    zj_expect_gap(w, "T13.undeclared-type", "P-MAP");
}

void zj_scenario_exports(struct zj_world *w, int64_t at_ns)
{
    zj_world_row(w, "partners",
                 "P-ABROAD,示例境外服务商（合成数据）,US,8.8.8.0/24,VIN;GEO_COORD,general,100,"
                 "质保,接口,加密传输,2025-01-01,2027-12-31,京通信评〔2025〕2号,2027-06-30");
    zj_world_row(w, "exports",
                 "X-WARRANTY,示例境外服务商（合成数据）,US,8.8.8.50,VIN,contract,"
                 "京网信备〔2026〕3号,2026-01-01,2028-12-31");
    add_post(w, at_ns, POST_TRACK);
    add_post(w, at_ns + SECOND, POST_VIN);
    zj_expect_gap(w, "T14.export-without-record", "8.8.8.40");
}
