/* What is judged by its content: media, maps and point clouds, NMEA sentences, templates of faces,
 * fingers and voices. */
#include "identify/engine.h"

enum { FLOATS_MIN = 64, CODED_MIN = 128, TEMPLATE_MAX = 1 << 20, MAP_HEAD = 65536 };

struct magic {
    size_t at;
    struct zj_span bytes;
    const char *why;
};

static const struct magic media[] = {
    {0, ZJ_SPAN_LIT("\xff\xd8\xff"), "JPEG"},
    {0, ZJ_SPAN_LIT("\x89PNG\r\n\x1a\n"), "PNG"},
    {0, ZJ_SPAN_LIT("GIF87a"), "GIF"},
    {0, ZJ_SPAN_LIT("GIF89a"), "GIF"},
    {0, ZJ_SPAN_LIT("II*\0"), "TIFF"},
    {0, ZJ_SPAN_LIT("MM\0*"), "TIFF"},
    {8, ZJ_SPAN_LIT("WAVE"), "WAV"},
    {8, ZJ_SPAN_LIT("AVI "), "AVI"},
    {8, ZJ_SPAN_LIT("WEBP"), "WebP"},
    {4, ZJ_SPAN_LIT("ftyp"), "MP4"},
    {0, ZJ_SPAN_LIT("\x1a\x45\xdf\xa3"), "Matroska"},
    {0, ZJ_SPAN_LIT("FLV\x01"), "FLV"},
    {0, ZJ_SPAN_LIT("OggS"), "Ogg"},
    {0, ZJ_SPAN_LIT("fLaC"), "FLAC"},
    {0, ZJ_SPAN_LIT("ID3"), "MP3"},
    {0, ZJ_SPAN_LIT("\xff\xfb"), "MP3"},
    {0, ZJ_SPAN_LIT("\xff\xf1"), "AAC"},
    {0, ZJ_SPAN_LIT("#!AMR"), "AMR"},
    {0, ZJ_SPAN_LIT("\xff\xf9"), "AAC"},
    {0, ZJ_SPAN_LIT("\xff\xf3"), "MP3"},
    {0, ZJ_SPAN_LIT("DHAV"), "video of a recorder"},
    {0, ZJ_SPAN_LIT("IMKH"), "video of a recorder"},
};

static const struct magic maps[] = {
    {0, ZJ_SPAN_LIT("LASF"), "LAS point cloud"},
    {0, ZJ_SPAN_LIT("\0\0\x27\x0a"), "shapefile"},
    {0, ZJ_SPAN_LIT("ASTM-E57"), "E57 point cloud"},
    {0, ZJ_SPAN_LIT("ply\nformat"), "PLY point cloud"},
    {0, ZJ_SPAN_LIT("ply\r\nformat"), "PLY point cloud"},
};

static bool is_magic(struct zj_span in, const struct magic *m)
{
    if (m->at == 8 && !zj_span_starts(in, ZJ_SPAN_LIT("RIFF")))
        return false;
    return zj_span_starts(zj_span_part(in, m->at, 16), m->bytes);
}

static bool holds(struct zj_span in, const char *text)
{
    return memmem(in.at, in.len, text, strlen(text)) != NULL;
}

/* A database of navigation data by the names of its tables. */
static bool is_map_database(struct zj_span in)
{
    static const char *const names[] = {
        "routingTile", "RoutingTile", "laneTile",    "LaneTile",       "bmdTile",
        "nds_",        "NDS_",        "laneGroup",   "globalMetadata", "GlobalMetadata",
        "hdLane",      "namedObject", "roadGeoLine", "updateRegion",   "buildingBlock"};
    const struct zj_span head = zj_span_part(in, 0, MAP_HEAD);
    for (size_t i = 0; i < ZJ_COUNT(names); i++)
        if (holds(head, names[i]))
            return true;
    return false;
}

/* A packet of JT/T 1078: "01cd", which texts and digests begin with by chance, then the fixed byte
 * of its header, the SIM in BCD and one of five kinds of data. */
static bool is_jt1078(struct zj_span in)
{
    enum { FIXED = 0x81, SIM_AT = 8, SIM_LEN = 6, KIND_AT = 15, KIND_MAX = 4 };
    if (in.len <= KIND_AT || !zj_span_starts(in, ZJ_SPAN_LIT("01cd")) || in.at[4] != FIXED)
        return false;
    for (size_t i = SIM_AT; i < SIM_AT + SIM_LEN; i++)
        if (in.at[i] >> 4 > 9 || (in.at[i] & 15) > 9)
            return false;
    return in.at[KIND_AT] >> 4 <= KIND_MAX;
}

/* Units of H.264 and H.265 behind a start code: parameters, delimiters, pictures. */
static bool is_video_unit(struct zj_span in)
{
    const size_t at = zj_span_starts(in, ZJ_SPAN_LIT("\0\0\0\x01")) ? 4 : 3;
    const uint8_t c = zj_byte_at(in, at), next = zj_byte_at(in, at + 1);
    if (at == 3 && !zj_span_starts(in, ZJ_SPAN_LIT("\0\0\x01")))
        return false;
    const unsigned kind = c & 31;
    const bool is_avc = !(c & 0x80) && (kind == 7 || kind == 9 || c == 0x65 || c == 0x06);
    const bool is_hevc = (c == 0x40 || c == 0x42 || c == 0x44 || c == 0x46) && next == 1;
    return is_avc || is_hevc || c == 0xb3 || c == 0xba;
}

bool zj_may_be_content(struct zj_span in)
{
    static const bool firsts[256] = {
        [0] = true,   [0xff] = true, [0x89] = true, [0x1a] = true, ['#'] = true, ['0'] = true,
        ['A'] = true, ['D'] = true,  ['F'] = true,  ['G'] = true,  ['I'] = true, ['L'] = true,
        ['M'] = true, ['O'] = true,  ['R'] = true,  ['S'] = true,  ['f'] = true, ['p'] = true,
    };
    return in.len >= 8 && (firsts[in.at[0]] || in.at[4] == 'f');
}

/* A code may begin with "ID3" or "OggS"; what these stand for is followed by bytes that no text
 * has. */
static bool is_all_text(struct zj_span in)
{
    enum { HEAD = 32 };
    for (size_t i = 0; i < in.len && i < HEAD; i++)
        if ((in.at[i] < ' ' && in.at[i] != '\t' && in.at[i] != '\n' && in.at[i] != '\r') ||
            in.at[i] >= 0x7f)
            return false;
    return true;
}

bool zj_scan_content(struct zj_scan *s)
{
    for (size_t i = 0; i < ZJ_COUNT(media); i++)
        if (is_magic(s->in, &media[i]) && !is_all_text(s->in)) {
            zj_scan_add(s, ZJ_TYPE_MEDIA, 0, s->in.len, 0, media[i].why);
            return true;
        }
    if (is_jt1078(s->in)) {
        zj_scan_add(s, ZJ_TYPE_MEDIA, 0, s->in.len, 0, "JT/T 1078 media");
        return true;
    }
    if (is_video_unit(s->in)) {
        zj_scan_add(s, ZJ_TYPE_MEDIA, 0, s->in.len, -10, "video units");
        return true;
    }
    const char *why = NULL;
    for (size_t i = 0; i < ZJ_COUNT(maps); i++)
        if (is_magic(s->in, &maps[i]))
            why = maps[i].why;
    if (zj_span_starts(s->in, ZJ_SPAN_LIT("SQLite format 3")) && is_map_database(s->in))
        why = "database of map tiles";
    if (why)
        zj_scan_add(s, ZJ_TYPE_MAP_DATA, 0, s->in.len, 0, why);
    return false;
}

/* A collection of features is a map of the road where it speaks of lanes or surfaces. */
static bool speaks_of_lanes(struct zj_span in)
{
    static const char *const words[] = {"lane_id",    "laneId",    "lane_type", "laneType",
                                        "lane",       "road_mark", "roadMark",  "centerline",
                                        "centreline", "stop_line", "stopLine",  "crosswalk",
                                        "road_link",  "link_id",   "curvature", "slope"};
    for (size_t i = 0; i < ZJ_COUNT(words); i++)
        if (holds(in, words[i]))
            return true;
    return false;
}

/* From its beginning near the marker to the end of the piece. */
void zj_scan_map(struct zj_scan *s, size_t at, struct zj_span marker)
{
    const struct zj_span rest = zj_span_part(s->in, at, s->in.len);
    const char *why = NULL;
    if (at < s->map_end)
        return;
    if (marker.at[0] == '<')
        why = "OpenDRIVE";
    else if (marker.at[0] == '.')
        why = "PCD point cloud";
    else if (marker.at[0] == 'l')
        why = holds(rest, "<node") || holds(zj_span_part(s->in, 0, at), "<osm") ? "lanelets" : NULL;
    else if (holds(rest, "\"coordinates\"") && speaks_of_lanes(rest))
        why = "GeoJSON with lanes";
    if (!why) { /* what is not in the rest is not in the rest of the rest */
        s->map_end = s->in.len;
        return;
    }
    const size_t start = at <= 512 ? 0 : at;
    size_t end = s->in.len;
    while (end > at && s->in.at[end - 1] <= ' ')
        end--;
    s->map_end = s->in.len;
    zj_scan_add(s, ZJ_TYPE_MAP_DATA, start, end, 0, why);
}

static unsigned hex_value(uint8_t c)
{
    return zj_is_digit(c) ? (unsigned)(c - '0') : (unsigned)((c | 32) - 'a') + 10;
}

/* $GPRMC,…*hh: talker, sentence, checksum over what stands between. */
void zj_scan_nmea(struct zj_scan *s, size_t at)
{
    static const char *const sentences[] = {"RMC,", "GGA,", "GLL,", "GNS,"};
    const struct zj_span rest = zj_span_part(s->in, at, 120);
    bool is_known = false;
    for (size_t i = 0; i < ZJ_COUNT(sentences) && rest.len > 12; i++)
        is_known |= zj_span_starts(zj_span_part(rest, 3, 4), zj_span_str(sentences[i]));
    if (!is_known)
        return;
    uint8_t sum = 0;
    size_t end = 1;
    while (end < rest.len && rest.at[end] != '*' && rest.at[end] >= ' ')
        sum ^= rest.at[end++];
    if (end + 2 >= rest.len || rest.at[end] != '*' || !zj_is_hex(rest.at[end + 1]) ||
        !zj_is_hex(rest.at[end + 2]))
        return;
    if (hex_value(rest.at[end + 1]) * 16 + hex_value(rest.at[end + 2]) == sum &&
        holds(zj_span_part(rest, 0, end), "."))
        zj_scan_add(s, ZJ_TYPE_NMEA, at, at + end + 3, 0, "position sentence and checksum");
}

static bool is_base64(uint8_t c)
{
    return zj_is_alnum(c) || c == '+' || c == '/' || c == '=' || c == '-' || c == '_';
}

/* ISO 19794-2 in hex, base64 or plain. */
void zj_scan_fmr(struct zj_scan *s, size_t at)
{
    size_t end = at;
    if (s->in.at[at] == 'F') {
        const size_t len = at + 12 <= s->in.len ? zj_load_be32(s->in.at + at + 8) : 0;
        end = at + (len >= 24 && len <= s->in.len - at ? len : 24);
        end = end > s->in.len ? s->in.len : end;
    }
    while (s->in.at[at] != 'F' && end < s->in.len && end - at < TEMPLATE_MAX &&
           is_base64(s->in.at[end]))
        end++;
    if (end - at >= 24 && (!at || !zj_is_alnum(s->in.at[at - 1])))
        zj_scan_add(s, ZJ_TYPE_BIOMETRIC, at, end, 8, "finger minutiae of ISO 19794-2");
}

/* Numbers with fractions between commas; their count. */
static size_t floats_end(struct zj_span in, size_t at, size_t *out_count)
{
    size_t end = at, last = at;
    bool has_point = false;
    *out_count = 0;
    while (end < in.len && end - at < TEMPLATE_MAX) {
        const uint8_t c = in.at[end];
        const bool is_number = zj_is_digit(c) || c == '.' || c == '-' || c == '+' || c == 'e';
        if (!is_number && c != ',' && c > ' ')
            break;
        has_point |= c == '.';
        if (is_number)
            last = end + 1;
        if (c == ',' || (c <= ' ' && end && zj_is_digit(in.at[end - 1]))) {
            *out_count += has_point;
            has_point = false;
        }
        end++;
    }
    *out_count += has_point;
    return last;
}

bool zj_scan_biometric(struct zj_scan *s, size_t at, const char *word)
{
    static const struct zj_span image_heads[] = {ZJ_SPAN_LIT("iVBOR"), ZJ_SPAN_LIT("R0lGOD")};
    const struct zj_span in = s->in;
    if (at < s->coded_end) /* a long value is looked through once */
        return false;
    size_t count, end = floats_end(in, at, &count);
    s->coded_end = end;
    if (count >= FLOATS_MIN) {
        zj_scan_add_near(s, ZJ_TYPE_BIOMETRIC, at, end, 0, "vector of 64 numbers or more", word);
        return true;
    }
    for (size_t i = 0; i < ZJ_COUNT(image_heads); i++)
        if (zj_span_starts(zj_span_part(in, at, 8), image_heads[i]))
            return false;
    bool has_digit = false, has_letter = false;
    for (end = at; end < in.len && end - at < TEMPLATE_MAX && is_base64(in.at[end]); end++) {
        has_digit |= zj_is_digit(in.at[end]);
        has_letter |= zj_is_letter(in.at[end]);
    }
    s->coded_end = end > s->coded_end ? end : s->coded_end;
    if (end - at < CODED_MIN || !has_digit || !has_letter)
        return false;
    zj_scan_add_near(s, ZJ_TYPE_BIOMETRIC, at, end, 0, "128 coded bytes or more", word);
    return true;
}
