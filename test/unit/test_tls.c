/* JA4: the lists and the fingerprint are the worked example of FoxIO's published specification.
 * The ClientHello around them is built here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire/wire.h"

static const struct zj_codec *codec(void)
{
    return zj_codec_find(ZJ_SPAN_LIT("tls"));
}

static struct zj_msg msg;

static void put16(struct zj_buf *b, size_t value)
{
    zj_buf_byte(b, (uint8_t)(value >> 8));
    zj_buf_byte(b, (uint8_t)value);
}

static void extension(struct zj_buf *b, uint16_t type, const char *hex)
{
    struct zj_buf data = {0};
    assert_true(zj_buf_from_hex(&data, zj_span_str(hex)));
    put16(b, type);
    put16(b, data.len);
    zj_buf_span(b, zj_buf_all(&data));
    zj_buf_release(&data);
}

/* The example's browser: 15 ciphers and 16 extensions beside GREASE, in its order of sending. */
static void client_hello(struct zj_buf *out)
{
    struct zj_buf e = {0};
    extension(&e, 0x0a0a, "");
    extension(&e, 0x0000, "000e 00 000b 6578616d706c652e6f7267"); /* example.org */
    extension(&e, 0x0017, "");
    extension(&e, 0xff01, "00");
    extension(&e, 0x000a, "0008 2a2a 001d 0017 0018");
    extension(&e, 0x000b, "0100");
    extension(&e, 0x0023, "");
    extension(&e, 0x0010, "000c 02 6832 08 687474702f312e31"); /* h2, http/1.1 */
    extension(&e, 0x0005, "0100000000");
    extension(&e, 0x000d, "0010 0403 0804 0401 0503 0805 0501 0806 0601");
    extension(&e, 0x0012, "");
    extension(&e, 0x0033, "0006 3a3a 0001 00 00");
    extension(&e, 0x002d, "0101");
    extension(&e, 0x002b, "06 4a4a 0304 0303");
    extension(&e, 0x001b, "020002");
    extension(&e, 0x4469, "0003 026832");
    extension(&e, 0x5a5a, "00");
    extension(&e, 0x0015, "0000");
    zj_buf_from_hex(out,
                    ZJ_SPAN_LIT("0303"
                                "0000000000000000000000000000000000000000000000000000000000000000"
                                "00 0020 6a6a 1301 1302 1303 c02b c02f c02c c030 cca9 cca8"
                                "c013 c014 009c 009d 002f 0035 01 00"));
    put16(out, e.len);
    zj_buf_span(out, zj_buf_all(&e));
    zj_buf_release(&e);
}

/* A handshake message in records of at most `record_max` bytes. */
static void wrap(struct zj_buf *out, uint8_t type, struct zj_span body, size_t record_max)
{
    struct zj_buf m = {0};
    zj_buf_byte(&m, type);
    zj_buf_byte(&m, 0);
    put16(&m, body.len);
    zj_buf_span(&m, body);
    for (size_t at = 0; at < m.len; at += record_max) {
        const struct zj_span part = zj_span_part(zj_buf_all(&m), at, record_max);
        zj_buf_from_hex(out, ZJ_SPAN_LIT("16 0301"));
        put16(out, part.len);
        zj_buf_span(out, part);
    }
    zj_buf_release(&m);
}

static void check_hello(struct zj_span bytes)
{
    struct zj_wire_state state = {0};
    size_t len = 0;
    for (size_t cut = 0; cut < bytes.len; cut++)
        assert_int_equal(codec()->frame(&state, zj_span_part(bytes, 0, cut), &len), ZJ_STEP_MORE);
    assert_int_equal(codec()->frame(&state, bytes, &len), ZJ_STEP_DONE);
    assert_int_equal(len, bytes.len);
    codec()->read(&state, bytes, &msg);
    assert_null(msg.error);
    assert_int_equal(msg.kind, ZJ_MSG_REQUEST);
    assert_true(zj_span_eq_str(msg.host, "example.org"));
    assert_string_equal(msg.tls_version, "TLS 1.3");
    assert_string_equal(msg.ja4, "t13d1516h2_8daaf6152771_e5627efa2ab1");
}

static void test_client_hello(void **unused)
{
    (void)unused;
    struct zj_buf body = {0}, one = {0}, many = {0};
    client_hello(&body);
    wrap(&one, 1, zj_buf_all(&body), 16384);
    check_hello(zj_buf_all(&one));
    assert_int_equal(codec()->probe(zj_span_part(zj_buf_all(&one), 0, 64)), ZJ_MATCH_YES);
    wrap(&many, 1, zj_buf_all(&body), 100);
    check_hello(zj_buf_all(&many));
    zj_buf_release(&body);
    zj_buf_release(&one);
    zj_buf_release(&many);
}

static void feed(struct zj_wire_state *state, const char *hex)
{
    struct zj_buf b = {0};
    size_t len = 0;
    assert_true(zj_buf_from_hex(&b, zj_span_str(hex)));
    assert_int_equal(codec()->frame(state, zj_buf_all(&b), &len), ZJ_STEP_DONE);
    assert_int_equal(len, b.len);
    codec()->read(state, zj_buf_all(&b), &msg);
    assert_null(msg.error);
    zj_buf_release(&b);
}

/* TLS 1.2: hello; the first half of a certificate; its second half, the request and done. */
static void test_server_flight(void **unused)
{
    (void)unused;
    struct zj_wire_state state = {.is_from_server = true};
    feed(&state, "16 0303 002a 02 000026 0303"
                 "0000000000000000000000000000000000000000000000000000000000000000 00 c02f 00");
    assert_int_equal(msg.kind, ZJ_MSG_RESPONSE);
    assert_string_equal(msg.tls_version, "TLS 1.2");
    feed(&state, "16 0303 0008 0b 000008 0d000004");
    assert_int_equal(msg.kind, ZJ_MSG_OTHER); /* the certificate's bytes are no request */
    assert_int_equal(msg.answer, ZJ_ANSWER_NONE);
    feed(&state, "16 0303 000f 00000000 0d 000003 000000 0e 000000");
    assert_int_equal(msg.kind, ZJ_MSG_CERT_REQUEST);
    assert_int_equal(msg.answer, 1);
    feed(&state, "14 0303 0001 01");
    feed(&state, "16 0303 0004 01 000000");
    assert_true(msg.is_encrypted && msg.kind == ZJ_MSG_OTHER);
}

static void test_server_does_not_ask(void **unused)
{
    (void)unused;
    struct zj_wire_state state = {.is_from_server = true};
    feed(&state, "16 0303 002e 02 000026 0303"
                 "0000000000000000000000000000000000000000000000000000000000000000 00 c02f 00"
                 "0e 000000");
    assert_int_equal(msg.kind, ZJ_MSG_RESPONSE);
    assert_int_equal(msg.answer, 0);
}

static void test_version_13(void **unused)
{
    (void)unused;
    struct zj_wire_state state = {.is_from_server = true};
    feed(&state, "16 0303 0032 02 00002e 0303"
                 "0000000000000000000000000000000000000000000000000000000000000000 00 1301 00"
                 "0006 002b 0002 0304");
    assert_string_equal(msg.tls_version, "TLS 1.3");
}

/* An encrypted record comes in the pieces there are, and is never waited for. */
static void test_encrypted(void **unused)
{
    (void)unused;
    struct zj_wire_state state = {0};
    struct zj_buf b = {0};
    size_t len = 0;
    zj_buf_from_hex(&b, ZJ_SPAN_LIT("17 0303 0010 00112233"));
    assert_int_equal(codec()->frame(&state, zj_buf_all(&b), &len), ZJ_STEP_DONE);
    assert_int_equal(len, 9);
    codec()->read(&state, zj_buf_all(&b), &msg);
    assert_true(msg.is_encrypted);
    assert_int_equal(state.body_left, 12);
    zj_buf_release(&b);
}

static void test_refuses(void **unused)
{
    (void)unused;
    struct zj_wire_state state = {0};
    size_t len = 0;
    struct zj_buf b = {0};
    assert_int_equal(codec()->frame(&state, ZJ_SPAN_LIT("GET / HTTP/1.1"), &len), ZJ_STEP_LOST);
    zj_buf_from_hex(&b, ZJ_SPAN_LIT("16 0301 0008 01 000004 03030000"));
    codec()->read(&state, zj_buf_all(&b), &msg);
    assert_string_equal(msg.error, "truncated");
    assert_string_equal(msg.ja4, "");
    zj_buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_client_hello),        cmocka_unit_test(test_server_flight),
        cmocka_unit_test(test_server_does_not_ask), cmocka_unit_test(test_version_13),
        cmocka_unit_test(test_encrypted),           cmocka_unit_test(test_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
