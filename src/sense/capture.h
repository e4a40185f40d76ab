/* Where packets come from: capture files read by an own streaming reader, or an interface. Inside
 * the sensor; not for other rooms. */
#ifndef ZJ_SENSE_CAPTURE_H
#define ZJ_SENSE_CAPTURE_H

#include "base/job.h"
#include "base/span.h"

enum {
    ZJ_BATCH = 32,                    /* packets handed over at once: what is worth a prefetch */
    ZJ_CAPTURE_BUFFER = 1024 * 1024,  /* of which no more is used than the packets' size wants */
    ZJ_PACKET_BYTES_MAX = 512 * 1024, /* a longer one is a broken length */
};

/* Numbers of link types as pcap files have them. */
enum zj_link {
    ZJ_LINK_NULL = 0,
    ZJ_LINK_ETHERNET = 1,
    ZJ_LINK_PPP = 9,
    ZJ_LINK_RAW_BSD = 12, /* of some systems */
    ZJ_LINK_RAW_OPENBSD = 14,
    ZJ_LINK_RAW = 101,
    ZJ_LINK_LOOP = 108,
    ZJ_LINK_SLL = 113,
    ZJ_LINK_IPV4 = 228,
    ZJ_LINK_IPV6 = 229,
    ZJ_LINK_SLL2 = 276,
};

struct zj_packet {
    const uint8_t *at; /* in the reader's buffer, until the next batch */
    uint32_t len;      /* captured */
    uint32_t wire_len;
    int64_t time_ns;
    uint64_t number; /* in its capture, from 1 */
    uint32_t link;
};

struct zj_capture;

/* A file, or "-" for standard input. Reads nothing yet, so the caller may give up rights first. */
zj_err zj_capture_open_file(struct zj_job *job, const char *path, struct zj_capture **out);
/* An open descriptor, which the capture closes. */
struct zj_capture *zj_capture_of_fd(int fd, const char *name);
/* An interface; `member` of `members` that share its packets by address. */
zj_err zj_capture_open_live(struct zj_job *job, const char *interface, int member, int members,
                            struct zj_capture **out);
/* The same file once more from its start, for another thread; NULL: it can be read only once. It goes
 * before `cap` does. */
struct zj_capture *zj_capture_share(const struct zj_capture *cap);
void zj_capture_close(struct zj_capture *cap); /* accepts NULL */

/* The next packets, at most ZJ_BATCH. None: the end of a file; live, nothing came for a while.
 * ZJ_EINPUT: the file is broken or cut off here; packets before that were given already. */
zj_err zj_capture_batch(struct zj_job *job, struct zj_capture *cap, struct zj_packet *out,
                        size_t *out_count);

/* Where the file lies, from the root on, so that evidence names it whoever asks, and from where; an
 * interface, or "stdin". */
/* Of a run: "/data/a.pcap + /data/b.pcap", and of many how many more there were. */
const char *zj_captures_name(struct zj_job *job, struct zj_capture **caps, size_t count);
const char *zj_capture_name(const struct zj_capture *cap);
const char *zj_capture_typed(const struct zj_capture *cap); /* as it was given */
bool zj_capture_is_paced(const struct zj_capture *cap); /* live, or a pipe: its time is ours */
uint64_t zj_capture_bytes_read(const struct zj_capture *cap);
uint64_t zj_capture_bytes_total(const struct zj_capture *cap); /* 0: not known */
/* Packets the kernel dropped since the last call; 0 for a file. */
uint64_t zj_capture_kernel_drops(struct zj_capture *cap);
/* How often the link went down since the last call; 0 for a file. */
uint64_t zj_capture_link_downs(struct zj_capture *cap);

#endif
