#include "base/choices.h"

#include <string.h>

#include "base/near.h"

void zj_choices_add(struct zj_choices *choices, const char *word)
{
    zj_buf_printf(&choices->list, "%s%s", choices->list.len ? ", " : "", word);
    zj_choices_hint(choices, word);
}

void zj_choices_hint(struct zj_choices *choices, const char *word)
{
    size_t distance;
    if (!zj_is_near(zj_span_str(choices->given), zj_span_str(word), &distance) ||
        (choices->nearest && distance >= choices->distance))
        return;
    choices->nearest = word;
    choices->distance = distance;
}

void zj_choices_add_all(struct zj_choices *choices, const char *words, struct zj_arena *arena)
{
    for (const char *at = words; *at;) {
        const size_t len = strcspn(at, "|");
        zj_choices_add(choices, zj_arena_span(arena, zj_span_of(at, len)));
        at += len + (at[len] == '|');
    }
}

zj_err zj_choices_fail(struct zj_job *job, struct zj_choices *choices)
{
    enum { LIST_BYTES_MAX = 600 }; /* no more of it fits a message */
    const size_t len = choices->list.len;
    if (len > LIST_BYTES_MAX) {
        while (choices->list.at[--choices->list.len] != ',' ||
               choices->list.len > LIST_BYTES_MAX)
            ;
        zj_buf_str(&choices->list, " …");
    }
    const char *list = zj_buf_cstr(&choices->list);
    if (!len)
        zj_fail(job, ZJ_EUSAGE, "%s", zj_tr(job, "there is none", "此处没有可用项"));
    else if (choices->nearest)
        zj_fail(job, ZJ_EUSAGE,
                zj_tr(job, "did you mean '%s'? It may be %s", "是否想用“%s”？可用：%s"),
                choices->nearest, list);
    else
        zj_fail(job, ZJ_EUSAGE, zj_tr(job, "it may be %s", "可用：%s"), list);
    zj_buf_release(&choices->list);
    return ZJ_EUSAGE;
}
