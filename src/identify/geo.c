/* Positions: two numbers with fractions in a row whose keys say latitude and longitude, or bare
 * pairs of five decimals inside the box of China. Three positions in sequence, each near the one
 * before and not all the same, are a track. */
#include "identify/engine.h"

enum { KEY_NONE, KEY_LAT, KEY_LON };

enum {
    GAP_MAX = 48,          /* bytes between the two numbers of a position */
    PLAIN_GAP_MAX = 24,    /* the same of two without keys */
    TRACK_GAP_MAX = 320,   /* between two positions of a track */
    TRACK_STEP_E6 = 30000, /* about 3 km: 100 s at 110 km/h */
    KEYLESS_DECIMALS = 5,
    NAMED_DECIMALS = 3, /* where a word says that it is a position */
    MOVE_E6 = 900,      /* about 100 m: what does not move so far is no track */
    LIST_GAP_MAX = 8,   /* between two positions of a list: "],[", "; " */
};

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
    return end == word.len || !zj_is_letter(tail[-1]) || (tail[0] <= 'Z' && tail[-1] >= 'a');
}

/* Of the keys below that end in a letter, the last letter and the one before it. */
static inline bool may_end_axis(uint8_t before, uint8_t last)
{
    static const uint8_t befores[32][2] = {
        ['t' & 31] = {'a', 'a'}, ['e' & 31] = {'d', 'd'}, ['g' & 31] = {'n', 'n'},
        ['n' & 31] = {'o', 'o'}, ['d' & 31] = {'w', 'j'}, ['u' & 31] = {'d', 'd'},
    };
    const uint8_t *is = befores[last & 31];
    return (is[0] == (before | 32)) | (is[1] == (before | 32));
}

/* Most keys are neither: their last bytes say so. In a list there is none. */
static inline __attribute__((always_inline)) uint8_t axis_here(struct zj_span in, size_t at)
{
    const uint8_t before = at ? in.at[at - 1] : ',';
    if (before == ',' || before == '[' || before == '\n' || before == '\t')
        return KEY_NONE;
    static const uint8_t wide[] = {0xe7, 0xba, 0xac, 0xe5, 0xba,
                                   0xa6, 0xe7, 0xbb, 0x8f}; /* 纬度经 */
    const bool is_json =
        at >= 4 && before == ':' && in.at[at - 2] == '"' && zj_is_letter(in.at[at - 3]);
    if (is_json && !may_end_axis(in.at[at - 4], in.at[at - 3]))
        return KEY_NONE;
    const size_t end = is_json ? at - 2 : zj_scan_key_end(in, at);
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
    case 'd': /* initials of the Chinese words */
        return ends_in(in, end, ZJ_SPAN_LIT("wd"))   ? KEY_LAT
               : ends_in(in, end, ZJ_SPAN_LIT("jd")) ? KEY_LON
                                                     : KEY_NONE;
    case 'u':
        return ends_in(in, end, ZJ_SPAN_LIT("weidu"))    ? KEY_LAT
               : ends_in(in, end, ZJ_SPAN_LIT("jingdu")) ? KEY_LON
                                                         : KEY_NONE;
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

static __attribute__((noinline)) uint8_t axis_of(struct zj_span in, size_t at)
{
    return axis_here(in, at);
}

static bool is_compass(uint8_t c)
{
    return c == 'N' || c == 'S' || c == 'E' || c == 'W';
}

static bool is_glue(uint8_t c)
{
    return zj_is_letter(c) || c == '.' || c == '_';
}

/* What a number may touch: no letter but a compass point, no further point. */
static bool is_glued(struct zj_span in, size_t start, size_t end)
{
    const uint8_t before = start ? in.at[start - 1] : 0, behind = zj_byte_at(in, end);
    if (!is_glue(before) && !is_glue(behind))
        return false;
    const bool has_compass = is_compass(before) && (start < 2 || !zj_is_alnum(in.at[start - 2]));
    return (is_glue(before) && !has_compass) || (is_glue(behind) && !is_compass(behind));
}

/* "39.9042°N", "N39.9042", "116.4074E". */
static uint8_t compass_key(struct zj_span in, size_t start, size_t end)
{
    size_t at = end;
    if (zj_byte_at(in, at) == 0xc2 && zj_byte_at(in, at + 1) == 0xb0)
        at += 2;
    uint8_t c = zj_byte_at(in, at);
    if (!is_compass(c) || zj_is_alnum(zj_byte_at(in, at + 1)))
        c = start ? in.at[start - 1] : 0;
    return c == 'N' || c == 'S' ? KEY_LAT : c == 'E' || c == 'W' ? KEY_LON : KEY_NONE;
}

/* The digits at `at`: how many there are, and the first six as millionths. */
static inline size_t read_fraction(struct zj_span in, size_t at, int32_t *out_e6)
{
    static const int32_t units[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    static const uint64_t ones = 0x0101010101010101u;
    size_t count = 0;
    if (at + 8 <= in.len) { /* eight at once, the first in the lowest byte */
        const uint64_t x = __builtin_bswap64(zj_load_be64(in.at + at)) ^ '0' * ones;
        const uint64_t others = (((x & 0x7f * ones) + 0x76 * ones) | x) & 0x80 * ones;
        count = others ? (size_t)__builtin_ctzll(others) / 8 : 8;
        const uint64_t six = x & ((UINT64_C(1) << 8 * (count < 6 ? count : 6)) - 1);
        const uint64_t pairs = (six * 10 + (six >> 8)) & 0x00ff00ff00ff00ffu;
        const uint64_t fours = (pairs * 100 + (pairs >> 16)) & 0x0000ffff0000ffffu;
        *out_e6 = (int32_t)(((fours & 0xffff) * 10000 + (fours >> 32)) / 100);
        for (; count >= 8 && at + count < in.len && zj_is_digit(in.at[at + count]); count++)
            continue;
        return count;
    }
    int32_t value = 0;
    for (; at + count < in.len && zj_is_digit(in.at[at + count]); count++)
        if (count < 6)
            value = value * 10 + (in.at[at + count] - '0');
    *out_e6 = value * units[count > 6 ? 6 : count];
    return count;
}

/* Reads the digits around the point; `start` is where they begin. False where it can be no part of
 * a position. */
static bool read_number(struct zj_span in, size_t start, size_t point, struct zj_geo_number *out)
{
    const bool is_negative = start && in.at[start - 1] == '-';
    int32_t whole = 0, fraction = 0;
    for (size_t i = start; i < point; i++)
        whole = whole * 10 + (in.at[i] - '0');
    const size_t end = point + 1 + read_fraction(in, point + 1, &fraction);
    if (whole > 180 || is_glued(in, start, end))
        return false;
    if (!out->key)
        out->key = compass_key(in, start, end);
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

static bool separates(uint8_t c)
{
    switch (c) {
    case ',':
    case ' ':
    case ';':
    case '\t':
    case '/':
    case '|':
    case '"':
    case '\'':
    case '\r':
    case '\n':
        return true;
    default:
        return false;
    }
}

/* Nothing but a separator stands between two bare numbers; a line may end behind a comma. */
static bool is_plain_gap(struct zj_span gap)
{
    bool has_comma = false, has_line = false;
    if (gap.len < 1 || gap.len > PLAIN_GAP_MAX)
        return false;
    for (size_t i = 0; i < gap.len; i++) {
        if (!separates(gap.at[i]))
            return false;
        has_comma |= gap.at[i] == ',';
        has_line |= gap.at[i] == '\n';
    }
    return has_line ? has_comma : gap.len <= 5;
}

/* No record ends between them. */
static bool is_close_gap(struct zj_span gap)
{
    for (size_t i = 0; i < gap.len; i++)
        if (gap.at[i] == '\n' || gap.at[i] == '{' || gap.at[i] == '}')
            return false;
    return true;
}

/* Is it no farther from the last position than a vehicle drives between two reports? */
static bool is_near(const struct zj_scan *s, int32_t lat_e6, int32_t lon_e6)
{
    return llabs((int64_t)lat_e6 - s->track_lat_e6) < TRACK_STEP_E6 &&
           llabs((int64_t)lon_e6 - s->track_lon_e6) < TRACK_STEP_E6;
}

/* Does a word before it call the pair a position? */
static bool is_named(struct zj_scan *s, const struct zj_geo_number *a, uint32_t end)
{
    return s->rules && (zj_context(s, a->start, end)->near &
                        (ZJ_W(place) | ZJ_W(latitude) | ZJ_W(longitude) | ZJ_W(track)));
}

/* Does the word before it call the pair a measure of something else? */
static bool is_measure(struct zj_scan *s, const struct zj_geo_number *a, uint32_t end)
{
    return s->rules && (zj_context(s, a->start, end)->key & ZJ_W(measure));
}

/* Does it stand right behind another position, near it, as the next of a list? */
static bool is_next_of_list(const struct zj_scan *s, const struct zj_geo_number *a, int32_t lat_e6,
                            int32_t lon_e6)
{
    return s->track_len && a->start - s->track_end <= LIST_GAP_MAX &&
           is_near(s, lat_e6, lon_e6);
}

/* Are the two numbers a position? *out_lat_is_a: in which order. */
static bool is_pair(struct zj_scan *s, const struct zj_geo_number *a, const struct zj_geo_number *b,
                    bool *out_lat_is_a)
{
    const struct zj_span gap = zj_span_part(s->in, a->end, b->start - a->end);
    if (a->end > b->start || gap.len > GAP_MAX)
        return false;
    if (a->key && b->key) {
        *out_lat_is_a = a->key == KEY_LAT;
        return a->key != b->key && is_close_gap(gap) &&
               is_on_earth(*out_lat_is_a ? a->e6 : b->e6, *out_lat_is_a ? b->e6 : a->e6);
    }
    *out_lat_is_a = is_in_china(a->e6, b->e6);
    if (!*out_lat_is_a && !is_in_china(b->e6, a->e6))
        return false;
    if (b->key || a->decimals < NAMED_DECIMALS || b->decimals < NAMED_DECIMALS ||
        !is_plain_gap(gap))
        return false;
    if (is_named(s, a, b->end) ||
        is_next_of_list(s, a, *out_lat_is_a ? a->e6 : b->e6, *out_lat_is_a ? b->e6 : a->e6))
        return true;
    return a->decimals >= KEYLESS_DECIMALS && b->decimals >= KEYLESS_DECIMALS &&
           !is_measure(s, a, b->end);
}

/* 15:04:05 or the seconds or milliseconds of an epoch. */
static bool has_time(struct zj_span text)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (zj_is_digit(text.at[i])) {
            digits++;
            continue;
        }
        if ((digits == 10 || digits == 13) && text.at[i - digits] == '1')
            return true;
        if (digits == 14 && text.at[i - digits] == '2')
            return true;
        if (text.at[i] == ':' && digits == 2 && zj_is_digit(zj_byte_at(text, i + 1)) &&
            zj_is_digit(zj_byte_at(text, i + 2)))
            return true;
        digits = 0;
    }
    return false;
}

/* A word within 64 bytes before the first position calls the sequence a track. */
static bool is_named_track(const struct zj_scan *s)
{
    const char *word = NULL;
    if (s->outer & ZJ_W(track))
        return true;
    const size_t from = s->track_start > 96 ? s->track_start - 96 : 0;
    const struct zj_span before = zj_span_part(s->in, from, s->track_start - from);
    return s->rules && (zj_words_in(&s->rules->words, before, &word) & ZJ_W(track));
}

/* From the record of the first position to that of the last. */
static void add_track(struct zj_scan *s)
{
    uint32_t start = s->track_start, end = s->track_end;
    for (unsigned i = 0; i < 48 && start > i; i++) {
        const uint8_t c = s->in.at[start - i - 1];
        if (c == '{' || c == '\n' || c == '[') {
            start -= i + (c == '{');
            break;
        }
    }
    for (unsigned i = 0; i < 48 && end + i < s->in.len; i++) {
        const uint8_t c = s->in.at[end + i];
        if (c == '}' || c == '\n' || c == ']' || c == '\r') {
            end += i + (c == '}');
            break;
        }
    }
    if (s->track_find == SIZE_MAX) {
        s->track_find = s->count;
        zj_scan_add(s, ZJ_TYPE_VEHICLE_TRACK, start, end, 0, "three or more positions in sequence");
    }
    if (s->track_find < s->count)
        s->out[s->track_find].end = end;
}

static void extend_track(struct zj_scan *s, uint32_t start, uint32_t end, int32_t lat_e6,
                         int32_t lon_e6)
{
    const int64_t dlat = llabs((int64_t)lat_e6 - s->track_lat_e6);
    const int64_t dlon = llabs((int64_t)lon_e6 - s->track_lon_e6);
    if (!s->track_len || !is_near(s, lat_e6, lon_e6) || start - s->track_end > TRACK_GAP_MAX) {
        s->track_len = 0;
        s->track_moves_e6 = 0;
        s->track_start = start;
        s->track_is_timed = false;
        s->track_find = SIZE_MAX;
    } else {
        s->track_moves_e6 += dlat + dlon;
        if (!s->track_is_timed)
            s->track_is_timed = has_time(zj_span_part(s->in, s->track_end, start - s->track_end));
    }
    s->track_len++;
    s->track_end = end;
    s->track_lat_e6 = lat_e6;
    s->track_lon_e6 = lon_e6;
    if (s->track_len == 3 && s->rules && !s->track_is_timed)
        s->track_is_timed = is_named_track(s);
    if (s->track_len >= 3 && (s->track_is_timed || !s->rules) && s->track_moves_e6 >= MOVE_E6)
        add_track(s);
}

/* Can the number with these few decimals and no key be a half of a position? Only a compass point
 * beside it, or with words another such number right before or behind, can make it one; else it
 * changes nothing of what is found. Most numbers of telemetry are left here. */
static bool may_be_half(const struct zj_scan *s, size_t start, size_t point)
{
    const struct zj_span in = s->in;
    const size_t fourth = point + NAMED_DECIMALS + 1;
    const bool has_fourth = zj_is_digit(zj_byte_at(in, fourth));
    if (has_fourth & zj_is_digit(zj_byte_at(in, fourth + 1)))
        return true;
    size_t end = fourth + has_fourth;
    const uint8_t behind = zj_byte_at(in, end), before = start ? in.at[start - 1] : 0;
    if (zj_is_letter(behind) || behind == 0xc2 || zj_is_letter(before)) /* N, S, E, W */
        return true;
    if (!s->rules)
        return false;
    if (s->last.end && start - s->last.end <= PLAIN_GAP_MAX + 1)
        return true;
    for (const size_t first = end; end < in.len && end - first <= PLAIN_GAP_MAX; end++)
        if (!separates(in.at[end]))
            return end > first && (zj_is_digit(in.at[end]) || in.at[end] == '-');
    return false;
}

/* Digits before the point, 4 for more; there is one at least. */
static inline size_t digits_before(struct zj_span in, size_t point)
{
    size_t count = 1;
    if (point >= 4) { /* how many there are cannot be foretold: no branch */
        const size_t two = zj_is_digit(in.at[point - 2]);
        const size_t three = two & zj_is_digit(in.at[point - 3]);
        return 1 + two + three + (three & zj_is_digit(in.at[point - 4]));
    }
    while (count < point && zj_is_digit(in.at[point - count - 1]))
        count++;
    return count;
}

/* Is it a reading of telemetry, "voltage":3.652, with three digits behind the point and a key that
 * is no axis? It says the same as axis_of and may_be_half, sooner. */
static inline bool is_reading(const struct zj_scan *s, size_t point_at)
{
    const uint8_t *point = s->in.at + point_at;
    if (s->rules || point_at < 8 || point_at + 4 >= s->in.len)
        return false;
    if (point[4] != ',' && point[4] != '}')
        return false;
    const size_t two = zj_is_digit(point[-2]);
    const uint8_t *colon = point - 2 - two - (two & zj_is_digit(point[-3]));
    return colon[0] == ':' && colon[-1] == '"' && zj_is_letter(colon[-2]) &&
           !may_end_axis(colon[-3], colon[-2]);
}

static __attribute__((noinline)) void take_point(struct zj_scan *s, size_t point_at)
{
    const struct zj_span in = s->in;
    struct zj_geo_number n = {0};
    bool lat_is_a = false;
    const size_t start = point_at - digits_before(in, point_at);
    if (point_at - start > 3)
        return;
    n.key = axis_here(in, start - (start && in.at[start - 1] == '-'));
    if (!n.key && !may_be_half(s, start, point_at))
        return;
    if (!read_number(in, start, point_at, &n)) /* may stand between the two of a position */
        return;
    const struct zj_geo_number a = s->last;
    if (!a.end || !is_pair(s, &a, &n, &lat_is_a)) {
        if (!a.end || !a.key || n.key || n.decimals >= KEYLESS_DECIMALS)
            s->last = n;
        return;
    }
    zj_scan_add(s, ZJ_TYPE_GEO_COORD, a.start, n.end, n.key ? 5 : -15,
                n.key ? "keys of latitude and longitude" : "two numbers inside China");
    s->last.end = 0;
    extend_track(s, a.start, n.end, lat_is_a ? a.e6 : n.e6, lat_is_a ? n.e6 : a.e6);
}

void zj_scan_point(struct zj_scan *s, size_t point_at)
{
    if (!is_reading(s, point_at))
        take_point(s, point_at);
}

/* Degrees, minutes and seconds: 35°15′19″N, 东经116度23分29秒. Where it ends; 0: none. */
static size_t angle_end(struct zj_span in, size_t at, size_t *out_start)
{
    static const struct zj_span degree[] = {ZJ_SPAN_LIT("°"), ZJ_SPAN_LIT("度")};
    static const struct zj_span minute[] = {ZJ_SPAN_LIT("′"), ZJ_SPAN_LIT("'"), ZJ_SPAN_LIT("分"),
                                            ZJ_SPAN_LIT("’")};
    static const struct zj_span second[] = {ZJ_SPAN_LIT("″"), ZJ_SPAN_LIT("\""), ZJ_SPAN_LIT("''"),
                                            ZJ_SPAN_LIT("秒"), ZJ_SPAN_LIT("”")};
    static const struct {
        const struct zj_span *marks;
        size_t count;
    } parts[] = {
        {degree, ZJ_COUNT(degree)}, {minute, ZJ_COUNT(minute)}, {second, ZJ_COUNT(second)}};
    size_t end = at, best = 0;
    *out_start = at;
    for (size_t part = 0; part < ZJ_COUNT(parts); part++) {
        const size_t from = end;
        while (end < in.len && (zj_is_digit(in.at[end]) || in.at[end] == '.'))
            end++;
        size_t mark = 0;
        for (size_t i = 0; i < parts[part].count && !mark; i++)
            if (zj_span_starts(zj_span_part(in, end, 4), parts[part].marks[i]))
                mark = parts[part].marks[i].len;
        if (end == from || !mark)
            break;
        end += mark;
        if (part)
            best = end;
        while (zj_byte_at(in, end) == ' ')
            end++;
    }
    if (best && is_compass(zj_byte_at(in, best)))
        best++;
    return best;
}

void zj_scan_degrees(struct zj_scan *s, size_t at)
{
    const struct zj_span in = s->in;
    size_t first = at, second;
    while (first && at - first < 3 && zj_is_digit(in.at[first - 1]))
        first--;
    if (first == at || first < s->degree_end)
        return;
    size_t from, end = angle_end(in, first, &from);
    if (!end)
        return;
    for (second = end; second < in.len && second - end < 16 && !zj_is_digit(in.at[second]);)
        second++;
    const size_t last = angle_end(in, second, &from);
    if (!last)
        return;
    s->degree_end = last;
    zj_scan_add(s, ZJ_TYPE_GEO_COORD, first, last, 0, "degrees and minutes, twice");
}

/* An integer of millionths or ten-millionths, and where it stands. */
struct micro {
    size_t start, end; /* end 0: none */
    int64_t value;
};

static void read_micro(struct zj_span in, size_t start, struct micro *out)
{
    const bool is_negative = zj_byte_at(in, start) == '-';
    size_t end = start + is_negative;
    int64_t value = 0;
    while (end < in.len && end - start < 12 && zj_is_digit(in.at[end]))
        value = value * 10 + (in.at[end++] - '0');
    const size_t digits = end - start - is_negative;
    const bool is_one = digits >= 7 && digits <= 10 && !zj_is_alnum(zj_byte_at(in, end)) &&
                        zj_byte_at(in, end) != '.';
    *out = (struct micro){start, is_one ? end : 0, is_negative ? -value : value};
}

/* Past what stands between a key and its value. */
static size_t skip_to_value(struct zj_span in, size_t at)
{
    size_t start = at;
    while (start < in.len && start - at < 6) {
        const uint8_t c = in.at[start];
        if (c == '"' || c == ':' || c == '=' || c == ' ' || c == '\'' || c == '>')
            start++;
        else if (c == 0xef && zj_span_starts(zj_span_part(in, start, 3), ZJ_SPAN_LIT("：")))
            start += 3;
        else
            break;
    }
    return start > at ? start : SIZE_MAX;
}

/* May a position go on over this byte? Not into another record. */
static bool is_in_record(uint8_t c)
{
    return c != '\n' && c != '{' && c != '}';
}

/* The number within a few bytes behind `at` whose key says longitude. */
static void longitude_behind(struct zj_span in, size_t at, struct micro *out)
{
    out->end = 0;
    for (size_t i = at; i < in.len && i - at < GAP_MAX && is_in_record(in.at[i]); i++) {
        if (!zj_is_digit(in.at[i]) || i == at || zj_is_digit(in.at[i - 1]))
            continue;
        const size_t start = i - (in.at[i - 1] == '-');
        if (axis_of(in, start) != KEY_LON)
            continue;
        read_micro(in, start, out);
        return;
    }
}

/* Likewise before the key at `at`. */
static void longitude_before(struct zj_span in, size_t at, struct micro *out)
{
    out->end = 0;
    for (size_t i = at; i && at - i < GAP_MAX && is_in_record(in.at[i - 1]); i--) {
        if (!zj_is_digit(in.at[i - 1]) || (i > 1 && zj_is_digit(in.at[i - 2])))
            continue;
        const size_t start = i - 1 - (i > 1 && in.at[i - 2] == '-');
        if (axis_of(in, start) != KEY_LON)
            continue;
        read_micro(in, start, out);
        return;
    }
}

static bool are_micro_degrees(int64_t lat, int64_t lon)
{
    const bool is_e7 = llabs(lat) > 90000000 || llabs(lon) > 180000000;
    return is_on_earth((int32_t)(is_e7 ? lat / 10 : lat), (int32_t)(is_e7 ? lon / 10 : lon));
}

/* {"lat":39904200,"lng":116407400}, in either order; `at` is the key of the latitude. */
void zj_scan_micro_degrees(struct zj_scan *s, size_t at, size_t key_end)
{
    const struct zj_span in = s->in;
    struct micro lat, lon;
    if (!zj_word_is_whole(in, at, key_end - at))
        return;
    const size_t start = skip_to_value(in, key_end);
    if (start == SIZE_MAX || zj_byte_at(in, start + 2) == '.')
        return; /* degrees mostly */
    read_micro(in, start, &lat);
    if (!lat.end)
        return;
    longitude_behind(in, lat.end, &lon);
    if (!lon.end)
        longitude_before(in, at, &lon);
    if (!lon.end || !are_micro_degrees(lat.value, lon.value))
        return;
    zj_scan_add(s, ZJ_TYPE_GEO_COORD, lon.end < lat.end ? lon.start : lat.start,
                lon.end < lat.end ? lat.end : lon.end, 0, "integers behind latitude and longitude");
}

/* A cell of digits around one point, as millionths; out->end 0: it is none. */
static void read_degrees(struct zj_span cell, struct micro *out)
{
    const bool is_negative = zj_byte_at(cell, 0) == '-';
    size_t point = is_negative;
    int64_t whole = 0;
    int32_t fraction = 0;
    out->end = 0;
    for (; point < cell.len && zj_is_digit(cell.at[point]) && point < 4; point++)
        whole = whole * 10 + (cell.at[point] - '0');
    if (point == is_negative || zj_byte_at(cell, point) != '.' || whole > 180)
        return;
    const size_t decimals = read_fraction(cell, point + 1, &fraction);
    if (decimals < NAMED_DECIMALS || point + 1 + decimals != cell.len)
        return;
    whole = whole * 1000000 + fraction;
    *out = (struct micro){0, cell.len, is_negative ? -whole : whole};
}

bool zj_are_degrees(struct zj_span lat, struct zj_span lon)
{
    struct micro a, b;
    read_degrees(lat, &a);
    read_degrees(lon, &b);
    if (a.end && b.end)
        return is_on_earth((int32_t)a.value, (int32_t)b.value);
    read_micro(lat, 0, &a);
    read_micro(lon, 0, &b);
    return a.end && a.end == lat.len && b.end && b.end == lon.len &&
           are_micro_degrees(a.value, b.value);
}
