/* The capture format of Wireshark, pcapng (draft-ietf-opsawg-pcapng).
 *
 *   type(4) total(4) body(total - 12) total(4)
 *
 * A section header sets the byte order and forgets the interfaces; an interface block tells link
 * type and clock; packet blocks of three kinds carry packets; any other block is passed over,
 * however long. A total that does not fit ends the file. */
#include "sense/capture_file.h"

enum {
    SECTION = 0x0a0d0d0a,
    INTERFACE = 1,
    PACKET_OLD = 2,
    PACKET_SIMPLE = 3,
    PACKET_ENHANCED = 6,
    ORDER_MARK = 0x1a2b3c4d,
    FRAME = 12, /* of every block: type, total twice */
    OPT_END = 0,
    OPT_RESOLUTION = 9,
    OPT_OFFSET = 14,
    DEFAULT_RESOLUTION = 6,
    BLOCK_KEPT_MAX = ZJ_PACKET_BYTES_MAX + 65536, /* a packet and its options */
};

static bool probe(const uint8_t magic[ZJ_FORMAT_MAGIC])
{
    return zj_file_u32(magic, false) == SECTION; /* reads the same both ways */
}

static int64_t time_of(const struct zj_ng_interface *i, uint32_t high, uint32_t low)
{
    const uint64_t ticks = (uint64_t)high << 32 | low;
    const unsigned n = i->resolution & 0x7f;
    unsigned __int128 ns = (unsigned __int128)ticks * 1000000000u;
    if (i->resolution & 0x80)
        ns = n < 96 ? ns >> n : 0;
    else
        for (unsigned k = 0; k < n && ns; k++)
            ns /= 10;
    const int64_t max = INT64_MAX / 2;
    int64_t time_ns = ns > (unsigned __int128)max ? max : (int64_t)ns;
    int64_t offset_ns;
    if (__builtin_mul_overflow(i->offset_s, INT64_C(1000000000), &offset_ns) ||
        __builtin_add_overflow(time_ns, offset_ns, &time_ns))
        return max;
    return time_ns < 0 ? 0 : time_ns < max ? time_ns : max;
}

static void read_interface_options(struct zj_ng_interface *i, struct zj_span options, bool swapped)
{
    while (options.len >= 4) {
        const uint16_t code = zj_file_u16(options.at, swapped);
        const uint16_t len = zj_file_u16(options.at + 2, swapped);
        const struct zj_span value = zj_span_part(options, 4, len);
        if (code == OPT_END || value.len < len)
            return;
        if (code == OPT_RESOLUTION && len >= 1)
            i->resolution = value.at[0];
        if (code == OPT_OFFSET && len >= 8) {
            const uint64_t a = zj_file_u32(value.at, swapped),
                           b = zj_file_u32(value.at + 4, swapped);
            const bool is_big = (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) != swapped;
            i->offset_s = (int64_t)(is_big ? a << 32 | b : b << 32 | a);
        }
        options = zj_span_part(options, 4 + ((size_t)len + 3) / 4 * 4, options.len);
    }
}

static bool add_interface(struct zj_ng_state *ng, struct zj_span body)
{
    if (body.len < 8 || ng->count == ZJ_NG_INTERFACES_MAX)
        return false;
    if (ng->count == ng->room) {
        ng->room = ng->room ? ng->room * 2 : 8;
        ng->interfaces = zj_realloc(ng->interfaces, ng->room * sizeof *ng->interfaces);
    }
    struct zj_ng_interface *i = &ng->interfaces[ng->count++];
    *i = (struct zj_ng_interface){.link = zj_file_u16(body.at, ng->is_swapped),
                                  .snap_bytes = zj_file_u32(body.at + 4, ng->is_swapped),
                                  .resolution = DEFAULT_RESOLUTION};
    read_interface_options(i, zj_span_part(body, 8, body.len), ng->is_swapped);
    return true;
}

/* Reads a packet block. False where its lengths do not fit or it names no interface. */
static bool read_packet(const struct zj_ng_state *ng, uint32_t type, struct zj_span body,
                        struct zj_packet *out)
{
    const bool swapped = ng->is_swapped;
    const bool is_simple = type == PACKET_SIMPLE;
    const size_t head = is_simple ? 4 : 20;
    if (body.len < head)
        return false;
    const uint32_t index = is_simple            ? 0
                           : type == PACKET_OLD ? zj_file_u16(body.at, swapped)
                                                : zj_file_u32(body.at, swapped);
    if (index >= ng->count)
        return false;
    const struct zj_ng_interface *i = &ng->interfaces[index];
    uint32_t captured, wire;
    if (is_simple) {
        wire = zj_file_u32(body.at, swapped);
        captured = wire < body.len - head ? wire : (uint32_t)(body.len - head);
        if (i->snap_bytes && captured > i->snap_bytes)
            captured = i->snap_bytes;
    } else {
        captured = zj_file_u32(body.at + 12, swapped);
        wire = zj_file_u32(body.at + 16, swapped);
    }
    if (captured > body.len - head || captured > ZJ_PACKET_BYTES_MAX)
        return false;
    out->at = body.at + head;
    out->len = captured;
    out->wire_len = wire < captured ? captured : wire;
    out->link = i->link;
    out->time_ns = is_simple ? 0
                             : time_of(i, zj_file_u32(body.at + 4, swapped),
                                       zj_file_u32(body.at + 8, swapped));
    return true;
}

/* The total length of the block at buf[at], of which at least 12 bytes are there. */
static zj_err read_total(struct zj_job *job, struct zj_file *f, uint32_t *out_type,
                         uint32_t *out_total)
{
    const uint8_t *p = f->buf + f->at;
    *out_type = zj_file_u32(p, f->ng.is_swapped);
    if (zj_file_u32(p, false) == SECTION) {
        const uint32_t order = zj_file_u32(p + 8, false);
        if (order != ORDER_MARK && order != __builtin_bswap32(ORDER_MARK))
            return zj_file_broken(job, f, "section without a byte order", "节头缺少字节序标记",
                                  order, ORDER_MARK);
        f->ng.is_swapped = order != ORDER_MARK;
        *out_type = SECTION;
    }
    *out_total = zj_file_u32(p + 4, f->ng.is_swapped);
    if (*out_total < FRAME || *out_total % 4)
        return zj_file_broken(job, f, "impossible block length", "块长度不可能", *out_total, FRAME);
    return ZJ_OK;
}

static bool is_wanted(uint32_t type)
{
    return type == SECTION || type == INTERFACE || type == PACKET_OLD || type == PACKET_SIMPLE ||
           type == PACKET_ENHANCED;
}

/* Takes the whole block at buf[at]; *out_is_packet tells whether `out` was filled. */
static zj_err take_block(struct zj_job *job, struct zj_file *f, uint32_t type, uint32_t total,
                         struct zj_packet *out, bool *out_is_packet)
{
    const uint8_t *p = f->buf + f->at;
    const struct zj_span body = {p + 8, total - FRAME};
    const uint32_t again = zj_file_u32(p + total - 4, f->ng.is_swapped);
    *out_is_packet = false;
    if (again != total)
        return zj_file_broken(job, f, "the two lengths of a block differ", "块首尾长度不一致",
                              again, total);
    if (type == SECTION) {
        f->ng.count = 0;
    } else if (type == INTERFACE) {
        if (!add_interface(&f->ng, body))
            return zj_file_broken(job, f, "bad interface block", "接口块有误", total,
                                  ZJ_NG_INTERFACES_MAX);
    } else {
        if (!read_packet(&f->ng, type, body, out))
            return zj_file_broken(job, f, "bad packet block", "报文块有误", total, f->ng.count);
        out->number = ++f->packets;
        *out_is_packet = true;
    }
    f->at += total;
    return ZJ_OK;
}

/* Zeros where a type or a length stands may be what is left of a mapped file that was cut. */
static bool is_cut(const struct zj_file *f, size_t into)
{
    return f->mapped && zj_file_u32(f->buf + f->at + into, false) == 0;
}

/* Makes the block at buf[at] whole, or starts to skip one that nobody wants. *out_ready false with
 * ZJ_OK: the end. Gives up the buffer's packets where `may_refill`, else says not ready. */
static zj_err ready(struct zj_job *job, struct zj_file *f, bool may_refill, uint32_t *out_type,
                    uint32_t *out_total, bool *out_ready)
{
    bool has = !f->skip && f->len - f->at >= FRAME && !is_cut(f, 0);
    zj_err err = ZJ_OK;
    *out_ready = false;
    if (!has) {
        if (!may_refill)
            return ZJ_OK;
        err = zj_file_check_length(job, f);
        if (!err)
            err = zj_file_need(job, f, FRAME, &has);
        if (err || zj_is_interrupted(job) || (!has && f->len == f->at && !f->skip))
            return err;
        if (!has)
            return zj_file_broken(job, f, "the file is cut off inside a block",
                                  "文件在块中间被截断", f->len - f->at, FRAME);
    }
    err = read_total(job, f, out_type, out_total);
    if (err)
        return err;
    if (!is_wanted(*out_type)) {
        f->skip = *out_total;
        *out_ready = true;
        return ZJ_OK;
    }
    if (*out_total > BLOCK_KEPT_MAX)
        return zj_file_broken(job, f, "impossible block length", "块长度不可能", *out_total,
                              BLOCK_KEPT_MAX);
    if (f->len - f->at < *out_total || is_cut(f, *out_total - 4)) {
        if (!may_refill)
            return ZJ_OK;
        err = zj_file_check_length(job, f);
        if (!err)
            err = zj_file_need(job, f, *out_total, &has);
        if (err || zj_is_interrupted(job))
            return err;
        if (!has)
            return zj_file_broken(job, f, "the file is cut off inside a block",
                                  "文件在块中间被截断", f->len - f->at, *out_total);
    }
    *out_ready = true;
    return ZJ_OK;
}

static zj_err batch(struct zj_job *job, struct zj_file *f, struct zj_packet *out, size_t *out_count)
{
    size_t n = 0;
    zj_err err = ZJ_OK;
    while (n < ZJ_BATCH) {
        uint32_t type = 0, total = 0;
        bool is_ready, is_packet = false;
        zj_file_look_ahead(f);
        err = ready(job, f, n == 0, &type, &total, &is_ready);
        if (!err && is_ready && !f->skip)
            err = take_block(job, f, type, total, &out[n], &is_packet);
        if (err && n) { /* told at the next call, after the packets before it are used */
            zj_job_clear(job);
            err = ZJ_OK;
            break;
        }
        if (err || !is_ready)
            break;
        if (f->skip) { /* what of it lies in the buffer */
            const size_t have = f->len - f->at;
            const size_t drop = f->skip < have ? (size_t)f->skip : have;
            f->at += drop;
            f->skip -= drop;
        }
        n += is_packet;
    }
    *out_count = n;
    return err;
}

const struct zj_format zj_format_pcapng = {.name = "pcapng", .probe = probe, .batch = batch};
