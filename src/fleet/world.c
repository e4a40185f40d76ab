/* The clock of the simulation, its registers and what must follow from it. */
#include <errno.h>
#include <stdio.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/json.h"
#include "fleet/scenarios.h"

#define SECOND INT64_C(1000000000)
enum { STEP_NS_MAX = 200000 };

const struct zj_fleet_scenario_info zj_fleet_scenarios[] = {
#define ZJ_SCENARIO(id, en, zh) {#id, en, zh},
#include "fleet/scenarios.def"
#undef ZJ_SCENARIO
};
const size_t zj_fleet_scenario_count = ZJ_COUNT(zj_fleet_scenarios);

static void (*const scenario_runs[])(struct zj_world *w, int64_t at_ns) = {
#define ZJ_SCENARIO(id, en, zh) zj_scenario_##id,
#include "fleet/scenarios.def"
#undef ZJ_SCENARIO
};

const char *const zj_fleet_registers[] = {"organisations", "systems", "vehicles", "cards",
                                          "partners",      "exports", "releases"};
const size_t zj_fleet_register_count = ZJ_COUNT(zj_fleet_registers);

static const char *const headers[] = {
    "code,name,kinds,networks",
    "code,name,kind,level,filing_number,filed_on,addresses",
    "vin,model,plate,made_on,sold_on",
    "iccid,msisdn,imsi,vin,carrier,state,registered_on,owner_kind,owner_name,owner_id_kind,"
    "owner_id_number,owner_phone",
    "code,name,country,endpoints,data_types,data_level,scale,purpose,manner,safeguards,"
    "contract_from,contract_to,evidence_ref,evidence_to",
    "code,receiver,country,endpoints,data_types,basis,receipt_no,valid_from,valid_to",
    "code,product,kind,version,package_sha256,hosts,tested_on,filed_on,filing_number",
};

/* --- the heap of actors, soonest first --- */

static bool is_sooner(const struct zj_actor *a, const struct zj_actor *b)
{
    return a->next_ns != b->next_ns ? a->next_ns < b->next_ns : a->order < b->order;
}

static void sift_down(struct zj_world *w, size_t at)
{
    struct zj_actor **h = w->heap;
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < w->heap_count; child++)
            if (is_sooner(h[child], h[least]))
                least = child;
        if (least == at)
            return;
        struct zj_actor *moved = h[at];
        h[at] = h[least];
        h[least] = moved;
        at = least;
    }
}

struct zj_actor *zj_actor_add(struct zj_world *w, int64_t at_ns,
                              void (*act)(struct zj_world *w, struct zj_actor *a))
{
    struct zj_actor *a = zj_arena_alloc(&w->arena, sizeof *a);
    a->next_ns = at_ns;
    a->act = act;
    a->order = (uint32_t)w->heap_count;
    if (w->heap_count == w->heap_cap) {
        w->heap_cap = w->heap_cap ? w->heap_cap * 2 : 256;
        w->heap = zj_realloc(w->heap, w->heap_cap * sizeof *w->heap);
    }
    w->heap[w->heap_count++] = a;
    return a;
}

/* --- registers and expectations --- */

void zj_world_row(struct zj_world *w, const char *name, const char *csv_line)
{
    for (size_t i = 0; i < zj_fleet_register_count; i++)
        if (strcmp(zj_fleet_registers[i], name) == 0)
            zj_buf_printf(&w->registers[i], "%s\n", csv_line);
}

void zj_world_vehicle(struct zj_world *w, struct zj_vehicle *v, bool is_short_phone,
                      const char *card_state)
{
    char line[512], id[19];
    zj_vehicle_make(v, w->next_vehicle++, is_short_phone);
    if (!w->dir)
        return;
    snprintf(line, sizeof line, "%s,ZJ-%c,京AD%05u,2025-03-01,%s", v->vin, "ABC"[v->number % 3],
             v -> number % 100000,
             card_state && strcmp(card_state, "registered") == 0 ? "2025-06-01" : "");
    zj_world_row(w, "vehicles", line);
    if (!card_state)
        return;
    zj_resident_id_make(v->number, id);
    if (strcmp(card_state, "registered") == 0 || strcmp(card_state, "opted_out") == 0)
        snprintf(line, sizeof line,
                 "%s,%s,46004%010u,%s,mobile,%s,2025-06-02,person,测试车主%u,resident_id,%s,"
                 "1300000%04u",
                 v->iccid, v->phone, v->number, v->vin, card_state, v->number, id,
                 v->number % 10000);
    else
        snprintf(line, sizeof line, "%s,%s,46004%010u,%s,mobile,%s,,,,,,", v->iccid, v->phone,
                 v->number, v->vin, card_state);
    zj_world_row(w, "cards", line);
}

static void add_expected(struct zj_buf *list, const char *key, const char *what,
                         const char *subject)
{
    struct zj_json j = zj_json_to(list);
    if (list->len)
        zj_buf_byte(list, ',');
    zj_json_object(&j);
    zj_json_kstr(&j, key, what);
    zj_json_kstr(&j, "subject", subject);
    zj_json_object_end(&j);
}

void zj_expect_gap(struct zj_world *w, const char *gap, const char *subject)
{
    add_expected(&w->gaps, "gap", gap, subject);
}

void zj_expect_detection(struct zj_world *w, const char *rule, const char *subject)
{
    add_expected(&w->detections, "rule", rule, subject);
}

const char *zj_ip_text(struct zj_world *w, uint32_t ip)
{
    char text[ZJ_ADDR_TEXT];
    const struct zj_addr a = zj_addr_v4(ip);
    zj_addr_format(&a, text);
    return zj_arena_strdup(&w->arena, text);
}

static zj_err write_file(struct zj_world *w, const char *name, struct zj_span head,
                         struct zj_span text)
{
    const char *path = zj_arena_printf(&w->arena, "%s/%s", w->dir, name);
    FILE *file = fopen(path, "wb");
    bool is_written = file != NULL;
    if (file) {
        is_written &= !head.len || fwrite(head.at, 1, head.len, file) == head.len;
        is_written &= !text.len || fwrite(text.at, 1, text.len, file) == text.len;
        is_written &= fclose(file) == 0;
    }
    return is_written ? ZJ_OK : zj_fail(w->job, ZJ_EIO, "%s: %s", path, zj_strerror(w->job, errno));
}

static zj_err write_answers(struct zj_world *w)
{
    zj_err err = ZJ_OK;
    struct zj_buf text = {0};
    for (size_t i = 0; i < zj_fleet_register_count && !err; i++)
        err = write_file(w, zj_arena_printf(&w->arena, "%s.csv", zj_fleet_registers[i]),
                         zj_span_str(zj_arena_printf(&w->arena, "%s\n", headers[i])),
                         zj_buf_all(&w->registers[i]));
    zj_buf_str(&text, "{\"gaps\":[");
    zj_buf_span(&text, zj_buf_all(&w->gaps));
    zj_buf_str(&text, "],\"detections\":[");
    zj_buf_span(&text, zj_buf_all(&w->detections));
    zj_buf_str(&text, "]}\n");
    if (!err)
        err = write_file(w, "expect.json", (struct zj_span){0}, zj_buf_all(&text));
    zj_buf_release(&text);
    return err;
}

/* --- the company --- */

static void add_company(struct zj_world *w)
{
    char code[19], line[256];
    zj_uscc_make(1, code);
    snprintf(line, sizeof line,
             "%s,北京示例汽车有限公司（合成数据）,vehicle_maker;tsp,"
             "10.1.0.0/16;39.96.0.0/24",
             code);
    zj_world_row(w, "organisations", line);
    zj_uscc_make(2, code);
    snprintf(line, sizeof line, "%s,示例主管部门（合成数据）,bureau,", code);
    zj_world_row(w, "organisations", line);
    zj_world_row(w, "systems",
                 "PLT-GB,新能源汽车监控平台,platform,3,11000-24001,2024-11-05,"
                 "10.1.0.5:32960");
    zj_world_row(w, "systems",
                 "PLT-JT,车辆位置服务平台,platform,2,11000-24002,2025-02-10,"
                 "10.1.0.8:7200");
    zj_world_row(w, "systems",
                 "SYS-TSP,车联网业务平台,system,2,11000-24003,2025-02-10,"
                 "10.1.0.11;10.1.0.20;10.1.0.30");
    zj_world_row(w, "partners",
                 "P-MAP,示例地图服务商（合成数据）,CN,114.114.114.20;map.example.com,"
                 "VIN;GEO_COORD;VEHICLE_TRACK,general,10000,导航,接口,加密传输,"
                 "2025-01-01,2027-12-31,京通信评〔2025〕1号,2027-06-30");
    zj_world_row(w, "releases",
                 "R-250,T-Box 固件,ota,2.5.0,"
                 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08,"
                 "ota.zhuji.example,2026-07-20,2026-08-01,京通信备〔2026〕12号");
}

/* Data goes to the map partner as the ledger says: every minute a position. */
static void exchange(struct zj_world *w, struct zj_actor *a)
{
    char json[160];
    struct zj_conn *c = &a->conn;
    zj_conn_open(w, c, ZJ_DATA_EXCHANGE, (uint16_t)(30000 + a->phase++ % 20000),
                 ZJ_IP(114, 114, 114, 20), 80);
    zj_vehicle_drive(a, 60);
    snprintf(json, sizeof json, "{\"vin\":\"%s\",\"lat\":%d.%06d,\"lng\":%d.%06d}", a->vehicle.vin,
             a->lat_e6 / 1000000, a->lat_e6 % 1000000, a->lon_e6 / 1000000, a->lon_e6 % 1000000);
    zj_conn_send(w, c, 0, zj_make_http_post(w, "map.example.com", "/v1/traffic", json));
    zj_conn_send(w, c, 1, ZJ_SPAN_LIT("HTTP/1.1 204 No Content\r\n\r\n"));
    zj_conn_close(w, c);
    a->next_ns += 60 * SECOND;
}

static void add_healthy(struct zj_world *w)
{
    struct zj_chance chance = {w->opts->seed};
    for (int64_t i = 0; i < w->opts->vehicles; i++) {
        const int64_t at = w->now_ns + (int64_t)zj_chance_below(&chance, 20000) * 1000000;
        switch (i % 8) {
        case 0:
        case 1:
        case 2:
        case 3:
            zj_gb32960_vehicle(w, at, "registered");
            break;
        case 4:
            zj_jt808_vehicle(w, at, "registered", false);
            break;
        case 5:
            zj_jt808_vehicle(w, at, "registered", true);
            break;
        default:
            zj_mqtt_vehicle(w, at);
        }
    }
    struct zj_actor *a = zj_actor_add(w, w->now_ns + 30 * SECOND, exchange);
    zj_world_vehicle(w, &a->vehicle, false, "registered");
    a->lat_e6 = 39900000;
    a->lon_e6 = 116400000;
    a->chance.state = w->opts->seed;
}

static zj_err add_scenarios(struct zj_world *w)
{
    const char *only = w->opts->scenario;
    bool is_known = !only || strcmp(only, "none") == 0;
    for (size_t i = 0; i < zj_fleet_scenario_count; i++) {
        if (only && strcmp(only, zj_fleet_scenarios[i].name) != 0)
            continue;
        scenario_runs[i](w, w->now_ns + (40 + 2 * (int64_t)i) * SECOND);
        is_known = true;
    }
    return is_known ? ZJ_OK
                    : zj_fail(w->job, ZJ_EUSAGE,
                              zj_tr(w->job, "no scenario '%s'; 'zhuji fleet --list' shows them",
                                    "没有场景“%s”，用 zhuji fleet --list 查看"),
                              only);
}

static zj_err run(struct zj_world *w)
{
    /* pcap, nanoseconds, this machine's byte order, Ethernet */
    const uint32_t head[6] = {0xa1b23c4d, 4 << 16 | 2, 0, 0, 262144, 1};
    if (!w->live && fwrite(head, 1, sizeof head, w->pcap) != sizeof head)
        w->has_failed = true;
    for (size_t i = w->heap_count / 2; i-- > 0;)
        sift_down(w, i);
    while (w->heap_count && w->heap[0]->next_ns < w->end_ns && !w->has_failed) {
        struct zj_actor *a = w->heap[0];
        if (w->live && !zj_live_wait(w, a->next_ns))
            break;
        if (w->now_ns < a->next_ns)
            w->now_ns = a->next_ns;
        a->act(w, a);
        sift_down(w, 0);
        if (zj_is_interrupted(w->job))
            return zj_fail(w->job, ZJ_EINTR, "fleet");
    }
    return w->has_failed
               ? zj_fail(w->job, ZJ_EIO, "%s: %s", w->job->out_path ? w->job->out_path : "capture",
                         zj_strerror(w->job, errno))
               : ZJ_OK;
}

/* The company, its fleet and what happens to it, from w->now_ns on. */
static zj_err play(struct zj_world *w)
{
    w->end_ns = w->now_ns + w->opts->seconds * SECOND;
    /* a large fleet talks faster, so that its packets fit into its reporting period */
    w->step_ns = 20 * SECOND / (w->opts->vehicles * 8 + 1);
    w->step_ns = w->step_ns > STEP_NS_MAX ? STEP_NS_MAX : w->step_ns;
    add_company(w);
    add_healthy(w);
    zj_err err = add_scenarios(w);
    if (!err)
        err = run(w);
    if (!err && w->dir)
        err = write_answers(w);
    free(w->heap);
    zj_buf_release(&w->frame);
    zj_buf_release(&w->gaps);
    zj_buf_release(&w->detections);
    for (size_t i = 0; i < ZJ_COUNT(w->registers); i++)
        zj_buf_release(&w->registers[i]);
    zj_arena_release(&w->arena);
    return err;
}

zj_err zj_fleet_write(struct zj_job *job, const struct zj_fleet_opts *opts, FILE *pcap,
                      const char *dir)
{
    struct zj_world w = {.job = job, .opts = opts, .pcap = pcap, .dir = dir};
    w.now_ns =
        opts->start_ns ? opts->start_ns : zj_time_of_beijing(2026, 9, 1, 8, 0, 0) * ZJ_NS_PER_S;
    return play(&w);
}

zj_err zj_fleet_connect(struct zj_job *job, const struct zj_fleet_opts *opts, const char *server,
                        const char *dir)
{
    struct zj_endpoint to;
    if (!zj_endpoint_parse(zj_span_str(server), &to) || to.is_host || !to.port ||
        !zj_addr_is_v4(&to.lo) || to.lo.bytes[12] != 127)
        return zj_fail(job, ZJ_EUSAGE,
                       zj_tr(job, "%s: want 127.0.0.1:PORT; the fleet is for this machine only",
                             "%s：应为 127.0.0.1:端口，模拟车队只连接本机"),
                       server);
    const struct zj_live live = {zj_load_be32(to.lo.bytes + 12), to.port};
    struct zj_world w = {.job = job, .opts = opts, .dir = dir, .live = &live};
    w.now_ns = zj_now_ns(job);
    return play(&w);
}
