/* Every codec: the first byte picks one, the rest is one direction of a flow. Cutting makes
 * progress and stays inside; reading and printing give one verdict; printing gives whole JSON. */
#include <assert.h>

#include "base/json.h"
#include "wire/wire.h"

static void check_frame(const struct zj_codec *codec, struct zj_wire_state *state,
                        struct zj_span frame)
{
    struct zj_wire_state printing = *state;
    struct zj_msg msg;
    codec->read(state, frame, &msg);
    struct zj_buf text = {0};
    struct zj_json j = zj_json_to(&text);
    const char *edition = NULL;
    zj_json_object(&j);
    const char *error = codec->print(&printing, frame, &j, &edition);
    assert(j.depth == 1);
    zj_json_object_end(&j);
    assert(!error == !msg.error);
    zj_buf_release(&text);
}

/* Where a frame is found one can be cut, now or when more has come. */
static void check_find(const struct zj_codec *codec, struct zj_span in, bool is_known)
{
    for (int i = 0; codec->find && in.len && i < 4; i++) {
        struct zj_wire_state state = {0};
        size_t at = SIZE_MAX, len = 0;
        const enum zj_step step = codec->find(&state, in, is_known, &at);
        assert(step == ZJ_STEP_SKIP ? at == in.len : at < in.len);
        if (step != ZJ_STEP_DONE)
            return;
        const enum zj_step cut = codec->frame(&state, zj_span_part(in, at, in.len), &len);
        assert(cut == ZJ_STEP_DONE || cut == ZJ_STEP_MORE);
        in = zj_span_part(in, at + 1, in.len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    const struct zj_codec *codec = zj_codecs[data[0] % zj_codec_count];
    struct zj_wire_state state = {.is_from_server = data[0] & 0x80};
    struct zj_span rest = zj_span_of(data + 1, size - 1);
    bool maybe;
    zj_codec_recognise(rest, ZJ_OVER_TCP, 0, &maybe);
    zj_codec_recognise(rest, ZJ_OVER_UDP, 53, &maybe);
    check_find(codec, rest, false);
    check_find(codec, rest, true);
    while (rest.len) {
        size_t len = 0;
        const enum zj_step step = codec->frame(&state, rest, &len);
        if (step == ZJ_STEP_MORE || step == ZJ_STEP_LOST)
            break;
        assert(len > 0 && len <= rest.len);
        if (step == ZJ_STEP_DONE)
            check_frame(codec, &state, zj_span_of(rest.at, len));
        rest = zj_span_of(rest.at + len, rest.len - len);
    }
    check_frame(codec, &state, rest); /* what is no whole frame must be refused, not believed */
    return 0;
}
