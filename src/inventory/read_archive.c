/* Archives and packed files: gz, bz2, xz, zst, lz4, tar, zip, 7z, cpio. Each member goes to the
 * reader of its kind, under "archive!member". Limits stand against bombs: the ratio and the sum of
 * what is unpacked, the number of members, the depth of archives in archives. */
#include <archive.h>
#include <archive_entry.h>

#include "inventory/reader.h"

enum { STEP = 1 << 18 };

static int probe(struct zj_span head, const char *extension)
{
    static const struct zj_span magics[] = {
        ZJ_SPAN_LIT("PK\x03\x04"),
        ZJ_SPAN_LIT("PK\x05\x06"),
        ZJ_SPAN_LIT("\x1f\x8b"),
        ZJ_SPAN_LIT("BZh"),
        ZJ_SPAN_LIT("\xfd"
                    "7zXZ\0"),
        ZJ_SPAN_LIT("\x28\xb5\x2f\xfd"),
        ZJ_SPAN_LIT("\x04\x22\x4d\x18"),
        ZJ_SPAN_LIT("7z\xbc\xaf\x27\x1c"),
        ZJ_SPAN_LIT("070701"),
    };
    (void)extension; /* the bytes tell */
    for (size_t i = 0; i < ZJ_COUNT(magics); i++)
        if (zj_span_starts(head, magics[i]))
            return 85;
    return zj_span_starts(zj_span_part(head, 257, 5), ZJ_SPAN_LIT("ustar")) ? 85 : 0;
}

struct source {
    struct zj_in *in;
    size_t given; /* of the window, skipped at the next call */
};

static la_ssize_t on_read(struct archive *a, void *ctx, const void **out)
{
    struct source *s = ctx;
    (void)a; /* faults of the input show as its end, and are told by the caller */
    zj_in_skip(s->in, s->given);
    const struct zj_span part = zj_in_peek(s->in, 1);
    s->given = part.len < STEP ? part.len : STEP;
    *out = part.at;
    return (la_ssize_t)s->given;
}

struct member {
    struct zj_scan *scan;
    struct archive *archive;
    char fault[256];
};

/* A limit that is passed ends the member and all that is behind it. */
static ssize_t fill_member(struct zj_in *in, uint8_t *to, size_t max)
{
    struct member *m = in->ctx;
    struct zj_scan *scan = m->scan;
    const la_ssize_t got = archive_read_data(m->archive, to, max);
    if (got < 0) {
        snprintf(m->fault, sizeof m->fault, "%s", archive_error_string(m->archive));
        in->fault = m->fault;
        return -1;
    }
    scan->inflated += (uint64_t)got;
    if (zj_scan_is_bomb(scan)) {
        snprintf(m->fault, sizeof m->fault,
                 zj_tr(scan->job, "unpacks to more than %llu bytes from %llu: a bomb, left alone",
                       "解压后超过 %llu 字节（原 %llu 字节），疑似压缩炸弹，已停止"),
                 (unsigned long long)scan->inflated, (unsigned long long)scan->packed);
        in->fault = m->fault;
        return -1;
    }
    return got;
}

static struct archive *open_archive(struct source *source, struct zj_in *in, char *out_fault,
                                    size_t fault_size)
{
    struct archive *a = archive_read_new();
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_lzma(a);
    archive_read_support_filter_zstd(a);
    archive_read_support_filter_lz4(a);
    archive_read_support_format_tar(a);
    archive_read_support_format_zip(a);
    archive_read_support_format_7zip(a);
    archive_read_support_format_cpio(a);
    archive_read_support_format_raw(a);
    in->is_whole_used |= in->whole.len > 0;
    const int rc = in->whole.len ? archive_read_open_memory(a, in->whole.at, in->whole.len)
                                 : archive_read_open(a, source, NULL, on_read, NULL);
    if (rc == ARCHIVE_OK || rc == ARCHIVE_WARN)
        return a;
    snprintf(out_fault, fault_size, "%s", archive_error_string(a) ? archive_error_string(a) : "?");
    archive_read_free(a);
    return NULL;
}

/* "log.csv.gz" holds "log.csv". */
static const char *inner_name(struct zj_scan *scan, const char *name, const char *packed_name)
{
    const char *dot = packed_name ? strrchr(packed_name, '.') : NULL;
    if (strcmp(name, "data") != 0 || !dot || dot == packed_name)
        return name;
    return zj_arena_span(&scan->job->arena, zj_span_of(packed_name, (size_t)(dot - packed_name)));
}

static zj_err read_member(struct zj_scan *scan, struct archive *a, struct archive_entry *entry,
                          const char *packed_name, const char *path)
{
    const char *raw = archive_entry_pathname(entry);
    const char *name = inner_name(scan, raw ? raw : "?", packed_name);
    const char *slash = strrchr(name, '/');
    char *place = zj_arena_printf(&scan->job->arena, "%s!%.1000s", path, name);
    struct member member = {.scan = scan, .archive = a};
    struct zj_in in = {
        .fill = fill_member,
        .ctx = &member,
        .name = slash ? slash + 1 : name,
        .size = archive_entry_size_is_set(entry) && archive_entry_size(entry) > 0
                    ? (uint64_t)archive_entry_size(entry)
                    : 0,
    };
    if (archive_entry_is_data_encrypted(entry))
        return zj_scan_unread(scan, place, zj_tr(scan->job, "encrypted", "已加密"));
    const zj_err err = zj_scan_input(scan, &in, place);
    zj_in_release(&in);
    return err;
}

static zj_err read_members(struct zj_scan *scan, struct archive *a, struct zj_in *in,
                           const char *path)
{
    struct archive_entry *entry;
    zj_err err = ZJ_OK;
    int rc = ARCHIVE_OK;
    while (!err && !scan->is_over) {
        rc = archive_read_next_header(a, &entry);
        if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
            break;
        if (scan->entries++ >= ZJ_SCAN_ENTRIES_MAX) {
            scan->is_over = true;
            return zj_scan_unread(scan, path,
                                  zj_tr(scan->job, "more than 200000 members: the rest is not read",
                                        "成员超过 200000 个，其余未读取"));
        }
        if (archive_entry_filetype(entry) == AE_IFREG || !archive_entry_filetype(entry))
            err = read_member(scan, a, entry, in->name, path);
    }
    if (!err && rc != ARCHIVE_EOF && !scan->is_over)
        err = zj_scan_unread(scan, path, archive_error_string(a) ? archive_error_string(a) : "?");
    return err;
}

static zj_err unpack(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    if (scan->depth >= ZJ_SCAN_DEPTH_MAX)
        return zj_scan_unread(scan, path,
                              zj_tr(scan->job, "archives nested deeper than 4: not unpacked",
                                    "压缩包嵌套超过 4 层，未解压"));
    struct source source = {.in = in};
    char fault[200];
    struct archive *a = open_archive(&source, in, fault, sizeof fault);
    if (!a)
        return zj_scan_unread(scan, path, fault);
    scan->depth++;
    const zj_err err = read_members(scan, a, in, path);
    scan->depth--;
    archive_read_free(a);
    return err;
}

const struct zj_reader_kind zj_reader_archive = {
    .name = "archive",
    .en = "archives (zip, tar, gz, xz, zst, 7z …)",
    .zh = "压缩包（zip、tar、gz、xz、zst、7z 等）",
    .probe = probe,
    .read = unpack,
};
