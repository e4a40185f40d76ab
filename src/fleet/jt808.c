/* Messages of JT/T 808-2013 and -2019 as a terminal or a platform sends them. */
#include <stdio.h>

#include "base/clock.h"
#include "base/text.h"
#include "fleet/encode.h"
#include "fleet/world.h"

static void put_bcd(struct zj_buf *b, const char *digits, size_t bytes)
{
    const size_t len = strlen(digits);
    for (size_t i = 0; i < bytes * 2; i += 2) {
        uint32_t pair = 0;
        for (size_t k = i; k < i + 2; k++) {
            const size_t pad = bytes * 2 - len;
            pair = pair << 4 | (k < pad ? 0u : (uint32_t)(digits[k - pad] - '0'));
        }
        zj_put8(b, pair);
    }
}

static void put_escaped(struct zj_buf *b, uint8_t byte)
{
    if (byte == 0x7e || byte == 0x7d) {
        zj_put8(b, 0x7d);
        byte = byte == 0x7e ? 2 : 1;
    }
    zj_put8(b, byte);
}

struct zj_span zj_make_jt808_frame(struct zj_world *w, struct zj_actor *a, uint16_t id,
                                   struct zj_span body)
{
    struct zj_buf plain = {0}, *b = &w->frame;
    zj_put16(&plain, id);
    zj_put16(&plain, (uint32_t)body.len | (a->is_2019 ? 1u << 14 : 0));
    if (a->is_2019)
        zj_put8(&plain, 1);
    put_bcd(&plain, a->vehicle.phone, a->is_2019 ? 10 : 6);
    zj_put16(&plain, a->serial++);
    zj_buf_span(&plain, body);
    zj_put8(&plain, zj_xor8(zj_buf_all(&plain)));
    b->len = 0;
    zj_put8(b, 0x7e);
    for (size_t i = 0; i < plain.len; i++)
        put_escaped(b, plain.at[i]);
    zj_put8(b, 0x7e);
    zj_buf_release(&plain);
    return zj_buf_all(b);
}

static struct zj_span frame_body(struct zj_world *w, struct zj_actor *a, uint16_t id,
                                 struct zj_buf *body)
{
    struct zj_span frame = zj_make_jt808_frame(w, a, id, zj_buf_all(body));
    zj_buf_release(body);
    return frame;
}

struct zj_span zj_make_jt808_register(struct zj_world *w, struct zj_actor *a)
{
    struct zj_buf u = {0};
    char id[16];
    snprintf(id, sizeof id, "T%06u", a->vehicle.number % 1000000);
    zj_put16(&u, 11);
    zj_put16(&u, 5);
    zj_put_text(&u, "ZHUJI", a->is_2019 ? 11 : 5, 0);
    zj_put_text(&u, "TBOX-1", a->is_2019 ? 30 : 20, 0);
    zj_put_text(&u, id, a->is_2019 ? 30 : 7, 0);
    zj_put8(&u, 0); /* no plate: the VIN stands instead */
    zj_buf_str(&u, a->vehicle.vin);
    return frame_body(w, a, 0x0100, &u);
}

struct zj_span zj_make_jt808_auth(struct zj_world *w, struct zj_actor *a, const char *code)
{
    struct zj_buf u = {0};
    if (a->is_2019) {
        zj_put8(&u, (uint32_t)strlen(code));
        zj_buf_str(&u, code);
        zj_put_text(&u, "490154203237518", 15, 0);
        zj_put_text(&u, "1.4.0", 20, 0);
    } else {
        zj_buf_str(&u, code);
    }
    return frame_body(w, a, 0x0102, &u);
}

struct zj_span zj_make_jt808_attributes(struct zj_world *w, struct zj_actor *a)
{
    struct zj_buf u = {0};
    zj_put16(&u, 0x0001);
    zj_put_text(&u, "ZHUJI", 5, 0);
    zj_put_text(&u, "TBOX-1", a->is_2019 ? 30 : 20, 0);
    zj_put_text(&u, "T1", a->is_2019 ? 30 : 7, 0);
    put_bcd(&u, a->vehicle.iccid, 10);
    zj_put8(&u, 4);
    zj_buf_str(&u, "H1.0");
    zj_put8(&u, 5);
    zj_buf_str(&u, "1.4.0");
    zj_put8(&u, 3);
    zj_put8(&u, 1);
    return frame_body(w, a, 0x0107, &u);
}

struct zj_span zj_make_jt808_position(struct zj_world *w, struct zj_actor *a, uint32_t alarms)
{
    struct zj_buf u = {0};
    char text[ZJ_TIME_TEXT], digits[16];
    zj_time_format(w->now_ns, text);
    snprintf(digits, sizeof digits, "%.2s%.2s%.2s%.2s%.2s%.2s", text + 2, text + 5, text + 8,
             text + 11, text + 14, text + 17);
    zj_put32(&u, alarms);
    zj_put32(&u, 0x00040003); /* ignition, fix, GPS */
    zj_put32(&u, (uint32_t)a->lat_e6);
    zj_put32(&u, (uint32_t)a->lon_e6);
    zj_put16(&u, 45);
    zj_put16(&u, zj_chance_below(&a->chance, 600));
    zj_put16(&u, zj_chance_below(&a->chance, 360));
    put_bcd(&u, digits, 6);
    zj_put8(&u, 0x01);
    zj_put8(&u, 4);
    zj_put32(&u, a->odometer);
    zj_put8(&u, 0x31);
    zj_put8(&u, 1);
    zj_put8(&u, 9);
    return frame_body(w, a, 0x0200, &u);
}

struct zj_span zj_make_jt808_answer(struct zj_world *w, struct zj_actor *a, uint16_t id,
                                    uint16_t serial, uint8_t result)
{
    struct zj_buf u = {0};
    zj_put16(&u, serial);
    if (id == 0x8001) {
        zj_put16(&u, 0x0102);
        zj_put8(&u, result);
    } else {
        zj_put8(&u, result);
        if (result == 0)
            zj_buf_printf(&u, "AC%08u", a->vehicle.number);
    }
    return frame_body(w, a, id, &u);
}

struct zj_span zj_make_jt808_upgrade(struct zj_world *w, struct zj_actor *a, const char *version,
                                     const char *url)
{
    struct zj_buf u = {0};
    zj_put8(&u, 1);
    zj_buf_printf(&u, "%s;cmnet;;;;443;;ZHUJI;H1.0;%s;60", url, version);
    return frame_body(w, a, 0x8105, &u);
}
