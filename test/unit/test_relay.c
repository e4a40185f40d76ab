/* What is noted for another thread and observed there tells what is observed at once: every field
 * of a message, sessions that begin and end, notes larger than their piece. */
#include "unit/observe.h"

#include "sense/relay.h"

enum { PIECE = 1024, LONG = 70000 };

/* Pieces that a relay handed over, in order. */
struct post {
    struct zj_piece *first, **last;
};

static struct zj_piece *to_post(struct zj_relay *relay, struct zj_piece *done, size_t room)
{
    struct post *post = relay->owner;
    *post->last = done;
    post->last = &done->next;
    return zj_piece_new(room > PIECE ? room : PIECE);
}

/* One bench observes what it is told; the other is told by notes. */
struct both {
    struct bench *now, *later;
    struct zj_observer *reader;
    struct zj_relay relay;
    struct post post;
    struct flow flow; /* as the relay's side holds it */
};

static void both_init(struct both *t)
{
    *t = (struct both){.now = bench_new(0), .later = bench_new(0)};
    t->post.last = &t->post.first;
    t->relay = (struct zj_relay){
        .open = zj_piece_new(PIECE), .swap = to_post, .owner = &t->post, .wants_flows = true};
    t->reader = t->later->obs;
    t->later->obs = zj_observer_relay(&t->relay, &t->later->opts);
}

static void tell_both(struct both *t, struct flow flows[2], int dir, struct zj_span frame)
{
    t->later->msg = t->now->msg;
    t->later->now_ns = t->now->now_ns;
    t->relay.leaves_scans = t->now->packet % 2; /* whoever looks through a payload finds the same */
    send_bytes(t->now, &flows[0], dir, frame);
    send_bytes(t->later, &flows[1], dir, frame);
}

/* Lets the reader observe all notes, and compares every row and every event. */
static void compare(struct both *t)
{
    struct zj_relayed in = {0};
    struct zj_msg msg;
    uint64_t before = 0;
    int64_t flush_ns, flushes = 0;
    zj_relay_flush(&t->relay, t->now->packet, 4711); /* behind all that this packet told */
    assert_int_equal(zj_relay_reach(&t->relay, 1000, true), ZJ_OK);
    for (struct zj_piece *piece = t->post.first, *next; piece; piece = next) {
        next = piece->next;
        in.piece = piece;
        in.at = 0;
        for (const struct zj_note *note; (note = zj_relayed_next(&in));
             zj_relayed_skip(&in, note)) {
            assert_true(zj_note_order(note) >= before);
            before = zj_note_order(note);
            assert_int_equal(flushes, 0);
            if (zj_note_is_flush(note, &flush_ns)) {
                assert_int_equal(flush_ns, 4711);
                flushes++;
                continue;
            }
            zj_note_ask(&in, note, t->reader, 0);
            zj_note_ask(&in, note, t->reader, 1);
            memset(&msg, 0xa5, sizeof msg); /* what is not noted must not be left of another one */
            zj_note_observe(&in, note, t->reader, &msg);
        }
        free(piece);
    }
    assert_int_equal(flushes, 1);
    in.piece = NULL;
    zj_relayed_release(&in);
    zj_observer_free(t->later->obs);
    t->later->obs = t->reader;
    flush(t->now, true);
    flush(t->later, true);
    assert_int_equal(t->now->out.count, t->later->out.count);
    for (size_t i = 0; i < t->now->out.count; i++)
        assert_memory_equal(&t->now->out.rows[i], &t->later->out.rows[i], sizeof(struct row));
    assert_true(t->now->out.events.len > 0);
    assert_int_equal(t->now->out.events.len, t->later->out.events.len);
    assert_memory_equal(t->now->out.events.at, t->later->out.events.at, t->now->out.events.len);
    assert_int_equal(t->now->stats.detections, t->later->stats.detections);
    assert_int_equal(t->now->stats.events, t->later->stats.events);
    zj_relay_release(&t->relay);
    bench_free(t->now);
    bench_free(t->later);
}

static void two_flows(struct flow out[2], const char *protocol, const char *client, uint16_t port)
{
    out[0] = out[1] = flow_of(protocol, client, "198.51.100.10", port);
}

/* Spans inside the frame, in scratch, and in a place of their own. */
static void every_field_arrives(void **state)
{
    (void)state;
    struct both t;
    struct flow car[2], dns[2], tls[2], web[2];
    both_init(&t);
    two_flows(car, "gb32960", "10.1.0.1", 32960);
    two_flows(dns, "dns", "10.1.0.2", 53);
    two_flows(tls, "tls", "10.1.0.3", 443);
    two_flows(web, "http", "10.1.0.4", 80);
    static const char frame[] = "##LZJTEST000000000189860012345678901234 5.10";
    struct zj_msg *m = message(t.now, ZJ_MSG_LOGIN, 1);
    m->vin = zj_span_of(frame + 2, 17);
    m->iccid = zj_span_of(frame + 19, 20);
    m->version = ZJ_SPAN_LIT("5.10");
    m->has_serial = true;
    m->serial = 4711;
    tell_both(&t, car, 0, zj_span_str(frame));
    m = message(t.now, ZJ_MSG_UPGRADE, 0x82);
    m->name = "upgrade";
    memcpy(m->scratch, frame + 2, 17);
    m->vin = zj_span_of(m->scratch, 17);
    m->host = ZJ_SPAN_LIT("203.0.113.9");
    m->url = ZJ_SPAN_LIT("http://203.0.113.9/x.bin?key=1");
    m->version = ZJ_SPAN_LIT("6.0");
    m->is_down = m->is_encrypted = m->is_life_safety = true;
    tell_both(&t, car, 1, zj_span_str(frame));
    m = message(t.now, ZJ_MSG_REPORT, 2);
    m->vin = zj_span_of(frame + 2, 17);
    m->has_position = m->has_time = true;
    m->time_s = 1767225600;
    m->lat_e6 = 39916527;
    m->lon_e6 = -116397128;
    m->coordinates = 2;
    tell_both(&t, car, 0, zj_span_str(frame));
    m = message(t.now, ZJ_MSG_RESPONSE, 0);
    m->topic = ZJ_SPAN_LIT("ota.example.cn");
    m->answer = 0;
    m->answer_ttl = 60;
    m->address_count = 2;
    memset(m->addresses, 7, 2 * sizeof m->addresses[0]);
    tell_both(&t, dns, 1, ZJ_SPAN_LIT("answer"));
    m = message(t.now, ZJ_MSG_REQUEST, 1);
    m->host = ZJ_SPAN_LIT("tsp.example.cn");
    m->tls_version = "TLS 1.2";
    memcpy(m->ja4, "t13d1516h2_8daaf6152771_e5627efa2ab1", 37);
    tell_both(&t, tls, 0, ZJ_SPAN_LIT("hello"));
    m = message(t.now, ZJ_MSG_RESPONSE, 2);
    m->tls_version = "TLS 1.0";
    tell_both(&t, tls, 1, ZJ_SPAN_LIT("hello"));
    m = message(t.now, ZJ_MSG_REQUEST, 0);
    m->name = "GET";
    m->host = ZJ_SPAN_LIT("car.example.cn");
    m->topic = ZJ_SPAN_LIT("/v?vin=LZJTEST0000000001");
    tell_both(&t, web, 0, ZJ_SPAN_LIT("GET /v?vin=LZJTEST0000000001 HTTP/1.1\r\n\r\n"));
    m = message(t.now, ZJ_MSG_OTHER, 9);
    m->error = "wrong check byte";
    tell_both(&t, car, 0, zj_span_str(frame));
    compare(&t);
}

/* MQTT: what a client says in one message is needed in the next, and topics hold the vehicle. */
static void sessions_go_on_and_end(void **state)
{
    (void)state;
    enum { CLIENTS = 40 };
    struct both t;
    struct flow flows[CLIENTS][2]; /* notes point at their codecs until all is compared */
    both_init(&t);
    for (int i = 0; i < CLIENTS; i++) {
        struct flow *f = flows[i];
        char client[16], topic[40], payload[64];
        snprintf(client, sizeof client, "10.1.%d.%d", i % 4, i + 1);
        snprintf(topic, sizeof topic, "car/LZJTEST00000000%02d/%s", i, i % 3 ? "up" : "cmd");
        snprintf(payload, sizeof payload, "{\"lat\":39.9%02d,\"lon\":116.39}", i);
        two_flows(f, "mqtt", client, 1883);
        message(t.now, ZJ_MSG_CONNECT, 1)->client = zj_span_str(client);
        tell_both(&t, f, 0, ZJ_SPAN_LIT("connect"));
        message(t.now, ZJ_MSG_ANSWER, 2)->answer = 0;
        t.now->msg.answered = 1;
        tell_both(&t, f, 1, ZJ_SPAN_LIT("connack"));
        for (int n = 0; n < 4; n++) {
            struct zj_msg *m = message(t.now, ZJ_MSG_PUBLISH, 3);
            m->topic = zj_span_str(topic);
            m->payload = zj_span_str(payload);
            m->retain = n == 3;
            m->qos = 1;
            tell_both(&t, f, 0, ZJ_SPAN_LIT("publish"));
        }
        end_flow(t.now, &f[0]);
        end_flow(t.later, &f[1]);
        assert_null(f[1].session);
        pass(t.now, 1000);
    }
    assert_int_equal(t.relay.number_count, 1); /* the number of one that ended is used again */
    compare(&t);
}

static void a_note_may_be_larger_than_its_piece(void **state)
{
    (void)state;
    struct both t;
    struct flow f[2];
    struct zj_buf body = {0};
    both_init(&t);
    two_flows(f, "mqtt", "10.1.0.1", 1883);
    for (int i = 0; i < LONG; i++)
        zj_buf_byte(&body, (uint8_t)('a' + i % 26));
    zj_buf_str(&body, " 89860012345678901234 ");
    for (size_t len = 0; len < body.len; len += body.len / 5) {
        struct zj_msg *m = message(t.now, ZJ_MSG_PUBLISH, 3);
        m->topic = ZJ_SPAN_LIT("car/LZJTEST0000000001/up");
        m->payload = zj_span_part(zj_buf_all(&body), len, body.len);
        tell_both(&t, f, 0, zj_buf_all(&body));
    }
    compare(&t);
    zj_buf_release(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_arrives),
        cmocka_unit_test(sessions_go_on_and_end),
        cmocka_unit_test(a_note_may_be_larger_than_its_piece),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
