/* Captures behind one door: opens them, keeps the buffer of a file filled, tells the format. */
#include "sense/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sense/capture_file.h"

static const struct zj_format *const formats[] = {&zj_format_pcap, &zj_format_pcapng};

struct zj_capture {
    char *name, *typed;
    struct zj_file file;
    struct zj_ring *ring; /* live; NULL: a file */
    uint64_t total;
    bool is_pipe;
};

struct zj_capture *zj_capture_share(const struct zj_capture *cap)
{
    if (cap->ring || cap->is_pipe || cap->file.packed || lseek(cap->file.fd, 0, SEEK_CUR) != 0)
        return NULL;
    struct zj_capture *again = zj_alloc(sizeof *again);
    again->name = cap->name;
    again->typed = cap->typed;
    again->file = (struct zj_file){.fd = cap->file.fd, .name = cap->typed, .is_shared = true};
    again->total = cap->total;
    return again;
}

struct zj_capture *zj_capture_of_fd(int fd, const char *name)
{
    struct zj_capture *cap = zj_alloc(sizeof *cap);
    struct stat st;
    cap->name = zj_strdup(name);
    cap->typed = zj_strdup(name);
    cap->file = (struct zj_file){.fd = fd, .name = cap->typed};
    cap->is_pipe = fstat(fd, &st) != 0 || !S_ISREG(st.st_mode);
    if (!cap->is_pipe)
        cap->file.packed = zj_packed_open(fd);
    cap->total = cap->is_pipe || cap->file.packed ? 0 : (uint64_t)st.st_size;
    return cap;
}

zj_err zj_capture_open_file(struct zj_job *job, const char *path, struct zj_capture **out)
{
    int fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                    : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat st;
    if (fd < 0)
        return zj_fail(job, ZJ_EINPUT, "%s: %s", path, zj_strerror(job, errno));
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        close(fd);
        return zj_fail(job, ZJ_EINPUT, "%s: %s", path, zj_strerror(job, EISDIR));
    }
    *out = zj_capture_of_fd(fd, strcmp(path, "-") == 0 ? "stdin" : path);
    char *whole = strcmp(path, "-") == 0 ? NULL : realpath(path, NULL);
    if (whole) {
        free((*out)->name);
        (*out)->name = whole;
    }
    return ZJ_OK;
}

zj_err zj_capture_open_live(struct zj_job *job, const char *interface, int member, int members,
                            struct zj_capture **out)
{
    struct zj_ring *ring;
    zj_err err = zj_ring_open(job, interface, member, members, &ring);
    if (err)
        return err;
    struct zj_capture *cap = zj_alloc(sizeof *cap);
    cap->name = zj_strdup(interface);
    cap->typed = zj_strdup(interface);
    cap->file.fd = -1;
    cap->ring = ring;
    *out = cap;
    return ZJ_OK;
}

void zj_capture_close(struct zj_capture *cap)
{
    if (!cap)
        return;
    if (cap->ring)
        zj_ring_close(cap->ring);
    if (cap->file.fd >= 0 && !cap->file.is_shared)
        close(cap->file.fd);
    zj_file_unmap(&cap->file);
    zj_packed_free(cap->file.packed);
    free(cap->file.buf);
    free(cap->file.ng.interfaces);
    if (!cap->file.is_shared) {
        free(cap->name);
        free(cap->typed);
    }
    free(cap);
}

/* Little at a time, so that what was read is still near when it is looked at. */
enum { READ_BYTES = 128 * 1024 };

static zj_err read_some(struct zj_job *job, struct zj_file *f)
{
    for (;;) {
        const size_t room = ZJ_CAPTURE_BUFFER - f->len;
        const size_t want = room < READ_BYTES ? room : READ_BYTES;
        size_t unpacked;
        zj_err err = f->packed ? zj_packed_read(job, f, f->buf + f->len, want, &unpacked) : ZJ_OK;
        if (f->packed) {
            f->len += err ? 0 : unpacked;
            f->is_at_end = !err && !unpacked;
            return err;
        }
        ssize_t got = f->is_shared
                          ? pread(f->fd, f->buf + f->len, want, (off_t)(f->before + f->len))
                          : read(f->fd, f->buf + f->len, want);
        if (got > 0) {
            f->len += (size_t)got;
            return ZJ_OK;
        }
        if (got == 0 && f->cut_from)
            return zj_file_broken(job, f, "the file became shorter while it was read",
                                  "文件在读取过程中变短", f->before + f->len, f->cut_from);
        if (got == 0 || (errno == EINTR && zj_is_interrupted(job))) {
            f->is_at_end = true;
            return ZJ_OK;
        }
        if (errno != EINTR)
            return zj_fail(job, ZJ_EINPUT, "%s: %s", f->name, zj_strerror(job, errno));
    }
}

zj_err zj_file_need(struct zj_job *job, struct zj_file *f, size_t want, bool *out_has)
{
    zj_err err = ZJ_OK;
    for (;;) {
        const size_t have = f->len - f->at;
        if (f->skip) {
            const size_t drop = f->skip < have ? (size_t)f->skip : have;
            f->at += drop;
            f->skip -= drop;
        }
        *out_has = !f->skip && f->len - f->at >= want;
        if (err || *out_has || f->is_at_end)
            return err;
        if (f->mapped) {
            err = zj_file_map_more(job, f);
            continue;
        }
        memmove(f->buf, f->buf + f->at, f->len - f->at);
        f->before += f->at;
        f->len -= f->at;
        f->at = 0;
        err = read_some(job, f);
    }
}

zj_err zj_file_broken(struct zj_job *job, const struct zj_file *f, const char *en, const char *zh,
                      uint64_t found, uint64_t limit)
{
    return zj_fail(
        job, ZJ_EINPUT,
        zj_tr(job, "%s: packet %" PRIu64 " at offset %" PRIu64 ": %s (%" PRIu64 " / %" PRIu64 ")",
              "%s：第 %" PRIu64 " 个报文，偏移 %" PRIu64 "：%s（%" PRIu64 " / %" PRIu64 "）"),
        f->name, f->packets + 1, zj_file_offset(f), zj_tr(job, en, zh), found, limit);
}

/* The first bytes of the capture. A pipe tells by them that it is packed. */
static zj_err read_magic(struct zj_job *job, struct zj_file *f, bool *out_has)
{
    zj_err err = zj_file_need(job, f, ZJ_FORMAT_MAGIC, out_has);
    if (err || !*out_has || f->packed || f->mapped || f->is_shared)
        return err;
    const struct zj_span read = zj_span_of(f->buf, f->len);
    f->packed = zj_packed_find(f->fd, read);
    if (!f->packed)
        return ZJ_OK;
    zj_packed_begin_with(f->packed, read);
    f->len = 0;
    f->is_at_end = false;
    return zj_file_need(job, f, ZJ_FORMAT_MAGIC, out_has);
}

static zj_err find_format(struct zj_job *job, struct zj_file *f, uint64_t total)
{
    bool has;
    zj_file_map(f, total);
    if (!f->mapped)
        f->buf = zj_alloc(ZJ_CAPTURE_BUFFER);
    zj_err err = read_magic(job, f, &has);
    if (err)
        return err;
    for (size_t i = 0; has && i < ZJ_COUNT(formats); i++)
        if (formats[i]->probe(f->buf)) {
            f->format = formats[i];
            return ZJ_OK;
        }
    if (zj_is_interrupted(job))
        return ZJ_EINTR;
    if (!has)
        return zj_file_broken(job, f, "an empty file, no capture", "空文件，不是抓包文件", f->len,
                              ZJ_FORMAT_MAGIC);
    return zj_fail(job, ZJ_EINPUT,
                   zj_tr(job, "%s: neither pcap nor pcapng (starts with %02x%02x%02x%02x)",
                         "%s：既不是 pcap 也不是 pcapng（开头为 %02x%02x%02x%02x）"),
                   f->name, f->buf[0], f->buf[1], f->buf[2], f->buf[3]);
}

zj_err zj_capture_batch(struct zj_job *job, struct zj_capture *cap, struct zj_packet *out,
                        size_t *out_count)
{
    *out_count = 0;
    if (cap->ring)
        return zj_ring_batch(job, cap->ring, out, out_count);
    if (!cap->file.format) {
        zj_err err = find_format(job, &cap->file, cap->total);
        if (err)
            return err;
    }
    return cap->file.format->batch(job, &cap->file, out, out_count);
}

const char *zj_capture_name(const struct zj_capture *cap)
{
    return cap->name;
}

const char *zj_captures_name(struct zj_job *job, struct zj_capture **caps, size_t count)
{
    enum { NAMED_MAX = 3 };
    const char *names = caps[0]->name;
    for (size_t i = 1; i < count && i < NAMED_MAX; i++)
        names = zj_arena_printf(&job->arena, "%s + %s", names, caps[i]->name);
    return count > NAMED_MAX ? zj_arena_printf(&job->arena, "%s + %zu", names, count - NAMED_MAX)
                             : names;
}

const char *zj_capture_typed(const struct zj_capture *cap)
{
    return cap->typed;
}

bool zj_capture_is_paced(const struct zj_capture *cap)
{
    return cap->ring || cap->is_pipe;
}

uint64_t zj_capture_bytes_read(const struct zj_capture *cap)
{
    return zj_file_offset(&cap->file);
}

uint64_t zj_capture_bytes_total(const struct zj_capture *cap)
{
    return cap->total;
}

uint64_t zj_capture_kernel_drops(struct zj_capture *cap)
{
    return cap->ring ? zj_ring_drops(cap->ring) : 0;
}

uint64_t zj_capture_link_downs(struct zj_capture *cap)
{
    return cap->ring ? zj_ring_link_downs(cap->ring) : 0;
}
