/* Frames of JT/T 808 put together by hand from the tables of the standard. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire/wire.h"

extern const struct zj_codec zj_codec_jt808;
static const struct zj_codec *const codec = &zj_codec_jt808;

/* Head, body, xor; 7e and 7d escaped between the marks (4.4.2). */
static void build(struct zj_buf *out, uint16_t id, bool is_2019, const char *body_hex)
{
    struct zj_buf body = {0}, plain = {0};
    assert_true(zj_buf_from_hex(&body, zj_span_str(body_hex)));
    const uint16_t properties = (uint16_t)(body.len | (is_2019 ? 0x4000 : 0));
    zj_buf_byte(&plain, (uint8_t)(id >> 8));
    zj_buf_byte(&plain, (uint8_t)id);
    zj_buf_byte(&plain, (uint8_t)(properties >> 8));
    zj_buf_byte(&plain, (uint8_t)properties);
    assert_true(zj_buf_from_hex(
        &plain, zj_span_str(is_2019 ? "01 00000000013800138000 0007" : "013800138000 0007")));
    zj_buf_span(&plain, zj_buf_all(&body));
    uint8_t check = 0;
    for (size_t i = 0; i < plain.len; i++)
        check ^= plain.at[i];
    zj_buf_byte(&plain, check);
    out->len = 0;
    zj_buf_byte(out, 0x7e);
    for (size_t i = 0; i < plain.len; i++) {
        const uint8_t c = plain.at[i];
        zj_buf_byte(out, c == 0x7e ? 0x7d : c);
        if (c == 0x7e || c == 0x7d)
            zj_buf_byte(out, c == 0x7e ? 2 : 1);
    }
    zj_buf_byte(out, 0x7e);
    zj_buf_release(&body);
    zj_buf_release(&plain);
}

static void assert_span(struct zj_span got, const char *want)
{
    assert_int_equal(got.len, strlen(want));
    assert_memory_equal(got.at, want, got.len);
}

static void read_built(struct zj_buf *frame, struct zj_msg *msg)
{
    struct zj_wire_state state = {0};
    codec->read(&state, zj_buf_all(frame), msg);
    assert_null(msg->error);
}

static void test_location(void **state)
{
    (void)state;
    struct zj_buf f = {0};
    struct zj_msg msg;
    /* SOS, fixed and west; altitude 0x7e7d needs both escapes; 2024-02-29 23:59:59 */
    build(&f, 0x0200, false,
          "00000001 0000000a 026113ef 06f01448 7e7d 025d 005a 240229235959 0104 00000064");
    read_built(&f, &msg);
    assert_int_equal(msg.kind, ZJ_MSG_REPORT);
    assert_true(msg.is_life_safety);
    assert_true(msg.has_position);
    assert_int_equal(msg.lat_e6, 39916527);
    assert_int_equal(msg.lon_e6, -116397128);
    assert_int_equal(msg.time_s, 1709222399);
    assert_int_equal(msg.serial, 7);
    assert_span(msg.phone, "13800138000");
    build(&f, 0x0704, true,
          "0001 01 001c 00000000 00000002 026113ef 06f01448 0000 0000 0000 240229235959");
    read_built(&f, &msg);
    assert_int_equal(msg.kind, ZJ_MSG_REISSUE);
    assert_string_equal(msg.edition, "2019");
    assert_int_equal(msg.lon_e6, 116397128);
    zj_buf_release(&f);
}

static void test_identity(void **state)
{
    (void)state;
    struct zj_buf f = {0};
    struct zj_msg msg;
    build(&f, 0x0102, false, "414243");
    read_built(&f, &msg);
    assert_int_equal(msg.kind, ZJ_MSG_LOGIN);
    assert_span(msg.secret, "ABC");
    build(&f, 0x0102, true,
          "03 414243 313131313131313131313131313131 56312e30 00000000000000000000000000000000");
    read_built(&f, &msg);
    assert_span(msg.secret, "ABC");
    assert_span(msg.version, "V1.0");
    /* 2011 with a VIN (colour 0): longer than the fixed part of 2013 */
    build(&f, 0x0100, false,
          "000b 0001 4142434445 4d4f44454c000000 49443030303031 00"
          "4c5a4a54455354413041303030303031 37");
    read_built(&f, &msg);
    assert_string_equal(msg.edition, "2011");
    assert_span(msg.client, "ID00001");
    assert_span(msg.vin, "LZJTESTA0A0000017");
    build(&f, 0x0107, false,
          "0000 4142434445 4d4f44454c00000000000000000000000000 0000 49443030303031"
          "89860419400000000012 01 31 05 322e302e31 00 00");
    read_built(&f, &msg);
    assert_int_equal(msg.kind, ZJ_MSG_ATTRIBUTES);
    assert_span(msg.iccid, "89860419400000000012");
    assert_span(msg.version, "2.0.1");
    zj_buf_release(&f);
}

static void test_commands(void **state)
{
    (void)state;
    struct zj_buf f = {0};
    struct zj_msg msg;
    /* 01 "http://h.example/a;;;;;;;;;V2;0" */
    build(&f, 0x8105, false,
          "01 687474703a2f2f682e6578616d706c652f61 3b3b3b3b3b3b3b3b3b 5632 3b 30");
    read_built(&f, &msg);
    assert_int_equal(msg.kind, ZJ_MSG_UPGRADE);
    assert_true(msg.is_down);
    assert_span(msg.host, "h.example");
    assert_span(msg.version, "V2");
    /* 02 "0;c;;;;9.8.7.6;1;2;0" */
    build(&f, 0x8105, false, "02 303b633b3b3b3b392e382e372e363b313b323b30");
    read_built(&f, &msg);
    assert_int_equal(msg.kind, ZJ_MSG_SWITCH_SERVER);
    assert_span(msg.host, "9.8.7.6");
    build(&f, 0x8105, false, "04");
    read_built(&f, &msg);
    assert_int_equal(msg.kind, ZJ_MSG_CONTROL);
    build(&f, 0x8103, false, "01 00000013 09 682e6578616d706c65");
    read_built(&f, &msg);
    assert_int_equal(msg.kind, ZJ_MSG_SWITCH_SERVER);
    assert_span(msg.host, "h.example");
    build(&f, 0x8103, false, "01 00000029 04 0000001e");
    read_built(&f, &msg);
    assert_int_equal(msg.kind, ZJ_MSG_PARAMETERS);
    build(&f, 0x8001, false, "0003 0102 01");
    read_built(&f, &msg);
    assert_int_equal(msg.kind, ZJ_MSG_ANSWER);
    assert_int_equal(msg.answered, 0x0102);
    assert_int_equal(msg.answered_serial, 3);
    assert_int_equal(msg.answer, 1);
    build(&f, 0x8400, false, "01 3130303836");
    read_built(&f, &msg);
    assert_int_equal(msg.kind, ZJ_MSG_EAVESDROP);
    build(&f, 0x8900, false, "f1 021001");
    read_built(&f, &msg);
    assert_int_equal(msg.kind, ZJ_MSG_PASSTHROUGH_DOWN);
    assert_int_equal(msg.payload.len, 3);
    build(&f, 0x8108, false, "00 4142434445 02 5632 00000004 7f454c46");
    read_built(&f, &msg);
    assert_int_equal(msg.kind, ZJ_MSG_UPGRADE);
    assert_span(msg.version, "V2");
    zj_buf_release(&f);
}

struct verdict {
    const char *label, *hex, *error;
};

static const struct verdict verdicts[] = {
    {"heartbeat", "7e 0002 0000 013800138000 0001 a9 7e", NULL},
    {"wrong xor", "7e 0002 0000 013800138000 0001 a8 7e", "bad_checksum"},
    {"the standard's escape example, which is no message", "7e 30 7d02 08 7d01 55 7e",
     "header_short"},
    {"escape before the mark", "7e 0002 0000 013800138000 0001 7d 7e", "bad_escape"},
    {"escape of another byte", "7e 0002 0000 013800138000 0001 7d03 7e", "bad_escape"},
    {"mark inside", "7e 0002 0000 7e 3800138000 0001 a9 7e", "delimiter_inside"},
    {"length in head too large", "7e 0002 0001 013800138000 0001 a8 7e", "body_length_mismatch"},
    {"no opening mark", "00 7e", "bad_start"},
    {"encrypted: body not read", "7e 0200 0401 013800138000 0001 ff 53 7e", NULL},
    {"fragment: body not read", "7e 0200 2001 013800138000 0001 0002 0001 ff 74 7e", NULL},
    {"location cut", "7e 0200 0001 013800138000 0001 ff 57 7e", "truncated"},
    {"heartbeat with a body", "7e 0002 0001 013800138000 0001 ff 57 7e", "body_trailing_bytes"},
};

static void test_verdicts(void **state)
{
    (void)state;
    struct zj_buf f = {0}, text = {0};
    for (size_t i = 0; i < ZJ_COUNT(verdicts); i++) {
        const struct verdict *v = &verdicts[i];
        struct zj_wire_state wire = {0};
        struct zj_msg msg;
        f.len = text.len = 0;
        assert_true(zj_buf_from_hex(&f, zj_span_str(v->hex)));
        codec->read(&wire, zj_buf_all(&f), &msg);
        struct zj_json j = zj_json_to(&text);
        zj_json_object(&j);
        const char *edition, *error = codec->print(&wire, zj_buf_all(&f), &j, &edition);
        const char *want = v->error ? v->error : "valid";
        if (strcmp(want, msg.error ? msg.error : "valid") != 0)
            fail_msg("%s: read says %s", v->label, msg.error ? msg.error : "valid");
        if (strcmp(want, error ? error : "valid") != 0)
            fail_msg("%s: print says %s", v->label, error ? error : "valid");
    }
    zj_buf_release(&f);
    zj_buf_release(&text);
}

static void test_framing(void **state)
{
    (void)state;
    struct zj_wire_state wire = {0};
    size_t len = 0;
    struct zj_buf f = {0};
    assert_true(zj_buf_from_hex(&f, zj_span_str("0102 7e7e 0002 0000 013800138000 0001 a9 7e 7e")));
    const struct zj_span all = zj_buf_all(&f);
    assert_int_equal(codec->frame(&wire, all, &len), ZJ_STEP_SKIP);
    assert_int_equal(len, 2);
    assert_int_equal(codec->frame(&wire, zj_span_part(all, 2, 99), &len), ZJ_STEP_SKIP);
    assert_int_equal(len, 1);
    assert_int_equal(codec->frame(&wire, zj_span_part(all, 3, 99), &len), ZJ_STEP_DONE);
    assert_int_equal(len, 15);
    assert_int_equal(codec->frame(&wire, zj_span_part(all, 3, 14), &len), ZJ_STEP_MORE);
    assert_int_equal(codec->probe(zj_span_part(all, 3, 15)), ZJ_MATCH_YES);
    assert_int_equal(codec->probe(zj_span_part(all, 3, 5)), ZJ_MATCH_MAYBE);
    assert_int_equal(codec->probe(ZJ_SPAN_LIT("~~~ text of another kind ~~~")), ZJ_MATCH_NO);
    zj_buf_release(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_location), cmocka_unit_test(test_identity),
        cmocka_unit_test(test_commands), cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_framing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
