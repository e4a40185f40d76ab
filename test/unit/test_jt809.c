/* Frames of JT/T 809 and packets of JT/T 1078 put together by hand from their tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>

#include <cmocka.h>

#include "wire/wire.h"

extern const struct zj_codec zj_codec_jt809, zj_codec_jt1078;

static uint16_t crc_bit_by_bit(const uint8_t *p, size_t len)
{
    uint16_t crc = 0xffff;
    for (size_t i = 0; i < len; i++)
        for (int bit = 7; bit >= 0; bit--) {
            const bool out = (crc >> 15 & 1) != (p[i] >> bit & 1);
            crc = (uint16_t)(crc << 1 ^ (out ? 0x1021 : 0));
        }
    return crc;
}

/* Marks, length, serial 7, id, centre 1, version 1.0.0, encrypted and key; the rest, CRC. */
static void build(struct zj_buf *out, const char *id_hex, const char *encrypted_and_key,
                  const char *rest_hex)
{
    struct zj_buf rest = {0}, plain = {0};
    char head[100];
    assert_true(zj_buf_from_hex(&rest, zj_span_str(rest_hex)));
    snprintf(head, sizeof head, "%08x 00000007 %s 00000001 010000 %s", (unsigned)rest.len + 26,
             id_hex, encrypted_and_key);
    assert_true(zj_buf_from_hex(&plain, zj_span_str(head)));
    zj_buf_span(&plain, zj_buf_all(&rest));
    const uint16_t crc = crc_bit_by_bit(plain.at, plain.len);
    zj_buf_byte(&plain, (uint8_t)(crc >> 8));
    zj_buf_byte(&plain, (uint8_t)crc);
    out->len = 0;
    zj_buf_byte(out, 0x5b);
    for (size_t i = 0; i < plain.len; i++) {
        const uint8_t c = plain.at[i];
        const bool is_5 = c == 0x5a || c == 0x5b, is_d = c == 0x5d || c == 0x5e;
        if (is_5 || is_d)
            zj_buf_byte(out, is_5 ? 0x5a : 0x5e);
        zj_buf_byte(out, !is_5 && !is_d ? c : c == 0x5b || c == 0x5d ? 1 : 2);
    }
    zj_buf_byte(out, 0x5d);
    zj_buf_release(&rest);
    zj_buf_release(&plain);
}

static void assert_span(struct zj_span got, const char *want)
{
    assert_int_equal(got.len, strlen(want));
    assert_memory_equal(got.at, want, got.len);
}

static void test_messages(void **state)
{
    (void)state;
    struct zj_buf f = {0};
    struct zj_msg msg;
    struct zj_wire_state wire = {0};
    build(&f, "1001", "00 00000000",
          "00002710 70617373 5b5a5d5e 3132372e302e302e31"
          "0000000000000000000000000000000000000000000000 22b9");
    zj_codec_jt809.read(&wire, zj_buf_all(&f), &msg);
    assert_null(msg.error);
    assert_string_equal(msg.edition, "2011");
    assert_int_equal(msg.kind, ZJ_MSG_PLATFORM_LOGIN);
    assert_int_equal(msg.serial, 7);
    assert_span(msg.user, "10000");
    assert_span(msg.secret, "pass[Z]^");
    assert_int_equal(zj_codec_jt809.probe(zj_span_part(zj_buf_all(&f), 0, 64)), ZJ_MATCH_YES);
    /* 2019: UTC in front of a link test that has no body */
    build(&f, "1005", "00 00000000", "000000005e02a507");
    zj_codec_jt809.read(&wire, zj_buf_all(&f), &msg);
    assert_null(msg.error);
    assert_string_equal(msg.edition, "2019");
    assert_int_equal(msg.kind, ZJ_MSG_HEARTBEAT);
    /* take-over of a vehicle by the superior platform */
    struct zj_buf body = {0};
    zj_buf_str(&body, "d4c14231323334350000000000000000000000000002 9505 00000091");
    for (int i = 0; i < 10 + 20 + 49 + 22; i++)
        zj_buf_str(&body, "00");
    zj_buf_str(&body, "3230332e302e3131332e3737");
    for (int i = 0; i < 20; i++)
        zj_buf_str(&body, "00");
    zj_buf_str(&body, "1b6a 1b6a 000000006553f100");
    build(&f, "9500", "00 00000000", zj_buf_cstr(&body));
    zj_codec_jt809.read(&wire, zj_buf_all(&f), &msg);
    assert_null(msg.error);
    assert_int_equal(msg.kind, ZJ_MSG_SWITCH_SERVER);
    assert_true(msg.is_down);
    assert_span(msg.host, "203.0.113.77");
    f.at[20] ^= 1;
    zj_codec_jt809.read(&wire, zj_buf_all(&f), &msg);
    assert_string_equal(msg.error, "bad_crc");
    zj_buf_release(&body);
    zj_buf_release(&f);
}

/* The cipher's published vector: key 256178 turns 01…07 into d34c7078a73a41. */
static void test_cipher(void **state)
{
    (void)state;
    struct zj_buf f = {0}, text = {0};
    struct zj_wire_state wire = {.m1 = 30000000, .ia1 = 20000000, .ic1 = 20000000};
    build(&f, "4242", "01 0003e8b2", "d34c7078a73a41");
    struct zj_json j = zj_json_to(&text);
    const char *edition;
    zj_json_object(&j);
    assert_null(zj_codec_jt809.print(&wire, zj_buf_all(&f), &j, &edition));
    zj_json_object_end(&j);
    assert_non_null(strstr(zj_buf_cstr(&text), "\"body\":{\"hex\":\"01020304050607\"}"));
    /* without the key the body stays closed, and the frame is valid */
    wire = (struct zj_wire_state){0};
    text.len = 0;
    j = zj_json_to(&text);
    zj_json_object(&j);
    assert_null(zj_codec_jt809.print(&wire, zj_buf_all(&f), &j, &edition));
    zj_json_object_end(&j);
    assert_null(strstr(zj_buf_cstr(&text), "body"));
    zj_buf_release(&f);
    zj_buf_release(&text);
}

static void test_video(void **state)
{
    (void)state;
    struct zj_buf f = {0};
    struct zj_msg msg;
    struct zj_wire_state wire = {0};
    size_t len = 0;
    /* an I frame with 6 bytes of SIM; the same with 10; pass-through; audio */
    static const char *const packets[] = {
        "30316364 81 e2 0001 013800138000 01 00 0000018bcfe56800 0000 0028 0002 aabb",
        "30316364 81 e2 0001 00000000013800138000 01 00 0000018bcfe56800 0000 0028 0002 aabb",
        "30316364 81 db 0001 013800138000 01 40 0001 aa",
        "30316364 81 86 0001 013800138000 01 30 0000018bcfe56800 0001 aa",
    };
    for (size_t i = 0; i < ZJ_COUNT(packets); i++) {
        f.len = 0;
        assert_true(zj_buf_from_hex(&f, zj_span_str(packets[i])));
        wire.sim_bytes = i == 1 ? 10 : 0;
        assert_int_equal(zj_codec_jt1078.frame(&wire, zj_buf_all(&f), &len), ZJ_STEP_DONE);
        assert_int_equal(len, f.len);
        for (size_t n = 1; n < f.len; n++)
            assert_int_equal(zj_codec_jt1078.frame(&wire, zj_span_part(zj_buf_all(&f), 0, n), &len),
                             ZJ_STEP_MORE);
        zj_codec_jt1078.read(&wire, zj_buf_all(&f), &msg);
        assert_null(msg.error);
        assert_int_equal(msg.kind, ZJ_MSG_MEDIA);
        assert_span(msg.phone, "13800138000");
    }
    f.at[15] = 0x50; /* a type that does not exist: its head cannot be measured */
    zj_codec_jt1078.read(&wire, zj_buf_all(&f), &msg);
    assert_string_equal(msg.error, "bad_data_type");
    assert_int_equal(zj_codec_jt1078.frame(&wire, zj_buf_all(&f), &len), ZJ_STEP_SKIP);
    assert_int_equal(zj_codec_jt1078.probe(ZJ_SPAN_LIT("01cd.example.com is a name")), ZJ_MATCH_NO);
    zj_buf_release(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_cipher),
        cmocka_unit_test(test_video),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
