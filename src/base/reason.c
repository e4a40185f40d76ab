#include "base/reason.h"

#include <string.h>

#include "base/span.h"

static const struct {
    const char *en, *zh;
} parts[] = {
#define ZJ_REASON(en, zh) {en, zh},
#include "base/reason.def"
#undef ZJ_REASON
};

const char *zj_reason(struct zj_job *job, const char *text)
{
    if (job->lang != ZJ_ZH)
        return text;
    for (size_t i = 0; i < ZJ_COUNT(parts); i++) {
        const char *at = strstr(text, parts[i].en);
        if (at)
            text = zj_arena_printf(&job->arena, "%.*s%s%s", (int)(at - text), text, parts[i].zh,
                                   at + strlen(parts[i].en));
    }
    return text;
}
