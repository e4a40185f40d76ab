/* The fleet over real sockets of this machine: both ends, the vehicles and a platform that answers
 * them. The platform cuts frames by itself and believes all of them. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "fleet/encode.h"
#include "fleet/world.h"

enum { PEERS_MAX = 4096, PEER_BYTES_MAX = 1 << 17, POLL_MS = 200 };

static struct sockaddr_in ipv4(uint32_t ip, uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(ip)};
}

/* --- the vehicles' side --- */

void zj_live_open(struct zj_world *w, struct zj_conn *c)
{
    /* every client keeps an address of its own, moved into 127.0.0.0/8 */
    const struct sockaddr_in from = ipv4(ZJ_IP(127, 0, 0, 0) | (c->ip[0] & 0xffffff), 0);
    const struct sockaddr_in to = ipv4(w->live->ip, w->live->port);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd >= 0 && bind(c->fd, (const struct sockaddr *)&from, sizeof from) == 0 &&
        connect(c->fd, (const struct sockaddr *)&to, sizeof to) == 0)
        return;
    fprintf(stderr, "zhuji: fleet: %s\n", strerror(errno));
    zj_live_close(c);
}

void zj_live_send(struct zj_world *w, struct zj_conn *c, int dir, struct zj_span bytes)
{
    uint8_t answers[4096];
    (void)w;
    if (dir != 0 || c->fd < 0)
        return;
    while (recv(c->fd, answers, sizeof answers, MSG_DONTWAIT) > 0) /* so that it never fills */
        ;
    while (bytes.len) {
        const ssize_t sent = send(c->fd, bytes.at, bytes.len, MSG_NOSIGNAL);
        if (sent <= 0) {
            zj_live_close(c);
            return;
        }
        bytes = zj_span_part(bytes, (size_t)sent, bytes.len);
    }
}

void zj_live_close(struct zj_conn *c)
{
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
}

bool zj_live_wait(struct zj_world *w, int64_t until_ns)
{
    enum { STEP_NS = 100000000 };
    for (;;) {
        const int64_t left = until_ns - zj_now_ns(w->job);
        if (zj_is_interrupted(w->job))
            return false;
        if (left <= 0)
            return true;
        const struct timespec nap = {0, left < STEP_NS ? (long)left : STEP_NS};
        nanosleep(&nap, NULL);
    }
}

/* --- the platform's side --- */

struct peer {
    int fd;
    struct zj_buf in;
    uint16_t serial;
};

struct platform {
    struct zj_job *job;
    struct pollfd polls[PEERS_MAX + 1]; /* the last is the listener */
    struct peer peers[PEERS_MAX];
    size_t count;
    uint64_t connections, frames, noise;
};

static void answer_with(struct peer *p, struct zj_buf *out)
{
    /* an answer that does not fit into the socket is lost, as on a bad line */
    (void)!send(p->fd, out->at, out->len, MSG_NOSIGNAL | MSG_DONTWAIT);
    zj_buf_release(out);
}

static void answer_gb32960(struct platform *s, struct peer *p, struct zj_span frame)
{
    enum { COMMAND = 0xfe, OK = 1, HEARTBEAT = 7 };
    char text[ZJ_TIME_TEXT];
    int v[6];
    struct zj_buf out = {0};
    if (frame.at[3] != COMMAND)
        return;
    zj_time_format(zj_now_ns(s->job), text);
    if (sscanf(text, "%d-%d-%dT%d:%d:%d", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5]) != 6)
        return;
    zj_buf_span(&out, zj_span_part(frame, 0, 22));
    out.at[3] = OK;
    zj_put16(&out, frame.at[2] == HEARTBEAT ? 0 : 6);
    for (int i = 0; frame.at[2] != HEARTBEAT && i < 6; i++)
        zj_put8(&out, (uint32_t)(i ? v[i] : v[i] - 2000));
    zj_put8(&out, zj_xor8(zj_span_part(zj_buf_all(&out), 2, out.len)));
    answer_with(p, &out);
}

static void put_marked(struct zj_buf *out, struct zj_buf *plain)
{
    zj_put8(plain, zj_xor8(zj_buf_all(plain)));
    zj_put8(out, 0x7e);
    for (size_t i = 0; i < plain->len; i++) {
        const uint8_t c = plain->at[i];
        if (c == 0x7e || c == 0x7d)
            zj_put8(out, 0x7d);
        zj_put8(out, c == 0x7e ? 2 : c == 0x7d ? 1 : c);
    }
    zj_put8(out, 0x7e);
    zj_buf_release(plain);
}

/* 8100 with a code to a registration, 8001 to everything else. */
static void answer_jt808(struct peer *p, struct zj_span frame)
{
    enum { IS_2019 = 0x40, REGISTER = 0x0100, ACK = 0x0001 };
    struct zj_buf in = {0}, plain = {0}, out = {0};
    for (size_t i = 1; i + 1 < frame.len; i++) {
        const bool is_escape = frame.at[i] == 0x7d;
        zj_put8(&in, !is_escape ? frame.at[i] : frame.at[i + 1] == 2 ? 0x7e : 0x7d);
        i += is_escape;
    }
    const size_t head = in.len > 2 && (in.at[2] & IS_2019) ? 15 : 10; /* up to the serial */
    const uint32_t id = in.len > head + 2 ? zj_load_be16(in.at) : ACK;
    if (id != ACK && !(id & 0x8000)) {
        const bool is_register = id == REGISTER;
        const uint32_t body = is_register ? 11 : 5;
        zj_put16(&plain, is_register ? 0x8100 : 0x8001);
        zj_put16(&plain, body | (head == 15 ? 1u << 14 : 0));
        zj_buf_span(&plain, zj_span_of(in.at + 4, head - 4));
        zj_put16(&plain, p->serial++);
        zj_buf_span(&plain, zj_span_of(in.at + head, 2));
        if (is_register) {
            zj_put8(&plain, 0);
            zj_buf_str(&plain, "AC000001");
        } else {
            zj_put16(&plain, id);
            zj_put8(&plain, 0);
        }
        put_marked(&out, &plain);
        answer_with(p, &out);
    }
    zj_buf_release(&in);
}

static void answer_mqtt(struct peer *p, struct zj_span frame, size_t head)
{
    enum { CONNECT = 1, SUBSCRIBE = 8, PING = 12 };
    struct zj_buf out = {0};
    const unsigned type = frame.at[0] >> 4;
    if (type == CONNECT) {
        zj_buf_span(&out, ZJ_SPAN_LIT("\x20\x02\x00\x00"));
    } else if (type == SUBSCRIBE && frame.len >= head + 2) {
        zj_buf_span(&out, ZJ_SPAN_LIT("\x90\x03"));
        zj_buf_span(&out, zj_span_of(frame.at + head, 2));
        zj_put8(&out, 0);
    } else if (type == PING) {
        zj_buf_span(&out, ZJ_SPAN_LIT("\xd0\x00"));
    }
    if (out.len)
        answer_with(p, &out);
}

/* TLS records pass unanswered, a request of HTTP is answered once. */
static size_t take_other(struct peer *p, struct zj_span in)
{
    struct zj_buf out = {0};
    if (in.at[0] >= 20 && in.at[0] <= 23 && in.at[1] == 3) {
        const size_t len = in.len < 5 ? SIZE_MAX : 5 + (size_t)zj_load_be16(in.at + 3);
        return in.len < len ? 0 : len;
    }
    if (zj_span_starts(in, ZJ_SPAN_LIT("POST "))) {
        zj_buf_str(&out, "HTTP/1.1 204 No Content\r\n\r\n");
        answer_with(p, &out);
        return in.len;
    }
    return 0;
}

/* Bytes of the frame at the start of `in`, answered; 0: not whole yet, or nothing known. */
static size_t take_frame(struct platform *s, struct peer *p, struct zj_span in)
{
    if (in.len < 2)
        return 0;
    if ((in.at[0] == '#' || in.at[0] == '$') && in.at[1] == in.at[0]) {
        const size_t len = in.len < 25 ? SIZE_MAX : 25 + (size_t)zj_load_be16(in.at + 22);
        if (in.len < len)
            return 0;
        answer_gb32960(s, p, zj_span_of(in.at, len));
        return len;
    }
    if (in.at[0] == 0x7e) {
        const uint8_t *end = memchr(in.at + 1, 0x7e, in.len - 1);
        if (!end)
            return 0;
        const size_t len = (size_t)(end - in.at) + 1;
        if (len == 2)
            return 1; /* two marks together: the second opens a frame */
        answer_jt808(p, zj_span_of(in.at, len));
        return len;
    }
    if (in.at[0] == 'P' || (in.at[0] >= 20 && in.at[0] <= 23))
        return take_other(p, in);
    size_t left = 0, head = 1;
    do {
        if (head >= in.len || head > 4)
            return 0;
        left |= (size_t)(in.at[head] & 0x7f) << 7 * (head - 1);
    } while (in.at[head++] & 0x80);
    if (in.len < head + left)
        return 0;
    answer_mqtt(p, zj_span_of(in.at, head + left), head);
    return head + left;
}

static void drop_peer(struct platform *s, size_t i)
{
    close(s->peers[i].fd);
    zj_buf_release(&s->peers[i].in);
    s->count--;
    s->peers[i] = s->peers[s->count];
    s->polls[i] = s->polls[s->count];
    s->peers[s->count] = (struct peer){0};
}

/* False once the peer is gone or says nothing that can be understood. */
static bool serve_peer(struct platform *s, struct peer *p)
{
    zj_buf_reserve(&p->in, 4096);
    const ssize_t got = recv(p->fd, p->in.at + p->in.len, 4096, MSG_DONTWAIT);
    if (got <= 0)
        return got < 0 && (errno == EAGAIN || errno == EINTR);
    p->in.len += (size_t)got;
    size_t used = 0, len;
    while ((len = take_frame(s, p, zj_span_part(zj_buf_all(&p->in), used, p->in.len))) > 0) {
        used += len;
        s->frames += len > 1;
    }
    memmove(p->in.at, p->in.at + used, p->in.len - used);
    p->in.len -= used;
    if (p->in.len <= PEER_BYTES_MAX)
        return true;
    s->noise++;
    return false;
}

static void accept_peer(struct platform *s, int listener)
{
    const int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    s->connections++;
    if (s->count == PEERS_MAX) {
        close(fd);
        return;
    }
    s->peers[s->count] = (struct peer){.fd = fd};
    s->polls[s->count++] = (struct pollfd){.fd = fd, .events = POLLIN};
}

static int listen_on(uint16_t port)
{
    const struct sockaddr_in at = ipv4(INADDR_LOOPBACK, port);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
        bind(fd, (const struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 512) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

zj_err zj_fleet_serve(struct zj_job *job, uint16_t port, int64_t seconds)
{
    const int listener = listen_on(port);
    if (listener < 0)
        return zj_fail(job, ZJ_EIO, "127.0.0.1:%u: %s", port, zj_strerror(job, errno));
    const int64_t end_ns = seconds ? zj_now_ns(job) + seconds * ZJ_NS_PER_S : INT64_MAX;
    struct platform *s = zj_alloc(sizeof *s);
    s->job = job;
    while (!zj_is_interrupted(job) && zj_now_ns(job) < end_ns) {
        s->polls[s->count] = (struct pollfd){.fd = listener, .events = POLLIN};
        const size_t was = s->count;
        if (poll(s->polls, was + 1, POLL_MS) <= 0)
            continue;
        const bool is_knocking = s->polls[was].revents;
        for (size_t i = was; i-- > 0;) /* from the end: a dropped peer is replaced by a later one */
            if (s->polls[i].revents && !serve_peer(s, &s->peers[i]))
                drop_peer(s, i);
        if (is_knocking)
            accept_peer(s, listener);
    }
    fprintf(job->out, "{\"connections\":%llu,\"frames\":%llu,\"unreadable\":%llu}\n",
            (unsigned long long)s->connections, (unsigned long long)s->frames,
            (unsigned long long)s->noise);
    while (s->count)
        drop_peer(s, s->count - 1);
    close(listener);
    free(s);
    return ZJ_OK;
}
