#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "wire/wire.h"

static struct zj_msg msg;

/* What a direction gives, one line a frame: "R path host", "S status", "B bytes". Steps end the
 * text with "+" (more wanted), "!" (lost). `piece` bytes at a time. */
static void run(const char *text, size_t piece, char *out, size_t room)
{
    const struct zj_codec *codec = zj_codec_find(ZJ_SPAN_LIT("http"));
    struct zj_span in = zj_span_str(text);
    struct zj_wire_state state = {0};
    size_t have = piece < in.len ? piece : in.len, used = 0, len = 0;
    out[0] = 0;
    while (in.len) {
        const enum zj_step step = codec->frame(&state, zj_span_part(in, 0, have), &len);
        if (step == ZJ_STEP_MORE && have < in.len) {
            have = have + piece < in.len ? have + piece : in.len;
            continue;
        }
        if (step == ZJ_STEP_MORE || step == ZJ_STEP_LOST) {
            snprintf(out + used, room - used, "%s", step == ZJ_STEP_MORE ? "+" : "!");
            return;
        }
        assert_in_range(len, 1, have);
        if (step == ZJ_STEP_DONE) {
            codec->read(&state, zj_span_part(in, 0, len), &msg);
            const struct zj_span a = msg.kind == ZJ_MSG_REQUEST ? msg.topic : msg.payload;
            used += (size_t)snprintf(out + used, room - used, "%s%.*s%s%.*s%s;",
                                     msg.kind == ZJ_MSG_REQUEST    ? "R "
                                     : msg.kind == ZJ_MSG_RESPONSE ? "S"
                                                                   : "B ",
                                     (int)a.len, (const char *)a.at, msg.host.len ? " " : "",
                                     (int)msg.host.len, (const char *)msg.host.at,
                                     msg.error ? msg.error : "");
        }
        in = zj_span_part(in, len, SIZE_MAX);
        have = have - len ? have - len : piece < in.len ? piece : in.len;
    }
}

static const struct {
    const char *in, *want;
} cases[] = {
    {"GET /a HTTP/1.1\r\nHost: car.example:80\r\n\r\nGET /b HTTP/1.1\r\nhost:x\r\n\r\n",
     "R /a car.example;R /b x;"},
    {"POST / HTTP/1.1\nHost: h\nContent-Length: 5\n\nhelloGET /c HTTP/1.1\n\n",
     "R / h;B hello;R /c;"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5;x=1\r\nhello\r\n6\r\n world\r\n"
     "0\r\nT: v\r\n\r\nHTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 404 -\r\nContent-Length: 0\r\n\r\n",
     "S;B hello;B  world;B ;S;S;"},
    /* an answer to HEAD announces a body that does not come */
    {"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
     "S;S;"},
    {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x05hello", "S;!"},
    {"POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
     "R /bad_length;B hello;"},
    {"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     "R /length_and_chunked;B ;"},
    {"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", "R /bad_length;"},
    {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "R /;!"},
    {"GET /half HTTP/1.1\r\nHost: h\r\n", "+"},
    {"GET / HTTP/1.1\r\nno colon here\r\n\r\n", "R /bad_field;"},
    {"\x16\x03\x01", "!"},
};

static void test_streams(void **unused)
{
    (void)unused;
    char got[1024];
    for (size_t i = 0; i < ZJ_COUNT(cases); i++)
        for (size_t piece = 1; piece < 200; piece += 7) {
            run(cases[i].in, piece, got, sizeof got);
            if (strcmp(got, cases[i].want) != 0)
                fail_msg("case %zu in pieces of %zu: %s", i, piece, got);
        }
}

static void test_to_end(void **unused)
{
    (void)unused;
    char got[256];
    run("HTTP/1.0 200 OK\r\n\r\nabc", 1000, got, sizeof got);
    assert_string_equal(got, "S;B abc;");
}

/* RFC 7617 section 2: Aladdin and "open sesame". */
static void test_basic(void **unused)
{
    (void)unused;
    struct zj_wire_state state = {0};
    zj_codec_find(ZJ_SPAN_LIT("http"))
        ->read(&state,
               ZJ_SPAN_LIT("GET / HTTP/1.1\r\n"
                           "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n"),
               &msg);
    assert_true(zj_span_eq_str(msg.user, "Aladdin"));
    assert_true(zj_span_eq_str(msg.secret, "open sesame"));
}

static void test_answer(void **unused)
{
    (void)unused;
    struct zj_wire_state state = {.is_from_server = true};
    zj_codec_find(ZJ_SPAN_LIT("http"))
        ->read(&state, ZJ_SPAN_LIT("HTTP/1.1 401 Unauthorized\r\n\r\n"), &msg);
    assert_int_equal(msg.answer, 401);
    assert_true(msg.is_down);
}

static void test_probe(void **unused)
{
    (void)unused;
    enum zj_match (*probe)(struct zj_span) = zj_codec_find(ZJ_SPAN_LIT("http"))->probe;
    assert_int_equal(probe(ZJ_SPAN_LIT("GET / HT")), ZJ_MATCH_YES);
    assert_int_equal(probe(ZJ_SPAN_LIT("OPTIONS sip:a@b SIP/2.0")), ZJ_MATCH_NO);
    assert_int_equal(probe(ZJ_SPAN_LIT("OPTIONS rtsp://h/ RTSP/1.0")), ZJ_MATCH_NO);
    assert_int_equal(probe(ZJ_SPAN_LIT("HTTP/1.1 200")), ZJ_MATCH_YES);
    assert_int_equal(probe(ZJ_SPAN_LIT("PO")), ZJ_MATCH_MAYBE);
    assert_int_equal(probe(ZJ_SPAN_LIT("GETTING")), ZJ_MATCH_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_streams), cmocka_unit_test(test_to_end), cmocka_unit_test(test_basic),
        cmocka_unit_test(test_answer),  cmocka_unit_test(test_probe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
