#include "identify/identify.h"

static const struct {
    const char *en, *zh;
} whys[] = {
#define ZJ_WHY(en, zh) {en, zh},
#include "identify/why.def"
#undef ZJ_WHY
};

const char *zj_why_zh(const char *why)
{
    for (size_t i = 0; i < ZJ_COUNT(whys); i++)
        if (strcmp(whys[i].en, why) == 0)
            return whys[i].zh;
    return why;
}
