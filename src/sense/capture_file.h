/* What the capture formats share: a buffer over a descriptor. A format reads records in place and
 * never copies a packet. */
#ifndef ZJ_SENSE_CAPTURE_FILE_H
#define ZJ_SENSE_CAPTURE_FILE_H

#include "sense/capture.h"

enum { ZJ_NG_INTERFACES_MAX = 65536, ZJ_FORMAT_MAGIC = 4 };

struct zj_file;

struct zj_format {
    const char *name;
    bool (*probe)(const uint8_t magic[ZJ_FORMAT_MAGIC]);
    /* Fills `out` with what lies whole in the buffer; refills only where it gave nothing yet. */
    zj_err (*batch)(struct zj_job *job, struct zj_file *f, struct zj_packet *out,
                    size_t *out_count);
};
extern const struct zj_format zj_format_pcap, zj_format_pcapng;

struct zj_pcap_state {
    bool is_swapped;
    uint32_t record_bytes; /* 16; 24 in the modified format of some old kernels */
    uint32_t fraction_ns;  /* of one unit of the second part of a time */
    uint32_t link;
};

struct zj_ng_interface {
    uint32_t link;
    uint32_t snap_bytes;
    uint8_t resolution; /* if_tsresol as it stands: 10^-n, or 2^-n with the high bit */
    int64_t offset_s;
};

struct zj_ng_state {
    bool is_swapped;
    struct zj_ng_interface *interfaces;
    uint32_t count, room;
};

struct zj_file {
    int fd;
    bool is_shared; /* fd and name are another's, and the place in the file is not moved */
    const char *name;
    const struct zj_format *format;
    uint8_t *buf;
    size_t at, len;    /* bytes not yet read: buf[at..len) */
    uint64_t mapped;   /* bytes of the file that `buf` maps; 0: it is read into `buf` */
    uint64_t dropped;  /* bytes of it whose pages were let go */
    size_t fetched;    /* the processor was asked for buf[..fetched) */
    bool is_slow;      /* the last window came from a disk */
    uint64_t cut_from; /* how long it was before it became shorter while it was read */
    uint64_t before;   /* bytes of the file before buf[0] */
    uint64_t skip;     /* bytes of a block nobody wants, to be thrown away */
    uint64_t packets;  /* given so far */
    bool is_at_end;    /* the descriptor gave its last byte */
    struct zj_packed *packed; /* the file is compressed; places are those of what is unpacked */
    struct zj_pcap_state pcap;
    struct zj_ng_state ng;
};

/* Makes at least `want` bytes stand at buf[at]; *out_has tells whether there were so many. Moves
 * what is left to the front: packets given before are no longer valid. */
zj_err zj_file_need(struct zj_job *job, struct zj_file *f, size_t want, bool *out_has);

/* capture_map.c: a file in place, as `zj_file_need` does it. Maps the file if that can be done. */
void zj_file_map(struct zj_file *f, uint64_t bytes);
void zj_file_unmap(struct zj_file *f);
/* The next window of the map; after the last one, or where there is none, all that follows is read.
 */
zj_err zj_file_map_more(struct zj_job *job, struct zj_file *f);
/* Leaves the map where the file is shorter than it was. To be asked, with no packet given since the
 * last batch, where a record is all zeros. */
zj_err zj_file_check_length(struct zj_job *job, struct zj_file *f);

/* capture_packed.c: what unpacks the file, where its first bytes say that it is packed; NULL: it is
 * not. Nothing of the file is unpacked before the first read. `find`: by what was read of a pipe, which
 * it then begins with. */
struct zj_packed *zj_packed_open(int fd);
struct zj_packed *zj_packed_find(int fd, struct zj_span start);
void zj_packed_begin_with(struct zj_packed *packed, struct zj_span read);
void zj_packed_free(struct zj_packed *packed); /* accepts NULL */
/* Up to `max` bytes of the capture; 0: its end. ZJ_EINPUT: the packed file is cut off or broken here. */
zj_err zj_packed_read(struct zj_job *job, struct zj_file *f, uint8_t *out, size_t max,
                      size_t *out_got);

/* A walk over records waits for memory at each of them, for where the next one stands is written in
 * it, and no processor guesses that: so what a batch will want is asked for before it begins. */
static inline void zj_file_look_ahead(struct zj_file *f)
{
    enum { LINE = 64, AHEAD = 12 * 1024 };
    if (!f->mapped)
        return;
    const uint8_t *at = f->buf + (f->fetched < f->at ? f->at : f->fetched);
    const uint8_t *end = f->buf + f->at + AHEAD;
    for (; at < end; at += LINE)
        __builtin_prefetch(at);
    f->fetched = (size_t)(at - f->buf);
}

/* Where the next byte stands in the file. */
static inline uint64_t zj_file_offset(const struct zj_file *f)
{
    return f->before + f->at;
}

/* ZJ_EINPUT with file, packet and offset before what is wrong. */
zj_err zj_file_broken(struct zj_job *job, const struct zj_file *f, const char *en, const char *zh,
                      uint64_t found, uint64_t limit);

static inline uint32_t zj_file_u32(const uint8_t *p, bool is_swapped)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return is_swapped ? __builtin_bswap32(v) : v;
}

static inline uint16_t zj_file_u16(const uint8_t *p, bool is_swapped)
{
    uint16_t v;
    memcpy(&v, p, sizeof v);
    return is_swapped ? __builtin_bswap16(v) : v;
}

/* Live capture, behind the same door. */
struct zj_ring;
zj_err zj_ring_open(struct zj_job *job, const char *interface, int member, int members,
                    struct zj_ring **out);
void zj_ring_close(struct zj_ring *ring);
zj_err zj_ring_batch(struct zj_job *job, struct zj_ring *ring, struct zj_packet *out,
                     size_t *out_count);
uint64_t zj_ring_drops(struct zj_ring *ring);
uint64_t zj_ring_link_downs(struct zj_ring *ring);

#endif
