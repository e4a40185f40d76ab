/* Archives: tar, zip, 7z, rar, cab, lha, cpio. Each member goes to the reader of its kind, under
 * "archive!member". Limits stand against bombs: the ratio and the sum of what is unpacked, the
 * number of members, the depth of archives in archives. */
#include <archive.h>
#include <archive_entry.h>

#include "inventory/reader.h"

enum { STEP = 1 << 18, EMPTY_MAX = 64 /* an archive of nothing is not longer */ };

static int probe(struct zj_span head, const char *extension)
{
    static const struct zj_span magics[] = {
        ZJ_SPAN_LIT("PK\x03\x04"),
        ZJ_SPAN_LIT("PK\x05\x06"),
        ZJ_SPAN_LIT("7z\xbc\xaf\x27\x1c"),
        ZJ_SPAN_LIT("Rar!\x1a\7\0"),
        ZJ_SPAN_LIT("Rar!\x1a\7\1\0"),
        ZJ_SPAN_LIT("MSCF\0\0\0\0"),
        ZJ_SPAN_LIT("070701"),
        ZJ_SPAN_LIT("070707"),
    };
    (void)extension; /* the bytes tell */
    for (size_t i = 0; i < ZJ_COUNT(magics); i++)
        if (zj_span_starts(head, magics[i]))
            return 85;
    return zj_span_starts(zj_span_part(head, 257, 5), ZJ_SPAN_LIT("ustar")) ||
                   zj_span_starts(zj_span_part(head, 2, 3), ZJ_SPAN_LIT("-lh"))
               ? 85
               : 0;
}

const char *zj_archive_fault(struct archive *a)
{
    const char *text = archive_error_string(a);
    return text && *text ? text : "no archive that can be read";
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
    const uint8_t *block;
    size_t block_len;
    int64_t at, block_at; /* what was given; holes of a sparse member lie between blocks */
    bool is_ended;
    char fault[256];
};

/* Block by block: a call for more would lose what came out before the archive breaks off. */
static void next_block(struct member *m)
{
    const void *block;
    const int rc = archive_read_data_block(m->archive, &block, &m->block_len, &m->block_at);
    m->block = block;
    if (rc == ARCHIVE_OK || rc == ARCHIVE_WARN)
        return;
    m->block_len = 0;
    m->is_ended = true;
    if (rc != ARCHIVE_EOF)
        snprintf(m->fault, sizeof m->fault, "%s", zj_archive_fault(m->archive));
}

static size_t take_part(struct member *m, uint8_t *to, size_t max)
{
    while (!m->block_len && !m->is_ended)
        next_block(m);
    if (!m->block_len)
        return 0;
    const size_t hole = m->block_at > m->at ? (size_t)(m->block_at - m->at) : 0;
    const size_t left = hole ? hole : m->block_len, len = left < max ? left : max;
    if (hole) {
        memset(to, 0, len);
    } else {
        memcpy(to, m->block, len);
        m->block += len;
        m->block_len -= len;
    }
    m->at += (int64_t)len;
    return len;
}

/* A limit that is passed ends the member and all that is behind it. */
static ssize_t fill_member(struct zj_in *in, uint8_t *to, size_t max)
{
    struct member *m = in->ctx;
    const size_t got = take_part(m, to, max);
    const bool is_bomb = zj_scan_took(m->scan, got, m->fault, sizeof m->fault);
    in->fault = m->fault[0] ? m->fault : NULL;
    return is_bomb ? -1 : (ssize_t)got;
}

static struct archive *open_archive(struct source *source, struct zj_in *in, char *out_fault,
                                    size_t fault_size)
{
    struct archive *a = archive_read_new();
    archive_read_support_format_tar(a);
    archive_read_support_format_zip(a);
    archive_read_support_format_7zip(a);
    archive_read_support_format_rar(a);
    archive_read_support_format_rar5(a);
    archive_read_support_format_cab(a);
    archive_read_support_format_lha(a);
    archive_read_support_format_cpio(a);
    in->is_whole_used |= in->whole.len > 0;
    const int rc = in->whole.len ? archive_read_open_memory(a, in->whole.at, in->whole.len)
                                 : archive_read_open(a, source, NULL, on_read, NULL);
    if (rc == ARCHIVE_OK || rc == ARCHIVE_WARN)
        return a;
    snprintf(out_fault, fault_size, "%s", zj_archive_fault(a));
    archive_read_free(a);
    return NULL;
}

static zj_err read_member(struct zj_scan *scan, struct archive *a, struct archive_entry *entry,
                          const char *path)
{
    const char *raw = archive_entry_pathname(entry), *name = raw ? raw : "?";
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

static zj_err read_members(struct zj_scan *scan, struct archive *a, uint64_t seen, const char *path)
{
    struct archive_entry *entry;
    zj_err err = ZJ_OK;
    int rc = ARCHIVE_OK;
    const uint32_t before = scan->entries;
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
            err = read_member(scan, a, entry, path);
    }
    if (!err && rc != ARCHIVE_EOF && !scan->is_over)
        err = zj_scan_unread(scan, path, zj_archive_fault(a));
    else if (!err && scan->entries == before && seen > EMPTY_MAX)
        err = zj_scan_unread(scan, path,
                             zj_tr(scan->job, "an archive without members, or broken at its start",
                                   "压缩包内没有成员，或开头已损坏"));
    return err;
}

static zj_err unpack(struct zj_scan *scan, struct zj_in *in, const char *path)
{
    if (scan->depth >= ZJ_SCAN_DEPTH_MAX)
        return zj_scan_too_deep(scan, path);
    struct source source = {.in = in};
    char fault[200];
    struct archive *a = open_archive(&source, in, fault, sizeof fault);
    if (!a)
        return zj_scan_unread(scan, path, fault);
    scan->depth++;
    const zj_err err = read_members(scan, a, zj_in_seen(in), path);
    scan->depth--;
    archive_read_free(a);
    return err;
}

const struct zj_reader_kind zj_reader_archive = {
    .name = "archive",
    .en = "archives (zip, tar, 7z, rar …)",
    .zh = "压缩包（zip、tar、7z、rar 等）",
    .probe = probe,
    .read = unpack,
};
