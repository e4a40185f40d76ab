/* Expected values are read off the tables and normative statements of OASIS MQTT 3.1.1 and 5.0. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire/wire.h"

struct row {
    uint8_t level;
    const char *hex;
    const char *error; /* NULL: valid */
};

static const struct row rows[] = {
    /* CONNECT, 3.1.1: clean, keep alive 60, client "ab" */
    {0, "100e 0004 4d515454 04 02 003c 0002 6162", NULL},
    {0, "100e 0004 4d515454 04 03 003c 0002 6162", "bad_connect_flags"}, /* [MQTT-3.1.2-3] */
    {0, "100e 0004 4d515454 04 0a 003c 0002 6162", "bad_will_flags"},    /* QoS without will */
    {0, "100e 0004 4d515454 04 1e 003c 0002 6162", "bad_will_flags"},    /* will QoS 3 */
    {0, "100e 0004 4d515454 04 42 003c 0002 6162", "password_without_username"},
    {0, "100f 0004 4d515454 05 02 003c 00 0002 6162", NULL},
    {0, "1013 0004 4d515454 05 42 003c 00 0002 6162 0002 7077", NULL}, /* 5.0 allows it */
    {0, "100c 0004 4d515454 04 00 003c 0000", "empty_client_id"},      /* [MQTT-3.1.3-8] */
    {0, "100c 0004 4d515454 04 02 003c 0000", NULL},
    {0, "100e 0004 4d515454 06 02 003c 0002 6162", "bad_protocol"},
    {0, "100f 0004 4d515454 04 02 003c 0002 6162 00", "trailing_bytes"},
    {0, "1012 0004 4d515454 05 02 003c 03 21 0000 0002 6162", "bad_property_value"},
    {0, "1014 0004 4d515454 05 02 003c 05 16 0002 6162 0002 6162", "auth_data_without_method"},
    {0, "1011 0004 4d515454 05 02 003c 02 24 01 0002 6162", "property_not_allowed"},
    /* CONNACK */
    {4, "2002 00 00", NULL},
    {4, "2002 01 05", "bad_connack_flags"}, /* [MQTT-3.2.2-4] */
    {4, "2002 00 06", "bad_reason"},
    {5, "2003 00 84 00", NULL},
    {5, "2003 00 05 00", "bad_reason"},
    {5, "2006 00 00 03 22 000a", NULL},
    /* PUBLISH */
    {4, "3003 0001 61", NULL},
    {4, "3602 0001", "bad_qos"},
    {4, "3002 0000", "empty_topic"},
    {5, "3003 0000 00", "empty_topic"}, /* no alias either */
    {5, "3006 0000 03 23 0001", NULL},
    {5, "3006 0000 03 23 0000", "bad_property_value"},
    {4, "3005 0003 612f2b", "wildcard_in_topic"},
    {4, "3004 0002 c080", "bad_utf8"},                       /* overlong NUL */
    {5, "3008 0001 61 04 08 0001 23", "bad_property_value"}, /* response topic with # */
    /* SUBSCRIBE, UNSUBSCRIBE */
    {4, "8208 0001 0003 612f23 02", NULL},
    {4, "8208 0001 0003 612323 02", "bad_filter"},
    {4, "820a 0001 0005 2b2f2b2f2b 00", NULL},
    {4, "8206 0001 0001 61 04", "bad_subscribe_options"}, /* no local is of 5.0 */
    {5, "8207 0001 00 0001 61 2d", NULL},
    {5, "8207 0001 00 0001 61 30", "bad_subscribe_options"}, /* retain handling 3 */
    {5, "8210 0001 00 000a 2473686172652f672f61 00", NULL},  /* $share/g/a */
    {5, "820f 0001 00 0009 2473686172652f672f 00", "bad_filter"},
    {5, "8210 0001 00 000a 2473686172652f672f61 04", "no_local_on_shared"},
    {5, "8209 0001 02 0b 00 0001 61 00", "bad_property_value"},
    {4, "a205 0001 0001 61", NULL},
    {4, "a206 0001 0002 2b61", "bad_filter"},
    /* answers */
    {4, "9003 0001 80", NULL},
    {4, "9003 0001 03", "bad_reason"},
    {5, "9004 0001 00 a2", NULL},
    {5, "b004 0001 00 11", NULL},
    {5, "4003 0001 92", "bad_reason"}, /* only of PUBREL and PUBCOMP */
    {5, "6203 0001 92", NULL},
    {5, "e001 8e", NULL},
    {5, "e000", NULL},
    {4, "e001 00", "trailing_bytes"},
    {4, "f000", "reserved_type"},
    {5, "f002 18 00", NULL},
    {4, "0000", "reserved_type"},
    {4, "c000", NULL},
    {4, "c001 00", "trailing_bytes"},
    {5, "c080 00", "bad_varint"}, /* [MQTT-1.5.5-1]: the fewest bytes */
};

static struct zj_msg msg;

static void test_rows(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ZJ_COUNT(rows); i++) {
        struct zj_buf bytes = {0}, text = {0};
        struct zj_json json = zj_json_to(&text);
        struct zj_wire_state state = {.mqtt_level = rows[i].level};
        const char *edition;
        assert_true(zj_buf_from_hex(&bytes, zj_span_str(rows[i].hex)));
        const struct zj_codec *codec = zj_codec_find(ZJ_SPAN_LIT("mqtt"));
        codec->read(&state, zj_buf_all(&bytes), &msg);
        zj_json_object(&json);
        const char *error = codec->print(&state, zj_buf_all(&bytes), &json, &edition);
        if (rows[i].error ? !error || strcmp(error, rows[i].error) != 0 : error != NULL)
            fail_msg("%s: %s", rows[i].hex, error ? error : "valid");
        assert_ptr_equal(msg.error, error);
        zj_buf_release(&bytes);
        zj_buf_release(&text);
    }
}

static const struct zj_msg *read_hex(struct zj_wire_state *state, struct zj_buf *bytes,
                                     const char *hex)
{
    bytes->len = 0;
    assert_true(zj_buf_from_hex(bytes, zj_span_str(hex)));
    zj_codec_find(ZJ_SPAN_LIT("mqtt"))->read(state, zj_buf_all(bytes), &msg);
    assert_null(msg.error);
    return &msg;
}

static void test_messages(void **unused)
{
    (void)unused;
    struct zj_wire_state state = {0};
    struct zj_buf b = {0};
    const struct zj_msg *m =
        read_hex(&state, &b, "1015 0004 4d515454 05 c2 003c 00 0001 63 0001 75 0002 7077");
    assert_int_equal(m->kind, ZJ_MSG_CONNECT);
    assert_true(zj_span_eq_str(m->client, "c") && zj_span_eq_str(m->user, "u"));
    assert_true(zj_span_eq_str(m->secret, "pw"));
    assert_int_equal(state.mqtt_level, 5);
    m = read_hex(&state, &b, "3308 0001 74 0007 00 6869");
    assert_int_equal(m->kind, ZJ_MSG_PUBLISH);
    assert_true(m->retain && m->qos == 1 && m->serial == 7);
    assert_true(zj_span_eq_str(m->topic, "t") && zj_span_eq_str(m->payload, "hi"));
    m = read_hex(&state, &b, "820b 0001 00 0001 61 00 0001 23 00");
    assert_int_equal(m->kind, ZJ_MSG_SUBSCRIBE);
    assert_true(zj_span_eq_str(m->topic, "#")); /* the one that asks for most */
    m = read_hex(&state, &b, "2003 00 87 00");
    assert_int_equal(m->kind, ZJ_MSG_ANSWER);
    assert_int_equal(m->answer, 0x87);
    m = read_hex(&state, &b, "9005 0001 00 01 87");
    assert_int_equal(m->answer, 0x87);
    m = read_hex(&state, &b, "9004 0001 00 02");
    assert_int_equal(m->answer, 0); /* a granted QoS is no refusal */
    zj_buf_release(&b);
}

static void test_long_publish_is_cut(void **unused)
{
    (void)unused;
    const struct zj_codec *codec = zj_codec_find(ZJ_SPAN_LIT("mqtt"));
    const size_t body = 200000;
    struct zj_buf b = {0};
    struct zj_wire_state state = {.mqtt_level = 4};
    size_t len = 0;
    zj_buf_from_hex(&b, ZJ_SPAN_LIT("30 c09a0c 0001 74"));
    while (b.len < 4 + body)
        zj_buf_byte(&b, 'x');
    const struct zj_span all = zj_buf_all(&b);
    assert_int_equal(codec->frame(&state, zj_span_part(all, 0, 1000), &len), ZJ_STEP_MORE);
    assert_int_equal(codec->frame(&state, all, &len), ZJ_STEP_DONE);
    assert_int_equal(len, codec->frame_bytes_max);
    codec->read(&state, zj_span_part(all, 0, len), &msg);
    assert_null(msg.error);
    assert_int_equal(msg.payload.len, len - 4 - 3);
    const struct zj_span tail = zj_span_part(all, len, SIZE_MAX);
    assert_int_equal(codec->frame(&state, tail, &len), ZJ_STEP_SKIP);
    assert_int_equal(len, tail.len);
    assert_int_equal(state.body_left, 0);
    zj_buf_release(&b);
}

static void test_probe(void **unused)
{
    (void)unused;
    static const struct {
        const char *hex;
        enum zj_match match;
    } starts[] = {
        {"100e 0004 4d515454 04 02 003c 0002 6162", ZJ_MATCH_YES},
        {"1011 0006 4d5149736470 03 02 003c", ZJ_MATCH_YES},
        {"100e 0004 4d51", ZJ_MATCH_MAYBE},
        {"100e 0004 48545450 04", ZJ_MATCH_NO},
        {"2002 0000", ZJ_MATCH_YES},
        {"2002 0000 9003", ZJ_MATCH_YES},
        {"2002 0000 0000", ZJ_MATCH_NO},
        {"2002 0200", ZJ_MATCH_NO},
        {"200d 0000 0a 22000a 27000f4240", ZJ_MATCH_YES},
        {"474554202f20", ZJ_MATCH_NO},
    };
    for (size_t i = 0; i < ZJ_COUNT(starts); i++) {
        struct zj_buf b = {0};
        zj_buf_from_hex(&b, zj_span_str(starts[i].hex));
        if (zj_codec_find(ZJ_SPAN_LIT("mqtt"))->probe(zj_buf_all(&b)) != starts[i].match)
            fail_msg("%s", starts[i].hex);
        zj_buf_release(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_long_publish_is_cut),
        cmocka_unit_test(test_probe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
