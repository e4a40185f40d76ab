/* Data in packed bodies and in text without a protocol, as facts and counters tell of it. The
 * records hold the resident identity number of the example in GB 11643-1999 and a phone number. */
#include <stdio.h>
#include <zlib.h>

#include "craft.h"

#define NUMBER "11010519491231002X"
#define RECORD "{\"id\":\"" NUMBER "\",\"phone\":\"13812345678\"}\n"

static struct {
    int64_t numbers, phones, services;
    char protocol[8];
} told;

static zj_err tell(struct zj_sink *sink, struct zj_job *job, enum zj_fact_id kind,
                   const struct zj_cell *cells)
{
    (void)sink, (void)job;
    told.services += kind == ZJ_FACT_SERVICE && cells[ZJ_SV_FLOWS].num;
    if (kind != ZJ_FACT_TRANSFER)
        return ZJ_OK;
    const struct zj_span type = cells[ZJ_TR_DATA_TYPE].text, name = cells[ZJ_TR_PROTOCOL].text;
    told.numbers += zj_span_eq_str(type, "CN_RESIDENT_ID") ? cells[ZJ_TR_ITEMS].num : 0;
    told.phones += zj_span_eq_str(type, "CN_MOBILE") ? cells[ZJ_TR_ITEMS].num : 0;
    snprintf(told.protocol, sizeof told.protocol, "%.*s", (int)name.len, (const char *)name.at);
    return ZJ_OK;
}

static struct rig *begin(void)
{
    struct rig *rig = rig_new(64 << 20);
    memset(&told, 0, sizeof told);
    rig->sink.fact = tell;
    rig->opts.scan_payloads = true;
    zj_worker_release(&rig->w);
    zj_worker_init(&rig->w, &rig->job, &rig->opts, &rig->sink, 64 << 20);
    rig->w.source = "test";
    rig_segment(rig, true, 100, SYN, (struct zj_span){0}, START);
    rig_segment(rig, false, 900, SYN | ACK, (struct zj_span){0}, START);
    return rig;
}

static void play(struct rig *rig, bool is_from_car, uint32_t seq, struct zj_span bytes, size_t piece)
{
    for (size_t at = 0; at < bytes.len; at += piece)
        rig_segment(rig, is_from_car, seq + (uint32_t)at, ACK, zj_span_part(bytes, at, piece),
                    START + (int64_t)at);
}

/* All of it from the car in pieces, to its end. */
static struct zj_sense_stats play_all(struct zj_buf *bytes, size_t piece)
{
    struct rig *rig = begin();
    play(rig, true, 101, zj_buf_all(bytes), piece);
    zj_worker_finish(&rig->w);
    const struct zj_sense_stats stats = rig->w.stats;
    rig_free(rig);
    zj_buf_release(bytes);
    return stats;
}

/* `filler`: bytes a record has beyond its values, which do not pack well. */
static struct zj_buf records(unsigned count, unsigned filler)
{
    struct zj_buf out = {0};
    uint64_t x = 7;
    for (unsigned i = 0; i < count; i++) {
        for (unsigned k = 0; k < filler; k++) {
            x = x * UINT64_C(6364136223846793005) + 1442695040888963407;
            zj_buf_byte(&out, (uint8_t)('g' + (x >> 60)));
        }
        zj_buf_span(&out, zj_span_str(RECORD));
    }
    return out;
}

enum { GZIP = 31, ZLIB = 15, BARE = -15 };

static struct zj_buf pack(struct zj_buf plain, int window)
{
    struct zj_buf out = {0};
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    const unsigned long most = deflateBound(&z, plain.len);
    zj_buf_reserve(&out, most);
    z.next_in = plain.at;
    z.avail_in = (unsigned)plain.len;
    z.next_out = out.at;
    z.avail_out = (unsigned)most;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out.len = most - z.avail_out;
    deflateEnd(&z);
    zj_buf_release(&plain);
    return out;
}

static void put_body(struct zj_buf *out, const char *coding, struct zj_buf body)
{
    zj_buf_printf(out, "POST /up HTTP/1.1\r\nHost: h\r\n%s%s%sContent-Length: %zu\r\n\r\n",
                  coding[0] ? "Content-Encoding: " : "", coding, coding[0] ? "\r\n" : "", body.len);
    zj_buf_span(out, zj_buf_all(&body));
    zj_buf_release(&body);
}

static struct zj_buf chunked(const char *coding, struct zj_buf body, size_t chunk)
{
    struct zj_buf out = {0};
    zj_buf_printf(&out, "POST /up HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: %s\r\n\r\n", coding);
    for (size_t at = 0; at < body.len; at += chunk) {
        const struct zj_span part = zj_span_part(zj_buf_all(&body), at, chunk);
        zj_buf_printf(&out, "%zx\r\n", part.len);
        zj_buf_span(&out, part);
        zj_buf_span(&out, ZJ_SPAN_LIT("\r\n"));
    }
    zj_buf_span(&out, ZJ_SPAN_LIT("0\r\n\r\n"));
    zj_buf_release(&body);
    return out;
}

static uint64_t unread(const struct zj_sense_stats *s)
{
    return s->unread_coding + s->unread_limit + s->unread_broken + s->unread_memory +
           s->unread_text + s->unread_streams;
}

static const size_t pieces[] = {1, 7, 100, 1460, 60000};

static void packed_bodies_are_looked_through(void **state)
{
    (void)state;
    static const struct {
        const char *coding;
        int window;
    } ways[] = {{"gzip", GZIP},    {"x-gzip", GZIP},  {"GZip", GZIP},
                {"deflate", ZLIB}, {"deflate", BARE}, {"", GZIP}};
    for (size_t i = 0; i < ZJ_COUNT(ways); i++)
        for (size_t k = 0; k < ZJ_COUNT(pieces); k++) {
            struct zj_buf in = {0};
            put_body(&in, ways[i].coding, pack(records(50, 9), ways[i].window));
            const struct zj_sense_stats s = play_all(&in, pieces[k]);
            assert_int_equal(told.numbers, 50);
            assert_int_equal(told.phones, 50);
            assert_string_equal(told.protocol, "http");
            assert_int_equal(s.frames, 2); /* a head and a body: what is unpacked is no frame */
            assert_int_equal(s.bodies_unpacked, 1);
            assert_int_equal(unread(&s), 0);
        }
}

static void bodies_in_chunks_and_one_behind_the_other(void **state)
{
    (void)state;
    for (size_t k = 0; k < ZJ_COUNT(pieces); k++) {
        struct zj_buf in = chunked("gzip, chunked", pack(records(40, 20), GZIP), 100);
        put_body(&in, "gzip", pack(records(3, 0), GZIP));
        put_body(&in, "", records(5, 0));
        put_body(&in, "deflate", pack(records(2, 0), ZLIB));
        const struct zj_sense_stats s = play_all(&in, pieces[k]);
        assert_int_equal(told.numbers, 50);
        assert_int_equal(s.bodies_unpacked, 3);
        assert_int_equal(unread(&s), 0);
    }
}

/* More than a frame, more than a piece: no value is lost or told twice where pieces meet. */
static void long_bodies_go_through_in_pieces(void **state)
{
    (void)state;
    struct zj_buf in = {0};
    put_body(&in, "gzip", pack(records(20000, 100), GZIP)); /* 3.0 MB; two members of it */
    struct zj_sense_stats s = play_all(&in, 1460);
    assert_int_equal(told.numbers, 20000);
    assert_int_equal(told.phones, 20000);
    assert_int_equal(unread(&s), 0);
    struct zj_buf two = pack(records(10, 30), GZIP), second = pack(records(7, 30), GZIP);
    zj_buf_span(&two, zj_buf_all(&second));
    zj_buf_release(&second);
    in = (struct zj_buf){0};
    put_body(&in, "gzip", two);
    s = play_all(&in, 1460);
    assert_int_equal(told.numbers, 17);
    assert_int_equal(unread(&s), 0);
}

static void what_is_not_read_is_counted(void **state)
{
    (void)state;
    struct zj_buf in = {0};
    put_body(&in, "br", records(3, 0)); /* not looked into, though it is plain here */
    put_body(&in, "gzip, br", records(3, 0));
    struct zj_sense_stats s = play_all(&in, 1460);
    assert_int_equal(s.unread_coding, 2);
    assert_int_equal(told.numbers, 0);

    put_body(&in, "gzip", pack(records(40000, 100), GZIP)); /* 6 MB */
    s = play_all(&in, 1460);
    assert_int_equal(s.unread_limit, 1);
    assert_in_range(told.numbers, 4000000 / 150, 4300000 / 150); /* 4 MiB and a piece at most */

    put_body(&in, "gzip", pack(records(60000, 0), GZIP)); /* 3 MB in 10 kB: a bomb */
    s = play_all(&in, 1460);
    assert_int_equal(s.unread_limit, 1);
    assert_in_range(told.numbers, 256 * 1024 / 50, 1000000 / 50);

    struct zj_buf packed = pack(records(200, 50), GZIP);
    packed.at[packed.len / 2] ^= 0xff;
    put_body(&in, "gzip", packed);
    s = play_all(&in, 1460);
    assert_int_equal(s.unread_broken, 1);
    assert_in_range(told.numbers, 50, 150);

    put_body(&in, "gzip", pack(records(200, 50), GZIP));
    in.len -= 500; /* the flow ends before the body */
    s = play_all(&in, 60000);
    assert_int_equal(s.unread_broken, 0); /* not whole, so not cut as a frame either */
    put_body(&in, "gzip", pack(records(2000, 50), GZIP));
    in.len -= 500;
    s = play_all(&in, 1460);
    assert_int_equal(s.unread_broken, 1);
    assert_in_range(told.numbers, 1900, 1999);
}

static void a_hole_ends_the_body_and_not_the_stream(void **state)
{
    (void)state;
    struct rig *rig = begin();
    struct zj_buf in = {0};
    put_body(&in, "gzip", pack(records(2000, 50), GZIP));
    const uint32_t end = 101 + (uint32_t)in.len;
    play(rig, true, 101, zj_span_part(zj_buf_all(&in), 0, 30000), 1000);
    play(rig, true, 101 + 32000, zj_span_part(zj_buf_all(&in), 32000, in.len), 1000);
    in.len = 0;
    put_body(&in, "gzip", pack(records(4, 0), GZIP));
    rig_segment(rig, true, end, ACK, zj_buf_all(&in), START + 3 * SECOND); /* no waiting any more */
    assert_int_equal(rig->w.stats.tcp_gaps, 1);
    assert_int_equal(rig->w.stats.unread_broken, 1);
    assert_int_equal(rig->w.stats.bodies_unpacked, 2);
    zj_worker_finish(&rig->w);
    assert_in_range(told.numbers, 4, 1500);
    zj_buf_release(&in);
    rig_free(rig);
}

/* The hole reaches to the very end of a body: the next message begins behind it. */
static void a_hole_may_end_with_the_body(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct rig *rig = begin();
        struct zj_buf in = {0};
        put_body(&in, i ? "gzip" : "", pack(records(2000, 50), i ? GZIP : ZLIB));
        const uint32_t end = 101 + (uint32_t)in.len;
        play(rig, true, 101, zj_span_part(zj_buf_all(&in), 0, 30000), 1000);
        in.len = 0;
        put_body(&in, "gzip", pack(records(4, 0), GZIP));
        const size_t half = in.len / 2;
        rig_segment(rig, true, end, ACK, zj_span_part(zj_buf_all(&in), 0, half), START);
        told.numbers = 0;
        rig_segment(rig, true, end + (uint32_t)half, ACK,
                    zj_span_part(zj_buf_all(&in), half, in.len), START + 3 * SECOND);
        zj_worker_finish(&rig->w);
        assert_int_equal(rig->w.stats.tcp_gaps, 1);
        assert_int_equal(rig->w.stats.lost_streams, 0);
        assert_in_range(told.numbers, 4, 1200);
        zj_buf_release(&in);
        rig_free(rig);
    }
}

/* Bodies that begin and never end: they have their part of the memory and no more, and other
 * streams go on. */
static void endless_bodies_do_not_take_all_memory(void **state)
{
    (void)state;
    struct rig *rig = begin();
    struct zj_buf in = {0};
    put_body(&in, "gzip", pack(records(2000, 50), GZIP));
    for (unsigned port = 1000; port < 4000; port++)
        for (unsigned at = 0; at < 2; at++) {
            struct zj_buf tcp = {0}, ip = {0};
            put_tcp(&tcp, port, 80, at ? 101 : 100, at ? ACK : SYN,
                    zj_span_part(zj_buf_all(&in), 0, at ? 1400 : 0));
            put_ipv4(&ip, 1, 2, ZJ_PROTO_TCP, 1, 0, zj_buf_all(&tcp));
            rig_packet(rig, ZJ_LINK_RAW, zj_buf_all(&ip), START + port);
            zj_buf_release(&tcp);
            zj_buf_release(&ip);
        }
    const struct zj_sense_stats *s = &rig->w.stats;
    assert_int_equal(s->bodies_unpacked + s->unread_memory, 3000);
    assert_in_range(s->bodies_unpacked, 100, 200); /* 64 MiB * 45 % / 4 / 44 KiB is 167 */
    assert_int_equal(s->drop_buffer + s->flows_evicted, 0);
    assert_in_range(rig->w.pool.held, 0, (64 << 20) / 100 * 45 / 4 + 3000 * 272 + (1 << 20));
    told.numbers = 0;
    play(rig, true, 101, zj_buf_all(&in), 1460);
    assert_int_equal(told.numbers, 0); /* not unpacked */
    zj_worker_finish(&rig->w);
    assert_int_equal(s->unread_broken, s->bodies_unpacked);
    zj_buf_release(&in);
    rig_free(rig);
}

static void a_packed_publish_is_looked_through(void **state)
{
    (void)state;
    struct zj_buf in = {0}, body = pack(records(2, 0), GZIP);
    put_bytes(&in, "100c00044d5154540402003c0000"); /* CONNECT, no name */
    zj_buf_byte(&in, 0x30);                         /* PUBLISH to "a/b" */
    assert_in_range(body.len, 50, 122);
    zj_buf_byte(&in, (uint8_t)(body.len + 5));
    put_bytes(&in, "0003612f62");
    zj_buf_span(&in, zj_buf_all(&body));
    zj_buf_release(&body);
    const struct zj_sense_stats s = play_all(&in, 1460);
    assert_int_equal(told.numbers, 2);
    assert_string_equal(told.protocol, "mqtt");
    assert_int_equal(unread(&s), 0);
}

/* JSON lines, cut anywhere: each value once. */
static void text_is_looked_through_in_any_cut(void **state)
{
    (void)state;
    for (size_t piece = 4; piece < 300; piece++) {
        struct zj_buf in = records(20, 11);
        const struct zj_sense_stats s = play_all(&in, piece);
        assert_int_equal(told.numbers, 20);
        assert_int_equal(told.phones, 20);
        assert_int_equal(told.services, 1);
        assert_string_equal(told.protocol, "text");
        assert_int_equal(s.text_streams, 1);
        assert_int_equal(s.frames + unread(&s), 0);
    }
}

/* It begins as JT/T 809 does, and the flow ends before more is known. */
static void short_text_is_told_at_the_end(void **state)
{
    (void)state;
    struct zj_buf in = {0};
    zj_buf_span(&in, ZJ_SPAN_LIT("[\"" NUMBER "\",\"13812345678\"]"));
    assert_in_range(in.len, 1, 63);
    struct zj_sense_stats s = play_all(&in, 100);
    assert_int_equal(told.numbers, 1);
    assert_int_equal(s.text_streams, 1);
    assert_int_equal(s.unread_streams, 0);
    put_bytes(&in, "5b00000001020304"); /* the same, and no text */
    s = play_all(&in, 100);
    assert_int_equal(s.unread_streams, 1);
}

static void text_may_be_gb18030(void **state)
{
    (void)state;
    struct zj_buf in = {0};
    put_bytes(&in, "b3b5d6f7d5c5ceb0caadd3c3"); /* 车主张伟使用 */
    zj_buf_span(&in, zj_span_str(" 13812345678\n"));
    const struct zj_sense_stats s = play_all(&in, 1460);
    assert_int_equal(told.phones, 1);
    assert_int_equal(s.text_streams, 1);
}

/* Of 1 MB in segments of 1000 bytes, which are 16 parts of 64: 64 of them and then one of 64. */
static void long_text_is_sampled(void **state)
{
    (void)state;
    struct zj_buf in = records(1, 950);
    assert_int_equal(in.len, 1000);
    struct zj_buf all = {0};
    for (unsigned i = 0; i < 1000; i++)
        zj_buf_span(&all, zj_buf_all(&in));
    zj_buf_release(&in);
    const struct zj_sense_stats s = play_all(&all, 1000);
    assert_int_equal(s.unread_text, 1000 - 64 - (1000 - 64) / 64);
    assert_in_range(told.numbers, 64 + 10, 64 + 14);
}

static void what_is_no_text_costs_one_look(void **state)
{
    (void)state;
    struct zj_buf in = {0};
    for (unsigned i = 0; i < 3000; i++)
        zj_buf_byte(&in, (uint8_t)(i * 167 + 3));
    struct zj_sense_stats s = play_all(&in, 1000);
    assert_int_equal(s.unread_streams, 1);
    assert_int_equal(s.text_streams, 0);
    assert_int_equal(told.services, 0);
    /* text that becomes something else: the same, a segment later */
    zj_buf_span(&in, ZJ_SPAN_LIT("SSH-2.0-OpenSSH_9.2\r\n"));
    put_bytes(&in, "0000049c0a14dbb2");
    s = play_all(&in, 21);
    assert_int_equal(s.text_streams, 1);
    assert_int_equal(s.unread_streams, 1);
}

/* A server that greets in text, a client that then speaks HTTP: HTTP it is. */
static void a_protocol_goes_before_text(void **state)
{
    (void)state;
    struct rig *rig = begin();
    struct zj_buf in = {0};
    rig_segment(rig, false, 901, ACK, ZJ_SPAN_LIT("ready 13812345678\n"), START);
    assert_int_equal(rig->w.stats.text_streams, 1);
    put_body(&in, "gzip", pack(records(3, 0), GZIP));
    play(rig, true, 101, zj_buf_all(&in), 1460);
    zj_worker_finish(&rig->w);
    assert_int_equal(rig->w.stats.frames, 2);
    assert_int_equal(told.numbers, 3);
    assert_string_equal(told.protocol, "http");
    zj_buf_release(&in);
    rig_free(rig);
}

static void syslog_over_udp(void **state)
{
    (void)state;
    struct rig *rig = begin();
    for (int i = 0; i < 3; i++) {
        struct zj_buf udp = {0}, ip = {0};
        put_udp(&udp, 40514, 514, ZJ_SPAN_LIT("<134>Jan  5 10:00:00 tbox app: owner " NUMBER));
        put_ipv4(&ip, 1, 2, ZJ_PROTO_UDP, 1, 0, zj_buf_all(&udp));
        rig_packet(rig, ZJ_LINK_RAW, zj_buf_all(&ip), START + i * SECOND);
        zj_buf_release(&udp);
        zj_buf_release(&ip);
    }
    zj_worker_finish(&rig->w);
    assert_int_equal(told.numbers, 3);
    assert_int_equal(rig->w.stats.text_streams, 1);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packed_bodies_are_looked_through),
        cmocka_unit_test(bodies_in_chunks_and_one_behind_the_other),
        cmocka_unit_test(long_bodies_go_through_in_pieces),
        cmocka_unit_test(what_is_not_read_is_counted),
        cmocka_unit_test(a_hole_ends_the_body_and_not_the_stream),
        cmocka_unit_test(a_hole_may_end_with_the_body),
        cmocka_unit_test(endless_bodies_do_not_take_all_memory),
        cmocka_unit_test(a_packed_publish_is_looked_through),
        cmocka_unit_test(text_is_looked_through_in_any_cut),
        cmocka_unit_test(short_text_is_told_at_the_end),
        cmocka_unit_test(text_may_be_gb18030),
        cmocka_unit_test(long_text_is_sampled),
        cmocka_unit_test(what_is_no_text_costs_one_look),
        cmocka_unit_test(a_protocol_goes_before_text),
        cmocka_unit_test(syslog_over_udp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
