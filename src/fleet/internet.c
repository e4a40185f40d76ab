/* MQTT 3.1.1, HTTP/1.1 and the hellos of TLS 1.2, as far as the simulation needs them. */
#include "fleet/encode.h"
#include "fleet/world.h"

static struct zj_span mqtt_frame(struct zj_world *w, uint8_t head, struct zj_buf *body)
{
    struct zj_buf *b = &w->frame;
    size_t left = body->len;
    b->len = 0;
    zj_put8(b, head);
    do {
        zj_put8(b, (uint32_t)(left % 128 | (left > 127 ? 128 : 0)));
        left /= 128;
    } while (left);
    zj_buf_span(b, zj_buf_all(body));
    zj_buf_release(body);
    return zj_buf_all(b);
}

static void put_string(struct zj_buf *b, const char *text)
{
    zj_put16(b, (uint32_t)strlen(text));
    zj_buf_str(b, text);
}

struct zj_span zj_make_mqtt_connect(struct zj_world *w, const char *client, const char *user,
                                    const char *password)
{
    struct zj_buf u = {0};
    put_string(&u, "MQTT");
    zj_put8(&u, 4);
    zj_put8(&u, user ? 0xc2 : 0x02);
    zj_put16(&u, 60);
    put_string(&u, client);
    if (user) {
        put_string(&u, user);
        put_string(&u, password);
    }
    return mqtt_frame(w, 0x10, &u);
}

struct zj_span zj_make_mqtt_publish(struct zj_world *w, const char *topic, const char *payload)
{
    struct zj_buf u = {0};
    put_string(&u, topic);
    zj_buf_str(&u, payload);
    return mqtt_frame(w, 0x30, &u);
}

struct zj_span zj_make_mqtt_subscribe(struct zj_world *w, const char *filter)
{
    struct zj_buf u = {0};
    zj_put16(&u, 1);
    put_string(&u, filter);
    zj_put8(&u, 0);
    return mqtt_frame(w, 0x82, &u);
}

struct zj_span zj_make_http_post(struct zj_world *w, const char *host, const char *path,
                                 const char *json)
{
    w->frame.len = 0;
    zj_buf_printf(&w->frame,
                  "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"
                  "Content-Length: %zu\r\n\r\n%s",
                  path, host, strlen(json), json);
    return zj_buf_all(&w->frame);
}

static struct zj_span tls_record(struct zj_world *w, uint8_t handshake, struct zj_buf *body)
{
    struct zj_buf *b = &w->frame;
    b->len = 0;
    zj_put8(b, 22);
    zj_put16(b, 0x0301);
    zj_put16(b, (uint32_t)body->len + 4);
    zj_put8(b, handshake);
    zj_put8(b, 0);
    zj_put16(b, (uint32_t)body->len);
    zj_buf_span(b, zj_buf_all(body));
    zj_buf_release(body);
    return zj_buf_all(b);
}

struct zj_span zj_make_tls_client_hello(struct zj_world *w, const char *server_name)
{
    static const uint16_t suites[] = {0xc02f, 0xc030, 0xc02b, 0xc02c, 0x009c, 0x009d};
    struct zj_buf u = {0};
    const uint32_t name = (uint32_t)strlen(server_name);
    zj_put16(&u, 0x0303);
    for (uint32_t i = 0; i < 32; i++)
        zj_put8(&u, i * 7);
    zj_put8(&u, 0);
    zj_put16(&u, sizeof suites);
    for (size_t i = 0; i < ZJ_COUNT(suites); i++)
        zj_put16(&u, suites[i]);
    zj_put16(&u, 0x0100); /* one method: none */
    zj_put16(&u, 9 + name + 8);
    zj_put16(&u, 0); /* server_name */
    zj_put16(&u, name + 5);
    zj_put16(&u, name + 3);
    zj_put8(&u, 0);
    put_string(&u, server_name);
    zj_put16(&u, 10); /* supported_groups: x25519 */
    zj_put16(&u, 4);
    zj_put16(&u, 2);
    zj_put16(&u, 29);
    return tls_record(w, 1, &u);
}

struct zj_span zj_make_tls_server_hello(struct zj_world *w)
{
    struct zj_buf u = {0};
    zj_put16(&u, 0x0303);
    for (uint32_t i = 0; i < 32; i++)
        zj_put8(&u, i * 11);
    zj_put8(&u, 0);
    zj_put16(&u, 0xc02f);
    zj_put8(&u, 0);
    return tls_record(w, 2, &u);
}
