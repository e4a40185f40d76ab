/* Pictures, sound, video and maps, told by their first bytes; what they show is not looked into.
 * Cabin and outside cannot be told from the bytes: the path may say it. */
#include <strings.h>

#include "inventory/reader.h"
#include "inventory/rules.h"

enum content { CONTENT_IMAGE, CONTENT_VIDEO, CONTENT_AUDIO, CONTENT_MAP };

static const struct magic {
    size_t at;
    struct zj_span bytes;
    const char *name;
    enum content content;
} magics[] = {
    {0, ZJ_SPAN_LIT("\xff\xd8\xff"), "JPEG", CONTENT_IMAGE},
    {0, ZJ_SPAN_LIT("\x89PNG\r\n\x1a\n"), "PNG", CONTENT_IMAGE},
    {0, ZJ_SPAN_LIT("GIF8"), "GIF", CONTENT_IMAGE},
    {8, ZJ_SPAN_LIT("WEBP"), "WebP", CONTENT_IMAGE},
    {0, ZJ_SPAN_LIT("II*\0"), "TIFF", CONTENT_IMAGE},
    {0, ZJ_SPAN_LIT("MM\0*"), "TIFF", CONTENT_IMAGE},
    {6, ZJ_SPAN_LIT("\0\0\0\0\x36\0\0\0\x28\0\0\0"), "BMP", CONTENT_IMAGE},
    {6, ZJ_SPAN_LIT("\0\0\0\0\x36\4\0\0\x28\0\0\0"), "BMP", CONTENT_IMAGE},
    {6, ZJ_SPAN_LIT("\0\0\0\0\x7a\0\0\0\x6c\0\0\0"), "BMP", CONTENT_IMAGE},
    {6, ZJ_SPAN_LIT("\0\0\0\0\x8a\0\0\0\x7c\0\0\0"), "BMP", CONTENT_IMAGE},
    {0, ZJ_SPAN_LIT("8BPS\0\1"), "PSD", CONTENT_IMAGE},
    {4, ZJ_SPAN_LIT("ftyphei"), "HEIC", CONTENT_IMAGE},
    {4, ZJ_SPAN_LIT("ftypmif1"), "HEIC", CONTENT_IMAGE},
    {4, ZJ_SPAN_LIT("ftypavif"), "AVIF", CONTENT_IMAGE},
    {4, ZJ_SPAN_LIT("ftypM4A"), "M4A", CONTENT_AUDIO},
    {4, ZJ_SPAN_LIT("ftyp"), "MP4", CONTENT_VIDEO},
    {0, ZJ_SPAN_LIT("\0\0\1\xba"), "MPEG", CONTENT_VIDEO},
    {0, ZJ_SPAN_LIT("DHAV"), "DAV", CONTENT_VIDEO},
    {0, ZJ_SPAN_LIT("IMKH"), "IMKH", CONTENT_VIDEO},
    {188, ZJ_SPAN_LIT("\x47\x40\x00"), "MPEG-TS", CONTENT_VIDEO},
    {0, ZJ_SPAN_LIT("\x1a\x45\xdf\xa3"), "Matroska", CONTENT_VIDEO},
    {8, ZJ_SPAN_LIT("AVI "), "AVI", CONTENT_VIDEO},
    {0, ZJ_SPAN_LIT("\0\0\0\1\x67"), "H.264", CONTENT_VIDEO},
    {0, ZJ_SPAN_LIT("\0\0\0\1\x40"), "H.265", CONTENT_VIDEO},
    {0, ZJ_SPAN_LIT("01cd"), "JT/T 1078", CONTENT_VIDEO},
    {0, ZJ_SPAN_LIT("FLV\1"), "FLV", CONTENT_VIDEO},
    {8, ZJ_SPAN_LIT("WAVE"), "WAV", CONTENT_AUDIO},
    {0, ZJ_SPAN_LIT("#!AMR"), "AMR", CONTENT_AUDIO},
    {0, ZJ_SPAN_LIT("fLaC"), "FLAC", CONTENT_AUDIO},
    {0, ZJ_SPAN_LIT("OggS"), "Ogg", CONTENT_AUDIO},
    {0, ZJ_SPAN_LIT("ID3"), "MP3", CONTENT_AUDIO},
    {0, ZJ_SPAN_LIT("\xff\xfb"), "MP3", CONTENT_AUDIO},
    {0, ZJ_SPAN_LIT("\xff\xf1"), "AAC", CONTENT_AUDIO},
    {0, ZJ_SPAN_LIT("\xff\xf9"), "AAC", CONTENT_AUDIO},
    {0, ZJ_SPAN_LIT("LASF"), "LAS", CONTENT_MAP},
    {0, ZJ_SPAN_LIT("# .PCD"), "PCD", CONTENT_MAP},
    {0, ZJ_SPAN_LIT("\0\0\x27\x0a"), "shapefile", CONTENT_MAP},
    {0, ZJ_SPAN_LIT("#ROSBAG V2.0"), "ROS bag", CONTENT_MAP},
    {0, ZJ_SPAN_LIT("\x89MCAP0\r\n"), "MCAP", CONTENT_MAP},
};

static const struct magic *find_magic(struct zj_span head)
{
    for (size_t i = 0; i < ZJ_COUNT(magics); i++)
        if (zj_span_starts(zj_span_part(head, magics[i].at, magics[i].bytes.len), magics[i].bytes))
            return &magics[i];
    return NULL;
}

static int probe(struct zj_span head, const char *extension)
{
    (void)extension; /* the bytes tell */
    return find_magic(head) ? 95 : 0;
}

static bool path_has(const char *path, const char *const *words)
{
    for (; *words; words++)
        if (strcasestr(path, *words))
            return true;
    return false;
}

static zj_err read(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    static const char *const names[] = {"image", "video", "audio", "map"};
    static const char *const outside[] = {"front", "outside", "surround", "adas", "road",
                                          "车外",  "前视",    "环视",     NULL};
    const struct magic *magic = find_magic(zj_in_peek(in, 256));
    const bool is_map = magic->content == CONTENT_MAP;
    const bool is_outside = !is_map && magic->content != CONTENT_AUDIO && path_has(path, outside);
    const enum zj_identify_type type = is_map ? ZJ_TYPE_MAP_DATA : ZJ_TYPE_MEDIA;
    enum zj_data_grade grade = ZJ_GRADE_NONE;
    const struct zj_category *category = zj_taxonomy_of(scan->rules->taxonomy, type, &grade);
    static const struct zj_category none = {.id = ""};
    const struct zj_category *shown =
        is_outside ? zj_taxonomy_category(scan->rules->taxonomy, "B4.1") : category;
    category = shown ? shown : category ? category : &none;
    grade = is_outside && shown ? shown->grade : grade;
    char why[128], why_zh[128];
    snprintf(why, sizeof why, "%s by its first bytes%s", magic->name,
             is_outside ? ", outside of the vehicle by its path" : "");
    snprintf(why_zh, sizeof why_zh, "首部字节为 %s%s", magic->name,
             is_outside ? "，路径表明为车外" : "");
    const struct zj_inv_column column = {
        .name = "(content)",
        .data_type = magic->name,
        .values = 1,
        .proposal_count = 1,
        .proposals = {{.type = zj_identify_type_info(type)->name,
                       .state = ZJ_INV_CONFIRMED,
                       .category = category->id,
                       .grade = (int)grade,
                       .is_personal = category->is_personal,
                       .is_sensitive = category->is_sensitive,
                       .hits = 1,
                       .ratio = 1,
                       .why = why,
                       .why_zh = why_zh}},
    };
    const struct zj_inv_object object = {
        .source = scan->source,
        .path = path,
        .kind = names[magic->content],
        .rows = 1,
        .bytes = in->size,
        .grade = column.proposals[0].grade,
        .is_personal = category->is_personal,
        .is_sensitive = category->is_sensitive,
        .column_count = 1,
        .columns = &column,
    };
    return scan->sink->object(scan->job, scan->sink->ctx, &object);
}

const struct zj_reader_kind zj_reader_media = {
    .name = "media",
    .en = "pictures, sound, video, maps",
    .zh = "图像、音频、视频、地图",
    .probe = probe,
    .read = read,
};
