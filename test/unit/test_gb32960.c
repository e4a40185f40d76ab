/* Frames of GB/T 32960.3 put together by hand from the tables of the standard. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire/wire.h"

extern const struct zj_codec zj_codec_gb32960;
static const struct zj_codec *const codec = &zj_codec_gb32960;

/* start, command, answer, VIN, cipher, length; unit; BCC (XOR from the command on, table 2) */
static void build(struct zj_buf *out, const char *start, uint8_t command, uint8_t answer,
                  uint8_t cipher, const char *unit_hex)
{
    struct zj_buf unit = {0};
    assert_true(zj_buf_from_hex(&unit, zj_span_str(unit_hex)));
    out->len = 0;
    zj_buf_str(out, start);
    zj_buf_byte(out, command);
    zj_buf_byte(out, answer);
    zj_buf_str(out, "LZJTESTA0A0000017");
    zj_buf_byte(out, cipher);
    zj_buf_byte(out, (uint8_t)(unit.len >> 8));
    zj_buf_byte(out, (uint8_t)unit.len);
    zj_buf_span(out, zj_buf_all(&unit));
    uint8_t bcc = 0;
    for (size_t i = 2; i < out->len; i++)
        bcc ^= out->at[i];
    zj_buf_byte(out, bcc);
    zj_buf_release(&unit);
}

static void read_built(struct zj_buf *frame, struct zj_msg *msg)
{
    struct zj_wire_state state = {0};
    codec->read(&state, zj_buf_all(frame), msg);
}

static void assert_span(struct zj_span got, const char *want)
{
    assert_int_equal(got.len, strlen(want));
    assert_memory_equal(got.at, want, got.len);
}

static void test_login(void **state)
{
    (void)state;
    struct zj_buf f = {0};
    struct zj_msg msg;
    /* 2024-02-29 23:59:59 Beijing = 1709222399 UTC; serial 258; ICCID; no battery codes */
    build(&f, "##", 1, 0xfe, 1,
          "18021d173b3b 0102 3839383630343139 3430303030303030 30303132 00 00");
    read_built(&f, &msg);
    assert_null(msg.error);
    assert_int_equal(msg.kind, ZJ_MSG_LOGIN);
    assert_string_equal(msg.edition, "2016");
    assert_int_equal(msg.answer, ZJ_ANSWER_NONE);
    assert_int_equal(msg.serial, 258);
    assert_span(msg.iccid, "89860419400000000012");
    assert_span(msg.vin, "LZJTESTA0A0000017");
    assert_int_equal(msg.time_s, 1709222399);
    assert_false(msg.is_down);

    build(&f, "$$", 1, 4, 1, "18021d173b3b"); /* 2025 answer: VIN not known */
    read_built(&f, &msg);
    assert_null(msg.error);
    assert_int_equal(msg.kind, ZJ_MSG_ANSWER);
    assert_int_equal(msg.answer, 4);
    assert_int_equal(msg.answered, 1);
    assert_true(msg.is_down);
    zj_buf_release(&f);
}

static void test_position(void **state)
{
    (void)state;
    struct zj_buf f = {0};
    struct zj_msg msg;
    /* table 15: longitude first; bit 1 south, bit 2 west */
    build(&f, "##", 2, 0xfe, 1, "18021d173b3b 05 02 06f01448 026113ef");
    read_built(&f, &msg);
    assert_null(msg.error);
    assert_true(msg.has_position);
    assert_int_equal(msg.lon_e6, 116397128);
    assert_int_equal(msg.lat_e6, -39916527);
    build(&f, "$$", 3, 0xfe, 1, "18021d173b3b 05 00 02 06f01448 026113ef");
    read_built(&f, &msg);
    assert_int_equal(msg.kind, ZJ_MSG_REISSUE);
    assert_int_equal(msg.coordinates, 2);
    build(&f, "##", 2, 0xfe, 1, "18021d173b3b 05 01 06f01448 026113ef");
    read_built(&f, &msg);
    assert_null(msg.error);
    assert_false(msg.has_position);
    zj_buf_release(&f);
}

static void test_upgrade(void **state)
{
    (void)state;
    struct zj_buf f = {0};
    struct zj_msg msg;
    /* table B.16; the port is 0x3b3b: two semicolons, which only widths can tell */
    build(&f, "##", 0x82, 0xfe, 1,
          "18021d173b3b 01 3b 3b 3b 0000cb00714d 3b 3b3b 3b 41424344 3b 4857303031 3b 5357303032 3b"
          "687474703a2f2f6f74612e6578616d706c652e636f6d2f612e62696e 3b 001e");
    read_built(&f, &msg);
    assert_null(msg.error);
    assert_int_equal(msg.kind, ZJ_MSG_UPGRADE);
    assert_true(msg.is_down);
    assert_span(msg.version, "SW002");
    assert_span(msg.host, "ota.example.com");
    assert_span(msg.url, "http://ota.example.com/a.bin");
    build(&f, "##", 0x82, 0xfe, 1,
          "18021d173b3b 01 3b 3b 3b 0000cb00714d 3b 0015 3b 41424344 3b 4857303031 3b 5357303032 3b"
          "3b 001e");
    read_built(&f, &msg);
    assert_null(msg.error);
    assert_span(msg.host, "203.0.113.77");
    assert_span(msg.url, "203.0.113.77:21");
    zj_buf_release(&f);
}

struct verdict {
    const char *label, *start;
    uint8_t command, answer, cipher;
    const char *unit, *error;
};

static const struct verdict verdicts[] = {
    {"heartbeat", "##", 7, 0xfe, 1, "", NULL},
    {"heartbeat with a body", "##", 7, 0xfe, 1, "00", "body_trailing_bytes"},
    {"time answer", "##", 8, 1, 1, "18021d173b3b", NULL},
    {"encrypted, not looked into", "##", 2, 0xfe, 3, "ff", NULL},
    {"reserved command, not looked into", "##", 0x20, 0xfe, 1, "0102", NULL},
    {"report without items", "##", 2, 0xfe, 1, "18021d173b3b", NULL},
    {"report without time", "##", 2, 0xfe, 1, "18021d173b", "truncated"},
    {"vehicle item of 2025 under 2016", "##", 2, 0xfe, 1,
     "18021d173b3b 01 010301000000000000000e102710640114ffff", "truncated"},
    {"unknown item", "##", 2, 0xfe, 1, "18021d173b3b 30", "unknown_info_type_0x30"},
    {"signature only in 2025", "##", 2, 0xfe, 1, "18021d173b3b ff", "unknown_info_type_0xff"},
    {"count of motors runs out", "##", 2, 0xfe, 1, "18021d173b3b 02 02 000000000000000000000000",
     "truncated"},
    {"fault count is the invalid marker", "##", 2, 0xfe, 1,
     "18021d173b3b 07 00 00000000 ff fe 00 00", NULL},
    {"own item", "##", 2, 0xfe, 1, "18021d173b3b 80 0001 aa", NULL},
    {"own item cut", "##", 2, 0xfe, 1, "18021d173b3b 80 0002 aa", "truncated"},
    {"parameters", "##", 0x81, 0xfe, 1, "18021d173b3b 02 04 03 05 612e62", NULL},
    {"domain before its length", "##", 0x81, 0xfe, 1, "18021d173b3b 01 05 612e62",
     "domain_before_length"},
    {"unknown parameter", "##", 0x81, 0xfe, 1, "18021d173b3b 01 11 00", "unknown_param_0x11"},
    {"upgrade cut", "##", 0x82, 0xfe, 1, "18021d173b3b 01 3b 3b 3b 0000cb00714d", "truncated"},
    {"code bytes of a login cut", "##", 1, 0xfe, 1,
     "18021d173b3b 0001 3030303030303030303030303030303030303030 02 02 414243", "truncated"},
    {"codes of 2025 are 24 bytes", "$$", 1, 0xfe, 1,
     "18021d173b3b 0001 3030303030303030303030303030303030303030 01 01 "
     "414141414141414141414141414141414141414141414141",
     NULL},
};

static void test_verdicts(void **state)
{
    (void)state;
    struct zj_buf f = {0}, text = {0};
    for (size_t i = 0; i < ZJ_COUNT(verdicts); i++) {
        const struct verdict *v = &verdicts[i];
        struct zj_wire_state wire = {0};
        struct zj_msg msg;
        build(&f, v->start, v->command, v->answer, v->cipher, v->unit);
        codec->read(&wire, zj_buf_all(&f), &msg);
        struct zj_json j = zj_json_to(&text);
        text.len = 0;
        zj_json_object(&j);
        const char *edition, *error = codec->print(&wire, zj_buf_all(&f), &j, &edition);
        zj_json_object_end(&j);
        const char *want = v->error ? v->error : "valid";
        if (strcmp(want, msg.error ? msg.error : "valid") != 0)
            fail_msg("%s: read says %s", v->label, msg.error ? msg.error : "valid");
        if (strcmp(want, error ? error : "valid") != 0)
            fail_msg("%s: print says %s", v->label, error ? error : "valid");
        assert_int_equal(j.depth, 0);
    }
    zj_buf_release(&f);
    zj_buf_release(&text);
}

static void test_stream(void **state)
{
    (void)state;
    struct zj_buf f = {0}, all = {0};
    struct zj_wire_state wire = {0};
    size_t len = 0;
    build(&f, "##", 7, 0xfe, 1, "");
    zj_buf_str(&all, "x#$#y");
    zj_buf_span(&all, zj_buf_all(&f));
    assert_int_equal(codec->frame(&wire, zj_buf_all(&all), &len), ZJ_STEP_SKIP);
    assert_int_equal(len, 5);
    const struct zj_span rest = zj_span_part(zj_buf_all(&all), 5, 99);
    for (size_t n = 1; n < 25; n++)
        assert_int_equal(codec->frame(&wire, zj_span_part(rest, 0, n), &len), ZJ_STEP_MORE);
    assert_int_equal(codec->frame(&wire, rest, &len), ZJ_STEP_DONE);
    assert_int_equal(len, 25);
    assert_int_equal(codec->probe(rest), ZJ_MATCH_YES);
    assert_int_equal(codec->probe(zj_span_part(rest, 0, 10)), ZJ_MATCH_MAYBE);
    assert_int_equal(codec->probe(ZJ_SPAN_LIT("## heading")), ZJ_MATCH_NO);
    zj_buf_release(&f);
    zj_buf_release(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_login),   cmocka_unit_test(test_position),
        cmocka_unit_test(test_upgrade), cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
