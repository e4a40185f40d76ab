/* Live capture on Linux: AF_PACKET with a ring of version 3. The kernel fills blocks and hands each
 * over whole, so a packet costs no system call and no copy. Several workers join one group and the
 * kernel spreads flows over them, both directions to the same one. */
#include "sense/capture_file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    BLOCK_BYTES = 1024 * 1024,
    BLOCK_COUNT = 64,
    RETIRE_MS = 10, /* a block that is not full is handed over after this */
    WAIT_MS = 100,
};

struct zj_ring {
    int fd;
    uint8_t *map;
    uint32_t block; /* at hand, or the next */
    uint32_t left;  /* packets of it not given yet */
    const struct tpacket3_hdr *next;
    bool is_held; /* the block at hand is ours until the next call */
    bool is_loopback;
    bool is_down; /* the link was, and nothing came since */
    uint32_t link;
    uint64_t packets, link_downs;
};

static struct tpacket_block_desc *block_of(const struct zj_ring *r)
{
    return (struct tpacket_block_desc *)(r->map + (size_t)r->block * BLOCK_BYTES);
}

/* The kind of the interface as a link type; fails where there is none such. */
static zj_err set_link(struct zj_job *job, struct zj_ring *r, const char *interface)
{
    struct ifreq request = {0};
    const size_t len = strlen(interface);
    if (len >= sizeof request.ifr_name)
        return zj_fail(job, ZJ_EINPUT, "%s: %s", interface, zj_strerror(job, ENODEV));
    memcpy(request.ifr_name, interface, len);
    if (ioctl(r->fd, SIOCGIFHWADDR, &request) != 0)
        return zj_fail(job, ZJ_EINPUT, "%s: %s", interface, zj_strerror(job, errno));
    switch (request.ifr_hwaddr.sa_family) {
    case ARPHRD_ETHER:
        r->link = ZJ_LINK_ETHERNET;
        return ZJ_OK;
    case ARPHRD_LOOPBACK:
        r->link = ZJ_LINK_ETHERNET;
        r->is_loopback = true;
        return ZJ_OK;
    case ARPHRD_NONE:
    case ARPHRD_PPP:
    case ARPHRD_TUNNEL:
    case ARPHRD_TUNNEL6:
        r->link = ZJ_LINK_RAW;
        return ZJ_OK;
    default:
        return zj_fail(job, ZJ_EINPUT,
                       zj_tr(job, "%s: interface of an unknown kind (%u)", "%s：未知类型的接口（%u）"),
                       interface, request.ifr_hwaddr.sa_family);
    }
}

static zj_err set_up(struct zj_job *job, struct zj_ring *r, const char *interface, int member,
                     int members)
{
    const struct tpacket_req3 ring = {.tp_block_size = BLOCK_BYTES,
                                      .tp_block_nr = BLOCK_COUNT,
                                      .tp_frame_size = 2048,
                                      .tp_frame_nr = BLOCK_BYTES / 2048 * BLOCK_COUNT,
                                      .tp_retire_blk_tov = RETIRE_MS};
    const int version = TPACKET_V3;
    struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    struct packet_mreq promiscuous = {.mr_type = PACKET_MR_PROMISC};
    zj_err err = set_link(job, r, interface);
    if (err)
        return err;
    at.sll_ifindex = promiscuous.mr_ifindex = (int)if_nametoindex(interface);
    if (setsockopt(r->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) != 0 ||
        setsockopt(r->fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof ring) != 0)
        return zj_fail(job, ZJ_EIO, "%s: TPACKET_V3: %s", interface, zj_strerror(job, errno));
    r->map = mmap(NULL, (size_t)BLOCK_BYTES * BLOCK_COUNT, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, 0);
    if (r->map == MAP_FAILED) {
        r->map = NULL;
        return zj_fail(job, ZJ_EIO, "%s: ring: %s", interface, zj_strerror(job, errno));
    }
    if (bind(r->fd, (struct sockaddr *)&at, sizeof at) != 0)
        return zj_fail(job, ZJ_EIO, "%s: bind: %s", interface, zj_strerror(job, errno));
    if (setsockopt(r->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promiscuous, sizeof promiscuous) != 0)
        return zj_fail(job, ZJ_EIO, "%s: promiscuous: %s", interface, zj_strerror(job, errno));
    if (members > 1) {
        const uint32_t group = ((uint32_t)getpid() & 0xffff) |
                               (uint32_t)(PACKET_FANOUT_HASH | PACKET_FANOUT_FLAG_DEFRAG) << 16;
        if (setsockopt(r->fd, SOL_PACKET, PACKET_FANOUT, &group, sizeof group) != 0)
            return zj_fail(job, ZJ_EIO, "%s: fanout %d/%d: %s", interface, member, members,
                           zj_strerror(job, errno));
    }
    return ZJ_OK;
}

zj_err zj_ring_open(struct zj_job *job, const char *interface, int member, int members,
                    struct zj_ring **out)
{
    struct zj_ring *r = zj_alloc(sizeof *r);
    r->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0); /* protocol 0: nothing before bind */
    if (r->fd < 0) {
        zj_err err = zj_fail(job, ZJ_EIO,
                             zj_tr(job, "%s: %s (capture needs root or CAP_NET_RAW)",
                                   "%s：%s（抓包需要 root 或 CAP_NET_RAW）"),
                             interface, zj_strerror(job, errno));
        free(r);
        return err;
    }
    zj_err err = set_up(job, r, interface, member, members);
    if (err) {
        zj_ring_close(r);
        return err;
    }
    *out = r;
    return ZJ_OK;
}

void zj_ring_close(struct zj_ring *r)
{
    if (r->map)
        munmap(r->map, (size_t)BLOCK_BYTES * BLOCK_COUNT);
    close(r->fd);
    free(r);
}

static void give_back(struct zj_ring *r)
{
    struct tpacket_block_desc *block = block_of(r);
    __atomic_store_n(&block->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    r->block = (r->block + 1) % BLOCK_COUNT;
    r->is_held = false;
}

/* A link that goes down comes back by itself; an interface that was taken away does not, and the
 * kernel has forgotten its number. */
static bool is_gone(const struct zj_ring *r)
{
    struct sockaddr_ll at = {0};
    socklen_t size = sizeof at;
    return getsockname(r->fd, (struct sockaddr *)&at, &size) != 0 || at.sll_ifindex <= 0;
}

/* Waits for a block; none after WAIT_MS is no failure. */
static zj_err take_block(struct zj_job *job, struct zj_ring *r)
{
    struct tpacket_block_desc *block = block_of(r);
    for (int tries = 0; tries < 2; tries++) {
        if (__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) {
            r->is_held = true;
            r->is_down = false;
            r->left = block->hdr.bh1.num_pkts;
            r->next = (const struct tpacket3_hdr *)((const uint8_t *)block +
                                                    block->hdr.bh1.offset_to_first_pkt);
            return ZJ_OK;
        }
        struct pollfd ready = {.fd = r->fd, .events = POLLIN | POLLERR};
        if (tries == 0 && poll(&ready, 1, WAIT_MS) > 0 && ready.revents & (POLLERR | POLLHUP)) {
            int reason = 0;
            socklen_t size = sizeof reason;
            getsockopt(r->fd, SOL_SOCKET, SO_ERROR, &reason, &size);
            if (reason && reason != ENETDOWN)
                return zj_fail(job, ZJ_EIO, "capture: %s", zj_strerror(job, reason));
            r->link_downs += reason != 0;
            r->is_down |= reason != 0;
        }
    }
    if (r->is_down && is_gone(r))
        return zj_fail(job, ZJ_EIO, "capture: %s", zj_strerror(job, ENODEV));
    return ZJ_OK;
}

zj_err zj_ring_batch(struct zj_job *job, struct zj_ring *r, struct zj_packet *out, size_t *out_count)
{
    if (r->is_held && r->left == 0)
        give_back(r);
    if (!r->is_held) {
        zj_err err = take_block(job, r);
        if (err || !r->is_held)
            return err;
    }
    size_t n = 0;
    while (n < ZJ_BATCH && r->left) {
        const struct tpacket3_hdr *h = r->next;
        const struct sockaddr_ll *from =
            (const void *)((const uint8_t *)h + (sizeof *h + 15) / 16 * 16);
        r->left--;
        r->next = (const struct tpacket3_hdr *)((const uint8_t *)h + h->tp_next_offset);
        if (r->is_loopback && from->sll_pkttype == PACKET_OUTGOING) /* it comes in as well */
            continue;
        out[n++] = (struct zj_packet){.at = (const uint8_t *)h + h->tp_mac,
                                      .len = h->tp_snaplen,
                                      .wire_len = h->tp_len,
                                      .time_ns = (int64_t)h->tp_sec * 1000000000 + h->tp_nsec,
                                      .number = ++r->packets,
                                      .link = r->link};
    }
    *out_count = n;
    return ZJ_OK;
}

uint64_t zj_ring_drops(struct zj_ring *r)
{
    struct tpacket_stats_v3 stats = {0};
    socklen_t size = sizeof stats;
    if (getsockopt(r->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) != 0)
        return 0;
    return stats.tp_drops; /* the kernel starts again at 0 with each call */
}

uint64_t zj_ring_link_downs(struct zj_ring *r)
{
    const uint64_t count = r->link_downs;
    r->link_downs = 0;
    return count;
}
