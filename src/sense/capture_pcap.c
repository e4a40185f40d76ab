/* The classic capture format of libpcap.
 *
 *   magic(4) major(2) minor(2) zone(4) accuracy(4) snap(4) link(4)
 *   then for each packet: seconds(4) fraction(4) captured(4) on-the-wire(4) [8 more] bytes
 *
 * In the byte order of the machine that wrote it; the magic tells that and the unit of the
 * fraction. A length past any sense ends the file: there is no way to find the next packet. */
#include "sense/capture_file.h"

enum { HEADER = 24, RECORD = 16, RECORD_MODIFIED = 24 };

static const struct magic {
    uint32_t magic;
    uint32_t fraction_ns;
    uint32_t record_bytes;
} magics[] = {
    {0xa1b2c3d4, 1000, RECORD},
    {0xa1b23c4d, 1, RECORD},
    {0xa1b2cd34, 1000, RECORD_MODIFIED},
};

static const struct magic *find_magic(const uint8_t *at, bool *out_swapped)
{
    const uint32_t plain = zj_file_u32(at, false), swapped = zj_file_u32(at, true);
    for (size_t i = 0; i < ZJ_COUNT(magics); i++)
        if (magics[i].magic == plain || magics[i].magic == swapped) {
            *out_swapped = magics[i].magic != plain;
            return &magics[i];
        }
    return NULL;
}

static bool probe(const uint8_t magic[ZJ_FORMAT_MAGIC])
{
    bool is_swapped;
    return find_magic(magic, &is_swapped) != NULL;
}

static zj_err read_header(struct zj_job *job, struct zj_file *f)
{
    bool has;
    zj_err err = zj_file_need(job, f, HEADER, &has);
    if (err)
        return err;
    if (!has)
        return zj_file_broken(job, f, "the file ends inside its header", "文件在头部中断",
                              f->len - f->at, HEADER);
    const uint8_t *p = f->buf + f->at;
    const struct magic *magic = find_magic(p, &f->pcap.is_swapped);
    f->pcap.fraction_ns = magic->fraction_ns;
    f->pcap.record_bytes = magic->record_bytes;
    f->pcap.link =
        zj_file_u32(p + 20, f->pcap.is_swapped) & 0xffff; /* above it: length of an FCS */
    f->at += HEADER;
    return ZJ_OK;
}

/* The record at buf[at] is not whole: gets more, or tells how the file ends. */
static zj_err read_more(struct zj_job *job, struct zj_file *f, size_t want, bool *out_has)
{
    zj_err err = zj_file_need(job, f, want, out_has);
    if (err || *out_has || f->len == f->at || zj_is_interrupted(job))
        return err;
    return zj_file_broken(job, f, "the file is cut off inside a packet", "文件在报文中间被截断",
                          f->len - f->at, want);
}

static zj_err batch(struct zj_job *job, struct zj_file *f, struct zj_packet *out, size_t *out_count)
{
    if (!f->pcap.record_bytes) {
        zj_err err = read_header(job, f);
        if (err)
            return err;
    }
    const uint32_t head = f->pcap.record_bytes;
    const bool swapped = f->pcap.is_swapped;
    size_t n = 0;
    zj_file_look_ahead(f);
    while (n < ZJ_BATCH) {
        size_t want = head;
        if (f->len - f->at >= head) {
            const uint8_t *p = f->buf + f->at;
            const uint32_t captured = zj_file_u32(p + 8, swapped);
            if (captured > ZJ_PACKET_BYTES_MAX || (captured == 0 && f->mapped)) {
                if (n)
                    break;
                if (captured)
                    return zj_file_broken(job, f, "impossible packet length", "报文长度不可能",
                                          captured, ZJ_PACKET_BYTES_MAX);
                zj_err err =
                    zj_file_check_length(job, f); /* zeros are what is left of a cut file */
                if (err)
                    return err;
                if (!f->mapped)
                    continue;
            }
            want += captured;
            if (f->len - f->at >= want) {
                const uint32_t wire = zj_file_u32(p + 12, swapped);
                out[n++] = (struct zj_packet){
                    .at = p + head,
                    .len = captured,
                    .wire_len = wire < captured ? captured : wire,
                    .time_ns = (int64_t)zj_file_u32(p, swapped) * 1000000000 +
                               (int64_t)zj_file_u32(p + 4, swapped) * f->pcap.fraction_ns,
                    .number = ++f->packets,
                    .link = f->pcap.link,
                };
                f->at += want;
                continue;
            }
        }
        bool has = false;
        if (n)
            break;
        zj_err err = read_more(job, f, want, &has);
        if (err || !has)
            return err;
    }
    *out_count = n;
    return ZJ_OK;
}

const struct zj_format zj_format_pcap = {.name = "pcap", .probe = probe, .batch = batch};
