/* gen_fleet KIND OUT COUNT [CONNECTIONS]: connected vehicles talking to their platforms.
 *
 *   mqtt    CONNECT, then PUBLISH of 300 to 640 bytes of JSON with QoS 1 and its PUBACK; the VIN in
 *           topic and message, the owner's data in every fiftieth
 *   telem   of the bytes half the same, a quarter GB/T 32960 and a quarter JT/T 808: reports with
 *           every group of an electric car, 88 to 108 cells and 16 to 32 probes; positions with the
 *           additional items of a lorry's recorder, every sixth message ten of them from a dead spot
 *   gb32960, jt808, dns, http, tls, udp, tcp   one kind of packet each, for counting instructions
 *
 * COUNT is in bytes for mqtt and telem (with a sixth argument in messages), in messages for the
 * rest. After 70 messages a connection is closed and the vehicle comes back on another port. */
#include "frames.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGES_A_CONNECTION = 70, MESSAGE_MAX = 1400 };

enum kind { MQTT, GB32960, JT808, HTTP, TLS, TCP };

struct vehicle {
    struct conn conn;
    enum kind kind;
    unsigned messages; /* on this connection */
    uint32_t number;
    char vin[18];
    int32_t lat_e6, lon_e6;
    bool is_open;
};

struct text {
    uint8_t at[MESSAGE_MAX];
    size_t len;
};

static void put(struct text *t, const void *data, size_t len)
{
    if (t->len + len > sizeof t->at)
        die("message", "longer than a segment");
    memcpy(t->at + t->len, data, len);
    t->len += len;
}

static void put_n(struct text *t, uint64_t value, unsigned bytes)
{
    while (bytes--) {
        const uint8_t byte = (uint8_t)(value >> 8 * bytes);
        put(t, &byte, 1);
    }
}

__attribute__((format(printf, 2, 3))) static void put_text(struct text *t, const char *format, ...)
{
    char line[MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    const int len = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    put(t, line, (size_t)len);
}

/* A number with the check digit of ISO 3779. */
static void make_vin(uint32_t number, char out[18])
{
    static const int weights[17] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    static const char letters[] = "ABCDEFGHJKLMNPRSTUVWXYZ";
    static const char values[] = "12345678123457923456789";
    int sum = 0;
    snprintf(out, 18, "LTES%c%c%c00R%c%06u", letters[number % 23], letters[number / 23 % 23],
             letters[number / 529 % 23], letters[number / 12167 % 23], number % 1000000);
    for (int i = 0; i < 17; i++) {
        const char *letter = strchr(letters, out[i]);
        sum += weights[i] * (letter ? values[letter - letters] - '0' : out[i] - '0');
    }
    out[8] = (char)(sum % 11 == 10 ? 'X' : '0' + sum % 11);
}

/* 18 digits of GB 11643 with sequence 000, which is never given out. */
static void make_resident_id(uint32_t number, char out[19])
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    snprintf(out, 19, "110105%04u%02u%02u000", 1950 + number % 50, 1 + number / 50 % 12,
             1 + number / 600 % 28);
    for (int i = 0; i < 17; i++)
        sum += (out[i] - '0') * weights[i];
    out[17] = "10X98765432"[sum % 11];
    out[18] = 0;
}

static void make_json(struct text *t, const struct vehicle *v, uint64_t time_ms, uint64_t *random)
{
    put_text(t,
             "{\"vin\":\"%s\",\"ts\":%llu,\"speed\":%u.%u,\"soc\":%u,\"odometer\":%u.%u,"
             "\"lat\":%d.%06d,\"lng\":%d.%06d,\"gear\":\"D\",\"batteryVoltage\":%u.%u,"
             "\"batteryCurrent\":-%u.%u,\"motorSpeed\":%u,\"signal\":-%u,\"doors\":[0,0,0,0],"
             "\"tyres\":[2.4,2.4,2.5,2.4],\"seq\":%u",
             v->vin, (unsigned long long)time_ms, random_below(random, 120),
             random_below(random, 10), random_below(random, 100), random_below(random, 99999),
             random_below(random, 10), v->lat_e6 / 1000000, v->lat_e6 % 1000000,
             v->lon_e6 / 1000000, v->lon_e6 % 1000000, 300 + random_below(random, 90),
             random_below(random, 10), random_below(random, 200), random_below(random, 10),
             random_below(random, 9000), 50 + random_below(random, 50), v->messages);
    for (unsigned i = 0, n = 3 + random_below(random, 12); i < n; i++)
        put_text(t, ",\"cell%02uVoltage\":3.6%u", i, 10 + random_below(random, 89));
    if (random_below(random, 50) == 0) {
        char id[19];
        make_resident_id(v->number, id);
        put_text(t,
                 ",\"owner\":{\"idCard\":\"%s\",\"mobile\":\"138000%05u\",\"plate\":\"京A%05u\"}",
                 id, v->number % 100000, v->number % 100000);
    }
    put_text(t, "}");
}

static void mqtt_head(struct text *t, uint8_t first, size_t remaining)
{
    put_n(t, first, 1);
    for (; remaining > 127; remaining >>= 7)
        put_n(t, (remaining & 127) | 128, 1);
    put_n(t, remaining, 1);
}

static void mqtt_login(struct text *up, struct text *down, const struct vehicle *v)
{
    mqtt_head(up, 0x10, 10 + 2 + 17);
    put(up, "\0\4MQTT\4\2\0\74\0\21", 12);
    put(up, v->vin, 17);
    put(down, "\x20\2\0\0", 4);
}

static void mqtt_message(struct text *up, struct text *down, const struct vehicle *v,
                         uint64_t time_ms, uint64_t *random)
{
    struct text json = {.len = 0};
    char topic[40];
    make_json(&json, v, time_ms, random);
    const int topic_len = snprintf(topic, sizeof topic, "vehicle/%s/telemetry", v->vin);
    mqtt_head(up, 0x32, 2 + (size_t)topic_len + 2 + json.len);
    put_n(up, (unsigned)topic_len, 2);
    put(up, topic, (size_t)topic_len);
    put_n(up, v->messages + 1, 2);
    put(up, json.at, json.len);
    put(down, "\x40\2", 2);
    put_n(down, v->messages + 1, 2);
}

static uint8_t xor_of(const uint8_t *p, size_t len)
{
    uint8_t x = 0;
    while (len--)
        x ^= *p++;
    return x;
}

static void gb_time(struct text *t, uint64_t time_ms)
{
    const uint64_t s = time_ms / 1000;
    const uint8_t time[6] = {26,
                             1,
                             (uint8_t)(1 + s / 86400 % 28),
                             (uint8_t)(s / 3600 % 24),
                             (uint8_t)(s / 60 % 60),
                             (uint8_t)(s % 60)};
    put(t, time, 6);
}

static void gb_frame(struct text *out, const struct vehicle *v, uint8_t command, uint8_t answer,
                     const struct text *body)
{
    const size_t from = out->len;
    put(out, "##", 2);
    put_n(out, command, 1);
    put_n(out, answer, 1);
    put(out, v->vin, 17);
    put_n(out, 1, 1);
    put_n(out, body->len, 2);
    put(out, body->at, body->len);
    put_n(out, xor_of(out->at + from + 2, out->len - from - 2), 1);
}

static void gb_login(struct text *up, struct text *down, const struct vehicle *v, uint64_t time_ms)
{
    struct text body = {.len = 0}, time = {.len = 0};
    gb_time(&body, time_ms);
    gb_time(&time, time_ms);
    put_n(&body, 1, 2);
    put_text(&body, "898600%014u", v->number);
    put_n(&body, 0x0100, 2);
    gb_frame(up, v, 1, 0xfe, &body);
    gb_frame(down, v, 1, 1, &time);
}

/* Every cell and probe of the battery, as electric cars report them. */
static void gb_battery(struct text *body, const struct vehicle *v, uint64_t *random)
{
    const unsigned cells = 88 + v->number % 21, probes = 16 + v->number % 17;
    const unsigned mv = 3500 + random_below(random, 500);
    put(body, "\x08\1\1", 3);
    put_n(body, cells * mv / 100, 2);
    put_n(body, 10000 + random_below(random, 500), 2);
    put_n(body, cells, 2);
    put_n(body, 1, 2);
    put_n(body, cells, 1);
    for (unsigned i = 0; i < cells; i++)
        put_n(body, mv + random_below(random, 30), 2);
    put(body, "\x09\1\1", 3);
    put_n(body, probes, 2);
    for (unsigned i = 0; i < probes; i++)
        put_n(body, 60 + random_below(random, 8), 1);
}

static void gb_motor(struct text *body, uint64_t *random)
{
    put(body, "\2\1\1\1\x50", 5);
    put_n(body, 20000 + random_below(random, 9000), 2);
    put_n(body, 20000 + random_below(random, 2000), 2);
    put_n(body, 0x5a, 1);
    put_n(body, 3000 + random_below(random, 900), 2);
    put_n(body, 10000 + random_below(random, 500), 2);
}

static void gb_message(struct text *up, struct text *down, const struct vehicle *v,
                       uint64_t time_ms, uint64_t *random)
{
    struct text body = {.len = 0}, time = {.len = 0};
    gb_time(&body, time_ms);
    gb_time(&time, time_ms);
    put_n(&body, 1, 1); /* the vehicle */
    put(&body, "\1\3\1", 3);
    put_n(&body, random_below(random, 1200), 2);
    put_n(&body, random_below(random, 999999), 4);
    put_n(&body, 3000 + random_below(random, 900), 2);
    put_n(&body, 10000 + random_below(random, 500), 2);
    put_n(&body, random_below(random, 100), 1);
    put(&body, "\1\xf\1\xf4\0\0", 6);
    gb_motor(&body, random);
    put_n(&body, 5, 1); /* the position */
    put_n(&body, 0, 1);
    put_n(&body, (uint32_t)v->lon_e6, 4);
    put_n(&body, (uint32_t)v->lat_e6, 4);
    put_n(&body, 6, 1); /* extremes */
    put(&body, "\1\1\xf\xa0\1\2\xf\0\1\1\x50\1\2\x40", 14);
    put_n(&body, 7, 1); /* alarms: none */
    put(&body, "\0\0\0\0\0\0\0\0\0", 9);
    gb_battery(&body, v, random);
    gb_frame(up, v, 2, 0xfe, &body);
    gb_frame(down, v, 2, 1, &time);
}

static void jt_frame(struct text *out, const struct vehicle *v, unsigned command,
                     const struct text *body)
{
    struct text plain = {.len = 0};
    put_n(&plain, command, 2);
    put_n(&plain, body->len, 2);
    char digits[13];
    snprintf(digits, sizeof digits, "0138%08u", v->number);
    for (unsigned i = 0; i < 12; i += 2)
        put_n(&plain, (unsigned)(digits[i] - '0') << 4 | (unsigned)(digits[i + 1] - '0'), 1);
    put_n(&plain, v->messages, 2);
    put(&plain, body->at, body->len);
    put_n(&plain, xor_of(plain.at, plain.len), 1);
    put_n(out, 0x7e, 1);
    for (size_t i = 0; i < plain.len; i++)
        if (plain.at[i] == 0x7e || plain.at[i] == 0x7d)
            put_n(out, 0x7d00u | (plain.at[i] == 0x7e ? 2 : 1), 2);
        else
            put_n(out, plain.at[i], 1);
    put_n(out, 0x7e, 1);
}

static void jt_answer(struct text *down, const struct vehicle *v, unsigned answered)
{
    struct text body = {.len = 0};
    put_n(&body, v->messages, 2);
    put_n(&body, answered, 2);
    put_n(&body, 0, 1);
    jt_frame(down, v, 0x8001, &body);
}

static void jt_login(struct text *up, struct text *down, const struct vehicle *v)
{
    struct text body = {.len = 0};
    put_text(&body, "code%08u", v->number);
    jt_frame(up, v, 0x0102, &body);
    jt_answer(down, v, 0x0102);
}

static void jt_bcd_time(struct text *body, uint64_t s)
{
    const unsigned parts[6] = {26,
                               1,
                               (unsigned)(1 + s / 86400 % 28),
                               (unsigned)(s / 3600 % 24),
                               (unsigned)(s / 60 % 60),
                               (unsigned)(s % 60)};
    for (int i = 0; i < 6; i++)
        put_n(body, parts[i] / 10 << 4 | parts[i] % 10, 1);
}

/* Where it was `steps` reports ago, with mileage, fuel, recorder speed, signals, inputs, analogue
 * values, strength of the network and satellites. */
static void jt_position(struct text *body, const struct vehicle *v, uint64_t s, int32_t steps,
                        uint64_t *random)
{
    const unsigned speed = random_below(random, 1200);
    put_n(body, 0, 4);
    put_n(body, 3, 4);
    put_n(body, (uint32_t)(v->lat_e6 - steps * 50), 4);
    put_n(body, (uint32_t)(v->lon_e6 - steps * 50), 4);
    put_n(body, 45, 2);
    put_n(body, speed, 2);
    put_n(body, random_below(random, 360), 2);
    jt_bcd_time(body, s);
    put(body, "\1\4", 2);
    put_n(body, random_below(random, 999999), 4);
    put(body, "\2\2", 2);
    put_n(body, random_below(random, 4000), 2);
    put(body, "\3\2", 2);
    put_n(body, speed, 2);
    put(body, "\x25\4\0\0\0\1\x2a\2\0\0\x2b\4", 12);
    put_n(body, random_below(random, 5000), 4);
    put(body, "\x30\1\x18\x31\1\x0c", 6);
}

static void jt_message(struct text *up, struct text *down, const struct vehicle *v,
                       uint64_t time_ms, uint64_t *random)
{
    enum { EACH = 6, BATCH = 10, APART_S = 30 };
    struct text body = {.len = 0};
    const uint64_t s = time_ms / 1000;
    if (v->messages % EACH != EACH - 1) {
        jt_position(&body, v, s, 0, random);
        jt_frame(up, v, 0x0200, &body);
        jt_answer(down, v, 0x0200);
        return;
    }
    put_n(&body, BATCH, 2);
    put_n(&body, 1, 1); /* what could not be sent before */
    for (int32_t i = BATCH; i > 0; i--) {
        struct text one = {.len = 0};
        jt_position(&one, v, s - (uint64_t)i * APART_S, i, random);
        put_n(&body, one.len, 2);
        put(&body, one.at, one.len);
    }
    jt_frame(up, v, 0x0704, &body);
    jt_answer(down, v, 0x0704);
}

static void http_message(struct text *up, struct text *down, const struct vehicle *v,
                         uint64_t time_ms, uint64_t *random)
{
    struct text json = {.len = 0};
    make_json(&json, v, time_ms, random);
    put_text(up,
             "POST /api/v1/telemetry HTTP/1.1\r\nHost: tsp.example.com\r\n"
             "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
             json.len);
    put(up, json.at, json.len);
    put_text(down, "HTTP/1.1 204 No Content\r\nServer: tsp\r\n\r\n");
}

static void tls_login(struct text *up, struct text *down)
{
    static const uint8_t zero[32];
    static const char name[] = "tsp.example.com";
    struct text ext = {.len = 0}, hello = {.len = 0};
    put_n(&ext, 0, 2);
    put_n(&ext, sizeof name - 1 + 5, 2);
    put_n(&ext, sizeof name - 1 + 3, 2);
    put_n(&ext, 0, 1);
    put_n(&ext, sizeof name - 1, 2);
    put(&ext, name, sizeof name - 1);
    put(&ext, "\0\x2b\0\5\4\3\4\3\3\0\x0d\0\4\0\2\4\3\0\x10\0\5\0\3\2h2", 26);
    put_n(&hello, 0x0303, 2);
    put(&hello, zero, 32);
    put(&hello, "\0\0\6\x13\1\x13\2\xc0\x2f\1\0", 11);
    put_n(&hello, ext.len, 2);
    put(&hello, ext.at, ext.len);
    put(up, "\x16\3\1", 3);
    put_n(up, hello.len + 4, 2);
    put_n(up, 1u << 24 | (unsigned)hello.len, 4);
    put(up, hello.at, hello.len);
    put(down, "\x16\3\3\0\x32\2\0\0\x2e\3\3", 11);
    put(down, zero, 32);
    put(down, "\0\x13\1\0\0\6\0\x2b\0\2\3\4\x14\3\3\0\1\1", 18);
}

static void tls_message(struct text *up, struct text *down)
{
    static const uint8_t sealed[400] = {0x5a, 0xa5, 0x13};
    put(up, "\x17\3\3\1\x90", 5);
    put(up, sealed, 400);
    put(down, "\x17\3\3\0\x30", 5);
    put(down, sealed + 100, 48);
}

static void login(struct text *up, struct text *down, const struct vehicle *v, uint64_t time_ms)
{
    if (v->kind == MQTT)
        mqtt_login(up, down, v);
    else if (v->kind == GB32960)
        gb_login(up, down, v, time_ms);
    else if (v->kind == JT808)
        jt_login(up, down, v);
    else if (v->kind == TLS)
        tls_login(up, down);
}

static void message(struct text *up, struct text *down, const struct vehicle *v, uint64_t time_ms,
                    uint64_t *random)
{
    if (v->kind == MQTT)
        mqtt_message(up, down, v, time_ms, random);
    else if (v->kind == GB32960)
        gb_message(up, down, v, time_ms, random);
    else if (v->kind == JT808)
        jt_message(up, down, v, time_ms, random);
    else if (v->kind == HTTP)
        http_message(up, down, v, time_ms, random);
    else if (v->kind == TLS)
        tls_message(up, down);
    else
        put(up, "\x01\x02\x03 unknown protocol, some bytes of payload that none speaks", 60);
}

static void exchange(struct out *out, struct vehicle *v, const struct text *up,
                     const struct text *down)
{
    conn_segment(out, &v->conn, FROM_CLIENT, TCP_ACK | TCP_PSH, up->at, up->len);
    conn_segment(out, &v->conn, FROM_SERVER, TCP_ACK | TCP_PSH, down->at, down->len);
}

static void start(struct vehicle *v, uint32_t number, enum kind kind)
{
    static const uint16_t ports[] = {1883, 32960, 7611, 80, 443, 5555};
    *v = (struct vehicle){.kind = kind, .number = number};
    make_vin(number, v->vin);
    v->conn.client = 0x0a000000u + number * 7919u % 0xffffffu;
    v->conn.server = 0xcb007100u + number % 4; /* 203.0.113.0/24 */
    v->conn.client_port = (uint16_t)(20000 + number % 30000);
    v->conn.server_port = ports[kind];
    v->lat_e6 = 39000000 + (int32_t)(number % 900000);
    v->lon_e6 = 116000000 + (int32_t)(number * 3 % 900000);
}

static void step(struct out *out, struct vehicle *v, uint64_t *random)
{
    struct text up = {.len = 0}, down = {.len = 0};
    if (!v->is_open) {
        conn_open(out, &v->conn);
        login(&up, &down, v, out->time_us / 1000);
        if (up.len)
            exchange(out, v, &up, &down);
        v->is_open = true;
        v->messages = 0;
        return;
    }
    v->lat_e6 += (int32_t)random_below(random, 200) - 50;
    v->lon_e6 += (int32_t)random_below(random, 200) - 50;
    message(&up, &down, v, out->time_us / 1000, random);
    exchange(out, v, &up, &down);
    if (++v->messages < MESSAGES_A_CONNECTION)
        return;
    conn_close(out, &v->conn);
    v->is_open = false;
    v->conn.client_port = (uint16_t)(v->conn.client_port + 1);
    v->conn.seq[0] = (uint32_t)random_next(random);
    v->conn.seq[1] = (uint32_t)random_next(random);
}

static void dns_step(struct out *out, uint64_t *random)
{
    struct text up = {.len = 0}, down = {.len = 0};
    struct conn conn = {.client = 0x0a000000u + random_below(random, 60000),
                        .server = 0xcb007135u,
                        .client_port = (uint16_t)(1024 + random_below(random, 60000)),
                        .server_port = 53};
    const uint32_t id = random_below(random, 65536), host = random_below(random, 1000);
    char name[24];
    snprintf(name, sizeof name, "%chost%03u%cexample%ccom", 7, host, 7, 3);
    put_n(&up, id, 2);
    put(&up, "\1\0\0\1\0\0\0\0\0\0", 10);
    put(&up, name, strlen(name) + 1);
    put(&up, "\0\1\0\1", 4);
    put_n(&down, id, 2);
    put(&down, "\x81\x80\0\1\0\1\0\0\0\0", 10);
    put(&down, name, strlen(name) + 1);
    put(&down, "\0\1\0\1\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xcb\0\x71", 19);
    put_n(&down, host & 255, 1);
    udp_datagram(out, &conn, FROM_CLIENT, up.at, up.len);
    udp_datagram(out, &conn, FROM_SERVER, down.at, down.len);
}

static void udp_step(struct out *out, uint64_t *random)
{
    const struct conn conn = {.client = 0x0a000000u + random_below(random, 4000),
                              .server = 0xcb007136u,
                              .client_port = 40000,
                              .server_port = 40001};
    /* nor are they text */
    udp_datagram(out, &conn, FROM_CLIENT, "\1\2\3\4 bytes that no codec knows, on one of few flows", 51);
}

static enum kind kind_of(const char *name)
{
    static const char *const names[] = {"mqtt", "gb32960", "jt808", "http", "tls", "tcp"};
    for (unsigned i = 0; i < 6; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum kind)i;
    die(name, "no kind of traffic");
}

static void step_of_telem(struct out *out, struct vehicle *v, uint64_t bytes[3], uint64_t *random)
{
    const uint64_t before = out->bytes;
    step(out, v, random);
    bytes[v->kind] += out->bytes - before;
}

/* Telem: the kind of vehicle whose bytes are furthest behind its share speaks next. */
static struct vehicle *next_of(struct vehicle *vehicles, uint32_t count, const uint64_t bytes[3],
                               uint64_t *random)
{
    const enum kind kind = bytes[MQTT] <= 2 * bytes[GB32960] && bytes[MQTT] <= 2 * bytes[JT808]
                               ? MQTT
                           : bytes[GB32960] <= bytes[JT808] ? GB32960
                                                            : JT808;
    struct vehicle *v;
    do {
        v = &vehicles[random_below(random, count)];
    } while (v->kind != kind);
    return v;
}

int main(int argc, char **argv)
{
    if (argc < 4)
        die(argv[0], "KIND OUT COUNT [CONNECTIONS]");
    const char *name = argv[1];
    const uint64_t want = strtoull(argv[3], NULL, 10);
    const uint32_t count = argc > 4 ? (uint32_t)strtoul(argv[4], NULL, 10) : 4000;
    const bool is_telem = strcmp(name, "telem") == 0, is_dns = strcmp(name, "dns") == 0;
    const bool is_udp = strcmp(name, "udp") == 0;
    const bool in_bytes = (is_telem || strcmp(name, "mqtt") == 0) && argc <= 5;
    struct vehicle *vehicles = calloc(count ? count : 1, sizeof *vehicles);
    struct out out;
    uint64_t random = 20261122, steps = 0, bytes[3] = {0}; /* of the three kinds of telem */
    if (!vehicles)
        die(argv[0], "out of memory");
    static const enum kind telem[4] = {MQTT, GB32960, MQTT, JT808};
    for (uint32_t i = 0; i < count && !is_dns && !is_udp; i++)
        start(&vehicles[i], i, is_telem ? telem[i % 4] : kind_of(name));
    out_open(&out, argv[2], 10);
    for (; in_bytes ? out.bytes < want : steps < want; steps++) {
        if (is_dns)
            dns_step(&out, &random);
        else if (is_udp)
            udp_step(&out, &random);
        else if (!is_telem)
            step(&out, &vehicles[random_below(&random, count)], &random);
        else
            step_of_telem(&out, next_of(vehicles, count, bytes, &random), bytes, &random);
    }
    out_close(&out);
    free(vehicles);
    printf("%s: %llu packets, %llu bytes\n", argv[2], (unsigned long long)out.packets,
           (unsigned long long)out.bytes);
    return 0;
}
