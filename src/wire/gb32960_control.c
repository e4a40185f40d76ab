/* Commands of the platform: query, set and control, GB/T 32960.3-2016 annex B (tables B.10 to
 * B.16). */
#include "wire/gb32960.h"

#include <stdio.h>

enum param_type { PARAM_NONE, PARAM_BYTE, PARAM_WORD, PARAM_TEXT5, PARAM_DOMAIN };

/* A length (04, 0D) comes before its domain (05, 0E). */
enum {
    PLATFORM_DOMAIN_LEN = 0x04,
    PLATFORM_DOMAIN = 0x05,
    PUBLIC_DOMAIN_LEN = 0x0d,
    PUBLIC_DOMAIN = 0x0e
};

static enum param_type type_of(uint8_t id, bool is_2025)
{
    switch (id) {
    case 0x02:
    case 0x03:
        return is_2025 ? PARAM_BYTE : PARAM_WORD;
    case 0x01:
    case 0x06:
    case 0x0a:
    case 0x0b:
    case 0x0f:
        return PARAM_WORD;
    case PLATFORM_DOMAIN_LEN:
    case 0x09:
    case 0x0c:
    case PUBLIC_DOMAIN_LEN:
    case 0x10:
        return PARAM_BYTE;
    case 0x07:
    case 0x08:
        return PARAM_TEXT5;
    case PLATFORM_DOMAIN:
    case PUBLIC_DOMAIN:
        return PARAM_DOMAIN;
    default:
        return PARAM_NONE;
    }
}

struct lengths {
    int platform, public; /* -1: not yet told */
};

static void walk_domain(struct zj_walk *w, uint8_t id, const struct lengths *lengths)
{
    const int len = id == PLATFORM_DOMAIN ? lengths->platform : lengths->public;
    if (len < 0) {
        zj_walk_fail(w, "domain_before_length");
        if (w->j)
            zj_json_null(w->j);
        return;
    }
    const struct zj_span text = zj_rd_span(&w->r, (size_t)len);
    zj_walk_text(w, NULL, text);
    if (!w->msg)
        return;
    w->msg->kind = w->msg->kind == ZJ_MSG_PARAMETERS ? ZJ_MSG_SWITCH_SERVER : w->msg->kind;
    w->msg->host = zj_span_unpad(text);
}

static void walk_value(struct zj_walk *w, uint8_t id, bool is_2025, struct lengths *lengths)
{
    static const char *const unknown[256] = {ZJ_BYTE_NAMES("unknown_param_0x")};
    uint32_t value = 0;
    switch (type_of(id, is_2025)) {
    case PARAM_NONE:
        zj_walk_fail(w, unknown[id]);
        if (w->j)
            zj_json_null(w->j);
        return;
    case PARAM_DOMAIN:
        walk_domain(w, id, lengths);
        return;
    case PARAM_TEXT5: {
        const struct zj_span text = zj_rd_span(&w->r, 5);
        zj_walk_text(w, NULL, text);
        if (w->msg && id == 0x08)
            w->msg->version = zj_span_unpad(text);
        return;
    }
    case PARAM_BYTE:
        value = zj_rd_u8(&w->r);
        break;
    case PARAM_WORD:
        value = zj_rd_be16(&w->r);
        break;
    }
    if (id == PLATFORM_DOMAIN_LEN)
        lengths->platform = (int)value;
    if (id == PUBLIC_DOMAIN_LEN)
        lengths->public = (int)value;
    if (w->j)
        zj_json_uint(w->j, value);
}

void zj_gb_set(struct zj_walk *w, bool is_2025)
{
    struct lengths lengths = {-1, -1};
    const uint8_t count = zj_rd_u8(&w->r);
    zj_walk_int(w, "param_count", count);
    zj_walk_array(w, "params");
    for (unsigned i = 0; i < count && !zj_walk_is_over(w); i++) {
        const uint8_t id = zj_rd_u8(&w->r);
        if (w->r.ran_out)
            break;
        zj_walk_array(w, NULL);
        zj_walk_hex(w, NULL, id, 2);
        walk_value(w, id, is_2025, &lengths);
        zj_walk_array_end(w);
    }
    zj_walk_array_end(w);
}

void zj_gb_query(struct zj_walk *w, bool is_2025, bool is_answer)
{
    if (is_answer) {
        zj_gb_set(w, is_2025);
        return;
    }
    const uint8_t count = zj_rd_u8(&w->r);
    const struct zj_span ids = zj_rd_span(&w->r, count);
    zj_walk_int(w, "param_count", count);
    zj_walk_array(w, "ids");
    for (size_t i = 0; w->j && i < ids.len; i++)
        zj_walk_hex(w, NULL, ids.at[i], 2);
    zj_walk_array_end(w);
}

/* The bytes before the next ';', which is passed. */
static struct zj_span until_semicolon(struct zj_reader *r)
{
    const uint8_t *end = zj_rd_left(r) ? memchr(r->p + r->at, ';', zj_rd_left(r)) : NULL;
    if (!end)
        return zj_rd_span(r, r->len + 1); /* runs out */
    const struct zj_span text = zj_rd_span(r, (size_t)(end - (r->p + r->at)));
    zj_rd_u8(r);
    return text;
}

static struct zj_span fixed_then_semicolon(struct zj_walk *w, size_t len)
{
    const struct zj_span bytes = zj_rd_span(&w->r, len);
    if (zj_rd_u8(&w->r) != ';' && !w->r.ran_out)
        zj_walk_fail(w, "separator_missing");
    return bytes;
}

/* 00 00 a b c d as text; other forms as their digits. */
static struct zj_span address_text(struct zj_span addr, char *out, size_t size)
{
    const uint8_t *p = addr.at;
    int len = 0;
    if (addr.len != 6)
        return (struct zj_span){0};
    if (p[0] == 0 && p[1] == 0)
        len = snprintf(out, size, "%u.%u.%u.%u", p[2], p[3], p[4], p[5]);
    else
        len = snprintf(out, size, "%02x%02x%02x%02x%02x%02x", p[0], p[1], p[2], p[3], p[4], p[5]);
    return zj_span_of(out, (size_t)len);
}

static void note_upgrade(struct zj_walk *w, struct zj_span address, uint16_t port,
                         struct zj_span fw, struct zj_span url)
{
    if (!w->msg || w->r.ran_out)
        return;
    w->msg->kind = ZJ_MSG_UPGRADE;
    w->msg->version = zj_span_unpad(fw);
    w->msg->url = zj_span_unpad(url);
    w->msg->host = zj_walk_host(w->msg->url);
    if (w->msg->url.len)
        return;
    char text[40];
    const int len =
        snprintf(text, sizeof text, "%.*s:%u", (int)address.len, (const char *)address.at, port);
    w->msg->url = zj_walk_keep(w, text, (size_t)len);
    w->msg->host = zj_span_part(w->msg->url, 0, address.len);
}

/* Table B.16. Cut by width where the width is known: binary fields may hold a ';'. */
static void walk_upgrade(struct zj_walk *w)
{
    const struct zj_span apn = until_semicolon(&w->r), user = until_semicolon(&w->r);
    const struct zj_span password = until_semicolon(&w->r);
    const struct zj_span addr = fixed_then_semicolon(w, 6);
    const struct zj_span port = fixed_then_semicolon(w, 2);
    const struct zj_span vendor = fixed_then_semicolon(w, 4);
    const struct zj_span hw = fixed_then_semicolon(w, 5);
    const struct zj_span fw = fixed_then_semicolon(w, 5);
    const size_t left = zj_rd_left(&w->r);
    const struct zj_span url = fixed_then_semicolon(w, left < 3 ? left : left - 3);
    const uint16_t limit = zj_rd_be16(&w->r);
    char text[40];
    const struct zj_span address = address_text(addr, text, sizeof text);
    const uint16_t number = port.len ? zj_load_be16(port.at) : 0;
    note_upgrade(w, address, number, fw, url);
    if (!w->j || w->r.ran_out)
        return;
    zj_walk_object(w, "upgrade");
    zj_walk_text(w, "apn", apn);
    zj_walk_text(w, "user", user);
    zj_walk_text(w, "password", password);
    zj_walk_text(w, "addr", address);
    zj_walk_int(w, "port", number);
    zj_walk_text(w, "vendor", vendor);
    zj_walk_text(w, "hw", hw);
    zj_walk_text(w, "fw", fw);
    zj_walk_text(w, "url", url);
    zj_walk_int(w, "limit_min", limit);
    zj_walk_object_end(w);
}

void zj_gb_control(struct zj_walk *w)
{
    static const char *const names[] = {"reserved", "remote_upgrade", "power_off",
                                        "reset",    "factory_reset",  "disconnect",
                                        "alarm",    "open_sampling"};
    const uint8_t command = zj_rd_u8(&w->r);
    const bool is_known = command >= 1 && command < ZJ_COUNT(names);
    zj_walk_int(w, "ctrl", command);
    zj_walk_str(w, "ctrl_name", is_known ? names[command] : command >= 0x80 ? "custom" : names[0]);
    if (command == 1) {
        walk_upgrade(w);
    } else if (command == 6) {
        zj_walk_int(w, "level", zj_rd_u8(&w->r));
        zj_walk_text(w, "text", zj_rd_rest(&w->r));
    } else if (!is_known && zj_rd_left(&w->r)) {
        zj_walk_bytes(w, "data", zj_rd_rest(&w->r));
    }
}
