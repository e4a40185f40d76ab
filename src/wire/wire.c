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
