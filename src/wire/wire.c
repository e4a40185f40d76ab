#include "wire/wire.h"

#define ZJ_CODEC(name) extern const struct zj_codec zj_codec_##name;
#include "wire/protocols.def"
#undef ZJ_CODEC

const struct zj_codec *const zj_codecs[] = {
#define ZJ_CODEC(name) &zj_codec_##name,
#include "wire/protocols.def"
#undef ZJ_CODEC
};
const size_t zj_codec_count = ZJ_COUNT(zj_codecs);

const struct zj_codec *zj_codec_find(struct zj_span name)
{
    for (size_t i = 0; i < zj_codec_count; i++)
        if (zj_span_eq_str(name, zj_codecs[i]->name))
            return zj_codecs[i];
    return NULL;
}

static bool is_usual_port(const struct zj_codec *codec, uint16_t port)
{
    for (const uint16_t *p = codec->ports; *p; p++)
        if (*p == port)
            return true;
    return false;
}

const struct zj_codec *zj_codec_recognise(struct zj_span start, unsigned over, uint16_t port,
                                          bool *out_maybe)
{
    const struct zj_codec *found = NULL;
    *out_maybe = false;
    for (size_t i = 0; i < zj_codec_count; i++) {
        const struct zj_codec *codec = zj_codecs[i];
        if (!(codec->over & over))
            continue;
        enum zj_match match = codec->probe(start);
        if (match == ZJ_MATCH_MAYBE)
            *out_maybe = true;
        if (match != ZJ_MATCH_YES)
            continue;
        if (is_usual_port(codec, port))
            return codec;
        if (!found)
            found = codec;
    }
    return found;
}

bool zj_codec_is_at_home(unsigned over, const uint16_t ports[2])
{
    for (size_t i = 0; i < zj_codec_count; i++)
        if (zj_codecs[i]->find && zj_codecs[i]->over & over &&
            (is_usual_port(zj_codecs[i], ports[0]) || is_usual_port(zj_codecs[i], ports[1])))
            return true;
    return false;
}

const struct zj_codec *zj_codec_search(struct zj_span in, unsigned over, const uint16_t ports[2],
                                       size_t *out_at, size_t *out_keep)
{
    const struct zj_codec *found = NULL;
    *out_keep = 0;
    for (size_t i = 0; i < zj_codec_count; i++) {
        const struct zj_codec *codec = zj_codecs[i];
        if (!codec->find || !(codec->over & over))
            continue;
        const bool is_usual = is_usual_port(codec, ports[0]) || is_usual_port(codec, ports[1]);
        struct zj_wire_state state = {0};
        size_t at = in.len;
        const enum zj_step step = codec->find(&state, in, is_usual, &at);
        if (step == ZJ_STEP_DONE && (is_usual || !found)) {
            found = codec;
            *out_at = at;
            if (is_usual)
                break;
        }
        if (step == ZJ_STEP_MORE && in.len - at > *out_keep)
            *out_keep = in.len - at;
    }
    return found;
}
