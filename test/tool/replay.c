/* Sends a capture out of an interface: replay FILE.pcap IFACE PACKETS_PER_SECOND [ROUNDS]. Prints
 * how many packets went out and in how many microseconds. Each further round has other addresses, so
 * that its flows are new ones; checksums then are wrong, and the sensor does not look at them. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 32, FILE_HEAD = 24, PACKET_HEAD = 16 };

struct replay {
    int fd;
    uint8_t *at; /* the file, a private copy */
    size_t len;
    uint64_t rate, sent;
    int64_t start_ns;
};

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "replay: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* Until packet number `sent` is due. Short waits are spent turning: a sleep is longer than them. */
static void pace(const struct replay *r)
{
    const int64_t due_ns =
        r->start_ns + (int64_t)(r->sent / r->rate) * 1000000000 +
        (int64_t)(r->sent % r->rate * 1000000000 / r->rate);
    for (int64_t left_ns; (left_ns = due_ns - now_ns()) > 0;)
        if (left_ns > 200000)
            nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
}

static void send_all(struct replay *r, struct mmsghdr *msgs, unsigned count)
{
    unsigned at = 0;
    pace(r);
    while (at < count) {
        const int n = sendmmsg(r->fd, msgs + at, count - at, 0);
        if (n < 0 && errno != ENOBUFS && errno != EINTR && errno != EAGAIN)
            die("send");
        at += n > 0 ? (unsigned)n : 0;
    }
    r->sent += count;
}

static uint32_t number_at(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value; /* our own captures, written on this machine */
}

static void send_round(struct replay *r)
{
    struct mmsghdr msgs[BATCH];
    struct iovec parts[BATCH];
    unsigned count = 0;
    for (size_t at = FILE_HEAD; at + PACKET_HEAD <= r->len;) {
        const uint32_t len = number_at(r->at + at + 8);
        at += PACKET_HEAD;
        if (len > r->len - at)
            break;
        parts[count] = (struct iovec){r->at + at, len};
        msgs[count] = (struct mmsghdr){.msg_hdr = {.msg_iov = &parts[count], .msg_iovlen = 1}};
        at += len;
        if (++count == BATCH) {
            send_all(r, msgs, count);
            count = 0;
        }
    }
    if (count)
        send_all(r, msgs, count);
}

/* Another second byte in every IPv4 address. */
static void renumber(struct replay *r)
{
    enum { ETHER = 14, SOURCE = ETHER + 12, DESTINATION = ETHER + 16, IPV4_END = ETHER + 20 };
    for (size_t at = FILE_HEAD; at + PACKET_HEAD <= r->len;) {
        const uint32_t len = number_at(r->at + at + 8);
        uint8_t *frame = r->at + at + PACKET_HEAD;
        at += PACKET_HEAD + len;
        if (at > r->len || len < IPV4_END || frame[12] != 8 || frame[13] != 0)
            continue;
        frame[SOURCE + 1]++;
        frame[DESTINATION + 1]++;
    }
}

static void load(struct replay *r, const char *path)
{
    struct stat st;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0)
        die(path);
    r->len = (size_t)st.st_size;
    r->at = mmap(NULL, r->len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (r->at == MAP_FAILED)
        die(path);
    close(fd);
}

int main(int argc, char **argv)
{
    struct replay r = {.fd = -1};
    struct sockaddr_ll to = {.sll_family = AF_PACKET};
    const int on = 1;
    if (argc != 4 && argc != 5) {
        fprintf(stderr, "usage: replay FILE.pcap IFACE PACKETS_PER_SECOND [ROUNDS]\n");
        return 2;
    }
    load(&r, argv[1]);
    r.rate = strtoull(argv[3], NULL, 10);
    r.fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0); /* hears nothing */
    to.sll_ifindex = (int)if_nametoindex(argv[2]);
    if (r.fd < 0 || !to.sll_ifindex || bind(r.fd, (struct sockaddr *)&to, sizeof to) != 0)
        die(argv[2]);
    (void)setsockopt(r.fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on); /* a wish: faster */
    r.start_ns = now_ns();
    for (long round = argc == 5 ? strtol(argv[4], NULL, 10) : 1; round > 0; round--) {
        send_round(&r);
        renumber(&r);
    }
    printf("%" PRIu64 " %" PRId64 "\n", r.sent, (now_ns() - r.start_ns) / 1000);
    return 0;
}
