/* Captures that lie packed: gzip by zlib, which checks what it unpacks, zstd and xz by
 * libarchive. Unpacked as they are read, in the process that has given up its rights; what it comes to
 * is not bounded, since no more of it is held than of any capture. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <inttypes.h>
#include <unistd.h>
#include <zlib.h>

#include "sense/capture_file.h"

enum {
    IN_BYTES = 160 * 1024, /* what may have been read to tell that it is packed, and more */
    MAGIC_BYTES = 6,
    GZIP_WINDOW = 15 + 16,
    FAULT_BYTES = 120,
    EMPTY_BYTES_MAX = 64, /* of a packed file that holds nothing */
};

struct zj_packed {
    int filter; /* of libarchive; ARCHIVE_FILTER_GZIP: zlib's */
    int fd;
    z_stream z;
    struct archive *archive;
    bool is_empty;
    bool is_open, is_between; /* between two members of a gzip file */
    bool has_ended;           /* the file was asked for more than it has */
    uint64_t given;           /* bytes of it */
    size_t pending;           /* at the start of `in`: read before it was known to be packed */
    uint8_t in[IN_BYTES];
};

static const struct packing {
    const char *magic;
    size_t len;
    int filter;
} packings[] = {
    {"\x1f\x8b", 2, ARCHIVE_FILTER_GZIP},
    {"\x28\xb5\x2f\xfd", 4, ARCHIVE_FILTER_ZSTD},
    {"\xfd" "7zXZ\0", 6, ARCHIVE_FILTER_XZ},
};

struct zj_packed *zj_packed_find(int fd, struct zj_span start)
{
    for (size_t i = 0; i < ZJ_COUNT(packings) && start.len >= ZJ_FORMAT_MAGIC; i++) {
        const size_t len = start.len < packings[i].len ? start.len : packings[i].len;
        if (start.len > IN_BYTES || memcmp(start.at, packings[i].magic, len) != 0)
            continue;
        struct zj_packed *p = zj_alloc(sizeof *p);
        p->filter = packings[i].filter;
        p->fd = fd;
        return p;
    }
    return NULL;
}

void zj_packed_begin_with(struct zj_packed *p, struct zj_span read)
{
    memcpy(p->in, read.at, read.len);
    p->pending = read.len;
}

struct zj_packed *zj_packed_open(int fd)
{
    uint8_t start[MAGIC_BYTES];
    const ssize_t got = lseek(fd, 0, SEEK_CUR) == 0 ? pread(fd, start, sizeof start, 0) : 0;
    return zj_packed_find(fd, zj_span_of(start, got > 0 ? (size_t)got : 0));
}

void zj_packed_free(struct zj_packed *p)
{
    if (!p)
        return;
    if (p->archive)
        archive_read_free(p->archive);
    else if (p->is_open)
        inflateEnd(&p->z);
    free(p);
}

/* The next bytes to in[at]; what is pending stands at its start already. */
static ssize_t read_in(struct zj_packed *p, size_t at)
{
    ssize_t got = (ssize_t)p->pending;
    p->pending = 0;
    if (!got)
        while ((got = read(p->fd, p->in + at, sizeof p->in - at)) < 0 && errno == EINTR)
            ;
    p->has_ended |= got == 0;
    p->given += got > 0 ? (uint64_t)got : 0;
    return got;
}

static la_ssize_t on_read(struct archive *a, void *ctx, const void **out)
{
    struct zj_packed *p = ctx;
    const ssize_t got = read_in(p, 0);
    if (got < 0)
        archive_set_error(a, errno, "read error %d", errno);
    *out = p->in;
    return got;
}

/* What cannot be unpacked from its first block on is an empty file to the library. */
static bool open_archive(struct zj_packed *p)
{
    struct archive_entry *entry;
    int rc;
    p->archive = archive_read_new();
    archive_read_append_filter(p->archive, p->filter);
    archive_read_support_format_raw(p->archive);
    archive_read_support_format_empty(p->archive);
    rc = archive_read_open(p->archive, p, NULL, on_read, NULL);
    if (rc >= ARCHIVE_WARN)
        rc = archive_read_next_header(p->archive, &entry);
    p->is_empty = rc == ARCHIVE_EOF;
    return p->is_empty ? p->given <= EMPTY_BYTES_MAX : rc >= ARCHIVE_WARN;
}

static ssize_t read_archive(struct zj_packed *p, uint8_t *out, size_t max, const char **out_fault)
{
    if (!p->is_open) {
        p->is_open = true;
        if (!open_archive(p)) {
            *out_fault = archive_error_string(p->archive);
            return -1;
        }
    }
    if (p->is_empty)
        return 0;
    const la_ssize_t got = archive_read_data(p->archive, out, max);
    if (got < 0)
        *out_fault = archive_error_string(p->archive);
    return got < 0 ? -1 : got;
}

/* Behind a member another may begin; anything else there is padding, as gzip has it. Half of its mark
 * may stand at the end of what was read. */
static bool begins_member(struct zj_packed *p)
{
    if (p->z.avail_in == 1) {
        p->in[0] = *p->z.next_in;
        const ssize_t got = read_in(p, 1);
        p->z.next_in = p->in;
        p->z.avail_in = 1 + (got > 0 ? (unsigned)got : 0);
    }
    return p->z.avail_in >= 2 && p->z.next_in[0] == 0x1f && p->z.next_in[1] == 0x8b &&
           inflateReset(&p->z) == Z_OK;
}

static ssize_t read_gzip(struct zj_packed *p, uint8_t *out, size_t max, const char **out_fault)
{
    if (!p->is_open && inflateInit2(&p->z, GZIP_WINDOW) != Z_OK)
        return -1;
    p->is_open = true;
    p->z.next_out = out;
    p->z.avail_out = (unsigned)max;
    while (p->z.avail_out == max) {
        if (!p->z.avail_in) {
            const ssize_t got = read_in(p, 0);
            p->z.next_in = p->in;
            p->z.avail_in = got > 0 ? (unsigned)got : 0;
            if (got <= 0)
                return got < 0 || !p->is_between ? -1 : 0;
        }
        if (p->is_between && !begins_member(p))
            return 0;
        p->is_between = false;
        const int rc = inflate(&p->z, Z_NO_FLUSH);
        p->is_between = rc == Z_STREAM_END;
        const bool is_bad = rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR;
        if (is_bad && p->z.avail_out == max) { /* else first what there is: it fails again */
            *out_fault = p->z.msg;
            return -1;
        }
    }
    return (ssize_t)(max - p->z.avail_out);
}

zj_err zj_packed_read(struct zj_job *job, struct zj_file *f, uint8_t *out, size_t max,
                      size_t *out_got)
{
    struct zj_packed *p = f->packed;
    const char *fault = NULL;
    const ssize_t got = p->filter == ARCHIVE_FILTER_GZIP ? read_gzip(p, out, max, &fault)
                                                         : read_archive(p, out, max, &fault);
    *out_got = got > 0 ? (size_t)got : 0;
    if (got >= 0)
        return ZJ_OK;
    const bool is_cut = p->has_ended;
    if (!is_cut && fault)
        zj_fail(job, ZJ_EINPUT, "%.*s", FAULT_BYTES, fault); /* the library's words */
    return zj_fail(job, ZJ_EINPUT,
                   zj_tr(job, "%s: packet %" PRIu64 " at offset %" PRIu64 " of what was unpacked: %s",
                         "%s：第 %" PRIu64 " 个报文，解压后偏移 %" PRIu64 "：%s"),
                   f->name, f->packets + 1, zj_file_offset(f),
                   is_cut ? zj_tr(job, "the compressed file is cut off", "压缩文件被截断")
                          : zj_tr(job, "the compressed file is broken", "压缩文件已损坏"));
}
