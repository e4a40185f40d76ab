/* Frames found inside bytes whose beginning is missing: of every codec that can, from every place
 * within a frame, and never in noise. Frames by hand from the tables of the standards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "wire/wire.h"

static const struct {
    const char *protocol, *hex;
} frames[] = {
    {"gb32960", "232307fe4c5a4a544553543130303030303030313101000048"},
    {"jt808", "7e 0002 0000 013800138000 0001 a9 7e"},
    {"jt809", "5b0000001affffffff10060133efb80100000000000000ad335d"},
    {"jt1078", "30316364 81 62 0001 013800138000 01 30 0000018bcfe56800 0008 0102030405060708"},
    /* PUBLISH of "car/1" with {"v":30,"s":0} */
    {"mqtt", "30 15 0005 6361722f31 7b2276223a33302c2273223a307d"},
    {"mqtt", "32 17 0005 6361722f31 0007 7b2276223a33302c2273223a307d"},
};

static const struct zj_codec *codec_of(size_t i)
{
    return zj_codec_find(zj_span_str(frames[i].protocol));
}

static struct zj_buf frame_of(size_t i)
{
    struct zj_buf frame = {0};
    assert_true(zj_buf_from_hex(&frame, zj_span_str(frames[i].hex)));
    if (strcmp(frames[i].protocol, "gb32960") == 0) /* the XOR of what is between */
        frame.at[frame.len - 1] = zj_xor8(zj_span_of(frame.at + 2, frame.len - 3));
    return frame;
}

/* Finds in a copy that ends where its memory ends. */
static enum zj_step find(const struct zj_codec *codec, struct zj_span in, bool is_known, size_t *at)
{
    struct zj_wire_state state = {0};
    uint8_t *exact = zj_alloc(in.len);
    memcpy(exact, in.at, in.len);
    const enum zj_step step = codec->find(&state, zj_span_of(exact, in.len), is_known, at);
    free(exact);
    return step;
}

static void behind_the_end_of_another(void **state)
{
    (void)state;
    for (size_t i = 0; i < ZJ_COUNT(frames); i++) {
        struct zj_buf frame = frame_of(i), stream = {0};
        for (int n = 0; n < 3; n++)
            zj_buf_span(&stream, zj_buf_all(&frame));
        for (size_t cut = 0; cut < frame.len; cut++)
            for (int is_known = 0; is_known < 2; is_known++) {
                const struct zj_span in = zj_span_part(zj_buf_all(&stream), cut, stream.len);
                size_t at = SIZE_MAX;
                assert_int_equal(find(codec_of(i), in, is_known, &at), ZJ_STEP_DONE);
                assert_int_equal(at, cut ? frame.len - cut : 0);
            }
        zj_buf_release(&frame);
        zj_buf_release(&stream);
    }
}

/* What is at the end of a segment and is not whole is waited for, or believed by its head: it is
 * never passed over. MQTT has no mark: a topic that is not whole shows nothing there. */
static void at_the_end_of_a_segment(void **state)
{
    (void)state;
    for (size_t i = 0; i < ZJ_COUNT(frames); i++) {
        struct zj_buf frame = frame_of(i), in = {0};
        zj_buf_span(&in, ZJ_SPAN_LIT("\x80\x81\x82"));
        for (size_t n = 1; n < frame.len && strcmp(frames[i].protocol, "mqtt") != 0; n++) {
            size_t at = SIZE_MAX;
            zj_buf_byte(&in, frame.at[n - 1]);
            assert_int_not_equal(find(codec_of(i), zj_buf_all(&in), true, &at), ZJ_STEP_SKIP);
            assert_int_equal(at, 3);
        }
        zj_buf_release(&frame);
        zj_buf_release(&in);
    }
}

/* With one bit turned a frame that has a check is none, and the next one is found. */
static void a_bad_check_is_passed_over(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct zj_buf frame = frame_of(i), in = {0};
        zj_buf_span(&in, zj_buf_all(&frame));
        in.at[frame.len - 4] ^= 1;
        zj_buf_span(&in, zj_buf_all(&frame));
        size_t at = SIZE_MAX;
        assert_int_equal(find(codec_of(i), zj_buf_all(&in), true, &at), ZJ_STEP_DONE);
        assert_int_equal(at, frame.len);
        zj_buf_release(&frame);
        zj_buf_release(&in);
    }
}

/* Where MQTT is known a segment may start with what has no topic; elsewhere that shows nothing. */
static void mqtt_without_a_topic(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        enum zj_step known, unknown;
    } cases[] = {
        {"40 02 0007", ZJ_STEP_DONE, ZJ_STEP_SKIP},              /* PUBACK */
        {"c0 00", ZJ_STEP_DONE, ZJ_STEP_SKIP},                   /* PINGREQ */
        {"90 03 0001 01 40 02 0007", ZJ_STEP_DONE, ZJ_STEP_SKIP}, /* SUBACK, PUBACK */
        {"40 02 00", ZJ_STEP_MORE, ZJ_STEP_SKIP},
        {"41 02 0007", ZJ_STEP_SKIP, ZJ_STEP_SKIP}, /* reserved flags */
        {"40 02 0000", ZJ_STEP_SKIP, ZJ_STEP_SKIP}, /* no packet has the id 0 */
        {"30 05 0003 612f62", ZJ_STEP_DONE, ZJ_STEP_DONE},
        {"30 05 0003 610162", ZJ_STEP_SKIP, ZJ_STEP_SKIP},       /* a control character */
        {"30 05 0003 612f2b", ZJ_STEP_SKIP, ZJ_STEP_SKIP},       /* a wildcard */
        {"30 ff7f 0003 612f62 31", ZJ_STEP_DONE, ZJ_STEP_SKIP},  /* the rest is to come */
    };
    const struct zj_codec *codec = zj_codec_find(ZJ_SPAN_LIT("mqtt"));
    for (size_t i = 0; i < ZJ_COUNT(cases); i++) {
        struct zj_buf in = {0};
        size_t at;
        assert_true(zj_buf_from_hex(&in, zj_span_str(cases[i].hex)));
        assert_int_equal(find(codec, zj_buf_all(&in), true, &at), cases[i].known);
        assert_int_equal(find(codec, zj_buf_all(&in), false, &at), cases[i].unknown);
        zj_buf_release(&in);
    }
}

static void noise_holds_none(void **state)
{
    (void)state;
    enum { SEGMENT = 1448, SEGMENTS = 2000 };
    uint64_t x = 1;
    uint8_t segment[SEGMENT];
    for (int n = 0; n < SEGMENTS; n++) {
        for (size_t i = 0; i < SEGMENT; i++) {
            x = x * UINT64_C(6364136223846793005) + 1442695040888963407U;
            segment[i] = (uint8_t)(x >> 56);
        }
        for (size_t i = 0; i < zj_codec_count; i++) {
            size_t at;
            if (zj_codecs[i]->find)
                assert_int_not_equal(
                    find(zj_codecs[i], zj_span_of(segment, SEGMENT), false, &at), ZJ_STEP_DONE);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(behind_the_end_of_another),
        cmocka_unit_test(at_the_end_of_a_segment),
        cmocka_unit_test(a_bad_check_is_passed_over),
        cmocka_unit_test(mqtt_without_a_topic),
        cmocka_unit_test(noise_holds_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
