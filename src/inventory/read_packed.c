/* Packed files: gz, bz2, xz, zst, lz4, lz, Z. One layer is taken off and what lies in it goes to
 * the reader of its kind, under "log.csv.gz!log.csv"; a packed tar is read as the archive that
 * people call it. What comes out before the bytes break off is read. */
#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include "inventory/reader.h"

enum {
    STEP = 1 << 18,
    TAR_MAGIC_AT = 257,
    GZIP_WINDOW = 15 + 16,
    EMPTY_MAX = 64, /* nothing, packed by any of them, is not longer */
};

static const struct packing {
    struct zj_span magic;
    int filter; /* of libarchive; 0: zlib, which gives all that can be unpacked of a broken file */
} packings[] = {
    {ZJ_SPAN_LIT("\x1f\x8b"), 0},
    {ZJ_SPAN_LIT("BZh"), ARCHIVE_FILTER_BZIP2},
    {ZJ_SPAN_LIT("\xfd"
                 "7zXZ\0"),
     ARCHIVE_FILTER_XZ},
    {ZJ_SPAN_LIT("\x28\xb5\x2f\xfd"), ARCHIVE_FILTER_ZSTD},
    {ZJ_SPAN_LIT("\x04\x22\x4d\x18"), ARCHIVE_FILTER_LZ4},
    {ZJ_SPAN_LIT("\x1f\x9d"), ARCHIVE_FILTER_COMPRESS},
    {ZJ_SPAN_LIT("LZIP\1"), ARCHIVE_FILTER_LZIP},
};

static const struct packing *packing_of(struct zj_span head)
{
    for (size_t i = 0; i < ZJ_COUNT(packings); i++)
        if (zj_span_starts(head, packings[i].magic))
            return &packings[i];
    return NULL;
}

static int probe(struct zj_span head, const char *extension)
{
    (void)extension; /* the bytes tell */
    return packing_of(head) ? 90 : 0;
}

struct layer {
    struct zj_scan *scan;
    struct zj_in *in;
    size_t given; /* of its window, skipped at the next call */
    z_stream z;
    struct archive *archive; /* NULL: z */
    const uint8_t *block;
    size_t block_len;
    bool is_ended;
    char fault[256];
};

static void fail(struct layer *l, const char *what)
{
    if (!l->fault[0] && !l->in->fault)
        snprintf(l->fault, sizeof l->fault, "%s", what);
    l->is_ended = true;
}

/* The next of a file's members, which are unpacked one behind the other. */
static bool begins_again(struct layer *l)
{
    const struct zj_span rest = zj_in_peek(l->in, 2);
    return zj_span_starts(rest, packings[0].magic) && inflateReset(&l->z) == Z_OK;
}

static size_t fill_from_gzip(struct layer *l, uint8_t *to, size_t max)
{
    l->z.next_out = to;
    l->z.avail_out = (unsigned)max;
    while (l->z.avail_out && !l->is_ended) {
        const struct zj_span part = zj_span_part(zj_in_peek(l->in, 1), 0, STEP);
        l->z.next_in = (uint8_t *)part.at;
        l->z.avail_in = (unsigned)part.len;
        const int rc = inflate(&l->z, Z_NO_FLUSH);
        zj_in_skip(l->in, part.len - l->z.avail_in);
        if (rc == Z_STREAM_END)
            l->is_ended = !begins_again(l);
        else if (!part.len)
            fail(l, "truncated gzip input");
        else if (rc != Z_OK && rc != Z_BUF_ERROR)
            fail(l, "gzip decompression failed");
    }
    return max - l->z.avail_out;
}

static la_ssize_t on_read(struct archive *a, void *ctx, const void **out)
{
    struct layer *l = ctx;
    (void)a; /* faults of the input show as its end, and are told by its reader */
    zj_in_skip(l->in, l->given);
    const struct zj_span part = zj_in_peek(l->in, 1);
    l->given = part.len < STEP ? part.len : STEP;
    *out = part.at;
    return (la_ssize_t)l->given;
}

static size_t fill_from_archive(struct layer *l, uint8_t *to, size_t max)
{
    const void *block;
    la_int64_t offset;
    size_t done = 0;
    while (done < max && !l->is_ended) {
        if (!l->block_len) {
            const int rc = archive_read_data_block(l->archive, &block, &l->block_len, &offset);
            l->block = block;
            l->is_ended = rc == ARCHIVE_EOF;
            if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN && rc != ARCHIVE_EOF)
                fail(l, zj_archive_fault(l->archive));
            if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
                l->block_len = 0;
        }
        const size_t len = l->block_len < max - done ? l->block_len : max - done;
        if (len)
            memcpy(to + done, l->block, len);
        l->block += len, l->block_len -= len, done += len;
    }
    return done;
}

static ssize_t fill_layer(struct zj_in *in, uint8_t *to, size_t max)
{
    struct layer *l = in->ctx;
    max = max < STEP ? max : STEP;
    const size_t got = l->archive ? fill_from_archive(l, to, max) : fill_from_gzip(l, to, max);
    if (zj_scan_took(l->scan, got, l->fault, sizeof l->fault))
        l->is_ended = true;
    in->fault = l->fault[0] ? l->fault : l->in->fault;
    return (ssize_t)got;
}

static bool open_layer(struct layer *l, int filter)
{
    struct archive_entry *entry;
    if (!filter)
        return inflateInit2(&l->z, GZIP_WINDOW) == Z_OK;
    l->archive = archive_read_new();
    if (filter == ARCHIVE_FILTER_COMPRESS) /* reads at once where it is appended */
        archive_read_support_filter_compress(l->archive);
    else
        archive_read_append_filter(l->archive, filter);
    archive_read_support_format_raw(l->archive);
    archive_read_support_format_empty(l->archive);
    int rc = archive_read_open(l->archive, l, NULL, on_read, NULL);
    if (rc == ARCHIVE_OK || rc == ARCHIVE_WARN)
        rc = archive_read_next_header(l->archive, &entry);
    const bool is_empty = rc == ARCHIVE_EOF && !archive_error_string(l->archive);
    if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN && !is_empty)
        fail(l, zj_archive_fault(l->archive));
    else if (is_empty && zj_in_seen(l->in) > EMPTY_MAX) /* its first block is broken */
        fail(l, "packed data is broken from its start");
    l->is_ended |= rc == ARCHIVE_EOF;
    return true;
}

/* "log.csv.gz" holds "log.csv". */
static const char *inner_name(struct zj_scan *scan, const char *packed_name)
{
    const char *dot = packed_name ? strrchr(packed_name, '.') : NULL;
    return dot && dot != packed_name
               ? zj_arena_span(&scan->job->arena,
                               zj_span_of(packed_name, (size_t)(dot - packed_name)))
               : "data";
}

static zj_err read_layer(struct zj_scan *scan, struct layer *l, const char *name, const char *path)
{
    struct zj_in inside = {.fill = fill_layer, .ctx = l, .name = inner_name(scan, name)};
    const struct zj_span head = zj_in_peek(&inside, TAR_MAGIC_AT + 5);
    const bool is_tar = zj_span_starts(zj_span_part(head, TAR_MAGIC_AT, 5), ZJ_SPAN_LIT("ustar")) ||
                        zj_span_starts(head, ZJ_SPAN_LIT("070701"));
    zj_err err = ZJ_OK;
    if (is_tar) {
        scan->depth--; /* a packed tar is one archive */
        err = zj_reader_archive.read(scan, &inside, path);
        scan->depth++;
        if (!err && l->fault[0])
            err = zj_scan_unread(scan, path, l->fault);
    } else {
        char *place = zj_arena_printf(&scan->job->arena, "%s!%.1000s", path, inside.name);
        err = zj_scan_input(scan, &inside, place);
    }
    zj_in_release(&inside);
    return err;
}

static zj_err unpack(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    const struct packing *packing = packing_of(zj_in_peek(in, 6));
    if (scan->depth >= ZJ_SCAN_DEPTH_MAX)
        return zj_scan_too_deep(scan, path);
    struct layer *l = zj_alloc(sizeof *l);
    l->scan = scan;
    l->in = in;
    scan->depth++;
    zj_err err = packing && open_layer(l, packing->filter)
                     ? read_layer(scan, l, in->name, path)
                     : zj_scan_unread(scan, path, "gzip decompression failed");
    scan->depth--;
    if (l->archive)
        archive_read_free(l->archive);
    else
        inflateEnd(&l->z);
    free(l);
    return err;
}

const struct zj_reader_kind zj_reader_packed = {
    .name = "packed",
    .en = "packed files (gz, bz2, xz, zst, lz4, lz, Z)",
    .zh = "压缩文件（gz、bz2、xz、zst、lz4、lz、Z）",
    .probe = probe,
    .read = unpack,
};
