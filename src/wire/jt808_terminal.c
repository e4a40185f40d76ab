/* Bodies of JT/T 808 that tell who a terminal is and that steer it: registration, authentication,
 * attributes, parameters, control. */
#include "wire/jt808.h"

/* Widths of maker, model and id; the layout is told by the length of the body alone. */
struct layout {
    uint16_t edition;
    const char *name;
    uint8_t maker, model, id;
};
static const struct layout layout_2011 = {2011, "2011", 5, 8, 7};
static const struct layout layout_2013 = {2013, "2013", 5, 20, 7};
static const struct layout layout_2019 = {2019, "2019", 11, 30, 30};

enum {
    COLOUR_2011 = 2 + 2 + 5 + 8 + 7,
    COLOUR_2013 = 2 + 2 + 5 + 20 + 7,
    COLOUR_MAX = 9,
    COLOUR_FARM = 91,
    COLOUR_LAST = 94
};

static bool is_colour(struct zj_span body, size_t at)
{
    const uint8_t colour = at < body.len ? body.at[at] : UINT8_MAX;
    return colour <= COLOUR_MAX || (colour >= COLOUR_FARM && colour <= COLOUR_LAST);
}

/* A 2011 body that carries a VIN is longer than the fixed part of 2013: the place of the colour,
 * a small number where text stands in the other layout, decides. */
static const struct layout *layout_of(struct zj_span body, bool is_2019)
{
    if (is_2019)
        return &layout_2019;
    if (body.len <= COLOUR_2013)
        return &layout_2011;
    const bool is_2011 = !is_colour(body, COLOUR_2013) && is_colour(body, COLOUR_2011);
    return is_2011 ? &layout_2011 : &layout_2013;
}

void zj_j8_register(struct zj_walk *w, bool is_2019)
{
    const struct layout *layout = layout_of(zj_span_of(w->r.p, w->r.len), is_2019);
    zj_walk_int(w, "province", zj_rd_be16(&w->r));
    zj_walk_int(w, "city", zj_rd_be16(&w->r));
    zj_walk_int(w, "layout", layout->edition);
    zj_walk_text(w, "maker", zj_rd_span(&w->r, layout->maker));
    zj_walk_text(w, "model", zj_rd_span(&w->r, layout->model));
    const struct zj_span id = zj_rd_span(&w->r, layout->id);
    zj_walk_text(w, "terminal_id", id);
    const uint8_t colour = zj_rd_u8(&w->r);
    const struct zj_span plate = zj_rd_rest(&w->r);
    zj_walk_int(w, "plate_color", colour);
    zj_walk_text(w, "plate", plate);
    if (colour == 0)
        zj_walk_text(w, "vin", plate);
    w->edition = layout->name;
    if (!w->msg)
        return;
    w->msg->client = zj_span_unpad(id);
    if (colour == 0 && plate.len >= 17)
        w->msg->vin = zj_span_part(plate, 0, 17);
}

void zj_j8_register_answer(struct zj_walk *w, bool is_2019)
{
    (void)is_2019;
    const uint16_t serial = zj_rd_be16(&w->r);
    const uint8_t result = zj_rd_u8(&w->r);
    zj_walk_int(w, "ack_serial", serial);
    zj_walk_int(w, "result", result);
    if (w->msg) {
        w->msg->answered = 0x0100;
        w->msg->answered_serial = serial;
        w->msg->answer = result;
    }
    if (result != 0)
        return;
    const struct zj_span code = zj_rd_rest(&w->r);
    zj_walk_text(w, "auth_code", code);
    if (w->msg)
        w->msg->secret = zj_span_unpad(code);
}

void zj_j8_authenticate(struct zj_walk *w, bool is_2019)
{
    const struct zj_span code = is_2019 ? zj_j8_text(w, 1) : zj_rd_rest(&w->r);
    zj_walk_text(w, "auth_code", code);
    if (w->msg)
        w->msg->secret = zj_span_unpad(code);
    if (!is_2019)
        return;
    zj_walk_text(w, "imei", zj_rd_span(&w->r, 15));
    const struct zj_span software = zj_rd_span(&w->r, 20);
    zj_walk_text(w, "software", software);
    if (w->msg)
        w->msg->version = zj_span_unpad(software);
}

void zj_j8_attributes(struct zj_walk *w, bool is_2019)
{
    zj_walk_hex(w, "type", zj_rd_be16(&w->r), 4);
    zj_walk_text(w, "maker", zj_rd_span(&w->r, 5));
    zj_walk_text(w, "model", zj_rd_span(&w->r, is_2019 ? 30 : 20));
    const struct zj_span id = zj_rd_span(&w->r, is_2019 ? 30 : 7);
    zj_walk_text(w, "terminal_id", id);
    const struct zj_span iccid = zj_rd_span(&w->r, 10);
    zj_walk_bytes(w, "iccid", iccid);
    zj_walk_text(w, "hw", zj_j8_text(w, 1));
    const struct zj_span firmware = zj_j8_text(w, 1);
    zj_walk_text(w, "fw", firmware);
    zj_walk_int(w, "gnss", zj_rd_u8(&w->r));
    zj_walk_int(w, "comm", zj_rd_u8(&w->r));
    if (!w->msg || w->r.ran_out)
        return;
    static const char digits[] = "0123456789ABCDEF";
    char text[20];
    for (size_t i = 0; i < iccid.len; i++) {
        text[2 * i] = digits[iccid.at[i] >> 4];
        text[2 * i + 1] = digits[iccid.at[i] & 15];
    }
    w->msg->client = zj_span_unpad(id);
    w->msg->version = zj_span_unpad(firmware);
    w->msg->iccid = zj_walk_keep(w, text, sizeof text);
}

/* Table 12: the parameters that are text; others are numbers by their length, or bytes. */
static bool is_text_param(uint32_t id)
{
    return (id >= 0x10 && id <= 0x17) || id == 0x1a || id == 0x1d || (id >= 0x23 && id <= 0x26) ||
           (id >= 0x40 && id <= 0x44) || id == 0x48 || id == 0x49 || id == 0x83;
}

static bool is_bytes_param(uint32_t id, size_t len)
{
    return (len != 1 && len != 2 && len != 4) || (id >= 0x110 && id <= 0x1ff) || id == 0x32 ||
           id >= 0xf000;
}

static void write_param(struct zj_walk *w, uint32_t id, struct zj_span v)
{
    zj_json_array(w->j);
    zj_walk_hex(w, NULL, id, 4);
    if (is_text_param(id))
        zj_walk_text(w, NULL, v);
    else if (is_bytes_param(id, v.len))
        zj_json_hex(w->j, v);
    else
        zj_json_uint(w->j, v.len == 1   ? v.at[0]
                           : v.len == 2 ? zj_load_be16(v.at)
                                        : zj_load_be32(v.at));
    zj_json_array_end(w->j);
}

/* Where the terminal connects to: main and backup server and their ports. */
static void note_param(struct zj_msg *msg, uint32_t id, struct zj_span v)
{
    if (msg->kind != ZJ_MSG_PARAMETERS && msg->kind != ZJ_MSG_SWITCH_SERVER)
        return;
    if (id == 0x13 || id == 0x17 || id == 0x18 || id == 0x19 || id == 0x23 || id == 0x26)
        msg->kind = ZJ_MSG_SWITCH_SERVER;
    if ((id != 0x13 && id != 0x17) || msg->host.len)
        return;
    msg->url = zj_span_unpad(v);
    msg->host = zj_walk_host(msg->url);
}

void zj_j8_params(struct zj_walk *w, bool is_2019)
{
    (void)is_2019;
    const uint8_t count = zj_rd_u8(&w->r);
    zj_walk_int(w, "count", count);
    zj_walk_array(w, "params");
    for (unsigned i = 0; i < count && !zj_walk_is_over(w); i++) {
        const uint32_t id = zj_rd_be32(&w->r);
        const struct zj_span value = zj_j8_text(w, 1);
        if (w->r.ran_out)
            break;
        if (w->msg)
            note_param(w->msg, id, value);
        if (w->j)
            write_param(w, id, value);
    }
    zj_walk_array_end(w);
}

void zj_j8_param_ids(struct zj_walk *w, bool is_2019)
{
    (void)is_2019;
    const uint8_t count = zj_rd_u8(&w->r);
    const struct zj_span all = zj_rd_span(&w->r, (size_t)count * 4);
    zj_walk_int(w, "count", count);
    zj_walk_array(w, "ids");
    for (size_t i = 0; w->j && i < all.len; i += 4)
        zj_walk_hex(w, NULL, zj_load_be32(all.at + i), 4);
    zj_walk_array_end(w);
}

/* 8.13: URL;APN;user;password;address;TCP;UDP;maker;hardware;firmware;limit */
enum { UPGRADE_URL = 0, UPGRADE_ADDRESS = 4, UPGRADE_FIRMWARE = 9 };
/* 0;code;APN;user;password;address;TCP;UDP;limit */
enum { SWITCH_ADDRESS = 5 };

static void note_control(struct zj_msg *msg, uint8_t command, unsigned index, struct zj_span arg)
{
    if (command == 1) {
        msg->kind = ZJ_MSG_UPGRADE;
        if (index == UPGRADE_URL) {
            msg->url = arg;
            msg->host = zj_walk_host(arg);
        } else if (index == UPGRADE_ADDRESS && !msg->host.len) {
            msg->url = msg->host = arg;
        } else if (index == UPGRADE_FIRMWARE) {
            msg->version = arg;
        }
    } else if (command == 2) {
        msg->kind = ZJ_MSG_SWITCH_SERVER;
        if (index == SWITCH_ADDRESS) {
            msg->url = arg;
            msg->host = zj_walk_host(arg);
        }
    }
}

void zj_j8_control(struct zj_walk *w, bool is_2019)
{
    (void)is_2019;
    const uint8_t command = zj_rd_u8(&w->r);
    struct zj_span left = zj_rd_rest(&w->r);
    zj_walk_int(w, "command", command);
    zj_walk_array(w, "args");
    for (unsigned index = 0; left.at && (left.len || index); index++) {
        const uint8_t *end = left.len ? memchr(left.at, ';', left.len) : NULL;
        const struct zj_span arg = zj_span_part(left, 0, end ? (size_t)(end - left.at) : left.len);
        zj_walk_text(w, NULL, arg);
        if (w->msg)
            note_control(w->msg, command, index, zj_span_unpad(arg));
        if (!end)
            break;
        left = zj_span_part(left, arg.len + 1, left.len);
    }
    zj_walk_array_end(w);
}

/* The two editions mean the opposite by 0 and 1. */
void zj_j8_vehicle_control(struct zj_walk *w, bool is_2019)
{
    enum { DOORS = 0x0001 };
    if (!is_2019) {
        const uint8_t flags = zj_rd_u8(&w->r);
        zj_walk_hex(w, "flags", flags, 2);
        zj_walk_str(w, "action", flags & 1 ? "lock_doors" : "unlock_doors");
        return;
    }
    const uint16_t count = zj_rd_be16(&w->r);
    zj_walk_array(w, "controls");
    for (unsigned i = 0; i < count && !zj_walk_is_over(w); i++) {
        const uint16_t type = zj_rd_be16(&w->r);
        /* the width of a type that the standard does not know is not known either */
        const struct zj_span value = type == DOORS ? zj_rd_span(&w->r, 1) : zj_rd_rest(&w->r);
        if (!w->j || w->r.ran_out)
            continue;
        zj_json_array(w->j);
        zj_walk_hex(w, NULL, type, 4);
        if (type == DOORS)
            zj_json_str(w->j, value.at[0] ? "unlock_doors" : "lock_doors");
        else
            zj_json_hex(w->j, value);
        zj_json_array_end(w->j);
    }
    zj_walk_array_end(w);
}
