/* Messages are put together by hand after RFC 1035 section 4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire/wire.h"

#define QUESTION "03777777 07 6578616d706c65 03 6f7267 00 0001 0001" /* www.example.org A IN */

static struct zj_msg msg;

static void read_hex(const char *hex)
{
    struct zj_wire_state state = {0};
    struct zj_buf b = {0};
    assert_true(zj_buf_from_hex(&b, zj_span_str(hex)));
    zj_codec_find(ZJ_SPAN_LIT("dns"))->read(&state, zj_buf_all(&b), &msg);
    zj_buf_release(&b);
}

static void test_query(void **unused)
{
    (void)unused;
    read_hex("1234 0100 0001 0000 0000 0000 " QUESTION);
    assert_null(msg.error);
    assert_int_equal(msg.kind, ZJ_MSG_REQUEST);
    assert_int_equal(msg.serial, 0x1234);
    assert_true(zj_span_eq_str(msg.topic, "www.example.org"));
    read_hex("1234 0100 0001 0000 0000 0000 02 415c 01 00 00 0010 0001");
    assert_true(zj_span_eq_str(msg.topic, "a\\092.\\000")); /* RFC 1035 section 5.1 */
}

static void test_answers(void **unused)
{
    (void)unused;
    static const uint8_t v4[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 7};
    read_hex("1234 8180 0001 0003 0000 0000 " QUESTION
             " c00c 0005 0001 00000e10 0005 02 6362 c010" /* CNAME cb.example.org */
             " c02d 0001 0001 0000003c 0004 c0000207"     /* A 192.0.2.7 */
             " c02d 001c 0001 0000001e 0010 20010db8000000000000000000000001");
    assert_null(msg.error);
    assert_int_equal(msg.kind, ZJ_MSG_RESPONSE);
    assert_int_equal(msg.answer, 0);
    assert_int_equal(msg.address_count, 2);
    assert_memory_equal(msg.addresses[0], v4, 16);
    assert_int_equal(msg.addresses[1][0], 0x20);
    assert_int_equal(msg.answer_ttl, 30);
    assert_true(zj_span_eq_str(msg.topic, "www.example.org"));
}

static void test_refuses(void **unused)
{
    (void)unused;
    read_hex("1234 8183 0001 0000 0000 0000 " QUESTION);
    assert_int_equal(msg.answer, 3);
    read_hex("1234 0100 0001 0000 0000 0000 c00c 0001 0001"); /* points at itself */
    assert_string_equal(msg.error, "bad_pointer");
    read_hex("1234 0100 0001 0000 0000 0000 01 61 c00c 0001 0001");
    assert_string_equal(msg.error, "bad_pointer");
    read_hex("1234 0100 0001 0000 0000 0000 01 61 c0ff 0001 0001"); /* forwards, outside */
    assert_string_equal(msg.error, "bad_pointer");
    read_hex("1234 0100 0001 0000 0000 0000 40 00 0001 0001");
    assert_string_equal(msg.error, "bad_name");
    read_hex("1234 0100 0001 0000 0000 0000 03 7777");
    assert_string_equal(msg.error, "truncated");
    read_hex("1234 8180 0001 0001 0000 0000 " QUESTION " c00c 0001 0001 0000003c 0003 c00002");
    assert_string_equal(msg.error, "bad_address");
    read_hex("1234 8380 0001 0001 0000 0000 " QUESTION
             " c00c 0001"); /* TC: cut short and said so */
    assert_null(msg.error);
}

static void test_framing(void **unused)
{
    (void)unused;
    const struct zj_codec *codec = zj_codec_find(ZJ_SPAN_LIT("dns"));
    struct zj_buf tcp = {0};
    struct zj_wire_state state = {0}, datagram = {0};
    size_t len = 0;
    zj_buf_from_hex(&tcp, ZJ_SPAN_LIT("0021 1234 0100 0001 0000 0000 0000 " QUESTION
                                      "0021 1235 0000 0001 0000 0000 0000 " QUESTION));
    const struct zj_span all = zj_buf_all(&tcp);
    assert_int_equal(codec->frame(&state, zj_span_part(all, 0, 20), &len), ZJ_STEP_MORE);
    assert_int_equal(codec->frame(&state, all, &len), ZJ_STEP_DONE);
    assert_int_equal(len, 35);
    codec->read(&state, zj_span_part(all, 0, len), &msg);
    assert_null(msg.error);
    assert_true(zj_span_eq_str(msg.topic, "www.example.org"));
    assert_int_equal(codec->frame(&state, zj_span_part(all, 35, 35), &len), ZJ_STEP_DONE);
    codec->read(&state, zj_span_part(all, 35, len), &msg);
    assert_null(msg.error);
    assert_int_equal(msg.serial, 0x1235);
    assert_int_equal(codec->frame(&datagram, zj_span_part(all, 2, 33), &len), ZJ_STEP_DONE);
    assert_int_equal(len, 33);
    assert_int_equal(codec->probe(zj_span_part(all, 2, 33)), ZJ_MATCH_YES);
    assert_int_equal(codec->probe(all), ZJ_MATCH_YES);
    assert_int_equal(codec->probe(ZJ_SPAN_LIT("GET /index.html HTTP/1.1")), ZJ_MATCH_NO);
    zj_buf_release(&tcp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_query),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_framing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
