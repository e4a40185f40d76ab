/* Positions: two numbers with fractions in a row whose keys say latitude and longitude, or bare
 * pairs of five decimals inside the box of China. Three positions in sequence, each near the one
 * before and not all the same, are a track. */
#include "identify/scan.h"

enum { KEY_NONE, KEY_LAT, KEY_LON };

enum {
    GAP_MAX = 48,          /* bytes between the two numbers of a position */
    TRACK_GAP_MAX = 320,   /* between two positions of a track */
    TRACK_STEP_E6 = 30000, /* about 3 km: 100 s at 110 km/h */
    KEYLESS_DECIMALS = 5,
};

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* The key that ends at `end` ends in `word`, which stands alone there: "lat", "gps_lat",
 * "startLat", not "flat". */
static inline bool ends_in(struct zj_span in, size_t end, struct zj_span word)
{
    if (end < word.len)
        return false;
    const uint8_t *tail = in.at + end - word.len;
    if (word.at[0] >= 0x80)
        return memcmp(tail, word.at, word.len) == 0;
    for (size_t i = 0; i < word.len; i++)
        if ((tail[i] | 32) != word.at[i])
            return false;
    return end == word.len || !is_letter(tail[-1]) || (tail[0] <= 'Z' && tail[-1] >= 'a');
}

/* Most keys are neither: their last byte says so. */
static uint8_t axis_of(struct zj_span in, size_t at)
{
    static const uint8_t wide[] = {0xe7, 0xba, 0xac, 0xe5, 0xba,
                                   0xa6, 0xe7, 0xbb, 0x8f}; /* 纬度经 */
    const size_t end = zj_scan_key_end(in, at);
    switch (end ? in.at[end - 1] | 32 : 0) {
    case 't':
        return ends_in(in, end, ZJ_SPAN_LIT("lat")) ? KEY_LAT : KEY_NONE;
    case 'e':
        return ends_in(in, end, ZJ_SPAN_LIT("latitude"))    ? KEY_LAT
               : ends_in(in, end, ZJ_SPAN_LIT("longitude")) ? KEY_LON
                                                            : KEY_NONE;
    case 'g':
        return ends_in(in, end, ZJ_SPAN_LIT("lng")) || ends_in(in, end, ZJ_SPAN_LIT("long"))
                   ? KEY_LON
                   : KEY_NONE;
    case 'n':
        return ends_in(in, end, ZJ_SPAN_LIT("lon")) ? KEY_LON : KEY_NONE;
    case 0xa6 | 32: /* 纬度, 经度 */
    case 0xac | 32: /* 北纬 */
    case 0x8f | 32: /* 东经 */
        break;
    default:
        return KEY_NONE;
    }
    size_t word_end = end;
    if (ends_in(in, word_end, zj_span_of(wide + 3, 3)))
        word_end -= 3;
    return ends_in(in, word_end, zj_span_of(wide, 3))       ? KEY_LAT
           : ends_in(in, word_end, zj_span_of(wide + 6, 3)) ? KEY_LON
                                                            : KEY_NONE;
}

/* What a number may touch: no letter but a compass point behind, no further point. */
static bool is_glued(struct zj_span in, size_t start, size_t end)
{
    const uint8_t before = start ? in.at[start - 1] : 0, behind = end < in.len ? in.at[end] : 0;
    return is_letter(before) || before == '.' || before == '_' || behind == '.' || behind == '_' ||
           (is_letter(behind) && behind != 'N' && behind != 'S' && behind != 'E' && behind != 'W');
}

/* The number around the point, with its key; false where it can be no part of a position. Most
 * numbers of telemetry have no such key and few digits: they are left early. */
static bool read_number(struct zj_span in, size_t point, struct zj_geo_number *out)
{
    size_t start = point, end = point + 1;
    int32_t whole = 0, fraction = 0, unit = 100000;
    while (start && point - start < 4 && is_digit(in.at[start - 1]))
        start--;
    if (point - start > 3)
        return false;
    const bool is_negative = start && in.at[start - 1] == '-';
    out->key = axis_of(in, start - is_negative);
    if (!out->key && !(point + KEYLESS_DECIMALS < in.len && is_digit(in.at[point + 4]) &&
                       is_digit(in.at[point + KEYLESS_DECIMALS])))
        return false;
    for (size_t i = start; i < point; i++)
        whole = whole * 10 + (in.at[i] - '0');
    for (; end < in.len && is_digit(in.at[end]); end++, unit /= 10)
        fraction += (in.at[end] - '0') * unit;
    if (whole > 180 || is_glued(in, start, end))
        return false;
    out->e6 = whole * 1000000 + fraction;
    out->e6 = is_negative ? -out->e6 : out->e6;
    out->start = (uint32_t)(start - is_negative);
    out->end = (uint32_t)end;
    out->decimals = (uint8_t)(end - point > UINT8_MAX ? UINT8_MAX : end - point - 1);
    return true;
}

static bool is_in_china(int32_t lat_e6, int32_t lon_e6)
{
    return lat_e6 > 829300 && lat_e6 < 55827100 && lon_e6 > 72004000 && lon_e6 < 137834700;
}

static bool is_on_earth(int32_t lat_e6, int32_t lon_e6)
{
    return lat_e6 >= -90000000 && lat_e6 <= 90000000 && lon_e6 >= -180000000 &&
           lon_e6 <= 180000000 && (lat_e6 || lon_e6);
}

/* Nothing but a separator stands between two bare numbers. */
static bool is_plain_gap(struct zj_span gap)
{
    for (size_t i = 0; i < gap.len; i++)
        if (!strchr(", ;\t/|", gap.at[i]) || !gap.at[i])
            return false;
    return gap.len >= 1 && gap.len <= 3;
}

/* No record ends between them. */
static bool is_close_gap(struct zj_span gap)
{
    for (size_t i = 0; i < gap.len; i++)
        if (gap.at[i] == '\n' || gap.at[i] == '{' || gap.at[i] == '}')
            return false;
    return true;
}

/* Are the two numbers a position? *out_lat_is_a: in which order. */
static bool is_pair(const struct zj_scan *s, const struct zj_geo_number *a,
                    const struct zj_geo_number *b, bool *out_lat_is_a)
{
    const struct zj_span gap = zj_span_part(s->in, a->end, b->start - a->end);
    if (a->end > b->start || gap.len > GAP_MAX)
        return false;
    if (a->key && b->key) {
        *out_lat_is_a = a->key == KEY_LAT;
        return a->key != b->key && is_close_gap(gap) &&
               is_on_earth(*out_lat_is_a ? a->e6 : b->e6, *out_lat_is_a ? b->e6 : a->e6);
    }
    if (b->key || !is_plain_gap(gap) || a->decimals < KEYLESS_DECIMALS)
        return false;
    *out_lat_is_a = is_in_china(a->e6, b->e6);
    return *out_lat_is_a || is_in_china(b->e6, a->e6);
}

static void extend_track(struct zj_scan *s, uint32_t start, uint32_t end, int32_t lat_e6,
                         int32_t lon_e6)
{
    const int64_t dlat = (int64_t)lat_e6 - s->track_lat_e6;
    const int64_t dlon = (int64_t)lon_e6 - s->track_lon_e6;
    const bool is_near = dlat > -TRACK_STEP_E6 && dlat < TRACK_STEP_E6 && dlon > -TRACK_STEP_E6 &&
                         dlon < TRACK_STEP_E6;
    if (!s->track_len || !is_near || start - s->track_end > TRACK_GAP_MAX) {
        s->track_len = 0;
        s->track_moves = false;
        s->track_start = start;
        s->track_find = SIZE_MAX;
    }
    s->track_moves |= s->track_len && (dlat || dlon);
    s->track_len++;
    s->track_end = end;
    s->track_lat_e6 = lat_e6;
    s->track_lon_e6 = lon_e6;
    if (s->track_len < 3 || !s->track_moves)
        return;
    if (s->track_find == SIZE_MAX) {
        s->track_find = s->count;
        zj_scan_add(s, ZJ_TYPE_VEHICLE_TRACK, s->track_start, end, 90,
                    "three or more positions in sequence");
    }
    if (s->track_find < s->count)
        s->out[s->track_find].end = end;
}

void zj_scan_point(struct zj_scan *s, size_t point_at)
{
    struct zj_geo_number n = {0};
    bool lat_is_a = false;
    if (!read_number(s->in, point_at, &n)) /* may stand between the two of a position */
        return;
    const struct zj_geo_number a = s->last;
    s->last = n;
    if (!a.end || !is_pair(s, &a, &n, &lat_is_a))
        return;
    zj_scan_add(s, ZJ_TYPE_GEO_COORD, a.start, n.end, n.key ? 95 : 75,
                n.key ? "keys of latitude and longitude" : "two numbers inside China");
    s->last.end = 0;
    extend_track(s, a.start, n.end, lat_is_a ? a.e6 : n.e6, lat_is_a ? n.e6 : a.e6);
}
