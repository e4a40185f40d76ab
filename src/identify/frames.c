/* Frames of the two binary protocols of vehicles, for bytes that no codec has taken apart: what
 * they hold is found at its place, however the bytes around it look. */
#include "base/idcheck.h"
#include "identify/engine.h"
#include "identify/plan.h"

static bool is_on_map(uint32_t lat_e6, uint32_t lon_e6)
{
    return lat_e6 <= 90000000 && lon_e6 <= 180000000 && lat_e6 + lon_e6 > 0;
}

/* GB/T 32960: length of a block of real-time data, 0 where it is not fixed. */
static size_t block_len(uint8_t kind, struct zj_span rest)
{
    switch (kind) {
    case 1:
        return 20;
    case 2:
        return rest.len ? 1 + 12 * (size_t)rest.at[0] : 0;
    case 4:
        return 5;
    case 5:
        return 9;
    case 6:
        return 14;
    case 7: {
        size_t at = 5;
        for (unsigned i = 0; i < 4; i++) {
            if (at >= rest.len)
                return 0;
            at += 1 + 4 * (size_t)rest.at[at];
        }
        return at;
    }
    default:
        return 0;
    }
}

static void take_blocks(struct zj_scan *s, size_t at, size_t end)
{
    while (at < end) {
        const uint8_t kind = s->in.at[at++];
        const struct zj_span rest = zj_span_part(s->in, at, end - at);
        const size_t len = block_len(kind, rest);
        if (!len || len > rest.len)
            return;
        if (kind == 5) {
            const uint32_t lon = zj_load_be32(rest.at + 1), lat = zj_load_be32(rest.at + 5);
            if (!(rest.at[0] & 1) && is_on_map(lat, lon))
                zj_scan_add(s, ZJ_TYPE_GEO_COORD, at + 1, at + 9, 9, "position of GB/T 32960");
        }
        at += len;
    }
}

void zj_scan_gb32960(struct zj_scan *s, size_t at)
{
    enum { HEAD = 24, VIN = 4 };
    const struct zj_span rest = zj_span_part(s->in, at, s->in.len);
    if (rest.len < HEAD + 1)
        return;
    const size_t len = zj_load_be16(rest.at + 22);
    const struct zj_span vin = zj_span_part(rest, VIN, 17);
    if (len + HEAD + 1 > rest.len || !zj_vin_is_shaped(vin) ||
        zj_xor8(zj_span_part(rest, 2, HEAD - 2 + len)) != rest.at[HEAD + len])
        return;
    zj_scan_add(s, ZJ_TYPE_VIN, at + VIN, at + VIN + 17, 4, "VIN of GB/T 32960");
    if (rest.at[21] != 1) /* encrypted */
        return;
    if (rest.at[2] == 1 && len >= 28) {
        const struct zj_span iccid = zj_span_part(rest, HEAD + 8, 20);
        if (zj_iccid_is_valid(iccid))
            zj_scan_add(s, ZJ_TYPE_ICCID, at + HEAD + 8, at + HEAD + 28, 4, "ICCID of GB/T 32960");
    } else if (rest.at[2] == 2 || rest.at[2] == 3) {
        take_blocks(s, at + HEAD + 6, at + HEAD + len);
    }
}

struct frame {
    uint8_t bytes[2048];
    uint32_t places[2049]; /* of each byte in the input */
    size_t len;
};

/* Between the 7E at `at` and the next one, unescaped. */
static bool unescape(struct zj_span in, size_t at, struct frame *out)
{
    out->len = 0;
    for (size_t i = at + 1; i < in.len && out->len < sizeof out->bytes; i++) {
        uint8_t c = in.at[i];
        if (c == 0x7e) {
            out->places[out->len] = (uint32_t)i;
            return true;
        }
        const size_t place = i;
        if (c == 0x7d && i + 1 < in.len && (in.at[i + 1] == 1 || in.at[i + 1] == 2))
            c = in.at[++i] == 1 ? 0x7d : 0x7e;
        out->places[out->len] = (uint32_t)place;
        out->bytes[out->len++] = c;
    }
    return false;
}

/* BCD digits of the terminal's number, without the zeros before it. */
static size_t bcd_digits(const uint8_t *p, size_t bytes, uint8_t *out)
{
    size_t count = 0;
    for (size_t i = 0; i < 2 * bytes; i++) {
        const uint8_t digit = i % 2 ? p[i / 2] & 15 : p[i / 2] >> 4;
        if (digit > 9)
            return 0;
        if (count || digit)
            out[count++] = (uint8_t)('0' + digit);
    }
    return count;
}

static void take_808_position(struct zj_scan *s, const struct frame *f, size_t at, size_t len)
{
    if (len < 28 || at + 16 > f->len)
        return;
    const uint32_t lat = zj_load_be32(f->bytes + at + 8), lon = zj_load_be32(f->bytes + at + 12);
    if (is_on_map(lat, lon))
        zj_scan_add(s, ZJ_TYPE_GEO_COORD, f->places[at + 8], f->places[at + 16], 9,
                    "position of JT/T 808");
}

static void take_808_body(struct zj_scan *s, const struct frame *f, size_t body, size_t end)
{
    if (zj_load_be16(f->bytes) == 0x0200) {
        take_808_position(s, f, body, end - body);
        return;
    }
    if (zj_load_be16(f->bytes) != 0x0704 || end - body < 3)
        return;
    for (size_t at = body + 3; at + 2 < end;) {
        const size_t len = zj_load_be16(f->bytes + at);
        if (len > end - at - 2)
            return;
        take_808_position(s, f, at + 2, len);
        at += 2 + len;
    }
}

void zj_scan_jt808(struct zj_scan *s, size_t at)
{
    struct frame f;
    uint8_t digits[20];
    if (!unescape(s->in, at, &f) || f.len < 13 ||
        zj_xor8(zj_span_of(f.bytes, f.len - 1)) != f.bytes[f.len - 1])
        return;
    const unsigned attributes = zj_load_be16(f.bytes + 2);
    const bool is_2019 = attributes & 1 << 14, is_split = attributes & 1 << 13;
    const size_t phone = is_2019 ? 5 : 4, phone_len = is_2019 ? 10 : 6;
    const size_t body = phone + phone_len + 2 + (is_split ? 4 : 0);
    if (body + (attributes & 0x3ff) + 1 != f.len)
        return;
    const size_t count = bcd_digits(f.bytes + phone, phone_len, digits);
    const size_t from = f.places[phone], to = f.places[phone + phone_len];
    if (count == 11 && zj_is_mobile(digits))
        zj_scan_add(s, ZJ_TYPE_CN_MOBILE, from, to, 15, "terminal of JT/T 808");
    else if (count == 13 && zj_is_iot_msisdn(digits))
        zj_scan_add(s, ZJ_TYPE_CN_IOT_MSISDN, from, to, 20, "terminal of JT/T 808");
    if (!(attributes >> 10 & 7) && !is_split)
        take_808_body(s, &f, body, f.len - 1);
}
