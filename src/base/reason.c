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

/* A part that is shorter stands in sentences of other things, too. */
enum { BACK_MIN = 9 };

bool zj_reason_is_known(const char *text)
{
    for (size_t i = 0; i < ZJ_COUNT(parts); i++)
        if (strstr(text, parts[i].en))
            return true;
    return false;
}

const char *zj_reason(struct zj_job *job, const char *text)
{
    for (size_t i = 0; i < ZJ_COUNT(parts); i++) {
        const char *from = zj_tr(job, parts[i].zh, parts[i].en),
                   *to = zj_tr(job, parts[i].en, parts[i].zh);
        const char *at =
            job->lang == ZJ_ZH || strlen(from) >= BACK_MIN ? strstr(text, from) : NULL;
        if (at)
            text = zj_arena_printf(&job->arena, "%.*s%s%s", (int)(at - text), text, to,
                                   at + strlen(from));
    }
    return text;
}
