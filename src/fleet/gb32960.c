/* Frames of GB/T 32960.3-2016 and -2025 as a terminal or a platform sends them. */
#include "base/clock.h"
#include "fleet/encode.h"
#include "fleet/world.h"

enum { NOT_AN_ANSWER = 0xfe };

static void put_time(struct zj_world *w, struct zj_buf *b)
{
    char text[ZJ_TIME_TEXT];
    int v[6];
    zj_time_format(w->now_ns, text);
    if (sscanf(text, "%d-%d-%dT%d:%d:%d", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5]) != 6)
        return;
    zj_put8(b, (uint32_t)(v[0] - 2000));
    for (int i = 1; i < 6; i++)
        zj_put8(b, (uint32_t)v[i]);
}

struct zj_span zj_make_gb32960_frame(struct zj_world *w, struct zj_actor *a, uint8_t command,
                                     uint8_t answer, struct zj_span unit)
{
    struct zj_buf *b = &w->frame;
    b->len = 0;
    zj_put16(b, a->is_2025 ? 0x2424 : 0x2323);
    zj_put8(b, command);
    zj_put8(b, answer);
    zj_put_text(b, a->vehicle.vin, 17, 0);
    zj_put8(b, 1); /* not encrypted */
    zj_put16(b, (uint32_t)unit.len);
    zj_buf_span(b, unit);
    zj_put8(b, zj_xor8(zj_span_part(zj_buf_all(b), 2, b->len)));
    return zj_buf_all(b);
}

/* The unit is built beside the frame and then framed. */
static struct zj_span frame_unit(struct zj_world *w, struct zj_actor *a, uint8_t command,
                                 uint8_t answer, struct zj_buf *unit)
{
    struct zj_span frame = zj_make_gb32960_frame(w, a, command, answer, zj_buf_all(unit));
    zj_buf_release(unit);
    return frame;
}

struct zj_span zj_make_gb32960_login(struct zj_world *w, struct zj_actor *a, const char *iccid)
{
    struct zj_buf u = {0};
    put_time(w, &u);
    zj_put16(&u, a->serial);
    zj_put_text(&u, iccid, 20, 0);
    zj_put8(&u, 0); /* no battery codes */
    if (!a->is_2025)
        zj_put8(&u, 0);
    return frame_unit(w, a, 0x01, NOT_AN_ANSWER, &u);
}

struct zj_span zj_make_gb32960_plain(struct zj_world *w, struct zj_actor *a, uint8_t command,
                                     uint8_t answer)
{
    struct zj_buf u = {0};
    const bool is_empty = command == 0x07 || command == 0x08;
    if (!is_empty)
        put_time(w, &u);
    if (!is_empty && answer == NOT_AN_ANSWER)
        zj_put16(&u, a->serial);
    return frame_unit(w, a, command, answer, &u);
}

static void put_vehicle(struct zj_actor *a, struct zj_buf *u)
{
    const uint32_t speed = zj_chance_below(&a->chance, 600);
    zj_put8(u, 0x01);
    zj_put8(u, 1); /* on */
    zj_put8(u, 3); /* not charging */
    zj_put8(u, 1); /* electric */
    zj_put16(u, speed);
    zj_put32(u, a->odometer);
    zj_put16(u, 3600 + zj_chance_below(&a->chance, 300));
    zj_put16(u, (a->is_2025 ? 30000 : 10000) + zj_chance_below(&a->chance, 400));
    zj_put8(u, 40 + zj_chance_below(&a->chance, 50));
    zj_put8(u, 1);
    zj_put8(u, 0x0e); /* D */
    zj_put16(u, 5000);
    if (!a->is_2025) {
        zj_put8(u, speed ? 20 : 0);
        zj_put8(u, speed ? 0 : 10);
    }
}

struct zj_span zj_make_gb32960_report(struct zj_world *w, struct zj_actor *a)
{
    struct zj_buf u = {0};
    put_time(w, &u);
    put_vehicle(a, &u);
    zj_put8(&u, 0x05);
    zj_put8(&u, 0); /* valid, north, east */
    if (a->is_2025)
        zj_put8(&u, 1); /* WGS-84 */
    zj_put32(&u, (uint32_t)a->lon_e6);
    zj_put32(&u, (uint32_t)a->lat_e6);
    return frame_unit(w, a, 0x02, NOT_AN_ANSWER, &u);
}

struct zj_span zj_make_gb32960_platform_login(struct zj_world *w, struct zj_actor *a,
                                              const char *user, const char *password)
{
    struct zj_buf u = {0};
    put_time(w, &u);
    zj_put16(&u, a->serial);
    zj_put_text(&u, user, 12, 0);
    zj_put_text(&u, password, 20, 0);
    zj_put8(&u, 1);
    return frame_unit(w, a, 0x05, NOT_AN_ANSWER, &u);
}

struct zj_span zj_make_gb32960_upgrade(struct zj_world *w, struct zj_actor *a, const char *version,
                                       const char *url)
{
    struct zj_buf u = {0};
    put_time(w, &u);
    zj_put8(&u, 0x01); /* remote upgrade, table B.16 */
    zj_buf_str(&u, "cmnet;;;");
    zj_put16(&u, 0);
    zj_put32(&u, a->server);
    zj_put8(&u, ';');
    zj_put16(&u, 443);
    zj_put8(&u, ';');
    zj_put_text(&u, "ZJ01", 4, 0);
    zj_put8(&u, ';');
    zj_put_text(&u, "H1.00", 5, 0);
    zj_put8(&u, ';');
    zj_put_text(&u, version, 5, 0);
    zj_put8(&u, ';');
    zj_buf_str(&u, url);
    zj_put8(&u, ';');
    zj_put16(&u, 30);
    return frame_unit(w, a, 0x82, NOT_AN_ANSWER, &u);
}
