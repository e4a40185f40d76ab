/* Messages to receivers on this machine: a webhook that fails before it answers, a mail server. The
 * HMAC vectors are RFC 4231, cases 1, 2 and 6. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/send.h"
#include "unit/plan_world.h"

#define SECRET "0123456789abcdef"

struct receiver {
    int listener;
    unsigned port;
    pthread_t thread;
    bool is_mail;
    int status; /* of the HTTP answer */
    char got[65536];
    size_t len;
};

static void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

static bool hear(struct receiver *r, int fd, const char *until)
{
    const size_t from = r->len;
    while (!strstr(r->got + from, until)) {
        const ssize_t n = recv(fd, r->got + r->len, sizeof r->got - r->len - 1, 0);
        if (n <= 0)
            return false;
        r->len += (size_t)n;
        r->got[r->len] = '\0';
    }
    return true;
}

static void answer_http(struct receiver *r, int fd)
{
    char text[128];
    hear(r, fd, "]}"); /* the end of the body */
    snprintf(text, sizeof text, "HTTP/1.1 %d X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
             r->status);
    say(fd, text);
}

static void answer_mail(struct receiver *r, int fd)
{
    say(fd, "220 test\r\n");
    while (hear(r, fd, "\r\n")) {
        const char *last = r->got + r->len - 2;
        while (last > r->got && last[-1] != '\n')
            last--;
        if (strncmp(last, "DATA", 4) == 0) {
            say(fd, "354 go on\r\n");
            hear(r, fd, "\r\n.\r\n");
            say(fd, "250 taken\r\n");
        } else if (strncmp(last, "QUIT", 4) == 0) {
            say(fd, "221 bye\r\n");
            return;
        } else {
            say(fd, "250 well\r\n");
        }
    }
}

static void *receive(void *arg)
{
    struct receiver *r = arg;
    const int fd = accept(r->listener, NULL, NULL);
    if (fd < 0)
        return NULL;
    if (r->is_mail)
        answer_mail(r, fd);
    else
        answer_http(r, fd);
    close(fd);
    return NULL;
}

static void open_receiver(struct receiver *r)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof at;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    r->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(r->listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(r->listener, 4), 0);
    assert_int_equal(getsockname(r->listener, (struct sockaddr *)&at, &len), 0);
    r->port = ntohs(at.sin_port);
    r->len = 0;
    assert_int_equal(pthread_create(&r->thread, NULL, receive, r), 0);
}

static void close_receiver(struct receiver *r)
{
    pthread_join(r->thread, NULL);
    close(r->listener);
}

static void expect_outbox(struct world *w, const char *state, int tries, const char *receipt)
{
    ZJ_AUTO(zj_stmt_releasep) struct zj_stmt *s = NULL;
    bool is_row;
    OK(w, zj_store_prepare(&w->job, w->store,
                           "SELECT state, tries, receipt FROM outbox ORDER BY id DESC", &s));
    OK(w, zj_stmt_step(&w->job, s, &is_row));
    assert_true(is_row);
    assert_true(zj_span_eq_str(zj_stmt_text(s, 0), state));
    assert_int_equal(zj_stmt_int(s, 1), tries);
    if (receipt)
        assert_true(zj_span_eq_str(zj_stmt_text(s, 2), receipt));
}

static void remind(struct world *w)
{
    set_clock(w, "2026-11-23T10:00:00+08:00");
    put(w, "findings code=F|assessment=A|system=S|due_on=2026-11-30");
    OK(w, zj_plan_evaluate(&w->job, w->plan, w->store, false));
}

static void check_signature(struct receiver *r)
{
    uint8_t mac[ZJ_SHA256_BYTES];
    char stamp[32], signature[80], text[8192];
    ZJ_AUTO(zj_buf_release) struct zj_buf hex = {0};
    const char *body = strstr(r->got, "\r\n\r\n") + 4;
    assert_int_equal(sscanf(strstr(r->got, "X-Zhuji-Timestamp: "), "%*s %31s", stamp), 1);
    assert_int_equal(
        sscanf(strstr(r->got, "X-Zhuji-Signature: "), "%*s sha256=%79s", signature), 1);
    snprintf(text, sizeof text, "%s.%s", stamp, body);
    zj_hmac_sha256(ZJ_SPAN_LIT(SECRET), zj_span_str(text), mac);
    zj_buf_hex(&hex, zj_span_of(mac, sizeof mac));
    assert_string_equal(zj_buf_cstr(&hex), signature);
}

static void a_webhook_is_tried_again(void **state)
{
    struct world *w = *state;
    struct receiver *r = zj_alloc(sizeof *r);
    int64_t sent = 0, id = 0;
    enter(w, "tsp");
    r->status = 500;
    open_receiver(r);
    const struct zj_channel channel = {
        w->org_id, "webhook", zj_arena_printf(&w->job.arena, "http://127.0.0.1:%u/hook", r->port),
        SECRET};
    OK(w, zj_channel_add(&w->job, w->store, &channel, &id));
    remind(w);
    OK(w, zj_outbox_fill(&w->job, w->store, NULL));
    OK(w, zj_outbox_fill(&w->job, w->store, NULL)); /* nothing is said twice */
    OK(w, zj_outbox_send(&w->job, w->store, &sent));
    close_receiver(r);
    assert_int_equal(sent, 0);
    expect_outbox(w, "waiting", 1, "500");
    assert_non_null(strstr(r->got, "POST /hook HTTP/1.1\r\n"));
    assert_non_null(strstr(r->got, "\"rule\":\"T5.findings\""));
    assert_null(strstr(r->got, SECRET));
    check_signature(r);

    w->job.fixed_now_ns += 59 * ZJ_NS_PER_S; /* not yet a minute */
    OK(w, zj_outbox_send(&w->job, w->store, &sent));
    expect_outbox(w, "waiting", 1, "500");
    w->job.fixed_now_ns += 2 * ZJ_NS_PER_S; /* nobody listens now */
    OK(w, zj_outbox_send(&w->job, w->store, &sent));
    expect_outbox(w, "waiting", 2, NULL);
    for (int i = 2; i < 12; i++) {
        w->job.fixed_now_ns += INT64_C(5) * 3600 * ZJ_NS_PER_S;
        OK(w, zj_outbox_send(&w->job, w->store, &sent));
    }
    expect_outbox(w, "failed", 12, NULL);
    free(r);
}

static void a_webhook_answers(void **state)
{
    struct world *w = *state;
    struct receiver *r = zj_alloc(sizeof *r);
    int64_t sent = 0, id = 0, rows = 0;
    enter(w, "tsp");
    r->status = 204;
    open_receiver(r);
    const struct zj_channel channel = {
        w->org_id, "webhook", zj_arena_printf(&w->job.arena, "http://127.0.0.1:%u/", r->port),
        SECRET};
    OK(w, zj_channel_add(&w->job, w->store, &channel, &id));
    remind(w);
    OK(w, zj_outbox_fill(&w->job, w->store, NULL));
    OK(w, zj_outbox_send(&w->job, w->store, &sent));
    close_receiver(r);
    assert_int_equal(sent, 1);
    expect_outbox(w, "sent", 1, "204");
    OK(w, zj_outbox_send(&w->job, w->store, &sent)); /* sent is sent */
    OK(w, zj_store_query_int(&w->job, w->store, "SELECT COUNT(*) FROM outbox", 0, &rows));
    assert_int_equal(rows, 1);
    const struct zj_scope other = {.org_id = w->org_id + 1};
    assert_int_equal(zj_channel_remove(&w->job, w->store, &other, id), ZJ_ENOTFOUND);
    free(r);
}

static void a_mail_goes_out(void **state)
{
    struct world *w = *state;
    struct receiver *r = zj_alloc(sizeof *r);
    int64_t sent = 0, id = 0;
    enter(w, "tsp");
    r->is_mail = true;
    open_receiver(r);
    const struct zj_channel channel = {w->org_id, "mail", "liaison@example.com", NULL};
    OK(w, zj_channel_add(&w->job, w->store, &channel, &id));
    OK(w, zj_mail_server_set(&w->job, w->store,
                             zj_arena_printf(&w->job.arena, "smtp://127.0.0.1:%u", r->port), NULL,
                             NULL, "zhuji@example.com"));
    remind(w);
    OK(w, zj_outbox_fill(&w->job, w->store, NULL));
    OK(w, zj_outbox_send(&w->job, w->store, &sent));
    close_receiver(r);
    assert_int_equal(sent, 1);
    assert_non_null(strstr(r->got, "MAIL FROM:<zhuji@example.com>"));
    assert_non_null(strstr(r->got, "RCPT TO:<liaison@example.com>"));
    assert_non_null(strstr(r->got, "Date: 23 Nov 2026 10:00:00 +0800\r\n"));
    assert_non_null(strstr(r->got, "Subject: =?UTF-8?B?"));
    free(r);
}

static void addresses_are_checked(void **state)
{
    (void)state;
    assert_true(zj_send_url_is_good("https://example.com/hook"));
    assert_true(zj_send_url_is_good("http://[::1]:8080/"));
    assert_false(zj_send_url_is_good("http://example.com/"));
    assert_false(zj_send_url_is_good("http://127.0.0.1.example.com/"));
    assert_false(zj_send_url_is_good("http://localhost@example.com/"));
    assert_false(zj_send_url_is_good("file:///etc/passwd"));
    assert_false(zj_send_url_is_good("https://example.com/ x"));
    assert_true(zj_send_address_is_good("a.b@example.com"));
    assert_false(zj_send_address_is_good("a@b@example.com"));
    assert_false(zj_send_address_is_good("a@example.com\r\nRCPT TO:<x@y>"));
    assert_false(zj_send_address_is_good("<a@example.com>"));
    assert_true(zj_send_mail_url_is_good("smtps://mail.example.com:465"));
    assert_false(zj_send_mail_url_is_good("https://mail.example.com"));
}

static void hmac_vectors(void **state)
{
    (void)state;
    uint8_t key[131], mac[32];
    ZJ_AUTO(zj_buf_release) struct zj_buf hex = {0};
    memset(key, 0x0b, 20);
    zj_hmac_sha256(zj_span_of(key, 20), ZJ_SPAN_LIT("Hi There"), mac);
    zj_buf_hex(&hex, zj_span_of(mac, 32));
    assert_string_equal(zj_buf_cstr(&hex),
                        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    hex.len = 0;
    zj_hmac_sha256(ZJ_SPAN_LIT("Jefe"), ZJ_SPAN_LIT("what do ya want for nothing?"), mac);
    zj_buf_hex(&hex, zj_span_of(mac, 32));
    assert_string_equal(zj_buf_cstr(&hex),
                        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    hex.len = 0;
    memset(key, 0xaa, sizeof key);
    zj_hmac_sha256(zj_span_of(key, sizeof key),
                   ZJ_SPAN_LIT("Test Using Larger Than Block-Size Key - Hash Key First"), mac);
    zj_buf_hex(&hex, zj_span_of(mac, 32));
    assert_string_equal(zj_buf_cstr(&hex),
                        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(a_webhook_is_tried_again),
        SCENE(a_webhook_answers),
        SCENE(a_mail_goes_out),
        cmocka_unit_test(addresses_are_checked),
        cmocka_unit_test(hmac_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
